/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What several kinds share: lists/, sections/ and workflows/. A part is read in every kind that uses it, as if it stood there; its
 * faults name the part's file and the kind. */

#include "xh-catalog-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* --- helpers */

static void
check_part_name (const XhReader *reader, const char *name)
{
  g_autofree char *said = xh_reader_name (reader, TRUE);

  if (said != NULL && strcmp (said, name) != 0)
    xh_reader_fault (reader, "name", _("must be the file's name, \"%s\""), name);
}

static JsonObject *
copy_object (JsonObject *source)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  /* The members are shared: json_node_copy() counts a reference. */
  json_object_iter_init (&iter, source);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (copy, name, json_node_copy (node));
  return copy;
}

/* Puts the members of @with over those of @target; null takes a member away. */
static void
replace_members (JsonObject *target, JsonObject *with)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, with);
  while (json_object_iter_next (&iter, &name, &node))
    if (JSON_NODE_HOLDS_NULL (node))
      json_object_remove_member (target, name);
    else
      json_object_set_member (target, name, json_node_copy (node));
}

static const char *
name_of (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *name = object != NULL ? json_object_get_member (object, "name") : NULL;

  return name != NULL && JSON_NODE_HOLDS_VALUE (name) ? json_node_get_string (name) : NULL;
}

static gboolean
has_field (JsonArray *fields, const char *name)
{
  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    if (g_strcmp0 (name_of (json_array_get_element (fields, i)), name) == 0)
      return TRUE;
  return FALSE;
}

static JsonArray *
fields_of (JsonObject *section)
{
  JsonNode *node = json_object_get_member (section, "fields");

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* The fields with what the kind says otherwise. */
static void
override_fields (JsonObject *section, const XhReader *override)
{
  JsonArray *fields = fields_of (section), *changed;
  JsonObject *with = json_node_get_object (override->node);
  g_autoptr (GList) names = json_object_get_members (with);

  for (GList *name = names; name != NULL; name = name->next)
    if (!has_field (fields, name->data))
      xh_reader_fault (override, NULL, _("no such field \"%s\""), (const char *) name->data);
    else if (!JSON_NODE_HOLDS_OBJECT (json_object_get_member (with, name->data)))
      xh_reader_fault (override, name->data, _("must be an object"));
  if (fields == NULL)
    return;
  changed = json_array_new ();
  for (guint i = 0; i < json_array_get_length (fields); i++)
    {
      JsonNode *node = json_array_get_element (fields, i);
      const char *name = name_of (node);
      JsonNode *by = name != NULL ? json_object_get_member (with, name) : NULL;

      if (by != NULL && JSON_NODE_HOLDS_OBJECT (by))
        {
          JsonObject *field = copy_object (json_node_get_object (node));

          replace_members (field, json_node_get_object (by));
          json_array_add_object_element (changed, field);
        }
      else
        json_array_add_element (changed, json_node_copy (node));
    }
  json_object_set_array_member (section, "fields", changed);
}

/* --- private functions */

gboolean
xh_part_open (XhLoading *loading, const XhReader *use, const char *key, const char *folder, const char *name, XhPart *part)
{
  g_autofree char *file = g_strdup_printf ("%s/%s.json", folder, name);
  JsonNode *node = json_object_get_member (loading->files, file);

  *part = (XhPart) { NULL };
  if (node == NULL)
    {
      xh_reader_fault (use, key, _("there is no file \"%s\""), file);
      return FALSE;
    }
  part->file = g_strdup_printf ("%s (%s)", file, use->file);
  part->node = json_node_copy (node);
  xh_reader_init (&part->reader, loading->faults, part->file, part->node);
  check_part_name (&part->reader, name);
  return TRUE;
}

gboolean
xh_part_open_section (XhLoading *loading, const XhReader *use, XhPart *part)
{
  static const char *const keys[] = { "section", "label", "help", "relevant", "irrelevant", "without", "override", NULL };
  static const char *const replaced[] = { "label", "help", "relevant", "irrelevant" };
  g_autofree char *name = NULL;
  JsonObject *section, *said;
  XhReader override;

  *part = (XhPart) { NULL };
  xh_reader_object (use, keys);
  name = xh_reader_text (use, "section", TRUE);
  if (name == NULL || !xh_part_open (loading, use, "section", "sections", name, part))
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (part->node))
    return TRUE; /* its reader says so */
  said = json_node_get_object (use->node);
  section = copy_object (json_node_get_object (part->node));
  for (gsize i = 0; i < G_N_ELEMENTS (replaced); i++)
    if (json_object_has_member (said, replaced[i]))
      json_object_set_member (section, replaced[i], json_node_copy (json_object_get_member (said, replaced[i])));
  part->without = xh_reader_texts (use, "without", FALSE);
  for (guint i = 0; part->without != NULL && part->without[i] != NULL; i++)
    if (!has_field (fields_of (section), part->without[i]))
      xh_reader_fault (use, "without", _("no such field \"%s\""), part->without[i]);
  if (xh_reader_child (use, "override", &override))
    override_fields (section, &override);
  json_node_take_object (part->node, section);
  return TRUE;
}

void
xh_part_clear (XhPart *part)
{
  g_clear_pointer (&part->file, g_free);
  g_clear_pointer (&part->node, json_node_unref);
  g_clear_pointer (&part->without, g_strfreev);
}

/* @name is the file's. (nullable) */
XhCodeList *
xh_code_list_load (XhLoading *loading, const XhReader *reader, const char *name)
{
  static const char *const keys[] = { "name", "label", "source", "note", "choices", NULL };
  XhCodeList *list;

  if (!xh_reader_object (reader, keys))
    return NULL;
  list = g_new0 (XhCodeList, 1);
  list->name = g_strdup (name);
  check_part_name (reader, name);
  xh_reader_label (reader, "label", TRUE, &list->label);
  list->source = xh_reader_text (reader, "source", FALSE);
  list->choices = xh_choices_load (reader);
  return list;
}
