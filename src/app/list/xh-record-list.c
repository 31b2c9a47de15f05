/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record-list.h"

#include "xh-rid-diff.h"

#define PAGES_WAITING 8  /* pages asked for by scrolling past are dropped, the newest win */
#define PAGES_ASKED 2

/* An item in the cache and its place in the order of use. */
typedef struct
{
  GList link;         /* data: this entry */
  XhRecordItem *item; /* (owned) */
  gboolean asked;     /* its row is on the way in this generation */
} Entry;

struct _XhRecordList
{
  GObject parent_instance;

  const XhRecordSource *source;
  gpointer source_data;        /* (owned) */
  GDestroyNotify free_source;

  XhQuery *query;              /* (owned) (nullable) */
  GArray *rids;                /* (owned) of gint64 */
  gint64 epoch;                /* the store's, of the rids */
  guint generation;
  gboolean fresh;              /* the next rids answer another question than the rows shown */
  gboolean loading, complete;
  char *fault;                 /* (owned) (nullable) */

  GHashTable *entries;         /* (owned) rid → Entry */
  GQueue used;                 /* entries, newest first */
  GArray *waiting;             /* (owned) of guint: pages to ask for, newest last */
  guint n_asked;
  guint ask_source;
};

static void xh_record_list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (XhRecordList, xh_record_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, xh_record_list_model_init))

enum
{
  PROP_0,
  PROP_LOADING,
  PROP_COMPLETE,
  PROP_FAULT,
  N_PROPS
};

enum
{
  RESET,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
set_flag (XhRecordList *self, gboolean *flag, gboolean value, guint property)
{
  if (*flag == value)
    return;

  *flag = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_fault (XhRecordList *self, const char *fault)
{
  if (g_strcmp0 (self->fault, fault) == 0)
    return;

  g_free (self->fault);
  self->fault = g_strdup (fault);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAULT]);
}

/* --- the cache --- */

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_object_unref (entry->item);
  g_free (entry);
}

static Entry *
touch_entry (XhRecordList *self, gint64 rid)
{
  Entry *entry = g_hash_table_lookup (self->entries, &rid);

  if (entry != NULL)
    {
      g_queue_unlink (&self->used, &entry->link);
      g_queue_push_head_link (&self->used, &entry->link);
      return entry;
    }

  entry = g_new0 (Entry, 1);
  entry->item = xh_record_item_new (rid);
  entry->link.data = entry;
  /* The key lives in the table, not in the entry: items do not show their innards. */
  g_hash_table_insert (self->entries, g_memdup2 (&rid, sizeof rid), entry);
  g_queue_push_head_link (&self->used, &entry->link);

  if (self->used.length > XH_RECORD_LIST_KEEP)
    {
      Entry *oldest = g_queue_peek_tail (&self->used);
      const gint64 oldest_rid = xh_record_item_get_rid (oldest->item);

      g_queue_unlink (&self->used, &oldest->link);
      g_hash_table_remove (self->entries, &oldest_rid);
    }

  return entry;
}

/* --- asking --- */

static void
ask_page (XhRecordList *self, guint page)
{
  const guint first = page * XH_RECORD_LIST_PAGE;
  const guint end = MIN (first + XH_RECORD_LIST_PAGE, self->rids->len);
  GArray *rids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = first; i < end; i++)
    {
      const gint64 rid = g_array_index (self->rids, gint64, i);
      Entry *entry = g_hash_table_lookup (self->entries, &rid);

      if (entry != NULL && (entry->asked || xh_record_item_get_record (entry->item) != NULL))
        continue;
      if (entry != NULL)
        entry->asked = TRUE;
      g_array_append_val (rids, rid);
    }

  if (rids->len == 0)
    {
      g_array_unref (rids);
      return;
    }

  self->n_asked++;
  self->source->ask_rows (self->source_data, self, self->generation, rids);
}

static gboolean
ask_waiting_cb (gpointer data)
{
  XhRecordList *self = data;

  self->ask_source = 0;
  while (self->waiting->len > 0 && self->n_asked < PAGES_ASKED)
    {
      const guint page = g_array_index (self->waiting, guint, self->waiting->len - 1);

      g_array_set_size (self->waiting, self->waiting->len - 1);
      ask_page (self, page);
    }

  return G_SOURCE_REMOVE;
}

/* In an idle: a view asks for all its rows one after the other, and only then for the next frame. */
static void
ask_soon (XhRecordList *self)
{
  if (self->ask_source == 0 && self->waiting->len > 0 && self->n_asked < PAGES_ASKED)
    self->ask_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, ask_waiting_cb, self, NULL);
}

