/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-identifiers.h"

#include <string.h>
#include <sys/random.h>

#include "xh-calendar.h"

#define ID_LENGTH 18
#define OLDEST_BIRTH_YEAR 1850

static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* --- helpers */

static gboolean
only_digits (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return TRUE;
}

static int
uscc_value (char c)
{
  const char *at = c != '\0' ? strchr (uscc_alphabet, c) : NULL;

  return at != NULL ? (int) (at - uscc_alphabet) : -1;
}

/* 4.10421E+17: what a spreadsheet shows and saves for 18 digits typed into a number cell. */
static gboolean
is_scientific (const char *text)
{
  const char *p = text;
  gboolean digits = FALSE;

  while (g_ascii_isdigit (*p) || *p == '.')
    {
      digits = TRUE;
      p++;
    }
  if (!digits || (*p != 'E' && *p != 'e'))
    return FALSE;
  p++;
  if (*p == '+')
    p++;
  return *p != '\0' && only_digits (p, strlen (p));
}

/* A double holds 15 digits: the last three of 18 come back as zeros. */
static gboolean
is_rounded (const char *text)
{
  return only_digits (text, ID_LENGTH) && strcmp (text + 15, "000") == 0;
}

static gboolean
birth_date (const char *text, GDate *date)
{
  int year = 0, month, day;
  GDate today;

  for (int i = 6; i < 10; i++)
    year = year * 10 + g_ascii_digit_value (text[i]);
  month = g_ascii_digit_value (text[10]) * 10 + g_ascii_digit_value (text[11]);
  day = g_ascii_digit_value (text[12]) * 10 + g_ascii_digit_value (text[13]);
  if (year < OLDEST_BIRTH_YEAR || !g_date_valid_dmy (day, month, year))
    return FALSE;
  g_date_clear (date, 1);
  g_date_set_dmy (date, day, month, year);
  xh_date_today (&today);
  return g_date_compare (date, &today) <= 0;
}

static gboolean
is_full_width (gunichar c)
{
  return c >= 0xFF01 && c <= 0xFF5E;
}

/* --- public functions */

char
xh_id_number_check_character (const char *first17)
{
  static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
  int sum = 0;

  g_return_val_if_fail (first17 != NULL, '\0');

  for (int i = 0; i < 17; i++)
    {
      if (!g_ascii_isdigit (first17[i]))
        return '\0';
      sum += (first17[i] - '0') * weights[i];
    }
  return "10X98765432"[sum % 11];
}

XhIdentifierFault
xh_id_number_check (const char *text, char *expected)
{
  GDate date;
  char check;

  if (expected != NULL)
    *expected = '\0';
  if (text == NULL)
    return XH_IDENTIFIER_LENGTH;
  if (is_scientific (text))
    return XH_IDENTIFIER_DAMAGED;
  if (strlen (text) != ID_LENGTH)
    return XH_IDENTIFIER_LENGTH;
  if (!only_digits (text, 17) || (!g_ascii_isdigit (text[17]) && text[17] != 'X'))
    return XH_IDENTIFIER_CHARACTER;

  check = xh_id_number_check_character (text);
  if (check != text[17] && is_rounded (text))
    return XH_IDENTIFIER_DAMAGED;
  if (!birth_date (text, &date))
    return XH_IDENTIFIER_DATE;
  if (expected != NULL)
    *expected = check;
  return check == text[17] ? XH_IDENTIFIER_OK : XH_IDENTIFIER_CHECK;
}

char
xh_uscc_check_character (const char *first17)
{
  static const int weights[] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28 };
  int sum = 0;

  g_return_val_if_fail (first17 != NULL, '\0');

  for (int i = 0; i < 17; i++)
    {
      int value = uscc_value (first17[i]);

      if (value < 0)
        return '\0';
      sum += value * weights[i];
    }
  return uscc_alphabet[(31 - sum % 31) % 31];
}

XhIdentifierFault
xh_uscc_check (const char *text, char *expected)
{
  char check;

  if (expected != NULL)
    *expected = '\0';
  if (text == NULL)
    return XH_IDENTIFIER_LENGTH;
  if (is_scientific (text))
    return XH_IDENTIFIER_DAMAGED;
  if (strlen (text) != ID_LENGTH)
    return XH_IDENTIFIER_LENGTH;

  check = xh_uscc_check_character (text);
  if (check == '\0' || uscc_value (text[17]) < 0)
    return XH_IDENTIFIER_CHARACTER;
  if (check != text[17] && is_rounded (text))
    return XH_IDENTIFIER_DAMAGED;
  if (expected != NULL)
    *expected = check;
  return check == text[17] ? XH_IDENTIFIER_OK : XH_IDENTIFIER_CHECK;
}

