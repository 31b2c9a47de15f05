/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-tray-sheet.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "app/widgets/xh-value-text.h"
#include "report/xh-sheet-writer.h"
#include "xh-tray-case.h"

enum { REGISTER, RECORD, FIELD, BEFORE, MINE, THEIRS, WHY, WHO, WHEN, CHANGED, PARKED, N_COLUMNS };

static void
write_cells (XhSheetWriter *writer, XhTrayCase *item, const char *title, const char *name, JsonNode *before, JsonNode *theirs, XhStore *store)
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
  xh_sheet_writer_text (writer, WHY, reason != NULL ? reason : xh_tray_grade_text (item->grade));
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
  g_autoptr (GList) names = read != NULL ? json_object_get_members (read->set) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    {
      if (xh_value_text_name (kind, l->data) == NULL)
        continue;
      write_cells (writer, read, title, l->data, json_object_get_member (read->was, l->data), find_theirs (read, l->data), store);
      if (!xh_sheet_writer_next (writer, error))
        return FALSE;
    }
  return TRUE;
}

int
xh_tray_sheet_write (XhStore *store, gint64 number, const char *path, GError **error)
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

      if ((number == 0 || item->number == number) && !write_item (writer, item, store, error))
        return -1;
    }
  return xh_sheet_writer_close (writer, error) ? (int) xh_sheet_writer_rows (writer) : -1;
}

/* --- asking where --- */

typedef struct
{
  XhSession *session; /* (owned) */
  gint64 number;
  char *path;         /* (owned) (nullable) */
  XhTraySheetFunc func;
  GObject *owner;     /* (owned) */
} Sheet;

static void
sheet_free (gpointer data)
{
  Sheet *sheet = data;

  g_object_unref (sheet->session);
  g_object_unref (sheet->owner);
  g_free (sheet->path);
  g_free (sheet);
}

static gpointer
write_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Sheet *sheet = data;
  const int n = xh_tray_sheet_write (store, sheet->number, sheet->path, error);

  return n >= 0 ? GINT_TO_POINTER (n + 1) : NULL;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Sheet *sheet = data;
  g_autoptr (GError) error = NULL;
  const int n = GPOINTER_TO_INT (xh_worker_finish (XH_WORKER (source), result, &error));

  sheet->func (n > 0 ? (guint) n - 1 : 0, error, sheet->owner);
  sheet_free (sheet);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, Sheet *sheet)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  XhWorker *reader = xh_session_get_reader (sheet->session);

  sheet->path = file != NULL ? g_file_get_path (file) : NULL;
  if (sheet->path != NULL && reader != NULL)
    xh_worker_run (reader, G_PRIORITY_DEFAULT, write_in_reader, sheet, NULL, NULL, NULL, written_cb, sheet);
  else
    sheet_free (sheet);
  g_object_unref (dialog);
}

void
xh_tray_sheet_ask (GtkWidget *over, XhSession *session, gint64 number, const char *name, XhTraySheetFunc func, GObject *owner)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Export"), GTK_WINDOW (gtk_widget_get_root (over)), GTK_FILE_CHOOSER_ACTION_SAVE,
                                                              NULL, NULL);
  g_autofree char *file = g_strdup_printf ("%s.xlsx", name);
  Sheet *sheet = g_new0 (Sheet, 1);

  sheet->session = g_object_ref (session);
  sheet->number = number;
  sheet->func = func;
  sheet->owner = g_object_ref (owner);
  g_strdelimit (file, "/\\:*?\"<>|\n", '_');
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), file);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (chosen_cb), sheet);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
