/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-engine-machine.h"

#include <string.h>

#define POLL_MS (30 * 1000)
#define LIVE_POLL_MS (5 * 60 * 1000)
#define FIRST_WAIT_MS 2000
#define LONGEST_WAIT_MS (5 * 60 * 1000)
#define SOON_MS 50
#define SOON_SPREAD_MS 200

typedef struct
{
  XhMachineState next;
  XhMachineActions actions;
} Cell;

#define STATE(name) XH_MACHINE_ ## name
#define TO(state, actions) { STATE (state), (XhMachineActions) (actions) }
#define DO_ROUND XH_MACHINE_ROUND
#define DO_COUNT XH_MACHINE_COUNT
#define DO_STOP (XH_MACHINE_CANCEL | XH_MACHINE_REST | XH_MACHINE_HANG_UP)
#define DO_SETTLE (XH_MACHINE_PLAN | XH_MACHINE_LISTEN)
#define DO_BACK_OFF (XH_MACHINE_PLAN | XH_MACHINE_HANG_UP)
#define DO_WAIT (XH_MACHINE_REST | XH_MACHINE_HANG_UP)

/* What a round that runs may end with. */
#define OUTCOMES \
  [XH_MACHINE_NO_CONTACT] = TO (OFFLINE, DO_BACK_OFF), \
  [XH_MACHINE_REFUSED] = TO (SIGN_IN, DO_WAIT), \
  [XH_MACHINE_FAILED] = TO (FAULT, DO_BACK_OFF), \
  [XH_MACHINE_DIFFERENT] = TO (DIFFERS, DO_WAIT)

/* No round runs, so none can end. */
#define NO_OUTCOMES(self) \
  [XH_MACHINE_WELL] = TO (self, 0), \
  [XH_MACHINE_NO_CONTACT] = TO (self, 0), \
  [XH_MACHINE_REFUSED] = TO (self, 0), \
  [XH_MACHINE_FAILED] = TO (self, 0), \
  [XH_MACHINE_DIFFERENT] = TO (self, 0)

/* It waits for its time after a failure; any sign of the server, or of a network, is worth a try. */
#define WAITS(self) \
  [XH_MACHINE_START] = TO (self, 0), \
  [XH_MACHINE_STOP] = TO (STOPPED, DO_STOP), \
  NO_OUTCOMES (self), \
  [XH_MACHINE_SAVED] = TO (self, DO_COUNT), \
  [XH_MACHINE_WISH] = TO (SYNCING, DO_ROUND), \
  [XH_MACHINE_TOKEN] = TO (SYNCING, DO_ROUND), \
  [XH_MACHINE_NETWORK] = TO (SYNCING, DO_ROUND), \
  [XH_MACHINE_HEARD] = TO (SYNCING, DO_ROUND), \
  [XH_MACHINE_LIVE] = TO (SYNCING, DO_ROUND), \
  [XH_MACHINE_DEAF] = TO (self, 0), \
  [XH_MACHINE_TIMER] = TO (SYNCING, DO_ROUND)

/* It waits for a person: a network or a message changes nothing. */
#define ASKS(self) \
  [XH_MACHINE_START] = TO (self, 0), \
  [XH_MACHINE_STOP] = TO (STOPPED, DO_STOP), \
  NO_OUTCOMES (self), \
  [XH_MACHINE_SAVED] = TO (self, DO_COUNT), \
  [XH_MACHINE_WISH] = TO (SYNCING, DO_ROUND), \
  [XH_MACHINE_TOKEN] = TO (SYNCING, DO_ROUND), \
  [XH_MACHINE_NETWORK] = TO (self, 0), \
  [XH_MACHINE_HEARD] = TO (self, 0), \
  [XH_MACHINE_LIVE] = TO (self, 0), \
  [XH_MACHINE_DEAF] = TO (self, 0), \
  [XH_MACHINE_TIMER] = TO (self, 0)

