/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is being typed and not yet saved: one JSON text a record, so that a draft survives a change of the definition. */
#include "xh-store-private.h"

#include <string.h>

#include "model/xh-json.h"

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

/* @version: that it was opened on, as a number of this store's ledger */
static char *
write_draft (const XhRecord *record, gint64 version)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonObject *fields = json_object_new ();

  add_text (object, "division", record->division);
  add_text (object, "unit", record->unit);
  add_text (object, "state", record->state);
  add_text (object, "created_at", record->created_at);
  add_text (object, "updated_at", record->updated_at);
  add_text (object, "updated_by", record->updated_by);
  json_object_set_int_member (object, "version", version);
  json_object_set_int_member (object, "kind_version", record->kind_version);
  json_object_set_int_member (object, "deleted", record->deleted);
  for (guint i = 0; i < record->kind->fields->len; i++)
    if (!xh_value_is_null (&record->values[i]))
      json_object_set_member (fields, ((XhField *) g_ptr_array_index (record->kind->fields, i))->name, xh_value_to_json (&record->values[i]));
  json_object_set_object_member (object, "fields", fields);
  return xh_json_object_text (object);
}

static char *
read_text (JsonObject *object, const char *name)
{
  return g_strdup (json_object_get_string_member_with_default (object, name, NULL));
}

/* Fields that the kind no longer has are passed over. */
static XhRecord *
read_draft (XhStore *self, const char *id, const char *kind_name, const char *text, gint64 era, GError **error)
{
  g_autoptr (JsonObject) object = xh_json_object_parse (text, error);
  const XhKind *kind = xh_catalog_find_kind (self->catalog, kind_name);
  g_autoptr (XhRecord) record = NULL;
  const XhKind *present;
  char *state;

  if (object == NULL || kind == NULL)
    return NULL;
  record = xh_record_new (kind, id);
  state = read_text (object, "state");
  if (state != NULL)
    {
      g_free (record->state);
      record->state = state;
    }
  record->division = read_text (object, "division");
  record->unit = read_text (object, "unit");
  record->created_at = read_text (object, "created_at");
  record->updated_at = read_text (object, "updated_at");
  record->updated_by = read_text (object, "updated_by");
  record->version = json_object_get_int_member_with_default (object, "version", 0);
  record->era = era;
  record->kind_version = (guint) json_object_get_int_member_with_default (object, "kind_version", kind->version);
  record->deleted = json_object_get_int_member_with_default (object, "deleted", 0) != 0;
  if (json_object_has_member (object, "fields") && !xh_record_apply (record, json_object_get_object_member (object, "fields"), error))
    return NULL;
  if (!xh_store_find (self, id, &record->rid, &present, error))
    return NULL;
  return g_steal_pointer (&record);
}

static gboolean
put_draft (XhStore *self, const XhRecord *record, gint64 version, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self,
                                                "INSERT INTO draft(id, kind, record, saved_at) VALUES (?1, ?2, ?3, ?4)"
                                                " ON CONFLICT(id) DO UPDATE SET record = ?3, saved_at = ?4",
                                                error);
  g_autofree char *text = write_draft (record, version), *now = xh_store_now ();

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, record->id);
  xh_sql_bind_text (statement, 2, record->kind->name);
  xh_sql_bind_text (statement, 3, text);
  xh_sql_bind_text (statement, 4, now);
  return xh_store_run (self, statement, error);
}

/**
 * xh_store_draft_put:
 * @record: a record as it is being typed
 *
 * Keeps it, safe from a crash and a power cut, until it is saved or removed.
 */
gboolean
xh_store_draft_put (XhStore *self, const XhRecord *record, GError **error)
{
  gboolean done;
  gint64 era;

  /* Under the lock: who leaves the ledger looks through the drafts that are there by then. */
  if (!xh_store_begin (self, error))
    return FALSE;
  done = xh_store_number (self, "SELECT " XH_ERA_SQL, &era, error) && put_draft (self, record, xh_record_version_in (record, era), error);
  return xh_store_end (self, done, error);
}

/**
 * xh_store_draft_get:
 *
 * Returns: (transfer full) (nullable): the draft of a record; %NULL where there is none, or with an error
 */
XhRecord *
xh_store_draft_get (XhStore *self, const char *id, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT kind, record, " XH_ERA_SQL " FROM draft WHERE id = ?1", error);
  g_autofree char *kind = NULL, *text = NULL;
  gint64 era;

  if (statement == NULL)
    return NULL;
  xh_sql_bind_text (statement, 1, id);
  if (xh_store_step (self, statement, error) != SQLITE_ROW)
    return NULL;
  kind = xh_sql_column_text (statement, 0);
  text = xh_sql_column_text (statement, 1);
  era = sqlite3_column_int64 (statement, 2);
  sqlite3_reset (statement);
  return read_draft (self, id, kind, text, era, error);
}

gboolean
xh_store_draft_remove (XhStore *self, const char *id, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "DELETE FROM draft WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, id);
  return xh_store_run (self, statement, error);
}

static GPtrArray *
draft_ids (XhStore *self, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self, "SELECT id FROM draft ORDER BY saved_at DESC, id DESC", error);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  int code;

  if (statement == NULL)
    return NULL;
  while ((code = xh_store_step (self, statement, error)) == SQLITE_ROW)
    g_ptr_array_add (ids, xh_sql_column_text (statement, 0));
  return code == SQLITE_DONE ? g_steal_pointer (&ids) : NULL;
}

/**
 * xh_store_drafts:
 *
 * Returns: (transfer full) (element-type XhRecord): every draft, newest first, but those of kinds that are gone
 */
GPtrArray *
xh_store_drafts (XhStore *self, GError **error)
{
  g_autoptr (GPtrArray) ids = draft_ids (self, error);
  g_autoptr (GPtrArray) drafts = NULL;

  if (ids == NULL)
    return NULL;
  drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_record_free);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (GError) fault = NULL;
      XhRecord *draft = xh_store_draft_get (self, g_ptr_array_index (ids, i), &fault);

      if (fault != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&fault));
          return NULL;
        }
      if (draft != NULL)
        g_ptr_array_add (drafts, draft);
    }
  return g_steal_pointer (&drafts);
}
