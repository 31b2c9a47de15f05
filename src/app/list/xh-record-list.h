/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of a register as a GListModel of XhRecordItem, for a million of them.
 *
 * It keeps the row ids in their order (eight bytes a row) and nothing else; a row asked for is a placeholder whose page is
 * then read in a worker. Records read are kept least-recently-used. A new question starts a new generation, and answers of
 * an older one are dropped. What changed in the store is announced as the exact ranges, never as one replacement: on GTK 4.8
 * that would read every row. Main thread only. */
#pragma once

#include <gio/gio.h>

#include "store/xh-query.h"
#include "xh-record-item.h"

G_BEGIN_DECLS

#define XH_RECORD_LIST_PAGE 128       /* rows read at a time */
#define XH_RECORD_LIST_KEEP (16 * XH_RECORD_LIST_PAGE)
#define XH_RECORD_LIST_FIRST 256      /* rows of the first answer */

#define XH_TYPE_RECORD_LIST (xh_record_list_get_type ())
G_DECLARE_FINAL_TYPE (XhRecordList, xh_record_list, XH, RECORD_LIST, GObject)

/* Who answers the list: a worker with a store (xh_record_list_new_for_reader()), in tests whatever a test wants to say. */
typedef struct
{
  /* Answer with xh_record_list_take_rids(); @limit 0: all. @query is to be copied. */
  void (*ask_rids) (gpointer data, XhRecordList *list, guint generation, const XhQuery *query, guint limit);
  /* Answer with xh_record_list_take_rows(). @rids: (transfer full) of gint64 */
  void (*ask_rows) (gpointer data, XhRecordList *list, guint generation, GArray *rids);
  /* The questions of this generation need no answer any more. */
  void (*forget) (gpointer data, XhRecordList *list, guint generation);
} XhRecordSource;

/* Properties: loading (boolean: the first answer to the question is not here), complete (boolean: n-items is the whole number),
 * fault (string, nullable: why the question could not be answered).
 * Signal ::reset: the rows answer another question now, a view shows their beginning. */

XhRecordList  *xh_record_list_new            (const XhRecordSource *source, gpointer data, GDestroyNotify free_data);
/* @query: (transfer none) asked anew; the rows shown stay until the first answer. */
void           xh_record_list_set_query      (XhRecordList *self, const XhQuery *query);
/* Rows changed in the store: the same question again. */
void           xh_record_list_refresh        (XhRecordList *self);
gint64         xh_record_list_get_rid        (XhRecordList *self, guint position);
gint64         xh_record_list_get_epoch      (XhRecordList *self); /* of every rid of the list */
gboolean       xh_record_list_is_loading     (XhRecordList *self);
gboolean       xh_record_list_is_complete    (XhRecordList *self);
const char    *xh_record_list_get_fault      (XhRecordList *self); /* (nullable) */

/* Before xh_record_list_take_rids(): the store's epoch that these are of. In another one the same numbers are other records: nothing held of
 * before stays, and ::reset follows. */
void           xh_record_list_take_epoch     (XhRecordList *self, guint generation, gint64 epoch);
/* @rids: (transfer full) (nullable) NULL with @error. @complete: these are all. */
void           xh_record_list_take_rids      (XhRecordList *self, guint generation, GArray *rids, gboolean complete, const GError *error);
/* @records: (transfer full) (nullable) of XhRecord or NULL, as @rids. */
void           xh_record_list_take_rows      (XhRecordList *self, guint generation, GArray *rids, GPtrArray *records, const GError *error);

G_END_DECLS
