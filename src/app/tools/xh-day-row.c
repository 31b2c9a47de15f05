/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-day-row.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-date-row.h"
#include "model/xh-calendar.h"

struct _XhDayRow
{
  AdwEntryRow parent_instance;

  GDate day; /* not valid: none */
};

G_DEFINE_FINAL_TYPE (XhDayRow, xh_day_row, ADW_TYPE_ENTRY_ROW)

static guint day_changed_signal;

static void
changed_cb (XhDayRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self));
  g_autofree char *iso = xh_date_guess (text);
  const gboolean was = g_date_valid (&self->day);
  GDate day;

  g_date_clear (&day, 1);
  if (iso != NULL)
    xh_date_parse (iso, &day);
  if (*text != '\0' && iso == NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), *text != '\0' && iso == NULL ? _("A day is written 2026-11-22") : NULL);

  if (was == (iso != NULL) && (!was || g_date_compare (&self->day, &day) == 0))
    return;
  self->day = day;
  g_signal_emit (self, day_changed_signal, 0);
}

/* What was meant, as it is written. Never while one types. */
static void
settle_cb (XhDayRow *self)
{
  g_autofree char *iso = g_date_valid (&self->day) ? xh_date_format (&self->day) : NULL;

  if (iso != NULL && !g_str_equal (iso, gtk_editable_get_text (GTK_EDITABLE (self))))
    gtk_editable_set_text (GTK_EDITABLE (self), iso);
}

static void
activated_cb (XhDayRow *self)
{
  settle_cb (self);
  gtk_widget_child_focus (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))), GTK_DIR_TAB_FORWARD);
}

static void
xh_day_row_class_init (XhDayRowClass *klass)
{
  day_changed_signal = g_signal_new ("day-changed", XH_TYPE_DAY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xh_day_row_init (XhDayRow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_date_clear (&self->day, 1);
  gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
  g_signal_connect (self, "changed", G_CALLBACK (changed_cb), NULL);
  g_signal_connect (self, "entry-activated", G_CALLBACK (activated_cb), NULL);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (settle_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

gboolean
xh_day_row_get (XhDayRow *self, GDate *day)
{
  g_return_val_if_fail (XH_IS_DAY_ROW (self), FALSE);

  if (!g_date_valid (&self->day))
    return FALSE;
  *day = self->day;

  return TRUE;
}

void
xh_day_row_set (XhDayRow *self, const char *iso)
{
  g_return_if_fail (XH_IS_DAY_ROW (self));

  gtk_editable_set_text (GTK_EDITABLE (self), iso != NULL ? iso : "");
}
