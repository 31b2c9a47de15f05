/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "fixture.h"
#include "model/xh-sql.h"

/* --- functions */

static char *
evaluate (sqlite3 *db, const char *expression)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s", expression);
  sqlite3_stmt *statement = NULL;
  char *result;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", expression, sqlite3_errmsg (db));
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  result = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return result;
}

typedef struct { const char *expression, *result; } Case;

static const Case cases[] = {
  { "today()", "2026-11-22" },
  { "add_workdays('2026-11-20', 7)", "2026-12-01" },
  { "add_workdays('2026-09-30', 1)", "2026-10-02" },
  { "add_workdays('2026-11-20', -1)", "2026-11-19" },
  { "add_workdays('2026-11-20', '7')", "2026-12-01" },
  { "add_workdays('soon', 7)", NULL },
  { "add_workdays(NULL, 7)", NULL },
  { "add_workdays('2026-11-20', 'many')", NULL },
  { "add_workdays('2026-11-20', 99999999999)", NULL },
  { "workdays_between('2026-11-20', '2026-12-01')", "7" },
  { "workdays_between('2026-12-01', '2026-11-20')", "-7" },
  { "is_workday('2026-10-10')", "1" },
  { "is_workday('2026-10-01')", "0" },
  { "calendar_estimated('2026-10-01')", "0" },
  { "calendar_estimated('2027-10-01')", "1" },
  { "add_months('2026-01-31', 1)", "2026-02-28" },
  { "add_months('2024-01-31', 1)", "2024-02-29" },
  { "add_months('2026-03-31', -1)", "2026-02-28" },
  { "add_months('2026-11-22', 24)", "2028-11-22" },
  { "add_months('2026-11-22', 999999999)", NULL },
  { "add_months('0001-01-01', -24)", NULL },
  { "id_ok('34052419800101001X')", "1" },
  { "id_ok('340524198001010011')", "0" },
  { "id_ok(NULL)", NULL },
  { "id_birthdate('34052419800101001X')", "1980-01-01" },
  { "id_birthdate('x')", NULL },
  { "id_sex('34052419800101001X')", "1" },
  { "typeof(id_sex('34052419800101001X'))", "text" },
  { "id_sex('')", NULL },
  { "uscc_ok('91350100M000100Y43')", "1" },
  { "phone_ok('13812345678')", "1" },
  { "age('1980-11-22')", "46" },
  { "age('1980-11-23')", "45" },
  { "age('2000-02-29', '2026-02-28')", "25" },
  { "age('2000-02-29', '2026-03-01')", "26" },
  { "age('2027-01-01')", NULL },
  { "table_count('[]')", "0" },
  { "table_count(NULL)", "0" },
  { "table_count('[{},{\"a\":1}]')", "2" },
  { "table_count('nonsense')", NULL },
  { "table_sum('[{\"a\":1},{\"a\":2},{\"b\":4},{\"a\":null}]', 'a')", "3" },
  { "typeof(table_sum('[{\"a\":1}]', 'a'))", "integer" },
  { "table_sum('[{\"a\":1.5},{\"a\":2}]', 'a')", "3.5" },
  { "table_sum('[{\"a\":999999999999999999},{\"a\":1}]', 'a')", "1000000000000000000" },
  { "table_sum('[{\"a\":\"5\"}]', 'a')", "0" },
  { "table_sum(NULL, 'a')", "0" },
  { "table_max('[{\"a\":1},{\"a\":-2}]', 'a')", "1" },
  { "table_min('[{\"a\":1},{\"a\":-2}]', 'a')", "-2" },
  { "table_max('[{\"d\":\"2026-01-02\"},{\"d\":\"2025-12-31\"}]', 'd')", "2026-01-02" },
  { "table_min('[{\"d\":\"2026-01-02\"},{\"d\":\"2025-12-31\"}]', 'd')", "2025-12-31" },
  { "table_min_where('[{\"d\":\"2026-01-02\",\"s\":\"open\"},{\"s\":\"done\",\"d\":\"2025-12-31\"}]', 'd', 's', 'open')", "2026-01-02" },
  { "table_sum_where('[{\"a\":5,\"s\":\"x\"},{\"s\":\"x\",\"a\":7},{\"a\":9}]', 'a', 's', 'x')", "12" },
  { "table_sum_where('[{\"a\":5}]', 'a', 's', 'x')", "0" },
  { "table_max('[]', 'a')", NULL },
  { "table_count_where('[{\"a\":1},{\"a\":true},{\"a\":\"1\"}]', 'a', 1)", "2" },
  { "table_count_where('[{\"s\":\"bad\"},{\"s\":\"b\\u0061d\"},{\"s\":\"good\"}]', 's', 'bad')", "2" },
  { "table_count_where('[{\"a\":{\"a\":1}},{\"a\":[1]}]', 'a', 1)", "0" },
  { "has('[\"file\",\"rate\"]', 'rate')", "1" },
  { "has('[\"file\"]', 'rate')", "0" },
  { "has('[]', 'rate')", "0" },
  { "has(NULL, 'rate')", NULL },
  { "division_name('410421101200')", "周庄村村民委员会" },
  { "division_township('410421101200')", "410421101000" },
  { "division_township('410421000000')", NULL },
  { "division_name('x')", NULL },
};

