/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record-host.h"

#include "xh-record-page.h"

#include "app/subject/xh-unmask.h"
#include "app/window/xh-window.h"
#include "store/xh-query.h"

#define HITS 12

struct _XhRecordHost
{
  GObject parent_instance;

  XhSession *session; /* (owned) */
  GtkWidget *page;    /* (weak) (nullable) */
  char *record;       /* (owned) (nullable) whose numbers are asked for; NULL: that of the record page */
};

static void host_iface_init (XhFieldHostInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (XhRecordHost, xh_record_host, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XH_TYPE_FIELD_HOST, host_iface_init))

static const char *
xh_record_host_get_scope (XhFieldHost *host)
{
  return xh_session_get_profile (XH_RECORD_HOST (host)->session)->division;
}

static char *
xh_record_host_get_title (XhFieldHost *host, const char *id)
{
  return xh_store_title (xh_session_get_store (XH_RECORD_HOST (host)->session), id, NULL);
}

/* --- search, in the reader */

typedef struct
{
  const XhKind *kind;
  char *text; /* (owned) */
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->text);
  g_free (search);
}

static void
hits_free (gpointer data)
{
  g_ptr_array_unref (data);
}

static void
append_hit (XhStore *store, GPtrArray *hits, const XhRecord *record)
{
  XhHit *hit = g_new0 (XhHit, 1);
  XhDivisions *divisions = xh_catalog_get_divisions (record->kind->catalog);

  hit->id = g_strdup (record->id);
  hit->kind = g_strdup (record->kind->name);
  hit->title = xh_store_title (store, record->id, NULL);
  if (hit->title == NULL)
    hit->title = g_strdup (record->id);
  if (record->division != NULL)
    hit->subtitle = xh_divisions_path (divisions, record->division, XH_LEVEL_TOWNSHIP);
  g_ptr_array_add (hits, hit);
}

static gpointer
search_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Search *search = data;
  g_autoptr (XhQuery) query = xh_query_new (search->kind);
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_hit_free);
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GArray) rids = NULL;

  if (search->text[0] != '\0')
    xh_query_search (query, search->text);
  else
    xh_query_sort (query, "updated_at", TRUE);
  rids = xh_store_query_rids (store, query, HITS, error);
  if (rids == NULL)
    return NULL;
  records = xh_store_query_rows (store, search->kind, (const gint64 *) rids->data, MIN (rids->len, HITS), error);
  if (records == NULL)
    return NULL;
  for (guint i = 0; i < records->len; i++)
    if (g_ptr_array_index (records, i) != NULL)
      append_hit (store, hits, g_ptr_array_index (records, i));
  return g_steal_pointer (&hits);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  GPtrArray *hits = xh_worker_finish (XH_WORKER (source), result, &error);

  if (hits == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, hits, hits_free);
}

static void
xh_record_host_search_async (XhFieldHost *host, const char *kind, const char *text, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  XhRecordHost *self = XH_RECORD_HOST (host);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  search->kind = xh_catalog_find_kind (xh_session_get_catalog (self->session), kind);
  search->text = g_strdup (text);
  xh_worker_run (xh_session_get_reader (self->session), G_PRIORITY_DEFAULT, search_in_reader, search, search_free, hits_free,
                 cancellable, searched_cb, task);
}

static GPtrArray *
xh_record_host_search_finish (XhFieldHost *host, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
xh_record_host_open_record (XhFieldHost *host, const char *kind, const char *id)
{
  XhRecordHost *self = XH_RECORD_HOST (host);
  XhWindow *window = self->page != NULL ? xh_window_of (self->page) : NULL;
  const XhKind *found = xh_catalog_find_kind (xh_session_get_catalog (self->session), kind);

  if (window != NULL && found != NULL)
    xh_window_open_record (window, found, id);
}

static XhAttachmentDesk *
xh_record_host_get_attachments (XhFieldHost *host)
{
  return xh_attachment_desk_of (XH_RECORD_HOST (host)->session);
}

typedef struct
{
  GObject *row; /* (owned) */
  void (*shown) (GObject *row);
} Unmasking;

static void
unmasking_free (gpointer data)
{
  g_object_unref (((Unmasking *) data)->row);
  g_free (data);
}

static void
unmasked_cb (gboolean shown, gpointer data)
{
  Unmasking *unmasking = data;

  if (shown)
    unmasking->shown (unmasking->row);
}

static const char *
saved_record (XhRecordHost *self)
{
  if (self->page == NULL)
    return NULL;
  return XH_IS_RECORD_PAGE (self->page) ? xh_record_page_get_saved (XH_RECORD_PAGE (self->page)) : self->record;
}

/* A record that is being made shows what was typed just now. */
static gboolean
xh_record_host_must_ask (XhFieldHost *host)
{
  return saved_record (XH_RECORD_HOST (host)) != NULL;
}

static gboolean
xh_record_host_ask_unmask (XhFieldHost *host, const XhField *field, GObject *row, void (*shown) (GObject *row))
{
  XhRecordHost *self = XH_RECORD_HOST (host);
  const char *id = saved_record (self);
  Unmasking *unmasking;

  if (id == NULL)
    return FALSE;
  unmasking = g_new0 (Unmasking, 1);
  unmasking->row = g_object_ref (row);
  unmasking->shown = shown;
  xh_unmask_ask (self->page, self->session, field->kind, id, xh_page_get_title (XH_PAGE (self->page)), field, unmasked_cb, unmasking,
                 unmasking_free);
  return TRUE;
}

static void
host_iface_init (XhFieldHostInterface *iface)
{
  iface->get_scope = xh_record_host_get_scope;
  iface->get_title = xh_record_host_get_title;
  iface->search_async = xh_record_host_search_async;
  iface->search_finish = xh_record_host_search_finish;
  iface->open_record = xh_record_host_open_record;
  iface->get_attachments = xh_record_host_get_attachments;
  iface->must_ask = xh_record_host_must_ask;
  iface->ask_unmask = xh_record_host_ask_unmask;
}

static void
xh_record_host_finalize (GObject *object)
{
  XhRecordHost *self = XH_RECORD_HOST (object);

  g_clear_weak_pointer (&self->page);
  g_clear_object (&self->session);
  g_free (self->record);

  G_OBJECT_CLASS (xh_record_host_parent_class)->finalize (object);
}

static void
xh_record_host_class_init (XhRecordHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_record_host_finalize;
}

static void
xh_record_host_init (XhRecordHost *self)
{
}

XhRecordHost *
xh_record_host_new (XhSession *session, GtkWidget *page)
{
  XhRecordHost *self = g_object_new (XH_TYPE_RECORD_HOST, NULL);

  self->session = g_object_ref (session);
  g_set_weak_pointer (&self->page, page);
  return self;
}

void
xh_record_host_set_record (XhRecordHost *self, const char *id)
{
  g_free (self->record);
  self->record = g_strdup (id);
}
