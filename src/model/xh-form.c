/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-form.h"
#include "xh-form-private.h"

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (XhForm, xh_form, G_TYPE_OBJECT)

/* --- helpers */

static void
copy_values (const XhValue *source, XhValue *target, guint n)
{
  for (guint i = 0; i < n; i++)
    xh_value_copy (&source[i], &target[i]);
}

static void
clear_values (XhValue *values, guint n)
{
  for (guint i = 0; i < n; i++)
    xh_value_clear (&values[i]);
}

static void
forget (XhForm *self)
{
  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);

      xh_form_clear_typed (self, field);
      xh_value_clear (&self->fields[i].aside);
      self->fields[i].kept = FALSE;
      self->fields[i].relevant = field->relevant == NULL;
      self->fields[i].required = field->required;
    }
  g_clear_pointer (&self->score, xh_score_free);
  if (self->inputs != NULL)
    clear_values (self->inputs, xh_scorecard_n_inputs (self->card));
  self->explanation_stale = FALSE;
  self->state_changed = TRUE;
  self->score_changed = self->card != NULL;
}

/* Defaults of fields that are still empty; the computed values they may read are there at the second call. */
static gboolean
place_defaults (XhForm *self)
{
  gboolean placed = FALSE;

  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);
      g_auto (XhValue) value = XH_VALUE_INIT;

      if (self->defaults[i] == NULL || !xh_value_is_null (&self->record->values[i]))
        continue;
      xh_form_row_read (self->defaults[i], &value);
      xh_field_coerce (field, &value);
      if (xh_value_is_null (&value))
        continue;
      xh_form_place (self, field, &value);
      placed = TRUE;
    }
  return placed;
}

/* The score as it was decided, told by the record itself: read when somebody asks. */
static void
recall_score (XhForm *self)
{
  const XhScorecard *other;
  const XhField *field;
  const char *json;

  self->score_told = FALSE;
  if (self->card == NULL || self->card->explanation_field == NULL)
    return;
  field = xh_kind_find_field (self->kind, self->card->explanation_field);
  json = field != NULL ? xh_value_as_text (&self->record->values[field->index]) : NULL;
  if (json != NULL)
    self->score = xh_score_from_json (self->card, json, NULL);
  if (self->score == NULL || g_str_equal (self->score->card->name, self->card->name))
    return;
  /* The kind was judged by another card then. */
  other = xh_catalog_find_scorecard (self->catalog, self->score->card->name);
  if (other != NULL)
    {
      g_clear_pointer (&self->score, xh_score_free);
      self->score = xh_score_from_json (other, json, NULL);
    }
}

void
xh_form_announce (XhForm *self)
{
  /* On the server nobody listens. */
  gboolean heard = g_signal_has_handler_pending (self, signals[CHANGED], 0, FALSE);

  for (guint i = 0; i < self->kind->fields->len; i++)
    if (self->fields[i].touched)
      {
        self->fields[i].touched = FALSE;
        if (heard)
          g_signal_emit (self, signals[CHANGED], 0, ((XhField *) g_ptr_array_index (self->kind->fields, i))->name);
      }
  if (self->state_changed)
    {
      self->state_changed = FALSE;
      if (heard)
        g_signal_emit (self, signals[CHANGED], 0, "state");
    }
  if (self->score_changed)
    {
      self->score_changed = FALSE;
      if (heard)
        g_signal_emit (self, signals[CHANGED], 0, "");
    }
}

/* --- class */

static void
xh_form_finalize (GObject *object)
{
  XhForm *self = XH_FORM (object);
  guint n = self->kind->fields->len;

  xh_form_graph_free (self);
  sqlite3_close (self->db);
  g_clear_pointer (&self->issues, g_ptr_array_unref);
  for (guint i = 0; i < n; i++)
    {
      xh_form_clear_typed (self, g_ptr_array_index (self->kind->fields, i));
      g_clear_pointer (&self->fields[i].issues, g_ptr_array_unref);
      xh_value_clear (&self->fields[i].aside);
    }
  g_free (self->fields);
  xh_value_array_free (self->base, n);
  xh_value_array_free (self->clean, n);
  xh_value_array_free (self->references, self->kind->references->len);
  if (self->inputs != NULL)
    xh_value_array_free (self->inputs, xh_scorecard_n_inputs (self->card));
  g_clear_pointer (&self->score, xh_score_free);
  g_clear_pointer (&self->record, xh_record_free);
  xh_value_clear (&self->spine);
  g_free (self->base_state);
  g_free (self->role);
  g_free (self->place_division);
  g_free (self->place_unit);
  g_clear_pointer (&self->catalog, xh_catalog_unref);
  G_OBJECT_CLASS (xh_form_parent_class)->finalize (object);
}

