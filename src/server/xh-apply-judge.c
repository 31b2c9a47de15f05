/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The second half of an op: the merged record goes through the same form that the window edits with. */
#include "xh-apply-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-form.h"

static gboolean
is_set_by_people (const XhField *field)
{
  return !field->computed && !field->scored;
}

static gboolean
is_changed (const XhApply *self, const XhField *field)
{
  return !xh_value_equal (&self->expected->values[field->index], &self->theirs->values[field->index]);
}

/* What the op wants to write: fields it names whose value differs. A field the role cannot read counts in any case, or
 * an answer would tell whether a guess was right. */
static GPtrArray *
find_wanted (XhApply *self)
{
  GPtrArray *wanted = g_ptr_array_new ();

  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      XhField *field = g_ptr_array_index (self->kind->fields, i);

      if (!is_set_by_people (field) || !json_object_has_member (self->set, field->name))
        continue;
      if (is_changed (self, field) || !xh_access_may_read_field (self->access, field))
        g_ptr_array_add (wanted, field);
    }
  return wanted;
}

/* The fields of @wanted that the role may write in the present state go to @batch. */
static void
take_editable (XhForm *form, GPtrArray *wanted, GPtrArray *batch)
{
  for (guint i = 0; i < wanted->len;)
    {
      XhField *field = g_ptr_array_index (wanted, i);

      if (xh_form_is_editable (form, field->name))
        {
          g_ptr_array_add (batch, field);
          g_ptr_array_remove_index (wanted, i);
        }
      else
        i++;
    }
}

static gboolean
set_batch (XhApply *self, XhForm *form, GPtrArray *batch, const XhField **culprit, GError **error)
{
  g_autofree const char **names = g_new (const char *, batch->len + 1);
  g_autofree XhValue *values = g_new (XhValue, batch->len + 1); /* their texts stay with @expected */

  for (guint i = 0; i < batch->len; i++)
    {
      const XhField *field = g_ptr_array_index (batch, i);

      names[i] = field->name;
      values[i] = self->expected->values[field->index];
    }
  return xh_form_set_many (form, names, values, batch->len, culprit, error);
}

/* Sets what may be set in the present state, all at once: which fields are relevant may hang on others of the op. What may not
 * be set yet, or is not relevant yet, stays in @wanted: behind the transition it may be. */
static void
set_fields (XhApply *self, XhForm *form, GPtrArray *wanted, gboolean is_last)
{
  g_autoptr (GPtrArray) batch = g_ptr_array_new ();

  take_editable (form, wanted, batch);
  while (batch->len > 0)
    {
      const XhField *culprit = NULL;
      g_autoptr (GError) error = NULL;

      if (set_batch (self, form, batch, &culprit, &error))
        return;
      if (!is_last && !xh_form_is_relevant (form, culprit->name))
        g_ptr_array_add (wanted, (gpointer) culprit);
      else
        xh_apply_refuse (self, culprit->name, error->message);
      g_ptr_array_remove (batch, (gpointer) culprit);
    }
}

/* The server itself takes no step that is not automatic. */
static const XhTransition *
find_step (XhApply *self)
{
  if (!xh_access_is_system (self->access))
    return xh_kind_match_transition (self->kind, self->theirs->state, self->expected->state, self->access->role->name);
  for (guint i = 0; i < self->kind->transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (self->kind->transitions, i);

      if (transition->automatic && strcmp (transition->to, self->expected->state) == 0
          && g_strv_contains ((const char *const *) transition->from, self->theirs->state))
        return transition;
    }
  return NULL;
}

static void
take_transition (XhApply *self, XhForm *form)
{
  const XhTransition *transition;
  g_autoptr (GError) error = NULL;

  if (strcmp (self->expected->state, self->theirs->state) == 0)
    return;
  transition = find_step (self);
  if (!transition)
    xh_apply_refuse (self, "state", _("Your role may not take this step from the state the record is in."));
  else if (!xh_form_transition (form, transition->name, &error))
    xh_apply_refuse (self, "state", error->message);
}

static void
take_issues (XhApply *self, XhForm *form)
{
  GPtrArray *issues = xh_form_get_issues (form);

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);

      if (xh_form_holds_up (form, issue))
        xh_apply_refuse (self, issue->field, issue->message);
    }
}

