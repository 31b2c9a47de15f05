/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A million records over all registers of the catalog: my-work (what waits for a person), list-mixed (opening any list), form-open (from a
 * record's id to its form). Records are minimal, made here: every plain field is filled, states go round, due dates lie between sixty days ago and two years from now. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "model/xh-form.h"
#include "store/xh-work.h"

#define RECORDS 1000000
#define RECORDS_A_COMMIT 20000
#define SCREEN 50
#define PAGE 20
#define ROUNDS 21

/* --- the store */

static void
set_field (XhRecord *record, const XhField *field, guint number, const GDate *today, GPtrArray *villages)
{
  g_auto (XhValue) value = XH_VALUE_INIT;
  char text[48];
  GDate day = *today;

  switch (field->type)
    {
    case XH_FIELD_INTEGER:
    case XH_FIELD_MONEY:
      xh_value_set_integer (&value, number % 9973);
      break;
    case XH_FIELD_DATE:
      g_date_add_days (&day, number * 7 % 700);
      g_date_subtract_days (&day, 60);
      g_date_strftime (text, sizeof text, "%Y-%m-%d", &day);
      xh_value_set_text (&value, text);
      break;
    case XH_FIELD_CHOICE:
      xh_value_set_text (&value, ((XhChoice *) g_ptr_array_index (field->choices, number % field->choices->len))->code);
      break;
    case XH_FIELD_DIVISION:
      xh_value_set_text (&value, g_ptr_array_index (villages, number * 31 % villages->len));
      break;
    case XH_FIELD_USCC:
    case XH_FIELD_ID_NUMBER:
      g_snprintf (text, sizeof text, "91410421%010u", number % 250000);
      xh_value_set_text (&value, text);
      break;
    case XH_FIELD_TEXT:
      g_snprintf (text, sizeof text, "宝丰县测试%07u", number);
      xh_value_set_text (&value, text);
      break;
    default:
      return;
    }
  xh_record_set (record, field->name, &value);
}

static XhRecord *
make_record (const XhKind *kind, guint number, const GDate *today, GPtrArray *villages)
{
  XhRecord *record = xh_record_new (kind, NULL);

  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (field->computed == NULL && !field->scored)
        set_field (record, field, number, today, villages);
    }
  g_free (record->state);
  record->state = g_strdup (((XhState *) g_ptr_array_index (kind->states, number % kind->states->len))->name);
  record->division = g_strdup (g_ptr_array_index (villages, number * 31 % villages->len));
  record->version = number + 1;
  record->created_at = g_strdup ("2026-01-01T08:00:00.000Z");
  record->updated_at = g_strdup_printf ("2026-%02u-%02uT08:00:00.000Z", number % 12 + 1, number % 28 + 1);
  record->updated_by = g_strdup ("bench");
  return record;
}

static GPtrArray *
find_villages (XhCatalog *catalog)
{
  GPtrArray *villages = g_ptr_array_new ();
  XhDivisions *divisions = xh_catalog_get_divisions (catalog);
  g_autoptr (GPtrArray) below = xh_divisions_children (divisions, NULL);

  while (below->len > 0)
    {
      const XhDivision *division = g_ptr_array_index (below, 0);
      g_autoptr (GPtrArray) children = xh_divisions_children (divisions, division->code);

      g_ptr_array_remove_index_fast (below, 0);
      if (division->level == XH_LEVEL_VILLAGE)
        g_ptr_array_add (villages, division->code);
      for (guint i = 0; i < children->len; i++)
        g_ptr_array_add (below, g_ptr_array_index (children, i));
    }
  return villages;
}

