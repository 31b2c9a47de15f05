/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-attachment.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-catalog.h"
#include "xh-json.h"

#define MAX_SIZE G_GINT64_CONSTANT (0x10000000000) /* a terabyte: beyond it nobody means it */

/* What is taken, and how it begins. Pictures, scans, sheets, texts, packages: no programs and nothing that a program runs when it is
 * opened (HTML, SVG, scripts). Types of one beginning are told apart by the name; the first of them is for any other name. */
typedef struct
{
  const char *type, *extension;
  const char *also;   /* (nullable) another extension */
  guint offset;
  const char *magic;  /* (nullable) NULL: text */
  gsize length;
  gboolean picture;
} FileType;

#define ZIP "PK\x03\x04"
#define OLE "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

static const FileType types[] = {
  { "image/jpeg", ".jpg", ".jpeg", 0, "\xFF\xD8\xFF", 3, TRUE },
  { "image/png", ".png", NULL, 0, "\x89PNG\r\n\x1A\n", 8, TRUE },
  { "image/gif", ".gif", NULL, 0, "GIF8", 4, TRUE },
  { "image/webp", ".webp", NULL, 8, "WEBP", 4, FALSE },
  { "image/tiff", ".tif", ".tiff", 0, "II*\0", 4, TRUE },
  { "image/tiff", ".tif", ".tiff", 0, "MM\0*", 4, TRUE },
  { "image/bmp", ".bmp", NULL, 0, "BM", 2, TRUE },
  { "video/mp4", ".mp4", ".m4v", 4, "ftyp", 4, FALSE },
  { "image/heic", ".heic", ".heif", 4, "ftyp", 4, FALSE },
  { "video/quicktime", ".mov", NULL, 4, "ftyp", 4, FALSE },
  { "application/pdf", ".pdf", NULL, 0, "%PDF-", 5, FALSE },
  { "application/zip", ".zip", NULL, 0, ZIP, 4, FALSE },
  { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", ".et", 0, ZIP, 4, FALSE },
  { "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", ".wps", 0, ZIP, 4, FALSE },
  { "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx", ".dps", 0, ZIP, 4, FALSE },
  { "application/ofd", ".ofd", NULL, 0, ZIP, 4, FALSE },
  { "application/vnd.ms-excel", ".xls", NULL, 0, OLE, 8, FALSE },
  { "application/msword", ".doc", NULL, 0, OLE, 8, FALSE },
  { "application/vnd.ms-powerpoint", ".ppt", NULL, 0, OLE, 8, FALSE },
  { "text/plain", ".txt", NULL, 0, NULL, 0, FALSE },
  { "text/csv", ".csv", NULL, 0, NULL, 0, FALSE },
};

/* Text has no NUL and is not what a browser or a shell would run. Its encoding may be an old one. */
static gboolean
is_text (const guint8 *bytes, gsize length)
{
  gsize i = 0;

  if (length == 0 || memchr (bytes, 0, length) != NULL)
    return FALSE;
  while (i < length && (g_ascii_isspace (bytes[i]) || bytes[i] == 0xEF || bytes[i] == 0xBB || bytes[i] == 0xBF))
    i++;
  return i < length && bytes[i] != '<' && !(length - i >= 2 && bytes[i] == '#' && bytes[i + 1] == '!');
}

static gboolean
begins (const FileType *type, const guint8 *bytes, gsize length)
{
  if (type->magic == NULL)
    return is_text (bytes, length);
  return length >= type->offset + type->length && memcmp (bytes + type->offset, type->magic, type->length) == 0;
}

static gboolean
is_called (const FileType *type, const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_str_has_suffix (lower, type->extension) || (type->also != NULL && g_str_has_suffix (lower, type->also));
}

static const FileType *
find_type (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].type, name) == 0)
      return &types[i];
  return NULL;
}

const char *
xh_attachment_find_type (const guint8 *bytes, gsize length, const char *name)
{
  const FileType *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (!begins (&types[i], bytes, length))
        continue;
      if (name == NULL || is_called (&types[i], name))
        return types[i].type;
      /* Text is only what is called so: any bytes without a NUL would be. */
      if (first == NULL && types[i].magic != NULL)
        first = &types[i];
    }
  /* The old container holds what its name says, or nobody knows what. */
  return first != NULL && memcmp (first->magic, OLE, MIN (first->length, 4)) != 0 ? first->type : NULL;
}

