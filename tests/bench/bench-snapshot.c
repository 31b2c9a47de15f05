/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The first synchronisation against a real server process. The floor of the same run: the same bytes by plain HTTP into a file, and the same
 * database copied by SQLite's backup into a new file. */
#include "bench-server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sync/xh-snapshot-file.h"
#include "store/xh-store-adopt.h"

/* Households that make about as many records, with consents, ratings and what a county has besides. */
#define HOUSEHOLDS_10K  2300
#define HOUSEHOLDS_100K 26500
#define HOUSEHOLDS_1M   268000

typedef struct
{
  BenchServer server;
  char *folder;      /* (owned) */
  double cold;       /* seconds until the server had made the file */
  double download, copy; /* the floor */
  gint64 bytes, size;
} Place;

static gboolean
write_cb (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  return fwrite (bytes, 1, length, data) == length;
}

static guint
download (XhDesk *desk, const char *url, const char *path)
{
  g_autoptr (XhClient) client = xh_client_new (url, "bench");
  FILE *file = fopen (path, "wb");
  g_auto (XhRequest) request = { .method = "GET", .path = "/v1/snapshot", .limit = G_MAXSIZE, .sink = write_cb, .sink_data = file };
  g_auto (XhReply) reply = { 0 };
  g_autoptr (GError) error = NULL;

  xh_client_set_token (client, desk->profile->token);
  if (!xh_client_send (client, &request, &reply, NULL, &error))
    g_error ("%s", error->message);
  fclose (file);
  return reply.status;
}

static void
unpack (const char *packed, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhSnapshotReader) reader = xh_snapshot_reader_new (path, &error);
  g_autoptr (GMappedFile) file = g_mapped_file_new (packed, FALSE, &error);

  if (!xh_snapshot_reader_feed (reader, (const guint8 *) g_mapped_file_get_contents (file), g_mapped_file_get_length (file), &error)
      || !xh_snapshot_reader_finish (reader, &error))
    g_error ("%s", error->message);
}

static double
copy_plainly (const char *from, const char *to)
{
  sqlite3 *source, *target;
  sqlite3_backup *backup;
  double start;

  remove (to);
  sqlite3_open (from, &source);
  sqlite3_open (to, &target);
  start = bench_seconds ();
  backup = sqlite3_backup_init (target, "main", source, "main");
  if (sqlite3_backup_step (backup, -1) != SQLITE_DONE || sqlite3_backup_finish (backup) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (target));
  start = bench_seconds () - start;
  sqlite3_close (target);
  sqlite3_close (source);
  remove (to);
  return start;
}

static gint64
size_of (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 ? status.st_size : 0;
}

static void
place_init (Place *self, guint households)
{
  g_autofree char *data = bench_server_data (households), *snapshots = g_build_filename (data, "snapshots", NULL);
  const char *forget[] = { "/bin/rm", "-rf", snapshots, NULL };

  bench_run (forget);
  self->folder = g_build_filename (g_getenv ("BENCH_DATA"), "desk", NULL);
  {
    const char *clear[] = { "/bin/rm", "-rf", self->folder, NULL };

    bench_run (clear);
  }
  g_mkdir_with_parents (self->folder, 0700);
  bench_server_start (&self->server, data);
}

static void
place_clear (Place *self)
{
  const char *clear[] = { "/bin/rm", "-rf", self->folder, NULL };

  bench_server_stop (&self->server);
  bench_run (clear);
  g_free (self->folder);
}

/* Until the file is there, then once more for the floor: what the server sends is in its memory by then. */
static void
measure_floor (Place *self)
{
  g_autofree char *folder = g_build_filename (self->folder, "floor", NULL), *packed = g_build_filename (self->folder, "packed", NULL);
  g_autofree char *plain = g_build_filename (self->folder, "plain.db", NULL), *copy = g_build_filename (self->folder, "copy.db", NULL);
  g_autoptr (XhDesk) desk = bench_sign_in (&self->server, folder, "office");
  double start = bench_seconds ();

  while (download (desk, self->server.url, packed) == 202)
    g_usleep (10000);
  self->cold = bench_seconds () - start;
  start = bench_seconds ();
  download (desk, self->server.url, packed);
  self->download = bench_seconds () - start;
  unpack (packed, plain);
  self->bytes = size_of (packed);
  self->size = size_of (plain);
  self->copy = copy_plainly (plain, copy);
  remove (plain);
  remove (packed);
}

typedef struct
{
  XhDesk *desk;
  XhStore *store;
  XhClient *client;
} Person;

