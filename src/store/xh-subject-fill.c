/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-subject-fill.h"

#include <string.h>

#include "model/xh-form.h"
#include "xh-store-private.h"
#include "xh-subject.h"

/* A shorter name is no whole name. */
#define NAME_LEAST 4

typedef struct
{
  XhStore *store;
  const XhRecord *record;
  GPtrArray *touched; /* (nullable) */
  const char *role;   /* (nullable) */
  const XhRecord *own;
  XhForm *form;       /* over the own record; made when an expression asks for it */
  GPtrArray *values;  /* of XhFillValue */
} Fill;

static void
fill_value_free (gpointer data)
{
  xh_value_clear (&((XhFillValue *) data)->value);
  g_free (data);
}

void
xh_subject_fill_free (XhSubjectFill *self)
{
  if (self == NULL)
    return;
  xh_record_free (self->own);
  g_ptr_array_unref (self->values);
  g_free (self);
}

gboolean
xh_subject_fill_concern (const XhKind *kind, const char *field)
{
  g_return_val_if_fail (kind != NULL, FALSE);

  if (kind->subject_self || kind->subject_codes == NULL || g_strcmp0 (kind->subject_type, "household") == 0)
    return FALSE;
  return field == NULL || g_strv_contains ((const char *const *) kind->subject_codes, field) || g_strcmp0 (kind->subject_name, field) == 0;
}

/* --- who it is */

static const char *
text_of (const XhRecord *record, const char *name)
{
  const XhValue *value = name != NULL ? xh_record_get (record, name) : NULL;
  const char *text = value != NULL ? xh_value_as_text (value) : NULL;

  return text != NULL && *text != '\0' ? text : NULL;
}

/* The first code that is filled; NULL: none yet. */
static const char *
code_of (const XhRecord *record)
{
  char **codes = record->kind->subject_codes;
  const char *code = NULL;

  for (guint i = 0; code == NULL && codes[i] != NULL; i++)
    code = xh_kind_find_field (record->kind, codes[i]) != NULL ? text_of (record, codes[i]) : NULL;
  return code;
}

/* Numbers of the records of @kind that go by @name: two at most. */
static gboolean
find_named (XhStore *store, const XhKind *kind, const char *name, GArray *rids, GError **error)
{
  g_autofree char *unmerged = kind->subject_merged != NULL ? g_strdup_printf (" AND k.\"%s\" IS NULL", kind->subject_merged) : NULL;

  return xh_store_collect_rids (store,
                                g_strdup_printf ("SELECT r.rid FROM \"%s\" k JOIN record r ON r.rid = k.rid WHERE k.\"%s\" = ?1 AND r.deleted = 0%s LIMIT 2",
                                                 kind->table, kind->subject_name, unmerged != NULL ? unmerged : ""),
                                name, rids, error);
}

static gboolean
is_named (const XhKind *kind, const char *role)
{
  return kind->subject_self && kind->subject_name != NULL && strcmp (kind->subject_type, "person") != 0
         && strcmp (kind->subject_type, "household") != 0 && (role == NULL || xh_kind_may (kind, kind->read_roles, role));
}

static XhRecord *
find_by_name (const Fill *self, const char *name, GError **error)
{
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < self->store->n_kinds && rids->len < 2; i++)
    if (is_named (self->store->kinds[i].kind, self->role)
        && !find_named (self->store, xh_store_kind_ready (self->store, &self->store->kinds[i])->kind, name, rids, error))
      return NULL;
  return rids->len == 1 ? xh_store_load_rid (self->store, g_array_index (rids, gint64, 0), error) : NULL;
}

static XhRecord *
find_own (const Fill *self, GError **error)
{
  const char *code = code_of (self->record), *name = text_of (self->record, self->record->kind->subject_name);
  g_auto (GStrv) keys = NULL;

  if (code == NULL)
    return name != NULL && g_utf8_strlen (name, -1) >= NAME_LEAST ? find_by_name (self, name, error) : NULL;
  keys = xh_store_subject_keys (self->store, code, error);
  return keys != NULL ? xh_store_subject_own (self->store, (const char *const *) keys, self->role, error) : NULL;
}

/* --- what it gives */

