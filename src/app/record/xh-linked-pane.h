/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The records that link to a record, by kind, and a new one filled with the link. */
#pragma once

#include <adwaita.h>
#include "xh-record-bundle.h"

G_BEGIN_DECLS

#define XH_TYPE_LINKED_PANE (xh_linked_pane_get_type ())
G_DECLARE_FINAL_TYPE (XhLinkedPane, xh_linked_pane, XH, LINKED_PANE, AdwBin)

/**
 * XhLinkedPane::open:
 * @kind: name of a kind
 * @id: of a record
 */

/**
 * XhLinkedPane::open-all:
 * @kind: name of a kind
 * @field: of the link
 */

/**
 * XhLinkedPane::create:
 * @kind: name of a kind
 * @field: of the link to fill
 */

GtkWidget *xh_linked_pane_new  (void);
void       xh_linked_pane_show (XhLinkedPane *self, GPtrArray *linked, const char *role);

G_END_DECLS
