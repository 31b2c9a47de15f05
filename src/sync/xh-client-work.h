/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Brings a colleague's unsent work to the server, part by part. Synchronous, errors as those of XhClient; who may not: XH_SYNC_ERROR_FORBIDDEN. */
#pragma once

#include "xh-work-file.h"

G_BEGIN_DECLS

/* What the server says of a file before anything is done. */
typedef struct
{
  char *name;    /* (owned) of the author, as the server calls that account; what the file says where it is not known to be theirs */
  char *reason;  /* (owned) (nullable) why it may not be brought in: the signature is not the author's, or … */
  char *brought; /* (owned) (nullable) who brought it before, last: a name */
  char *brought_time; /* (owned) (nullable) UTC */
  gboolean brought_whole; /* to its end */
} XhWorkVerdict;

/* What became of one change. */
typedef struct
{
  char *kind, *record; /* (owned) */
  XhAnswerStatus status;
  char *message; /* (owned) (nullable) why it was refused, in the server's words, as far as who brings it may know */
} XhWorkResult;

XhWorkVerdict *xh_client_work_ask  (XhClient *self, const XhWorkFile *file, GCancellable *c, GError **error);
/* (transfer full) (element-type XhWorkResult): parts in their order; harmless when repeated. */
GPtrArray     *xh_client_work_send (XhClient *self, const XhWorkFile *file, guint part, GCancellable *c, GError **error);
void           xh_work_verdict_free (XhWorkVerdict *verdict);
void           xh_work_result_free (XhWorkResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhWorkVerdict, xh_work_verdict_free)

G_END_DECLS
