/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-doubles.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-store-private.h"
#include "xh-subject.h"

/* A shorter name is borne by too many. */
#define NAME_LEAST 4
/* Names that are looked at for likeness. */
#define NAMES_MOST 20

typedef struct
{
  XhStore *store;
  const XhRecord *record;
  const XhKind *kind;
  const char *role;  /* (nullable) */
  GPtrArray *found;  /* of XhDouble */
  GHashTable *seen;  /* ids, owned by found */
} Search;

void
xh_double_free (XhDouble *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->reason);
  g_free (self);
}

/* --- what tells */

static gboolean
keys_name (GPtrArray *keys, const char *field)
{
  for (guint i = 0; i < keys->len; i++)
    if (field == NULL || g_strv_contains (g_ptr_array_index (keys, i), field))
      return TRUE;
  return FALSE;
}

static gboolean
list_names (char **list, const char *field)
{
  return list != NULL && g_strv_contains ((const char *const *) list, field);
}

gboolean
xh_doubles_concern (const XhKind *kind, const char *field)
{
  g_return_val_if_fail (kind != NULL, FALSE);

  if (keys_name (kind->unique_keys, field) || keys_name (kind->duplicates, field))
    return TRUE;
  return kind->subject_self
         && (field == NULL || list_names (kind->subject_codes, field) || list_names (kind->subject_also, field)
             || g_strcmp0 (kind->subject_name, field) == 0);
}

static gboolean
may_read (const Search *self, const char *name)
{
  const XhField *field = xh_kind_find_field (self->kind, name);

  return field != NULL && (self->role == NULL || field->read_roles == NULL || xh_kind_may (self->kind, field->read_roles, self->role));
}

static const char *
text_of (const XhRecord *record, const char *name)
{
  const XhValue *value = xh_record_get (record, name);
  const char *text = value != NULL ? xh_value_as_text (value) : NULL;

  return text != NULL && *text != '\0' ? text : NULL;
}

static gboolean
is_merged (const XhRecord *record)
{
  const XhValue *into = record->kind->subject_merged != NULL ? xh_record_get (record, record->kind->subject_merged) : NULL;

  return into != NULL && !xh_value_is_null (into);
}

/* --- what is told */

static gboolean
is_full (const Search *self)
{
  return self->found->len >= XH_DOUBLES_MOST;
}

static gboolean
add (Search *self, const XhRecord *other, const char *reason, GError **error)
{
  g_autoptr (GPtrArray) lines = NULL;
  XhDouble *found;

  if (is_full (self) || other->deleted || is_merged (other) || g_str_equal (other->id, self->record->id)
      || g_hash_table_contains (self->seen, other->id))
    return TRUE;
  lines = xh_store_lines (self->store, self->kind, &other->rid, 1, self->role, error);
  if (lines == NULL)
    return FALSE;
  found = g_new0 (XhDouble, 1);
  found->id = g_strdup (other->id);
  found->title = g_strdup (lines->len > 0 ? ((XhLine *) g_ptr_array_index (lines, 0))->title : "");
  found->subtitle = xh_record_subtitle (self->store, other);
  found->reason = g_strdup (reason);
  g_ptr_array_add (self->found, found);
  g_hash_table_add (self->seen, found->id);
  return TRUE;
}

static gboolean
add_rids (Search *self, GArray *rids, const char *reason, GError **error)
{
  for (guint i = 0; i < rids->len; i++)
    {
      g_autoptr (XhRecord) other = xh_store_load_rid (self->store, g_array_index (rids, gint64, i), error);

      if (other == NULL || !add (self, other, reason, error))
        return FALSE;
    }
  return TRUE;
}

/* --- keys */

/* More than are named, as merged ones are left out only after they were read. */
static char *
key_sql (const XhKind *kind, char **names)
{
  GString *sql = g_string_new (NULL);

  g_string_printf (sql, "SELECT r.rid FROM \"%s\" k JOIN record r ON r.rid = k.rid WHERE r.deleted = 0 AND r.id <> ?1", kind->table);
  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (sql, " AND k.\"%s\" = ?%u", names[i], i + 2);
  g_string_append_printf (sql, " LIMIT %d", XH_DOUBLES_MOST * 2);
  return g_string_free (sql, FALSE);
}

static gboolean
has_key (const Search *self, char **names)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      const XhValue *value = xh_record_get (self->record, names[i]);

      if (value == NULL || xh_value_is_null (value) || !may_read (self, names[i]))
        return FALSE;
    }
  return names[0] != NULL;
}

static gboolean
find_key (Search *self, char **names, const char *reason, GError **error)
{
  g_autofree char *sql = key_sql (self->kind, names);
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = xh_store_statement (self->store, sql, error);
  int code;

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, self->record->id);
  for (guint i = 0; names[i] != NULL; i++)
    xh_sql_bind_value (statement, 2 + (int) i, xh_record_get (self->record, names[i]));
  while ((code = xh_store_step (self->store, statement, error)) == SQLITE_ROW)
    {
      const gint64 rid = sqlite3_column_int64 (statement, 0);

      g_array_append_val (rids, rid);
    }
  sqlite3_clear_bindings (statement);
  return code == SQLITE_DONE && add_rids (self, rids, reason, error);
}

