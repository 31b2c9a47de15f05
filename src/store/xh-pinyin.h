/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How Chinese characters sound, without tones: ICU's Han-Latin, asked once for each character and then remembered.
 * May be called from any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define XH_PINYIN_SIZE 8 /* the longest syllable is six letters */

gboolean    xh_pinyin_is_han   (gunichar c);
/* (transfer none) syllable in lower-case ASCII ("zhang"), "" where there is none. */
const char *xh_pinyin_of       (gunichar c);
/* The same where @c begins a name: 单 is "shan" there, not "dan". */
const char *xh_pinyin_of_surname (gunichar c);
/* A surname of two characters that is read unlike its characters (尉迟, 万俟): TRUE and both syllables. */
gboolean    xh_pinyin_of_compound (gunichar first, gunichar second, const char **one, const char **two);
/* Changes when the readings may have changed (another ICU): an index made under another one is made again. */
char       *xh_pinyin_version  (void);

G_END_DECLS
