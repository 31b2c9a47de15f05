/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The engine's states and events: every cell is as docs/sync.md says, and the table as a whole keeps what it promises. Started with
 * --print this writes the table for the page. */

#include <stdio.h>
#include <string.h>

#include "sync/xh-engine-machine.h"
#include "sync/xh-wake.h"

#define HEAD "| event \\ state |"
#define ROUND_STATES(state) ((state) >= XH_MACHINE_SYNCING && (state) <= XH_MACHINE_SYNCING_NOW)

static void
print_table (void)
{
  printf ("%s", HEAD);
  for (guint s = 0; s < XH_MACHINE_N_STATES; s++)
    printf (" %s |", xh_machine_state_name (s));
  printf ("\n|");
  for (guint s = 0; s <= XH_MACHINE_N_STATES; s++)
    printf (" --- |");
  printf ("\n");
  for (guint e = 0; e < XH_MACHINE_N_EVENTS; e++)
    {
      printf ("| **%s** |", xh_machine_event_name (e));
      for (guint s = 0; s < XH_MACHINE_N_STATES; s++)
        {
          g_autofree char *cell = xh_machine_describe (s, e);

          printf (" %s |", cell);
        }
      printf ("\n");
    }
}

static char *
read_table (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("XH_DOCS"), "sync.md", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  const char *start, *end;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  start = strstr (text, HEAD);
  g_assert_nonnull (start);
  end = strstr (start, "\n\n");
  return end != NULL ? g_strndup (start, end - start) : g_strdup (start);
}

static void
check_row (const char *line, XhMachineEvent event)
{
  g_auto (GStrv) cells = g_strsplit (line, "|", -1);
  g_autofree char *name = g_strdup_printf ("**%s**", xh_machine_event_name (event));

  g_assert_cmpuint (g_strv_length (cells), ==, XH_MACHINE_N_STATES + 3);
  g_assert_cmpstr (g_strstrip (cells[1]), ==, name);
  for (guint s = 0; s < XH_MACHINE_N_STATES; s++)
    {
      g_autofree char *is = xh_machine_describe (s, event);

      if (strcmp (g_strstrip (cells[s + 2]), is) != 0)
        g_error ("docs/sync.md: %s in %s is “%s”, but the engine does “%s”", name, xh_machine_state_name (s), cells[s + 2], is);
    }
}

static void
test_page (void)
{
  g_autofree char *table = read_table ();
  g_auto (GStrv) lines = g_strsplit (table, "\n", -1);
  g_auto (GStrv) head = g_strsplit (lines[0], "|", -1);

  for (guint s = 0; s < XH_MACHINE_N_STATES; s++)
    g_assert_cmpstr (g_strstrip (head[s + 2]), ==, xh_machine_state_name (s));
  g_assert_cmpuint (g_strv_length (lines), ==, XH_MACHINE_N_EVENTS + 2);
  for (guint e = 0; e < XH_MACHINE_N_EVENTS; e++)
    check_row (lines[e + 2], e);
}

static void
each_cell (void (*check) (const XhMachine *before, XhMachineEvent event, const XhMachine *after, XhMachineActions actions))
{
  for (guint live = 0; live < 2; live++)
    for (guint s = 0; s < XH_MACHINE_N_STATES; s++)
      for (guint e = 0; e < XH_MACHINE_N_EVENTS; e++)
        {
          const XhMachine before = { .state = s, .live = live, .failures = 3 };
          XhMachine after = before;
          XhMachineActions actions = xh_machine_take (&after, e);

          g_assert_cmpuint (after.state, <, XH_MACHINE_N_STATES);
          check (&before, e, &after, actions);
        }
}

/* A round runs in the syncing states and in no other, and never two. */
static void
check_round (const XhMachine *before, XhMachineEvent event, const XhMachine *after, XhMachineActions actions)
{
  const gboolean ends = event >= XH_MACHINE_WELL && event <= XH_MACHINE_DIFFERENT;
  const gboolean ran = ROUND_STATES (before->state) && !ends;

  if (actions & XH_MACHINE_ROUND)
    g_assert_false (ran);
  if (event != XH_MACHINE_STOP)
    g_assert_cmpint (ROUND_STATES (after->state), ==, ran || (actions & XH_MACHINE_ROUND) != 0);
}

static void
test_rounds (void)
{
  each_cell (check_round);
}

