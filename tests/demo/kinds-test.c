/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "kinds-test.h"

void
set_text (XhForm *form, const char *field, const char *text)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  if (text != NULL)
    xh_value_set_text (&value, text);
  xh_form_set (form, field, &value, &error);
  g_assert_no_error (error);
}

void
set_integer (XhForm *form, const char *field, gint64 integer)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  xh_value_set_integer (&value, integer);
  xh_form_set (form, field, &value, &error);
  g_assert_no_error (error);
}

void
clear (XhForm *form, const char *field)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  xh_form_set (form, field, &value, &error);
  g_assert_no_error (error);
}

const char *
get_text (XhForm *form, const char *field)
{
  return xh_value_as_text (xh_form_get (form, field));
}

gboolean
is_true (XhForm *form, const char *field)
{
  return xh_value_as_integer (xh_form_get (form, field)) == 1;
}

gboolean
has_error (XhForm *form, const char *field)
{
  GPtrArray *issues = xh_form_get_issues (form);

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);

      if (issue->severity == XH_ISSUE_ERROR && g_strcmp0 (issue->field, field) == 0)
        return TRUE;
    }
  return FALSE;
}

void
take_step (XhForm *form, const char *role, const char *transition, const char *state)
{
  g_autoptr (GError) error = NULL;

  xh_form_set_role (form, role);
  xh_form_transition (form, transition, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (xh_form_get_record (form)->state, ==, state);
}

void
assert_refused (XhForm *form, const char *role, const char *transition)
{
  g_autoptr (GError) error = NULL;

  xh_form_set_role (form, role);
  g_assert_false (xh_form_transition (form, transition, &error));
  g_assert_nonnull (error);
}

void
assert_due (XhForm *form, const char *name, const char *expected)
{
  const XhKind *kind = xh_form_get_record (form)->kind;

  for (guint i = 0; i < kind->dues->len; i++)
    if (strcmp (((const XhDue *) g_ptr_array_index (kind->dues, i))->name, name) == 0)
      {
        g_autofree char *date = xh_form_get_due (form, i);

        g_assert_cmpstr (date, ==, expected);
        return;
      }
  g_assert_not_reached ();
}
