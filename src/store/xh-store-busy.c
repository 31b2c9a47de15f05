/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who writes waits for who is writing. A page of rows or a piece of the search index is over in a moment; a whole store that is being taken over
 * (xh-store-adopt.c) may take longer than anybody's patience, and a save that comes meanwhile must not be refused for that. The waiting is
 * SQLite's own, at the lock: nothing of a job has happened by then, and nothing is done twice. */
#include "xh-store-private.h"

#define PATIENCE 10000 /* ms: another connection of ours is indexing or pulling */

static GMutex mutex;
static GHashTable *adopting; /* (mutex) file (owned): how many say so, as the next may have the lock before the last has said that it is done; a desk is
                              * held by one program, so all that write are in this process */

void
xh_store_set_adopting (XhStore *self, gboolean is_adopting)
{
  const char *path = sqlite3_db_filename (self->db, "main");
  guint n;

  g_mutex_lock (&mutex);
  if (adopting == NULL)
    adopting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (adopting, path)) + (is_adopting ? 1 : -1);
  if (n > 0)
    g_hash_table_insert (adopting, g_strdup (path), GUINT_TO_POINTER (n));
  else
    g_hash_table_remove (adopting, path);
  g_mutex_unlock (&mutex);
}

static gboolean
is_being_adopted (XhStore *self)
{
  gboolean is;

  g_mutex_lock (&mutex);
  is = adopting != NULL && g_hash_table_contains (adopting, sqlite3_db_filename (self->db, "main"));
  g_mutex_unlock (&mutex);
  return is;
}

/* Short naps first: most locks are gone in a millisecond. */
static int
wait_cb (void *data, int count)
{
  static const guint8 naps[] = { 1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50 };
  XhStore *self = data;
  const guint nap = count < (int) G_N_ELEMENTS (naps) ? naps[count] : 100;

  if (self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable))
    return 0;
  if (count == 0 || is_being_adopted (self))
    self->waited = 0;
  if (self->waited >= PATIENCE)
    return 0;
  self->waited += nap;
  sqlite3_sleep ((int) nap);
  return 1;
}

void
xh_store_busy_init (XhStore *self)
{
  sqlite3_busy_handler (self->db, wait_cb, self);
}
