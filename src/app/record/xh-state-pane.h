/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a record stands, the steps it may take next (or why not yet), and by when. */
#pragma once

#include <adwaita.h>
#include "model/xh-form.h"

G_BEGIN_DECLS

#define XH_TYPE_STATE_PANE (xh_state_pane_get_type ())
G_DECLARE_FINAL_TYPE (XhStatePane, xh_state_pane, XH, STATE_PANE, AdwBin)

/**
 * XhStatePane::transition:
 * @name: the step that was asked for
 */

/**
 * XhStatePane::wanted:
 * @field: a person wants to fill it in, because a step must have it
 */

GtkWidget *xh_state_pane_new     (XhForm *form);
void       xh_state_pane_refresh (XhStatePane *self);

G_END_DECLS
