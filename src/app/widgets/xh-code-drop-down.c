/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-code-drop-down.h"

#include <glib/gi18n-lib.h>

#include "xh-names.h"

#define SEARCH_FROM 9

struct _XhCodeDropDown
{
  AdwBin parent_instance;

  GtkDropDown *inner;
  char *name;           /* (owned) (nullable) */
  GPtrArray *codes;     /* (owned) of char*, the first NULL */
  GtkStringList *model; /* (owned) (nullable) while it is filled */
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (XhCodeDropDown, xh_code_drop_down, ADW_TYPE_BIN)

static guint chosen_signal;

/* GtkDropDown hides its button, which is what a screen reader meets. */
static void
show_name (XhCodeDropDown *self)
{
  GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->inner));
  GtkStringObject *item = gtk_drop_down_get_selected_item (self->inner);
  g_autofree char *name = NULL;

  if (self->name == NULL)
    return;
  name = item != NULL ? g_strdup_printf (_ ("%s: %s"), self->name, gtk_string_object_get_string (item)) : g_strdup (self->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->inner), GTK_ACCESSIBLE_PROPERTY_LABEL, self->name, -1);
  if (button != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
selected_cb (XhCodeDropDown *self)
{
  if (self->loading)
    return;
  show_name (self);
  g_signal_emit (self, chosen_signal, 0);
}

static void
setup_button_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  xh_show_whole_when_cut (label);
  gtk_list_item_set_child (item, label);
}

static void
bind_button_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  const char *text = gtk_string_object_get_string (gtk_list_item_get_item (item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
setup_row_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_item_set_child (item, label);
}

static void
bind_row_cb (GtkListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_list_item_get_child (item), *row = gtk_widget_get_parent (label);
  const char *text = gtk_string_object_get_string (gtk_list_item_get_item (item));

  gtk_label_set_label (GTK_LABEL (label), text);
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static GtkListItemFactory *
create_factory (GCallback setup, GCallback bind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", bind, NULL);
  return factory;
}

static void
xh_code_drop_down_finalize (GObject *object)
{
  XhCodeDropDown *self = XH_CODE_DROP_DOWN (object);

  g_free (self->name);
  g_ptr_array_unref (self->codes);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (xh_code_drop_down_parent_class)->finalize (object);
}

static void
xh_code_drop_down_class_init (XhCodeDropDownClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_code_drop_down_finalize;
  chosen_signal = g_signal_new ("chosen", XH_TYPE_CODE_DROP_DOWN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xh_code_drop_down_init (XhCodeDropDown *self)
{
  g_autoptr (GtkListItemFactory) button = create_factory (G_CALLBACK (setup_button_cb), G_CALLBACK (bind_button_cb));
  g_autoptr (GtkListItemFactory) row = create_factory (G_CALLBACK (setup_row_cb), G_CALLBACK (bind_row_cb));

  self->codes = g_ptr_array_new_with_free_func (g_free);
  self->inner = GTK_DROP_DOWN (gtk_drop_down_new (NULL, gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string")));
  gtk_drop_down_set_factory (self->inner, button);
  gtk_drop_down_set_list_factory (self->inner, row);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->inner));
  g_signal_connect_object (self->inner, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
xh_code_drop_down_new (void)
{
  return g_object_new (XH_TYPE_CODE_DROP_DOWN, NULL);
}

GtkWidget *
xh_code_drop_down_get_inner (XhCodeDropDown *self)
{
  return GTK_WIDGET (self->inner);
}

void
xh_code_drop_down_set_name (XhCodeDropDown *self, const char *name)
{
  g_free (self->name);
  self->name = g_strdup (name);
  show_name (self);
}

void
xh_code_drop_down_clear (XhCodeDropDown *self, const char *none)
{
  g_clear_object (&self->model);
  self->model = gtk_string_list_new (NULL);
  g_ptr_array_set_size (self->codes, 0);
  g_ptr_array_add (self->codes, NULL);
  gtk_string_list_append (self->model, none);
}

void
xh_code_drop_down_append (XhCodeDropDown *self, const char *code, const char *label)
{
  g_ptr_array_add (self->codes, g_strdup (code));
  gtk_string_list_append (self->model, label);
}

void
xh_code_drop_down_close (XhCodeDropDown *self)
{
  self->loading = TRUE;
  gtk_drop_down_set_enable_search (self->inner, self->codes->len - 1 >= SEARCH_FROM);
  gtk_drop_down_set_model (self->inner, G_LIST_MODEL (self->model));
  gtk_drop_down_set_selected (self->inner, 0);
  self->loading = FALSE;
  g_clear_object (&self->model);
  show_name (self);
}

const char *
xh_code_drop_down_get_code (XhCodeDropDown *self)
{
  guint selected = gtk_drop_down_get_selected (self->inner);

  return selected < self->codes->len ? g_ptr_array_index (self->codes, selected) : NULL;
}

gboolean
xh_code_drop_down_set_code (XhCodeDropDown *self, const char *code)
{
  guint place = 0;

  for (guint i = 1; code != NULL && i < self->codes->len && place == 0; i++)
    if (g_str_equal (g_ptr_array_index (self->codes, i), code))
      place = i;
  self->loading = TRUE;
  gtk_drop_down_set_selected (self->inner, place);
  self->loading = FALSE;
  show_name (self);
  return place > 0 || code == NULL;
}
