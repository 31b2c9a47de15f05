/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-desk.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "xh-files.h"
#include "xh-signer.h"
#include "xh-snapshot-bring.h"
#include "xh-verifier-private.h"
#include "model/xh-identifiers.h"

#define CATALOG "catalog.json"
#define STORE "store.db"
#define DEVICE "device"

static gboolean
make_folder (const char *path, GError **error)
{
  return g_mkdir_with_parents (path, 0700) == 0 || xh_sync_fail_disk (path, errno, error);
}

/* One name for one account: the address without its last slashes, so that both ways of typing it are one desk. */
static char *
trim_server (const char *server)
{
  char *text = g_strstrip (g_strdup (server));

  while (g_str_has_suffix (text, "/"))
    text[strlen (text) - 1] = '\0';
  return text;
}

static char *
find_folder (const char *data_folder, const char *server, const char *login)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s", server, login);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);

  return g_build_filename (data_folder, "desks", hash, NULL);
}

/* The device's id is made once for the data folder. */
static char *
read_device (const char *data_folder, GError **error)
{
  g_autofree char *path = g_build_filename (data_folder, DEVICE, NULL);
  g_autofree char *text = NULL;

  if (g_file_get_contents (path, &text, NULL, NULL) && xh_uuid_is_valid (g_strstrip (text)))
    return g_steal_pointer (&text);
  g_free (text);
  text = xh_uuid_v7_new ();
  if (!xh_file_replace (data_folder, DEVICE, text, strlen (text), error))
    return NULL;
  return g_steal_pointer (&text);
}

static XhCatalog *
load_kept_catalog (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, CATALOG, NULL);
  g_autoptr (GError) fault = NULL;
  g_autoptr (GBytes) bundle = NULL;
  XhCatalog *catalog;
  char *data;
  gsize length;

  if (g_file_get_contents (path, &data, &length, &fault))
    {
      bundle = g_bytes_new_take (data, length);
      catalog = xh_catalog_load_bundle (bundle, &fault);
      if (catalog != NULL)
        return catalog;
    }
  if (g_error_matches (fault, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL,
                           _("Nothing is kept on this computer yet: sign in once with a connection to the server."));
      return NULL;
    }
  g_message ("%s: %s", path, fault->message);
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL,
                       _("The registers' definitions kept on this computer do not fit this version of the program. Sign in once with a connection to the "
                         "server: it sends the right ones. Nothing that was entered is lost."));
  return NULL;
}

static XhCatalog *
load_new_catalog (XhDesk *desk, GBytes *bundle, GError **error)
{
  g_autoptr (GError) fault = NULL;
  XhCatalog *catalog = xh_catalog_load_bundle (bundle, &fault);

  if (catalog == NULL)
    {
      g_message ("The server's catalog: %s", fault->message); /* for who looks after the server: file, path and reason */
      g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL,
                           _("This program and the server are of different versions: it does not know all that the server's registers are defined by. "
                             "Install the version that the server has, or ask the office to bring the server up to date. Nothing on this computer was "
                             "changed."));
      return NULL;
    }
  if (!xh_file_replace (desk->folder, CATALOG, g_bytes_get_data (bundle, NULL), g_bytes_get_size (bundle), error))
    g_clear_pointer (&catalog, xh_catalog_unref);
  return catalog;
}

/* The server's catalog where it has another one. What is kept will do if the line breaks just now. */
static gboolean
open_catalog (XhDesk *desk, XhClient *client, GCancellable *c, GError **error)
{
  g_autoptr (XhCatalog) kept = load_kept_catalog (desk->folder, NULL);
  g_autoptr (GError) fault = NULL;
  g_autoptr (GBytes) bundle = xh_client_catalog (client, kept != NULL ? xh_catalog_get_hash (kept) : NULL, c, &fault);

  if (bundle != NULL)
    desk->catalog = load_new_catalog (desk, bundle, &fault);
  if (desk->catalog != NULL)
    return TRUE;
  if (kept == NULL || g_error_matches (fault, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  if (fault != NULL)
    g_message ("%s", fault->message);
  desk->catalog = g_steal_pointer (&kept);
  return TRUE;
}

/* The store's own note of the last round; an account that opens its first day has none. */
static char *
read_last_contact (XhDesk *desk)
{
  g_autofree char *path = xh_desk_store_path (desk);
  g_autoptr (XhStore) store = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    store = xh_store_open (path, desk->catalog, XH_STORE_CLIENT | XH_STORE_READ_ONLY, NULL);
  return store != NULL ? xh_store_meta_get (store, "last-contact") : NULL;
}

static gboolean
open_online (XhDesk *desk, XhClient *client, XhSigner *signer, const char *password, GCancellable *c, GError **error)
{
  xh_client_set_token (client, desk->profile->token);
  if (!make_folder (desk->folder, error) || !xh_signer_keep (signer, desk->folder, error) || !open_catalog (desk, client, c, error))
    return FALSE;
  return xh_verifier_write (desk->folder, desk->server, desk->profile, password, error);
}

static gboolean
open_offline (XhDesk *desk, const char *password, GError **error)
{
  desk->profile = xh_verifier_check (desk->folder, password, g_get_real_time () / G_USEC_PER_SEC, error);
  if (desk->profile == NULL)
    return FALSE;
  desk->offline = TRUE;
  desk->catalog = load_kept_catalog (desk->folder, error);
  return desk->catalog != NULL;
}

/* Whether the server had no say: then this computer decides. */
static gboolean
is_out_of_reach (const GError *error)
{
  return g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE)
         || g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_SERVER)
         || g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL);
}

