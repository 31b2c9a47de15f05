/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-work.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-apply.h"
#include "xh-ledger.h"
#include "xh-mark.h"
#include "xh-signers.h"

/* work: a file and who brought it, and which part is next; work_held: records of which something before was not taken;
 * brought: ops that came into the ledger so. */
static const char *const tables[] = {
  "CREATE TABLE IF NOT EXISTS work (id TEXT NOT NULL, bringer TEXT NOT NULL, login TEXT NOT NULL, device TEXT NOT NULL, made TEXT NOT NULL,"
  " ops INTEGER NOT NULL, first_time TEXT NOT NULL, time TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (id, bringer)) WITHOUT ROWID",
  "CREATE TABLE IF NOT EXISTS work_held (id TEXT NOT NULL, bringer TEXT NOT NULL, record TEXT NOT NULL,"
  " PRIMARY KEY (id, bringer, record)) WITHOUT ROWID",
  "CREATE TABLE IF NOT EXISTS brought (op TEXT PRIMARY KEY, work TEXT NOT NULL, bringer TEXT NOT NULL, time TEXT NOT NULL) WITHOUT ROWID",
};

gboolean
xh_works_prepare (XhBackend *backend, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      sqlite3_stmt *statement = xh_backend_prepare (backend, tables[i], error);

      if (!statement || !xh_backend_run (backend, statement, error))
        return FALSE;
    }
  return TRUE;
}

/* --- whose it is */

static gboolean
is_for_us (XhBackend *backend, const XhWorkFile *file)
{
  g_autofree char *identity = xh_store_meta_get (backend->store, XH_MARK_IDENTITY);

  return *file->server == '\0' || g_strcmp0 (identity, file->server) == 0;
}

XhAccess *
xh_work_find_author (XhBackend *backend, const XhWorkFile *file, char **reason, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (XhAccess) author = NULL;
  gboolean known = FALSE;

  *reason = NULL;
  if (!is_for_us (backend, file))
    {
      *reason = g_strdup (_("The work was made for another server. Nothing was changed."));
      return NULL;
    }
  author = xh_access_find (backend, file->login, file->device, &failure);
  if (g_error_matches (failure, XH_SERVER_ERROR, XH_SERVER_ERROR_ACCOUNT))
    {
      *reason = g_strdup (failure->message);
      return NULL;
    }
  if (!author)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (!xh_signers_find (backend, file->login, file->device, file->key, &known, error) || known)
    return known ? g_steal_pointer (&author) : NULL;
  *reason = g_strdup_printf (_("The file says that it is of “%s”, but the server does not know the key that signed it as this account's: it was signed in for"
                               " another server, or the password has been changed since. Your colleague signs in on that computer once with a connection:"
                               " the changes are still there and go up by themselves. Nothing was changed here."), file->login);
  return NULL;
}

/* --- one file */

typedef struct
{
  XhBackend *backend;
  const XhWorkFile *file;
  const char *by;
  char *now;
} Bringing;

static sqlite3_stmt *
prepare (Bringing *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (self->backend, sql, error);

  if (!statement)
    return NULL;
  xh_backend_bind_text (statement, 1, self->file->id);
  xh_backend_bind_text (statement, 2, self->by);
  return statement;
}

/* A file is known as long as it can be brought in: while the key that signed it is. That key was told before the file was brought last, so where every
 * key of its computer is younger than that, none of them is this one. `brought` stays: it is a part of the ledger's history, a line for each of its
 * entries that came so. */
