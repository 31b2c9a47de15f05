/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the scope of an account changes, what it has in common with the old one stays: groups whose checksum is the server's are not looked
 * at, of the others only what differs is fetched. A large change begins anew, which brings a snapshot. */
#include "xh-round-scope-private.h"

#include <string.h>

#include "xh-round-anew-private.h"
#include "xh-round-mend-private.h"
#include "xh-snapshot.h"
#include "xh-wire-private.h"

#define SCOPE "scope"
#define READABLE "readable" /* meta: what the role might read of the definitions that the rows came by */
#define ENTERED "scope-entered" /* meta: how many rows came and went when the scope changed last */
#define LEFT "scope-left"
#define MOST_ROWS 20000 /* that are fetched by their ids: beyond, all at once is quicker */

static char *
describe_scope (const XhProfile *profile)
{
  return g_strdup_printf ("%s|%s|%s", profile->role, profile->division != NULL ? profile->division : "",
                          profile->unit != NULL ? profile->unit : "");
}

/* Registers as "name+" or "name-", "name.*+" where the role reads them beyond its scope, then the fields of readable ones that are hidden, "name.field-". A register or field that is new has no rows
 * behind the cursor, so only what was there before and has changed sides counts. */
static char *
describe_readable (XhCatalog *catalog, const char *role)
{
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);
  GString *text = g_string_new ("\n");

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      const gboolean readable = xh_kind_may (kind, kind->read_roles, role);

      g_string_append_printf (text, "%s%c\n", kind->name, readable ? '+' : '-');
      if (kind->reach_roles != NULL)
        g_string_append_printf (text, "%s.*%c\n", kind->name, readable && xh_kind_may (kind, kind->reach_roles, role) ? '+' : '-');
      for (guint j = 0; readable && j < kind->fields->len; j++)
        {
          const XhField *field = g_ptr_array_index (kind->fields, j);

          if (!xh_kind_may (kind, field->read_roles, role))
            g_string_append_printf (text, "%s.%s-\n", kind->name, field->name);
        }
    }
  return g_string_free (text, FALSE);
}

static gboolean
says (const char *description, const char *kind, const char *field, char side)
{
  g_autofree char *line = g_strdup_printf ("\n%s%s%s%c\n", kind, field != NULL ? "." : "", field != NULL ? field : "", side);

  return strstr (description, line) != NULL;
}

/* Whether the rows here hold something in a field. */
static gboolean
holds_values (XhStore *store, const XhField *field)
{
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM \"%s\" WHERE \"%s\" IS NOT NULL LIMIT 1", field->kind->table, field->name);
  sqlite3_stmt *statement;
  gboolean row = FALSE;

  if (sqlite3_prepare_v2 (xh_store_get_db (store), sql, -1, &statement, NULL) == SQLITE_OK)
    row = sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_finalize (statement);
  return row;
}

/* Whether what the role sees of a kind has changed sides since the rows were fetched. */
static gboolean
has_changed_sides (XhStore *store, const XhKind *kind, const char *was, const char *is)
{
  const gboolean readable = says (is, kind->name, NULL, '+');

  if (says (was, kind->name, NULL, readable ? '-' : '+') || says (was, kind->name, "*", '+') != says (is, kind->name, "*", '+'))
    return TRUE;
  for (guint j = 0; readable && j < kind->fields->len; j++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, j);
      const gboolean was_hidden = says (was, kind->name, field->name, '-'), is_hidden = says (is, kind->name, field->name, '-');

      if (was_hidden != is_hidden && (was_hidden || holds_values (store, field)))
        return TRUE;
    }
  return FALSE;
}

/* (transfer container): the kinds whose rows have to come again. */
static GPtrArray *
list_changed (XhRound *round, const char *was, const char *is)
{
  GPtrArray *kinds = xh_catalog_get_kinds (round->desk->catalog), *changed = g_ptr_array_new ();

  for (guint i = 0; was != NULL && i < kinds->len; i++)
    if (has_changed_sides (round->store, g_ptr_array_index (kinds, i), was, is))
      g_ptr_array_add (changed, g_ptr_array_index (kinds, i));
  return changed;
}

typedef struct
{
  const char *scope, *readable;
} Description;

static gboolean
keep_scope (XhStore *store, const Description *is, GError **error)
{
  return xh_store_meta_set (store, SCOPE, is->scope, error) && xh_store_meta_set (store, READABLE, is->readable, error);
}

/* --- all at once */

static gboolean
keep_first (XhRound *round, const Description *is, gboolean anew, GError **error)
{
  XhStore *store = round->store;
  GError *cause = NULL;

  if (!xh_store_begin (store, &cause))
    return xh_round_fail_local (error, cause);
  /* What stood here goes when the snapshot is there, or else before the first page. */
  if ((!anew
       || (xh_store_meta_set (store, XH_META_FORGET, "1", &cause) && xh_store_meta_set_number (store, XH_META_CURSOR, 0, &cause)))
      && keep_scope (store, is, &cause) && xh_store_commit (store, &cause))
    return TRUE;
  xh_store_rollback (store);
  return xh_round_fail_local (error, cause);
}

