/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-export.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-form.h"
#include "model/xh-json.h"
#include "xh-import-private.h"
#include "xh-sheet-writer.h"

#define ROWS_AT_ONCE 200
#define MAX_UNITS 2000

typedef struct
{
  XhStore *store;
  const XhKind *kind;
  const XhExportOptions *options;
  GPtrArray *fields;      /* (owned) of XhField */
  char *stamp_title;      /* (owned) (nullable) */
  GHashTable *titles;     /* (owned) id: title, of what links point to */
  XhSheetWriter *writer;  /* (owned) */
} Export;

static void
export_clear (Export *self)
{
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->titles, g_hash_table_unref);
  g_clear_pointer (&self->writer, xh_sheet_writer_free);
  g_free (self->stamp_title);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Export, export_clear)

static gboolean
is_national (const Export *self)
{
  return (self->options->flags & XH_EXPORT_NATIONAL) != 0;
}

static gboolean
has_keys (const Export *self)
{
  return (self->options->flags & (XH_EXPORT_NATIONAL | XH_EXPORT_NO_KEYS)) == 0;
}

static gboolean
is_masked (const Export *self, const XhField *field)
{
  return field->sensitive && (self->options->flags & XH_EXPORT_UNMASKED) == 0;
}

/* --- columns */

static gboolean
may_read (const XhField *field, const char *role)
{
  return role == NULL || xh_kind_may (field->kind, field->read_roles, role);
}

/* The long explanation of a score is for the program. */
static gboolean
goes_out (const Export *self, const XhField *field)
{
  if (!may_read (field, self->options->role) || field->type == XH_FIELD_FILES || (field->scored && field->type == XH_FIELD_LONG_TEXT))
    return FALSE;
  return !is_national (self) || field->external_code != NULL;
}

static double
width_of (const XhField *field)
{
  switch (field->type)
    {
    case XH_FIELD_ID_NUMBER:
    case XH_FIELD_USCC:
      return 21;
    case XH_FIELD_LONG_TEXT:
    case XH_FIELD_TABLE:
      return 40;
    case XH_FIELD_TEXT:
    case XH_FIELD_DIVISION:
    case XH_FIELD_UNIT:
    case XH_FIELD_LINK:
    case XH_FIELD_CHOICES:
      return 24;
    case XH_FIELD_PHONE:
      return 14;
    default:
      return 12;
    }
}

static XhColumnType
type_of (const XhField *field)
{
  switch (field->type)
    {
    case XH_FIELD_INTEGER:
    case XH_FIELD_DECIMAL:
    case XH_FIELD_MONEY:
      return field->sensitive ? XH_COLUMN_TEXT : XH_COLUMN_NUMBER;
    case XH_FIELD_DATE:
      return field->sensitive ? XH_COLUMN_TEXT : XH_COLUMN_DATE;
    default:
      return XH_COLUMN_TEXT;
    }
}

/* Money carries its unit in the title: "罚款金额（万元）". */
static char *
title_of (const XhField *field)
{
  return field->type == XH_FIELD_MONEY ? xh_field_heading (field) : g_strdup (xh_label_get (&field->label));
}

static const char *
format_of (const XhField *field)
{
  if (field->type != XH_FIELD_MONEY)
    return NULL;
  return g_strcmp0 (field->unit_label, "万元") == 0 ? "#,##0.######" : "#,##0.00";
}

static void
fill_column (const XhField *field, XhSheetColumn *column, char **title)
{
  *title = title_of (field);
  *column = (XhSheetColumn) { .title = *title, .code = field->external_code, .type = type_of (field), .format = format_of (field),
                              .width = width_of (field) };
}

static void
add_hidden (Export *self, XhSheetColumn *columns, guint n)
{
  g_autoptr (GString) title = g_string_new (XH_SHEET_STAMP);

  for (guint i = 0; i < self->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->fields, i);

      g_string_append_printf (title, "%s%s%s", i > 0 ? "," : "", xh_stamp_by_text (field, is_masked (self, field)) ? "~" : "", field->name);
    }
  self->stamp_title = g_string_free (g_steal_pointer (&title), FALSE);
  columns[n] = (XhSheetColumn) { .title = XH_SHEET_KEY, .hidden = TRUE, .width = 38 };
  columns[n + 1] = (XhSheetColumn) { .title = self->stamp_title, .hidden = TRUE, .width = 10 };
}

