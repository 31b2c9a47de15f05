/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Histories of a few clients and a server, each from one number, each in a process of its own, which begins as a copy of this one.
 *
 *   XH_SIM_SEED=N   replays one history and tells it
 *   XH_SIM_RUNS=N   so many histories instead of 2,000; XH_SIM_FIRST=N: from this number on
 *   XH_SIM_NEWS=1 with it: with the line for news; XH_SIM_NEWS_RUNS=N: so many of these instead of 500
 *   XH_SIM_MUTANT=N with a seed: as the Nth mutant
 *   XH_SIM_NTH=K    with a seed n: the plain history with the Kth fault at its nth operation
 *   XH_SIM_EVERY=1  the tests of the nth operation try every n, not one in a few */
#include <locale.h>
#include <poll.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim-memory.h"
#include "sim.h"

#define RUNS 2000
#define NEWS_RUNS 500
#define MUTANT_RUNS 400
#define WORKERS 2
#define MAX_SECONDS 60

typedef struct
{
  pid_t pid;
  int pipe;
  guint64 seed;
  GString *faults;
} Worker;

static guint64
read_number (const char *name, guint64 otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static SimNth nth; /* its fault is SIM_DISK_FINE in a history of chance */

#define NOT_STRUCK "fewer"

/* (transfer full): what is wrong; "" if nothing is. */
static char *
run_history (guint64 seed, guint worker, gboolean tell)
{
  g_autoptr (Sim) sim = sim_new (nth.fault != SIM_DISK_FINE ? 1 : seed, worker);

  if (tell)
    sim->log = g_string_new (NULL);
  nth.n = seed;
  if (nth.fault != SIM_DISK_FINE && !sim_nth (sim, &nth) && sim->faults->len == 0)
    g_string_append (sim->faults, NOT_STRUCK);
  for (guint n = nth.fault != SIM_DISK_FINE ? 0 : 20 + sim_chance_below (60); n > 0; n--)
    sim_step (sim);
  if (nth.fault == SIM_DISK_FINE)
    sim_judge (sim);
  if (tell)
    g_print ("%s", sim->log->str);
  return g_strdup (sim->faults->str);
}

static GLogWriterOutput
say_nothing (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL))
    return g_log_writer_standard_streams (level, fields, n_fields, data);
  return G_LOG_WRITER_HANDLED;
}

static void
say_less (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL))
    g_log_default_handler (domain, level, message, data);
}

static void
worker_start (Worker *self, guint index, guint64 seed)
{
  int ends[2];

  self->seed = seed;
  self->faults = g_string_new (NULL);
  if (pipe (ends) != 0 || (self->pid = fork ()) < 0)
    g_error ("no process for a history");
  if (self->pid == 0)
    {
      g_autofree char *faults = NULL;

      alarm (MAX_SECONDS);
      dup2 (ends[1], 2); /* a crash says why */
      g_log_set_writer_func (say_nothing, NULL, NULL);
      g_log_set_default_handler (say_less, NULL);
      faults = run_history (seed, index, FALSE);
      if (write (ends[1], faults, strlen (faults)) < 0)
        _exit (2);
      _exit (*faults != '\0');
    }
  close (ends[1]);
  self->pipe = ends[0];
}

/* FALSE: it goes on. */
static gboolean
worker_read (Worker *self)
{
  char text[4096];
  const ssize_t n = read (self->pipe, text, sizeof text);

  if (n > 0)
    g_string_append_len (self->faults, text, n);
  return n <= 0;
}

/* (transfer full) (nullable): what was wrong. */
static char *
worker_end (Worker *self)
{
  int status;

  close (self->pipe);
  waitpid (self->pid, &status, 0);
  self->pid = 0;
  if (WIFSIGNALED (status))
    g_string_append_printf (self->faults, "it ended by signal %d\n", WTERMSIG (status));
  else if (WEXITSTATUS (status) != 0 && self->faults->len == 0)
    g_string_append (self->faults, "it failed\n");
  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return g_string_free (self->faults, TRUE), NULL;
  return g_string_free (self->faults, FALSE);
}

