/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The domain functions that expressions call, and the list of those that SQLite brings. What is not known (NULL, no date, no
 * number) gives NULL. */

#include "xh-evaluator.h"

#include <math.h>
#include <string.h>

#include "xh-expression-private.h"
#include "xh-functions-private.h"
#include "xh-identifiers.h"
#include "xh-json-scan.h"

#define MAX_STEPS 25000
#define MAX_TEXT_LENGTH 4000000

/* --- helpers */

static const char *
text_argument (sqlite3_value *value)
{
  return (const char *) sqlite3_value_text (value);
}

static gboolean
date_argument (sqlite3_value *value, GDate *date)
{
  return xh_date_parse (text_argument (value), date);
}

static gboolean
integer_argument (sqlite3_value *value, int *number)
{
  gint64 wide;

  if (sqlite3_value_numeric_type (value) != SQLITE_INTEGER && sqlite3_value_numeric_type (value) != SQLITE_FLOAT)
    return FALSE;
  wide = sqlite3_value_int64 (value);
  *number = (int) CLAMP (wide, -1000000, 1000000);
  return TRUE;
}

static void
result_date (sqlite3_context *context, const GDate *date)
{
  char *text = xh_date_format (date);

  sqlite3_result_text (context, text, -1, g_free);
}

static XhCalendar *
calendar_of (sqlite3_context *context)
{
  return xh_catalog_get_calendar (sqlite3_user_data (context));
}

/* --- dates */

static void
today_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  GDate date;

  xh_date_today (&date);
  result_date (context, &date);
}

static void
add_workdays_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  GDate start, result;
  int days;

  if (date_argument (arguments[0], &start) && integer_argument (arguments[1], &days)
      && xh_calendar_add_workdays (calendar_of (context), &start, days, &result))
    result_date (context, &result);
}

static void
workdays_between_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  GDate from, to;

  if (date_argument (arguments[0], &from) && date_argument (arguments[1], &to))
    sqlite3_result_int (context, xh_calendar_workdays_between (calendar_of (context), &from, &to));
}

static void
is_workday_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  GDate date;

  if (date_argument (arguments[0], &date))
    sqlite3_result_int (context, xh_calendar_is_workday (calendar_of (context), &date));
}

static void
calendar_estimated_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  GDate date;

  if (date_argument (arguments[0], &date))
    sqlite3_result_int (context, xh_calendar_is_estimated (calendar_of (context), &date));
}

/* 民法典 202: the same day number; where the month lacks it, its last day. GDate does exactly that. */
static void
add_months_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  GDate date;
  int months;

  if (!date_argument (arguments[0], &date) || !integer_argument (arguments[1], &months) || ABS (months) > 12000)
    return;
  months += g_date_get_year (&date) * 12;
  if (months < 2 * 12 || months > 9998 * 12)
    return;
  months -= g_date_get_year (&date) * 12;
  if (months >= 0)
    g_date_add_months (&date, (guint) months);
  else
    g_date_subtract_months (&date, (guint) -months);
  result_date (context, &date);
}

static void
age_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  GDate born, on;
  int years;

  if (n == 1)
    xh_date_today (&on);
  else if (!date_argument (arguments[1], &on))
    return;
  if (!date_argument (arguments[0], &born) || g_date_compare (&born, &on) > 0)
    return;
  years = g_date_get_year (&on) - g_date_get_year (&born);
  if (g_date_get_month (&on) < g_date_get_month (&born)
      || (g_date_get_month (&on) == g_date_get_month (&born) && g_date_get_day (&on) < g_date_get_day (&born)))
    years--;
  sqlite3_result_int (context, years);
}

/* --- identifiers */

static void
id_ok_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const char *text = text_argument (arguments[0]);

  if (text != NULL)
    sqlite3_result_int (context, xh_id_number_check (text, NULL) == XH_IDENTIFIER_OK);
}

static void
id_birthdate_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  char *date = xh_id_number_birthdate (text_argument (arguments[0]));

  if (date != NULL)
    sqlite3_result_text (context, date, -1, g_free);
}

static void
id_sex_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  int sex = xh_id_number_sex (text_argument (arguments[0]));

  /* Codes of GB/T 2261.1, as text because choices are text. */
  if (sex != 0)
    sqlite3_result_text (context, sex == 1 ? "1" : "2", 1, SQLITE_STATIC);
}

