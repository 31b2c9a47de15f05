/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-files-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/window/xh-window.h"
#include "xh-files-line.h"

#define LOOK_SECONDS 2 /* between looks at what is on its way */

struct _XhFilesRow
{
  XhFieldRow parent_instance;

  GtkListBox *list;
  GtkBox *busy;
  GtkButton *add;
  GPtrArray *paths;  /* (owned) (nullable) chosen, and not taken in yet */
  GPtrArray *looked; /* (owned) (nullable) of XhAttachment: whose state is being read */
  gboolean again;    /* look once more after that: they have changed */
  GCancellable *cancellable; /* (owned) of the looking */
  guint timer;       /* while something is on its way */
};

G_DEFINE_FINAL_TYPE (XhFilesRow, xh_files_row, XH_TYPE_FIELD_ROW)

static XhAttachmentDesk *
get_desk (XhFilesRow *self)
{
  XhFieldHost *host = xh_field_row_get_host (XH_FIELD_ROW (self));

  return host != NULL ? xh_field_host_get_attachments (host) : NULL;
}

static GPtrArray *
read_files (XhFilesRow *self)
{
  return xh_attachments_read (xh_cell_get (xh_field_row_get_cell (XH_FIELD_ROW (self))));
}

static void
write_files (XhFilesRow *self, GPtrArray *files)
{
  XhCell *cell = xh_field_row_get_cell (XH_FIELD_ROW (self));
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_attachments_write (files, &value);
  xh_cell_break_undo (cell);
  xh_cell_set (cell, &value);
  xh_cell_break_undo (cell);
}

XhFilesLine *
xh_files_row_get_line (XhFilesRow *self, guint index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, (int) index);

  return row != NULL ? XH_FILES_LINE (row) : NULL;
}

/* --- what is there */

static XhFilesLine *
find_line (XhFilesRow *self, const char *hash)
{
  XhFilesLine *line;

  for (guint i = 0; (line = xh_files_row_get_line (self, i)) != NULL; i++)
    if (strcmp (xh_files_line_get_file (line)->hash, hash) == 0)
      return line;
  return NULL;
}

static void look (XhFilesRow *self);

static gboolean
look_cb (gpointer data)
{
  XhFilesRow *self = data;

  self->timer = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

/* What is on its way changes by itself. */
static void
show_states (XhFilesRow *self, GArray *states)
{
  gboolean more = FALSE;

  for (guint i = 0; i < states->len; i++)
    {
      const XhFileState *state = &g_array_index (states, XhFileState, i);
      XhFilesLine *line = find_line (self, ((XhAttachment *) g_ptr_array_index (self->looked, i))->hash);

      if (line != NULL)
        xh_files_line_show (line, state);
      more = more || (line != NULL && state->outgoing);
    }
  if (more && self->timer == 0)
    self->timer = g_timeout_add_seconds (LOOK_SECONDS, look_cb, self);
}

static void
looked_at_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhFilesRow) self = data;
  g_autoptr (GArray) states = xh_attachment_desk_look_at_finish (XH_ATTACHMENT_DESK (source), result);
  const gboolean again = self->again;

  if (states != NULL && !g_cancellable_is_cancelled (self->cancellable))
    show_states (self, states);
  g_clear_pointer (&self->looked, g_ptr_array_unref);
  self->again = FALSE;
  if (again && !g_cancellable_is_cancelled (self->cancellable))
    look (self);
}

/* A slow disk must not hold up the form: where files are is read in a thread, all of a row at once. */
static void
look (XhFilesRow *self)
{
  XhAttachmentDesk *desk = get_desk (self);

  self->again = self->looked != NULL;
  if (desk == NULL || self->looked != NULL)
    return;
  self->looked = read_files (self);
  if (self->looked->len > 0)
    xh_attachment_desk_look_at_async (desk, self->looked, self->cancellable, looked_at_cb, g_object_ref (self));
  else
    g_clear_pointer (&self->looked, g_ptr_array_unref);
}

static void
remove_cb (XhFilesLine *line, XhFilesRow *self)
{
  const XhAttachment *file = xh_files_line_get_file (line);
  g_autoptr (GPtrArray) files = read_files (self);
  const int index = xh_attachments_find (files, file->hash);
  XhWindow *window = xh_window_of (GTK_WIDGET (self));
  g_autofree char *text = g_strdup_printf (_("Removed: %s"), file->name);

  if (index < 0)
    return;
  g_ptr_array_remove_index (files, (guint) index);
  write_files (self, files);
  /* The line is gone. The focus goes to what took its place, else to adding. */
  if (files->len > 0)
    gtk_widget_grab_focus (GTK_WIDGET (xh_files_row_get_line (self, MIN ((guint) index, files->len - 1))));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->add));
  if (window != NULL)
    xh_window_toast_undo (window, text, "page.undo");
}