static void
check_stop (const XhMachine *before, XhMachineEvent event, const XhMachine *after, XhMachineActions actions)
{
  if (event == XH_MACHINE_STOP)
    g_assert_cmpint (after->state, ==, XH_MACHINE_STOPPED);
  if (before->state == XH_MACHINE_STOPPED && event != XH_MACHINE_START)
    {
      g_assert_cmpint (after->state, ==, XH_MACHINE_STOPPED);
      g_assert_cmpint (actions, ==, 0);
    }
  if (after->state == XH_MACHINE_STOPPED && before->state != XH_MACHINE_STOPPED)
    {
      g_assert_true (actions & XH_MACHINE_CANCEL);
      g_assert_true (actions & XH_MACHINE_HANG_UP);
      g_assert_false (after->live);
    }
}

static void
test_stop (void)
{
  each_cell (check_stop);
}

/* Whoever comes to wait has a timer, unless a person is asked; then there is none. */
static void
check_timer (const XhMachine *before, XhMachineEvent event, const XhMachine *after, XhMachineActions actions)
{
  const gboolean asks = after->state == XH_MACHINE_SIGN_IN || after->state == XH_MACHINE_DIFFERS;

  if (after->state == before->state || after->state == XH_MACHINE_STOPPED || ROUND_STATES (after->state))
    return;
  g_assert_cmpint ((actions & (XH_MACHINE_PLAN | XH_MACHINE_SOON)) != 0, ==, !asks);
  g_assert_cmpint ((actions & XH_MACHINE_REST) != 0, ==, asks);
}

static void
test_timer (void)
{
  each_cell (check_timer);
}

/* What was saved goes up: at once, with the round that follows, or it is counted. */
static void
check_saved (const XhMachine *before, XhMachineEvent event, const XhMachine *after, XhMachineActions actions)
{
  if (event != XH_MACHINE_SAVED || before->state == XH_MACHINE_STOPPED)
    return;
  g_assert_true ((actions & (XH_MACHINE_ROUND | XH_MACHINE_COUNT)) || after->state == XH_MACHINE_SYNCING_MORE
                 || after->state == XH_MACHINE_SYNCING_NOW);
}

static void
test_saved (void)
{
  each_cell (check_saved);
}

/* A person who wants it is heard in every state. */
static void
check_wish (const XhMachine *before, XhMachineEvent event, const XhMachine *after, XhMachineActions actions)
{
  if ((event != XH_MACHINE_WISH && event != XH_MACHINE_TOKEN) || before->state == XH_MACHINE_STOPPED)
    return;
  g_assert_true ((actions & XH_MACHINE_ROUND) || after->state == XH_MACHINE_SYNCING_NOW);
  g_assert_cmpuint (after->failures, ==, 0);
}

static void
test_wish (void)
{
  each_cell (check_wish);
}

static void
test_reached (void)
{
  gboolean reached[XH_MACHINE_N_STATES] = { TRUE };

  for (guint turn = 0; turn < XH_MACHINE_N_STATES; turn++)
    for (guint s = 0; s < XH_MACHINE_N_STATES; s++)
      for (guint e = 0; reached[s] && e < XH_MACHINE_N_EVENTS; e++)
        {
          XhMachine machine = { .state = s };

          xh_machine_take (&machine, e);
          reached[machine.state] = TRUE;
        }
  for (guint s = 0; s < XH_MACHINE_N_STATES; s++)
    g_assert_true (reached[s]);
}

static guint
fail_once (XhMachine *machine, double chance)
{
  xh_machine_take (machine, XH_MACHINE_TIMER);
  xh_machine_take (machine, XH_MACHINE_NO_CONTACT);
  return xh_machine_wait (machine, FALSE, chance);
}

static void
test_back_off (void)
{
  XhMachine machine = { .state = XH_MACHINE_OFFLINE };

  g_assert_cmpuint (fail_once (&machine, 0), ==, 1000);
  g_assert_cmpuint (fail_once (&machine, 1), ==, 4000);
  g_assert_cmpuint (fail_once (&machine, 0.5), ==, 6000);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (fail_once (&machine, 1), <=, 5 * 60 * 1000);
  g_assert_cmpuint (fail_once (&machine, 0), ==, 5 * 60 * 1000 / 2);
  /* A network that appears begins it anew. */
  xh_machine_take (&machine, XH_MACHINE_NETWORK);
  xh_machine_take (&machine, XH_MACHINE_NO_CONTACT);
  g_assert_cmpuint (xh_machine_wait (&machine, FALSE, 1), ==, 2000);
}

