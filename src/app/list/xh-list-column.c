/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-list-column.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-names.h"
#include "app/widgets/xh-state-badge.h"
#include "model/xh-form.h"
#include "xh-list-widths.h"

/* What a column needs so that its words can be read. */
#define FIRST_WIDTH 220
#define OTHER_WIDTH 125
#define LAST_WIDTH 120
/* Beside the words of a cell: its padding, the tick of the first column, the frame of a state, the arrow of the order. */
#define PADDING 26
#define TICK 36
#define BADGE 34
#define ARROW 20
#define ROWS_MEASURED 24

typedef struct
{
  const XhKind *kind;
  const XhField *field;         /* (nullable) NULL: the state */
  gboolean first;
  XhRecordSelection *selection; /* (not owned) outlives the view */
} Column;

/* What a cell holds; lives as long as its list item. */
typedef struct
{
  const Column *column;
  GtkListItem *list_item; /* (not owned) */
  GtkWidget *child;
  GtkWidget *check;       /* (nullable) */
  GtkWidget *content;     /* GtkInscription or XhStateBadge */
  gulong changed, selected, toggled;
} Cell;

static gboolean
is_number (const XhField *field)
{
  return field != NULL && (field->type == XH_FIELD_INTEGER || field->type == XH_FIELD_DECIMAL || field->type == XH_FIELD_MONEY);
}

static char *
field_text (const XhField *field, const XhRecord *record)
{
  const XhValue *value = &record->values[field->index];

  return xh_value_is_null (value) ? g_strdup ("") : xh_field_format (field, value, field->sensitive);
}

/* All that the row shows, in one sentence: what a screen reader says for the row. */
static char *
row_text (const XhKind *kind, const XhRecord *record)
{
  GString *text = g_string_new (NULL);
  const XhState *state = xh_kind_find_state (kind, record->state);

  for (guint i = 0; i < kind->list_fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->list_fields, i);
      g_autofree char *part = field != NULL && !g_str_equal (field->name, "state") ? field_text (field, record) : NULL;

      if (part != NULL && *part != '\0')
        g_string_append_printf (text, "%s%s", text->len > 0 ? _(", ") : "", part);
    }
  if (state != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? _(", ") : "", xh_label_get (&state->label));

  return g_string_free (text, FALSE);
}

static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* GTK 4.8 names neither row nor cell: the cell is the parent of our child, the row the parent of the cell. */
static void
name_row (Cell *cell, const char *name)
{
  GtkWidget *row = gtk_widget_get_parent (gtk_widget_get_parent (cell->child));
  g_autofree char *tick = g_strdup_printf (_("Select %s"), name);

  if (row != NULL)
    set_name (row, name);
  set_name (cell->check, tick);
}

static void
show (Cell *cell)
{
  XhRecordItem *item = gtk_list_item_get_item (cell->list_item);
  const XhRecord *record = item != NULL ? xh_record_item_get_record (item) : NULL;
  g_autofree char *text = NULL;

  if (cell->column->field == NULL)
    {
      const XhState *state = record != NULL ? xh_kind_find_state (cell->column->kind, record->state) : NULL;

      xh_state_badge_set (XH_STATE_BADGE (cell->content), state);
      text = g_strdup (state != NULL ? xh_label_get (&state->label) : "");
    }
  else
    {
      text = record != NULL                                        ? field_text (cell->column->field, record)
             : item != NULL && xh_record_item_is_loading (item)    ? g_strdup ("…")
             : cell->column->first                                 ? g_strdup (_("No longer here"))
                                                                   : g_strdup ("");
      gtk_inscription_set_text (GTK_INSCRIPTION (cell->content), text);
    }

  set_name (gtk_widget_get_parent (cell->child), text);
  if (cell->column->first)
    {
      g_autofree char *name = record != NULL ? row_text (cell->column->kind, record) : g_strdup (text);

      name_row (cell, name);
    }
}

static void
toggled_cb (GtkCheckButton *check, Cell *cell)
{
  const guint position = gtk_list_item_get_position (cell->list_item);

  if (position != GTK_INVALID_LIST_POSITION)
    xh_record_selection_set (cell->column->selection, position, gtk_check_button_get_active (check));
}

static void
selected_cb (GtkListItem *list_item, GParamSpec *pspec, Cell *cell)
{
  g_signal_handler_block (cell->check, cell->toggled);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (cell->check), gtk_list_item_get_selected (list_item));
  g_signal_handler_unblock (cell->check, cell->toggled);
}

