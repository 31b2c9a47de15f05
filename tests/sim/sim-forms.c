/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people type, and save. */
#include "sim-steps.h"

#include <string.h>

static const char *const villages[] = { "410421100201", "410421100202", "410421101201" };
static const char *const words[] = { "甲", "乙", "丙", "丁", "戊" };

/* (transfer full) (nullable) the id of one of the records that this client has. */
char *
sim_choose_record (SimClient *self, const char *kind, const char *where)
{
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM record WHERE kind LIKE ?1 AND %s ORDER BY id", where);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement;

  if (sqlite3_prepare_v2 (xh_store_get_db (self->store), sql, -1, &statement, NULL) != SQLITE_OK)
    return NULL;
  sqlite3_bind_text (statement, 1, kind, -1, SQLITE_STATIC);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_ptr_array_add (ids, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
  sqlite3_finalize (statement);
  return ids->len > 0 ? g_strdup (ids->pdata[sim_chance_below (ids->len)]) : NULL;
}

XhForm *
sim_find_form (SimClient *self, const XhKind *kind)
{
  XhForm *form = g_hash_table_lookup (self->forms, kind->name);

  if (form == NULL)
    {
      form = xh_form_new (kind, self->desk->profile->role);
      g_hash_table_insert (self->forms, kind->name, form);
    }
  xh_form_set_role (form, self->desk->profile->role);
  return form;
}

static char *
change_table (const char *text)
{
  g_autoptr (JsonNode) root = json_from_string (text != NULL ? text : "[]", NULL);
  JsonArray *rows = json_node_get_array (root);
  const guint luck = sim_chance_below (4), n = json_array_get_length (rows);

  if (n == 0 || luck == 0)
    {
      g_autofree char *id = g_strdup_printf ("%08x", (guint) sim_chance_next ());
      JsonObject *row = json_object_new ();

      json_object_set_string_member (row, "_id", id);
      json_object_set_string_member (row, "name", words[sim_chance_below (G_N_ELEMENTS (words))]);
      json_array_add_object_element (rows, row);
    }
  else if (luck == 1)
    json_array_remove_element (rows, sim_chance_below (n));
  else
    {
      JsonObject *row = json_array_get_object_element (rows, sim_chance_below (n));

      if (luck == 2)
        json_object_set_string_member (row, "name", words[sim_chance_below (G_N_ELEMENTS (words))]);
      else
        json_object_set_int_member (row, "age", sim_chance_below (90));
    }
  return json_to_string (root, FALSE);
}

static void
set_word (XhValue *value)
{
  if (sim_chance_of (15))
    xh_value_set_null (value);
  else
    xh_value_set_text (value, words[sim_chance_below (G_N_ELEMENTS (words))]);
}

/* A value that a person might enter. */
static void
choose_value (SimClient *self, const XhField *field, const XhValue *now, XhValue *value)
{
  g_autofree char *text = NULL;

  switch (field->type)
    {
    case XH_FIELD_INTEGER:
      xh_value_set_integer (value, sim_chance_below (10));
      break;
    case XH_FIELD_MONEY:
      xh_value_set_integer (value, 100 * sim_chance_below (50));
      break;
    case XH_FIELD_DECIMAL:
      xh_value_set_real (value, sim_chance_below (1000) / 100.0);
      break;
    case XH_FIELD_BOOLEAN:
      xh_value_set_integer (value, sim_chance_below (2));
      break;
    case XH_FIELD_DIVISION:
      xh_value_set_text (value, villages[sim_chance_below (G_N_ELEMENTS (villages))]);
      break;
    case XH_FIELD_TABLE:
      text = change_table (xh_value_as_text (now));
      xh_value_set_text (value, text);
      break;
    case XH_FIELD_LINK:
      text = sim_choose_record (self, field->link_kind, "NOT deleted");
      xh_value_set_text (value, text);
      break;
    default:
      set_word (value);
    }
}

static gboolean
is_typed (const XhField *field)
{
  return field->computed == NULL && !field->scored && field->type != XH_FIELD_FILES;
}

static void
fill (SimClient *self, XhForm *form)
{
  const XhKind *kind = xh_form_get_kind (form);

  for (guint n = 1 + sim_chance_below (3); n > 0; n--)
    {
      const XhField *field = g_ptr_array_index (kind->fields, sim_chance_below (kind->fields->len));
      g_auto (XhValue) value = XH_VALUE_INIT;

      /* Records change their place now and then, not all the time. */
      if (!is_typed (field) || !xh_form_is_editable (form, field->name) || (field->type == XH_FIELD_DIVISION && sim_chance_of (60)))
        continue;
      choose_value (self, field, xh_form_get (form, field->name), &value);
      xh_form_set (form, field->name, &value, NULL);
    }
}

static void
step_on (XhForm *form)
{
  g_autoptr (GPtrArray) why = NULL;
  g_autoptr (GPtrArray) transitions = xh_form_get_transitions (form, &why);
  guint i;

  if (transitions->len == 0)
    return;
  i = sim_chance_below (transitions->len);
  if (why->pdata[i] == NULL)
    xh_form_transition (form, ((const XhTransition *) transitions->pdata[i])->name, NULL);
}

void
sim_save (SimClient *self, XhRecord *record, const XhRecord *seen, GPtrArray *changed)
{
  g_autoptr (GError) error = NULL;
  const gint64 base = seen->version;
  gboolean saved;

  if (changed->len == 0)
    return;
  if (record->deleted && seen->version == 0)
    sim_settle_ops (self, record->id, FALSE);
  saved = xh_store_save (self->store, record, changed, self->login, &error);
  sim_log (self->sim, "%s saves %s %s: %s", self->login, record->kind->name, record->id, saved ? "well" : error->message);
  sim_bury (self->sim);
  if (self->store != NULL)
    sim_take_ops (self, sim_note_seen (seen, changed), base);
}

void
sim_load_form (SimClient *self, XhForm *form, const XhRecord *record, gboolean is_new)
{
  const guint n = record->kind->references->len;
  XhValue *references = xh_value_array_new (n);

  if (xh_store_references (self->store, record, references, NULL))
    xh_form_load (form, record, references, is_new);
  else
    xh_form_load (form, record, NULL, is_new);
  xh_value_array_free (references, n);
}

static void
update_references (SimClient *self, XhForm *form)
{
  const XhRecord *record = xh_form_get_record (form);
  const guint n = record->kind->references->len;
  XhValue *references = xh_value_array_new (n);

  if (n > 0 && xh_store_references (self->store, record, references, NULL))
    xh_form_set_references (form, references);
  xh_value_array_free (references, n);
}

/* The person does not get to save what the form says is wrong, but for one in ten (another program might). */
void
sim_save_form (SimClient *self, XhForm *form, const XhRecord *seen)
{
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (XhRecord) record = NULL;

  update_references (self, form);
  if (xh_form_count_issues (form, XH_ISSUE_ERROR) > 0 && !sim_chance_of (10))
    return;
  changed = xh_form_get_changed (form);
  record = xh_record_copy (xh_form_get_record (form));
  sim_save (self, record, seen, changed);
}

void
sim_edit (SimClient *self, const XhRecord *record)
{
  XhForm *form = sim_find_form (self, record->kind);

  sim_load_form (self, form, record, FALSE);
  if (sim_chance_of (75))
    fill (self, form);
  if (sim_chance_of (35))
    step_on (form);
  sim_save_form (self, form, record);
}

void
sim_set_form_text (XhForm *form, const char *name, const char *text)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_value_set_text (&value, text);
  xh_form_set (form, name, &value, NULL);
}

