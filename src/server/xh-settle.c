/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-settle.h"

#include <string.h>

#include "model/xh-identifiers.h"
#include "model/xh-json.h"
#include "xh-apply.h"
#include "xh-ledger.h"

#define NUMBER_KEY "settled"

/* --- what has changed */

static gboolean
note_entry (XhBackend *backend, XhStale *stale, const XhKind *kind, const XhEntry *entry, GError **error)
{
  g_autoptr (JsonNode) changes = xh_json_parse (entry->changes, -1, error);
  g_autoptr (JsonNode) before = NULL;
  g_autoptr (GError) failure = NULL;
  g_autoptr (XhRecord) after = NULL;

  if (!changes)
    return FALSE;
  if (!xh_stale_reads (stale, kind, json_node_get_object (changes)))
    return TRUE;
  before = xh_json_parse (entry->before, -1, error);
  if (!before)
    return FALSE;
  after = xh_store_load (backend->store, entry->record, &failure);
  if (g_error_matches (failure, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND))
    return TRUE;
  if (!after)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  xh_stale_note_entry (stale, after, json_node_get_object (changes), json_node_get_object (before));
  return TRUE;
}

gboolean
xh_settle_read (XhBackend *backend, XhStale *stale, gint64 *number, guint limit, GArray **rids, GError **error)
{
  g_autoptr (GPtrArray) entries = xh_ledger_after (backend, *number, limit, error);

  for (guint i = 0; entries && i < entries->len; i++)
    {
      const XhEntry *entry = g_ptr_array_index (entries, i);
      const XhKind *kind = xh_catalog_find_kind (backend->catalog, entry->kind);

      if (kind && xh_stale_hangs_on (stale, kind) && !note_entry (backend, stale, kind, entry, error))
        return FALSE;
    }
  if (!entries)
    return FALSE;
  *rids = xh_stale_find (stale, backend->store, error);
  if (*rids && entries->len > 0)
    *number = ((const XhEntry *) g_ptr_array_index (entries, entries->len - 1))->number;
  return *rids != NULL;
}

/* --- what comes out now */

gboolean
xh_settle_judge (XhBackend *backend, gint64 rid, char **id, GError **error)
{
  g_autoptr (XhRecord) record = xh_store_load_rid (backend->store, rid, error);
  const guint n = record ? record->kind->references->len : 0;
  XhValue *references = xh_value_array_new (n);
  const gboolean fetched = record && xh_store_references (backend->store, record, references, error);

  *id = NULL;
  if (fetched)
    {
      XhForm *form = xh_backend_form (backend, record->kind, NULL);

      xh_form_load (form, record, references, FALSE);
      if (!record->deleted && xh_stale_differs (record, xh_form_get_record (form)))
        *id = g_strdup (record->id);
    }
  xh_value_array_free (references, n);
  return fetched;
}

/* --- writing it */

static XhOp *
make_op (const XhRecord *record)
{
  XhOp *op = g_new0 (XhOp, 1);

  op->op_id = xh_uuid_v7_new ();
  op->kind = g_strdup (record->kind->name);
  op->record = g_strdup (record->id);
  op->base = record->version;
  op->set = g_strdup ("{}");
  op->before = g_strdup ("{}");
  op->created_at = xh_now_utc ();
  return op;
}

static gboolean
take_one (XhBackend *backend, const XhAccess *access, const char *id, guint64 *count, GError **error)
{
  g_autoptr (XhRecord) record = xh_store_load (backend->store, id, error);
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_op_free);
  g_autoptr (GPtrArray) answers = NULL;
  const XhAnswer *answer;

  if (!record)
    return FALSE;
  if (record->deleted)
    return TRUE;
  g_ptr_array_add (ops, make_op (record));
  answers = xh_apply_ops (backend, access, ops, error);
  if (!answers)
    return FALSE;
  answer = g_ptr_array_index (answers, 0);
  if (answer->status <= XH_ANSWER_MERGED && answer->version > record->version)
    ++*count;
  return TRUE;
}

gboolean
xh_settle_take (XhBackend *backend, GPtrArray *ids, guint64 *count, GError **error)
{
  g_autoptr (XhAccess) access = xh_access_new_system ();

  for (guint i = 0; i < ids->len; i++)
    if (!take_one (backend, access, g_ptr_array_index (ids, i), count, error))
      return FALSE;
  return TRUE;
}

gint64
xh_settle_get_number (XhBackend *backend)
{
  g_autofree char *text = xh_store_meta_get (backend->store, NUMBER_KEY);

  return text ? g_ascii_strtoll (text, NULL, 10) : 0;
}

gboolean
xh_settle_set_number (XhBackend *backend, gint64 number, GError **error)
{
  return xh_store_meta_set_number (backend->store, NUMBER_KEY, number, error);
}
