/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which expression hangs on what. An edit marks the slots it changes; settling evaluates the computed fields that read them,
 * in an order in which each comes after what it reads, then the scorecard's inputs, then conditions and checks. */

#include "xh-form-private.h"

#include <string.h>

#define MAX_ROUNDS 8 /* a chain of fields, each relevant by the value of the one before */

static guint
count_slots (XhForm *self)
{
  return self->kind->fields->len + self->kind->references->len + XH_N_SPINE;
}

static guint
get_spine_slot (XhForm *self, XhSpine spine)
{
  return self->kind->fields->len + self->kind->references->len + spine;
}

static void
free_node (gpointer data)
{
  XhNode *node = data;

  sqlite3_finalize (node->statement);
  g_array_unref (node->reads);
  g_free (node);
}

/* --- building */

static gboolean
is_condition (const XhNode *node)
{
  return node->type == XH_NODE_RELEVANT || node->type == XH_NODE_REQUIRED;
}

static XhNode *
add_node (XhForm *self, XhNodeType type, guint field, const char *expression)
{
  XhNode *node = g_new0 (XhNode, 1);

  node->type = type;
  node->field = field;
  node->expression = expression;
  node->reads = g_array_new (FALSE, FALSE, sizeof (guint));
  node->statement = xh_form_row_prepare (self, expression, node->reads);
  g_ptr_array_add (self->nodes, node);
  return node;
}

static const XhNode *
find_condition (XhForm *self, const char *expression)
{
  for (guint i = self->n_computed; i < self->nodes->len; i++)
    {
      const XhNode *node = self->nodes->pdata[i];

      if (is_condition (node) && node->twin == NULL && strcmp (node->expression, expression) == 0)
        return node;
    }
  return NULL;
}

/* The fields of a section share its condition. Twins read the same slots, so they are always due together. */
static void
add_condition (XhForm *self, XhNodeType type, guint field, const char *expression)
{
  const XhNode *twin = find_condition (self, expression);
  XhNode *node;

  if (twin == NULL)
    {
      add_node (self, type, field, expression);
      return;
    }
  node = g_new0 (XhNode, 1);
  node->type = type;
  node->field = field;
  node->expression = expression;
  node->twin = twin;
  node->reads = g_array_ref (twin->reads);
  g_ptr_array_add (self->nodes, node);
}

static XhNode *
find_computed_node (GPtrArray *nodes, guint field)
{
  for (guint i = 0; i < nodes->len; i++)
    if (((XhNode *) nodes->pdata[i])->field == field)
      return nodes->pdata[i];
  return NULL;
}

/* The field that a slot comes from: the spine's division and unit are copies of fields. */
static guint
find_source_field (XhForm *self, guint slot)
{
  const char *name = NULL;
  const XhField *field;

  if (slot < self->kind->fields->len)
    return slot;
  if (slot == get_spine_slot (self, XH_SPINE_DIVISION))
    name = self->kind->division_field;
  else if (slot == get_spine_slot (self, XH_SPINE_UNIT))
    name = self->kind->unit_field;
  field = name != NULL ? xh_kind_find_field (self->kind, name) : NULL;
  return field != NULL ? field->index : G_MAXUINT;
}

/* Depth first: what a node reads comes before it. `pending` marks the way here; a cycle, which the catalog's loader
 * refuses, is cut. */
static void
visit_node (XhForm *self, GPtrArray *from, XhNode *node)
{
  if (node->pending || g_ptr_array_find (self->nodes, node, NULL))
    return;
  node->pending = TRUE;
  for (guint i = 0; i < node->reads->len; i++)
    {
      XhNode *before = find_computed_node (from, find_source_field (self, g_array_index (node->reads, guint, i)));

      if (before != NULL)
        visit_node (self, from, before);
    }
  node->pending = FALSE;
  g_ptr_array_add (self->nodes, node);
}

static void
add_computed_nodes (XhForm *self)
{
  g_autoptr (GPtrArray) unsorted = NULL;

  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);

      if (field->computed != NULL)
        add_node (self, XH_NODE_COMPUTED, i, field->computed);
    }
  unsorted = g_steal_pointer (&self->nodes);
  g_ptr_array_set_free_func (unsorted, NULL);
  self->nodes = g_ptr_array_new_with_free_func (free_node);
  for (guint i = 0; i < unsorted->len; i++)
    visit_node (self, unsorted, unsorted->pdata[i]);
  self->n_computed = self->nodes->len;
}