static gboolean
find_keys (Search *self, GPtrArray *keys, GError **error)
{
  for (guint i = 0; i < keys->len && !is_full (self); i++)
    {
      char **names = g_ptr_array_index (keys, i);
      g_autoptr (GString) labels = g_string_new (NULL);
      g_autofree char *reason = NULL;

      if (!has_key (self, names))
        continue;
      for (guint j = 0; names[j] != NULL; j++)
        g_string_append_printf (labels, "%s%s", j > 0 ? " + " : "", xh_label_get (&xh_kind_find_field (self->kind, names[j])->label));
      reason = g_strdup_printf (_ ("Same %s"), labels->str);
      if (!find_key (self, names, reason, error))
        return FALSE;
    }
  return TRUE;
}

/* --- subjects */

/* Among the keys of a subject are the ids of its own records. */
static gboolean
find_code (Search *self, const char *code, GError **error)
{
  g_auto (GStrv) keys = xh_store_subject_keys (self->store, code, error);

  if (keys == NULL)
    return FALSE;
  for (guint i = 0; keys[i] != NULL && !is_full (self); i++)
    {
      const XhKind *kind = NULL;
      gint64 rid = 0;
      g_autoptr (XhRecord) other = NULL;

      if (!xh_store_find (self->store, keys[i], &rid, &kind, error))
        return FALSE;
      if (rid == 0 || kind != self->kind)
        continue;
      other = xh_store_load_rid (self->store, rid, error);
      if (other == NULL || !add (self, other, _ ("Same code, present or former"), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_codes (Search *self, char **fields, gboolean first, GError **error)
{
  for (guint i = 0; fields != NULL && fields[i] != NULL; i++)
    {
      const char *code = may_read (self, fields[i]) ? text_of (self->record, fields[i]) : NULL;

      if (code == NULL)
        continue;
      if (!find_code (self, code, error))
        return FALSE;
      if (first)
        break;
    }
  return TRUE;
}

/* Letters and digits alone, in one width and case. */
static char *
bare_name (const char *name)
{
  g_autofree char *normal = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE), *folded = g_utf8_casefold (normal != NULL ? normal : "", -1);
  GString *bare = g_string_new (NULL);

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)))
      g_string_append_unichar (bare, g_utf8_get_char (p));
  return g_string_free (bare, FALSE);
}

/* One name is the other with little more. */
static gboolean
is_like (const char *name, const char *other)
{
  const glong a = g_utf8_strlen (name, -1), b = g_utf8_strlen (other, -1);

  return MIN (a, b) >= NAME_LEAST && 3 * MIN (a, b) >= 2 * MAX (a, b) && (a < b ? strstr (other, name) : strstr (name, other)) != NULL;
}

static gboolean
find_like (Search *self, const char *name, GError **error)
{
  g_autofree char *ours = bare_name (name);
  g_autoptr (GPtrArray) hits = xh_store_find_subjects (self->store, name, self->role, NAMES_MOST, error);

  if (hits == NULL)
    return FALSE;
  for (guint i = 0; i < hits->len && !is_full (self); i++)
    {
      const XhSubjectHit *hit = g_ptr_array_index (hits, i);
      g_autoptr (XhRecord) other = g_str_equal (hit->kind, self->kind->name) ? xh_store_load (self->store, hit->id, NULL) : NULL;
      const char *their_name = other != NULL ? text_of (other, self->kind->subject_name) : NULL;
      g_autofree char *theirs = their_name != NULL ? bare_name (their_name) : NULL;

      if (theirs == NULL || !is_like (ours, theirs))
        continue;
      if (!add (self, other, g_str_equal (ours, theirs) ? _ ("Same name") : _ ("Similar name"), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_name (Search *self, GError **error)
{
  char *names[] = { self->kind->subject_name, NULL };
  const char *name = names[0] != NULL && may_read (self, names[0]) ? text_of (self->record, names[0]) : NULL;

  if (name == NULL || g_utf8_strlen (name, -1) < NAME_LEAST)
    return TRUE;
  return find_key (self, names, _ ("Same name"), error) && (is_full (self) || find_like (self, name, error));
}

static gboolean
find_subjects (Search *self, GError **error)
{
  return !self->kind->subject_self
         || (find_codes (self, self->kind->subject_codes, TRUE, error) && find_codes (self, self->kind->subject_also, FALSE, error)
             && find_name (self, error));
}

GPtrArray *
xh_doubles_find (XhStore *store, const XhRecord *record, const char *role, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_double_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  Search self = { store, record, record != NULL ? record->kind : NULL, role, found, seen };

  g_return_val_if_fail (store != NULL && record != NULL, NULL);

  if (record->deleted || is_merged (record) || (role != NULL && !xh_kind_may (record->kind, record->kind->read_roles, role)))
    return g_steal_pointer (&found);
  if (!find_keys (&self, record->kind->unique_keys, error) || !find_keys (&self, record->kind->duplicates, error)
      || !find_subjects (&self, error))
    return NULL;
  return g_steal_pointer (&found);
}
