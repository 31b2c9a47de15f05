/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One field that two people changed: before, mine, theirs in three columns, and both where the field can hold both. */
#pragma once

#include <adwaita.h>

#include "app/widgets/xh-field-host.h"
#include "xh-tray-case.h"

G_BEGIN_DECLS

#define XH_TYPE_CONFLICT_CARD (xh_conflict_card_get_type ())
G_DECLARE_FINAL_TYPE (XhConflictCard, xh_conflict_card, XH, CONFLICT_CARD, AdwBin)

/**
 * XhConflictCard::chosen:
 *
 * The person chose a side: the field of the case has it.
 */

/* @field: (not owned): of @item, which outlives the card. @store: (nullable): what linked records are called.
 * @host: (nullable) (not owned): asks what a number is shown whole for; NULL: none is. It outlives the card */
GtkWidget *xh_conflict_card_new     (XhTrayCase *item, XhTrayField *field, XhStore *store, XhFieldHost *host);
/* Shows the side that the field has. */
void       xh_conflict_card_refresh (XhConflictCard *self);

G_END_DECLS