/* A link may only point to a record that the account can see: references would carry its values out. */
static gboolean
check_link (XhApply *self, const XhField *field, const char *id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (XhRecord) target = xh_store_load (self->backend->store, id, &failure);
  gboolean covers = FALSE;

  if (g_error_matches (failure, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND))
    {
      /* Most likely made on the same device and refused: this op waits until a person has settled that one. */
      xh_apply_refuse (self, field->name, _("The server does not know the record this one refers to."));
      self->status = XH_ANSWER_HELD;
      return TRUE;
    }
  if (failure)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (!xh_access_reaches (self->access, self->backend, id, &covers, error))
    return FALSE;
  if (!covers || target->deleted || strcmp (target->kind->name, field->link_kind) != 0
      || !xh_access_may_read (self->access, target->kind))
    xh_apply_refuse (self, field->name, _("The record this one refers to is deleted or outside your area."));
  return TRUE;
}

static gboolean
check_links (XhApply *self, GError **error)
{
  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);
      const char *id = field->type == XH_FIELD_LINK ? xh_value_as_text (&self->expected->values[i]) : NULL;

      if (id && is_changed (self, field) && !check_link (self, field, id, error))
        return FALSE;
    }
  return TRUE;
}

static void
set_text (char **target, const char *text)
{
  g_free (*target);
  *target = g_strdup (text);
}

/* Where the kind names a field for it, the record lies where that field says; else where its author is at work. */
static void
place_result (XhApply *self)
{
  const XhKind *kind = self->kind;
  XhRecord *result = self->result;

  if (kind->division_field)
    set_text (&result->division, xh_value_as_text (xh_record_get (result, kind->division_field)));
  else if (self->is_new)
    set_text (&result->division, self->access->division);
  if (kind->unit_field)
    set_text (&result->unit, xh_value_as_text (xh_record_get (result, kind->unit_field)));
  else if (self->is_new)
    set_text (&result->unit, self->access->unit);
}

static gboolean
judge_values (XhApply *self, GError **error)
{
  XhForm *form = xh_backend_form (self->backend, self->kind, self->access->role->name);
  guint n_references = self->kind->references->len;
  g_autoptr (GPtrArray) wanted = find_wanted (self);
  XhValue *references;

  if (!check_links (self, error) || !xh_apply_check_files (self, error))
    return FALSE;
  if (self->issues)
    return TRUE;
  /* References of the record as it will be: a link may be among what changes. */
  references = xh_value_array_new (n_references);
  if (!xh_store_references (self->backend->store, self->expected, references, error))
    {
      xh_value_array_free (references, n_references);
      return FALSE;
    }
  xh_form_load (form, self->theirs, references, FALSE);
  xh_value_array_free (references, n_references);
  set_fields (self, form, wanted, FALSE);
  take_transition (self, form);
  set_fields (self, form, wanted, TRUE);
  for (guint i = 0; i < wanted->len; i++)
    xh_apply_refuse (self, ((const XhField *) g_ptr_array_index (wanted, i))->name,
                     _("You may not change this field in the state the record is in."));
  if (!xh_apply_settles (self))
    take_issues (self, form);
  self->result = xh_record_copy (xh_form_get_record (form));
  return TRUE;
}

static gboolean
has_same_keys (XhApply *self)
{
  for (guint i = 0; i < self->kind->unique_keys->len; i++)
    for (char **name = g_ptr_array_index (self->kind->unique_keys, i); *name; name++)
      if (!xh_value_equal (xh_record_get (self->theirs, *name), xh_record_get (self->result, *name)))
        return FALSE;
  return TRUE;
}

static gboolean
check_unique (XhApply *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  char **key = self->kind->unique_keys->len > 0 ? g_ptr_array_index (self->kind->unique_keys, 0) : NULL;

  /* It had its keys before: nobody else could take them. */
  if (!self->is_new && !self->theirs->deleted && has_same_keys (self))
    return TRUE;
  if (xh_store_check_unique (self->backend->store, self->result, &failure))
    return TRUE;
  if (!g_error_matches (failure, XH_STORE_ERROR, XH_STORE_ERROR_UNIQUE))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  /* The store's words name the other record, which the account may have no right to see. */
  return xh_apply_refuse (self, key ? key[0] : NULL,
                          _("Another record of this register has the same value; it may lie outside your area."));
}

gboolean
xh_apply_judge (XhApply *self, GError **error)
{
  if (self->expected->deleted && !json_object_has_member (self->set, "deleted"))
    return xh_apply_refuse (self, NULL, _("The record is deleted. Restore it before you change it."));
  /* A deletion is not held up by what is wrong with the record. */
  if (self->expected->deleted)
    {
      self->result = xh_record_copy (self->theirs);
      self->result->deleted = TRUE;
      return TRUE;
    }
  if (!judge_values (self, error) || self->issues)
    return FALSE;
  self->result->deleted = FALSE;
  place_result (self);
  return check_unique (self, error);
}
