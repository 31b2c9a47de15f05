/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The state of a record: its word, with a shape and a tone of colour. */
#pragma once

#include <adwaita.h>

#include "model/xh-kind.h"

G_BEGIN_DECLS

#define XH_TYPE_STATE_BADGE (xh_state_badge_get_type ())
G_DECLARE_FINAL_TYPE (XhStateBadge, xh_state_badge, XH, STATE_BADGE, AdwBin)

GtkWidget *xh_state_badge_new (void);
void       xh_state_badge_set (XhStateBadge *self, const XhState *state); /* (nullable) NULL: empty */

G_END_DECLS
