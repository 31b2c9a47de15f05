/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-field-host.h"

G_DEFINE_INTERFACE (XhFieldHost, xh_field_host, G_TYPE_OBJECT)

static void
xh_field_host_default_init (XhFieldHostInterface *iface)
{
}

const char *
xh_field_host_get_scope (XhFieldHost *self)
{
  return XH_FIELD_HOST_GET_IFACE (self)->get_scope (self);
}

char *
xh_field_host_get_title (XhFieldHost *self, const char *id)
{
  return XH_FIELD_HOST_GET_IFACE (self)->get_title (self, id);
}

void
xh_field_host_search_async (XhFieldHost *self, const char *kind, const char *text, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  XH_FIELD_HOST_GET_IFACE (self)->search_async (self, kind, text, cancellable, callback, user_data);
}

GPtrArray *
xh_field_host_search_finish (XhFieldHost *self, GAsyncResult *result, GError **error)
{
  return XH_FIELD_HOST_GET_IFACE (self)->search_finish (self, result, error);
}

void
xh_field_host_open_record (XhFieldHost *self, const char *kind, const char *id)
{
  XH_FIELD_HOST_GET_IFACE (self)->open_record (self, kind, id);
}

XhAttachmentDesk *
xh_field_host_get_attachments (XhFieldHost *self)
{
  g_return_val_if_fail (XH_IS_FIELD_HOST (self), NULL);

  return XH_FIELD_HOST_GET_IFACE (self)->get_attachments != NULL ? XH_FIELD_HOST_GET_IFACE (self)->get_attachments (self) : NULL;
}

gboolean
xh_field_host_must_ask (XhFieldHost *self)
{
  g_return_val_if_fail (XH_IS_FIELD_HOST (self), FALSE);

  return XH_FIELD_HOST_GET_IFACE (self)->must_ask != NULL && XH_FIELD_HOST_GET_IFACE (self)->must_ask (self);
}

gboolean
xh_field_host_ask_unmask (XhFieldHost *self, const XhField *field, GObject *row, void (*shown) (GObject *row))
{
  g_return_val_if_fail (XH_IS_FIELD_HOST (self), FALSE);

  return XH_FIELD_HOST_GET_IFACE (self)->ask_unmask != NULL && XH_FIELD_HOST_GET_IFACE (self)->ask_unmask (self, field, row, shown);
}
