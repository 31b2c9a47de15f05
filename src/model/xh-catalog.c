/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-catalog-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-document-private.h"
#include "xh-json.h"
#include "xh-tables-private.h"

#define MAX_FILE_SIZE (64 * 1024 * 1024)

/* What a catalog consists of. */
static const struct { const char *name; gboolean required; } files_at_top[] = {
  { "catalog.json", TRUE }, { "calendar.json", TRUE }, { "units.json", TRUE }, { "divisions.csv", TRUE }, { "periods.json", FALSE },
  { "sampling.json", FALSE },
};

static const char *const folders[] = { "kinds", "scorecards", "lists", "sections", "workflows", "documents" };

static const char *const scope_names[] = { "division", "unit", "all", NULL };

/* --- helpers */

static void
role_free (XhRole *role)
{
  g_free (role->name);
  xh_label_clear (&role->label);
  g_free (role);
}

static void
group_free (XhGroup *group)
{
  g_free (group->name);
  xh_label_clear (&group->label);
  g_free (group->icon);
  g_free (group);
}

static void
site_free (XhSite *site)
{
  g_free (site->file);
  g_free (site->path);
  g_free (site->kind);
  g_free (site->expression);
  g_clear_pointer (&site->depends, g_ptr_array_unref);
  g_free (site);
}

/* "kinds/household.json" is "household"; NULL where the name is not of the folder. */
static char *
definition_name (const char *file, const char *folder)
{
  if (!g_str_has_prefix (file, folder) || !g_str_has_suffix (file, ".json") || strlen (file) <= strlen (folder) + strlen (".json"))
    return NULL;
  return g_strndup (file + strlen (folder), strlen (file) - strlen (folder) - strlen (".json"));
}

static XhCatalog *
catalog_new (void)
{
  XhCatalog *catalog = g_new0 (XhCatalog, 1);

  g_atomic_ref_count_init (&catalog->references);
  catalog->kinds = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_kind_free);
  catalog->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) group_free);
  catalog->roles = g_ptr_array_new_with_free_func ((GDestroyNotify) role_free);
  catalog->scorecards = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_scorecard_free);
  catalog->documents = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_document_def_free);
  catalog->code_lists = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_code_list_free);
  catalog->sampling = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_sampling_scheme_free);
  catalog->registers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  catalog->limits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return catalog;
}

/* --- what the loaders of kinds, fields and scorecards use */

XhSite *
xh_loading_site (XhLoading *loading, const XhReader *reader, const char *key, const char *kind, const char *expression)
{
  XhSite *site;

  if (expression == NULL || kind == NULL)
    return NULL;
  site = g_new0 (XhSite, 1);
  site->file = g_strdup (reader->file);
  site->path = xh_reader_path (reader, key);
  site->kind = g_strdup (kind);
  site->expression = g_strdup (expression);
  g_ptr_array_add (loading->sites, site);
  return site;
}

char *
xh_loading_expression (XhLoading *loading, const XhReader *reader, const char *key, gboolean required, const char *kind)
{
  char *expression = xh_reader_expression (reader, key, required);

  xh_loading_site (loading, reader, key, kind, expression);
  return expression;
}

char **
xh_loading_roles (XhLoading *loading, const XhReader *reader, const char *key, gboolean required)
{
  char **roles = xh_reader_texts (reader, key, required);

  for (guint i = 0; roles != NULL && roles[i] != NULL; i++)
    if (xh_catalog_find_role (loading->catalog, roles[i]) == NULL)
      xh_reader_fault (reader, key, _("no such role \"%s\""), roles[i]);
  return roles;
}

/* --- catalog.json */

static void
load_group (XhLoading *loading, const XhReader *reader)
{
  static const char *const keys[] = { "name", "label", "icon", NULL };
  XhGroup *group;

  if (!xh_reader_object (reader, keys))
    return;
  group = g_new0 (XhGroup, 1);
  group->name = xh_reader_name (reader, TRUE);
  xh_reader_label (reader, "label", TRUE, &group->label);
  group->icon = xh_reader_text (reader, "icon", FALSE);
  for (guint i = 0; group->name != NULL && i < loading->catalog->groups->len; i++)
    if (strcmp (((XhGroup *) g_ptr_array_index (loading->catalog->groups, i))->name, group->name) == 0)
      xh_reader_fault (reader, "name", _("\"%s\" is used twice"), group->name);
  if (group->name != NULL)
    g_ptr_array_add (loading->catalog->groups, group);
  else
    group_free (group);
}