static void
width_of (const XhField *field, guint *minimum, guint *natural)
{
  switch (field != NULL ? field->type : XH_FIELD_CHOICE)
    {
    case XH_FIELD_INTEGER:
    case XH_FIELD_BOOLEAN:
      *minimum = 4;
      *natural = 7;
      break;
    case XH_FIELD_DECIMAL:
    case XH_FIELD_MONEY:
      *minimum = 7;
      *natural = 12;
      break;
    case XH_FIELD_DATE:
      *minimum = 10;
      *natural = 11;
      break;
    case XH_FIELD_DIVISION:
      *minimum = 10;
      *natural = 24;
      break;
    case XH_FIELD_UNIT:
      *minimum = 10;
      *natural = 16;
      break;
    case XH_FIELD_TEXT:
      *minimum = 8;
      *natural = 16;
      break;
    default:
      *minimum = 8;
      *natural = 12;
    }
}

static GtkWidget *
make_content (const XhField *field, gboolean first)
{
  GtkWidget *inscription;
  guint minimum, natural;

  if (field == NULL)
    return xh_state_badge_new ();

  inscription = gtk_inscription_new (NULL);
  width_of (field, &minimum, &natural);
  g_object_set (inscription, "min-chars", minimum, "nat-chars", natural, "xalign", is_number (field) && !first ? 1.0 : 0.0,
                "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END, "hexpand", TRUE, "min-lines", 1, "nat-lines", 1,
                "valign", GTK_ALIGN_CENTER, NULL); /* of the row's whole height it would make two lines */
  if (is_number (field) || field->type == XH_FIELD_DATE)
    gtk_widget_add_css_class (inscription, "numeric");
  xh_show_whole_when_cut (inscription);

  return inscription;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Column *column)
{
  Cell *cell = g_new0 (Cell, 1);

  cell->column = column;
  cell->list_item = list_item;
  cell->content = make_content (column->field, column->first);
  cell->child = cell->content;
  if (column->first)
    {
      cell->child = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
      cell->check = gtk_check_button_new ();
      gtk_widget_set_valign (cell->check, GTK_ALIGN_CENTER);
      gtk_widget_set_focusable (cell->check, FALSE);
      cell->toggled = g_signal_connect (cell->check, "toggled", G_CALLBACK (toggled_cb), cell);
      gtk_box_append (GTK_BOX (cell->child), cell->check);
      gtk_box_append (GTK_BOX (cell->child), cell->content);
      gtk_widget_add_css_class (cell->content, "first-column");
    }
  gtk_list_item_set_child (list_item, cell->child);
  g_object_set_data_full (G_OBJECT (list_item), "cell", cell, g_free);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Column *column)
{
  Cell *cell = g_object_get_data (G_OBJECT (list_item), "cell");

  cell->changed = g_signal_connect_swapped (gtk_list_item_get_item (list_item), "changed", G_CALLBACK (show), cell);
  if (cell->check != NULL)
    {
      cell->selected = g_signal_connect (list_item, "notify::selected", G_CALLBACK (selected_cb), cell);
      selected_cb (list_item, NULL, cell);
    }
  show (cell);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Column *column)
{
  Cell *cell = g_object_get_data (G_OBJECT (list_item), "cell");

  g_clear_signal_handler (&cell->changed, gtk_list_item_get_item (list_item));
  g_clear_signal_handler (&cell->selected, list_item);
}

/* The headers only show and toggle an order that the store makes. GTK 4.8 has no way to ask which column is sorted by; but
 * its sorter asks the columns' sorters one after the other, the first one being it. */
static const char *asked_column;

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer name)
{
  asked_column = name;

  return -1;
}

gboolean
xh_list_columns_sorted (GtkColumnView *view, const char **name, gboolean *descending)
{
  g_autoptr (GObject) one = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GObject) other = g_object_new (G_TYPE_OBJECT, NULL);
  GtkOrdering order;

  asked_column = NULL;
  order = gtk_sorter_compare (gtk_column_view_get_sorter (view), one, other);
  *name = asked_column;
  *descending = order == GTK_ORDERING_LARGER;

  return asked_column != NULL;
}

static gboolean
can_sort (const XhField *field)
{
  return field == NULL || (field->type != XH_FIELD_TABLE && field->type != XH_FIELD_CHOICES && field->type != XH_FIELD_FILES
                           && field->type != XH_FIELD_LONG_TEXT && field->type != XH_FIELD_LINK);
}

/* Columns whose texts differ in length share what width is left: names of units are short, those of firms are not. */
static gboolean
expands (const XhField *field, gboolean first)
{
  return first || (field != NULL && (field->type == XH_FIELD_DIVISION || field->type == XH_FIELD_TEXT));
}

/* GTK 4.8 puts every heading to the left: over numbers it stands where they do. */
static void
align_heading (GtkColumnView *view)
{
  GtkWidget *heading = gtk_widget_get_last_child (gtk_widget_get_first_child (GTK_WIDGET (view)));

  gtk_widget_set_halign (gtk_widget_get_first_child (heading), GTK_ALIGN_END);
}

