/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-round-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-round-anew-private.h"
#include "xh-round-push-private.h"
#include "xh-round-scope-private.h"
#include "xh-round-verify-private.h"
#include "xh-sign-out.h"
#include "xh-wire-private.h"

#define MOST_ROWS 10000
#define FEWEST_ROWS 100
#define CATALOG_SECONDS 300

/* A newer catalog is for the next start: the forms that stand open were made with this one. One that cannot be read is the
 * server's fault and stops nothing here. */
static gboolean
look_at_catalog (XhRound *round, GError **error)
{
  g_autoptr (GError) fault = NULL;
  GError *cause = NULL;
  g_autoptr (GBytes) bundle = xh_client_catalog (round->client, round->catalog_hash, round->cancellable, &cause);
  g_autoptr (XhCatalog) catalog = NULL;

  if (cause != NULL)
    {
      g_propagate_error (error, cause);
      return FALSE;
    }
  round->catalog_seen = g_get_monotonic_time ();
  if (bundle == NULL)
    return TRUE;
  catalog = xh_catalog_load_bundle (bundle, &fault);
  if (catalog == NULL || !xh_desk_keep_catalog (round->desk, bundle, &fault))
    {
      g_warning ("The server's new catalog is not kept: %s", fault->message);
      return TRUE;
    }
  g_free (round->catalog_hash);
  round->catalog_hash = g_strdup (xh_catalog_get_hash (catalog));
  round->catalog_changed = strcmp (round->catalog_hash, xh_catalog_get_hash (round->desk->catalog)) != 0;
  return TRUE;
}

static gboolean
is_catalog_due (XhRound *round)
{
  return round->catalog_seen == 0
         || g_get_monotonic_time () - round->catalog_seen > (gint64) CATALOG_SECONDS * G_USEC_PER_SEC;
}

static gboolean
fail_newer (XhRound *round, GError *fault, GError **error)
{
  if (!look_at_catalog (round, NULL) || !round->catalog_changed)
    {
      g_propagate_error (error, fault);
      return FALSE;
    }
  g_error_free (fault);
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL,
                       _("The definitions have changed on the server. Start the program again to receive what is new."));
  return FALSE;
}

