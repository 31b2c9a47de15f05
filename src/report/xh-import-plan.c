/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-import-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define HEAD_ROWS 15 /* titles of the sheet and remarks may stand above the columns */

static void
column_free (gpointer data)
{
  XhImportColumn *column = data;

  g_free (column->title);
  g_free (column->unit);
  g_free (column->sample);
  g_free (column);
}

/* --- names */

static gboolean
is_filler (gunichar c)
{
  return g_unichar_isspace (c) || c == '*' || c == 0xFF0A || c == 0x200B || c == 0xFEFF || c == ':' || c == '"' || c == '_';
}

char *
xh_import_normal (const char *text)
{
  g_autofree char *wide = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *folded = wide != NULL ? g_utf8_casefold (wide, -1) : g_strdup ("");
  GString *normal = g_string_new (NULL);

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_filler (g_utf8_get_char (p)))
      g_string_append_unichar (normal, g_utf8_get_char (p));
  return g_string_free (normal, FALSE);
}

/* The name without what stands in brackets at its end. @inside: (out) (transfer full). NULL: it has none. */
static char *
cut_brackets (const char *normal, char **inside)
{
  const char *open = strrchr (normal, '(');

  if (open == NULL || open == normal || !g_str_has_suffix (normal, ")"))
    return NULL;
  *inside = g_strndup (open + 1, strlen (open) - 2);
  return g_strndup (normal, (gsize) (open - normal));
}

static gboolean
is_named (const XhField *field, const char *normal)
{
  const char *const names[] = { field->label.zh, field->label.en, field->name, field->external_code };
  gboolean found = FALSE;

  for (guint i = 0; !found && i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = names[i] != NULL ? xh_import_normal (names[i]) : NULL;

      found = g_strcmp0 (name, normal) == 0;
    }
  for (guint i = 0; !found && field->aliases != NULL && field->aliases[i] != NULL; i++)
    {
      g_autofree char *name = xh_import_normal (field->aliases[i]);

      found = strcmp (name, normal) == 0;
    }
  return found;
}

gboolean
xh_import_takes (const XhField *field, const char *role)
{
  return field->computed == NULL && !field->scored && field->type != XH_FIELD_FILES
         && (role == NULL || (xh_kind_may (field->kind, field->write_roles, role) && xh_kind_may (field->kind, field->read_roles, role)));
}

static gboolean
is_mapped (XhImportPlan *plan, const XhField *field)
{
  for (guint i = 0; i < plan->columns->len; i++)
    if (((XhImportColumn *) plan->columns->pdata[i])->field == field)
      return TRUE;
  return FALSE;
}

/* @free: only a field that may still have a column: where two fields have one name, the second title is the second field. */
static const XhField *
find_by_name (XhImportPlan *plan, const char *normal, gboolean free)
{
  for (guint i = 0; *normal != '\0' && i < plan->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (plan->kind->fields, i);

      if (is_named (field, normal)
          && (!free || (xh_import_takes (field, plan->role) && (field->type == XH_FIELD_CHOICES || !is_mapped (plan, field)))))
        return field;
    }
  return NULL;
}

/* "罚款金额（元）" is the fine, in another unit than the field has. */
static const XhField *
find_by_title (XhImportPlan *plan, const char *title, gboolean free, char **unit)
{
  g_autofree char *normal = xh_import_normal (title), *short_name = NULL, *inside = NULL;
  const XhField *field = find_by_name (plan, normal, free);

  *unit = NULL;
  short_name = cut_brackets (normal, &inside);
  if (field == NULL && short_name != NULL)
    field = find_by_name (plan, short_name, free);
  if (field != NULL && field->type == XH_FIELD_MONEY && inside != NULL && (strcmp (inside, "元") == 0 || strcmp (inside, "万元") == 0))
    *unit = g_steal_pointer (&inside);
  return field;
}

/* --- the row of titles */

static guint
count_titles (XhImportPlan *plan, const XhCell *cells, guint n)
{
  guint found = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *unit = NULL;

      found += cells[i].type == XH_CELL_TEXT && strlen (cells[i].text) < 300 && find_by_title (plan, cells[i].text, FALSE, &unit) != NULL;
    }
  return found;
}

static guint
count_filled (const XhCell *cells, guint n)
{
  guint filled = 0;

  for (guint i = 0; i < n; i++)
    filled += cells[i].type != XH_CELL_EMPTY;
  return filled;
}

