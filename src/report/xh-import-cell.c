/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands in a cell, as the field's value: what a person would understand by it, and nothing that would have to be guessed. */
#include "xh-import-private.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "store/xh-query.h"

#define MAX_LINKS 20000 /* texts whose record is remembered */
#define MAX_CHOICES 2000

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (error, g_error_new_valist (XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, format, arguments));
  va_end (arguments);
  return FALSE;
}

static gboolean
is_code_field (const XhField *field)
{
  return field->type == XH_FIELD_ID_NUMBER || field->type == XH_FIELD_USCC || field->type == XH_FIELD_PHONE;
}

/* --- dates */

/* Two short numbers first: 11/12/2026 is November here and December there. */
static gboolean
is_ambiguous_date (const char *text)
{
  int a = 0, b = 0, year = 0, end = 0;

  return sscanf (text, "%2d%*[/.-]%2d%*[/.-]%4d%n", &a, &b, &year, &end) == 3 && end > 0 && year > 31;
}

static gboolean
read_date (const XhField *field, const XhCell *cell, XhValue *value, GError **error)
{
  g_autofree char *text = g_strdup (cell->text);
  char *time;

  if (cell->type == XH_CELL_NUMBER && cell->number >= 10000 && cell->number < 80000 && cell->number == (double) (gint64) cell->number)
    {
      GDate date;

      /* The serial of a cell that lost its date format. */
      g_date_clear (&date, 1);
      g_date_set_dmy (&date, 30, 12, 1899);
      g_date_add_days (&date, (guint) cell->number);
      xh_value_take_text (value, xh_date_format (&date));
      return TRUE;
    }
  g_strstrip (text);
  /* A time behind the day is of no use here. */
  time = strchr (text, ':');
  while (time != NULL && time > text && g_ascii_isdigit (time[-1]))
    time--;
  if (time != NULL && time > text && (time[-1] == ' ' || time[-1] == 'T'))
    {
      time[-1] = '\0';
      g_strchomp (text);
    }
  if (is_ambiguous_date (text))
    return refuse (error, _("“%s” may be read as two different days. Write 2026-11-22."), cell->text);
  return xh_field_parse (field, text, value, error);
}

/* --- money */

static gboolean
read_money (const XhImportColumn *column, const XhCell *cell, XhValue *value, GError **error)
{
  XhField field = *column->field;
  g_autofree char *text = g_strstrip (g_strdup (cell->text));

  if (column->unit != NULL)
    field.unit_label = column->unit;
  if (g_str_has_suffix (text, "元") && !g_str_has_suffix (text, "万元") && !g_str_has_suffix (text, "亿元"))
    field.unit_label = (char *) "元";
  return xh_field_parse (&field, text, value, error);
}

/* --- choices */

static gboolean
same_name (const char *name, const char *normal)
{
  g_autofree char *other = name != NULL ? xh_import_normal (name) : NULL;

  return other != NULL && strcmp (other, normal) == 0;
}

static gboolean
has_alias (const XhChoice *choice, const char *normal)
{
  for (guint i = 0; choice->aliases != NULL && choice->aliases[i] != NULL; i++)
    if (same_name (choice->aliases[i], normal))
      return TRUE;
  return FALSE;
}

/* Own names come before other texts: several choices may leave under one text of a national standard. */
static const XhChoice *
search_choice (const XhField *field, const char *text)
{
  g_autofree char *normal = xh_import_normal (text);

  for (guint round = 0; field->choices != NULL && round < 3; round++)
    for (guint i = 0; i < field->choices->len; i++)
      {
        const XhChoice *choice = g_ptr_array_index (field->choices, i);

        if (round == 0 ? same_name (choice->code, normal) || same_name (choice->label.zh, normal) || same_name (choice->label.en, normal)
                       : round == 1 ? has_alias (choice, normal) : same_name (choice->external, normal))
          return choice;
      }
  return NULL;
}

