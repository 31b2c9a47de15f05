/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-own-record.h"

#include <glib/gi18n-lib.h>

void
xh_own_record_set (XhRecord *record, const char *field, const char *text)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (text == NULL || *text == '\0' || xh_kind_find_field (record->kind, field) == NULL)
    return;
  xh_value_set_text (&value, text);
  xh_record_set (record, field, &value);
}

XhRecord *
xh_own_record_new (XhSession *session, const char *name)
{
  XhCatalog *catalog = xh_session_get_catalog (session);
  const XhProfile *profile = xh_session_get_profile (session);
  const XhKind *kind = xh_catalog_find_kind (catalog, xh_catalog_get_register (catalog, name));
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%H:%M");
  XhRecord *record;

  if (kind == NULL || !xh_session_may (session, kind->create_roles, kind))
    return NULL;
  record = xh_record_new (kind, NULL);
  record->division = g_strdup (profile->division);
  record->unit = g_strdup (profile->unit);
  xh_own_record_set (record, "asked_by", profile->name);
  xh_own_record_set (record, "asked_unit", profile->unit);
  xh_own_record_set (record, "asked_at", time);
  xh_own_record_set (record, "issued_by", profile->name);
  xh_own_record_set (record, "issued_unit", profile->unit);
  return record;
}

XhRecord *
xh_own_record_check_for (const char *role, const XhRecord *record, const XhValue *references, const char *transition, GError **error)
{
  g_autoptr (XhForm) form = xh_form_new (record->kind, role);
  GPtrArray *issues;

  xh_form_load (form, record, references, TRUE);
  issues = xh_form_get_issues (form);
  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);
      const XhField *field = issue->field != NULL ? xh_kind_find_field (record->kind, issue->field) : NULL;

      g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, "%s%s%s", field != NULL ? xh_label_get (&field->label) : "",
                   field != NULL ? _(": ") : "", issue->message);
      return NULL;
    }
  if (transition != NULL && !xh_form_transition (form, transition, error))
    return NULL;
  return xh_record_copy (xh_form_get_record (form));
}

XhRecord *
xh_own_record_check (XhSession *session, const XhRecord *record, const XhValue *references, const char *transition, GError **error)
{
  return xh_own_record_check_for (xh_session_get_role (session), record, references, transition, error);
}

GPtrArray *
xh_own_record_changes (const XhRecord *record)
{
  GPtrArray *changed = g_ptr_array_new ();

  for (guint i = 0; i < record->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (record->kind->fields, i);

      if (!xh_value_is_null (&record->values[i]) && field->computed == NULL && !field->scored)
        g_ptr_array_add (changed, field->name);
    }
  g_ptr_array_add (changed, (gpointer) "state");
  return changed;
}

void
xh_own_record_save (XhSession *session, XhRecord *record, GAsyncReadyCallback callback, gpointer user_data)
{
  xh_session_save_async (session, record, xh_own_record_changes (record), callback, user_data);
}
