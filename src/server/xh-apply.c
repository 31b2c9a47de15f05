/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-apply-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-json.h"
#include "sync/xh-checksum.h"
#include "sync/xh-merge.h"
#include "store/xh-stale.h"
#include "xh-accounts.h"

#define DAY G_GINT64_CONSTANT (86400)


gboolean
xh_apply_refuse (XhApply *self, const char *field, const char *message)
{
  JsonObject *issue = json_object_new ();

  if (!self->issues)
    self->issues = json_array_new ();
  if (field)
    json_object_set_string_member (issue, "field", field);
  else
    json_object_set_null_member (issue, "field");
  json_object_set_string_member (issue, "message", message);
  json_array_add_object_element (self->issues, issue);
  self->status = XH_ANSWER_REJECTED;
  return FALSE;
}

void
xh_apply_clear (XhApply *self)
{
  g_clear_pointer (&self->set, json_object_unref);
  g_clear_pointer (&self->theirs, xh_record_free);
  g_clear_pointer (&self->expected, xh_record_free);
  g_clear_pointer (&self->result, xh_record_free);
  g_clear_pointer (&self->touched, xh_touched_free);
  g_clear_pointer (&self->fields, json_array_unref);
  g_clear_pointer (&self->issues, json_array_unref);
}

void
xh_apply_add_row (XhApply *self, XhAnswer *answer, const XhRecord *record)
{
  g_autoptr (GPtrArray) columns = xh_wire_columns (record->kind, self->access->role->name);

  json_object_set_object_member (answer->body, "row", xh_wire_write_row (record, columns));
}

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text)
    json_object_set_string_member (object, name, text);
}

/* --- who may, and what stands now */

static gboolean
find_theirs (XhApply *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean covers = FALSE, own = FALSE;

  self->theirs = xh_store_load (self->backend->store, self->op->record, &failure);
  if (!self->theirs && !g_error_matches (failure, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (!self->theirs)
    {
      self->is_new = TRUE;
      self->theirs = xh_record_new (self->kind, self->op->record);
      if (self->op->base == 0)
        return TRUE;
      return xh_apply_refuse (self, NULL, _("There is no such record, or it is outside your area."));
    }
  if (!xh_access_covers (self->access, self->backend, self->op->record, &covers, error))
    return FALSE;
  if (!covers || self->theirs->kind != self->kind)
    {
      g_clear_pointer (&self->theirs, xh_record_free);
      return xh_apply_refuse (self, NULL, _("There is no such record, or it is outside your area."));
    }
  if (self->op->base > self->theirs->version)
    return xh_apply_refuse (self, NULL, _("The server does not have the version this change was made on."));
  if (self->op->base > 0)
    return TRUE;
  /* Several edits of a record that was made offline: all of them have no base yet. */
  if (!xh_ledger_is_own (self->backend, self->op->record, self->access, &own, error))
    return FALSE;
  return own || xh_apply_refuse (self, NULL, _("There is a record with this id already."));
}

static gboolean
check_kind_roles (XhApply *self)
{
  const char *role = self->access->role->name;
  guint n_names = json_object_get_size (self->set);
  gboolean deletes = json_object_has_member (self->set, "deleted");

  if (xh_access_is_system (self->access))
    return TRUE;
  if (deletes && !xh_kind_may (self->kind, self->kind->delete_roles, role))
    return xh_apply_refuse (self, NULL, _("Your role may not delete or restore records of this register."));
  if (self->is_new && !xh_kind_may (self->kind, self->kind->create_roles, role))
    return xh_apply_refuse (self, NULL, _("Your role may not add records to this register."));
  /* A transition has roles of its own. */
  if (n_names > (deletes ? 1 : 0) + (json_object_has_member (self->set, "state") ? 1 : 0)
      && !xh_kind_may (self->kind, self->is_new ? self->kind->create_roles : self->kind->edit_roles, role))
    return xh_apply_refuse (self, NULL, _("Your role may not change records of this register."));
  return TRUE;
}

static gboolean
merge (XhApply *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GPtrArray) conflicts = NULL;

  if (!self->is_new)
    {
      self->touched = xh_ledger_touched (self->backend, self->op->record, self->op->base, self->access, error);
      if (!self->touched)
        return FALSE;
    }
  self->expected = xh_record_copy (self->theirs);
  conflicts = xh_merge (self->theirs, self->set, self->touched ? self->touched->names : NULL,
                        self->touched && !self->touched->guessed ? self->touched->before : NULL, self->expected, &failure);
  if (!conflicts)
    return xh_apply_refuse (self, NULL, failure->message);
  if (conflicts->len > 0)
    {
      self->fields = xh_apply_show_conflicts (self, conflicts);
      self->status = XH_ANSWER_CONFLICT;
      return FALSE;
    }
  return TRUE;
}

/* --- writing */

/* What was there before is not written for a new record: everything was empty. Score, grade and credit line are in the ledger;
 * the explanation, which follows from them and the record, only in the row. */
static void
note_changes (XhApply *self, GString *changes, GString *before)
{
  const XhRecord *theirs = self->theirs, *result = self->result;

  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);

      if (xh_value_equal (&theirs->values[i], &result->values[i]) || xh_field_holds_explanation (field))
        continue;
      xh_changes_add (changes, field->name, &result->values[i]);
      if (!self->is_new)
        xh_changes_add (before, field->name, &theirs->values[i]);
    }
  if (self->is_new || strcmp (result->state, theirs->state) != 0)
    xh_changes_add_text (changes, "state", result->state);
  if (!self->is_new && strcmp (result->state, theirs->state) != 0)
    xh_changes_add_text (before, "state", theirs->state);
  if (theirs->deleted != result->deleted)
    {
      xh_changes_add (changes, "deleted", &(XhValue) { XH_VALUE_INTEGER, { result->deleted } });
      xh_changes_add (before, "deleted", &(XhValue) { XH_VALUE_INTEGER, { theirs->deleted } });
    }
}

