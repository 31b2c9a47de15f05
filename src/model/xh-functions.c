/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The domain functions that catalog expressions may call (docs/catalog.md). Each is deterministic but today() and age() of one
 * argument; an argument that is NULL or not of its type gives NULL, as SQL does it. */
#include "xh-evaluator.h"

#include <string.h>

#include "xh-functions-private.h"
#include "xh-identifiers.h"
#include "xh-json.h"

/* SQLite's functions that an expression may call; all are free of side effects and of bounded cost. */
static const char *const ALLOWED[] = {
  "abs", "coalesce", "date", "glob", "ifnull", "iif", "instr", "julianday", "length", "like", "lower", "ltrim", "max",
  "min", "nullif", "printf", "replace", "round", "rtrim", "strftime", "substr", "trim", "typeof", "upper", NULL,
};

/* Aggregates that a reference may use besides. */
static const char *const AGGREGATES[] = { "avg", "count", "max", "min", "sum", NULL };

static XhCatalog *
get_catalog (sqlite3_context *context)
{
  return sqlite3_user_data (context);
}

static const char *
get_text (sqlite3_value *value)
{
  return sqlite3_value_type (value) == SQLITE_NULL ? NULL : (const char *) sqlite3_value_text (value);
}

static gboolean
get_date (sqlite3_value *value, GDate *date)
{
  const char *text = get_text (value);

  return text != NULL && xh_date_parse (text, date);
}

static void
return_text (sqlite3_context *context, const char *text)
{
  if (text != NULL)
    sqlite3_result_text (context, text, -1, SQLITE_TRANSIENT);
}

static void
return_date (sqlite3_context *context, const GDate *date)
{
  g_autofree char *text = xh_date_format (date);

  return_text (context, text);
}

/* --- dates */

static void
today_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  GDate date;

  xh_date_today (&date);
  return_date (context, &date);
}

static void
add_workdays_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  GDate date, result;

  if (get_date (values[0], &date) && sqlite3_value_numeric_type (values[1]) == SQLITE_INTEGER &&
      xh_calendar_add_workdays (xh_catalog_get_calendar (get_catalog (context)), &date, sqlite3_value_int (values[1]), &result))
    return_date (context, &result);
}

static void
workdays_between_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  GDate from, to;

  if (get_date (values[0], &from) && get_date (values[1], &to))
    sqlite3_result_int (context, xh_calendar_workdays_between (xh_catalog_get_calendar (get_catalog (context)), &from, &to));
}

static void
is_workday_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  GDate date;

  if (get_date (values[0], &date))
    sqlite3_result_int (context, xh_calendar_is_workday (xh_catalog_get_calendar (get_catalog (context)), &date));
}

static void
calendar_estimated_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  GDate date;

  if (get_date (values[0], &date))
    sqlite3_result_int (context, xh_calendar_is_estimated (xh_catalog_get_calendar (get_catalog (context)), &date));
}

/* Month arithmetic of 民法典 202: the same day number, or the last day of a month that has none. */
static void
add_months_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  GDate date;
  int months;

  if (!get_date (values[0], &date) || sqlite3_value_numeric_type (values[1]) != SQLITE_INTEGER)
    return;
  months = CLAMP (sqlite3_value_int (values[1]), -2400, 2400);
  if (g_date_get_year (&date) * 12 + g_date_get_month (&date) - 1 + months < 12)
    return;
  if (months >= 0)
    g_date_add_months (&date, (guint) months);
  else
    g_date_subtract_months (&date, (guint) -months);
  if (g_date_get_year (&date) <= 9999)
    return_date (context, &date);
}

static void
age_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  GDate birth, on;
  int years;

  if (!get_date (values[0], &birth))
    return;
  if (n < 2)
    xh_date_today (&on);
  else if (!get_date (values[1], &on))
    return;
  years = g_date_get_year (&on) - g_date_get_year (&birth);
  if (g_date_get_month (&on) < g_date_get_month (&birth) ||
      (g_date_get_month (&on) == g_date_get_month (&birth) && g_date_get_day (&on) < g_date_get_day (&birth)))
    years--;
  sqlite3_result_int (context, years);
}

