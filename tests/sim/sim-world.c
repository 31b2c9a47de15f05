/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim.h"

#include <glib/gstdio.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "server/xh-accounts.h"
#include "server/xh-ledger.h"
#include "server/xh-settle.h"
#include "server/xh-signers.h"
#include "sync/xh-signer.h"

#define PATTERN "/pattern/"
#define MOVED_LEAST 12 /* entries after which a newer snapshot is made */

static const struct { const char *login, *role, *division; } people[SIM_CLIENTS] = {
  { "anna", "assessor", "410421100000" },
  { "olga", "office", NULL },
  { "otto", "assessor", "410421101000" },
  { "bert", "assessor", "410421100000" },
};

static XhCatalog *catalogs[2];

void
sim_violation (Sim *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (self->faults, format, args);
  va_end (args);
  g_string_append_c (self->faults, '\n');
}

void
sim_log (Sim *self, const char *format, ...)
{
  va_list args;

  if (self->log == NULL)
    return;
  va_start (args, format);
  g_string_append_vprintf (self->log, format, args);
  va_end (args);
  g_string_append_c (self->log, '\n');
}

void
sim_op_free (gpointer data)
{
  SimOp *op = data;

  g_free (op->id);
  g_free (op->kind);
  g_free (op->record);
  json_object_unref (op->set);
  g_clear_pointer (&op->seen, json_object_unref);
  g_free (op);
}

/* --- what every history begins with */

static void
copy_folder (const char *from, const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  g_mkdir_with_parents (to, 0700);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL), *target = g_build_filename (to, name, NULL), *text = NULL;
      gsize length;

      if (g_file_test (source, G_FILE_TEST_IS_DIR))
        copy_folder (source, target);
      else if (g_file_get_contents (source, &text, &length, NULL))
        g_file_set_contents (target, text, (gssize) length, NULL);
    }
}

static void
load_catalogs (const char *folder)
{
  g_autofree char *base = g_build_filename (g_getenv ("XH_SIM_CATALOG"), "catalog", NULL), *later = g_build_filename (folder, "later", NULL);
  g_autofree char *changed = g_build_filename (g_getenv ("XH_SIM_CATALOG"), "later", NULL), *kinds = g_build_filename (later, "kinds", NULL);
  g_autoptr (GError) error = NULL;

  copy_folder (base, later);
  copy_folder (changed, kinds);
  catalogs[0] = xh_catalog_load_folder (base, &error);
  g_assert_no_error (error);
  catalogs[1] = xh_catalog_load_folder (later, &error);
  g_assert_no_error (error);
}

/* The data folder's database is looked for among the files before it is opened. */
static void
make_data (const char *data)
{
  g_autofree char *path = g_build_filename (data, "xinheng.db", NULL);

  g_mkdir_with_parents (data, 0700);
  g_file_set_contents (path, "", 0, NULL);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      if (g_file_test (inside, G_FILE_TEST_IS_DIR))
        remove_folder (inside);
      else
        g_unlink (inside);
    }
  g_rmdir (path);
}

static const char *
folder (void)
{
  static char *path;

  if (path == NULL)
    path = g_dir_make_tmp ("xh-sim-XXXXXX", NULL);
  return path;
}

static char *
place (const char *name)
{
  return g_strconcat (folder (), name, NULL);
}

void
sim_prepare (void)
{
  g_autofree char *pattern = place (PATTERN), *client = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhBackend) backend = NULL;
  g_autoptr (XhStore) store = NULL;

  load_catalogs (folder ());
  make_data (pattern);
  sim_disk_new (pattern);
  backend = xh_backend_open (pattern, catalogs[0], FALSE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < SIM_CLIENTS; i++)
    {
      const XhAccount account = { (char *) people[i].login, (char *) people[i].login, (char *) people[i].role, (char *) people[i].division, NULL };

      xh_accounts_add (backend, &account, "a long password", &error);
      g_assert_no_error (error);
    }
  client = g_strconcat (pattern, "store.db", NULL);
  store = xh_store_open (client, catalogs[0], XH_STORE_CLIENT, &error);
  g_assert_no_error (error);
}

void
sim_clean (void)
{
  remove_folder (folder ());
}

/* --- the server */

gboolean
sim_server_start (Sim *self)
{
  g_autoptr (GError) error = NULL;

  if (self->server != NULL)
    return TRUE;
  sim_clock_use (&self->clock);
  self->server = xh_server_new_here (self->data, self->catalogs[self->serves], &error);
  if (self->server != NULL)
    {
      self->server->snapshots = xh_snapshots_new_here (self->data, self->catalogs[self->serves], self->fewest_rows, MOVED_LEAST);
      self->admin = xh_backend_open (self->data, self->catalogs[self->serves], FALSE, &error);
    }
  if (self->admin != NULL)
    return TRUE;
  sim_log (self, "server does not start: %s", error->message);
  sim_server_stop (self);
  return FALSE;
}