static void
xh_form_class_init (XhFormClass *class)
{
  G_OBJECT_CLASS (class)->finalize = xh_form_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
xh_form_init (XhForm *self)
{
}

/* --- public */

/**
 * xh_form_new:
 * @kind: a kind
 * @role: (nullable): whose rights apply; %NULL: the program's own, which may do everything
 *
 * A form is made once and loaded with one record after another: making it prepares every expression of the kind (about a
 * millisecond), loading it costs a few dozen microseconds. Keeps the catalog alive. One thread.
 *
 * Returns: (transfer full): a form without a record
 */
XhForm *
xh_form_new (const XhKind *kind, const char *role)
{
  XhForm *self;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (kind != NULL, NULL);

  self = g_object_new (XH_TYPE_FORM, NULL);
  self->kind = kind;
  self->catalog = xh_catalog_ref (kind->catalog);
  self->role = g_strdup (role);
  if (kind->scorecard != NULL)
    self->card = xh_catalog_find_scorecard (kind->catalog, kind->scorecard);
  self->fields = g_new0 (XhFieldState, kind->fields->len + 1);
  self->base = xh_value_array_new (kind->fields->len);
  self->clean = xh_value_array_new (kind->fields->len);
  self->references = xh_value_array_new (kind->references->len);
  if (!xh_form_row_open (self, &error))
    g_error ("A form needs an SQLite database in memory: %s", error->message);
  xh_form_graph_build (self);
  return self;
}

const XhKind *
xh_form_get_kind (XhForm *self)
{
  g_return_val_if_fail (XH_IS_FORM (self), NULL);

  return self->kind;
}

/**
 * xh_form_set_role:
 * @self: a form
 * @role: (nullable): whose rights apply from now on; %NULL: the program's own
 *
 * For a form that serves many people, one after another.
 */
void
xh_form_set_role (XhForm *self, const char *role)
{
  g_return_if_fail (XH_IS_FORM (self));

  if (g_strcmp0 (self->role, role) == 0)
    return;
  g_free (self->role);
  self->role = g_strdup (role);
}

/**
 * xh_form_set_place:
 * @self: a form
 * @division: (nullable): the division that the account works for
 * @unit: (nullable): its unit
 *
 * With it, a record that the role only reaches (the kind's "reach") but that lies outside its scope can be read and not changed:
 * what the server would refuse is not offered. Without it, the place of a record does not matter.
 */
void
xh_form_set_place (XhForm *self, const char *division, const char *unit)
{
  g_return_if_fail (XH_IS_FORM (self));

  self->has_place = TRUE;
  g_free (self->place_division);
  self->place_division = g_strdup (division);
  g_free (self->place_unit);
  self->place_unit = g_strdup (unit);
}

/**
 * xh_form_set_trusting:
 * @self: a form
 * @trusting: whether the records to come were judged when they were stored
 *
 * For the server, which stores nothing that it has not judged: a table of many rows is judged again only where it, the state or
 * the kind's version is another than stored. What is merely missing in it then goes unsaid while the state stays.
 */
void
xh_form_set_trusting (XhForm *self, gboolean trusting)
{
  g_return_if_fail (XH_IS_FORM (self));

  self->trusting = trusting;
}

/**
 * xh_form_load:
 * @self: a form
 * @record: a record of the form's kind, copied
 * @references: (nullable) (array): as many values as the kind has references, copied; %NULL: none known
 * @is_new: evaluate the defaults of empty fields
 *
 * Takes a record and evaluates everything. In a state that is closed, what is computed and scored stays as stored, and the
 * score is the one that the stored explanation tells. Emits "changed" for every field, "state" and "".
 */
void
xh_form_load (XhForm *self, const XhRecord *record, const XhValue *references, gboolean is_new)
{
  guint n = self->kind->fields->len;

  g_return_if_fail (XH_IS_FORM (self));
  g_return_if_fail (record != NULL && record->kind == self->kind);

  XhRecord *copy = xh_record_copy (record);
  g_clear_pointer (&self->record, xh_record_free);
  self->record = copy;
  forget (self);
  if (references != NULL)
    copy_values (references, self->references, self->kind->references->len);
  else
    clear_values (self->references, self->kind->references->len);
  copy_values (record->values, self->base, n);
  g_free (self->base_state);
  self->base_state = g_strdup (record->state);
  self->is_new = is_new;
  self->frozen = !is_new && xh_form_state_is_closed (self);
  self->score_told = self->frozen;
  if (is_new)
    place_defaults (self);
  xh_form_mark_all (self);
  xh_form_settle (self);
  if (is_new && place_defaults (self))
    xh_form_settle (self);
  copy_values (self->record->values, self->clean, n);
  xh_form_announce (self);
}

/**
 * xh_form_set_references:
 * @self: a loaded form
 * @references: (nullable) (array): as many values as the kind has references
 *
 * New values of the references, as after a field that a reference matches by was changed. Evaluates what hangs on those
 * that differ.
 */
void
xh_form_set_references (XhForm *self, const XhValue *references)
{
  static const XhValue none = XH_VALUE_INIT;

  g_return_if_fail (XH_IS_FORM (self) && self->record != NULL);

  for (guint i = 0; i < self->kind->references->len; i++)
    {
      const XhValue *value = references != NULL ? &references[i] : &none;

      if (xh_value_equal (value, &self->references[i]))
        continue;
      xh_value_copy (value, &self->references[i]);
      xh_form_mark_slot (self, self->kind->fields->len + i);
    }
  xh_form_settle (self);
  xh_form_announce (self);
}

/* --- reading */

/**
 * xh_form_get:
 * @self: a loaded form
 * @field: name of a field, of a reference, or of the spine
 *
 * Returns: (nullable) (transfer none): its value as it stands, until the form changes; of the spine, until the next call.
 *   %NULL where there is no such name
 */
const XhValue *
xh_form_get (XhForm *self, const char *field)
{
  guint slot;

  g_return_val_if_fail (XH_IS_FORM (self) && self->record != NULL, NULL);

  slot = xh_form_row_find (self->kind, field);
  if (slot == G_MAXUINT)
    return NULL;
  if (self->explanation_stale && g_strcmp0 (field, self->card->explanation_field) == 0)
    xh_form_explain (self);
  return xh_form_read_slot (self, slot, &self->spine);
}

/**
 * xh_form_get_record:
 * @self: a loaded form
 *
 * Returns: (transfer none): the record as it stands, with what is computed, scored and due; changes with the form
 */
const XhRecord *
xh_form_get_record (XhForm *self)
{
  g_return_val_if_fail (XH_IS_FORM (self), NULL);

  if (self->record == NULL)
    return NULL;
  xh_form_explain (self);
  xh_form_find_due (self);
  return self->record;
}

gboolean
xh_form_is_relevant (XhForm *self, const char *field)
{
  const XhField *found = xh_kind_find_field (self->kind, field);

  return found != NULL && self->fields[found->index].relevant;
}

gboolean
xh_form_is_required (XhForm *self, const char *field)
{
  const XhField *found = xh_kind_find_field (self->kind, field);

  return found != NULL && self->fields[found->index].relevant && self->fields[found->index].required;
}

/**
 * xh_form_get_score:
 * @self: a loaded form
 *
 * Returns: (nullable) (transfer none): the score as it stands, until the form changes; %NULL where no scorecard judges the
 *   kind, or a closed record keeps no explanation
 */
const XhScore *
xh_form_get_score (XhForm *self)
{
  g_return_val_if_fail (XH_IS_FORM (self), NULL);

  if (self->score_told)
    recall_score (self);
  return self->score;
}

/**
 * xh_form_get_changed:
 * @self: a loaded form
 *
 * What a person changed, and so what an op carries: not what is computed or scored, which everyone computes again, nor what
 * was typed into a field that is not relevant any more. Of a new record, every field that holds something.
 *
 * Returns: (transfer container) (element-type utf8): names of fields, then "state" where it changed
 */
GPtrArray *
xh_form_get_changed (XhForm *self)
{
  GPtrArray *changed = g_ptr_array_new ();

  g_return_val_if_fail (XH_IS_FORM (self) && self->record != NULL, changed);

  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);
      const XhValue *value = &self->record->values[i];

      if (xh_field_is_derived (field))
        continue;
      if (self->is_new ? !xh_value_is_null (value) : !xh_value_equal (value, &self->base[i]))
        g_ptr_array_add (changed, field->name);
    }
  if (g_strcmp0 (self->record->state, self->base_state) != 0)
    g_ptr_array_add (changed, (gpointer) "state");
  return changed;
}

