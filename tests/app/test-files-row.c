/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of attachments without a server: what is added, refused, made smaller, removed and taken back. */
#include "app/record/xh-form-view.h"
#include "app/widgets/xh-files-line.h"
#include "app/widgets/xh-files-row.h"
#include "app/widgets/xh-picture.h"

#include <string.h>

#include "../sync/scratch.h"

static XhCatalog *catalog;

#define TEST_TYPE_HOST (test_host_get_type ())
G_DECLARE_FINAL_TYPE (TestHost, test_host, TEST, HOST, GObject)

struct _TestHost
{
  GObject parent_instance;

  XhAttachmentDesk *desk; /* (owned) */
};

static XhAttachmentDesk *
test_host_get_attachments (XhFieldHost *host)
{
  return TEST_HOST (host)->desk;
}

static const char *
test_host_get_scope (XhFieldHost *host)
{
  return NULL;
}

static void
host_iface_init (XhFieldHostInterface *iface)
{
  iface->get_scope = test_host_get_scope;
  iface->get_attachments = test_host_get_attachments;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestHost, test_host, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (XH_TYPE_FIELD_HOST, host_iface_init))

static void
test_host_finalize (GObject *object)
{
  g_clear_object (&TEST_HOST (object)->desk);

  G_OBJECT_CLASS (test_host_parent_class)->finalize (object);
}

static void
test_host_class_init (TestHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_host_finalize;
}

static void
test_host_init (TestHost *self)
{
}

typedef struct
{
  char *folder;
  XhFiles *files;
  XhForm *form;
  XhRecordEditor *editor;
  GtkWidget *window;
  XhFilesRow *row;
} Fixture;

static GtkWidget *
find_row (GtkWidget *root, const char *field)
{
  if (XH_IS_FILES_ROW (root) && g_str_equal (xh_field_row_get_field (XH_FIELD_ROW (root))->name, field))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, field);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  const XhKind *kind = xh_catalog_find_kind (catalog, "entry-education");
  g_autoptr (XhRecord) record = xh_record_new (kind, NULL);
  g_autoptr (TestHost) host = g_object_new (TEST_TYPE_HOST, NULL);
  g_autofree char *path = NULL;
  GtkWidget *view;

  self->folder = scratch_new ();
  path = g_build_filename (self->folder, "files", NULL);
  self->files = xh_files_new (path);
  host->desk = xh_attachment_desk_new (self->files, catalog, "http://127.0.0.1:1", "test");
  self->form = xh_form_new (kind, "office");
  xh_form_load (self->form, record, NULL, TRUE);
  self->editor = xh_record_editor_new (self->form, "office");
  view = xh_form_view_new (self->editor, XH_FIELD_HOST (host));
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 720, 900);
  gtk_window_set_child (GTK_WINDOW (self->window), view);
  self->row = XH_FILES_ROW (find_row (view, "photos"));
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  while (g_list_model_get_n_items (windows) > 0)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, 0);

      gtk_window_destroy (window);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (self->editor);
  g_object_unref (self->form);
  xh_files_unref (self->files);
  scratch_remove (self->folder);
}

static GPtrArray *
read_files (Fixture *self)
{
  return xh_attachments_read (xh_form_get (self->form, "photos"));
}

static guint
count_files (Fixture *self)
{
  g_autoptr (GPtrArray) files = read_files (self);

  return files->len;
}

/* The dialog over the window, or NULL. */
static AdwMessageDialog *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window))
        return ADW_MESSAGE_DIALOG (window);
    }
  return NULL;
}

static void
wait_for_files (Fixture *self, guint n)
{
  while (count_files (self) != n)
    g_main_context_iteration (NULL, TRUE);
}

static AdwMessageDialog *
wait_for_dialog (void)
{
  AdwMessageDialog *dialog;

  while ((dialog = find_dialog ()) == NULL)
    g_main_context_iteration (NULL, TRUE);
  return dialog;
}

