/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The file of one subject: who it is, what the registers say of it, a timeline over all of them, its grades side by side. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_SUBJECT_PAGE (xh_subject_page_get_type ())
G_DECLARE_FINAL_TYPE (XhSubjectPage, xh_subject_page, XH, SUBJECT_PAGE, XhPage)

XhPage *xh_subject_page_new (XhSession *session, const char *key); /* @key: any key of the subject */

G_END_DECLS