/* --- what differs */

static gboolean
forget_rows (XhStore *store, const char *kind, gboolean deleted, GError **error)
{
  g_autoptr (GPtrArray) ids = xh_round_list_ids (store, kind, deleted, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!xh_store_forget (store, g_ptr_array_index (ids, i), NULL, error))
      return FALSE;
  return ids != NULL;
}

static gboolean
forget_kinds (XhRound *round, GPtrArray *kinds, GError **error)
{
  GError *cause = NULL;
  gboolean done = TRUE;

  if (kinds->len == 0)
    return TRUE;
  if (!xh_store_begin (round->store, &cause))
    return xh_round_fail_local (error, cause);
  for (guint i = 0; done && i < kinds->len; i++)
    done = forget_rows (round->store, ((const XhKind *) g_ptr_array_index (kinds, i))->name, FALSE, &cause);
  if (done && xh_store_commit (round->store, &cause))
    return TRUE;
  xh_store_rollback (round->store);
  return xh_round_fail_local (error, cause);
}

/* What is deleted here and perhaps not on the server is in no checksum: it would stay, and stand there again when the deletion is
 * taken back. What still belongs here comes again. */
static gboolean
forget_deleted (XhRound *round, GError **error)
{
  XhStore *store = round->store;
  GError *cause = NULL;

  if (!xh_store_begin (store, &cause))
    return xh_round_fail_local (error, cause);
  if (forget_rows (store, NULL, TRUE, &cause) && xh_store_commit (store, &cause))
    return TRUE;
  xh_store_rollback (store);
  return xh_round_fail_local (error, cause);
}

/* Everything up to the number where the server counted is here: the pull goes on from there. Its own changes are, too. Where a snapshot from a
 * stick has taken the place of the rows meanwhile, its own number stands, and what is left to do the next round finds. */
static gboolean
end_change (XhRound *round, const XhMending *mending, const Description *is, GError **error)
{
  XhStore *store = round->store;
  GError *cause = NULL;

  if (!xh_store_begin (store, &cause))
    return xh_round_fail_local (error, cause);
  if (xh_store_get_epoch (store) != mending->epoch)
    {
      xh_store_rollback (store);
      return TRUE;
    }
  if (xh_store_meta_set_number (store, XH_META_CURSOR, mending->head, &cause) && xh_store_meta_set_number (store, ENTERED, (gint64) mending->entered, &cause)
      && xh_store_meta_set_number (store, LEFT, (gint64) mending->left, &cause) && xh_store_meta_set (store, XH_META_WHOLE, "0", &cause)
      && keep_scope (store, is, &cause) && xh_store_commit (store, &cause))
    return TRUE;
  xh_store_rollback (store);
  return xh_round_fail_local (error, cause);
}

/* A break in between loses nothing: the scope is noted at the end, and what has come by then agrees the next time. */
static gboolean
change (XhRound *round, GPtrArray *changed, const Description *is, GError **error)
{
  g_auto (XhMending) mending = { .round = round };
  guint64 differing, gone;
  GError *cause = NULL;

  if (!xh_mending_ask (&mending, &cause))
    {
      /* A server of an older version. */
      if (!g_error_matches (cause, XH_SYNC_ERROR, XH_SYNC_ERROR_REFUSED) && !g_error_matches (cause, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL))
        {
          g_propagate_error (error, cause);
          return FALSE;
        }
      g_error_free (cause);
      return keep_first (round, is, TRUE, error);
    }
  if (!forget_kinds (round, changed, error) || !forget_deleted (round, error) || !xh_mending_count (&mending, &differing, &gone, error))
    return FALSE;
  if (differing > MOST_ROWS)
    return keep_first (round, is, TRUE, error);
  round->total = differing;
  return xh_mending_run (&mending, TRUE, error) && end_change (round, &mending, is, error);
}

gboolean
xh_round_scope (XhRound *round, GError **error)
{
  g_autofree char *scope = describe_scope (round->desk->profile);
  g_autofree char *readable = describe_readable (round->desk->catalog, round->desk->profile->role);
  g_autofree char *kept = xh_store_meta_get (round->store, SCOPE), *was = xh_store_meta_get (round->store, READABLE);
  const Description is = { scope, readable };
  g_autoptr (GPtrArray) changed = NULL;

  if (g_strcmp0 (scope, kept) == 0 && g_strcmp0 (readable, was) == 0)
    return TRUE;
  changed = list_changed (round, was, readable);
  if (kept != NULL && strcmp (scope, kept) == 0 && changed->len == 0)
    return keep_first (round, &is, FALSE, error);
  /* Before the first pull there is only what this device made, perhaps in a scope that was another when it reached the server. */
  if (kept == NULL)
    return keep_first (round, &is, xh_wire_get_cursor (round->store) == 0, error);
  if (xh_wire_get_cursor (round->store) == 0)
    return keep_first (round, &is, TRUE, error);
  return change (round, changed, &is, error);
}