static void
load_role (XhLoading *loading, const XhReader *reader)
{
  static const char *const keys[] = { "name", "label", "scope", "brings_work", NULL };
  XhRole *role;
  int scope;

  if (!xh_reader_object (reader, keys))
    return;
  role = g_new0 (XhRole, 1);
  role->name = xh_reader_name (reader, TRUE);
  xh_reader_label (reader, "label", TRUE, &role->label);
  scope = xh_reader_one_of (reader, "scope", TRUE, scope_names);
  role->brings_work = xh_reader_boolean (reader, "brings_work", FALSE);
  role->scope = scope >= 0 ? (XhScopeType) scope : XH_SCOPE_DIVISION;
  if (role->name != NULL && xh_catalog_find_role (loading->catalog, role->name) != NULL)
    xh_reader_fault (reader, "name", _("\"%s\" is used twice"), role->name);
  if (role->name != NULL)
    g_ptr_array_add (loading->catalog->roles, role);
  else
    role_free (role);
}

/* Which kinds the program itself writes to; that they are there is checked once the kinds are. */
static void
load_registers (XhLoading *loading, const XhReader *reader)
{
  static const char *const keys[] = { "query", "report", "draw", NULL };
  XhReader registers;

  if (!xh_reader_child (reader, "registers", &registers))
    return;
  xh_reader_object (&registers, keys);
  for (guint i = 0; keys[i] != NULL; i++)
    {
      char *kind = xh_reader_text (&registers, keys[i], FALSE);

      if (kind != NULL)
        g_hash_table_insert (loading->catalog->registers, g_strdup (keys[i]), kind);
    }
}

static void
load_limits (XhLoading *loading, const XhReader *reader)
{
  g_autoptr (GList) names = NULL;
  XhReader limits;

  if (!xh_reader_child (reader, "limits", &limits))
    return;
  names = json_object_get_members (json_node_get_object (limits.node));
  for (GList *name = names; name != NULL; name = name->next)
    {
      gint64 number = xh_reader_integer (&limits, name->data, 0, 0, G_MAXINT32);

      if (!xh_name_is_valid (name->data, FALSE))
        xh_reader_fault (&limits, name->data, _("is no name: small letters, digits and _, a letter first"));
      g_hash_table_insert (loading->catalog->limits, g_strdup (name->data), g_memdup2 (&number, sizeof number));
    }
}

static void
load_head (XhLoading *loading, const XhReader *reader)
{
  static const char *const keys[] = { "name", "version", "label", "county", "groups", "roles", "registers", "limits", "source", "note", NULL };
  XhCatalog *catalog = loading->catalog;
  XhReader array, element;
  guint length;

  if (!xh_reader_object (reader, keys))
    return;
  catalog->name = xh_reader_name (reader, TRUE);
  catalog->version = (guint) xh_reader_integer (reader, "version", 1, 1, G_MAXINT32);
  catalog->county = xh_reader_text (reader, "county", FALSE);
  xh_reader_label (reader, "label", FALSE, &catalog->label);
  if (catalog->county != NULL && xh_divisions_find (catalog->divisions, catalog->county) == NULL)
    xh_reader_fault (reader, "county", _("no such division \"%s\""), catalog->county);
  length = xh_reader_array (reader, "groups", TRUE, &array);
  for (guint i = 0; i < length; i++)
    {
      xh_reader_element (&array, i, &element);
      load_group (loading, &element);
    }
  length = xh_reader_array (reader, "roles", TRUE, &array);
  for (guint i = 0; i < length; i++)
    {
      xh_reader_element (&array, i, &element);
      load_role (loading, &element);
    }
  load_registers (loading, reader);
  load_limits (loading, reader);
}

static void
check_registers (XhLoading *loading)
{
  GHashTableIter iter;
  gpointer name, kind;

  g_hash_table_iter_init (&iter, loading->catalog->registers);
  while (g_hash_table_iter_next (&iter, &name, &kind))
    if (xh_catalog_find_kind (loading->catalog, kind) == NULL)
      {
        g_autofree char *path = g_strconcat ("/registers/", name, NULL);
        g_autofree char *reason = g_strdup_printf (_("no such kind \"%s\""), (const char *) kind);

        xh_faults_add (loading->faults, "catalog.json", path, reason);
      }
}

