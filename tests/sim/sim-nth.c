/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One plain history on a good line, in which one operation of one disk, or one allocation of SQLite, fails: each in its turn. */
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
