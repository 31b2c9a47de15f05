/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The record of a draw and the tasks that follow from it, in one transaction. */
#include "xh-draw-sheet.h"

#include <glib/gi18n-lib.h>

#include "model/xh-form.h"
#include "model/xh-json.h"

typedef struct
{
  XhStore *store;
  XhDrawSheet *sheet;
  const XhDrawOrder *order;
  XhForm *form; /* of the tasks */
  const char *draw;
} Saving;

/* Values that @form has a field for; what a field refuses is the caller's fault. (not owned) */
static gboolean
set_text (XhForm *form, const char *name, const char *text, GError **error)
{
  const XhValue value = { .type = XH_VALUE_TEXT, { .text = (char *) text } };

  if (name == NULL || text == NULL || *text == '\0' || xh_kind_find_field (xh_form_get_kind (form), name) == NULL)
    return TRUE;

  return xh_form_set (form, name, &value, error);
}

static gboolean
set_integer (XhForm *form, const char *name, gint64 number, GError **error)
{
  const XhValue value = { .type = XH_VALUE_INTEGER, { .integer = number } };

  return xh_kind_find_field (xh_form_get_kind (form), name) == NULL || xh_form_set (form, name, &value, error);
}

static gboolean
set_rows (XhForm *form, const char *name, JsonArray *rows, GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), rows);
  g_autofree char *text = xh_json_canonical (node);

  return json_array_get_length (rows) == 0 || set_text (form, name, text, error);
}

static void
put (JsonObject *row, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_string_member (row, name, text);
}

/* --- the record of the draw --- */

static JsonArray *
list_ratios (const XhDrawSheet *sheet)
{
  JsonArray *rows = json_array_new ();

  for (guint i = 0; i < sheet->scheme->ratios->len && i < sheet->quotas->len; i++)
    {
      const XhSamplingRatio *ratio = g_ptr_array_index (sheet->scheme->ratios, i);
      const XhDrawCount *count = g_ptr_array_index (sheet->quotas, i);
      JsonObject *row = json_object_new ();

      put (row, "grade", ratio->grade);
      put (row, "range_text", ratio->range);
      json_object_set_int_member (row, "pool", count->n_pool);
      json_object_set_int_member (row, "drawn", count->n_drawn);
      json_object_set_double_member (row, "percent", g_array_index (sheet->percents, double, i));
      json_array_add_object_element (rows, row);
    }

  return rows;
}

static JsonArray *
list_objects (const XhDrawSheet *sheet)
{
  JsonArray *rows = json_array_new ();

  for (guint i = 0; i < sheet->objects->len; i++)
    {
      const XhDrawObject *object = g_ptr_array_index (sheet->objects, i);
      JsonObject *row = json_object_new ();

      put (row, "name", object->title);
      put (row, "code", object->code);
      put (row, "grade", object->grade);
      put (row, "record_id", object->id);
      put (row, "inspectors", object->inspector_names);
      json_array_add_object_element (rows, row);
    }

  return rows;
}

/* A row for each inspector, by the scheme's names for columns where the table has them. */
static JsonObject *
write_inspector (const XhSamplingScheme *scheme, const XhRecord *inspector, const XhField *table)
{
  JsonObject *row = json_object_new ();

  for (guint i = 0; i < scheme->inspector_sets->len; i++)
    {
      const XhSamplingSet *set = g_ptr_array_index (scheme->inspector_sets, i);
      const XhValue *value = set->ours != NULL ? xh_record_get (inspector, set->ours) : NULL;

      for (guint c = 0; c < table->table_fields->len; c++)
        if (g_str_equal (((XhField *) g_ptr_array_index (table->table_fields, c))->name, set->theirs))
          put (row, set->theirs, set->value != NULL ? set->value : value != NULL && value->type == XH_VALUE_TEXT ? value->text : NULL);
    }
  for (guint c = 0; c < table->table_fields->len; c++)
    if (g_str_equal (((XhField *) g_ptr_array_index (table->table_fields, c))->name, "record_id"))
      put (row, "record_id", inspector->id);

  return row;
}

static JsonArray *
list_inspectors (const XhDrawSheet *sheet, const XhField *table)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  JsonArray *rows = json_array_new ();

  for (guint i = 0; i < sheet->objects->len; i++)
    {
      GPtrArray *inspectors = ((XhDrawObject *) g_ptr_array_index (sheet->objects, i))->inspectors;

      for (guint j = 0; j < inspectors->len; j++)
        if (g_hash_table_add (seen, g_ptr_array_index (inspectors, j)))
          json_array_add_object_element (rows, write_inspector (sheet->scheme, g_ptr_array_index (inspectors, j), table));
    }

  return rows;
}