static void
want_page (XhRecordList *self, guint page)
{
  for (guint i = self->waiting->len; i > 0; i--)
    if (g_array_index (self->waiting, guint, i - 1) == page)
      return;

  if (self->waiting->len == PAGES_WAITING)
    g_array_remove_index (self->waiting, 0);
  g_array_append_val (self->waiting, page);
  ask_soon (self);
}

/* What is under way belongs to an older generation from here on. */
static void
begin_generation (XhRecordList *self)
{
  self->source->forget (self->source_data, self, self->generation);
  self->generation++;
  self->n_asked = 0;
  g_array_set_size (self->waiting, 0);
  for (GList *l = self->used.head; l != NULL; l = l->next)
    ((Entry *) l->data)->asked = FALSE;
}

/* Reads again what is held: it may have changed, or its answer was of the generation before. */
static void
ask_held (XhRecordList *self)
{
  GArray *rids = NULL;

  for (GList *l = self->used.head; l != NULL; l = l->next)
    {
      Entry *entry = l->data;
      const gint64 rid = xh_record_item_get_rid (entry->item);

      if (rids == NULL)
        rids = g_array_new (FALSE, FALSE, sizeof (gint64));
      entry->asked = TRUE;
      g_array_append_val (rids, rid);
      if (rids->len == XH_RECORD_LIST_PAGE || l->next == NULL)
        {
          self->n_asked++;
          self->source->ask_rows (self->source_data, self, self->generation, g_steal_pointer (&rids));
        }
    }
}

/* --- taking answers --- */

static void
replace_rids (XhRecordList *self, GArray *rids)
{
  const guint n_old = self->rids->len;

  g_array_set_size (self->rids, 0);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, 0);
  g_array_append_vals (self->rids, rids->data, rids->len);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, self->rids->len);
  g_array_unref (rids);
}

static void
change_rids (XhRecordList *self, GArray *rids)
{
  g_autoptr (GArray) ranges = xh_rid_diff (self->rids, rids);
  g_autoptr (GArray) target = rids;

  for (guint i = 0; i < ranges->len; i++)
    {
      const XhRange *range = &g_array_index (ranges, XhRange, i);

      if (range->removed > 0)
        g_array_remove_range (self->rids, range->position, range->removed);
      if (range->added > 0)
        g_array_insert_vals (self->rids, range->position, &g_array_index (target, gint64, range->position), range->added);
      g_list_model_items_changed (G_LIST_MODEL (self), range->position, range->removed, range->added);
    }
}

void
xh_record_list_take_epoch (XhRecordList *self, guint generation, gint64 epoch)
{
  g_return_if_fail (XH_IS_RECORD_LIST (self));

  if (generation != self->generation || epoch == self->epoch)
    return;

  self->epoch = epoch;
  self->fresh = TRUE;
  g_queue_init (&self->used);
  g_hash_table_remove_all (self->entries);
}

void
xh_record_list_take_rids (XhRecordList *self, guint generation, GArray *rids, gboolean complete, const GError *error)
{
  g_return_if_fail (XH_IS_RECORD_LIST (self));

  if (generation != self->generation)
    {
      g_clear_pointer (&rids, g_array_unref);
      return;
    }

  set_fault (self, error != NULL ? error->message : NULL);
  if (rids == NULL)
    {
      set_flag (self, &self->loading, FALSE, PROP_LOADING);
      return;
    }

  if (self->fresh)
    {
      self->fresh = FALSE;
      replace_rids (self, rids);
      g_signal_emit (self, signals[RESET], 0);
    }
  else
    change_rids (self, rids);

  set_flag (self, &self->complete, complete, PROP_COMPLETE);
  set_flag (self, &self->loading, FALSE, PROP_LOADING);
  if (!complete)
    self->source->ask_rids (self->source_data, self, self->generation, self->query, 0);
}

void
xh_record_list_take_rows (XhRecordList *self, guint generation, GArray *rids, GPtrArray *records, const GError *error)
{
  g_autoptr (GArray) asked = rids;
  g_autoptr (GPtrArray) answered = records;

  g_return_if_fail (XH_IS_RECORD_LIST (self));

  if (generation != self->generation)
    return;

  self->n_asked -= MIN (self->n_asked, 1);
  if (error != NULL)
    set_fault (self, error->message);
  for (guint i = 0; i < asked->len; i++)
    {
      const gint64 rid = g_array_index (asked, gint64, i);
      Entry *entry = touch_entry (self, rid);

      entry->asked = FALSE;
      if (answered != NULL && i < answered->len)
        xh_record_item_take_record (entry->item, g_steal_pointer (&answered->pdata[i]));
    }
  ask_soon (self);
}

/* --- the model --- */

