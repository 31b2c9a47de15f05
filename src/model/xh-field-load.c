/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-catalog-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_DIGITS 6
#define MAX_LENGTH 100000
#define MAX_COLUMNS 40

/* In the order of XhFieldType. */
static const char *const type_names[] = {
  "text", "longtext", "integer", "decimal", "money", "date", "boolean", "choice", "choices", "division", "unit", "id-number",
  "uscc", "phone", "link", "table", "files", NULL,
};

static const char *const level_names[] = { "province", "prefecture", "county", "township", "village", NULL };
static const char *const openness_names[] = { "public", "shared", "authorised", NULL };

#define TYPE(name) (1u << XH_FIELD_##name)

/* Keys that only some types have. */
static const struct { const char *key; guint types; } typed_keys[] = {
  { "minimum", TYPE (INTEGER) | TYPE (DECIMAL) | TYPE (MONEY) },
  { "maximum", TYPE (INTEGER) | TYPE (DECIMAL) | TYPE (MONEY) },
  { "digits", TYPE (DECIMAL) | TYPE (MONEY) },
  { "unit_label", TYPE (INTEGER) | TYPE (DECIMAL) | TYPE (MONEY) },
  { "max_length", TYPE (TEXT) | TYPE (LONG_TEXT) },
  { "choices", TYPE (CHOICE) | TYPE (CHOICES) },
  { "level", TYPE (DIVISION) },
  { "kind", TYPE (LINK) },
  { "columns", TYPE (TABLE) },
};

/* What a column of a table may be. */
static const guint column_types = TYPE (TEXT) | TYPE (LONG_TEXT) | TYPE (INTEGER) | TYPE (DECIMAL) | TYPE (MONEY) | TYPE (DATE) | TYPE (BOOLEAN)
                                  | TYPE (CHOICE) | TYPE (DIVISION) | TYPE (UNIT) | TYPE (ID_NUMBER) | TYPE (USCC) | TYPE (PHONE);

/* --- helpers */

static void
check_typed_keys (const XhReader *reader, XhFieldType type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (typed_keys); i++)
    {
      gboolean belongs = (typed_keys[i].types & (1u << type)) != 0;

      if (!belongs && xh_reader_has (reader, typed_keys[i].key))
        xh_reader_fault (reader, typed_keys[i].key, _("does not belong to a field of type \"%s\""), type_names[type]);
    }
}

static void
load_choice (const XhReader *reader, GPtrArray *choices, GHashTable *codes)
{
  static const char *const keys[] = { "code", "label", "valid_from", "valid_to", "aliases", "external", NULL };
  XhChoice *choice;

  if (!xh_reader_object (reader, keys))
    return;
  choice = g_new0 (XhChoice, 1);
  g_ptr_array_add (choices, choice);
  choice->code = xh_reader_text (reader, "code", TRUE);
  xh_reader_label (reader, "label", TRUE, &choice->label);
  choice->valid_from = xh_reader_date (reader, "valid_from");
  choice->valid_to = xh_reader_date (reader, "valid_to");
  choice->aliases = xh_reader_texts (reader, "aliases", FALSE);
  choice->external = xh_reader_text (reader, "external", FALSE);
  if (choice->code != NULL && !g_hash_table_add (codes, choice->code))
    xh_reader_fault (reader, "code", _("\"%s\" is listed twice"), choice->code);
  if (choice->code == NULL) /* a fault already; what follows looks codes up */
    choice->code = g_strdup ("");
  if (choice->valid_from != NULL && choice->valid_to != NULL && strcmp (choice->valid_from, choice->valid_to) > 0)
    xh_reader_fault (reader, "valid_to", _("must not be before valid_from"));
}

