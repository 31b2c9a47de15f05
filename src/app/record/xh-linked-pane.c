/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-linked-pane.h"

#include <glib/gi18n-lib.h>

struct _XhLinkedPane
{
  AdwBin parent_instance;

  GtkBox *box;
};

G_DEFINE_FINAL_TYPE (XhLinkedPane, xh_linked_pane, ADW_TYPE_BIN)

enum { OPEN, OPEN_ALL, CREATE, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What a row or button is about; freed with it. */
typedef struct
{
  XhLinkedPane *pane;
  const char *kind, *field;
  char *id; /* (owned) (nullable) */
  guint signal;
} Target;

static void
target_free (gpointer data, GClosure *closure)
{
  Target *target = data;

  g_free (target->id);
  g_free (target);
}

static void
target_cb (Target *target)
{
  g_signal_emit (target->pane, signals[target->signal], 0, target->kind, target->id != NULL ? target->id : target->field);
}

static void
connect_target (GtkWidget *widget, const char *signal, XhLinkedPane *pane, const XhLinkedKind *linked, const char *id, guint what)
{
  Target *target = g_new0 (Target, 1);

  target->pane = pane;
  target->kind = linked->kind->name;
  target->field = linked->field->name;
  target->id = g_strdup (id);
  target->signal = what;
  g_signal_connect_data (widget, signal, G_CALLBACK (target_cb), target, target_free, G_CONNECT_SWAPPED);
}

static GtkWidget *
create_row (XhLinkedPane *self, const XhLinkedKind *linked, guint index)
{
  GtkWidget *row = adw_action_row_new ();
  const char *title = g_ptr_array_index (linked->titles, index);
  const XhState *state = xh_kind_find_state (linked->kind, g_ptr_array_index (linked->states, index));
  const char *label = state != NULL ? xh_label_get (&state->label) : "";
  g_autofree char *spoken = g_strdup_printf (_ ("%s, %s"), title != NULL ? title : "", label);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title != NULL ? title : "");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  connect_target (row, "activated", self, linked, g_ptr_array_index (linked->ids, index), OPEN);
  return row;
}

static GtkWidget *
create_new_button (XhLinkedPane *self, const XhLinkedKind *linked)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("list-add-symbolic");
  g_autofree char *name = g_strdup_printf (_ ("New: %s"), xh_label_get (&linked->kind->label));

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  connect_target (button, "clicked", self, linked, NULL, CREATE);
  return button;
}

static void
append_kind (XhLinkedPane *self, const XhLinkedKind *linked, const char *role)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *name = g_strdup_printf ("%s (%" G_GINT64_FORMAT ")", xh_label_get (&linked->kind->label), linked->count);
  g_autofree char *title = g_markup_escape_text (name, -1);

  adw_preferences_group_set_title (group, title);
  if (xh_kind_may (linked->kind, linked->kind->create_roles, role))
    adw_preferences_group_set_header_suffix (group, create_new_button (self, linked));
  for (guint i = 0; i < linked->ids->len; i++)
    adw_preferences_group_add (group, create_row (self, linked, i));
  if (linked->count > linked->ids->len)
    {
      GtkWidget *more = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (more), _ ("Show all"));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (more), TRUE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (more), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Show all"), -1);
      connect_target (more, "activated", self, linked, NULL, OPEN_ALL);
      adw_preferences_group_add (group, more);
    }
  gtk_box_append (self->box, GTK_WIDGET (group));
}

static void
xh_linked_pane_class_init (XhLinkedPaneClass *klass)
{
  static const char *const names[N_SIGNALS] = { "open", "open-all", "create" };

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], XH_TYPE_LINKED_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                               G_TYPE_STRING);
}

static void
xh_linked_pane_init (XhLinkedPane *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 18));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

GtkWidget *
xh_linked_pane_new (void)
{
  return g_object_new (XH_TYPE_LINKED_PANE, NULL);
}

void
xh_linked_pane_show (XhLinkedPane *self, GPtrArray *linked, const char *role)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  for (guint i = 0; i < linked->len; i++)
    append_kind (self, g_ptr_array_index (linked, i), role);
  gtk_widget_set_visible (GTK_WIDGET (self), linked->len > 0);
}
