/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record-selection.h"

struct _XhRecordSelection
{
  GObject parent_instance;

  XhRecordList *list;   /* (owned) */
  GHashTable *selected; /* (owned) set of gint64 */
};

static void xh_record_selection_list_model_init (GListModelInterface *interface);
static void xh_record_selection_model_init (GtkSelectionModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (XhRecordSelection, xh_record_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, xh_record_selection_list_model_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, xh_record_selection_model_init))

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
n_items (XhRecordSelection *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->list));
}

static void
mark (XhRecordSelection *self, guint position, gboolean selected)
{
  gint64 rid = xh_record_list_get_rid (self->list, position);

  if (selected)
    g_hash_table_add (self->selected, g_memdup2 (&rid, sizeof rid));
  else
    g_hash_table_remove (self->selected, &rid);
}

static void
tell (XhRecordSelection *self, guint position, guint n)
{
  if (n > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), position, n);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Rows that are no longer in the list cannot be acted upon: they are not ticked any more. */
static void
prune (XhRecordSelection *self)
{
  g_autoptr (GHashTable) still = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  const guint before = g_hash_table_size (self->selected);

  for (guint i = 0; i < n_items (self); i++)
    {
      gint64 rid = xh_record_list_get_rid (self->list, i);

      if (g_hash_table_contains (self->selected, &rid))
        g_hash_table_add (still, g_memdup2 (&rid, sizeof rid));
    }

  if (g_hash_table_size (still) == before)
    return;

  g_hash_table_unref (self->selected);
  self->selected = g_steal_pointer (&still);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
items_changed_cb (GListModel *list, guint position, guint removed, guint added, XhRecordSelection *self)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  if (removed > added && g_hash_table_size (self->selected) > 0)
    prune (self);
}

/* --- GListModel --- */

static GType
get_item_type (GListModel *model)
{
  return XH_TYPE_RECORD_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return n_items (XH_RECORD_SELECTION (model));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (XH_RECORD_SELECTION (model)->list), position);
}

static void
xh_record_selection_list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

/* --- GtkSelectionModel --- */

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  XhRecordSelection *self = XH_RECORD_SELECTION (model);

  return position < n_items (self) && xh_record_selection_has (self, xh_record_list_get_rid (self->list, position));
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n)
{
  XhRecordSelection *self = XH_RECORD_SELECTION (model);
  GtkBitset *set = gtk_bitset_new_empty ();
  const guint end = n > n_items (self) - MIN (position, n_items (self)) ? n_items (self) : position + n;

  if (g_hash_table_size (self->selected) == 0)
    return set;

  for (guint i = position; i < end; i++)
    if (is_selected (model, i))
      gtk_bitset_add (set, i);

  return set;
}

/* Without a modifier the view only moves on: that ticks nothing. */
static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  if (!unselect_rest)
    xh_record_selection_set (XH_RECORD_SELECTION (model), position, TRUE);

  return TRUE;
}

static gboolean
unselect_item (GtkSelectionModel *model, guint position)
{
  xh_record_selection_set (XH_RECORD_SELECTION (model), position, FALSE);

  return TRUE;
}

static gboolean
select_range (GtkSelectionModel *model, guint position, guint n, gboolean unselect_rest)
{
  XhRecordSelection *self = XH_RECORD_SELECTION (model);

  for (guint i = position; i < position + n && i < n_items (self); i++)
    mark (self, i, TRUE);
  tell (self, position, n);

  return TRUE;
}

static gboolean
unselect_range (GtkSelectionModel *model, guint position, guint n)
{
  XhRecordSelection *self = XH_RECORD_SELECTION (model);

  for (guint i = position; i < position + n && i < n_items (self); i++)
    mark (self, i, FALSE);
  tell (self, position, n);

  return TRUE;
}

static gboolean
select_all (GtkSelectionModel *model)
{
  return select_range (model, 0, n_items (XH_RECORD_SELECTION (model)), FALSE);
}

static gboolean
unselect_all (GtkSelectionModel *model)
{
  xh_record_selection_clear (XH_RECORD_SELECTION (model));

  return TRUE;
}

static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  XhRecordSelection *self = XH_RECORD_SELECTION (model);
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, mask, &position); more && position < n_items (self);
       more = gtk_bitset_iter_next (&iter, &position))
    mark (self, position, gtk_bitset_contains (selected, position));
  tell (self, 0, n_items (self));

  return TRUE;
}

static void
xh_record_selection_model_init (GtkSelectionModelInterface *interface)
{
  interface->is_selected = is_selected;
  interface->get_selection_in_range = get_selection_in_range;
  interface->select_item = select_item;
  interface->unselect_item = unselect_item;
  interface->select_range = select_range;
  interface->unselect_range = unselect_range;
  interface->select_all = select_all;
  interface->unselect_all = unselect_all;
  interface->set_selection = set_selection;
}

static void
xh_record_selection_finalize (GObject *object)
{
  XhRecordSelection *self = XH_RECORD_SELECTION (object);

  g_hash_table_unref (self->selected);
  g_object_unref (self->list);

  G_OBJECT_CLASS (xh_record_selection_parent_class)->finalize (object);
}

static void
xh_record_selection_class_init (XhRecordSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_record_selection_finalize;

  signals[CHANGED] = g_signal_new ("changed", XH_TYPE_RECORD_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
xh_record_selection_init (XhRecordSelection *self)
{
  self->selected = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

XhRecordSelection *
xh_record_selection_new (XhRecordList *list)
{
  XhRecordSelection *self = g_object_new (XH_TYPE_RECORD_SELECTION, NULL);

  self->list = g_object_ref (list);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
  g_signal_connect_object (list, "reset", G_CALLBACK (xh_record_selection_clear), self, G_CONNECT_SWAPPED);

  return self;
}

guint
xh_record_selection_count (XhRecordSelection *self)
{
  g_return_val_if_fail (XH_IS_RECORD_SELECTION (self), 0);

  return g_hash_table_size (self->selected);
}

gboolean
xh_record_selection_has (XhRecordSelection *self, gint64 rid)
{
  g_return_val_if_fail (XH_IS_RECORD_SELECTION (self), FALSE);

  return g_hash_table_contains (self->selected, &rid);
}

void
xh_record_selection_set (XhRecordSelection *self, guint position, gboolean selected)
{
  g_return_if_fail (XH_IS_RECORD_SELECTION (self));
  g_return_if_fail (position < n_items (self));

  if (is_selected (GTK_SELECTION_MODEL (self), position) == selected)
    return;

  mark (self, position, selected);
  tell (self, position, 1);
}

void
xh_record_selection_clear (XhRecordSelection *self)
{
  g_return_if_fail (XH_IS_RECORD_SELECTION (self));

  if (g_hash_table_size (self->selected) == 0)
    return;

  g_hash_table_remove_all (self->selected);
  tell (self, 0, n_items (self));
}

GArray *
xh_record_selection_rids (XhRecordSelection *self)
{
  GArray *rids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_return_val_if_fail (XH_IS_RECORD_SELECTION (self), rids);

  for (guint i = 0; i < n_items (self) && rids->len < g_hash_table_size (self->selected); i++)
    {
      const gint64 rid = xh_record_list_get_rid (self->list, i);

      if (g_hash_table_contains (self->selected, &rid))
        g_array_append_val (rids, rid);
    }

  return rids;
}