static void
add_field_nodes (XhForm *self, const XhField *field)
{
  if (field->relevant != NULL)
    add_condition (self, XH_NODE_RELEVANT, field->index, field->relevant);
  if (field->required_when != NULL)
    add_condition (self, XH_NODE_REQUIRED, field->index, field->required_when);
  for (guint i = 0; field->checks != NULL && i < field->checks->len; i++)
    {
      const XhCheck *check = g_ptr_array_index (field->checks, i);

      add_node (self, XH_NODE_CHECK, field->index, check->expression)->check = check;
    }
}

static void
prepare_others (XhForm *self)
{
  const XhKind *kind = self->kind;

  self->whens = g_new0 (sqlite3_stmt *, kind->transitions->len + 1);
  for (guint i = 0; i < kind->transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (kind->transitions, i);

      if (transition->when != NULL)
        self->whens[i] = xh_form_row_prepare (self, transition->when, NULL);
    }
  self->dues = g_new0 (sqlite3_stmt *, kind->dues->len + 1);
  for (guint i = 0; i < kind->dues->len; i++)
    self->dues[i] = xh_form_row_prepare (self, ((XhDue *) g_ptr_array_index (kind->dues, i))->date, NULL);
  self->defaults = g_new0 (sqlite3_stmt *, kind->fields->len + 1);
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (field->default_expression != NULL)
        self->defaults[i] = xh_form_row_prepare (self, field->default_expression, NULL);
    }
}

static void
link_readers (XhForm *self)
{
  self->readers = g_new0 (GPtrArray *, count_slots (self));
  for (guint i = 0; i < count_slots (self); i++)
    self->readers[i] = g_ptr_array_new ();
  for (guint i = 0; i < self->nodes->len; i++)
    {
      XhNode *node = self->nodes->pdata[i];

      for (guint r = 0; r < node->reads->len; r++)
        g_ptr_array_add (self->readers[g_array_index (node->reads, guint, r)], node);
    }
}

void
xh_form_graph_build (XhForm *self)
{
  self->nodes = g_ptr_array_new_with_free_func (free_node);
  add_computed_nodes (self);
  if (self->card != NULL)
    {
      guint n = xh_scorecard_n_inputs (self->card);

      self->inputs = xh_value_array_new (n);
      for (guint i = 0; i < n; i++)
        add_node (self, XH_NODE_INPUT, i, xh_scorecard_input_sql (self->card, i));
    }
  for (guint i = 0; i < self->kind->fields->len; i++)
    add_field_nodes (self, g_ptr_array_index (self->kind->fields, i));
  prepare_others (self);
  link_readers (self);
}

static void
finalize_all (sqlite3_stmt ***statements, guint n)
{
  for (guint i = 0; *statements != NULL && i < n; i++)
    sqlite3_finalize ((*statements)[i]);
  g_clear_pointer (statements, g_free);
}

void
xh_form_graph_free (XhForm *self)
{
  for (guint i = 0; self->readers != NULL && i < count_slots (self); i++)
    g_ptr_array_unref (self->readers[i]);
  g_clear_pointer (&self->readers, g_free);
  g_clear_pointer (&self->nodes, g_ptr_array_unref);
  finalize_all (&self->whens, self->kind->transitions->len);
  finalize_all (&self->dues, self->kind->dues->len);
  finalize_all (&self->defaults, self->kind->fields->len);
}

/* --- reading */

static void
read_spine (const XhRecord *record, XhSpine spine, XhValue *value)
{
  switch (spine)
    {
    case XH_SPINE_RID:
      xh_value_set_integer (value, record->rid);
      break;
    case XH_SPINE_ID:
      xh_value_set_text (value, record->id);
      break;
    case XH_SPINE_DIVISION:
      xh_value_set_text (value, record->division);
      break;
    case XH_SPINE_UNIT:
      xh_value_set_text (value, record->unit);
      break;
    case XH_SPINE_STATE:
      xh_value_set_text (value, record->state);
      break;
    case XH_SPINE_VERSION:
      xh_value_set_integer (value, record->version);
      break;
    case XH_SPINE_DELETED:
      xh_value_set_integer (value, record->deleted ? 1 : 0);
      break;
    case XH_SPINE_CREATED_AT:
      xh_value_set_text (value, record->created_at);
      break;
    case XH_SPINE_UPDATED_AT:
      xh_value_set_text (value, record->updated_at);
      break;
    case XH_SPINE_DUE:
      xh_value_set_text (value, record->due);
      break;
    case XH_N_SPINE:
      break;
    }
}

