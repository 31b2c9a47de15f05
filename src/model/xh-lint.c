/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The check of expressions: read word by word first (xh-expression.c), then prepared and run by SQLite under an authorizer, which
 * says what the expression really reads. And the search for cycles among what it says. */

#include "xh-catalog-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-evaluator.h"
#include "xh-expression-private.h"
#include "xh-sql.h"

#define MAX_STEPS 100000

/* A throw-away database with one table a kind: a row of NULLs under every name that its expressions may read. Where they may read
 * fewer names (XhNames.own_names), xh_expression_scan() refuses the rest. */
typedef struct
{
  sqlite3 *db;              /* (owned) */
  XhCatalog *catalog;
  GHashTable *tables;       /* (owned) names of the tables made so far, which are those of the kinds (not owned) */
  const char *table;        /* the one that may be read now */
  guint n_selects;
  GPtrArray *reads;         /* (owned) of char * */
  char *denied;             /* (owned) (nullable) why the authorizer refused */
} Linter;

/* --- the sandbox */

static void
deny (Linter *self, const char *what, const char *name)
{
  g_free (self->denied);
  self->denied = g_strdup_printf ("%s \"%s\"", what, name != NULL ? name : "");
}

static int
authorize_cb (gpointer data, int action, const char *first, const char *second, const char *database, const char *trigger)
{
  Linter *self = data;

  switch (action)
    {
    case SQLITE_SELECT:
      if (self->n_selects++ == 0)
        return SQLITE_OK;
      deny (self, _("an expression must not hold"), "SELECT");
      return SQLITE_DENY;
    case SQLITE_FUNCTION:
      if (second != NULL && xh_function_is_known (second))
        return SQLITE_OK;
      deny (self, _("no such function"), second);
      return SQLITE_DENY;
    case SQLITE_READ:
      if (g_strcmp0 (first, self->table) == 0 && g_strcmp0 (second, "ROWID") != 0)
        {
          if (second != NULL && *second != '\0' && !g_ptr_array_find_with_equal_func (self->reads, second, g_str_equal, NULL))
            g_ptr_array_add (self->reads, g_strdup (second));
          return SQLITE_OK;
        }
      deny (self, _("no such name"), second);
      return SQLITE_DENY;
    default:
      deny (self, _("not allowed here:"), first);
      return SQLITE_DENY;
    }
}

static int
stop_cb (gpointer data)
{
  return 1;
}

static gboolean
linter_init (Linter *self, XhCatalog *catalog, GError **error)
{
  *self = (Linter) { .catalog = catalog };
  self->tables = g_hash_table_new (g_str_hash, g_str_equal);
  self->reads = g_ptr_array_new_with_free_func (g_free);
  if (sqlite3_open_v2 (":memory:", &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, sqlite3_errmsg (self->db));
      return FALSE;
    }
  xh_sandbox_limit (self->db);
  return xh_functions_register (self->db, catalog, error);
}

static void
linter_clear (Linter *self)
{
  sqlite3_close (self->db);
  g_clear_pointer (&self->tables, g_hash_table_unref);
  g_clear_pointer (&self->reads, g_ptr_array_unref);
  g_clear_pointer (&self->denied, g_free);
}

static void
append_column (GString *sql, const char *name, const char *type)
{
  if (sql->str[sql->len - 1] != '(')
    g_string_append_c (sql, ',');
  g_string_append (sql, name);
  g_string_append_c (sql, ' ');
  g_string_append (sql, type);
}

/* Whatever hides behind rowid, oid and _rowid_ is refused by its one name when it is read. */
static gboolean
make_table (Linter *self, const XhKind *kind, GError **error)
{
  g_autoptr (GString) sql = g_string_sized_new (4096);

  g_string_append_printf (sql, "CREATE TABLE \"%s\"(", kind->name);
  for (guint i = 0; i < XH_N_SPINE_COLUMNS; i++)
    if ((xh_spine_columns[i].flags & XH_SPINE_IS_NAMED) != 0)
      append_column (sql, xh_spine_columns[i].name, (xh_spine_columns[i].flags & XH_SPINE_IS_INTEGER) != 0 ? "INTEGER" : "TEXT");
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      append_column (sql, field->name, xh_sql_column_type (field->type));
    }
  for (guint i = 0; i < kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (kind->references, i);

      append_column (sql, reference->name, xh_sql_column_type (reference->type));
    }
  g_string_append_printf (sql, "); INSERT INTO \"%s\" DEFAULT VALUES", kind->name);
  if (sqlite3_exec (self->db, sql->str, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, sqlite3_errmsg (self->db));
  return FALSE;
}

