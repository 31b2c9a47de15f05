/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's database is put back to an older copy: who has seen more of the ledger must notice, change nothing, and say so. */
#include "sim-steps.h"

#include <string.h>

#include "server/xh-ledger.h"
#include "sync/xh-repair.h"

#define COPY ".copy"

static char *
database (Sim *self)
{
  return g_build_filename (self->data, "xinheng.db", NULL);
}

/* (transfer full) set of the ops that the ledger has */
static GHashTable *
read_ledger (Sim *self)
{
  GHashTable *ops = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_stmt *statement;

  sqlite3_prepare_v2 (self->admin->db, "SELECT op FROM ledger WHERE op IS NOT NULL", -1, &statement, NULL);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_hash_table_add (ops, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
  sqlite3_finalize (statement);
  return ops;
}

/* FALSE: it does not stand still as one file. */
static gboolean
stop_whole (Sim *self)
{
  g_autofree char *path = database (self), *log = g_strconcat (path, "-wal", NULL);

  sim_disk_mend (self->disk);
  if (!sim_server_start (self))
    return FALSE;
  sim_server_stop (self);
  return !sim_disk_has_file (log);
}

static void
back_up (Sim *self)
{
  g_autofree char *path = database (self), *copy = g_strconcat (path, COPY, NULL);

  if (stop_whole (self))
    {
      sim_log (self, "the server's database is copied");
      sim_disk_copy (path, copy);
      self->has_copy = TRUE;
    }
  sim_server_start (self);
}

static void
note_undone (Sim *self, GHashTable *before)
{
  g_autoptr (GHashTable) after = read_ledger (self);
  GHashTableIter iter;
  gpointer value;

  xh_ledger_head (self->admin, &self->copied, NULL, NULL);
  g_hash_table_iter_init (&iter, self->ops);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SimOp *op = value;

      op->undone = op->undone || (g_hash_table_contains (before, op->id) && !g_hash_table_contains (after, op->id));
      op->base = MIN (op->base, self->copied);
    }
}

static void
put_back (Sim *self)
{
  g_autofree char *path = database (self), *copy = g_strconcat (path, COPY, NULL);
  g_autoptr (GHashTable) before = NULL;

  sim_disk_mend (self->disk);
  if (!sim_server_start (self))
    return;
  before = read_ledger (self);
  if (!stop_whole (self))
    return;
  sim_disk_copy (copy, path);
  if (!sim_server_start (self))
    {
      sim_violation (self, "the server does not start from its copy");
      return;
    }
  self->restores++;
  note_undone (self, before);
  sim_log (self, "the server is put back to entry %" G_GINT64_FORMAT, self->copied);
  for (guint i = 0; i < self->n_clients; i++)
    {
      SimClient *client = &self->clients[i];

      client->stale = TRUE;
      for (guint j = 0; j < client->open->len; j++)
        g_hash_table_add (client->old_forms, client->open->pdata[j]);
    }
}

void
sim_copy_or_put_back (Sim *self)
{
  if (self->has_copy && sim_chance_of (60))
    put_back (self);
  else
    back_up (self);
}

/* --- the client's side */

char *
sim_fingerprint (SimClient *self)
{
  /* Rows of a scope that is no more the account's may go before the first word is spoken. */
  static const char sql[] = "SELECT group_concat(id || ' ' || version || ' ' || deleted) FROM (SELECT * FROM record WHERE version = 0 OR"
                            " NOT EXISTS (SELECT 1 FROM meta WHERE key = 'cursor' AND value = '0') ORDER BY id)"
                            " UNION ALL SELECT group_concat(op_id || ' ' || base || \"set\") FROM (SELECT * FROM outbox ORDER BY sequence)"
                            " UNION ALL SELECT group_concat(number || op_id) FROM tray"
                            " UNION ALL SELECT value FROM meta WHERE key IN ('cursor', 'mark')";
  GString *text = g_string_new (NULL);
  sqlite3_stmt *statement;

  sqlite3_prepare_v2 (xh_store_get_db (self->store), sql, -1, &statement, NULL);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (text, "%s\n", sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return g_string_free (text, FALSE);
}

static gboolean
is_kept (SimClient *self, const char *op)
{
  static const char sql[] = "SELECT 1 FROM outbox WHERE op_id = ?1 UNION SELECT 1 FROM tray WHERE op_id = ?1";
  sqlite3_stmt *statement;
  gboolean kept;

  sqlite3_prepare_v2 (xh_store_get_db (self->store), sql, -1, &statement, NULL);
  sqlite3_bind_text (statement, 1, op, -1, SQLITE_STATIC);
  kept = sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_finalize (statement);
  return kept;
}

void
sim_let_go (SimClient *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->sim->ops);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SimOp *op = value;

      if (op->client == self->index && op->undone && !is_kept (self, op->id))
        op->settled = TRUE;
    }
}

void
sim_notice (SimClient *self, const char *before)
{
  g_autofree char *after = sim_fingerprint (self);

  if (self->sim->restores == 0)
    sim_violation (self->sim, "%s is told of another ledger, and there is none", self->login);
  if (strcmp (before, after) != 0)
    sim_violation (self->sim, "%s is told of another ledger and changes its store:\n%s->\n%s", self->login, before, after);
  sim_let_go (self);
  self->differs = TRUE;
}

void
sim_start_anew (SimClient *self)
{
  sim_log (self->sim, "%s starts anew", self->login);
  if (xh_repair_wish_anew (self->store, NULL))
    self->differs = FALSE;
  sim_bury (self->sim);
}