static void
person_init (Person *self, const Place *place, const char *name)
{
  g_autofree char *folder = g_build_filename (place->folder, name, NULL), *path = NULL;
  g_autoptr (GError) error = NULL;

  self->desk = bench_sign_in (&place->server, folder, "office");
  path = xh_desk_store_path (self->desk);
  self->store = xh_store_open (path, self->desk->catalog, XH_STORE_CLIENT, &error);
  if (self->store == NULL)
    g_error ("%s", error->message);
  self->client = xh_client_new (place->server.url, "bench");
  xh_client_set_token (self->client, self->desk->profile->token);
}

static void
person_clear (Person *self)
{
  g_clear_pointer (&self->store, xh_store_close);
  g_clear_pointer (&self->client, xh_client_free);
  g_clear_pointer (&self->desk, xh_desk_free);
}

static double
meet (Person *self)
{
  g_autoptr (GError) error = NULL;
  const double start = bench_seconds ();

  if (!xh_engine_run_once (self->desk, self->store, self->client, NULL, NULL, &error))
    g_error ("%s", error->message);
  return bench_seconds () - start;
}

static void
report_first_sync (const char *name, guint households, guint times)
{
  Place place = { 0 };
  g_autofree double *seconds = g_new (double, times);
  double checkpoint = 0;
  gint64 n = 0;

  place_init (&place, households);
  measure_floor (&place);
  for (guint i = 0; i < times; i++)
    {
      Person person;
      double start;

      person_init (&person, &place, "person");
      seconds[i] = meet (&person);
      n = bench_count (xh_store_get_db (person.store), "SELECT count(*) FROM record");
      start = bench_seconds ();
      xh_store_checkpoint (person.store, NULL);
      checkpoint = bench_seconds () - start;
      person_clear (&person);
      {
        g_autofree char *folder = g_build_filename (place.folder, "person", NULL);
        const char *clear[] = { "/bin/rm", "-rf", folder, NULL };

        bench_run (clear);
      }
    }
  {
    g_autofree char *more = g_strdup_printf ("\"cold_build\":%.3g,\"download\":%.3g,\"copy\":%.3g,\"packed_mb\":%.4g,\"store_mb\":%.4g,"
                                             "\"log_to_file_afterwards\":%.3g",
                                             place.cold, place.download, place.copy, place.bytes / 1e6, place.size / 1e6, checkpoint);

    bench_report (name, bench_percentile (seconds, times, 0.5), "s", n, place.download + place.copy,
                  "the same bytes by plain HTTP and the same database by SQLite's backup", more);
  }
  place_clear (&place);
}

void
bench_first_sync_100k (void)
{
  report_first_sync ("first-sync-100k", HOUSEHOLDS_100K, 5);
}

void
bench_first_sync_1m (void)
{
  report_first_sync ("first-sync-1m", HOUSEHOLDS_1M, 1);
}

/* --- reading meanwhile */

typedef struct
{
  char *path;          /* (owned) */
  XhCatalog *catalog;
  gint stop;
  gint checkpointing;  /* the log is being brought into the file */
  GArray *samples;     /* (owned) of double, ms */
  double during, first, after; /* ms: the longest while rows come, the first that saw them, the longest while the log is brought in */
} Reading;

/* What the window asks on its own thread or waits for: a record with its row number, and the first screen of a list. */
static void
read_once (XhStore *store, const XhQuery *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rids = xh_store_query_rids (store, query, 50, &error);
  g_autoptr (XhRecord) record = NULL;

  if (rids == NULL)
    g_error ("%s", error->message);
  if (rids->len > 0)
    record = xh_store_load_rid (store, g_array_index (rids, gint64, 0), NULL);
}

static gpointer
read_thread (gpointer data)
{
  Reading *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhStore) store = xh_store_open (self->path, self->catalog, XH_STORE_CLIENT | XH_STORE_READ_ONLY, &error);
  g_autoptr (XhQuery) query = xh_query_new (xh_catalog_find_kind (self->catalog, "household"));
  gint64 epoch;

  if (store == NULL)
    g_error ("%s", error->message);
  read_once (store, query);
  epoch = xh_store_get_epoch (store);
  while (!g_atomic_int_get (&self->stop))
    {
      const gboolean checkpointing = g_atomic_int_get (&self->checkpointing);
      double start = bench_seconds (), ms;
      gint64 now;

      read_once (store, query);
      ms = (bench_seconds () - start) * 1000;
      g_array_append_val (self->samples, ms);
      now = xh_store_get_epoch (store);
      if (now != epoch)
        self->first = ms;
      else if (checkpointing)
        self->after = MAX (self->after, ms);
      else
        self->during = MAX (self->during, ms);
      epoch = now;
      g_usleep (2000);
    }
  return NULL;
}

