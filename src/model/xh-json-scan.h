/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one reader of JSON: a cursor over text that makes nothing. Strict (RFC 8259, whole surrogate pairs, no NUL in a text, finite
 * numbers); that the text is UTF-8 is checked by whoever starts it. The check, the tree, the piecewise reader and the table
 * functions, which run once a record, all go by it. The first fault stays. One thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *at;
  const char *end;
  const char *fault; /* what is wrong at `at`; a static text, not translated */
  gboolean wide;     /* whole numbers of more than 18 digits are read, beyond 64 bits as real ones; else they are a fault */
} XhScan;

typedef enum { XH_SCAN_NULL, XH_SCAN_FALSE, XH_SCAN_TRUE, XH_SCAN_INTEGER, XH_SCAN_REAL, XH_SCAN_TEXT, XH_SCAN_OBJECT, XH_SCAN_ARRAY } XhScanType;

typedef struct
{
  XhScanType type;
  const char *start; /* of the token, with its quotes */
  gsize length;
  gboolean escaped;  /* a text that holds a backslash */
  union { gint64 integer; double real; } number;
} XhScanToken;

void      xh_scan_init   (XhScan *scan, const char *text, gssize length);
gboolean  xh_scan_white  (XhScan *scan); /* skips white space; FALSE at the end */
gboolean  xh_scan_char   (XhScan *scan, char c); /* takes @c after white space, if it is next */
gboolean  xh_scan_value  (XhScan *scan, guint depth, XhScanToken *token); /* one whole value, whatever is in it */
gboolean  xh_scan_text   (XhScan *scan, XhScanToken *token);
gboolean  xh_scan_name   (XhScan *scan, XhScanToken *token); /* a text and the colon behind it */
void      xh_scan_append (const XhScanToken *token, GString *out); /* a text without quotes and escapes */
char     *xh_scan_dup    (const XhScanToken *token); /* likewise */
gboolean  xh_scan_equal  (const XhScanToken *token, const char *text); /* a text token against plain text */

/* The first byte from @p that stands for something else within a JSON text, or @end. */
const char *xh_json_find_special (const char *p, const char *end);

G_END_DECLS
