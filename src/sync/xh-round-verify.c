/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Proving that this store holds what the server says it should: once a day by the versions, which costs one request, and when a person
 * wishes it by every value. What differs is fetched; what the result was is kept for people. */
#include "xh-round-verify-private.h"

#include "xh-repair.h"
#include "xh-round-anew-private.h"
#include "xh-round-mend-private.h"

#define DAY (24 * 60 * 60)

/* A quiet check that found nothing says nothing. */
static gboolean
keep_report (XhStore *store, const XhMending *mending, gboolean agrees, gboolean wished, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");

  return xh_store_meta_set (store, XH_META_CHECKED, time, error)
         && (!wished || xh_store_meta_set (store, XH_META_WISH_VERIFY, "0", error))
         && xh_store_meta_set_number (store, XH_META_CHECKED_ROWS, (gint64) mending->compared, error)
         && xh_store_meta_set_number (store, XH_META_MENDED, (gint64) (mending->entered + mending->left), error)
         && xh_store_meta_set_number (store, XH_META_AGREES, agrees ? 1 : 0, error);
}

static gboolean
is_due (XhStore *store)
{
  g_autofree char *text = xh_store_meta_get (store, XH_META_CHECKED);
  g_autoptr (GDateTime) checked = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return checked != NULL && g_date_time_difference (now, checked) > (GTimeSpan) DAY * G_USEC_PER_SEC;
}

static gboolean
compare (XhMending *mending, guint64 *differences, GError **error)
{
  guint64 differing, gone;

  if (!xh_mending_ask (mending, error) || !xh_mending_count (mending, &differing, &gone, error))
    return FALSE;
  *differences = differing + gone;
  return TRUE;
}

/* Rows that the server got meanwhile differ, too; fetching them early harms nothing. Rows with edits on top that the server has not
 * accepted differ as they should: where there are any, what still differs is taken for them. */
static gboolean
verify (XhRound *round, gboolean wished, GError **error)
{
  g_auto (XhMending) mending = { .round = round, .content = wished };
  guint64 differences;
  GError *cause = NULL;

  if (!compare (&mending, &differences, error))
    return FALSE;
  if (differences > 0 && (!xh_mending_run (&mending, FALSE, error) || !compare (&mending, &differences, error)))
    return FALSE;
  if (!xh_store_begin (round->store, &cause))
    return xh_round_fail_local (error, cause);
  if (keep_report (round->store, &mending, differences == 0 || xh_store_outbox_count (round->store) > 0, wished, &cause)
      && xh_store_commit (round->store, &cause))
    return TRUE;
  xh_store_rollback (round->store);
  return xh_round_fail_local (error, cause);
}

/* A first round has nothing to prove: the day begins with it. */
static gboolean
begin_day (XhStore *store, GError **error)
{
  g_autofree char *text = xh_store_meta_get (store, XH_META_CHECKED);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");

  return text != NULL || xh_store_meta_set (store, XH_META_CHECKED, time, error);
}

gboolean
xh_round_verify (XhRound *round, GError **error)
{
  g_autofree char *wish = xh_store_meta_get (round->store, XH_META_WISH_VERIFY);
  const gboolean wished = g_strcmp0 (wish, "1") == 0;
  g_autoptr (GError) fault = NULL;
  GError *cause = NULL;

  if (!wished && !is_due (round->store))
    return begin_day (round->store, &cause) || xh_round_fail_local (error, cause);
  if (verify (round, wished, &fault))
    return TRUE;
  /* What nobody asked for must not stop a round that went well; a server of an older version does not know the request. */
  if (!wished && (g_error_matches (fault, XH_SYNC_ERROR, XH_SYNC_ERROR_REFUSED) || g_error_matches (fault, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL)))
    {
      g_warning ("What is here could not be compared with the server: %s", fault->message);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}
