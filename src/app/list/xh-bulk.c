/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-bulk.h"

#include <glib/gi18n-lib.h>

#include "model/xh-form.h"

#define SLICE 40
#define REFUSED_MAX 500

/* A record to act on; afterwards what was done to it. */
typedef struct
{
  gint64 rid;         /* 0: by id */
  gint64 epoch;       /* of the rid */
  char *id;           /* (owned) (nullable) */
  const XhKind *kind; /* (nullable) set when done */
  const char *from;   /* (nullable) state it had; of the kind */
  const char *to;     /* (nullable) state it has; of the kind */
  gboolean done;
} Item;

struct _XhBulk
{
  GObject parent_instance;

  XhSession *session;  /* (owned) */
  XhBulkAction action;
  char *transition;    /* (owned) (nullable) */
  GArray *items;       /* (owned) of Item; of the slice under way the writer's, else ours */
  guint looked_at, done, n_refused;
  GPtrArray *refused;  /* (owned) of XhBulkRefused */
  gboolean stopped, running;
  char *fault;         /* (owned) (nullable) */
  GHashTable *answers; /* (owned) (nullable) name of a field → text */
};

G_DEFINE_FINAL_TYPE (XhBulk, xh_bulk, G_TYPE_OBJECT)

enum
{
  PROGRESS,
  FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What the writer does at a time, and what comes of it. */
typedef struct
{
  XhBulkAction action;
  char *transition, *role, *login; /* (owned) */
  char *division, *unit; /* (owned) (nullable) of the account */
  GHashTable *answers; /* (owned) (nullable) name of a field → text */
  Item *items;                     /* (not owned) */
  guint n;
  GHashTable *forms;               /* (owned) (nullable) kind → XhForm, in the writer's thread */
  guint looked_at, done;
  GPtrArray *refused;              /* (owned) of XhBulkRefused */
  char *fault;                     /* (owned) (nullable) why it ended before the end of the slice */
} Slice;

static void
refused_free (XhBulkRefused *refused)
{
  g_free (refused->id);
  g_free (refused->title);
  g_free (refused->reason);
  g_free (refused);
}

static void
slice_free (Slice *slice)
{
  g_free (slice->transition);
  g_free (slice->role);
  g_free (slice->login);
  g_clear_pointer (&slice->answers, g_hash_table_unref);
  g_free (slice->division);
  g_free (slice->unit);
  g_ptr_array_unref (slice->refused);
  g_free (slice->fault);
  g_free (slice);
}

/* --- in the writer --- */

static XhForm *
get_form (Slice *slice, const XhKind *kind)
{
  XhForm *form = g_hash_table_lookup (slice->forms, kind);

  if (form == NULL)
    {
      form = xh_form_new (kind, slice->role);
      xh_form_set_place (form, slice->division, slice->unit);
      g_hash_table_insert (slice->forms, (gpointer) kind, form);
    }

  return form;
}

/* The way back of the definition, for this role. */
static const XhTransition *
find_way_back (const Item *item, const XhRecord *record, const char *role, GError **error)
{
  const XhTransition *transition;

  if (g_strcmp0 (record->state, item->to) != 0)
    {
      g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID,
                           _("It has been taken further meanwhile, so it stays as it is."));
      return NULL;
    }
  transition = xh_kind_match_transition (record->kind, item->to, item->from, role);
  if (transition == NULL)
    g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("There is no step back from this state."));

  return transition;
}

static const XhTransition *
find_transition (Slice *slice, const Item *item, const XhRecord *record, GError **error)
{
  const XhTransition *transition;

  if (slice->action == XH_BULK_UNDO)
    return find_way_back (item, record, slice->role, error);

  transition = xh_kind_find_transition (record->kind, slice->transition);
  if (transition == NULL)
    g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("This register has no such step."));

  return transition;
}

static GPtrArray *
copy_names (GPtrArray *names)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (copy, g_strdup (g_ptr_array_index (names, i)));

  return copy;
}

