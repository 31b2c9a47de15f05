/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sets up a data folder with a generated county: for trying, testing and measuring. */
#include "xh-commands.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "demo/xh-demo.h"
#include "model/xh-identifiers.h"
#include "xh-demo-files.h"
#include "xh-ledger.h"

#define RECORDS_A_COMMIT 20000
#define TOWNSHIP_DIGITS 9 /* of a division's code, that say the township */
#define CLERK_UNIT "scjdglj"

typedef struct
{
  XhBackend *backend;
  char *time; /* (owned) */
  XhDemoFiles *files; /* (owned) */
  guint64 n_records;
  const XhDivision *township; /* (nullable) where the demo's assessor works */
} Filling;

/* Everything the record holds but an explanation, as the ledger keeps it of a record that was just made. */
static char *
write_values (const XhRecord *record)
{
  GString *json = g_string_new ("{");

  for (guint i = 0; i < record->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (record->kind->fields, i);

      if (!xh_value_is_null (&record->values[i]) && !xh_field_holds_explanation (field))
        xh_changes_add (json, field->name, &record->values[i]);
    }
  xh_changes_add_text (json, "state", record->state);
  return xh_changes_end (json);
}

/* The township with the most villages: there is most to see. */
static const XhDivision *
find_township (XhDivisions *divisions)
{
  GPtrArray *all = xh_divisions_get_all (divisions);
  const XhDivision *best = NULL;
  guint most = 0;

  for (guint i = 0; i < all->len; i++)
    {
      const XhDivision *division = g_ptr_array_index (all, i);
      g_autoptr (GPtrArray) villages = division->level == XH_LEVEL_TOWNSHIP ? xh_divisions_children (divisions, division->code) : NULL;

      if (villages && villages->len > most)
        {
          best = division;
          most = villages->len;
        }
    }
  return best;
}

/* Whoever would have entered it: so a history names people, as it does in use. */
static const char *
author_of (const Filling *filling, const XhRecord *record)
{
  if (g_strcmp0 (record->unit, CLERK_UNIT) == 0)
    return "department";
  if (filling->township != NULL && record->division != NULL && strncmp (record->division, filling->township->code, TOWNSHIP_DIGITS) == 0)
    return "assessor";
  return "office";
}

static gboolean
store_record_cb (XhRecord *record, gpointer data, GError **error)
{
  Filling *filling = data;
  g_autoptr (XhEntry) entry = g_new0 (XhEntry, 1);

  xh_demo_files_fill (filling->files, record);
  entry->op = xh_uuid_v7_new ();
  entry->time = g_strdup (filling->time);
  entry->account = g_strdup (author_of (filling, record));
  entry->device = g_strdup ("demo");
  entry->kind = g_strdup (record->kind->name);
  entry->record = g_strdup (record->id);
  entry->status = g_strdup ("applied");
  entry->changes = write_values (record);
  entry->before = g_strdup ("{}");
  if (!xh_ledger_append (filling->backend, entry, error))
    return FALSE;
  record->version = entry->number;
  record->kind_version = record->kind->version;
  g_free (record->updated_by);
  record->updated_by = g_strdup (entry->account);
  if (!record->created_at)
    record->created_at = g_strdup (entry->time);
  if (!record->updated_at)
    record->updated_at = g_strdup (entry->time);
  if (!xh_store_put (filling->backend->store, record, error))
    return FALSE;
  if (++filling->n_records % RECORDS_A_COMMIT != 0)
    return TRUE;
  return xh_store_commit (filling->backend->store, error) && xh_store_begin (filling->backend->store, error);
}

static void
references_cb (const XhRecord *record, XhValue *values, gpointer data)
{
  Filling *filling = data;
  g_autoptr (GError) error = NULL;

  if (!xh_store_references (filling->backend->store, record, values, &error))
    g_warning ("%s", error->message);
}

static gboolean
fill (XhBackend *backend, const char *data, guint households, guint64 seed, const char *samples, GError **error)
{
  Filling filling = { backend, xh_now_utc (), NULL, 0, find_township (xh_catalog_get_divisions (backend->catalog)) };
  XhDemoOptions options = { .seed = seed, .households = households, .ratings = TRUE, .samples = samples,
                                  .references = references_cb, .references_data = &filling };
  g_autofree char *paper = NULL;
  gboolean filled;

  if (!xh_store_begin (backend->store, error))
    {
      g_free (filling.time);
      return FALSE;
    }
  filling.files = xh_demo_files_new (backend, data, error);
  paper = filling.files ? xh_demo_files_paper (filling.files) : NULL;
  options.paper = paper;
  filled = filling.files && xh_demo_generate (backend->catalog, &options, store_record_cb, &filling, error)
           && xh_store_commit (backend->store, error);
  if (filled)
    {
      g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT, filling.n_records);

      g_print (_("%s records\n"), count);
    }
  else
    xh_store_rollback (backend->store);
  g_clear_pointer (&filling.files, xh_demo_files_free);
  g_free (filling.time);
  return filled;
}

