/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What came of an action on many records: how many were done, and for each that was left as it was, why. */
#pragma once

#include "app/window/xh-window.h"
#include "xh-bulk.h"

G_BEGIN_DECLS

#define XH_TYPE_BULK_RESULT (xh_bulk_result_get_type ())
G_DECLARE_FINAL_TYPE (XhBulkResult, xh_bulk_result, XH, BULK_RESULT, AdwWindow)

/**
 * xh_bulk_tell:
 * @bulk: one that has finished
 *
 * A toast where everything went well, else a window with a row a refusal, which opens the record. Both offer to take back what can be taken
 * back by `page.undo-bulk`: the page shown has to have that action.
 */
void xh_bulk_tell (XhWindow *window, XhBulk *bulk);

G_END_DECLS
