/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sheets into the ledger and out of the database, without a window. One line of JSON says what became of it. */
#include "xh-commands.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "report/xh-export.h"
#include "report/xh-import.h"
#include "xh-apply.h"
#include "xh-ledger.h"

typedef struct
{
  XhBackend *backend;
  XhAccess *access;
} Desk;

static gboolean
refuse_usage (GError **error, const char *message)
{
  g_set_error_literal (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, message);
  return FALSE;
}

static const XhKind *
find_kind (XhCatalog *catalog, const char *name, GError **error)
{
  const XhKind *kind = xh_catalog_find_kind (catalog, name);

  if (!kind)
    g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("The catalog has no register “%s”"), name);
  return kind;
}

/* Who does it: an account with its own rights, or the server itself. */
static XhAccess *
find_access (XhBackend *backend, const char *login, GError **error)
{
  return login && strcmp (login, XH_SYSTEM_LOGIN) != 0 ? xh_access_find (backend, login, "import", error) : xh_access_new_system ();
}

/* --- import */

/* Fields and state are members of "set" as a client would send them. */
static char *
write_set (const XhRecord *record, GPtrArray *changed)
{
  GString *json = g_string_new ("{");

  for (guint i = 0; i < changed->len; i++)
    {
      const char *name = changed->pdata[i];
      const XhValue *value = xh_record_get (record, name);

      if (value)
        xh_changes_add (json, name, value);
      else if (strcmp (name, "state") == 0)
        xh_changes_add_text (json, "state", record->state);
    }
  return xh_changes_end (json);
}

static void
take_issue (XhAnswer *answer, char **field, char **message)
{
  JsonArray *issues = json_object_has_member (answer->body, "issues") ? json_object_get_array_member (answer->body, "issues") : NULL;
  JsonObject *issue = issues && json_array_get_length (issues) > 0 ? json_array_get_object_element (issues, 0) : NULL;

  if (!issue)
    {
      *message = g_strdup (_("Somebody else has changed this record at the same time. Import the row again."));
      return;
    }
  *field = json_object_get_null_member (issue, "field") ? NULL : g_strdup (json_object_get_string_member (issue, "field"));
  *message = g_strdup (json_object_get_string_member (issue, "message"));
}

/* Through the same door as a client's push: judged again, and an entry in the ledger. */
static gboolean
save_cb (XhStore *store, XhRecord *record, GPtrArray *changed, gint64 base, gpointer data, char **field, char **message, GError **error)
{
  Desk *desk = data;
  g_autoptr (XhOp) op = g_new0 (XhOp, 1);
  g_autoptr (GPtrArray) ops = g_ptr_array_new (), answers = NULL;
  XhAnswer *answer;

  op->op_id = xh_uuid_v7_new ();
  op->kind = g_strdup (record->kind->name);
  op->record = g_strdup (record->id);
  op->base = base;
  op->set = write_set (record, changed);
  op->before = g_strdup ("{}");
  op->created_at = xh_now_utc ();
  g_ptr_array_add (ops, op);
  answers = xh_apply_ops (desk->backend, desk->access, ops, error);
  if (!answers)
    return FALSE;
  answer = g_ptr_array_index (answers, 0);
  if (answer->status > XH_ANSWER_MERGED)
    take_issue (answer, field, message);
  return TRUE;
}

