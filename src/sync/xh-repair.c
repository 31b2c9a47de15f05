/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-repair.h"

#include "xh-round-anew-private.h"
#include "xh-round-verify-private.h"

gboolean
xh_repair_wish_anew (XhStore *store, GError **error)
{
  return xh_store_meta_set (store, XH_META_WISH_ANEW, "1", error);
}

gboolean
xh_repair_wish_verify (XhStore *store, GError **error)
{
  return xh_store_meta_set (store, XH_META_WISH_VERIFY, "1", error);
}

static guint64
read_number (XhStore *store, const char *key)
{
  g_autofree char *text = xh_store_meta_get (store, key);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;
}

XhRepairReport *
xh_repair_report (XhStore *store)
{
  XhRepairReport *report = g_new0 (XhRepairReport, 1);

  report->wished = read_number (store, XH_META_WISH_VERIFY) == 1;
  report->rows = read_number (store, XH_META_CHECKED_ROWS);
  report->mended = read_number (store, XH_META_MENDED);
  report->agrees = read_number (store, XH_META_AGREES) == 1;
  report->checked = report->rows > 0 || report->agrees ? xh_store_meta_get (store, XH_META_CHECKED) : NULL;
  return report;
}

void
xh_repair_report_free (XhRepairReport *report)
{
  if (report == NULL)
    return;
  g_free (report->checked);
  g_free (report);
}