void
sim_create (SimClient *self)
{
  static const char *const kinds[] = { "plot", "plot", "plot", "party", "deal" };
  const XhKind *kind = xh_catalog_find_kind (self->desk->catalog, kinds[sim_chance_below (G_N_ELEMENTS (kinds))]);
  g_autoptr (XhRecord) record = xh_record_new (kind, NULL);
  g_autofree char *name = g_strdup_printf ("%s%u", words[sim_chance_below (G_N_ELEMENTS (words))], self->sim->count++);
  XhForm *form = sim_find_form (self, kind);
  const char *place = self->desk->profile->division;

  record->division = g_strdup (place);
  record->unit = g_strdup (self->desk->profile->unit);
  sim_load_form (self, form, record, TRUE);
  sim_set_form_text (form, strcmp (kind->name, "deal") == 0 ? "matter" : "name", name);
  if (kind->division_field != NULL)
    sim_set_form_text (form, kind->division_field, place == NULL || sim_chance_of (5) ? villages[sim_chance_below (3)]
                                               : strcmp (place, "410421101000") == 0 ? villages[2] : villages[sim_chance_below (2)]);
  if (sim_chance_of (40) && xh_kind_find_field (kind, "code") != NULL)
    {
      g_autofree char *code = g_strdup_printf ("C%u", sim_chance_below (8));

      sim_set_form_text (form, "code", code);
    }
  fill (self, form);
  if (strcmp (kind->name, "deal") == 0 && sim_chance_of (70))
    {
      g_autofree char *plot = sim_choose_record (self, "plot", "NOT deleted");

      sim_set_form_text (form, "plot", plot);
    }
  sim_save_form (self, form, record);
}
