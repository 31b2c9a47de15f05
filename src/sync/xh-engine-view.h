/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the owner of an engine sees. The thread keeps one, the owner shows another; an idle source brings them together. */
#pragma once

#include "xh-engine.h"

G_BEGIN_DECLS

typedef struct
{
  XhEngineState state;
  char *message, *last_contact; /* (owned) (nullable) */
  guint pending, tray, received, total;
  gboolean catalog_changed, live;
  gint64 clock_difference; /* seconds that the server's clock is ahead of ours */
} XhEngineView;

void     xh_engine_view_clear (XhEngineView *view);
void     xh_engine_view_copy  (const XhEngineView *source, XhEngineView *target);

void     xh_engine_view_install      (GObjectClass *class);
void     xh_engine_view_get_property (const XhEngineView *view, GObject *object, guint id, GValue *value, GParamSpec *pspec);
/* Notifies of what the two do not have in common. */
void     xh_engine_view_notify       (GObject *object, const XhEngineView *old, const XhEngineView *new);

G_END_DECLS