/**
 * xh_form_get_touched:
 * @self: a loaded form
 *
 * Returns: (transfer container) (element-type utf8): names of the fields that do not hold any more what they held when the record was loaded;
 *   what the form proposed by itself (defaults) is not among them
 */
GPtrArray *
xh_form_get_touched (XhForm *self)
{
  GPtrArray *touched = g_ptr_array_new ();

  g_return_val_if_fail (XH_IS_FORM (self) && self->record != NULL, touched);

  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);

      if (!xh_field_is_derived (field) && !xh_value_equal (&self->record->values[i], &self->clean[i]))
        g_ptr_array_add (touched, field->name);
    }
  return touched;
}

/**
 * xh_form_is_dirty:
 * @self: a loaded form
 *
 * Returns: whether a person changed something since the record was loaded; defaults do not count
 */
gboolean
xh_form_is_dirty (XhForm *self)
{
  g_return_val_if_fail (XH_IS_FORM (self) && self->record != NULL, FALSE);

  if (g_strcmp0 (self->record->state, self->base_state) != 0)
    return TRUE;
  for (guint i = 0; i < self->kind->fields->len; i++)
    if (self->fields[i].typed != NULL
        || (!xh_field_is_derived (g_ptr_array_index (self->kind->fields, i))
            && !xh_value_equal (&self->record->values[i], &self->clean[i])))
      return TRUE;
  return FALSE;
}
