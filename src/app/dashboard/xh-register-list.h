/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How many records each register holds: a line a group, opened to its registers. Signal ::opened (const XhKind *): one was chosen. */
#pragma once

#include <adwaita.h>

#include "xh-figures.h"

G_BEGIN_DECLS

#define XH_TYPE_REGISTER_LIST (xh_register_list_get_type ())
G_DECLARE_FINAL_TYPE (XhRegisterList, xh_register_list, XH, REGISTER_LIST, AdwBin)

GtkWidget *xh_register_list_new  (void);
/* Lines that stand keep their place, the keyboard and whether they are open: which registers there are does not change. */
void       xh_register_list_show (XhRegisterList *self, const XhFigures *figures);

G_END_DECLS
