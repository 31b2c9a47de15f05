/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person does with items of the tray, as jobs of the writer and the reader. */
#pragma once

#include "app/xh-session.h"
#include "xh-tray-case.h"

G_BEGIN_DECLS

/* An item with all that deciding it needs. */
typedef struct
{
  XhTrayCase *item;  /* (owned) */
  char *title;       /* (owned) what the record is called */
  guint left;        /* other items that wait */
  gint64 next;       /* one of them; 0: none */
} XhTrayReading;

/* @number: of the item; 0: the first that waits. Errors: XH_STORE_ERROR_NOT_FOUND where it is decided already. */
void           xh_tray_read_async     (XhSession *session, gint64 number, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
XhTrayReading *xh_tray_read_finish    (XhSession *session, GAsyncResult *result, GError **error);
void           xh_tray_reading_free   (XhTrayReading *reading);

/* @seen: xh_record_stamp() of the record that was shown; -1: whatever stands. Not cancellable: what was decided is decided. All end with xh_tray_finish(); pages hear of it by the session. */
void           xh_tray_decide_async   (XhSession *session, gint64 number, gint64 seen, const char *choices, GAsyncReadyCallback callback, gpointer user_data);
void           xh_tray_park_async     (XhSession *session, gint64 number, gboolean parked, GAsyncReadyCallback callback, gpointer user_data);
void           xh_tray_undo_async     (XhSession *session, gint64 number, GAsyncReadyCallback callback, gpointer user_data); /* 0: the newest */
gboolean       xh_tray_finish         (XhSession *session, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhTrayReading, xh_tray_reading_free)

G_END_DECLS