static void
match_column (XhImportPlan *plan, XhImportColumn *column)
{
  const XhField *field;

  if (strcmp (column->title, XH_SHEET_KEY) == 0)
    column->use = XH_IMPORT_KEY;
  else if (g_str_has_prefix (column->title, XH_SHEET_STAMP))
    {
      column->use = XH_IMPORT_STAMP;
      g_clear_pointer (&plan->stamped, g_strfreev);
      plan->stamped = g_strsplit (column->title + strlen (XH_SHEET_STAMP), ",", XH_SHEET_MAX_COLUMNS);
    }
  else if (strcmp (column->title, XH_SHEET_REASON) == 0)
    column->use = XH_IMPORT_REASON;
  else
    {
      field = find_by_title (plan, column->title, TRUE, &column->unit);
      if (field != NULL)
        {
          column->use = XH_IMPORT_FIELD;
          column->field = field;
        }
    }
}

static void
take_titles (XhImportPlan *plan, const XhCell *cells, guint n, guint row)
{
  g_ptr_array_set_size (plan->columns, 0);
  for (guint i = 0; i < n; i++)
    {
      XhImportColumn *column = g_new0 (XhImportColumn, 1);

      column->title = g_strstrip (g_strdup (cells[i].text));
      if (strlen (column->title) > 8000)
        column->title[0] = '\0';
      match_column (plan, column);
      g_ptr_array_add (plan->columns, column);
    }
  plan->first_row = row;
}

static void
take_samples (XhImportPlan *plan, const XhCell *cells, guint n)
{
  for (guint i = 0; i < MIN (n, plan->columns->len); i++)
    {
      XhImportColumn *column = g_ptr_array_index (plan->columns, i);

      if (column->sample == NULL && *cells[i].text != '\0')
        column->sample = g_utf8_substring (cells[i].text, 0, MIN (g_utf8_strlen (cells[i].text, -1), 60));
    }
}

/* The row with the most titles; rows of codes right below it are titles, too. */
static gboolean
find_titles (XhImportPlan *plan, GError **error)
{
  g_autoptr (XhSheetReader) reader = xh_sheet_reader_open_sheet (plan->path, plan->sheet, error);
  g_autoptr (GError) failure = NULL;
  const XhCell *cells;
  guint n, row, best = 0, opened;

  if (reader == NULL)
    return FALSE;
  g_strfreev (plan->sheets);
  plan->sheets = xh_sheet_reader_dup_names (reader, &opened);
  if (plan->sheet == NULL)
    plan->sheet = g_strdup (plan->sheets[0] != NULL ? plan->sheets[opened] : NULL);
  for (guint i = 0; i < HEAD_ROWS && xh_sheet_reader_next (reader, &cells, &n, &row, &failure); i++)
    {
      guint found = count_titles (plan, cells, n);

      if (best > 0 && found > 0 && found * 2 >= count_filled (cells, n))
        {
          plan->first_row = row;
          if (found <= best)
            continue;
        }
      if (found > best)
        {
          best = found;
          take_titles (plan, cells, n, row);
        }
      else if (best > 0)
        take_samples (plan, cells, n);
    }
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (best == 0)
    g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_COLUMNS, _("No column of this sheet belongs to “%s”. Compare with the template."),
                 xh_label_get (&plan->kind->label));
  else
    return TRUE;
  return FALSE;
}

/* The first sheet that fits, where none is named: a file often begins with a page of remarks. */
static gboolean
find_sheet (XhImportPlan *plan, GError **error)
{
  g_autoptr (GError) failure = NULL;
  const gboolean named = plan->sheet != NULL;
  gboolean found = find_titles (plan, &failure);
  g_auto (GStrv) sheets = g_strdupv (plan->sheets);

  for (guint i = 1; !found && !named && sheets != NULL && sheets[0] != NULL && sheets[i] != NULL
                    && g_error_matches (failure, XH_SHEET_ERROR, XH_SHEET_ERROR_COLUMNS);
       i++)
    {
      g_autoptr (GError) other = NULL;

      g_free (plan->sheet);
      plan->sheet = g_strdup (sheets[i]);
      found = find_titles (plan, &other);
    }
  if (!found)
    g_propagate_error (error, g_steal_pointer (&failure));
  return found;
}

/* --- public */

