/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What comes into a form: from a person, from a draft, from another side. */

#include "xh-form-private.h"

#include <glib/gi18n-lib.h>

static const XhField *
find_field (XhForm *self, const char *name, GError **error)
{
  const XhField *field = xh_kind_find_field (self->kind, name);

  if (field == NULL)
    g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_UNKNOWN, _("There is no field “%s”."), name);
  return field;
}

void
xh_form_clear_typed (XhForm *self, const XhField *field)
{
  XhFieldState *state = &self->fields[field->index];

  if (state->typed == NULL)
    return;
  g_clear_pointer (&state->typed, g_free);
  g_clear_pointer (&state->typed_message, g_free);
  state->touched = TRUE;
}

static gboolean
refuse_irrelevant (const XhField *field, GError **error)
{
  const char *reason = field->irrelevant_reason.zh != NULL ? xh_label_get (&field->irrelevant_reason) : NULL;

  g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE,
                       reason != NULL ? reason : _("This field does not apply here."));
  return FALSE;
}

/* What was asked for, in the form in which it is stored; FALSE where one may not be written or is not of its type. */
static gboolean
normalise_all (XhForm *self, const char *const *names, const XhValue *values, guint n, const XhField **fields,
               XhValue *normal, const XhField **culprit, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      fields[i] = find_field (self, names[i], error);
      *culprit = fields[i];
      if (fields[i] == NULL || !xh_form_may_edit (self, fields[i], error)
          || !xh_field_normalise (fields[i], &values[i], &normal[i], error))
        return FALSE;
    }
  return TRUE;
}

static const XhField *
find_irrelevant (XhForm *self, const XhField **fields, const XhValue *normal, const XhValue *before, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!self->fields[fields[i]->index].relevant && !xh_value_is_null (&normal[i])
        && !xh_value_equal (&normal[i], &before[i]))
      return fields[i];
  return NULL;
}

static void
place_all (XhForm *self, const XhField **fields, const XhValue *values, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      xh_value_clear (&self->fields[fields[i]->index].aside);
      xh_form_place (self, fields[i], &values[i]);
    }
  xh_form_settle (self);
}

/**
 * xh_form_set_many:
 * @self: a loaded form
 * @names: (array length=n): fields, each once
 * @values: (array length=n): their new values
 * @n: how many
 * @culprit: (out) (optional) (nullable): on failure, the field that is at fault
 *
 * Sets several fields at once: whether each is relevant is judged after all of them stand, so their order does not matter.
 * Nothing is changed on failure. A value that is of its field's type but wrong is taken, and an issue says so.
 *
 * Returns: %FALSE with %XH_MODEL_ERROR_UNKNOWN for a name that is none, with %XH_MODEL_ERROR_VALUE and a message for the
 *   person where the field may not be written, is not relevant, or the value is not of its type
 */
gboolean
xh_form_set_many (XhForm *self, const char *const *names, const XhValue *values, guint n, const XhField **culprit,
                  GError **error)
{
  g_autofree const XhField **fields = g_new0 (const XhField *, n + 1);
  XhValue *normal = xh_value_array_new (n), *before = xh_value_array_new (n);
  g_autofree char *division = NULL, *unit = NULL;
  const XhField *failed = NULL;
  gboolean done = FALSE;

  g_return_val_if_fail (XH_IS_FORM (self) && self->record != NULL, FALSE);

  if (normalise_all (self, names, values, n, fields, normal, &failed, error))
    {
      for (guint i = 0; i < n; i++)
        {
          xh_form_clear_typed (self, fields[i]);
          xh_value_copy (&self->record->values[fields[i]->index], &before[i]);
        }
      division = g_strdup (self->record->division);
      unit = g_strdup (self->record->unit);
      place_all (self, fields, normal, n);
      failed = find_irrelevant (self, fields, normal, before, n);
      done = failed == NULL;
      if (!done)
        {
          xh_form_move (self, division, unit);
          place_all (self, fields, before, n);
          refuse_irrelevant (failed, error);
        }
      xh_form_announce (self);
    }
  xh_value_array_free (normal, n);
  xh_value_array_free (before, n);
  if (culprit != NULL)
    *culprit = done ? NULL : failed;
  return done;
}

/**
 * xh_form_set:
 * @self: a loaded form
 * @field: name of a field
 * @value: its new value
 *
 * Sets a field and evaluates what hangs on it; emits "changed" for every field that changed in value, relevance, required
 * mark or issues. A value that is of the field's type but wrong (a wrong check digit, too large) is taken, and an issue
 * says so.
 *
 * Returns: %FALSE as xh_form_set_many() does
 */
gboolean
xh_form_set (XhForm *self, const char *field, const XhValue *value, GError **error)
{
  return xh_form_set_many (self, &field, value, 1, NULL, error);
}

/**
 * xh_form_set_invalid:
 * @self: a loaded form
 * @field: name of a field
 * @typed: what the person typed
 * @message: why it is no value of the field's type, as xh_field_parse() says
 *
 * The field becomes empty, with an error, until it is set again: nothing is computed from what it held before.
 */
void
xh_form_set_invalid (XhForm *self, const char *field, const char *typed, const char *message)
{
  static const XhValue none = XH_VALUE_INIT;
  const XhField *found;
  XhFieldState *state;

  g_return_if_fail (XH_IS_FORM (self) && self->record != NULL);

  found = xh_kind_find_field (self->kind, field);
  g_return_if_fail (found != NULL);

  if (!xh_form_may_edit (self, found, NULL))
    return;
  xh_form_clear_typed (self, found);
  state = &self->fields[found->index];
  state->typed = g_strdup (typed);
  state->typed_message = g_strdup (message);
  state->touched = TRUE;
  xh_form_place (self, found, &none);
  xh_form_settle (self);
  xh_form_announce (self);
}

/**
 * xh_form_get_typed:
 * @self: a loaded form
 * @field: name of a field
 *
 * Returns: (nullable): the text that xh_form_set_invalid() noted
 */
const char *
xh_form_get_typed (XhForm *self, const char *field)
{
  const XhField *found = xh_kind_find_field (self->kind, field);

  return found != NULL ? self->fields[found->index].typed : NULL;
}

/**
 * xh_form_restore:
 * @self: a form loaded with the record as it is stored
 * @draft: the same record as it was left unsaved
 *
 * Puts a draft's values over the stored ones, with no question of rights or relevance; what differs is dirty again.
 */
void
xh_form_restore (XhForm *self, const XhRecord *draft)
{
  g_return_if_fail (XH_IS_FORM (self) && self->record != NULL);
  g_return_if_fail (draft->kind == self->kind);

  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);
      g_auto (XhValue) normal = XH_VALUE_INIT;

      if (!xh_field_is_derived (field) && xh_field_normalise (field, &draft->values[i], &normal, NULL))
        xh_form_place (self, field, &normal);
    }
  xh_form_settle (self);
  xh_form_announce (self);
}