static gboolean
open_writer (Export *self, const char *path, GError **error)
{
  guint n;
  g_autofree XhSheetColumn *columns = NULL;
  g_auto (GStrv) titles = NULL;

  self->fields = g_ptr_array_new ();
  for (guint i = 0; i < self->kind->fields->len; i++)
    if (goes_out (self, g_ptr_array_index (self->kind->fields, i)))
      g_ptr_array_add (self->fields, g_ptr_array_index (self->kind->fields, i));
  n = self->fields->len;
  if (n == 0)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_COLUMNS, is_national (self) ? _("“%s” has no columns of a national standard.")
                                                                                     : _("Your role may not read “%s”."),
                   xh_label_get (&self->kind->label));
      return FALSE;
    }
  columns = g_new0 (XhSheetColumn, n + 3);
  titles = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    fill_column (self->fields->pdata[i], &columns[i], &titles[i]);
  if (!is_national (self))
    columns[n++] = (XhSheetColumn) { .title = _("State"), .width = 12 };
  if (has_keys (self))
    {
      add_hidden (self, columns, n);
      n += 2;
    }
  self->writer = xh_sheet_writer_new (path, xh_label_get (&self->kind->label), columns, n, error);
  return self->writer != NULL;
}

/* --- values */

/* Of a register that the role may not read, no name either: its number stands for it. */
static const char *
link_title (Export *self, const XhField *field, const char *id)
{
  const XhKind *kind = xh_catalog_find_kind (field->kind->catalog, field->link_kind);
  char *title = g_hash_table_lookup (self->titles, id);

  if (title != NULL)
    return title;
  if (self->options->role == NULL || (kind != NULL && xh_kind_may (kind, kind->read_roles, self->options->role)))
    title = xh_store_title (self->store, id, NULL);
  if (title == NULL)
    title = g_strdup (id);
  if (g_hash_table_size (self->titles) > 5000)
    g_hash_table_remove_all (self->titles);
  g_hash_table_insert (self->titles, g_strdup (id), title);
  return title;
}

static char *
choices_text (const Export *self, const XhField *field, const char *json)
{
  g_autoptr (JsonNode) node = xh_json_parse (json, -1, NULL);
  g_autoptr (GPtrArray) said = g_ptr_array_new ();
  GString *text = g_string_new (NULL);

  for (guint i = 0; node != NULL && JSON_NODE_HOLDS_ARRAY (node) && i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (node), i);
      const char *code = json_node_get_value_type (element) == G_TYPE_STRING ? json_node_get_string (element) : "";
      const XhChoice *choice = xh_field_find_choice (field, code);
      const char *name = choice == NULL ? code : is_national (self) ? xh_choice_get_external (choice) : xh_label_get (&choice->label);

      /* Several choices may leave under one text of the standard. */
      if (g_ptr_array_find_with_equal_func (said, name, g_str_equal, NULL))
        continue;
      g_ptr_array_add (said, (gpointer) name);
      g_string_append_printf (text, "%s%s", said->len > 1 ? "；" : "", name);
    }
  return g_string_free (text, FALSE);
}

/* (transfer full) */
static char *
text_of (Export *self, const XhField *field, const XhValue *value)
{
  const XhChoice *choice;

  if (xh_value_is_null (value))
    return g_strdup ("");
  if (is_masked (self, field))
    return xh_field_format (field, value, TRUE);
  switch (field->type)
    {
    case XH_FIELD_LINK:
      return g_strdup (link_title (self, field, value->text));
    case XH_FIELD_CHOICES:
      return choices_text (self, field, value->text);
    case XH_FIELD_TABLE:
      return xh_table_text (field, value->text);
    case XH_FIELD_CHOICE:
      choice = xh_field_find_choice (field, value->text);
      return is_national (self) && choice != NULL ? g_strdup (xh_choice_get_external (choice)) : xh_field_format (field, value, FALSE);
    default:
      return xh_field_format (field, value, FALSE);
    }
}

