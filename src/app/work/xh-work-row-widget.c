/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-work-row-widget.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-names.h"
#include "app/widgets/xh-state-badge.h"

/* Due within so many days is soon. */
#define SOON 7

struct _XhWorkRowWidget
{
  GtkListBoxRow parent_instance;

  char *id;           /* (owned) */
  const XhKind *kind;
  char *state;        /* (owned) (nullable) */
  GtkCheckButton *tick; /* (nullable) */
  gboolean silent;
};

G_DEFINE_FINAL_TYPE (XhWorkRowWidget, xh_work_row_widget, GTK_TYPE_LIST_BOX_ROW)

static guint toggled_signal;

char *
xh_work_describe_days (int days, const char **tone, const char **icon)
{
  *tone = days < 0 ? "clock-overdue" : days <= SOON ? "clock-soon" : "clock-in-time";
  *icon = days < 0 ? "dialog-warning-symbolic" : "alarm-symbolic";
  if (days < 0)
    return g_strdup_printf (ngettext ("%d day overdue", "%d days overdue", -days), -days);
  if (days == 0)
    return g_strdup (_("due today"));

  return g_strdup_printf (ngettext ("%d day left", "%d days left", days), days);
}

static GtkWidget *
create_line (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  xh_show_whole_when_cut (label);
  if (style != NULL)
    {
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, style);
    }

  return label;
}

static GtkWidget *
create_clock (const XhWorkRow *row)
{
  const char *tone, *icon;
  g_autofree char *text = xh_work_describe_days (row->days, &tone, &icon);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4), *image = gtk_image_new_from_icon_name (icon);

  gtk_image_set_pixel_size (GTK_IMAGE (image), 12);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), gtk_label_new (text));
  gtk_widget_add_css_class (box, "clock");
  gtk_widget_add_css_class (box, tone);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (box, row->due);

  return box;
}

static GtkWidget *
create_state (const XhWorkRow *row)
{
  GtkWidget *badge = xh_state_badge_new ();

  xh_state_badge_set (XH_STATE_BADGE (badge), xh_kind_find_state (row->kind, row->state));
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);

  return badge;
}

/* The name has a line to itself: what hangs on the record stands below it. */
static GtkWidget *
create_second_line (const XhWorkRow *row, const char *below, gboolean by_day)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *text = create_line (below, "dim-label");

  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (line), text);
  if (by_day && row->days != XH_WORK_NO_DUE)
    gtk_box_append (GTK_BOX (line), create_clock (row));
  else if (row->state != NULL)
    gtk_box_append (GTK_BOX (line), create_state (row));

  return line;
}

static void
name_row (XhWorkRowWidget *self, const XhWorkRow *row, const char *below)
{
  const char *tone, *icon;
  const XhState *state = xh_kind_find_state (row->kind, row->state);
  g_autofree char *days = row->days != XH_WORK_NO_DUE ? xh_work_describe_days (row->days, &tone, &icon) : NULL;
  const char *what = days != NULL ? days : state != NULL ? xh_label_get (&state->label) : "";
  g_autofree char *description = g_strdup_printf ("%s · %s", below, what);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, row->title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

static void
tick_cb (XhWorkRowWidget *self)
{
  if (!self->silent)
    g_signal_emit (self, toggled_signal, 0);
}

static gboolean
space_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  XhWorkRowWidget *self = XH_WORK_ROW_WIDGET (widget);

  if (self->tick == NULL)
    return FALSE;
  gtk_check_button_set_active (self->tick, !gtk_check_button_get_active (self->tick));

  return TRUE;
}

static void
xh_work_row_widget_finalize (GObject *object)
{
  XhWorkRowWidget *self = XH_WORK_ROW_WIDGET (object);

  g_free (self->id);
  g_free (self->state);

  G_OBJECT_CLASS (xh_work_row_widget_parent_class)->finalize (object);
}

static void
xh_work_row_widget_class_init (XhWorkRowWidgetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_work_row_widget_finalize;
  toggled_signal = g_signal_new ("toggled", XH_TYPE_WORK_ROW_WIDGET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding (GTK_WIDGET_CLASS (klass), GDK_KEY_space, 0, space_cb, NULL);
}

static void
xh_work_row_widget_init (XhWorkRowWidget *self)
{
}

static void
add_tick (XhWorkRowWidget *self, GtkWidget *box, const char *title)
{
  g_autofree char *name = g_strdup_printf (_("Select %s"), title);

  self->tick = GTK_CHECK_BUTTON (gtk_check_button_new ());
  /* Space on the row ticks: the box itself need not be a stop of Tab. */
  gtk_widget_set_focusable (GTK_WIDGET (self->tick), FALSE);
  gtk_widget_set_can_focus (GTK_WIDGET (self->tick), FALSE); /* else a check button takes Tab and keeps it */
  gtk_widget_set_valign (GTK_WIDGET (self->tick), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tick), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped (self->tick, "toggled", G_CALLBACK (tick_cb), self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->tick));
}

GtkWidget *
xh_work_row_widget_new (const XhWorkRow *row, gboolean may_tick, gboolean by_day)
{
  XhWorkRowWidget *self = g_object_new (XH_TYPE_WORK_ROW_WIDGET, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  const char *register_name = xh_label_get (&row->kind->label);
  const char *title = *row->title != '\0' ? row->title : _("Without a name");
  g_autofree char *below = row->subtitle != NULL && *row->subtitle != '\0'
                             ? g_strdup_printf ("%s · %s", register_name, row->subtitle) : g_strdup (register_name);

  self->id = g_strdup (row->id);
  self->kind = row->kind;
  self->state = g_strdup (row->state);
  if (may_tick)
    add_tick (self, box, title);
  gtk_box_append (GTK_BOX (lines), create_line (title, NULL));
  gtk_box_append (GTK_BOX (lines), create_second_line (row, below, by_day));
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), lines);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "work-row");
  name_row (self, row, below);

  return GTK_WIDGET (self);
}

const char *
xh_work_row_widget_get_id (XhWorkRowWidget *self)
{
  return self->id;
}

const XhKind *
xh_work_row_widget_get_kind (XhWorkRowWidget *self)
{
  return self->kind;
}

const char *
xh_work_row_widget_get_state (XhWorkRowWidget *self)
{
  return self->state;
}

gboolean
xh_work_row_widget_is_ticked (XhWorkRowWidget *self)
{
  return self->tick != NULL && gtk_check_button_get_active (self->tick);
}

void
xh_work_row_widget_set_ticked (XhWorkRowWidget *self, gboolean ticked)
{
  if (self->tick == NULL)
    return;

  self->silent = TRUE;
  gtk_check_button_set_active (self->tick, ticked);
  self->silent = FALSE;
}
