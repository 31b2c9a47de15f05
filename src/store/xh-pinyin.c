/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-pinyin.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>
#include <unicode/uversion.h>

/* Nearly all text lies here (CJK Extension A and the Unified Ideographs): an array, read without a lock. */
#define TABLE_FIRST 0x3400
#define TABLE_LAST  0x9fff
#define TABLE_SIZE  (TABLE_LAST - TABLE_FIRST + 1)

typedef enum { READING_PLAIN, READING_SURNAME, N_READINGS } Reading;

static const char *table[N_READINGS][TABLE_SIZE]; /* (atomic) interned */
static UTransliterator *transliterators[N_READINGS]; /* (mutex lock) */
static GHashTable *rare; /* (mutex lock) text of an unusual character or pair, by reading: interned "ge" or "yu chi" */
static GMutex lock;

/* The first characters of two-character surnames whose reading differs from that of each character. */
static const gunichar compound_starts[] = { 0x4e07 /* 万 */, 0x5c09 /* 尉 */, 0x957f /* 长 */, 0x6fb9 /* 澹 */ };

static UTransliterator *
get_transliterator (Reading reading)
{
  static const char *const rules[N_READINGS] = { "Han-Latin; Latin-ASCII; Lower", "Han-Latin/Names; Latin-ASCII; Lower" };
  UErrorCode status = U_ZERO_ERROR;
  UChar id[64];

  if (transliterators[reading] == NULL)
    {
      u_uastrcpy (id, rules[reading]);
      transliterators[reading] = utrans_openU (id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
      if (U_FAILURE (status))
        g_error ("ICU has no Han-Latin transliterator: %s", u_errorName (status));
    }
  return transliterators[reading];
}

/* Called with the lock held; an interned string, syllables with a space between. */
static const char *
transliterate (const gunichar *characters, guint n, Reading reading)
{
  UErrorCode status = U_ZERO_ERROR;
  UChar buffer[64];
  char text[64];
  int32_t length = 0, limit, written = 0;
  gsize kept = 0;

  for (guint i = 0; i < n; i++)
    U16_APPEND_UNSAFE (buffer, length, characters[i]);
  limit = length;
  utrans_transUChars (get_transliterator (reading), buffer, &length, G_N_ELEMENTS (buffer), 0, &limit, &status);
  u_strToUTF8 (text, sizeof text, &written, buffer, length, &status);
  if (U_FAILURE (status))
    return "";
  for (int32_t i = 0; i < written; i++)
    if (g_ascii_islower (text[i]) || text[i] == ' ')
      text[kept++] = text[i];
    else
      return ""; /* unassigned: ICU left the character as it was */
  text[kept] = '\0';
  return g_intern_string (g_strchomp (text));
}

static const char *
look_up_rare (const gunichar *characters, guint n, Reading reading)
{
  g_autofree char *text = g_ucs4_to_utf8 (characters, n, NULL, NULL, NULL);
  g_autofree char *key = NULL;
  const char *found;

  if (text == NULL)
    return "";
  key = g_strdup_printf ("%d%s", reading, text);
  g_mutex_lock (&lock);
  if (rare == NULL)
    rare = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  found = g_hash_table_lookup (rare, key);
  if (found == NULL)
    {
      found = transliterate (characters, n, reading);
      g_hash_table_insert (rare, g_steal_pointer (&key), (gpointer) found);
    }
  g_mutex_unlock (&lock);
  return found;
}

static const char *
look_up (gunichar c, Reading reading)
{
  const char *found;

  if (c < TABLE_FIRST || c > TABLE_LAST)
    return xh_pinyin_is_han (c) ? look_up_rare (&c, 1, reading) : "";
  found = g_atomic_pointer_get (&table[reading][c - TABLE_FIRST]);
  if (found == NULL)
    {
      g_mutex_lock (&lock);
      found = transliterate (&c, 1, reading);
      g_mutex_unlock (&lock);
      g_atomic_pointer_set (&table[reading][c - TABLE_FIRST], found);
    }
  return found;
}

gboolean
xh_pinyin_is_han (gunichar c)
{
  if (c < 0x2e80)
    return FALSE;
  return (c >= TABLE_FIRST && c <= TABLE_LAST) || u_hasBinaryProperty (c, UCHAR_IDEOGRAPHIC);
}

const char *
xh_pinyin_of (gunichar c)
{
  return look_up (c, READING_PLAIN);
}

const char *
xh_pinyin_of_surname (gunichar c)
{
  return look_up (c, READING_SURNAME);
}

gboolean
xh_pinyin_of_compound (gunichar first, gunichar second, const char **one, const char **two)
{
  const gunichar pair[] = { first, second };
  const char *both;
  const char *space;
  g_autofree char *head = NULL;
  gboolean starts = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (compound_starts); i++)
    starts |= compound_starts[i] == first;
  if (!starts || !xh_pinyin_is_han (second))
    return FALSE;
  both = look_up_rare (pair, 2, READING_SURNAME);
  space = strchr (both, ' ');
  if (space == NULL || strchr (space + 1, ' ') != NULL)
    return FALSE;
  head = g_strndup (both, space - both);
  *one = g_intern_string (head);
  *two = g_intern_string (space + 1);
  return strcmp (*one, xh_pinyin_of_surname (first)) != 0 || strcmp (*two, xh_pinyin_of (second)) != 0;
}

char *
xh_pinyin_version (void)
{
  return g_strdup (U_ICU_VERSION);
}