gboolean
xh_uscc_inner_check (const char *text)
{
  static const int weights[] = { 3, 7, 9, 10, 5, 8, 4, 2 };
  int sum = 0, check;

  if (text == NULL || strlen (text) != ID_LENGTH)
    return FALSE;
  for (int i = 0; i < 8; i++)
    {
      char c = text[8 + i];

      if (g_ascii_isdigit (c))
        sum += (c - '0') * weights[i];
      else if (g_ascii_isupper (c))
        sum += (c - 'A' + 10) * weights[i];
      else
        return FALSE;
    }
  check = 11 - sum % 11;
  return text[16] == (check == 10 ? 'X' : check == 11 ? '0' : '0' + check);
}

char *
xh_id_number_birthdate (const char *text)
{
  GDate date;

  if (text == NULL || strlen (text) != ID_LENGTH || !only_digits (text, 17) || !birth_date (text, &date))
    return NULL;
  return xh_date_format (&date);
}

int
xh_id_number_sex (const char *text)
{
  if (text == NULL || strlen (text) != ID_LENGTH || !only_digits (text, 17))
    return 0;
  return (text[16] - '0') % 2 == 1 ? 1 : 2;
}

char *
xh_identifier_normalise (const char *text)
{
  g_autofree char *valid = NULL;
  GString *result;

  g_return_val_if_fail (text != NULL, NULL);

  valid = g_utf8_make_valid (text, -1);
  result = g_string_sized_new (strlen (valid));
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_full_width (c))
        c -= 0xFF01 - '!';
      if (g_unichar_isspace (c) || g_unichar_type (c) == G_UNICODE_FORMAT || g_unichar_type (c) == G_UNICODE_CONTROL
          || g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION)
        continue;
      if (c < 0x80)
        c = (gunichar) g_ascii_toupper ((char) c);
      g_string_append_unichar (result, c);
    }
  return g_string_free (result, FALSE);
}

char *
xh_identifier_mask (const char *text)
{
  g_autofree char *valid = NULL;
  GString *result;
  glong length, head, tail, i = 0;

  g_return_val_if_fail (text != NULL, NULL);

  valid = g_utf8_make_valid (text, -1);
  length = g_utf8_strlen (valid, -1);
  head = length >= 15 ? 6 : length >= 8 ? 3 : 1;
  tail = length >= 8 ? 4 : 0;
  result = g_string_sized_new (strlen (valid));
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p), i++)
    {
      if (i < head || i >= length - tail)
        g_string_append_len (result, p, g_utf8_next_char (p) - p);
      else
        g_string_append_c (result, '*');
    }
  return g_string_free (result, FALSE);
}

gboolean
xh_phone_check (const char *text)
{
  gsize length, digits;

  if (text == NULL)
    return FALSE;
  length = strlen (text);
  if (length == 11 && text[0] == '1' && text[1] >= '3')
    return only_digits (text, length);

  /* A fixed line: area code 0xx or 0xxx, a hyphen or none, seven or eight digits. */
  if (text[0] != '0' || length < 10)
    return FALSE;
  digits = strspn (text, "0123456789");
  if (digits == length)
    return length <= 12;
  return (digits == 3 || digits == 4) && text[digits] == '-' && (length - digits == 8 || length - digits == 9)
         && only_digits (text + digits + 1, length - digits - 1);
}

char *
xh_uuid_v7_new (void)
{
  static GMutex mutex;
  static gint64 last;
  static guint counter;
  guint8 b[16];
  gint64 now = g_get_real_time () / 1000;

  if (getrandom (b, sizeof b, 0) != sizeof b)
    for (gsize i = 0; i < sizeof b; i++)
      b[i] = (guint8) g_random_int ();

  /* RFC 9562, 6.2 method 1: within one millisecond a counter in rand_a keeps the order of making. */
  g_mutex_lock (&mutex);
  if (now > last)
    {
      last = now;
      counter = (b[6] << 3) | (b[7] & 0x07); /* starts in the lower half, to leave room */
    }
  else if (++counter > 0xFFF)
    {
      last++;
      counter = 0;
    }
  now = last;
  b[6] = (guint8) (0x70 | counter >> 8);
  b[7] = (guint8) counter;
  g_mutex_unlock (&mutex);

  for (int i = 0; i < 6; i++)
    b[i] = (guint8) (now >> (40 - 8 * i));
  b[8] = 0x80 | (b[8] & 0x3F);
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3],
                          b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

gboolean
xh_uuid_is_valid (const char *text)
{
  if (text == NULL || strlen (text) != 36)
    return FALSE;
  for (int i = 0; i < 36; i++)
    {
      gboolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;

      if (hyphen ? text[i] != '-' : !(g_ascii_isdigit (text[i]) || (text[i] >= 'a' && text[i] <= 'f')))
        return FALSE;
    }
  return TRUE;
}
