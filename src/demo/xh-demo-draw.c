/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A value for a field: as the kind's sample says, else by what the definition says of the field. */
#include "xh-demo-private.h"

#include <string.h>

#include "model/xh-calendar.h"
#include "model/xh-json.h"

#define LEAST_POOL 60
#define ROUND_MONEY 100000 /* fen: greater amounts are round to a thousand yuan */
#define USUAL_UNIT "scjdglj" /* the demo's department clerk works there: one record in three is its */

static const char *const future_words[] = { "due", "until", "valid_to", "valid_until", "expire", "expires", "perform_by", "deadline", "_to", "_by", NULL };
static const char *const person_words[] = { "person", "contact", "handler", "operator", "representative", "leader", "host", "reviewer", "speaker",
                                            "inspector", "signer", "recorder", "applicant", "responsible", "collector", NULL };

static gboolean
has_word (const char *name, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] == '_' ? g_str_has_suffix (name, words[i]) : strstr (name, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* --- pools */

guint
xh_demo_pool_size (XhDemo *self, const char *kind)
{
  return MAX (xh_demo_samples_count (self->samples, kind, self->options->households), LEAST_POOL);
}

gboolean
xh_demo_holds_word (const char *name, JsonArray *words)
{
  for (guint i = 0; i < json_array_get_length (words); i++)
    if (strstr (name, json_array_get_string_element (words, i)) != NULL)
      return TRUE;
  return FALSE;
}

guint
xh_demo_fitting_firm (XhDemo *self, const XhKind *kind, guint index)
{
  const guint n = xh_demo_pool_size (self, "organisation");
  JsonObject *sample = xh_demo_samples_find (self->samples, kind->name);
  JsonArray *words = sample != NULL && json_object_has_member (sample, "firms") ? json_object_get_array_member (sample, "firms") : NULL;

  for (guint i = 0; words != NULL && i < n; i++)
    {
      g_autofree char *name = xh_demo_pool_firm_name (self, (index + i) % n);

      if (xh_demo_holds_word (name, words))
        return (index + i) % n;
    }
  return index;
}

/* A few subjects are met often, most seldom. A record of the subjects' own register is about its own. */
guint
xh_demo_register_subject (XhDemo *self, const XhKind *kind, guint number)
{
  XhDemoRandom random = xh_demo_random (self->options->seed ^ g_str_hash (kind->name), number, DEMO_TOPIC_REGISTER);
  double u = xh_demo_unit (&random);

  if (kind->subject_self)
    return number;
  return xh_demo_fitting_firm (self, kind, (guint) (u * u * xh_demo_pool_size (self, "organisation")));
}

static const XhUnit *
pick_unit (XhDemoDraw *self)
{
  XhUnits *units = xh_catalog_get_units (self->demo->catalog);
  GPtrArray *all = xh_units_get_all (units);
  const XhUnit *usual = xh_units_find (units, USUAL_UNIT);

  if (usual != NULL && xh_demo_chance (&self->random, 0.35))
    return usual;
  return g_ptr_array_index (all, xh_demo_between (&self->random, 0, (int) MIN (all->len, 40) - 1));
}

static const XhDivision *
pick_division (XhDemoDraw *self, int level)
{
  GPtrArray *all = xh_divisions_get_all (xh_catalog_get_divisions (self->demo->catalog));
  gboolean usual = xh_demo_chance (&self->random, 0.3);

  for (guint attempt = 0; attempt < 400; attempt++)
    {
      const XhDivision *division = g_ptr_array_index (all, xh_demo_between (&self->random, 0, (int) all->len - 1));

      if ((level < 0 ? division->level == XH_LEVEL_VILLAGE : (int) division->level == level)
          && (!usual || level < XH_LEVEL_TOWNSHIP || attempt > 300 || g_str_has_prefix (division->code, USUAL_TOWNSHIP)))
        return division;
    }
  return NULL;
}

static char *
pool_text (XhDemoDraw *self, const char *pool)
{
  guint other = (guint) xh_demo_between (&self->random, 0, (int) xh_demo_pool_size (self->demo, "person") - 1);

  if (strcmp (pool, "organisation") == 0)
    return xh_demo_pool_firm_name (self->demo, self->subject);
  if (strcmp (pool, "organisation_code") == 0)
    return xh_demo_pool_firm_code (self->demo, self->subject);
  if (strcmp (pool, "person") == 0)
    return xh_demo_pool_person_name (self->demo, other);
  if (strcmp (pool, "person_id") == 0)
    return xh_demo_pool_person_id (self->demo, other);
  if (strcmp (pool, "phone") == 0)
    return xh_demo_phone (&self->random);
  if (strcmp (pool, "body") == 0 || strcmp (pool, "unit") == 0 || strcmp (pool, "unit_name") == 0)
    return g_strdup (pick_unit (self)->name);
  if (strcmp (pool, "body_code") == 0)
    return xh_demo_pool_unit_code (self->demo, pick_unit (self));
  if (strcmp (pool, "village") == 0 || strcmp (pool, "village_name") == 0)
    return g_strdup (pick_division (self, XH_LEVEL_VILLAGE)->short_name);
  return NULL;
}

/* --- dates */

static char *
take_date (XhDemoDraw *self, const GDate *date)
{
  if (g_date_compare (date, &self->latest) > 0)
    self->latest = *date;
  if (self->year == 0)
    self->year = g_date_get_year (date);
  return xh_date_format (date);
}

static void
add_days (GDate *date, int days)
{
  if (days >= 0)
    g_date_add_days (date, (guint) days);
  else
    g_date_subtract_days (date, (guint) -days);
}

static char *
date_between (XhDemoDraw *self, const XhField *field, JsonObject *spec)
{
  const char *after = json_object_get_string_member_with_default (spec, "after", NULL);
  int from = (int) json_object_get_int_member_with_default (spec, "from", 0), to = (int) json_object_get_int_member_with_default (spec, "to", from);
  int days;
  GDate date = self->demo->today;

  if (self->open && after == NULL && to <= 0)
    from = MAX (from, MAX (-self->age, to - self->age / 2));
  days = xh_demo_between (&self->random, MIN (from, to), MAX (from, to));
  if (after != NULL && !xh_date_parse (g_hash_table_lookup (self->codes, after), &date))
    date = self->latest;
  add_days (&date, days);
  if (after != NULL && !has_word (field->name, future_words) && g_date_compare (&date, &self->demo->today) > 0)
    date = self->demo->today;
  return take_date (self, &date);
}

static char *
usual_date (XhDemoDraw *self, const XhField *field)
{
  GDate date = self->latest;

  if (has_word (field->name, future_words))
    {
      add_days (&date, xh_demo_between (&self->random, 30, 400));
      return xh_date_format (&date);
    }
  add_days (&date, xh_demo_between (&self->random, 0, 15));
  if (g_date_compare (&date, &self->demo->today) > 0)
    date = self->demo->today;
  return take_date (self, &date);
}

/* --- texts */

static char *
fill_in (XhDemoDraw *self, const char *text)
{
  g_autofree char *number = g_strdup_printf ("%04u", self->number + 1), *year = g_strdup_printf ("%u", self->year > 0 ? self->year : g_date_get_year (&self->latest));
  g_autofree char *org = NULL, *person = NULL;
  GString *result;

  if (strchr (text, '{') == NULL)
    return g_strdup (text);
  org = pool_text (self, "organisation");
  person = pool_text (self, "person");
  result = g_string_new (text);
  g_string_replace (result, "{n}", number, 0);
  g_string_replace (result, "{year}", year, 0);
  g_string_replace (result, "{org}", org, 0);
  g_string_replace (result, "{person}", person, 0);
  return g_string_free (result, FALSE);
}

static char *
usual_text (XhDemoDraw *self, const XhField *field)
{
  /* A firm has one, whatever register it is met in. */
  if (strcmp (field->name, "representative") == 0)
    return xh_demo_pool_person_name (self->demo, self->subject % xh_demo_pool_size (self->demo, "person"));
  if (has_word (field->name, person_words))
    return pool_text (self, "person");
  if (g_str_has_suffix (field->name, "_unit") || strstr (field->name, "authority") != NULL)
    return pool_text (self, "unit_name");
  if (strstr (field->name, "number") != NULL || strstr (field->name, "code") != NULL || g_str_has_suffix (field->name, "_no"))
    return g_strdup_printf ("演示%u%05u", self->year > 0 ? self->year : g_date_get_year (&self->latest), self->number + 1);
  if (strstr (field->name, "address") != NULL)
    return g_strdup ("宝丰县（演示数据）");
  if (strstr (field->label.zh, "网址") != NULL || strstr (field->label.zh, "链接") != NULL)
    return g_strdup_printf ("https://example.org/baofeng/%u", self->number + 1);
  return g_strdup_printf ("%s（演示）", field->label.zh);
}

/* --- what the sample says */

static JsonNode *
find_values (JsonObject *sample, const char *part, const char *field)
{
  JsonObject *values = sample != NULL && json_object_has_member (sample, part) ? json_object_get_object_member (sample, part) : NULL;

  return values != NULL ? json_object_get_member (values, field) : NULL;
}

/* What the sample says for records that are to stand in a certain state ("for") comes first, then the set that was chosen for this
 * record ("sets": values that belong together), then what it says for all. */
static JsonNode *
find_spec (XhDemoDraw *self, const char *part, const char *field)
{
  JsonObject *some = self->sample != NULL && self->target != NULL && json_object_has_member (self->sample, "for")
                     ? json_object_get_object_member (self->sample, "for") : NULL;
  JsonNode *spec = some != NULL && json_object_has_member (some, self->target) ? find_values (json_object_get_object_member (some, self->target), part, field) : NULL;

  if (spec == NULL && self->set != NULL && strcmp (part, "values") == 0)
    spec = json_object_get_member (self->set, field);
  return spec != NULL ? spec : find_values (self->sample, part, field);
}

/* --- choices and tables */

static char *
pick_choice (XhDemoDraw *self, const XhField *field)
{
  g_autofree char *today = xh_date_format (&self->demo->today);

  for (guint attempt = 0; attempt < 20 && field->choices->len > 0; attempt++)
    {
      const XhChoice *choice = g_ptr_array_index (field->choices, xh_demo_between (&self->random, 0, (int) field->choices->len - 1));

      if ((choice->valid_from == NULL || strcmp (choice->valid_from, today) <= 0) && (choice->valid_to == NULL || strcmp (choice->valid_to, today) >= 0))
        return g_strdup (choice->code);
    }
  return NULL;
}

static char *
pick_choices (XhDemoDraw *self, const XhField *field)
{
  g_autofree char *code = pick_choice (self, field);

  return code != NULL ? g_strdup_printf ("[\"%s\"]", code) : NULL;
}

static JsonNode *
value_node (const XhValue *value)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  if (value->type == XH_VALUE_INTEGER)
    json_node_set_int (node, value->integer);
  else if (value->type == XH_VALUE_REAL)
    json_node_set_double (node, value->real);
  else
    json_node_set_string (node, value->text);
  return node;
}

