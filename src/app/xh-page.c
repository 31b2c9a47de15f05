/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-page.h"

typedef struct
{
  char *title;           /* (owned) (nullable) */
  char *subtitle;        /* (owned) (nullable) */
  char *notice;          /* (owned) (nullable) */
  GtkWidget *header_end; /* (owned) (nullable) */
  GActionGroup *actions; /* (owned) (nullable) */
  GtkWidget *focus;      /* (weak) (nullable) had it when the page was covered */
} XhPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (XhPage, xh_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_SUBTITLE,
  PROP_NOTICE,
  PROP_HEADER_END,
  PROP_ACTIONS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_text (XhPage *self, char **place, const char *text, guint property)
{
  if (g_strcmp0 (*place, text) == 0)
    return;

  g_free (*place);
  *place = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_widget (XhPage *self, GtkWidget **place, GtkWidget *widget, guint property)
{
  if (*place == widget)
    return;

  g_clear_object (place);
  *place = widget != NULL ? g_object_ref_sink (widget) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
xh_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  XhPagePrivate *priv = xh_page_get_instance_private (XH_PAGE (object));

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, priv->title);
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, priv->subtitle);
      break;
    case PROP_NOTICE:
      g_value_set_string (value, priv->notice);
      break;
    case PROP_HEADER_END:
      g_value_set_object (value, priv->header_end);
      break;
    case PROP_ACTIONS:
      g_value_set_object (value, priv->actions);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
xh_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  XhPage *self = XH_PAGE (object);

  switch (id)
    {
    case PROP_TITLE:
      xh_page_set_title (self, g_value_get_string (value));
      break;
    case PROP_SUBTITLE:
      xh_page_set_subtitle (self, g_value_get_string (value));
      break;
    case PROP_NOTICE:
      xh_page_set_notice (self, g_value_get_string (value));
      break;
    case PROP_HEADER_END:
      xh_page_set_header_end (self, g_value_get_object (value));
      break;
    case PROP_ACTIONS:
      xh_page_set_actions (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
xh_page_dispose (GObject *object)
{
  XhPagePrivate *priv = xh_page_get_instance_private (XH_PAGE (object));

  g_clear_object (&priv->header_end);
  g_clear_object (&priv->actions);
  g_clear_weak_pointer (&priv->focus);

  G_OBJECT_CLASS (xh_page_parent_class)->dispose (object);
}

static void
xh_page_finalize (GObject *object)
{
  XhPagePrivate *priv = xh_page_get_instance_private (XH_PAGE (object));

  g_free (priv->title);
  g_free (priv->subtitle);
  g_free (priv->notice);

  G_OBJECT_CLASS (xh_page_parent_class)->finalize (object);
}

static void
xh_page_class_init (XhPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = xh_page_get_property;
  object_class->set_property = xh_page_set_property;
  object_class->dispose = xh_page_dispose;
  object_class->finalize = xh_page_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_NOTICE] = g_param_spec_string ("notice", NULL, NULL, NULL, flags);
  properties[PROP_HEADER_END] = g_param_spec_object ("header-end", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_ACTIONS] = g_param_spec_object ("actions", NULL, NULL, G_TYPE_ACTION_GROUP, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xh_page_init (XhPage *self)
{
}

const char *
xh_page_get_title (XhPage *self)
{
  g_return_val_if_fail (XH_IS_PAGE (self), NULL);

  return ((XhPagePrivate *) xh_page_get_instance_private (self))->title;
}

void
xh_page_set_title (XhPage *self, const char *title)
{
  XhPagePrivate *priv = xh_page_get_instance_private (self);

  g_return_if_fail (XH_IS_PAGE (self));

  set_text (self, &priv->title, title, PROP_TITLE);
}

void
xh_page_set_subtitle (XhPage *self, const char *subtitle)
{
  XhPagePrivate *priv = xh_page_get_instance_private (self);

  g_return_if_fail (XH_IS_PAGE (self));

  set_text (self, &priv->subtitle, subtitle, PROP_SUBTITLE);
}

const char *
xh_page_get_notice (XhPage *self)
{
  g_return_val_if_fail (XH_IS_PAGE (self), NULL);

  return ((XhPagePrivate *) xh_page_get_instance_private (self))->notice;
}

void
xh_page_set_notice (XhPage *self, const char *notice)
{
  XhPagePrivate *priv = xh_page_get_instance_private (self);

  g_return_if_fail (XH_IS_PAGE (self));

  set_text (self, &priv->notice, notice, PROP_NOTICE);
}

void
xh_page_set_header_end (XhPage *self, GtkWidget *widget)
{
  XhPagePrivate *priv = xh_page_get_instance_private (self);

  g_return_if_fail (XH_IS_PAGE (self));

  set_widget (self, &priv->header_end, widget, PROP_HEADER_END);
}

GActionGroup *
xh_page_get_actions (XhPage *self)
{
  g_return_val_if_fail (XH_IS_PAGE (self), NULL);

  return ((XhPagePrivate *) xh_page_get_instance_private (self))->actions;
}

void
xh_page_set_actions (XhPage *self, GActionGroup *actions)
{
  XhPagePrivate *priv = xh_page_get_instance_private (self);

  g_return_if_fail (XH_IS_PAGE (self));

  if (g_set_object (&priv->actions, actions))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIONS]);
}

void
xh_page_keep_focus (XhPage *self)
{
  XhPagePrivate *priv = xh_page_get_instance_private (self);
  GtkWidget *focus, *popover;

  g_return_if_fail (XH_IS_PAGE (self));

  /* A menu closes: its button stands for it. */
  focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  while (focus != NULL && (popover = gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER)) != NULL)
    focus = gtk_widget_get_parent (popover);
  g_set_weak_pointer (&priv->focus, focus);
}

gboolean
xh_page_restore_focus (XhPage *self)
{
  XhPagePrivate *priv = xh_page_get_instance_private (self);

  g_return_val_if_fail (XH_IS_PAGE (self), FALSE);

  return priv->focus != NULL && gtk_widget_get_mapped (priv->focus) && gtk_widget_grab_focus (priv->focus);
}

static void
mapped_cb (GtkShortcutController *controller, GtkWidget *page)
{
  gtk_shortcut_controller_set_scope (controller, gtk_widget_get_mapped (page) ? GTK_SHORTCUT_SCOPE_MANAGED : GTK_SHORTCUT_SCOPE_LOCAL);
}

void
xh_page_add_shortcut (XhPage *self, const char *keys, const char *action)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  g_return_if_fail (XH_IS_PAGE (self));

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys), gtk_named_action_new (action)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  /* In the whole window, wherever the focus is, but only of the page that is shown. */
  g_signal_connect_object (self, "map", G_CALLBACK (mapped_cb), controller, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self, "unmap", G_CALLBACK (mapped_cb), controller, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

void
xh_page_reload (XhPage *self)
{
  g_return_if_fail (XH_IS_PAGE (self));

  if (XH_PAGE_GET_CLASS (self)->reload != NULL)
    XH_PAGE_GET_CLASS (self)->reload (self);
}

gboolean
xh_page_can_leave (XhPage *self)
{
  g_return_val_if_fail (XH_IS_PAGE (self), TRUE);

  return XH_PAGE_GET_CLASS (self)->can_leave == NULL || XH_PAGE_GET_CLASS (self)->can_leave (self);
}

gboolean
xh_page_find (XhPage *self)
{
  g_return_val_if_fail (XH_IS_PAGE (self), FALSE);

  return XH_PAGE_GET_CLASS (self)->find != NULL && XH_PAGE_GET_CLASS (self)->find (self);
}
