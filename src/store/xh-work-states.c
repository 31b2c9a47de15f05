/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whose turn it is in a state: xh-work.h says the rules in words. */
#include "xh-work.h"

#include <string.h>

static gboolean
leaves (const XhTransition *transition, const XhState *state)
{
  return g_strv_contains ((const char *const *) transition->from, state->name);
}

static gboolean
may_take (const XhKind *kind, const XhTransition *transition, const char *role)
{
  return !transition->automatic && xh_kind_may (kind, transition->roles, role);
}

static gboolean
may_edit (const XhKind *kind, const XhState *state, const char *role)
{
  return xh_kind_may (kind, state->edit_roles != NULL ? state->edit_roles : kind->edit_roles, role);
}

static gboolean
may_step (const XhKind *kind, const XhState *state, const char *role)
{
  for (guint i = 0; i < kind->transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (kind->transitions, i);

      if (leaves (transition, state) && may_take (kind, transition, role))
        return TRUE;
    }
  return FALSE;
}

/* The step takes back what the same role brought here. */
static gboolean
takes_back (const XhKind *kind, const XhState *state, const XhTransition *step, const char *role)
{
  const XhState *before = xh_kind_find_state (kind, step->to);

  for (guint i = 0; i < kind->transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (kind->transitions, i);

      if (before != NULL && strcmp (transition->to, state->name) == 0 && leaves (transition, before) && may_take (kind, transition, role))
        return TRUE;
    }
  return FALSE;
}

static gboolean
may_decide (const XhKind *kind, const XhState *state, const char *role)
{
  for (guint i = 0; i < kind->transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (kind->transitions, i);

      if (leaves (transition, state) && may_take (kind, transition, role) && !takes_back (kind, state, transition, role))
        return TRUE;
    }
  return FALSE;
}

/* Some role that creates such records may not edit them here. Where everybody creates, some role always may not. */
static gboolean
is_handed_over (const XhKind *kind, const XhState *state, const char *role)
{
  char **creators = kind->create_roles;

  if (state->edit_roles == NULL || !xh_kind_may (kind, state->edit_roles, role))
    return FALSE;
  if (creators == NULL)
    return TRUE;
  for (guint i = 0; creators[i] != NULL; i++)
    if (!xh_kind_may (kind, state->edit_roles, creators[i]))
      return TRUE;
  return FALSE;
}

static gboolean
waits_for_a_day (const XhKind *kind, const XhState *state)
{
  for (guint i = 0; i < kind->dues->len; i++)
    {
      const XhDue *due = g_ptr_array_index (kind->dues, i);

      if (due->states == NULL || g_strv_contains ((const char *const *) due->states, state->name))
        return TRUE;
    }
  for (guint i = 0; i < kind->transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (kind->transitions, i);

      if (transition->automatic && leaves (transition, state))
        return TRUE;
    }
  return FALSE;
}

/* Only others may edit here: it is theirs to deal with, whatever steps this role could take. */
static gboolean
is_with_others (const XhKind *kind, const XhState *state, const char *role)
{
  return state->edit_roles != NULL && state->edit_roles[0] != NULL && !xh_kind_may (kind, state->edit_roles, role);
}

static gboolean
is_for_review (const XhKind *kind, const XhState *state, const char *role)
{
  if (state == g_ptr_array_index (kind->states, 0) || state->tone == XH_TONE_GOOD || state->tone == XH_TONE_BAD
      || !may_decide (kind, state, role))
    return FALSE;
  return is_handed_over (kind, state, role) || (state->tone == XH_TONE_WAITING && !is_with_others (kind, state, role) && !waits_for_a_day (kind, state));
}

static gboolean
is_returned (const XhKind *kind, const XhState *state, const char *role)
{
  return state->tone == XH_TONE_BAD && !state->complete && !state->closed && may_edit (kind, state, role) && may_step (kind, state, role);
}

gboolean
xh_kind_work_in_state (const XhKind *kind, const XhState *state, const char *role, XhWorkSection section)
{
  g_return_val_if_fail (kind != NULL && state != NULL && role != NULL, FALSE);

  if (!xh_kind_may (kind, kind->read_roles, role))
    return FALSE;
  switch (section)
    {
    case XH_WORK_OVERDUE:
    case XH_WORK_TODAY:
    case XH_WORK_WEEK:
      return may_edit (kind, state, role) || may_step (kind, state, role);
    case XH_WORK_RETURNED:
      return is_returned (kind, state, role);
    case XH_WORK_REVIEW:
      return is_for_review (kind, state, role);
    case XH_WORK_UNSENT:
    case XH_WORK_DRAFTS:
    case XH_WORK_N_SECTIONS:
    default:
      return FALSE;
    }
}
