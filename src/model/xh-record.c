/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record.h"

#include <string.h>

#include "xh-identifiers.h"

/**
 * xh_record_new:
 * @kind: a kind; must outlive the record
 * @id: (nullable): the record's id, or %NULL for a new one
 *
 * Returns: (transfer full): a record in the kind's initial state, every field NULL
 */
XhRecord *
xh_record_new (const XhKind *kind, const char *id)
{
  XhRecord *record = g_new0 (XhRecord, 1);

  g_return_val_if_fail (kind != NULL, NULL);

  record->kind = kind;
  record->id = id != NULL ? g_strdup (id) : xh_uuid_v7_new ();
  record->state = g_strdup (((XhState *) g_ptr_array_index (kind->states, 0))->name);
  record->kind_version = kind->version;
  record->values = xh_value_array_new (kind->fields->len);
  return record;
}

XhRecord *
xh_record_copy (const XhRecord *record)
{
  XhRecord *copy = g_memdup2 (record, sizeof *record);

  copy->id = g_strdup (record->id);
  copy->division = g_strdup (record->division);
  copy->unit = g_strdup (record->unit);
  copy->state = g_strdup (record->state);
  copy->created_at = g_strdup (record->created_at);
  copy->updated_at = g_strdup (record->updated_at);
  copy->updated_by = g_strdup (record->updated_by);
  copy->due = g_strdup (record->due);
  copy->values = xh_value_array_new (record->kind->fields->len);
  for (guint i = 0; i < record->kind->fields->len; i++)
    xh_value_copy (&record->values[i], &copy->values[i]);
  return copy;
}

void
xh_record_free (XhRecord *record)
{
  if (record == NULL)
    return;
  g_free (record->id);
  g_free (record->division);
  g_free (record->unit);
  g_free (record->state);
  g_free (record->created_at);
  g_free (record->updated_at);
  g_free (record->updated_by);
  g_free (record->due);
  xh_value_array_free (record->values, record->kind->fields->len);
  g_free (record);
}

/**
 * xh_record_version_in:
 * @era: of a store now
 *
 * Returns: the record's version as a number of that store's ledger. One of another ledger says nothing there; what was seen then counts as the
 * very first version of the record, so that nothing that anybody wrote since is taken for seen.
 */
gint64
xh_record_version_in (const XhRecord *record, gint64 era)
{
  return record->era == era ? record->version : MIN (record->version, 1);
}

gint64
xh_record_stamp (const XhRecord *record)
{
  return record->version == 0 ? 0 : (record->era << 48) + record->version;
}

/**
 * xh_record_get:
 * @record: a record
 * @field: name of a field; of the spine, read the members
 *
 * Returns: (nullable) (transfer none): its value, or %NULL where the kind has no such field
 */
const XhValue *
xh_record_get (const XhRecord *record, const char *field)
{
  const XhField *found = xh_kind_find_field (record->kind, field);

  return found != NULL ? &record->values[found->index] : NULL;
}

/**
 * xh_record_set:
 * @record: a record
 * @field: name of a field
 * @value: (nullable): copied as it is, without any check; %NULL for none
 *
 * Returns: %FALSE where the kind has no such field
 */
gboolean
xh_record_set (XhRecord *record, const char *field, const XhValue *value)
{
  const XhField *found = xh_kind_find_field (record->kind, field);

  if (found == NULL)
    return FALSE;
  if (value != NULL)
    xh_value_copy (value, &record->values[found->index]);
  else
    xh_value_set_null (&record->values[found->index]);
  return TRUE;
}

/**
 * xh_record_subject_key:
 * @record: a record
 *
 * Whom the record is about: the first of the kind's subject codes that is filled. A link's value is the id of the record it points to;
 * "id" stands for the record's own.
 *
 * Returns: (nullable) (transfer full): the key, or %NULL where the kind has no subject or none of its codes is filled
 */
char *
xh_record_subject_key (const XhRecord *record)
{
  char **names = record->kind->subject_codes;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      const XhValue *value = xh_record_get (record, names[i]);

      if (strcmp (names[i], "id") == 0)
        return g_strdup (record->id);
      if (value != NULL && value->type == XH_VALUE_TEXT && *value->text != '\0')
        return g_strdup (value->text);
      if (value != NULL && value->type == XH_VALUE_INTEGER)
        return g_strdup_printf ("%" G_GINT64_FORMAT, value->integer);
    }
  return NULL;
}
