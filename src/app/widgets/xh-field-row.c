/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-field-row.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  XhCell *cell;      /* (owned) */
  XhFieldHost *host; /* (owned) (nullable) */

  /* template children */
  GtkLabel *title, *required, *help, *value, *message;
  GtkBox *column, *side, *below, *message_box;
  GtkToggleButton *unmask;
  XhValue own;      /* what was typed here: it is no secret to who typed it */
  gboolean granted; /* the number may be shown in full: that was asked and written down */

  GtkWidget *editor; /* (nullable) child of side or below */
  GtkWidget *focus;  /* (nullable) in or below the editor */
  gboolean built;
  gboolean writing;  /* the change comes from this row: its editor shows it already */
  gboolean revealed; /* missing values are told too */
  gboolean editing;
} XhFieldRowPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (XhFieldRow, xh_field_row, ADW_TYPE_PREFERENCES_ROW)

enum { PROP_0, PROP_CELL, PROP_HOST, N_PROPS };

static GParamSpec *properties[N_PROPS];
static guint next_signal;

static XhFieldRowPrivate *
get_priv (XhFieldRow *self)
{
  return xh_field_row_get_instance_private (self);
}

static gboolean
is_tabular (const XhField *field)
{
  switch (field->type)
    {
    case XH_FIELD_INTEGER:
    case XH_FIELD_DECIMAL:
    case XH_FIELD_MONEY:
      return TRUE;
    default:
      return FALSE;
    }
}

/* While a value is being typed it is bound to be wrong: its fault is told when the person goes on. */
static const char *
find_message (XhFieldRow *self)
{
  XhFieldRowPrivate *priv = get_priv (self);
  XhIssueSeverity severity;
  const char *message = xh_cell_get_issue (priv->cell, &severity);

  if (message == NULL || (severity == XH_ISSUE_MISSING && !priv->revealed))
    return NULL;
  if (priv->editing && !gtk_widget_get_visible (GTK_WIDGET (priv->message_box)))
    return NULL;
  return message;
}

