/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-json-scan.h"

#include <math.h>
#include <string.h>

#include "xh-json.h"

#define MAX_INTEGER_DIGITS 18 /* always fit 64 bits */
#define MAX_INT64_DIGITS 19
#define MAX_NUMBER_LENGTH 60

static gboolean
wrong (XhScan *scan, const char *what)
{
  if (scan->fault == NULL)
    scan->fault = what;
  return FALSE;
}

static gboolean
next_is_digit (const XhScan *scan)
{
  return scan->at < scan->end && g_ascii_isdigit (*scan->at);
}

static gsize
skip_digits (XhScan *scan)
{
  const char *start = scan->at;

  while (next_is_digit (scan))
    scan->at++;
  return scan->at - start;
}

static gboolean
scan_word (XhScan *scan, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (scan->end - scan->at) < length || memcmp (scan->at, word, length) != 0)
    return wrong (scan, "not a JSON value");
  scan->at += length;
  return TRUE;
}

/* A number of more digits than 64 bits hold is refused, or a real one where the scan is `wide`. */
static gboolean
convert_integer (XhScan *scan, const char *start, gsize digits, XhScanToken *token)
{
  const gboolean negative = *start == '-';
  guint64 number = 0;

  if (digits > MAX_INTEGER_DIGITS && !scan->wide)
    return wrong (scan, "the number is too long");
  for (const char *p = start + negative; digits <= MAX_INT64_DIGITS && p < scan->at; p++)
    number = number * 10 + (guint64) (*p - '0');
  if (digits > MAX_INT64_DIGITS || number > (guint64) G_MAXINT64)
    token->type = XH_SCAN_REAL;
  else
    token->number.integer = negative ? -(gint64) number : (gint64) number;
  return TRUE;
}

static gboolean
convert_real (XhScan *scan, const char *start, gsize digits, XhScanToken *token)
{
  char copy[MAX_NUMBER_LENGTH + 1];

  if (digits > MAX_INTEGER_DIGITS && !scan->wide)
    return wrong (scan, "the number is too long");
  memcpy (copy, start, scan->at - start);
  copy[scan->at - start] = '\0';
  token->number.real = g_ascii_strtod (copy, NULL);
  return isfinite (token->number.real) || wrong (scan, "the number is too big");
}

