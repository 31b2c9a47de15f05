/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The line on which the server tells that its ledger has moved, and the engine's machine that weighs it (xh_machine_hear()). What is told comes late,
 * twice, out of order or wrong, also in the middle of a round; the line breaks and the server's end does not notice. Only rounds that news asks for
 * are run here: a client that polls would hide what it has missed. */
#include "sim-steps.h"

#include "server/xh-ledger.h"
#include "sync/xh-wire-private.h"

#define MOST_ROUNDS 3 /* that news may ask for when nothing goes wrong: one under way, one for it, one for what it has put off */

gboolean sim_with_news;

/* --- the machine */

static void
do_actions (SimClient *self, XhMachineActions actions)
{
  if (actions & (XH_MACHINE_ROUND | XH_MACHINE_REST))
    self->due = -1;
  else if (actions & XH_MACHINE_SOON)
    self->due = g_get_monotonic_time () + (gint64) xh_machine_wait (&self->machine, TRUE, 0.5) * 1000;
  self->asked = self->asked || (actions & XH_MACHINE_ROUND);
  if (actions & (XH_MACHINE_HANG_UP | XH_MACHINE_RENEW))
    self->listens = FALSE;
  if ((actions & (XH_MACHINE_LISTEN | XH_MACHINE_RENEW)) && !self->listens && self->sim->server != NULL)
    {
      self->listens = TRUE;
      self->told = -1; /* the server speaks first */
      do_actions (self, xh_machine_take (&self->machine, XH_MACHINE_LIVE));
    }
}

void
sim_news_begin_round (SimClient *self)
{
  if (!sim_with_news)
    return;
  if (self->machine.state == XH_MACHINE_STOPPED)
    do_actions (self, xh_machine_take (&self->machine, XH_MACHINE_START));
  else if (!self->asked)
    do_actions (self, xh_machine_take (&self->machine, XH_MACHINE_WISH));
  self->asked = FALSE;
  xh_machine_begin_round (&self->machine);
}

static XhMachineEvent
find_event (const GError *error)
{
  if (error == NULL)
    return XH_MACHINE_WELL;
  if (g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE))
    return XH_MACHINE_NO_CONTACT;
  if (g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN))
    return XH_MACHINE_REFUSED;
  return g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_DIFFERS) ? XH_MACHINE_DIFFERENT : XH_MACHINE_FAILED;
}

void
sim_news_end_round (SimClient *self, const GError *error)
{
  if (sim_with_news && self->store != NULL)
    do_actions (self, xh_machine_end_round (&self->machine, find_event (error), xh_wire_get_cursor (self->store)));
}

void
sim_news_forget (SimClient *self)
{
  self->machine = (XhMachine) { 0 };
  self->listens = self->asked = FALSE;
  self->due = -1;
  g_array_set_size (self->news, 0);
}

/* --- the line */

/* The server's word for everybody who is on the line. */
static void
tell (Sim *self)
{
  gint64 head;

  if (self->server == NULL || !xh_ledger_head (self->admin, &head, NULL, NULL))
    return;
  for (guint i = 0; i < self->n_clients; i++)
    if (self->clients[i].listens && self->clients[i].told != head)
      {
        self->clients[i].told = head;
        g_array_append_val (self->clients[i].news, head);
      }
}

static void
hear (SimClient *self, gint64 head)
{
  sim_log (self->sim, "%s hears of %" G_GINT64_FORMAT, self->login, head);
  do_actions (self, xh_machine_hear (&self->machine, head));
}

/* One of the words that are on their way, or a wrong one. */
void
sim_news_come (SimClient *self)
{
  const gint64 wrong[] = { 0, 1, self->machine.known + 1, self->machine.known + sim_chance_below (40), G_MAXINT64 };
  guint i;

  if (!sim_with_news || self->store == NULL || self->machine.state == XH_MACHINE_STOPPED)
    return;
  if (sim_chance_of (10))
    hear (self, wrong[sim_chance_below (G_N_ELEMENTS (wrong))]);
  if (self->news->len == 0)
    return;
  i = sim_chance_below (self->news->len);
  if (!sim_chance_of (10))
    hear (self, g_array_index (self->news, gint64, i));
  if (!sim_chance_of (20))
    g_array_remove_index (self->news, i);
}

static void
break_line (SimClient *self)
{
  sim_log (self->sim, "the line of %s breaks", self->login);
  self->listens = FALSE;
  do_actions (self, xh_machine_take (&self->machine, XH_MACHINE_DEAF));
}

/* TRUE: news has asked for a round, and it was run. */
static gboolean
run_what_is_due (SimClient *self)
{
  if (self->store == NULL)
    return FALSE;
  sim_clock_use (&self->clock);
  if (self->due >= 0 && g_get_monotonic_time () >= self->due)
    {
      self->due = -1;
      do_actions (self, xh_machine_take (&self->machine, XH_MACHINE_TIMER));
    }
  if (!self->asked)
    return FALSE;
  sim_client_sync (self, NULL);
  return TRUE;
}

void
sim_news_step (Sim *self)
{
  SimClient *client;

  if (!sim_with_news)
    return; /* and nothing is left to chance: the others stay what they were */
  client = &self->clients[sim_chance_below (self->n_clients)];
  tell (self);
  if (client->listens && (self->server == NULL || sim_chance_of (3)))
    break_line (client);
  if (sim_chance_of (25))
    sim_news_come (client);
  if (sim_chance_of (60))
    run_what_is_due (client);
}

/* --- the judge */

static void
hear_all (SimClient *self)
{
  for (guint i = self->news->len; i > 0; i--)
    hear (self, g_array_index (self->news, gint64, i - 1));
  g_array_set_size (self->news, 0);
}

/* Counts the rounds until there is nothing that news asks for. */
static guint
follow (SimClient *self)
{
  guint rounds = 0;

  while (rounds <= MOST_ROUNDS && (self->asked || self->due >= 0))
    {
      sim_clock_pass (G_USEC_PER_SEC);
      rounds += run_what_is_due (self);
    }
  return rounds;
}

static void
check_follows (SimClient *self, gint64 head)
{
  hear_all (self);
  if (follow (self) > MOST_ROUNDS)
    sim_violation (self->sim, "%s makes round after round for the same news", self->login);
  else if (xh_wire_get_cursor (self->store) < head)
    sim_violation (self->sim, "%s has heard of entry %" G_GINT64_FORMAT " and stays at %" G_GINT64_FORMAT, self->login, head, xh_wire_get_cursor (self->store));
  hear (self, G_MAXINT64 - 1);
  if (follow (self) > 1)
    sim_violation (self->sim, "%s asks again and again for an entry that there is not", self->login);
}

/* Somebody writes, and everybody else comes to have it by the news alone. */
void
sim_check_news (Sim *self)
{
  SimClient *first = &self->clients[0];
  gint64 head = 0;

  if (!sim_with_news || self->faults->len > 0)
    return;
  for (guint i = 0; i < self->n_clients; i++)
    {
      sim_client_sync (&self->clients[i], NULL);
      if (!self->clients[i].listens)
        sim_violation (self, "%s does not listen after a good round", self->clients[i].login);
      hear_all (&self->clients[i]);
      follow (&self->clients[i]);
    }
  sim_clock_use (&first->clock);
  for (guint i = 0; i < 3; i++)
    sim_create (first);
  sim_client_sync (first, NULL);
  tell (self);
  if (!xh_ledger_head (self->admin, &head, NULL, NULL))
    return;
  for (guint i = 0; i < self->n_clients && self->faults->len == 0; i++)
    check_follows (&self->clients[i], head);
}
