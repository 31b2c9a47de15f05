/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the client's engine does when: a table of states and events, without threads, clocks, disk or network. docs/sync.md shows the
 * same table, and a test holds the two together. */
#pragma once

#include "xh-engine.h"

G_BEGIN_DECLS

typedef enum
{
  XH_MACHINE_STOPPED,
  XH_MACHINE_SYNCING,      /* a round is under way */
  XH_MACHINE_SYNCING_MORE, /* another follows it if it ends well */
  XH_MACHINE_SYNCING_NOW,  /* another follows it however it ends */
  XH_MACHINE_SETTLED,
  XH_MACHINE_NEWS,         /* settled, and the server has told of news: the next round is a moment away */
  XH_MACHINE_OFFLINE,
  XH_MACHINE_SIGN_IN,
  XH_MACHINE_FAULT,
  XH_MACHINE_DIFFERS,
  XH_MACHINE_N_STATES
} XhMachineState;

typedef enum
{
  XH_MACHINE_START,
  XH_MACHINE_STOP,
  XH_MACHINE_WELL,         /* the round ended well */
  XH_MACHINE_NO_CONTACT,   /* the round ended: XH_SYNC_ERROR_OFFLINE */
  XH_MACHINE_REFUSED,      /* the round ended: XH_SYNC_ERROR_SIGN_IN */
  XH_MACHINE_FAILED,       /* the round ended: any other error */
  XH_MACHINE_DIFFERENT,    /* the round ended: XH_SYNC_ERROR_DIFFERS */
  XH_MACHINE_SAVED,        /* somebody saved here */
  XH_MACHINE_WISH,         /* somebody wants it now */
  XH_MACHINE_TOKEN,        /* a new session */
  XH_MACHINE_NETWORK,      /* a network appeared, or the computer woke from sleep */
  XH_MACHINE_HEARD,        /* the server told of news */
  XH_MACHINE_LIVE,         /* the line for news stands */
  XH_MACHINE_DEAF,         /* the line for news broke */
  XH_MACHINE_TIMER,        /* what was planned is due */
  XH_MACHINE_N_EVENTS
} XhMachineEvent;

typedef enum
{
  XH_MACHINE_ROUND = 1 << 0,   /* begin a round */
  XH_MACHINE_CANCEL = 1 << 1,  /* cut short the round under way */
  XH_MACHINE_COUNT = 1 << 2,   /* count what waits, and tell */
  XH_MACHINE_PLAN = 1 << 3,    /* set the timer by the state; it replaces the one before */
  XH_MACHINE_SOON = 1 << 4,    /* set the timer to a moment from now */
  XH_MACHINE_REST = 1 << 5,    /* no timer */
  XH_MACHINE_LISTEN = 1 << 6,  /* open the line for news, if it is not open with this session */
  XH_MACHINE_HANG_UP = 1 << 7, /* close the line for news */
  XH_MACHINE_RENEW = 1 << 8,   /* open it anew: the old one may be dead and not know it */
} XhMachineActions;

typedef struct
{
  XhMachineState state;
  gboolean live;  /* the line for news stands */
  guint failures; /* rounds in a row that ended without contact or with a fault */
  gint64 heard;   /* the highest ledger number that the server has told of since the round began */
  gint64 known;   /* the cursor after the last round */
} XhMachine;

/* Takes the event and says what to do for it. */
XhMachineActions xh_machine_take (XhMachine *self, XhMachineEvent event);

/* The server says that its ledger ends at @head. It may say so late, twice, out of order: what is known already changes nothing. */
XhMachineActions xh_machine_hear (XhMachine *self, gint64 head);

/* A round begins, because XH_MACHINE_ROUND asked for it, and ends so, with this cursor. News that came meanwhile is weighed then. */
void             xh_machine_begin_round (XhMachine *self);
XhMachineActions xh_machine_end_round   (XhMachine *self, XhMachineEvent event, gint64 cursor);

/**
 * xh_machine_wait:
 * @soon: what XH_MACHINE_SOON asks for, else what XH_MACHINE_PLAN asks for
 * @chance: from 0 to 1, so that a county's computers do not come in the same second
 *
 * Returns: milliseconds until XH_MACHINE_TIMER
 */
guint            xh_machine_wait (const XhMachine *self, gboolean soon, double chance);

/* What an owner sees of a state. */
XhEngineState    xh_machine_show (XhMachineState state);

/* The words of docs/sync.md. xh_machine_describe: (transfer full) "state: action, action", or "–" where nothing happens. */
const char      *xh_machine_state_name (XhMachineState state);
const char      *xh_machine_event_name (XhMachineEvent event);
char            *xh_machine_describe   (XhMachineState state, XhMachineEvent event);

G_END_DECLS
