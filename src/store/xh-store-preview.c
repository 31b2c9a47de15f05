/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values that this device computed again by itself: in records that it did not edit, because they hang on one that it did, and in those that it
 * edits. They are a preview: the server computes its own, perhaps with other definitions, and sends a row only where that comes out different
 * from what it had. So what the row was is kept in meta, and put back once everything is sent and received, unless a newer row has come. */
#include "xh-store-private.h"

#include <string.h>

#define PREFIX "preview/"
#define ALL "key >= '" PREFIX "' AND key < 'preview0'"

static gboolean
is_derived (const XhField *field)
{
  return field->computed != NULL || field->scored;
}

static char *
describe (const XhRecord *record)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonObject *values = json_object_new ();

  json_object_set_int_member (object, "version", record->version);
  for (guint i = 0; i < record->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (record->kind->fields, i);

      if (is_derived (field))
        json_object_set_member (values, field->name, xh_value_to_json (&record->values[i]));
    }
  json_object_set_object_member (object, "values", values);
  return xh_json_object_text (object);
}

static gboolean
shows_others (const XhRecord *present, const XhRecord *shown)
{
  for (guint i = 0; i < present->kind->fields->len; i++)
    if (is_derived (g_ptr_array_index (present->kind->fields, i)) && !xh_value_equal (&present->values[i], &shown->values[i]))
      return TRUE;
  return FALSE;
}

gboolean
xh_store_preview_keep (XhStore *self, const XhRecord *present, const XhRecord *shown, GError **error)
{
  g_autofree char *key = NULL, *text = NULL, *kept = NULL;
  g_autoptr (JsonObject) object = NULL;

  if (present->version == 0 || !shows_others (present, shown))
    return TRUE;
  key = g_strconcat (PREFIX, present->id, NULL);
  kept = xh_store_meta_get (self, key);
  object = kept != NULL ? xh_json_object_parse (kept, NULL) : NULL;
  /* What it was before the first preview is what the server knows. */
  if (object != NULL && json_object_get_int_member_with_default (object, "version", 0) == present->version)
    return TRUE;
  text = describe (present);
  return xh_store_meta_set (self, key, text, error);
}

gboolean
xh_store_preview_drop (XhStore *self, const char *id, GError **error)
{
  g_autofree char *key = g_strconcat (PREFIX, id, NULL);

  return xh_store_change_on_record (self, "DELETE FROM meta WHERE key = ?1", key, error);
}

gboolean
xh_store_forget_previews (XhStore *self, GError **error)
{
  return xh_store_exec (self, "DELETE FROM meta WHERE " ALL, error);
}

/* @ends: (out): FALSE: edits of the record itself are under way, whose answer brings its row. */
static gboolean
put_back (XhStore *self, const char *id, JsonObject *kept, gboolean *ends, GError **error)
{
  JsonObject *values = json_object_get_object_member (kept, "values");
  g_autoptr (GPtrArray) ops = xh_store_ops_of_record (self, id, error);
  g_autoptr (XhRecord) record = NULL;
  const XhKind *kind;
  gint64 rid;

  *ends = ops != NULL && ops->len == 0;
  if (ops == NULL || !xh_store_find (self, id, &rid, &kind, error))
    return FALSE;
  if (!*ends || rid == 0 || kind == NULL)
    return TRUE;
  record = xh_store_load_rid (self, rid, error);
  if (record == NULL)
    return FALSE;
  if (record->version != json_object_get_int_member (kept, "version"))
    return TRUE;
  return xh_record_apply (record, values, error) && xh_store_put (self, record, error);
}

static gboolean
end_one (XhStore *self, const char *key, const char *text, GError **error)
{
  g_autoptr (JsonObject) kept = xh_json_object_parse (text, error);
  gboolean ends;

  return kept != NULL && put_back (self, key + strlen (PREFIX), kept, &ends, error)
         && (!ends || xh_store_change_on_record (self, "DELETE FROM meta WHERE key = ?1", key, error));
}

static GPtrArray *
read_all (XhStore *self, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT key, value FROM meta WHERE " ALL, error);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  int code;

  if (statement == NULL)
    return NULL;
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    {
      g_ptr_array_add (texts, xh_sql_column_text (statement, 0));
      g_ptr_array_add (texts, xh_sql_column_text (statement, 1));
    }
  return code == SQLITE_DONE ? g_steal_pointer (&texts) : NULL;
}

gboolean
xh_store_end_previews (XhStore *self, GError **error)
{
  g_autoptr (GPtrArray) texts = read_all (self, error);
  gboolean done = TRUE;

  if (texts == NULL || texts->len == 0)
    return texts != NULL;
  if (!xh_store_begin (self, error))
    return FALSE;
  for (guint i = 0; done && i < texts->len; i += 2)
    done = end_one (self, texts->pdata[i], texts->pdata[i + 1], error);
  if (done && xh_store_commit (self, error))
    return TRUE;
  xh_store_rollback (self);
  return FALSE;
}
