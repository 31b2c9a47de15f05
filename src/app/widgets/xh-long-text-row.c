/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-long-text-row.h"

struct _XhLongTextRow
{
  XhFieldRow parent_instance;

  GtkTextView *view;
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (XhLongTextRow, xh_long_text_row, XH_TYPE_FIELD_ROW)

static char *
read_text (XhLongTextRow *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
text_changed_cb (XhLongTextRow *self)
{
  g_autofree char *text = NULL;

  if (self->loading)
    return;
  text = read_text (self);
  xh_field_row_set_typed (XH_FIELD_ROW (self), text);
}

static void
xh_long_text_row_load (XhFieldRow *row)
{
  XhLongTextRow *self = XH_LONG_TEXT_ROW (row);
  const XhValue *value = xh_cell_get (xh_field_row_get_cell (row));
  const char *text = xh_cell_get_typed (xh_field_row_get_cell (row));
  g_autofree char *shown = read_text (self);

  if (text == NULL)
    text = xh_value_is_null (value) ? "" : xh_value_as_text (value);
  if (g_str_equal (shown, text))
    return;
  self->loading = TRUE;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), text, -1);
  self->loading = FALSE;
}

static void
xh_long_text_row_build (XhFieldRow *row)
{
  XhLongTextRow *self = XH_LONG_TEXT_ROW (row);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  gtk_text_view_set_wrap_mode (self->view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (self->view, FALSE);
  gtk_text_view_set_top_margin (self->view, 6);
  gtk_text_view_set_bottom_margin (self->view, 6);
  gtk_text_view_set_left_margin (self->view, 9);
  gtk_text_view_set_right_margin (self->view, 9);
  gtk_text_buffer_set_enable_undo (gtk_text_view_get_buffer (self->view), FALSE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->view));
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 84);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 240);
  gtk_widget_add_css_class (scroller, "text-frame");

  xh_field_row_set_editor (row, scroller, GTK_WIDGET (self->view), TRUE);
  g_signal_connect_swapped (gtk_text_view_get_buffer (self->view), "changed", G_CALLBACK (text_changed_cb), self);
}

static void
xh_long_text_row_class_init (XhLongTextRowClass *klass)
{
  XH_FIELD_ROW_CLASS (klass)->build = xh_long_text_row_build;
  XH_FIELD_ROW_CLASS (klass)->load = xh_long_text_row_load;
}

static void
xh_long_text_row_init (XhLongTextRow *self)
{
}
