/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people and machines do in a history, one thing at a time. */
#include "sim.h"

#include <string.h>

#include "model/xh-form.h"
#include "server/xh-accounts.h"

static const char *const villages[] = { "410421100201", "410421100202", "410421101201" };
static const char *const words[] = { "甲", "乙", "丙", "丁", "戊" };

/* --- ops */

static gboolean
is_gone (const XhOp *op, gboolean all)
{
  return all || !op->sent;
}

static void
take_op (SimClient *self, const XhOp *queued, JsonObject *seen, gint64 base)
{
  g_autoptr (JsonNode) set = NULL;
  SimOp *op;

  if (g_hash_table_contains (self->sim->ops, queued->op_id))
    return;
  set = json_from_string (queued->set, NULL);
  op = g_new0 (SimOp, 1);
  op->id = g_strdup (queued->op_id);
  op->kind = g_strdup (queued->kind);
  op->record = g_strdup (queued->record);
  op->client = self->index;
  op->set = json_object_ref (json_node_get_object (set));
  op->seen = seen != NULL ? json_object_ref (seen) : NULL;
  op->base = base;
  op->creates = queued->base == 0;
  g_hash_table_insert (self->sim->ops, op->id, op);
  sim_log (self->sim, "  op %s on %s base %" G_GINT64_FORMAT " %s", op->id, op->record, queued->base, queued->set);
}

static GPtrArray *
read_outbox (SimClient *self, const char *record)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_op_free);
  sqlite3_stmt *statement;

  if (record != NULL)
    return xh_store_ops_of_record (self->store, record, NULL);
  if (sqlite3_prepare_v2 (xh_store_get_db (self->store), "SELECT DISTINCT record FROM outbox", -1, &statement, NULL) != SQLITE_OK)
    return NULL;
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      g_autoptr (GPtrArray) ops = xh_store_ops_of_record (self->store, (const char *) sqlite3_column_text (statement, 0), NULL);

      while (ops != NULL && ops->len > 0)
        g_ptr_array_add (all, g_ptr_array_steal_index (ops, 0));
    }
  sqlite3_finalize (statement);
  return g_steal_pointer (&all);
}

void
sim_take_ops (SimClient *self, JsonObject *seen, gint64 base)
{
  g_autoptr (GPtrArray) ops = read_outbox (self, NULL);

  for (guint i = 0; ops != NULL && i < ops->len; i++)
    take_op (self, g_ptr_array_index (ops, i), seen, base);
  g_clear_pointer (&seen, json_object_unref);
}

/* A person made the ops of a record void: those of this client need not be anywhere any more. */
static void
settle_ops (SimClient *self, const char *record, gboolean all)
{
  g_autoptr (GPtrArray) ops = read_outbox (self, record);

  for (guint i = 0; ops != NULL && i < ops->len; i++)
    {
      const XhOp *queued = g_ptr_array_index (ops, i);
      SimOp *op = g_hash_table_lookup (self->sim->ops, queued->op_id);

      if (op != NULL && is_gone (queued, all))
        op->settled = TRUE;
    }
}

/* --- records */