/* Values of a row that belong together: one of the table's "sets". */
static JsonObject *
pick_row (XhDemoDraw *self, JsonObject *spec)
{
  JsonArray *sets = spec != NULL && json_object_has_member (spec, "sets") ? json_object_get_array_member (spec, "sets") : NULL;

  if (sets == NULL || json_array_get_length (sets) == 0)
    return NULL;
  return json_array_get_object_element (sets, (guint) xh_demo_between (&self->random, 0, (int) json_array_get_length (sets) - 1));
}

/* A sample of a table says how many rows, and its columns' values as those of the record. */
static char *
draw_table (XhDemoDraw *self, const XhField *field)
{
  JsonNode *node = find_spec (self, "tables", field->name);
  JsonObject *spec = node != NULL ? json_node_get_object (node) : NULL;
  JsonArray *rows = spec != NULL && json_object_has_member (spec, "rows") ? json_object_get_array_member (spec, "rows") : NULL;
  int n = rows != NULL && json_array_get_length (rows) == 2
          ? xh_demo_between (&self->random, (int) json_array_get_int_element (rows, 0), (int) json_array_get_int_element (rows, 1)) : 1;
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();
  XhDemoDraw inner = *self;

  inner.sample = spec;
  inner.set = NULL;
  json_node_take_array (root, array);
  for (int i = 0; i < n; i++)
    {
      JsonObject *row = json_object_new ();
      g_autofree char *id = g_strdup_printf ("d%d", i + 1);

      inner.subject = self->subject + (guint) i;
      inner.set = pick_row (&inner, spec);
      json_object_set_string_member (row, "_id", id);
      for (guint j = 0; j < field->table_fields->len; j++)
        {
          const XhField *column = g_ptr_array_index (field->table_fields, j);
          g_auto (XhValue) value = XH_VALUE_INIT;

          xh_demo_draw_value (&inner, column, &value);
          if (!xh_value_is_null (&value))
            json_object_set_member (row, column->name, value_node (&value));
        }
      json_array_add_object_element (array, row);
    }
  self->random = inner.random;
  return n > 0 ? xh_json_canonical (root) : NULL;
}