static void
fill (XhCatalog *catalog, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *partial = g_strconcat (path, ".part", NULL);
  g_autoptr (XhStore) store = NULL;
  g_autoptr (GPtrArray) villages = find_villages (catalog);
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);
  GDate today;

  remove (partial);
  xh_date_today (&today);
  store = xh_store_open (partial, catalog, XH_STORE_CLIENT, &error);
  if (store == NULL || !xh_store_begin (store, &error))
    g_error ("%s", error->message);
  for (guint i = 0; i < RECORDS; i++)
    {
      g_autoptr (XhRecord) record = make_record (g_ptr_array_index (kinds, i % kinds->len), i / kinds->len, &today, villages);

      if (!xh_store_put (store, record, &error)
          || ((i + 1) % RECORDS_A_COMMIT == 0 && !(xh_store_commit (store, &error) && xh_store_begin (store, &error))))
        g_error ("%s", error->message);
    }
  if (!xh_store_commit (store, &error) || !xh_store_index (store, 0, NULL, &error))
    g_error ("%s", error->message);
  sqlite3_exec (xh_store_get_db (store), "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
  g_clear_pointer (&store, xh_store_close);
  if (rename (partial, path) != 0)
    g_error ("cannot rename %s", partial);
}

/* Made once for these definitions. */
static XhStore *
mixed_store (XhCatalog *catalog)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup_printf ("%s/mixed-%.8s.db", g_getenv ("BENCH_DATA"), xh_catalog_get_hash (catalog));
  XhStore *store;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    fill (catalog, path);
  store = xh_store_open (path, catalog, XH_STORE_READ_ONLY, &error);
  if (store == NULL)
    g_error ("%s", error->message);
  return store;
}

/* --- my work */

/* As the demo accounts: a clerk of a department with many records, in the county. */
static XhWorkWho
who_of (const char *role)
{
  return (XhWorkWho) { role, "410421000000", "scjdglj" };
}

/* Counts, and the first page of each section: what the page of a person shows. */
static double
measure_work (XhStore *store, const XhWorkWho *who, gint64 *n, double *counting)
{
  g_autoptr (GError) error = NULL;
  double start = bench_seconds ();
  g_autoptr (XhWork) work = xh_store_work_counts (store, who, NULL, &error);

  if (work == NULL)
    g_error ("%s", error->message);
  *counting = (bench_seconds () - start) * 1000;
  *n = 0;
  for (guint section = 0; section < XH_WORK_N_SECTIONS; section++)
    {
      g_autoptr (GPtrArray) rows = xh_store_work (store, who, NULL, section, NULL, PAGE, 0, &error);

      if (rows == NULL)
        g_error ("%s", error->message);
      *n += work->counts[section];
    }
  return (bench_seconds () - start) * 1000;
}

static double
median_work (XhStore *store, const XhWorkWho *who, gint64 *n, double *counting)
{
  double samples[ROUNDS], counts[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++)
    samples[i] = measure_work (store, who, n, &counts[i]);
  *counting = bench_percentile (counts, ROUNDS, 0.5);
  return bench_percentile (samples, ROUNDS, 0.5);
}

void
bench_my_work (void)
{
  g_autoptr (XhCatalog) catalog = bench_catalog ();
  g_autoptr (XhStore) store = mixed_store (catalog);
  GPtrArray *roles = xh_catalog_get_roles (catalog);
  g_autoptr (GString) extra = g_string_new (NULL);
  g_autofree char *sql = NULL;
  double worst = 0, worst_counting = 0, start, floor, cpu;
  gint64 worst_n = 0;
  const char *slowest = "";
  XhWorkWho slow;

  for (guint i = 0; i < roles->len; i++)
    {
      const XhRole *role = g_ptr_array_index (roles, i);
      double counting, ms;
      gint64 n;

      const XhWorkWho who = who_of (role->name);

      measure_work (store, &who, &n, &counting);
      ms = median_work (store, &who, &n, &counting);
      g_string_append_printf (extra, "\"%s\":%.3g,", role->name, ms);
      if (ms > worst)
        worst = ms, worst_n = n, slowest = role->name, worst_counting = counting;
    }
  cpu = bench_cpu_seconds ();
  slow = who_of (slowest);
  measure_work (store, &slow, &worst_n, &start);
  cpu = (bench_cpu_seconds () - cpu) * 1000;
  sql = g_strdup_printf ("SELECT count(*) FROM (SELECT due FROM record INDEXED BY record_work WHERE due IS NOT NULL AND deleted = 0 LIMIT %" G_GINT64_FORMAT ")",
                         worst_n);
  bench_count (xh_store_get_db (store), sql);
  start = bench_seconds ();
  bench_count (xh_store_get_db (store), sql);
  floor = (bench_seconds () - start) * 1000;
  g_string_append_printf (extra, "\"slowest\":\"%s\",\"counting\":%.3g,\"cpu\":%.3g,\"kinds\":%u", slowest, worst_counting, cpu, xh_catalog_get_kinds (catalog)->len);
  bench_report ("my-work", worst, "ms", (guint64) worst_n, floor, "as many entries of the index by one SELECT", extra->str);
}

