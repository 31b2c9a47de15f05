/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is carried by hand: snapshots to the client, unsent work to the server. */
#include "sim-steps.h"

#include <glib/gstdio.h>

#include "server/xh-commands.h"
#include "server/xh-snapshot.h"
#include "sync/xh-snapshot-bring.h"
#include "sync/xh-work-file.h"

static char *
stick (SimClient *self, const char *name)
{
  return g_strdup_printf ("%s/stick-%u.%s", self->sim->folder, self->index, name);
}

/* The server's side: a snapshot for somebody, by the command line. */
void
sim_export_snapshot (SimClient *self)
{
  Sim *sim = self->sim;
  g_autofree char *path = stick (self, "xhsnap");
  g_autoptr (GError) error = NULL;
  g_autoptr (XhAccount) account = NULL;
  g_autoptr (XhAccess) access = NULL;
  g_auto (XhSnapshotInfo) info = { 0 };
  gboolean done;

  if (sim->server == NULL)
    return;
  sim_clock_use (&sim->clock);
  account = xh_accounts_find (sim->admin, self->login, &error);
  access = account != NULL ? xh_access_new (sim->admin->catalog, account->login, account->name, account->role, account->division, account->unit, NULL) : NULL;
  g_unlink (path);
  done = access != NULL && xh_snapshot_make (sim->admin, access, path, &info, NULL, &error);
  sim_log (sim, "a snapshot for %s: %s", self->login, done ? "made" : error->message);
  sim_bury (sim);
}

void
sim_take_snapshot (SimClient *self)
{
  g_autofree char *path = stick (self, "xhsnap");
  g_autoptr (GError) error = NULL;
  g_autoptr (XhBrought) brought = NULL;
  gboolean taken;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  brought = xh_snapshot_bring (self->desk, path, NULL, &error);
  if (brought == NULL || !xh_snapshot_adopt_brought (brought, self->store, &taken, NULL, &error))
    sim_log (self->sim, "%s does not take the snapshot: %s", self->login, error->message);
  else
    sim_log (self->sim, "%s takes the snapshot of %" G_GINT64_FORMAT ": %s", self->login, xh_brought_get_info (brought)->cursor,
             taken ? "well" : "nothing new");
  g_clear_pointer (&brought, xh_brought_free);
  sim_bury (self->sim);
}

/* A part of a snapshot on the disk goes bad. */
void
sim_spoil_part (SimClient *self)
{
  g_autofree char *folder = xh_snapshot_folder (self->desk);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL), *bytes = NULL;
      gsize length;

      if (!g_file_get_contents (path, &bytes, &length, NULL) || length == 0)
        continue;
      sim_log (self->sim, "a part of %s goes bad", self->login);
      bytes[sim_chance_below ((guint) length)] ^= 16;
      g_file_set_contents (path, bytes, (gssize) (sim_chance_of (30) ? sim_chance_below ((guint) length) : length), NULL);
    }
}

void
sim_save_work (SimClient *self)
{
  g_autofree char *path = stick (self, "xhwork");
  g_autoptr (GError) error = NULL;
  guint n = 0;
  const gboolean done = xh_work_file_write (self->desk, self->store, path, &n, &error);

  sim_log (self->sim, "%s saves %u ops to a file: %s", self->login, n, done ? "well" : error->message);
  sim_bury (self->sim);
}

/* Perhaps not for the first time. */
void
sim_bring_work (SimClient *self)
{
  Sim *sim = self->sim;
  g_autofree char *path = stick (self, "xhwork");
  g_autoptr (GError) error = NULL;
  g_autoptr (XhWorkFile) file = NULL;
  guint counts[XH_ANSWER_HELD + 1] = { 0 };
  gboolean done;

  if (sim->server == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  sim_clock_use (&sim->clock);
  file = xh_work_file_read (path, &error);
  done = file != NULL && xh_work_bring_file (sim->admin, file, counts, &error);
  sim_log (sim, "work of %s is brought in: %s, %u accepted, %u in conflict, %u refused, %u held", self->login, done ? "well" : error->message,
           counts[XH_ANSWER_APPLIED] + counts[XH_ANSWER_MERGED], counts[XH_ANSWER_CONFLICT], counts[XH_ANSWER_REJECTED], counts[XH_ANSWER_HELD]);
  sim_bury (sim);
}
