/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-files-line.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-picture-window.h"

#define EDGE 44  /* height of the small picture, in the size of the screen */
#define WIDTH 60 /* of all of them, that names stand in line */

struct _XhFilesLine
{
  GtkListBoxRow parent_instance;

  XhAttachmentDesk *desk;    /* (owned) (nullable) */
  XhAttachment *file;        /* (owned) */
  GtkStack *front;           /* the picture, or the sign of its type */
  GtkPicture *picture;
  GtkLabel *name, *note;
  GtkProgressBar *progress;
  GtkButton *open, *cancel, *remove;
  GCancellable *cancellable; /* (owned) (nullable) of the fetch under way */
  GCancellable *looking;     /* (owned) of the small picture */
  gboolean pictured;
  XhFileState state;         /* as it was last seen */
};

enum { REMOVE, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XhFilesLine, xh_files_line, GTK_TYPE_LIST_BOX_ROW)

static const char *
get_icon (const char *type)
{
  if (g_str_has_prefix (type, "image/"))
    return "image-x-generic-symbolic";
  if (g_str_has_prefix (type, "video/"))
    return "video-x-generic-symbolic";
  if (strstr (type, "sheet") != NULL || strstr (type, "excel") != NULL || g_str_equal (type, "text/csv"))
    return "x-office-spreadsheet-symbolic";
  if (strstr (type, "presentation") != NULL || strstr (type, "powerpoint") != NULL)
    return "x-office-presentation-symbolic";
  if (g_str_equal (type, "application/zip"))
    return "package-x-generic-symbolic";
  return g_str_has_prefix (type, "text/") ? "text-x-generic-symbolic" : "x-office-document-symbolic";
}

static void
set_note (XhFilesLine *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
set_note (XhFilesLine *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  gtk_label_set_label (self->note, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
pictured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhFilesLine) self = data;
  g_autoptr (GdkTexture) texture = xh_attachment_desk_picture_finish (XH_ATTACHMENT_DESK (source), result, NULL);

  if (texture == NULL || g_cancellable_is_cancelled (self->looking))
    return;
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_stack_set_visible_child (self->front, gtk_widget_get_parent (GTK_WIDGET (self->picture)));
}

static void
show_picture (XhFilesLine *self)
{
  const guint scale = (guint) gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (self->pictured || !xh_attachment_is_picture (self->file->type))
    return;
  self->pictured = TRUE;
  xh_attachment_desk_picture_async (self->desk, self->file, 2 * EDGE * scale, self->looking, pictured_cb, g_object_ref (self));
}

void
xh_files_line_show (XhFilesLine *self, const XhFileState *state)
{
  g_autofree char *size = g_format_size ((guint64) self->file->size);
  const gboolean sending = state->outgoing && state->sent > 0;

  self->state = *state;
  if (state->here)
    show_picture (self);
  if (self->cancellable != NULL)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->progress), sending);
  if (sending)
    gtk_progress_bar_set_fraction (self->progress, (double) state->sent / (double) self->file->size);
  if (sending)
    set_note (self, _("%s · being sent, %d %%"), size, (int) (state->sent * 100 / self->file->size));
  else if (state->outgoing && state->here)
    set_note (self, _("%s · on this computer, not sent yet"), size);
  else if (state->here)
    set_note (self, _("%s · on the server and on this computer"), size);
  else if (state->outgoing)
    set_note (self, _("%s · no longer on this computer: choose it again"), size);
  else
    set_note (self, _("%s · on the server"), size);
}

static void
show_fault (XhFilesLine *self, const char *heading, const char *reason)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = adw_message_dialog_new (root != NULL ? GTK_WINDOW (root) : NULL, heading, reason);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhFilesLine) self = data;
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error) && !g_cancellable_is_cancelled (self->looking))
    show_fault (self, _("No Program Opens This File"), error->message);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhFilesLine) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = xh_attachment_desk_copy_finish (XH_ATTACHMENT_DESK (source), result, &error);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *uri = path != NULL ? g_filename_to_uri (path, NULL, NULL) : NULL;

  if (root == NULL)
    return;
  if (uri == NULL)
    show_fault (self, _("This File Cannot Be Opened"), error != NULL ? error->message : NULL);
  else
    gtk_show_uri_full (GTK_WINDOW (root), uri, GDK_CURRENT_TIME, NULL, shown_cb, g_object_ref (self));
}

static void
show_content (XhFilesLine *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root == NULL)
    return;
  if (xh_attachment_is_picture (self->file->type))
    xh_picture_window_open (GTK_WINDOW (root), self->desk, self->file);
  else
    xh_attachment_desk_copy_async (self->desk, self->file, copied_cb, g_object_ref (self));
}

static void
end_fetch (XhFilesLine *self)
{
  g_clear_object (&self->cancellable);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->open), TRUE);
  xh_files_line_show (self, &self->state);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhFilesLine) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean fetched = xh_attachment_desk_fetch_finish (XH_ATTACHMENT_DESK (source), result, &error);

  if (g_cancellable_is_cancelled (self->looking))
    return; /* the page was left */
  self->state.here = self->state.here || fetched;
  end_fetch (self);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PENDING))
    return;
  if (fetched)
    show_content (self);
  else
    show_fault (self, g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE) ? _("This File Is on the Server, and There Is No Contact Now")
                                                                                     : _("This File Could Not Be Fetched"), error->message);
}