/* --- the files together */

/* A reader of a file of the catalog. One that is missing is said once and read as an empty object whose faults nobody hears. */
static void
open_file (XhLoading *loading, JsonObject *files, const char *name, JsonNode *nothing, GPtrArray *unheard, XhReader *reader)
{
  JsonNode *node = json_object_get_member (files, name);

  if (node != NULL)
    {
      xh_reader_init (reader, loading->faults, name, node);
      return;
    }
  xh_faults_add_missing (loading->faults, name);
  xh_reader_init (reader, unheard, name, nothing);
}

static XhPeriods *
load_periods (XhLoading *loading, JsonObject *files)
{
  JsonNode *node = json_object_get_member (files, "periods.json");
  XhReader reader;

  if (node == NULL)
    return xh_periods_new (NULL);
  xh_reader_init (&reader, loading->faults, "periods.json", node);
  return xh_periods_new (&reader);
}

static void
load_tables (XhLoading *loading, JsonObject *files)
{
  g_autoptr (GPtrArray) unheard = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonNode) nothing = json_node_new (JSON_NODE_OBJECT);
  const char *csv;
  XhReader reader;

  json_node_take_object (nothing, json_object_new ());
  open_file (loading, files, "divisions.csv", nothing, unheard, &reader);
  csv = JSON_NODE_HOLDS_VALUE (reader.node) ? json_node_get_string (reader.node) : NULL;
  if (csv == NULL)
    xh_reader_fault (&reader, NULL, _("must be a text"));
  loading->catalog->divisions = xh_divisions_new (csv != NULL ? csv : "", "divisions.csv", csv != NULL ? loading->faults : unheard);
  open_file (loading, files, "units.json", nothing, unheard, &reader);
  loading->catalog->units = xh_units_new (&reader, loading->catalog->divisions);
  open_file (loading, files, "calendar.json", nothing, unheard, &reader);
  loading->catalog->calendar = xh_calendar_new (&reader);
  loading->catalog->periods = load_periods (loading, files);
  open_file (loading, files, "catalog.json", nothing, unheard, &reader);
  load_head (loading, &reader);
}

static void
load_code_lists (XhLoading *loading, GList *names)
{
  for (GList *at = names; at != NULL; at = at->next)
    {
      g_autofree char *name = definition_name (at->data, "lists/");
      XhCodeList *list;
      XhReader reader;

      if (name == NULL)
        continue;
      xh_reader_init (&reader, loading->faults, at->data, json_object_get_member (loading->files, at->data));
      list = xh_code_list_load (loading, &reader, name);
      if (list != NULL)
        g_ptr_array_add (loading->catalog->code_lists, list);
    }
}

static void
load_kind (XhLoading *loading, const XhReader *reader, const char *name)
{
  XhKind *kind = xh_kind_load (loading, reader, name);

  if (kind == NULL)
    return;
  for (guint i = 0; i < loading->catalog->kinds->len; i++)
    if (strcmp (((XhKind *) g_ptr_array_index (loading->catalog->kinds, i))->table, kind->table) == 0)
      xh_reader_fault (reader, "name", _("another kind's name differs only in - and _"));
  g_ptr_array_add (loading->catalog->kinds, kind);
}

/* Calls the loaders (links FALSE), then the checks of what the definitions say of each other. */
static void
load_definitions (XhLoading *loading, JsonObject *files, GList *names, gboolean links)
{
  for (GList *at = names; at != NULL; at = at->next)
    {
      const char *file = at->data;
      g_autofree char *kind = definition_name (file, "kinds/");
      g_autofree char *card = definition_name (file, "scorecards/");
      XhReader reader;

      xh_reader_init (&reader, loading->faults, file, json_object_get_member (files, file));
      if (links && kind != NULL && xh_catalog_find_kind (loading->catalog, kind) != NULL)
        xh_kind_check_links (loading, &reader, xh_catalog_find_kind (loading->catalog, kind));
      else if (links && card != NULL && xh_catalog_find_scorecard (loading->catalog, card) != NULL)
        xh_scorecard_check_links (loading, &reader, xh_catalog_find_scorecard (loading->catalog, card));
      else if (!links && kind != NULL)
        load_kind (loading, &reader, kind);
      else if (!links && card != NULL)
        {
          XhScorecard *loaded = xh_scorecard_load (loading, &reader, card);

          if (loaded != NULL)
            g_ptr_array_add (loading->catalog->scorecards, loaded);
        }
    }
}