static double
number_of (const XhField *field, const XhValue *value)
{
  if (field->type == XH_FIELD_MONEY)
    return (double) xh_value_as_integer (value) / (g_strcmp0 (field->unit_label, "万元") == 0 ? 1000000 : 100);
  return xh_value_as_real (value);
}

static char *
without_groups (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  return g_strjoinv (NULL, parts);
}

/* @stamp: XH_STAMP_LENGTH characters. */
static void
write_value (Export *self, guint column, const XhField *field, const XhValue *value, char *stamp)
{
  g_autofree char *text = text_of (self, field, value);
  XhColumnType type = is_masked (self, field) || xh_value_is_null (value) ? XH_COLUMN_TEXT : type_of (field);

  if (xh_stamp_by_text (field, is_masked (self, field)))
    xh_stamp_text (text, stamp);
  else
    xh_stamp_value (value, stamp);
  if (type == XH_COLUMN_NUMBER && value->type != XH_VALUE_TEXT)
    {
      g_autofree char *plain = without_groups (text);

      xh_sheet_writer_number (self->writer, column, number_of (field, value), plain);
    }
  else if (type == XH_COLUMN_DATE && value->type == XH_VALUE_TEXT)
    xh_sheet_writer_date (self->writer, column, value->text);
  else
    xh_sheet_writer_text (self->writer, column, text);
}

static gboolean
write_record (Export *self, const XhRecord *record, GError **error)
{
  guint n = self->fields->len;
  const XhState *state = xh_kind_find_state (self->kind, record->state);
  g_autofree char *stamp = g_malloc0 (n * XH_STAMP_LENGTH + 1);

  for (guint i = 0; i < n; i++)
    {
      const XhField *field = g_ptr_array_index (self->fields, i);

      write_value (self, i, field, &record->values[field->index], stamp + i * XH_STAMP_LENGTH);
    }
  if (!is_national (self))
    xh_sheet_writer_text (self->writer, n++, state != NULL ? xh_label_get (&state->label) : record->state);
  if (has_keys (self))
    {
      xh_sheet_writer_text (self->writer, n, record->id);
      xh_sheet_writer_text (self->writer, n + 1, stamp);
    }
  return xh_sheet_writer_next (self->writer, error);
}

/* --- public */

int
xh_export_rids (XhStore *store, const XhKind *kind, const gint64 *rids, guint n, const char *path, const XhExportOptions *options,
                GCancellable *cancellable, GError **error)
{
  g_auto (Export) self = { .store = store, .kind = kind, .options = options };
  guint written;

  g_return_val_if_fail (store != NULL && kind != NULL && path != NULL && options != NULL, -1);

  self.titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!open_writer (&self, path, error))
    return -1;
  for (guint i = 0; i < n; i += ROWS_AT_ONCE)
    {
      g_autoptr (GPtrArray) records = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return -1;
      records = xh_store_query_rows (store, kind, rids + i, MIN (ROWS_AT_ONCE, n - i), error);
      if (records == NULL)
        return -1;
      for (guint k = 0; k < records->len; k++)
        if (records->pdata[k] != NULL && !write_record (&self, records->pdata[k], error))
          return -1;
      if (options->progress != NULL)
        options->progress (MIN (i + ROWS_AT_ONCE, n), n, options->progress_data);
    }
  written = xh_sheet_writer_rows (self.writer);
  return xh_sheet_writer_close (self.writer, error) ? (int) written : -1;
}

int
xh_export_query (XhStore *store, const XhKind *kind, const XhQuery *query, const char *path, const XhExportOptions *options,
                 GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) rids = xh_store_query_rids (store, query, 0, error);

  if (rids == NULL)
    return -1;
  return xh_export_rids (store, kind, (const gint64 *) (gpointer) rids->data, rids->len, path, options, cancellable, error);
}

/* --- template */