static gboolean
sweep (XhBackend *backend, GError **error)
{
  static const char *const sql[] = {
    "DELETE FROM work WHERE NOT EXISTS (SELECT 1 FROM signer s WHERE s.login = work.login AND s.device = work.device"
    " AND s.created_at <= CAST(strftime('%s', work.time) AS INTEGER))",
    "DELETE FROM work_held WHERE NOT EXISTS (SELECT 1 FROM work w WHERE w.id = work_held.id AND w.bringer = work_held.bringer)",
  };

  for (guint i = 0; i < G_N_ELEMENTS (sql); i++)
    {
      sqlite3_stmt *statement = xh_backend_prepare (backend, sql[i], error);

      if (!statement || !xh_backend_run (backend, statement, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
begin_file (Bringing *self, GError **error)
{
  sqlite3_stmt *statement = prepare (self, "DELETE FROM work_held WHERE id = ?1 AND bringer = ?2", error);

  if (!statement || !xh_backend_run (self->backend, statement, error))
    return FALSE;
  statement = prepare (self,
    "INSERT INTO work (id, bringer, login, device, made, ops, first_time, time, next) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 0)"
    " ON CONFLICT (id, bringer) DO UPDATE SET time = ?7, next = 0", error);
  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 3, self->file->login);
  xh_backend_bind_text (statement, 4, self->file->device);
  xh_backend_bind_text (statement, 5, self->file->made);
  sqlite3_bind_int64 (statement, 6, self->file->n_ops);
  xh_backend_bind_text (statement, 7, self->now);
  return xh_backend_run (self->backend, statement, error);
}

static gboolean
check_turn (Bringing *self, guint part, GError **error)
{
  sqlite3_stmt *statement = prepare (self, "SELECT next FROM work WHERE id = ?1 AND bringer = ?2", error);
  gboolean row;
  gint64 next = 0;

  if (!statement || !xh_backend_step (self->backend, statement, &row, error))
    return FALSE;
  if (row)
    next = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  if (part <= next)
    return TRUE;
  g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("Something before this part of the file has not come yet. Bring the file in again."));
  return FALSE;
}

static gboolean
end_part (Bringing *self, guint part, GError **error)
{
  sqlite3_stmt *statement = prepare (self, "UPDATE work SET next = max (next, ?3), time = ?4 WHERE id = ?1 AND bringer = ?2", error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 3, part + 1);
  xh_backend_bind_text (statement, 4, self->now);
  return xh_backend_run (self->backend, statement, error);
}

/* (transfer full) a set of records */
static GHashTable *
read_held (Bringing *self, GError **error)
{
  g_autoptr (GHashTable) held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_stmt *statement = prepare (self, "SELECT record FROM work_held WHERE id = ?1 AND bringer = ?2", error);
  gboolean row = TRUE;

  while (statement && row)
    {
      if (!xh_backend_step (self->backend, statement, &row, error))
        return NULL;
      if (row)
        g_hash_table_add (held, xh_backend_dup_text (statement, 0));
    }
  return statement ? g_steal_pointer (&held) : NULL;
}

static gboolean
keep_held (Bringing *self, GHashTable *held, GError **error)
{
  GHashTableIter iter;
  gpointer record;

  g_hash_table_iter_init (&iter, held);
  while (g_hash_table_iter_next (&iter, &record, NULL))
    {
      sqlite3_stmt *statement = prepare (self, "INSERT OR IGNORE INTO work_held (id, bringer, record) VALUES (?1, ?2, ?3)", error);

      if (!statement)
        return FALSE;
      xh_backend_bind_text (statement, 3, record);
      if (!xh_backend_run (self->backend, statement, error))
        return FALSE;
    }
  return TRUE;
}

/* Entries behind @head are what this part has put into the ledger. */
static gboolean
note_brought (Bringing *self, gint64 head, GPtrArray *answers, GError **error)
{
  for (guint i = 0; i < answers->len; i++)
    {
      sqlite3_stmt *statement;

      if (((XhAnswer *) g_ptr_array_index (answers, i))->status > XH_ANSWER_MERGED)
        continue;
      statement = prepare (self, "INSERT OR IGNORE INTO brought (op, work, bringer, time) SELECT op, ?1, ?2, ?3 FROM ledger WHERE op = ?4 AND number > ?5", error);
      if (!statement)
        return FALSE;
      xh_backend_bind_text (statement, 3, self->now);
      xh_backend_bind_text (statement, 4, ((XhAnswer *) g_ptr_array_index (answers, i))->op_id);
      sqlite3_bind_int64 (statement, 5, head);
      if (!xh_backend_run (self->backend, statement, error))
        return FALSE;
    }
  return TRUE;
}

GPtrArray *
xh_work_bring (XhBackend *backend, const XhWorkFile *file, const XhAccess *author, const char *by, guint part, GPtrArray *ops, GError **error)
{
  g_autofree char *now = xh_now_utc ();
  Bringing self = { backend, file, by, now };
  g_autoptr (GHashTable) held = NULL;
  g_autoptr (GPtrArray) answers = NULL;
  gint64 head;

  if ((part == 0 && (!sweep (backend, error) || !begin_file (&self, error))) || !check_turn (&self, part, error) || !(held = read_held (&self, error))
      || !xh_ledger_head (backend, &head, NULL, error))
    return NULL;
  answers = xh_apply_more (backend, author, ops, held, error);
  if (!answers || !keep_held (&self, held, error) || !note_brought (&self, head, answers, error) || !end_part (&self, part, error))
    return NULL;
  return g_steal_pointer (&answers);
}

char *
xh_work_find_bringer (XhBackend *backend, const char *op, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "SELECT bringer FROM brought WHERE op = ?1", error);
  char *bringer = NULL;
  gboolean row;

  if (!statement)
    return NULL;
  xh_backend_bind_text (statement, 1, op);
  if (!xh_backend_step (backend, statement, &row, error) || !row)
    return NULL;
  bringer = xh_backend_dup_text (statement, 0);
  sqlite3_reset (statement);
  return bringer;
}
