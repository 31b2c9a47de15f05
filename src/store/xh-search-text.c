/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-search-text.h"

#include <string.h>

#include "xh-pinyin.h"

#define MAX_UNITS     64 /* of one text; what follows is not found */
#define RUN_SIZE      40 /* bytes of a run of letters and digits */
#define CHARACTERS    8  /* units in a word of the index */
#define PINYIN_LENGTH 24 /* letters, likewise */
#define INITIALS      8
#define MARK "\302\267"  /* middle dot: begins the words of numbers, so that no typed word is their beginning by chance */

typedef struct
{
  char text[RUN_SIZE + 1];
  guint8 length;
  gboolean han;
  gboolean begins;       /* a sequence */
  const char *pinyin;    /* of a Chinese character, as a surname where it begins a sequence */
  const char *other;     /* (nullable) the plain reading of such a one, where it differs */
} Unit;

/* --- units */

static gunichar
fold (gunichar c)
{
  if (c >= 0xff01 && c <= 0xff5e) /* full width */
    c -= 0xfee0;
  return c < 0x80 ? (gunichar) g_ascii_tolower ((char) c) : (c >= 0x2e80 ? c : g_unichar_tolower (c));
}

static gboolean
is_run_character (gunichar c)
{
  return c < 0x80 ? g_ascii_isalnum ((char) c) : g_unichar_isalnum (c);
}

/* 买买提·吐尔逊 is one name. */
static gboolean
is_joiner (gunichar c)
{
  return c == 0xb7 || c == 0x2022 || c == 0x30fb;
}

static void
read_surname (Unit *first, Unit *second, gunichar c1, gunichar c2)
{
  const char *one, *two;

  if (second != NULL && xh_pinyin_of_compound (c1, c2, &one, &two))
    {
      if (one != first->pinyin)
        first->other = first->pinyin, first->pinyin = one;
      if (two != second->pinyin)
        second->other = second->pinyin, second->pinyin = two;
      return;
    }
  one = xh_pinyin_of_surname (c1);
  if (one != first->pinyin)
    {
      first->other = first->pinyin;
      first->pinyin = one;
    }
}

static guint
cut_into_units (const char *text, Unit *units, gboolean readings)
{
  guint n = 0;
  gunichar begin = 0;
  gboolean begins = TRUE, in_run = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = fold (g_utf8_get_char (p));
      Unit *unit;

      if (is_joiner (c))
        continue;
      if (xh_pinyin_is_han (c))
        {
          if (n == MAX_UNITS)
            break;
          unit = &units[n++];
          unit->length = (guint8) g_unichar_to_utf8 (c, unit->text);
          unit->text[unit->length] = '\0';
          unit->han = TRUE;
          unit->begins = begins;
          unit->pinyin = readings ? xh_pinyin_of (c) : "";
          unit->other = NULL;
          if (readings && n >= 2 && units[n - 2].begins && units[n - 2].han)
            read_surname (&units[n - 2], unit, begin, c);
          begin = c;
          begins = in_run = FALSE;
        }
      else if (is_run_character (c))
        {
          if (!in_run)
            {
              if (n == MAX_UNITS)
                break;
              unit = &units[n++];
              memset (unit, 0, sizeof *unit);
              unit->begins = begins;
              unit->pinyin = unit->text;
            }
          unit = &units[n - 1];
          if (unit->length + 6 <= RUN_SIZE)
            {
              unit->length += (guint8) g_unichar_to_utf8 (c, unit->text + unit->length);
              unit->text[unit->length] = '\0';
            }
          begins = FALSE;
          in_run = TRUE;
        }
      else
        {
          if (readings && n > 0 && !begins && units[n - 1].begins && units[n - 1].han)
            read_surname (&units[n - 1], NULL, begin, 0);
          begins = TRUE;
          in_run = FALSE;
        }
    }
  if (readings && n > 0 && units[n - 1].begins && units[n - 1].han && units[n - 1].other == NULL)
    read_surname (&units[n - 1], NULL, begin, 0);
  return n;
}

static guint
sequence_end (const Unit *units, guint n, guint from)
{
  guint end = from + 1;

  while (end < n && !units[end].begins)
    end++;
  return end;
}

/* --- the words of the index */

static void
append_characters (GString *words, const Unit *units, guint from, guint end)
{
  for (guint i = from; i < end && i < from + CHARACTERS; i++)
    g_string_append_len (words, units[i].text, units[i].length);
  g_string_append_c (words, ' ');
}

