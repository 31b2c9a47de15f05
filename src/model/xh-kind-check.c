/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be judged of a kind only when it is known whole: the other definitions it names, its steps beside each other, who may do what. */

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

/* What a subject gives must be wanted by some register, else a name was mistyped. */
static void
check_gives (XhLoading *loading, const XhReader *reader, const XhKind *kind)
{
  GPtrArray *kinds = loading->catalog->kinds;

  for (guint i = 0; i < kind->subject_gives->len; i++)
    {
      const char *name = ((XhGive *) g_ptr_array_index (kind->subject_gives, i))->field;
      gboolean wanted = FALSE;

      for (guint j = 0; j < kinds->len && !wanted; j++)
        {
          const XhKind *other = g_ptr_array_index (kinds, j);

          wanted = !other->subject_self && other->subject_codes != NULL && xh_kind_find_field (other, name) != NULL;
        }
      if (!wanted)
        xh_reader_fault (reader, "subject", _("no register about subjects has the field \"%s\" that is given"), name);
    }
}

/* --- steps */

static gboolean
share (char **a, char **b)
{
  for (guint i = 0; a != NULL && b != NULL && a[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) b, a[i]))
      return TRUE;
  return FALSE;
}

/* A change of state is told by its two ends alone: of two steps that one role, or the server itself, may take, only the first would be judged. */
static void
check_steps (const XhReader *reader, const XhKind *kind)
{
  for (guint i = 0; i < kind->transitions->len; i++)
    for (guint j = i + 1; j < kind->transitions->len; j++)
      {
        const XhTransition *a = g_ptr_array_index (kind->transitions, i), *b = g_ptr_array_index (kind->transitions, j);

        if (g_strcmp0 (a->to, b->to) == 0 && share (a->from, b->from) && (share (a->roles, b->roles) || (a->automatic && b->automatic)))
          xh_reader_fault (reader, "workflow", _("\"%s\" and \"%s\" lead from one state to another for the same role: nobody could tell which was taken"),
                           a->name, b->name);
      }
}

/* --- rights */

/* Whoever fills in a record must see what is still to be filled in. */
static void
check_required (XhLoading *loading, const XhReader *reader, const XhKind *kind)
{
  GPtrArray *roles = loading->catalog->roles;

  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (field->read_roles == NULL || (!field->required && field->required_when == NULL))
        continue;
      for (guint k = 0; k < roles->len; k++)
        {
          const char *role = ((const XhRole *) g_ptr_array_index (roles, k))->name;

          if (!xh_kind_may (kind, field->read_roles, role)
              && (xh_kind_may (kind, kind->create_roles, role) || xh_kind_may (kind, kind->edit_roles, role)))
            xh_reader_fault (reader, "sections", _("\"%s\" is required, and \"%s\", who may write here, may not read it"), field->name, role);
        }
    }
}

void
xh_kind_check_links (XhLoading *loading, const XhReader *reader, const XhKind *kind)
{
  XhReader array;
  guint length = xh_reader_array (reader, "references", FALSE, &array);

  check_group (loading, reader, kind);
  check_links (loading, reader, kind);
  check_gives (loading, reader, kind);
  check_steps (reader, kind);
  check_required (loading, reader, kind);
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