void
sim_server_stop (Sim *self)
{
  g_clear_pointer (&self->admin, xh_backend_close);
  g_clear_pointer (&self->server, xh_server_free);
}

static gboolean
settle_some (Sim *self, gint64 *number, GError **error)
{
  g_autoptr (XhStale) stale = xh_stale_new (self->admin->catalog, XH_STALE_ALL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) rids = NULL;
  guint64 n = 0;

  if (!xh_settle_read (self->admin, stale, number, 100, &rids, error))
    return FALSE;
  for (guint i = 0; i < rids->len; i++)
    {
      char *id = NULL;

      if (!xh_settle_judge (self->admin, g_array_index (rids, gint64, i), &id, error))
        return FALSE;
      if (id != NULL)
        g_ptr_array_add (ids, id);
    }
  if (!xh_store_begin (self->admin->store, error))
    return FALSE;
  if (xh_settle_take (self->admin, ids, &n, error) && xh_settle_set_number (self->admin, *number, error)
      && xh_store_commit (self->admin->store, error))
    return TRUE;
  xh_store_rollback (self->admin->store);
  return FALSE;
}

void
sim_server_settle (Sim *self)
{
  g_autoptr (GError) error = NULL;
  gint64 number, head = 0;

  if (self->server == NULL)
    return;
  sim_clock_use (&self->clock);
  number = xh_settle_get_number (self->admin);
  while (xh_ledger_head (self->admin, &head, NULL, &error) && number < head && settle_some (self, &number, &error))
    ;
  sim_log (self, "server settles: %s", error != NULL ? error->message : "well");
  sim_bury_server (self);
}

void
sim_bury_server (Sim *self)
{
  if (!sim_disk_is_dead (self->disk))
    return;
  sim_log (self, "server died");
  sim_server_stop (self);
  sim_disk_mend (self->disk);
}

void
sim_bury (Sim *self)
{
  sim_bury_server (self);
  for (guint i = 0; i < self->n_clients; i++)
    if (sim_disk_is_dead (self->clients[i].disk))
      {
        sim_log (self, "%s died", self->clients[i].login);
        sim_client_stop (&self->clients[i]);
        sim_disk_mend (self->clients[i].disk);
      }
}

/* --- clients */

void
sim_client_stop (SimClient *self)
{
  if (self->store != NULL)
    xh_round_clear (&self->round);
  memset (&self->round, 0, sizeof self->round);
  g_clear_pointer (&self->client, xh_client_free);
  g_clear_pointer (&self->store, xh_store_close);
  g_hash_table_remove_all (self->forms);
  g_ptr_array_set_size (self->open, 0);
  g_hash_table_remove_all (self->old_forms);
  sim_news_forget (self);
}

/* What a sign-in tells besides: the key that signs work which is carried by hand. */
static void
tell_key (SimClient *self)
{
  g_autoptr (XhSigner) signer = xh_signer_new ();

  if (xh_signers_add (self->sim->admin, self->login, self->desk->device, xh_signer_public (signer), NULL))
    xh_signer_keep (signer, self->desk->folder, NULL);
}

/* By the command line of the server, since hashing a password takes longer than a history. */
static char *
open_session (SimClient *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhAccount) account = NULL;
  XhDesk *desk = self->desk;
  char *token;

  if (self->sim->server == NULL)
    return NULL;
  sim_clock_use (&self->sim->clock);
  account = xh_accounts_find (self->sim->admin, self->login, &error);
  token = account != NULL ? xh_sessions_open (self->sim->admin, self->login, desk->device, &error) : NULL;
  if (token != NULL)
    tell_key (self);
  sim_clock_use (&self->clock);
  sim_bury (self->sim);
  if (token == NULL)
    return NULL;
  g_clear_pointer (&desk->profile, xh_profile_free);
  desk->profile = g_new0 (XhProfile, 1);
  desk->profile->login = g_strdup (account->login);
  desk->profile->name = g_strdup (account->name);
  desk->profile->role = g_strdup (account->role);
  desk->profile->division = g_strdup (account->division);
  desk->profile->unit = g_strdup (account->unit);
  return token;
}

static void
take_token (SimClient *self, const char *token)
{
  xh_client_set_token (self->client, token);
  xh_store_meta_set (self->store, "token", token, NULL);
}

gboolean
sim_client_start (SimClient *self)
{
  g_autofree char *token = NULL, *kept = NULL;
  g_autoptr (GError) error = NULL;

  if (self->store != NULL)
    return TRUE;
  token = open_session (self);
  if (self->desk->profile == NULL)
    return FALSE;
  if (token != NULL)
    self->desk->catalog = self->sim->catalogs[self->sim->serves];
  sim_clock_use (&self->clock);
  self->store = xh_store_open (self->path, self->desk->catalog, XH_STORE_CLIENT, &error);
  if (self->store == NULL)
    {
      sim_log (self->sim, "%s does not start: %s", self->login, error->message);
      sim_bury (self->sim);
      return FALSE;
    }
  self->client = xh_client_new_over (sim_transport_new (self), self->desk->device);
  xh_round_init (&self->round, self->desk, self->store, self->client);
  if (token != NULL)
    take_token (self, token);
  else if ((kept = xh_store_meta_get (self->store, "token")) != NULL)
    xh_client_set_token (self->client, kept);
  sim_bury (self->sim);
  if (self->store == NULL)
    return FALSE;
  sim_take_ops (self, NULL, 0);
  return TRUE;
}