/* A sheet says the same few texts over and over. */
static const XhChoice *
find_choice (XhImportPlan *plan, const XhField *field, const char *text)
{
  g_autofree char *key = g_strdup_printf ("%u\t%s", field->index, text);
  const XhChoice *choice = g_hash_table_lookup (plan->choices, key);

  if (choice != NULL)
    return choice;
  choice = search_choice (field, text);
  if (choice != NULL && g_hash_table_size (plan->choices) < MAX_CHOICES)
    g_hash_table_insert (plan->choices, g_steal_pointer (&key), (gpointer) choice);
  return choice;
}

static gboolean
refuse_choice (const XhField *field, const char *text, GError **error)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < field->choices->len && i < 8; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? _(", ") : "", xh_label_get (&((XhChoice *) field->choices->pdata[i])->label));
  if (field->choices->len > 8)
    g_string_append (list, " …");
  return refuse (error, _("“%s” is not on the list. It may be: %s."), text, list->str);
}

static gboolean
read_choice (XhImportPlan *plan, const XhField *field, const char *text, XhValue *value, GError **error)
{
  const XhChoice *choice = find_choice (plan, field, text);

  if (choice == NULL)
    return refuse_choice (field, text, error);
  xh_value_set_text (value, choice->code);
  return TRUE;
}

/* Labels may hold the very marks that stand between them ("没收违法所得、没收非法财物"): at each place the longest that is on the list. */
static gboolean
read_choices (XhImportPlan *plan, const XhField *field, const char *text, XhValue *value, GError **error)
{
  g_autoptr (GPtrArray) starts = g_ptr_array_new (), ends = g_ptr_array_new ();
  g_autoptr (GString) codes = g_string_new (NULL);

  g_ptr_array_add (starts, (gpointer) text);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_utf8_strchr (",，、;；|\n", -1, g_utf8_get_char (p)) != NULL)
      {
        g_ptr_array_add (ends, (gpointer) p);
        g_ptr_array_add (starts, g_utf8_next_char (p));
      }
  g_ptr_array_add (ends, (gpointer) (text + strlen (text)));
  for (guint i = 0; i < starts->len;)
    {
      guint last = MIN (ends->len, i + 8);
      const XhChoice *choice = NULL;
      g_autofree char *first = g_strstrip (g_strndup (starts->pdata[i], (gsize) ((char *) ends->pdata[i] - (char *) starts->pdata[i])));

      while (*first != '\0' && choice == NULL && last > i)
        {
          g_autofree char *part = g_strndup (starts->pdata[i], (gsize) ((char *) ends->pdata[last - 1] - (char *) starts->pdata[i]));

          choice = find_choice (plan, field, part);
          last -= choice == NULL;
        }
      if (*first != '\0' && choice == NULL)
        return refuse_choice (field, first, error);
      if (choice != NULL)
        g_string_append_printf (codes, "%s%s", codes->len > 0 ? "," : "", choice->code);
      i = choice != NULL ? last : i + 1;
    }
  return xh_field_parse (field, codes->str, value, error);
}

/* --- divisions and units */

static char *
place_name (const char *text)
{
  g_autofree char *normal = xh_import_normal (text);
  GString *name = g_string_new (NULL);

  for (const char *p = normal; *p != '\0'; p = g_utf8_next_char (p))
    if (g_utf8_strchr ("·.-/、,", -1, g_utf8_get_char (p)) == NULL)
      g_string_append_unichar (name, g_utf8_get_char (p));
  return g_string_free (name, FALSE);
}

static void
add_place (GHashTable *places, const char *a, const char *b, const char *c, const char *code)
{
  g_autofree char *joined = g_strconcat (a, b, c, NULL);
  g_autofree char *name = place_name (joined);
  const char *other = g_hash_table_lookup (places, name);

  if (other == NULL)
    g_hash_table_insert (places, g_steal_pointer (&name), g_strdup (code));
  else if (strcmp (other, code) != 0)
    g_hash_table_insert (places, g_steal_pointer (&name), g_strdup (""));
}

