/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-checksum.h"

#include <sodium.h>
#include <string.h>

#define FIRST 2 /* column behind division and unit */

/* It need not be secret: a sum proves that nothing went wrong, not that nobody wished it. */
static const guint8 key[crypto_shorthash_KEYBYTES] = "xinheng checksum";

/* --- a row's hash */

static void
add_bytes (GByteArray *bytes, guint8 type, gconstpointer data, guint length)
{
  g_byte_array_append (bytes, &type, 1);
  g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
  g_byte_array_append (bytes, data, length);
}

static void
add_integer (GByteArray *bytes, gint64 integer)
{
  integer = GINT64_TO_LE (integer);
  add_bytes (bytes, 'i', &integer, sizeof integer);
}

/* A whole number is the same as an integer and as a real: JSON does not tell them apart. */
static void
add_real (GByteArray *bytes, double real)
{
  if (real >= -9e15 && real <= 9e15 && (double) (gint64) real == real)
    add_integer (bytes, (gint64) real);
  else
    add_bytes (bytes, 'r', &real, sizeof real);
}

static void
add_value (GByteArray *bytes, sqlite3_value *value)
{
  switch (sqlite3_value_type (value))
    {
    case SQLITE_INTEGER:
      add_integer (bytes, sqlite3_value_int64 (value));
      break;
    case SQLITE_FLOAT:
      add_real (bytes, sqlite3_value_double (value));
      break;
    case SQLITE_NULL:
      add_bytes (bytes, 'n', "", 0);
      break;
    default:
      add_bytes (bytes, 't', sqlite3_value_text (value), (guint) sqlite3_value_bytes (value));
      break;
    }
}

static void
add_text (GByteArray *bytes, const char *text)
{
  add_bytes (bytes, text != NULL ? 't' : 'n', text != NULL ? text : "", text != NULL ? (guint) strlen (text) : 0);
}

static guint64
finish_hash (GByteArray *bytes)
{
  guint64 hash;

  crypto_shorthash ((guint8 *) &hash, bytes->data, bytes->len, key);
  return GUINT64_FROM_LE (hash);
}

char *
xh_checksum_body (gconstpointer data, gsize length)
{
  guint64 hash;

  crypto_shorthash ((guint8 *) &hash, length > 0 ? data : (gconstpointer) "", length, key);
  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x", GUINT64_FROM_LE (hash));
}

guint64
xh_checksum_row (sqlite3_stmt *statement)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (2048);

  for (int i = FIRST; i < sqlite3_column_count (statement); i++)
    add_value (bytes, sqlite3_column_value (statement, i));
  return finish_hash (bytes);
}

static void
add_field (GByteArray *bytes, const XhValue *value)
{
  switch (value->type)
    {
    case XH_VALUE_INTEGER:
      add_integer (bytes, value->integer);
      break;
    case XH_VALUE_REAL:
      add_real (bytes, value->real);
      break;
    default:
      add_text (bytes, xh_value_as_text (value));
      break;
    }
}

guint64
xh_checksum_record (const XhRecord *record, const char *role)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (4096);
  guint64 hash;

  add_text (bytes, record->id);
  add_text (bytes, record->state);
  add_text (bytes, record->division);
  add_text (bytes, record->unit);
  add_integer (bytes, record->deleted);
  for (guint i = 0; i < record->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (record->kind->fields, i);

      if (role == NULL || xh_kind_may (record->kind, field->read_roles, role))
        add_field (bytes, &record->values[i]);
    }
  hash = finish_hash (bytes);
  return hash != 0 ? hash : 1;
}

/* --- in SQL */

/* Sums wrap around, which SQL's own do not. */
static void
add_function (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (128);
  guint64 sum = (guint64) sqlite3_value_int64 (values[0]), hash;

  add_value (bytes, values[2]);
  add_value (bytes, values[3]);
  hash = finish_hash (bytes);
  sqlite3_result_int64 (context, (gint64) (sqlite3_value_int (values[1]) < 0 ? sum - hash : sum + hash));
}

gboolean
xh_checksum_register (sqlite3 *db, GError **error)
{
  if (sqlite3_create_function (db, "xh_checksum_add", 4, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, add_function, NULL,
                               NULL) == SQLITE_OK)
    return TRUE;
  g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_DATABASE, sqlite3_errmsg (db));
  return FALSE;
}

char *
xh_checksum_select (const XhKind *kind, const char *role, gboolean content)
{
  GString *sql = g_string_new ("SELECT r.division, r.unit, r.id, r.version");

  for (guint i = 0; content && i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (role == NULL || xh_kind_may (kind, field->read_roles, role))
        g_string_append_printf (sql, ", k.\"%s\"", field->name);
    }
  g_string_append_printf (sql, "%s FROM record r", content ? ", r.state" : "");
  if (content)
    g_string_append_printf (sql, " JOIN \"%s\" k ON k.rid = r.rid", kind->table);
  g_string_append_printf (sql, " WHERE r.kind = '%s' AND r.deleted = 0", kind->name);
  return g_string_free (sql, FALSE);
}

/* --- groups */

static guint
hash_group (gconstpointer data)
{
  const XhChecksum *group = data;

  return (group->division ? g_str_hash (group->division) : 1) * 33 + (group->unit ? g_str_hash (group->unit) : 1);
}

static gboolean
same_group (gconstpointer a, gconstpointer b)
{
  const XhChecksum *one = a, *other = b;

  return g_strcmp0 (one->division, other->division) == 0 && g_strcmp0 (one->unit, other->unit) == 0;
}

static void
free_group (gpointer data)
{
  XhChecksum *group = data;

  g_free (group->division);
  g_free (group->unit);
  g_free (group);
}

GHashTable *
xh_checksum_set_new (void)
{
  return g_hash_table_new_full (hash_group, same_group, free_group, NULL);
}

XhChecksum *
xh_checksum_new (const char *division, const char *unit, gint64 n, guint64 sum)
{
  XhChecksum *group = g_new (XhChecksum, 1);

  *group = (XhChecksum) { g_strdup (division), g_strdup (unit), n, sum };
  return group;
}

GHashTable *
xh_checksum_groups (sqlite3_stmt *statement, int *code)
{
  GHashTable *groups = xh_checksum_set_new ();

  while ((*code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const XhChecksum place = { (char *) sqlite3_column_text (statement, 0), (char *) sqlite3_column_text (statement, 1), 0, 0 };
      XhChecksum *group = g_hash_table_lookup (groups, &place);

      if (group == NULL)
        g_hash_table_add (groups, group = xh_checksum_new (place.division, place.unit, 0, 0));
      group->n++;
      group->sum += xh_checksum_row (statement);
    }
  return groups;
}