/* News that comes during a round is weighed against the cursor when it has ended: a push hears of itself. */
static const Cell table[XH_MACHINE_N_STATES][XH_MACHINE_N_EVENTS] = {
  [XH_MACHINE_STOPPED] = {
    [XH_MACHINE_START] = TO (SYNCING, DO_ROUND),
    [XH_MACHINE_STOP] = TO (STOPPED, 0),
    NO_OUTCOMES (STOPPED),
    [XH_MACHINE_SAVED] = TO (STOPPED, 0),
    [XH_MACHINE_WISH] = TO (STOPPED, 0),
    [XH_MACHINE_TOKEN] = TO (STOPPED, 0),
    [XH_MACHINE_NETWORK] = TO (STOPPED, 0),
    [XH_MACHINE_HEARD] = TO (STOPPED, 0),
    [XH_MACHINE_LIVE] = TO (STOPPED, 0),
    [XH_MACHINE_DEAF] = TO (STOPPED, 0),
    [XH_MACHINE_TIMER] = TO (STOPPED, 0),
  },
  [XH_MACHINE_SYNCING] = {
    [XH_MACHINE_START] = TO (SYNCING, 0),
    [XH_MACHINE_STOP] = TO (STOPPED, DO_STOP),
    [XH_MACHINE_WELL] = TO (SETTLED, DO_SETTLE),
    OUTCOMES,
    [XH_MACHINE_SAVED] = TO (SYNCING_MORE, 0),
    [XH_MACHINE_WISH] = TO (SYNCING_NOW, 0),
    [XH_MACHINE_TOKEN] = TO (SYNCING_NOW, 0),
    [XH_MACHINE_NETWORK] = TO (SYNCING_NOW, XH_MACHINE_RENEW),
    [XH_MACHINE_HEARD] = TO (SYNCING, 0),
    [XH_MACHINE_LIVE] = TO (SYNCING, 0),
    [XH_MACHINE_DEAF] = TO (SYNCING, 0),
    [XH_MACHINE_TIMER] = TO (SYNCING, 0),
  },
  [XH_MACHINE_SYNCING_MORE] = {
    [XH_MACHINE_START] = TO (SYNCING_MORE, 0),
    [XH_MACHINE_STOP] = TO (STOPPED, DO_STOP),
    [XH_MACHINE_WELL] = TO (SYNCING, DO_ROUND | XH_MACHINE_LISTEN),
    OUTCOMES,
    [XH_MACHINE_SAVED] = TO (SYNCING_MORE, 0),
    [XH_MACHINE_WISH] = TO (SYNCING_NOW, 0),
    [XH_MACHINE_TOKEN] = TO (SYNCING_NOW, 0),
    [XH_MACHINE_NETWORK] = TO (SYNCING_NOW, XH_MACHINE_RENEW),
    [XH_MACHINE_HEARD] = TO (SYNCING_MORE, 0),
    [XH_MACHINE_LIVE] = TO (SYNCING_MORE, 0),
    [XH_MACHINE_DEAF] = TO (SYNCING_MORE, 0),
    [XH_MACHINE_TIMER] = TO (SYNCING_MORE, 0),
  },
  [XH_MACHINE_SYNCING_NOW] = {
    [XH_MACHINE_START] = TO (SYNCING_NOW, 0),
    [XH_MACHINE_STOP] = TO (STOPPED, DO_STOP),
    [XH_MACHINE_WELL] = TO (SYNCING, DO_ROUND | XH_MACHINE_LISTEN),
    [XH_MACHINE_NO_CONTACT] = TO (SYNCING, DO_ROUND),
    [XH_MACHINE_REFUSED] = TO (SYNCING, DO_ROUND),
    [XH_MACHINE_FAILED] = TO (SYNCING, DO_ROUND),
    [XH_MACHINE_DIFFERENT] = TO (SYNCING, DO_ROUND),
    [XH_MACHINE_SAVED] = TO (SYNCING_NOW, 0),
    [XH_MACHINE_WISH] = TO (SYNCING_NOW, 0),
    [XH_MACHINE_TOKEN] = TO (SYNCING_NOW, 0),
    [XH_MACHINE_NETWORK] = TO (SYNCING_NOW, XH_MACHINE_RENEW),
    [XH_MACHINE_HEARD] = TO (SYNCING_NOW, 0),
    [XH_MACHINE_LIVE] = TO (SYNCING_NOW, 0),
    [XH_MACHINE_DEAF] = TO (SYNCING_NOW, 0),
    [XH_MACHINE_TIMER] = TO (SYNCING_NOW, 0),
  },
  [XH_MACHINE_SETTLED] = {
    [XH_MACHINE_START] = TO (SETTLED, 0),
    [XH_MACHINE_STOP] = TO (STOPPED, DO_STOP),
    NO_OUTCOMES (SETTLED),
    [XH_MACHINE_SAVED] = TO (SYNCING, DO_ROUND),
    [XH_MACHINE_WISH] = TO (SYNCING, DO_ROUND),
    [XH_MACHINE_TOKEN] = TO (SYNCING, DO_ROUND),
    [XH_MACHINE_NETWORK] = TO (SYNCING, DO_ROUND | XH_MACHINE_RENEW),
    [XH_MACHINE_HEARD] = TO (NEWS, XH_MACHINE_SOON),
    [XH_MACHINE_LIVE] = TO (SETTLED, XH_MACHINE_PLAN),
    [XH_MACHINE_DEAF] = TO (SETTLED, XH_MACHINE_PLAN),
    [XH_MACHINE_TIMER] = TO (SYNCING, DO_ROUND),
  },
  /* News that follows news does not put it off. */
  [XH_MACHINE_NEWS] = {
    [XH_MACHINE_START] = TO (NEWS, 0),
    [XH_MACHINE_STOP] = TO (STOPPED, DO_STOP),
    NO_OUTCOMES (NEWS),
    [XH_MACHINE_SAVED] = TO (SYNCING, DO_ROUND),
    [XH_MACHINE_WISH] = TO (SYNCING, DO_ROUND),
    [XH_MACHINE_TOKEN] = TO (SYNCING, DO_ROUND),
    [XH_MACHINE_NETWORK] = TO (SYNCING, DO_ROUND | XH_MACHINE_RENEW),
    [XH_MACHINE_HEARD] = TO (NEWS, 0),
    [XH_MACHINE_LIVE] = TO (NEWS, 0),
    [XH_MACHINE_DEAF] = TO (NEWS, 0),
    [XH_MACHINE_TIMER] = TO (SYNCING, DO_ROUND),
  },
  [XH_MACHINE_OFFLINE] = { WAITS (OFFLINE) },
  [XH_MACHINE_SIGN_IN] = { ASKS (SIGN_IN) },
  [XH_MACHINE_FAULT] = { WAITS (FAULT) },
  [XH_MACHINE_DIFFERS] = { ASKS (DIFFERS) },
};

