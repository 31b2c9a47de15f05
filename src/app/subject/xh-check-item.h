/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A line of a credit check as the result's table shows it. */
#pragma once

#include <gio/gio.h>

#include "xh-credit-check.h"

G_BEGIN_DECLS

#define XH_TYPE_CHECK_ITEM (xh_check_item_get_type ())
G_DECLARE_FINAL_TYPE (XhCheckItem, xh_check_item, XH, CHECK_ITEM, GObject)

XhCheckItem *xh_check_item_new      (XhCheckLine *line); /* (transfer none): it lives as long as the check */
XhCheckLine *xh_check_item_get_line (XhCheckItem *self);
/* (transfer full) of the columns name, code, result, summary. @masked: hide what is a person's number */
char        *xh_check_item_text     (XhCheckItem *self, guint column, gboolean masked);
const char  *xh_check_result_label  (XhCheckResult result);

G_END_DECLS