static void
test_functions (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_true (xh_functions_register (db, catalog, &error));
  g_assert_no_error (error);
  xh_sandbox_limit (db);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *result = evaluate (db, cases[i].expression);

      if (g_strcmp0 (result, cases[i].result) != 0)
        g_error ("%s is %s, not %s", cases[i].expression, result, cases[i].result);
    }
  sqlite3_close (db);
}

/* --- the sandbox */

static void
test_lint_depends (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  g_autoptr (GPtrArray) depends = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (xh_expression_lint (catalog, kind, "case when consents > 0 and state in ('a', 'b') then income end", FALSE, &depends, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (depends->len, ==, 3);
  g_assert_true (g_ptr_array_find_with_equal_func (depends, "consents", g_str_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (depends, "state", g_str_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (depends, "income", g_str_equal, NULL));
}

static void
test_lint_accepts (void)
{
  static const char *const good[] = {
    "income", "1", "'a;b--c/*d?e''f'", "income BETWEEN 1 AND 2", "head_name LIKE 'a%' ESCAPE '!'", "cast(income as real) / 2", "-income + ~1 | 2",
    "income IS NOT NULL", "max(income, costs)", "coalesce(income, 0) || 'x'", "head_name IN ('a', 'b')", "true AND NOT false", "1e-3 < 2.5",
    "CASE state WHEN 'draft' THEN 1 ELSE 0 END", "has('[]', 'a')", "substr(created_at, 1, 10)", "iif(income > costs, 1, 2)",
    "strftime('%Y', today()) + 0", "replace(head_name, 'a', 'b')",
  };
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      if (!xh_expression_lint (catalog, kind, good[i], FALSE, NULL, &error))
        g_error ("%s: %s", good[i], error->message);
    }
}

static void
test_lint_refuses (void)
{
  static const Case bad[] = {
    { "", "the expression is empty" },
    { "   ", "the expression is empty" },
    { "(SELECT 1)", "an expression must not hold \"SELECT\"" },
    { "income IN (SELECT rid FROM record)", "an expression must not hold \"SELECT\"" },
    { "EXISTS (VALUES (1))", "no such function \"EXISTS\"" },
    { "income IN record", "a list in parentheses must follow IN, not \"record\"" },
    { "income; DROP TABLE record", "an expression must not hold \";\"" },
    { "income -- x", "an expression must not hold \"-\"" },
    { "income /* x */", "an expression must not hold \"/\"" },
    { "?1", "an expression must not hold \"?\"" },
    { ":a", "an expression must not hold \":\"" },
    { "@a", "an expression must not hold \"@\"" },
    { "$a", "an expression must not hold \"$\"" },
    { "\"income\"", "an expression must not hold \"\"\"" },
    { "`income`", "an expression must not hold \"`\"" },
    { "[income]", "an expression must not hold \"[\"" },
    { "record.income", "no such name \"record\"" },
    { "head_name -> '$.a'", "an expression must not hold \"-\"" },
    { "income, costs", "there is more than one expression" },
    { "(income, costs)", "row value misused" },
    { "income) + (1", "nothing is closed by \")\"" },
    { "(income", "a parenthesis is not closed" },
    { "'abc", "an expression must not hold \"'abc\"" },
    { "x'41'", "no such name \"x\"" },
    { "incme", "no such name \"incme\"" },
    { "Income", "no such name \"Income\"" },
    { "rid", "no such name \"rid\"" },
    { "rowid", "no such name \"rowid\"" },
    { "deleted", "no such name \"deleted\"" },
    { "random()", "no such function \"random\"" },
    { "load_extension('x')", "no such function \"load_extension\"" },
    { "current_timestamp", "an expression must not hold \"current_timestamp\"" },
    { "count(*)", "count, sum, avg, and min or max of one value run over many records and cannot stand here" },
    { "max(income)", "count, sum, avg, and min or max of one value run over many records and cannot stand here" },
    { "sum(income) OVER ()", "count, sum, avg, and min or max of one value run over many records and cannot stand here" },
    { "income COLLATE nocase", "an expression must not hold \"COLLATE\"" },
    { "income MATCH 'x'", "an expression must not hold \"MATCH\"" },
    { "RAISE(ABORT, 'x')", "no such function \"RAISE\"" },
    { "replace(printf('%1000000d', 1), ' ', 'aaaaaaaaaa')", "string or blob too big" },
    { "cast(income as blob)", "no such type \"blob\"" },
    { "1 +", "near \")\": syntax error" },
    { "income 5", "near \"5\": syntax error" },
    { "收入", "an expression must not hold \"\xEF\xBF\xBD\"" },
    { "5apples", "unrecognized token: \"5apples\"" },
  };
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      if (xh_expression_lint (catalog, kind, bad[i].expression, FALSE, NULL, &error))
        g_error ("accepted: %s", bad[i].expression);
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION);
      if (strcmp (error->message, bad[i].result) != 0)
        g_error ("%s: %s, not: %s", bad[i].expression, error->message, bad[i].result);
    }
}

static void
test_lint_aggregates (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  g_autoptr (GError) error = NULL;

  g_assert_true (xh_expression_lint (catalog, kind, "round(avg(income) / count(*), 1)", TRUE, NULL, &error));
  g_assert_true (xh_expression_lint (catalog, kind, "max(income)", TRUE, NULL, &error));
  g_assert_true (xh_expression_lint (catalog, kind, "count(distinct head_id)", TRUE, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (xh_expression_lint (catalog, kind, "avg(income) + costs", TRUE, NULL, &error));
}

static void
test_lint_deep_nesting (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  g_autoptr (GString) parentheses = g_string_new (NULL), signs = g_string_new (NULL);

  for (int i = 0; i < 1900; i++)
    g_string_append (parentheses, "(");
  g_string_append (parentheses, "1");
  for (int i = 0; i < 1900; i++)
    g_string_append (parentheses, ")");
  for (int i = 0; i < 3900; i++)
    g_string_append (signs, "~");
  g_string_append (signs, "1");
  g_assert_false (xh_expression_lint (catalog, kind, parentheses->str, FALSE, NULL, NULL));
  g_assert_false (xh_expression_lint (catalog, kind, signs->str, FALSE, NULL, NULL));
}

/* --- the source */

static void
run (sqlite3 *db, const char *sql)
{
  char *message = NULL;

  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
}

static void
make_table (sqlite3 *db, const XhKind *kind)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_printf (sql, "CREATE TABLE %s (rid INTEGER PRIMARY KEY REFERENCES record", kind->table);
  for (guint i = 0; i < kind->fields->len; i++)
    g_string_append_printf (sql, ", %s", ((XhField *) g_ptr_array_index (kind->fields, i))->name);
  g_string_append (sql, ")");
  run (db, sql->str);
}

static sqlite3 *
make_store (XhCatalog *catalog)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_true (xh_functions_register (db, catalog, NULL));
  run (db, "CREATE TABLE record (rid INTEGER PRIMARY KEY, id TEXT UNIQUE, kind TEXT, division TEXT, unit TEXT, state TEXT, version INTEGER,"
           " kind_version INTEGER, deleted INTEGER, created_at TEXT, updated_at TEXT, updated_by TEXT, due TEXT)");
  run (db, "CREATE INDEX record_division ON record (kind, deleted, division, state)");
  make_table (db, xh_catalog_find_kind (catalog, "household"));
  make_table (db, xh_catalog_find_kind (catalog, "consent"));
  make_table (db, xh_catalog_find_kind (catalog, "rating"));
  run (db, "CREATE INDEX consent_household ON k_consent (household)");
  run (db, "INSERT INTO record (rid, id, kind, division, state, deleted) VALUES"
           " (1, 'h1', 'household', 'v1', 'filed', 0), (2, 'h2', 'household', 'v1', 'filed', 0), (3, 'h3', 'household', 'v2', 'filed', 0),"
           " (4, 'h4', 'household', 'v1', 'filed', 1), (5, 'c1', 'consent', 'v1', 'valid', 0), (6, 'c2', 'consent', 'v1', 'draft', 0),"
           " (7, 'c3', 'consent', 'v1', 'valid', 1), (8, 'r1', 'rating', 'v1', 'kept', 0), (9, 'r2', 'rating', 'v1', 'kept', 0),"
           " (10, 'r4', 'rating', 'v1', 'kept', 0), (11, 'r0', 'rating', 'v1', 'kept', 0)");
  run (db, "INSERT INTO k_household (rid, head_name, net_income) VALUES (1, '张三', 100), (2, '李四', 300), (3, '王五', 50), (4, '赵六', 1000)");
  run (db, "INSERT INTO k_consent (rid, household) VALUES (5, 'h1'), (6, 'h1'), (7, 'h1')");
  run (db, "INSERT INTO k_rating (rid, household) VALUES (8, 'h1'), (9, 'h2'), (10, 'h4'), (11, NULL)");
  return db;
}

static char *
plan_of (sqlite3 *db, const char *sql)
{
  g_autofree char *explain = g_strconcat ("EXPLAIN QUERY PLAN ", sql, NULL);
  g_autoptr (GString) plan = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, explain, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (plan, "%s\n", sqlite3_column_text (statement, 3));
  sqlite3_finalize (statement);
  return g_string_free (g_steal_pointer (&plan), FALSE);
}

static char *
rows_of (sqlite3 *db, const char *sql)
{
  g_autoptr (GString) rows = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      for (int i = 0; i < sqlite3_column_count (statement); i++)
        {
          const char *text = (const char *) sqlite3_column_text (statement, i);

          g_string_append_printf (rows, "%s%s", i > 0 ? " " : "", text != NULL ? text : "-");
        }
      g_string_append_c (rows, '\n');
    }
  sqlite3_finalize (statement);
  return g_string_free (g_steal_pointer (&rows), FALSE);
}

