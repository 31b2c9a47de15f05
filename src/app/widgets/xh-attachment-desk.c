/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-attachment-desk.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/xh-application.h"
#include "xh-picture.h"

#define KEPT_EDGE 256     /* pictures up to this are kept beside the content */
#define PICTURE_EDGE 2000 /* where the catalog's limit "picture_edge" says nothing */
#define PROGRESS_MS 100

struct _XhAttachmentDesk
{
  GObject parent_instance;

  GWeakRef session;
  XhFiles *files;     /* (owned) */
  XhCatalog *catalog; /* (owned) */
  char *server, *device; /* (owned) */
};

G_DEFINE_FINAL_TYPE (XhAttachmentDesk, xh_attachment_desk, G_TYPE_OBJECT)

/* What a thread works on; by its own copies. */
typedef struct
{
  XhFiles *files;      /* (owned) */
  XhCatalog *catalog;  /* (owned) */
  GPtrArray *several;  /* (owned) (nullable) paths, or XhAttachments */
  XhAttachment *file;  /* (owned) (nullable) */
  char *server, *device, *token; /* (owned) (nullable) */
  gboolean shrink;
  guint edge;
  gint64 limit;
  XhFilesFunc progress;
  gpointer progress_data;
  gint64 told;         /* the thread's: when it last told how far it is */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  xh_files_unref (job->files);
  xh_catalog_unref (job->catalog);
  g_clear_pointer (&job->several, g_ptr_array_unref);
  xh_attachment_free (job->file);
  g_free (job->server);
  g_free (job->device);
  g_free (job->token);
  g_free (job);
}

static Job *
run (XhAttachmentDesk *self, GTaskThreadFunc func, GPtrArray *several, const XhAttachment *file, GCancellable *cancellable,
     GAsyncReadyCallback callback, gpointer user_data, GTask **task)
{
  Job *job = g_new0 (Job, 1);

  job->files = xh_files_ref (self->files);
  job->catalog = xh_catalog_ref (self->catalog);
  job->several = several != NULL ? g_ptr_array_ref (several) : NULL;
  job->file = file != NULL ? xh_attachment_copy (file) : NULL;
  *task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_task_data (*task, job, job_free);
  g_task_set_source_tag (*task, func);
  return job;
}

static int
get_edge (XhCatalog *catalog)
{
  return (int) xh_catalog_get_limit (catalog, "picture_edge", PICTURE_EDGE);
}

/* --- adding */

static gboolean
is_big_picture (Job *job, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE, G_FILE_QUERY_INFO_NONE, NULL, NULL);
  const char *type = info != NULL ? g_file_info_get_content_type (info) : NULL;

  return type != NULL && g_content_type_is_a (type, "image/*") && xh_picture_is_big (path, get_edge (job->catalog));
}

static void
weigh_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  gssize n = 0;

  for (guint i = 0; i < job->several->len; i++)
    n += is_big_picture (job, g_ptr_array_index (job->several, i));
  g_task_return_int (task, n);
}

void
xh_attachment_desk_weigh_async (XhAttachmentDesk *self, GPtrArray *paths, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  run (self, weigh_thread, paths, NULL, NULL, callback, user_data, &task);
  g_task_run_in_thread (task, weigh_thread);
}

guint
xh_attachment_desk_weigh_finish (XhAttachmentDesk *self, GAsyncResult *result)
{
  const gssize n = g_task_propagate_int (G_TASK (result), NULL);

  return (guint) MAX (n, 0);
}

void
xh_added_free (XhAdded *added)
{
  if (added == NULL)
    return;
  g_ptr_array_unref (added->files);
  g_ptr_array_unref (added->faults);
  g_free (added);
}

/* photo.png, made smaller, is photo.jpg. */
static char *
name_shrunk (const char *path)
{
  g_autofree char *base = g_filename_display_basename (path);
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  return g_strconcat (base, ".jpg", NULL);
}

static XhAttachment *
add_shrunk (Job *job, const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *temporary = xh_files_temporary (job->files), *name = name_shrunk (path);
  const int fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0600);
  XhAttachment *file = NULL;

  if (fd < 0)
    {
      xh_sync_fail_disk (name, errno, error);
      return NULL;
    }
  close (fd);
  if (xh_picture_shrink (path, get_edge (job->catalog), temporary, error))
    file = xh_files_add (job->files, temporary, name, job->catalog, cancellable, error);
  g_unlink (temporary);
  return file;
}

