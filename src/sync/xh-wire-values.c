/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-wire-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "model/xh-json.h"

#define MAX_STATE 64

G_DEFINE_QUARK (xh-sync-error-quark, xh_sync_error)

gboolean
xh_sync_fail_disk (const char *what, int code, GError **error)
{
  g_autofree char *shown = g_filename_display_name (what);

  if (code == ENOSPC || code == EDQUOT)
    g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL, _("The disk of this computer is full. Make room and try again; nothing is lost."));
  else
    g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_LOCAL,
                 _("%s cannot be read or written: %s. Nothing is lost; try again, and if it stays so have the disk and its permissions looked at."), shown,
                 g_strerror (code));
  return FALSE;
}

gboolean
xh_sync_fail_field (const XhKind *kind, const char *name, GError **error)
{
  g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL,
               _("%s has no field “%s” in the definitions here. Nothing was changed; update the program or the definitions and try again."),
               xh_label_get (&kind->label), name);
  return FALSE;
}

static gboolean
refuse_value (const XhKind *kind, const char *name, GError **error)
{
  g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("%s: the value of “%s” is of another type than the definitions say. It was not taken."),
               xh_label_get (&kind->label), xh_kind_tell_field (kind, name));
  return FALSE;
}

static gboolean
convert_integer (XhValue *value)
{
  if (value->type == XH_VALUE_INTEGER)
    return TRUE;
  if (value->type != XH_VALUE_REAL || value->real != floor (value->real) || fabs (value->real) > 0x1p53)
    return FALSE;
  xh_value_set_integer (value, (gint64) value->real);
  return TRUE;
}

/* Empty is allowed for every field: whether it may be is for the record's checks to say. */
gboolean
xh_wire_convert_value (const XhField *field, XhValue *value)
{
  if (value->type == XH_VALUE_NULL)
    return TRUE;
  switch (field->type)
    {
    case XH_FIELD_INTEGER:
    case XH_FIELD_MONEY:
      return convert_integer (value);
    case XH_FIELD_BOOLEAN:
      return convert_integer (value) && (value->integer == 0 || value->integer == 1);
    case XH_FIELD_DECIMAL:
      if (value->type == XH_VALUE_INTEGER)
        xh_value_set_real (value, (double) value->integer);
      return value->type == XH_VALUE_REAL;
    default:
      return value->type == XH_VALUE_TEXT;
    }
}

static gboolean
check_state (const XhValue *value)
{
  return value->type == XH_VALUE_TEXT && *value->text != '\0' && strlen (value->text) <= MAX_STATE;
}

gboolean
xh_wire_read_value (const XhKind *kind, const char *name, JsonNode *node, XhValue *value, GError **error)
{
  const XhField *field = xh_kind_find_field (kind, name);
  gboolean fits;

  if (!xh_value_from_json (node, value))
    return refuse_value (kind, name, error);
  if (field != NULL)
    fits = xh_wire_convert_value (field, value);
  else if (strcmp (name, XH_WIRE_STATE) == 0)
    fits = check_state (value);
  else if (strcmp (name, XH_WIRE_DELETED) == 0)
    fits = value->type == XH_VALUE_INTEGER && (value->integer == 0 || value->integer == 1);
  else
    return xh_sync_fail_field (kind, name, error);
  return fits || refuse_value (kind, name, error);
}

JsonNode *
xh_wire_parse (const char *json, gsize length, GError **error)
{
  g_autoptr (GError) fault = NULL;
  JsonNode *root = xh_json_parse (json != NULL ? json : "", (gssize) length, &fault);

  if (root == NULL)
    g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, fault->message);
  return root;
}

JsonArray *
xh_wire_parse_rows (const char *json)
{
  g_autoptr (JsonNode) root = xh_wire_parse (json, strlen (json), NULL);
  JsonArray *rows;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return NULL;
  rows = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonNode *row = json_array_get_element (rows, i);
      JsonNode *id = JSON_NODE_HOLDS_OBJECT (row) ? json_object_get_member (json_node_get_object (row), "_id") : NULL;

      if (id == NULL || !JSON_NODE_HOLDS_VALUE (id) || json_node_get_value_type (id) != G_TYPE_STRING)
        return NULL;
    }
  return json_array_ref (rows);
}
