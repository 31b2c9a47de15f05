/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-work-file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-json.h"
#include "xh-round-anew-private.h"
#include "xh-wire-private.h"

#define FORMAT 1
#define LARGEST ((gsize) 256 << 20)

/* --- writing */

static void
append_member (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, ",\"%s\":", name);
  xh_json_append_text (json, text != NULL ? text : "", -1);
}

static char *
write_head (XhDesk *desk, XhStore *store, guint n_ops, const char *hash)
{
  GString *json = g_string_new (NULL);
  g_autofree char *mark = xh_store_meta_get (store, XH_META_MARK);
  const char *server = mark != NULL ? strrchr (mark, '.') : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *made = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");

  g_string_printf (json, "{\"xinheng-work\":%d,\"ops\":%u", FORMAT, n_ops);
  append_member (json, "login", desk->profile->login);
  append_member (json, "name", desk->profile->name);
  append_member (json, "device", desk->device);
  append_member (json, "server", server != NULL ? server + 1 : "");
  append_member (json, "made", made);
  append_member (json, "sha256", hash);
  g_string_append (json, "}\n");
  return g_string_free (json, FALSE);
}

/* A push has no line breaks but between its tokens: each becomes a line. */
static void
append_push (GString *lines, GPtrArray *ops, guint first, const char *device)
{
  g_autoptr (GPtrArray) some = g_ptr_array_new ();
  g_autofree char *json = NULL;
  gsize length;

  for (guint i = first; i < ops->len && some->len < XH_WIRE_MAX_OPS; i++)
    g_ptr_array_add (some, g_ptr_array_index (ops, i));
  json = xh_wire_write_push (some, device, &length);
  g_strdelimit (json, "\r\n", ' ');
  g_string_append_len (lines, json, (gssize) length);
  g_string_append_c (lines, '\n');
}

gboolean
xh_work_file_write (XhDesk *desk, XhStore *store, const char *path, guint *n_ops, GError **error)
{
  g_autoptr (GPtrArray) ops = xh_store_outbox_whole (store, error);
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *hash = NULL, *head = NULL;

  /* The server may hear of them from the file: they are asked for until it answers, even where the record is deleted meanwhile. */
  if (ops == NULL || !xh_store_mark_sent (store, ops, error))
    return FALSE;
  for (guint i = 0; i < ops->len; i += XH_WIRE_MAX_OPS)
    append_push (lines, ops, i, desk->device);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, lines->str, (gssize) lines->len);
  head = write_head (desk, store, ops->len, hash);
  g_string_prepend (lines, head);
  *n_ops = ops->len;
  return g_file_set_contents_full (path, lines->str, (gssize) lines->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* --- reading */

static gboolean
refuse (GError **error, const char *fault)
{
  g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("The file of unsent work cannot be used: %s. Nothing was changed."), fault);
  return FALSE;
}

static gboolean
take (JsonObject *object, const char *name, char **text)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  *text = json_node_dup_string (node);
  return TRUE;
}

static gboolean
read_head (XhWorkFile *self, const char *line, gsize length, char **hash)
{
  g_autoptr (JsonNode) node = xh_wire_parse (line, length, NULL);
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  return object != NULL && json_object_get_int_member_with_default (object, "xinheng-work", 0) == FORMAT
         && take (object, "login", &self->login) && take (object, "name", &self->name) && take (object, "device", &self->device)
         && take (object, "server", &self->server) && take (object, "made", &self->made) && take (object, "sha256", hash);
}

static gboolean
read_push (XhWorkFile *self, const char *line, gsize length, GError **error)
{
  g_autofree char *device = NULL;
  g_autoptr (GPtrArray) ops = xh_wire_read_push (line, length, &device, error);

  if (ops == NULL)
    return FALSE;
  if (g_strcmp0 (device, self->device) != 0)
    return refuse (error, _("it is of several computers"));
  g_ptr_array_extend_and_steal (self->ops, g_steal_pointer (&ops));
  return TRUE;
}

static gboolean
read_lines (XhWorkFile *self, const char *text, gsize length, GError **error)
{
  const char *end = memchr (text, '\n', length), *line;
  g_autofree char *hash = NULL, *found = NULL;

  if (end == NULL || !read_head (self, text, (gsize) (end - text), &hash))
    return refuse (error, _("it is none"));
  line = end + 1;
  found = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) line, length - (gsize) (line - text));
  if (strcmp (found, hash) != 0)
    return refuse (error, _("it is damaged"));
  for (; (end = memchr (line, '\n', length - (gsize) (line - text))) != NULL; line = end + 1)
    if (!read_push (self, line, (gsize) (end - line), error))
      return FALSE;
  return TRUE;
}

XhWorkFile *
xh_work_file_read (const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);
  g_autoptr (XhWorkFile) self = g_new0 (XhWorkFile, 1);
  gsize length = file != NULL ? g_mapped_file_get_length (file) : 0;

  self->ops = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_op_free);
  if (file == NULL)
    return NULL;
  if (length == 0 || length > LARGEST)
    return (void) refuse (error, _("it is none")), NULL;
  return read_lines (self, g_mapped_file_get_contents (file), length, error) ? g_steal_pointer (&self) : NULL;
}

void
xh_work_file_free (XhWorkFile *self)
{
  if (self == NULL)
    return;
  g_free (self->login);
  g_free (self->name);
  g_free (self->device);
  g_free (self->server);
  g_free (self->made);
  g_ptr_array_unref (self->ops);
  g_free (self);
}