static void
add_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  XhAdded *added = g_new (XhAdded, 1);

  added->files = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_attachment_free);
  added->faults = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < job->several->len; i++)
    {
      const char *path = g_ptr_array_index (job->several, i);
      g_autoptr (GError) error = NULL;
      XhAttachment *file = job->shrink && is_big_picture (job, path) ? add_shrunk (job, path, cancellable, &error)
                                                                     : xh_files_add (job->files, path, NULL, job->catalog, cancellable, &error);

      if (file != NULL)
        g_ptr_array_add (added->files, file);
      else
        g_ptr_array_add (added->faults, g_strdup (error->message));
    }
  g_task_return_pointer (task, added, (GDestroyNotify) xh_added_free);
}

void
xh_attachment_desk_add_async (XhAttachmentDesk *self, GPtrArray *paths, gboolean shrink, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job = run (self, add_thread, paths, NULL, NULL, callback, user_data, &task);

  job->shrink = shrink;
  g_task_run_in_thread (task, add_thread);
}

XhAdded *
xh_attachment_desk_add_finish (XhAttachmentDesk *self, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/* --- fetching */

typedef struct
{
  GTask *task; /* (owned) keeps the desk and who asked alive */
  gint64 done, total;
} Told;

static gboolean
told_cb (gpointer data)
{
  Told *told = data;
  Job *job = g_task_get_task_data (told->task);

  if (!g_task_get_completed (told->task) && !g_cancellable_is_cancelled (g_task_get_cancellable (told->task)))
    job->progress (told->done, told->total, job->progress_data);
  g_object_unref (told->task);
  g_free (told);
  return G_SOURCE_REMOVE;
}

static void
fetched_some (gint64 done, gint64 total, gpointer data)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);
  const gint64 now = g_get_monotonic_time ();
  Told *told;

  if (job->progress == NULL || (now - job->told < PROGRESS_MS * 1000 && done < total))
    return;
  job->told = now;
  told = g_new (Told, 1);
  *told = (Told) { g_object_ref (task), done, total };
  g_main_context_invoke (g_task_get_context (task), told_cb, told);
}