/* What was asked once goes where nothing stands yet. */
static gboolean
answer (Slice *slice, XhForm *form, GError **error)
{
  GHashTableIter iter;
  gpointer name, text;

  if (slice->answers == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, slice->answers);
  while (g_hash_table_iter_next (&iter, &name, &text))
    {
      const XhField *field = xh_kind_find_field (xh_form_get_kind (form), name);
      g_auto (XhValue) value = XH_VALUE_INIT;

      if (field == NULL || !xh_form_is_editable (form, name) || !xh_value_is_null (xh_form_get (form, name)))
        continue;
      if (!xh_field_parse (field, text, &value, error) || !xh_form_set (form, name, &value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_transition (XhStore *store, Slice *slice, const Item *item, XhRecord **record, GPtrArray **changed, GError **error)
{
  XhForm *form = get_form (slice, (*record)->kind);
  const guint n = (*record)->kind->references->len;
  const XhTransition *transition = find_transition (slice, item, *record, error);
  g_autoptr (GPtrArray) names = NULL;
  XhValue *references;
  gboolean taken;

  if (transition == NULL)
    return FALSE;

  references = xh_value_array_new (n);
  taken = xh_store_references (store, *record, references, error);
  if (taken)
    {
      xh_form_load (form, *record, references, FALSE);
      taken = answer (slice, form, error) && xh_form_transition (form, transition->name, error);
    }
  xh_value_array_free (references, n);
  if (!taken)
    return FALSE;

  xh_record_free (*record);
  *record = xh_record_copy (xh_form_get_record (form));
  names = xh_form_get_changed (form);
  *changed = copy_names (names);

  return TRUE;
}

static gboolean
may_delete (Slice *slice, const XhRecord *record, GError **error)
{
  XhForm *form = get_form (slice, record->kind);

  xh_form_load (form, record, NULL, FALSE);
  if (xh_form_lies_elsewhere (form))
    {
      g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID,
                           _("This record belongs to another unit: you may read it, not change it."));
      return FALSE;
    }
  if (xh_kind_may (record->kind, record->kind->delete_roles, slice->role))
    return TRUE;

  g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("Your role may not delete records of this register."));

  return FALSE;
}

static gboolean
change (XhStore *store, Slice *slice, const Item *item, XhRecord **record, GError **error)
{
  g_autoptr (GPtrArray) changed = NULL;

  if (slice->action == XH_BULK_TRANSITION || slice->action == XH_BULK_UNDO)
    {
      if (!take_transition (store, slice, item, record, &changed, error))
        return FALSE;
    }
  else
    {
      if (!may_delete (slice, *record, error))
        return FALSE;
      (*record)->deleted = slice->action == XH_BULK_DELETE;
      changed = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (changed, g_strdup ("deleted"));
    }

  return xh_store_save (store, *record, changed, slice->login, error);
}

static void
refuse (XhStore *store, Slice *slice, const XhKind *kind, const char *id, const char *reason)
{
  XhBulkRefused *refused = g_new0 (XhBulkRefused, 1);

  refused->id = g_strdup (id);
  refused->kind = kind;
  refused->title = id != NULL ? xh_store_title (store, id, NULL) : NULL;
  if (refused->title == NULL)
    refused->title = g_strdup (_("A record that is not here any more"));
  refused->reason = g_strdup (reason);
  g_ptr_array_add (slice->refused, refused);
}

/* FALSE: no row id of the slice means what it meant when it was ticked. */
static gboolean
act (XhStore *store, Slice *slice, Item *item)
{
  g_autoptr (GError) error = NULL, fault = NULL;
  g_autoptr (XhRecord) record = item->id != NULL ? xh_store_load (store, item->id, &error)
                                                 : xh_store_load_rid (store, item->rid, &error);
  const XhKind *kind = record != NULL ? record->kind : NULL;
  const XhState *from = record != NULL ? xh_kind_find_state (kind, record->state) : NULL, *to;
  g_autofree char *id = record != NULL ? g_strdup (record->id) : NULL;

  /* After the row was read: from here on the record goes by its id. */
  if (item->id == NULL && !xh_store_check_epoch (store, item->epoch, &fault))
    {
      slice->fault = g_strdup (fault->message);
      return FALSE;
    }
  if (record == NULL || !change (store, slice, item, &record, &error))
    {
      refuse (store, slice, kind, id, error->message);
      return TRUE;
    }

  to = xh_kind_find_state (kind, record->state);
  g_free (item->id);
  item->id = g_steal_pointer (&id);
  item->kind = kind;
  item->from = from != NULL ? from->name : NULL;
  item->to = to != NULL ? to->name : NULL;
  item->done = TRUE;
  slice->done++;
  return TRUE;
}

static gpointer
run_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Slice *slice = data;

  slice->forms = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  while (slice->looked_at < slice->n && act (store, slice, &slice->items[slice->looked_at]))
    slice->looked_at++;
  g_clear_pointer (&slice->forms, g_hash_table_unref);

  return slice;
}

/* --- on the main thread --- */

static void run_slice (XhBulk *self);

static void
tell_session (XhBulk *self, const Slice *slice)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < slice->n; i++)
    if (slice->items[i].done && g_hash_table_add (seen, (gpointer) slice->items[i].kind))
      g_ptr_array_add (names, slice->items[i].kind->name);
  g_ptr_array_add (names, NULL);
  if (names->len > 1)
    xh_session_saved (self->session, (const char *const *) names->pdata);
}