static GType
xh_record_list_get_item_type (GListModel *model)
{
  return XH_TYPE_RECORD_ITEM;
}

static guint
xh_record_list_get_n_items (GListModel *model)
{
  return XH_RECORD_LIST (model)->rids->len;
}

static gpointer
xh_record_list_get_item (GListModel *model, guint position)
{
  XhRecordList *self = XH_RECORD_LIST (model);
  Entry *entry;

  if (position >= self->rids->len)
    return NULL;

  entry = touch_entry (self, g_array_index (self->rids, gint64, position));
  if (!entry->asked && xh_record_item_is_loading (entry->item))
    want_page (self, position / XH_RECORD_LIST_PAGE);

  return g_object_ref (entry->item);
}

static void
xh_record_list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = xh_record_list_get_item_type;
  interface->get_n_items = xh_record_list_get_n_items;
  interface->get_item = xh_record_list_get_item;
}

static void
xh_record_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  XhRecordList *self = XH_RECORD_LIST (object);

  switch (id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading);
      break;
    case PROP_COMPLETE:
      g_value_set_boolean (value, self->complete);
      break;
    case PROP_FAULT:
      g_value_set_string (value, self->fault);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
xh_record_list_finalize (GObject *object)
{
  XhRecordList *self = XH_RECORD_LIST (object);

  g_clear_handle_id (&self->ask_source, g_source_remove);
  self->source->forget (self->source_data, self, self->generation);
  if (self->free_source != NULL)
    self->free_source (self->source_data);
  g_clear_pointer (&self->query, xh_query_free);
  g_array_unref (self->rids);
  g_array_unref (self->waiting);
  g_hash_table_unref (self->entries);
  g_free (self->fault);

  G_OBJECT_CLASS (xh_record_list_parent_class)->finalize (object);
}

static void
xh_record_list_class_init (XhRecordListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = xh_record_list_get_property;
  object_class->finalize = xh_record_list_finalize;

  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_COMPLETE] = g_param_spec_boolean ("complete", NULL, NULL, FALSE, flags);
  properties[PROP_FAULT] = g_param_spec_string ("fault", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[RESET] = g_signal_new ("reset", XH_TYPE_RECORD_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xh_record_list_init (XhRecordList *self)
{
  self->rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->waiting = g_array_new (FALSE, FALSE, sizeof (guint));
  self->entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, entry_free);
  g_queue_init (&self->used);
}

XhRecordList *
xh_record_list_new (const XhRecordSource *source, gpointer data, GDestroyNotify free_data)
{
  XhRecordList *self = g_object_new (XH_TYPE_RECORD_LIST, NULL);

  self->source = source;
  self->source_data = data;
  self->free_source = free_data;

  return self;
}

void
xh_record_list_set_query (XhRecordList *self, const XhQuery *query)
{
  g_return_if_fail (XH_IS_RECORD_LIST (self));

  begin_generation (self);
  g_clear_pointer (&self->query, xh_query_free);
  self->query = xh_query_copy (query);
  self->fresh = TRUE;
  set_flag (self, &self->complete, FALSE, PROP_COMPLETE);
  set_flag (self, &self->loading, TRUE, PROP_LOADING);
  self->source->ask_rids (self->source_data, self, self->generation, self->query, XH_RECORD_LIST_FIRST);
}

void
xh_record_list_refresh (XhRecordList *self)
{
  g_return_if_fail (XH_IS_RECORD_LIST (self));

  if (self->query == NULL)
    return;

  begin_generation (self);
  self->source->ask_rids (self->source_data, self, self->generation, self->query,
                          self->fresh ? XH_RECORD_LIST_FIRST : 0);
  ask_held (self);
}

gint64
xh_record_list_get_rid (XhRecordList *self, guint position)
{
  g_return_val_if_fail (XH_IS_RECORD_LIST (self), 0);
  g_return_val_if_fail (position < self->rids->len, 0);

  return g_array_index (self->rids, gint64, position);
}

gint64
xh_record_list_get_epoch (XhRecordList *self)
{
  g_return_val_if_fail (XH_IS_RECORD_LIST (self), 0);

  return self->epoch;
}

gboolean
xh_record_list_is_loading (XhRecordList *self)
{
  g_return_val_if_fail (XH_IS_RECORD_LIST (self), FALSE);

  return self->loading;
}

gboolean
xh_record_list_is_complete (XhRecordList *self)
{
  g_return_val_if_fail (XH_IS_RECORD_LIST (self), FALSE);

  return self->complete;
}

const char *
xh_record_list_get_fault (XhRecordList *self)
{
  g_return_val_if_fail (XH_IS_RECORD_LIST (self), NULL);

  return self->fault;
}