static const char *
find_unit (XhUnits *units, const char *code)
{
  GPtrArray *all = xh_units_get_all (units);

  if (xh_units_find (units, code))
    return code;
  return all->len > 0 ? ((const XhUnit *) g_ptr_array_index (all, 0))->code : NULL;
}

/* Login and password are the same: whoever tries the demo must not have to look them up. */
static gboolean
add_accounts (XhBackend *backend, GError **error)
{
  const XhDivision *township = find_township (xh_catalog_get_divisions (backend->catalog));
  XhUnits *units = xh_catalog_get_units (backend->catalog);
  char *here = township ? township->code : NULL;
  char *county = township ? township->parent : NULL;
  char *clerk = (char *) find_unit (units, CLERK_UNIT), *office = (char *) find_unit (units, "fgw");
  const XhAccount accounts[] = {
    { (char *) "assessor", (char *) "演示采集员甲", (char *) "assessor", here, NULL },
    { (char *) "assessor2", (char *) "演示采集员乙", (char *) "assessor", here, NULL },
    { (char *) "township", (char *) "演示乡镇专干", (char *) "township", here, NULL },
    { (char *) "department", (char *) "演示部门填报员", (char *) "department", county, clerk },
    { (char *) "approver", (char *) "演示部门审核人", (char *) "approver", county, clerk },
    { (char *) "bank", (char *) "演示银行", (char *) "bank", county, (char *) find_unit (units, "rmyhbfzh") },
    { (char *) "personnel", (char *) "演示诚信管理", (char *) "personnel", county, (char *) find_unit (units, "zzb") },
    { (char *) "office", (char *) "演示信用办", (char *) "office", county, office },
    { (char *) "manager", (char *) "演示管理者", (char *) "manager", county, office },
    { (char *) "admin", (char *) "演示管理员", (char *) "admin", county, office },
  };

  g_print (_("Demo accounts (login = password):\n"));
  for (guint i = 0; i < G_N_ELEMENTS (accounts); i++)
    {
      if (!xh_catalog_find_role (backend->catalog, accounts[i].role))
        continue;
      if (!xh_accounts_add (backend, &accounts[i], accounts[i].login, error))
        return FALSE;
      g_print ("  %-12s %s\n", accounts[i].login, accounts[i].name);
    }
  return xh_store_meta_set (backend->store, "demo", "1", error);
}

gboolean
xh_command_demo (int argc, char **argv, GError **error)
{
  g_auto (XhPlace) place = { 0 };
  g_autoptr (XhCatalog) catalog = NULL;
  g_autoptr (XhBackend) backend = NULL;
  int households = 20000;
  gint64 seed = 1;
  g_autofree char *samples = NULL;
  const GOptionEntry entries[] = {
    { "households", 'n', 0, G_OPTION_ARG_INT, &households, N_("Number of households (20000)"), N_("NUMBER") },
    { "seed", 's', 0, G_OPTION_ARG_INT64, &seed, N_("The same seed gives the same county"), N_("NUMBER") },
    { "samples", 0, 0, G_OPTION_ARG_FILENAME, &samples, N_("Folder of what the registers are filled with"), N_("DIR") },
    { NULL }
  };

  if (!xh_place_parse (&place, entries, NULL, _("Sets up a data folder with a generated county. No real person is in it."),
                       &argc, &argv, error))
    return FALSE;
  if (households < 0)
    {
      g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("The number of households is not negative"));
      return FALSE;
    }
  catalog = xh_place_catalog (&place, error);
  if (!catalog || !xh_backend_init (place.data, place.catalog_folder, catalog, error))
    return FALSE;
  backend = xh_backend_open (place.data, catalog, FALSE, error);
  return backend && add_accounts (backend, error) && fill (backend, place.data, (guint) households, (guint64) seed, samples ? samples : XH_DEMO_FOLDER, error);
}
