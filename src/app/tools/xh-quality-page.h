/* SPDX-License-Identifier: GPL-3.0-or-later */

/* 数据质量: what is wrong, missing, double or late in a register, and whose it is. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_QUALITY_PAGE (xh_quality_page_get_type ())
G_DECLARE_FINAL_TYPE (XhQualityPage, xh_quality_page, XH, QUALITY_PAGE, XhPage)

/* @kind: (nullable): a register to look through at once */
XhPage *xh_quality_page_new (XhSession *session, const XhKind *kind);

G_END_DECLS
