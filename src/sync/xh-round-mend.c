/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-round-mend-private.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "xh-checksum.h"
#include "xh-round-anew-private.h"
#include "xh-wire-private.h"

#define MOST_IDS 2000

/* A row as one side has it. */
typedef struct
{
  gint64 version;
  guint64 hash;
} Version;

/* One group on its way: a kind's rows of one division and unit. */
typedef struct
{
  XhMending *mending;
  const XhKind *kind;
  const XhChecksum *place;
  GHashTable *here;   /* (owned) id (owned): Version (owned); what the server has, too, is taken out */
  GPtrArray *wanted;  /* (owned) ids (owned) */
} Group;

static void
group_clear (Group *self)
{
  g_clear_pointer (&self->here, g_hash_table_unref);
  g_clear_pointer (&self->wanted, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Group, group_clear)

static gboolean
fail_protocol (GError **error)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("What came is not an answer of this server"));
  return FALSE;
}

static gboolean
fail_database (XhMending *self, GError **error)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL, sqlite3_errmsg (xh_store_get_db (self->round->store)));
  return FALSE;
}

/* --- asking */

static gboolean
ask (XhMending *self, const char *method, const char *path, GBytes *body, XhReply *reply, GError **error)
{
  XhRound *round = self->round;
  g_auto (XhRequest) request = { .method = method, .path = path, .body = body ? g_bytes_ref (body) : NULL };

  xh_round_show_mark (round);
  return xh_client_send (round->client, &request, reply, round->cancellable, error)
         && xh_client_expect (reply, SOUP_STATUS_OK, SOUP_STATUS_OK, error) && (reply->body != NULL || fail_protocol (error));
}

static JsonNode *
ask_json (XhMending *self, const char *path, GError **error)
{
  g_auto (XhReply) reply = { 0 };

  return ask (self, "GET", path, NULL, &reply, error) ? xh_wire_parse ((const char *) reply.body->data, reply.body->len, error) : NULL;
}

static JsonArray *
member_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
as_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
read_integer (JsonNode *node, gint64 *number)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *number = json_node_get_int (node);
  return *number >= 0;
}

static gboolean
read_text (JsonNode *node, gboolean nullable, const char **text)
{
  *text = NULL;
  if (JSON_NODE_HOLDS_NULL (node))
    return nullable;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  *text = json_node_get_string (node);
  return **text != '\0';
}

static gboolean
read_sum (JsonNode *node, guint64 *sum)
{
  const char *text;

  return read_text (node, FALSE, &text) && strlen (text) == 16 && g_ascii_string_to_unsigned (text, 16, 0, G_MAXUINT64, sum, NULL);
}

static gboolean
read_group (XhMending *self, JsonNode *node, GHashTable *groups)
{
  JsonArray *parts = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  const char *division, *unit;
  guint64 sum;
  gint64 n;

  if (parts == NULL || json_array_get_length (parts) != 4 || !read_text (json_array_get_element (parts, 0), TRUE, &division)
      || !read_text (json_array_get_element (parts, 1), TRUE, &unit) || !read_integer (json_array_get_element (parts, 2), &n)
      || !read_sum (json_array_get_element (parts, 3), &sum))
    return FALSE;
  self->compared += (guint64) n;
  return g_hash_table_add (groups, xh_checksum_new (division, unit, n, sum));
}

static gboolean
read_kind (XhMending *self, JsonObject *object)
{
  const char *name = object != NULL ? json_object_get_string_member_with_default (object, "kind", NULL) : NULL;
  JsonArray *groups = member_array (object, "groups");
  g_autoptr (GHashTable) set = xh_checksum_set_new ();

  if (name == NULL || groups == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (groups); i++)
    if (!read_group (self, json_array_get_element (groups, i), set))
      return FALSE;
  return g_hash_table_insert (self->kinds, g_strdup (name), g_steal_pointer (&set));
}

gboolean
xh_mending_ask (XhMending *self, GError **error)
{
  const gint64 epoch = xh_store_get_epoch (self->round->store);
  g_autoptr (JsonNode) root = ask_json (self, self->content ? "/v1/checksums?content=1" : "/v1/checksums", error);
  JsonObject *object = as_object (root);
  JsonArray *kinds = member_array (object, "kinds");

  if (root == NULL)
    return FALSE;
  self->epoch = epoch;
  self->compared = 0;
  g_clear_pointer (&self->kinds, g_hash_table_unref);
  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  if (kinds == NULL || !read_integer (json_object_get_member (object, "head"), &self->head))
    return fail_protocol (error);
  for (guint i = 0; i < json_array_get_length (kinds); i++)
    if (!read_kind (self, as_object (json_array_get_element (kinds, i))))
      return fail_protocol (error);
  return TRUE;
}

/* --- what is here */

static sqlite3_stmt *
select_rows (XhMending *self, const XhKind *kind, const char *more, GError **error)
{
  g_autofree char *select = xh_checksum_select (kind, self->round->desk->profile->role, self->content);
  g_autofree char *sql = g_strconcat (select, " AND r.version > 0", more, NULL);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (xh_store_get_db (self->round->store), sql, -1, &statement, NULL) != SQLITE_OK)
    fail_database (self, error);
  return statement;
}

