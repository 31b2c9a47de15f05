/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record-source.h"

#define PRIORITY_ORDER G_PRIORITY_DEFAULT
#define PRIORITY_ROWS G_PRIORITY_HIGH /* rows on screen come before the order of a whole register */
#define PRIORITY_INDEX G_PRIORITY_LOW /* every edit goes first */

typedef struct
{
  XhWorker *reader;          /* (owned) */
  XhWorker *writer;          /* (owned) (nullable) */
  const XhKind *kind;
  GCancellable *cancellable; /* (owned) of the generation under way */
} Reader;

/* One question: what the worker needs, and where the answer goes. The list may be gone when it comes. */
typedef struct
{
  GWeakRef list;
  guint generation;
  const XhKind *kind;
  XhQuery *query; /* (owned) (nullable) */
  guint limit;
  GArray *rids;   /* (owned) (nullable) */
  XhWorker *writer;      /* (owned) (nullable) who makes an index for the order */
  gboolean wants_order;  /* set in the reader */
  gint64 epoch;          /* of the answer's rids; set in the reader */
} Question;

static Question *
question_new (Reader *reader, XhRecordList *list, guint generation)
{
  Question *question = g_new0 (Question, 1);

  g_weak_ref_init (&question->list, list);
  question->generation = generation;
  question->kind = reader->kind;

  return question;
}

static void
question_free (Question *question)
{
  g_weak_ref_clear (&question->list);
  g_clear_pointer (&question->query, xh_query_free);
  g_clear_pointer (&question->rids, g_array_unref);
  g_clear_object (&question->writer);
  g_free (question);
}

static gpointer
read_rids (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Question *question = data;
  GArray *rids;

  question->epoch = xh_store_get_epoch (store);
  rids = xh_store_query_rids (store, question->query, question->limit, error);
  /* With the last answer, so that nobody waits for it. */
  question->wants_order = rids != NULL && question->limit == 0 && question->writer != NULL && xh_store_wants_order (store, question->query);

  return rids;
}

static gpointer
make_order (XhStore *store, gpointer query, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) fault = NULL;

  if (!xh_store_make_order (store, query, &fault))
    g_message ("No index for the order of a list: %s", fault->message);

  return NULL;
}

static gpointer
read_rows (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Question *question = data;

  return xh_store_query_rows (store, question->kind, (const gint64 *) question->rids->data, question->rids->len, error);
}

static void
rids_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Question *question = data;
  g_autoptr (GError) error = NULL;
  GArray *rids = xh_worker_finish (XH_WORKER (source), result, &error);
  g_autoptr (XhRecordList) list = g_weak_ref_get (&question->list);

  if (list != NULL && rids != NULL)
    xh_record_list_take_epoch (list, question->generation, question->epoch);
  if (list != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    xh_record_list_take_rids (list, question->generation, rids,
                              rids != NULL && (question->limit == 0 || rids->len < question->limit), error);
  else
    g_clear_pointer (&rids, g_array_unref);
  if (question->wants_order)
    xh_worker_run (question->writer, PRIORITY_INDEX, make_order, g_steal_pointer (&question->query), (GDestroyNotify) xh_query_free, NULL,
                   NULL, NULL, NULL);
  question_free (question);
}

static void
rows_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Question *question = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *records = xh_worker_finish (XH_WORKER (source), result, &error);
  g_autoptr (XhRecordList) list = g_weak_ref_get (&question->list);

  if (list != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    xh_record_list_take_rows (list, question->generation, g_array_ref (question->rids), records, error);
  else
    g_clear_pointer (&records, g_ptr_array_unref);
  question_free (question);
}

static void
ask_rids (gpointer data, XhRecordList *list, guint generation, const XhQuery *query, guint limit)
{
  Reader *reader = data;
  Question *question = question_new (reader, list, generation);

  question->query = xh_query_copy (query);
  question->limit = limit;
  question->writer = reader->writer != NULL ? g_object_ref (reader->writer) : NULL;
  xh_worker_run (reader->reader, PRIORITY_ORDER, read_rids, question, NULL, (GDestroyNotify) g_array_unref,
                 reader->cancellable, rids_cb, question);
}

static void
ask_rows (gpointer data, XhRecordList *list, guint generation, GArray *rids)
{
  Reader *reader = data;
  Question *question = question_new (reader, list, generation);

  question->rids = rids;
  xh_worker_run (reader->reader, PRIORITY_ROWS, read_rows, question, NULL, (GDestroyNotify) g_ptr_array_unref,
                 reader->cancellable, rows_cb, question);
}

static void
forget (gpointer data, XhRecordList *list, guint generation)
{
  Reader *reader = data;

  g_cancellable_cancel (reader->cancellable);
  g_object_unref (reader->cancellable);
  reader->cancellable = g_cancellable_new ();
}

static void
reader_free (Reader *reader)
{
  g_object_unref (reader->reader);
  g_clear_object (&reader->writer);
  g_object_unref (reader->cancellable);
  g_free (reader);
}

XhRecordList *
xh_record_list_new_for_reader (XhWorker *worker, XhWorker *writer, const XhKind *kind)
{
  static const XhRecordSource source = { ask_rids, ask_rows, forget };
  Reader *reader = g_new0 (Reader, 1);

  reader->reader = g_object_ref (worker);
  reader->writer = writer != NULL ? g_object_ref (writer) : NULL;
  reader->kind = kind;
  reader->cancellable = g_cancellable_new ();

  return xh_record_list_new (&source, reader, (GDestroyNotify) reader_free);
}
