/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A cursor over JSON text that makes no tree: for the check of what comes from outside, and for the table functions, which
 * run once a record. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *at;
  const char *end;
  const char *fault; /* what is wrong at `at`; a static text, not translated */
  gboolean unique;   /* a name that stands twice in one object is a fault */
} XhScan;

typedef enum { XH_SCAN_NULL, XH_SCAN_FALSE, XH_SCAN_TRUE, XH_SCAN_INTEGER, XH_SCAN_REAL, XH_SCAN_TEXT, XH_SCAN_OBJECT, XH_SCAN_ARRAY } XhScanType;

typedef struct
{
  XhScanType type;
  const char *start; /* of the token, with its quotes */
  gsize length;
  gboolean escaped;  /* a text that holds a backslash */
} XhScanToken;

void      xh_scan_init   (XhScan *scan, const char *text, gssize length);
gboolean  xh_scan_white  (XhScan *scan); /* skips white space; FALSE at the end */
gboolean  xh_scan_char   (XhScan *scan, char c); /* takes @c after white space, if it is next */
gboolean  xh_scan_value  (XhScan *scan, guint depth, XhScanToken *token); /* one whole value, whatever is in it */
gboolean  xh_scan_text   (XhScan *scan, XhScanToken *token);
char     *xh_scan_dup    (const XhScanToken *token); /* a text without quotes and escapes */
gboolean  xh_scan_equal  (const XhScanToken *token, const char *text); /* a text token against plain text */

G_END_DECLS
