/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records that the program itself writes, as catalog.json's registers name their kinds: queries and reports. */
#pragma once

#include "app/xh-session.h"
#include "model/xh-form.h"

G_BEGIN_DECLS

/**
 * xh_own_record_new:
 * @name: a register of catalog.json: `query` or `report`
 *
 * A new record of it, of the signed-in person's unit and division; `asked_by`, `asked_unit`, `asked_at`, `issued_by` and `issued_unit` are
 * filled where the kind has them.
 *
 * Returns: (transfer full) (nullable): %NULL where the catalog keeps no such register or the role may not write it
 */
XhRecord *xh_own_record_new   (XhSession *session, const char *name);
/* Sets a text, where the kind has that field. @text: (nullable) */
void      xh_own_record_set   (XhRecord *record, const char *field, const char *text);

/**
 * xh_own_record_check:
 * @references: (nullable): as many as the kind has
 * @transition: (nullable): a step to take
 *
 * Evaluates defaults and computed values of @record by its kind and checks it.
 *
 * Returns: (transfer full): the record as it shall be saved, or %NULL with what is wrong in words
 */
XhRecord *xh_own_record_check (XhSession *session, const XhRecord *record, const XhValue *references, const char *transition, GError **error);

/* The same in another thread. */
XhRecord *xh_own_record_check_for (const char *role, const XhRecord *record, const XhValue *references, const char *transition, GError **error);
/* Saves what xh_own_record_check() gave; @record: (transfer full). xh_session_save_finish() ends it. */
void      xh_own_record_save  (XhSession *session, XhRecord *record, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer container) names of all that is filled in a record that is new */
GPtrArray *xh_own_record_changes (const XhRecord *record);

G_END_DECLS
