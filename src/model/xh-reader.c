/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-reader-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-calendar.h"

#define MAX_NAME_LENGTH 40
#define MAX_EXPRESSION_LENGTH 4000

/* --- helpers */

static void
append_path (GString *path, const XhReader *reader)
{
  if (reader->parent == NULL)
    return;
  append_path (path, reader->parent);
  if (reader->key != NULL)
    g_string_append_printf (path, "/%s", reader->key);
  else
    g_string_append_printf (path, "/%u", reader->index);
}

static JsonNode *
find_member (const XhReader *self, const char *key)
{
  if (!JSON_NODE_HOLDS_OBJECT (self->node))
    return NULL;
  return json_object_get_member (json_node_get_object (self->node), key);
}

/* The member, if it is of @type; a fault if it is of another, or required and absent. @expected: not translated yet, since nearly
 * every member is well. */
static JsonNode *
typed_member (const XhReader *self, const char *key, gboolean required, GType type, const char *expected)
{
  JsonNode *node = find_member (self, key);

  if (node == NULL)
    {
      if (required)
        xh_reader_fault (self, NULL, _("\"%s\" is missing"), key);
      return NULL;
    }
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != type)
    {
      xh_reader_fault (self, key, "%s", _(expected));
      return NULL;
    }
  return node;
}

/* --- faults */

void
xh_faults_add (GPtrArray *faults, const char *file, const char *path, const char *reason)
{
  g_autofree char *line = g_strdup_printf ("%s: %s%s%s", file, path, *path != '\0' ? ": " : "", reason);

  if (g_ptr_array_find_with_equal_func (faults, line, g_str_equal, NULL))
    return;
  if (faults->len < XH_MAX_FAULTS)
    g_ptr_array_add (faults, g_steal_pointer (&line));
  else if (faults->len == XH_MAX_FAULTS)
    g_ptr_array_add (faults, g_strdup (_("… and more")));
}

void
xh_faults_add_missing (GPtrArray *faults, const char *file)
{
  g_autofree char *prefix = g_strconcat (file, ":", NULL);

  /* A file that could not be read or parsed is already spoken of. */
  for (guint i = 0; i < faults->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (faults, i), prefix))
      return;
  xh_faults_add (faults, file, "", _("the file is missing"));
}

char *
xh_reader_path (const XhReader *self, const char *key)
{
  GString *path = g_string_new (NULL);

  append_path (path, self);
  if (key != NULL)
    g_string_append_printf (path, "/%s", key);
  return g_string_free (path, FALSE);
}

void
xh_reader_fault (const XhReader *self, const char *key, const char *format, ...)
{
  g_autofree char *path = xh_reader_path (self, key);
  g_autofree char *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  xh_faults_add (self->faults, self->file, path, reason);
}

/* --- walking */

void
xh_reader_init (XhReader *self, GPtrArray *faults, const char *file, JsonNode *node)
{
  *self = (XhReader) { .faults = faults, .file = file, .node = node };
}

gboolean
xh_reader_object (const XhReader *self, const char *const *known)
{
  g_autoptr (GList) names = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (self->node))
    {
      xh_reader_fault (self, NULL, _("must be an object"));
      return FALSE;
    }
  names = json_object_get_members (json_node_get_object (self->node));
  for (GList *name = names; name != NULL; name = name->next)
    if (!g_strv_contains (known, name->data))
      xh_reader_fault (self, NULL, _("unknown key \"%s\""), (const char *) name->data);
  return TRUE;
}

gboolean
xh_reader_has (const XhReader *self, const char *key)
{
  return find_member (self, key) != NULL;
}

gboolean
xh_reader_child (const XhReader *self, const char *key, XhReader *child)
{
  JsonNode *node = find_member (self, key);

  if (node == NULL)
    return FALSE;
  *child = (XhReader) { .faults = self->faults, .file = self->file, .parent = self, .key = key, .node = node };
  if (JSON_NODE_HOLDS_OBJECT (node))
    return TRUE;
  xh_reader_fault (child, NULL, _("must be an object"));
  return FALSE;
}

guint
xh_reader_array (const XhReader *self, const char *key, gboolean required, XhReader *array)
{
  JsonNode *node = find_member (self, key);

  if (node == NULL)
    {
      if (required)
        xh_reader_fault (self, NULL, _("\"%s\" is missing"), key);
      return 0;
    }
  *array = (XhReader) { .faults = self->faults, .file = self->file, .parent = self, .key = key, .node = node };
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_array_get_length (json_node_get_array (node));
  xh_reader_fault (array, NULL, _("must be a list"));
  return 0;
}

void
xh_reader_element (const XhReader *array, guint index, XhReader *element)
{
  *element = (XhReader) {
    .faults = array->faults, .file = array->file, .parent = array, .index = index,
    .node = json_array_get_element (json_node_get_array (array->node), index),
  };
}

/* --- members */

char *
xh_reader_text (const XhReader *self, const char *key, gboolean required)
{
  JsonNode *node = typed_member (self, key, required, G_TYPE_STRING, N_("must be a text"));

  if (node != NULL && *json_node_get_string (node) == '\0')
    {
      xh_reader_fault (self, key, _("must not be empty"));
      return NULL;
    }
  return node != NULL ? json_node_dup_string (node) : NULL;
}