/* Runs histories; returns how many were bad. @until_bad: stops at the first bad one, and is silent about it. */
static guint
run_histories (guint64 first, guint n, gboolean until_bad, guint *n_run)
{
  Worker workers[WORKERS] = { 0 };
  guint started = 0, running = 0, bad = 0;

  *n_run = 0;
  while (running > 0 || (started < n && !(until_bad && bad > 0)))
    {
      struct pollfd ends[WORKERS];

      for (guint i = 0; i < WORKERS; i++)
        {
          if (workers[i].pid == 0 && started < n && !(until_bad && bad > 0))
            {
              worker_start (&workers[i], i, first + started++);
              running++;
            }
          ends[i] = (struct pollfd) { workers[i].pid != 0 ? workers[i].pipe : -1, POLLIN, 0 };
        }
      poll (ends, WORKERS, -1);
      for (guint i = 0; i < WORKERS; i++)
        if (ends[i].fd >= 0 && ends[i].revents != 0 && worker_read (&workers[i]))
          {
            const guint64 seed = workers[i].seed;
            g_autofree char *faults = worker_end (&workers[i]);

            running--;
            ++*n_run;
            if (faults == NULL)
              continue;
            bad++;
            if (!until_bad)
              g_test_message ("XH_SIM_SEED=%" G_GUINT64_FORMAT ":\n%s", seed, faults);
          }
    }
  return bad;
}

static void
test_histories (void)
{
  const guint64 first = read_number ("XH_SIM_FIRST", 1);
  guint n_run, bad;

  sim_mutant = SIM_SOUND;
  bad = run_histories (first, (guint) read_number ("XH_SIM_RUNS", RUNS), FALSE, &n_run);
  g_test_message ("%u histories, %u violations", n_run, bad);
  g_assert_cmpuint (bad, ==, 0);
}

/* Histories beyond the usual ones that have shown a fault. */
static const guint64 found[] = { 10187, 10747, 11934 };

static void
test_found (void)
{
  guint n_run, bad = 0;

  sim_mutant = SIM_SOUND;
  for (guint i = 0; i < G_N_ELEMENTS (found); i++)
    bad += run_histories (found[i], 1, FALSE, &n_run);
  g_assert_cmpuint (bad, ==, 0);
}

/* Others, so that the histories without it stay what they were. */
static void
test_news (void)
{
  guint n_run, bad;

  sim_mutant = SIM_SOUND;
  sim_with_news = TRUE;
  bad = run_histories (read_number ("XH_SIM_FIRST", 1), (guint) read_number ("XH_SIM_NEWS_RUNS", NEWS_RUNS), FALSE, &n_run);
  sim_with_news = FALSE;
  g_test_message ("%u histories with news, %u violations", n_run, bad);
  g_assert_cmpuint (bad, ==, 0);
}

static void
test_mutant (gconstpointer data)
{
  guint n_run, bad;

  sim_mutant = GPOINTER_TO_UINT (data);
  bad = run_histories (1, MUTANT_RUNS, TRUE, &n_run);
  sim_mutant = SIM_SOUND; /* or what follows runs broken, too */
  g_test_message ("caught after %u histories", n_run);
  g_assert_cmpuint (bad, >, 0);
}

static const struct { const char *name; SimNth nth; guint stride; } nths[] = {
  { "client/write", { FALSE, SIM_DISK_FAIL, SIM_DISK_WRITE, 0 }, 1 },
  { "client/sync", { FALSE, SIM_DISK_FAIL, SIM_DISK_SYNC, 0 }, 1 },
  { "client/read", { FALSE, SIM_DISK_FAIL, SIM_DISK_READ, 0 }, 1 },
  { "client/full", { FALSE, SIM_DISK_FULL, SIM_DISK_WRITE, 0 }, 4 },
  { "client/kill", { FALSE, SIM_DISK_KILL, SIM_DISK_WRITE | SIM_DISK_SYNC, 0 }, 2 },
  { "client/power", { FALSE, SIM_DISK_CUT, SIM_DISK_WRITE | SIM_DISK_SYNC, 0 }, 2 },
  { "server/write", { TRUE, SIM_DISK_FAIL, SIM_DISK_WRITE, 0 }, 1 },
  { "server/sync", { TRUE, SIM_DISK_FAIL, SIM_DISK_SYNC, 0 }, 1 },
  { "server/read", { TRUE, SIM_DISK_FAIL, SIM_DISK_READ, 0 }, 1 },
  { "server/full", { TRUE, SIM_DISK_FULL, SIM_DISK_WRITE, 0 }, 4 },
  { "server/kill", { TRUE, SIM_DISK_KILL, SIM_DISK_WRITE | SIM_DISK_SYNC, 0 }, 2 },
  { "server/power", { TRUE, SIM_DISK_CUT, SIM_DISK_WRITE | SIM_DISK_SYNC, 0 }, 2 },
  { "allocation", { FALSE, SIM_DISK_FAIL, 0, 0 }, 199 },
};

