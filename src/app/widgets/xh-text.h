/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Times as a person reads them. All arguments are UTC ISO times as the store keeps them; results are local. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *xh_text_day   (const char *utc);       /* (nullable) 2026-11-22 */
char *xh_text_exact (const char *utc);       /* (nullable) 2026-11-22 16:05:09 */
char *xh_text_ago   (const char *utc);       /* (nullable) relative up to a day ("3 minutes ago"), then the day and time */
char *xh_text_ago_time (GDateTime *time);    /* likewise */
char *xh_text_span  (gint64 seconds);        /* "12 minutes", "3 hours", "2 days" */
char *xh_text_number (guint64 number);       /* 20,000 */
/* What a person is called: by @name, else @login; the server itself by a word. (transfer none) (nullable) where both are */
const char *xh_text_account (const char *login, const char *name);

G_END_DECLS