/* --- identifiers */

static void
id_ok_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = get_text (values[0]);

  if (text != NULL)
    sqlite3_result_int (context, xh_id_number_check (text, NULL) == XH_IDENTIFIER_OK);
}

static void
uscc_ok_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = get_text (values[0]);

  if (text != NULL)
    sqlite3_result_int (context, xh_uscc_check (text, NULL) == XH_IDENTIFIER_OK);
}

static void
phone_ok_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = get_text (values[0]);

  if (text != NULL)
    sqlite3_result_int (context, xh_phone_check (text));
}

static void
id_birthdate_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = get_text (values[0]);
  g_autofree char *date = text != NULL ? xh_id_number_birthdate (text) : NULL;

  return_text (context, date);
}

static void
id_sex_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = get_text (values[0]);
  int sex = text != NULL ? xh_id_number_sex (text) : 0;

  return_text (context, sex == 1 ? "1" : sex == 2 ? "2" : NULL);
}

/* --- tables and several choices */

typedef struct
{
  gboolean table;
  guint count;
  guint known; /* rows whose column holds a number */
  double sum, min, max;
  gboolean real;
} Fold;

static void
fold_number (Fold *fold, JsonNode *node)
{
  double number;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || !g_value_type_transformable (json_node_get_value_type (node), G_TYPE_DOUBLE))
    return;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return;
  number = json_node_get_value_type (node) == G_TYPE_BOOLEAN ? json_node_get_boolean (node) : json_node_get_double (node);
  fold->real |= json_node_get_value_type (node) == G_TYPE_DOUBLE;
  fold->min = fold->known ? MIN (fold->min, number) : number;
  fold->max = fold->known ? MAX (fold->max, number) : number;
  fold->sum += number;
  fold->known++;
}

static gboolean
same_value (JsonNode *node, sqlite3_value *value)
{
  const char *text;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return sqlite3_value_type (value) == SQLITE_NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return (text = get_text (value)) != NULL && g_str_equal (json_node_get_string (node), text);
  if (sqlite3_value_numeric_type (value) == SQLITE_NULL || sqlite3_value_type (value) == SQLITE_TEXT)
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node) == (sqlite3_value_int (value) != 0);
  return json_node_get_double (node) == sqlite3_value_double (value);
}

/* Folds the rows of a table; with @equals only the rows whose column is that value are counted. */
static Fold
fold_table (sqlite3_value **values, int n)
{
  const char *text = get_text (values[0]), *column = n > 1 ? get_text (values[1]) : NULL;
  g_autoptr (JsonNode) root = text != NULL ? xh_json_parse (text, -1, NULL) : NULL;
  Fold fold = { 0 };
  JsonArray *rows;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root) || (n > 1 && column == NULL))
    return fold;
  fold.table = TRUE;
  rows = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonNode *row = json_array_get_element (rows, i);
      JsonNode *cell = column != NULL && JSON_NODE_HOLDS_OBJECT (row) ? json_object_get_member (json_node_get_object (row), column) : NULL;

      if (n > 2)
        fold.count += same_value (cell, values[2]);
      else
        fold.count++;
      fold_number (&fold, cell);
    }
  return fold;
}

static void
return_number (sqlite3_context *context, const Fold *fold, double number)
{
  if (fold->real)
    sqlite3_result_double (context, number);
  else
    sqlite3_result_int64 (context, (sqlite3_int64) number);
}

static void
table_count_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  Fold fold = fold_table (values, n);

  if (fold.table)
    sqlite3_result_int (context, (int) fold.count);
}

static void
table_sum_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  Fold fold = fold_table (values, n);

  if (fold.table)
    return_number (context, &fold, fold.sum);
}

static void
table_min_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  Fold fold = fold_table (values, n);

  if (fold.known)
    return_number (context, &fold, fold.min);
}

static void
table_max_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  Fold fold = fold_table (values, n);

  if (fold.known)
    return_number (context, &fold, fold.max);
}