static gboolean
stays_in_place (XhApply *self)
{
  return !self->is_new && g_strcmp0 (self->theirs->division, self->result->division) == 0
         && g_strcmp0 (self->theirs->unit, self->result->unit) == 0;
}

/* A record that changes its place leaves the scope of those who worked there: their next pull tells them. */
static gboolean
note_move (XhApply *self, gint64 number, GError **error)
{
  sqlite3_stmt *statement;

  if (self->is_new || stays_in_place (self))
    return TRUE;
  statement = xh_backend_prepare (self->backend,
    "INSERT INTO moved (number, record, division, unit) VALUES (?1, ?2, ?3, ?4)", error);
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, number);
  xh_backend_bind_text (statement, 2, self->op->record);
  xh_backend_bind_text (statement, 3, self->theirs->division);
  xh_backend_bind_text (statement, 4, self->theirs->unit);
  return xh_backend_run (self->backend, statement, error);
}

static gboolean
write_entry (XhApply *self, XhEntry *entry, GError **error)
{
  GString *changes = g_string_new ("{");
  GString *before = g_string_new ("{");

  note_changes (self, changes, before);
  entry->op = g_strdup (self->op->op_id);
  entry->time = xh_now_utc ();
  entry->account = g_strdup (self->access->login);
  entry->device = g_strdup (self->access->device);
  entry->kind = g_strdup (self->kind->name);
  entry->record = g_strdup (self->op->record);
  entry->status = g_strdup (xh_answer_status_name (self->status));
  entry->changes = xh_changes_end (changes);
  entry->before = xh_changes_end (before);
  return xh_ledger_append (self->backend, entry, error) && note_move (self, entry->number, error);
}

static gboolean
write_result (XhApply *self, GError **error)
{
  g_autoptr (XhEntry) entry = g_new0 (XhEntry, 1);
  XhRecord *result = self->result;
  gboolean covers = FALSE;

  if (!write_entry (self, entry, error))
    return FALSE;
  result->version = entry->number;
  result->kind_version = self->kind->version;
  g_free (result->updated_at);
  result->updated_at = g_strdup (entry->time);
  g_free (result->updated_by);
  result->updated_by = g_strdup (self->access->login);
  if (!result->created_at)
    result->created_at = g_strdup (entry->time);
  if (!xh_store_put (self->backend->store, result, error))
    return FALSE;
  if (stays_in_place (self))
    return TRUE;
  if (!xh_access_covers (self->access, self->backend, self->op->record, &covers, error))
    return FALSE;
  return covers || xh_apply_refuse (self, self->kind->division_field, _("With this change the record would lie outside your area."));
}

/* Whether a client may have computed something else than the server: from records that it does not have, or without fields that are
 * hidden from its role. */
static gboolean
computes_otherwise (XhApply *self)
{
  gboolean derives = FALSE, hides = FALSE;

  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);

      derives = derives || field->computed || field->scored;
      hides = hides || !xh_access_may_read_field (self->access, field);
    }
  return derives && (hides || self->kind->references->len > 0);
}

/* Where the kind has no field for the place, the server says where the record lies. */
static gboolean
is_placed_here (XhApply *self)
{
  return self->is_new && (!self->kind->division_field || (!self->kind->unit_field && self->result->unit));
}

/* Does what a client expects agree with what was stored? Then it needs no row back. */
static gboolean
is_as_expected (XhApply *self)
{
  if (self->op->sum != 0 && self->op->sum == xh_checksum_record (self->result, self->access->role->name))
    return TRUE;
  if (is_placed_here (self) || computes_otherwise (self))
    return FALSE;
  for (guint i = 0; i < self->kind->fields->len; i++)
    if (!xh_value_equal (&self->expected->values[i], &self->result->values[i]))
      return FALSE;
  return TRUE;
}

