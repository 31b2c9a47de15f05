/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The wire format of /v1/changes, both directions, for both sides. docs/sync.md and data/openapi.json describe it.
 *
 * push   {"device": "...", "ops": [{"op","kind","record","base","set":{...}}]}
 * answer {"answers": [{"op","status":"applied|merged|conflict|rejected|held","version", ["row"], ["fields"],["issues"],["who","when","device"]}]}
 * pull   {"kinds":[{"kind":"household","columns":["id","version","state",...],"rows":[[...],...]}],
 *         "leaves":["id",...], "next": 1234, "more": true, "head": 2000} */
#pragma once

#include "store/xh-store.h"

G_BEGIN_DECLS

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
} XhSyncError;

typedef enum { XH_ANSWER_APPLIED, XH_ANSWER_MERGED, XH_ANSWER_CONFLICT, XH_ANSWER_REJECTED, XH_ANSWER_HELD } XhAnswerStatus;

typedef struct
{
  char *op_id; /* (owned) */
  XhAnswerStatus status;
  gint64 version;
  JsonObject *body; /* (owned) the whole answer */
} XhAnswer;

char      *xh_wire_write_push   (GPtrArray *ops, const char *device, gsize *length);
GPtrArray *xh_wire_read_push    (const char *json, gsize length, char **device, GError **error); /* (transfer full) of XhOp */
GPtrArray *xh_wire_read_answers (const char *json, gsize length, GError **error); /* (transfer full) of XhAnswer */
/* Columns of a kind on the wire: spine first (id, version, state, division, unit, deleted, created_at, updated_at, updated_by, kind_version), then the
 * fields the role may read. */
GPtrArray *xh_wire_columns      (const XhKind *kind, const char *role); /* (transfer full) of char* */
/* Applies one page to a client store in one transaction and sets its cursor. @n_rows: (out). */
gboolean   xh_wire_apply_page   (XhStore *store, const char *json, gsize length, gboolean *more, guint *n_rows, GError **error);
void       xh_answer_free       (XhAnswer *answer);

G_END_DECLS