/* Keeps the lines of files that stay, and with them what is being fetched and where the focus is. */
static void
match_lines (XhFilesRow *self, GPtrArray *files)
{
  const gboolean editable = xh_cell_is_editable (xh_field_row_get_cell (XH_FIELD_ROW (self)));
  GtkListBoxRow *row;

  for (guint i = 0; (row = gtk_list_box_get_row_at_index (self->list, (int) i)) != NULL;)
    if (i >= files->len || xh_attachments_find (files, xh_files_line_get_file (XH_FILES_LINE (row))->hash) < 0)
      gtk_list_box_remove (self->list, GTK_WIDGET (row));
    else
      i++;
  for (guint i = 0; i < files->len; i++)
    {
      const XhAttachment *file = g_ptr_array_index (files, i);

      row = gtk_list_box_get_row_at_index (self->list, (int) i);
      if (row == NULL || strcmp (xh_files_line_get_file (XH_FILES_LINE (row))->hash, file->hash) != 0)
        {
          GtkWidget *line = xh_files_line_new (get_desk (self), file);

          g_signal_connect_object (line, "remove", G_CALLBACK (remove_cb), self, 0);
          gtk_list_box_insert (self->list, line, (int) i);
        }
      xh_files_line_set_editable (xh_files_row_get_line (self, i), editable && get_desk (self) != NULL);
    }
  while ((row = gtk_list_box_get_row_at_index (self->list, (int) files->len)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

static void
xh_files_row_load (XhFieldRow *row)
{
  XhFilesRow *self = XH_FILES_ROW (row);
  g_autoptr (GPtrArray) files = read_files (self);

  match_lines (self, files);
  gtk_widget_set_visible (GTK_WIDGET (self->list), files->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->add), xh_cell_is_editable (xh_field_row_get_cell (row)) && get_desk (self) != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->busy), self->paths != NULL);
  look (self);
}

static void
activated_cb (GtkListBox *list, GtkListBoxRow *row, XhFilesRow *self)
{
  xh_files_line_open (XH_FILES_LINE (row));
}

/* --- adding */

static void
tell_faults (XhFilesRow *self, GPtrArray *faults)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *text = NULL;
  GtkWidget *dialog;

  if (faults->len == 0 || root == NULL)
    return;
  g_ptr_array_add (faults, NULL);
  text = g_strjoinv ("\n\n", (char **) faults->pdata);
  g_ptr_array_remove_index (faults, faults->len - 1);
  dialog = adw_message_dialog_new (GTK_WINDOW (root), ngettext ("A File Was Not Added", "Some Files Were Not Added", faults->len), text);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
end_adding (XhFilesRow *self)
{
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  xh_field_row_refresh (XH_FIELD_ROW (self));
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhFilesRow) self = data;
  g_autoptr (XhAdded) added = xh_attachment_desk_add_finish (XH_ATTACHMENT_DESK (source), result);
  g_autoptr (GPtrArray) files = read_files (self);
  const guint before = files->len;

  /* The page was left: what was taken in is named by nothing, and may go. */
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    {
      g_clear_pointer (&self->paths, g_ptr_array_unref);
      return;
    }
  for (guint i = 0; i < added->files->len; i++)
    {
      const XhAttachment *file = g_ptr_array_index (added->files, i);

      if (xh_attachments_find (files, file->hash) >= 0)
        g_ptr_array_add (added->faults, g_strdup_printf (_("“%s” is here already: the content is the same."), file->name));
      else if (files->len >= XH_ATTACHMENTS_MAX)
        g_ptr_array_add (added->faults, g_strdup_printf (_("“%s”: at most %u files."), file->name, XH_ATTACHMENTS_MAX));
      else
        g_ptr_array_add (files, xh_attachment_copy (file));
    }
  if (files->len > before && xh_cell_is_editable (xh_field_row_get_cell (XH_FIELD_ROW (self))))
    write_files (self, files);
  end_adding (self);
  tell_faults (self, added->faults);
}

static void
take (XhFilesRow *self, gboolean shrink)
{
  xh_attachment_desk_add_async (get_desk (self), self->paths, shrink, added_cb, g_object_ref (self));
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, XhFilesRow *self)
{
  if (self->paths == NULL)
    return;
  if (g_str_equal (response, "smaller") || g_str_equal (response, "whole"))
    take (self, g_str_equal (response, "smaller"));
  else
    end_adding (self);
}

