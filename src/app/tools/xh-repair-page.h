/* SPDX-License-Identifier: GPL-3.0-or-later */

/* 修复期限计算: the dates of one decision under all generations of rules, and a small count of working days. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"
#include "model/xh-record.h"

G_BEGIN_DECLS

#define XH_TYPE_REPAIR_PAGE (xh_repair_page_get_type ())
G_DECLARE_FINAL_TYPE (XhRepairPage, xh_repair_page, XH, REPAIR_PAGE, XhPage)

/* @record: (nullable) (transfer none): one whose dates are filled in, as far as its kind's definition counts periods of repair */
XhPage *xh_repair_page_new (XhSession *session, const XhRecord *record);

G_END_DECLS