static void
test_source_values (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  sqlite3 *db = make_store (catalog);
  g_autofree char *rating = xh_kind_source_sql (xh_catalog_find_kind (catalog, "rating"), NULL);
  g_autofree char *household = xh_kind_source_sql (xh_catalog_find_kind (catalog, "household"), NULL);
  g_autofree char *ratings_sql = g_strdup_printf (
    "SELECT id, h_name, h_village, h_income, village_income, village_size FROM (%s) WHERE deleted = 0 ORDER BY rid", rating);
  g_autofree char *households_sql = g_strdup_printf ("SELECT id, consents FROM (%s) WHERE deleted = 0 ORDER BY rid", household);
  g_autofree char *ratings = rows_of (db, ratings_sql);
  g_autofree char *households = rows_of (db, households_sql);

  /* The deleted h4 counts nowhere; a rating of it, or of nothing, knows nothing. */
  g_assert_cmpstr (ratings, ==,
                   "r1 张三 v1 100 200.0 2\n"
                   "r2 李四 v1 300 200.0 2\n"
                   "r4 - - - - -\n"
                   "r0 - - - - -\n");
  g_assert_cmpstr (households, ==, "h1 1\nh2 0\nh3 0\n");
  sqlite3_close (db);
}

static void
test_source_joins_what_is_needed (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "rating");
  g_autoptr (GPtrArray) none = g_ptr_array_new (), one = g_ptr_array_new (), far = g_ptr_array_new ();
  g_autofree char *plain = NULL, *name = NULL, *village = NULL;

  g_ptr_array_add (one, (gpointer) "h_name");
  g_ptr_array_add (far, (gpointer) "village_income");
  plain = xh_kind_source_sql (kind, none);
  name = xh_kind_source_sql (kind, one);
  village = xh_kind_source_sql (kind, far);
  g_assert_null (strstr (plain, "LEFT JOIN"));
  g_assert_nonnull (strstr (name, "AS h_name"));
  g_assert_null (strstr (name, "GROUP BY"));
  g_assert_nonnull (strstr (village, "AS h_village")); /* matched by it */
  g_assert_nonnull (strstr (village, "GROUP BY"));
  g_assert_null (strstr (village, "count(*)"));
}