/* A field's or reference's own value, or @scratch filled from the spine. */
const XhValue *
xh_form_read_slot (XhForm *self, guint slot, XhValue *scratch)
{
  guint n_fields = self->kind->fields->len, n_references = self->kind->references->len;

  if (slot < n_fields)
    return &self->record->values[slot];
  if (slot < n_fields + n_references)
    return &self->references[slot - n_fields];
  read_spine (self->record, slot - n_fields - n_references, scratch);
  return scratch;
}

/* --- marking and evaluating */

void
xh_form_mark_slot (XhForm *self, guint slot)
{
  GPtrArray *readers = self->readers[slot];

  for (guint i = 0; i < readers->len; i++)
    ((XhNode *) readers->pdata[i])->pending = TRUE;
}

void
xh_form_mark_all (XhForm *self)
{
  for (guint i = 0; i < self->nodes->len; i++)
    ((XhNode *) self->nodes->pdata[i])->pending = TRUE;
  for (guint i = 0; i < self->kind->fields->len; i++)
    self->fields[i].touched = TRUE;
}

/* What was frozen is alive again. */
void
xh_form_mark_derived (XhForm *self)
{
  for (guint i = 0; i < self->nodes->len; i++)
    {
      XhNode *node = self->nodes->pdata[i];

      if (node->type == XH_NODE_COMPUTED || node->type == XH_NODE_INPUT)
        node->pending = TRUE;
    }
}

static void
copy_to_spine (XhForm *self, XhSpine spine, char **member, const char *text)
{
  if (g_strcmp0 (*member, text) == 0)
    return;
  g_free (*member);
  *member = g_strdup (text);
  xh_form_mark_slot (self, get_spine_slot (self, spine));
}

/* Where the record lies and who answers for it. */
void
xh_form_move (XhForm *self, const char *division, const char *unit)
{
  copy_to_spine (self, XH_SPINE_DIVISION, &self->record->division, division);
  copy_to_spine (self, XH_SPINE_UNIT, &self->record->unit, unit);
}

/* Puts a value into the record, and marks what reads it. */
void
xh_form_place (XhForm *self, const XhField *field, const XhValue *value)
{
  if (xh_value_equal (&self->record->values[field->index], value)
      && self->record->values[field->index].type == value->type)
    return;
  xh_value_copy (value, &self->record->values[field->index]);
  self->fields[field->index].touched = TRUE;
  xh_form_mark_slot (self, field->index);
  /* An empty field leaves the record where it was: one that lies nowhere would be in nobody's scope. */
  if (value->type != XH_VALUE_TEXT)
    return;
  if (g_strcmp0 (field->name, self->kind->division_field) == 0)
    copy_to_spine (self, XH_SPINE_DIVISION, &self->record->division, value->text);
  if (g_strcmp0 (field->name, self->kind->unit_field) == 0)
    copy_to_spine (self, XH_SPINE_UNIT, &self->record->unit, value->text);
}

static void
settle_computed (XhForm *self)
{
  for (guint i = 0; i < self->n_computed; i++)
    {
      XhNode *node = self->nodes->pdata[i];
      const XhField *field = g_ptr_array_index (self->kind->fields, node->field);
      g_auto (XhValue) value = XH_VALUE_INIT;

      if (!node->pending)
        continue;
      node->pending = FALSE;
      if (self->frozen)
        continue;
      xh_form_row_read (node->statement, &value);
      xh_field_coerce (field, &value);
      xh_form_place (self, field, &value);
    }
}

static gboolean
settle_inputs (XhForm *self)
{
  gboolean changed = FALSE;

  for (guint i = self->n_computed; i < self->nodes->len; i++)
    {
      XhNode *node = self->nodes->pdata[i];
      g_auto (XhValue) value = XH_VALUE_INIT;

      if (node->type != XH_NODE_INPUT)
        break;
      if (!node->pending)
        continue;
      node->pending = FALSE;
      if (self->frozen)
        continue;
      xh_form_row_read (node->statement, &value);
      if (xh_value_equal (&value, &self->inputs[node->field]))
        continue;
      xh_value_copy (&value, &self->inputs[node->field]);
      changed = TRUE;
    }
  return changed;
}

static void
place_scored (XhForm *self, const char *name, const XhValue *value)
{
  const XhField *field = name != NULL ? xh_kind_find_field (self->kind, name) : NULL;
  g_auto (XhValue) own = XH_VALUE_INIT;

  if (field == NULL)
    return;
  xh_value_copy (value, &own);
  xh_field_coerce (field, &own);
  xh_form_place (self, field, &own);
}