/* --- by the sample */

static void
take_number (const XhField *field, double number, XhValue *value)
{
  if (field->type == XH_FIELD_DECIMAL)
    xh_value_set_real (value, number);
  else if (field->type == XH_FIELD_MONEY && number > ROUND_MONEY * 10)
    xh_value_set_integer (value, (gint64) (number / ROUND_MONEY) * ROUND_MONEY);
  else
    xh_value_set_integer (value, (gint64) number);
}

static void
take_element (XhDemoDraw *self, const XhField *field, JsonNode *node, XhValue *value)
{
  if (JSON_NODE_HOLDS_ARRAY (node) && (field->type == XH_FIELD_CHOICES || field->type == XH_FIELD_TABLE))
    xh_value_take_text (value, xh_json_canonical (node));
  else if (!JSON_NODE_HOLDS_VALUE (node))
    xh_value_set_null (value);
  else if (json_node_get_value_type (node) == G_TYPE_STRING && field->type == XH_FIELD_CHOICES)
    xh_value_take_text (value, g_strdup_printf ("[\"%s\"]", json_node_get_string (node)));
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    xh_value_take_text (value, fill_in (self, json_node_get_string (node)));
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    xh_value_set_integer (value, json_node_get_boolean (node));
  else
    take_number (field, json_node_get_double (node), value);
}

