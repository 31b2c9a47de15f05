/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-tray-sheet.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "app/widgets/xh-value-text.h"
#include "report/xh-sheet-writer.h"
#include "xh-tray-case.h"

enum { REGISTER, RECORD, FIELD, BEFORE, MINE, THEIRS, WHY, WHO, WHEN, CHANGED, PARKED, N_COLUMNS };

static void
write_cells (XhSheetWriter *writer, XhTrayCase *item, const char *title, const char *summary, const char *name,
             JsonNode *before, JsonNode *theirs, XhStore *store)
{
  g_autofree char *was = xh_value_text (item->kind, name, before, store), *other = theirs != NULL ? xh_value_text (item->kind, name, theirs, store) : NULL;
  g_autofree char *mine = xh_value_text (item->kind, name, json_object_get_member (item->set, name), store);
  g_autofree char *when = xh_text_exact (item->when), *changed = xh_text_exact (item->at);
  const char *reason = xh_tray_case_reason (item, name);

  xh_sheet_writer_text (writer, REGISTER, xh_label_get (&item->kind->label));
  xh_sheet_writer_text (writer, RECORD, title != NULL && *title != '\0' ? title : item->record_id);
  xh_sheet_writer_text (writer, FIELD, xh_value_text_name (item->kind, name));
  xh_sheet_writer_text (writer, BEFORE, was);
  xh_sheet_writer_text (writer, MINE, mine);
  if (other != NULL)
    xh_sheet_writer_text (writer, THEIRS, other);
  xh_sheet_writer_text (writer, WHY, reason != NULL ? reason : summary);
  xh_sheet_writer_text (writer, WHO, item->who != NULL ? item->who : "");
  xh_sheet_writer_text (writer, WHEN, when != NULL ? when : "");
  xh_sheet_writer_text (writer, CHANGED, changed != NULL ? changed : "");
  xh_sheet_writer_text (writer, PARKED, item->parked ? _("Yes") : _("No"));
}

static JsonNode *
find_theirs (XhTrayCase *item, const char *name)
{
  for (guint i = 0; i < item->fields->len; i++)
    {
      const XhTrayField *field = g_ptr_array_index (item->fields, i);

      if (g_str_equal (field->name, name))
        return field->theirs;
    }
  return NULL;
}

static gboolean
write_item (XhSheetWriter *writer, const XhTrayItem *item, XhStore *store, GError **error)
{
  const XhKind *kind = xh_catalog_find_kind (xh_store_get_catalog (store), item->op.kind);
  g_autoptr (XhTrayCase) read = kind != NULL ? xh_tray_case_new (kind, item, NULL, NULL, NULL) : NULL;
  g_autofree char *now = xh_store_title (store, item->op.record, NULL), *title = now != NULL && *now != '\0' ? g_steal_pointer (&now) : xh_tray_item_title (item);
  const char *summary = xh_tray_item_summary (item, xh_tray_item_is_here (item, store));
  g_autoptr (GList) names = read != NULL ? json_object_get_members (read->set) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    {
      if (xh_value_text_name (kind, l->data) == NULL)
        continue;
      write_cells (writer, read, title, summary, l->data, json_object_get_member (read->was, l->data), find_theirs (read, l->data), store);
      if (!xh_sheet_writer_next (writer, error))
        return FALSE;
    }
  return TRUE;
}

int
xh_tray_sheet_write (XhStore *store, gint64 number, const char *path, GArray *written, GError **error)
{
  const XhSheetColumn columns[N_COLUMNS] = {
    [REGISTER] = { .title = _("Register"), .width = 18 },     [RECORD] = { .title = _("Record"), .width = 24 },
    [FIELD] = { .title = _("Field"), .width = 16 },           [BEFORE] = { .title = _("Before"), .width = 24 },
    [MINE] = { .title = _("Mine"), .width = 24 },             [THEIRS] = { .title = _("Theirs"), .width = 24 },
    [WHY] = { .title = _("Why it was not taken over"), .width = 36 }, [WHO] = { .title = _("Changed by"), .width = 14 },
    [WHEN] = { .title = _("Changed at"), .width = 20 },       [CHANGED] = { .title = _("My change of"), .width = 20 },
    [PARKED] = { .title = _("Parked"), .width = 8 },
  };
  g_autoptr (GPtrArray) items = xh_store_tray (store, error);
  g_autoptr (XhSheetWriter) writer = items != NULL ? xh_sheet_writer_new (path, _("Waits for your decision"), columns, N_COLUMNS, error) : NULL;

  if (writer == NULL)
    return -1;
  for (guint i = 0; i < items->len; i++)
    {
      const XhTrayItem *item = g_ptr_array_index (items, i);

      if (number != 0 && item->number != number)
        continue;
      if (!write_item (writer, item, store, error))
        return -1;
      if (written != NULL)
        g_array_append_val (written, item->number);
    }
  return xh_sheet_writer_close (writer, error) ? (int) xh_sheet_writer_rows (writer) : -1;
}

/* --- as a job --- */

typedef struct
{
  gint64 number;
  char *path;      /* (owned) */
  GArray *written; /* (owned) of gint64: items that are in the sheet */
  guint rows;
} Sheet;

static void
sheet_free (gpointer data)
{
  Sheet *sheet = data;

  g_array_unref (sheet->written);
  g_free (sheet->path);
  g_free (sheet);
}

static gpointer
write_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Sheet *sheet = data;
  const int n = xh_tray_sheet_write (store, sheet->number, sheet->path, sheet->written, error);

  sheet->rows = n > 0 ? n : 0;
  return n >= 0 ? sheet : NULL;
}

static gpointer
note_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Sheet *sheet = data;

  return xh_store_tray_note_exported (store, sheet->written, error) ? sheet : NULL;
}

/* Both jobs borrow the task's sheet: they have no data of their own to free. */
static void
noted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (xh_worker_finish (XH_WORKER (source), result, &error) != NULL)
    g_task_return_int (task, ((Sheet *) g_task_get_task_data (task))->rows);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  XhWorker *writer = xh_session_get_writer (g_task_get_source_object (task));
  GError *error = NULL;

  if (xh_worker_finish (XH_WORKER (source), result, &error) != NULL && writer != NULL)
    xh_worker_run (writer, G_PRIORITY_HIGH, note_in_writer, g_task_get_task_data (task), NULL, NULL, NULL, noted_cb, task);
  else
    {
      g_task_return_error (task, error != NULL ? error : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _("The session has been closed.")));
      g_object_unref (task);
    }
}

void
xh_tray_sheet_save_async (XhSession *session, gint64 number, const char *path, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (session, NULL, callback, user_data);
  Sheet *sheet = g_new0 (Sheet, 1);

  sheet->number = number;
  sheet->path = g_strdup (path);
  sheet->written = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_task_set_source_tag (task, xh_tray_sheet_save_async);
  g_task_set_task_data (task, sheet, sheet_free);
  xh_worker_run (xh_session_get_reader (session), G_PRIORITY_DEFAULT, write_in_reader, sheet, NULL, NULL, NULL, written_cb, task);
}

int
xh_tray_sheet_save_finish (GAsyncResult *result, GError **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}