static void
rescore (XhForm *self)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  g_clear_pointer (&self->score, xh_score_free);
  self->score = xh_scorecard_score (self->card, self->inputs);
  self->score_told = FALSE;
  self->score_changed = TRUE;
  self->explanation_stale = TRUE;
  if (self->score->grade->rated)
    xh_value_set_real (&value, self->score->total);
  place_scored (self, self->card->score_field, &value);
  xh_value_set_text (&value, self->score->grade->name);
  place_scored (self, self->card->grade_field, &value);
  xh_value_set_integer (&value, self->score->credit);
  place_scored (self, self->card->credit_field, &value);
}

/* Text of a page or two: written when somebody asks for the record, not at every edit. */
void
xh_form_explain (XhForm *self)
{
  g_autofree char *today = NULL;
  const XhField *field;
  GDate date;

  if (!self->explanation_stale)
    return;
  self->explanation_stale = FALSE;
  field = self->card->explanation_field != NULL ? xh_kind_find_field (self->kind, self->card->explanation_field) : NULL;
  if (field == NULL)
    return;
  xh_date_today (&date);
  today = xh_date_format (&date);
  xh_value_take_text (&self->record->values[field->index], xh_score_to_json (self->score, today));
}

static void
set_flag (XhForm *self, guint field, gboolean *flag, gboolean value)
{
  if (*flag == value)
    return;
  *flag = value;
  self->fields[field].touched = TRUE;
}

static void
settle_check (XhForm *self, XhNode *node)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  gboolean ran = xh_form_row_read (node->statement, &value);

  /* NULL passes; a check that cannot be evaluated does not. */
  set_flag (self, node->field, &node->failed, !ran || (value.type != XH_VALUE_NULL && xh_value_as_real (&value) == 0));
}

static void
settle_conditions (XhForm *self)
{
  for (guint i = self->n_computed; i < self->nodes->len; i++)
    {
      XhNode *node = self->nodes->pdata[i];
      XhFieldState *state;

      if (!node->pending || node->type == XH_NODE_INPUT)
        continue;
      node->pending = FALSE;
      state = &self->fields[node->field];
      if (is_condition (node))
        node->holds = node->twin != NULL ? node->twin->holds : xh_form_row_holds (node->statement);
      if (node->type == XH_NODE_RELEVANT)
        set_flag (self, node->field, &state->relevant, node->holds);
      else if (node->type == XH_NODE_REQUIRED)
        set_flag (self, node->field, &state->required, node->holds);
      else
        settle_check (self, node);
    }
}

/* A field that is not relevant takes no new value: what was typed is set aside, and comes back when the field is relevant
 * again. So the record is at any time what the server would make of it. */
static gboolean
put_aside (XhForm *self, const XhField *field)
{
  XhFieldState *state = &self->fields[field->index];
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (state->relevant && !xh_value_is_null (&state->aside))
    {
      value = state->aside;
      state->aside = (XhValue) XH_VALUE_INIT;
      xh_form_place (self, field, &value);
      return TRUE;
    }
  if (state->relevant || state->kept || xh_value_equal (&self->record->values[field->index], &self->base[field->index]))
    return FALSE;
  xh_value_copy (&self->record->values[field->index], &state->aside);
  xh_form_place (self, field, &self->base[field->index]);
  return TRUE;
}

static gboolean
follow_relevance (XhForm *self)
{
  gboolean moved = FALSE;

  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);

      if (field->relevant != NULL && !xh_field_is_derived (field))
        moved |= put_aside (self, field);
    }
  return moved;
}

static void
settle_values (XhForm *self)
{
  settle_computed (self);
  if (self->card != NULL && (settle_inputs (self) || (self->score == NULL && !self->frozen)))
    {
      rescore (self);
      settle_computed (self);
    }
  settle_conditions (self);
}

void
xh_form_settle (XhForm *self)
{
  self->due_stale = TRUE;
  settle_values (self);
  /* What follows from relevance may change the relevance of other fields, but not for ever. */
  for (guint i = 0; i < MAX_ROUNDS && !self->looking_ahead && follow_relevance (self); i++)
    settle_values (self);
  for (guint i = 0; i < self->kind->fields->len; i++)
    self->fields[i].stale |= self->fields[i].touched;
  g_clear_pointer (&self->issues, g_ptr_array_unref);
}
