/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-cell.h"

typedef struct
{
  const XhField *field;
  char *typed; /* (owned) (nullable) */
} XhCellPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (XhCell, xh_cell, G_TYPE_OBJECT)

static guint changed_signal;

static void
xh_cell_finalize (GObject *object)
{
  XhCellPrivate *priv = xh_cell_get_instance_private (XH_CELL (object));

  g_free (priv->typed);

  G_OBJECT_CLASS (xh_cell_parent_class)->finalize (object);
}

static void
xh_cell_class_init (XhCellClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_cell_finalize;

  changed_signal = g_signal_new ("changed", XH_TYPE_CELL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xh_cell_init (XhCell *self)
{
}

const XhField *
xh_cell_get_field (XhCell *self)
{
  return ((XhCellPrivate *) xh_cell_get_instance_private (self))->field;
}

void
xh_cell_set_field (XhCell *self, const XhField *field)
{
  ((XhCellPrivate *) xh_cell_get_instance_private (self))->field = field;
}

const XhValue *
xh_cell_get (XhCell *self)
{
  return XH_CELL_GET_CLASS (self)->get (self);
}

void
xh_cell_set (XhCell *self, const XhValue *value)
{
  xh_cell_forget_typed (self);
  XH_CELL_GET_CLASS (self)->set (self, value);
}

void
xh_cell_set_invalid (XhCell *self, const char *typed, const char *message)
{
  XhCellPrivate *priv = xh_cell_get_instance_private (self);

  g_free (priv->typed);
  priv->typed = g_strdup (typed);
  XH_CELL_GET_CLASS (self)->set_invalid (self, typed, message);
}

const char *
xh_cell_get_typed (XhCell *self)
{
  return ((XhCellPrivate *) xh_cell_get_instance_private (self))->typed;
}

void
xh_cell_forget_typed (XhCell *self)
{
  g_clear_pointer (&((XhCellPrivate *) xh_cell_get_instance_private (self))->typed, g_free);
}

const char *
xh_cell_get_issue (XhCell *self, XhIssueSeverity *severity)
{
  return XH_CELL_GET_CLASS (self)->get_issue (self, severity);
}

gboolean
xh_cell_is_relevant (XhCell *self)
{
  return XH_CELL_GET_CLASS (self)->is_relevant (self);
}

gboolean
xh_cell_is_required (XhCell *self)
{
  return XH_CELL_GET_CLASS (self)->is_required (self);
}

gboolean
xh_cell_is_editable (XhCell *self)
{
  return XH_CELL_GET_CLASS (self)->is_editable (self);
}

void
xh_cell_break_undo (XhCell *self)
{
  if (XH_CELL_GET_CLASS (self)->break_undo != NULL)
    XH_CELL_GET_CLASS (self)->break_undo (self);
}

void
xh_cell_emit_changed (XhCell *self)
{
  g_signal_emit (self, changed_signal, 0);
}