/* (transfer full) (nullable) the id of one of the records that this client has. */
static char *
choose_record (SimClient *self, const char *kind, const char *where)
{
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM record WHERE kind LIKE ?1 AND %s ORDER BY id", where);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement;

  if (sqlite3_prepare_v2 (xh_store_get_db (self->store), sql, -1, &statement, NULL) != SQLITE_OK)
    return NULL;
  sqlite3_bind_text (statement, 1, kind, -1, SQLITE_STATIC);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_ptr_array_add (ids, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
  sqlite3_finalize (statement);
  return ids->len > 0 ? g_strdup (ids->pdata[sim_chance_below (ids->len)]) : NULL;
}

static XhForm *
find_form (SimClient *self, const XhKind *kind)
{
  XhForm *form = g_hash_table_lookup (self->forms, kind->name);

  if (form == NULL)
    {
      form = xh_form_new (kind, self->desk->profile->role);
      g_hash_table_insert (self->forms, kind->name, form);
    }
  xh_form_set_role (form, self->desk->profile->role);
  return form;
}

static char *
change_table (const char *text)
{
  g_autoptr (JsonNode) root = json_from_string (text != NULL ? text : "[]", NULL);
  JsonArray *rows = json_node_get_array (root);
  const guint luck = sim_chance_below (4), n = json_array_get_length (rows);

  if (n == 0 || luck == 0)
    {
      g_autofree char *id = g_strdup_printf ("%08x", (guint) sim_chance_next ());
      JsonObject *row = json_object_new ();

      json_object_set_string_member (row, "_id", id);
      json_object_set_string_member (row, "name", words[sim_chance_below (G_N_ELEMENTS (words))]);
      json_array_add_object_element (rows, row);
    }
  else if (luck == 1)
    json_array_remove_element (rows, sim_chance_below (n));
  else
    {
      JsonObject *row = json_array_get_object_element (rows, sim_chance_below (n));

      if (luck == 2)
        json_object_set_string_member (row, "name", words[sim_chance_below (G_N_ELEMENTS (words))]);
      else
        json_object_set_int_member (row, "age", sim_chance_below (90));
    }
  return json_to_string (root, FALSE);
}

static void
set_word (XhValue *value)
{
  if (sim_chance_of (15))
    xh_value_set_null (value);
  else
    xh_value_set_text (value, words[sim_chance_below (G_N_ELEMENTS (words))]);
}

/* A value that a person might enter. */
static void
choose_value (SimClient *self, const XhField *field, const XhValue *now, XhValue *value)
{
  g_autofree char *text = NULL;

  switch (field->type)
    {
    case XH_FIELD_INTEGER:
      xh_value_set_integer (value, sim_chance_below (10));
      break;
    case XH_FIELD_MONEY:
      xh_value_set_integer (value, 100 * sim_chance_below (50));
      break;
    case XH_FIELD_DECIMAL:
      xh_value_set_real (value, sim_chance_below (1000) / 100.0);
      break;
    case XH_FIELD_BOOLEAN:
      xh_value_set_integer (value, sim_chance_below (2));
      break;
    case XH_FIELD_DIVISION:
      xh_value_set_text (value, villages[sim_chance_below (G_N_ELEMENTS (villages))]);
      break;
    case XH_FIELD_TABLE:
      text = change_table (xh_value_as_text (now));
      xh_value_set_text (value, text);
      break;
    case XH_FIELD_LINK:
      text = choose_record (self, field->link_kind, "NOT deleted");
      xh_value_set_text (value, text);
      break;
    default:
      set_word (value);
    }
}

static gboolean
is_typed (const XhField *field)
{
  return field->computed == NULL && !field->scored && field->type != XH_FIELD_FILES;
}

static void
fill (SimClient *self, XhForm *form)
{
  const XhKind *kind = xh_form_get_kind (form);

  for (guint n = 1 + sim_chance_below (3); n > 0; n--)
    {
      const XhField *field = g_ptr_array_index (kind->fields, sim_chance_below (kind->fields->len));
      g_auto (XhValue) value = XH_VALUE_INIT;

      /* Records change their place now and then, not all the time. */
      if (!is_typed (field) || !xh_form_is_editable (form, field->name) || (field->type == XH_FIELD_DIVISION && sim_chance_of (60)))
        continue;
      choose_value (self, field, xh_form_get (form, field->name), &value);
      xh_form_set (form, field->name, &value, NULL);
    }
}

static void
step_on (XhForm *form)
{
  g_autoptr (GPtrArray) why = NULL;
  g_autoptr (GPtrArray) transitions = xh_form_get_transitions (form, &why);
  guint i;

  if (transitions->len == 0)
    return;
  i = sim_chance_below (transitions->len);
  if (why->pdata[i] == NULL)
    xh_form_transition (form, ((const XhTransition *) transitions->pdata[i])->name, NULL);
}

/* What the person saw in the names that were changed. */
static JsonObject *
note_seen (const XhRecord *record, GPtrArray *changed)
{
  JsonObject *seen = json_object_new ();

  for (guint i = 0; i < changed->len; i++)
    {
      const char *name = changed->pdata[i];
      const XhValue *value = xh_record_get (record, name);

      if (value != NULL)
        json_object_set_member (seen, name, xh_value_to_json (value));
      else if (strcmp (name, "state") == 0)
        json_object_set_string_member (seen, name, record->state);
      else
        json_object_set_int_member (seen, name, record->deleted);
    }
  return seen;
}

static void
save (SimClient *self, XhRecord *record, const XhRecord *seen, GPtrArray *changed)
{
  g_autoptr (GError) error = NULL;
  const gint64 base = seen->version;
  gboolean saved;

  if (changed->len == 0)
    return;
  if (record->deleted && seen->version == 0)
    settle_ops (self, record->id, FALSE);
  saved = xh_store_save (self->store, record, changed, self->login, &error);
  sim_log (self->sim, "%s saves %s %s: %s", self->login, record->kind->name, record->id, saved ? "well" : error->message);
  sim_bury (self->sim);
  if (self->store != NULL)
    sim_take_ops (self, note_seen (seen, changed), base);
}

static void
load_form (SimClient *self, XhForm *form, const XhRecord *record, gboolean is_new)
{
  const guint n = record->kind->references->len;
  XhValue *references = xh_value_array_new (n);

  if (xh_store_references (self->store, record, references, NULL))
    xh_form_load (form, record, references, is_new);
  else
    xh_form_load (form, record, NULL, is_new);
  xh_value_array_free (references, n);
}

static void
update_references (SimClient *self, XhForm *form)
{
  const XhRecord *record = xh_form_get_record (form);
  const guint n = record->kind->references->len;
  XhValue *references = xh_value_array_new (n);

  if (n > 0 && xh_store_references (self->store, record, references, NULL))
    xh_form_set_references (form, references);
  xh_value_array_free (references, n);
}

/* The person does not get to save what the form says is wrong, but for one in ten (another program might). */
static void
save_form (SimClient *self, XhForm *form, const XhRecord *seen)
{
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (XhRecord) record = NULL;

  update_references (self, form);
  if (xh_form_count_issues (form, XH_ISSUE_ERROR) > 0 && !sim_chance_of (10))
    return;
  changed = xh_form_get_changed (form);
  record = xh_record_copy (xh_form_get_record (form));
  save (self, record, seen, changed);
}

static void
edit (SimClient *self, const XhRecord *record)
{
  XhForm *form = find_form (self, record->kind);

  load_form (self, form, record, FALSE);
  if (sim_chance_of (75))
    fill (self, form);
  if (sim_chance_of (35))
    step_on (form);
  save_form (self, form, record);
}

static void
set_form_text (XhForm *form, const char *name, const char *text)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_text (&value, text);
  xh_form_set (form, name, &value, NULL);
}

