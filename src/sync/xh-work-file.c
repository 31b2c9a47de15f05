/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-work-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "model/xh-json.h"
#include "xh-round-anew-private.h"
#include "xh-signer.h"
#include "xh-verifier-private.h"
#include "xh-wire-private.h"

#define FORMAT 2
#define LARGEST ((gsize) 128 << 20)
#define PURPOSE "xinheng-work\n" /* before what is signed: the key may sign other things one day */
#define OPS_A_PART 200           /* others wait no longer than for these while a file is brought in */
#define PART_BYTES (1 << 20)     /* one op may be longer */
#define LONGEST_PART (16 << 20)  /* what a server takes at once */
#define LONGEST_NAME 1024        /* bytes */

static gboolean
refuse (GError **error, const char *fault)
{
  g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, _("The file of unsent work cannot be used: %s. Nothing was changed."), fault);
  return FALSE;
}

/* --- writing */

static void
append_member (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, ",\"%s\":", name);
  xh_json_append_text (json, text != NULL ? text : "", -1);
}

static char *
write_head (const XhWorkDraft *draft, XhDesk *desk, GPtrArray *hashes, const char *key)
{
  GString *json = g_string_new (NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *made = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");

  g_string_printf (json, "{\"xinheng-work\":%d,\"ops\":%u", FORMAT, draft->ops->len);
  append_member (json, "login", desk->profile->login);
  append_member (json, "name", desk->profile->name);
  append_member (json, "device", desk->device);
  append_member (json, "server", draft->server);
  append_member (json, "made", made);
  append_member (json, "key", key);
  g_string_append (json, ",\"parts\":[");
  for (guint i = 0; i < hashes->len; i++)
    g_string_append_printf (json, "%s\"%s\"", i > 0 ? "," : "", (char *) g_ptr_array_index (hashes, i));
  g_string_append (json, "]}");
  return g_string_free (json, FALSE);
}

/* A push has no line breaks but between its tokens: each becomes a line. Returns how many ops are in it. */
static guint
append_part (GString *lines, GPtrArray *hashes, GPtrArray *ops, guint first, const char *device)
{
  g_autoptr (GPtrArray) some = g_ptr_array_new ();
  g_autofree char *json = NULL;
  gsize length, size = 0;

  for (guint i = first; i < ops->len && some->len < OPS_A_PART; i++)
    {
      const XhOp *op = g_ptr_array_index (ops, i);

      size += strlen (op->set);
      if (size > PART_BYTES && some->len > 0)
        break;
      g_ptr_array_add (some, (gpointer) op);
    }
  json = xh_wire_write_push (some, device, &length);
  g_strdelimit (json, "\r\n", ' ');
  g_ptr_array_add (hashes, g_compute_checksum_for_string (G_CHECKSUM_SHA256, json, (gssize) length));
  g_string_append_len (lines, json, (gssize) length);
  g_string_append_c (lines, '\n');
  return some->len;
}

static char *
sign (XhSigner *signer, const char *head)
{
  g_autofree char *text = g_strconcat (PURPOSE, head, NULL);

  return xh_signer_sign (signer, text, strlen (text));
}

XhWorkDraft *
xh_work_draft_new (XhStore *store, GError **error)
{
  g_autoptr (GPtrArray) ops = xh_store_outbox_whole (store, error);
  g_autofree char *mark = xh_store_meta_get (store, XH_META_MARK);
  const char *server = xh_mark_get_server (mark);
  XhWorkDraft *draft;

  /* The server may hear of them from the file: they are asked for until it answers, even where the record is deleted meanwhile. */
  if (ops == NULL || !xh_store_mark_sent (store, ops, error))
    return NULL;
  draft = g_new0 (XhWorkDraft, 1);
  draft->ops = g_steal_pointer (&ops);
  draft->server = g_strdup (server != NULL ? server : "");
  return draft;
}

void
xh_work_draft_free (XhWorkDraft *draft)
{
  if (draft == NULL)
    return;
  g_ptr_array_unref (draft->ops);
  g_free (draft->server);
  g_free (draft);
}

static gboolean
names (const XhWorkDraft *draft, const char *hash)
{
  for (guint i = 0; i < draft->ops->len; i++)
    if (strstr (((const XhOp *) g_ptr_array_index (draft->ops, i))->set, hash) != NULL)
      return TRUE;
  return FALSE;
}

guint
xh_work_draft_files (const XhWorkDraft *draft, XhFiles *files)
{
  g_autoptr (GPtrArray) hashes = xh_files_outgoing (files);
  guint n = 0;

  for (guint i = 0; i < hashes->len; i++)
    n += names (draft, g_ptr_array_index (hashes, i));
  return n;
}

gboolean
xh_work_draft_save (const XhWorkDraft *draft, XhDesk *desk, const char *path, GError **error)
{
  g_autoptr (XhSigner) signer = xh_signer_load (desk->folder, error);
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *head = NULL, *signature = NULL, *both = NULL;
  g_autofree char *folder = g_path_get_dirname (path), *name = g_path_get_basename (path);

  if (signer == NULL)
    return FALSE;
  for (guint i = 0; i < draft->ops->len;)
    i += append_part (lines, hashes, draft->ops, i, desk->device);
  head = write_head (draft, desk, hashes, xh_signer_public (signer));
  signature = sign (signer, head);
  both = g_strdup_printf ("%s\n%s\n", head, signature);
  g_string_prepend (lines, both);
  if (lines->len > LARGEST || strlen (head) > XH_WORK_MAX_HEAD)
    return refuse (error, _("it is too large"));
  return xh_file_replace (folder, name, lines->str, lines->len, error);
}

gboolean
xh_work_file_write (XhDesk *desk, XhStore *store, const char *path, guint *n_ops, GError **error)
{
  g_autoptr (XhWorkDraft) draft = xh_work_draft_new (store, error);

  if (draft == NULL)
    return FALSE;
  *n_ops = draft->ops->len;
  return xh_work_draft_save (draft, desk, path, error);
}

/* --- reading */

static gboolean
take (JsonObject *object, const char *name, char **text)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING
      || strlen (json_node_get_string (node)) > LONGEST_NAME)
    return FALSE;
  *text = json_node_dup_string (node);
  return TRUE;
}

