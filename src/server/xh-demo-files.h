/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures for the demo county: drawn, and marked as such on their face. */
#pragma once

#include "xh-blobs.h"

G_BEGIN_DECLS

typedef struct _XhDemoFiles XhDemoFiles;

/* Draws the pictures into the data folder and notes them. In a transaction of @backend. */
XhDemoFiles *xh_demo_files_new  (XhBackend *backend, const char *data, GError **error);
/* (transfer full): one of them as the value of a field */
char        *xh_demo_files_paper (XhDemoFiles *self);
/* Gives a few records of each kind a picture in their first field for files. */
void         xh_demo_files_fill (XhDemoFiles *self, XhRecord *record);
void         xh_demo_files_free (XhDemoFiles *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhDemoFiles, xh_demo_files_free)

G_END_DECLS
