/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-work-card.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"

struct _XhWorkCard
{
  AdwBin parent_instance;

  char *title;     /* (owned) */
  gboolean may_tick, by_day;
  GtkLabel *count;
  GtkListBox *list;
  char *shown;     /* (owned) (nullable) what the rows say: the same is not built again */
};

G_DEFINE_FINAL_TYPE (XhWorkCard, xh_work_card, ADW_TYPE_BIN)

enum
{
  OPENED,
  TOGGLED,
  MORE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkListBoxRow *
get_row (XhWorkCard *self, int index)
{
  return gtk_list_box_get_row_at_index (self->list, index);
}

static char *
sign (GPtrArray *rows, gint64 total)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%" G_GINT64_FORMAT, total);
  for (guint i = 0; i < rows->len; i++)
    {
      const XhWorkRow *row = g_ptr_array_index (rows, i);

      g_string_append_printf (text, "\n%s\t%s\t%s\t%s\t%d", row->id, row->title, row->subtitle != NULL ? row->subtitle : "",
                              row->state != NULL ? row->state : "", row->days);
    }

  return g_string_free (text, FALSE);
}

static void
toggled_cb (XhWorkRowWidget *row, XhWorkCard *self)
{
  g_signal_emit (self, signals[TOGGLED], 0, row);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, XhWorkCard *self)
{
  if (XH_IS_WORK_ROW_WIDGET (row))
    g_signal_emit (self, signals[OPENED], 0, row);
  else
    g_signal_emit (self, signals[MORE], 0);
}

static void
add_more (XhWorkCard *self, gint64 left)
{
  g_autofree char *number = xh_text_number (left);
  g_autofree char *text = g_strdup_printf (ngettext ("Show more (%s left)", "Show more (%s left)", left), number);
  GtkWidget *row = gtk_list_box_row_new (), *label = gtk_label_new (text);

  gtk_widget_add_css_class (row, "work-more");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_list_box_append (self->list, row);
}

/* The ids that are ticked, and which row has the focus: -1: none of ours. */
static GHashTable *
remember (XhWorkCard *self, int *focus)
{
  GHashTable *ticked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GtkListBoxRow *row;

  *focus = -1;
  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      if (gtk_widget_has_focus (GTK_WIDGET (row)))
        *focus = i;
      if (XH_IS_WORK_ROW_WIDGET (row) && xh_work_row_widget_is_ticked (XH_WORK_ROW_WIDGET (row)))
        g_hash_table_add (ticked, g_strdup (xh_work_row_widget_get_id (XH_WORK_ROW_WIDGET (row))));
    }

  return ticked;
}

static void
build (XhWorkCard *self, GPtrArray *rows, gint64 total)
{
  int focus;
  g_autoptr (GHashTable) ticked = remember (self, &focus);
  GtkListBoxRow *row;

  while ((row = get_row (self, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < rows->len; i++)
    {
      const XhWorkRow *work = g_ptr_array_index (rows, i);
      GtkWidget *widget = xh_work_row_widget_new (work, self->may_tick, self->by_day);

      if (g_hash_table_contains (ticked, work->id))
        xh_work_row_widget_set_ticked (XH_WORK_ROW_WIDGET (widget), TRUE);
      g_signal_connect_object (widget, "toggled", G_CALLBACK (toggled_cb), self, 0);
      gtk_list_box_append (self->list, widget);
    }
  if (total > rows->len)
    add_more (self, total - rows->len);

  /* Where the row with the focus is gone, the one that took its place has it. */
  row = focus >= 0 ? get_row (self, MIN (focus, (int) rows->len - 1)) : NULL;
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
xh_work_card_finalize (GObject *object)
{
  XhWorkCard *self = XH_WORK_CARD (object);

  g_free (self->title);
  g_free (self->shown);

  G_OBJECT_CLASS (xh_work_card_parent_class)->finalize (object);
}

static void
xh_work_card_class_init (XhWorkCardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_work_card_finalize;

  signals[OPENED] = g_signal_new ("opened", XH_TYPE_WORK_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  XH_TYPE_WORK_ROW_WIDGET);
  signals[TOGGLED] = g_signal_new ("toggled", XH_TYPE_WORK_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                   XH_TYPE_WORK_ROW_WIDGET);
  signals[MORE] = g_signal_new ("more", XH_TYPE_WORK_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xh_work_card_init (XhWorkCard *self)
{
}

GtkWidget *
xh_work_card_new (const char *title, gboolean may_tick, gboolean by_day)
{
  XhWorkCard *self = g_object_new (XH_TYPE_WORK_CARD, "visible", FALSE, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *heading = gtk_label_new (title);

  self->title = g_strdup (title);
  self->may_tick = may_tick;
  self->by_day = by_day;
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "heading");
  self->count = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "numeric");
  gtk_box_append (GTK_BOX (line), heading);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->count));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), box);

  return GTK_WIDGET (self);
}

void
xh_work_card_show (XhWorkCard *self, GPtrArray *rows, gint64 total)
{
  g_autofree char *signature = sign (rows, total);
  g_autofree char *number = xh_text_number (total);

  g_return_if_fail (XH_IS_WORK_CARD (self));

  gtk_label_set_text (self->count, number);
  gtk_widget_set_visible (GTK_WIDGET (self), total > 0);
  if (g_strcmp0 (self->shown, signature) == 0)
    return;

  build (self, rows, total);
  g_free (self->shown);
  self->shown = g_steal_pointer (&signature);
}

void
xh_work_card_each_ticked (XhWorkCard *self, GFunc func, gpointer data)
{
  GtkListBoxRow *row;

  g_return_if_fail (XH_IS_WORK_CARD (self));

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    if (XH_IS_WORK_ROW_WIDGET (row) && xh_work_row_widget_is_ticked (XH_WORK_ROW_WIDGET (row)))
      func (row, data);
}

void
xh_work_card_tick_all (XhWorkCard *self)
{
  GtkListBoxRow *row;

  g_return_if_fail (XH_IS_WORK_CARD (self));

  for (int i = 0; self->may_tick && (row = get_row (self, i)) != NULL; i++)
    if (XH_IS_WORK_ROW_WIDGET (row))
      xh_work_row_widget_set_ticked (XH_WORK_ROW_WIDGET (row), TRUE);
}

void
xh_work_card_untick (XhWorkCard *self, const char *id)
{
  GtkListBoxRow *row;

  g_return_if_fail (XH_IS_WORK_CARD (self));

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    if (XH_IS_WORK_ROW_WIDGET (row)
        && (id == NULL || g_str_equal (xh_work_row_widget_get_id (XH_WORK_ROW_WIDGET (row)), id)))
      xh_work_row_widget_set_ticked (XH_WORK_ROW_WIDGET (row), FALSE);
}
