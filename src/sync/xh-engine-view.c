/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-engine-view.h"

enum
{
  PROP_0,
  PROP_STATE,
  PROP_MESSAGE,
  PROP_PENDING,
  PROP_TRAY,
  PROP_LAST_CONTACT,
  PROP_RECEIVED,
  PROP_TOTAL,
  PROP_CATALOG_CHANGED,
  PROP_LIVE,
  PROP_CLOCK_DIFFERENCE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

void
xh_engine_view_clear (XhEngineView *view)
{
  g_clear_pointer (&view->message, g_free);
  g_clear_pointer (&view->last_contact, g_free);
}

void
xh_engine_view_copy (const XhEngineView *source, XhEngineView *target)
{
  XhEngineView copy = *source;

  copy.message = g_strdup (source->message);
  copy.last_contact = g_strdup (source->last_contact);
  xh_engine_view_clear (target);
  *target = copy;
}

void
xh_engine_view_install (GObjectClass *class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, XH_TYPE_ENGINE_STATE, XH_ENGINE_STOPPED, flags);
  props[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  props[PROP_PENDING] = g_param_spec_uint ("pending", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_TRAY] = g_param_spec_uint ("tray", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_LAST_CONTACT] = g_param_spec_string ("last-contact", NULL, NULL, NULL, flags);
  props[PROP_RECEIVED] = g_param_spec_uint ("received", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_CATALOG_CHANGED] = g_param_spec_boolean ("catalog-changed", NULL, NULL, FALSE, flags);
  props[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, FALSE, flags);
  props[PROP_CLOCK_DIFFERENCE] = g_param_spec_int64 ("clock-difference", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  g_object_class_install_properties (class, N_PROPS, props);
}

void
xh_engine_view_get_property (const XhEngineView *view, GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, (int) view->state);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, view->message);
      break;
    case PROP_PENDING:
      g_value_set_uint (value, view->pending);
      break;
    case PROP_TRAY:
      g_value_set_uint (value, view->tray);
      break;
    case PROP_LAST_CONTACT:
      g_value_set_string (value, view->last_contact);
      break;
    case PROP_RECEIVED:
      g_value_set_uint (value, view->received);
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, view->total);
      break;
    case PROP_CATALOG_CHANGED:
      g_value_set_boolean (value, view->catalog_changed);
      break;
    case PROP_LIVE:
      g_value_set_boolean (value, view->live);
      break;
    case PROP_CLOCK_DIFFERENCE:
      g_value_set_int64 (value, view->clock_difference);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

void
xh_engine_view_notify (GObject *object, const XhEngineView *old, const XhEngineView *new)
{
  const gboolean differs[N_PROPS] = {
    [PROP_STATE] = old->state != new->state,
    [PROP_MESSAGE] = g_strcmp0 (old->message, new->message) != 0,
    [PROP_PENDING] = old->pending != new->pending,
    [PROP_TRAY] = old->tray != new->tray,
    [PROP_LAST_CONTACT] = g_strcmp0 (old->last_contact, new->last_contact) != 0,
    [PROP_RECEIVED] = old->received != new->received,
    [PROP_TOTAL] = old->total != new->total,
    [PROP_CATALOG_CHANGED] = old->catalog_changed != new->catalog_changed,
    [PROP_LIVE] = old->live != new->live,
    [PROP_CLOCK_DIFFERENCE] = old->clock_difference != new->clock_difference,
  };

  g_object_freeze_notify (object);
  for (guint i = 1; i < N_PROPS; i++)
    if (differs[i])
      g_object_notify_by_pspec (object, props[i]);
  g_object_thaw_notify (object);
}