/* Each n in its turn, by strides unless XH_SIM_EVERY is set, until the history has no more operations. */
static void
test_nth (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data), stride = (g_getenv ("XH_SIM_EVERY") != NULL ? 1 : 8) * nths[i].stride;
  guint bad = 0, runs = 0;
  gboolean more = TRUE;
  Worker workers[WORKERS] = { 0 };

  nth = nths[i].nth;
  for (guint64 n = 1; more; )
    {
      for (guint w = 0; w < WORKERS; w++, n += stride)
        worker_start (&workers[w], w, n);
      for (guint w = 0; w < WORKERS; w++)
        {
          g_autofree char *faults = NULL;

          while (!worker_read (&workers[w]))
            ;
          faults = worker_end (&workers[w]);
          more = more && (faults == NULL || !g_str_has_suffix (faults, NOT_STRUCK));
          runs++;
          /* A form that gets no memory ends the program, as GLib does. */
          if (faults == NULL || g_str_has_suffix (faults, NOT_STRUCK) || (nths[i].nth.ops == 0 && strstr (faults, "out of memory") != NULL))
            continue;
          bad++;
          g_test_message ("XH_SIM_NTH=%u XH_SIM_SEED=%" G_GUINT64_FORMAT ":\n%s", i, workers[w].seed, faults);
        }
    }
  nth.fault = SIM_DISK_FINE;
  g_test_message ("%s: %u places, %u violations", nths[i].name, runs, bad);
  g_assert_cmpuint (bad, ==, 0);
}

static int
replay (guint64 seed)
{
  g_autofree char *faults = NULL;

  if (g_getenv ("XH_SIM_NTH") != NULL)
    nth = nths[MIN (read_number ("XH_SIM_NTH", 0), G_N_ELEMENTS (nths) - 1)].nth;

  sim_with_news = g_getenv ("XH_SIM_NEWS") != NULL;
  sim_mutant = (SimMutant) read_number ("XH_SIM_MUTANT", SIM_SOUND);
  faults = run_history (seed, 0, TRUE);
  sim_clean ();
  g_print ("%s%s", *faults != '\0' ? "=== violations\n" : "=== no violation\n", faults);
  return *faults != '\0';
}

int
main (int argc, char **argv)
{
  int failed;

  setlocale (LC_ALL, "C.UTF-8");
  g_setenv ("XINHENG_TODAY", "2026-11-22", TRUE);
  if (sodium_init () < 0)
    return 1;
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL); /* a disk that fails is warned of */
  sim_chance_begin (0);
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  sim_memory_install ();
  sim_disk_install ();
  sim_prepare ();
  if (g_getenv ("XH_SIM_SEED") != NULL)
    return replay (read_number ("XH_SIM_SEED", 1));
  g_test_add_func ("/sim/histories", test_histories);
  g_test_add_func ("/sim/found-before", test_found);
  g_test_add_func ("/sim/news", test_news);
  g_test_add_data_func ("/sim/mutants/merge", GUINT_TO_POINTER (SIM_BROKEN_MERGE), test_mutant);
  g_test_add_data_func ("/sim/mutants/acknowledgement", GUINT_TO_POINTER (SIM_BROKEN_ACK), test_mutant);
  g_test_add_data_func ("/sim/mutants/cursor", GUINT_TO_POINTER (SIM_BROKEN_CURSOR), test_mutant);
  g_test_add_data_func ("/sim/mutants/adoption", GUINT_TO_POINTER (SIM_BROKEN_ADOPTION), test_mutant);
  for (guint i = 0; i < G_N_ELEMENTS (nths); i++)
    {
      g_autofree char *name = g_strconcat ("/sim/nth/", nths[i].name, NULL);

      g_test_add_data_func (name, GUINT_TO_POINTER (i), test_nth);
    }
  failed = g_test_run ();
  sim_clean ();
  return failed;
}