/* Last: a paper names fields of any kind. */
static void
load_documents (XhLoading *loading, JsonObject *files, GList *names)
{
  for (GList *at = names; at != NULL; at = at->next)
    {
      g_autofree char *name = definition_name (at->data, "documents/");
      XhDocumentDef *def = NULL;
      XhReader reader;

      if (name == NULL)
        continue;
      xh_reader_init (&reader, loading->faults, at->data, json_object_get_member (files, at->data));
      def = xh_document_def_load (loading, &reader, name);
      if (def != NULL)
        g_ptr_array_add (loading->catalog->documents, def);
    }
}

/* A file that no part of the program knows: a mistyped folder, or something that does not belong in a bundle. */
static gboolean
is_file_name (const char *file)
{
  for (guint i = 0; i < G_N_ELEMENTS (files_at_top); i++)
    if (strcmp (file, files_at_top[i].name) == 0)
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *prefix = g_strconcat (folders[i], "/", NULL);
      g_autofree char *name = definition_name (file, prefix);

      if (name != NULL && xh_name_is_valid (name, TRUE))
        return TRUE;
      if (name != NULL && strcmp (folders[i], "kinds") == 0) /* said where it is loaded */
        return TRUE;
    }
  return FALSE;
}

static void
refuse_strangers (XhLoading *loading, GList *names)
{
  for (GList *at = names; at != NULL; at = at->next)
    if (!is_file_name (at->data))
      xh_faults_add (loading->faults, at->data, "", _("is no file of a catalog"));
}

static guint
group_place (XhCatalog *catalog, const char *name)
{
  guint i = 0;

  while (i < catalog->groups->len && g_strcmp0 (((XhGroup *) g_ptr_array_index (catalog->groups, i))->name, name) != 0)
    i++;
  return i;
}

static int
compare_kinds (gconstpointer a, gconstpointer b)
{
  const XhKind *first = *(const XhKind *const *) a, *second = *(const XhKind *const *) b;
  guint first_group = group_place (first->catalog, first->group), second_group = group_place (second->catalog, second->group);

  if (first_group != second_group)
    return first_group < second_group ? -1 : 1;
  if (first->order != second->order)
    return first->order < second->order ? -1 : 1;
  return strcmp (first->name, second->name);
}

static void
sort_kinds (XhCatalog *catalog)
{
  g_ptr_array_sort (catalog->kinds, compare_kinds);
  for (guint i = 0; i < catalog->kinds->len; i++)
    ((XhKind *) g_ptr_array_index (catalog->kinds, i))->index = i;
}

static void
keep_bundle (XhCatalog *catalog, JsonObject *files)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  char *text;

  json_object_set_object_member (object, "files", json_object_ref (files));
  json_node_take_object (root, object);
  text = xh_json_canonical (root);
  catalog->bundle = g_bytes_new_take (text, strlen (text));
  catalog->hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, catalog->bundle);
}

/* Takes the faults found so far. */
static XhCatalog *
load_files (JsonObject *files, GPtrArray *faults, GError **error)
{
  g_autoptr (XhCatalog) catalog = catalog_new ();
  g_autoptr (GPtrArray) sites = g_ptr_array_new_with_free_func ((GDestroyNotify) site_free);
  g_autoptr (GList) names = g_list_sort (json_object_get_members (files), (GCompareFunc) strcmp);
  XhLoading loading = { catalog, faults, sites, files };

  load_tables (&loading, files);
  load_code_lists (&loading, names);
  load_definitions (&loading, files, names, FALSE);
  refuse_strangers (&loading, names);
  if (catalog->kinds->len == 0)
    xh_faults_add (faults, "kinds/", "", _("there is no kind"));
  load_definitions (&loading, files, names, TRUE);
  load_documents (&loading, files, names);
  check_registers (&loading);
  xh_sampling_load (&loading);
  if (faults->len == 0)
    xh_loading_lint (&loading);
  if (faults->len > 0)
    {
      g_autofree char *all = NULL;

      g_ptr_array_add (faults, NULL);
      all = g_strjoinv ("\n", (char **) faults->pdata);
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_CATALOG, all);
      return NULL;
    }
  sort_kinds (catalog);
  keep_bundle (catalog, files);
  return g_steal_pointer (&catalog);
}

