/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-chart-panel.h"

#include <glib/gi18n-lib.h>

#include "xh-chart-view.h"

struct _XhChartPanel
{
  AdwBin parent_instance;

  GtkLabel *title, *note;
  GtkToggleButton *as_table;
  GtkStack *stack;
  XhChartView *view;
  GtkColumnView *table;
};

G_DEFINE_FINAL_TYPE (XhChartPanel, xh_chart_panel, ADW_TYPE_BIN)

static guint activated_signal;

/* --- a row of the table: its cells as text, made when the figures come */

#define XH_TYPE_FIGURES (xh_figures_get_type ())
G_DECLARE_FINAL_TYPE (XhFigures, xh_figures, XH, FIGURES, GObject)

struct _XhFigures
{
  GObject parent_instance;

  char *key;        /* (owned) (nullable) */
  char *words;      /* (owned) the row read aloud */
  GPtrArray *cells; /* (owned) of char* */
};

G_DEFINE_FINAL_TYPE (XhFigures, xh_figures, G_TYPE_OBJECT)

static void
xh_figures_finalize (GObject *object)
{
  XhFigures *self = XH_FIGURES (object);

  g_free (self->key);
  g_free (self->words);
  g_ptr_array_unref (self->cells);

  G_OBJECT_CLASS (xh_figures_parent_class)->finalize (object);
}

static void
xh_figures_class_init (XhFiguresClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_figures_finalize;
}

static void
xh_figures_init (XhFigures *self)
{
  self->cells = g_ptr_array_new_with_free_func (g_free);
}

static char *
format_cell (const XhChart *chart, double value)
{
  if (chart->percent && chart->form == XH_CHART_BARS)
    return g_strdup_printf ("%.1f%%", value * 100);
  return g_strdup_printf ("%.0f", value);
}

static XhFigures *
create_figures (const XhChart *chart, guint index)
{
  const XhChartBar *bar = g_ptr_array_index (chart->bars, index);
  XhFigures *self = g_object_new (XH_TYPE_FIGURES, NULL);
  double sum = 0;

  self->key = g_strdup (bar->key);
  self->words = xh_chart_describe (chart, index);
  g_ptr_array_add (self->cells, g_strdup (bar->label));
  for (guint i = 0; i < MAX (chart->series->len, 1); i++)
    {
      g_ptr_array_add (self->cells, format_cell (chart, bar->values[i]));
      sum += bar->values[i];
    }
  if (chart->form == XH_CHART_STACKED)
    g_ptr_array_add (self->cells, format_cell (chart, sum));
  return self;
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), GPOINTER_TO_UINT (column) == 0 ? 0 : 1);
  if (GPOINTER_TO_UINT (column) > 0)
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer column)
{
  XhFigures *figures = gtk_list_item_get_item (item);
  GtkWidget *label = gtk_list_item_get_child (item), *cell = gtk_widget_get_parent (label);
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;

  gtk_label_set_label (GTK_LABEL (label), GPOINTER_TO_UINT (column) < figures->cells->len
                                            ? g_ptr_array_index (figures->cells, GPOINTER_TO_UINT (column)) : "");
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, figures->words, -1);
}

/* Columns stay when new figures come: GTK 4.8 warns when one is taken out of a table that was never shown. */
static void
set_column (XhChartPanel *self, const char *title, guint index)
{
  GListModel *columns = gtk_column_view_get_columns (self->table);
  g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, index);
  GtkListItemFactory *factory;

  if (column != NULL)
    {
      gtk_column_view_column_set_title (column, title);
      return;
    }
  factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (index));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (index));
  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_expand (column, index == 0);
  gtk_column_view_append_column (self->table, column);
}

static void
fill_table (XhChartPanel *self, const char *first, const XhChart *chart)
{
  g_autoptr (GListStore) rows = g_list_store_new (XH_TYPE_FIGURES);
  g_autoptr (GtkNoSelection) model = NULL;
  guint n = chart->series->len;

  set_column (self, first, 0);
  for (guint i = 0; i < n; i++)
    set_column (self, g_ptr_array_index (chart->series, i), i + 1);
  if (n == 0)
    set_column (self, _ ("Figure"), 1);
  if (chart->form == XH_CHART_STACKED)
    set_column (self, _ ("Together"), MAX (n, 1) + 1);
  for (guint i = 0; i < chart->bars->len; i++)
    {
      g_autoptr (XhFigures) figures = create_figures (chart, i);

      g_list_store_append (rows, figures);
    }
  model = gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&rows)));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (model));
}

static void
row_activated_cb (XhChartPanel *self, guint position)
{
  g_autoptr (XhFigures) figures = g_list_model_get_item (G_LIST_MODEL (gtk_column_view_get_model (self->table)), position);

  if (figures != NULL && figures->key != NULL)
    g_signal_emit (self, activated_signal, 0, figures->key);
}

static void
bar_activated_cb (XhChartPanel *self, const char *key)
{
  g_signal_emit (self, activated_signal, 0, key);
}

static void
as_table_cb (XhChartPanel *self)
{
  gboolean table = gtk_toggle_button_get_active (self->as_table);
  const char *name = table ? _ ("Show as chart") : _ ("Show as table");

  gtk_stack_set_visible_child_name (self->stack, table ? "table" : "chart");
  gtk_button_set_label (GTK_BUTTON (self->as_table), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->as_table), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
xh_chart_panel_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), XH_TYPE_CHART_PANEL);

  G_OBJECT_CLASS (xh_chart_panel_parent_class)->dispose (object);
}

static void
xh_chart_panel_class_init (XhChartPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_chart_panel_dispose;
  activated_signal = g_signal_new ("activated", XH_TYPE_CHART_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                   G_TYPE_STRING);
  g_type_ensure (XH_TYPE_CHART_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/widgets/xh-chart-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, XhChartPanel, title);
  gtk_widget_class_bind_template_child (widget_class, XhChartPanel, note);
  gtk_widget_class_bind_template_child (widget_class, XhChartPanel, as_table);
  gtk_widget_class_bind_template_child (widget_class, XhChartPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, XhChartPanel, view);
  gtk_widget_class_bind_template_child (widget_class, XhChartPanel, table);
}

static void
xh_chart_panel_init (XhChartPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->as_table, "toggled", G_CALLBACK (as_table_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "activated", G_CALLBACK (bar_activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->table, "activate", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  as_table_cb (self);
}

GtkWidget *
xh_chart_panel_new (void)
{
  return g_object_new (XH_TYPE_CHART_PANEL, NULL);
}

void
xh_chart_panel_set_chart (XhChartPanel *self, const char *title, const char *note, const char *first, XhChart *chart,
                          const char *const *colors)
{
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->table), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  fill_table (self, first, chart);
  xh_chart_view_set_chart (self->view, title, chart, colors);
}