static void
fetching_cb (gint64 done, gint64 total, gpointer data)
{
  XhFilesLine *self = data;
  g_autofree char *came = g_format_size ((guint64) done), *all = g_format_size ((guint64) total);

  gtk_progress_bar_set_fraction (self->progress, total > 0 ? (double) done / (double) total : 0);
  set_note (self, _("Being fetched: %s of %s"), came, all);
}

/* What is here is fetched in no time; whether it still is, the worker sees. */
void
xh_files_line_open (XhFilesLine *self)
{
  if (self->desk == NULL || self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), !self->state.here);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), !self->state.here);
  gtk_widget_set_visible (GTK_WIDGET (self->open), self->state.here);
  xh_attachment_desk_fetch_async (self->desk, self->file, fetching_cb, self, self->cancellable, fetched_cb, g_object_ref (self));
}

static void
cancel_cb (XhFilesLine *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
remove_cb (XhFilesLine *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

void
xh_files_line_set_editable (XhFilesLine *self, gboolean editable)
{
  gtk_widget_set_visible (GTK_WIDGET (self->remove), editable);
}

const XhAttachment *
xh_files_line_get_file (XhFilesLine *self)
{
  return self->file;
}

/* --- building */

static GtkButton *
add_button (GtkBox *box, const char *icon, const char *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_box_append (box, button);
  return GTK_BUTTON (button);
}

static void
add_front (XhFilesLine *self, GtkBox *box)
{
  GtkWidget *sign = gtk_image_new_from_icon_name (get_icon (self->file->type)), *frame = adw_clamp_new ();

  self->front = GTK_STACK (gtk_stack_new ());
  self->picture = GTK_PICTURE (gtk_picture_new ());
  gtk_picture_set_content_fit (self->picture, GTK_CONTENT_FIT_COVER);
  gtk_picture_set_alternative_text (self->picture, self->file->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, self->file->name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (sign), GTK_ACCESSIBLE_PROPERTY_LABEL, self->file->name, -1);
  gtk_image_set_pixel_size (GTK_IMAGE (sign), 24);
  gtk_stack_add_child (self->front, sign);
  adw_clamp_set_maximum_size (ADW_CLAMP (frame), WIDTH);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (frame), WIDTH);
  adw_clamp_set_child (ADW_CLAMP (frame), GTK_WIDGET (self->picture));
  gtk_stack_add_child (self->front, frame);
  gtk_widget_set_size_request (GTK_WIDGET (self->front), WIDTH, EDGE);
  gtk_widget_set_valign (GTK_WIDGET (self->front), GTK_ALIGN_CENTER);
  gtk_widget_set_overflow (GTK_WIDGET (self->front), GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (GTK_WIDGET (self->front), "file-front");
  gtk_box_append (box, GTK_WIDGET (self->front));
}

static GtkLabel *
add_label (GtkBox *box, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (box, label);
  return GTK_LABEL (label);
}

static void
add_words (XhFilesLine *self, GtkBox *box)
{
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  self->name = add_label (GTK_BOX (words), self->file->name);
  gtk_label_set_ellipsize (self->name, PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), self->file->name);
  self->note = add_label (GTK_BOX (words), "");
  gtk_label_set_wrap (self->note, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "dim-label");
  self->progress = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, self->file->name, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->progress));
  gtk_box_append (box, words);
}

static void
build (XhFilesLine *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *open = g_strdup_printf (_("Open %s"), self->file->name), *remove = g_strdup_printf (_("Remove %s"), self->file->name);

  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 8);
  gtk_widget_set_margin_top (box, 8);
  gtk_widget_set_margin_bottom (box, 8);
  add_front (self, GTK_BOX (box));
  add_words (self, GTK_BOX (box));
  self->open = add_button (GTK_BOX (box), "document-open-symbolic", open);
  self->cancel = add_button (GTK_BOX (box), "process-stop-symbolic", _("Stop fetching"));
  self->remove = add_button (GTK_BOX (box), "user-trash-symbolic", remove);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->open), self->desk != NULL);
  g_signal_connect_swapped (self->open, "clicked", G_CALLBACK (xh_files_line_open), self);
  g_signal_connect_swapped (self->cancel, "clicked", G_CALLBACK (cancel_cb), self);
  g_signal_connect_swapped (self->remove, "clicked", G_CALLBACK (remove_cb), self);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->file->name, -1);
}

static void
xh_files_line_dispose (GObject *object)
{
  XhFilesLine *self = XH_FILES_LINE (object);

  g_cancellable_cancel (self->looking);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (xh_files_line_parent_class)->dispose (object);
}

static void
xh_files_line_finalize (GObject *object)
{
  XhFilesLine *self = XH_FILES_LINE (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->looking);
  xh_attachment_free (self->file);

  G_OBJECT_CLASS (xh_files_line_parent_class)->finalize (object);
}

static void
xh_files_line_class_init (XhFilesLineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_files_line_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_files_line_finalize;
  signals[REMOVE] = g_signal_new ("remove", XH_TYPE_FILES_LINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xh_files_line_init (XhFilesLine *self)
{
  self->looking = g_cancellable_new ();
}

GtkWidget *
xh_files_line_new (XhAttachmentDesk *desk, const XhAttachment *file)
{
  XhFilesLine *self = g_object_new (XH_TYPE_FILES_LINE, NULL);
  g_autofree char *size = NULL;

  self->desk = desk != NULL ? g_object_ref (desk) : NULL;
  self->file = xh_attachment_copy (file);
  build (self);
  size = g_format_size ((guint64) file->size);
  set_note (self, "%s", size);
  return GTK_WIDGET (self);
}