/* "choices": a list, or the name of one in lists/. */
static void
load_field_choices (XhLoading *loading, const XhReader *reader, XhField *field)
{
  JsonNode *node = json_object_get_member (json_node_get_object (reader->node), "choices");
  const XhCodeList *list;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    {
      field->choices = xh_choices_load (reader);
      return;
    }
  list = xh_catalog_find_code_list (loading->catalog, json_node_get_string (node));
  if (list == NULL)
    xh_reader_fault (reader, "choices", _("no such list \"%s\""), json_node_get_string (node));
  field->code_list = json_node_dup_string (node);
  field->choices = list != NULL ? g_ptr_array_ref (list->choices) : g_ptr_array_new ();
}

static void
load_checks (XhLoading *loading, const XhReader *reader, XhField *field)
{
  static const char *const keys[] = { "expression", "message", NULL };
  XhReader array;
  guint length = xh_reader_array (reader, "checks", FALSE, &array);

  for (guint i = 0; i < length; i++)
    {
      XhReader element;
      XhCheck *check;

      xh_reader_element (&array, i, &element);
      if (!xh_reader_object (&element, keys))
        continue;
      check = g_new0 (XhCheck, 1);
      g_ptr_array_add (field->checks, check);
      check->expression = xh_loading_expression (loading, &element, "expression", TRUE, field->kind->name);
      xh_reader_label (&element, "message", TRUE, &check->message);
    }
}

/* An expression that gives this field's value or relevance, for the search of cycles. */
static char *
load_own_expression (XhLoading *loading, const XhReader *reader, const char *key, XhField *field, XhSiteUse use)
{
  g_autofree char *expression = xh_reader_expression (reader, key, FALSE);
  XhSite *site = xh_loading_site (loading, reader, key, field->kind->name, expression);

  if (site != NULL)
    {
      site->use = use;
      site->owner = field->kind;
      site->first = field->index;
      site->n = 1;
    }
  return g_steal_pointer (&expression);
}

/* What fields and columns share. */
static gboolean
load_common (XhLoading *loading, const XhReader *reader, XhField *field)
{
  int level, openness;

  field->name = xh_reader_name (reader, FALSE);
  if (!xh_field_type_read (reader, "type", &field->type))
    return FALSE;
  check_typed_keys (reader, field->type);
  xh_reader_label (reader, "label", TRUE, &field->label);
  xh_reader_label (reader, "help", FALSE, &field->help);
  field->required = xh_reader_boolean (reader, "required", FALSE);
  field->sensitive = xh_reader_boolean (reader, "sensitive", FALSE);
  field->aliases = xh_reader_texts (reader, "aliases", FALSE);
  field->external_code = xh_reader_text (reader, "external_code", FALSE);
  field->unit_label = xh_reader_text (reader, "unit_label", FALSE);
  field->digits = (int) xh_reader_integer (reader, "digits", -1, 0, MAX_DIGITS);
  field->minimum = xh_reader_number (reader, "minimum", NAN);
  field->maximum = xh_reader_number (reader, "maximum", NAN);
  field->max_length = (guint) xh_reader_integer (reader, "max_length", 0, 1, MAX_LENGTH);
  if (field->minimum > field->maximum)
    xh_reader_fault (reader, "maximum", _("must not be less than minimum"));
  level = xh_reader_one_of (reader, "level", FALSE, level_names);
  field->level = level;
  openness = xh_reader_one_of (reader, "openness", FALSE, openness_names);
  field->openness = openness >= 0 ? (XhOpenness) openness : XH_OPENNESS_SHARED;
  if (field->type == XH_FIELD_CHOICE || field->type == XH_FIELD_CHOICES)
    load_field_choices (loading, reader, field);
  if (field->type == XH_FIELD_LINK)
    field->link_kind = xh_reader_text (reader, "kind", TRUE);
  return field->name != NULL;
}