static void
has_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = get_text (values[0]), *code = get_text (values[1]);
  g_autoptr (JsonNode) root = text != NULL ? xh_json_parse (text, -1, NULL) : NULL;
  gboolean found = FALSE;

  if (code == NULL || root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return;
  for (guint i = 0; i < json_array_get_length (json_node_get_array (root)) && !found; i++)
    found = g_strcmp0 (json_node_get_string (json_array_get_element (json_node_get_array (root), i)), code) == 0;
  sqlite3_result_int (context, found);
}

/* --- divisions */

static void
division_name_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *code = get_text (values[0]);
  const XhDivision *division = code ? xh_divisions_find (xh_catalog_get_divisions (get_catalog (context)), code) : NULL;

  if (division != NULL)
    return_text (context, division->name);
}

static void
division_township_func (sqlite3_context *context, int n, sqlite3_value **values)
{
  XhDivisions *divisions = xh_catalog_get_divisions (get_catalog (context));
  const char *code = get_text (values[0]);
  const XhDivision *division = code ? xh_divisions_find (divisions, code) : NULL;

  while (division != NULL && division->level > XH_LEVEL_TOWNSHIP)
    division = division->parent ? xh_divisions_find (divisions, division->parent) : NULL;
  if (division != NULL && division->level == XH_LEVEL_TOWNSHIP)
    return_text (context, division->code);
}

static const struct
{
  const char *name;
  int n_arguments;
  gboolean varies; /* by the day */
  void (*function) (sqlite3_context *, int, sqlite3_value **);
} FUNCTIONS[] = {
  { "today", 0, TRUE, today_func },
  { "add_workdays", 2, FALSE, add_workdays_func },
  { "workdays_between", 2, FALSE, workdays_between_func },
  { "is_workday", 1, FALSE, is_workday_func },
  { "calendar_estimated", 1, FALSE, calendar_estimated_func },
  { "add_months", 2, FALSE, add_months_func },
  { "age", 1, TRUE, age_func },
  { "age", 2, FALSE, age_func },
  { "id_ok", 1, FALSE, id_ok_func },
  { "id_birthdate", 1, FALSE, id_birthdate_func },
  { "id_sex", 1, FALSE, id_sex_func },
  { "uscc_ok", 1, FALSE, uscc_ok_func },
  { "phone_ok", 1, FALSE, phone_ok_func },
  { "table_count", 1, FALSE, table_count_func },
  { "table_count_where", 3, FALSE, table_count_func },
  { "table_sum", 2, FALSE, table_sum_func },
  { "table_min", 2, FALSE, table_min_func },
  { "table_max", 2, FALSE, table_max_func },
  { "has", 2, FALSE, has_func },
  { "division_name", 1, FALSE, division_name_func },
  { "division_township", 1, FALSE, division_township_func },
};

gboolean
xh_functions_allow (const char *name, gboolean aggregate)
{
  for (guint i = 0; i < G_N_ELEMENTS (FUNCTIONS); i++)
    if (g_ascii_strcasecmp (FUNCTIONS[i].name, name) == 0)
      return TRUE;
  for (guint i = 0; ALLOWED[i] != NULL; i++)
    if (g_ascii_strcasecmp (ALLOWED[i], name) == 0)
      return TRUE;
  for (guint i = 0; aggregate && AGGREGATES[i] != NULL; i++)
    if (g_ascii_strcasecmp (AGGREGATES[i], name) == 0)
      return TRUE;
  return FALSE;
}

gboolean
xh_functions_register (sqlite3 *db, XhCatalog *catalog, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (FUNCTIONS); i++)
    {
      int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS | (FUNCTIONS[i].varies ? 0 : SQLITE_DETERMINISTIC);

      if (sqlite3_create_function_v2 (db, FUNCTIONS[i].name, FUNCTIONS[i].n_arguments, flags, catalog, FUNCTIONS[i].function,
                                      NULL, NULL, NULL) != SQLITE_OK)
        {
          g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, "%s: %s", FUNCTIONS[i].name, sqlite3_errmsg (db));
          return FALSE;
        }
    }
  return TRUE;
}