static void
print_result (const XhKind *kind, const XhImportResult *result)
{
  char seconds[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (seconds, sizeof seconds, "%.2f", result->seconds);
  g_print ("{\"kind\":\"%s\",\"rows\":%u,\"added\":%u,\"changed\":%u,\"same\":%u,\"faulty\":%u,\"seconds\":%s}\n", kind->name, result->rows,
           result->added, result->changed, result->same, result->faulty, seconds);
}

/* The first of them on the error output: whoever sits before the terminal sees what is wrong without opening the sheet. */
static void
print_faults (const XhImportResult *result)
{
  GPtrArray *rows = result->samples[XH_ROW_FAULTY];

  for (guint i = 0; i < rows->len; i++)
    {
      const XhImportRow *row = g_ptr_array_index (rows, i);

      for (guint k = 0; k < row->faults->len; k++)
        {
          const XhRowFault *fault = g_ptr_array_index (row->faults, k);

          g_printerr (_("Row %u%s%s: %s\n"), row->number, fault->label ? ", " : "", fault->label ? fault->label : "", fault->message);
        }
    }
}

/* "field=value": what the sheet has no column for. */
static gboolean
set_constants (XhImportPlan *plan, const XhKind *kind, char **constants, GError **error)
{
  for (guint i = 0; constants && constants[i]; i++)
    {
      const char *value = strchr (constants[i], '=');
      g_autofree char *name = g_strndup (constants[i], value ? (gsize) (value - constants[i]) : 0);
      const XhField *field = xh_kind_find_field (kind, name);

      if (!field || !xh_import_takes (field, NULL))
        {
          g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("--set wants FIELD=VALUE with a field of the register: %s"), constants[i]);
          return FALSE;
        }
      if (!xh_import_plan_constant (plan, field, value + 1, error))
        return FALSE;
    }
  return TRUE;
}

/* Where a file has several sheets, which was taken is no secret. */
static void
tell_sheets (XhImportPlan *plan)
{
  const char *const *sheets = xh_import_plan_get_sheets (plan);
  g_autofree char *names = NULL;

  if (g_strv_length ((char **) sheets) < 2)
    return;
  names = g_strjoinv ("”, “", (char **) sheets);
  g_printerr (_("The file has several sheets: “%s”. “%s” is read; choose another by --sheet NAME.\n"), names, xh_import_plan_get_sheet (plan));
}

typedef struct
{
  char *errors, *user, *sheet; /* (owned) (nullable) */
  char **constants;    /* (owned) (nullable) */
  gboolean dry_run, allow_missing;
} ImportWish;

static void
import_wish_clear (ImportWish *wish)
{
  g_free (wish->errors);
  g_free (wish->user);
  g_free (wish->sheet);
  g_strfreev (wish->constants);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImportWish, import_wish_clear)

static gboolean
import_file (Desk *desk, const XhKind *kind, const char *path, const ImportWish *wish, GError **error)
{
  XhImportOptions options = { .apply = !wish->dry_run, .author = desk->access->login, .division = desk->access->division,
                              .unit = desk->access->unit, .errors_path = wish->errors, .max_samples = 20, .save = save_cb, .save_data = desk };
  g_autoptr (XhImportPlan) plan = NULL;
  g_autoptr (XhImportResult) result = NULL;

  if (!xh_access_may_read (desk->access, kind))
    return refuse_usage (error, _("This register is not open to the account"));
  plan = xh_import_plan_new_of_sheet (kind, path, wish->sheet, desk->access->role->name, error);
  if (!plan || !set_constants (plan, kind, wish->constants, error))
    return FALSE;
  if (!wish->sheet)
    tell_sheets (plan);
  xh_import_plan_allow_missing (plan, wish->allow_missing);
  result = xh_import_run (plan, desk->backend->store, &options, NULL, error);
  if (!result)
    return FALSE;
  print_faults (result);
  print_result (kind, result);
  return TRUE;
}

