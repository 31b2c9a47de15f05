/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-draw-ratios.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "xh-draw-sheet.h"

struct _XhDrawRatios
{
  GtkGrid *grid;                  /* (not owned) */
  const XhSamplingScheme *scheme; /* (nullable) */
  GPtrArray *spins;               /* (owned) of GtkSpinButton (owned), a ratio each */
  GPtrArray *counts, *wanted;     /* (owned) of GtkLabel (not owned), likewise */
  GArray *by_ratio;               /* (owned) (nullable) of guint: the pool as it was counted */
};

XhDrawRatios *
xh_draw_ratios_new (GtkGrid *grid)
{
  XhDrawRatios *self = g_new0 (XhDrawRatios, 1);

  self->grid = grid;
  self->spins = g_ptr_array_new_with_free_func (g_object_unref);
  self->counts = g_ptr_array_new ();
  self->wanted = g_ptr_array_new ();
  return self;
}

void
xh_draw_ratios_free (XhDrawRatios *self)
{
  if (self == NULL)
    return;
  /* The buttons may live longer than this. */
  for (guint i = 0; i < self->spins->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->spins, i), self);
  g_ptr_array_unref (self->spins);
  g_ptr_array_unref (self->counts);
  g_ptr_array_unref (self->wanted);
  g_clear_pointer (&self->by_ratio, g_array_unref);
  g_free (self);
}

static double
get_percent (XhDrawRatios *self, guint i)
{
  return gtk_spin_button_get_value (g_ptr_array_index (self->spins, i));
}

static void
show_counts (XhDrawRatios *self)
{
  for (guint i = 0; i < self->spins->len; i++)
    {
      const guint n = self->by_ratio != NULL ? g_array_index (self->by_ratio, guint, i) : 0;
      g_autofree char *count = self->by_ratio != NULL ? xh_text_number (n) : g_strdup ("…");
      g_autofree char *wanted = xh_text_number (xh_draw_wanted (g_ptr_array_index (self->scheme->ratios, i), get_percent (self, i), n));

      gtk_label_set_text (g_ptr_array_index (self->counts, i), count);
      gtk_label_set_text (g_ptr_array_index (self->wanted, i), self->by_ratio != NULL ? wanted : "…");
    }
}

static GtkLabel *
add_label (XhDrawRatios *self, int column, int row, const char *text, const char *css, float xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  if (xalign > 0)
    gtk_widget_add_css_class (label, "numeric");
  gtk_grid_attach (self->grid, label, column, row, 1, 1);

  return GTK_LABEL (label);
}

char *
xh_draw_grade_label (const XhSamplingScheme *scheme, const char *grade)
{
  const XhField *field = scheme->grade != NULL ? xh_kind_find_field (scheme->pool, scheme->grade) : NULL;
  const XhChoice *choice = field != NULL ? xh_field_find_choice (field, grade) : NULL;

  if (g_strcmp0 (grade, "*") == 0)
    return g_strdup (_("Others"));

  return g_strdup (choice != NULL ? xh_label_get (&choice->label) : grade);
}

static void
add_ratio (XhDrawRatios *self, guint i)
{
  const XhSamplingRatio *ratio = g_ptr_array_index (self->scheme->ratios, i);
  const char *note = xh_label_get (&ratio->note);
  g_autofree char *grade = xh_draw_grade_label (self->scheme, ratio->grade), *name = g_strdup_printf (_("Percent of %s"), grade);
  double minimum, maximum;
  GtkWidget *spin;
  GtkLabel *hint;

  xh_draw_range (ratio, &minimum, &maximum);
  spin = gtk_spin_button_new_with_range (minimum, maximum, 1);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), ratio->percent);
  gtk_widget_set_tooltip_text (spin, note);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (show_counts), self);
  gtk_widget_set_hexpand (GTK_WIDGET (add_label (self, 0, (int) i + 1, grade, NULL, 0)), TRUE);
  g_ptr_array_add (self->counts, add_label (self, 1, (int) i + 1, "…", NULL, 1));
  hint = add_label (self, 2, (int) i + 1, ratio->range != NULL ? ratio->range : "", "dim-label", 1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (hint), note);
  gtk_grid_attach (self->grid, spin, 3, (int) i + 1, 1, 1);
  g_ptr_array_add (self->spins, g_object_ref (spin));
  g_ptr_array_add (self->wanted, add_label (self, 4, (int) i + 1, "…", NULL, 1));
}

void
xh_draw_ratios_show (XhDrawRatios *self, const XhSamplingScheme *scheme)
{
  const char *const heads[] = { _("Grade"), _("In the pool"), _("Range"), _("Percent"), _("To be drawn") };
  GtkWidget *child;

  self->scheme = scheme;
  g_clear_pointer (&self->by_ratio, g_array_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  g_ptr_array_set_size (self->spins, 0);
  g_ptr_array_set_size (self->counts, 0);
  g_ptr_array_set_size (self->wanted, 0);
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    add_label (self, (int) i, 0, heads[i], "caption-heading", i == 0 ? 0 : 1);
  for (guint i = 0; i < scheme->ratios->len; i++)
    add_ratio (self, i);
  show_counts (self);
}

void
xh_draw_ratios_set_counts (XhDrawRatios *self, GArray *by_ratio)
{
  g_clear_pointer (&self->by_ratio, g_array_unref);
  self->by_ratio = by_ratio != NULL ? g_array_ref (by_ratio) : NULL;
  show_counts (self);
}

guint
xh_draw_ratios_get_n (XhDrawRatios *self)
{
  return self->spins->len;
}

guint
xh_draw_ratios_get_total (XhDrawRatios *self)
{
  guint total = 0;

  for (guint i = 0; self->by_ratio != NULL && i < self->by_ratio->len; i++)
    total += g_array_index (self->by_ratio, guint, i);
  return total;
}

GArray *
xh_draw_ratios_get_percents (XhDrawRatios *self)
{
  GArray *percents = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < self->spins->len; i++)
    {
      const double percent = get_percent (self, i);

      g_array_append_val (percents, percent);
    }
  return percents;
}
