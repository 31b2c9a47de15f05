/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-bring-job.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "model/xh-json.h"
#include "xh-queue.h"

#define LINES 300 /* of what was taken, and as many of what was not */

typedef struct
{
  XhCatalog *catalog;            /* (owned) */
  char *server, *device, *token; /* (owned) */
  char *store;                   /* (owned) path: what records are called here */
  char *path;                    /* (owned) (nullable) */
  XhBringFile *file;             /* (owned) (nullable) */
  void (*progress) (guint done, guint all, gpointer data);
  gpointer data;
  guint done;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  xh_catalog_unref (job->catalog);
  g_free (job->server);
  g_free (job->device);
  g_free (job->token);
  g_free (job->store);
  g_free (job->path);
  xh_bring_file_unref (job->file);
  g_free (job);
}

static Job *
job_new (XhSession *session)
{
  XhDesk *desk = xh_session_get_desk (session);
  Job *job = g_new0 (Job, 1);

  job->catalog = xh_catalog_ref (xh_session_get_catalog (session));
  job->server = g_strdup (desk->server);
  job->device = g_strdup (desk->device);
  job->store = xh_desk_store_path (desk);
  job->token = xh_store_meta_get (xh_session_get_store (session), "token");
  return job;
}

static XhClient *
open_client (const Job *job)
{
  XhClient *client = xh_client_new (job->server, job->device);

  xh_client_set_token (client, job->token);
  return client;
}

/* --- looking */

static const char *
kind_label (const Job *job, const char *name)
{
  const XhKind *kind = xh_catalog_find_kind (job->catalog, name);

  return kind != NULL ? xh_label_get (&kind->label) : name;
}

/* "Household file 300, consent 2" in the order in which they first come. What this program does not know counts as one: a file may name anything. */
static char *
count_kinds (const Job *job, const XhWorkFile *file, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) counts = g_array_new (FALSE, TRUE, sizeof (guint));
  GString *text = g_string_new (NULL);

  for (guint part = 0; part < file->hashes->len; part++)
    {
      g_autoptr (GBytes) bytes = xh_work_file_get_part (file, part);
      g_autoptr (GPtrArray) ops = xh_work_part_read (file, part, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);

      for (guint i = 0; ops != NULL && i < ops->len; i++)
        {
          const XhOp *op = g_ptr_array_index (ops, i);
          const char *name = xh_catalog_find_kind (job->catalog, op->kind) != NULL ? op->kind : "?";
          guint at = 0;

          if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, &at))
            {
              at = names->len;
              g_ptr_array_add (names, g_strdup (name));
              g_array_set_size (counts, names->len);
            }
          g_array_index (counts, guint, at)++;
        }
    }
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s %u", i > 0 ? _(", ") : "", kind_label (job, g_ptr_array_index (names, i)), g_array_index (counts, guint, i));
  return g_string_free (text, FALSE);
}

static void
look_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autoptr (XhClient) client = open_client (job);
  XhBringFile *file = g_atomic_rc_box_new0 (XhBringFile);
  GError *error = NULL;

  file->file = xh_work_file_read (job->path, &error);
  file->verdict = file->file != NULL ? xh_client_work_ask (client, file->file, cancellable, &error) : NULL;
  if (file->verdict != NULL)
    {
      file->holds = count_kinds (job, file->file, NULL);
      g_task_return_pointer (task, file, (GDestroyNotify) xh_bring_file_unref);
      return;
    }
  xh_bring_file_unref (file);
  g_task_return_error (task, error);
}

void
xh_bring_look_async (XhSession *session, const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);
  Job *job = job_new (session);

  job->path = g_strdup (path);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, look_thread);
}

XhBringFile *
xh_bring_look_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
clear_file (gpointer data)
{
  XhBringFile *file = data;

  xh_work_file_free (file->file);
  xh_work_verdict_free (file->verdict);
  g_free (file->holds);
}

void
xh_bring_file_unref (XhBringFile *file)
{
  if (file != NULL)
    g_atomic_rc_box_release_full (file, clear_file);
}

/* --- sending */

static void
line_free (gpointer data)
{
  XhBringLine *line = data;

  g_free (line->title);
  g_free (line->text);
  g_free (line);
}

void
xh_bring_result_free (XhBringResult *result)
{
  if (result == NULL)
    return;
  g_ptr_array_unref (result->lines);
  g_free (result);
}

static const char *
describe (const XhWorkResult *result)
{
  switch (result->status)
    {
    case XH_ANSWER_APPLIED:
      return _("Taken over");
    case XH_ANSWER_MERGED:
      return _("Taken over, together with what others have changed meanwhile");
    case XH_ANSWER_CONFLICT:
      return _("Others have changed the same: your colleague decides on their own computer");
    case XH_ANSWER_REJECTED:
      return result->message != NULL ? result->message : _("Refused: your colleague hears the reason on their own computer");
    case XH_ANSWER_HELD:
    default:
      return _("Waits for another change before it, a record it refers to, or an attachment that is still on your colleague's computer");
    }
}

/* What the change itself calls the record: the first column of the register's list that says something and is not masked. (nullable) */
static char *
name_by_set (const XhKind *kind, const char *set)
{
  g_autoptr (JsonNode) root = xh_json_parse (set, -1, NULL);
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;

  for (guint i = 0; kind != NULL && object != NULL && i < kind->list_fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->list_fields, i);
      JsonNode *node = json_object_get_member (object, field->name);

      if (field->type == XH_FIELD_TEXT && !field->sensitive && node != NULL && JSON_NODE_HOLDS_VALUE (node)
          && json_node_get_value_type (node) == G_TYPE_STRING && *json_node_get_string (node) != '\0')
        return json_node_dup_string (node);
    }
  return NULL;
}