/* --- the folder */

static void
read_file (const char *folder, const char *name, JsonObject *files, GPtrArray *faults)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &error))
    xh_faults_add (faults, name, "", error->message);
  else if (length > MAX_FILE_SIZE)
    xh_faults_add (faults, name, "", _("the file is too big"));
  else if (!g_str_has_suffix (name, ".json"))
    {
      if (g_utf8_validate_len (text, length, NULL))
        json_object_set_string_member (files, name, text);
      else
        xh_faults_add (faults, name, "", _("the file is not UTF-8"));
    }
  else
    {
      JsonNode *node = xh_json_parse_definition (text, length, &error);

      if (node != NULL)
        json_object_set_member (files, name, node);
      else
        xh_faults_add (faults, name, "", error->message);
    }
}

static void
read_folder (const char *folder, const char *below, JsonObject *files, GPtrArray *faults)
{
  g_autofree char *path = g_build_filename (folder, below, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  /* A folder that is not there is an empty one: a catalog without scorecards has none. */
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_strdup_printf ("%s/%s", below, name);

      if (g_str_has_suffix (name, ".json") && name[0] != '.')
        read_file (folder, file, files, faults);
    }
}

/* --- public functions */

XhCatalog *
xh_catalog_load_folder (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonObject) files = json_object_new ();

  g_return_val_if_fail (folder != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (files_at_top); i++)
    {
      g_autofree char *path = g_build_filename (folder, files_at_top[i].name, NULL);

      if (files_at_top[i].required || g_file_test (path, G_FILE_TEST_EXISTS))
        read_file (folder, files_at_top[i].name, files, faults);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    read_folder (folder, folders[i], files, faults);
  return load_files (files, faults, error);
}

XhCatalog *
xh_catalog_load_bundle (GBytes *bundle, GError **error)
{
  static const char *const keys[] = { "files", NULL };
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) inner = NULL;
  XhReader reader, files;
  gsize length;
  const char *text;

  g_return_val_if_fail (bundle != NULL, NULL);

  text = g_bytes_get_data (bundle, &length);
  root = length <= MAX_FILE_SIZE ? xh_json_parse_definition (text != NULL ? text : "", length, &inner) : NULL;
  if (root == NULL)
    {
      g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_CATALOG, "bundle: %s",
                   inner != NULL ? inner->message : _("the file is too big"));
      return NULL;
    }
  xh_reader_init (&reader, faults, "bundle", root);
  if (!xh_reader_object (&reader, keys) || !xh_reader_child (&reader, "files", &files))
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_CATALOG, _("bundle: there are no files in it"));
      return NULL;
    }
  return load_files (json_node_get_object (files.node), faults, error);
}

XhCatalog *
xh_catalog_ref (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  g_atomic_ref_count_inc (&catalog->references);
  return catalog;
}

void
xh_catalog_unref (XhCatalog *catalog)
{
  g_return_if_fail (catalog != NULL);

  if (!g_atomic_ref_count_dec (&catalog->references))
    return;
  g_ptr_array_unref (catalog->documents);
  g_ptr_array_unref (catalog->scorecards);
  g_ptr_array_unref (catalog->kinds);
  g_ptr_array_unref (catalog->code_lists);
  g_hash_table_unref (catalog->registers);
  g_hash_table_unref (catalog->limits);
  g_ptr_array_unref (catalog->groups);
  g_ptr_array_unref (catalog->roles);
  xh_calendar_free (catalog->calendar);
  xh_periods_free (catalog->periods);
  g_ptr_array_unref (catalog->sampling);
  xh_units_free (catalog->units);
  xh_divisions_free (catalog->divisions);
  g_clear_pointer (&catalog->bundle, g_bytes_unref);
  g_free (catalog->hash);
  g_free (catalog->name);
  g_free (catalog->county);
  xh_label_clear (&catalog->label);
  g_free (catalog);
}
