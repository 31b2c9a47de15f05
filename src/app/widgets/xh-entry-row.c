/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-entry-row.h"

typedef struct
{
  GtkEntry *entry;
  GtkBox *box;
  gboolean loading;
} XhEntryRowPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (XhEntryRow, xh_entry_row, XH_TYPE_FIELD_ROW)

static XhEntryRowPrivate *
get_priv (XhEntryRow *self)
{
  return xh_entry_row_get_instance_private (self);
}

static gboolean
is_number (const XhField *field)
{
  return field->type == XH_FIELD_INTEGER || field->type == XH_FIELD_DECIMAL || field->type == XH_FIELD_MONEY;
}

/* The text is the program's, not the person's: it goes into no undo list and is not parsed. */
static void
show_text (XhEntryRow *self, const char *text)
{
  XhEntryRowPrivate *priv = get_priv (self);

  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (priv->entry)), text) == 0)
    return;
  priv->loading = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (priv->entry), text);
  priv->loading = FALSE;
}

static void
xh_entry_row_load (XhFieldRow *row)
{
  XhEntryRow *self = XH_ENTRY_ROW (row);
  const XhField *field = xh_field_row_get_field (row);
  const char *typed = xh_cell_get_typed (xh_field_row_get_cell (row));
  gboolean masked = field->sensitive && (!xh_field_row_is_editing (row) || xh_field_row_is_guarded (row));
  g_autofree char *text = NULL;

  if (typed == NULL)
    text = xh_field_format (field, xh_cell_get (xh_field_row_get_cell (row)), masked);
  show_text (self, typed != NULL ? typed : text != NULL ? text : "");
}

static void
text_changed_cb (XhEntryRow *self)
{
  XhEntryRowPrivate *priv = get_priv (self);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (priv->entry));
  g_autofree char *plain = NULL;

  if (priv->loading)
    return;
  if (XH_ENTRY_ROW_GET_CLASS (self)->read != NULL)
    plain = XH_ENTRY_ROW_GET_CLASS (self)->read (self, text);
  xh_field_row_set_typed (XH_FIELD_ROW (self), plain != NULL ? plain : text);
}

/* Leaving shows the value as the model writes it; entering unmasks it: who may enter has asked for it, or typed it. */
static void
xh_entry_row_turn (XhFieldRow *row, gboolean editing)
{
  XhEntryRowPrivate *priv = get_priv (XH_ENTRY_ROW (row));

  if (editing && !xh_field_row_get_field (row)->sensitive)
    return;
  xh_entry_row_load (row);
  if (editing)
    gtk_editable_select_region (GTK_EDITABLE (priv->entry), 0, -1);
}

static void
activate_cb (XhEntryRow *self)
{
  xh_field_row_emit_next (XH_FIELD_ROW (self));
}

static void
dress_number (XhEntryRow *self, const XhField *field)
{
  XhEntryRowPrivate *priv = get_priv (self);

  gtk_entry_set_alignment (priv->entry, 1);
  gtk_widget_add_css_class (GTK_WIDGET (priv->entry), "numeric");
  gtk_entry_set_input_purpose (priv->entry, field->type == XH_FIELD_INTEGER ? GTK_INPUT_PURPOSE_DIGITS : GTK_INPUT_PURPOSE_NUMBER);
}

static void
append_unit (XhEntryRow *self, const char *unit)
{
  XhEntryRowPrivate *priv = get_priv (self);
  GtkWidget *label = gtk_label_new (unit);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_width_chars (GTK_LABEL (label), 4);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (priv->box, label);
}

static void
xh_entry_row_build (XhFieldRow *row)
{
  XhEntryRow *self = XH_ENTRY_ROW (row);
  XhEntryRowPrivate *priv = get_priv (self);
  const XhField *field = xh_field_row_get_field (row);
  GtkText *text;

  priv->entry = GTK_ENTRY (gtk_entry_new ());
  priv->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  gtk_widget_set_hexpand (GTK_WIDGET (priv->entry), TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (priv->entry), 6);
  /* One undo for the whole form: the text's own would stop at the field's edge. */
  text = GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (priv->entry)));
  gtk_editable_set_enable_undo (GTK_EDITABLE (text), FALSE);
  gtk_box_append (priv->box, GTK_WIDGET (priv->entry));
  if (is_number (field))
    dress_number (self, field);
  if (field->type == XH_FIELD_PHONE)
    gtk_entry_set_input_purpose (priv->entry, GTK_INPUT_PURPOSE_PHONE);
  if (field->unit_label != NULL)
    append_unit (self, field->unit_label);

  xh_field_row_set_editor (row, GTK_WIDGET (priv->box), GTK_WIDGET (priv->entry), FALSE);
  g_signal_connect_swapped (priv->entry, "changed", G_CALLBACK (text_changed_cb), self);
  g_signal_connect_swapped (priv->entry, "activate", G_CALLBACK (activate_cb), self);
}

static void
xh_entry_row_class_init (XhEntryRowClass *klass)
{
  XhFieldRowClass *row_class = XH_FIELD_ROW_CLASS (klass);

  row_class->masks = TRUE;
  row_class->build = xh_entry_row_build;
  row_class->load = xh_entry_row_load;
  row_class->turn = xh_entry_row_turn;
}

static void
xh_entry_row_init (XhEntryRow *self)
{
}

GtkEntry *
xh_entry_row_get_entry (XhEntryRow *self)
{
  return get_priv (self)->entry;
}

GtkBox *
xh_entry_row_get_box (XhEntryRow *self)
{
  return get_priv (self)->box;
}
