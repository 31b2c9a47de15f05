/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What must hold after every history, judged from the ledger, the stores, and what people were told: not by the code that merges,
 * acknowledges or pulls. */
#include "sim.h"

#include <string.h>

#include "server/xh-ledger.h"
#include "sim-ledger.h"

#define ROUNDS 12

/* --- edits */

static gboolean
count_text (XhStore *store, const char *sql, const char *text)
{
  sqlite3_stmt *statement;
  gboolean found = FALSE;

  if (sqlite3_prepare_v2 (xh_store_get_db (store), sql, -1, &statement, NULL) != SQLITE_OK)
    return FALSE;
  sqlite3_bind_text (statement, 1, text, -1, SQLITE_STATIC);
  found = sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_finalize (statement);
  return found;
}

/* Every edit that was called safe is in the ledger, in its outbox, or in its tray. */
void
sim_check_ops (Sim *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->ops);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const SimOp *op = value;
      XhStore *store = self->clients[op->client].store;
      const gboolean accepted = count_text (self->admin->store, "SELECT 1 FROM ledger WHERE op = ?1", op->id);
      const gboolean waits = count_text (store, "SELECT 1 FROM outbox WHERE op_id = ?1", op->id);
      const gboolean filed = count_text (store, "SELECT 1 FROM tray WHERE op_id = ?1", op->id);

      if (!accepted && !waits && !filed && !op->settled && (self->at_rest || !op->undone))
        sim_violation (self, "op %s of %s on %s %s is lost", op->id, self->clients[op->client].login, op->kind, op->record);
      if (filed && (accepted || waits))
        sim_violation (self, "op %s is in the tray and %s", op->id, accepted ? "in the ledger" : "in the outbox");
    }
}

/* --- stores */

static gboolean
lies_within (const char *division, const char *place)
{
  gsize length;

  /* Townships have nine digits, villages twelve. */
  if (strcmp (place + 6, "000000") == 0)
    length = 6;
  else if (strcmp (place + 9, "000") == 0)
    length = 9;
  else
    length = 12;
  return division != NULL && strncmp (division, place, length) == 0;
}

static gboolean
is_in_scope (const SimClient *client, const XhRecord *record)
{
  const XhProfile *profile = client->desk->profile;

  return strcmp (profile->role, "office") == 0 || lies_within (record->division, profile->division);
}

static GPtrArray *
list_ids (XhStore *store)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement;

  sqlite3_prepare_v2 (xh_store_get_db (store), "SELECT id FROM record ORDER BY id", -1, &statement, NULL);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_ptr_array_add (ids, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
  sqlite3_finalize (statement);
  return ids;
}

static gboolean
is_under_way (SimClient *client, const char *id)
{
  return count_text (client->store, "SELECT 1 FROM outbox WHERE record = ?1 UNION SELECT 1 FROM tray WHERE record = ?1", id);
}

static void
compare_rows (SimClient *client, const XhRecord *ours, const XhRecord *theirs)
{
  const char *role = client->desk->profile->role;

  if (ours->version != theirs->version || ours->deleted != theirs->deleted || g_strcmp0 (ours->state, theirs->state) != 0
      || g_strcmp0 (ours->division, theirs->division) != 0 || g_strcmp0 (ours->unit, theirs->unit) != 0)
    sim_violation (client->sim, "%s %s of %s: version %" G_GINT64_FORMAT " is %" G_GINT64_FORMAT " here, state %s is %s, division %s is %s, deleted %d is %d",
                   theirs->kind->name, theirs->id, client->login, theirs->version, ours->version, theirs->state, ours->state,
                   theirs->division, ours->division, theirs->deleted, ours->deleted);
  for (guint i = 0; i < theirs->kind->fields->len; i++)
    {
      const XhField *field = theirs->kind->fields->pdata[i];
      const XhValue *here = xh_record_get (ours, field->name);

      if (!xh_kind_may (theirs->kind, field->read_roles, role))
        {
          if (here != NULL && !xh_value_is_null (here))
            sim_violation (client->sim, "%s %s of %s: %s is not for %s", theirs->kind->name, theirs->id, client->login, field->name, role);
        }
      else if (here == NULL || !xh_value_equal (here, &theirs->values[i]))
        {
          g_autoptr (JsonNode) a = here != NULL ? xh_value_to_json (here) : NULL, b = xh_value_to_json (&theirs->values[i]);
          g_autofree char *mine = a != NULL ? json_to_string (a, FALSE) : NULL, *right = json_to_string (b, FALSE);

          sim_violation (client->sim, "%s %s of %s: %s is %s, here %s", theirs->kind->name, theirs->id, client->login, field->name, right, mine);
        }
    }
}

static void
compare_record (SimClient *client, const char *id)
{
  g_autoptr (XhRecord) theirs = xh_store_load (client->sim->admin->store, id, NULL), ours = xh_store_load (client->store, id, NULL);

  if (is_under_way (client, id))
    return;
  if (theirs != NULL && !theirs->deleted && is_in_scope (client, theirs))
    {
      if (ours == NULL)
        sim_violation (client->sim, "%s %s, version %" G_GINT64_FORMAT ", is not at %s", theirs->kind->name, id, theirs->version, client->login);
      else
        compare_rows (client, ours, theirs);
    }
  else if (ours != NULL && !ours->deleted)
    sim_violation (client->sim, "%s %s is at %s, which %s", ours->kind->name, id, client->login,
                   theirs == NULL ? "the server does not know" : theirs->deleted ? "is deleted" : "lies elsewhere");
}