static gboolean
run (Linter *self, const char *expression, GError **error)
{
  g_autofree char *sql = g_strconcat ("SELECT (", expression, ") FROM \"", self->table, "\"", NULL);
  sqlite3_stmt *statement = NULL;
  const char *tail = NULL;
  int status;

  self->n_selects = 0;
  g_ptr_array_set_size (self->reads, 0);
  g_clear_pointer (&self->denied, g_free);
  sqlite3_set_authorizer (self->db, authorize_cb, self);
  status = sqlite3_prepare_v2 (self->db, sql, -1, &statement, &tail);
  sqlite3_set_authorizer (self->db, NULL, NULL);
  if (status == SQLITE_OK && tail != NULL && *tail != '\0')
    status = SQLITE_ERROR;
  if (status == SQLITE_OK)
    {
      sqlite3_progress_handler (self->db, MAX_STEPS, stop_cb, NULL);
      status = sqlite3_step (statement);
      sqlite3_progress_handler (self->db, 0, NULL, NULL);
    }
  if (status != SQLITE_ROW)
    g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, "%s",
                 self->denied != NULL ? self->denied : sqlite3_errmsg (self->db));
  sqlite3_finalize (statement);
  return status == SQLITE_ROW;
}

static gboolean
linter_check (Linter *self, const XhNames *names, const char *expression, gboolean *is_aggregate, GError **error)
{
  if (!xh_expression_scan (expression, names, is_aggregate, error))
    return FALSE;
  if (!g_hash_table_contains (self->tables, names->kind->name))
    {
      if (!make_table (self, names->kind, error))
        return FALSE;
      g_hash_table_add (self->tables, names->kind->name);
    }
  self->table = names->kind->name;
  return run (self, expression, error);
}

/* --- cycles: which value hangs on which */

typedef struct
{
  const XhKind *kind;
  GPtrArray *sites;    /* those that give values or relevance of the kind's fields */
  guint uses;          /* bits of XhSiteUse that count */
  guint8 *colors;      /* fields, then references: 0 not seen, 1 on the way, 2 done */
  GPtrArray *path;     /* of const char *: names on the way */
} CycleSearch;

static gboolean visit (CycleSearch *search, const char *name);

static gboolean
visit_site (CycleSearch *search, const XhSite *site)
{
  for (guint i = 0; site->depends != NULL && i < site->depends->len; i++)
    if (visit (search, g_ptr_array_index (site->depends, i)))
      return TRUE;
  return FALSE;
}

/* TRUE: the path ends in a name that is already on it. */
static gboolean
visit (CycleSearch *search, const char *name)
{
  const XhField *field = xh_kind_find_field (search->kind, name);
  const XhReference *reference = field == NULL ? xh_kind_find_reference (search->kind, name) : NULL;
  guint place;

  if (field == NULL && reference == NULL)
    return FALSE;
  place = field != NULL ? field->index : search->kind->fields->len + reference->index;
  if (search->colors[place] == 2)
    return FALSE;
  g_ptr_array_add (search->path, (gpointer) name);
  if (search->colors[place] == 1)
    return TRUE;
  search->colors[place] = 1;
  if (reference != NULL && visit (search, reference->match_ours))
    return TRUE;
  for (guint i = 0; field != NULL && i < search->sites->len; i++)
    {
      const XhSite *site = g_ptr_array_index (search->sites, i);

      if ((search->uses & (1u << site->use)) != 0 && field->index >= site->first
          && field->index < site->first + site->n && visit_site (search, site))
        return TRUE;
    }
  search->colors[place] = 2;
  g_ptr_array_set_size (search->path, search->path->len - 1);
  return FALSE;
}

static void
report_cycle (XhLoading *loading, const CycleSearch *search)
{
  g_autofree char *file = g_strdup_printf ("kinds/%s.json", search->kind->name);
  g_autofree char *reason = NULL;
  g_autoptr (GString) names = g_string_new (NULL);
  const char *last = g_ptr_array_index (search->path, search->path->len - 1);
  guint first = 0;

  while (strcmp (g_ptr_array_index (search->path, first), last) != 0)
    first++;
  for (guint i = first; i < search->path->len; i++)
    g_string_append_printf (names, "%s%s", i > first ? " → " : "", (const char *) g_ptr_array_index (search->path, i));
  reason = g_strdup_printf (_("values hang on each other in a circle: %s"), names->str);
  xh_faults_add (loading->faults, file, "/sections", reason);
}

