/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Beginning again with a server's ledger. A server that was restored from an older copy has lost changes that this store holds: the store
 * as it was is kept beside it, whole, before anything goes. */
#include "xh-round-anew-private.h"

#include <glib/gstdio.h>

#include "xh-wire-private.h"

gboolean
xh_round_fail_local (GError **error, GError *cause)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL, cause->message);
  g_error_free (cause);
  return FALSE;
}

/* (transfer full) (nullable) */
static char *
find_mark (XhStore *store)
{
  char *mark = xh_store_meta_get (store, XH_META_MARK);

  return mark != NULL ? mark : xh_store_meta_get (store, XH_META_BEGUN);
}

void
xh_round_show_mark (XhRound *round)
{
  g_autofree char *mark = find_mark (round->store);

  xh_client_set_mark (round->client, mark);
}

/* @other: (nullable) */
static gboolean
is_newer (const char *mark, const char *other)
{
  return other == NULL || g_ascii_strtoll (mark, NULL, 10) > g_ascii_strtoll (other, NULL, 10);
}

gboolean
xh_round_ask_mark (XhRound *round, const char *mark, gint64 since, gboolean *known, GError **error)
{
  g_autofree char *json = NULL;
  GError *cause = NULL;
  gsize length;

  xh_client_set_mark (round->client, mark);
  json = xh_client_pull (round->client, since, 1, FALSE, &length, round->cancellable, &cause);
  xh_round_show_mark (round);
  if (known != NULL)
    *known = json != NULL;
  if (json != NULL || (known != NULL && g_error_matches (cause, XH_SYNC_ERROR, XH_SYNC_ERROR_DIFFERS)))
    {
      g_clear_error (&cause);
      return TRUE;
    }
  g_propagate_error (error, cause);
  return FALSE;
}

const char *
xh_mark_get_server (const char *mark)
{
  const char *point = mark != NULL ? strrchr (mark, '.') : NULL;

  return point != NULL ? point + 1 : NULL;
}

static gboolean
fail_database (XhStore *store, GError **error)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL, sqlite3_errmsg (xh_store_get_db (store)));
  return FALSE;
}

GPtrArray *
xh_round_list_ids (XhStore *store, const char *kind, gboolean deleted, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement;
  int code;

  code = sqlite3_prepare_v2 (xh_store_get_db (store), "SELECT id FROM record WHERE version > 0 AND kind = ifnull(?1, kind) AND deleted >= ?2", -1,
                             &statement, NULL);
  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, kind, -1, SQLITE_STATIC);
      sqlite3_bind_int (statement, 2, deleted);
    }
  while (code == SQLITE_OK || code == SQLITE_ROW)
    {
      code = sqlite3_step (statement);
      if (code == SQLITE_ROW)
        g_ptr_array_add (ids, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
    }
  sqlite3_finalize (statement);
  if (code == SQLITE_DONE)
    return g_steal_pointer (&ids);
  return (void) fail_database (store, error), NULL;
}

gboolean
xh_round_forget_all (XhStore *store, GError **error)
{
  g_autoptr (GPtrArray) ids = xh_round_list_ids (store, NULL, FALSE, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!xh_store_forget (store, g_ptr_array_index (ids, i), NULL, error))
      return FALSE;
  /* The next rows take the numbers of these: who has ticked some must not find others in their place. */
  return ids != NULL && xh_store_renumber (store, error) && xh_store_meta_set (store, XH_META_CURSOR, "0", error);
}

/* What this store begins with. */
typedef struct
{
  gboolean same; /* the ledger that it knows */
  char *mark;    /* (owned) (nullable) of the newest entry there */
} Beginning;

static void
beginning_clear (Beginning *self)
{
  g_free (self->mark);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Beginning, beginning_clear)

/* Nothing is forgotten before the server has spoken: whoever has no contact keeps what is here. Where nothing of a ledger is known, there is nothing to
 * ask for. */
