/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One filter of a list as a button that says what it lets through, with the choice in its popover. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"
#include "store/xh-query.h"

G_BEGIN_DECLS

#define XH_TYPE_FILTER_CHIP (xh_filter_chip_get_type ())
G_DECLARE_FINAL_TYPE (XhFilterChip, xh_filter_chip, XH, FILTER_CHIP, AdwBin)

/* Signal ::changed: a person chose something else. */

gboolean   xh_filter_chip_fits      (const XhField *field); /* whether a field of this type can be filtered by a chip */
/* @name: a filter field of @kind, or `state` */
GtkWidget *xh_filter_chip_new       (XhSession *session, const XhKind *kind, const char *name);
void       xh_filter_chip_load      (XhFilterChip *self, const XhQuery *query); /* shows what @query asks */
void       xh_filter_chip_apply     (XhFilterChip *self, XhQuery *query);       /* makes @query ask what is chosen */
gboolean   xh_filter_chip_is_active (XhFilterChip *self);

G_END_DECLS
