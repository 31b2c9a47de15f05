/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-snapshot-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-attachment.h"
#include "model/xh-json.h"
#include "xh-wire-private.h"

#define FORMAT 1
#define LARGEST ((gint64) 64 << 30)

void
xh_snapshot_info_clear (XhSnapshotInfo *info)
{
  g_clear_pointer (&info->server, g_free);
  g_clear_pointer (&info->catalog, g_free);
  g_clear_pointer (&info->role, g_free);
  g_clear_pointer (&info->division, g_free);
  g_clear_pointer (&info->unit, g_free);
  g_clear_pointer (&info->mark, g_free);
  g_clear_pointer (&info->made, g_free);
  g_clear_pointer (&info->sha256, g_free);
}

static void
put_number (guint8 *bytes, guint32 number)
{
  number = GUINT32_TO_LE (number);
  memcpy (bytes, &number, sizeof number);
}

static guint32
get_number (const guint8 *bytes)
{
  guint32 number;

  memcpy (&number, bytes, sizeof number);
  return GUINT32_FROM_LE (number);
}

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

void
xh_snapshot_head_write (const XhSnapshotInfo *info, guint8 *head)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = NULL;

  json_object_set_int_member (object, "format", FORMAT);
  set_text (object, "server", info->server);
  set_text (object, "catalog", info->catalog);
  set_text (object, "role", info->role);
  set_text (object, "division", info->division);
  set_text (object, "unit", info->unit);
  set_text (object, "mark", info->mark);
  set_text (object, "made", info->made);
  set_text (object, "sha256", info->sha256);
  json_object_set_int_member (object, "cursor", info->cursor);
  json_object_set_int_member (object, "rows", info->rows);
  json_object_set_int_member (object, "size", info->size);
  json_object_unref (object);
  text = xh_json_canonical (node);
  g_return_if_fail (strlen (text) <= XH_SNAPSHOT_HEAD - 8);

  put_number (head, XH_SNAPSHOT_MAGIC);
  put_number (head + 4, XH_SNAPSHOT_HEAD - 8);
  memset (head + 8, ' ', XH_SNAPSHOT_HEAD - 8);
  memcpy (head + 8, text, strlen (text));
}

static gboolean
take_text (JsonObject *object, const char *name, gboolean needed, char **text)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL)
    return !needed;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  *text = json_node_dup_string (node);
  return TRUE;
}

static gboolean
take_number (JsonObject *object, const char *name, gint64 largest, gint64 *number)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *number = json_node_get_int (node);
  return *number >= 0 && *number <= largest;
}

static gboolean
take_info (JsonObject *object, XhSnapshotInfo *info)
{
  gint64 format;

  return take_number (object, "format", FORMAT, &format) && format == FORMAT && take_text (object, "server", TRUE, &info->server)
         && take_text (object, "catalog", TRUE, &info->catalog) && take_text (object, "role", TRUE, &info->role)
         && take_text (object, "division", FALSE, &info->division) && take_text (object, "unit", FALSE, &info->unit)
         && take_text (object, "mark", TRUE, &info->mark)
         && take_text (object, "made", TRUE, &info->made) && take_text (object, "sha256", TRUE, &info->sha256) && xh_hash_is_valid (info->sha256)
         && take_number (object, "cursor", G_MAXINT64, &info->cursor) && take_number (object, "rows", G_MAXINT64, &info->rows)
         && take_number (object, "size", LARGEST, &info->size);
}

gboolean
xh_snapshot_head_read (const guint8 *head, XhSnapshotInfo *info, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  gsize length = XH_SNAPSHOT_HEAD - 8;

  while (length > 0 && head[8 + length - 1] == ' ')
    length--;
  if (get_number (head) == XH_SNAPSHOT_MAGIC && get_number (head + 4) == XH_SNAPSHOT_HEAD - 8)
    node = xh_wire_parse ((const char *) head + 8, length, NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node) && take_info (json_node_get_object (node), info))
    return TRUE;
  xh_snapshot_info_clear (info);
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("This file is no snapshot of a server of Xinheng."));
  return FALSE;
}
