/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The world of a record's form: the session's stores and the window that opens linked records. */
#pragma once

#include "app/widgets/xh-field-host.h"
#include "app/xh-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define XH_TYPE_RECORD_HOST (xh_record_host_get_type ())
G_DECLARE_FINAL_TYPE (XhRecordHost, xh_record_host, XH, RECORD_HOST, GObject)

/* @page: (not owned): the widget whose window opens records */
XhRecordHost *xh_record_host_new (XhSession *session, GtkWidget *page);

/* @id: (nullable): the record whose numbers are asked for, where @page is no record page */
void          xh_record_host_set_record (XhRecordHost *self, const char *id);

G_END_DECLS