gboolean
xh_attachment_type_fits (const char *type, const guint8 *bytes, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].type, type) == 0 && begins (&types[i], bytes, length))
      return TRUE;
  return FALSE;
}

gboolean
xh_attachment_type_is_known (const char *type)
{
  return find_type (type) != NULL;
}

gboolean
xh_attachment_name_fits (const char *type, const char *name)
{
  const FileType *found = find_type (type);

  return found != NULL && is_called (found, name);
}

const char *
xh_attachment_intern_type (const char *type)
{
  const FileType *found = find_type (type);

  return found != NULL ? found->type : NULL;
}

gboolean
xh_attachment_types_alike (const char *a, const char *b)
{
  const FileType *one = find_type (a), *other = find_type (b);

  if (one == NULL || other == NULL)
    return FALSE;
  return one == other || (one->offset == other->offset && one->length == other->length
                          && (one->magic == other->magic || memcmp (one->magic, other->magic, one->length) == 0));
}

gboolean
xh_attachment_is_picture (const char *type)
{
  const FileType *found = find_type (type);

  return found != NULL && found->picture;
}

const char *
xh_attachment_get_extension (const char *type)
{
  const FileType *found = find_type (type);

  return found != NULL ? found->extension : "";
}

gboolean
xh_hash_is_valid (const char *hash)
{
  gsize i = 0;

  while (hash != NULL && i <= XH_HASH_LENGTH && (g_ascii_isdigit (hash[i]) || (hash[i] >= 'a' && hash[i] <= 'f')))
    i++;
  return i == XH_HASH_LENGTH && hash[i] == '\0';
}

static gboolean
is_bad_in_name (gunichar c)
{
  const GUnicodeType type = g_unichar_type (c);

  /* Marks that turn the direction of writing make "gpj.exe" look like a picture. */
  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR
         || (c < 128 && strchr ("/\\:*?\"<>|", (int) c) != NULL);
}