static void
finish (XhBulk *self)
{
  self->running = FALSE;
  g_signal_emit (self, signals[FINISHED], 0);
  g_object_unref (self);
}

static void
slice_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  XhBulk *self = data;
  g_autoptr (GError) error = NULL;
  Slice *slice = xh_worker_finish (XH_WORKER (source), result, &error);

  if (slice == NULL)
    {
      self->fault = g_strdup (error->message);
      finish (self);
      return;
    }

  self->looked_at += slice->looked_at;
  self->fault = g_steal_pointer (&slice->fault);
  self->done += slice->done;
  self->n_refused += slice->refused->len;
  while (slice->refused->len > 0 && self->refused->len < REFUSED_MAX)
    g_ptr_array_add (self->refused, g_ptr_array_steal_index (slice->refused, 0));
  tell_session (self, slice);
  slice_free (slice);
  g_signal_emit (self, signals[PROGRESS], 0);
  if (self->fault != NULL)
    finish (self);
  else
    run_slice (self);
}

static void
run_slice (XhBulk *self)
{
  Slice *slice;

  if (self->looked_at == self->items->len || self->stopped || xh_session_get_writer (self->session) == NULL)
    {
      finish (self);
      return;
    }

  slice = g_new0 (Slice, 1);
  slice->action = self->action;
  slice->transition = g_strdup (self->transition);
  slice->role = g_strdup (xh_session_get_role (self->session));
  slice->login = g_strdup (xh_session_get_profile (self->session)->login);
  slice->division = g_strdup (xh_session_get_profile (self->session)->division);
  slice->unit = g_strdup (xh_session_get_profile (self->session)->unit);
  slice->answers = self->answers != NULL ? g_hash_table_ref (self->answers) : NULL;
  slice->items = &g_array_index (self->items, Item, self->looked_at);
  slice->n = MIN (SLICE, self->items->len - self->looked_at);
  slice->refused = g_ptr_array_new_with_free_func ((GDestroyNotify) refused_free);
  /* The worker does not get a cancellable: it stops between slices, never within a write. */
  xh_worker_run (xh_session_get_writer (self->session), G_PRIORITY_DEFAULT, run_in_writer, slice, NULL,
                 (GDestroyNotify) slice_free, NULL, slice_cb, self);
}

/* --- object --- */

static void
item_clear (gpointer data)
{
  g_free (((Item *) data)->id);
}

static void
xh_bulk_finalize (GObject *object)
{
  XhBulk *self = XH_BULK (object);

  g_object_unref (self->session);
  g_free (self->transition);
  g_array_unref (self->items);
  g_ptr_array_unref (self->refused);
  g_clear_pointer (&self->answers, g_hash_table_unref);
  g_free (self->fault);

  G_OBJECT_CLASS (xh_bulk_parent_class)->finalize (object);
}