static void
fetch_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autoptr (XhClient) client = xh_client_new (job->server, job->device);
  GError *error = NULL;

  xh_client_set_token (client, job->token);
  if (xh_files_fetch (job->files, client, job->file, fetched_some, task, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
xh_attachment_desk_fetch_async (XhAttachmentDesk *self, const XhAttachment *file, XhFilesFunc progress, gpointer progress_data,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (XhSession) session = g_weak_ref_get (&self->session);
  XhStore *store = session != NULL ? xh_session_get_store (session) : NULL;
  Job *job = run (self, fetch_thread, NULL, file, cancellable, callback, user_data, &task);

  job->server = g_strdup (self->server);
  job->device = g_strdup (self->device);
  job->token = store != NULL ? xh_store_meta_get (store, "token") : NULL;
  job->progress = progress;
  job->progress_data = progress_data;
  g_task_run_in_thread (task, fetch_thread);
}

gboolean
xh_attachment_desk_fetch_finish (XhAttachmentDesk *self, GAsyncResult *result, GError **error)
{
  const gboolean fetched = g_task_propagate_boolean (G_TASK (result), error);

  if (fetched)
    xh_attachment_desk_make_room (self);
  return fetched;
}

/* --- showing */

static GdkPixbuf *
load_picture (Job *job, GError **error)
{
  g_autofree char *path = xh_files_path (job->files, job->file->hash), *small = NULL;
  GdkPixbuf *picture;

  if (job->edge > KEPT_EDGE)
    return xh_picture_load (path, (int) job->edge, error);
  small = xh_files_small_path (job->files, job->file->hash, job->edge);
  picture = gdk_pixbuf_new_from_file (small, NULL);
  if (picture != NULL)
    return picture;
  picture = xh_picture_load (path, (int) job->edge, error);
  /* One that cannot be kept is made again. */
  if (picture != NULL)
    gdk_pixbuf_save (picture, small, "png", NULL, NULL);
  return picture;
}

static void
picture_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  g_autoptr (GdkPixbuf) picture = load_picture (job, &error);

  xh_files_use (job->files, job->file->hash);
  if (picture != NULL)
    g_task_return_pointer (task, gdk_texture_new_for_pixbuf (picture), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
xh_attachment_desk_picture_async (XhAttachmentDesk *self, const XhAttachment *file, guint edge, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job = run (self, picture_thread, NULL, file, cancellable, callback, user_data, &task);

  job->edge = edge;
  g_task_run_in_thread (task, picture_thread);
}

GdkTexture *
xh_attachment_desk_picture_finish (XhAttachmentDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
look_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GArray *states = g_array_sized_new (FALSE, FALSE, sizeof (XhFileState), job->several->len);

  for (guint i = 0; i < job->several->len; i++)
    {
      XhFileState state;

      xh_files_look (job->files, g_ptr_array_index (job->several, i), &state);
      g_array_append_val (states, state);
    }
  g_task_return_pointer (task, states, (GDestroyNotify) g_array_unref);
}

void
xh_attachment_desk_look_at_async (XhAttachmentDesk *self, GPtrArray *files, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  run (self, look_thread, files, NULL, cancellable, callback, user_data, &task);
  g_task_run_in_thread (task, look_thread);
}

GArray *
xh_attachment_desk_look_at_finish (XhAttachmentDesk *self, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
copy_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  char *path = xh_files_copy_out (job->files, job->file, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

void
xh_attachment_desk_copy_async (XhAttachmentDesk *self, const XhAttachment *file, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  run (self, copy_thread, NULL, file, NULL, callback, user_data, &task);
  g_task_run_in_thread (task, copy_thread);
}

char *
xh_attachment_desk_copy_finish (XhAttachmentDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- room */

static void
room_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;

  xh_files_trim (job->files, job->limit);
  g_task_return_boolean (task, TRUE);
}

void
xh_attachment_desk_make_room (XhAttachmentDesk *self)
{
  g_autoptr (GTask) task = NULL;
  Job *job = run (self, room_thread, NULL, NULL, NULL, NULL, NULL, &task);

  job->limit = (gint64) g_settings_get_uint (xh_settings (), "files-megabytes") << 20;
  g_task_run_in_thread (task, room_thread);
}

XhFiles *
xh_attachment_desk_get_files (XhAttachmentDesk *self)
{
  return self->files;
}

/* --- the object */

static void
xh_attachment_desk_finalize (GObject *object)
{
  XhAttachmentDesk *self = XH_ATTACHMENT_DESK (object);

  g_weak_ref_clear (&self->session);
  xh_files_unref (self->files);
  xh_catalog_unref (self->catalog);
  g_free (self->server);
  g_free (self->device);

  G_OBJECT_CLASS (xh_attachment_desk_parent_class)->finalize (object);
}

static void
xh_attachment_desk_class_init (XhAttachmentDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_attachment_desk_finalize;
}

static void
xh_attachment_desk_init (XhAttachmentDesk *self)
{
  g_weak_ref_init (&self->session, NULL);
}

XhAttachmentDesk *
xh_attachment_desk_new (XhFiles *files, XhCatalog *catalog, const char *server, const char *device)
{
  XhAttachmentDesk *self = g_object_new (XH_TYPE_ATTACHMENT_DESK, NULL);

  self->files = xh_files_ref (files);
  self->catalog = xh_catalog_ref (catalog);
  self->server = g_strdup (server);
  self->device = g_strdup (device);
  return self;
}

XhAttachmentDesk *
xh_attachment_desk_of (XhSession *session)
{
  XhAttachmentDesk *self = g_object_get_data (G_OBJECT (session), "xh-attachment-desk");
  XhDesk *desk = xh_session_get_desk (session);
  g_autoptr (XhFiles) files = NULL;

  if (self != NULL)
    return self;
  files = xh_desk_files_new (desk);
  self = xh_attachment_desk_new (files, desk->catalog, desk->server, desk->device);
  g_weak_ref_set (&self->session, session);
  g_object_set_data_full (G_OBJECT (session), "xh-attachment-desk", self, g_object_unref);
  g_signal_connect_object (xh_settings (), "changed::files-megabytes", G_CALLBACK (xh_attachment_desk_make_room), self, G_CONNECT_SWAPPED);
  xh_attachment_desk_make_room (self);
  return self;
}
