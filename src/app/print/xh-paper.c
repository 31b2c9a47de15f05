/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-paper.h"

#include <glib/gi18n-lib.h>

struct _XhPaper
{
  GObject parent_instance;

  GMutex lock;
  XhDocument *document; /* (owned) (mutex lock) */
  guint n_skipped;
};

G_DEFINE_FINAL_TYPE (XhPaper, xh_paper, G_TYPE_OBJECT)

static void
xh_paper_finalize (GObject *object)
{
  XhPaper *self = XH_PAPER (object);

  g_clear_pointer (&self->document, xh_document_free);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (xh_paper_parent_class)->finalize (object);
}

static void
xh_paper_class_init (XhPaperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_paper_finalize;
}

static void
xh_paper_init (XhPaper *self)
{
  g_mutex_init (&self->lock);
}

/* --- laying out */

typedef struct
{
  XhCatalog *catalog; /* (owned) */
  char *path, *role, *user, *unit; /* (owned) */
  gboolean demo;
  const XhDocumentDef *def;
  GPtrArray *ids;     /* (owned) */
  GArray *rids;       /* (owned) (nullable) */
  gint64 epoch;       /* of the rids */
} Layout;

static void
layout_free (Layout *layout)
{
  g_ptr_array_unref (layout->ids);
  g_clear_pointer (&layout->rids, g_array_unref);
  g_free (layout->path);
  g_free (layout->role);
  g_free (layout->user);
  g_free (layout->unit);
  xh_catalog_unref (layout->catalog);
  g_free (layout);
}

/* Rows that have gone meanwhile are left out. */
static gboolean
find_ids (Layout *layout, XhStore *store, GError **error)
{
  for (guint i = 0; layout->rids != NULL && i < layout->rids->len; i++)
    {
      g_autoptr (XhRecord) record = xh_store_load_rid (store, g_array_index (layout->rids, gint64, i), NULL);

      if (record != NULL)
        g_ptr_array_add (layout->ids, g_strdup (record->id));
    }
  return layout->rids == NULL || xh_store_check_epoch (store, layout->epoch, error);
}

static XhDocument *
print_records (Layout *layout, XhStore *store, guint *n_skipped, GCancellable *cancellable, GError **error)
{
  XhDocumentOptions options = { layout->role, layout->user, layout->unit, layout->demo };
  XhDocumentStore reads = { .store = store, .role = layout->role };
  XhDocument *document;

  if (!find_ids (layout, store, error))
    return NULL;
  if (layout->ids->len == 0)
    {
      g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND, _("The chosen records are not here any more."));
      return NULL;
    }
  reads.ids = (const char *const *) layout->ids->pdata;
  reads.n_ids = layout->ids->len;
  document = xh_document_print_records (layout->def, &reads, &options, cancellable, error);
  *n_skipped = reads.n_skipped;
  return document;
}

static void
layout_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Layout *layout = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhStore) store = xh_store_open (layout->path, layout->catalog, XH_STORE_READ_ONLY, &error);
  guint n_skipped = 0;
  XhDocument *document = store != NULL ? print_records (layout, store, &n_skipped, cancellable, &error) : NULL;
  XhPaper *paper;

  if (document == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  paper = g_object_new (XH_TYPE_PAPER, NULL);
  paper->document = document;
  paper->n_skipped = n_skipped;
  g_task_return_pointer (task, paper, g_object_unref);
}

void
xh_paper_layout_async (XhSession *session, const XhDocumentDef *def, GPtrArray *ids, GArray *rids, gint64 epoch,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const XhProfile *profile = xh_session_get_profile (session);
  g_autoptr (GTask) task = g_task_new (session, cancellable, callback, user_data);
  Layout *layout = g_new0 (Layout, 1);

  layout->catalog = xh_catalog_ref (xh_session_get_catalog (session));
  layout->path = xh_desk_store_path (xh_session_get_desk (session));
  layout->role = g_strdup (profile->role);
  layout->user = g_strdup (profile->name);
  layout->unit = g_strdup (profile->unit);
  layout->demo = profile->demo;
  layout->def = def;
  layout->ids = g_ptr_array_new_with_free_func (g_free);
  layout->rids = rids != NULL ? g_array_ref (rids) : NULL;
  layout->epoch = epoch;
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    g_ptr_array_add (layout->ids, g_strdup (ids->pdata[i]));
  g_task_set_source_tag (task, xh_paper_layout_async);
  g_task_set_task_data (task, layout, (GDestroyNotify) layout_free);
  g_task_run_in_thread (task, layout_thread);
}

