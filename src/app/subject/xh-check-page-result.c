/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a check has found: a line each, the gravest first as they were asked; print and export. */

#include "xh-check-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-names.h"
#include "app/print/xh-print-page.h"
#include "app/window/xh-window.h"
#include "report/xh-sheet-writer.h"

static const char *const tones[XH_CHECK_N_RESULTS] = { "tone-good", "tone-bad", "mark-serious", "tone-neutral", "tone-waiting" };
static const char *const shapes[XH_CHECK_N_RESULTS] = { "●", "✕", "■", "○", "◔" };

/* --- cells */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  xh_show_whole_when_cut (label);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const guint column = GPOINTER_TO_UINT (data);
  XhCheckItem *of = gtk_list_item_get_item (item);
  const XhCheckLine *line = xh_check_item_get_line (of);
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = xh_check_item_text (of, column, TRUE), *shown = NULL;

  if (column == 2)
    {
      shown = g_strdup_printf ("%s %s", shapes[line->result], text);
      for (guint i = 0; i < XH_CHECK_N_RESULTS; i++)
        gtk_widget_remove_css_class (label, tones[i]);
      gtk_widget_add_css_class (label, "state-badge");
      gtk_widget_add_css_class (label, tones[line->result]);
      gtk_widget_set_halign (label, GTK_ALIGN_START);
      gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
    }
  gtk_label_set_text (GTK_LABEL (label), shown != NULL ? shown : text);
  gtk_widget_set_tooltip_text (label, text);
  if (column == 0)
    {
      g_autofree char *code = xh_check_item_text (of, 1, TRUE);
      g_autofree char *spoken = g_strdup_printf ("%s、%s、%s、%s", text, code, xh_check_result_label (line->result), line->summary);
      GtkWidget *row = gtk_widget_get_parent (gtk_widget_get_parent (label));

      if (row != NULL)
        gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    }
}

static void
add_column (GtkColumnView *view, const char *title, guint column, int width, gboolean expand)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) made = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (column));
  made = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_expand (made, expand);
  gtk_column_view_column_set_resizable (made, TRUE);
  if (width > 0)
    gtk_column_view_column_set_fixed_width (made, width);
  gtk_column_view_append_column (view, made);
}

/* --- whom a line means */

typedef struct
{
  XhCheckPage *page; /* (owned) */
  XhCheckLine *line;
} Choosing;

static void
choosing_free (gpointer data, GClosure *closure)
{
  g_object_unref (((Choosing *) data)->page);
  g_free (data);
}

static void
chosen_cb (AdwMessageDialog *dialog, const char *response, Choosing *choosing)
{
  XhCheckLine *line = choosing->line;

  if (!g_str_has_prefix (response, "key:") || choosing->page->cancellable != NULL)
    return;
  g_free (line->key);
  line->key = g_strdup (response + 4);
  xh_check_page_run (choosing->page);
}

static void
ask_which (XhCheckPage *self, XhCheckLine *line)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _("Who Is Meant?"), line->name);
  Choosing *choosing = g_new0 (Choosing, 1);

  choosing->page = g_object_ref (self);
  choosing->line = line;
  for (guint i = 0; i < line->others->len; i++)
    {
      const XhSubjectHit *hit = g_ptr_array_index (line->others, i);
      g_autofree char *id = g_strconcat ("key:", hit->key, NULL);
      g_autofree char *label = g_strdup_printf ("%s（%s）", hit->title, hit->subtitle != NULL ? hit->subtitle : "");

      adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), id, label);
    }
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "no", _("None of These"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "no");
  g_signal_connect_data (dialog, "response", G_CALLBACK (chosen_cb), choosing, choosing_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
activate_cb (GtkColumnView *view, guint position, XhCheckPage *self)
{
  g_autoptr (XhCheckItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);
  XhCheckLine *line = xh_check_item_get_line (item);
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (line->result == XH_CHECK_AMBIGUOUS)
    ask_which (self, line);
  else if (line->key != NULL && window != NULL)
    {
      g_autofree char *target = g_strconcat ("subject:", line->key, NULL);

      xh_window_open_target (window, target);
    }
}

/* --- the result */

static void
show_summary (XhCheckPage *self)
{
  guint n[XH_CHECK_N_RESULTS] = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->lines->len; i++)
    n[((XhCheckLine *) g_ptr_array_index (self->lines, i))->result]++;
  g_string_append_printf (text, ngettext ("%u subject checked", "%u subjects checked", self->lines->len), self->lines->len);
  for (guint i = 0; i < XH_CHECK_N_RESULTS; i++)
    if (n[i] > 0)
      g_string_append_printf (text, " · %s %u", xh_check_result_label (i), n[i]);
  gtk_label_set_text (self->summary, text->str);
}

void
xh_check_page_show_result (XhCheckPage *self)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->lines->len; i++)
    g_ptr_array_add (items, xh_check_item_new (g_ptr_array_index (self->lines, i)));
  g_list_store_remove_all (self->items);
  g_list_store_splice (self->items, 0, 0, items->pdata, items->len);
  show_summary (self);
  gtk_stack_set_visible_child_name (self->stack, "result");
  xh_page_set_header_end (XH_PAGE (self), self->header_result);
}

/* --- print, export, again */