static gboolean
take_hashes (XhWorkFile *self, JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "parts");
  JsonArray *parts = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++)
    {
      JsonNode *hash = json_array_get_element (parts, i);

      if (!JSON_NODE_HOLDS_VALUE (hash) || json_node_get_value_type (hash) != G_TYPE_STRING)
        return FALSE;
      g_ptr_array_add (self->hashes, json_node_dup_string (hash));
    }
  return parts != NULL;
}

static gint64
read_number (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : -1;
}

static gboolean
read_head (XhWorkFile *self, GError **error)
{
  g_autoptr (JsonNode) node = xh_wire_parse (self->head, strlen (self->head), NULL);
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const gint64 format = read_number (object, "xinheng-work"), n_ops = read_number (object, "ops");

  if (format == 1)
    return refuse (error, _("an older version of the program saved it, without a signature that says who made it. Your colleague signs in there once with a"
                            " connection and the present version, then saves it again"));
  if (format > FORMAT)
    return refuse (error, _("a newer version of the program saved it. Install that version here first"));
  if (format != FORMAT || n_ops < 0 || n_ops > G_MAXINT32 || !take (object, "login", &self->login) || !take (object, "name", &self->name)
      || !take (object, "device", &self->device) || !take (object, "server", &self->server) || !take (object, "made", &self->made)
      || !take (object, "key", &self->key) || !take_hashes (self, object))
    return refuse (error, _("it is none"));
  self->n_ops = (guint) n_ops;
  return TRUE;
}

static gboolean
verify_head (XhWorkFile *self, GError **error)
{
  g_autofree char *text = g_strconcat (PURPOSE, self->head, NULL);

  return xh_signer_verify (self->key, self->signature, text, strlen (text))
         || refuse (error, _("it is damaged, or was altered after it had been signed"));
}

static XhWorkFile *
new_file (char *head, char *signature)
{
  XhWorkFile *self = g_new0 (XhWorkFile, 1);

  self->head = head;
  self->signature = signature;
  self->hashes = g_ptr_array_new_with_free_func (g_free);
  self->lines = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->id = g_compute_checksum_for_string (G_CHECKSUM_SHA256, head, -1);
  return self;
}

XhWorkFile *
xh_work_head_read (const char *head, const char *signature, GError **error)
{
  g_autoptr (XhWorkFile) self = new_file (g_strdup (head), g_strdup (signature));

  if (strlen (head) > XH_WORK_MAX_HEAD)
    return (void) refuse (error, _("it is too large")), NULL;
  return read_head (self, error) && verify_head (self, error) ? g_steal_pointer (&self) : NULL;
}

