/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-round-anew-private.h"
#include "xh-wire-private.h"

#include <string.h>

#include "model/xh-identifiers.h"

#define MAX_COLUMNS 1000
#define MAX_NAME 64

/* One page on its way into the store. Everything happens in one transaction: whatever is wrong, nothing has changed. */
typedef struct
{
  XhStore *store;
  XhJsonReader reader;
  XhPage *page;
  GHashTable *pending;   /* (owned) ids of records with edits of our own that the server has not accepted */
  const XhKind *kind;    /* (nullable) whose rows are read */
  GPtrArray *columns;    /* (owned) (nullable) of XhField, behind the spine */
  XhRecord *record;      /* (owned) (nullable) filled again for each row */
  gboolean has_kinds, has_leaves, has_next, has_more, has_head;
} Reading;

static void
reading_clear (Reading *self)
{
  xh_json_reader_clear (&self->reader);
  g_clear_pointer (&self->pending, g_hash_table_unref);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_clear_pointer (&self->record, xh_record_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static gboolean
fail (Reading *self, const char *fault)
{
  return xh_json_reader_fail (&self->reader, fault);
}

static gboolean
expect_key (Reading *self, const char *name)
{
  XhJsonValue key;

  return xh_json_reader_next_key (&self->reader, &key)
         && (xh_json_value_is (&key, name) || fail (self, "kind, columns, rows are expected in this order"));
}

static char *
read_name (Reading *self)
{
  XhJsonValue value;

  if (!xh_json_reader_value (&self->reader, &value))
    return NULL;
  if (value.type != XH_JSON_STRING || value.length == 0 || value.length > MAX_NAME)
    return (void) fail (self, "a name is expected"), NULL;
  return g_strndup (value.text, value.length);
}

static gboolean
read_number (Reading *self, gint64 *number)
{
  XhJsonValue value;

  if (!xh_json_reader_value (&self->reader, &value))
    return FALSE;
  *number = value.integer;
  return (value.type == XH_JSON_INTEGER && value.integer >= 0) || fail (self, "a ledger number is expected");
}

static gboolean
read_kind (Reading *self)
{
  g_autofree char *name = NULL;

  if (!expect_key (self, "kind"))
    return fail (self, "a kind is expected");
  name = read_name (self);
  if (name == NULL)
    return FALSE;
  self->kind = xh_catalog_find_kind (xh_store_get_catalog (self->store), name);
  self->page->newer = self->kind == NULL;
  if (self->kind == NULL)
    return fail (self, "a kind that this catalog does not have");
  g_clear_pointer (&self->record, xh_record_free);
  self->record = xh_record_new (self->kind, NULL);
  return TRUE;
}

static gboolean
add_column (Reading *self, guint index, const char *name)
{
  const XhField *field;

  if (index < XH_WIRE_N_SPINE)
    return strcmp (name, xh_wire_spine[index]) == 0 || fail (self, "a spine column is missing");
  field = xh_kind_find_field (self->kind, name);
  self->page->newer = field == NULL;
  if (field == NULL)
    return fail (self, "a column that this catalog does not have");
  if (g_ptr_array_find (self->columns, field, NULL))
    return fail (self, "a column comes twice");
  g_ptr_array_add (self->columns, (gpointer) field);
  return TRUE;
}

static gboolean
read_columns (Reading *self)
{
  guint n = 0;

  if (!expect_key (self, "columns") || !xh_json_reader_enter_array (&self->reader))
    return fail (self, "columns are expected");
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  self->columns = g_ptr_array_new ();
  while (xh_json_reader_next_element (&self->reader))
    {
      g_autofree char *name = read_name (self);

      if (name == NULL || !add_column (self, n++, name))
        return FALSE;
      if (n > MAX_COLUMNS)
        return fail (self, "too many columns");
    }
  return n >= XH_WIRE_N_SPINE || fail (self, "a spine column is missing");
}

static gboolean
read_cells (Reading *self)
{
  guint n = XH_WIRE_N_SPINE + self->columns->len, i = 0;
  XhJsonValue value;

  if (!xh_json_reader_enter_array (&self->reader))
    return FALSE;
  for (; i < n && xh_json_reader_next_element (&self->reader); i++)
    {
      gboolean fits;

      if (!xh_json_reader_value (&self->reader, &value))
        return FALSE;
      if (i < XH_WIRE_N_SPINE)
        fits = xh_wire_set_spine (self->record, i, &value);
      else
        fits = xh_wire_set_field (self->record, g_ptr_array_index (self->columns, i - XH_WIRE_N_SPINE), &value);
      if (!fits)
        return fail (self, "a value that is none for its column");
    }
  if (i < n || xh_json_reader_next_element (&self->reader))
    return fail (self, "a row has more or fewer values than there are columns");
  return xh_json_reader_ok (&self->reader);
}

/* Most rows have no edits of ours on top: they are put as they are. */
static gboolean
store_row (Reading *self, GError **error)
{
  self->page->n_rows++;
  self->record->rid = 0;
  if (g_hash_table_size (self->pending) > 0 && g_hash_table_contains (self->pending, self->record->id))
    return xh_store_adopt (self->store, self->record, error);
  return xh_store_put (self->store, self->record, error);
}

static gboolean
read_rows (Reading *self, GError **error)
{
  guint n = 0;

  if (!expect_key (self, "rows") || !xh_json_reader_enter_array (&self->reader))
    return fail (self, "rows are expected");
  while (xh_json_reader_next_element (&self->reader))
    {
      if (!read_cells (self) || !store_row (self, error))
        return FALSE;
      n++;
    }
  if (n > 0)
    g_hash_table_add (self->page->kinds, g_strdup (self->kind->name));
  return xh_json_reader_ok (&self->reader);
}

static gboolean
read_kinds (Reading *self, GError **error)
{
  XhJsonValue key;

  if (!xh_json_reader_enter_array (&self->reader))
    return FALSE;
  while (xh_json_reader_next_element (&self->reader))
    {
      if (!xh_json_reader_enter_object (&self->reader) || !read_kind (self) || !read_columns (self) || !read_rows (self, error))
        return FALSE;
      if (xh_json_reader_next_key (&self->reader, &key))
        return fail (self, "a kind has more than kind, columns, rows");
    }
  return xh_json_reader_ok (&self->reader);
}

static gboolean
store_leave (Reading *self, const char *id, GError **error)
{
  g_autofree char *kind = NULL;

  self->page->n_rows++;
  if (!xh_store_forget (self->store, id, &kind, error))
    return FALSE;
  if (kind != NULL)
    g_hash_table_add (self->page->kinds, g_steal_pointer (&kind));
  return TRUE;
}

static gboolean
read_leaves (Reading *self, GError **error)
{
  if (!xh_json_reader_enter_array (&self->reader))
    return FALSE;
  while (xh_json_reader_next_element (&self->reader))
    {
      g_autofree char *id = read_name (self);

      if (id == NULL)
        return FALSE;
      if (!xh_uuid_is_valid (id))
        return fail (self, "a leave is no id");
      if (!store_leave (self, id, error))
        return FALSE;
    }
  return xh_json_reader_ok (&self->reader);
}

static gboolean
read_more (Reading *self)
{
  XhJsonValue value;

  if (!xh_json_reader_value (&self->reader, &value))
    return FALSE;
  self->page->more = value.type == XH_JSON_TRUE;
  return value.type == XH_JSON_TRUE || value.type == XH_JSON_FALSE || fail (self, "true or false is expected");
}

static gboolean
set_once (Reading *self, gboolean *seen)
{
  if (*seen)
    return fail (self, "a name comes twice");
  return *seen = TRUE;
}

static gboolean
read_member (Reading *self, const XhJsonValue *key, GError **error)
{
  if (xh_json_value_is (key, "kinds"))
    return set_once (self, &self->has_kinds) && read_kinds (self, error);
  if (xh_json_value_is (key, "leaves"))
    return set_once (self, &self->has_leaves) && read_leaves (self, error);
  if (xh_json_value_is (key, "next"))
    return set_once (self, &self->has_next) && read_number (self, &self->page->next);
  if (xh_json_value_is (key, "head"))
    return set_once (self, &self->has_head) && read_number (self, &self->page->head);
  if (xh_json_value_is (key, "more"))
    return set_once (self, &self->has_more) && read_more (self);
  return fail (self, "a page has no such member");
}

/* A page that says "more" and stays where it is would be fetched for ever; one that goes back comes from another ledger. */
static gboolean
check_numbers (Reading *self)
{
  XhPage *page = self->page;

  if (!self->has_kinds || !self->has_leaves || !self->has_next || !self->has_more || !self->has_head)
    return fail (self, "a member of the page is missing");
  if (page->loose)
    return TRUE;
  if (page->next < page->since || page->next > page->head)
    return fail (self, "the server's ledger is shorter than what was fetched before");
  return !page->more || page->next > page->since || fail (self, "the page does not go on");
}

static gboolean
read_body (Reading *self, GError **error)
{
  XhJsonValue key;

  if (!xh_json_reader_enter_object (&self->reader))
    return FALSE;
  while (xh_json_reader_next_key (&self->reader, &key))
    if (!read_member (self, &key, error))
      return FALSE;
  return xh_json_reader_ok (&self->reader) && xh_json_reader_finish (&self->reader) && check_numbers (self);
}

gboolean
xh_wire_keep_mark (XhStore *store, const char *mark, GError **error)
{
  g_autofree char *kept = xh_store_meta_get (store, XH_META_MARK);

  if (mark == NULL || (kept != NULL && g_ascii_strtoll (mark, NULL, 10) <= g_ascii_strtoll (kept, NULL, 10)))
    return TRUE;
  return xh_store_meta_set (store, XH_META_MARK, mark, error);
}

/* With the cursor at the end, what this device wrote itself need not come any more. */
static gboolean
end_page (XhStore *store, const XhPage *page, GError **error)
{
  g_autofree char *whole = xh_store_meta_get (store, XH_META_WHOLE);
  const gboolean ends = !page->more && page->next > 0 && g_strcmp0 (whole, "1") == 0;

  return xh_store_meta_set_number (store, XH_META_CURSOR, page->next, error) && (!ends || xh_store_meta_set (store, XH_META_WHOLE, "0", error));
}

void
xh_page_clear (XhPage *page)
{
  g_clear_pointer (&page->kinds, g_hash_table_unref);
}

gboolean
xh_wire_read_page (XhStore *store, const char *json, gsize length, XhPage *page, GError **error)
{
  g_auto (Reading) self = { .store = store, .page = page };
  g_autoptr (GError) fault = NULL;

  page->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  xh_json_reader_init (&self.reader, json, length);
  if (!xh_store_begin (store, error))
    return FALSE;
  page->moved = !page->loose && xh_wire_get_cursor (store) != page->since;
  if (page->moved)
    {
      xh_store_rollback (store);
      return TRUE;
    }
  self.pending = xh_store_pending (store, &fault);
  if (self.pending != NULL && read_body (&self, &fault) && (page->loose || end_page (store, page, &fault)) && xh_wire_keep_mark (store, page->mark, &fault)
      && xh_store_commit (store, &fault))
    return TRUE;
  xh_store_rollback (store);
  if (fault == NULL)
    {
      xh_json_reader_set_error (&self.reader, &fault);
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, fault->message);
      return FALSE;
    }
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

/**
 * xh_wire_apply_page:
 * @store: a client's store; not inside a transaction of its own that is to survive a failure
 * @json: one page of a pull that started from xh_wire_get_cursor()
 * @length: its length in bytes
 * @more: (out) (optional): there is another page now
 * @n_rows: (out) (optional): rows and leaves that were applied
 * @error: XH_SYNC_ERROR_PROTOCOL the page is not what the protocol says; XH_STORE_ERROR the store failed. In both
 *   cases nothing has changed, and the same page may be fetched again
 *
 * Rows and cursor in one transaction. Edits of ours that the server has not accepted stay on top of the rows they were made on.
 */
gboolean
xh_wire_apply_page (XhStore *store, const char *json, gsize length, gboolean *more, guint *n_rows, GError **error)
{
  g_auto (XhPage) page = { .since = xh_wire_get_cursor (store) };

  if (!xh_wire_read_page (store, json, length, &page, error))
    return FALSE;
  if (more != NULL)
    *more = page.more;
  if (n_rows != NULL)
    *n_rows = page.n_rows;
  return TRUE;
}

gint64
xh_wire_get_cursor (XhStore *store)
{
  g_autofree char *text = xh_store_meta_get (store, XH_META_CURSOR);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}
