/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes that are written whole although the system takes only some, and a file that takes its place. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "store/xh-durable.h"

#define LENGTH (1 << 20)

static void
interrupted (int number)
{
}

/* Small bites, so that the writer often waits and is interrupted meanwhile. */
static gpointer
read_all (gpointer data)
{
  const int fd = GPOINTER_TO_INT (data);
  GByteArray *all = g_byte_array_new ();
  guint8 bite[1000];
  gssize n;

  while ((n = read (fd, bite, sizeof bite)) > 0 || (n < 0 && errno == EINTR))
    g_byte_array_append (all, bite, (guint) MAX (n, 0));
  return all;
}

static void
test_interrupted (void)
{
  g_autofree guint8 *bytes = g_malloc (LENGTH);
  const struct sigaction action = { .sa_handler = interrupted };
  const struct itimerval often = { { 0, 200 }, { 0, 200 } }, never = { { 0, 0 }, { 0, 0 } };
  g_autoptr (GByteArray) all = NULL;
  GThread *thread;
  int ends[2];

  for (guint i = 0; i < LENGTH; i++)
    bytes[i] = (guint8) (i * 31 + (i >> 8));
  g_assert_no_errno (pipe (ends));
  g_assert_no_errno (sigaction (SIGALRM, &action, NULL));
  thread = g_thread_new ("reader", read_all, GINT_TO_POINTER (ends[0]));
  g_assert_no_errno (setitimer (ITIMER_REAL, &often, NULL));
  g_assert_true (xh_durable_write (ends[1], bytes, LENGTH));
  g_assert_no_errno (setitimer (ITIMER_REAL, &never, NULL));
  close (ends[1]);
  all = g_thread_join (thread);
  close (ends[0]);
  g_assert_cmpmem (all->data, all->len, bytes, LENGTH);
}

static void
test_full (void)
{
  const int fd = g_open ("/dev/full", O_WRONLY | O_CLOEXEC, 0);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fd, >=, 0);
  g_assert_false (xh_durable_write (fd, "x", 1));
  g_assert_cmpint (errno, ==, ENOSPC);
  g_assert_false (xh_durable_fail ("/dev/full", errno, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
  g_assert_nonnull (strstr (error->message, "/dev/full"));
  close (fd);
}

static void
test_place (void)
{
  g_autofree char *folder = g_dir_make_tmp ("xinheng-durable-XXXXXX", NULL);
  g_autofree char *part = g_build_filename (folder, "a.part", NULL), *path = g_build_filename (folder, "a", NULL), *text = NULL;
  const int fd = g_open (part, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  g_assert_true (xh_durable_write (fd, "new", 3));
  g_assert_true (xh_durable_place (fd, part, path));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "new");
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  g_assert_false (xh_durable_place (fd, part, path));
  g_assert_cmpint (errno, ==, ENOENT);
  close (fd);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/durable/interrupted-write-is-whole", test_interrupted);
  g_test_add_func ("/store/durable/full-disk-is-told", test_full);
  g_test_add_func ("/store/durable/part-takes-its-place", test_place);
  return g_test_run ();
}
