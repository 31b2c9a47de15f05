/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a field of type files holds: `[{"hash", "name", "size", "type"}]`, canonical JSON. The content lies elsewhere, named by its
 * SHA-256. Which types of file there are stands here, with the bytes they begin with: server and client judge by the same table. */
#pragma once

#include "xh-kind.h"

G_BEGIN_DECLS

#define XH_ATTACHMENTS_MAX 200         /* entries in one field */
#define XH_ATTACHMENT_NAME_MAX 120     /* characters */
#define XH_ATTACHMENT_MEGABYTES 200    /* of one file, where the catalog's limits say nothing ("file_megabytes") */
#define XH_ATTACHMENT_SNIFF 4096       /* bytes that tell the type */
#define XH_HASH_LENGTH 64              /* of a SHA-256 in small hexadecimal digits */

typedef struct
{
  char *hash; /* (owned) */
  char *name; /* (owned) as the person's file was called; no folder */
  char *type; /* (owned) one of the media types of xh_attachment_find_type() */
  gint64 size;
} XhAttachment;

/**
 * xh_attachments_read:
 * @value: of a field of type files
 *
 * Returns: (transfer full) (element-type XhAttachment): what it lists; what is none is left out
 */
GPtrArray    *xh_attachments_read  (const XhValue *value);
/* Of the text of such a value, (nullable). */
GPtrArray    *xh_attachments_parse (const char *text);
void          xh_attachments_write (GPtrArray *attachments, XhValue *value);
/* -1: not there */
int           xh_attachments_find  (GPtrArray *attachments, const char *hash);
XhAttachment *xh_attachment_copy   (const XhAttachment *self);
void          xh_attachment_free   (XhAttachment *self);

/* Small hexadecimal digits, XH_HASH_LENGTH of them. @hash: (nullable) */
gboolean      xh_hash_is_valid     (const char *hash);

/**
 * xh_attachment_find_type:
 * @bytes: the first XH_ATTACHMENT_SNIFF bytes of the file, or all of a shorter one
 * @name: (nullable): decides among types that begin alike (the packages of office programs)
 *
 * Returns: (transfer none) (nullable): the media type; %NULL: none that is taken
 */
const char   *xh_attachment_find_type    (const guint8 *bytes, gsize length, const char *name);
/* Whether a file that begins like this may be of @type. */
gboolean      xh_attachment_type_fits    (const char *type, const guint8 *bytes, gsize length);
gboolean      xh_attachment_type_is_known (const char *type);
/* (transfer none) (nullable): the same name for as long as the program runs */
const char   *xh_attachment_intern_type  (const char *type);
/* Whether a file of one type begins like one of the other, so that only its name tells them apart. */
gboolean      xh_attachment_types_alike  (const char *a, const char *b);
/* Whether a file that is called so would be taken for one of @type. */
gboolean      xh_attachment_name_fits    (const char *type, const char *name);
gboolean      xh_attachment_is_picture   (const char *type); /* one that the window shows by itself */
/* (transfer none) with the dot */
const char   *xh_attachment_get_extension (const char *type);
/* (transfer full): without folders, control characters and what no file system takes; never empty, at most XH_ATTACHMENT_NAME_MAX characters */
char         *xh_attachment_clean_name   (const char *name, const char *type);
/* Bytes that one file may have by the catalog's limit "file_megabytes". */
gint64        xh_attachment_max_size     (XhCatalog *catalog);

/**
 * xh_attachments_normalise:
 * @error: XH_MODEL_ERROR_VALUE with what is wrong in words
 *
 * Returns: (transfer full): the canonical text, %NULL with an error; "[]" is for the caller to take as empty
 */
char         *xh_attachments_normalise   (const char *text, XhCatalog *catalog, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhAttachment, xh_attachment_free)

G_END_DECLS