static void
create (SimClient *self)
{
  static const char *const kinds[] = { "plot", "plot", "plot", "party", "deal" };
  const XhKind *kind = xh_catalog_find_kind (self->desk->catalog, kinds[sim_chance_below (G_N_ELEMENTS (kinds))]);
  g_autoptr (XhRecord) record = xh_record_new (kind, NULL);
  g_autofree char *name = g_strdup_printf ("%s%u", words[sim_chance_below (G_N_ELEMENTS (words))], self->sim->count++);
  XhForm *form = find_form (self, kind);
  const char *place = self->desk->profile->division;

  record->division = g_strdup (place);
  record->unit = g_strdup (self->desk->profile->unit);
  load_form (self, form, record, TRUE);
  set_form_text (form, strcmp (kind->name, "deal") == 0 ? "matter" : "name", name);
  if (kind->division_field != NULL)
    set_form_text (form, kind->division_field, place == NULL || sim_chance_of (5) ? villages[sim_chance_below (3)]
                                               : strcmp (place, "410421101000") == 0 ? villages[2] : villages[sim_chance_below (2)]);
  if (sim_chance_of (40) && xh_kind_find_field (kind, "code") != NULL)
    {
      g_autofree char *code = g_strdup_printf ("C%u", sim_chance_below (8));

      set_form_text (form, "code", code);
    }
  fill (self, form);
  if (strcmp (kind->name, "deal") == 0 && sim_chance_of (70))
    {
      g_autofree char *plot = choose_record (self, "plot", "NOT deleted");

      set_form_text (form, "plot", plot);
    }
  save_form (self, form, record);
}

static void
change_one (SimClient *self, const char *where)
{
  g_autofree char *id = choose_record (self, "%", where);
  g_autoptr (XhRecord) record = id != NULL ? xh_store_load (self->store, id, NULL) : NULL;

  if (record != NULL)
    edit (self, record);
}

