/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "xh-session.h"

G_BEGIN_DECLS

struct _XhSession
{
  GObject parent_instance;

  char *data_folder; /* (owned) */
  XhDesk *desk;      /* (owned) */
  XhStore *store;    /* (owned) read-only, main thread */
  XhWorker *reader;  /* (owned) */
  XhWorker *writer;  /* (owned) */
  XhEngine *engine;  /* (owned) */
  GListStore *log;   /* (owned) of XhLogEntry, newest first */
  guint unsent;
  guint tray;
};

/* For a session that nobody closed and that goes now: what it holds ends in a thread. */
void xh_session_abandon (XhSession *self);

G_END_DECLS
