/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a text is found by: its characters, how they sound, their initials. The same rules stand here twice, as the words that
 * go into the full-text index and as a test of one text; the tests hold both against each other.
 *
 * A text is cut into sequences at blanks and punctuation, a sequence into units: a Chinese character, or a run of letters and
 * digits. A typed word is found where it is the beginning of what follows any unit: 三 and 三丰 find 张三丰, so do "san",
 * "zhangs" and "sf". Mixed words (张s, 张sanf) are found too. Numbers of persons are found by the whole number or by its last
 * four to six characters only, never by their beginning. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  XH_SEARCH_TEXT,   /* by its characters */
  XH_SEARCH_NAME,   /* by characters, pinyin and initials */
  XH_SEARCH_CODE,   /* as text; numbers of seven digits and more by an index of the column's beginning */
  XH_SEARCH_NUMBER, /* a person's number or telephone: whole, or the last four to six */
} XhSearchMode;

typedef enum { XH_WORD_HAN, XH_WORD_LATIN, XH_WORD_DIGITS, XH_WORD_MIXED } XhSearchWordType;

typedef struct
{
  XhSearchWordType type;
  char *text;      /* (owned) lower case */
  char *match;     /* (owned) (nullable) expression for FTS5 */
  gboolean verify; /* the index gives candidates only: each must be tested with xh_search_word_matches() */
  gboolean long_number; /* digits that codes are found by through their own index */
} XhSearchWord;

#define XH_SEARCH_LONG_NUMBER 7

/* Appends the words of @text to @words, blank-separated. */
void       xh_search_index_text   (GString *words, const char *text, XhSearchMode mode);
/* (transfer full) of XhSearchWord, every one of which must be found; empty where nothing searchable was typed. */
GPtrArray *xh_search_parse        (const char *typed);
gboolean   xh_search_word_matches (const XhSearchWord *word, const char *text, XhSearchMode mode);
void       xh_search_word_free    (XhSearchWord *word);

/* Whether @text is found by what is @typed, as a name: for short lists that are in memory, such as pages and registers. */
gboolean   xh_search_matches      (const char *text, const char *typed);

G_END_DECLS
