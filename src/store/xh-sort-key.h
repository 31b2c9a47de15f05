/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The order of names: by pinyin as ICU's zh collation has it, never by code point. Sorting a million names by comparing texts
 * costs 20 comparisons of about 0.5 µs each; a stored key is made once (under 1 µs) and compared as bytes. Thread-safe. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define XH_SORT_KEY_SIZE 64 /* longer texts are ordered by their beginning */

guint  xh_sort_key         (const char *text, guint8 key[XH_SORT_KEY_SIZE]); /* bytes written */
char  *xh_sort_key_version (void); /* keys of another version must be made again */

G_END_DECLS