static GPtrArray *
choices_of (const XhField *field)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *today = NULL;
  GDate date;

  xh_date_today (&date);
  today = xh_date_format (&date);
  for (guint i = 0; field->type == XH_FIELD_CHOICE && field->choices != NULL && i < field->choices->len; i++)
    {
      const XhChoice *choice = g_ptr_array_index (field->choices, i);

      if ((choice->valid_from == NULL || strcmp (choice->valid_from, today) <= 0) && (choice->valid_to == NULL || strcmp (today, choice->valid_to) <= 0))
        g_ptr_array_add (texts, g_strdup (xh_label_get (&choice->label)));
    }
  if (field->type == XH_FIELD_BOOLEAN)
    {
      g_ptr_array_add (texts, g_strdup (_("Yes")));
      g_ptr_array_add (texts, g_strdup (_("No")));
    }
  if (field->type == XH_FIELD_UNIT)
    {
      GPtrArray *units = xh_units_get_all (xh_catalog_get_units (field->kind->catalog));

      for (guint i = 0; i < MIN (units->len, MAX_UNITS); i++)
        g_ptr_array_add (texts, g_strdup (((XhUnit *) units->pdata[i])->name));
    }
  if (field->type == XH_FIELD_DIVISION)
    {
      XhDivisions *divisions = xh_catalog_get_divisions (field->kind->catalog);
      GPtrArray *all = xh_divisions_get_all (divisions);

      for (guint i = 0; i < all->len; i++)
        if (field->level < 0 || (int) ((XhDivision *) all->pdata[i])->level == field->level)
          g_ptr_array_add (texts, xh_divisions_path (divisions, ((XhDivision *) all->pdata[i])->code, XH_LEVEL_TOWNSHIP));
    }
  return texts;
}

/* What a person must know before typing: the field's help, the form of the value, and all that may be chosen several of. */
static char *
note_of (const XhField *field)
{
  GString *note = g_string_new (field->required || field->required_when != NULL ? (field->required ? _("Required.") : _("Required in some cases.")) : NULL);

  if (field->help.zh != NULL)
    g_string_append_printf (note, "%s%s", note->len > 0 ? "\n" : "", xh_label_get (&field->help));
  switch (field->type)
    {
    case XH_FIELD_DATE:
      g_string_append_printf (note, "%s%s", note->len > 0 ? "\n" : "", _("As 2026-11-22."));
      break;
    case XH_FIELD_ID_NUMBER:
    case XH_FIELD_USCC:
      g_string_append_printf (note, "%s%s", note->len > 0 ? "\n" : "", _("18 characters, as text."));
      break;
    case XH_FIELD_CHOICES:
      g_string_append_printf (note, "%s%s", note->len > 0 ? "\n" : "", _("Several with ； between them:"));
      for (guint i = 0; field->choices != NULL && i < MIN (field->choices->len, 20); i++)
        g_string_append_printf (note, "\n%s", xh_label_get (&((XhChoice *) field->choices->pdata[i])->label));
      break;
    case XH_FIELD_TABLE:
      g_string_append_printf (note, "%s%s", note->len > 0 ? "\n" : "", _("One row a line, with ， between the values:"));
      for (guint i = 0; i < field->table_fields->len; i++)
        g_string_append_printf (note, "%s%s …", i > 0 ? "，" : "\n", xh_label_get (&((XhField *) field->table_fields->pdata[i])->label));
      break;
    default:
      break;
    }
  if (note->len > 0)
    return g_string_free (note, FALSE);
  g_string_free (note, TRUE);
  return NULL;
}

gboolean
xh_export_template (const XhKind *kind, const char *role, const char *path, GError **error)
{
  g_autofree XhSheetColumn *columns = g_new0 (XhSheetColumn, kind->fields->len + 1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_autoptr (XhSheetWriter) writer = NULL;
  guint n = 0;

  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);
      char *title;

      if (!xh_import_takes (field, role))
        continue;
      fill_column (field, &columns[n], &title);
      g_ptr_array_add (kept, title);
      columns[n].required = field->required;
      columns[n].note = note_of (field);
      if (columns[n].note != NULL)
        g_ptr_array_add (kept, (gpointer) columns[n].note);
      columns[n].choices = choices_of (field);
      g_ptr_array_add (lists, columns[n].choices);
      if (columns[n].type == XH_COLUMN_DATE)
        columns[n].type = XH_COLUMN_TEXT;
      n++;
    }
  if (n == 0)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_COLUMNS, _("Your role may not write anything in “%s”."), xh_label_get (&kind->label));
      return FALSE;
    }
  writer = xh_sheet_writer_new (path, xh_label_get (&kind->label), columns, n, error);
  return writer != NULL && xh_sheet_writer_close (writer, error);
}
