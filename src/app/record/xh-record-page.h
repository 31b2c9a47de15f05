/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page of one record of any kind: its form, the live score where a scorecard judges it, and beside them the state with
 * the next steps, due dates, linked records and history. What is typed is kept as a draft; saving is asked for. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_RECORD_PAGE (xh_record_page_get_type ())
G_DECLARE_FINAL_TYPE (XhRecordPage, xh_record_page, XH, RECORD_PAGE, XhPage)

/* @id: (nullable) NULL: a new record */
XhPage *xh_record_page_new     (XhSession *session, const XhKind *kind, const char *id);
/* A new record whose link @field is filled with @target. */
XhPage *xh_record_page_new_for (XhSession *session, const XhKind *kind, const char *field, const char *target);
/* A new record about a subject: its key in @field, its name in @name_field (nullable). */
XhPage *xh_record_page_new_about (XhSession *session, const XhKind *kind, const char *field, const char *key, const char *name_field,
                                  const char *name);

/* (nullable): the id of the record, NULL while it is not saved yet */
const char *xh_record_page_get_saved (XhRecordPage *self);

G_END_DECLS