static const char *const state_names[] = {
  "stopped", "syncing", "syncing + more", "syncing + now", "settled", "news", "offline", "sign-in", "fault", "differs",
};

static const char *const event_names[] = {
  "start", "stop", "round ends well", "round: no contact", "round: 401", "round: fault", "round: another ledger", "save", "“now”",
  "new session", "network or wake", "news", "line opens", "line breaks", "timer",
};

static const char *const action_names[] = { "round", "cancel", "count", "plan", "soon", "rest", "listen", "hang up", "renew" };

G_STATIC_ASSERT (G_N_ELEMENTS (state_names) == XH_MACHINE_N_STATES);
G_STATIC_ASSERT (G_N_ELEMENTS (event_names) == XH_MACHINE_N_EVENTS);

static void
count_failures (XhMachine *self, XhMachineEvent event)
{
  switch (event)
    {
    case XH_MACHINE_NO_CONTACT:
    case XH_MACHINE_FAILED:
      self->failures++;
      break;
    case XH_MACHINE_START:
    case XH_MACHINE_WELL:
    case XH_MACHINE_REFUSED:
    case XH_MACHINE_DIFFERENT:
    case XH_MACHINE_WISH:
    case XH_MACHINE_TOKEN:
    case XH_MACHINE_NETWORK:
      self->failures = 0;
      break;
    default:
      break;
    }
}

