/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may change what, and the ways from one state to the next. */

#include "xh-form-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NAMED 5 /* fields named in a reason */

static const XhState *
get_state (XhForm *self)
{
  return xh_kind_find_state (self->kind, self->record->state);
}

/* Without a role it is the program itself that works. */
static gboolean
may (XhForm *self, char **roles)
{
  return self->role == NULL || xh_kind_may (self->kind, roles, self->role);
}

/* Who made a record may fill it in until it is stored. */
static gboolean
may_edit_kind (XhForm *self)
{
  gboolean unstored = self->is_new || (self->record->rid == 0 && self->record->version == 0);

  return may (self, self->kind->edit_roles) || (unstored && may (self, self->kind->create_roles));
}

/* Whether a stored record is here to be read only: the role reaches it beyond its scope. */
gboolean
xh_form_lies_elsewhere (XhForm *self)
{
  const XhRole *role = self->role != NULL ? xh_catalog_find_role (self->kind->catalog, self->role) : NULL;

  if (!self->has_place || role == NULL || role->scope == XH_SCOPE_ALL || self->kind->reach_roles == NULL
      || !xh_kind_may (self->kind, self->kind->reach_roles, self->role) || (self->record->rid == 0 && self->record->version == 0))
    return FALSE;
  return role->scope == XH_SCOPE_UNIT ? g_strcmp0 (self->record->unit, self->place_unit) != 0
                                      : !xh_division_contains (self->place_division, self->record->division);
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, message);
  return FALSE;
}

gboolean
xh_form_may_edit (XhForm *self, const XhField *field, GError **error)
{
  const XhState *state = get_state (self);

  if (field->scored)
    return refuse (error, _("The scorecard writes this value."));
  if (field->computed != NULL)
    return refuse (error, _("This value is computed."));
  if (self->record->deleted)
    return refuse (error, _("This record has been deleted."));
  if (xh_form_lies_elsewhere (self))
    return refuse (error, _("This record belongs to another unit: you may read it, not change it."));
  if (state != NULL && state->edit_roles != NULL ? !may (self, state->edit_roles) : !may_edit_kind (self))
    {
      if (state != NULL && state->edit_roles != NULL)
        g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("Your role may not change a record that is “%s”."),
                     xh_label_get (&state->label));
      else
        return refuse (error, _("Your role may not change these records."));
      return FALSE;
    }
  if (!may (self, field->write_roles))
    return refuse (error, _("Your role may not change this field."));
  return TRUE;
}

gboolean
xh_form_state_is_closed (XhForm *self)
{
  const XhState *state = get_state (self);

  return state != NULL && (state->closed || (state->edit_roles != NULL && state->edit_roles[0] == NULL));
}

void
xh_form_set_state (XhForm *self, const char *state)
{
  gboolean was_frozen = self->frozen;

  for (guint i = 0; i < self->kind->fields->len; i++)
    self->fields[i].kept |= self->fields[i].relevant;
  g_free (self->record->state);
  self->record->state = g_strdup (state);
  self->state_changed = TRUE;
  self->due_stale = TRUE;
  xh_form_mark_slot (self, self->kind->fields->len + self->kind->references->len + XH_SPINE_STATE);
  /* What hangs on the new state is computed once more before a closed one holds it. */
  self->frozen = was_frozen && xh_form_state_is_closed (self);
  if (was_frozen && !self->frozen)
    {
      g_clear_pointer (&self->score, xh_score_free);
      xh_form_mark_derived (self);
    }
  xh_form_settle (self);
  self->frozen = xh_form_state_is_closed (self);
  xh_form_announce (self);
}

static gboolean
counts_now (XhForm *self, const XhDue *due)
{
  return due->states == NULL || g_strv_contains ((const char *const *) due->states, self->record->state);
}

/* The earliest due date that counts in this state. */
void
xh_form_find_due (XhForm *self)
{
  g_autofree char *earliest = NULL;

  if (!self->due_stale)
    return;
  self->due_stale = FALSE;
  for (guint i = 0; i < self->kind->dues->len; i++)
    {
      g_auto (XhValue) value = XH_VALUE_INIT;
      GDate date;

      if (!counts_now (self, g_ptr_array_index (self->kind->dues, i)))
        continue;
      xh_form_row_read (self->dues[i], &value);
      if (!xh_date_parse (xh_value_as_text (&value), &date))
        continue;
      if (earliest == NULL || strcmp (value.text, earliest) < 0)
        {
          g_free (earliest);
          earliest = g_strdup (value.text);
        }
    }
  if (g_strcmp0 (earliest, self->record->due) == 0)
    return;
  g_free (self->record->due);
  self->record->due = g_steal_pointer (&earliest);
}

/**
 * xh_form_get_due:
 * @self: a loaded form
 * @index: place in the kind's due dates
 *
 * Returns: (nullable) (transfer full): the ISO date of a due date, %NULL where it does not count in the record's state or is
 *   not known
 */
char *
xh_form_get_due (XhForm *self, guint index)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  GDate date;

  g_return_val_if_fail (XH_IS_FORM (self) && self->record != NULL && index < self->kind->dues->len, NULL);

  if (!counts_now (self, g_ptr_array_index (self->kind->dues, index)))
    return NULL;
  xh_form_row_read (self->dues[index], &value);
  return xh_date_parse (xh_value_as_text (&value), &date) ? g_strdup (value.text) : NULL;
}

/* --- transitions */

static const XhField *
find_issue_field (XhForm *self, const XhIssue *issue)
{
  g_autofree char *name = g_strndup (issue->field, strcspn (issue->field, "/"));

  return xh_kind_find_field (self->kind, name);
}

