/* SPDX-License-Identifier: GPL-3.0-or-later */

/* 双随机抽取: scheme, ratios and seed → who is inspected by whom; saved with its tasks, and repeated to check a draw that was recorded. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"
#include "model/xh-record.h"

G_BEGIN_DECLS

#define XH_TYPE_SAMPLING_PAGE (xh_sampling_page_get_type ())
G_DECLARE_FINAL_TYPE (XhSamplingPage, xh_sampling_page, XH, SAMPLING_PAGE, XhPage)

/* @record: (nullable) (transfer none): a recorded draw, to be checked; NULL: a new draw */
XhPage *xh_sampling_page_new (XhSession *session, const XhRecord *record);

G_END_DECLS
