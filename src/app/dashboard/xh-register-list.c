/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-register-list.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"

struct _XhRegisterList
{
  AdwBin parent_instance;

  GtkBox *columns[2];
  GHashTable *rows;   /* (owned) (element-type XhKind AdwActionRow) */
  GHashTable *groups; /* (owned) (element-type XhGroup AdwExpanderRow) */
};

G_DEFINE_FINAL_TYPE (XhRegisterList, xh_register_list, ADW_TYPE_BIN)

static guint opened_signal;

static GtkWidget *
make_count (GObject *row)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  g_object_set_data (row, "count", label);

  return label;
}

static void
set_count (GtkWidget *row, const char *name, gint64 count)
{
  g_autofree char *number = xh_text_number ((guint64) count);
  g_autofree char *spoken = g_strdup_printf (_ ("%s: %s"), name, number);

  gtk_label_set_text (g_object_get_data (G_OBJECT (row), "count"), number);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
activated_cb (GtkWidget *row, XhRegisterList *self)
{
  g_signal_emit (self, opened_signal, 0, g_object_get_data (G_OBJECT (row), "kind"));
}

static GtkWidget *
add_group (XhRegisterList *self, const XhGroup *group)
{
  GtkWidget *list = gtk_list_box_new (), *row = adw_expander_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xh_label_get (&group->label));
  if (group->icon != NULL)
    adw_expander_row_set_icon_name (ADW_EXPANDER_ROW (row), group->icon);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (row), make_count (G_OBJECT (row)));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, xh_label_get (&group->label), -1);
  gtk_box_append (self->columns[g_hash_table_size (self->groups) % 2], list);
  g_hash_table_insert (self->groups, (gpointer) group, row);

  return row;
}

static GtkWidget *
add_kind (XhRegisterList *self, const XhKind *kind, GtkWidget *group)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xh_label_get (&kind->label));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_count (G_OBJECT (row)));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data (G_OBJECT (row), "kind", (gpointer) kind);
  g_signal_connect (row, "activated", G_CALLBACK (activated_cb), self);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (group), row);
  g_hash_table_insert (self->rows, (gpointer) kind, row);

  return row;
}

void
xh_register_list_show (XhRegisterList *self, const XhFigures *figures)
{
  GPtrArray *groups;

  g_return_if_fail (XH_IS_REGISTER_LIST (self));
  g_return_if_fail (figures != NULL);

  groups = figures->kinds->len > 0 ? xh_catalog_get_groups (((XhKind *) g_ptr_array_index (figures->kinds, 0))->catalog) : NULL;
  for (guint i = 0; groups != NULL && i < groups->len; i++)
    {
      const XhGroup *group = g_ptr_array_index (groups, i);
      GtkWidget *head = g_hash_table_lookup (self->groups, group);
      gint64 sum = 0;

      for (guint j = 0; j < figures->kinds->len; j++)
        {
          const XhKind *kind = g_ptr_array_index (figures->kinds, j);
          const gint64 count = g_array_index (figures->counts, gint64, j);
          GtkWidget *row = g_hash_table_lookup (self->rows, kind);

          if (g_strcmp0 (kind->group, group->name) != 0)
            continue;
          if (head == NULL)
            head = add_group (self, group);
          if (row == NULL)
            row = add_kind (self, kind, head);
          set_count (row, xh_label_get (&kind->label), count);
          sum += count;
        }
      if (head != NULL)
        set_count (head, xh_label_get (&group->label), sum);
    }
}

static void
xh_register_list_finalize (GObject *object)
{
  XhRegisterList *self = XH_REGISTER_LIST (object);

  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->groups);

  G_OBJECT_CLASS (xh_register_list_parent_class)->finalize (object);
}

static void
xh_register_list_class_init (XhRegisterListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_register_list_finalize;

  opened_signal = g_signal_new ("opened", XH_TYPE_REGISTER_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
xh_register_list_init (XhRegisterList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);

  self->rows = g_hash_table_new (NULL, NULL);
  self->groups = g_hash_table_new (NULL, NULL);
  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (self->columns); i++)
    {
      self->columns[i] = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->columns[i]));
    }
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
xh_register_list_new (void)
{
  return g_object_new (XH_TYPE_REGISTER_LIST, NULL);
}
