/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "xh-files.h"

G_BEGIN_DECLS

#define XH_FILES_CHUNK (256 << 10)
#define XH_FILES_TRIES 4 /* in a row without a byte more, before a transfer gives up */

struct _XhFiles
{
  gatomicrefcount count;
  char *folder;   /* (owned) */
  guint piece;    /* bytes of the next piece that is sent: the sender's thread only */
};

/* A path in one of the folders, which is made. */
char     *xh_files_place  (XhFiles *self, const char *folder, const char *name);
/* Reads a file to its end. Returns: (transfer full) (nullable): its SHA-256 */
char     *xh_files_digest (const char *path, GCancellable *c, GError **error);
/* Held while a file of the person's gets its mark and its place, and while one is removed because it has no mark. */
void      xh_files_lock   (void);
void      xh_files_unlock (void);
GPtrArray *xh_files_list  (XhFiles *self, const char *folder); /* (transfer full) (element-type utf8) names; the folder need not be there */
/* Whether a broken line is worth another try. @tries: counted; @moved: something got through since the last */
gboolean  xh_files_again  (GError **fault, gboolean moved, guint *tries);

G_END_DECLS