/* @plain: read by the plain readings instead of the surname's. */
static void
append_pinyin (GString *words, const Unit *units, guint from, guint end, gboolean plain)
{
  gsize start = words->len;

  for (guint i = from; i < end && words->len - start < PINYIN_LENGTH; i++)
    g_string_append (words, plain && units[i].other != NULL ? units[i].other : units[i].pinyin);
  if (words->len - start > PINYIN_LENGTH)
    {
      gsize cut = start + PINYIN_LENGTH;

      while (cut > start && ((guchar) words->str[cut] & 0xc0) == 0x80)
        cut--;
      g_string_truncate (words, cut);
    }
  g_string_append_c (words, ' ');
}

static char
initial_of (const Unit *unit, gboolean plain)
{
  const char *sound = plain && unit->other != NULL ? unit->other : unit->pinyin;

  return (guchar) sound[0] < 0x80 ? sound[0] : '\0';
}

static void
append_initials (GString *words, const Unit *units, guint from, guint end, gboolean plain)
{
  for (guint i = from; i < end && i < from + INITIALS; i++)
    {
      char initial = initial_of (&units[i], plain);

      if (initial == '\0')
        break;
      g_string_append_c (words, initial);
    }
  g_string_append_c (words, ' ');
}

static gboolean
has_han (const Unit *units, guint from, guint end)
{
  for (guint i = from; i < end; i++)
    if (units[i].han)
      return TRUE;
  return FALSE;
}

static gboolean
reads_twice (const Unit *units, guint from, guint end)
{
  return units[from].other != NULL || (from + 1 < end && units[from + 1].other != NULL);
}

static gboolean
is_long_number (const char *text)
{
  return strlen (text) >= XH_SEARCH_LONG_NUMBER && strspn (text, "0123456789") == strlen (text);
}

static void
index_sequence (GString *words, const Unit *units, guint first, guint end, XhSearchMode mode)
{
  for (guint i = first; i < end; i++)
    {
      if (mode == XH_SEARCH_CODE && is_long_number (units[i].text))
        {
          /* Longer beginnings of it are looked for in the column itself: thousands of codes that share one are cheap there. */
          g_string_append_len (words, units[i].text, XH_SEARCH_LONG_NUMBER - 1);
          g_string_append_c (words, ' ');
          continue;
        }
      append_characters (words, units, i, end);
      if (mode != XH_SEARCH_NAME || !has_han (units, i, end))
        continue;
      append_pinyin (words, units, i, end, FALSE);
      append_initials (words, units, i, end, FALSE);
      if (reads_twice (units, i, end))
        {
          append_pinyin (words, units, i, end, TRUE);
          append_initials (words, units, i, end, TRUE);
        }
    }
}

/* Letters and digits only, in lower case. */
static guint
normalise_number (const char *text, char *number, guint size)
{
  guint n = 0;

  for (const char *p = text; *p != '\0' && n + 1 < size; p = g_utf8_next_char (p))
    {
      gunichar c = fold (g_utf8_get_char (p));

      if (c < 0x80 && g_ascii_isalnum ((char) c))
        number[n++] = (char) c;
    }
  number[n] = '\0';
  return n;
}

static void
index_number (GString *words, const char *text)
{
  char number[RUN_SIZE + 1];
  guint n = normalise_number (text, number, sizeof number);

  if (n > 6)
    g_string_append_printf (words, MARK "%s ", number);
  for (guint tail = 4; tail <= 6 && tail <= n; tail++)
    g_string_append_printf (words, MARK "%s ", number + n - tail);
}

void
xh_search_index_text (GString *words, const char *text, XhSearchMode mode)
{
  Unit units[MAX_UNITS];
  guint n;

  if (mode == XH_SEARCH_NUMBER)
    {
      index_number (words, text);
      return;
    }
  n = cut_into_units (text, units, mode == XH_SEARCH_NAME);
  for (guint first = 0; first < n;)
    {
      guint end = sequence_end (units, n, first);

      index_sequence (words, units, first, end, mode);
      first = end;
    }
}

/* --- what is typed */

static gboolean
is_number (const char *text)
{
  gsize n = strlen (text);

  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isdigit (text[i]) && !(text[i] == 'x' && i + 1 == n && i > 0))
      return FALSE;
  return TRUE;
}

static XhSearchWordType
word_type (const char *text, const Unit *units, guint n)
{
  gboolean han = FALSE, run = FALSE;

  for (guint i = 0; i < n; i++)
    if (units[i].han)
      han = TRUE;
    else
      run = TRUE;
  if (han)
    return run ? XH_WORD_MIXED : XH_WORD_HAN;
  return is_number (text) ? XH_WORD_DIGITS : XH_WORD_LATIN;
}