static void
show_message (XhFieldRow *self)
{
  XhFieldRowPrivate *priv = get_priv (self);
  const char *message = find_message (self);

  if (g_strcmp0 (gtk_label_get_label (priv->message), message != NULL ? message : "") != 0)
    gtk_label_set_label (priv->message, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (priv->message_box), message != NULL);
  if (priv->focus == NULL)
    return;

  if (message != NULL)
    {
      gtk_widget_add_css_class (priv->focus, "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (priv->focus), GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE, -1);
      gtk_accessible_update_property (GTK_ACCESSIBLE (priv->focus), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, message, -1);
    }
  else
    {
      const char *help = gtk_label_get_label (priv->help);

      gtk_widget_remove_css_class (priv->focus, "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (priv->focus), GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_FALSE, -1);
      if (help[0] != '\0')
        gtk_accessible_update_property (GTK_ACCESSIBLE (priv->focus), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, help, -1);
      else
        gtk_accessible_reset_property (GTK_ACCESSIBLE (priv->focus), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    }
}

gboolean
xh_field_row_is_guarded (XhFieldRow *self)
{
  XhFieldRowPrivate *priv = get_priv (self);
  const XhValue *value = xh_cell_get (priv->cell);
  const XhFieldType type = xh_cell_get_field (priv->cell)->type;

  /* Amounts are what the editing is about: who may edit an income sees it. A number that names a person is asked for. */
  if (type == XH_FIELD_MONEY || type == XH_FIELD_DECIMAL || type == XH_FIELD_INTEGER)
    return FALSE;
  return XH_FIELD_ROW_GET_CLASS (self)->masks && xh_cell_get_field (priv->cell)->sensitive && !priv->granted && !priv->writing
         && !xh_value_is_null (value) && xh_cell_get_typed (priv->cell) == NULL && !xh_value_equal (value, &priv->own)
         && priv->host != NULL && xh_field_host_must_ask (priv->host);
}

/* How to fill in what cannot be filled in is of no use; where a computed value comes from is. */
static void
show_help (XhFieldRow *self, gboolean editable)
{
  XhFieldRowPrivate *priv = get_priv (self);
  const XhField *field = xh_cell_get_field (priv->cell);
  const gboolean has_help = gtk_label_get_label (priv->help)[0] != '\0';

  gtk_widget_set_visible (GTK_WIDGET (priv->help), has_help && (editable || field->computed != NULL || field->scored));
}

static void
show_state (XhFieldRow *self)
{
  XhFieldRowPrivate *priv = get_priv (self);
  gboolean editable = xh_cell_is_editable (priv->cell);
  gboolean required = editable && xh_cell_is_required (priv->cell);
  gboolean shows_editor = priv->editor != NULL && (editable || XH_FIELD_ROW_GET_CLASS (self)->keeps_editor) && !xh_field_row_is_guarded (self);

  gtk_widget_set_visible (GTK_WIDGET (priv->required), required);
  show_help (self, editable);
  if (priv->focus != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (priv->focus), GTK_ACCESSIBLE_PROPERTY_REQUIRED, required, -1);
  if (priv->editor != NULL)
    gtk_widget_set_visible (priv->editor, shows_editor);
  gtk_widget_set_visible (GTK_WIDGET (priv->value), !shows_editor);
  gtk_widget_set_visible (GTK_WIDGET (priv->unmask),
                          !shows_editor && xh_cell_get_field (priv->cell)->sensitive && !xh_value_is_null (xh_cell_get (priv->cell)));
  show_message (self);
}

static void
show_value (XhFieldRow *self)
{
  XhFieldRowPrivate *priv = get_priv (self);
  const XhField *field = xh_cell_get_field (priv->cell);
  const XhValue *value = xh_cell_get (priv->cell);
  g_autofree char *text = NULL;

  if (priv->editor != NULL && !priv->writing)
    XH_FIELD_ROW_GET_CLASS (self)->load (self);

  text = xh_field_format (field, value, field->sensitive && !gtk_toggle_button_get_active (priv->unmask));
  if (text == NULL || text[0] == '\0')
    gtk_label_set_label (priv->value, "–");
  else if (field->unit_label != NULL && !g_str_has_suffix (text, field->unit_label))
    {
      g_autofree char *with_unit = g_strdup_printf ("%s %s", text, field->unit_label);

      gtk_label_set_label (priv->value, with_unit);
    }
  else
    gtk_label_set_label (priv->value, text);
}

static void
show_eye (GtkToggleButton *button, XhFieldRow *self)
{
  const char *name = gtk_toggle_button_get_active (button) ? _ ("Hide the number") : _ ("Show the whole number");

  gtk_button_set_icon_name (GTK_BUTTON (button), gtk_toggle_button_get_active (button) ? "view-conceal-symbolic" : "view-reveal-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (get_priv (self)->cell != NULL)
    show_value (self);
}

static void
unmask_granted (GObject *row)
{
  XhFieldRowPrivate *priv = get_priv (XH_FIELD_ROW (row));

  priv->granted = TRUE;
  gtk_toggle_button_set_active (priv->unmask, TRUE);
  xh_field_row_refresh (XH_FIELD_ROW (row));
  if (xh_cell_is_editable (priv->cell))
    xh_field_row_grab_editor (XH_FIELD_ROW (row));
}

/* What is shown in full is written down first; once it was, the eye opens and closes freely until the page is left. */
static void
unmask_cb (GtkToggleButton *button, XhFieldRow *self)
{
  XhFieldRowPrivate *own = get_priv (self);

  if (gtk_toggle_button_get_active (button) && !own->granted && own->host != NULL
      && xh_field_host_ask_unmask (own->host, xh_cell_get_field (own->cell), G_OBJECT (self), unmask_granted))
    {
      gtk_toggle_button_set_active (button, FALSE);
      return;
    }
  show_eye (button, self);
}

static void
cell_changed_cb (XhFieldRow *self)
{
  xh_field_row_refresh (self);
}

static void
enter_cb (XhFieldRow *self)
{
  XhFieldRowPrivate *priv = get_priv (self);

  priv->editing = TRUE;
  xh_cell_break_undo (priv->cell);
  if (XH_FIELD_ROW_GET_CLASS (self)->turn != NULL)
    XH_FIELD_ROW_GET_CLASS (self)->turn (self, TRUE);
}

static void
leave_cb (XhFieldRow *self)
{
  XhFieldRowPrivate *priv = get_priv (self);

  priv->editing = FALSE;
  if (priv->editor == NULL)
    return;
  if (XH_FIELD_ROW_GET_CLASS (self)->turn != NULL)
    XH_FIELD_ROW_GET_CLASS (self)->turn (self, FALSE);
  show_message (self);
}

/* A row holds the focus only through its editor, so that Tab goes from editor to editor. */
static gboolean
xh_field_row_focus (GtkWidget *widget, GtkDirectionType direction)
{
  GtkWidgetClass *plain = g_type_class_peek (GTK_TYPE_WIDGET);

  return plain->focus (widget, direction);
}

static gboolean
xh_field_row_grab_focus (GtkWidget *widget)
{
  return xh_field_row_grab_editor (XH_FIELD_ROW (widget));
}

static void
xh_field_row_constructed (GObject *object)
{
  XhFieldRow *self = XH_FIELD_ROW (object);
  XhFieldRowPrivate *priv = get_priv (self);
  const XhField *field = xh_cell_get_field (priv->cell);
  const char *label = xh_label_get (&field->label), *help = xh_label_get (&field->help);

  G_OBJECT_CLASS (xh_field_row_parent_class)->constructed (object);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_label_set_label (priv->title, label);
  gtk_label_set_label (priv->help, help != NULL ? help : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (priv->value), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  show_eye (priv->unmask, self);

  if (XH_FIELD_ROW_GET_CLASS (self)->build != NULL)
    XH_FIELD_ROW_GET_CLASS (self)->build (self);
  if (!is_tabular (field))
    gtk_widget_remove_css_class (GTK_WIDGET (priv->value), "numeric");
  g_signal_connect_object (priv->cell, "changed", G_CALLBACK (cell_changed_cb), self, G_CONNECT_SWAPPED);
  xh_field_row_refresh (self);
}

static void
xh_field_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  XhFieldRowPrivate *priv = get_priv (XH_FIELD_ROW (object));

  switch (id)
    {
    case PROP_CELL:
      g_value_set_object (value, priv->cell);
      break;
    case PROP_HOST:
      g_value_set_object (value, priv->host);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
xh_field_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  XhFieldRowPrivate *priv = get_priv (XH_FIELD_ROW (object));

  switch (id)
    {
    case PROP_CELL:
      priv->cell = g_value_dup_object (value);
      break;
    case PROP_HOST:
      priv->host = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
xh_field_row_dispose (GObject *object)
{
  XhFieldRowPrivate *priv = get_priv (XH_FIELD_ROW (object));

  priv->editor = priv->focus = NULL;

  G_OBJECT_CLASS (xh_field_row_parent_class)->dispose (object);
}

static void
xh_field_row_finalize (GObject *object)
{
  XhFieldRowPrivate *priv = get_priv (XH_FIELD_ROW (object));

  xh_value_clear (&priv->own);
  g_clear_object (&priv->cell);
  g_clear_object (&priv->host);

  G_OBJECT_CLASS (xh_field_row_parent_class)->finalize (object);
}

static void
xh_field_row_class_init (XhFieldRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = xh_field_row_constructed;
  object_class->get_property = xh_field_row_get_property;
  object_class->set_property = xh_field_row_set_property;
  object_class->dispose = xh_field_row_dispose;
  object_class->finalize = xh_field_row_finalize;
  widget_class->focus = xh_field_row_focus;
  widget_class->grab_focus = xh_field_row_grab_focus;

  properties[PROP_CELL] = g_param_spec_object ("cell", NULL, NULL, XH_TYPE_CELL, flags);
  properties[PROP_HOST] = g_param_spec_object ("host", NULL, NULL, XH_TYPE_FIELD_HOST, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  next_signal = g_signal_new ("next", XH_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/widgets/xh-field-row.ui");
  gtk_widget_class_bind_template_child_private (widget_class, XhFieldRow, title);
  gtk_widget_class_bind_template_child_private (widget_class, XhFieldRow, required);
  gtk_widget_class_bind_template_child_private (widget_class, XhFieldRow, help);
  gtk_widget_class_bind_template_child_private (widget_class, XhFieldRow, column);
  gtk_widget_class_bind_template_child_private (widget_class, XhFieldRow, side);
  gtk_widget_class_bind_template_child_private (widget_class, XhFieldRow, value);
  gtk_widget_class_bind_template_child_private (widget_class, XhFieldRow, unmask);
  gtk_widget_class_bind_template_child_private (widget_class, XhFieldRow, below);
  gtk_widget_class_bind_template_child_private (widget_class, XhFieldRow, message_box);
  gtk_widget_class_bind_template_child_private (widget_class, XhFieldRow, message);
}

static void
xh_field_row_init (XhFieldRow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (get_priv (self)->unmask, "toggled", G_CALLBACK (unmask_cb), self);
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (enter_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

XhCell *
xh_field_row_get_cell (XhFieldRow *self)
{
  return get_priv (self)->cell;
}

const XhField *
xh_field_row_get_field (XhFieldRow *self)
{
  return xh_cell_get_field (get_priv (self)->cell);
}

XhFieldHost *
xh_field_row_get_host (XhFieldRow *self)
{
  return get_priv (self)->host;
}

gboolean
xh_field_row_has_message (XhFieldRow *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (get_priv (self)->message_box));
}

void
xh_field_row_reveal_issues (XhFieldRow *self, gboolean reveal)
{
  XhFieldRowPrivate *priv = get_priv (self);

  priv->revealed = reveal;
  /* Asked to tell: also of the field that is being edited. */
  if (reveal && xh_cell_get_issue (priv->cell, NULL) != NULL)
    gtk_widget_set_visible (GTK_WIDGET (priv->message_box), TRUE);
  show_message (self);
}

void
xh_field_row_refresh (XhFieldRow *self)
{
  show_state (self);
  show_value (self);
}

gboolean
xh_field_row_grab_editor (XhFieldRow *self)
{
  XhFieldRowPrivate *priv = get_priv (self);

  if (priv->editor != NULL && gtk_widget_get_visible (priv->editor))
    return (priv->focus != NULL && gtk_widget_is_sensitive (priv->focus) && gtk_widget_grab_focus (priv->focus))
           || gtk_widget_child_focus (priv->editor, GTK_DIR_TAB_FORWARD);
  return gtk_widget_get_visible (GTK_WIDGET (priv->value)) && gtk_widget_grab_focus (GTK_WIDGET (priv->value));
}

void
xh_field_row_set_editor (XhFieldRow *self, GtkWidget *editor, GtkWidget *focus, gboolean below)
{
  XhFieldRowPrivate *priv = get_priv (self);
  const char *label = xh_label_get (&xh_field_row_get_field (self)->label);

  g_return_if_fail (priv->editor == NULL);

  priv->editor = editor;
  priv->focus = focus;
  if (below)
    {
      g_autoptr (GtkWidget) message = g_object_ref (GTK_WIDGET (priv->message_box));

      gtk_box_append (priv->below, editor);
      gtk_box_remove (priv->column, message);
      gtk_box_append (priv->below, message);
      gtk_widget_set_visible (GTK_WIDGET (priv->below), TRUE);
    }
  else
    gtk_box_append (priv->side, editor);
  if (focus != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (focus), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void
xh_field_row_set_value (XhFieldRow *self, const XhValue *value)
{
  XhFieldRowPrivate *priv = get_priv (self);

  xh_value_copy (value, &priv->own);
  priv->writing = TRUE;
  xh_cell_set (priv->cell, value);
  priv->writing = FALSE;
  show_state (self);
}

void
xh_field_row_set_typed (XhFieldRow *self, const char *text)
{
  XhFieldRowPrivate *priv = get_priv (self);
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  if (xh_field_parse (xh_field_row_get_field (self), text, &value, &error))
    {
      xh_field_row_set_value (self, &value);
      return;
    }
  priv->writing = TRUE;
  xh_cell_set_invalid (priv->cell, text, error->message);
  priv->writing = FALSE;
  show_state (self);
}

void
xh_field_row_emit_next (XhFieldRow *self)
{
  g_signal_emit (self, next_signal, 0);
}

gboolean
xh_field_row_is_editing (XhFieldRow *self)
{
  return get_priv (self)->editing;
}