static GHashTable *
groups_here (XhMending *self, const XhKind *kind, GError **error)
{
  sqlite3_stmt *statement = select_rows (self, kind, "", error);
  g_autoptr (GHashTable) groups = NULL;
  int code;

  if (statement == NULL)
    return NULL;
  groups = xh_checksum_groups (statement, &code);
  sqlite3_finalize (statement);
  if (code != SQLITE_DONE)
    return (void) fail_database (self, error), NULL;
  return g_steal_pointer (&groups);
}

/* Of those in @groups the ones that @others has not, or has otherwise. (transfer container) */
static GPtrArray *
list_differing (GHashTable *groups, GHashTable *others, gboolean missing_only)
{
  GPtrArray *differing = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const XhChecksum *group = key, *other = others != NULL ? g_hash_table_lookup (others, group) : NULL;

      if (other == NULL || (!missing_only && (other->n != group->n || other->sum != group->sum)))
        g_ptr_array_add (differing, key);
    }
  return differing;
}

static guint64
sum_rows (GPtrArray *groups)
{
  guint64 n = 0;

  for (guint i = 0; i < groups->len; i++)
    n += (guint64) ((const XhChecksum *) g_ptr_array_index (groups, i))->n;
  return n;
}

gboolean
xh_mending_count (XhMending *self, guint64 *differing, guint64 *gone, GError **error)
{
  GPtrArray *kinds = xh_catalog_get_kinds (self->round->desk->catalog);

  *differing = *gone = 0;
  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      GHashTable *there = g_hash_table_lookup (self->kinds, kind->name);
      g_autoptr (GHashTable) here = groups_here (self, kind, error);
      g_autoptr (GPtrArray) differ = NULL, left = NULL;

      if (here == NULL)
        return FALSE;
      left = list_differing (here, there, TRUE);
      *gone += sum_rows (left);
      if (there == NULL)
        continue;
      differ = list_differing (there, here, FALSE);
      *differing += sum_rows (differ);
    }
  return TRUE;
}

/* --- one group */

static gboolean
read_here (Group *group, GError **error)
{
  XhMending *self = group->mending;
  sqlite3_stmt *statement = select_rows (self, group->kind, " AND r.division IS ?1 AND r.unit IS ?2", error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, group->place->division, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, group->place->unit, -1, SQLITE_STATIC);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      Version *version = g_new (Version, 1);

      *version = (Version) { sqlite3_column_int64 (statement, 3), xh_checksum_row (statement) };
      g_hash_table_insert (group->here, g_strdup ((const char *) sqlite3_column_text (statement, 2)), version);
    }
  sqlite3_finalize (statement);
  return code == SQLITE_DONE || fail_database (self, error);
}

static gboolean
compare_row (Group *group, JsonNode *node, const char **id)
{
  JsonArray *parts = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  const Version *here;
  guint64 hash;
  gint64 version;

  if (parts == NULL || json_array_get_length (parts) != 3 || !read_text (json_array_get_element (parts, 0), FALSE, id)
      || !xh_uuid_is_valid (*id) || !read_integer (json_array_get_element (parts, 1), &version)
      || !read_sum (json_array_get_element (parts, 2), &hash))
    return FALSE;
  here = g_hash_table_lookup (group->here, *id);
  if (here == NULL || here->version != version || here->hash != hash)
    g_ptr_array_add (group->wanted, g_strdup (*id));
  g_hash_table_remove (group->here, *id);
  return TRUE;
}

static void
add_parameter (GString *path, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (path, "&%s=", name);
  g_string_append_uri_escaped (path, value, NULL, FALSE);
}

/* @after: (inout) (transfer full): the id behind which the page begins, then the last of it */
static gboolean
compare_page (Group *group, char **after, gboolean *more, GError **error)
{
  g_autoptr (GString) path = g_string_new ("/v1/versions?");
  g_autoptr (JsonNode) root = NULL;
  JsonArray *rows;
  const char *id = NULL;

  g_string_append_printf (path, "kind=%s", group->kind->name);
  add_parameter (path, "division", group->place->division);
  add_parameter (path, "unit", group->place->unit);
  add_parameter (path, "after", *after);
  add_parameter (path, "content", group->mending->content ? "1" : NULL);
  root = ask_json (group->mending, path->str, error);
  rows = member_array (as_object (root), "rows");
  if (root == NULL)
    return FALSE;
  if (rows == NULL)
    return fail_protocol (error);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    if (!compare_row (group, json_array_get_element (rows, i), &id))
      return fail_protocol (error);
  /* Behind its own last row a page must go on, or it would be asked for for ever. */
  if (id != NULL && *after != NULL && strcmp (id, *after) <= 0)
    return fail_protocol (error);
  *more = id != NULL && json_object_get_boolean_member_with_default (as_object (root), "more", FALSE);
  g_free (*after);
  *after = g_strdup (id);
  return TRUE;
}