static void
change_deleted (SimClient *self, gboolean deleted)
{
  g_autofree char *id = choose_record (self, "%", deleted ? "NOT deleted" : "deleted");
  g_autoptr (XhRecord) record = id != NULL ? xh_store_load (self->store, id, NULL) : NULL;
  g_autoptr (XhRecord) seen = record != NULL ? xh_record_copy (record) : NULL;
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();

  if (record == NULL || (!xh_kind_may (record->kind, record->kind->delete_roles, self->desk->profile->role) && !sim_chance_of (10)))
    return;
  record->deleted = deleted;
  g_ptr_array_add (changed, (gpointer) "deleted");
  save (self, record, seen, changed);
}

/* One subject turns out to be another. */
static void
merge_subjects (SimClient *self)
{
  g_autofree char *id = choose_record (self, "party", "NOT deleted AND state = 'listed'");
  g_autofree char *other = choose_record (self, "party", "NOT deleted");
  g_autoptr (XhRecord) record = id != NULL ? xh_store_load (self->store, id, NULL) : NULL;
  XhForm *form;

  if (record == NULL)
    return;
  form = find_form (self, record->kind);
  load_form (self, form, record, FALSE);
  set_form_text (form, "merged_into", other);
  xh_form_transition (form, "merge", NULL);
  save_form (self, form, record);
}

static void
open_form (SimClient *self)
{
  g_autofree char *id = choose_record (self, "%", "NOT deleted");
  XhRecord *record = id != NULL ? xh_store_load (self->store, id, NULL) : NULL;

  if (record != NULL)
    g_ptr_array_add (self->open, record);
}

static void
save_open (SimClient *self)
{
  g_autoptr (XhRecord) record = NULL;

  if (self->open->len == 0)
    return;
  record = g_ptr_array_steal_index (self->open, sim_chance_below (self->open->len));
  edit (self, record);
}

/* --- the tray */

static char *
choose_mine (const XhTrayItem *item)
{
  g_autoptr (JsonNode) set = json_from_string (item->op.set, NULL);
  g_autoptr (GList) names = json_object_get_members (json_node_get_object (set));

  for (GList *l = names; l != NULL; l = l->next)
    if (sim_chance_of (40))
      json_object_remove_member (json_node_get_object (set), l->data);
  return json_to_string (set, FALSE);
}