static char *
quote_prefix (const char *text, gsize max_bytes)
{
  gsize n = MIN (strlen (text), max_bytes);

  while (n > 0 && ((guchar) text[n] & 0xc0) == 0x80)
    n--;
  return g_strdup_printf ("\"%.*s\" *", (int) n, text);
}

static char *
match_latin (const char *text, gboolean *verify)
{
  g_autofree char *one = quote_prefix (text, PINYIN_LENGTH);
  g_autofree char *with_u = NULL, *two = NULL;

  *verify = strlen (text) > PINYIN_LENGTH;
  if (strchr (text, 'v') == NULL)
    return g_steal_pointer (&one);
  with_u = g_strdelimit (g_strdup (text), "v", 'u'); /* 吕 is typed "lv" */
  two = quote_prefix (with_u, PINYIN_LENGTH);
  return g_strdup_printf ("(%s OR %s)", one, two);
}

static char *
match_han (const Unit *units, guint n, gboolean *verify)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n && i < CHARACTERS; i++)
    g_string_append_len (text, units[i].text, units[i].length);
  *verify |= n > CHARACTERS;
  return quote_prefix (text->str, text->len);
}

static char *
match_digits (const char *text)
{
  g_autofree char *begin = quote_prefix (text, PINYIN_LENGTH);
  gsize n = strlen (text);

  if (n < 4)
    return g_steal_pointer (&begin);
  return g_strdup_printf ("(\"" MARK "%s\" OR %s)", text, begin);
}

/* Candidates: every stretch of characters and every one of letters is somewhere in the text. */
static char *
match_mixed (const Unit *units, guint n)
{
  GString *match = g_string_new ("(");

  for (guint i = 0; i < n;)
    {
      guint end = i + 1;
      gboolean verify = FALSE;
      g_autofree char *part = NULL;

      while (units[i].han && end < n && units[end].han)
        end++;
      /* Letters may be several syllables or initials: only the first letter is certain. */
      part = units[i].han ? match_han (units + i, end - i, &verify) : quote_prefix (units[i].text, 1);
      g_string_append_printf (match, "%s%s", match->len > 1 ? " AND " : "", part);
      i = end;
    }
  g_string_append_c (match, ')');
  return g_string_free (match, FALSE);
}

static XhSearchWord *
word_new (const char *typed, gsize length)
{
  g_autofree char *text = g_strndup (typed, length);
  Unit units[MAX_UNITS];
  guint n = cut_into_units (text, units, FALSE);
  XhSearchWord *word = g_new0 (XhSearchWord, 1);
  g_autoptr (GString) joined = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_len (joined, units[i].text, units[i].length);
  word->text = g_string_free (g_steal_pointer (&joined), FALSE);
  word->type = word_type (word->text, units, n);
  switch (word->type)
    {
    case XH_WORD_HAN:
      word->match = match_han (units, n, &word->verify);
      break;
    case XH_WORD_LATIN:
      word->match = match_latin (word->text, &word->verify);
      break;
    case XH_WORD_DIGITS:
      word->match = match_digits (word->text);
      word->long_number = is_long_number (word->text);
      word->verify = strlen (word->text) > PINYIN_LENGTH;
      break;
    case XH_WORD_MIXED:
      word->match = match_mixed (units, n);
      word->verify = TRUE;
      break;
    }
  return word;
}

GPtrArray *
xh_search_parse (const char *typed)
{
  GPtrArray *words = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_search_word_free);
  const char *start = NULL;

  if (typed == NULL || !g_utf8_validate (typed, -1, NULL))
    return words;
  for (const char *p = typed;; p = g_utf8_next_char (p))
    {
      gunichar c = *p != '\0' ? fold (g_utf8_get_char (p)) : ' ';
      gboolean inside = xh_pinyin_is_han (c) || is_run_character (c) || (is_joiner (c) && start != NULL);

      if (inside && start == NULL)
        start = p;
      else if (!inside && start != NULL)
        {
          g_ptr_array_add (words, word_new (start, p - start));
          start = NULL;
        }
      if (*p == '\0')
        break;
    }
  return words;
}

/* --- one text */

static gboolean
is_start (const char *whole, const char *start)
{
  return strncmp (whole, start, strlen (start)) == 0;
}

static gboolean
characters_match (const XhSearchWord *word, const Unit *units, guint from, guint end)
{
  const char *p = word->text;

  for (guint i = from; i < end; i++)
    {
      gsize left = strlen (p);

      if (left <= units[i].length)
        return strncmp (units[i].text, p, left) == 0;
      if (strncmp (units[i].text, p, units[i].length) != 0)
        return FALSE;
      p += units[i].length;
    }
  return FALSE;
}

