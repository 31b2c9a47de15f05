/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A whole store that came as a file takes the place of what stands in a client's store, whose own work stays. */
#pragma once

#include "xh-store.h"

G_BEGIN_DECLS

XhStore *xh_store_stage        (XhStore *self, const char *path, gboolean thorough, GError **error);
gboolean xh_store_adopt_staged (XhStore *self, XhStore *staged, GHashTable *meta, const char *condition, GCancellable *cancellable,
                                GError **error);
gboolean xh_store_checkpoint_log (XhStore *self, GError **error);
gboolean xh_store_checkpoint   (XhStore *self, GError **error);

G_END_DECLS