GPtrArray *
xh_work_part_read (const XhWorkFile *self, guint part, const char *text, gsize length, GError **error)
{
  g_autofree char *hash = NULL, *device = NULL;
  g_autoptr (GPtrArray) ops = NULL;

  if (length > LONGEST_PART)
    return (void) refuse (error, _("it is too large")), NULL;
  hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
  if (part >= self->hashes->len || strcmp (hash, g_ptr_array_index (self->hashes, part)) != 0)
    return (void) refuse (error, _("it is damaged, or was altered after it had been signed")), NULL;
  ops = xh_wire_read_push (text, length, &device, NULL);
  if (ops == NULL)
    return (void) refuse (error, _("it is none")), NULL;
  if (g_strcmp0 (device, self->device) != 0)
    return (void) refuse (error, _("it is of several computers")), NULL;
  return g_steal_pointer (&ops);
}

/* (transfer full) (nullable) the line that begins at @from, which moves behind it */
static char *
read_line (const char *text, gsize length, gsize *from)
{
  const char *start = text + *from, *end = *from < length ? memchr (start, '\n', MIN (length - *from, XH_WORK_MAX_HEAD + 1)) : NULL;

  if (end == NULL)
    return NULL;
  *from = (gsize) (end - text) + 1;
  return g_strndup (start, (gsize) (end - start));
}

static gboolean
read_parts (XhWorkFile *self, const char *text, gsize length, gsize from, GError **error)
{
  guint n_ops = 0;

  for (guint i = 0; i < self->hashes->len; i++)
    {
      const char *start = text + from, *end = from < length ? memchr (start, '\n', length - from) : NULL;
      g_autoptr (GPtrArray) ops = NULL;

      if (end == NULL)
        return refuse (error, _("its end is missing: copy it again"));
      g_array_append_val (self->lines, from);
      ops = xh_work_part_read (self, i, start, (gsize) (end - start), error);
      if (ops == NULL)
        return FALSE;
      n_ops += ops->len;
      from = (gsize) (end - text) + 1;
    }
  g_array_append_val (self->lines, from);
  return (from == length && n_ops == self->n_ops) || refuse (error, _("it is damaged, or was altered after it had been signed"));
}

/* Not mapped: a stick may be pulled out in the middle. */
static GBytes *
read_bytes (const char *path, GError **error)
{
  GStatBuf status;
  char *text;
  gsize length;

  if (g_stat (path, &status) != 0)
    status = (GStatBuf) { .st_mode = S_IFREG }; /* reading says why */
  if (!S_ISREG (status.st_mode))
    return (void) refuse (error, _("it is none")), NULL;
  if (status.st_size > (goffset) LARGEST)
    return (void) refuse (error, _("it is too large")), NULL;
  return g_file_get_contents (path, &text, &length, error) ? g_bytes_new_take (text, length) : NULL;
}

XhWorkFile *
xh_work_file_read (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = read_bytes (path, error);
  g_autoptr (XhWorkFile) self = NULL;
  g_autofree char *head = NULL, *signature = NULL;
  const char *text;
  gsize length, from = 0;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &length);
  head = text != NULL ? read_line (text, length, &from) : NULL;
  if (head == NULL)
    return (void) refuse (error, _("it is none")), NULL;
  signature = read_line (text, length, &from);
  self = new_file (g_steal_pointer (&head), signature != NULL ? g_steal_pointer (&signature) : g_strdup (""));
  self->bytes = g_bytes_ref (bytes);
  if (!read_head (self, error))
    return NULL;
  if (*self->signature == '\0')
    return (void) refuse (error, _("its end is missing: copy it again")), NULL;
  return verify_head (self, error) && read_parts (self, text, length, from, error) ? g_steal_pointer (&self) : NULL;
}

GBytes *
xh_work_file_get_part (const XhWorkFile *self, guint part)
{
  const gsize from = g_array_index (self->lines, gsize, part), end = g_array_index (self->lines, gsize, part + 1) - 1;

  return g_bytes_new_from_bytes (self->bytes, from, end - from);
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
  g_free (self->key);
  g_free (self->id);
  g_free (self->head);
  g_free (self->signature);
  g_ptr_array_unref (self->hashes);
  g_array_unref (self->lines);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}