static void
uscc_ok_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const char *text = text_argument (arguments[0]);

  if (text != NULL)
    sqlite3_result_int (context, xh_uscc_check (text, NULL) == XH_IDENTIFIER_OK);
}

static void
phone_ok_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const char *text = text_argument (arguments[0]);

  if (text != NULL)
    sqlite3_result_int (context, xh_phone_check (text));
}

/* --- repeated groups: JSON arrays of objects */

typedef enum { FOLD_SUM, FOLD_MAX, FOLD_MIN, FOLD_COUNT } FoldType;

typedef struct
{
  FoldType type;
  const char *column;    /* (nullable) */
  sqlite3_value *equal;  /* (nullable) counts the rows whose column equals it */
  const char *where;     /* (nullable) folds only the rows in which this column equals `wanted` */
  sqlite3_value *wanted;
  guint count;           /* rows, or rows that are equal, or values folded */
  gboolean has_real;
  gint64 integer;
  double real;
  char *text;            /* (owned) (nullable) greatest or least text */
} Fold;

static double
token_number (const XhScanToken *token)
{
  if (token->type == XH_SCAN_TRUE || token->type == XH_SCAN_FALSE)
    return token->type == XH_SCAN_TRUE;
  return token->type == XH_SCAN_INTEGER ? (double) token->number.integer : token->number.real;
}

static gboolean
token_is_number (const XhScanToken *token)
{
  return token->type == XH_SCAN_INTEGER || token->type == XH_SCAN_REAL || token->type == XH_SCAN_TRUE || token->type == XH_SCAN_FALSE;
}

static gboolean
token_equals (const XhScanToken *token, sqlite3_value *value)
{
  int type = sqlite3_value_type (value);

  if (type == SQLITE_TEXT)
    return xh_scan_equal (token, text_argument (value));
  return (type == SQLITE_INTEGER || type == SQLITE_FLOAT) && token_is_number (token) && token_number (token) == sqlite3_value_double (value);
}

static void
fold_text (Fold *fold, const XhScanToken *token)
{
  g_autofree char *text = xh_scan_dup (token);
  int order = fold->text != NULL ? strcmp (text, fold->text) : 0;

  if (fold->text != NULL && (fold->type == FOLD_MAX ? order <= 0 : order >= 0))
    return;
  g_free (fold->text);
  fold->text = g_steal_pointer (&text);
}

static void
fold_number (Fold *fold, const XhScanToken *token)
{
  double number = token_number (token);
  gboolean first = fold->count++ == 0;

  if (token->type == XH_SCAN_REAL)
    fold->has_real = TRUE;
  if (fold->type == FOLD_SUM)
    {
      fold->real += number;
      /* 18 digits a value: the sum of a table that a text of our length can hold is exact while the double is below 2^62. */
      if (token->type != XH_SCAN_REAL && fabs (fold->real) < 4.6e18)
        fold->integer += token->type == XH_SCAN_INTEGER ? token->number.integer : (gint64) number;
      else if (token->type != XH_SCAN_REAL)
        fold->has_real = TRUE;
    }
  else if (first || (fold->type == FOLD_MAX ? number > fold->real : number < fold->real))
    {
      fold->real = number;
      fold->integer = token->type == XH_SCAN_INTEGER ? token->number.integer : (gint64) number;
    }
}

static void
fold_value (Fold *fold, const XhScanToken *value)
{
  if (fold->equal != NULL)
    fold->count += token_equals (value, fold->equal) ? 1 : 0;
  else if (token_is_number (value))
    fold_number (fold, value);
  else if (value->type == XH_SCAN_TEXT && (fold->type == FOLD_MAX || fold->type == FOLD_MIN))
    fold_text (fold, value);
}

static gboolean
fold_row (Fold *fold, XhScan *scan)
{
  XhScanToken name, value, found;
  gboolean has_value = FALSE;
  gboolean wanted = fold->where == NULL;

  if (!xh_scan_char (scan, '{'))
    return FALSE;
  if (fold->column == NULL)
    fold->count++;
  if (xh_scan_char (scan, '}'))
    return TRUE;
  do
    {
      if (!xh_scan_text (scan, &name) || !xh_scan_char (scan, ':') || !xh_scan_value (scan, 3, &value))
        return FALSE;
      if (fold->where != NULL && xh_scan_equal (&name, fold->where))
        wanted = token_equals (&value, fold->wanted);
      if (fold->column == NULL || !xh_scan_equal (&name, fold->column))
        continue;
      found = value;
      has_value = TRUE;
    }
  while (xh_scan_char (scan, ','));
  if (has_value && wanted)
    fold_value (fold, &found);
  return xh_scan_char (scan, '}');
}

