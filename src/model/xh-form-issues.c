/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-form-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
free_issue (gpointer data)
{
  XhIssue *issue = data;

  g_free (issue->field);
  g_free (issue->message);
  g_free (issue);
}

static gboolean
is_unchanged (XhForm *self, const XhField *field)
{
  return xh_value_equal (&self->record->values[field->index], &self->base[field->index]);
}

/* Judged before in the same state by the same definition, the same table has no new faults. */
static gboolean
is_trusted (XhForm *self, const XhField *field)
{
  return self->trusting && field->type == XH_FIELD_TABLE && self->record->kind_version == self->kind->version
         && g_strcmp0 (self->record->state, self->base_state) == 0 && is_unchanged (self, field);
}

static void
add_issue (GPtrArray **issues, XhIssueSeverity severity, const XhField *field, char *message)
{
  xh_issue_add (issues, severity, g_strdup (field->name), message);
}

static void
add_failed_checks (XhForm *self, const XhField *field, GPtrArray **issues)
{
  for (guint i = self->n_computed; i < self->nodes->len; i++)
    {
      XhNode *node = self->nodes->pdata[i];

      if (node->type == XH_NODE_CHECK && node->field == field->index && node->failed)
        add_issue (issues, XH_ISSUE_ERROR, field, g_strdup (xh_label_get (&node->check->message)));
    }
}

/* Evidence that is missing is asked for by what it is: its help says which paper. */
static char *
describe_missing (const XhField *field)
{
  const char *help = xh_label_get (&field->help);

  if (field->type != XH_FIELD_FILES)
    return g_strdup (_("Still empty."));
  return help != NULL && *help != '\0' ? g_strdup_printf (_("Evidence is missing: add the file. %s"), help)
                                       : g_strdup_printf (_("Evidence is missing: add “%s”."), xh_label_get (&field->label));
}

static void
find_issues (XhForm *self, const XhField *field, GPtrArray **issues)
{
  const XhFieldState *state = &self->fields[field->index];
  const XhValue *value = &self->record->values[field->index];
  char *fault;

  if (!state->relevant)
    return;
  if (state->typed != NULL)
    {
      add_issue (issues, XH_ISSUE_ERROR, field, g_strdup (state->typed_message));
      return;
    }
  if (xh_value_is_null (value))
    {
      if (state->required)
        add_issue (issues, XH_ISSUE_MISSING, field, describe_missing (field));
    }
  else if (field->type == XH_FIELD_TABLE)
    {
      if (!state->trusted)
        xh_table_find_faults (field, value, &self->base[field->index], issues);
    }
  else if ((fault = xh_field_find_fault (field, value, is_unchanged (self, field))) != NULL)
    {
      add_issue (issues, XH_ISSUE_ERROR, field, fault);
      return;
    }
  add_failed_checks (self, field, issues);
}

void
xh_issue_add (GPtrArray **issues, XhIssueSeverity severity, char *field, char *message)
{
  XhIssue *issue = g_new (XhIssue, 1);

  *issue = (XhIssue) { severity, field, message };
  if (*issues == NULL)
    *issues = g_ptr_array_new_with_free_func (free_issue);
  g_ptr_array_add (*issues, issue);
}

static void
refresh_issues (XhForm *self, const XhField *field)
{
  XhFieldState *state = &self->fields[field->index];

  if (!state->stale && !(state->trusted && !is_trusted (self, field)))
    return;
  state->stale = FALSE;
  state->trusted = is_trusted (self, field);
  g_clear_pointer (&state->issues, g_ptr_array_unref);
  find_issues (self, field, &state->issues);
}

/**
 * xh_form_get_issues:
 * @self: a form
 *
 * What is wrong or missing in the fields that are relevant, in the order of the fields. In a table, the field of an issue is
 * "TABLE/ROW/COLUMN", rows counted from 0.
 *
 * Returns: (transfer none) (element-type XhIssue): valid until the form changes
 */
GPtrArray *
xh_form_get_issues (XhForm *self)
{
  g_return_val_if_fail (XH_IS_FORM (self), NULL);

  if (self->issues != NULL)
    return self->issues;
  self->issues = g_ptr_array_new ();
  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      GPtrArray *own;

      refresh_issues (self, g_ptr_array_index (self->kind->fields, i));
      own = self->fields[i].issues;
      for (guint k = 0; own != NULL && k < own->len; k++)
        g_ptr_array_add (self->issues, own->pdata[k]);
    }
  return self->issues;
}

/**
 * xh_form_count_issues:
 * @self: a form
 * @severity: which
 *
 * Returns: how many issues of that severity there are
 */
guint
xh_form_count_issues (XhForm *self, XhIssueSeverity severity)
{
  GPtrArray *issues = xh_form_get_issues (self);
  guint n = 0;

  for (guint i = 0; i < issues->len; i++)
    n += ((XhIssue *) issues->pdata[i])->severity == severity;
  return n;
}

gboolean
xh_form_holds_up (XhForm *self, const XhIssue *issue)
{
  const XhState *state = xh_kind_find_state (xh_form_get_kind (self), xh_form_get_record (self)->state);

  return issue->severity == XH_ISSUE_ERROR || (state != NULL && state->complete);
}
