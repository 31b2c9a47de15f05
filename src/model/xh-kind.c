/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-kind.h"

#include <string.h>

#include "xh-calendar.h"

/* --- finders. A kind has tens of fields and a handful of states: a linear search beats a hash table here. */

const XhField *
xh_kind_find_field (const XhKind *kind, const char *name)
{
  g_return_val_if_fail (kind != NULL && name != NULL, NULL);

  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (strcmp (field->name, name) == 0)
        return field;
    }
  return NULL;
}

const char *
xh_kind_tell_field (const XhKind *kind, const char *name)
{
  const XhField *field = xh_kind_find_field (kind, name);

  return field != NULL ? xh_label_get (&field->label) : name;
}

const XhField *
xh_kind_find_field_at (const XhKind *kind, const char *path)
{
  g_autofree char *name = g_strndup (path, strcspn (path, "/"));

  return xh_kind_find_field (kind, name);
}

const XhReference *
xh_kind_find_reference (const XhKind *kind, const char *name)
{
  g_return_val_if_fail (kind != NULL && name != NULL, NULL);

  for (guint i = 0; i < kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (kind->references, i);

      if (strcmp (reference->name, name) == 0)
        return reference;
    }
  return NULL;
}

const XhState *
xh_kind_find_state (const XhKind *kind, const char *name)
{
  g_return_val_if_fail (kind != NULL, NULL);

  for (guint i = 0; name != NULL && i < kind->states->len; i++)
    {
      const XhState *state = g_ptr_array_index (kind->states, i);

      if (strcmp (state->name, name) == 0)
        return state;
    }
  return NULL;
}

const XhTransition *
xh_kind_find_transition (const XhKind *kind, const char *name)
{
  g_return_val_if_fail (kind != NULL && name != NULL, NULL);

  for (guint i = 0; i < kind->transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (kind->transitions, i);

      if (strcmp (transition->name, name) == 0)
        return transition;
    }
  return NULL;
}

const XhTransition *
xh_kind_match_transition (const XhKind *kind, const char *from, const char *to, const char *role)
{
  g_return_val_if_fail (kind != NULL && from != NULL && to != NULL, NULL);

  for (guint i = 0; i < kind->transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (kind->transitions, i);

      if (strcmp (transition->to, to) == 0 && g_strv_contains ((const char *const *) transition->from, from)
          && xh_kind_may (kind, transition->roles, role))
        return transition;
    }
  return NULL;
}

const XhChoice *
xh_field_find_choice (const XhField *field, const char *code)
{
  g_return_val_if_fail (field != NULL, NULL);

  for (guint i = 0; code != NULL && field->choices != NULL && i < field->choices->len; i++)
    {
      const XhChoice *choice = g_ptr_array_index (field->choices, i);

      if (strcmp (choice->code, code) == 0)
        return choice;
    }
  return NULL;
}

gboolean
xh_choice_is_current (const XhChoice *choice)
{
  g_autofree char *today = NULL;
  GDate date;

  g_return_val_if_fail (choice != NULL, FALSE);

  if (choice->valid_from == NULL && choice->valid_to == NULL)
    return TRUE;
  xh_date_today (&date);
  today = xh_date_format (&date);
  return (choice->valid_from == NULL || strcmp (choice->valid_from, today) <= 0)
         && (choice->valid_to == NULL || strcmp (today, choice->valid_to) <= 0);
}

const char *
xh_choice_get_external (const XhChoice *choice)
{
  g_return_val_if_fail (choice != NULL, NULL);

  return choice->external != NULL ? choice->external : choice->label.zh;
}

const char *
xh_label_get (const XhLabel *label)
{
  const char *const *languages = g_get_language_names ();

  g_return_val_if_fail (label != NULL, NULL);

  /* Chinese is what every label has; English only where the interface is not Chinese. */
  if (label->en != NULL && !g_str_has_prefix (languages[0], "zh"))
    return label->en;
  return label->zh;
}

gboolean
xh_kind_may (const XhKind *kind, char **roles, const char *role)
{
  if (roles == NULL)
    return TRUE;
  return role != NULL && g_strv_contains ((const char *const *) roles, role);
}

/* One thing that a person can say in a line, and that is the same for many records. */
static gboolean
may_be_asked (const XhField *field)
{
  return field->computed == NULL && !field->scored
         && (field->type == XH_FIELD_TEXT || field->type == XH_FIELD_LONG_TEXT || field->type == XH_FIELD_DATE || field->type == XH_FIELD_CHOICE);
}

/* Where the part of @condition that ends before an " and " outside of brackets has its end; NULL where there is an " or " on that level. */
static const char *
find_end_of_part (const char *condition)
{
  int depth = 0;
  gboolean quoted = FALSE;

  for (; *condition != '\0'; condition++)
    {
      quoted ^= *condition == '\'';
      depth += quoted ? 0 : (*condition == '(') - (*condition == ')');
      if (quoted || depth > 0 || *condition != ' ')
        continue;
      if (g_ascii_strncasecmp (condition, " or ", 4) == 0)
        return NULL;
      if (g_ascii_strncasecmp (condition, " and ", 5) == 0)
        break;
    }
  return condition;
}

GPtrArray *
xh_transition_find_questions (const XhKind *kind, const XhTransition *transition)
{
  GPtrArray *asked = g_ptr_array_new ();
  const char *part, *end;

  g_return_val_if_fail (kind != NULL && transition != NULL, asked);

  for (part = transition->when; part != NULL; part = *end != '\0' ? end + strlen (" and ") : NULL)
    {
      g_autofree char *name = NULL;
      const XhField *field;

      end = find_end_of_part (part);
      if (end == NULL)
        {
          g_ptr_array_set_size (asked, 0);
          break;
        }
      name = g_strstrip (g_strndup (part, end - part));
      if (!g_str_has_suffix (name, " is not null"))
        continue;
      name[strlen (name) - strlen (" is not null")] = '\0';
      field = xh_kind_find_field (kind, name);
      if (field != NULL && may_be_asked (field))
        g_ptr_array_add (asked, (gpointer) field);
    }
  return asked;
}
