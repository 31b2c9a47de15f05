/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What field rows need of the world beyond their value: the account's scope and the records that links point to. */
#pragma once

#include <gio/gio.h>
#include "model/xh-kind.h"
#include "xh-attachment-desk.h"

G_BEGIN_DECLS

#define XH_TYPE_FIELD_HOST (xh_field_host_get_type ())
G_DECLARE_INTERFACE (XhFieldHost, xh_field_host, XH, FIELD_HOST, GObject)

struct _XhFieldHostInterface
{
  GTypeInterface parent_interface;

  const char *(*get_scope)     (XhFieldHost *self);
  char       *(*get_title)     (XhFieldHost *self, const char *id);
  void        (*search_async)  (XhFieldHost *self, const char *kind, const char *text, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
  GPtrArray  *(*search_finish) (XhFieldHost *self, GAsyncResult *result, GError **error);
  void        (*open_record)   (XhFieldHost *self, const char *kind, const char *id);
  XhAttachmentDesk *(*get_attachments) (XhFieldHost *self);
  gboolean    (*must_ask)      (XhFieldHost *self);
  gboolean    (*ask_unmask)    (XhFieldHost *self, const XhField *field, GObject *row, void (*shown) (GObject *row));
};

/* Returns: (nullable): the division that divisions may be chosen under; NULL: all */
const char *xh_field_host_get_scope     (XhFieldHost *self);
/* Returns: (nullable) (transfer full): what a record is called; NULL if it is not here */
char       *xh_field_host_get_title     (XhFieldHost *self, const char *id);
/* The best matches among records of @kind, by characters, pinyin or initials; the newest for an empty @text. */
void        xh_field_host_search_async  (XhFieldHost *self, const char *kind, const char *text, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) (element-type XhHit): at most a screen of them */
GPtrArray  *xh_field_host_search_finish (XhFieldHost *self, GAsyncResult *result, GError **error);
void        xh_field_host_open_record   (XhFieldHost *self, const char *kind, const char *id);
/* Returns: (nullable) (transfer none): where attachments are; NULL: they are only told */
XhAttachmentDesk *xh_field_host_get_attachments (XhFieldHost *self);
/* Whether a stored number is shown in full only to who says what for, xh_field_host_ask_unmask(); not in a record that is being made. */
gboolean    xh_field_host_must_ask      (XhFieldHost *self);
/* Asks what a number is shown in full for, and writes it down; then calls @shown, once, with @row. FALSE: nobody need be asked. */
gboolean    xh_field_host_ask_unmask    (XhFieldHost *self, const XhField *field, GObject *row, void (*shown) (GObject *row));

G_END_DECLS
