/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the bar under the header says: the most pressing thing first, the page's own notice behind it. */

#include "xh-window-private.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"

typedef struct
{
  const char *icon, *button, *action;
  char *text; /* (owned) (nullable) */
} Saying;

static char *
say_offline (XhWindow *self, guint unsent)
{
  const char *last = xh_session_get_desk (self->session)->last_contact;
  g_autofree char *contact = NULL, *day = NULL, *data = NULL;

  g_object_get (self->session, "last-contact", &contact, NULL);
  day = xh_text_day (contact != NULL ? contact : last);
  data = day != NULL ? g_strdup_printf (_("Offline · data as of %s"), day) : g_strdup (_("Offline"));
  if (unsent == 0)
    return g_steal_pointer (&data);

  return g_strdup_printf (ngettext ("%s · %u change is kept here and not sent yet",
                                    "%s · %u changes are kept here and not sent yet", unsent), data, unsent);
}

/* Nothing but zeros would be shown, and read as if it were the truth. */
static char *
say_first_sync (XhWindow *self)
{
  guint received = 0, total = 0;
  g_autofree char *done = NULL, *all = NULL;

  g_object_get (xh_session_get_engine (self->session), "received", &received, "total", &total, NULL);
  if (total == 0)
    return g_strdup (_("First synchronisation… Records appear as they arrive."));

  done = xh_text_number (MIN (received, total));
  all = xh_text_number (total);

  return g_strdup_printf (_("First synchronisation: %s of %s. Records appear as they arrive."), done, all);
}

/* What is within this is not worth a word: nothing is decided by this computer's clock but what people read. */
#define CLOCK_SECONDS (5 * 60)

static char *
say_clock (XhWindow *self)
{
  gint64 difference = 0;
  g_autofree char *span = NULL;

  g_object_get (xh_session_get_engine (self->session), "clock-difference", &difference, NULL);
  if (ABS (difference) <= CLOCK_SECONDS)
    return NULL;

  span = xh_text_span (ABS (difference));
  return g_strdup_printf (difference > 0 ? _("This computer's clock is %s behind the server's. Please set it: times and dates you enter come from it.")
                                         : _("This computer's clock is %s ahead of the server's. Please set it: times and dates you enter come from it."),
                          span);
}

static Saying
what_to_say (XhWindow *self)
{
  Saying saying = { NULL };
  g_autofree char *message = NULL, *contact = NULL;
  guint unsent = 0, tray = 0;
  int state = 0;

  if (self->session == NULL)
    return saying;

  g_object_get (self->session, "unsent", &unsent, "tray", &tray, "state", &state, "message", &message,
                "last-contact", &contact, NULL);
  if (state == XH_ENGINE_SIGN_IN)
    {
      saying.icon = "dialog-password-symbolic";
      saying.text = g_strdup (_("The server asks for your password again. Work goes on; nothing is lost."));
      saying.button = _("Sign in");
      saying.action = "win.lock";
    }
  else if (state == XH_ENGINE_FAULT)
    {
      saying.icon = "dialog-warning-symbolic";
      saying.text = g_strdup_printf (_("Synchronisation failed: %s"), message != NULL ? message : _("unknown cause"));
      saying.button = _("Try again");
      saying.action = "win.sync-now";
    }
  else if (state == XH_ENGINE_DIFFERS)
    {
      saying.icon = "dialog-warning-symbolic";
      saying.text = g_strdup (_("Synchronisation has stopped: the server's records are not the ones this computer knows. Nothing is lost."));
      saying.button = _("Decide");
      saying.action = "win.open('sync')";
    }
  else if (state == XH_ENGINE_OFFLINE)
    {
      saying.icon = "network-offline-symbolic";
      saying.text = say_offline (self, unsent);
      saying.button = _("Try again");
      saying.action = "win.sync-now";
    }
  else if (state == XH_ENGINE_SYNCING && contact == NULL)
    {
      saying.icon = "emblem-synchronizing-symbolic";
      saying.text = say_first_sync (self);
    }
  else if (tray > 0)
    {
      saying.icon = "dialog-warning-symbolic";
      saying.text = g_strdup_printf (ngettext ("%u change could not be taken over and waits for your decision",
                                               "%u changes could not be taken over and wait for your decision", tray),
                                     tray);
      saying.button = _("Decide");
      saying.action = "win.open('sync')";
    }
  else if (state == XH_ENGINE_SETTLED && message != NULL)
    {
      saying.icon = "mail-attachment-symbolic";
      saying.text = g_steal_pointer (&message);
      saying.button = _("Try again");
      saying.action = "win.sync-now";
    }
  else if ((saying.text = say_clock (self)) != NULL)
    saying.icon = "preferences-system-time-symbolic";

  return saying;
}

void
xh_window_update_status (XhWindow *self)
{
  const char *notice = self->stack->len > 0
                         ? xh_page_get_notice (g_ptr_array_index (self->stack, self->stack->len - 1)) : NULL;
  Saying saying = what_to_say (self);
  g_autofree char *text = saying.text;

  if (notice == NULL)
    xh_status_bar_say (self->status_bar, saying.icon, text, saying.button, saying.action);
  else if (text == NULL)
    xh_status_bar_say (self->status_bar, "dialog-information-symbolic", notice, NULL, NULL);
  else
    {
      g_autofree char *both = g_strconcat (notice, " · ", text, NULL);

      xh_status_bar_say (self->status_bar, saying.icon, both, saying.button, saying.action);
    }
}