static void
find_cycles (XhLoading *loading, const XhKind *kind, GPtrArray *sites, guint uses)
{
  g_autofree guint8 *colors = g_new0 (guint8, kind->fields->len + kind->references->len);
  g_autoptr (GPtrArray) path = g_ptr_array_new ();
  CycleSearch search = { kind, sites, uses, colors, path };

  for (guint i = 0; i < kind->fields->len; i++)
    {
      g_ptr_array_set_size (path, 0);
      if (visit (&search, ((XhField *) g_ptr_array_index (kind->fields, i))->name))
        {
          report_cycle (loading, &search);
          return;
        }
    }
}

/* What is made of a sensitive value would be printed in full. */
static void
guard_site (XhLoading *loading, const XhSite *site, const XhKind *kind)
{
  for (guint i = 0; i < site->depends->len; i++)
    {
      const XhField *field = xh_kind_find_field (kind, g_ptr_array_index (site->depends, i));
      g_autofree char *reason = NULL;

      if (field == NULL || !field->sensitive
          || (site->unmasked != NULL && g_strv_contains ((const char *const *) site->unmasked, field->name)))
        continue;
      reason = g_strdup_printf (_("\"%s\" is sensitive: print it as {{%s}}, which is masked, or list it in \"unmasked\""), field->name, field->name);
      xh_faults_add (loading->faults, site->file, site->path, reason);
    }
}

/* A catalog has thousands of sites, a kind a few dozen: the search looks at a kind's for each of its fields. */
static GPtrArray *
own_sites (XhLoading *loading, const XhKind *kind)
{
  GPtrArray *sites = g_ptr_array_new ();

  for (guint i = 0; i < loading->sites->len; i++)
    if (((XhSite *) g_ptr_array_index (loading->sites, i))->owner == kind)
      g_ptr_array_add (sites, g_ptr_array_index (loading->sites, i));
  return sites;
}

static void
check_site (XhLoading *loading, Linter *linter, XhSite *site)
{
  XhNames names = { xh_catalog_find_kind (loading->catalog, site->kind), site->own_names, site->is_aggregate };
  g_autoptr (GError) error = NULL;
  gboolean is_aggregate = FALSE;

  if (names.kind == NULL) /* already a fault */
    return;
  if (!linter_check (linter, &names, site->expression, &is_aggregate, &error))
    xh_faults_add (loading->faults, site->file, site->path, error->message);
  else if (site->is_aggregate && !is_aggregate)
    xh_faults_add (loading->faults, site->file, site->path,
                   _("must be count, sum, avg, min or max, since it may match many records"));
  else
    {
      site->depends = g_steal_pointer (&linter->reads);
      linter->reads = g_ptr_array_new_with_free_func (g_free);
      if (site->guarded)
        guard_site (loading, site, names.kind);
    }
}

/* --- private functions */

void
xh_loading_lint (XhLoading *loading)
{
  g_autoptr (GError) error = NULL;
  Linter linter;

  if (!linter_init (&linter, loading->catalog, &error))
    xh_faults_add (loading->faults, "catalog.json", "", error->message);
  else
    for (guint i = 0; i < loading->sites->len; i++)
      check_site (loading, &linter, g_ptr_array_index (loading->sites, i));
  linter_clear (&linter);
  if (loading->faults->len > 0)
    return;
  for (guint i = 0; i < loading->catalog->kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (loading->catalog->kinds, i);
      g_autoptr (GPtrArray) sites = own_sites (loading, kind);

      find_cycles (loading, kind, sites, 1u << XH_SITE_COMPUTED);
      find_cycles (loading, kind, sites, 1u << XH_SITE_COMPUTED | 1u << XH_SITE_DEFAULT);
      find_cycles (loading, kind, sites, 1u << XH_SITE_COMPUTED | 1u << XH_SITE_RELEVANT);
    }
}

/* --- public functions */

gboolean
xh_expression_lint (XhCatalog *catalog, const XhKind *kind, const char *expression, gboolean aggregate, GPtrArray **depends,
                    GError **error)
{
  XhNames names = { kind, FALSE, aggregate };
  Linter linter;
  gboolean good;

  g_return_val_if_fail (catalog != NULL && kind != NULL && expression != NULL, FALSE);

  good = linter_init (&linter, catalog, error) && linter_check (&linter, &names, expression, NULL, error);
  if (good && depends != NULL)
    *depends = g_steal_pointer (&linter.reads);
  linter_clear (&linter);
  return good;
}
