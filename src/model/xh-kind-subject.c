/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a definition says of the subject: whom its records are about, what they say of it, the grade they give. */

#include "xh-catalog-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const subject_types[] = { "household", "organisation", "person", "village", "body", "any", NULL };
static const char *const mark_levels[] = { "neutral", "good", "attention", "bad", "serious", NULL };

static char *
read_field_name (const XhReader *reader, const XhKind *kind, const char *key, gboolean required)
{
  g_autofree char *name = xh_reader_text (reader, key, required);

  if (name == NULL || xh_kind_find_field (kind, name) != NULL)
    return g_steal_pointer (&name);
  xh_reader_fault (reader, key, _("no such field \"%s\""), name);
  return NULL;
}

/* The fields that hold a subject's keys: one name or several. */
static char **
read_field_names (const XhReader *subject, const XhKind *kind, const char *key, gboolean may_be_id)
{
  g_auto (GStrv) names = NULL;

  if (!xh_reader_has (subject, key))
    return NULL;
  if (JSON_NODE_HOLDS_ARRAY (json_object_get_member (json_node_get_object (subject->node), key)))
    names = xh_reader_texts (subject, key, FALSE);
  else
    {
      names = g_new0 (char *, 2);
      names[0] = xh_reader_text (subject, key, FALSE);
    }
  for (guint i = 0; names[i] != NULL; i++)
    if (!(may_be_id && strcmp (names[i], "id") == 0) && xh_kind_find_field (kind, names[i]) == NULL)
      xh_reader_fault (subject, key, _("no such field \"%s\""), names[i]);
  return names[0] != NULL ? g_steal_pointer (&names) : NULL;
}

static void
check_types (const XhReader *subject, const XhKind *kind)
{
  const XhField *aliases = kind->subject_aliases != NULL ? xh_kind_find_field (kind, kind->subject_aliases) : NULL;
  gboolean has_code = FALSE;

  if (kind->subject_merged != NULL && g_strcmp0 (xh_kind_find_field (kind, kind->subject_merged)->link_kind, kind->name) != 0)
    xh_reader_fault (subject, "merged_into", _("\"%s\" is no link to this kind"), kind->subject_merged);
  for (guint i = 0; aliases != NULL && aliases->table_fields != NULL && i < aliases->table_fields->len; i++)
    has_code = has_code || strcmp (((XhField *) g_ptr_array_index (aliases->table_fields, i))->name, "code") == 0;
  if (aliases != NULL && !has_code)
    xh_reader_fault (subject, "aliases", _("\"%s\" is no table with a column \"code\""), aliases->name);
  if (kind->subject_self && kind->subject_codes == NULL)
    xh_reader_fault (subject, "self", _("needs \"code\""));
}

static void
load_mark (XhLoading *loading, const XhReader *reader, XhKind *kind)
{
  static const char *const keys[] = { "level", "label", "when", NULL };
  XhMark *mark;
  int level;

  if (!xh_reader_object (reader, keys))
    return;
  mark = g_new0 (XhMark, 1);
  level = xh_reader_one_of (reader, "level", TRUE, mark_levels);
  mark->level = level >= 0 ? (XhMarkLevel) level : XH_MARK_NEUTRAL;
  xh_reader_label (reader, "label", TRUE, &mark->label);
  mark->when = xh_loading_expression (loading, reader, "when", FALSE, kind->name);
  g_ptr_array_add (kind->subject_marks, mark);
}

static void
load_marks (XhLoading *loading, const XhReader *subject, XhKind *kind)
{
  XhReader array;
  const guint length = xh_reader_array (subject, "marks", FALSE, &array);

  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      load_mark (loading, &element, kind);
    }
}

static void
load_gives (XhLoading *loading, const XhReader *subject, XhKind *kind)
{
  g_autoptr (GList) names = NULL;
  XhReader gives;

  if (!xh_reader_child (subject, "gives", &gives))
    return;
  if (!JSON_NODE_HOLDS_OBJECT (gives.node))
    {
      xh_reader_fault (&gives, NULL, _("must be an object"));
      return;
    }
  if (!kind->subject_self)
    xh_reader_fault (subject, "gives", _("needs \"self\""));
  names = json_object_get_members (json_node_get_object (gives.node));
  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autofree char *expression = xh_reader_expression (&gives, name->data, TRUE);
      XhSite *site = xh_loading_site (loading, &gives, name->data, kind->name, expression);
      XhGive *give;

      if (site == NULL)
        continue;
      site->own_names = TRUE;
      give = g_new0 (XhGive, 1);
      give->field = g_strdup (name->data);
      give->expression = g_steal_pointer (&expression);
      g_ptr_array_add (kind->subject_gives, give);
    }
}

static void
load_grade (const XhReader *subject, XhKind *kind)
{
  static const char *const keys[] = { "value", "scheme", "version", "on", "by", NULL };
  XhReader reader;

  if (!xh_reader_child (subject, "grade", &reader))
    return;
  xh_reader_object (&reader, keys);
  kind->subject_grade = g_new0 (XhGradeFields, 1);
  kind->subject_grade->value = read_field_name (&reader, kind, "value", TRUE);
  kind->subject_grade->scheme = read_field_name (&reader, kind, "scheme", FALSE);
  kind->subject_grade->version = read_field_name (&reader, kind, "version", FALSE);
  kind->subject_grade->on = read_field_name (&reader, kind, "on", FALSE);
  kind->subject_grade->by = read_field_name (&reader, kind, "by", FALSE);
}

void
xh_kind_load_subject (XhLoading *loading, const XhReader *reader, XhKind *kind)
{
  static const char *const keys[] = { "type", "code", "name", "self", "also", "aliases", "merged_into", "marks", "gives", "grade", NULL };
  XhReader subject;
  int type;

  if (!xh_reader_child (reader, "subject", &subject))
    return;
  xh_reader_object (&subject, keys);
  type = xh_reader_one_of (&subject, "type", TRUE, subject_types);
  kind->subject_type = type >= 0 ? g_strdup (subject_types[type]) : NULL;
  kind->subject_codes = read_field_names (&subject, kind, "code", TRUE);
  kind->subject_name = read_field_name (&subject, kind, "name", FALSE);
  kind->subject_self = xh_reader_boolean (&subject, "self", FALSE);
  kind->subject_also = read_field_names (&subject, kind, "also", FALSE);
  kind->subject_aliases = read_field_name (&subject, kind, "aliases", FALSE);
  kind->subject_merged = read_field_name (&subject, kind, "merged_into", FALSE);
  load_marks (loading, &subject, kind);
  load_gives (loading, &subject, kind);
  load_grade (&subject, kind);
  check_types (&subject, kind);
}
