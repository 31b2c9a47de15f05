/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-subject-judge.h"

#include "model/xh-form.h"

struct _XhSubjectJudge
{
  char *role;        /* (owned) (nullable) */
  GHashTable *forms; /* XhKind → (owned) XhForm */
};

XhSubjectJudge *
xh_subject_judge_new (const char *role)
{
  XhSubjectJudge *self = g_new0 (XhSubjectJudge, 1);

  self->role = g_strdup (role);
  self->forms = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  return self;
}

void
xh_subject_judge_free (XhSubjectJudge *self)
{
  g_hash_table_unref (self->forms);
  g_free (self->role);
  g_free (self);
}

static XhForm *
form_of (XhSubjectJudge *self, const XhKind *kind)
{
  XhForm *form = g_hash_table_lookup (self->forms, kind);

  if (form == NULL)
    {
      form = xh_form_new (kind, self->role);
      xh_form_set_trusting (form, TRUE);
      g_hash_table_insert (self->forms, (gpointer) kind, form);
    }
  return form;
}

GPtrArray *
xh_subject_judge_record (XhSubjectJudge *self, const XhRecord *record)
{
  GPtrArray *marks = g_ptr_array_new ();
  GPtrArray *all = record->kind->subject_marks;
  XhForm *form;

  if (all->len == 0 || record->deleted)
    return marks;
  form = form_of (self, record->kind);
  xh_form_load (form, record, NULL, FALSE);
  for (guint i = 0; i < all->len; i++)
    {
      XhMark *mark = g_ptr_array_index (all, i);

      if (xh_form_holds (form, mark->when))
        g_ptr_array_add (marks, mark);
    }
  return marks;
}
