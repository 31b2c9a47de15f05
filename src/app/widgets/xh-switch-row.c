/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-switch-row.h"

struct _XhSwitchRow
{
  XhFieldRow parent_instance;

  GtkSwitch *button;
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (XhSwitchRow, xh_switch_row, XH_TYPE_FIELD_ROW)

static void
active_cb (XhSwitchRow *self)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (self->loading)
    return;
  xh_cell_break_undo (xh_field_row_get_cell (XH_FIELD_ROW (self)));
  xh_value_set_integer (&value, gtk_switch_get_active (self->button));
  xh_field_row_set_value (XH_FIELD_ROW (self), &value);
}

static void
xh_switch_row_load (XhFieldRow *row)
{
  XhSwitchRow *self = XH_SWITCH_ROW (row);

  self->loading = TRUE;
  gtk_switch_set_active (self->button, xh_value_as_integer (xh_cell_get (xh_field_row_get_cell (row))) != 0);
  self->loading = FALSE;
}

static void
xh_switch_row_build (XhFieldRow *row)
{
  XhSwitchRow *self = XH_SWITCH_ROW (row);

  self->button = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->button), TRUE);
  gtk_widget_set_halign (GTK_WIDGET (self->button), GTK_ALIGN_END);
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  xh_field_row_set_editor (row, GTK_WIDGET (self->button), GTK_WIDGET (self->button), FALSE);
  g_signal_connect_swapped (self->button, "notify::active", G_CALLBACK (active_cb), self);
}

static void
xh_switch_row_class_init (XhSwitchRowClass *klass)
{
  XH_FIELD_ROW_CLASS (klass)->build = xh_switch_row_build;
  XH_FIELD_ROW_CLASS (klass)->load = xh_switch_row_load;
}

static void
xh_switch_row_init (XhSwitchRow *self)
{
}