static gboolean
open_without_server (XhDesk *desk, const char *password, GError *cause, GError **error)
{
  g_autoptr (GError) fault = NULL;

  if (is_out_of_reach (cause))
    {
      if (open_offline (desk, password, &fault))
        {
          g_error_free (cause);
          return TRUE;
        }
      /* A server that fails is the better reason where nobody has signed in here before. */
      if (!g_error_matches (fault, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE)
          || g_error_matches (cause, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE))
        {
          g_error_free (cause);
          g_propagate_error (error, g_steal_pointer (&fault));
          return FALSE;
        }
    }
  else if (g_error_matches (cause, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN))
    xh_verifier_forget (desk->folder, password);
  g_propagate_error (error, cause);
  return FALSE;
}

static gboolean
open_desk (XhDesk *desk, const char *login, const char *password, GCancellable *c, GError **error)
{
  g_autoptr (XhClient) client = xh_client_new (desk->server, desk->device);
  g_autoptr (XhSigner) signer = xh_signer_new ();
  GError *cause = NULL;

  xh_client_set_key (client, xh_signer_public (signer));
  desk->profile = xh_client_sign_in (client, login, password, c, &cause);
  if (desk->profile != NULL)
    return open_online (desk, client, signer, password, c, error);
  return open_without_server (desk, password, cause, error);
}

static XhDesk *
new_desk (const char *data_folder, const char *server, const char *login, GError **error)
{
  g_autoptr (XhDesk) desk = g_new0 (XhDesk, 1);

  desk->server = trim_server (server);
  desk->folder = find_folder (data_folder, desk->server, login);
  if (!make_folder (data_folder, error))
    return NULL;
  desk->device = read_device (data_folder, error);
  return desk->device != NULL ? g_steal_pointer (&desk) : NULL;
}

static gboolean
sign_in (XhDesk *desk, const char *login, const char *password, GCancellable *c, GError **error)
{
  if (!open_desk (desk, login, password, c, error))
    return FALSE;
  desk->last_contact = read_last_contact (desk);
  return TRUE;
}

XhDesk *
xh_desk_sign_in (const char *data_folder, const char *server, const char *login, const char *password, GCancellable *c, GError **error)
{
  g_autoptr (XhDesk) desk = new_desk (data_folder, server, login, error);

  return desk != NULL && sign_in (desk, login, password, c, error) ? g_steal_pointer (&desk) : NULL;
}

/* A login that was never let in leaves no folder behind. */
static void
forget_folder (XhDesk *desk)
{
  g_autofree char *lock = g_build_filename (desk->folder, "lock", NULL);

  xh_desk_let_go (desk);
  g_unlink (lock);
  g_rmdir (desk->folder);
}

XhDesk *
xh_desk_open (const char *data_folder, const char *server, const char *login, const char *password, GCancellable *c, GError **error)
{
  g_autoptr (XhDesk) desk = new_desk (data_folder, server, login, error);
  gboolean is_new;

  if (desk == NULL)
    return NULL;
  is_new = !g_file_test (desk->folder, G_FILE_TEST_EXISTS);
  if (!make_folder (desk->folder, error))
    return NULL;
  desk->lock = xh_desk_lock_take (desk->folder, error);
  if (desk->lock == NULL)
    return NULL;
  if (sign_in (desk, login, password, c, error))
    return g_steal_pointer (&desk);
  if (is_new)
    forget_folder (desk);
  return NULL;
}

void
xh_desk_let_go (XhDesk *desk)
{
  g_clear_pointer (&desk->lock, xh_desk_lock_free);
}

char *
xh_desk_store_path (XhDesk *desk)
{
  return g_build_filename (desk->folder, STORE, NULL);
}

XhFiles *
xh_desk_files_new (XhDesk *desk)
{
  g_autofree char *folder = g_build_filename (desk->folder, "files", NULL);

  return xh_files_new (folder);
}

void
xh_desk_clean (XhDesk *desk)
{
  g_autofree char *path = xh_desk_store_path (desk);
  g_autoptr (XhFiles) files = xh_desk_files_new (desk);
  g_autoptr (GError) error = NULL;
  g_autoptr (XhStore) store = NULL;

  xh_snapshot_clean (desk);
  /* Without a store nobody knows what is still needed. */
  if (!xh_files_is_used (files))
    return;
  store = xh_store_open (path, desk->catalog, XH_STORE_CLIENT | XH_STORE_READ_ONLY, &error);
  if (store == NULL || !xh_files_clean (files, store, &error))
    g_warning ("What attachments left behind stays: %s", error->message);
}

gboolean
xh_desk_keep_catalog (XhDesk *desk, GBytes *bundle, GError **error)
{
  g_autoptr (XhCatalog) catalog = load_new_catalog (desk, bundle, error);

  return catalog != NULL;
}

void
xh_desk_free (XhDesk *desk)
{
  if (desk == NULL)
    return;
  g_free (desk->folder);
  g_free (desk->server);
  g_free (desk->device);
  g_free (desk->last_contact);
  g_clear_pointer (&desk->profile, xh_profile_free);
  g_clear_pointer (&desk->catalog, xh_catalog_unref);
  xh_desk_let_go (desk);
  g_free (desk);
}