XhPaper *
xh_paper_layout_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- reading */

guint
xh_paper_get_n_pages (XhPaper *self)
{
  g_return_val_if_fail (XH_IS_PAPER (self), 0);

  return xh_document_get_n_pages (self->document);
}

guint
xh_paper_get_n_skipped (XhPaper *self)
{
  g_return_val_if_fail (XH_IS_PAPER (self), 0);

  return self->n_skipped;
}

void
xh_paper_get_size (XhPaper *self, guint page, double *width, double *height)
{
  g_return_if_fail (XH_IS_PAPER (self));

  xh_document_get_size (self->document, page, width, height);
}

char *
xh_paper_get_text (XhPaper *self, guint page)
{
  char *text;

  g_mutex_lock (&self->lock);
  text = xh_document_get_text (self->document, page);
  g_mutex_unlock (&self->lock);
  return text;
}

void
xh_paper_draw (XhPaper *self, guint page, cairo_t *cr)
{
  g_mutex_lock (&self->lock);
  xh_document_draw (self->document, page, cr);
  g_mutex_unlock (&self->lock);
}

/* --- pictures */

typedef struct
{
  guint page;
  double scale;
} Render;

static void
unmap_surface (gpointer surface)
{
  cairo_surface_destroy (surface);
}

static void
render_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  XhPaper *self = source;
  const Render *render = data;
  double width, height;
  cairo_surface_t *surface;
  cairo_t *cr;
  g_autoptr (GBytes) bytes = NULL;
  int w, h, stride;

  if (g_task_return_error_if_cancelled (task))
    return;
  xh_document_get_size (self->document, render->page, &width, &height);
  w = (int) (width * render->scale);
  h = (int) (height * render->scale);
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, w, h);
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, render->scale, render->scale);
  xh_paper_draw (self, render->page, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  stride = cairo_image_surface_get_stride (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface), (gsize) stride * h, unmap_surface, surface);
  g_task_return_pointer (task, gdk_memory_texture_new (w, h, GDK_MEMORY_DEFAULT, bytes, stride), g_object_unref);
}

void
xh_paper_render_async (XhPaper *self, guint page, double scale, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Render *render = g_new0 (Render, 1);

  *render = (Render) { page, scale };
  g_task_set_source_tag (task, xh_paper_render_async);
  g_task_set_task_data (task, render, g_free);
  g_task_run_in_thread (task, render_thread);
}

GdkTexture *
xh_paper_render_finish (XhPaper *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- the file */

typedef struct
{
  char *path, *title; /* (owned) */
} Save;

static void
save_free (Save *save)
{
  g_free (save->path);
  g_free (save->title);
  g_free (save);
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  XhPaper *self = source;
  const Save *save = data;
  GError *error = NULL;
  gboolean good;

  g_mutex_lock (&self->lock);
  good = xh_document_write_pdf (self->document, save->path, save->title, cancellable, &error);
  g_mutex_unlock (&self->lock);
  if (good)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
xh_paper_save_async (XhPaper *self, const char *path, const char *title, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Save *save = g_new0 (Save, 1);

  *save = (Save) { g_strdup (path), g_strdup (title) };
  g_task_set_source_tag (task, xh_paper_save_async);
  g_task_set_task_data (task, save, (GDestroyNotify) save_free);
  g_task_run_in_thread (task, save_thread);
}

gboolean
xh_paper_save_finish (XhPaper *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