static gboolean
store_form (Saving *self, XhForm *form, const char *title, GError **error)
{
  const XhRecord *record = xh_form_get_record (form);
  GPtrArray *issues = xh_form_get_issues (form);
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (XhRecord) copy = NULL;

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);
      const XhField *field = issue->field != NULL ? xh_kind_find_field_at (record->kind, issue->field) : NULL;

      if (xh_form_holds_up (form, issue))
        {
          g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("%s, %s: %s Nothing was saved."), title,
                       field != NULL ? xh_label_get (&field->label) : xh_label_get (&record->kind->label), issue->message);
          return FALSE;
        }
    }
  changed = xh_form_get_changed (form);
  copy = xh_record_copy (record);

  return xh_store_check_unique (self->store, copy, error) && xh_store_save (self->store, copy, changed, self->order->login, error);
}

static XhRecord *
start_record (Saving *self, const XhKind *kind)
{
  XhRecord *record = xh_record_new (kind, NULL);

  record->division = g_strdup (self->order->division);
  record->unit = g_strdup (self->order->unit);

  return record;
}

static char *
today_text (void)
{
  GDate date;

  xh_date_today (&date);

  return xh_date_format (&date);
}

static gboolean
fill_draw (Saving *self, XhForm *form, GError **error)
{
  const XhDrawSheet *sheet = self->sheet;
  const XhField *table = xh_kind_find_field (xh_form_get_kind (form), "inspectors");
  g_autofree char *today = today_text ();
  g_autoptr (JsonArray) ratios = list_ratios (sheet), objects = list_objects (sheet), inspectors = NULL;

  inspectors = table != NULL && table->table_fields != NULL ? list_inspectors (sheet, table) : json_array_new ();

  return set_text (form, "title_text", self->order->title, error) && set_text (form, "lead_unit", self->order->lead_unit, error)
         && set_text (form, "scheme", sheet->scheme->name, error)
         && set_text (form, "scheme_label", sheet->scheme->label.zh, error)
         && set_text (form, "drawn_on", today, error) && set_text (form, "drawn_by", self->order->name, error)
         && set_text (form, "witness", self->order->witness, error) && set_text (form, "seed", sheet->seed, error)
         && set_text (form, "pool_hash", sheet->pool_hash, error) && set_integer (form, "pool_size", sheet->n_pool, error)
         && set_rows (form, "ratios", ratios, error) && set_rows (form, "drawn", objects, error)
         && set_rows (form, "inspectors", inspectors, error);
}

static char *
save_draw (Saving *self, const XhKind *kind, GError **error)
{
  g_autoptr (XhForm) form = xh_form_new (kind, self->order->role);
  g_autoptr (XhRecord) record = start_record (self, kind);
  XhValue *references = xh_value_array_new (kind->references->len);
  gboolean saved;

  saved = xh_store_references (self->store, record, references, error);
  if (saved)
    {
      xh_form_load (form, record, references, TRUE);
      saved = fill_draw (self, form, error) && store_form (self, form, self->order->title, error);
    }
  xh_value_array_free (references, kind->references->len);

  return saved ? g_strdup (record->id) : NULL;
}

/* --- the tasks --- */

static gboolean
set_task_value (XhForm *form, XhRecord *expected, const XhRecord *source, const XhSamplingSet *set, GError **error)
{
  XhValue value = XH_VALUE_INIT;
  gboolean done = TRUE;

  if (set->value != NULL)
    xh_value_set_text (&value, set->value);
  else if (g_strcmp0 (set->ours, "id") == 0)
    xh_value_set_text (&value, source->id);
  else if (set->ours != NULL && xh_record_get (source, set->ours) != NULL)
    xh_value_copy (xh_record_get (source, set->ours), &value);

  if (xh_value_is_null (&value))
    return TRUE;
  if (expected != NULL)
    xh_record_set (expected, set->theirs, &value);
  else
    done = xh_form_set (form, set->theirs, &value, error);
  xh_value_clear (&value);

  return done;
}

