/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading the inputs of a million records: one statement, on two connections that read half of the row ids each. Group references
 * (a village's average) are worked out once before and looked up by a function: joined in SQL, both connections would group
 * the whole table. */
#include "xh-score-batch-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/xh-evaluator.h"
#include "model/xh-sql.h"
#include "xh-store-private.h"

typedef struct
{
  const XhReference *reference;
  GHashTable *values; /* (owned) key as text → (owned) XhValue */
} Group;

typedef struct
{
  const XhScorecard *card;
  const XhKind *kind;
  GPtrArray *groups;   /* (owned) of Group: references that are grouped */
  char *sql;           /* (owned) rid and inputs of the rows from ?1 to ?2 */
} Plan;

/* What one connection reads. */
typedef struct
{
  const Plan *plan;
  XhStore *store;
  gint64 first, last;
  GArray *rids;        /* (owned) of gint64 */
  GByteArray *limits;  /* (owned) */
  XhScoreColumn *columns; /* (owned) by indicator; codes and numbers grow in capacity */
  GHashTable **texts;  /* (owned) by indicator: (not owned) text → code + 1 */
  guint capacity;
  GError *error;       /* (owned) (nullable) */
} Part;

/* --- group references */

static void
free_value (gpointer data)
{
  xh_value_clear (data);
  g_free (data);
}

static void
free_group (gpointer data)
{
  Group *group = data;

  g_hash_table_unref (group->values);
  g_free (group);
}

static const XhKind *
from_kind (const Plan *plan, const XhReference *reference)
{
  return xh_catalog_find_kind (plan->kind->catalog, reference->from);
}

/* A reference over a link finds few records by index; one over anything else has many in each group. */
static gboolean
is_grouped (const Plan *plan, const XhReference *reference)
{
  const XhField *theirs;

  if (!reference->aggregate)
    return FALSE;
  theirs = xh_kind_find_field (from_kind (plan, reference), reference->match_theirs);
  return theirs == NULL || theirs->type != XH_FIELD_LINK;
}

static gboolean
same_group (const XhReference *a, const XhReference *b)
{
  return strcmp (a->from, b->from) == 0 && strcmp (a->match_theirs, b->match_theirs) == 0 && g_strcmp0 (a->where, b->where) == 0;
}

static gboolean
asks_spine (const XhReference *reference)
{
  static const char *const spine[] = { "id", "kind", "state", "division", "unit", "version", "kind_version", "created_at", "updated_at",
                                       "updated_by", "deleted", "due" };

  for (guint i = 0; i < G_N_ELEMENTS (spine); i++)
    if (xh_sql_mentions (reference->value, spine[i]) || strcmp (reference->match_theirs, spine[i]) == 0
        || (reference->where != NULL && xh_sql_mentions (reference->where, spine[i])))
      return TRUE;
  return FALSE;
}

/* What is grouped. Without a question to the spine an index over the key and the values answers alone, three times as fast as with a
 * look at each row's spine: the few deleted rows are left out by their numbers. */
static char *
group_source (const Plan *plan, guint first)
{
  const Group *leader = g_ptr_array_index (plan->groups, first);
  const XhKind *from = from_kind (plan, leader->reference);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autofree char *source = NULL;

  for (guint i = first; i < plan->groups->len; i++)
    {
      const XhReference *reference = ((Group *) g_ptr_array_index (plan->groups, i))->reference;

      if (!same_group (reference, leader->reference) || !asks_spine (reference))
        continue;
      source = xh_kind_source_sql (from, none);
      return g_strdup_printf ("(%s) WHERE kind = '%s' AND deleted = 0", source, from->name);
    }
  return g_strdup_printf ("\"%s\" WHERE rid NOT IN (SELECT rid FROM record WHERE kind = '%s' AND deleted = 1)", from->table, from->name);
}

static char *
group_sql (const Plan *plan, guint first)
{
  const Group *leader = g_ptr_array_index (plan->groups, first);
  g_autofree char *source = group_source (plan, first);
  GString *sql = g_string_new (NULL);

  g_string_printf (sql, "SELECT %s", leader->reference->match_theirs);
  for (guint i = first; i < plan->groups->len; i++)
    {
      const Group *group = g_ptr_array_index (plan->groups, i);

      if (same_group (group->reference, leader->reference))
        g_string_append_printf (sql, ", %s", group->reference->value);
    }
  g_string_append_printf (sql, " FROM %s AND %s IS NOT NULL", source, leader->reference->match_theirs);
  if (leader->reference->where != NULL)
    g_string_append_printf (sql, " AND (%s)", leader->reference->where);
  g_string_append (sql, " GROUP BY 1");
  return g_string_free (sql, FALSE);
}

static gboolean
fill_groups (const Plan *plan, XhStore *store, guint first, GError **error)
{
  g_autofree char *sql = group_sql (plan, first);
  sqlite3_stmt *statement = xh_store_statement (store, sql, error);
  const Group *leader = g_ptr_array_index (plan->groups, first);
  int code;

  if (statement == NULL)
    return FALSE;
  while ((code = xh_store_step (store, statement, error)) == SQLITE_ROW)
    for (guint i = first, column = 1; i < plan->groups->len; i++)
      {
        const Group *group = g_ptr_array_index (plan->groups, i);
        XhValue *value;

        if (!same_group (group->reference, leader->reference))
          continue;
        value = g_new0 (XhValue, 1);
        xh_value_from_column (value, statement, (int) column++);
        g_hash_table_insert (group->values, xh_sql_column_text (statement, 0), value);
      }
  return code == SQLITE_DONE;
}

static gboolean
fill_all_groups (const Plan *plan, XhStore *store, GError **error)
{
  for (guint i = 0; i < plan->groups->len; i++)
    {
      gboolean done = FALSE;

      for (guint j = 0; j < i; j++)
        done |= same_group (((Group *) g_ptr_array_index (plan->groups, j))->reference,
                            ((Group *) g_ptr_array_index (plan->groups, i))->reference);
      if (!done && !fill_groups (plan, store, i, error))
        return FALSE;
    }
  return TRUE;
}

/* xh_group(n, key): the n-th group reference's value for a key. */
static void
group_cb (sqlite3_context *context, int n, sqlite3_value **arguments)
{
  const Plan *plan = sqlite3_user_data (context);
  const Group *group = g_ptr_array_index (plan->groups, sqlite3_value_int (arguments[0]));
  const char *key = (const char *) sqlite3_value_text (arguments[1]);
  const XhValue *value = key != NULL ? g_hash_table_lookup (group->values, key) : NULL;

  if (value == NULL)
    return;
  if (value->type == XH_VALUE_INTEGER)
    sqlite3_result_int64 (context, value->integer);
  else if (value->type == XH_VALUE_REAL)
    sqlite3_result_double (context, value->real);
  else if (value->type == XH_VALUE_TEXT)
    sqlite3_result_text (context, value->text, -1, SQLITE_TRANSIENT);
}

/* --- the statement */

static gboolean
mentions (const XhScorecard *card, const char *name)
{
  for (guint i = 0; i < card->indicators->len + card->vetoes->len; i++)
    if (xh_sql_mentions (xh_scorecard_input_sql (card, i), name))
      return TRUE;
  return FALSE;
}

static void
append_name (GString *columns, const char *name)
{
  g_string_append_printf (columns, ", s.%s AS %s", name, name);
}

/* Only what the inputs name: a subquery's other columns may be computed for nothing. */
static char *
plan_sql (Plan *plan)
{
  static const char *const spine[] = { "id", "state", "division", "unit", "version", "created_at", "updated_at" };
  const XhScorecard *card = plan->card;
  g_autoptr (GPtrArray) needed = g_ptr_array_new ();
  g_autoptr (GString) columns = g_string_new ("s.rid AS rid"), sql = g_string_new ("SELECT rid");
  g_autofree char *source = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (spine); i++)
    if (mentions (card, spine[i]))
      append_name (columns, spine[i]);
  for (guint i = 0; i < plan->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (plan->kind->fields, i);

      if (mentions (card, field->name))
        append_name (columns, field->name);
    }
  for (guint i = 0; i < plan->kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (plan->kind->references, i);

      if (!mentions (card, reference->name))
        continue;
      if (is_grouped (plan, reference))
        {
          Group *group = g_new0 (Group, 1);

          group->reference = reference;
          group->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_value);
          g_string_append_printf (columns, ", xh_group(%u, s.%s) AS %s", plan->groups->len, reference->match_ours, reference->name);
          g_ptr_array_add (plan->groups, group);
          g_ptr_array_add (needed, reference->match_ours);
        }
      else
        {
          append_name (columns, reference->name);
          g_ptr_array_add (needed, reference->name);
        }
    }
  source = xh_kind_source_sql (plan->kind, needed);
  for (guint i = 0; i < card->indicators->len + card->vetoes->len; i++)
    g_string_append_printf (sql, ", (%s)", xh_scorecard_input_sql (card, i));
  g_string_append_printf (sql, " FROM (SELECT %s FROM (%s) s WHERE s.kind = '%s' AND s.deleted = 0 AND s.rid BETWEEN ?1 AND ?2)",
                          columns->str, source, plan->kind->name);
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static void
plan_clear (Plan *plan)
{
  g_clear_pointer (&plan->groups, g_ptr_array_unref);
  g_clear_pointer (&plan->sql, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plan, plan_clear)

/* --- reading a part */

static void
clear_input (gpointer data)
{
  xh_value_clear (data);
}

static void
part_init (Part *part, const Plan *plan, XhStore *store, gint64 first, gint64 last)
{
  const guint n = plan->card->indicators->len;

  part->plan = plan;
  part->store = store;
  part->first = first;
  part->last = last;
  part->rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  part->limits = g_byte_array_new ();
  part->columns = g_new0 (XhScoreColumn, n);
  part->texts = g_new0 (GHashTable *, n);
  for (guint i = 0; i < n; i++)
    {
      part->columns[i].inputs = g_array_new (FALSE, TRUE, sizeof (XhValue));
      g_array_set_clear_func (part->columns[i].inputs, clear_input);
      part->texts[i] = g_hash_table_new (g_str_hash, g_str_equal);
    }
}

static void
part_clear (Part *part)
{
  if (part->plan == NULL)
    return;
  for (guint i = 0; i < part->plan->card->indicators->len; i++)
    {
      g_hash_table_unref (part->texts[i]);
      g_clear_pointer (&part->columns[i].inputs, g_array_unref);
      g_free (part->columns[i].codes);
      g_free (part->columns[i].numbers);
    }
  g_free (part->texts);
  g_free (part->columns);
  g_array_unref (part->rids);
  g_byte_array_unref (part->limits);
  g_clear_error (&part->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Part, part_clear)

static void
grow (Part *part)
{
  part->capacity = MAX (4096, part->capacity * 2);
  for (guint i = 0; i < part->plan->card->indicators->len; i++)
    {
      XhScoreColumn *column = &part->columns[i];

      if (column->numbers != NULL)
        column->numbers = g_renew (double, column->numbers, part->capacity);
      else
        column->codes = g_renew (guint16, column->codes, part->capacity);
    }
}

static double
as_number (const XhValue *input)
{
  return input->type == XH_VALUE_NULL ? NAN : xh_value_as_real (input);
}

/* FALSE where the column has texts: those cannot become numbers. */
static gboolean
become_numbers (XhScoreColumn *column, guint n, guint capacity)
{
  for (guint i = 0; i < column->inputs->len; i++)
    if (g_array_index (column->inputs, XhValue, i).type == XH_VALUE_TEXT)
      return FALSE;
  column->numbers = g_new (double, capacity);
  for (guint i = 0; i < n; i++)
    column->numbers[i] = as_number (&g_array_index (column->inputs, XhValue, column->codes[i]));
  g_clear_pointer (&column->codes, g_free);
  return TRUE;
}

static gboolean
equals_column (const XhValue *input, int type, sqlite3_stmt *statement, int index)
{
  switch (type)
    {
    case SQLITE_NULL:
      return input->type == XH_VALUE_NULL;
    case SQLITE_INTEGER:
      return input->type == XH_VALUE_INTEGER && input->integer == sqlite3_column_int64 (statement, index);
    default:
      return input->type == XH_VALUE_TEXT && strcmp (input->text, (const char *) sqlite3_column_text (statement, index)) == 0;
    }
}

#define FEW 8 /* so many are compared one by one */

/* G_MAXUINT: too many different ones. */
static guint
find_code (Part *part, guint c, int type, sqlite3_stmt *statement, int index)
{
  XhScoreColumn *column = &part->columns[c];
  GArray *inputs = column->inputs;
  XhValue value = XH_VALUE_INIT;

  for (guint i = 0; i < inputs->len && i < FEW; i++)
    if (equals_column (&g_array_index (inputs, XhValue, i), type, statement, index))
      return i;
  if (type == SQLITE_TEXT)
    {
      guint known = GPOINTER_TO_UINT (g_hash_table_lookup (part->texts[c], sqlite3_column_text (statement, index)));

      if (known > 0)
        return known - 1;
    }
  else
    for (guint i = FEW; i < inputs->len; i++)
      if (equals_column (&g_array_index (inputs, XhValue, i), type, statement, index))
        return i;
  if (inputs->len == (type == SQLITE_TEXT ? XH_SCORE_MAX_CODES : 64))
    return G_MAXUINT;
  xh_value_from_column (&value, statement, index);
  g_array_append_val (inputs, value);
  if (type == SQLITE_TEXT)
    g_hash_table_insert (part->texts[c], value.text, GUINT_TO_POINTER (inputs->len));
  return inputs->len - 1;
}

static gboolean
read_input (Part *part, guint c, sqlite3_stmt *statement, int index)
{
  XhScoreColumn *column = &part->columns[c];
  const int type = sqlite3_column_type (statement, index);
  const guint row = part->rids->len;
  guint code;

  if (column->numbers == NULL && type != SQLITE_FLOAT)
    {
      code = find_code (part, c, type, statement, index);
      if (code != G_MAXUINT)
        {
          column->codes[row] = (guint16) code;
          return TRUE;
        }
    }
  if (type == SQLITE_TEXT || (column->numbers == NULL && !become_numbers (column, row, part->capacity)))
    {
      g_set_error (&part->error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("Indicator %s yields both texts and numbers."),
                   ((XhIndicator *) g_ptr_array_index (part->plan->card->indicators, c))->name);
      return FALSE;
    }
  column->numbers[row] = type == SQLITE_NULL ? NAN : sqlite3_column_double (statement, index);
  return TRUE;
}

/* The best grade that the vetoes leave: that of all points in the world. */
static guint8
read_limit (Part *part, sqlite3_stmt *statement, gboolean *hits)
{
  const XhScorecard *card = part->plan->card;
  const XhGrade *grade;
  guint index = 0;
  gboolean any = FALSE;

  for (guint i = 0; i < card->vetoes->len; i++)
    any |= hits[i] = sqlite3_column_double (statement, 1 + (int) (card->indicators->len + i)) != 0;
  if (!any)
    return 0;
  grade = xh_scorecard_grade_of (card, G_MAXDOUBLE, hits);
  g_ptr_array_find (card->grades, grade, &index);
  return (guint8) index;
}

static void
read_rows (Part *part, sqlite3_stmt *statement)
{
  const XhScorecard *card = part->plan->card;
  g_autofree gboolean *hits = g_new0 (gboolean, card->vetoes->len + 1);

  sqlite3_bind_int64 (statement, 1, part->first);
  sqlite3_bind_int64 (statement, 2, part->last);
  while (xh_store_step (part->store, statement, &part->error) == SQLITE_ROW)
    {
      gint64 rid = sqlite3_column_int64 (statement, 0);
      guint8 limit = read_limit (part, statement, hits);

      if (part->rids->len == part->capacity)
        grow (part);
      for (guint c = 0; c < card->indicators->len; c++)
        if (!read_input (part, c, statement, 1 + (int) c))
          return;
      g_array_append_val (part->rids, rid);
      g_byte_array_append (part->limits, &limit, 1);
    }
}

static gpointer
read_part (gpointer data)
{
  Part *part = data;
  sqlite3_stmt *statement = NULL;
  int code;

  sqlite3_create_function_v2 (part->store->db, "xh_group", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, (gpointer) part->plan, group_cb, NULL, NULL, NULL);
  code = sqlite3_prepare_v2 (part->store->db, part->plan->sql, -1, &statement, NULL);
  if (code == SQLITE_OK)
    read_rows (part, statement);
  else
    xh_store_take_error (part->store, code, part->plan->sql, &part->error);
  sqlite3_finalize (statement);
  sqlite3_create_function_v2 (part->store->db, "xh_group", 2, SQLITE_UTF8, NULL, NULL, NULL, NULL, NULL);
  return NULL;
}

/* --- putting the parts together */

static gboolean
join_column (XhScoreColumn *whole, Part *const parts[2], guint c, guint n)
{
  guint at = 0;
  gboolean numbers = FALSE;

  for (guint p = 0; p < 2; p++)
    numbers |= parts[p]->columns[c].numbers != NULL;
  for (guint p = 0; p < 2 && numbers; p++)
    if (parts[p]->columns[c].numbers == NULL && !become_numbers (&parts[p]->columns[c], parts[p]->rids->len, MAX (1, parts[p]->rids->len)))
      return FALSE;
  whole->inputs = g_array_new (FALSE, TRUE, sizeof (XhValue));
  g_array_set_clear_func (whole->inputs, clear_input);
  if (numbers)
    whole->numbers = g_new (double, MAX (1, n));
  else
    whole->codes = g_new (guint16, MAX (1, n));
  for (guint p = 0; p < 2; p++)
    {
      XhScoreColumn *part = &parts[p]->columns[c];
      const guint rows = parts[p]->rids->len, offset = whole->inputs->len;

      for (guint i = 0; i < part->inputs->len && !numbers; i++)
        {
          XhValue value = XH_VALUE_INIT;

          xh_value_copy (&g_array_index (part->inputs, XhValue, i), &value);
          g_array_append_val (whole->inputs, value);
        }
      if (whole->inputs->len > XH_SCORE_MAX_CODES)
        return FALSE;
      if (numbers && rows > 0)
        memcpy (whole->numbers + at, part->numbers, rows * sizeof (double));
      for (guint i = 0; i < rows && !numbers; i++)
        whole->codes[at + i] = (guint16) (part->codes[i] + offset);
      at += rows;
    }
  return TRUE;
}

static gboolean
join_parts (XhScoreBatch *self, Part *const parts[2], GError **error)
{
  guint at = 0;

  self->n = parts[0]->rids->len + parts[1]->rids->len;
  self->rids = g_new (gint64, MAX (1, self->n));
  self->limits = g_new (guint8, MAX (1, self->n));
  for (guint p = 0; p < 2; p++)
    for (guint i = 0; i < parts[p]->rids->len; i++, at++)
      {
        self->rids[at] = g_array_index (parts[p]->rids, gint64, i);
        self->limits[at] = parts[p]->limits->data[i];
      }
  for (guint c = 0; c < self->card->indicators->len; c++)
    if (!join_column (&self->columns[c], parts, c, self->n))
      {
        g_set_error (error, XH_STORE_ERROR, XH_STORE_ERROR_INVALID, _("Indicator %s yields both texts and numbers."),
                     ((XhIndicator *) g_ptr_array_index (self->card->indicators, c))->name);
        return FALSE;
      }
  return TRUE;
}

static gboolean
find_range (XhStore *store, const XhKind *kind, gint64 *first, gint64 *last, GError **error)
{
  g_autofree char *min = g_strdup_printf ("SELECT min(rid) FROM \"%s\"", kind->table);
  g_autofree char *max = g_strdup_printf ("SELECT max(rid) FROM \"%s\"", kind->table);

  return xh_store_number (store, min, first, error) && xh_store_number (store, max, last, error);
}

static gboolean
read_parts (XhScoreBatch *self, const Plan *plan, XhStore *store, XhStore *second, GError **error)
{
  g_auto (Part) one = { 0 }, two = { 0 };
  Part *const parts[2] = { &one, &two };
  gint64 first, last, middle;
  GThread *thread;

  if (!find_range (store, plan->kind, &first, &last, error))
    return FALSE;
  middle = first + (last - first) / 2;
  part_init (&one, plan, store, first, middle);
  part_init (&two, plan, second, middle + 1, last);
  thread = g_thread_new ("score", read_part, &two);
  read_part (&one);
  g_thread_join (thread);
  for (guint p = 0; p < 2; p++)
    if (parts[p]->error != NULL)
      {
        g_propagate_error (error, g_steal_pointer (&parts[p]->error));
        return FALSE;
      }
  return join_parts (self, parts, error);
}

/* Seven pages of each record are looked at, here and there: copying each out of the system's cache would be a third of the time. Only
 * while the batch is read, because mapped pages count as ours. */
static void
map_file (XhStore *store, gboolean map)
{
  xh_store_exec_format (store, NULL, "PRAGMA mmap_size=%u", map ? 0x7fff0000u : 0u);
}

gboolean
xh_score_batch_read (XhScoreBatch *self, XhStore *store, GCancellable *cancellable, GError **error)
{
  g_auto (Plan) plan = { .card = self->card, .kind = xh_catalog_find_kind (store->catalog, self->card->kind) };
  g_autoptr (XhStore) second = xh_store_open (store->path, store->catalog, XH_STORE_READ_ONLY, error);
  gboolean read;

  if (second == NULL)
    return FALSE;
  plan.groups = g_ptr_array_new_with_free_func (free_group);
  plan.sql = plan_sql (&plan);
  xh_store_set_cancellable (store, cancellable);
  xh_store_set_cancellable (second, cancellable);
  map_file (store, TRUE);
  map_file (second, TRUE);
  read = fill_all_groups (&plan, store, error) && read_parts (self, &plan, store, second, error);
  map_file (store, FALSE);
  xh_store_set_cancellable (store, NULL);
  return read;
}
