/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-merge.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
has_text (char **texts, const char *text)
{
  return texts != NULL && g_strv_contains ((const char *const *) texts, text);
}

static gboolean
merges (const XhKind *kind, const XhTransition *step)
{
  return kind->subject_merged != NULL && step->when != NULL && strstr (step->when, kind->subject_merged) != NULL;
}

const XhTransition *
xh_merge_find_step (const XhKind *kind, const char *state, const char *role)
{
  for (guint i = 0; state != NULL && i < kind->transitions->len; i++)
    {
      const XhTransition *step = g_ptr_array_index (kind->transitions, i);

      if (merges (kind, step) && has_text (step->from, state) && (role == NULL || has_text (step->roles, role)))
        return step;
    }
  return NULL;
}

static gboolean
undoes (const XhKind *kind, const XhTransition *step)
{
  for (guint i = 0; i < kind->transitions->len; i++)
    {
      const XhTransition *other = g_ptr_array_index (kind->transitions, i);

      if (other != step && merges (kind, other) && has_text (step->from, other->to) && has_text (other->from, step->to))
        return TRUE;
    }
  return FALSE;
}

const XhTransition *
xh_merge_find_undo (const XhKind *kind, const char *state, const char *role)
{
  for (guint i = 0; state != NULL && i < kind->transitions->len; i++)
    {
      const XhTransition *step = g_ptr_array_index (kind->transitions, i);

      if (undoes (kind, step) && has_text (step->from, state) && (role == NULL || has_text (step->roles, role)))
        return step;
    }
  return NULL;
}

void
xh_merge_forget (XhForm *form, const XhTransition *step)
{
  const XhKind *kind = xh_form_get_kind (form);
  const XhValue nothing = XH_VALUE_INIT;

  if (kind->subject_merged != NULL && undoes (kind, step))
    xh_form_set (form, kind->subject_merged, &nothing, NULL);
}

/* Why: the text field that the step asks for besides the link. */
static const XhField *
note_field (const XhKind *kind, const XhTransition *step)
{
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (field->type == XH_FIELD_TEXT && strstr (step->when, field->name) != NULL)
        return field;
    }
  return NULL;
}

static XhRecord *
finish (XhForm *form, const XhTransition *step, GPtrArray **changed, GError **error)
{
  if (!xh_form_transition (form, step->name, error))
    return NULL;
  xh_merge_forget (form, step);
  *changed = xh_form_get_changed (form);
  return xh_record_copy (xh_form_get_record (form));
}

XhRecord *
xh_merge_apply (const XhRecord *record, const char *role, const char *winner, const char *note, GPtrArray **changed, GError **error)
{
  const XhTransition *step = xh_merge_find_step (record->kind, record->state, role);
  g_autoptr (XhForm) form = NULL;
  g_auto (XhValue) link = XH_VALUE_INIT, text = XH_VALUE_INIT;
  const XhField *why;

  if (step == NULL)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_UNKNOWN, _("Your role cannot merge this file as it stands."));
      return NULL;
    }
  form = xh_form_new (record->kind, role);
  xh_form_load (form, record, NULL, FALSE);
  why = note_field (record->kind, step);
  xh_value_set_text (&link, winner);
  xh_value_set_text (&text, note);
  if (!xh_form_set (form, record->kind->subject_merged, &link, error))
    return NULL;
  if (why != NULL && note != NULL && *note != '\0' && !xh_form_set (form, why->name, &text, error))
    return NULL;
  return finish (form, step, changed, error);
}

XhRecord *
xh_merge_undo (const XhRecord *record, const char *role, GPtrArray **changed, GError **error)
{
  const XhTransition *step = xh_merge_find_undo (record->kind, record->state, role);
  g_autoptr (XhForm) form = NULL;

  if (step == NULL)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_UNKNOWN, _("This file is not merged, or your role cannot undo it."));
      return NULL;
    }
  form = xh_form_new (record->kind, role);
  xh_form_load (form, record, NULL, FALSE);
  return finish (form, step, changed, error);
}