/* What every task must say and nothing has said yet: the matter is that of the draw, the unit the one that leads. */
static gboolean
fill_rest (Saving *self, GError **error)
{
  const XhKind *kind = xh_form_get_kind (self->form);
  gboolean told = FALSE;

  if (kind->unit_field != NULL && xh_value_is_null (xh_form_get (self->form, kind->unit_field))
      && !set_text (self->form, kind->unit_field, self->order->lead_unit, error))
    return FALSE;
  for (guint i = 0; i < kind->fields->len && !told; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (field->type == XH_FIELD_TEXT && field->required && xh_form_is_editable (self->form, field->name)
          && xh_value_is_null (xh_form_get (self->form, field->name)))
        {
          told = TRUE;
          if (!set_text (self->form, field->name, self->order->title, error))
            return FALSE;
        }
    }

  return TRUE;
}

static gboolean
set_task_inspectors (Saving *self, const XhDrawObject *object, GError **error)
{
  const XhSamplingScheme *scheme = self->sheet->scheme;
  const XhField *table = scheme->inspector_table != NULL ? xh_kind_find_field (scheme->creates, scheme->inspector_table) : NULL;
  g_autoptr (JsonArray) rows = json_array_new ();

  for (guint i = 0; table != NULL && table->table_fields != NULL && i < object->inspectors->len; i++)
    json_array_add_object_element (rows, write_inspector (scheme, g_ptr_array_index (object->inspectors, i), table));

  return set_rows (self->form, scheme->inspector_table != NULL ? scheme->inspector_table : "", rows, error);
}

static gboolean
fill_task (Saving *self, const XhRecord *source, const XhDrawObject *object, GError **error)
{
  const XhSamplingScheme *scheme = self->sheet->scheme;

  for (guint i = 0; i < scheme->sets->len; i++)
    if (!set_task_value (self->form, NULL, source, g_ptr_array_index (scheme->sets, i), error))
      return FALSE;

  return set_text (self->form, scheme->draw_field, self->draw, error) && set_task_inspectors (self, object, error) && fill_rest (self, error);
}

static gboolean
save_task (Saving *self, const XhDrawObject *object, GError **error)
{
  const XhSamplingScheme *scheme = self->sheet->scheme;
  const XhKind *kind = scheme->creates;
  g_autoptr (XhRecord) source = xh_store_load (self->store, object->id, error);
  g_autoptr (XhRecord) record = start_record (self, kind), expected = xh_record_copy (record);
  XhValue *references;
  gboolean saved;

  if (source == NULL)
    return FALSE;
  /* What is fetched from other records hangs on the links, which are known already. */
  for (guint i = 0; i < scheme->sets->len; i++)
    set_task_value (NULL, expected, source, g_ptr_array_index (scheme->sets, i), NULL);
  references = xh_value_array_new (kind->references->len);
  saved = xh_store_references (self->store, expected, references, error);
  if (saved)
    {
      xh_form_load (self->form, record, references, TRUE);
      saved = fill_task (self, source, object, error) && store_form (self, self->form, object->title, error);
    }
  xh_value_array_free (references, kind->references->len);

  return saved;
}

static gboolean
save_tasks (Saving *self, GError **error)
{
  const XhKind *kind = self->sheet->scheme->creates;
  g_autoptr (XhForm) form = NULL;

  if (kind == NULL)
    return TRUE;
  form = xh_form_new (kind, self->order->role);
  self->form = form;
  for (guint i = 0; i < self->sheet->objects->len; i++)
    if (!save_task (self, g_ptr_array_index (self->sheet->objects, i), error))
      return FALSE;

  return TRUE;
}

char *
xh_draw_sheet_save (XhStore *store, XhDrawSheet *sheet, const XhDrawOrder *order, GError **error)
{
  XhCatalog *catalog = xh_store_get_catalog (store);
  const char *name = xh_catalog_get_register (catalog, "draw");
  const XhKind *kind = name != NULL ? xh_catalog_find_kind (catalog, name) : NULL;
  Saving self = { store, sheet, order };
  g_autofree char *id = NULL;

  if (kind == NULL || sheet->scheme == NULL)
    {
      g_set_error_literal (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("The catalog keeps no register of draws."));
      return NULL;
    }
  if (!xh_store_begin (store, error))
    return NULL;
  id = save_draw (&self, kind, error);
  self.draw = id;
  return xh_store_end (store, id != NULL && save_tasks (&self, error), error) ? g_steal_pointer (&id) : NULL;
}