static void
test_source_plans (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  sqlite3 *db = make_store (catalog);
  g_autofree char *rating = xh_kind_source_sql (xh_catalog_find_kind (catalog, "rating"), NULL);
  g_autofree char *household = xh_kind_source_sql (xh_catalog_find_kind (catalog, "household"), NULL);
  g_autofree char *all_sql = g_strdup_printf ("SELECT h_name, h_income * 1.0 / village_income FROM (%s) WHERE deleted = 0 AND rid BETWEEN 1 AND 9",
                                              rating);
  g_autofree char *one_sql = g_strdup_printf ("SELECT consents FROM (%s) WHERE id = 'h1'", household);
  g_autofree char *all = plan_of (db, all_sql);
  g_autofree char *one = plan_of (db, one_sql);

  /* Flattened: no subquery is materialised but the groups; everything else is found by key. */
  g_assert_nonnull (strstr (all, "MATERIALIZE g"));
  g_assert_null (strstr (all, "MATERIALIZE (subquery"));
  g_assert_null (strstr (all, "CO-ROUTINE"));
  g_assert_null (strstr (all, "TEMP B-TREE"));
  g_assert_null (strstr (all, "SCAN"));
  g_assert_nonnull (strstr (all, "SEARCH r USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"));
  g_assert_nonnull (strstr (all, "SEARCH r0 USING INDEX sqlite_autoindex_record_1 (id=?)"));
  g_assert_nonnull (strstr (all, "SEARCH k0 USING INTEGER PRIMARY KEY (rowid=?)"));
  g_assert_nonnull (strstr (one, "SEARCH r USING COVERING INDEX sqlite_autoindex_record_1 (id=?)"));
  g_assert_nonnull (strstr (one, "SEARCH k USING INTEGER PRIMARY KEY (rowid=?)"));
  g_assert_nonnull (strstr (one, "SEARCH kk USING COVERING INDEX consent_household (household=?)"));
  g_assert_null (strstr (one, "SCAN"));
  sqlite3_close (db);
}

