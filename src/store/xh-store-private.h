/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the store share: one connection, its prepared statements, and what each kind's table looks like. */
#pragma once

#include "xh-store.h"

#include "xh-search-text.h"
#include "xh-stale.h"

G_BEGIN_DECLS

/* The columns of the spine in the order that every SELECT of whole records uses; the kind's fields follow. */
#define XH_SPINE_COLUMNS \
  "r.rid, r.id, r.division, r.unit, r.state, r.version, r.kind_version, r.deleted, r.created_at, r.updated_at, r.updated_by, r.due, " XH_ERA_SQL
#define XH_N_SPINE 13
/* Which ledger the versions are of (xh-store-leave.c); it is read with them, so the two always belong together. NULL: the first */
#define XH_ERA_SQL "(SELECT value FROM meta WHERE key = 'era')"

typedef struct
{
  const XhField *field;
  XhSearchMode mode;
} XhSearchField;

/* When something is due. */
typedef struct
{
  const XhDue *due;
  const XhField *field;  /* (nullable) the date is simply this field's */
  char *sql;             /* (owned) (nullable) else the date from the values of @names as ?1 on, or from the stored row ?1 */
  GPtrArray *names;      /* (owned) (nullable) what the record's own values are called; NULL: the stored row is needed */
  sqlite3_stmt *statement; /* (nullable) */
} XhStoreDue;

/* One kind in this store. Statements live as long as the connection. Whoever takes one from XhStore.kinds and not from xh_store_kind() finds
 * `kind` and the lists filled, the texts only after xh_store_kind_ready(). */
typedef struct
{
  const XhKind *kind;
  GPtrArray *sorted;      /* of XhField: text fields with a sort key beside them */
  GArray *searched;       /* of XhSearchField */
  char *search_table;     /* (owned) (nullable) "s_NAME"; NULL: the kind has no search fields */
  char *select_sql;       /* (owned) spine and fields of a row by rid: ?1 */
  char *insert_sql, *update_sql; /* (owned) fields from ?2 on, then sort keys; ?1 is rid */
  char *renew_sql;        /* (owned) likewise, only where every indexed column stays as it is: touches no index */
  char *search_sql;       /* (owned) (nullable) the search fields of a row by rid: ?1 */
  GArray *dues;           /* (owned) of XhStoreDue */
  gboolean has_stored_due; /* one of them needs the stored row */
  char *title_sql;        /* (owned) the title of a row by rid: ?1 */
  char **reference_sql;   /* (owned) (nullable) by XhReference.index; made when first used */
  char *lines_sql;        /* (owned) (nullable) of xh_store_lines() for all fields; made when first used */
  guint8 *work;           /* (owned) (nullable) by state: bits of the sections that are work for the store's work_role */
  sqlite3_stmt *select, *insert, *update, *renew, *search, *lines; /* (nullable) prepared when first used */
} XhStoreKind;

struct _XhStore
{
  sqlite3 *db;
  char *path;               /* (owned) */
  XhCatalog *catalog;       /* (owned) */
  XhStoreFlags flags;
  XhStoreKind *kinds;       /* (owned) by XhKind.index */
  guint n_kinds;
  char *work_role;          /* (owned) (nullable) whom the kinds' work is noted for */
  GHashTable *statements;   /* (owned) SQL → sqlite3_stmt */
  XhStale *stale;           /* (owned) (nullable) what hangs on a record that is saved; made when first used */
  GHashTable *sums;         /* (owned) (nullable) kind/reference/key: XhValue: see xh_store_remember_sums() */
  sqlite3_stmt *insert, *update, *renew, *find, *queue; /* (nullable) of the spine and the search queue; prepared when first used */
  guint depth;              /* of nested transactions */
  guint to_index;           /* rows queued for the search index in this transaction */
  gboolean checkpoint_waits; /* a whole store was adopted and lies in the log */
  GCancellable *cancellable; /* (owned) (nullable) */
  guint waited;             /* ms that the statement under way has waited for another writer */
  gint64 budget;            /* steps of the virtual machine a statement may still take, in thousands; -1: any number */
};