static void
ask_for_size (XhFilesRow *self, guint n)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
    root != NULL ? GTK_WINDOW (root) : NULL, ngettext ("A Large Picture", "Large Pictures", n),
    _("Made smaller, they are sent much faster and stay legible. Place and time that the camera noted are left out. Keep them whole where every detail counts.")));

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "whole", _("Keep _Whole"), "smaller", _("Make _Smaller"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "smaller", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "smaller");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
weighed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhFilesRow) self = data;
  const guint n = xh_attachment_desk_weigh_finish (XH_ATTACHMENT_DESK (source), result);

  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    g_clear_pointer (&self->paths, g_ptr_array_unref);
  else if (n > 0)
    ask_for_size (self, n);
  else
    take (self, FALSE);
}

void
xh_files_row_add_paths (XhFilesRow *self, GPtrArray *paths)
{
  if (paths->len == 0 || self->paths != NULL || get_desk (self) == NULL)
    {
      g_ptr_array_unref (paths);
      return;
    }
  self->paths = paths;
  xh_field_row_refresh (XH_FIELD_ROW (self));
  xh_attachment_desk_weigh_async (get_desk (self), paths, weighed_cb, g_object_ref (self));
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, XhFilesRow *self)
{
  g_autoptr (GListModel) files = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog)) : NULL;
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);
      char *path = g_file_get_path (file);

      if (path != NULL)
        g_ptr_array_add (paths, path);
    }
  xh_files_row_add_paths (self, paths);
  g_object_unref (dialog);
}

static void
add_cb (XhFilesRow *self)
{
  const char *label = xh_label_get (&xh_field_row_get_field (XH_FIELD_ROW (self))->label);
  g_autofree char *title = g_strdup_printf (_("Add to %s"), label);
  GtkFileChooserNative *dialog;

  /* It stays sensitive meanwhile: the focus would go elsewhere, and the page with it. */
  if (self->paths != NULL)
    return;
  dialog = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Add"), NULL);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, XhFilesRow *self)
{
  GSList *files = g_value_get_boxed (value);
  GPtrArray *paths;

  if (!xh_cell_is_editable (xh_field_row_get_cell (XH_FIELD_ROW (self))) || self->paths != NULL)
    return FALSE;
  paths = g_ptr_array_new_with_free_func (g_free);
  for (GSList *l = files; l != NULL; l = l->next)
    {
      char *path = g_file_get_path (l->data);

      if (path != NULL)
        g_ptr_array_add (paths, path);
    }
  xh_files_row_add_paths (self, paths);
  return TRUE;
}

/* --- building */

static void
add_busy (XhFilesRow *self, GtkBox *box)
{
  GtkWidget *spinner = gtk_spinner_new ();

  self->busy = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8));
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Adding…"), -1);
  gtk_box_append (self->busy, spinner);
  gtk_box_append (self->busy, gtk_label_new (_("Adding…")));
  gtk_box_append (box, GTK_WIDGET (self->busy));
}

static void
xh_files_row_build (XhFieldRow *row)
{
  XhFilesRow *self = XH_FILES_ROW (row);
  const char *label = xh_label_get (&xh_field_row_get_field (row)->label);
  g_autofree char *text = g_strdup_printf (_("Add to %s"), label);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (activated_cb), self);
  self->add = GTK_BUTTON (gtk_button_new ());
  gtk_button_set_child (self->add, g_object_new (ADW_TYPE_BUTTON_CONTENT, "icon-name", "mail-attachment-symbolic", "label", text, NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->add), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->add), _("Files can also be dropped here."));
  gtk_widget_set_halign (GTK_WIDGET (self->add), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (self->add), "flat");
  g_signal_connect_swapped (self->add, "clicked", G_CALLBACK (add_cb), self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  add_busy (self, GTK_BOX (box));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->add));
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  xh_field_row_set_editor (row, box, GTK_WIDGET (self->add), TRUE);
}

static void
xh_files_row_dispose (GObject *object)
{
  g_cancellable_cancel (XH_FILES_ROW (object)->cancellable);
  g_clear_handle_id (&XH_FILES_ROW (object)->timer, g_source_remove);

  G_OBJECT_CLASS (xh_files_row_parent_class)->dispose (object);
}

static void
xh_files_row_finalize (GObject *object)
{
  g_clear_pointer (&XH_FILES_ROW (object)->paths, g_ptr_array_unref);
  g_clear_pointer (&XH_FILES_ROW (object)->looked, g_ptr_array_unref);
  g_clear_object (&XH_FILES_ROW (object)->cancellable);

  G_OBJECT_CLASS (xh_files_row_parent_class)->finalize (object);
}

static void
xh_files_row_class_init (XhFilesRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_files_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_files_row_finalize;
  XH_FIELD_ROW_CLASS (klass)->build = xh_files_row_build;
  XH_FIELD_ROW_CLASS (klass)->load = xh_files_row_load;
  XH_FIELD_ROW_CLASS (klass)->keeps_editor = TRUE;
}

static void
xh_files_row_init (XhFilesRow *self)
{
  self->cancellable = g_cancellable_new ();
}