/* Every name by itself, with its township and with its county. A village and a township of one name are told apart by the level. */
static GHashTable *
list_places (XhDivisions *divisions, int level)
{
  GHashTable *places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GPtrArray *all = xh_divisions_get_all (divisions);

  for (guint i = 0; i < all->len; i++)
    {
      const XhDivision *division = g_ptr_array_index (all, i);
      const XhDivision *parent = xh_divisions_find (divisions, division->parent);
      const XhDivision *county = parent != NULL ? xh_divisions_find (divisions, parent->parent) : NULL;
      const char *const names[] = { division->name, division->short_name };

      if (level >= 0 && (int) division->level != level)
        continue;
      for (guint k = 0; k < G_N_ELEMENTS (names); k++)
        {
          add_place (places, names[k], "", "", division->code);
          if (parent != NULL)
            add_place (places, parent->name, names[k], "", division->code);
          if (county != NULL)
            add_place (places, county->name, parent->name, names[k], division->code);
        }
    }
  return places;
}

static gboolean
read_division (XhImportPlan *plan, const XhField *field, const char *text, XhValue *value, GError **error)
{
  XhDivisions *divisions = xh_catalog_get_divisions (plan->catalog);
  g_autofree char *name = place_name (text), *padded = NULL;
  GHashTable *places;
  const char *code;

  if (strspn (name, "0123456789") == strlen (name) && (strlen (name) == 12 || strlen (name) == 9 || strlen (name) == 6))
    {
      padded = g_strconcat (name, &"000000"[strlen (name) == 12 ? 6 : strlen (name) == 9 ? 3 : 0], NULL);
      return xh_field_parse (field, padded, value, error);
    }
  if (plan->places == NULL)
    plan->places = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
  places = g_hash_table_lookup (plan->places, GINT_TO_POINTER (field->level + 2));
  if (places == NULL)
    {
      places = list_places (divisions, field->level);
      g_hash_table_insert (plan->places, GINT_TO_POINTER (field->level + 2), places);
    }
  code = g_hash_table_lookup (places, name);
  if (code == NULL)
    return refuse (error, _("There is no division “%s”."), text);
  if (*code == '\0')
    return refuse (error, _("Several divisions are called “%s”: write the township before it, or the code of 12 digits."), text);
  xh_value_set_text (value, code);
  return TRUE;
}

static gboolean
read_unit (XhImportPlan *plan, const char *text, XhValue *value, GError **error)
{
  XhUnits *units = xh_catalog_get_units (plan->catalog);
  GPtrArray *all = xh_units_get_all (units);
  const XhUnit *unit = xh_units_find (units, text);

  if (unit == NULL)
    unit = xh_units_match (units, text);
  for (guint i = 0; unit == NULL && i < all->len; i++)
    {
      const XhUnit *other = g_ptr_array_index (all, i);

      if (g_strcmp0 (other->uscc, text) == 0)
        unit = other;
    }
  if (unit == NULL)
    return refuse (error, _("There is no unit “%s”."), text);
  xh_value_set_text (value, unit->code);
  return TRUE;
}

/* --- links */

/* The record of @kind in which @name is @text: its id, "" where there is none, "?" where there are several. */
static char *
find_record (XhStore *store, const XhKind *kind, const char *name, const char *text, GError **error)
{
  g_autoptr (XhQuery) query = xh_query_new (kind);
  const XhField *field = xh_kind_find_field (kind, name);
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autoptr (GArray) rids = NULL;
  g_autoptr (XhRecord) record = NULL;

  if (field == NULL || !xh_field_parse (field, text, &value, NULL))
    return g_strdup ("");
  xh_query_filter (query, name, XH_QUERY_IS, &value, NULL);
  rids = xh_store_query_rids (store, query, 2, error);
  if (rids == NULL)
    return NULL;
  if (rids->len != 1)
    return g_strdup (rids->len == 0 ? "" : "?");
  record = xh_store_load_rid (store, g_array_index (rids, gint64, 0), error);
  return record != NULL ? g_strdup (record->id) : NULL;
}

/* The fields by which a person names a record of the kind: keys of one field, codes of the subject, its name. */
static GPtrArray *
naming_fields (const XhKind *kind)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < kind->unique_keys->len; i++)
    {
      char **key = g_ptr_array_index (kind->unique_keys, i);

      if (key[0] != NULL && key[1] == NULL)
        g_ptr_array_add (names, key[0]);
    }
  for (guint i = 0; kind->subject_codes != NULL && kind->subject_codes[i] != NULL; i++)
    g_ptr_array_add (names, kind->subject_codes[i]);
  if (kind->subject_name != NULL)
    g_ptr_array_add (names, kind->subject_name);
  return names;
}