#define XH_STEPS_PER_CHECK 1000
#define XH_STORE_INDEX_INLINE 256 /* rows indexed for search by the commit that changed them; a bulk leaves the rest */

/* xh-store.c */
sqlite3_stmt *xh_store_statement  (XhStore *self, const char *sql, GError **error); /* (transfer none) cached, reset, unbound */
sqlite3_stmt *xh_store_kept       (XhStore *self, sqlite3_stmt **slot, const char *sql, GError **error); /* likewise, in a slot of a kind */
gboolean      xh_store_run        (XhStore *self, sqlite3_stmt *statement, GError **error); /* to the end; resets */
int           xh_store_step       (XhStore *self, sqlite3_stmt *statement, GError **error); /* SQLITE_ROW, SQLITE_DONE (reset) or another with @error */
gboolean      xh_store_exec       (XhStore *self, const char *sql, GError **error);
gboolean      xh_store_exec_format (XhStore *self, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);
gboolean      xh_store_number     (XhStore *self, const char *sql, gint64 *number, GError **error); /* first column of the first row, else 0 */
void          xh_store_take_error (XhStore *self, int code, const char *sql, GError **error);
char         *xh_store_now        (void); /* 2026-11-22T08:00:00.000Z */
void          xh_sql_bind_text        (sqlite3_stmt *statement, int index, const char *text); /* (nullable); not copied: must outlive the step */
void          xh_sql_bind_value       (sqlite3_stmt *statement, int index, const XhValue *value); /* likewise */
char         *xh_sql_column_text      (sqlite3_stmt *statement, int column); /* (nullable) (transfer full) */

/* xh-store-busy.c */
void          xh_store_busy_init      (XhStore *self); /* its writes wait for another writer: 10 s, and as long as one is adopting */
void          xh_store_set_adopting   (XhStore *self, gboolean is_adopting); /* by who holds the write lock of the file */

/* xh-store-tables.c */
gboolean      xh_store_tables_migrate (XhStore *self, GError **error);

/* xh-store-tray-decide.c */
extern const char xh_store_layout_5_sql[]; /* parked items and what was decided */
extern const char xh_store_layout_7_sql[]; /* which items were saved to a sheet */

/* The row goes back to what it was before the op, which is in the outbox no more; later ops of the record stay on top. */
gboolean      xh_store_take_back      (XhStore *self, const XhOp *op, GError **error);

/* xh-store-kinds.c */
void          xh_store_kinds_init     (XhStore *self);
void          xh_store_kinds_clear    (XhStore *self);
XhStoreKind  *xh_store_kind           (XhStore *self, const XhKind *kind); /* ready */
XhStoreKind  *xh_store_kind_ready     (XhStore *self, XhStoreKind *kind); /* with the texts of its statements; returns @kind */
gboolean      xh_store_is_sorted      (XhStoreKind *self, const XhField *field); /* has a sort key column */
gboolean      xh_store_leads_index    (XhStore *self, const XhKind *kind, const XhField *field); /* an index begins with it, as xh-store-tables.c makes them */

char         *xh_store_source_for     (const XhKind *kind, const char *expressions); /* (transfer full) with the references that they name */

/* xh-store-subject.c */
gboolean      xh_store_subject_migrate (XhStore *self, XhStoreKind *kind, GError **error); /* derives the subjects of a kind's rows again where its definition changed */
gboolean      xh_store_subject_write_aliases (XhStore *self, XhStoreKind *kind, const XhRecord *record, gboolean is_new, GError **error);

/* xh-subject.c */
/* Appends the numbers (gint64) that a statement gives for the text ?1. @sql: (transfer full) */
gboolean      xh_store_collect_rids   (XhStore *self, char *sql, const char *text, GArray *rids, GError **error);

/* xh-query-order.c */
gboolean      xh_store_order_migrate  (XhStore *self, const XhKind *kind, GError **error); /* drops indexes of orders that no list offers any more */

/* xh-query-run.c */
char         *xh_record_subtitle      (XhStore *self, const XhRecord *record); /* (transfer full) kind and township */

