/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-date-row.h"

#include <glib/gi18n-lib.h>

#include "model/xh-calendar.h"

struct _XhDateRow
{
  XhEntryRow parent_instance;

  GtkCalendar *calendar;
  GtkMenuButton *button;
  gboolean showing;
};

G_DEFINE_FINAL_TYPE (XhDateRow, xh_date_row, XH_TYPE_ENTRY_ROW)

/* Up to three runs of digits and how long each is. */
static guint
read_numbers (const char *text, int *numbers, guint *lengths)
{
  guint n = 0;
  gboolean inside = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      int digit = g_unichar_digit_value (g_utf8_get_char (p));

      if (digit < 0)
        {
          inside = FALSE;
          continue;
        }
      if (!inside)
        {
          if (n == 3)
            return 0;
          numbers[n] = 0;
          lengths[n++] = 0;
          inside = TRUE;
        }
      if (++lengths[n - 1] > 8)
        return 0;
      numbers[n - 1] = numbers[n - 1] * 10 + digit;
    }
  return n;
}

static int
this_year (void)
{
  GDate today;

  xh_date_today (&today);
  return g_date_get_year (&today);
}

char *
xh_date_guess (const char *text)
{
  int numbers[3] = { 0 }, year = 0, month = 0, day = 0;
  guint lengths[3] = { 0 }, n;
  GDate date;

  if (!g_utf8_validate (text, -1, NULL))
    return NULL;
  n = read_numbers (text, numbers, lengths);
  if (n == 3 && lengths[0] == 4)
    year = numbers[0], month = numbers[1], day = numbers[2];
  else if (n == 2 && lengths[0] <= 2)
    year = this_year (), month = numbers[0], day = numbers[1];
  else if (n == 1 && lengths[0] == 8)
    year = numbers[0] / 10000, month = numbers[0] / 100 % 100, day = numbers[0] % 100;
  else if (n == 1 && lengths[0] == 4)
    year = this_year (), month = numbers[0] / 100, day = numbers[0] % 100;

  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31 || !g_date_valid_dmy (day, month, year))
    return NULL;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day, month, year);
  return xh_date_format (&date);
}

static char *
xh_date_row_read (XhEntryRow *row, const char *text)
{
  return xh_date_guess (text);
}

static void
day_selected_cb (GtkCalendar *calendar, XhDateRow *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (calendar);
  g_autofree char *text = g_date_time_format (day, "%Y-%m-%d");

  if (self->showing)
    return;
  gtk_editable_set_text (GTK_EDITABLE (xh_entry_row_get_entry (XH_ENTRY_ROW (self))), text);
}

static void
show_day (XhDateRow *self)
{
  const XhValue *value = xh_cell_get (xh_field_row_get_cell (XH_FIELD_ROW (self)));
  g_autoptr (GDateTime) day = NULL;
  GDate date;

  if (xh_value_is_null (value) || !xh_date_parse (xh_value_as_text (value), &date))
    xh_date_today (&date);
  day = g_date_time_new_local (g_date_get_year (&date), g_date_get_month (&date), g_date_get_day (&date), 12, 0, 0);
  self->showing = TRUE;
  gtk_calendar_select_day (self->calendar, day);
  self->showing = FALSE;
}

static void
close_cb (XhDateRow *self)
{
  gtk_menu_button_popdown (self->button);
  xh_field_row_grab_editor (XH_FIELD_ROW (self));
}

static void
choose_today_cb (XhDateRow *self)
{
  GDate date;
  g_autofree char *text = NULL;

  xh_date_today (&date);
  text = xh_date_format (&date);
  gtk_editable_set_text (GTK_EDITABLE (xh_entry_row_get_entry (XH_ENTRY_ROW (self))), text);
  close_cb (self);
}

static GtkWidget *
create_popover (XhDateRow *self)
{
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *today = gtk_button_new_with_label (_ ("Today")), *done = gtk_button_new_with_label (_ ("Done"));

  self->calendar = GTK_CALENDAR (gtk_calendar_new ());
  gtk_widget_set_hexpand (today, TRUE);
  gtk_widget_set_hexpand (done, TRUE);
  gtk_widget_add_css_class (done, "suggested-action");
  gtk_box_append (GTK_BOX (buttons), today);
  gtk_box_append (GTK_BOX (buttons), done);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->calendar));
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_popover_set_child (GTK_POPOVER (popover), box);

  g_signal_connect (self->calendar, "day-selected", G_CALLBACK (day_selected_cb), self);
  g_signal_connect_swapped (today, "clicked", G_CALLBACK (choose_today_cb), self);
  g_signal_connect_swapped (done, "clicked", G_CALLBACK (close_cb), self);
  g_signal_connect_swapped (popover, "show", G_CALLBACK (show_day), self);
  return popover;
}

static void
xh_date_row_build (XhFieldRow *row)
{
  XhDateRow *self = XH_DATE_ROW (row);
  const char *label = xh_label_get (&xh_field_row_get_field (row)->label);
  g_autofree char *name = g_strdup_printf (_ ("Calendar: %s"), label);

  XH_FIELD_ROW_CLASS (xh_date_row_parent_class)->build (row);
  g_object_set (xh_entry_row_get_entry (XH_ENTRY_ROW (self)), "placeholder-text", _ ("year-month-day"), NULL);
  gtk_widget_add_css_class (GTK_WIDGET (xh_entry_row_get_entry (XH_ENTRY_ROW (self))), "numeric");

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->button, "x-office-calendar-symbolic");
  gtk_menu_button_set_popover (self->button, create_popover (self));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _ ("Choose from a calendar"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  gtk_box_append (xh_entry_row_get_box (XH_ENTRY_ROW (self)), GTK_WIDGET (self->button));
}

static void
xh_date_row_class_init (XhDateRowClass *klass)
{
  XH_FIELD_ROW_CLASS (klass)->build = xh_date_row_build;
  XH_ENTRY_ROW_CLASS (klass)->read = xh_date_row_read;
}

static void
xh_date_row_init (XhDateRow *self)
{
}