static gboolean
is_clean_name (const char *name)
{
  if (*name == '\0' || *name == '.' || g_utf8_strlen (name, -1) > XH_ATTACHMENT_NAME_MAX)
    return FALSE;
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (is_bad_in_name (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

char *
xh_attachment_clean_name (const char *name, const char *type)
{
  g_autofree char *valid = g_utf8_make_valid (name != NULL ? name : "", -1);
  const char *slash = strrchr (valid, '/');
  GString *clean = g_string_new (NULL);
  const char *extension = xh_attachment_get_extension (type);
  const glong room = XH_ATTACHMENT_NAME_MAX - (glong) strlen (extension);

  for (const char *p = slash != NULL ? slash + 1 : valid; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_bad_in_name (g_utf8_get_char (p)) && (clean->len > 0 || *p != '.'))
      g_string_append_unichar (clean, g_utf8_get_char (p));
  if (clean->len == 0)
    g_string_append (clean, _("File"));
  if (g_utf8_strlen (clean->str, -1) > XH_ATTACHMENT_NAME_MAX)
    {
      g_string_truncate (clean, (gsize) (g_utf8_offset_to_pointer (clean->str, room) - clean->str));
      g_string_append (clean, extension);
    }
  return g_string_free (clean, FALSE);
}

gint64
xh_attachment_max_size (XhCatalog *catalog)
{
  return MIN (xh_catalog_get_limit (catalog, "file_megabytes", XH_ATTACHMENT_MEGABYTES), MAX_SIZE >> 20) << 20;
}

/* --- the value */

void
xh_attachment_free (XhAttachment *self)
{
  if (self == NULL)
    return;
  g_free (self->hash);
  g_free (self->name);
  g_free (self->type);
  g_free (self);
}

XhAttachment *
xh_attachment_copy (const XhAttachment *self)
{
  XhAttachment *copy = g_new (XhAttachment, 1);

  *copy = (XhAttachment) { g_strdup (self->hash), g_strdup (self->name), g_strdup (self->type), self->size };
  return copy;
}

static gboolean
read_size (JsonObject *object, gint64 *size)
{
  JsonNode *node = json_object_get_member (object, "size");

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *size = json_node_get_int (node);
  return *size > 0 && *size <= MAX_SIZE;
}

/* (nullable): NULL: no attachment */
static XhAttachment *
read_one (JsonNode *node)
{
  g_autoptr (XhAttachment) one = NULL;
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (object == NULL || json_object_get_size (object) != 4)
    return NULL;
  one = g_new0 (XhAttachment, 1);
  one->hash = g_strdup (xh_json_member_text (object, "hash"));
  one->name = g_strdup (xh_json_member_text (object, "name"));
  one->type = g_strdup (xh_json_member_text (object, "type"));
  if (one->name == NULL || !xh_hash_is_valid (one->hash) || one->type == NULL || !read_size (object, &one->size))
    return NULL;
  return g_steal_pointer (&one);
}

GPtrArray *
xh_attachments_parse (const char *text)
{
  GPtrArray *result = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_attachment_free);
  g_autoptr (JsonNode) node = text != NULL ? xh_json_parse (text, -1, NULL) : NULL;
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      XhAttachment *one = read_one (json_array_get_element (array, i));

      if (one != NULL)
        g_ptr_array_add (result, one);
    }
  return result;
}

GPtrArray *
xh_attachments_read (const XhValue *value)
{
  return xh_attachments_parse (xh_value_as_text (value));
}

static char *
write_text (GPtrArray *attachments)
{
  GString *json = g_string_new ("[");

  /* In the order of canonical JSON. */
  for (guint i = 0; i < attachments->len; i++)
    {
      const XhAttachment *one = g_ptr_array_index (attachments, i);

      g_string_append_printf (json, "%s{\"hash\":\"%s\",\"name\":", i > 0 ? "," : "", one->hash);
      xh_json_append_text (json, one->name, -1);
      g_string_append_printf (json, ",\"size\":%" G_GINT64_FORMAT ",\"type\":", one->size);
      xh_json_append_text (json, one->type, -1);
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

void
xh_attachments_write (GPtrArray *attachments, XhValue *value)
{
  if (attachments->len == 0)
    xh_value_set_null (value);
  else
    xh_value_take_text (value, write_text (attachments));
}

int
xh_attachments_find (GPtrArray *attachments, const char *hash)
{
  for (guint i = 0; i < attachments->len; i++)
    if (strcmp (((const XhAttachment *) g_ptr_array_index (attachments, i))->hash, hash) == 0)
      return (int) i;
  return -1;
}

static gboolean
refuse (GError **error, char *message)
{
  g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, message);
  g_free (message);
  return FALSE;
}

static gboolean
check_one (const XhAttachment *one, GPtrArray *before, gint64 max_size, GError **error)
{
  g_autofree char *limit = NULL;

  if (!is_clean_name (one->name))
    return refuse (error, g_strdup (_("A file's name is empty, too long or holds characters that no name may have.")));
  if (!xh_attachment_type_is_known (one->type))
    return refuse (error, g_strdup_printf (_("“%s” is of a type that is not taken (%s)."), one->name, one->type));
  if (xh_attachments_find (before, one->hash) >= 0)
    return refuse (error, g_strdup_printf (_("“%s” is there twice."), one->name));
  if (one->size <= max_size)
    return TRUE;
  limit = g_format_size (max_size);
  return refuse (error, g_strdup_printf (_("“%s” is too large: at most %s."), one->name, limit));
}

char *
xh_attachments_normalise (const char *text, XhCatalog *catalog, GError **error)
{
  g_autoptr (JsonNode) node = xh_json_parse (text, -1, NULL);
  g_autoptr (GPtrArray) result = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_attachment_free);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return (void) refuse (error, g_strdup (_("This must be a list of files."))), NULL;
  array = json_node_get_array (node);
  if (json_array_get_length (array) > XH_ATTACHMENTS_MAX)
    return (void) refuse (error, g_strdup_printf (_("At most %u files."), XH_ATTACHMENTS_MAX)), NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      XhAttachment *one = read_one (json_array_get_element (array, i));

      if (one == NULL)
        return (void) refuse (error, g_strdup (_("This must be a list of files."))), NULL;
      if (!check_one (one, result, xh_attachment_max_size (catalog), error))
        {
          xh_attachment_free (one);
          return NULL;
        }
      g_ptr_array_add (result, one);
    }
  return write_text (result);
}