static GBytes *
write_ids (GPtrArray *ids, guint from)
{
  GString *json = g_string_new ("{\"ids\":[");

  for (guint i = from; i < MIN (ids->len, from + MOST_IDS); i++)
    g_string_append_printf (json, "%s\"%s\"", i > from ? "," : "", (char *) g_ptr_array_index (ids, i));
  g_string_append (json, "]}");
  return g_string_free_to_bytes (json);
}

static void
note_kinds (XhRound *round, GHashTable *kinds)
{
  GHashTableIter iter;
  gpointer kind;

  g_hash_table_iter_init (&iter, kinds);
  while (g_hash_table_iter_next (&iter, &kind, NULL))
    g_hash_table_add (round->kinds, g_strdup (kind));
}

static gboolean
apply_rows (XhMending *self, const XhReply *reply, GError **error)
{
  g_auto (XhPage) page = { .loose = TRUE };
  GError *cause = NULL;

  if (!xh_wire_read_page (self->round->store, (const char *) reply->body->data, reply->body->len, &page, &cause))
    {
      if (cause->domain != XH_SYNC_ERROR)
        return xh_round_fail_local (error, cause);
      g_propagate_error (error, cause);
      return FALSE;
    }
  note_kinds (self->round, page.kinds);
  self->entered += page.n_rows;
  self->round->received += page.n_rows;
  if (self->round->progress != NULL)
    self->round->progress (self->round, self->round->data);
  return TRUE;
}

static gboolean
fetch_wanted (Group *group, GError **error)
{
  for (guint i = 0; i < group->wanted->len; i += MOST_IDS)
    {
      g_autoptr (GBytes) body = write_ids (group->wanted, i);
      g_auto (XhReply) reply = { 0 };

      if (!ask (group->mending, "POST", "/v1/rows", body, &reply, error) || !apply_rows (group->mending, &reply, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
forget_gone (Group *group, gboolean forget, GError **error)
{
  XhStore *store = group->mending->round->store;
  g_autoptr (GHashTable) pending = xh_store_pending (store, error);
  GHashTableIter iter;
  gpointer id;

  if (pending == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, group->here);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      if (!forget && g_hash_table_contains (pending, id))
        continue;
      if (!xh_store_forget (store, id, NULL, error))
        return FALSE;
      group->mending->left++;
    }
  return TRUE;
}

static gboolean
let_go (Group *group, gboolean forget, GError **error)
{
  XhRound *round = group->mending->round;
  GError *cause = NULL;

  if (g_hash_table_size (group->here) == 0)
    return TRUE;
  if (!xh_store_begin (round->store, &cause))
    return xh_round_fail_local (error, cause);
  if (!forget_gone (group, forget, &cause) || !xh_store_commit (round->store, &cause))
    {
      xh_store_rollback (round->store);
      return xh_round_fail_local (error, cause);
    }
  g_hash_table_add (round->kinds, g_strdup (group->kind->name));
  return TRUE;
}

/* @there: whether the server has rows of this group */
static gboolean
mend_group (XhMending *self, const XhKind *kind, const XhChecksum *place, gboolean there, gboolean forget, GError **error)
{
  g_auto (Group) group = { .mending = self, .kind = kind, .place = place };
  g_autofree char *after = NULL;
  gboolean more = there;

  group.here = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  group.wanted = g_ptr_array_new_with_free_func (g_free);
  if (!read_here (&group, error))
    return FALSE;
  while (more)
    if (!compare_page (&group, &after, &more, error))
      return FALSE;
  return fetch_wanted (&group, error) && let_go (&group, forget, error);
}

static gboolean
mend_kind (XhMending *self, const XhKind *kind, gboolean forget, GError **error)
{
  GHashTable *there = g_hash_table_lookup (self->kinds, kind->name);
  g_autoptr (GHashTable) here = groups_here (self, kind, error);
  g_autoptr (GPtrArray) differ = NULL, left = NULL;

  if (here == NULL)
    return FALSE;
  left = list_differing (here, there, TRUE);
  for (guint i = 0; i < left->len; i++)
    if (!mend_group (self, kind, g_ptr_array_index (left, i), FALSE, forget, error))
      return FALSE;
  if (there == NULL)
    return TRUE;
  differ = list_differing (there, here, FALSE);
  for (guint i = 0; i < differ->len; i++)
    if (!mend_group (self, kind, g_ptr_array_index (differ, i), TRUE, forget, error))
      return FALSE;
  return TRUE;
}

gboolean
xh_mending_run (XhMending *self, gboolean forget, GError **error)
{
  GPtrArray *kinds = xh_catalog_get_kinds (self->round->desk->catalog);

  for (guint i = 0; i < kinds->len; i++)
    if (!mend_kind (self, g_ptr_array_index (kinds, i), forget, error))
      return FALSE;
  return TRUE;
}

void
xh_mending_clear (XhMending *self)
{
  g_clear_pointer (&self->kinds, g_hash_table_unref);
}