static gboolean
apply_page (XhRound *round, const char *json, gsize length, gint64 since, gint64 first, gboolean *more, GError **error)
{
  g_auto (XhPage) page = { .mark = xh_client_get_mark (round->client), .since = since };
  g_autoptr (GError) fault = NULL;
  GHashTableIter iter;
  gpointer kind;

  if (!xh_wire_read_page (round->store, json, length, &page, &fault))
    {
      if (page.newer)
        return fail_newer (round, g_steal_pointer (&fault), error);
      if (fault->domain != XH_SYNC_ERROR)
        return xh_round_fail_local (error, g_steal_pointer (&fault));
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  if (page.moved)
    return TRUE;
  g_hash_table_iter_init (&iter, page.kinds);
  while (g_hash_table_iter_next (&iter, &kind, NULL))
    g_hash_table_add (round->kinds, g_strdup (kind));
  round->received = (guint64) (page.next - first);
  round->total = (guint64) (page.head - first);
  *more = page.more;
  if (round->progress != NULL)
    round->progress (round, round->data);
  return TRUE;
}

/* On a bad line a shorter page has a better chance the next time, and so has one that was too large; on a good one pages grow again. */
static char *
fetch_page (XhRound *round, gint64 since, gboolean own, gsize *length, GError **error)
{
  GError *cause = NULL;
  char *json;

  xh_round_show_mark (round);
  json = xh_client_pull (round->client, since, round->page_rows, own, length, round->cancellable, &cause);

  if (json != NULL)
    round->page_rows = MIN (round->page_rows * 2, MOST_ROWS);
  else if (g_error_matches (cause, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE) || g_error_matches (cause, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL))
    round->page_rows = MAX (round->page_rows / 2, FEWEST_ROWS);
  if (cause != NULL)
    g_propagate_error (error, cause);
  return json;
}

/* A store that starts from nothing lacks what its own device wrote before, too, and needs it on every page up to the last. That is
 * noted before the first page comes, so that a break in between loses nothing. */
static gboolean
note_whole (XhRound *round, gint64 cursor, gboolean *whole, GError **error)
{
  g_autofree char *kept = xh_store_meta_get (round->store, XH_META_WHOLE);
  GError *cause = NULL;

  *whole = g_strcmp0 (kept, "1") == 0;
  if (*whole || cursor > 0)
    return TRUE;
  *whole = TRUE;
  return xh_store_meta_set (round->store, XH_META_WHOLE, "1", &cause) || xh_round_fail_local (error, cause);
}

/* While a page is on its way, a snapshot from a stick may take the store further: its rows lack what this device wrote, and the page, which was asked for
 * without, is asked for again. So both are read anew for each page, the cursor first. */
static gboolean
pull (XhRound *round, GError **error)
{
  const gint64 first = xh_wire_get_cursor (round->store);
  g_autofree char *echo = xh_store_meta_get (round->store, XH_META_ECHO);
  gboolean more = TRUE;

  round->received = round->total = 0;
  while (more)
    {
      const gint64 since = xh_wire_get_cursor (round->store);
      g_autofree char *json = NULL;
      gboolean whole;
      gsize length;

      if (!note_whole (round, since, &whole, error))
        return FALSE;
      json = fetch_page (round, since, whole || g_strcmp0 (echo, "1") == 0, &length, error);
      if (json == NULL || !apply_page (round, json, length, since, first, &more, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
note_contact (XhRound *round, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *text = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  GError *cause = NULL;

  return xh_store_meta_set (round->store, "last-contact", text, &cause) || xh_round_fail_local (error, cause);
}

/* Sessions that were ended here without contact. Nothing of the round hangs on it. */
static gboolean
end_sessions (XhRound *round)
{
  xh_sign_out_send (round->desk->folder, round->client, round->cancellable);
  return TRUE;
}

void
xh_round_init (XhRound *round, XhDesk *desk, XhStore *store, XhClient *client)
{
  memset (round, 0, sizeof *round);
  round->desk = desk;
  round->store = store;
  round->client = client;
  round->page_rows = MOST_ROWS;
  round->files = xh_desk_files_new (desk);
  round->later = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  round->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  round->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  round->catalog_hash = g_strdup (xh_catalog_get_hash (desk->catalog));
}

void
xh_round_clear (XhRound *round)
{
  g_clear_pointer (&round->kinds, g_hash_table_unref);
  g_clear_pointer (&round->later, g_hash_table_unref);
  g_clear_pointer (&round->notice, g_free);
  g_clear_pointer (&round->held, g_hash_table_unref);
  g_clear_pointer (&round->files, xh_files_unref);
  g_clear_pointer (&round->catalog_hash, g_free);
}

static gboolean
end_previews (XhRound *round, GError **error)
{
  GError *cause = NULL;

  return xh_store_end_previews (round->store, &cause) || xh_round_fail_local (error, cause);
}

/* Rows of a new scope may have columns that these definitions do not know. */
static gboolean
change_scope (XhRound *round, GError **error)
{
  GError *fault = NULL;

  if (xh_round_scope (round, &fault))
    return TRUE;
  if (g_error_matches (fault, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL))
    return fail_newer (round, fault, error);
  g_propagate_error (error, fault);
  return FALSE;
}

/* What was acknowledged since the last request is known now: a server that was put back since must not pass for the one that did it. */
static gboolean
show_mark (XhRound *round)
{
  xh_round_show_mark (round);
  return TRUE;
}

/* Push comes first: what this computer knows is at risk, what the server knows is not. Files go last, a slice of them in one pass. */
static gboolean
pass (XhRound *round, gboolean *more, GError **error)
{
  return xh_round_anew (round, error)
         && show_mark (round)
         && xh_round_push (round, error)
         && show_mark (round)
         && change_scope (round, error)
         && (!is_catalog_due (round) || look_at_catalog (round, error))
         && xh_round_snapshot (round, error)
         && pull (round, error)
         && end_previews (round, error)
         && xh_round_verify (round, error)
         && xh_round_files (round, more, error)
         && note_contact (round, error)
         && end_sessions (round);
}

gboolean
xh_round_run (XhRound *round, GError **error)
{
  gboolean more = TRUE;

  while (more)
    if (!pass (round, &more, error))
      return FALSE;
  return TRUE;
}
