/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-ledger.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "model/xh-json.h"

#define HASH_CHARS (crypto_hash_sha256_BYTES * 2)
#define COLUMNS "number, op, time, account, device, kind, record, status, changes, before"

/* Each part with its length in front, so that no two different entries give the same bytes. */
static void
hash_part (crypto_hash_sha256_state *state, const char *text)
{
  char length[24];

  g_snprintf (length, sizeof length, "%" G_GSIZE_FORMAT ":", strlen (text));
  crypto_hash_sha256_update (state, (const guint8 *) length, strlen (length));
  crypto_hash_sha256_update (state, (const guint8 *) text, strlen (text));
}

static void
hash_entry (const XhEntry *entry, const char *previous, char hash[HASH_CHARS + 1])
{
  const char *parts[] = { entry->op, entry->time, entry->account, entry->device, entry->kind, entry->record,
                          entry->status, entry->changes, entry->before };
  guint8 digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_state state;
  char number[24];

  crypto_hash_sha256_init (&state);
  hash_part (&state, previous);
  g_snprintf (number, sizeof number, "%" G_GINT64_FORMAT, entry->number);
  hash_part (&state, number);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    hash_part (&state, parts[i]);
  crypto_hash_sha256_final (&state, digest);
  sodium_bin2hex (hash, HASH_CHARS + 1, digest, sizeof digest);
}

static XhEntry *
entry_from_row (sqlite3_stmt *statement)
{
  XhEntry *entry = g_new0 (XhEntry, 1);
  char **texts[] = { &entry->op, &entry->time, &entry->account, &entry->device, &entry->kind, &entry->record,
                     &entry->status, &entry->changes, &entry->before };

  entry->number = sqlite3_column_int64 (statement, 0);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i] = xh_backend_dup_text (statement, i + 1);
  return entry;
}

gboolean
xh_ledger_head (XhBackend *backend, gint64 *number, char **hash, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT number, hash FROM ledger ORDER BY number DESC LIMIT 1", error);
  gboolean row;

  if (!statement || !xh_backend_step (backend, statement, &row, error))
    return FALSE;
  *number = row ? sqlite3_column_int64 (statement, 0) : 0;
  if (hash)
    *hash = row ? xh_backend_dup_text (statement, 1) : g_strdup ("");
  sqlite3_reset (statement);
  return TRUE;
}

gboolean
xh_ledger_append (XhBackend *backend, XhEntry *entry, GError **error)
{
  const char *parts[] = { entry->op, entry->time, entry->account, entry->device, entry->kind, entry->record,
                          entry->status, entry->changes, entry->before };
  g_autofree char *previous = NULL;
  char hash[HASH_CHARS + 1];
  sqlite3_stmt *statement;
  gint64 head;

  if (!xh_ledger_head (backend, &head, &previous, error))
    return FALSE;
  entry->number = head + 1;
  hash_entry (entry, previous, hash);
  statement = xh_backend_prepare (backend,
    "INSERT INTO ledger (" COLUMNS ", hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", error);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, entry->number);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    sqlite3_bind_text (statement, i + 2, parts[i], -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 11, hash, -1, SQLITE_STATIC);
  if (!xh_backend_run (backend, statement, error))
    return FALSE;
  sqlite3_clear_bindings (statement);
  return TRUE;
}

XhEntry *
xh_ledger_find_op (XhBackend *backend, const char *op, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "SELECT " COLUMNS " FROM ledger WHERE op = ?1", error);
  XhEntry *entry;
  gboolean row;

  if (!statement)
    return NULL;
  xh_backend_bind_text (statement, 1, op);
  if (!xh_backend_step (backend, statement, &row, error) || !row)
    return NULL;
  entry = entry_from_row (statement);
  sqlite3_reset (statement);
  return entry;
}

/* What a bound statement gives. */
static GPtrArray *
read_entries (XhBackend *backend, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_entry_free);
  gboolean row;

  for (;;)
    {
      if (!xh_backend_step (backend, statement, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&entries);
      g_ptr_array_add (entries, entry_from_row (statement));
    }
}

GPtrArray *
xh_ledger_history (XhBackend *backend, const char *record, gint64 after, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT " COLUMNS " FROM ledger WHERE record = ?1 AND number > ?2 ORDER BY number", error);

  if (!statement)
    return NULL;
  xh_backend_bind_text (statement, 1, record);
  sqlite3_bind_int64 (statement, 2, after);
  return read_entries (backend, statement, error);
}

GPtrArray *
xh_ledger_after (XhBackend *backend, gint64 after, guint limit, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT " COLUMNS " FROM ledger WHERE number > ?1 ORDER BY number LIMIT ?2", error);

  if (!statement)
    return NULL;
  sqlite3_bind_int64 (statement, 1, after);
  sqlite3_bind_int64 (statement, 2, limit);
  return read_entries (backend, statement, error);
}

/* The first foreign change of a name tells what it was at the base. */
static gboolean
touch_names (XhTouched *touched, const XhEntry *entry, GError **error)
{
  g_autoptr (JsonNode) changes = xh_json_parse (entry->changes, -1, error);
  g_autoptr (JsonNode) before = changes ? xh_json_parse (entry->before, -1, error) : NULL;
  JsonObjectIter iter;
  const char *name;

  if (!before)
    return FALSE;
  json_object_iter_init (&iter, json_node_get_object (changes));
  while (json_object_iter_next (&iter, &name, NULL))
    {
      JsonNode *value = json_object_get_member (json_node_get_object (before), name);

      if (g_hash_table_add (touched->names, g_strdup (name)) && value)
        json_object_set_member (touched->before, name, json_node_copy (value));
    }
  return TRUE;
}

