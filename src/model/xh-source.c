/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SQL of a kind's records with everything its expressions may name. Three shapes of references, by what an index can do:
 * - theirs is "id": a left join of the other record, shared by all references that match alike;
 * - theirs is a link field: few records match, an index finds them: a scalar subquery;
 * - anything else (a village's average): one pass over the other kind, grouped, joined on the group.
 * Names inside are qualified, so that nothing is ambiguous and SQLite can flatten the whole into the caller's statement. */

#include "xh-evaluator.h"

#include <string.h>

#include "xh-expression-private.h"

typedef enum { SHAPE_JOIN, SHAPE_LOOKUP, SHAPE_GROUP } Shape;

typedef struct
{
  const XhKind *kind;
  gboolean *needed;     /* (owned) by reference */
  guint *leader;        /* (owned) by reference: the first that joins alike */
} Source;

/* --- helpers */

static const XhKind *
from_kind (const XhKind *kind, const XhReference *reference)
{
  return xh_catalog_find_kind (kind->catalog, reference->from);
}

static Shape
shape_of (const XhKind *kind, const XhReference *reference)
{
  const XhField *theirs;

  if (!reference->aggregate)
    return SHAPE_JOIN;
  theirs = xh_kind_find_field (from_kind (kind, reference), reference->match_theirs);
  return theirs != NULL && theirs->type == XH_FIELD_LINK ? SHAPE_LOOKUP : SHAPE_GROUP;
}

static gboolean
joins_alike (const XhReference *a, const XhReference *b)
{
  return a->aggregate == b->aggregate && strcmp (a->from, b->from) == 0 && strcmp (a->match_theirs, b->match_theirs) == 0
         && strcmp (a->match_ours, b->match_ours) == 0 && g_strcmp0 (a->where, b->where) == 0;
}

/* "r.division" or "k.household" of the other kind, under the aliases given. */
static char *
their_column (const XhReference *reference, const char *spine, const char *table)
{
  return g_strdup_printf ("%s.%s", xh_spine_is_named (reference->match_theirs) ? spine : table, reference->match_theirs);
}

static void
append_where (GString *sql, const XhReference *reference, const char *spine, const char *table)
{
  g_autofree char *where = NULL;

  if (reference->where == NULL)
    return;
  where = xh_expression_qualify (reference->where, spine, table);
  g_string_append_printf (sql, " AND (%s)", where);
}

/* SQL of a reference's value inside the source. */
static char *
value_sql (const Source *source, const XhReference *reference);

static char *
our_column (const Source *source, const XhReference *reference)
{
  const XhReference *ours = xh_kind_find_reference (source->kind, reference->match_ours);

  if (xh_spine_is_named (reference->match_ours))
    return g_strdup_printf ("r.%s", reference->match_ours);
  return ours != NULL ? value_sql (source, ours) : g_strdup_printf ("k.%s", reference->match_ours);
}

static char *
join_value_sql (const Source *source, const XhReference *reference)
{
  guint n = source->leader[reference->index];
  g_autofree char *spine = g_strdup_printf ("r%u", n);
  g_autofree char *table = g_strdup_printf ("k%u", n);
  g_autofree char *value = xh_expression_qualify (reference->value, spine, table);

  /* A plain field is NULL by itself where nothing matched. */
  if (xh_kind_find_field (from_kind (source->kind, reference), reference->value) != NULL)
    return g_steal_pointer (&value);
  return g_strdup_printf ("CASE WHEN %s.rid IS NOT NULL THEN (%s) END", table, value);
}

static char *
lookup_value_sql (const Source *source, const XhReference *reference)
{
  const XhKind *from = from_kind (source->kind, reference);
  g_autofree char *ours = our_column (source, reference);
  g_autofree char *theirs = their_column (reference, "rr", "kk");
  g_autofree char *value = xh_expression_qualify (reference->value, "rr", "kk");
  g_autoptr (GString) sql = g_string_new (NULL);

  /* CROSS JOIN: the kind's index on the link first, whatever the statistics say. */
  g_string_printf (sql, "(SELECT %s FROM %s kk CROSS JOIN record rr ON rr.rid = kk.rid WHERE %s = %s AND rr.deleted = 0", value,
                   from->table, theirs, ours);
  append_where (sql, reference, "rr", "kk");
  g_string_append_c (sql, ')');
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static char *
value_sql (const Source *source, const XhReference *reference)
{
  switch (shape_of (source->kind, reference))
    {
    case SHAPE_JOIN:
      return join_value_sql (source, reference);
    case SHAPE_LOOKUP:
      return lookup_value_sql (source, reference);
    case SHAPE_GROUP:
    default:
      return g_strdup_printf ("g%u.v%u", source->leader[reference->index], reference->index);
    }
}

static void
append_join (GString *sql, const Source *source, const XhReference *reference)
{
  const XhKind *from = from_kind (source->kind, reference);
  g_autofree char *ours = our_column (source, reference);
  g_autofree char *spine = g_strdup_printf ("r%u", reference->index);
  g_autofree char *table = g_strdup_printf ("k%u", reference->index);

  g_string_append_printf (sql, " LEFT JOIN record %s ON %s.id = %s AND %s.deleted = 0 LEFT JOIN %s %s ON %s.rid = %s.rid", spine, spine,
                          ours, spine, from->table, table, table, spine);
  append_where (sql, reference, spine, table);
}

static void
append_group (GString *sql, const Source *source, const XhReference *leader)
{
  const XhKind *from = from_kind (source->kind, leader);
  g_autofree char *ours = our_column (source, leader);
  g_autofree char *theirs = their_column (leader, "rr", "kk");

  g_string_append_printf (sql, " LEFT JOIN (SELECT %s AS m", theirs);
  for (guint i = leader->index; i < source->kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (source->kind->references, i);
      g_autofree char *value = NULL;

      if (!source->needed[i] || source->leader[i] != leader->index)
        continue;
      value = xh_expression_qualify (reference->value, "rr", "kk");
      g_string_append_printf (sql, ", %s AS v%u", value, i);
    }
  /* By division or unit: the spine's index yields the groups in order, which saves sorting (1.7 s instead of 2.9 s for 1,000,000). */
  if (xh_spine_is_named (leader->match_theirs))
    g_string_append_printf (sql, " FROM record rr CROSS JOIN %s kk ON kk.rid = rr.rid WHERE rr.kind = '%s' AND rr.deleted = 0", from->table,
                            from->name);
  else
    g_string_append_printf (sql, " FROM %s kk CROSS JOIN record rr ON rr.rid = kk.rid WHERE rr.deleted = 0", from->table);
  g_string_append_printf (sql, " AND %s IS NOT NULL", theirs);
  append_where (sql, leader, "rr", "kk");
  g_string_append_printf (sql, " GROUP BY 1) g%u ON g%u.m = %s", leader->index, leader->index, ours);
}

static void
mark_needed (Source *source, const char *name)
{
  const XhReference *reference = xh_kind_find_reference (source->kind, name);

  if (reference == NULL || source->needed[reference->index])
    return;
  source->needed[reference->index] = TRUE;
  mark_needed (source, reference->match_ours);
}

static void
source_init (Source *source, const XhKind *kind, GPtrArray *needed)
{
  guint n = kind->references->len;

  *source = (Source) { kind, g_new0 (gboolean, n), g_new0 (guint, n) };
  for (guint i = 0; i < (needed != NULL ? needed->len : n); i++)
    mark_needed (source, needed != NULL ? g_ptr_array_index (needed, i) : ((XhReference *) g_ptr_array_index (kind->references, i))->name);
  for (guint i = 0; i < n; i++)
    {
      source->leader[i] = i;
      for (guint j = 0; j < i; j++)
        if (source->needed[j] && joins_alike (g_ptr_array_index (kind->references, i), g_ptr_array_index (kind->references, j)))
          {
            source->leader[i] = source->leader[j];
            break;
          }
    }
}

static void
source_clear (Source *source)
{
  g_free (source->needed);
  g_free (source->leader);
}

/* --- public functions */

char *
xh_kind_source_sql (const XhKind *kind, GPtrArray *needed)
{
  static const char spine[] = "r.rid AS rid, r.id AS id, r.kind AS kind, r.division AS division, r.unit AS unit, r.state AS state, "
                              "r.version AS version, r.kind_version AS kind_version, r.deleted AS deleted, r.created_at AS created_at, "
                              "r.updated_at AS updated_at, r.updated_by AS updated_by, r.due AS due";
  GString *sql = g_string_new ("SELECT ");
  Source source;

  g_return_val_if_fail (kind != NULL, NULL);

  source_init (&source, kind, needed);
  g_string_append (sql, spine);
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const char *name = ((XhField *) g_ptr_array_index (kind->fields, i))->name;

      g_string_append_printf (sql, ", k.%s AS %s", name, name);
    }
  for (guint i = 0; i < kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (kind->references, i);
      g_autofree char *value = source.needed[i] ? value_sql (&source, reference) : NULL;

      if (value != NULL)
        g_string_append_printf (sql, ", %s AS %s", value, reference->name);
    }
  g_string_append_printf (sql, " FROM record r JOIN %s k ON k.rid = r.rid", kind->table);
  for (guint i = 0; i < kind->references->len; i++)
    {
      const XhReference *reference = g_ptr_array_index (kind->references, i);

      if (!source.needed[i] || source.leader[i] != i)
        continue;
      if (shape_of (kind, reference) == SHAPE_JOIN)
        append_join (sql, &source, reference);
      else if (shape_of (kind, reference) == SHAPE_GROUP)
        append_group (sql, &source, reference);
    }
  source_clear (&source);
  return g_string_free (sql, FALSE);
}

char *
xh_reference_sql (const XhKind *kind, const XhReference *reference)
{
  const XhKind *from;
  g_autofree char *theirs = NULL, *value = NULL;
  g_autoptr (GString) sql = g_string_new (NULL);

  g_return_val_if_fail (kind != NULL && reference != NULL, NULL);

  from = from_kind (kind, reference);
  theirs = their_column (reference, "r", "k");
  value = xh_expression_qualify (reference->value, "r", "k");
  /* The table whose index finds the match comes first; the other follows by rid. */
  if (xh_spine_is_named (reference->match_theirs))
    g_string_printf (sql, "SELECT %s FROM record r CROSS JOIN %s k ON k.rid = r.rid WHERE %s = ?1 AND r.kind = '%s' AND r.deleted = 0",
                     value, from->table, theirs, from->name);
  else
    g_string_printf (sql, "SELECT %s FROM %s k CROSS JOIN record r ON r.rid = k.rid WHERE %s = ?1 AND r.deleted = 0", value, from->table,
                     theirs);
  append_where (sql, reference, "r", "k");
  return g_string_free (g_steal_pointer (&sql), FALSE);
}