static void
xh_bulk_class_init (XhBulkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_bulk_finalize;

  signals[PROGRESS] = g_signal_new ("progress", XH_TYPE_BULK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FINISHED] = g_signal_new ("finished", XH_TYPE_BULK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xh_bulk_init (XhBulk *self)
{
  self->items = g_array_new (FALSE, TRUE, sizeof (Item));
  g_array_set_clear_func (self->items, item_clear);
  self->refused = g_ptr_array_new_with_free_func ((GDestroyNotify) refused_free);
}

XhBulk *
xh_bulk_new (XhSession *session, XhBulkAction action, const char *transition)
{
  XhBulk *self = g_object_new (XH_TYPE_BULK, NULL);

  self->session = g_object_ref (session);
  self->action = action;
  self->transition = g_strdup (transition);

  return self;
}

void
xh_bulk_set_answers (XhBulk *self, GHashTable *answers)
{
  g_return_if_fail (XH_IS_BULK (self) && !self->running);

  g_clear_pointer (&self->answers, g_hash_table_unref);
  self->answers = answers != NULL ? g_hash_table_ref (answers) : NULL;
}

void
xh_bulk_add_rid (XhBulk *self, gint64 rid, gint64 epoch)
{
  const Item item = { .rid = rid, .epoch = epoch };

  g_return_if_fail (XH_IS_BULK (self) && !self->running);

  g_array_append_val (self->items, item);
}

void
xh_bulk_add_id (XhBulk *self, const char *id)
{
  const Item item = { .id = g_strdup (id) };

  g_return_if_fail (XH_IS_BULK (self) && !self->running);

  g_array_append_val (self->items, item);
}

void
xh_bulk_run (XhBulk *self)
{
  g_return_if_fail (XH_IS_BULK (self) && !self->running && self->looked_at == 0);

  self->running = TRUE;
  g_object_ref (self);
  run_slice (self);
}

void
xh_bulk_stop (XhBulk *self)
{
  g_return_if_fail (XH_IS_BULK (self));

  self->stopped = TRUE;
}

guint
xh_bulk_get_total (XhBulk *self)
{
  return self->items->len;
}

guint
xh_bulk_get_looked_at (XhBulk *self)
{
  return self->looked_at;
}

guint
xh_bulk_get_done (XhBulk *self)
{
  return self->done;
}

guint
xh_bulk_get_n_refused (XhBulk *self)
{
  return self->n_refused;
}

GPtrArray *
xh_bulk_get_refused (XhBulk *self)
{
  return self->refused;
}

const char *
xh_bulk_get_fault (XhBulk *self)
{
  return self->fault;
}

gboolean
xh_bulk_is_stopped (XhBulk *self)
{
  return self->stopped && self->looked_at < self->items->len;
}

static gboolean
has_way_back (XhBulk *self, const Item *item)
{
  return item->done && item->from != NULL && item->to != NULL && !g_str_equal (item->from, item->to)
         && xh_kind_match_transition (item->kind, item->to, item->from, xh_session_get_role (self->session)) != NULL;
}

guint
xh_bulk_count_undoable (XhBulk *self)
{
  guint n = 0;

  g_return_val_if_fail (XH_IS_BULK (self), 0);

  if (self->action == XH_BULK_DELETE || self->action == XH_BULK_RESTORE)
    return self->done;
  for (guint i = 0; i < self->items->len && self->action == XH_BULK_TRANSITION; i++)
    n += has_way_back (self, &g_array_index (self->items, Item, i));

  return n;
}

XhBulk *
xh_bulk_new_undo (XhBulk *self)
{
  static const XhBulkAction back[] = { XH_BULK_UNDO, XH_BULK_RESTORE, XH_BULK_DELETE, XH_BULK_UNDO };
  XhBulk *undo;

  g_return_val_if_fail (XH_IS_BULK (self), NULL);

  undo = xh_bulk_new (self->session, back[self->action], NULL);
  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = &g_array_index (self->items, Item, i);
      const Item again = { .id = g_strdup (item->id), .kind = item->kind, .from = item->from, .to = item->to };

      if (item->done && (back[self->action] != XH_BULK_UNDO || has_way_back (self, item)))
        g_array_append_val (undo->items, again);
      else
        g_free (again.id);
    }

  return undo;
}