XhImportPlan *
xh_import_plan_new (const XhKind *kind, const char *path, const char *role, GError **error)
{
  return xh_import_plan_new_of_sheet (kind, path, NULL, role, error);
}

XhImportPlan *
xh_import_plan_new_of_sheet (const XhKind *kind, const char *path, const char *sheet, const char *role, GError **error)
{
  g_autoptr (XhImportPlan) plan = g_new0 (XhImportPlan, 1);

  g_return_val_if_fail (kind != NULL && path != NULL, NULL);

  plan->kind = kind;
  plan->catalog = xh_catalog_ref (kind->catalog);
  plan->path = g_strdup (path);
  plan->role = g_strdup (role);
  plan->columns = g_ptr_array_new_with_free_func (column_free);
  plan->constants = xh_value_array_new (kind->fields->len);
  plan->choices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  plan->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  plan->sheet = g_strdup (sheet);
  return find_sheet (plan, error) ? g_steal_pointer (&plan) : NULL;
}

void
xh_import_plan_free (XhImportPlan *plan)
{
  if (plan == NULL)
    return;
  xh_value_array_free (plan->constants, plan->kind->fields->len);
  g_ptr_array_unref (plan->columns);
  g_strfreev (plan->stamped);
  g_clear_pointer (&plan->places, g_hash_table_unref);
  g_clear_pointer (&plan->choices, g_hash_table_unref);
  g_clear_pointer (&plan->links, g_hash_table_unref);
  g_free (plan->path);
  g_free (plan->role);
  g_free (plan->sheet);
  g_strfreev (plan->sheets);
  xh_catalog_unref (plan->catalog);
  g_free (plan);
}

const XhKind *
xh_import_plan_get_kind (XhImportPlan *plan)
{
  return plan->kind;
}

const char *
xh_import_plan_get_path (XhImportPlan *plan)
{
  return plan->path;
}

const char *
xh_import_plan_get_sheet (XhImportPlan *plan)
{
  return plan->sheet;
}

const char *const *
xh_import_plan_get_sheets (XhImportPlan *plan)
{
  return (const char *const *) plan->sheets;
}

GPtrArray *
xh_import_plan_get_columns (XhImportPlan *plan)
{
  return plan->columns;
}

void
xh_import_plan_map (XhImportPlan *plan, guint column, const XhField *field)
{
  XhImportColumn *target;
  g_autofree char *normal = NULL, *rest = NULL, *inside = NULL;

  g_return_if_fail (column < plan->columns->len);

  for (guint i = 0; field != NULL && field->type != XH_FIELD_CHOICES && i < plan->columns->len; i++)
    {
      XhImportColumn *other = g_ptr_array_index (plan->columns, i);

      if (other->field == field)
        {
          other->field = NULL;
          other->use = XH_IMPORT_NONE;
        }
    }
  target = g_ptr_array_index (plan->columns, column);
  target->field = field;
  target->use = field != NULL ? XH_IMPORT_FIELD : XH_IMPORT_NONE;
  g_clear_pointer (&target->unit, g_free);
  normal = xh_import_normal (target->title);
  rest = cut_brackets (normal, &inside);
  if (field != NULL && field->type == XH_FIELD_MONEY && rest != NULL && (strcmp (inside, "元") == 0 || strcmp (inside, "万元") == 0))
    target->unit = g_steal_pointer (&inside);
}

gboolean
xh_import_plan_constant (XhImportPlan *plan, const XhField *field, const char *text, GError **error)
{
  g_return_val_if_fail (field->kind == plan->kind, FALSE);

  if (text == NULL)
    {
      xh_value_clear (&plan->constants[field->index]);
      return TRUE;
    }
  return xh_field_parse (field, text, &plan->constants[field->index], error);
}

void
xh_import_plan_allow_missing (XhImportPlan *plan, gboolean allow)
{
  plan->allow_missing = allow;
}

GPtrArray *
xh_import_plan_lacking (XhImportPlan *plan)
{
  GPtrArray *lacking = g_ptr_array_new ();

  for (guint i = 0; i < plan->kind->fields->len; i++)
    {
      XhField *field = g_ptr_array_index (plan->kind->fields, i);

      if (field->required && field->computed == NULL && !field->scored && field->default_expression == NULL && !is_mapped (plan, field)
          && xh_value_is_null (&plan->constants[i]))
        g_ptr_array_add (lacking, field);
    }
  return lacking;
}