static void
resolve (SimClient *self, const XhTrayItem *item, gboolean give_up)
{
  g_autofree char *choices = give_up || sim_chance_of (40) ? g_strdup ("{}") : choose_mine (item);
  g_autoptr (XhRecord) seen = xh_store_load (self->store, item->op.record, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (JsonNode) decided = json_from_string (choices, NULL);
  g_autoptr (GList) members = json_object_get_members (json_node_get_object (decided));
  g_autoptr (GError) error = NULL;
  SimOp *op = g_hash_table_lookup (self->sim->ops, item->op.op_id);
  gboolean done;

  for (GList *l = members; l != NULL; l = l->next)
    g_ptr_array_add (names, l->data);
  if (op == NULL)
    sim_violation (self->sim, "an op that nobody made is in the tray of %s: %s", self->login, item->op.op_id);
  else
    op->settled = TRUE;
  if (seen == NULL || seen->version == 0)
    settle_ops (self, item->op.record, TRUE);
  done = xh_store_tray_resolve (self->store, item->number, seen != NULL ? seen->version : -1, choices, self->login, &error);
  sim_log (self->sim, "%s decides %s on %s %s: %s", self->login, item->type, item->op.record, choices, done ? "well" : error->message);
  if (!done && op != NULL)
    op->settled = FALSE;
  sim_bury (self->sim);
  if (self->store != NULL)
    sim_take_ops (self, seen != NULL ? note_seen (seen, names) : NULL, seen != NULL ? seen->version : 0);
}

void
sim_resolve (SimClient *self, gboolean give_up)
{
  g_autoptr (GPtrArray) tray = xh_store_tray (self->store, NULL);

  for (guint i = 0; tray != NULL && i < tray->len && self->store != NULL; i++)
    resolve (self, tray->pdata[i], give_up);
}

/* --- the office and its machines */

static void
change_scope (Sim *self)
{
  static const char *const places[] = { "410421100000", "410421101000", "410421100201", "410421000000" };
  SimClient *client = &self->clients[sim_chance_below (self->n_clients)];
  const gboolean office = sim_chance_of (15);
  const XhAccount account = { (char *) client->login, (char *) client->login, (char *) (office ? "office" : "assessor"),
                              office ? NULL : (char *) places[sim_chance_below (G_N_ELEMENTS (places))], NULL };
  g_autoptr (GError) error = NULL;

  if (self->server == NULL)
    return;
  sim_clock_use (&self->clock);
  if (!xh_accounts_set_role (self->admin, &account, &error))
    sim_log (self, "no new scope: %s", error->message);
  else
    sim_log (self, "%s is now %s of %s", client->login, account.role, account.division != NULL ? account.division : "all");
  sim_bury (self);
}

static void
change_definitions (Sim *self)
{
  if (self->serves == 1)
    return;
  sim_log (self, "new definitions");
  self->serves = 1;
  sim_server_stop (self);
  sim_server_start (self);
  sim_bury (self);
}

static void
strike (Sim *self)
{
  const guint who = sim_chance_below (self->n_clients + 2);
  SimDisk *disk = who >= self->n_clients ? self->disk : self->clients[who].disk;
  const SimDiskFault fault = SIM_DISK_FAIL + sim_chance_below (4);
  const guint ops = fault == SIM_DISK_FAIL ? 1u << sim_chance_below (4) : SIM_DISK_WRITE | SIM_DISK_SYNC;
  const guint nth = 1 + sim_chance_below (sim_chance_of (50) ? 12 : 120);

  sim_log (self, "disk of %s: fault %d at the %u. operation of kind %u", who < self->n_clients ? self->clients[who].login : "server", fault, nth, ops);
  sim_disk_mend (disk);
  sim_disk_arm (disk, fault, ops, nth);
}

static void
make_room (Sim *self)
{
  sim_disk_mend (self->disk);
  for (guint i = 0; i < self->n_clients; i++)
    sim_disk_mend (self->clients[i].disk);
}

static void
step_of_machines (Sim *self)
{
  SimClient *client = &self->clients[sim_chance_below (self->n_clients)];

  switch (sim_chance_below (8))
    {
    case 0:
      change_scope (self);
      break;
    case 1:
      change_definitions (self);
      break;
    case 2:
      sim_clock_pass ((gint64) sim_chance_below (600) * G_USEC_PER_SEC);
      client->clock += ((gint64) sim_chance_below (2000) - 1000) * G_TIME_SPAN_HOUR;
      if (sim_chance_of (20))
        self->clock += ((gint64) sim_chance_below (200) - 100) * G_TIME_SPAN_HOUR;
      break;
    case 3:
      sim_server_stop (self);
      sim_server_start (self);
      sim_bury (self);
      break;
    case 4:
      sim_client_stop (client);
      sim_bury (self);
      sim_client_start (client);
      break;
    default:
      strike (self);
    }
}

static void
step_of_person (SimClient *self)
{
  const guint luck = sim_chance_below (100);

  if (luck < 18)
    create (self);
  else if (luck < 50)
    change_one (self, "NOT deleted");
  else if (luck < 53)
    change_one (self, "deleted");
  else if (luck < 58)
    change_deleted (self, TRUE);
  else if (luck < 60)
    change_deleted (self, FALSE);
  else if (luck < 64)
    merge_subjects (self);
  else if (luck < 68)
    open_form (self);
  else if (luck < 76)
    save_open (self);
  else if (luck < 82)
    sim_resolve (self, FALSE);
  else
    sim_client_sync (self, NULL);
}

void
sim_step (Sim *self)
{
  SimClient *client = &self->clients[sim_chance_below (self->n_clients)];

  sim_clock_pass ((gint64) sim_chance_below (90) * G_USEC_PER_SEC);
  if (sim_chance_of (4))
    make_room (self);
  if (sim_chance_of (6))
    step_of_machines (self);
  else if (sim_chance_of (3))
    sim_deliver_late (self);
  else if (sim_chance_of (5))
    sim_server_settle (self);
  else if (sim_chance_of (20) && client->store != NULL)
    sim_client_sync (client, NULL);
  else if (client->store == NULL && !sim_client_start (client))
    sim_log (self, "%s stays off", client->login);
  else
    {
      sim_clock_use (&client->clock);
      step_of_person (client);
    }
  if (self->server == NULL && sim_chance_of (40))
    {
      sim_server_start (self);
      sim_bury (self);
    }
}

void
sim_work (SimClient *self)
{
  create (self);
  if (self->store != NULL)
    change_one (self, "NOT deleted");
  if (self->store != NULL)
    sim_resolve (self, FALSE);
}