static void
add_column (GtkColumnView *view, const XhKind *kind, const XhField *field, gboolean first, XhRecordSelection *selection)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  Column *column = g_new0 (Column, 1);
  g_autofree char *heading = field != NULL ? xh_field_heading (field) : g_strdup (_("State"));
  g_autoptr (GtkColumnViewColumn) view_column = NULL;

  column->kind = kind;
  column->field = field;
  column->first = first;
  column->selection = selection;
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), column);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), column);
  g_object_set_data_full (G_OBJECT (factory), "column", column, g_free);

  view_column = gtk_column_view_column_new (heading, factory);
  g_object_set_data (G_OBJECT (view_column), "column", column);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_expand (view_column, expands (field, first));
  if (can_sort (field))
    {
      g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (
        compare_cb, field != NULL ? (gpointer) field->name : (gpointer) "state", NULL));

      gtk_column_view_column_set_sorter (view_column, sorter);
    }
  gtk_column_view_append_column (view, view_column);
  if (is_number (field) && !first)
    align_heading (view);
}

void
xh_list_columns_add (GtkColumnView *view, const XhKind *kind, XhRecordSelection *selection)
{
  gboolean state_shown = FALSE;
  guint n = 0;

  for (guint i = 0; i < kind->list_fields->len && n < 6; i++)
    {
      const XhField *field = g_ptr_array_index (kind->list_fields, i);
      const gboolean is_state = field == NULL || g_str_equal (field->name, "state");

      add_column (view, kind, is_state ? NULL : field, n++ == 0, selection);
      state_shown |= is_state;
    }
  if (!state_shown && kind->states->len > 1 && n < 6)
    add_column (view, kind, NULL, n == 0, selection);
}

/* --- widths --- */

static int
text_width (PangoLayout *layout, const char *text)
{
  int width;

  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, NULL);

  return width;
}

static int
cell_width (PangoLayout *layout, const Column *column, const XhRecord *record)
{
  const XhState *state = column->field == NULL ? xh_kind_find_state (column->kind, record->state) : NULL;
  g_autofree char *text = column->field != NULL ? field_text (column->field, record) : g_strdup (state != NULL ? xh_label_get (&state->label) : "");

  return text_width (layout, text) + PADDING + (column->first ? TICK : 0) + (column->field == NULL ? BADGE : 0);
}

/* What the first rows and the heading want. FALSE: no row is here. */
static gboolean
measure (GtkColumnView *view, XhListWidth *widths, guint n)
{
  GListModel *columns = gtk_column_view_get_columns (view), *rows = G_LIST_MODEL (gtk_column_view_get_model (view));
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (view), NULL);
  const guint n_rows = rows != NULL ? MIN (g_list_model_get_n_items (rows), ROWS_MEASURED) : 0;
  guint seen = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      const Column *own = g_object_get_data (G_OBJECT (column), "column");

      widths[i].want = text_width (layout, gtk_column_view_column_get_title (column)) + PADDING + ARROW;
      widths[i].stays = i == 0 || i + 1 == n;
      widths[i].grows = own->field != NULL && (own->first || !is_number (own->field)) && own->field->type != XH_FIELD_DATE;
    }
  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (XhRecordItem) item = g_list_model_get_item (rows, i);
      const XhRecord *record = xh_record_item_get_record (item);

      for (guint j = 0; record != NULL && j < n; j++)
        {
          g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, j);

          widths[j].want = MAX (widths[j].want, cell_width (layout, g_object_get_data (G_OBJECT (column), "column"), record));
        }
      seen += record != NULL;
    }

  return seen > 0;
}

/* Before a row is here, by what columns of their sort mostly need. */
static void
guess (XhListWidth *widths, guint n, int width)
{
  const guint fit = (guint) MAX (1, (width - FIRST_WIDTH - LAST_WIDTH) / OTHER_WIDTH);

  for (guint i = 0; i < n; i++)
    widths[i].given = i <= fit || i + 1 == n ? -1 : 0;
}

gboolean
xh_list_columns_fit (GtkColumnView *view, int width)
{
  GListModel *columns = gtk_column_view_get_columns (view);
  const guint n = g_list_model_get_n_items (columns);
  g_autofree XhListWidth *widths = g_new0 (XhListWidth, n + 1);
  const gboolean measured = measure (view, widths, n);

  if (measured)
    xh_list_widths_share (widths, n, width);
  else
    guess (widths, n, width);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (gtk_column_view_column_get_visible (column) != (widths[i].given != 0))
        gtk_column_view_column_set_visible (column, widths[i].given != 0);
      if (widths[i].given != 0 && gtk_column_view_column_get_fixed_width (column) != widths[i].given)
        gtk_column_view_column_set_fixed_width (column, widths[i].given);
    }

  return measured;
}
