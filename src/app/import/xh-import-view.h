/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The two long views of the import page: columns beside fields, and what would become of the rows. */
#pragma once

#include <adwaita.h>

#include "report/xh-import.h"

G_BEGIN_DECLS

/* A group of rows, one a column of the sheet, where the field can be changed; and one for required fields that no column gives.
 * @plan: must outlive the widget. @role: (nullable) */
GtkWidget *xh_import_columns_new (XhImportPlan *plan, const char *role);

/* A group with the choice among the sheets of the file; it is told of a choice by @chosen with the sheet's name, which is copied if it is to
 * last. %NULL: there is one sheet only. */
typedef void (*XhImportSheetChosen) (const char *sheet, gpointer data);
GtkWidget *xh_import_sheets_new (XhImportPlan *plan, XhImportSheetChosen chosen, gpointer data);

/* Groups with the faulty rows (each with its cells and reasons), the changed ones (before → after) and the first new ones. */
GtkWidget *xh_import_preview_new (XhImportPlan *plan, const XhImportResult *result);

G_END_DECLS
