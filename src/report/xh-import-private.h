/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inside of the import:
 *   xh-import-plan.c   titles and fields
 *   xh-import-cell.c   a cell becomes a value
 *   xh-import-row.c    a row against the store and the form
 *   xh-import-seen.c   what the sheet has had before
 *   xh-import.c        all rows, the sheet of faults, storing */
#pragma once

#include "xh-import.h"

G_BEGIN_DECLS

/* Titles of the columns that an export adds. The stamp's title goes on with the fields' names. */
#define XH_SHEET_KEY    "记录号"
#define XH_SHEET_STAMP  "校验|"
#define XH_SHEET_REASON "原因"
#define XH_STAMP_LENGTH 4

struct _XhImportPlan
{
  const XhKind *kind;
  XhCatalog *catalog;  /* (owned) */
  char *path;          /* (owned) */
  char *role;          /* (owned) (nullable) */
  char *sheet;         /* (owned) (nullable) its name, where the file has names */
  char **sheets;       /* (owned) of the file, those that are shown */
  guint first_row;     /* rows up to this are titles */
  GPtrArray *columns;  /* (owned) of XhImportColumn */
  XhValue *constants;  /* (owned) kind->fields->len; NULL: none */
  gboolean allow_missing;
  char **stamped;      /* (owned) (nullable) fields in the stamp, "~" before those compared by their text */
  GHashTable *places;  /* (owned) (nullable) normal name: code of a division, "" where several have it */
  GHashTable *choices; /* (owned) index of a field, tab, text: XhChoice */
  GHashTable *links;   /* (owned) kind, tab, text: id of a record, "" none, "?" several */
};

/* Text without what two spellings of a title or name may differ in: width, case, spaces, marks of a required column. (transfer full) */
char    *xh_import_normal (const char *text);

/* A cell as a value of the column's field. @store: to find what a link points to. FALSE with a message for the cell. */
gboolean xh_import_cell   (XhImportPlan *plan, XhStore *store, const XhImportColumn *column, const XhCell *cell, XhValue *value, GError **error);

/* The four characters that stand for a value or a text. @out: XH_STAMP_LENGTH characters, no NUL. */
void     xh_stamp_value   (const XhValue *value, char *out);
void     xh_stamp_text    (const char *text, char *out);
gboolean xh_stamp_by_text (const XhField *field, gboolean masked); /* links and masked values cannot be read back from their text */

/* A stored table as the text of a cell, a row a line: "姓名 张三，关系 妻". (transfer full) */
char    *xh_table_text (const XhField *field, const char *json);
/* And back. @present: (nullable): the table that stands: a row whose text is the same is that row, and what is not changed in a row keeps its
 * value. Returns: (transfer full): JSON; %NULL with XH_MODEL_ERROR_VALUE, which names row and column. */
char    *xh_table_from_text (const XhField *field, const char *text, const char *present, GError **error);

/* --- what the sheet has had */
typedef struct _XhSeen XhSeen;

XhSeen  *xh_seen_new  (GError **error);
/* @before: (out): the row that had the key first; 0: this one has. FALSE with XH_SHEET_ERROR_FILE. */
gboolean xh_seen_note (XhSeen *self, guint64 key, guint number, guint *before, GError **error);
void     xh_seen_free (XhSeen *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhSeen, xh_seen_free)

/* --- a row */
typedef struct
{
  XhImportPlan *plan;
  const XhImportOptions *options;
  XhStore *store;
  XhForm *form;        /* (owned) */
  XhSeen *seen;        /* (owned) 64 bits of a key: row number; made by the first row */
  int *column_of;      /* (owned) for each field its first column, or -1 */

  /* the row under way */
  const XhCell *cells;
  guint n_cells, number;
  XhValue *values;     /* (owned) for each field */
  gboolean *given;     /* (owned) whether the row says something about it */
  gboolean *faulty;    /* (owned) whether its cell could not be read */
  GPtrArray *faults;   /* (owned) of XhRowFault */
  XhRecord *present;   /* (owned) (nullable) as stored */
  XhRecord *result;    /* (owned) (nullable) as it would be stored */
  GPtrArray *changed;  /* (owned) (nullable) names, of the kind */
} XhJudge;

void         xh_judge_init  (XhJudge *self, XhImportPlan *plan, const XhImportOptions *options, XhStore *store);
void         xh_judge_clear (XhJudge *self);
gboolean     xh_judge_row   (XhJudge *self, const XhCell *cells, guint n_cells, guint number, XhRowVerdict *verdict, GError **error);
void         xh_judge_fault (XhJudge *self, const XhField *field, const char *message);
void         xh_row_fault_free (gpointer fault);

G_END_DECLS
