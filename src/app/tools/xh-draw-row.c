/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-draw-row.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-names.h"
#include "xh-draw-ratios.h"

void
xh_draw_row_setup (GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *labels[5];

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      labels[i] = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (labels[i]), 0);
      gtk_label_set_ellipsize (GTK_LABEL (labels[i]), i == 1 || i == 2 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
      xh_show_whole_when_cut (labels[i]);
      gtk_widget_set_valign (labels[i], GTK_ALIGN_CENTER);
    }
  gtk_label_set_xalign (GTK_LABEL (labels[0]), 1);
  gtk_label_set_width_chars (GTK_LABEL (labels[0]), 5);
  gtk_widget_add_css_class (labels[0], "numeric");
  gtk_widget_add_css_class (labels[0], "dim-label");
  gtk_widget_add_css_class (labels[2], "caption");
  gtk_widget_add_css_class (labels[2], "dim-label");
  gtk_widget_add_css_class (labels[3], "state-badge");
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (lines), labels[1]);
  gtk_box_append (GTK_BOX (lines), labels[2]);
  gtk_box_append (GTK_BOX (box), labels[0]);
  gtk_box_append (GTK_BOX (box), lines);
  gtk_box_append (GTK_BOX (box), labels[4]);
  gtk_box_append (GTK_BOX (box), labels[3]);
  gtk_widget_add_css_class (box, "work-row");
  g_object_set_data_full (G_OBJECT (item), "labels", g_memdup2 (labels, sizeof labels), g_free);
  gtk_list_item_set_child (item, box);
}

void
xh_draw_row_bind (GtkListItem *item, const XhDrawSheet *sheet)
{
  GtkLabel **labels = g_object_get_data (G_OBJECT (item), "labels");
  const guint position = gtk_list_item_get_position (item);
  const XhDrawObject *object = sheet != NULL && position < sheet->objects->len ? g_ptr_array_index (sheet->objects, position) : NULL;
  g_autofree char *number = g_strdup_printf ("%u", position + 1);
  g_autofree char *grade = NULL, *name = NULL;
  GtkWidget *row = gtk_widget_get_parent (gtk_list_item_get_child (item));

  if (object == NULL)
    return;
  grade = object->grade != NULL && sheet->scheme != NULL ? xh_draw_grade_label (sheet->scheme, object->grade) : g_strdup (object->grade);
  name = g_strdup_printf (_("%s, %s, %s"), object->title, grade != NULL ? grade : "", object->inspector_names);
  gtk_label_set_text (labels[0], number);
  gtk_label_set_text (labels[1], object->title);
  gtk_label_set_text (labels[2], object->code != NULL ? object->code : "");
  gtk_widget_set_visible (GTK_WIDGET (labels[2]), object->code != NULL);
  gtk_label_set_text (labels[3], grade != NULL ? grade : "");
  gtk_widget_set_visible (GTK_WIDGET (labels[3]), grade != NULL);
  gtk_label_set_text (labels[4], object->inspector_names);
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}
