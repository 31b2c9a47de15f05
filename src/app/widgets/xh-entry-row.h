/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of text, numbers, money and identifiers: an entry, right-aligned and with its unit for numbers, masked while it is
 * not being edited for what is sensitive. Dates derive from it. */
#pragma once

#include "xh-field-row.h"

G_BEGIN_DECLS

#define XH_TYPE_ENTRY_ROW (xh_entry_row_get_type ())
G_DECLARE_DERIVABLE_TYPE (XhEntryRow, xh_entry_row, XH, ENTRY_ROW, XhFieldRow)

/**
 * XhEntryRowClass:
 * @read: (nullable): brings what was typed into a form that the model reads; (transfer full)
 */
struct _XhEntryRowClass
{
  XhFieldRowClass parent_class;

  char *(*read) (XhEntryRow *self, const char *text);
};

GtkEntry *xh_entry_row_get_entry (XhEntryRow *self);
GtkBox   *xh_entry_row_get_box   (XhEntryRow *self); /* the entry and what stands beside it */

G_END_DECLS
