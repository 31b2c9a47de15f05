/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-json.h"

#include <stdlib.h>
#include <string.h>

#include "xh-catalog.h"
#include "xh-json-scan.h"
#include "xh-json-tree-private.h"

static void
set_error (GError **error, const char *text, const char *at, const char *what)
{
  guint line = 1;
  const char *start = text;

  for (const char *p = text; p < at; p++)
    if (*p == '\n')
      {
        line++;
        start = p + 1;
      }
  g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_JSON, "line %u, column %u: %s", line, (guint) (at - start) + 1, what);
}

static void
append_number (GString *out, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  /* The shorter of the two forms that read back as the same number. */
  g_ascii_formatd (text, sizeof text, "%.15g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_formatd (text, sizeof text, "%.17g", number);
  g_string_append (out, text);
  if (strpbrk (text, ".e") == NULL)
    g_string_append (out, ".0");
}

static void append_node (GString *out, JsonNode *node);

typedef struct
{
  const char *name;
  JsonNode *value;
} Member;

static int
compare_members (const void *a, const void *b)
{
  return strcmp (((const Member *) a)->name, ((const Member *) b)->name);
}

static void
append_object (GString *out, JsonObject *object)
{
  const guint n = json_object_get_size (object);
  g_autofree Member *members = g_new (Member, n);
  JsonObjectIter iter;
  guint i = 0;

  json_object_iter_init (&iter, object);
  while (i < n && json_object_iter_next (&iter, &members[i].name, &members[i].value))
    i++;
  if (n > 1)
    qsort (members, n, sizeof *members, compare_members);
  g_string_append_c (out, '{');
  for (i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      xh_json_append_text (out, members[i].name, -1);
      g_string_append_c (out, ':');
      append_node (out, members[i].value);
    }
  g_string_append_c (out, '}');
}

static void
append_array (GString *out, JsonArray *array)
{
  g_string_append_c (out, '[');
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_node (out, json_array_get_element (array, i));
    }
  g_string_append_c (out, ']');
}

static void
append_node (GString *out, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    append_object (out, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    append_array (out, json_node_get_array (node));
  else if (JSON_NODE_HOLDS_NULL (node))
    g_string_append (out, "null");
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    xh_json_append_text (out, json_node_get_string (node), -1);
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    append_number (out, json_node_get_double (node));
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

static gboolean
start (XhScan *scan, const char *text, gssize length, GError **error)
{
  const char *invalid;

  xh_scan_init (scan, text, length);
  if (g_utf8_validate_len (text, scan->end - text, &invalid))
    return TRUE;
  set_error (error, text, invalid, *invalid == '\0' ? "a NUL byte" : "not UTF-8");
  return FALSE;
}

static gboolean
finish (XhScan *scan, const char *text, GError **error)
{
  if (scan->fault == NULL && !xh_scan_white (scan))
    return TRUE;
  set_error (error, text, scan->at, scan->fault != NULL ? scan->fault : "something follows the value");
  return FALSE;
}

static JsonNode *
parse (const char *text, gssize length, gboolean unique, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  XhScan scan;

  if (!start (&scan, text, length, error))
    return NULL;
  node = xh_json_build (&scan, unique);
  return finish (&scan, text, error) ? g_steal_pointer (&node) : NULL;
}

gboolean
xh_json_check (const char *text, gssize length, GError **error)
{
  XhScanToken token;
  XhScan scan;

  g_return_val_if_fail (text != NULL, FALSE);

  if (!start (&scan, text, length, error))
    return FALSE;
  xh_scan_value (&scan, 1, &token);
  return finish (&scan, text, error);
}

JsonNode *
xh_json_parse (const char *text, gssize length, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  return parse (text, length, FALSE, error);
}

JsonNode *
xh_json_parse_definition (const char *text, gssize length, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  return parse (text, length, TRUE, error);
}

const char *
xh_json_member_text (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

void
xh_json_append_text (GString *json, const char *text, gssize length)
{
  const char *end = text + (length < 0 ? strlen (text) : (gsize) length);

  g_string_append_c (json, '"');
  while (text < end)
    {
      const char *special = xh_json_find_special (text, end);

      g_string_append_len (json, text, special - text);
      if (special == end)
        break;
      if (*special == '"' || *special == '\\')
        {
          g_string_append_c (json, '\\');
          g_string_append_c (json, *special);
        }
      else
        g_string_append_printf (json, "\\u%04x", (guchar) *special);
      text = special + 1;
    }
  g_string_append_c (json, '"');
}

char *
xh_json_canonical (JsonNode *node)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (node != NULL, NULL);

  append_node (out, node);
  return g_string_free (out, FALSE);
}