typedef struct
{
  const Job *job;
  XhStore *store;        /* (not owned) (nullable) */
  GHashTable *names;     /* (not owned) record: what a change in the file called it */
  XhBringResult *result; /* (not owned) */
  GPtrArray *taken;      /* (not owned) of XhBringLine, to stand behind the others */
} Telling;

static void
learn_names (Telling *self, GPtrArray *ops)
{
  for (guint i = 0; i < ops->len; i++)
    {
      const XhOp *op = g_ptr_array_index (ops, i);
      char *name = op->base > 0 || g_hash_table_contains (self->names, op->record)
                     ? NULL : name_by_set (xh_catalog_find_kind (self->job->catalog, op->kind), op->set);

      if (name != NULL)
        g_hash_table_insert (self->names, g_strdup (op->record), name);
    }
}

/* "Zhang San · Household file · phone" */
static char *
write_title (Telling *self, const XhOp *op)
{
  const XhKind *kind = xh_catalog_find_kind (self->job->catalog, op->kind);
  g_autofree char *stored = self->store != NULL ? xh_store_title (self->store, op->record, NULL) : NULL;
  const char *name = stored != NULL && *stored != '\0' ? stored : g_hash_table_lookup (self->names, op->record);
  const gboolean is_first = op->base == 0 && g_strcmp0 (name, stored) != 0;
  g_autofree char *fields = kind != NULL && !is_first ? xh_queue_field_names (kind, op->set) : g_strdup (_("new"));

  return g_strdup_printf ("%s%s%s%s%s", name != NULL ? name : "", name != NULL ? " · " : "", kind_label (self->job, op->kind), *fields != '\0' ? " · " : "", fields);
}

static XhBringLine *
write_line (Telling *self, const XhOp *op, const XhWorkResult *one)
{
  XhBringLine *line = g_new0 (XhBringLine, 1);

  line->taken = one->status <= XH_ANSWER_MERGED;
  line->title = write_title (self, op);
  line->text = g_strdup (describe (one));
  return line;
}

/* Answers come in the order of the ops. */
static void
add_results (Telling *self, GPtrArray *ops, GPtrArray *some)
{
  XhBringResult *result = self->result;

  for (guint i = 0; i < MIN (some->len, ops->len); i++)
    {
      const XhWorkResult *one = g_ptr_array_index (some, i);
      const gboolean is_taken = one->status <= XH_ANSWER_MERGED;
      GPtrArray *lines = is_taken ? self->taken : result->lines;

      result->taken += is_taken;
      result->decide += one->status == XH_ANSWER_CONFLICT;
      result->refused += one->status == XH_ANSWER_REJECTED;
      result->waiting += one->status == XH_ANSWER_HELD;
      if (lines->len < LINES)
        g_ptr_array_add (lines, write_line (self, g_ptr_array_index (ops, i), one));
      else
        result->left_out++;
    }
}

static gboolean
told_cb (gpointer data)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);

  if (!g_task_get_completed (task) && !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    job->progress ((guint) g_atomic_int_get ((int *) &job->done), job->file->file->hashes->len, job->data);
  return G_SOURCE_REMOVE;
}

static gboolean
send_part (GTask *task, XhClient *client, guint part, Telling *telling, GError **error)
{
  Job *job = g_task_get_task_data (task);
  const XhWorkFile *file = job->file->file;
  g_autoptr (GBytes) bytes = xh_work_file_get_part (file, part);
  g_autoptr (GPtrArray) ops = xh_work_part_read (file, part, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
  g_autoptr (GPtrArray) some = ops != NULL ? xh_client_work_send (client, file, part, g_task_get_cancellable (task), error) : NULL;

  if (some == NULL)
    return FALSE;
  learn_names (telling, ops);
  add_results (telling, ops, some);
  g_atomic_int_set ((int *) &job->done, (int) part + 1);
  g_main_context_invoke_full (g_task_get_context (task), G_PRIORITY_DEFAULT, told_cb, g_object_ref (task), g_object_unref);
  return TRUE;
}

static gboolean
send_all (GTask *task, XhBringResult *result, GError **error)
{
  Job *job = g_task_get_task_data (task);
  g_autoptr (XhClient) client = open_client (job);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) taken = g_ptr_array_new_with_free_func (line_free);
  g_autoptr (XhStore) store = xh_store_open (job->store, job->catalog, XH_STORE_CLIENT | XH_STORE_READ_ONLY, NULL);
  Telling telling = { job, store, names, result, taken };

  for (guint part = 0; part < job->file->file->hashes->len; part++)
    if (!send_part (task, client, part, &telling, error))
      return FALSE;
  g_ptr_array_extend_and_steal (result->lines, g_steal_pointer (&taken));
  return TRUE;
}

static void
send_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  XhBringResult *result = g_new0 (XhBringResult, 1);
  GError *error = NULL;

  result->lines = g_ptr_array_new_with_free_func (line_free);
  if (send_all (task, result, &error))
    {
      g_task_return_pointer (task, result, (GDestroyNotify) xh_bring_result_free);
      return;
    }
  xh_bring_result_free (result);
  g_task_return_error (task, error);
}

void
xh_bring_send_async (XhSession *session, XhBringFile *file, void (*progress) (guint done, guint all, gpointer data), gpointer data,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);
  Job *job = job_new (session);

  job->file = g_atomic_rc_box_acquire (file);
  job->progress = progress;
  job->data = data;
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, send_thread);
}

XhBringResult *
xh_bring_send_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
