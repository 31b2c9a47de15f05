/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making and freeing the parts of a kind. */

#include "xh-catalog-private.h"

#include <math.h>

XhKind *
xh_kind_new (void)
{
  XhKind *kind = g_new0 (XhKind, 1);

  kind->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_field_free);
  kind->sections = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_section_free);
  kind->references = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_reference_free);
  kind->states = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_state_free);
  kind->transitions = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_transition_free);
  kind->dues = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_due_free);
  kind->subject_marks = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_mark_free);
  kind->subject_gives = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_give_free);
  kind->list_fields = g_ptr_array_new ();
  kind->filters = g_ptr_array_new ();
  kind->search_fields = g_ptr_array_new ();
  kind->unique_keys = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  kind->duplicates = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  kind->indexes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return kind;
}

XhField *
xh_field_new (void)
{
  XhField *field = g_new0 (XhField, 1);

  field->checks = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_check_free);
  field->digits = field->level = -1;
  field->minimum = field->maximum = NAN;
  field->openness = XH_OPENNESS_SHARED;
  return field;
}

void
xh_choice_free (XhChoice *choice)
{
  g_free (choice->code);
  xh_label_clear (&choice->label);
  g_free (choice->valid_from);
  g_free (choice->valid_to);
  g_strfreev (choice->aliases);
  g_free (choice->external);
  g_free (choice);
}

void
xh_code_list_free (XhCodeList *list)
{
  g_free (list->name);
  xh_label_clear (&list->label);
  g_free (list->source);
  g_clear_pointer (&list->choices, g_ptr_array_unref);
  g_free (list);
}

void
xh_check_free (XhCheck *check)
{
  g_free (check->expression);
  xh_label_clear (&check->message);
  g_free (check);
}

void
xh_field_free (XhField *field)
{
  if (field == NULL)
    return;
  g_free (field->name);
  xh_label_clear (&field->label);
  xh_label_clear (&field->help);
  g_free (field->required_when);
  g_free (field->relevant);
  xh_label_clear (&field->irrelevant_reason);
  g_ptr_array_unref (field->checks);
  g_free (field->default_expression);
  g_free (field->computed);
  g_strfreev (field->read_roles);
  g_strfreev (field->write_roles);
  g_free (field->external_code);
  g_strfreev (field->aliases);
  g_clear_pointer (&field->choices, g_ptr_array_unref);
  g_free (field->code_list);
  g_free (field->link_kind);
  g_clear_pointer (&field->table_fields, g_ptr_array_unref);
  g_free (field->unit_label);
  g_free (field);
}

void
xh_section_free (XhSection *section)
{
  g_free (section->name);
  xh_label_clear (&section->label);
  xh_label_clear (&section->help);
  g_free (section->relevant);
  g_ptr_array_unref (section->fields);
  g_free (section);
}

void
xh_reference_free (XhReference *reference)
{
  g_free (reference->name);
  xh_label_clear (&reference->label);
  g_free (reference->from);
  g_free (reference->match_theirs);
  g_free (reference->match_ours);
  g_free (reference->where);
  g_free (reference->value);
  g_free (reference);
}

void
xh_state_free (XhState *state)
{
  g_free (state->name);
  xh_label_clear (&state->label);
  g_strfreev (state->edit_roles);
  g_free (state);
}

void
xh_transition_free (XhTransition *transition)
{
  g_free (transition->name);
  xh_label_clear (&transition->label);
  g_strfreev (transition->from);
  g_free (transition->to);
  g_strfreev (transition->roles);
  g_free (transition->when);
  xh_label_clear (&transition->message);
  g_free (transition);
}

void
xh_due_free (XhDue *due)
{
  g_free (due->name);
  xh_label_clear (&due->label);
  g_free (due->date);
  g_strfreev (due->states);
  g_free (due->rule);
  g_free (due->rule_text);
  g_free (due);
}

void
xh_give_free (XhGive *give)
{
  g_free (give->field);
  g_free (give->expression);
  g_free (give);
}

void
xh_mark_free (XhMark *mark)
{
  xh_label_clear (&mark->label);
  g_free (mark->when);
  g_free (mark);
}

static void
grade_fields_free (XhGradeFields *grade)
{
  if (grade == NULL)
    return;
  g_free (grade->value);
  g_free (grade->scheme);
  g_free (grade->version);
  g_free (grade->on);
  g_free (grade->by);
  g_free (grade);
}

void
xh_kind_free (XhKind *kind)
{
  if (kind == NULL)
    return;
  g_ptr_array_unref (kind->list_fields);
  g_ptr_array_unref (kind->filters);
  g_ptr_array_unref (kind->search_fields);
  xh_field_free (kind->state_field);
  g_ptr_array_unref (kind->sections);
  g_ptr_array_unref (kind->fields);
  g_ptr_array_unref (kind->references);
  g_ptr_array_unref (kind->states);
  g_ptr_array_unref (kind->transitions);
  g_ptr_array_unref (kind->dues);
  g_ptr_array_unref (kind->unique_keys);
  g_ptr_array_unref (kind->duplicates);
  g_ptr_array_unref (kind->indexes);
  g_free (kind->name);
  g_free (kind->table);
  g_free (kind->valid_from);
  g_free (kind->valid_to);
  xh_label_clear (&kind->label);
  xh_label_clear (&kind->help);
  g_free (kind->group);
  g_free (kind->icon);
  g_free (kind->subject_type);
  g_strfreev (kind->subject_codes);
  g_free (kind->subject_name);
  g_strfreev (kind->subject_also);
  g_free (kind->subject_aliases);
  g_free (kind->subject_merged);
  g_ptr_array_unref (kind->subject_marks);
  g_ptr_array_unref (kind->subject_gives);
  grade_fields_free (kind->subject_grade);
  g_free (kind->title);
  g_free (kind->division_field);
  g_free (kind->unit_field);
  g_strfreev (kind->read_roles);
  g_strfreev (kind->create_roles);
  g_strfreev (kind->edit_roles);
  g_strfreev (kind->delete_roles);
  g_strfreev (kind->reach_roles);
  g_strfreev (kind->own_roles);
  g_free (kind->scorecard);
  g_free (kind);
}
