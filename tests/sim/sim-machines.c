/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the office and its machines do. */
#include "sim-steps.h"

#include "server/xh-accounts.h"

static void
change_scope (Sim *self)
{
  static const char *const places[] = { "410421100000", "410421101000", "410421100201", "410421000000" };
  SimClient *client = &self->clients[sim_chance_below (self->n_clients)];
  const gboolean office = sim_chance_of (15);
  const XhAccount account = { (char *) client->login, (char *) client->login, (char *) (office ? "office" : "assessor"),
                              office ? NULL : (char *) places[sim_chance_below (G_N_ELEMENTS (places))], NULL };
  g_autoptr (GError) error = NULL;

  if (self->server == NULL)
    return;
  sim_clock_use (&self->clock);
  if (!xh_accounts_set_role (self->admin, &account, &error))
    sim_log (self, "no new scope: %s", error->message);
  else
    sim_log (self, "%s is now %s of %s", client->login, account.role, account.division != NULL ? account.division : "all");
  sim_bury (self);
}

static void
change_definitions (Sim *self)
{
  if (self->serves == 1)
    return;
  sim_log (self, "new definitions");
  self->serves = 1;
  sim_server_stop (self);
  sim_server_start (self);
  sim_bury (self);
}

static void
strike (Sim *self)
{
  const guint who = sim_chance_below (self->n_clients + 2);
  SimDisk *disk = who >= self->n_clients ? self->disk : self->clients[who].disk;
  const SimDiskFault fault = SIM_DISK_FAIL + sim_chance_below (4);
  const guint ops = fault == SIM_DISK_FAIL ? 1u << sim_chance_below (4) : SIM_DISK_WRITE | SIM_DISK_SYNC;
  const guint nth = 1 + sim_chance_below (sim_chance_of (50) ? 12 : 120);

  sim_log (self, "disk of %s: fault %d at the %u. operation of kind %u", who < self->n_clients ? self->clients[who].login : "server", fault, nth, ops);
  sim_disk_mend (disk);
  sim_disk_arm (disk, fault, ops, nth);
}

void
sim_make_room (Sim *self)
{
  sim_disk_mend (self->disk);
  for (guint i = 0; i < self->n_clients; i++)
    sim_disk_mend (self->clients[i].disk);
}

void
sim_step_of_machines (Sim *self)
{
  SimClient *client = &self->clients[sim_chance_below (self->n_clients)];

  switch (sim_chance_below (14))
    {
    case 0:
      change_scope (self);
      break;
    case 1:
      change_definitions (self);
      break;
    case 2:
      sim_clock_pass ((gint64) sim_chance_below (600) * G_USEC_PER_SEC);
      client->clock += ((gint64) sim_chance_below (2000) - 1000) * G_TIME_SPAN_HOUR;
      if (sim_chance_of (20))
        self->clock += ((gint64) sim_chance_below (200) - 100) * G_TIME_SPAN_HOUR;
      break;
    case 3:
      sim_server_stop (self);
      sim_server_start (self);
      sim_bury (self);
      break;
    case 4:
      sim_client_stop (client);
      sim_bury (self);
      sim_client_start (client);
      break;
    case 5:
    case 6:
      sim_copy_or_put_back (self);
      break;
    case 7:
      sim_export_snapshot (client);
      break;
    case 8:
      sim_bring_work (client);
      break;
    case 9:
      sim_spoil_part (client);
      break;
    default:
      strike (self);
    }
}