void
xh_check_page_print (XhCheckPage *self)
{
  GPtrArray *documents = xh_catalog_get_documents (xh_session_get_catalog (self->session));
  g_autoptr (XhForm) form = xh_form_new (self->kind, xh_session_get_role (self->session));
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (self->record == NULL || window == NULL)
    return;
  xh_form_load (form, self->record, NULL, FALSE);
  g_ptr_array_add (ids, self->record->id);
  for (guint i = 0; i < documents->len; i++)
    {
      const XhDocumentDef *def = g_ptr_array_index (documents, i);

      if (def->kind == self->kind && xh_document_def_may (def, xh_session_get_role (self->session)) && xh_form_holds (form, def->when))
        {
          xh_window_push (window, xh_print_page_new (self->session, def, ids));
          return;
        }
    }
}

typedef struct
{
  char *path;       /* (owned) */
  GPtrArray *cells; /* (owned) of (owned) char*, four a line */
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_free (export->path);
  g_ptr_array_unref (export->cells);
  g_free (export);
}

static void
export_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Export *export = data;
  GError *error = NULL;
  const XhSheetColumn columns[] = { { .title = _("Name"), .width = 36 }, { .title = _("Code"), .width = 22 }, { .title = _("What was found"), .width = 20 },
                                    { .title = _("Summary"), .width = 60 } };
  g_autoptr (XhSheetWriter) writer = xh_sheet_writer_new (export->path, _("Credit Check"), columns, G_N_ELEMENTS (columns), &error);
  gboolean written = writer != NULL;

  for (guint i = 0; written && i + 3 < export->cells->len; i += 4)
    {
      for (guint j = 0; j < 4; j++)
        xh_sheet_writer_text (writer, j, g_ptr_array_index (export->cells, i + j));
      written = xh_sheet_writer_next (writer, &error);
    }
  if (written && xh_sheet_writer_close (writer, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  XhCheckPage *self = XH_CHECK_PAGE (source);
  g_autoptr (GError) error = NULL;
  const gboolean written = g_task_propagate_boolean (G_TASK (result), &error);
  XhWindow *window = self->session != NULL ? xh_window_of (GTK_WIDGET (self)) : NULL;

  if (self->session != NULL)
    xh_page_set_notice (XH_PAGE (self), written ? NULL : error->message);
  if (written && window != NULL)
    xh_window_toast (window, _("The sheet is written"));
}

static void
target_cb (GtkNativeDialog *dialog, int response, XhCheckPage *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    {
      g_autoptr (GTask) task = g_task_new (self, NULL, exported_cb, NULL);
      Export *export = g_new0 (Export, 1);

      export->path = g_steal_pointer (&path);
      export->cells = g_ptr_array_new_with_free_func (g_free);
      for (guint i = 0; i < self->lines->len; i++)
        {
          g_autoptr (XhCheckItem) item = xh_check_item_new (g_ptr_array_index (self->lines, i));

          for (guint j = 0; j < 4; j++)
            g_ptr_array_add (export->cells, xh_check_item_text (item, j, FALSE));
        }
      g_task_set_task_data (task, export, export_free);
      g_task_run_in_thread (task, export_in_thread);
    }
  g_object_unref (dialog);
}

void
xh_check_page_export (XhCheckPage *self)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Export the Result"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                              GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  g_autofree char *name = g_strdup_printf ("%s.xlsx", _("Credit Check"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect_object (dialog, "response", G_CALLBACK (target_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
again_cb (XhCheckPage *self)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), "", -1);
  gtk_stack_set_visible_child_name (self->stack, "ask");
  xh_page_set_header_end (XH_PAGE (self), NULL);
}

static void
add_button (GtkWidget *box, const char *label, GCallback callback, XhCheckPage *self, gboolean suggested)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  if (suggested)
    gtk_widget_add_css_class (button, "suggested-action");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), button);
}

GtkWidget *
xh_check_page_build_result (XhCheckPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scroller = gtk_scrolled_window_new (), *view, *summary = gtk_label_new ("");
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->items))));

  view = gtk_column_view_new (selection);
  gtk_column_view_set_single_click_activate (GTK_COLUMN_VIEW (view), TRUE);
  gtk_widget_add_css_class (view, "records");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Result of the check"), -1);
  add_column (GTK_COLUMN_VIEW (view), _("Name"), 0, 280, FALSE);
  add_column (GTK_COLUMN_VIEW (view), _("Code"), 1, 190, FALSE);
  add_column (GTK_COLUMN_VIEW (view), _("What was found"), 2, 170, FALSE);
  add_column (GTK_COLUMN_VIEW (view), _("Summary"), 3, 0, TRUE);
  g_signal_connect (view, "activate", G_CALLBACK (activate_cb), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_widget_set_vexpand (scroller, TRUE);
  self->summary = GTK_LABEL (summary);
  gtk_label_set_xalign (self->summary, 0);
  gtk_label_set_wrap (self->summary, TRUE);
  gtk_widget_add_css_class (summary, "list-tools");
  gtk_box_append (GTK_BOX (box), summary);
  gtk_box_append (GTK_BOX (box), scroller);
  self->header_result = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  add_button (self->header_result, _("New Check"), G_CALLBACK (again_cb), self, FALSE);
  add_button (self->header_result, _("Export…"), G_CALLBACK (xh_check_page_export), self, FALSE);
  add_button (self->header_result, _("Print"), G_CALLBACK (xh_check_page_print), self, TRUE);
  return box;
}