/* xh-store-lines.c: what a row of a mixed list shows. */
typedef struct
{
  gint64 rid;
  char *id, *state, *due, *division; /* (owned) (nullable) */
  char *title;   /* (owned) "" where it is empty or may not be said */
  char *subject; /* (owned) (nullable) name of the subject, if the role may read it */
  char *date;    /* (owned) (nullable) the kind's own date: the first of the list's, else the day it was made */
} XhLine;
/* (transfer full) of XhLine, in no order, none for a row that is gone: one statement for all. @role: (nullable) whose titles a server's
 * store leaves out where they are made of what it may not read */
GPtrArray    *xh_store_lines          (XhStore *self, const XhKind *kind, const gint64 *rids, guint n, const char *role, GError **error);

/* xh-store-records.c */
XhRecord     *xh_record_from_row      (const XhKind *kind, sqlite3_stmt *statement); /* of XH_SPINE_COLUMNS and the fields */
gboolean      xh_store_find           (XhStore *self, const char *id, gint64 *rid, const XhKind **kind, GError **error); /* rid 0: none */

/* xh-store-preview.c */
/* Keeps the derived values of @present, which are the server's, where @shown, which stands in its place until then, has others. */
gboolean      xh_store_preview_keep   (XhStore *self, const XhRecord *present, const XhRecord *shown, GError **error);
/* The server's row is known anew, or is gone. */
gboolean      xh_store_preview_drop   (XhStore *self, const char *id, GError **error);

/* xh-store-leave.c */
gboolean      xh_store_count_up       (XhStore *self, const char *key, GError **error); /* a number in meta */

/* xh-store-search.c */
gboolean      xh_store_search_renew   (XhStore *self, GError **error); /* makes the indexes, anew where the fields or the readings have changed */
/* Appends what a row that is stored is found by. */
gboolean      xh_store_search_words   (XhStore *self, XhStoreKind *kind, gint64 rid, GString *words, GError **error);
/* Whether a stored row has the searched fields of the record. */
gboolean      xh_store_search_same    (XhStore *self, XhStoreKind *kind, const XhRecord *record, gboolean *same, GError **error);
void          xh_record_search_words  (XhStoreKind *kind, const XhRecord *record, GString *words);
/* Queues a row whose words were @before in the index (NULL: it was not there). */
gboolean      xh_store_search_changed (XhStore *self, XhStoreKind *kind, gint64 rid, const char *before, GError **error);
gboolean      xh_store_has_unindexed  (XhStore *self, XhStoreKind *kind);
gboolean      xh_store_search_functions (XhStore *self, GError **error);

/* What the SQL function xh_match() tests rows with: xh_match(?n, field, ...) in the order of kind->searched. */
typedef struct
{
  XhStoreKind *kind;
  GPtrArray *words; /* of XhSearchWord */
} XhMatch;

#define XH_MATCH_POINTER "xh-match"

/* xh-store-outbox.c */
JsonObject   *xh_json_object_parse    (const char *json, GError **error);
char         *xh_json_object_text     (JsonObject *object);
void          xh_op_clear             (XhOp *op);
void          xh_op_from_row          (XhOp *op, sqlite3_stmt *statement, int column); /* of XH_OP_COLUMNS */
gboolean      xh_record_apply         (XhRecord *record, JsonObject *set, GError **error);
gboolean      xh_record_set_value     (XhRecord *record, const char *name, const XhValue *value); /* likewise; the spine follows */
gboolean      xh_store_change_on_record (XhStore *self, const char *sql, const char *record, GError **error); /* the record's id as ?1 */
gboolean      xh_store_derive         (XhStore *self, XhRecord **record, GError **error); /* computed and scored values after a mixture */
gboolean      xh_store_find_op        (XhStore *self, const char *op_id, XhOp **op, GError **error); /* NULL: none (no error) */

#define XH_OP_COLUMNS "sequence, op_id, kind, record, base, \"set\", before, created_at, sent"
#define XH_N_OP 9

/* xh-store-tray.c */
#define XH_TRAY_COLUMNS "number, type, detail, filed_at, parked_at, exported_at, " XH_OP_COLUMNS
#define XH_N_TRAY (6 + XH_N_OP)
XhTrayItem   *xh_tray_item_from_row   (sqlite3_stmt *statement); /* of XH_TRAY_COLUMNS */

G_END_DECLS
