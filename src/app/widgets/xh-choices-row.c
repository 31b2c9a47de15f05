/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-choices-row.h"

#include <glib/gi18n-lib.h>

#include "xh-choice-row.h"

#include "model/xh-json.h"

struct _XhChoicesRow
{
  XhFieldRow parent_instance;

  GtkMenuButton *button;
  GtkLabel *label;
  GtkBox *list;
  GHashTable *checks; /* (owned) code to GtkCheckButton */
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (XhChoicesRow, xh_choices_row, XH_TYPE_FIELD_ROW)

static GHashTable *
read_codes (XhChoicesRow *self)
{
  const XhValue *value = xh_cell_get (xh_field_row_get_cell (XH_FIELD_ROW (self)));
  GHashTable *codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (JsonNode) node = xh_value_is_null (value) ? NULL : xh_json_parse (xh_value_as_text (value), -1, NULL);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_string (element) != NULL)
        g_hash_table_add (codes, json_node_dup_string (element));
    }
  return codes;
}

static void
show_label (XhChoicesRow *self)
{
  XhFieldRow *row = XH_FIELD_ROW (self);
  const XhField *field = xh_field_row_get_field (row);
  g_autofree char *text = xh_field_format (field, xh_cell_get (xh_field_row_get_cell (row)), FALSE);
  gboolean empty = text == NULL || text[0] == '\0';
  g_autofree char *name = g_strdup_printf (_ ("%s: %s"), xh_label_get (&field->label), empty ? _ ("Not chosen") : text);

  gtk_label_set_label (self->label, empty ? _ ("Not chosen") : text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), empty ? NULL : text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->button))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static int
compare_codes (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
toggled_cb (XhChoicesRow *self)
{
  g_autoptr (GPtrArray) codes = g_ptr_array_new ();
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_auto (XhValue) value = XH_VALUE_INIT;
  GHashTableIter iter;
  gpointer code, check;

  if (self->loading)
    return;
  g_hash_table_iter_init (&iter, self->checks);
  while (g_hash_table_iter_next (&iter, &code, &check))
    if (gtk_check_button_get_active (check))
      g_ptr_array_add (codes, code);
  g_ptr_array_sort (codes, compare_codes);
  for (guint i = 0; i < codes->len; i++)
    json_array_add_string_element (array, g_ptr_array_index (codes, i));
  json_node_set_array (node, array);
  if (codes->len > 0)
    xh_value_take_text (&value, json_to_string (node, FALSE));
  xh_cell_break_undo (xh_field_row_get_cell (XH_FIELD_ROW (self)));
  xh_field_row_set_value (XH_FIELD_ROW (self), &value);
  show_label (self);
}

static void
append_check (XhChoicesRow *self, const char *code, const char *label)
{
  GtkWidget *check = gtk_check_button_new_with_label (label);

  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_box_append (self->list, check);
  g_hash_table_insert (self->checks, g_strdup (code), check);
  g_signal_connect_swapped (check, "toggled", G_CALLBACK (toggled_cb), self);
}

/* Codes of old stay in the record until someone takes them out. */
static void
append_unknown (XhChoicesRow *self, GHashTable *codes)
{
  const XhField *field = xh_field_row_get_field (XH_FIELD_ROW (self));
  GHashTableIter iter;
  gpointer code;

  g_hash_table_iter_init (&iter, codes);
  while (g_hash_table_iter_next (&iter, &code, NULL))
    {
      const XhChoice *choice = xh_field_find_choice (field, code);

      if (!g_hash_table_contains (self->checks, code))
        append_check (self, code, choice != NULL ? xh_label_get (&choice->label) : code);
    }
}

static void
xh_choices_row_load (XhFieldRow *row)
{
  XhChoicesRow *self = XH_CHOICES_ROW (row);
  g_autoptr (GHashTable) codes = read_codes (self);
  GHashTableIter iter;
  gpointer code, check;

  self->loading = TRUE;
  append_unknown (self, codes);
  g_hash_table_iter_init (&iter, self->checks);
  while (g_hash_table_iter_next (&iter, &code, &check))
    gtk_check_button_set_active (check, g_hash_table_contains (codes, code));
  self->loading = FALSE;
  show_label (self);
}

static void
xh_choices_row_build (XhFieldRow *row)
{
  XhChoicesRow *self = XH_CHOICES_ROW (row);
  const XhField *field = xh_field_row_get_field (row);
  GtkWidget *popover = gtk_popover_new (), *scroller = gtk_scrolled_window_new (), *content;

  self->list = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 320);
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  for (guint i = 0; i < field->choices->len; i++)
    {
      const XhChoice *choice = g_ptr_array_index (field->choices, i);

      if (xh_choice_is_current (choice))
        append_check (self, choice->code, xh_label_get (&choice->label));
    }

  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  /* A menu button is as high as one line, whatever stands in it: what is longer is in the tooltip, and in the menu. */
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name ("pan-down-symbolic"));
  gtk_menu_button_set_child (self->button, content);
  gtk_widget_set_halign (gtk_widget_get_parent (content), GTK_ALIGN_FILL);
  gtk_menu_button_set_popover (self->button, popover);
  gtk_widget_set_hexpand (GTK_WIDGET (self->button), TRUE);
  xh_field_row_set_editor (row, GTK_WIDGET (self->button), GTK_WIDGET (self->button), FALSE);
}

static void
xh_choices_row_finalize (GObject *object)
{
  g_hash_table_unref (XH_CHOICES_ROW (object)->checks);

  G_OBJECT_CLASS (xh_choices_row_parent_class)->finalize (object);
}

static void
xh_choices_row_class_init (XhChoicesRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_choices_row_finalize;
  XH_FIELD_ROW_CLASS (klass)->build = xh_choices_row_build;
  XH_FIELD_ROW_CLASS (klass)->load = xh_choices_row_load;
}

static void
xh_choices_row_init (XhChoicesRow *self)
{
  self->checks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}