static void
compare_stores (SimClient *client)
{
  g_autoptr (GPtrArray) theirs = list_ids (client->sim->admin->store), ours = list_ids (client->store);
  g_autoptr (GHashTable) all = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer id;

  for (guint i = 0; i < theirs->len; i++)
    g_hash_table_add (all, theirs->pdata[i]);
  for (guint i = 0; i < ours->len; i++)
    g_hash_table_add (all, ours->pdata[i]);
  g_hash_table_iter_init (&iter, all);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    compare_record (client, id);
}

static void
check_database (Sim *self, const char *whose, XhStore *store)
{
  sqlite3_stmt *statement;

  sqlite3_prepare_v2 (xh_store_get_db (store), "PRAGMA quick_check", -1, &statement, NULL);
  if (sqlite3_step (statement) != SQLITE_ROW || strcmp ((const char *) sqlite3_column_text (statement, 0), "ok") != 0)
    sim_violation (self, "the database of %s is damaged", whose);
  sqlite3_finalize (statement);
  sqlite3_prepare_v2 (xh_store_get_db (store),
                      "SELECT 1 FROM state_count c WHERE n <> (SELECT count(*) FROM record r WHERE r.kind = c.kind AND r.state = c.state AND NOT r.deleted)",
                      -1, &statement, NULL);
  if (sqlite3_step (statement) == SQLITE_ROW)
    sim_violation (self, "the counts of %s are wrong", whose);
  sqlite3_finalize (statement);
}

/* --- coming to rest */

static void
start_all (Sim *self)
{
  self->calm = TRUE;
  sim_bury (self);
  sim_disk_mend (self->disk);
  for (guint i = 0; i < self->n_clients; i++)
    sim_disk_mend (self->clients[i].disk);
  while (self->delayed->len > 0)
    sim_deliver_late (self);
  if (!sim_server_start (self))
    sim_violation (self, "the server does not start again");
  for (guint i = 0; i < self->n_clients && self->server != NULL; i++)
    if (!sim_client_start (&self->clients[i]))
      sim_violation (self, "%s does not start again", self->clients[i].login);
}

/* TRUE: it was a good round, and nothing is left to send but what the server holds. */
static gboolean
sync_well (SimClient *client, char **fault)
{
  g_autoptr (GError) error = NULL;

  for (guint tries = 0; tries < 5; tries++)
    {
      g_clear_error (&error);
      sim_clock_pass (400 * G_USEC_PER_SEC);
      if (sim_client_sync (client, &error) && !client->round.catalog_changed)
        return TRUE;
      if (client->differs)
        sim_start_anew (client);
    }
  *fault = g_strdup (error != NULL ? error->message : "the definitions change again and again");
  return FALSE;
}

static void
settle (Sim *self, gboolean resolve)
{
  for (guint round = 0; round < ROUNDS; round++, sim_server_settle (self))
    for (guint i = 0; i < self->n_clients; i++)
      {
        SimClient *client = &self->clients[i];
        g_autofree char *fault = NULL;

        if (!sync_well (client, &fault))
          {
            sim_violation (self, "%s cannot synchronise: %s", client->login, fault);
            return;
          }
        if (resolve && round < ROUNDS - 3)
          sim_resolve (client, round > 3);
        if (!resolve && round == 3 && i == self->n_clients - 1)
          return;
      }
}

static void
check_all (Sim *self)
{
  g_autoptr (GError) error = NULL;
  guint64 n;

  sim_clock_use (&self->clock);
  sim_check_ops (self);
  if (!xh_ledger_verify (self->admin, &n, &error))
    sim_violation (self, "the ledger: %s", error->message);
  sim_check_ledger (self);
  check_database (self, "the server", self->admin->store);
  for (guint i = 0; i < self->n_clients; i++)
    {
      check_database (self, self->clients[i].login, self->clients[i].store);
      compare_stores (&self->clients[i]);
    }
}

/* Nothing may wait for ever once every item of the trays is decided. */
static void
check_rest (SimClient *client)
{
  g_autoptr (GPtrArray) ops = xh_store_outbox (client->store, 0, NULL);

  if (xh_store_tray_count (client->store) > 0)
    sim_violation (client->sim, "the tray of %s does not become empty", client->login);
  for (guint i = 0; i < ops->len; i++)
    {
      const XhOp *op = ops->pdata[i];

      sim_violation (client->sim, "op %s of %s on %s %s waits for ever: %s", op->op_id, client->login, op->kind, op->record, op->set);
    }
}

void
sim_judge (Sim *self)
{
  sim_log (self, "--- the end");
  start_all (self);
  if (self->faults->len > 0)
    return;
  sim_check_ops (self);
  settle (self, FALSE);
  self->at_rest = TRUE;
  if (self->faults->len == 0)
    check_all (self);
  if (self->faults->len > 0)
    return;
  sim_log (self, "--- all trays are decided");
  settle (self, TRUE);
  check_all (self);
  for (guint i = 0; i < self->n_clients; i++)
    {
      check_rest (&self->clients[i]);
      sim_fetch_files (&self->clients[i], TRUE);
    }
  sim_check_news (self);
}