gboolean
xh_command_import (int argc, char **argv, GError **error)
{
  g_auto (XhPlace) place = { 0 };
  g_autoptr (XhBackend) backend = NULL;
  g_autoptr (XhAccess) access = NULL;
  g_auto (ImportWish) wish = { 0 };
  const XhKind *kind;
  const GOptionEntry entries[] = {
    { "errors", 'e', 0, G_OPTION_ARG_FILENAME, &wish.errors, N_("Sheet that faulty rows are written to"), N_("FILE") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &wish.dry_run, N_("Only look, and store nothing"), NULL },
    { "allow-missing", 0, 0, G_OPTION_ARG_NONE, &wish.allow_missing, N_("Take rows in which required cells are empty, as drafts"), NULL },
    { "set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &wish.constants, N_("A value for every row that has none"), N_("FIELD=VALUE") },
    { "sheet", 0, 0, G_OPTION_ARG_STRING, &wish.sheet, N_("Sheet of the file (the first whose titles fit)"), N_("NAME") },
    { "user", 'u', 0, G_OPTION_ARG_STRING, &wish.user, N_("Account in whose name and with whose rights (system)"), N_("LOGIN") },
    { NULL }
  };

  if (!xh_place_parse (&place, entries, "KIND FILE", _("Takes the records of a sheet (.xlsx, .csv) into a register."), &argc, &argv, error))
    return FALSE;
  if (argc != 3)
    return refuse_usage (error, _("Usage: xinheng-server import --data DIR KIND FILE [--errors FILE.xlsx] [--dry-run]"));
  backend = xh_place_open (&place, FALSE, error);
  kind = backend ? find_kind (backend->catalog, argv[1], error) : NULL;
  access = kind ? find_access (backend, wish.user, error) : NULL;
  return access && import_file (&(Desk) { backend, access }, kind, argv[2], &wish, error);
}

/* --- export */

static gboolean
export_file (Desk *desk, const XhKind *kind, const char *path, XhExportFlags flags, GError **error)
{
  XhExportOptions options = { .role = desk->access->role->name, .flags = flags };
  g_autoptr (GArray) rids = NULL;
  gint64 started = g_get_monotonic_time ();
  char seconds[G_ASCII_DTOSTR_BUF_SIZE];
  int n;

  if (!xh_access_may_read (desk->access, kind))
    return refuse_usage (error, _("This register is not open to the account"));
  rids = xh_access_rids (desk->access, desk->backend, kind, error);
  if (!rids)
    return FALSE;
  n = xh_export_rids (desk->backend->store, kind, (const gint64 *) (gpointer) rids->data, rids->len, path, &options, NULL, error);
  if (n < 0)
    return FALSE;
  g_ascii_formatd (seconds, sizeof seconds, "%.2f", (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC);
  g_print ("{\"kind\":\"%s\",\"rows\":%d,\"seconds\":%s}\n", kind->name, n, seconds);
  return TRUE;
}

gboolean
xh_command_export (int argc, char **argv, GError **error)
{
  g_auto (XhPlace) place = { 0 };
  g_autoptr (XhBackend) backend = NULL;
  g_autoptr (XhAccess) access = NULL;
  g_autofree char *user = NULL;
  gboolean national = FALSE, template = FALSE;
  const XhKind *kind;
  const GOptionEntry entries[] = {
    { "national", 0, 0, G_OPTION_ARG_NONE, &national, N_("Only the columns of the national standard, with its texts"), NULL },
    { "template", 0, 0, G_OPTION_ARG_NONE, &template, N_("An empty sheet to fill in"), NULL },
    { "user", 'u', 0, G_OPTION_ARG_STRING, &user, N_("Account with whose rights (system)"), N_("LOGIN") },
    { NULL }
  };

  if (!xh_place_parse (&place, entries, "KIND FILE", _("Writes the records of a register into a sheet (.xlsx, .csv)."), &argc, &argv, error))
    return FALSE;
  if (argc != 3)
    return refuse_usage (error, _("Usage: xinheng-server export --data DIR KIND FILE [--national | --template]"));
  backend = xh_place_open (&place, TRUE, error);
  kind = backend ? find_kind (backend->catalog, argv[1], error) : NULL;
  access = kind ? find_access (backend, user, error) : NULL;
  if (!access)
    return FALSE;
  if (template)
    return xh_export_template (kind, access->role->name, argv[2], error);
  return export_file (&(Desk) { backend, access }, kind, argv[2], national ? XH_EXPORT_NATIONAL : XH_EXPORT_PLAIN, error);
}
