/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of this room share about values and texts on the wire. */
#pragma once

#include "model/xh-json-reader.h"
#include "xh-wire.h"

G_BEGIN_DECLS

/* Spine names that an edit may set, besides the fields of its kind. */
#define XH_WIRE_STATE "state"
#define XH_WIRE_DELETED "deleted"

/* The columns that every kind has, first in each row. */
#define XH_WIRE_N_SPINE 10
extern const char *const xh_wire_spine[XH_WIRE_N_SPINE];

/* What one page held. */
typedef struct
{
  gint64 next, head;  /* cursor behind the page; the ledger's last number */
  gboolean more;
  gboolean newer;     /* it failed at a kind or column that this catalog does not have */
  const char *mark;   /* (not owned) (nullable) set before: what to keep as the mark with the page's cursor */
  gint64 since;       /* set before: the cursor that it was asked with */
  gboolean loose;     /* set before: rows that were asked for by their ids; the cursor stays */
  gboolean moved;     /* the store's cursor is another by now: nothing was read, and it is to be asked for again */
  guint n_rows;       /* rows and leaves */
  GHashTable *kinds;  /* (owned) set of names of the kinds that have changed (utf8, owned) */
} XhPage;

void      xh_page_clear         (XhPage *page);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhPage, xh_page_clear)
/* xh_wire_apply_page() that says more; @page must be zero but for what is set before. The last page ends what XH_META_WHOLE says. */
gboolean  xh_wire_read_page     (XhStore *store, const char *json, gsize length, XhPage *page, GError **error);

/* Keeps what is known of the server's ledger, unless more is known. @mark: (nullable) */
gboolean  xh_wire_keep_mark     (XhStore *store, const char *mark, GError **error);

/* Sets a spine column (its place in xh_wire_spine) or a field. FALSE: the value is none for it. */
gboolean  xh_wire_set_spine     (XhRecord *record, guint column, const XhJsonValue *value);
gboolean  xh_wire_set_field     (XhRecord *record, const XhField *field, const XhJsonValue *value);

/* Reads a value for @name (a field, or state or deleted) and makes it the type that the column stores. Errors:
 * XH_SYNC_ERROR_PROTOCOL no such name, or a value of another type. */
gboolean  xh_wire_read_value    (const XhKind *kind, const char *name, JsonNode *node, XhValue *value, GError **error);
/* Likewise for a value that is already read. */
gboolean  xh_wire_convert_value (const XhField *field, XhValue *value);
/* XH_SYNC_ERROR_PROTOCOL in words for a person; always FALSE */
gboolean  xh_sync_fail_field    (const XhKind *kind, const char *name, GError **error);
/* xh_json_parse() with an error of this room. */
JsonNode *xh_wire_parse         (const char *json, gsize length, GError **error);
/* Parses text that must be an array of objects, each with its own string "_id"; %NULL: it is something else. */
JsonArray *xh_wire_parse_rows   (const char *json);

G_END_DECLS