static gboolean
ask_ledger (XhRound *round, Beginning *beginning, GError **error)
{
  static const char *const keys[] = { XH_META_MARK, XH_META_BEGUN };
  const gint64 since = xh_wire_get_cursor (round->store);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *mark = xh_store_meta_get (round->store, keys[i]);

      if (mark == NULL)
        continue;
      if (!xh_round_ask_mark (round, mark, since, &beginning->same, error))
        return FALSE;
      if (!beginning->same || is_newer (mark, beginning->mark))
        {
          g_free (beginning->mark);
          beginning->mark = g_strdup (beginning->same ? mark : xh_client_get_mark (round->client));
        }
      if (!beginning->same)
        return TRUE;
    }
  return TRUE;
}

/* The rows come from a snapshot or by pages, and each brings a mark of its own, which may be of an entry before those that were known. */
static gboolean
check_begun (XhRound *round, GError **error)
{
  g_autofree char *begun = xh_store_meta_get (round->store, XH_META_BEGUN), *mark = xh_store_meta_get (round->store, XH_META_MARK);

  if (begun == NULL)
    return TRUE;
  if (!xh_round_ask_mark (round, begun, 0, NULL, error))
    return FALSE;
  if (mark == NULL || is_newer (begun, mark))
    return TRUE;
  return sqlite3_exec (xh_store_get_db (round->store), "DELETE FROM meta WHERE key = '" XH_META_BEGUN "'", NULL, NULL, NULL) == SQLITE_OK
         || fail_database (round->store, error);
}

/* In another ledger the store's own tables say something else (xh_store_leave_ledger()), and what this device sent before may still come to it. */
static gboolean
leave_ledger (XhStore *store, GError **error)
{
  return xh_store_meta_set (store, XH_META_ECHO, "1", error) && xh_store_leave_ledger (store, error);
}

/* The mark goes into a place of its own: rows that come from a stick must not pass for those of this ledger because of it. Until they are here, the server
 * is asked whether it still is the one that this store began with: who is put back in that time would not be noticed otherwise. */
static gboolean
begin_ledger (XhStore *store, const Beginning *beginning, GError **error)
{
  static const char sql[] =
    "DELETE FROM meta WHERE key IN ('" XH_META_MARK "', '" XH_META_BEGUN "', '" XH_META_WHOLE "', '" XH_META_WISH_ANEW "');";

  if (sqlite3_exec (xh_store_get_db (store), sql, NULL, NULL, NULL) != SQLITE_OK)
    return fail_database (store, error);
  return (beginning->same || leave_ledger (store, error))
         && (beginning->mark == NULL || xh_store_meta_set (store, XH_META_BEGUN, beginning->mark, error)) && xh_round_forget_all (store, error);
}

/* (transfer full): a file beside the store that is not there yet. */
static char *
choose_copy (XhDesk *desk)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");

  for (guint i = 1;; i++)
    {
      g_autofree char *name = g_strdup_printf ("store-%s-%u.db", day, i);
      g_autofree char *path = g_build_filename (desk->folder, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
}

static gboolean
keep_copy (XhRound *round, GError **error)
{
  g_autofree char *path = choose_copy (round->desk), *sql = NULL;
  char *quoted = sqlite3_mprintf ("VACUUM INTO %Q", path);
  gboolean kept;

  sql = g_strdup (quoted);
  sqlite3_free (quoted);
  kept = sqlite3_exec (xh_store_get_db (round->store), sql, NULL, NULL, NULL) == SQLITE_OK;
  if (!kept)
    {
      fail_database (round->store, error);
      g_unlink (path);
      return FALSE;
    }
  g_chmod (path, 0600);
  return TRUE;
}

gboolean
xh_round_anew (XhRound *round, GError **error)
{
  g_autofree char *wish = xh_store_meta_get (round->store, XH_META_WISH_ANEW);
  g_auto (Beginning) beginning = { 0 };
  GError *cause = NULL;

  if (g_strcmp0 (wish, "1") != 0)
    return check_begun (round, error);
  if (!ask_ledger (round, &beginning, error) || !keep_copy (round, error))
    return FALSE;
  if (!xh_store_begin (round->store, &cause))
    return xh_round_fail_local (error, cause);
  if (begin_ledger (round->store, &beginning, &cause) && xh_store_commit (round->store, &cause))
    return TRUE;
  xh_store_rollback (round->store);
  return xh_round_fail_local (error, cause);
}
