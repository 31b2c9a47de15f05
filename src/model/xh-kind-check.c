/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a kind says of other definitions: groups, scorecards, kinds of links and references. */

#include "xh-catalog-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A reference may match what the spine has, or a field; a link field's index makes it cheap for one record. */
static void
check_reference (XhLoading *loading, const XhReader *reader, const XhKind *kind, const XhReference *reference)
{
  const XhKind *from = xh_catalog_find_kind (loading->catalog, reference->from);
  const XhReference *ours = xh_kind_find_reference (kind, reference->match_ours);
  const char *theirs = reference->match_theirs;

  if (from == NULL)
    {
      xh_reader_fault (reader, "from", _("no such kind \"%s\""), reference->from);
      return;
    }
  if (strcmp (theirs, "id") != 0 && strcmp (theirs, "division") != 0 && strcmp (theirs, "unit") != 0
      && xh_kind_find_field (from, theirs) == NULL)
    xh_reader_fault (reader, "match", _("the kind \"%s\" has no field \"%s\""), from->name, theirs);
  if (ours != NULL && ours->index >= reference->index)
    xh_reader_fault (reader, "match", _("\"%s\" must stand before"), ours->name);
}

static const XhReference *
find_loaded (const XhReader *element, const XhKind *kind)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (element->node) ? json_node_get_object (element->node) : NULL;
  JsonNode *node = object != NULL ? json_object_get_member (object, "name") : NULL;
  const char *name = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  return name != NULL ? xh_kind_find_reference (kind, name) : NULL;
}

static void
check_links (XhLoading *loading, const XhReader *reader, const XhKind *kind)
{
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (field->link_kind != NULL && xh_catalog_find_kind (loading->catalog, field->link_kind) == NULL)
        xh_reader_fault (reader, "sections", _("the field \"%s\" links to no kind: \"%s\""), field->name, field->link_kind);
    }
}

static void
check_group (XhLoading *loading, const XhReader *reader, const XhKind *kind)
{
  for (guint i = 0; kind->group != NULL && i < loading->catalog->groups->len; i++)
    if (strcmp (((XhGroup *) g_ptr_array_index (loading->catalog->groups, i))->name, kind->group) == 0)
      return;
  if (kind->group != NULL)
    xh_reader_fault (reader, "group", _("no such group \"%s\""), kind->group);
}

void
xh_kind_check_links (XhLoading *loading, const XhReader *reader, const XhKind *kind)
{
  XhReader array;
  guint length = xh_reader_array (reader, "references", FALSE, &array);

  check_group (loading, reader, kind);
  check_links (loading, reader, kind);
  for (guint i = 0; i < length; i++)
    {
      const XhReference *reference;
      XhReader element;

      xh_reader_element (&array, i, &element);
      reference = find_loaded (&element, kind);
      if (reference != NULL)
        check_reference (loading, &element, kind, reference);
    }
  if (kind->scorecard != NULL)
    {
      const XhScorecard *card = xh_catalog_find_scorecard (loading->catalog, kind->scorecard);

      if (card == NULL)
        xh_reader_fault (reader, "scorecard", _("no such scorecard \"%s\""), kind->scorecard);
      else if (g_strcmp0 (card->kind, kind->name) != 0)
        xh_reader_fault (reader, "scorecard", _("the scorecard \"%s\" judges another kind"), kind->scorecard);
    }
}
