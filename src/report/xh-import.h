/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sheet becomes records. A plan says which column fills which field; a run goes through the rows, one at a time, and decides for each:
 * new, changed, the same, or faulty with the reason at the cell. Nothing comes in twice: a row is known by the record number of an
 * exported sheet, else by the kind's unique keys, else by what it holds. A faulty row never holds up the others. docs/sheets.md. */
#pragma once

#include "model/xh-form.h"
#include "store/xh-store.h"
#include "xh-sheet-reader.h"

G_BEGIN_DECLS

typedef enum
{
  XH_IMPORT_NONE,   /* stays out */
  XH_IMPORT_FIELD,
  XH_IMPORT_KEY,    /* record number of an exported sheet */
  XH_IMPORT_STAMP,  /* what the cells of an exported row were */
  XH_IMPORT_REASON, /* of a sheet of faulty rows */
} XhImportUse;

typedef struct
{
  char *title;          /* (owned) as it stands in the sheet */
  XhImportUse use;
  const XhField *field; /* (nullable) for FIELD */
  char *unit;           /* (owned) (nullable) 元 or 万元, where the title says another unit than the field */
  char *sample;         /* (owned) (nullable) what stands in the first row that has something */
} XhImportColumn;

typedef struct _XhImportPlan XhImportPlan;

/**
 * xh_import_plan_new:
 * @kind: where the records go
 * @path: a sheet
 * @role: (nullable): whose rights apply; %NULL: the program's own
 *
 * Reads the head of the sheet, finds the row of titles among the first rows and matches them with names, labels, codes and aliases of
 * the kind's fields. Not for the main thread.
 *
 * Returns: (transfer full): the plan, or %NULL with XH_SHEET_ERROR; %XH_SHEET_ERROR_COLUMNS where no title fits
 */
XhImportPlan *xh_import_plan_new       (const XhKind *kind, const char *path, const char *role, GError **error);
/* Likewise. @sheet: (nullable): name of a sheet of the file; %NULL: the first whose titles fit. */
XhImportPlan *xh_import_plan_new_of_sheet (const XhKind *kind, const char *path, const char *sheet, const char *role, GError **error);
void          xh_import_plan_free      (XhImportPlan *plan);
/* (nullable) The sheet that is read; %NULL: the file has no names. */
const char   *xh_import_plan_get_sheet (XhImportPlan *plan);
/* All that are shown, in the order of the file; none of a .csv. */
const char *const *xh_import_plan_get_sheets (XhImportPlan *plan);
const XhKind *xh_import_plan_get_kind  (XhImportPlan *plan);
const char   *xh_import_plan_get_path  (XhImportPlan *plan);
GPtrArray    *xh_import_plan_get_columns (XhImportPlan *plan); /* (transfer none) (element-type XhImportColumn) */

/* Whether the field can come from a sheet: a person writes it, the role may, and it fits into a cell. */
gboolean      xh_import_takes          (const XhField *field, const char *role);
/* @field: (nullable): %NULL leaves the column out. A field that had another column loses it, except several choices. */
void          xh_import_plan_map       (XhImportPlan *plan, guint column, const XhField *field);
/* A value for every row in which the sheet has none. @text: (nullable): %NULL takes it away. Errors: XH_MODEL_ERROR_VALUE. */
gboolean      xh_import_plan_constant  (XhImportPlan *plan, const XhField *field, const char *text, GError **error);
/* Rows may go in although required cells are empty: as far as the kind's first state allows it. */
void          xh_import_plan_allow_missing (XhImportPlan *plan, gboolean allow);
/* (transfer container) (element-type XhField): required, and neither in the sheet nor constant nor given by default. */
GPtrArray    *xh_import_plan_lacking   (XhImportPlan *plan);

typedef enum { XH_ROW_NEW, XH_ROW_CHANGED, XH_ROW_SAME, XH_ROW_FAULTY } XhRowVerdict;

typedef struct
{
  int column;    /* of the sheet; -1: the row as a whole, or a field that has no column */
  char *label;   /* (owned) (nullable) of the field */
  char *message; /* (owned) */
} XhRowFault;

typedef struct
{
  const XhField *field;
  char *before, *after; /* (owned) as a person reads them, masked where they must be */
} XhRowChange;

/* What was found out about a row; kept for the first ones only. */
typedef struct
{
  guint number;
  XhRowVerdict verdict;
  char **cells;       /* (owned) as many as the plan has columns */
  GPtrArray *faults;  /* (owned) (nullable) of XhRowFault */
  GPtrArray *changes; /* (owned) (nullable) of XhRowChange */
} XhImportRow;

typedef struct
{
  guint rows, added, changed, same, faulty;
  double seconds;
  gboolean cancelled;     /* what was in before stays in; the counts say how many */
  GPtrArray *samples[4];  /* (owned) (element-type XhImportRow): the first rows of each verdict */
} XhImportResult;

void xh_import_result_free (XhImportResult *result);

/* Stores one record. @base: the version it was read with, 0 where it is new. Where it is refused, adds XhRowFaults with column -1 to
 * @faults and returns %TRUE; %FALSE with @error ends the run. @field: names the fault's field. */
typedef gboolean (*XhImportSave) (XhStore *store, XhRecord *record, GPtrArray *changed, gint64 base, gpointer data, char **field,
                                  char **message, GError **error);
typedef void (*XhImportProgress) (double share, const XhImportResult *result, gpointer data);

typedef struct
{
  gboolean apply;            /* else it is only looked at */
  const char *author;        /* (nullable) login */
  const char *division, *unit; /* (nullable) of the author: where records lie whose kind does not say it */
  const char *errors_path;   /* (nullable) where the faulty rows go, if there are any */
  guint max_samples;         /* of each verdict */
  XhImportSave save;         /* (nullable) %NULL: xh_store_save() */
  gpointer save_data;
  XhImportProgress progress; /* (nullable) called on the thread of the run, some times a second at most */
  gpointer progress_data;
} XhImportOptions;

/**
 * xh_import_run:
 * @store: of this thread
 *
 * Goes through the sheet once. With apply, rows that are right are stored, some hundred in a transaction. A run that is cancelled or
 * fails keeps what it has stored; running again finds those rows the same.
 *
 * Returns: (transfer full): what became of the rows; %NULL with XH_SHEET_ERROR or XH_STORE_ERROR
 */
XhImportResult *xh_import_run (XhImportPlan *plan, XhStore *store, const XhImportOptions *options, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhImportPlan, xh_import_plan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhImportResult, xh_import_result_free)

G_END_DECLS
