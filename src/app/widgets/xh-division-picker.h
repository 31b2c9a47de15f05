/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Choosing a division: search over the tree, townships with their villages under them. */
#pragma once

#include <adwaita.h>

#include "model/xh-catalog.h"

G_BEGIN_DECLS

#define XH_TYPE_DIVISION_PICKER (xh_division_picker_get_type ())
G_DECLARE_FINAL_TYPE (XhDivisionPicker, xh_division_picker, XH, DIVISION_PICKER, AdwBin)

/* Signal ::picked (const char *code). */

/* @under: (nullable): only this division and what is below it */
GtkWidget *xh_division_picker_new    (XhDivisions *divisions, const char *under);
void       xh_division_picker_select (XhDivisionPicker *self, const char *code); /* (nullable) */

G_END_DECLS
