/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-table-row.h"

#include <glib/gi18n-lib.h>

#include "model/xh-identifiers.h"
#include "xh-table-cell.h"

struct _XhTableRow
{
  XhFieldRow parent_instance;

  GtkListBox *list;
  GtkButton *add;
  GPtrArray *lines; /* (owned) of Line, as they are shown */
  gboolean adding;  /* the line that is made now is a person's new one */
};

G_DEFINE_FINAL_TYPE (XhTableRow, xh_table_row, XH_TYPE_FIELD_ROW)

typedef struct
{
  XhTableRow *table;
  char *row; /* (owned) */
  AdwExpanderRow *expander;
  GtkButton *remove;
  GPtrArray *editors; /* (owned) of XhFieldRow (not owned) */
  gboolean fresh;     /* not left yet: what is missing is not told before */
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->row);
  g_ptr_array_unref (line->editors);
  g_free (line);
}

static const GPtrArray *
get_columns (XhTableRow *self)
{
  return xh_field_row_get_field (XH_FIELD_ROW (self))->table_fields;
}

static void
write_rows (XhTableRow *self, JsonArray *rows)
{
  XhCell *cell = xh_field_row_get_cell (XH_FIELD_ROW (self));
  g_auto (XhValue) value = XH_VALUE_INIT;

  xh_table_write_rows (rows, &value);
  xh_cell_break_undo (cell);
  xh_cell_set (cell, &value);
  xh_cell_break_undo (cell);
}

/* The first columns say what a row is; the next ones stand small below. */
static char *
summarise (XhTableRow *self, JsonArray *rows, guint index, guint first, guint n)
{
  const GPtrArray *columns = get_columns (self);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = first, shown = 0; i < columns->len && shown < n; i++)
    {
      const XhField *column = g_ptr_array_index (columns, i);
      g_auto (XhValue) value = XH_VALUE_INIT;
      g_autofree char *part = NULL;

      xh_table_read_column (rows, index, column, &value);
      if (xh_value_is_null (&value))
        continue;
      part = xh_field_format (column, &value, column->sensitive);
      if (part == NULL || part[0] == '\0')
        continue;
      if (text->len > 0)
        g_string_append (text, " · ");
      g_string_append (text, part);
      if (column->unit_label != NULL && !g_str_has_suffix (part, column->unit_label))
        g_string_append_printf (text, " %s", column->unit_label);
      shown++;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Of a line that is being filled for the first time only what is wrong is told, not what is missing. */
static gboolean
is_wrong (const Line *line)
{
  for (guint i = 0; i < line->editors->len; i++)
    {
      XhIssueSeverity severity;

      if (xh_cell_get_issue (xh_field_row_get_cell (g_ptr_array_index (line->editors, i)), &severity) != NULL
          && (!line->fresh || severity != XH_ISSUE_MISSING))
        return TRUE;
    }
  return FALSE;
}

static void
show_line (XhTableRow *self, Line *line, JsonArray *rows, guint index)
{
  gboolean editable = xh_cell_is_editable (xh_field_row_get_cell (XH_FIELD_ROW (self)));
  g_autofree char *title = summarise (self, rows, index, 0, 2), *subtitle = summarise (self, rows, index, 2, 3);
  g_autofree char *number = g_strdup_printf (_ ("Row %u"), index + 1);
  g_autofree char *remove = NULL;
  const char *shown = title[0] != '\0' ? title : number;
  const gboolean wrong = is_wrong (line);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (line->expander), shown);
  adw_expander_row_set_subtitle (line->expander, wrong ? _ ("Something here needs a correction") : subtitle);
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (line->expander), "wrong");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (line->expander), "wrong");
  gtk_accessible_update_property (GTK_ACCESSIBLE (line->expander), GTK_ACCESSIBLE_PROPERTY_LABEL, shown, -1);
  remove = g_strdup_printf (_ ("Remove %s"), shown);
  gtk_widget_set_tooltip_text (GTK_WIDGET (line->remove), remove);
  gtk_accessible_update_property (GTK_ACCESSIBLE (line->remove), GTK_ACCESSIBLE_PROPERTY_LABEL, remove, -1);
  gtk_widget_set_visible (GTK_WIDGET (line->remove), editable);
}

