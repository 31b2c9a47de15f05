/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records become a sheet: of a list, of a selection, or none at all as a template. Only what the role may read; what identifies a person
 * is masked unless a reason was given. Hidden columns hold the record's number and what its cells were, so that the sheet can come back
 * and only what was changed in it is taken. docs/sheets.md. */
#pragma once

#include "store/xh-query.h"

G_BEGIN_DECLS

typedef enum
{
  XH_EXPORT_PLAIN    = 0,
  XH_EXPORT_NATIONAL = 1 << 0, /* the columns of the national standard only, its texts for choices, nothing hidden */
  XH_EXPORT_UNMASKED = 1 << 1, /* the caller has asked for a reason and noted it */
  XH_EXPORT_NO_KEYS  = 1 << 2, /* no hidden columns */
} XhExportFlags;

typedef void (*XhExportProgress) (guint done, guint all, gpointer data);

typedef struct
{
  const char *role;    /* (nullable) whose rights apply; %NULL: the program's own */
  XhExportFlags flags;
  XhExportProgress progress; /* (nullable) on the thread of the run */
  gpointer progress_data;
} XhExportOptions;

/**
 * xh_export_rids:
 * @path: .csv or .xlsx
 * @rids: (array length=n): which records, in their order; those that are gone are passed over
 *
 * Returns: how many went out; -1 with XH_SHEET_ERROR, XH_STORE_ERROR or %G_IO_ERROR_CANCELLED, and then there is no file
 */
int xh_export_rids     (XhStore *store, const XhKind *kind, const gint64 *rids, guint n, const char *path, const XhExportOptions *options,
                        GCancellable *cancellable, GError **error);

/* All that a query finds, in its order. */
int xh_export_query    (XhStore *store, const XhKind *kind, const XhQuery *query, const char *path, const XhExportOptions *options,
                        GCancellable *cancellable, GError **error);

/**
 * xh_export_template:
 *
 * An empty sheet with the columns that an import takes: required ones marked, a remark at each, lists where there is something to choose.
 */
gboolean xh_export_template (const XhKind *kind, const char *role, const char *path, GError **error);

G_END_DECLS
