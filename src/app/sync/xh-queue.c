/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-queue.h"

#include "app/widgets/xh-value-text.h"
#include "model/xh-json.h"
#include "xh-tray-case.h"

#include <glib/gi18n-lib.h>

#define NAMES_SHOWN 4

static void
entry_free (XhQueueEntry *entry)
{
  g_clear_pointer (&entry->op, xh_op_free);
  g_clear_pointer (&entry->item, xh_tray_item_free);
  g_free (entry->title);
  g_free (entry);
}

void
xh_queue_free (XhQueue *queue)
{
  g_ptr_array_unref (queue->unsent);
  g_ptr_array_unref (queue->tray);
  g_ptr_array_unref (queue->decided);
  g_free (queue);
}

static void
decision_free (XhQueueDecision *decided)
{
  xh_decision_free (decided->decision);
  g_free (decided->title);
  g_free (decided);
}

/* What the record is called; one that is not here any more is called by its register. */
static char *
find_title (XhStore *store, const XhOp *op, const XhTrayItem *item)
{
  const XhKind *kind = xh_catalog_find_kind (xh_store_get_catalog (store), op->kind);
  g_autofree char *title = xh_store_title (store, op->record, NULL), *was = NULL;

  if (title != NULL && *title != '\0')
    return g_steal_pointer (&title);
  was = item != NULL ? xh_tray_item_title (item) : NULL;
  if (was != NULL)
    return g_steal_pointer (&was);
  return kind != NULL ? g_strdup_printf (_("%s, without a name"), xh_label_get (&kind->label)) : g_strdup (_("A record without a name"));
}

static void
add_entry (GPtrArray *entries, XhStore *store, XhOp *op, XhTrayItem *item)
{
  XhQueueEntry *entry = g_new0 (XhQueueEntry, 1);

  entry->op = op;
  entry->item = item;
  entry->title = find_title (store, op != NULL ? op : &item->op, item);
  entry->here = item == NULL || xh_tray_item_is_here (item, store);
  g_ptr_array_add (entries, entry);
}

static gpointer
read_in_worker (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) ops = xh_store_outbox (store, XH_QUEUE_SHOWN, error);
  g_autoptr (GPtrArray) items = ops != NULL ? xh_store_tray (store, error) : NULL;
  g_autoptr (GPtrArray) decisions = items != NULL ? xh_store_decisions (store, XH_QUEUE_DECIDED, error) : NULL;
  XhQueue *queue;

  if (decisions == NULL)
    return NULL;

  queue = g_new0 (XhQueue, 1);
  queue->unsent = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  queue->tray = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  queue->decided = g_ptr_array_new_with_free_func ((GDestroyNotify) decision_free);
  while (decisions->len > 0)
    {
      XhQueueDecision *decided = g_new0 (XhQueueDecision, 1);

      decided->decision = g_ptr_array_steal_index (decisions, 0);
      decided->title = find_title (store, &decided->decision->item->op, decided->decision->item);
      decided->here = xh_tray_item_is_here (decided->decision->item, store);
      g_ptr_array_add (queue->decided, decided);
    }
  queue->n_unsent = xh_store_outbox_count (store);
  while (ops->len > 0)
    add_entry (queue->unsent, store, g_ptr_array_steal_index (ops, 0), NULL);
  while (items->len > 0)
    add_entry (queue->tray, store, NULL, g_ptr_array_steal_index (items, 0));

  return queue;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  XhQueue *queue = xh_worker_finish (XH_WORKER (source), result, &error);

  if (queue != NULL)
    g_task_return_pointer (task, queue, (GDestroyNotify) xh_queue_free);
  else
    g_task_return_error (task, error);
}

void
xh_queue_read_async (XhSession *session, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (session, cancellable, callback, user_data);

  g_task_set_source_tag (task, xh_queue_read_async);
  xh_worker_run (xh_session_get_reader (session), G_PRIORITY_DEFAULT, read_in_worker, NULL, NULL,
                 (GDestroyNotify) xh_queue_free, cancellable, read_cb, task);
}

XhQueue *
xh_queue_read_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

char *
xh_queue_field_names (const XhKind *kind, const char *set)
{
  g_autoptr (JsonNode) root = set != NULL ? xh_json_parse (set, -1, NULL) : NULL;
  g_autoptr (GList) members = NULL;
  GString *names = g_string_new (NULL);
  guint n = 0;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return g_string_free (names, FALSE);

  members = json_object_get_members (json_node_get_object (root));
  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *label = xh_value_text_name (kind, l->data);

      if (label != NULL && n++ < NAMES_SHOWN)
        g_string_append_printf (names, "%s%s", names->len > 0 ? _(", ") : "", label);
    }
  if (n > NAMES_SHOWN)
    g_string_append_printf (names, " +%u", n - NAMES_SHOWN);

  return g_string_free (names, FALSE);
}