static gboolean
scan_number (XhScan *scan, XhScanToken *token)
{
  const char *start = scan->at;
  gsize digits;

  token->type = XH_SCAN_INTEGER;
  if (*scan->at == '-')
    scan->at++;
  if (next_is_digit (scan) && *scan->at == '0' && scan->end - scan->at > 1 && g_ascii_isdigit (scan->at[1]))
    return wrong (scan, "a number must not start with 0");
  digits = skip_digits (scan);
  if (digits == 0)
    return wrong (scan, "not a number");
  if (scan->at < scan->end && *scan->at == '.')
    {
      token->type = XH_SCAN_REAL;
      scan->at++;
      if (skip_digits (scan) == 0)
        return wrong (scan, "a digit must follow the point");
    }
  if (scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E'))
    {
      token->type = XH_SCAN_REAL;
      scan->at++;
      if (scan->at < scan->end && (*scan->at == '+' || *scan->at == '-'))
        scan->at++;
      if (skip_digits (scan) == 0)
        return wrong (scan, "a digit must follow the exponent");
    }
  if (scan->at - start > MAX_NUMBER_LENGTH)
    return wrong (scan, "the number is too long");
  if (token->type == XH_SCAN_INTEGER && !convert_integer (scan, start, digits, token))
    return FALSE;
  return token->type == XH_SCAN_INTEGER || convert_real (scan, start, digits, token);
}

/* Four hexadecimal digits at the cursor; -1: not there. */
static int
scan_hex (XhScan *scan)
{
  int code = 0;

  if (scan->end - scan->at < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (*scan->at++);

      if (digit < 0)
        return -1;
      code = code << 4 | digit;
    }
  return code;
}

const char *
xh_json_find_special (const char *p, const char *end)
{
  while (p < end && *p != '"' && *p != '\\' && (guchar) *p >= 0x20)
    p++;
  return p;
}

static gboolean
scan_escape (XhScan *scan)
{
  int code;

  if (scan->at == scan->end)
    return wrong (scan, "the text does not end");
  if (strchr ("\"\\/bfnrt", *scan->at) != NULL && *scan->at != '\0')
    {
      scan->at++;
      return TRUE;
    }
  if (*scan->at != 'u')
    return wrong (scan, "no such escape");
  scan->at++;
  code = scan_hex (scan);
  if (code < 0)
    return wrong (scan, "four hexadecimal digits must follow \\u");
  if (code == 0)
    return wrong (scan, "a text must not hold NUL");
  if (code >= 0xD800 && code <= 0xDFFF)
    {
      int low = -1;

      if (code <= 0xDBFF && scan->end - scan->at >= 6 && scan->at[0] == '\\' && scan->at[1] == 'u')
        {
          scan->at += 2;
          low = scan_hex (scan);
        }
      if (low < 0xDC00 || low > 0xDFFF)
        return wrong (scan, "half of a surrogate pair");
    }
  return TRUE;
}

static gboolean
scan_object (XhScan *scan, guint depth)
{
  XhScanToken ignored;

  if (xh_scan_char (scan, '}'))
    return TRUE;
  do
    if (!xh_scan_name (scan, &ignored) || !xh_scan_value (scan, depth, &ignored))
      return FALSE;
  while (xh_scan_char (scan, ','));
  return xh_scan_char (scan, '}') || wrong (scan, "a comma or } must follow");
}

static gboolean
scan_array (XhScan *scan, guint depth)
{
  XhScanToken ignored;

  if (xh_scan_char (scan, ']'))
    return TRUE;
  do
    if (!xh_scan_value (scan, depth, &ignored))
      return FALSE;
  while (xh_scan_char (scan, ','));
  return xh_scan_char (scan, ']') || wrong (scan, "a comma or ] must follow");
}

void
xh_scan_init (XhScan *scan, const char *text, gssize length)
{
  scan->at = text;
  scan->end = text + (length < 0 ? strlen (text) : (gsize) length);
  scan->fault = NULL;
  scan->wide = FALSE;
}

gboolean
xh_scan_white (XhScan *scan)
{
  while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
    scan->at++;
  return scan->at < scan->end;
}

gboolean
xh_scan_char (XhScan *scan, char c)
{
  if (!xh_scan_white (scan) || *scan->at != c)
    return FALSE;
  scan->at++;
  return TRUE;
}

gboolean
xh_scan_text (XhScan *scan, XhScanToken *token)
{
  if (!xh_scan_white (scan) || *scan->at != '"')
    return wrong (scan, "a text in quotes must stand here");
  token->type = XH_SCAN_TEXT;
  token->escaped = FALSE;
  token->start = scan->at++;
  while ((scan->at = xh_json_find_special (scan->at, scan->end)) < scan->end && *scan->at != '"')
    {
      if (*scan->at++ != '\\')
        {
          scan->at--;
          return wrong (scan, "a control character in a text");
        }
      token->escaped = TRUE;
      if (!scan_escape (scan))
        return FALSE;
    }
  if (scan->at == scan->end)
    return wrong (scan, "the text does not end");
  scan->at++;
  token->length = scan->at - token->start;
  return TRUE;
}

gboolean
xh_scan_name (XhScan *scan, XhScanToken *token)
{
  return xh_scan_text (scan, token) && (xh_scan_char (scan, ':') || wrong (scan, "a colon must follow the name"));
}

gboolean
xh_scan_value (XhScan *scan, guint depth, XhScanToken *token)
{
  gboolean good;

  if (!xh_scan_white (scan))
    return wrong (scan, "the text ends too early");
  if (depth > XH_JSON_MAX_DEPTH)
    return wrong (scan, "nested too deeply");
  token->start = scan->at;
  token->escaped = FALSE;
  switch (*scan->at)
    {
    case '"':
      return xh_scan_text (scan, token);
    case '{':
      scan->at++;
      token->type = XH_SCAN_OBJECT;
      good = scan_object (scan, depth + 1);
      break;
    case '[':
      scan->at++;
      token->type = XH_SCAN_ARRAY;
      good = scan_array (scan, depth + 1);
      break;
    case 't':
      token->type = XH_SCAN_TRUE;
      good = scan_word (scan, "true");
      break;
    case 'f':
      token->type = XH_SCAN_FALSE;
      good = scan_word (scan, "false");
      break;
    case 'n':
      token->type = XH_SCAN_NULL;
      good = scan_word (scan, "null");
      break;
    default:
      good = scan_number (scan, token);
    }
  token->length = scan->at - token->start;
  return good;
}

static void
append_escaped (GString *out, const XhScanToken *token)
{
  const char *p = token->start + 1, *end = token->start + token->length - 1;

  while (p < end)
    {
      XhScan hex = { .at = p + 1, .end = end };
      gunichar code;

      if (*p != '\\')
        {
          g_string_append_c (out, *p++);
          continue;
        }
      p++;
      if (*p != 'u')
        {
          static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
          const char *known = strchr (from, *p);

          g_string_append_c (out, known != NULL ? to[known - from] : *p);
          p++;
          continue;
        }
      hex.at = p + 1;
      code = scan_hex (&hex);
      if (code >= 0xD800 && code <= 0xDBFF)
        {
          hex.at += 2;
          code = 0x10000 + ((code & 0x3FF) << 10 | ((gunichar) scan_hex (&hex) & 0x3FF));
        }
      g_string_append_unichar (out, code);
      p = hex.at;
    }
}

void
xh_scan_append (const XhScanToken *token, GString *out)
{
  if (token->escaped)
    append_escaped (out, token);
  else
    g_string_append_len (out, token->start + 1, token->length - 2);
}

char *
xh_scan_dup (const XhScanToken *token)
{
  GString *text;

  if (!token->escaped)
    return g_strndup (token->start + 1, token->length - 2);
  text = g_string_sized_new (token->length);
  append_escaped (text, token);
  return g_string_free (text, FALSE);
}

gboolean
xh_scan_equal (const XhScanToken *token, const char *text)
{
  gsize length = strlen (text);

  if (token->type != XH_SCAN_TEXT)
    return FALSE;
  if (token->escaped)
    {
      g_autofree char *plain = xh_scan_dup (token);

      return strcmp (plain, text) == 0;
    }
  return token->length == length + 2 && memcmp (token->start + 1, text, length) == 0;
}
