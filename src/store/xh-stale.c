/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-stale.h"

#include <string.h>

#include "model/xh-spine.h"
#include "model/xh-sql.h"
#include "xh-store-private.h"

/* One reference that a stored value of a kind reads. */
typedef struct
{
  const XhKind *kind;           /* whose values hang on it */
  const XhReference *reference;
  GPtrArray *reads;             /* (owned) of (not owned) utf8: names of the other kind */
  GHashTable *keys;             /* (owned) set of (owned) utf8: what it was and is matched by */
  guint leader;                 /* the first link that finds its records by the same value: its keys are these, too */
  char *sql;                    /* (owned) (nullable) who hangs on the keys of ?1; made when first used */
} Link;

struct _XhStale
{
  XhCatalog *catalog; /* (not owned) */
  GPtrArray *links;   /* (owned) of Link */
};

static void
free_link (gpointer data)
{
  Link *link = data;

  g_ptr_array_unref (link->reads);
  g_hash_table_unref (link->keys);
  g_free (link->sql);
  g_free (link);
}

/* --- what hangs on what */

static void
mark_reference (const XhKind *kind, const XhReference *reference, gboolean *needed)
{
  const XhReference *ours;

  if (needed[reference->index])
    return;
  needed[reference->index] = TRUE;
  ours = xh_kind_find_reference (kind, reference->match_ours);
  if (ours != NULL)
    mark_reference (kind, ours, needed);
}

static void
mark_expression (const XhKind *kind, const char *expression, gboolean *needed)
{
  for (guint i = 0; expression != NULL && i < kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (kind->references, i);

      if (xh_sql_mentions (expression, reference->name))
        mark_reference (kind, reference, needed);
    }
}

/* Inputs that are computed fields need no second look: the fields are stored values themselves. */
static void
mark_stored (XhCatalog *catalog, const XhKind *kind, gboolean *needed)
{
  const XhScorecard *card = kind->scorecard != NULL ? xh_catalog_find_scorecard (catalog, kind->scorecard) : NULL;

  for (guint i = 0; i < kind->fields->len; i++)
    mark_expression (kind, ((const XhField *) g_ptr_array_index (kind->fields, i))->computed, needed);
  for (guint i = 0; card != NULL && i < xh_scorecard_n_inputs (card); i++)
    mark_expression (kind, xh_scorecard_input_sql (card, i), needed);
}

static gboolean
reads (const XhReference *reference, const char *name)
{
  return xh_sql_mentions (reference->value, name) || (reference->where != NULL && xh_sql_mentions (reference->where, name))
         || strcmp (reference->match_theirs, name) == 0;
}

/* Averages of one register are most often taken side by side: who hangs on them is found once. */
static guint
find_leader (XhStale *self, const XhKind *kind, const XhReference *reference)
{
  guint i = 0;

  for (; i < self->links->len; i++)
    {
      const Link *link = g_ptr_array_index (self->links, i);

      if (link->kind == kind && strcmp (link->reference->match_ours, reference->match_ours) == 0)
        break;
    }
  return i;
}

static void
add_link (XhStale *self, const XhKind *kind, const XhReference *reference)
{
  const XhKind *from = xh_catalog_find_kind (self->catalog, reference->from);
  Link *link = g_new0 (Link, 1);

  link->kind = kind;
  link->reference = reference;
  link->reads = g_ptr_array_new ();
  link->leader = find_leader (self, kind, reference);
  link->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_ptr_array_add (link->reads, (gpointer) "deleted");
  for (guint i = 0; i < XH_N_SPINE_COLUMNS; i++)
    if (reads (reference, xh_spine_columns[i].name))
      g_ptr_array_add (link->reads, (gpointer) xh_spine_columns[i].name);
  for (guint i = 0; i < from->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (from->fields, i);

      if (reads (reference, field->name))
        g_ptr_array_add (link->reads, field->name);
    }
  g_ptr_array_add (self->links, link);
}

XhStale *
xh_stale_new (XhCatalog *catalog, XhStaleMode mode)
{
  XhStale *self = g_new0 (XhStale, 1);
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);

  self->catalog = catalog;
  self->links = g_ptr_array_new_with_free_func (free_link);
  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      g_autofree gboolean *needed = g_new0 (gboolean, kind->references->len + 1);

      mark_stored (catalog, kind, needed);
      for (guint j = 0; j < kind->references->len; j++)
        {
          const XhReference *reference = g_ptr_array_index (kind->references, j);

          if (needed[j] && (mode == XH_STALE_ALL || !reference->aggregate))
            add_link (self, kind, reference);
        }
    }
  return self;
}