static void
test_polling (void)
{
  XhMachine machine = { .state = XH_MACHINE_SYNCING };

  g_assert_true (xh_machine_take (&machine, XH_MACHINE_WELL) & XH_MACHINE_LISTEN);
  g_assert_cmpuint (xh_machine_wait (&machine, FALSE, 0), ==, 30 * 1000);
  xh_machine_take (&machine, XH_MACHINE_LIVE);
  g_assert_cmpuint (xh_machine_wait (&machine, FALSE, 0), ==, 5 * 60 * 1000);
  g_assert_true (xh_machine_take (&machine, XH_MACHINE_HEARD) & XH_MACHINE_SOON);
  g_assert_cmpuint (xh_machine_wait (&machine, TRUE, 1), <=, 250);
  /* A line that breaks just then does not put the news off. */
  g_assert_cmpint (xh_machine_take (&machine, XH_MACHINE_DEAF), ==, 0);
  g_assert_true (xh_machine_take (&machine, XH_MACHINE_TIMER) & XH_MACHINE_ROUND);
  xh_machine_take (&machine, XH_MACHINE_WELL);
  g_assert_cmpuint (xh_machine_wait (&machine, FALSE, 0), ==, 30 * 1000);
}

/* Late, twice and out of order, a word is worth what is not known yet; one that no pull reaches is asked for once. */
static void
test_news (void)
{
  XhMachine machine = { .state = XH_MACHINE_SYNCING };

  g_assert_false (xh_machine_end_round (&machine, XH_MACHINE_WELL, 7) & XH_MACHINE_SOON);
  g_assert_cmpint (xh_machine_hear (&machine, 7), ==, 0);
  g_assert_cmpint (xh_machine_hear (&machine, 3), ==, 0);
  g_assert_true (xh_machine_hear (&machine, 9) & XH_MACHINE_SOON);
  g_assert_cmpint (xh_machine_hear (&machine, 9), ==, 0);
  g_assert_cmpint (xh_machine_hear (&machine, 8), ==, 0);
  xh_machine_take (&machine, XH_MACHINE_TIMER);
  xh_machine_begin_round (&machine);
  g_assert_cmpint (xh_machine_hear (&machine, 10), ==, 0);
  g_assert_true (xh_machine_end_round (&machine, XH_MACHINE_WELL, 9) & XH_MACHINE_SOON);
  xh_machine_take (&machine, XH_MACHINE_TIMER);
  xh_machine_begin_round (&machine);
  g_assert_false (xh_machine_end_round (&machine, XH_MACHINE_WELL, 9) & XH_MACHINE_SOON);
  g_assert_cmpint (machine.state, ==, XH_MACHINE_SETTLED);
}

static void
test_sleep (void)
{
  const gint64 second = G_USEC_PER_SEC;
  XhWake wake = { 0 };

  /* What was slept before the first look does not count. */
  g_assert_false (xh_wake_look (&wake, 100 * second, 5000 * second));
  g_assert_false (xh_wake_look (&wake, 105 * second, 5005 * second));
  g_assert_false (xh_wake_look (&wake, 110 * second, 5010 * second + second / 10));
  g_assert_true (xh_wake_look (&wake, 112 * second, 9000 * second));
  g_assert_false (xh_wake_look (&wake, 117 * second, 9005 * second));
}

int
main (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "--print") == 0)
    {
      print_table ();
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/machine/every-cell-is-as-the-page-says", test_page);
  g_test_add_func ("/sync/machine/one-round-at-a-time", test_rounds);
  g_test_add_func ("/sync/machine/stopped-is-silent", test_stop);
  g_test_add_func ("/sync/machine/who-waits-has-a-timer-or-asks-a-person", test_timer);
  g_test_add_func ("/sync/machine/no-save-is-passed-over", test_saved);
  g_test_add_func ("/sync/machine/a-person-is-heard-in-every-state", test_wish);
  g_test_add_func ("/sync/machine/every-state-is-reached", test_reached);
  g_test_add_func ("/sync/machine/backs-off-and-begins-anew", test_back_off);
  g_test_add_func ("/sync/machine/polls-less-while-the-server-tells", test_polling);
  g_test_add_func ("/sync/machine/news-is-weighed-by-what-is-known", test_news);
  g_test_add_func ("/sync/machine/sleep-is-noticed-once", test_sleep);
  return g_test_run ();
}