/* As a press of the button does: the dialog goes by it. */
static void
answer (const char *response)
{
  AdwMessageDialog *dialog = wait_for_dialog ();

  adw_message_dialog_response (dialog, response);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static char *
write_picture (Fixture *self, const char *name, int width, int height)
{
  g_autoptr (GdkPixbuf) picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  char *path = g_build_filename (self->folder, name, NULL);

  gdk_pixbuf_fill (picture, 0x3377aaff);
  g_assert_true (gdk_pixbuf_save (picture, path, g_str_has_suffix (name, ".png") ? "png" : "jpeg", NULL, NULL));
  return path;
}

static void
choose (Fixture *self, char *path)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (paths, path);
  xh_files_row_add_paths (self->row, paths);
}

static void
test_add_and_remove (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) files = NULL;

  choose (self, write_picture (self, "签到表.png", 300, 200));
  wait_for_files (self, 1);
  files = read_files (self);
  g_assert_cmpstr (((XhAttachment *) files->pdata[0])->name, ==, "签到表.png");
  g_assert_true (xh_files_is_outgoing (self->files, ((XhAttachment *) files->pdata[0])->hash, NULL));
  g_signal_emit_by_name (xh_files_row_get_line (self->row, 0), "remove");
  g_assert_cmpuint (count_files (self), ==, 0);
  g_assert_true (xh_record_editor_undo (self->editor));
  g_assert_cmpuint (count_files (self), ==, 1);
  g_assert_nonnull (xh_files_row_get_line (self->row, 0));
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  char *path = g_build_filename (self->folder, "tool.jpg", NULL);

  g_assert_true (g_file_set_contents (path, "MZ\x90 program", -1, NULL));
  choose (self, path);
  g_assert_nonnull (strstr (adw_message_dialog_get_body (wait_for_dialog ()), "tool.jpg"));
  g_assert_cmpuint (count_files (self), ==, 0);
}

static void
test_same_content (Fixture *self, gconstpointer data)
{
  choose (self, write_picture (self, "a.png", 300, 200));
  wait_for_files (self, 1);
  choose (self, write_picture (self, "b.png", 300, 200));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (wait_for_dialog ()), "b.png"));
  g_assert_cmpuint (count_files (self), ==, 1);
}

static void
test_smaller (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GdkPixbuf) picture = NULL;
  g_autofree char *path = NULL;

  choose (self, write_picture (self, "现场.png", 3000, 1500));
  answer ("smaller");
  wait_for_files (self, 1);
  files = read_files (self);
  g_assert_cmpstr (((XhAttachment *) files->pdata[0])->name, ==, "现场.jpg");
  path = xh_files_path (self->files, ((XhAttachment *) files->pdata[0])->hash);
  picture = xh_picture_load (path, 10000, NULL);
  g_assert_cmpint (gdk_pixbuf_get_width (picture), ==, 2000);
  g_assert_cmpint (gdk_pixbuf_get_height (picture), ==, 1000);
}

static void
test_whole_or_not_at_all (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) files = NULL;

  choose (self, write_picture (self, "big.jpg", 3000, 1500));
  answer ("cancel");
  g_assert_cmpuint (count_files (self), ==, 0);
  choose (self, write_picture (self, "big.jpg", 3000, 1500));
  answer ("whole");
  wait_for_files (self, 1);
  files = read_files (self);
  g_assert_cmpstr (((XhAttachment *) files->pdata[0])->name, ==, "big.jpg");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
#define ADD(name, func) g_test_add ("/app/files-row/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("a-file-is-added-removed-and-taken-back", test_add_and_remove);
  ADD ("a-program-is-refused-with-the-reason", test_refused);
  ADD ("the-same-content-is-there-once", test_same_content);
  ADD ("a-big-picture-is-made-smaller-on-choice", test_smaller);
  ADD ("a-big-picture-is-kept-whole-or-left-out", test_whole_or_not_at_all);
  result = g_test_run ();
  xh_catalog_unref (catalog);
  return result;
}