static void
remove_cb (Line *line)
{
  XhTableRow *self = line->table;
  g_autoptr (JsonArray) rows = xh_table_read_rows (xh_cell_get (xh_field_row_get_cell (XH_FIELD_ROW (self))));
  int index = xh_table_find_row (rows, line->row);
  guint place = index;

  if (index < 0)
    return;
  json_array_remove_element (rows, index);
  write_rows (self, rows);
  /* The focus goes to the row that took the place, else to the last, else to adding. */
  if (self->lines->len == 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->add));
  else
    gtk_widget_grab_focus (GTK_WIDGET (((Line *) g_ptr_array_index (self->lines, MIN (place, self->lines->len - 1)))->expander));
}

/* Enter in the last column goes on to the next field of the form. */
static void
next_cb (XhFieldRow *editor, Line *line)
{
  guint index;

  if (g_ptr_array_find (line->editors, editor, &index) && index + 1 < line->editors->len)
    xh_field_row_grab_editor (g_ptr_array_index (line->editors, index + 1));
  else
    gtk_widget_grab_focus (GTK_WIDGET (line->table->add));
}

static void
left_cb (Line *line)
{
  XhTableRow *self = line->table;
  g_autoptr (JsonArray) rows = xh_table_read_rows (xh_cell_get (xh_field_row_get_cell (XH_FIELD_ROW (self))));
  const int index = xh_table_find_row (rows, line->row);

  if (!line->fresh)
    return;
  line->fresh = FALSE;
  for (guint i = 0; i < line->editors->len; i++)
    xh_field_row_reveal_issues (g_ptr_array_index (line->editors, i), TRUE);
  if (index >= 0)
    show_line (self, line, rows, index);
}

static void
watch_leaving (Line *line)
{
  GtkEventController *controller = gtk_event_controller_focus_new ();

  g_signal_connect_swapped (controller, "leave", G_CALLBACK (left_cb), line);
  gtk_widget_add_controller (GTK_WIDGET (line->expander), controller);
}

static Line *
create_line (XhTableRow *self, const char *row)
{
  const GPtrArray *columns = get_columns (self);
  XhFieldRow *parent = XH_FIELD_ROW (self);
  Line *line = g_new0 (Line, 1);

  line->table = self;
  line->row = g_strdup (row);
  line->fresh = self->adding;
  line->editors = g_ptr_array_new ();
  line->expander = ADW_EXPANDER_ROW (adw_expander_row_new ());
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (line->expander), FALSE);
  line->remove = GTK_BUTTON (gtk_button_new_from_icon_name ("user-trash-symbolic"));
  gtk_widget_add_css_class (GTK_WIDGET (line->remove), "flat");
  gtk_widget_set_valign (GTK_WIDGET (line->remove), GTK_ALIGN_CENTER);
  adw_expander_row_add_action (line->expander, GTK_WIDGET (line->remove));
  g_signal_connect_swapped (line->remove, "clicked", G_CALLBACK (remove_cb), line);

  for (guint i = 0; i < columns->len; i++)
    {
      g_autoptr (XhCell) cell = xh_table_cell_new (xh_field_row_get_cell (parent), row, g_ptr_array_index (columns, i));
      GtkWidget *editor = xh_field_row_new (cell, xh_field_row_get_host (parent));

      xh_field_row_reveal_issues (XH_FIELD_ROW (editor), !line->fresh);
      g_signal_connect (editor, "next", G_CALLBACK (next_cb), line);
      g_ptr_array_add (line->editors, editor);
      adw_expander_row_add_row (line->expander, editor);
    }
  if (line->fresh)
    watch_leaving (line);
  return line;
}

static gboolean
has_row (XhTableRow *self, const char *row, guint *place)
{
  for (guint i = 0; i < self->lines->len; i++)
    if (g_strcmp0 (((Line *) g_ptr_array_index (self->lines, i))->row, row) == 0)
      {
        *place = i;
        return TRUE;
      }
  return FALSE;
}