/* FALSE: the argument is no table. NULL is one without rows. */
static gboolean
fold_table (Fold *fold, sqlite3_value *table)
{
  XhScan scan;

  if (sqlite3_value_type (table) == SQLITE_NULL)
    return TRUE;
  if (sqlite3_value_type (table) != SQLITE_TEXT)
    return FALSE;
  xh_scan_init (&scan, text_argument (table), sqlite3_value_bytes (table));
  if (!xh_scan_char (&scan, '['))
    return FALSE;
  if (xh_scan_char (&scan, ']'))
    return TRUE;
  do
    if (!fold_row (fold, &scan))
      return FALSE;
  while (xh_scan_char (&scan, ','));
  return xh_scan_char (&scan, ']');
}

static void
table_count_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  Fold fold = { .type = FOLD_COUNT };

  if (fold_table (&fold, arguments[0]))
    sqlite3_result_int64 (context, fold.count);
}

static void
table_count_where_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  Fold fold = { .type = FOLD_COUNT, .column = text_argument (arguments[1]), .equal = arguments[2] };

  if (fold.column != NULL && fold_table (&fold, arguments[0]))
    sqlite3_result_int64 (context, fold.count);
}

static void
result_fold (sqlite3_context *context, Fold *fold)
{
  if (fold->count == 0 && fold->text != NULL)
    sqlite3_result_text (context, g_steal_pointer (&fold->text), -1, g_free);
  else if (fold->count == 0 && fold->type != FOLD_SUM)
    sqlite3_result_null (context);
  else if (fold->has_real)
    sqlite3_result_double (context, fold->real);
  else
    sqlite3_result_int64 (context, fold->integer);
  g_free (fold->text);
}

static void
fold_func (sqlite3_context *context, FoldType type, int n, sqlite3_value **arguments)
{
  Fold fold = { .type = type, .column = text_argument (arguments[1]) };

  if (n == 4)
    {
      fold.where = text_argument (arguments[2]);
      fold.wanted = arguments[3];
    }
  if (fold.column != NULL && (n != 4 || fold.where != NULL) && fold_table (&fold, arguments[0]))
    result_fold (context, &fold);
  else
    g_free (fold.text);
}

static void
table_sum_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  fold_func (context, FOLD_SUM, n, arguments);
}

static void
table_max_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  fold_func (context, FOLD_MAX, n, arguments);
}

static void
table_min_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  fold_func (context, FOLD_MIN, n, arguments);
}

static void
has_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const char *code = text_argument (arguments[1]);
  gboolean found = FALSE;
  XhScanToken token;
  XhScan scan;

  if (sqlite3_value_type (arguments[0]) != SQLITE_TEXT || code == NULL)
    return;
  xh_scan_init (&scan, text_argument (arguments[0]), sqlite3_value_bytes (arguments[0]));
  if (!xh_scan_char (&scan, '['))
    return;
  do
    if (xh_scan_value (&scan, 2, &token))
      found = found || xh_scan_equal (&token, code);
  while (scan.fault == NULL && xh_scan_char (&scan, ','));
  sqlite3_result_int (context, found);
}

/* --- divisions */

static void
division_name_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const XhDivision *division = xh_divisions_find (xh_catalog_get_divisions (sqlite3_user_data (context)), text_argument (arguments[0]));

  if (division != NULL)
    sqlite3_result_text (context, division->name, -1, SQLITE_TRANSIENT);
}

static void
division_township_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  XhDivisions *divisions = xh_catalog_get_divisions (sqlite3_user_data (context));
  const XhDivision *division = xh_divisions_find (divisions, text_argument (arguments[0]));

  while (division != NULL && division->level > XH_LEVEL_TOWNSHIP)
    division = xh_divisions_find (divisions, division->parent);
  if (division != NULL && division->level == XH_LEVEL_TOWNSHIP)
    sqlite3_result_text (context, division->code, -1, SQLITE_TRANSIENT);
}

/* --- units */

static const XhUnit *
unit_argument (sqlite3_context *context, sqlite3_value *value)
{
  return xh_units_find (xh_catalog_get_units (sqlite3_user_data (context)), text_argument (value));
}

static void
unit_name_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const XhUnit *unit = unit_argument (context, arguments[0]);

  if (unit != NULL)
    sqlite3_result_text (context, unit->name, -1, SQLITE_TRANSIENT);
}

