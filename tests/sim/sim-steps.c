/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens in a history, one thing at a time. */
#include "sim-steps.h"

void
sim_step (Sim *self)
{
  SimClient *client = &self->clients[sim_chance_below (self->n_clients)];

  sim_clock_pass ((gint64) sim_chance_below (90) * G_USEC_PER_SEC);
  if (sim_chance_of (4))
    sim_make_room (self);
  if (sim_chance_of (9))
    sim_step_of_machines (self);
  else if (sim_chance_of (3))
    sim_deliver_late (self);
  else if (sim_chance_of (5))
    sim_server_settle (self);
  else if (sim_chance_of (20) && client->store != NULL)
    sim_client_sync (client, NULL);
  else if (client->store == NULL && !sim_client_start (client))
    sim_log (self, "%s stays off", client->login);
  else
    {
      sim_clock_use (&client->clock);
      sim_step_of_person (client);
    }
  sim_news_step (self);
  if (self->server == NULL && sim_chance_of (40))
    {
      sim_server_start (self);
      sim_bury (self);
    }
}