/* --- lists and forms */

static gint64
measure_list (XhStore *store, const XhKind *kind, double *ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhQuery) query = xh_query_new (kind);
  double start = bench_seconds ();
  g_autoptr (GArray) rids = xh_store_query_rids (store, query, SCREEN, &error);
  g_autoptr (GPtrArray) rows = NULL;

  if (rids == NULL || (rows = xh_store_query_rows (store, kind, (gint64 *) rids->data, rids->len, &error)) == NULL)
    g_error ("%s", error->message);
  *ms = (bench_seconds () - start) * 1000;
  return rids->len > 0 ? g_array_index (rids, gint64, rids->len / 2) : 0;
}

void
bench_list_mixed (void)
{
  g_autoptr (XhCatalog) catalog = bench_catalog ();
  g_autoptr (XhStore) store = mixed_store (catalog);
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);
  double sum = 0, worst = 0, again = 0, start, floor, ms;
  const char *slowest = "";
  g_autofree char *extra = NULL;

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);

      measure_list (store, kind, &ms);
      sum += ms;
      if (ms > worst)
        worst = ms, slowest = kind->name;
      measure_list (store, kind, &ms);
      again += ms;
    }
  start = bench_seconds ();
  bench_count (xh_store_get_db (store), "SELECT count(*) FROM (SELECT rid FROM record LIMIT 50)");
  floor = (bench_seconds () - start) * 1000;
  extra = g_strdup_printf ("\"worst\":%.3g,\"worst_kind\":\"%s\",\"reopened\":%.3g,\"kinds\":%u", worst, slowest, again / kinds->len, kinds->len);
  bench_report ("list-mixed", sum / kinds->len, "ms", RECORDS, floor, "fifty keys by plain SQLite", extra);
}

/* From the id of a record to a form that is ready: the record, its references, the form with all its expressions. */
static double
measure_form (XhStore *store, const char *id, const char *role)
{
  g_autoptr (GError) error = NULL;
  double start = bench_seconds ();
  g_autoptr (XhRecord) record = xh_store_load (store, id, &error);
  g_autoptr (XhForm) form = NULL;
  XhValue *references;

  if (record == NULL)
    g_error ("%s", error->message);
  references = xh_value_array_new (record->kind->references->len);
  if (!xh_store_references (store, record, references, &error))
    g_error ("%s", error->message);
  form = xh_form_new (record->kind, role);
  xh_form_load (form, record, references, FALSE);
  xh_value_array_free (references, record->kind->references->len);
  return (bench_seconds () - start) * 1000;
}

void
bench_form_open (void)
{
  g_autoptr (XhCatalog) catalog = bench_catalog ();
  g_autoptr (XhStore) store = mixed_store (catalog);
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);
  double sum = 0, worst = 0, floor = 0, start, ms;
  const char *slowest = "";
  g_autofree char *extra = NULL;

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      g_autoptr (XhRecord) record = xh_store_load_rid (store, measure_list (store, kind, &ms), NULL);
      g_autofree char *sql = NULL;

      if (record == NULL)
        continue;
      ms = measure_form (store, record->id, "office");
      sum += ms;
      if (ms > worst)
        worst = ms, slowest = kind->name;
      sql = g_strdup_printf ("SELECT * FROM record r JOIN \"%s\" k ON k.rid = r.rid WHERE r.id = '%s'", kind->table, record->id);
      start = bench_seconds ();
      bench_count (xh_store_get_db (store), sql);
      floor += (bench_seconds () - start) * 1000;
    }
  extra = g_strdup_printf ("\"worst\":%.3g,\"worst_kind\":\"%s\"", worst, slowest);
  bench_report ("form-open", sum / kinds->len, "ms", kinds->len, floor / kinds->len, "the row by plain SQLite", extra);
}
