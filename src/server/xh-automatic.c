/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-automatic.h"

#include <string.h>

#include "model/xh-evaluator.h"
#include "model/xh-identifiers.h"
#include "model/xh-json.h"
#include "model/xh-sql.h"
#include "xh-apply.h"
#include "xh-ledger.h"

/* --- whom the condition holds for */

/* What is computed from the day, from other records or by periods may have changed since the row was stored. */
static gboolean
may_be_stale (const XhKind *kind, const char *expression, guint depth)
{
  static const char *const moving[] = { "today", "age", "deadline", "period_text" };

  if (depth > 8)
    return TRUE;
  for (guint i = 0; depth > 0 && i < G_N_ELEMENTS (moving); i++)
    if (xh_sql_mentions (expression, moving[i]))
      return TRUE;
  for (guint i = 0; depth > 0 && i < kind->references->len; i++)
    if (xh_sql_mentions (expression, ((const XhReference *) g_ptr_array_index (kind->references, i))->name))
      return TRUE;
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if ((field->scored && xh_sql_mentions (expression, field->name))
          || (field->computed && xh_sql_mentions (expression, field->name) && may_be_stale (kind, field->computed, depth + 1)))
        return TRUE;
    }
  return FALSE;
}

static char *
find_sql (const XhKind *kind, const XhTransition *transition, gboolean whole)
{
  g_autoptr (GPtrArray) needed = g_ptr_array_new ();
  g_autofree char *source = NULL;
  GString *sql = g_string_new (NULL);

  for (guint i = 0; !whole && i < kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (kind->references, i);

      if (xh_sql_mentions (transition->when, reference->name))
        g_ptr_array_add (needed, reference->name);
    }
  source = xh_kind_source_sql (kind, needed);
  /* The range of rid makes it one walk in the order of the file. */
  g_string_printf (sql, "SELECT rid, id FROM (%s) WHERE rid > ?1 AND deleted = 0 AND state IN (", source);
  for (guint i = 0; transition->from[i]; i++)
    g_string_append_printf (sql, "%s'%s'", i > 0 ? ", " : "", transition->from[i]);
  g_string_append_c (sql, ')');
  if (!whole)
    g_string_append_printf (sql, " AND (%s)", transition->when);
  g_string_append (sql, " ORDER BY rid LIMIT ?2");
  return g_string_free (sql, FALSE);
}

/* Whether the form would take the step from the record as it is stored. */
static gboolean
judge (XhBackend *backend, const XhKind *kind, const XhTransition *transition, const char *id, gboolean *holds, GError **error)
{
  g_autoptr (XhRecord) record = xh_store_load (backend->store, id, error);
  const guint n = kind->references->len;
  XhForm *form = xh_backend_form (backend, kind, NULL);
  XhValue *references = xh_value_array_new (n);
  const gboolean fetched = record && xh_store_references (backend->store, record, references, error);

  *holds = FALSE;
  if (fetched)
    {
      g_autoptr (GPtrArray) whys = NULL;
      g_autoptr (GPtrArray) steps = NULL;
      guint place;

      xh_form_load (form, record, references, FALSE);
      steps = xh_form_get_transitions (form, &whys);
      *holds = g_ptr_array_find (steps, transition, &place) && !g_ptr_array_index (whys, place);
    }
  xh_value_array_free (references, n);
  return fetched;
}