/* Keeps the expanders of rows that stay, so that what is open stays open and the focus where it is. */
static void
match_lines (XhTableRow *self, JsonArray *rows)
{
  guint place;

  for (guint i = self->lines->len; i-- > 0;)
    {
      Line *line = g_ptr_array_index (self->lines, i);

      if (xh_table_find_row (rows, line->row) < 0)
        {
          gtk_list_box_remove (self->list, GTK_WIDGET (line->expander));
          g_ptr_array_remove_index (self->lines, i);
        }
    }
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      const char *row = xh_table_row_id (rows, i);
      Line *line;

      if (row == NULL || has_row (self, row, &place))
        continue;
      line = create_line (self, row);
      place = MIN (i, self->lines->len);
      g_ptr_array_insert (self->lines, place, line);
      gtk_list_box_insert (self->list, GTK_WIDGET (line->expander), place);
    }
}

static void
xh_table_row_load (XhFieldRow *row)
{
  XhTableRow *self = XH_TABLE_ROW (row);
  XhCell *cell = xh_field_row_get_cell (row);
  g_autoptr (JsonArray) rows = xh_table_read_rows (xh_cell_get (cell));

  match_lines (self, rows);
  for (guint i = 0; i < self->lines->len; i++)
    {
      Line *line = g_ptr_array_index (self->lines, i);
      int index = xh_table_find_row (rows, line->row);

      if (index >= 0)
        show_line (self, line, rows, index);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->lines->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->add), xh_cell_is_editable (cell));
}

static void
add_cb (XhTableRow *self)
{
  g_autoptr (JsonArray) rows = xh_table_read_rows (xh_cell_get (xh_field_row_get_cell (XH_FIELD_ROW (self))));
  g_autofree char *id = xh_uuid_v7_new ();
  JsonObject *row = json_object_new ();
  guint place;

  json_object_set_string_member (row, "_id", id);
  json_array_add_object_element (rows, row);
  self->adding = TRUE;
  write_rows (self, rows);
  self->adding = FALSE;
  if (!has_row (self, id, &place))
    return;
  adw_expander_row_set_expanded (((Line *) g_ptr_array_index (self->lines, place))->expander, TRUE);
  xh_field_row_grab_editor (g_ptr_array_index (((Line *) g_ptr_array_index (self->lines, place))->editors, 0));
}

static void
xh_table_row_build (XhFieldRow *row)
{
  XhTableRow *self = XH_TABLE_ROW (row);
  const char *label = xh_label_get (&xh_field_row_get_field (row)->label);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autofree char *text = g_strdup_printf (_ ("Add to %s"), label);

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  self->add = GTK_BUTTON (gtk_button_new ());
  gtk_button_set_child (self->add, g_object_new (ADW_TYPE_BUTTON_CONTENT, "icon-name", "list-add-symbolic", "label", text, NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->add), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_halign (GTK_WIDGET (self->add), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (self->add), "flat");
  g_signal_connect_swapped (self->add, "clicked", G_CALLBACK (add_cb), self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->add));
  xh_field_row_set_editor (row, box, GTK_WIDGET (self->add), TRUE);
}

static void
xh_table_row_finalize (GObject *object)
{
  g_ptr_array_unref (XH_TABLE_ROW (object)->lines);

  G_OBJECT_CLASS (xh_table_row_parent_class)->finalize (object);
}

static void
xh_table_row_class_init (XhTableRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_table_row_finalize;
  XH_FIELD_ROW_CLASS (klass)->build = xh_table_row_build;
  XH_FIELD_ROW_CLASS (klass)->load = xh_table_row_load;
  XH_FIELD_ROW_CLASS (klass)->keeps_editor = TRUE;
}

static void
xh_table_row_init (XhTableRow *self)
{
  self->lines = g_ptr_array_new_with_free_func (line_free);
}

gboolean
xh_table_row_grab_part (XhTableRow *self, const char *part)
{
  char *rest = NULL;
  guint64 index = g_ascii_strtoull (part, &rest, 10);
  Line *line;

  if (index >= self->lines->len)
    return FALSE;
  line = g_ptr_array_index (self->lines, index);
  adw_expander_row_set_expanded (line->expander, TRUE);
  for (guint i = 0; i < line->editors->len; i++)
    if (*rest == '/' && g_str_equal (xh_field_row_get_field (g_ptr_array_index (line->editors, i))->name, rest + 1))
      return xh_field_row_grab_editor (g_ptr_array_index (line->editors, i));
  return gtk_widget_grab_focus (GTK_WIDGET (line->expander));
}
