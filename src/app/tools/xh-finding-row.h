/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A finding in the list of what a scan found: an item of the model, and the row that shows it. */
#pragma once

#include <gtk/gtk.h>

#include "store/xh-quality.h"

G_BEGIN_DECLS

#define XH_TYPE_FINDING_ITEM (xh_finding_item_get_type ())
G_DECLARE_FINAL_TYPE (XhFindingItem, xh_finding_item, XH, FINDING_ITEM, GObject)

XhFindingItem   *xh_finding_item_new (XhFinding *finding); /* (transfer full) */
const XhFinding *xh_finding_item_get (XhFindingItem *self);

/* The factory of a list view of these. Field and unit are said by their labels. */
GtkListItemFactory *xh_finding_factory_new (XhCatalog *catalog, const XhKind *kind);

G_END_DECLS
