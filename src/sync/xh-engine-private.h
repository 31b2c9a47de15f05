/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The engine's two sides: the owner's (xh-engine.c) and the thread's (xh-engine-thread.c). Between them stand the machine and the view. */
#pragma once

#include "xh-engine-machine.h"
#include "xh-engine-view.h"
#include "xh-live.h"

G_BEGIN_DECLS

struct _XhEngine
{
  GObject parent_instance;

  XhDesk *desk;              /* (not owned) */
  GMainContext *context;     /* (owned) the owner's */
  GThread *thread;           /* (owned) (nullable) */
  gulong network_handler;
  XhEngineView shown;        /* the owner's thread only */

  GMutex mutex;              /* guards what follows */
  GCond wake;                /* the thread has something to do */
  GCond over;                /* the thread has ended */
  GCancellable *cancellable; /* (owned) (nullable) of the thread that runs */
  XhMachine machine;
  gboolean running;          /* the thread has not ended */
  gboolean wished;           /* somebody wants it now: also what was put off */
  gboolean round, count;     /* the machine asks for it */
  gint64 due;                /* monotonic time of the timer; -1: none */
  XhLive *live;              /* (owned by the thread) (nullable) */
  char *token;               /* (owned) (nullable) new, for the thread to take */
  char *session;             /* (owned) (nullable) the token in use */
  XhEngineView view;
  GHashTable *kinds;         /* (owned) changed and not yet told */
  GSource *source;           /* (owned) (nullable) will tell */
};

/* Any thread, without the mutex. */
void     xh_engine_post      (XhEngine *self, XhMachineEvent event);
/* With the mutex held: the machine takes the event, and what it asks for is done or left to the thread. */
void     xh_engine_take      (XhEngine *self, XhMachineEvent event);
void     xh_engine_do        (XhEngine *self, XhMachineActions actions);
/* With the mutex held. One idle source tells of everything that has changed until it runs; nothing once it is stopped. */
void     xh_engine_plan_show (XhEngine *self);
gpointer xh_engine_run_thread (gpointer self);

G_END_DECLS