static gboolean
is_touched (const Fill *self, const char *name)
{
  for (guint i = 0; self->touched != NULL && i < self->touched->len; i++)
    if (strcmp (g_ptr_array_index (self->touched, i), name) == 0)
      return TRUE;
  return self->touched == NULL;
}

static gboolean
wants (const Fill *self, const XhField *field)
{
  if (field->computed != NULL || field->scored || field->sensitive || field->type == XH_FIELD_LINK
      || (self->role != NULL && !xh_kind_may (field->kind, field->write_roles, self->role)))
    return FALSE;
  return xh_value_is_null (&self->record->values[field->index]) || !is_touched (self, field->name);
}

static gboolean
has_choice (const XhField *field, const char *code)
{
  for (guint i = 0; i < field->choices->len; i++)
    if (g_strcmp0 (((XhChoice *) g_ptr_array_index (field->choices, i))->code, code) == 0)
      return TRUE;
  return FALSE;
}

static void
take (Fill *self, const XhField *field, const XhValue *value)
{
  XhFillValue *filled;

  if (xh_value_is_null (value) || xh_value_equal (value, &self->record->values[field->index])
      || (field->type == XH_FIELD_CHOICE && !has_choice (field, xh_value_as_text (value))))
    return;
  filled = g_new0 (XhFillValue, 1);
  filled->field = field;
  xh_value_copy (value, &filled->value);
  g_ptr_array_add (self->values, filled);
}

/* The subject's code where @field is to hold one of the same type. NULL: it holds none */
static const XhValue *
own_code (const Fill *self, const XhField *field)
{
  char **ours = self->record->kind->subject_codes, **theirs = self->own->kind->subject_codes;

  if (!g_strv_contains ((const char *const *) ours, field->name) || field->type == XH_FIELD_TEXT)
    return NULL;
  for (guint i = 0; theirs[i] != NULL; i++)
    {
      const XhField *code = xh_kind_find_field (self->own->kind, theirs[i]);

      if (code != NULL && code->type == field->type && !code->sensitive)
        return xh_record_get (self->own, theirs[i]);
    }
  return NULL;
}

static const char *
given (const XhKind *kind, const char *field)
{
  for (guint i = 0; i < kind->subject_gives->len; i++)
    if (strcmp (((XhGive *) g_ptr_array_index (kind->subject_gives, i))->field, field) == 0)
      return ((XhGive *) g_ptr_array_index (kind->subject_gives, i))->expression;
  return NULL;
}

static void
fill_field (Fill *self, const XhField *field)
{
  const XhKind *kind = self->own->kind;
  const char *expression = given (kind, field->name);
  const XhValue *code = own_code (self, field);
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (code != NULL)
    take (self, field, code);
  else if (expression != NULL)
    {
      if (self->form == NULL)
        {
          self->form = xh_form_new (kind, self->role);
          xh_form_load (self->form, self->own, NULL, FALSE);
        }
      if (xh_form_evaluate (self->form, expression, &value))
        take (self, field, &value);
    }
  else if (g_strcmp0 (field->name, self->record->kind->subject_name) == 0 && kind->subject_name != NULL)
    take (self, field, xh_record_get (self->own, kind->subject_name));
}

XhSubjectFill *
xh_subject_fill_find (XhStore *store, const XhRecord *record, GPtrArray *touched, const char *role, GError **error)
{
  g_autoptr (XhRecord) own = NULL;
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (fill_value_free);
  Fill self = { store, record, touched, role, NULL, NULL, values };
  XhSubjectFill *found;

  g_return_val_if_fail (store != NULL && record != NULL, NULL);

  if (!xh_subject_fill_concern (record->kind, NULL))
    return NULL;
  self.own = own = find_own (&self, error);
  if (own == NULL)
    return NULL;
  for (guint i = 0; i < record->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (record->kind->fields, i);

      if (wants (&self, field))
        fill_field (&self, field);
    }
  g_clear_object (&self.form);
  if (values->len == 0)
    return NULL;
  found = g_new0 (XhSubjectFill, 1);
  found->own = g_steal_pointer (&own);
  found->values = g_steal_pointer (&values);
  return found;
}