static gboolean
sound_matches (const char *text, const Unit *units, guint from, guint end, gboolean plain)
{
  g_autoptr (GString) pinyin = g_string_new (NULL);

  if (strlen (text) <= INITIALS)
    {
      append_initials (pinyin, units, from, end, plain);
      if (is_start (pinyin->str, text))
        return TRUE;
      g_string_truncate (pinyin, 0);
    }
  for (guint i = from; i < end && pinyin->len < strlen (text); i++)
    g_string_append (pinyin, plain && units[i].other != NULL ? units[i].other : units[i].pinyin);
  return is_start (pinyin->str, text);
}

static gboolean
latin_matches (const XhSearchWord *word, const Unit *units, guint from, guint end)
{
  g_autofree char *with_u = NULL;

  if (!has_han (units, from, end))
    return FALSE;
  if (sound_matches (word->text, units, from, end, FALSE) || sound_matches (word->text, units, from, end, TRUE))
    return TRUE;
  if (strchr (word->text, 'v') == NULL)
    return FALSE;
  with_u = g_strdelimit (g_strdup (word->text), "v", 'u');
  return sound_matches (with_u, units, from, end, FALSE) || sound_matches (with_u, units, from, end, TRUE);
}

/* Characters, whole syllables and initials in any mixture, the last syllable perhaps unfinished. */
static gboolean
mixed_matches (const char *typed, const Unit *units, guint i, guint end, gboolean sounds)
{
  gsize left = strlen (typed);
  const char *readings[2];

  if (left == 0)
    return TRUE;
  if (i == end)
    return FALSE;
  if (left <= units[i].length ? strncmp (units[i].text, typed, left) == 0 : is_start (typed, units[i].text))
    if (mixed_matches (typed + MIN (left, units[i].length), units, i + 1, end, sounds))
      return TRUE;
  if (!sounds || !units[i].han)
    return FALSE;
  readings[0] = units[i].pinyin;
  readings[1] = units[i].other;
  for (guint r = 0; r < 2; r++)
    {
      gsize n = readings[r] != NULL ? strlen (readings[r]) : 0;

      if (n == 0 || typed[0] != readings[r][0])
        continue;
      if (left <= n ? strncmp (readings[r], typed, left) == 0 : is_start (typed, readings[r]))
        if (mixed_matches (typed + MIN (left, n), units, i + 1, end, sounds))
          return TRUE;
      if (mixed_matches (typed + 1, units, i + 1, end, sounds))
        return TRUE;
    }
  return FALSE;
}

static gboolean
number_matches (const XhSearchWord *word, const char *text)
{
  char number[RUN_SIZE + 1];
  guint n = normalise_number (text, number, sizeof number);
  gsize typed = strlen (word->text);

  if (typed < 4 || typed > n || word->type != XH_WORD_DIGITS)
    return FALSE;
  if (typed == n)
    return strcmp (number, word->text) == 0;
  return typed <= 6 && strcmp (number + n - typed, word->text) == 0;
}

static gboolean
word_starts_at (const XhSearchWord *word, const Unit *units, guint i, guint end, XhSearchMode mode)
{
  switch (word->type)
    {
    case XH_WORD_HAN:
    case XH_WORD_DIGITS:
    case XH_WORD_LATIN:
      return characters_match (word, units, i, end) || (mode == XH_SEARCH_NAME && latin_matches (word, units, i, end));
    case XH_WORD_MIXED:
      return mixed_matches (word->text, units, i, end, mode == XH_SEARCH_NAME);
    }
  return FALSE;
}

gboolean
xh_search_word_matches (const XhSearchWord *word, const char *text, XhSearchMode mode)
{
  Unit units[MAX_UNITS];
  guint n;

  if (mode == XH_SEARCH_NUMBER)
    return number_matches (word, text);
  if (mode == XH_SEARCH_CODE && word->long_number)
    return is_start (text, word->text);
  n = cut_into_units (text, units, mode == XH_SEARCH_NAME);
  for (guint i = 0; i < n; i++)
    if (word_starts_at (word, units, i, sequence_end (units, n, i), mode))
      return TRUE;
  return FALSE;
}

gboolean
xh_search_matches (const char *text, const char *typed)
{
  g_autoptr (GPtrArray) words = xh_search_parse (typed);

  for (guint i = 0; i < words->len; i++)
    if (!xh_search_word_matches (g_ptr_array_index (words, i), text, XH_SEARCH_NAME))
      return FALSE;
  return TRUE;
}

void
xh_search_word_free (XhSearchWord *word)
{
  g_free (word->text);
  g_free (word->match);
  g_free (word);
}