static gboolean
draw_sampled (XhDemoDraw *self, const XhField *field, XhValue *value)
{
  JsonNode *spec = find_spec (self, "values", field->name);

  if (spec == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_ARRAY (spec) && json_array_get_length (json_node_get_array (spec)) > 0)
    {
      JsonArray *array = json_node_get_array (spec);
      JsonNode *element = json_array_get_element (array, (guint) xh_demo_between (&self->random, 0, (int) json_array_get_length (array) - 1));

      if (!JSON_NODE_HOLDS_OBJECT (element))
        {
          take_element (self, field, element, value);
          return TRUE;
        }
      spec = element; /* one range or pool among others */
    }
  if (JSON_NODE_HOLDS_OBJECT (spec))
    {
      JsonObject *object = json_node_get_object (spec);

      if (json_object_has_member (object, "pool"))
        {
          if (field->type == XH_FIELD_UNIT || field->type == XH_FIELD_DIVISION || field->type == XH_FIELD_LINK)
            return FALSE; /* the field's own type says it better */
          xh_value_take_text (value, pool_text (self, json_object_get_string_member (object, "pool")));
        }
      else if (json_object_has_member (object, "min"))
        {
          double min = json_object_get_double_member (object, "min"), max = json_object_get_double_member_with_default (object, "max", min);

          take_number (field, min + xh_demo_unit (&self->random) * (max - min), value);
        }
      else
        xh_value_take_text (value, date_between (self, field, object));
    }
  else
    take_element (self, field, spec, value);
  return TRUE;
}

/* --- by the definition */

static gboolean
draw_subject (XhDemoDraw *self, const XhField *field, XhValue *value)
{
  gboolean body = g_strcmp0 (self->kind->subject_type, "body") == 0;
  gboolean code = self->kind->subject_codes != NULL && g_strv_contains ((const char *const *) self->kind->subject_codes, field->name);
  gboolean name = g_strcmp0 (self->kind->subject_name, field->name) == 0;
  GPtrArray *units = xh_units_get_all (xh_catalog_get_units (self->demo->catalog));
  const XhUnit *unit = g_ptr_array_index (units, self->subject % units->len);
  gboolean person = FALSE;

  /* A place is its division; what it is called is the register's own. */
  if (field->kind != self->kind || (!code && !name) || g_strcmp0 (self->kind->subject_type, "village") == 0)
    return FALSE;
  for (guint i = 0; name && self->kind->subject_codes != NULL && self->kind->subject_codes[i] != NULL; i++)
    {
      const XhField *other = xh_kind_find_field (self->kind, self->kind->subject_codes[i]);

      person = person || (other != NULL && other->type == XH_FIELD_ID_NUMBER && g_hash_table_contains (self->codes, other->name));
    }
  person = person || g_strcmp0 (self->kind->subject_type, "person") == 0;
  if (code && field->type == XH_FIELD_USCC)
    xh_value_take_text (value, body ? xh_demo_pool_unit_code (self->demo, unit) : xh_demo_pool_firm_code (self->demo, self->subject));
  else if (code && field->type == XH_FIELD_ID_NUMBER)
    xh_value_take_text (value, xh_demo_pool_person_id (self->demo, self->subject));
  else if (name && field->type == XH_FIELD_TEXT)
    xh_value_take_text (value, person ? xh_demo_pool_person_name (self->demo, self->subject)
                                      : body ? g_strdup (unit->name) : xh_demo_pool_firm_name (self->demo, self->subject));
  else
    return FALSE;
  return TRUE;
}

