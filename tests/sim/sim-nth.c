/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One plain history on a good line, with a first snapshot and one that comes upon unsent work, in which one operation of one disk, or one allocation of SQLite, fails: each in its turn. */
#include "sim.h"

#include "sim-memory.h"

#define PEOPLE 2

static void
day (Sim *self)
{
  for (guint turn = 0; turn < 6; turn++)
    for (guint i = 0; i < PEOPLE; i++)
      {
        SimClient *client = &self->clients[i];

        if (!sim_server_start (self) || !sim_client_start (client))
          continue;
        sim_clock_use (&client->clock);
        if (turn == 3)
          sim_start_anew (client);
        if (client->store != NULL)
          sim_work (client);
        sim_bury (self);
        if (client->store != NULL && turn % 2 == i)
          sim_client_sync (client, NULL);
      }
  sim_server_settle (self);
}

gboolean
sim_nth (Sim *self, const SimNth *nth)
{
  SimDisk *disk = nth->of_server ? self->disk : self->clients[0].disk;
  gboolean struck;

  self->calm = TRUE;
  self->fewest_rows = 1;
  sim_server_stop (self);
  sim_server_start (self);
  if (nth->ops != 0)
    sim_disk_arm (disk, nth->fault, nth->ops, nth->n);
  else
    sim_memory_arm (nth->n);
  day (self);
  struck = nth->ops != 0 ? sim_disk_has_struck (disk) : sim_memory_has_struck ();
  sim_memory_arm (0);
  sim_judge (self);
  return struck;
}