static void
unit_uscc_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const XhUnit *unit = unit_argument (context, arguments[0]);

  if (unit != NULL && unit->uscc != NULL)
    sqlite3_result_text (context, unit->uscc, -1, SQLITE_TRANSIENT);
}

/* Townships have one, departments none. */
static void
unit_division_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const XhUnit *unit = unit_argument (context, arguments[0]);

  if (unit != NULL && unit->division != NULL)
    sqlite3_result_text (context, unit->division, -1, SQLITE_TRANSIENT);
}

/* --- the office's own numbers */

static void
limit_of_func (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const char *name = text_argument (arguments[0]);
  gint64 number = name != NULL ? xh_catalog_get_limit (sqlite3_user_data (context), name, -1) : -1;

  if (number >= 0)
    sqlite3_result_int64 (context, number);
}

/* --- the lists */

static const struct
{
  const char *name;
  int arguments;
  void (*func) (sqlite3_context *, int, sqlite3_value **);
} functions[] = {
  { "today", 0, today_func },
  { "add_workdays", 2, add_workdays_func },
  { "workdays_between", 2, workdays_between_func },
  { "is_workday", 1, is_workday_func },
  { "calendar_estimated", 1, calendar_estimated_func },
  { "add_months", 2, add_months_func },
  { "deadline", 3, xh_deadline_func },
  { "deadline", 4, xh_deadline_func },
  { "period_text", 3, xh_period_text_func },
  { "age", 1, age_func },
  { "age", 2, age_func },
  { "id_ok", 1, id_ok_func },
  { "id_birthdate", 1, id_birthdate_func },
  { "id_sex", 1, id_sex_func },
  { "uscc_ok", 1, uscc_ok_func },
  { "phone_ok", 1, phone_ok_func },
  { "table_count", 1, table_count_func },
  { "table_count_where", 3, table_count_where_func },
  { "table_sum", 2, table_sum_func },
  { "table_max", 2, table_max_func },
  { "table_min", 2, table_min_func },
  { "table_sum_where", 4, table_sum_func },
  { "table_min_where", 4, table_min_func },
  { "has", 2, has_func },
  { "division_name", 1, division_name_func },
  { "division_township", 1, division_township_func },
  { "unit_name", 1, unit_name_func },
  { "unit_uscc", 1, unit_uscc_func },
  { "unit_division", 1, unit_division_func },
  { "limit_of", 1, limit_of_func },
};

static const char *const sqlite_functions[] = {
  "abs", "coalesce", "ifnull", "nullif", "iif", "length", "lower", "upper", "substr", "trim", "ltrim", "rtrim", "replace", "round", "min",
  "max", "instr", "date", "julianday", "strftime", "printf", "like", "glob", "typeof", "count", "sum", "avg", NULL,
};

gboolean
xh_function_is_known (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    if (strcmp (functions[i].name, name) == 0)
      return TRUE;
  return g_strv_contains (sqlite_functions, name);
}

gboolean
xh_functions_register (sqlite3 *db, XhCatalog *catalog, GError **error)
{
  /* Deterministic within a statement, which is all that SQLite does with it here: today() is computed once a statement. */
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

  g_return_val_if_fail (db != NULL && catalog != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    if (sqlite3_create_function_v2 (db, functions[i].name, functions[i].arguments, flags, catalog, functions[i].func, NULL, NULL, NULL)
        != SQLITE_OK)
      {
        g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, "%s: %s", functions[i].name, sqlite3_errmsg (db));
        return FALSE;
      }
  return TRUE;
}

void
xh_sandbox_limit (sqlite3 *db)
{
  g_return_if_fail (db != NULL);

  sqlite3_limit (db, SQLITE_LIMIT_LENGTH, MAX_TEXT_LENGTH);
  sqlite3_limit (db, SQLITE_LIMIT_EXPR_DEPTH, 200);
  sqlite3_limit (db, SQLITE_LIMIT_FUNCTION_ARG, 32);
  sqlite3_limit (db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200);
  sqlite3_limit (db, SQLITE_LIMIT_ATTACHED, 0);
  /* Without subqueries no loop can run in an expression: the length of the program is the limit of its steps. A progress
   * handler would not do for statements that are kept, since SQLite goes on counting from run to run. */
  sqlite3_limit (db, SQLITE_LIMIT_VDBE_OP, MAX_STEPS);
}
