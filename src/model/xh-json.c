/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-json.h"

#include <string.h>

#include "xh-catalog.h"
#include "xh-json-scan-private.h"

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
append_text (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_printf (out, "\\%c", *p);
      else if ((guchar) *p < 0x20)
        g_string_append_printf (out, "\\u%04x", (guchar) *p);
      else
        g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
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

static void
append_object (GString *out, JsonObject *object)
{
  g_autoptr (GList) names = g_list_sort (json_object_get_members (object), (GCompareFunc) strcmp);

  g_string_append_c (out, '{');
  for (GList *name = names; name != NULL; name = name->next)
    {
      if (name != names)
        g_string_append_c (out, ',');
      append_text (out, name->data);
      g_string_append_c (out, ':');
      append_node (out, json_object_get_member (object, name->data));
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
    append_text (out, json_node_get_string (node));
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    append_number (out, json_node_get_double (node));
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

static gboolean
check (const char *text, gssize length, gboolean unique, GError **error)
{
  const char *invalid;
  XhScanToken token;
  XhScan scan;

  xh_scan_init (&scan, text, length);
  scan.unique = unique;
  if (!g_utf8_validate_len (text, scan.end - text, &invalid))
    {
      set_error (error, text, invalid, *invalid == '\0' ? "a NUL byte" : "not UTF-8");
      return FALSE;
    }
  if (!xh_scan_value (&scan, 1, &token) || xh_scan_white (&scan))
    {
      set_error (error, text, scan.at, scan.fault != NULL ? scan.fault : "something follows the value");
      return FALSE;
    }
  return TRUE;
}

static JsonNode *
parse (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) inner = NULL;

  if (json_parser_load_from_data (parser, text, length, &inner))
    return json_parser_steal_root (parser);
  g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_JSON, "%s", inner->message);
  return NULL;
}

gboolean
xh_json_check (const char *text, gssize length, GError **error)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return check (text, length, FALSE, error);
}

JsonNode *
xh_json_parse (const char *text, gssize length, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  return check (text, length, FALSE, error) ? parse (text, length, error) : NULL;
}

JsonNode *
xh_json_parse_definition (const char *text, gssize length, GError **error)
{
  g_return_val_if_fail (text != NULL, NULL);

  return check (text, length, TRUE, error) ? parse (text, length, error) : NULL;
}

char *
xh_json_canonical (JsonNode *node)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (node != NULL, NULL);

  append_node (out, node);
  return g_string_free (out, FALSE);
}
