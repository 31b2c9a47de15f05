/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the record would be after a decision: whether it passes its checks, and its score beside the one it has now. */
#pragma once

#include <adwaita.h>
#include "model/xh-form.h"

G_BEGIN_DECLS

#define XH_TYPE_DECISION_RESULT (xh_decision_result_get_type ())
G_DECLARE_FINAL_TYPE (XhDecisionResult, xh_decision_result, XH, DECISION_RESULT, AdwBin)

GtkWidget *xh_decision_result_new    (void);

/**
 * xh_decision_result_show:
 * @now: (nullable): the record as it stands; %NULL: there is none yet
 * @then: as it would be
 * @decided: everything is chosen
 * @refused: the server refused something that is still as it was, though nothing is wrong with it here
 *
 * Returns: whether the decision brings nothing in that the server would refuse
 */
gboolean   xh_decision_result_show   (XhDecisionResult *self, XhForm *now, XhForm *then, gboolean decided, gboolean refused);

G_END_DECLS
