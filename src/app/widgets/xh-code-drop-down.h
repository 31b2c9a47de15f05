/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A drop-down over codes with labels; searchable where the list is long. The first item stands for no choice. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XH_TYPE_CODE_DROP_DOWN (xh_code_drop_down_get_type ())
G_DECLARE_FINAL_TYPE (XhCodeDropDown, xh_code_drop_down, XH, CODE_DROP_DOWN, AdwBin)

/**
 * XhCodeDropDown::chosen:
 *
 * The person chose another item.
 */

GtkWidget  *xh_code_drop_down_new       (void);
GtkWidget  *xh_code_drop_down_get_inner (XhCodeDropDown *self); /* takes the focus */
/* What it is called: read with the choice as its name. */
void        xh_code_drop_down_set_name  (XhCodeDropDown *self, const char *name);
void        xh_code_drop_down_clear     (XhCodeDropDown *self, const char *none); /* @none: label of no choice */
void        xh_code_drop_down_append    (XhCodeDropDown *self, const char *code, const char *label);
/* Ends filling it. */
void        xh_code_drop_down_close     (XhCodeDropDown *self);
const char *xh_code_drop_down_get_code  (XhCodeDropDown *self); /* (nullable) */
/* FALSE: no such item; nothing is chosen then */
gboolean    xh_code_drop_down_set_code  (XhCodeDropDown *self, const char *code);

G_END_DECLS
