/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-division-row.h"

#include <glib/gi18n-lib.h>

#include "model/xh-catalog.h"
#include "xh-code-drop-down.h"

struct _XhDivisionRow
{
  XhFieldRow parent_instance;

  XhCodeDropDown *township, *village; /* village: NULL where the field wants a township */
  char *shown;                        /* (owned) (nullable) the township whose villages are listed */
};

G_DEFINE_FINAL_TYPE (XhDivisionRow, xh_division_row, XH_TYPE_FIELD_ROW)

static XhDivisions *
get_divisions (XhDivisionRow *self)
{
  return xh_catalog_get_divisions (xh_field_row_get_field (XH_FIELD_ROW (self))->kind->catalog);
}

static const char *
get_scope (XhDivisionRow *self)
{
  XhFieldHost *host = xh_field_row_get_host (XH_FIELD_ROW (self));

  return host != NULL ? xh_field_host_get_scope (host) : NULL;
}

/* A township that holds the scope may be chosen as well as one that lies in it. */
static gboolean
is_reachable (const char *scope, const char *code)
{
  return scope == NULL || xh_division_contains (scope, code) || xh_division_contains (code, scope);
}

static const XhDivision *
find_at_level (XhDivisions *divisions, const char *code, XhLevel level)
{
  const XhDivision *division = code != NULL ? xh_divisions_find (divisions, code) : NULL;

  while (division != NULL && division->level > level)
    division = division->parent != NULL ? xh_divisions_find (divisions, division->parent) : NULL;
  return division != NULL && division->level == level ? division : NULL;
}

static void
fill_townships (XhDivisionRow *self)
{
  GPtrArray *all = xh_divisions_get_all (get_divisions (self));

  xh_code_drop_down_clear (self->township, _ ("Township"));
  for (guint i = 0; i < all->len; i++)
    {
      const XhDivision *division = g_ptr_array_index (all, i);

      if (division->level == XH_LEVEL_TOWNSHIP && is_reachable (get_scope (self), division->code))
        xh_code_drop_down_append (self->township, division->code, division->short_name);
    }
  xh_code_drop_down_close (self->township);
}

static void
fill_villages (XhDivisionRow *self, const char *township)
{
  g_autoptr (GPtrArray) villages = NULL;

  if (self->village == NULL || (g_strcmp0 (self->shown, township) == 0 && self->shown != NULL))
    return;
  g_free (self->shown);
  self->shown = g_strdup (township);
  xh_code_drop_down_clear (self->village, _ ("Village"));
  if (township != NULL)
    villages = xh_divisions_children (get_divisions (self), township);
  for (guint i = 0; villages != NULL && i < villages->len; i++)
    {
      const XhDivision *division = g_ptr_array_index (villages, i);

      if (is_reachable (get_scope (self), division->code))
        xh_code_drop_down_append (self->village, division->code, division->short_name);
    }
  xh_code_drop_down_close (self->village);
  gtk_widget_set_sensitive (GTK_WIDGET (self->village), township != NULL);
}

static void
write_code (XhDivisionRow *self, const char *code)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (code != NULL)
    xh_value_set_text (&value, code);
  xh_cell_break_undo (xh_field_row_get_cell (XH_FIELD_ROW (self)));
  xh_field_row_set_value (XH_FIELD_ROW (self), &value);
}

static void
township_chosen_cb (XhDivisionRow *self)
{
  const char *township = xh_code_drop_down_get_code (self->township);

  if (self->village == NULL)
    {
      write_code (self, township);
      return;
    }
  fill_villages (self, township);
  write_code (self, NULL);
  if (township != NULL)
    gtk_widget_grab_focus (xh_code_drop_down_get_inner (self->village));
}

static void
village_chosen_cb (XhDivisionRow *self)
{
  write_code (self, xh_code_drop_down_get_code (self->village));
}

/* The only township there is need not be chosen. */
static const char *
find_default_township (XhDivisionRow *self)
{
  const XhDivision *division = find_at_level (get_divisions (self), get_scope (self), XH_LEVEL_TOWNSHIP);

  return division != NULL ? division->code : NULL;
}

static void
xh_division_row_load (XhFieldRow *row)
{
  XhDivisionRow *self = XH_DIVISION_ROW (row);
  const XhValue *value = xh_cell_get (xh_field_row_get_cell (row));
  const char *code = xh_value_is_null (value) ? NULL : xh_value_as_text (value);
  const XhDivision *township = find_at_level (get_divisions (self), code, XH_LEVEL_TOWNSHIP);
  const char *shown = township != NULL ? township->code : NULL;

  if (shown == NULL)
    shown = self->shown != NULL ? self->shown : find_default_township (self);
  if (self->village == NULL)
    {
      xh_code_drop_down_set_code (self->township, code);
      return;
    }
  xh_code_drop_down_set_code (self->township, shown);
  fill_villages (self, shown);
  xh_code_drop_down_set_code (self->village, code);
}

static XhCodeDropDown *
append_list (XhDivisionRow *self, GtkWidget *box, const char *level)
{
  XhCodeDropDown *list = XH_CODE_DROP_DOWN (xh_code_drop_down_new ());
  const char *label = xh_label_get (&xh_field_row_get_field (XH_FIELD_ROW (self))->label);
  g_autofree char *name = g_strdup_printf (_ ("%s, %s"), label, level);

  xh_code_drop_down_set_name (list, name);
  gtk_widget_set_hexpand (GTK_WIDGET (list), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (list));
  return list;
}

static void
xh_division_row_build (XhFieldRow *row)
{
  XhDivisionRow *self = XH_DIVISION_ROW (row);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_set_hexpand (box, TRUE);
  self->township = append_list (self, box, _ ("Township"));
  fill_townships (self);
  if (xh_field_row_get_field (row)->level != XH_LEVEL_TOWNSHIP)
    {
      self->village = append_list (self, box, _ ("Village"));
      fill_villages (self, NULL);
      g_signal_connect_swapped (self->village, "chosen", G_CALLBACK (village_chosen_cb), self);
    }
  g_signal_connect_swapped (self->township, "chosen", G_CALLBACK (township_chosen_cb), self);
  xh_field_row_set_editor (row, box, xh_code_drop_down_get_inner (self->village != NULL ? self->village : self->township), FALSE);
}

static void
xh_division_row_finalize (GObject *object)
{
  g_free (XH_DIVISION_ROW (object)->shown);

  G_OBJECT_CLASS (xh_division_row_parent_class)->finalize (object);
}

static void
xh_division_row_class_init (XhDivisionRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_division_row_finalize;
  XH_FIELD_ROW_CLASS (klass)->build = xh_division_row_build;
  XH_FIELD_ROW_CLASS (klass)->load = xh_division_row_load;
}

static void
xh_division_row_init (XhDivisionRow *self)
{
}
