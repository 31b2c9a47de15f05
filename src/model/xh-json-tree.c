/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Makes json-glib's nodes straight from the strict reader, so that every byte is looked at once. */
#include "xh-json-tree-private.h"

#include "xh-json.h"

typedef struct
{
  XhScan *scan;
  GString *text;   /* (owned) the last name or text read */
  gboolean unique;
} Builder;

static JsonNode *build_value (Builder *self, guint depth);

/* TRUE after '}' or ']' or with @fault said; FALSE where another element follows. */
static gboolean
at_end (XhScan *scan, char end, const char *fault)
{
  if (xh_scan_char (scan, ','))
    return FALSE;
  if (!xh_scan_char (scan, end))
    scan->fault = fault;
  return TRUE;
}

static const char *
text_of (Builder *self, const XhScanToken *token)
{
  g_string_truncate (self->text, 0);
  xh_scan_append (token, self->text);
  return self->text->str;
}

static gboolean
build_member (Builder *self, JsonObject *object, guint depth)
{
  g_autofree char *name = NULL;
  XhScanToken token;
  JsonNode *node;

  if (!xh_scan_text (self->scan, &token))
    return FALSE;
  name = xh_scan_dup (&token);
  if (self->unique && json_object_has_member (object, name))
    {
      self->scan->fault = "the name stands twice in its object";
      return FALSE;
    }
  if (!xh_scan_char (self->scan, ':'))
    {
      self->scan->fault = "a colon must follow the name";
      return FALSE;
    }
  node = build_value (self, depth);
  if (node != NULL)
    json_object_set_member (object, name, node);
  return node != NULL;
}

static JsonNode *
build_object (Builder *self, guint depth)
{
  g_autoptr (JsonObject) object = json_object_new ();

  if (!xh_scan_char (self->scan, '}'))
    do
      if (!build_member (self, object, depth))
        return NULL;
    while (!at_end (self->scan, '}', "a comma or } must follow"));
  if (self->scan->fault != NULL)
    return NULL;
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
build_array (Builder *self, guint depth)
{
  g_autoptr (JsonArray) array = json_array_new ();

  if (!xh_scan_char (self->scan, ']'))
    do
      {
        JsonNode *node = build_value (self, depth);

        if (node == NULL)
          return NULL;
        json_array_add_element (array, node);
      }
    while (!at_end (self->scan, ']', "a comma or ] must follow"));
  if (self->scan->fault != NULL)
    return NULL;
  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
build_scalar (Builder *self, guint depth)
{
  XhScanToken token;

  if (!xh_scan_value (self->scan, depth, &token))
    return NULL;
  switch (token.type)
    {
    case XH_SCAN_TEXT:
      return json_node_init_string (json_node_alloc (), text_of (self, &token));
    case XH_SCAN_INTEGER:
      return json_node_init_int (json_node_alloc (), token.number.integer);
    case XH_SCAN_REAL:
      return json_node_init_double (json_node_alloc (), token.number.real);
    case XH_SCAN_TRUE:
    case XH_SCAN_FALSE:
      return json_node_init_boolean (json_node_alloc (), token.type == XH_SCAN_TRUE);
    default:
      return json_node_init_null (json_node_alloc ());
    }
}

static JsonNode *
build_value (Builder *self, guint depth)
{
  if (depth <= XH_JSON_MAX_DEPTH && xh_scan_char (self->scan, '{'))
    return build_object (self, depth + 1);
  if (depth <= XH_JSON_MAX_DEPTH && xh_scan_char (self->scan, '['))
    return build_array (self, depth + 1);
  return build_scalar (self, depth);
}

JsonNode *
xh_json_build (XhScan *scan, gboolean unique)
{
  Builder self = { scan, g_string_new (NULL), unique };
  JsonNode *node = build_value (&self, 1);

  g_string_free (self.text, TRUE);
  return node;
}
