/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading sampling.json, once every kind is known. */

#include "xh-catalog-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* --- freeing */

static void
ratio_free (XhSamplingRatio *ratio)
{
  g_free (ratio->grade);
  g_free (ratio->range);
  xh_label_clear (&ratio->note);
  g_free (ratio);
}

static void
where_free (XhSamplingWhere *where)
{
  g_free (where->field);
  g_strfreev (where->codes);
  g_free (where);
}

static void
set_free (XhSamplingSet *set)
{
  g_free (set->theirs);
  g_free (set->ours);
  g_free (set->value);
  g_free (set);
}

void
xh_sampling_scheme_free (XhSamplingScheme *scheme)
{
  g_free (scheme->name);
  xh_label_clear (&scheme->label);
  g_free (scheme->source);
  g_free (scheme->grade);
  g_ptr_array_unref (scheme->where);
  g_ptr_array_unref (scheme->ratios);
  g_ptr_array_unref (scheme->sets);
  g_free (scheme->draw_field);
  g_free (scheme->inspector_table);
  g_ptr_array_unref (scheme->inspector_sets);
  g_free (scheme);
}

/* --- helpers */

static const XhKind *
read_kind (XhLoading *loading, const XhReader *reader)
{
  g_autofree char *name = xh_reader_text (reader, "kind", TRUE);
  const XhKind *kind = xh_catalog_find_kind (loading->catalog, name);

  if (name != NULL && kind == NULL)
    xh_reader_fault (reader, "kind", _("no such kind \"%s\""), name);
  return kind;
}

/* A field of @kind by the name that stands at @key; NULL with a fault where it has none. */
static const XhField *
read_field (const XhReader *reader, const char *key, const XhKind *kind)
{
  g_autofree char *name = xh_reader_text (reader, key, FALSE);
  const XhField *field = name != NULL && kind != NULL ? xh_kind_find_field (kind, name) : NULL;

  if (name != NULL && kind != NULL && field == NULL)
    xh_reader_fault (reader, key, _("the kind \"%s\" has no field \"%s\""), kind->name, name);
  return field;
}

static const XhField *
find_column (const XhField *table, const char *name)
{
  for (guint i = 0; i < table->table_fields->len; i++)
    if (strcmp (((XhField *) g_ptr_array_index (table->table_fields, i))->name, name) == 0)
      return g_ptr_array_index (table->table_fields, i);
  return NULL;
}

/* {"THEIRS": "OURS" or {"value": text}}: fields of @into, or columns of @table, from fields of @from. */
static void
load_sets (const XhReader *reader, const XhKind *into, const XhField *table, const XhKind *from, GPtrArray *sets)
{
  static const char *const keys[] = { "value", NULL };
  g_autoptr (GList) names = NULL;
  XhReader member;

  if (!xh_reader_child (reader, "set", &member))
    return;
  names = json_object_get_members (json_node_get_object (member.node));
  for (GList *name = names; name != NULL; name = name->next)
    {
      XhSamplingSet *set = g_new0 (XhSamplingSet, 1);
      XhReader value;

      set->theirs = g_strdup (name->data);
      g_ptr_array_add (sets, set);
      if (table != NULL ? find_column (table, name->data) == NULL : into != NULL && xh_kind_find_field (into, name->data) == NULL)
        xh_reader_fault (&member, NULL, _("no such field \"%s\""), set->theirs);
      if (JSON_NODE_HOLDS_OBJECT (json_object_get_member (json_node_get_object (member.node), name->data)))
        {
          xh_reader_child (&member, name->data, &value);
          xh_reader_object (&value, keys);
          set->value = xh_reader_text (&value, "value", TRUE);
          continue;
        }
      set->ours = xh_reader_text (&member, name->data, TRUE);
      if (set->ours != NULL && from != NULL && strcmp (set->ours, "id") != 0 && xh_kind_find_field (from, set->ours) == NULL)
        xh_reader_fault (&member, name->data, _("the kind \"%s\" has no field \"%s\""), from->name, set->ours);
    }
}

/* --- reading */

static void
load_where (const XhReader *reader, XhSamplingScheme *scheme)
{
  g_autoptr (GList) names = NULL;
  XhReader where;

  if (!xh_reader_child (reader, "where", &where))
    return;
  names = json_object_get_members (json_node_get_object (where.node));
  for (GList *name = names; name != NULL; name = name->next)
    {
      const XhField *field = scheme->pool == NULL ? NULL
                             : strcmp (name->data, "state") == 0 ? scheme->pool->state_field : xh_kind_find_field (scheme->pool, name->data);
      XhSamplingWhere *condition = g_new0 (XhSamplingWhere, 1);

      condition->field = g_strdup (name->data);
      condition->codes = xh_reader_texts (&where, name->data, TRUE);
      g_ptr_array_add (scheme->where, condition);
      if (scheme->pool != NULL && field == NULL)
        xh_reader_fault (&where, NULL, _("no such field \"%s\""), condition->field);
      for (guint i = 0; field != NULL && field->choices != NULL && condition->codes[i] != NULL; i++)
        if (xh_field_find_choice (field, condition->codes[i]) == NULL)
          xh_reader_fault (&where, condition->field, _("\"%s\" is no code of the field"), condition->codes[i]);
    }
}

static void
load_pool (XhLoading *loading, const XhReader *reader, XhSamplingScheme *scheme)
{
  static const char *const keys[] = { "kind", "grade", "where", NULL };
  const XhField *grade;
  XhReader pool;

  if (!xh_reader_has (reader, "pool"))
    xh_reader_fault (reader, NULL, _("\"%s\" is missing"), "pool");
  if (!xh_reader_child (reader, "pool", &pool))
    return;
  xh_reader_object (&pool, keys);
  scheme->pool = read_kind (loading, &pool);
  grade = read_field (&pool, "grade", scheme->pool);
  scheme->grade = grade != NULL ? g_strdup (grade->name) : NULL;
  load_where (&pool, scheme);
}