/* Whether an edit is of before the record's first entry: a client that started anew with a restored server says so of all it had not sent, and means
 * the record as it began (xh-round-anew.c). @entries: those after @base. */
static gboolean
is_of_beginning (XhBackend *backend, const char *record, GPtrArray *entries, gint64 base, gboolean *is, GError **error)
{
  sqlite3_stmt *statement;
  gboolean row = FALSE;

  *is = base > 0 && entries->len > 0;
  if (!*is)
    return TRUE;
  statement = xh_backend_prepare (backend, "SELECT 1 FROM ledger WHERE record = ?1 AND number <= ?2 LIMIT 1", error);
  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, record);
  sqlite3_bind_int64 (statement, 2, base);
  if (!xh_backend_step (backend, statement, &row, error))
    return FALSE;
  sqlite3_reset (statement);
  *is = !row;
  return TRUE;
}

XhTouched *
xh_ledger_touched (XhBackend *backend, const char *record, gint64 base, const XhAccess *access, GError **error)
{
  g_autoptr (XhTouched) touched = g_new0 (XhTouched, 1);
  g_autoptr (GPtrArray) entries = xh_ledger_history (backend, record, base, error);

  touched->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  touched->before = json_object_new ();
  if (!entries || !is_of_beginning (backend, record, entries, base, &touched->guessed, error))
    return NULL;
  for (guint i = touched->guessed ? 1 : 0; i < entries->len; i++)
    {
      const XhEntry *entry = g_ptr_array_index (entries, i);

      if (strcmp (entry->account, access->login) == 0 && strcmp (entry->device, access->device) == 0)
        continue;
      if (!touch_names (touched, entry, error))
        return NULL;
      g_free (touched->who);
      g_free (touched->when);
      g_free (touched->device);
      touched->who = g_strdup (entry->account);
      touched->when = g_strdup (entry->time);
      touched->device = g_strdup (entry->device);
    }
  return g_steal_pointer (&touched);
}

gboolean
xh_ledger_is_own (XhBackend *backend, const char *record, const XhAccess *access, gboolean *own, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend,
    "SELECT account = ?2 AND device = ?3 FROM ledger WHERE record = ?1 ORDER BY number LIMIT 1", error);
  gboolean row;

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, record);
  xh_backend_bind_text (statement, 2, access->login);
  xh_backend_bind_text (statement, 3, access->device);
  if (!xh_backend_step (backend, statement, &row, error))
    return FALSE;
  *own = row && sqlite3_column_int (statement, 0);
  sqlite3_reset (statement);
  return TRUE;
}

gboolean
xh_ledger_verify (XhBackend *backend, guint64 *n_entries, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "SELECT " COLUMNS ", hash FROM ledger ORDER BY number", error);
  char previous[HASH_CHARS + 1] = "";
  gint64 expected = 0;
  gboolean row;

  *n_entries = 0;
  if (!statement)
    return FALSE;
  for (;;)
    {
      g_autoptr (XhEntry) entry = NULL;
      char hash[HASH_CHARS + 1];

      if (!xh_backend_step (backend, statement, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      entry = entry_from_row (statement);
      hash_entry (entry, previous, hash);
      if (entry->number != ++expected || strcmp (hash, (const char *) sqlite3_column_text (statement, 10)) != 0)
        {
          g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, expected);

          sqlite3_reset (statement);
          g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_LEDGER,
                       _("The ledger was altered at entry %s"), number);
          return FALSE;
        }
      memcpy (previous, hash, sizeof hash);
      ++*n_entries;
    }
}

static void
begin_member (GString *json, const char *name)
{
  if (json->len > 1)
    g_string_append_c (json, ',');
  xh_json_append_text (json, name, -1);
  g_string_append_c (json, ':');
}

/* A whole REAL keeps its ".0", so that it is read as a REAL again. */
static void
append_real (GString *json, double real)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.15g", real);
  if (g_ascii_strtod (text, NULL) != real)
    g_ascii_dtostr (text, sizeof text, real);
  g_string_append (json, text);
  if (!strpbrk (text, ".e"))
    g_string_append (json, ".0");
}

void
xh_changes_add (GString *json, const char *name, const XhValue *value)
{
  begin_member (json, name);
  switch (value->type)
    {
    case XH_VALUE_INTEGER:
      g_string_append_printf (json, "%" G_GINT64_FORMAT, value->integer);
      break;
    case XH_VALUE_REAL:
      append_real (json, value->real);
      break;
    case XH_VALUE_TEXT:
      xh_json_append_text (json, value->text, -1);
      break;
    case XH_VALUE_NULL:
      g_string_append (json, "null");
      break;
    }
}

void
xh_changes_add_text (GString *json, const char *name, const char *text)
{
  begin_member (json, name);
  if (text)
    xh_json_append_text (json, text, -1);
  else
    g_string_append (json, "null");
}

char *
xh_changes_end (GString *json)
{
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

void
xh_entry_free (XhEntry *entry)
{
  if (!entry)
    return;
  g_free (entry->op);
  g_free (entry->time);
  g_free (entry->account);
  g_free (entry->device);
  g_free (entry->kind);
  g_free (entry->record);
  g_free (entry->status);
  g_free (entry->changes);
  g_free (entry->before);
  g_free (entry);
}

void
xh_touched_free (XhTouched *touched)
{
  if (!touched)
    return;
  g_clear_pointer (&touched->names, g_hash_table_unref);
  g_clear_pointer (&touched->before, json_object_unref);
  g_free (touched->who);
  g_free (touched->when);
  g_free (touched->device);
  g_free (touched);
}
