/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-division-picker.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _XhDivisionPicker
{
  AdwBin parent_instance;

  GtkSearchEntry *search;
  GtkListBox *list;
  XhDivisions *divisions; /* (not owned) of the catalog */
  char *under;            /* (owned) (nullable) */
  gboolean filled;
};

G_DEFINE_FINAL_TYPE (XhDivisionPicker, xh_division_picker, ADW_TYPE_BIN)

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const XhDivision *
row_division (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "division");
}

static void
add_row (XhDivisionPicker *self, const XhDivision *division)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (division->name);
  g_autofree char *path = xh_divisions_path (self->divisions, division->code, XH_LEVEL_TOWNSHIP);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_margin_start (label, division->level == XH_LEVEL_VILLAGE ? 18 : 0);
  if (division->level < XH_LEVEL_VILLAGE)
    gtk_widget_add_css_class (label, "heading");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  g_object_set_data (G_OBJECT (row), "division", (gpointer) division);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  path != NULL ? path : division->name, -1);
  gtk_list_box_append (self->list, row);
}

/* Rows are made when the picker is first seen: a list page has one that is seldom opened. */
static void
fill (XhDivisionPicker *self)
{
  GPtrArray *all = xh_divisions_get_all (self->divisions);

  if (self->filled)
    return;

  self->filled = TRUE;
  for (guint i = 0; i < all->len; i++)
    {
      const XhDivision *division = g_ptr_array_index (all, i);

      if (self->under == NULL || xh_division_contains (self->under, division->code))
        add_row (self, division);
    }
}

static gboolean
filter_func (GtkListBoxRow *row, gpointer data)
{
  XhDivisionPicker *self = data;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  const XhDivision *division = row_division (row);
  const XhDivision *parent = division->parent != NULL ? xh_divisions_find (self->divisions, division->parent) : NULL;

  if (*text == '\0' || strstr (division->name, text) != NULL || g_str_has_prefix (division->code, text))
    return TRUE;

  /* All villages of the township that was typed. */
  return division->level == XH_LEVEL_VILLAGE && parent != NULL && strstr (parent->name, text) != NULL;
}

static void
search_changed_cb (XhDivisionPicker *self)
{
  gtk_list_box_invalidate_filter (self->list);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, XhDivisionPicker *self)
{
  g_signal_emit (self, signals[PICKED], 0, row_division (row)->code);
}

/* Enter takes the first that is left. */
static void
search_activate_cb (XhDivisionPicker *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
      {
        row_activated_cb (self->list, row, self);
        return;
      }
}

static void
xh_division_picker_map (GtkWidget *widget)
{
  XhDivisionPicker *self = XH_DIVISION_PICKER (widget);

  fill (self);
  GTK_WIDGET_CLASS (xh_division_picker_parent_class)->map (widget);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
xh_division_picker_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), XH_TYPE_DIVISION_PICKER);

  G_OBJECT_CLASS (xh_division_picker_parent_class)->dispose (object);
}

static void
xh_division_picker_finalize (GObject *object)
{
  g_free (XH_DIVISION_PICKER (object)->under);

  G_OBJECT_CLASS (xh_division_picker_parent_class)->finalize (object);
}

static void
xh_division_picker_class_init (XhDivisionPickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_division_picker_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_division_picker_finalize;
  widget_class->map = xh_division_picker_map;

  signals[PICKED] = g_signal_new ("picked", XH_TYPE_DIVISION_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/xinheng/Xinheng/widgets/xh-division-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, XhDivisionPicker, search);
  gtk_widget_class_bind_template_child (widget_class, XhDivisionPicker, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
xh_division_picker_init (XhDivisionPicker *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->list, filter_func, self, NULL);
}

GtkWidget *
xh_division_picker_new (XhDivisions *divisions, const char *under)
{
  XhDivisionPicker *self = g_object_new (XH_TYPE_DIVISION_PICKER, NULL);

  self->divisions = divisions;
  self->under = g_strdup (under);

  return GTK_WIDGET (self);
}

void
xh_division_picker_select (XhDivisionPicker *self, const char *code)
{
  GtkListBoxRow *row;

  g_return_if_fail (XH_IS_DIVISION_PICKER (self));

  fill (self);
  gtk_list_box_unselect_all (self->list);
  for (int i = 0; code != NULL && (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (g_str_equal (row_division (row)->code, code))
      gtk_list_box_select_row (self->list, row);
}