XhMachineActions
xh_machine_take (XhMachine *self, XhMachineEvent event)
{
  const Cell *cell = &table[self->state][event];

  count_failures (self, event);
  if (event == XH_MACHINE_LIVE || event == XH_MACHINE_DEAF)
    self->live = event == XH_MACHINE_LIVE;
  if (cell->actions & (XH_MACHINE_HANG_UP | XH_MACHINE_RENEW))
    self->live = FALSE;
  self->state = cell->next;
  return cell->actions;
}

XhMachineActions
xh_machine_hear (XhMachine *self, gint64 head)
{
  self->heard = MAX (self->heard, head);
  return head > self->known ? xh_machine_take (self, XH_MACHINE_HEARD) : 0;
}

void
xh_machine_begin_round (XhMachine *self)
{
  self->heard = 0;
}

/* Only what was told while the round ran counts again: a number that no pull ever reaches must not be asked for for ever. */
XhMachineActions
xh_machine_end_round (XhMachine *self, XhMachineEvent event, gint64 cursor)
{
  const XhMachineActions actions = xh_machine_take (self, event);

  self->known = cursor;
  return self->heard > cursor ? actions | xh_machine_take (self, XH_MACHINE_HEARD) : actions;
}

guint
xh_machine_wait (const XhMachine *self, gboolean soon, double chance)
{
  guint wait;

  if (soon)
    return SOON_MS + (guint) (chance * SOON_SPREAD_MS);
  if (self->state == XH_MACHINE_OFFLINE || self->state == XH_MACHINE_FAULT)
    {
      wait = MIN (FIRST_WAIT_MS << MIN (MAX (self->failures, 1) - 1, 10), LONGEST_WAIT_MS);
      return wait / 2 + (guint) (chance * (wait / 2));
    }
  return (self->live ? LIVE_POLL_MS : POLL_MS) + (guint) (chance * 1000);
}

XhEngineState
xh_machine_show (XhMachineState state)
{
  switch (state)
    {
    case XH_MACHINE_SYNCING:
    case XH_MACHINE_SYNCING_MORE:
    case XH_MACHINE_SYNCING_NOW:
      return XH_ENGINE_SYNCING;
    case XH_MACHINE_SETTLED:
    case XH_MACHINE_NEWS:
      return XH_ENGINE_SETTLED;
    case XH_MACHINE_OFFLINE:
      return XH_ENGINE_OFFLINE;
    case XH_MACHINE_SIGN_IN:
      return XH_ENGINE_SIGN_IN;
    case XH_MACHINE_FAULT:
      return XH_ENGINE_FAULT;
    case XH_MACHINE_DIFFERS:
      return XH_ENGINE_DIFFERS;
    case XH_MACHINE_STOPPED:
    case XH_MACHINE_N_STATES:
    default:
      return XH_ENGINE_STOPPED;
    }
}

const char *
xh_machine_state_name (XhMachineState state)
{
  g_return_val_if_fail (state < XH_MACHINE_N_STATES, NULL);

  return state_names[state];
}

const char *
xh_machine_event_name (XhMachineEvent event)
{
  g_return_val_if_fail (event < XH_MACHINE_N_EVENTS, NULL);

  return event_names[event];
}

char *
xh_machine_describe (XhMachineState state, XhMachineEvent event)
{
  const Cell *cell = &table[state][event];
  GString *text;

  if (cell->next == state && cell->actions == 0)
    return g_strdup ("–");
  text = g_string_new (state_names[cell->next]);
  for (guint i = 0; i < G_N_ELEMENTS (action_names); i++)
    if (cell->actions & (1u << i))
      g_string_append_printf (text, "%s%s", strchr (text->str, ':') != NULL ? ", " : ": ", action_names[i]);
  return g_string_free (text, FALSE);
}