static void
load_columns (XhLoading *loading, const XhReader *reader, XhField *table)
{
  static const char *const keys[] = {
    "name", "type", "label", "help", "required", "sensitive", "openness", "aliases", "external_code", "unit_label", "digits", "minimum",
    "maximum", "max_length", "choices", "level", NULL,
  };
  XhReader array;
  guint length = xh_reader_array (reader, "columns", TRUE, &array);

  if (xh_reader_has (reader, "columns") && (length == 0 || length > MAX_COLUMNS))
    xh_reader_fault (reader, "columns", _("must have from 1 to %d columns"), MAX_COLUMNS);
  for (guint i = 0; i < MIN (length, MAX_COLUMNS); i++)
    {
      XhReader element;
      XhField *column;

      xh_reader_element (&array, i, &element);
      if (!xh_reader_object (&element, keys))
        continue;
      column = xh_field_new ();
      column->kind = table->kind;
      column->index = table->table_fields->len;
      if (!load_common (loading, &element, column))
        {
          xh_field_free (column);
          continue;
        }
      if ((column_types & (1u << column->type)) == 0)
        xh_reader_fault (&element, "type", _("a column cannot be of type \"%s\""), type_names[column->type]);
      for (guint j = 0; j < table->table_fields->len; j++)
        if (strcmp (((XhField *) g_ptr_array_index (table->table_fields, j))->name, column->name) == 0)
          xh_reader_fault (&element, "name", _("\"%s\" is used twice"), column->name);
      g_ptr_array_add (table->table_fields, column);
    }
}

static void
check_sources (const XhReader *reader, const XhField *field)
{
  if (field->computed != NULL && field->scored)
    xh_reader_fault (reader, "scored", _("a field is either computed or scored"));
  if (field->default_expression != NULL && (field->computed != NULL || field->scored))
    xh_reader_fault (reader, "default", _("a computed or scored field has no default"));
  if (field->write_roles != NULL && (field->computed != NULL || field->scored))
    xh_reader_fault (reader, "write_roles", _("nobody writes a computed or scored field"));
}

/* --- private functions */

/* The member "choices" of @reader. Never NULL. */
GPtrArray *
xh_choices_load (const XhReader *reader)
{
  g_autoptr (GHashTable) codes = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *choices = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_choice_free);
  XhReader array;
  guint length = xh_reader_array (reader, "choices", TRUE, &array);

  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      load_choice (&element, choices, codes);
    }
  if (xh_reader_has (reader, "choices") && choices->len == 0)
    xh_reader_fault (reader, "choices", _("must not be empty"));
  return choices;
}

gboolean
xh_field_type_read (const XhReader *reader, const char *key, XhFieldType *type)
{
  int found = xh_reader_one_of (reader, key, TRUE, type_names);

  if (found < 0)
    return FALSE;
  *type = (XhFieldType) found;
  return TRUE;
}

/* @field has its kind and index. FALSE: it has no usable name or type. */
gboolean
xh_field_load (XhLoading *loading, const XhReader *reader, XhKind *kind, XhField *field)
{
  static const char *const keys[] = {
    "name", "type", "label", "help", "required", "required_when", "relevant", "irrelevant", "checks", "default", "computed", "scored",
    "sensitive", "openness", "read_roles", "write_roles", "aliases", "external_code", "unit_label", "digits", "minimum", "maximum",
    "max_length", "choices", "level", "kind", "columns", NULL,
  };

  if (!xh_reader_object (reader, keys) || !load_common (loading, reader, field))
    return FALSE;
  field->required_when = xh_loading_expression (loading, reader, "required_when", FALSE, kind->name);
  field->relevant = load_own_expression (loading, reader, "relevant", field, XH_SITE_RELEVANT);
  field->computed = load_own_expression (loading, reader, "computed", field, XH_SITE_COMPUTED);
  field->default_expression = load_own_expression (loading, reader, "default", field, XH_SITE_DEFAULT);
  xh_reader_label (reader, "irrelevant", FALSE, &field->irrelevant_reason);
  field->scored = xh_reader_boolean (reader, "scored", FALSE);
  field->read_roles = xh_loading_roles (loading, reader, "read_roles", FALSE);
  field->write_roles = xh_loading_roles (loading, reader, "write_roles", FALSE);
  load_checks (loading, reader, field);
  if (field->type == XH_FIELD_TABLE)
    {
      field->table_fields = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_field_free);
      load_columns (loading, reader, field);
    }
  check_sources (reader, field);
  return TRUE;
}
