/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "app/window/xh-window.h"

G_BEGIN_DECLS

/**
 * xh_print_subject_may:
 *
 * Returns: whether the catalog keeps a register of reports and the session's role may make a record in it
 */
gboolean xh_print_subject_may    (XhSession *session);

/**
 * xh_print_subject_report:
 * @key: a key of the subject
 *
 * Prints the credit report of a subject: asks for edition, purpose and who asks, makes the record of the report (number, verification
 * code) in the register that catalog.json names, and shows the paper. The number is the county's code, the day, and the tenth of a
 * second of the day, so that two desks without a network give no number twice.
 */
void     xh_print_subject_report (XhWindow *window, XhSession *session, const char *key);

G_END_DECLS