static char *
pick_link (XhDemoDraw *self, const XhField *field)
{
  const char *kind = field->link_kind;
  guint n = xh_demo_samples_count (self->demo->samples, kind, self->demo->options->households);

  if (strcmp (kind, "household") == 0)
    return self->demo->options->households > 0
           ? xh_demo_id (self->demo, (guint64) xh_demo_between (&self->random, 0, (int) self->demo->options->households - 1), 0) : NULL;
  if (n == 0)
    return NULL;
  return xh_demo_register_id (self->demo, kind, xh_demo_register_present (self->demo, kind, (guint) xh_demo_between (&self->random, 0, (int) n - 1), n));
}

static double
usual_number (XhDemoDraw *self, const XhField *field, double low, double high)
{
  if (!(field->minimum < low) && field->minimum == field->minimum)
    low = field->minimum, high = MAX (high, low);
  if (field->maximum == field->maximum)
    high = MIN (high, field->maximum);
  return low + xh_demo_unit (&self->random) * (high - low);
}

/* Whose code it is: that of a public body, by what the field is called. */
static gboolean
is_body (const XhField *field)
{
  return strstr (field->name, "authority") != NULL || strstr (field->name, "source") != NULL || strstr (field->name, "unit") != NULL;
}

static void
draw_usual (XhDemoDraw *self, const XhField *field, XhValue *value)
{
  const XhDivision *division;

  switch (field->type)
    {
    case XH_FIELD_TEXT: case XH_FIELD_LONG_TEXT: xh_value_take_text (value, usual_text (self, field)); break;
    case XH_FIELD_INTEGER: xh_value_set_integer (value, (gint64) usual_number (self, field, 1, 30)); break;
    case XH_FIELD_DECIMAL: xh_value_set_real (value, usual_number (self, field, 1, 100)); break;
    case XH_FIELD_MONEY: xh_value_set_integer (value, (gint64) usual_number (self, field, 1000, 2000) * 10000); break;
    case XH_FIELD_DATE: xh_value_take_text (value, usual_date (self, field)); break;
    case XH_FIELD_BOOLEAN: xh_value_set_integer (value, xh_demo_chance (&self->random, 0.5)); break;
    case XH_FIELD_CHOICE: xh_value_take_text (value, pick_choice (self, field)); break;
    case XH_FIELD_CHOICES: xh_value_take_text (value, pick_choices (self, field)); break;
    case XH_FIELD_DIVISION:
      division = pick_division (self, field->level);
      xh_value_take_text (value, division != NULL ? g_strdup (division->code) : NULL);
      break;
    case XH_FIELD_UNIT: xh_value_set_text (value, pick_unit (self)->code); break;
    case XH_FIELD_ID_NUMBER: xh_value_take_text (value, pool_text (self, "person_id")); break;
    case XH_FIELD_USCC: xh_value_take_text (value, pool_text (self, is_body (field) ? "body_code" : "organisation_code")); break;
    case XH_FIELD_PHONE: xh_value_take_text (value, xh_demo_phone (&self->random)); break;
    case XH_FIELD_LINK: xh_value_take_text (value, pick_link (self, field)); break;
    case XH_FIELD_TABLE: xh_value_take_text (value, draw_table (self, field)); break;
    case XH_FIELD_FILES: default: xh_value_set_null (value); break;
    }
}

void
xh_demo_draw_value (XhDemoDraw *self, const XhField *field, XhValue *value)
{
  xh_value_set_null (value);
  if (!draw_subject (self, field, value) && !draw_sampled (self, field, value))
    draw_usual (self, field, value);
}