void
xh_stale_free (XhStale *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->links);
  g_free (self);
}

gboolean
xh_stale_hangs_on (XhStale *self, const XhKind *kind)
{
  for (guint i = 0; i < self->links->len; i++)
    if (strcmp (((const Link *) g_ptr_array_index (self->links, i))->reference->from, kind->name) == 0)
      return TRUE;
  return FALSE;
}

/* What is neither a field nor told by a change of its own (a place follows a field, every change moves the version) may be any change. */
static gboolean
is_among (const XhKind *kind, const char *name, JsonObject *changes)
{
  if (strcmp (name, "id") == 0)
    return FALSE;
  return json_object_has_member (changes, name) || (xh_kind_find_field (kind, name) == NULL && strcmp (name, "deleted") != 0);
}

gboolean
xh_stale_reads (XhStale *self, const XhKind *kind, JsonObject *changes)
{
  /* What makes a record says its state, too. */
  const gboolean is_new = json_object_has_member (changes, "state");

  for (guint i = 0; i < self->links->len; i++)
    {
      const Link *link = g_ptr_array_index (self->links, i);

      if (strcmp (link->reference->from, kind->name) != 0)
        continue;
      for (guint j = 0; j < link->reads->len; j++)
        if (is_new || is_among (kind, g_ptr_array_index (link->reads, j), changes))
          return TRUE;
    }
  return FALSE;
}

/* --- what has changed */

/* The spine's own columns that a record in memory does not give count as changed. */
static gboolean
differs_in (const XhRecord *one, const XhRecord *other, const char *name)
{
  g_auto (XhValue) a = XH_VALUE_INIT, b = XH_VALUE_INIT;

  if (strcmp (name, "id") == 0)
    return FALSE;
  return !xh_record_value (one, name, &a) || !xh_record_value (other, name, &b) || !xh_value_equal (&a, &b);
}

static void
add_key (GHashTable *keys, const XhReference *reference, const XhRecord *record)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  char *text = NULL;

  if (strcmp (reference->match_theirs, "id") == 0)
    text = g_strdup (record->id);
  else if (xh_record_value (record, reference->match_theirs, &value))
    text = xh_value_is_null (&value)              ? NULL
           : value.type == XH_VALUE_INTEGER ? g_strdup_printf ("%" G_GINT64_FORMAT, value.integer)
                                            : g_strdup (xh_value_as_text (&value));
  if (text != NULL)
    g_hash_table_add (keys, text);
}

/* A new record is not yet what anybody points to: only sums may hang on it. */
static gboolean
is_touched (const Link *link, const XhRecord *before, const XhRecord *after)
{
  if (before == NULL)
    return link->reference->aggregate && !after->deleted;
  for (guint i = 0; i < link->reads->len; i++)
    if (differs_in (before, after, g_ptr_array_index (link->reads, i)))
      return TRUE;
  return FALSE;
}

void
xh_stale_note (XhStale *self, const XhRecord *before, const XhRecord *after)
{
  for (guint i = 0; i < self->links->len; i++)
    {
      const Link *link = g_ptr_array_index (self->links, i), *leader = g_ptr_array_index (self->links, link->leader);

      if (strcmp (link->reference->from, after->kind->name) != 0 || !is_touched (link, before, after))
        continue;
      add_key (leader->keys, link->reference, after);
      if (before != NULL)
        add_key (leader->keys, link->reference, before);
    }
}

static void
set_back (XhRecord *record, JsonObject *names, JsonObject *before)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init (&iter, names);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      JsonNode *node = json_object_get_member (before, name);
      g_auto (XhValue) value = XH_VALUE_INIT;

      if (node == NULL || xh_value_from_json (node, &value))
        xh_record_set_value (record, name, &value);
    }
}

void
xh_stale_note_entry (XhStale *self, const XhRecord *after, JsonObject *changes, JsonObject *before)
{
  g_autoptr (XhRecord) old = NULL;

  /* Only what makes a record changes its state from nothing. */
  if (!json_object_has_member (changes, "state") || json_object_has_member (before, "state"))
    {
      old = xh_record_copy (after);
      set_back (old, changes, before);
    }
  xh_stale_note (self, old, after);
}

/* --- who hangs on it */