static void
sign_in_again (SimClient *self)
{
  g_autofree char *token = open_session (self);

  if (token == NULL || self->store == NULL)
    return;
  sim_log (self->sim, "%s signs in", self->login);
  take_token (self, token);
  sim_bury (self->sim);
}

gboolean
sim_client_sync (SimClient *self, GError **error)
{
  g_autofree char *before = NULL, *wish = NULL;
  GError *fault = NULL;
  gboolean done;

  sim_clock_use (&self->clock);
  before = self->sim->restores > 0 ? sim_fingerprint (self) : NULL;
  wish = xh_store_meta_get (self->store, "wish-anew");
  if (g_strcmp0 (wish, "1") == 0)
    sim_let_go (self);
  sim_news_begin_round (self);
  done = xh_round_run (&self->round, &fault);
  sim_log (self->sim, "%s syncs: %s", self->login, done ? "well" : fault->message);
  sim_bury (self->sim);
  if (self->store != NULL && g_error_matches (fault, XH_SYNC_ERROR, XH_SYNC_ERROR_DIFFERS))
    sim_notice (self, before != NULL ? before : "");
  sim_news_end_round (self, fault);
  if (done)
    self->stale = FALSE;
  if (self->store != NULL && self->round.catalog_changed)
    {
      sim_log (self->sim, "%s starts again for new definitions", self->login);
      sim_client_stop (self);
      sim_client_start (self);
    }
  else if (self->store != NULL && g_error_matches (fault, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN))
    sign_in_again (self);
  if (fault != NULL)
    g_propagate_error (error, fault);
  return done;
}

static void
client_init (SimClient *self, Sim *sim, guint index)
{
  g_autofree char *pattern = place (PATTERN "store.db");

  self->sim = sim;
  self->index = index;
  self->login = people[index].login;
  self->desk = g_new0 (XhDesk, 1);
  self->desk->folder = g_strdup_printf ("%s/client%u", sim->folder, index);
  g_mkdir_with_parents (self->desk->folder, 0700);
  self->path = xh_desk_store_path (self->desk);
  self->disk = sim_disk_new (self->path);
  self->forms = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->open = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_record_free);
  self->old_forms = g_hash_table_new (NULL, NULL);
  self->news = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->due = -1;
  self->desk->server = g_strdup ("http://127.0.0.1:1");
  self->desk->device = xh_uuid_v7_new ();
  sim_disk_copy (pattern, self->path);
  if (!sim_client_start (self))
    g_error ("a client does not start");
}

static void
client_clear (SimClient *self)
{
  sim_client_stop (self);
  self->desk->catalog = NULL;
  xh_desk_free (self->desk);
  g_hash_table_unref (self->forms);
  g_ptr_array_unref (self->open);
  g_hash_table_unref (self->old_forms);
  g_array_unref (self->news);
  g_free (self->path);
}

/* --- all of it */

Sim *
sim_new (guint64 seed, guint worker)
{
  Sim *self = g_new0 (Sim, 1);
  g_autofree char *pattern = place (PATTERN "xinheng.db"), *database = NULL;

  sim_chance_begin (seed);
  self->seed = seed;
  self->folder = g_strdup_printf ("%s/worker%u", folder (), worker);
  remove_folder (self->folder);
  self->data = g_build_filename (self->folder, "server", NULL);
  make_data (self->data);
  self->fewest_rows = 1 + sim_chance_below (5);
  sim_scopes_are_large = sim_chance_of (40);
  self->catalogs[0] = catalogs[0];
  self->catalogs[1] = catalogs[1];
  database = g_build_filename (self->data, "xinheng.db", NULL);
  self->disk = sim_disk_new (database);
  self->ops = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, sim_op_free);
  self->delayed = g_ptr_array_new_with_free_func (sim_late_free);
  self->faults = g_string_new (NULL);
  sim_disk_copy (pattern, database);
  if (!sim_server_start (self))
    g_error ("the server does not start");
  for (guint n = 2 + sim_chance_below (SIM_CLIENTS - 1); self->n_clients < n; self->n_clients++)
    client_init (&self->clients[self->n_clients], self, self->n_clients);
  return self;
}

void
sim_free (Sim *self)
{
  for (guint i = 0; i < self->n_clients; i++)
    client_clear (&self->clients[i]);
  sim_server_stop (self);
  g_ptr_array_unref (self->delayed);
  g_hash_table_unref (self->ops);
  g_string_free (self->faults, TRUE);
  if (self->log != NULL)
    g_string_free (self->log, TRUE);
  g_free (self->folder);
  g_free (self->data);
  g_free (self);
}