static void
load_ratio (const XhReader *reader, XhSamplingScheme *scheme)
{
  static const char *const keys[] = { "grade", "percent", "minimum", "range", "note", NULL };
  const XhField *field = scheme->pool != NULL && scheme->grade != NULL ? xh_kind_find_field (scheme->pool, scheme->grade) : NULL;
  XhSamplingRatio *ratio;

  if (!xh_reader_object (reader, keys))
    return;
  ratio = g_new0 (XhSamplingRatio, 1);
  ratio->grade = xh_reader_text (reader, "grade", TRUE);
  ratio->percent = xh_reader_number (reader, "percent", NAN);
  ratio->minimum = (guint) xh_reader_integer (reader, "minimum", 0, 0, 100000);
  ratio->range = xh_reader_text (reader, "range", FALSE);
  xh_reader_label (reader, "note", FALSE, &ratio->note);
  if (!(ratio->percent >= 0 && ratio->percent <= 100))
    xh_reader_fault (reader, "percent", _("must be from %s to %s"), "0", "100");
  if (ratio->grade == NULL)
    {
      ratio_free (ratio);
      return;
    }
  if (field != NULL && field->choices != NULL && strcmp (ratio->grade, "*") != 0 && xh_field_find_choice (field, ratio->grade) == NULL)
    xh_reader_fault (reader, "grade", _("\"%s\" is no code of the field"), ratio->grade);
  for (guint i = 0; i < scheme->ratios->len; i++)
    if (strcmp (((XhSamplingRatio *) g_ptr_array_index (scheme->ratios, i))->grade, ratio->grade) == 0)
      xh_reader_fault (reader, "grade", _("\"%s\" is listed twice"), ratio->grade);
  g_ptr_array_add (scheme->ratios, ratio);
}

static void
load_inspectors (XhLoading *loading, const XhReader *reader, XhSamplingScheme *scheme)
{
  static const char *const keys[] = { "kind", "per_object", "field", "set", NULL };
  const XhField *field;
  XhReader inspectors;

  if (!xh_reader_child (reader, "inspectors", &inspectors))
    return;
  xh_reader_object (&inspectors, keys);
  scheme->inspectors = read_kind (loading, &inspectors);
  scheme->per_object = (guint) xh_reader_integer (&inspectors, "per_object", 2, 1, 20);
  field = read_field (&inspectors, "field", scheme->creates);
  if (field != NULL && field->type != XH_FIELD_TABLE)
    xh_reader_fault (&inspectors, "field", _("\"%s\" is no table"), field->name);
  else if (field != NULL)
    {
      scheme->inspector_table = g_strdup (field->name);
      load_sets (&inspectors, NULL, field, scheme->inspectors, scheme->inspector_sets);
    }
}

static void
load_creates (XhLoading *loading, const XhReader *reader, XhSamplingScheme *scheme)
{
  static const char *const keys[] = { "kind", "set", "draw", "inspectors", NULL };
  const XhField *draw;
  XhReader creates;

  if (!xh_reader_child (reader, "creates", &creates))
    return;
  xh_reader_object (&creates, keys);
  scheme->creates = read_kind (loading, &creates);
  load_sets (&creates, scheme->creates, NULL, scheme->pool, scheme->sets);
  draw = read_field (&creates, "draw", scheme->creates);
  if (draw != NULL && draw->type != XH_FIELD_LINK)
    xh_reader_fault (&creates, "draw", _("\"%s\" is no link"), draw->name);
  else if (draw != NULL)
    scheme->draw_field = g_strdup (draw->name);
  load_inspectors (loading, &creates, scheme);
}

static void
load_scheme (XhLoading *loading, const XhReader *reader)
{
  static const char *const keys[] = { "name", "label", "source", "pool", "ratios", "creates", NULL };
  XhSamplingScheme *scheme;
  XhReader array;
  guint length;

  if (!xh_reader_object (reader, keys))
    return;
  scheme = g_new0 (XhSamplingScheme, 1);
  scheme->where = g_ptr_array_new_with_free_func ((GDestroyNotify) where_free);
  scheme->ratios = g_ptr_array_new_with_free_func ((GDestroyNotify) ratio_free);
  scheme->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) set_free);
  scheme->inspector_sets = g_ptr_array_new_with_free_func ((GDestroyNotify) set_free);
  scheme->name = xh_reader_name (reader, TRUE);
  xh_reader_label (reader, "label", TRUE, &scheme->label);
  scheme->source = xh_reader_text (reader, "source", FALSE);
  load_pool (loading, reader, scheme);
  length = xh_reader_array (reader, "ratios", TRUE, &array);
  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      load_ratio (&element, scheme);
    }
  load_creates (loading, reader, scheme);
  if (xh_catalog_find_sampling (loading->catalog, scheme->name) != NULL)
    xh_reader_fault (reader, "name", _("\"%s\" is used twice"), scheme->name);
  g_ptr_array_add (loading->catalog->sampling, scheme);
}

/* --- private functions */

void
xh_sampling_load (XhLoading *loading)
{
  static const char *const keys[] = { "source", "note", "schemes", NULL };
  JsonNode *node = json_object_get_member (loading->files, "sampling.json");
  XhReader reader, array;
  guint length;

  if (node == NULL)
    return;
  xh_reader_init (&reader, loading->faults, "sampling.json", node);
  if (!xh_reader_object (&reader, keys))
    return;
  length = xh_reader_array (&reader, "schemes", TRUE, &array);
  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      load_scheme (loading, &element);
    }
}