static XhAnswer *
make_answer (XhApply *self)
{
  gboolean accepted = self->status == XH_ANSWER_APPLIED || self->status == XH_ANSWER_MERGED;
  gint64 version = accepted ? self->result->version : self->theirs ? self->theirs->version : 0;
  XhAnswer *answer = xh_answer_new (self->op->op_id, self->status, version);

  if (accepted && (self->status == XH_ANSWER_MERGED || !is_as_expected (self)))
    xh_apply_add_row (self, answer, self->result);
  if (self->fields)
    json_object_set_array_member (answer->body, "fields", json_array_ref (self->fields));
  if (self->issues)
    json_object_set_array_member (answer->body, "issues", json_array_ref (self->issues));
  if (self->status == XH_ANSWER_CONFLICT)
    {
      g_autoptr (XhAccount) account = xh_accounts_find (self->backend, self->touched->who, NULL);

      json_object_set_string_member (answer->body, "grade", self->issues ? "record" : "field");
      add_text (answer->body, "who", self->touched->who);
      add_text (answer->body, "name", account != NULL ? account->name : NULL);
      add_text (answer->body, "when", self->touched->when);
      add_text (answer->body, "device", self->touched->device);
    }
  if (!accepted && self->theirs && !self->is_new && xh_access_may_read (self->access, self->kind))
    xh_apply_add_row (self, answer, self->theirs);
  return answer;
}

gboolean
xh_apply_settles (const XhApply *self)
{
  return xh_access_is_system (self->access) && !self->is_new && json_object_get_size (self->set) == 0;
}

/* FALSE: not accepted (status says how), or @error is set. */
static gboolean
work (XhApply *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (JsonNode) set = xh_json_parse (self->op->set, -1, &failure);

  if (!set)
    return xh_apply_refuse (self, NULL, failure->message);
  self->set = json_object_ref (json_node_get_object (set));
  self->kind = xh_catalog_find_kind (self->backend->catalog, self->op->kind);
  if (!self->kind || !xh_access_may_read (self->access, self->kind))
    return xh_apply_refuse (self, NULL, _("There is no such register, or it is not open to your role."));
  if (!find_theirs (self, error) || !check_kind_roles (self) || !merge (self, error))
    return FALSE;
  self->status = xh_apply_has_foreign_changes (self) ? XH_ANSWER_MERGED : XH_ANSWER_APPLIED;
  if (!xh_apply_judge (self, error))
    {
      if (!error || !*error)
        xh_apply_grade_refusal (self, error);
      return FALSE;
    }
  /* Nothing came out different: no entry. */
  return (xh_apply_settles (self) && !xh_stale_differs (self->theirs, self->result)) || write_result (self, error);
}

/* In a savepoint: what a refused op has written goes again. */
static XhAnswer *
apply_op (XhBackend *backend, const XhAccess *access, const XhOp *op, GError **error)
{
  g_auto (XhApply) self = { .backend = backend, .access = access, .op = op };
  g_autoptr (GError) failure = NULL;
  g_autoptr (XhAnswer) answer = xh_apply_find_answer (&self, &failure);
  gboolean accepted;

  if (answer)
    return g_steal_pointer (&answer);
  if (failure || !xh_store_begin (backend->store, &failure))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  accepted = work (&self, &failure);
  if (accepted && xh_store_commit (backend->store, &failure))
    return make_answer (&self);
  xh_store_rollback (backend->store);
  if (failure)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  answer = make_answer (&self);
  /* The server itself asks anew every day, with another op. */
  if (self.status != XH_ANSWER_HELD && !xh_access_is_system (access) && !xh_apply_keep_refusal (&self, answer, error))
    return NULL;
  return g_steal_pointer (&answer);
}

GPtrArray *
xh_apply_more (XhBackend *backend, const XhAccess *access, GPtrArray *ops, GHashTable *held, GError **error)
{
  g_autoptr (GPtrArray) answers = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_answer_free);

  for (guint i = 0; i < ops->len; i++)
    {
      const XhOp *op = g_ptr_array_index (ops, i);
      XhAnswer *answer;

      if (g_hash_table_contains (held, op->record))
        answer = xh_answer_new (op->op_id, XH_ANSWER_HELD, 0);
      else if (!(answer = apply_op (backend, access, op, error)))
        return NULL;
      if (answer->status > XH_ANSWER_MERGED)
        g_hash_table_add (held, g_strdup (op->record));
      g_ptr_array_add (answers, answer);
    }
  return g_steal_pointer (&answers);
}

GPtrArray *
xh_apply_ops (XhBackend *backend, const XhAccess *access, GPtrArray *ops, GError **error)
{
  g_autoptr (GHashTable) held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return xh_apply_more (backend, access, ops, held, error);
}

gboolean
xh_apply_forget_refusals (XhBackend *backend, GError **error)
{
  sqlite3_stmt *statement = xh_backend_prepare (backend, "DELETE FROM refusal WHERE time < ?1", error);

  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, g_get_real_time () / G_USEC_PER_SEC - XH_REFUSAL_DAYS * DAY);
  return xh_backend_run (backend, statement, error);
}