/* The longest of a read's waits, p99, and the longest of each part of a synchronisation. */
static double
measure_reads (Person *person, gboolean sync, double *p99, guint *n, double *parts)
{
  Reading reading = { .path = xh_desk_store_path (person->desk), .catalog = person->desk->catalog,
                      .samples = g_array_new (FALSE, FALSE, sizeof (double)) };
  GThread *thread = g_thread_new ("reader", read_thread, &reading);
  double longest;

  g_usleep (100000);
  if (sync)
    {
      meet (person);
      g_atomic_int_set (&reading.checkpointing, 1);
      xh_store_checkpoint (person->store, NULL);
    }
  else
    g_usleep (2 * G_USEC_PER_SEC);
  g_usleep (100000);
  g_atomic_int_set (&reading.stop, 1);
  g_thread_join (thread);
  *n = reading.samples->len;
  *p99 = bench_percentile ((double *) reading.samples->data, *n, 0.99);
  longest = g_array_index (reading.samples, double, *n - 1);
  parts[0] = reading.during;
  parts[1] = reading.first;
  parts[2] = reading.after;
  g_array_unref (reading.samples);
  g_free (reading.path);
  return longest;
}

void
bench_sync_read_latency (void)
{
  Place place = { 0 };
  Person person;
  double quiet_p99, p99, longest, quiet, parts[3];
  g_autofree char *extra = NULL;
  guint n, n_quiet;

  place_init (&place, g_getenv ("BENCH_HOUSEHOLDS") ? atoi (g_getenv ("BENCH_HOUSEHOLDS")) : HOUSEHOLDS_1M);
  measure_floor (&place);
  person_init (&person, &place, "person");
  meet (&person);
  xh_store_checkpoint (person.store, NULL);
  quiet = measure_reads (&person, FALSE, &quiet_p99, &n_quiet, parts);
  /* Everything once more, as where the scope has changed: over rows that somebody reads. */
  xh_store_meta_set (person.store, "cursor", "0", NULL);
  longest = measure_reads (&person, TRUE, &p99, &n, parts);
  extra = g_strdup_printf ("\"p99\":%.3g,\"quiet_p99\":%.3g,\"while_rows_come\":%.3g,\"first_after\":%.3g,\"log_to_file\":%.3g,"
                           "\"records\":%" G_GINT64_FORMAT, p99, quiet_p99, parts[0], parts[1], parts[2],
                           bench_count (xh_store_get_db (person.store), "SELECT count(*) FROM record"));
  bench_report ("sync-read-latency", longest, "ms", n, quiet, "the longest of the same reads while nothing else runs", extra);
  person_clear (&person);
  place_clear (&place);
}

/* --- memory */

void
bench_sync_child (void)
{
  const Place place = { .server = { .url = (char *) g_getenv ("BENCH_URL") }, .folder = (char *) g_getenv ("BENCH_FOLDER") };
  Person person;

  person_init (&person, &place, "child");
  printf ("%.4g\n", bench_memory_mb ("VmHWM"));
  meet (&person);
  xh_store_checkpoint (person.store, NULL);
  printf ("%.4g\n", bench_memory_mb ("VmHWM"));
  person_clear (&person);
}

static double
measure_memory (guint households, double *before)
{
  Place place = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL, *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *argv[] = { self, "sync-child", NULL };
  double mb;
  char *end;

  place_init (&place, households);
  measure_floor (&place);
  g_subprocess_launcher_setenv (launcher, "BENCH_URL", place.server.url, TRUE);
  g_subprocess_launcher_setenv (launcher, "BENCH_FOLDER", place.folder, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error))
    g_error ("%s", error->message);
  *before = g_ascii_strtod (output, &end);
  mb = g_ascii_strtod (end, NULL);
  place_clear (&place);
  return mb;
}

void
bench_sync_memory (void)
{
  double before_small, before, small = measure_memory (HOUSEHOLDS_10K, &before_small), large = measure_memory (HOUSEHOLDS_1M, &before);
  g_autofree char *extra = g_strdup_printf ("\"before\":%.4g", before);

  bench_report ("sync-memory", large, "MB", 1000000, small, "the same first synchronisation of 10,000 records", extra);
}
