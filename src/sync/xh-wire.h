/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The wire format of /v1/changes, both directions, for both sides. docs/sync.md and data/openapi.json describe it.
 *
 * push   {"device": "...", "ops": [{"op","kind","record","base","at","set":{...}}]}
 * answer {"answers": [{"op","status":"applied|merged|conflict|rejected|held","version",["row"],["fields"],["issues"],["who","when","device"]}]}
 * pull   {"kinds":[{"kind":"household","columns":["id","version","state",...],"rows":[[...],...]}],
 *         "leaves":["id",...], "next": 1234, "more": true, "head": 2000}
 *
 * A value is null, a number or a string; tables and several choices are strings that hold JSON, as they are stored. */
#pragma once

#include "store/xh-store.h"

G_BEGIN_DECLS

#define XH_SYSTEM_LOGIN "system" /* of the server itself in the ledger; nobody signs in as it */

#define XH_SYNC_ERROR (xh_sync_error_quark ())
GQuark xh_sync_error_quark (void);

typedef enum
{
  XH_SYNC_ERROR_OFFLINE,  /* no contact: work goes on, it will be tried again */
  XH_SYNC_ERROR_SIGN_IN,  /* the session has ended or the password is wrong */
  XH_SYNC_ERROR_FORBIDDEN,
  XH_SYNC_ERROR_PROTOCOL, /* what came is not what the protocol says */
  XH_SYNC_ERROR_SERVER,   /* the server failed: 5xx */
  XH_SYNC_ERROR_LOCAL,    /* the local store failed */
  XH_SYNC_ERROR_REFUSED,  /* the server refuses the request itself: its own 4xx but 401 and 403, or 413 */
  XH_SYNC_ERROR_LATER,    /* the server cannot take a file now: no room, or too many under way; everything else goes on */
  XH_SYNC_ERROR_DIFFERS,  /* the server's ledger is not the one that this store was read from: nothing was changed, a person decides */
} XhSyncError;

/**
 * xh_sync_fail_disk:
 * @what: the file or folder, as the message names it
 * @code: errno
 * @error: %XH_SYNC_ERROR_LOCAL in words for a person; a full disk (or quota) says that room is to be made
 *
 * Returns: always %FALSE
 */
gboolean xh_sync_fail_disk (const char *what, int code, GError **error);

typedef enum { XH_ANSWER_APPLIED, XH_ANSWER_MERGED, XH_ANSWER_CONFLICT, XH_ANSWER_REJECTED, XH_ANSWER_HELD } XhAnswerStatus;
const char *xh_answer_status_name (XhAnswerStatus status);
gboolean    xh_answer_status_read (const char *name, XhAnswerStatus *status); /* @name: (nullable). FALSE: it is none */

typedef struct
{
  char *op_id; /* (owned) */
  XhAnswerStatus status;
  gint64 version;
  JsonObject *body; /* (owned) the whole answer */
} XhAnswer;

/* At most so many ops in one push; a client sends more in several. */
#define XH_WIRE_MAX_OPS 500

char      *xh_wire_write_push   (GPtrArray *ops, const char *device, gsize *length);
GPtrArray *xh_wire_read_push    (const char *json, gsize length, char **device, GError **error); /* (transfer full) of XhOp */
char      *xh_wire_write_answers (GPtrArray *answers, gsize *length); /* of XhAnswer; the members of body are kept */
GPtrArray *xh_wire_read_answers (const char *json, gsize length, GError **error); /* (transfer full) of XhAnswer */
XhAnswer  *xh_answer_new        (const char *op_id, XhAnswerStatus status, gint64 version); /* body is an empty object */
void       xh_answer_free       (XhAnswer *answer);
/* One record as an object by column, for an answer's "row", and back. */
JsonObject *xh_wire_write_row   (const XhRecord *record, GPtrArray *columns);
XhRecord  *xh_wire_read_row     (const XhKind *kind, JsonObject *row, GError **error);
/* Columns of a kind on the wire: spine first (id, version, state, division, unit, deleted, created_at, updated_at, updated_by, kind_version), then the
 * fields the role may read. */
GPtrArray *xh_wire_columns      (const XhKind *kind, const char *role); /* (transfer full) of char* */
/* Applies one page to a client store in one transaction and sets its cursor. @n_rows: (out). */
gboolean   xh_wire_apply_page   (XhStore *store, const char *json, gsize length, gboolean *more, guint *n_rows, GError **error);
#define XH_META_CURSOR "cursor" /* the number of the ledger that the next pull starts from */
gint64     xh_wire_get_cursor   (XhStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhAnswer, xh_answer_free)

G_END_DECLS