char *
xh_reader_date (const XhReader *self, const char *key)
{
  g_autofree char *text = xh_reader_text (self, key, FALSE);
  GDate date;

  if (text != NULL && !xh_date_parse (text, &date))
    {
      xh_reader_fault (self, key, _("must be a date: YYYY-MM-DD"));
      return NULL;
    }
  return g_steal_pointer (&text);
}

char *
xh_reader_expression (const XhReader *self, const char *key, gboolean required)
{
  g_autofree char *text = xh_reader_text (self, key, required);

  if (text != NULL && strlen (text) > MAX_EXPRESSION_LENGTH)
    {
      xh_reader_fault (self, key, _("the expression is too long"));
      return NULL;
    }
  return g_steal_pointer (&text);
}

char **
xh_reader_texts (const XhReader *self, const char *key, gboolean required)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  XhReader array;
  guint length;

  if (!xh_reader_has (self, key) && !required)
    return NULL;
  builder = g_strv_builder_new ();
  length = xh_reader_array (self, key, required, &array);
  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      if (!JSON_NODE_HOLDS_VALUE (element.node) || json_node_get_value_type (element.node) != G_TYPE_STRING
          || *json_node_get_string (element.node) == '\0')
        xh_reader_fault (&element, NULL, _("must be a text"));
      else
        g_strv_builder_add (builder, json_node_get_string (element.node));
    }
  return g_strv_builder_end (builder);
}

gboolean
xh_reader_boolean (const XhReader *self, const char *key, gboolean otherwise)
{
  JsonNode *node = typed_member (self, key, FALSE, G_TYPE_BOOLEAN, N_("must be true or false"));

  return node != NULL ? json_node_get_boolean (node) : otherwise;
}

gint64
xh_reader_integer (const XhReader *self, const char *key, gint64 otherwise, gint64 minimum, gint64 maximum)
{
  JsonNode *node = typed_member (self, key, FALSE, G_TYPE_INT64, N_("must be a whole number"));
  g_autofree char *from = NULL, *to = NULL;
  gint64 value;

  if (node == NULL)
    return otherwise;
  value = json_node_get_int (node);
  if (value >= minimum && value <= maximum)
    return value;
  from = g_strdup_printf ("%" G_GINT64_FORMAT, minimum);
  to = g_strdup_printf ("%" G_GINT64_FORMAT, maximum);
  xh_reader_fault (self, key, _("must be from %s to %s"), from, to);
  return otherwise;
}

double
xh_reader_number (const XhReader *self, const char *key, double otherwise)
{
  JsonNode *node = find_member (self, key);

  if (node == NULL)
    return otherwise;
  if (JSON_NODE_HOLDS_VALUE (node)
      && (json_node_get_value_type (node) == G_TYPE_INT64 || json_node_get_value_type (node) == G_TYPE_DOUBLE))
    return json_node_get_double (node);
  xh_reader_fault (self, key, _("must be a number"));
  return otherwise;
}

void
xh_reader_label (const XhReader *self, const char *key, gboolean required, XhLabel *label)
{
  static const char *const known[] = { "zh", "en", NULL };
  XhReader child;

  *label = (XhLabel) { NULL, NULL };
  if (!xh_reader_has (self, key))
    {
      if (required)
        xh_reader_fault (self, NULL, _("\"%s\" is missing"), key);
      return;
    }
  if (!xh_reader_child (self, key, &child))
    return;
  xh_reader_object (&child, known);
  label->zh = xh_reader_text (&child, "zh", TRUE);
  label->en = xh_reader_text (&child, "en", FALSE);
}

int
xh_reader_one_of (const XhReader *self, const char *key, gboolean required, const char *const *names)
{
  g_autofree char *text = xh_reader_text (self, key, required);
  g_autofree char *all = NULL;

  if (text == NULL)
    return -1;
  for (int i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], text) == 0)
      return i;
  all = g_strjoinv (", ", (char **) names);
  xh_reader_fault (self, key, _("\"%s\" is none of: %s"), text, all);
  return -1;
}

gboolean
xh_name_is_valid (const char *name, gboolean hyphens)
{
  if (!g_ascii_islower (name[0]) || strlen (name) > MAX_NAME_LENGTH)
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p) && *p != (hyphens ? '-' : '_') && *p != '_')
      return FALSE;
  return TRUE;
}

char *
xh_reader_name (const XhReader *self, gboolean hyphens)
{
  g_autofree char *name = xh_reader_text (self, "name", TRUE);

  if (name == NULL || xh_name_is_valid (name, hyphens))
    return g_steal_pointer (&name);
  xh_reader_fault (self, "name", _("\"%s\" is no name: small letters, digits and _, a letter first, at most %d characters"), name,
                   MAX_NAME_LENGTH);
  return NULL;
}

void
xh_label_clear (XhLabel *label)
{
  g_clear_pointer (&label->zh, g_free);
  g_clear_pointer (&label->en, g_free);
}