static char *
keys_to_json (GHashTable *keys)
{
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), array);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    json_array_add_string_element (array, key);
  return json_to_string (node, FALSE);
}

static gboolean
keeps_values (const XhState *state)
{
  return state->closed || (state->edit_roles != NULL && state->edit_roles[0] == NULL);
}

/* Backwards through values that are taken over from one record: not every record's value is fetched and compared, but those are looked up who take it
 * over from one of the keys' records. (transfer full) what @ours must be among; @ours: (inout) */
static char *
follow_back (const XhKind *kind, const char **ours)
{
  char *among = g_strdup ("SELECT value FROM json_each(?1)");
  const XhReference *reference;

  while ((reference = xh_kind_find_reference (kind, *ours)) != NULL && !reference->aggregate)
    {
      const XhKind *from = xh_catalog_find_kind (kind->catalog, reference->from);
      g_autofree char *source = xh_store_source_for (from, reference->value), *last = among;

      among = g_strdup_printf ("SELECT %s FROM (%s) WHERE (%s) IN (%s)", reference->match_theirs, source, reference->value, last);
      *ours = reference->match_ours;
    }
  return among;
}

/* Every row of the kind's table is of the kind, and few are deleted. By an index of the keys' field these would only lead to another one. */
static gboolean
is_looked_up (XhStore *store, const XhKind *kind, const char *ours)
{
  const XhField *field = xh_kind_find_field (kind, ours);

  return strcmp (ours, "id") == 0 || (field != NULL && xh_store_leads_index (store, kind, field));
}

static char *
find_sql (const Link *link, XhStore *store)
{
  const XhKind *kind = link->kind;
  const char *ours = link->reference->match_ours;
  g_autofree char *among = follow_back (kind, &ours), *source = xh_store_source_for (kind, ours);
  GString *sql = g_string_new (NULL);

  g_string_printf (sql, "SELECT rid FROM (%s) WHERE %s IN (%s)", source, ours, among);
  if (is_looked_up (store, kind, ours))
    g_string_append (sql, " AND +deleted = 0");
  else
    g_string_append_printf (sql, " AND kind = '%s' AND deleted = 0", kind->name);
  for (guint i = 0; i < kind->states->len; i++)
    {
      const XhState *state = g_ptr_array_index (kind->states, i);

      if (keeps_values (state))
        g_string_append_printf (sql, " AND state <> '%s'", state->name);
    }
  return g_string_free (sql, FALSE);
}

static gboolean
find_of_link (Link *link, XhStore *store, GArray *rids, GError **error)
{
  g_autofree char *keys = keys_to_json (link->keys);
  sqlite3_stmt *statement;
  int code;

  if (link->sql == NULL)
    link->sql = find_sql (link, store);
  statement = xh_store_statement (store, link->sql, error);
  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, keys);
  while ((code = xh_store_step (store, statement, error)) == SQLITE_ROW)
    {
      const gint64 rid = sqlite3_column_int64 (statement, 0);

      g_array_append_val (rids, rid);
    }
  sqlite3_clear_bindings (statement);
  return code == SQLITE_DONE;
}

static int
compare_rids (gconstpointer a, gconstpointer b)
{
  const gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static void
sort_unique (GArray *rids)
{
  guint n = 0;

  g_array_sort (rids, compare_rids);
  for (guint i = 0; i < rids->len; i++)
    if (i == 0 || g_array_index (rids, gint64, i) != g_array_index (rids, gint64, n - 1))
      g_array_index (rids, gint64, n++) = g_array_index (rids, gint64, i);
  g_array_set_size (rids, n);
}

GArray *
xh_stale_find (XhStale *self, XhStore *store, GError **error)
{
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < self->links->len; i++)
    {
      Link *link = g_ptr_array_index (self->links, i);

      if (g_hash_table_size (link->keys) == 0)
        continue;
      if (!find_of_link (link, store, rids, error))
        return NULL;
      g_hash_table_remove_all (link->keys);
    }
  sort_unique (rids);
  return g_steal_pointer (&rids);
}

gboolean
xh_stale_differs (const XhRecord *one, const XhRecord *other)
{
  for (guint i = 0; i < one->kind->fields->len; i++)
    if (!xh_field_holds_explanation (g_ptr_array_index (one->kind->fields, i)) && !xh_value_equal (&one->values[i], &other->values[i]))
      return TRUE;
  return FALSE;
}