static gboolean
read_link (XhImportPlan *plan, XhStore *store, const XhField *field, const char *text, XhValue *value, GError **error)
{
  const XhKind *kind = xh_catalog_find_kind (plan->catalog, field->link_kind);
  g_autofree char *key = g_strdup_printf ("%s\t%s", field->link_kind, text);
  g_autoptr (GPtrArray) names = NULL;
  const char *found;

  if (xh_uuid_is_valid (text))
    {
      xh_value_set_text (value, text);
      return TRUE;
    }
  found = g_hash_table_lookup (plan->links, key);
  if (found == NULL)
    {
      g_autofree char *id = NULL;

      names = naming_fields (kind);
      for (guint i = 0; i < names->len && (id == NULL || *id == '\0'); i++)
        {
          g_free (id);
          id = find_record (store, kind, names->pdata[i], text, error);
          if (id == NULL)
            return FALSE;
        }
      if (g_hash_table_size (plan->links) >= MAX_LINKS)
        g_hash_table_remove_all (plan->links);
      found = id != NULL ? id : "";
      g_hash_table_insert (plan->links, g_steal_pointer (&key), g_strdup (found));
      found = g_hash_table_lookup (plan->links, (key = g_strdup_printf ("%s\t%s", field->link_kind, text)));
    }
  if (*found == '\0')
    return refuse (error, _("There is no “%s” called “%s”."), xh_label_get (&kind->label), text);
  if (*found == '?')
    return refuse (error, _("Several records of “%s” are called “%s”: write the code."), xh_label_get (&kind->label), text);
  xh_value_set_text (value, found);
  return TRUE;
}

/* --- any cell */

/* Where a number or a day should stand, a dash says that there is none. */
static gboolean
is_none (const XhField *field, const char *text)
{
  static const char *const words[] = { "/", "-", "--", "—", "——", "\\", "无", NULL };

  if (field->type == XH_FIELD_TEXT || field->type == XH_FIELD_LONG_TEXT || field->type == XH_FIELD_BOOLEAN || field->type == XH_FIELD_CHOICE
      || field->type == XH_FIELD_CHOICES)
    return FALSE;
  return g_strv_contains (words, text);
}

static gboolean
read_by_type (XhImportPlan *plan, XhStore *store, const XhImportColumn *column, const XhCell *cell, const char *text, XhValue *value,
              GError **error)
{
  const XhField *field = column->field;

  switch (field->type)
    {
    case XH_FIELD_DATE:
      return read_date (field, cell, value, error);
    case XH_FIELD_MONEY:
      return read_money (column, cell, value, error);
    case XH_FIELD_CHOICE:
      return read_choice (plan, field, text, value, error);
    case XH_FIELD_CHOICES:
      return read_choices (plan, field, text, value, error);
    case XH_FIELD_DIVISION:
      return read_division (plan, field, text, value, error);
    case XH_FIELD_UNIT:
      return read_unit (plan, text, value, error);
    case XH_FIELD_LINK:
      return read_link (plan, store, field, text, value, error);
    default:
      return xh_field_parse (field, text, value, error);
    }
}

gboolean
xh_import_cell (XhImportPlan *plan, XhStore *store, const XhImportColumn *column, const XhCell *cell, XhValue *value, GError **error)
{
  const XhField *field = column->field;
  g_autofree char *valid = NULL, *text = NULL;

  if (cell->type == XH_CELL_ERROR)
    return refuse (error, _("The formula in this cell has failed: %s. Write the value."), cell->text);
  if ((is_code_field (field) || field->type == XH_FIELD_TEXT || field->type == XH_FIELD_LONG_TEXT) && xh_cell_is_damaged (cell))
    return refuse (error, _("A code that the spreadsheet has damaged (%s): it keeps 15 digits. Type it again from the document, in a cell formatted as text."),
                   cell->text);
  valid = g_utf8_make_valid (cell->text, -1);
  text = g_strstrip (g_strdup (valid));
  if (*text == '\0' || is_none (field, text))
    {
      xh_value_set_null (value);
      return TRUE;
    }
  return read_by_type (plan, store, column, cell, text, value, error);
}