/* The labels of the fields that have such an issue, each once, the first few. */
static char *
name_fields (XhForm *self, XhIssueSeverity severity)
{
  GPtrArray *issues = xh_form_get_issues (self);
  GString *names = g_string_new (NULL);
  const XhField *last = NULL;
  guint n = 0;

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = issues->pdata[i];
      const XhField *field = issue->severity == severity ? find_issue_field (self, issue) : NULL;

      if (field == NULL || field == last)
        continue;
      last = field;
      if (++n > MAX_NAMED)
        continue;
      if (n > 1)
        g_string_append (names, _(", "));
      g_string_append (names, xh_label_get (&field->label));
    }
  if (n > MAX_NAMED)
    g_string_append_printf (names, _(" and %u more"), n - MAX_NAMED);
  return g_string_free (names, FALSE);
}

/* What stands in the way of the record once it is in @target: its issues there, as which fields are required may hang on the
 * state. Nothing that is computed follows this look ahead. */
static char *
explain_issues_in (XhForm *self, const XhState *target)
{
  g_autofree char *names = NULL;

  if (xh_form_count_issues (self, XH_ISSUE_ERROR) > 0)
    {
      names = name_fields (self, XH_ISSUE_ERROR);
      return g_strdup_printf (_("Not right yet: %s"), names);
    }
  if (!target->complete || xh_form_count_issues (self, XH_ISSUE_MISSING) == 0)
    return NULL;
  names = name_fields (self, XH_ISSUE_MISSING);
  return g_strdup_printf (_("Still empty: %s"), names);
}

static void
look_from (XhForm *self, char *state)
{
  self->record->state = state;
  xh_form_mark_slot (self, self->kind->fields->len + self->kind->references->len + XH_SPINE_STATE);
  xh_form_settle (self);
  for (guint i = 0; i < self->kind->fields->len; i++)
    self->fields[i].touched = FALSE;
}

static char *
look_ahead (XhForm *self, const XhState *target)
{
  char *state = self->record->state, *reason;
  gboolean frozen = self->frozen;

  self->frozen = self->looking_ahead = TRUE;
  look_from (self, target->name);
  reason = explain_issues_in (self, target);
  self->frozen = frozen;
  look_from (self, state);
  self->looking_ahead = FALSE;
  return reason;
}

static char *
explain_refusal (XhForm *self, const XhTransition *transition)
{
  const XhState *target = xh_kind_find_state (self->kind, transition->to);
  char *reason = target != NULL ? look_ahead (self, target) : NULL;
  guint index = 0;

  if (reason != NULL || transition->when == NULL || !g_ptr_array_find (self->kind->transitions, transition, &index)
      || xh_form_row_holds (self->whens[index]))
    return reason;
  if (transition->message.zh != NULL)
    return g_strdup (xh_label_get (&transition->message));
  return g_strdup (_("This step is not possible yet."));
}

static gboolean
is_open_to_role (XhForm *self, const XhTransition *transition)
{
  return !self->record->deleted && !xh_form_lies_elsewhere (self) && g_strv_contains ((const char *const *) transition->from, self->record->state)
         && may (self, transition->roles);
}

/**
 * xh_form_get_transitions:
 * @self: a loaded form
 * @why: (out) (optional) (transfer container) (element-type utf8): as many, %NULL where the transition may be taken, else the
 *   reason in words. Free with g_ptr_array_unref()
 *
 * Returns: (transfer container) (element-type XhTransition): transitions from the record's state that the form's role may
 *   take, once what stands in @why is settled
 */
GPtrArray *
xh_form_get_transitions (XhForm *self, GPtrArray **why)
{
  GPtrArray *transitions = g_ptr_array_new ();

  g_return_val_if_fail (XH_IS_FORM (self) && self->record != NULL, transitions);

  if (why != NULL)
    *why = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->kind->transitions->len; i++)
    {
      XhTransition *transition = g_ptr_array_index (self->kind->transitions, i);

      if (!is_open_to_role (self, transition))
        continue;
      g_ptr_array_add (transitions, transition);
      if (why != NULL)
        g_ptr_array_add (*why, explain_refusal (self, transition));
    }
  return transitions;
}

/**
 * xh_form_transition:
 * @self: a loaded form
 * @name: a transition
 *
 * Takes the record to the transition's state; emits "changed" with "state".
 *
 * Returns: %FALSE with %XH_MODEL_ERROR_UNKNOWN where the kind has no such transition, with %XH_MODEL_ERROR_VALUE and the
 *   reason in words where it may not be taken
 */
gboolean
xh_form_transition (XhForm *self, const char *name, GError **error)
{
  const XhTransition *transition;
  g_autofree char *reason = NULL;

  g_return_val_if_fail (XH_IS_FORM (self) && self->record != NULL, FALSE);

  transition = xh_kind_find_transition (self->kind, name);
  if (transition == NULL)
    {
      g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_UNKNOWN, _("There is no step “%s”."), name);
      return FALSE;
    }
  if (!is_open_to_role (self, transition))
    return refuse (error, _("Your role may not take this step, or the record is in another state."));
  reason = explain_refusal (self, transition);
  if (reason != NULL)
    return refuse (error, reason);
  xh_form_set_state (self, transition->to);
  return TRUE;
}

/**
 * xh_form_is_editable:
 * @self: a loaded form
 * @field: name of a field
 *
 * Returns: whether the form's role may write the field in the record's state; %FALSE for computed and scored fields. Whether
 *   the field is relevant is another question
 */
gboolean
xh_form_is_editable (XhForm *self, const char *field)
{
  const XhField *found;

  g_return_val_if_fail (XH_IS_FORM (self) && self->record != NULL, FALSE);

  found = xh_kind_find_field (self->kind, field);
  return found != NULL && xh_form_may_edit (self, found, NULL);
}
