/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the sidebar: a page, a register in its group, or the head of a group, which opens and closes. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XH_TYPE_SIDEBAR_ROW (xh_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (XhSidebarRow, xh_sidebar_row, XH, SIDEBAR_ROW, GtkListBoxRow)

/* @icon: (nullable) a register within a group has none. */
GtkWidget  *xh_sidebar_row_new          (const char *target, const char *icon, const char *title);
GtkWidget  *xh_sidebar_row_new_group    (const char *group, const char *icon, const char *title);

const char *xh_sidebar_row_get_target   (XhSidebarRow *self); /* (nullable) NULL: the head of a group */
const char *xh_sidebar_row_get_group    (XhSidebarRow *self); /* (nullable) of a head its own */
void        xh_sidebar_row_set_group    (XhSidebarRow *self, const char *group);

/* For heads. */
gboolean    xh_sidebar_row_get_expanded (XhSidebarRow *self);
void        xh_sidebar_row_set_expanded (XhSidebarRow *self, gboolean expanded);

/**
 * xh_sidebar_row_set_badge:
 * @count: 0: no badge
 * @pressing: in the accent colour
 * @words: (nullable): what the number says, as tooltip and accessible description
 */
void        xh_sidebar_row_set_badge    (XhSidebarRow *self, guint count, gboolean pressing, const char *words);

G_END_DECLS
