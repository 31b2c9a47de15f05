/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Starts a program and prints the milliseconds until its first real window is mapped: window-start COMMAND [ARGUMENT...].
 * Needs an X display without other programs on it. The program is ended afterwards. */
#include <X11/Xlib.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t
start_program (char **argv)
{
  pid_t pid = fork ();

  if (pid == 0)
    {
      if (freopen ("/dev/null", "w", stderr) == NULL)
        _exit (126);
      execvp (argv[0], argv);
      _exit (127);
    }
  return pid;
}

static gboolean
is_real_window (Display *display, Window window)
{
  XWindowAttributes attributes;

  return XGetWindowAttributes (display, window, &attributes) && attributes.width > 200 && attributes.height > 200 &&
         attributes.class == InputOutput;
}

static int
ignore_error_cb (Display *display, XErrorEvent *event)
{
  return 0; /* a window may be gone again before it is asked about */
}

int
main (int argc, char **argv)
{
  Display *display = XOpenDisplay (NULL);
  XEvent event;
  gint64 start;
  pid_t pid;

  if (argc < 2 || display == NULL)
    {
      fprintf (stderr, "window-start: needs a display and a command\n");
      return 2;
    }
  XSetErrorHandler (ignore_error_cb);
  XSelectInput (display, DefaultRootWindow (display), SubstructureNotifyMask);
  XSync (display, False);
  start = g_get_monotonic_time ();
  pid = start_program (argv + 1);
  do
    XNextEvent (display, &event);
  while (event.type != MapNotify || !is_real_window (display, event.xmap.window));
  printf ("%.1f\n", (g_get_monotonic_time () - start) / 1000.0);
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  XCloseDisplay (display);
  return 0;
}