/* @n: how many rows there were */
static gboolean
find_page (XhBackend *backend, const char *sql, gint64 *rid, guint limit, GPtrArray *ids, guint *n, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, sql, error);
  gboolean row;

  *n = 0;
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, *rid);
  sqlite3_bind_int (statement, 2, (int) limit);
  for (;;)
    {
      if (!xh_backend_step (backend, statement, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      *rid = sqlite3_column_int64 (statement, 0);
      g_ptr_array_add (ids, xh_backend_dup_text (statement, 1));
      ++*n;
    }
}

/* The next page of a transition that has somebody in it; none where there is no more. */
static gboolean
find_of_transition (XhBackend *backend, const XhKind *kind, const XhTransition *transition, gint64 *rid, guint limit, GPtrArray *ids,
                    GError **error)
{
  const gboolean whole = may_be_stale (kind, transition->when, 0);
  g_autofree char *sql = find_sql (kind, transition, whole);
  guint n;

  do
    {
      if (!find_page (backend, sql, rid, limit, ids, &n, error))
        return FALSE;
      for (guint i = ids->len; whole && i-- > 0;)
        {
          gboolean holds;

          if (!judge (backend, kind, transition, g_ptr_array_index (ids, i), &holds, error))
            return FALSE;
          if (!holds)
            g_ptr_array_remove_index (ids, i);
        }
    }
  while (ids->len == 0 && n > 0);
  return TRUE;
}

gboolean
xh_automatic_find (XhBackend *backend, XhAutomaticPlace *place, guint limit, GPtrArray *ids, const XhKind **kind,
                   const XhTransition **transition, GError **error)
{
  GPtrArray *kinds = xh_catalog_get_kinds (backend->catalog);

  g_ptr_array_set_size (ids, 0);
  *transition = NULL;
  for (; place->kind < kinds->len; place->kind++, place->transition = 0)
    {
      *kind = g_ptr_array_index (kinds, place->kind);
      for (; place->transition < (*kind)->transitions->len; place->transition++, place->rid = 0)
        {
          const XhTransition *candidate = g_ptr_array_index ((*kind)->transitions, place->transition);

          if (!candidate->automatic || !candidate->when)
            continue;
          if (!find_of_transition (backend, *kind, candidate, &place->rid, limit, ids, error))
            return FALSE;
          if (ids->len == 0)
            continue;
          *transition = candidate;
          return TRUE;
        }
    }
  return TRUE;
}

/* --- the will of people */

static gboolean
changes_state_to (const XhEntry *entry, JsonObject *changes, const char *state)
{
  return strcmp (json_object_get_string_member_with_default (changes, "state", ""), state) == 0
         && strcmp (entry->account, XH_SYSTEM_LOGIN) == 0;
}

static gboolean
changes_condition (JsonObject *changes, const XhTransition *transition)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init (&iter, changes);
  while (json_object_iter_next (&iter, &name, NULL))
    if (transition->when && strcmp (name, "state") != 0 && xh_sql_mentions (transition->when, name))
      return TRUE;
  return FALSE;
}

/* Whether the step was taken before and nothing that its condition reads has changed since: then somebody took it back. */
static gboolean
was_taken_back (XhBackend *backend, const char *id, const XhTransition *transition, gboolean *taken_back, GError **error)
{
  g_autoptr (GPtrArray) entries = xh_ledger_history (backend, id, 0, error);

  *taken_back = FALSE;
  for (guint i = 0; entries && i < entries->len; i++)
    {
      const XhEntry *entry = g_ptr_array_index (entries, i);
      g_autoptr (JsonNode) changes = xh_json_parse (entry->changes, -1, error);

      if (!changes)
        return FALSE;
      if (changes_state_to (entry, json_node_get_object (changes), transition->to))
        *taken_back = TRUE;
      else if (changes_condition (json_node_get_object (changes), transition))
        *taken_back = FALSE;
    }
  return entries != NULL;
}

/* --- taking it */

static XhOp *
make_op (const XhKind *kind, const XhTransition *transition, const char *id, gint64 version)
{
  XhOp *op = g_new0 (XhOp, 1);

  op->op_id = xh_uuid_v7_new ();
  op->kind = g_strdup (kind->name);
  op->record = g_strdup (id);
  op->base = version;
  op->set = g_strdup_printf ("{\"state\":\"%s\"}", transition->to);
  op->before = g_strdup ("{}");
  op->created_at = xh_now_utc ();
  return op;
}

/* The record may have changed since it was found: state and condition are asked again, by the form. */
static gboolean
take_one (XhBackend *backend, const XhAccess *access, const XhKind *kind, const XhTransition *transition, const char *id,
          XhAutomaticCount *count, GError **error)
{
  g_autoptr (XhRecord) record = xh_store_load (backend->store, id, error);
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_op_free);
  g_autoptr (GPtrArray) answers = NULL;
  gboolean taken_back;

  if (!record)
    return FALSE;
  if (record->deleted || record->kind != kind || !g_strv_contains ((const char *const *) transition->from, record->state))
    return TRUE;
  if (!was_taken_back (backend, id, transition, &taken_back, error))
    return FALSE;
  if (taken_back)
    {
      count->left++;
      return TRUE;
    }
  g_ptr_array_add (ops, make_op (kind, transition, id, record->version));
  answers = xh_apply_ops (backend, access, ops, error);
  if (!answers)
    return FALSE;
  if (((XhAnswer *) g_ptr_array_index (answers, 0))->status <= XH_ANSWER_MERGED)
    count->taken++;
  else
    count->refused++;
  return TRUE;
}

gboolean
xh_automatic_take (XhBackend *backend, const XhKind *kind, const XhTransition *transition, GPtrArray *ids, XhAutomaticCount *count, GError **error)
{
  g_autoptr (XhAccess) access = xh_access_new_system ();

  for (guint i = 0; i < ids->len; i++)
    if (!take_one (backend, access, kind, transition, g_ptr_array_index (ids, i), count, error))
      return FALSE;
  return TRUE;
}