static void
test_reference_sql (void)
{
  g_autoptr (XhCatalog) catalog = fixture_load ();
  const XhKind *kind = xh_catalog_find_kind (catalog, "rating");
  static const Case wanted[] = {
    { "h1", "张三" }, { "h1", "v1" }, { "h1", "100" }, { "v1", "200.0" }, { "v1", "2" },
  };
  sqlite3 *db = make_store (catalog);

  g_assert_cmpuint (kind->references->len, ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < kind->references->len; i++)
    {
      g_autofree char *sql = xh_reference_sql (kind, g_ptr_array_index (kind->references, i));
      g_autofree char *plan = plan_of (db, sql);
      sqlite3_stmt *statement = NULL;

      g_assert_null (strstr (plan, "SCAN"));
      g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
      sqlite3_bind_text (statement, 1, wanted[i].expression, -1, SQLITE_STATIC);
      g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
      g_assert_cmpstr ((const char *) sqlite3_column_text (statement, 0), ==, wanted[i].result);
      sqlite3_finalize (statement);
    }
  sqlite3_close (db);
}

static void
test_mentions (void)
{
  g_assert_true (xh_sql_mentions ("sum > 0", "sum"));
  g_assert_true (xh_sql_mentions ("presum + sum", "sum"));
  g_assert_false (xh_sql_mentions ("presum + sum_2", "sum"));
  g_assert_false (xh_sql_mentions ("", "sum"));
  g_assert_false (xh_sql_mentions (NULL, "sum"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/evaluator/functions", test_functions);
  g_test_add_func ("/model/evaluator/mentions", test_mentions);
  g_test_add_func ("/model/evaluator/lint-tells-what-is-read", test_lint_depends);
  g_test_add_func ("/model/evaluator/lint-accepts-expressions", test_lint_accepts);
  g_test_add_func ("/model/evaluator/lint-refuses-all-else", test_lint_refuses);
  g_test_add_func ("/model/evaluator/lint-of-aggregates", test_lint_aggregates);
  g_test_add_func ("/model/evaluator/lint-survives-deep-nesting", test_lint_deep_nesting);
  g_test_add_func ("/model/evaluator/source-yields-references", test_source_values);
  g_test_add_func ("/model/evaluator/source-joins-only-what-is-needed", test_source_joins_what_is_needed);
  g_test_add_func ("/model/evaluator/source-is-found-by-keys", test_source_plans);
  g_test_add_func ("/model/evaluator/reference-of-one-record", test_reference_sql);
  return g_test_run ();
}
