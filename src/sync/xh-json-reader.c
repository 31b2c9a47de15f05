/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-json-reader.h"

#include <math.h>
#include <string.h>

#include "xh-wire.h"

#define MAX_NUMBER 64 /* characters; longer ones are no number of ours */

static void
skip_space (XhJsonReader *self)
{
  while (self->p < self->end && (*self->p == ' ' || *self->p == '\n' || *self->p == '\r' || *self->p == '\t'))
    self->p++;
}

static gboolean
take (XhJsonReader *self, char c)
{
  skip_space (self);
  if (self->p >= self->end || *self->p != c)
    return FALSE;
  self->p++;
  return TRUE;
}

static gboolean
take_word (XhJsonReader *self, const char *word, gsize length)
{
  if ((gsize) (self->end - self->p) < length || memcmp (self->p, word, length) != 0)
    return xh_json_reader_fail (self, "no such word");
  self->p += length;
  return TRUE;
}

static gboolean
read_hex (XhJsonReader *self, gunichar *unit)
{
  *unit = 0;
  if (self->end - self->p < 4)
    return xh_json_reader_fail (self, "a string is cut");
  for (guint i = 0; i < 4; i++, self->p++)
    {
      int digit = g_ascii_xdigit_value (*self->p);

      if (digit < 0)
        return xh_json_reader_fail (self, "an escape is wrong");
      *unit = *unit * 16 + (gunichar) digit;
    }
  return TRUE;
}

static gboolean
read_unicode (XhJsonReader *self)
{
  gunichar unit, low;

  if (!read_hex (self, &unit))
    return FALSE;
  if (unit >= 0xd800 && unit < 0xdc00)
    {
      if (self->end - self->p < 2 || self->p[0] != '\\' || self->p[1] != 'u')
        return xh_json_reader_fail (self, "half a character");
      self->p += 2;
      if (!read_hex (self, &low))
        return FALSE;
      if (low < 0xdc00 || low > 0xdfff)
        return xh_json_reader_fail (self, "half a character");
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
  else if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff))
    return xh_json_reader_fail (self, "no such character");
  g_string_append_unichar (self->scratch, unit);
  return TRUE;
}

static gboolean
read_escape (XhJsonReader *self)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  const char *hit;

  if (self->p >= self->end)
    return xh_json_reader_fail (self, "a string is cut");
  if (*self->p == 'u')
    {
      self->p++;
      return read_unicode (self);
    }
  hit = memchr (from, *self->p, sizeof from - 1);
  if (hit == NULL)
    return xh_json_reader_fail (self, "an escape is wrong");
  g_string_append_c (self->scratch, to[hit - from]);
  self->p++;
  return TRUE;
}

static const char *
find_special (const char *p, const char *end)
{
  while (p < end && *p != '"' && *p != '\\' && (guchar) *p >= 0x20)
    p++;
  return p;
}

/* Stands behind the opening quote. A string without escapes is a piece of the text itself. */
static gboolean
read_string (XhJsonReader *self, XhJsonValue *value)
{
  const char *start = self->p;

  value->type = XH_JSON_STRING;
  self->p = find_special (self->p, self->end);
  if (self->p < self->end && *self->p == '"')
    {
      value->text = start;
      value->length = (gsize) (self->p++ - start);
      return TRUE;
    }
  g_string_truncate (self->scratch, 0);
  while (self->p < self->end)
    {
      g_string_append_len (self->scratch, start, self->p - start);
      if (self->p >= self->end || (guchar) *self->p < 0x20)
        break;
      if (*self->p++ == '"')
        {
          value->text = self->scratch->str;
          value->length = self->scratch->len;
          return TRUE;
        }
      if (!read_escape (self))
        return FALSE;
      start = self->p;
      self->p = find_special (self->p, self->end);
    }
  return xh_json_reader_fail (self, "a string is cut");
}

static gboolean
read_digits (XhJsonReader *self)
{
  const char *start = self->p;

  while (self->p < self->end && g_ascii_isdigit (*self->p))
    self->p++;
  return self->p > start;
}

static gboolean
convert_real (XhJsonReader *self, const char *start, XhJsonValue *value)
{
  char copy[MAX_NUMBER + 1];
  gsize length = (gsize) (self->p - start);

  memcpy (copy, start, length);
  copy[length] = '\0';
  value->type = XH_JSON_REAL;
  value->real = g_ascii_strtod (copy, NULL);
  return isfinite (value->real) || xh_json_reader_fail (self, "a number is too large");
}

static gboolean
convert_integer (XhJsonReader *self, const char *start, XhJsonValue *value)
{
  gboolean negative = *start == '-';
  guint64 number = 0;

  /* Nineteen digits hold every 64-bit number; more are a real number. */
  if (self->p - start - negative > 19)
    return convert_real (self, start, value);
  for (const char *p = start + negative; p < self->p; p++)
    number = number * 10 + (guint64) (*p - '0');
  if (number > (guint64) G_MAXINT64)
    return convert_real (self, start, value);
  value->type = XH_JSON_INTEGER;
  value->integer = negative ? -(gint64) number : (gint64) number;
  return TRUE;
}

static gboolean
read_number (XhJsonReader *self, XhJsonValue *value)
{
  const char *start = self->p;
  gboolean whole = TRUE;

  if (*self->p == '-')
    self->p++;
  if (self->p < self->end && *self->p == '0')
    self->p++;
  else if (!read_digits (self))
    return xh_json_reader_fail (self, "a value is expected");
  if (self->p < self->end && *self->p == '.')
    {
      whole = FALSE;
      self->p++;
      if (!read_digits (self))
        return xh_json_reader_fail (self, "a number is wrong");
    }
  if (self->p < self->end && (*self->p == 'e' || *self->p == 'E'))
    {
      whole = FALSE;
      self->p++;
      if (self->p < self->end && (*self->p == '+' || *self->p == '-'))
        self->p++;
      if (!read_digits (self))
        return xh_json_reader_fail (self, "a number is wrong");
    }
  if (self->p - start > MAX_NUMBER)
    return xh_json_reader_fail (self, "a number is too long");
  return whole ? convert_integer (self, start, value) : convert_real (self, start, value);
}

void
xh_json_reader_init (XhJsonReader *self, const char *json, gsize length)
{
  self->start = self->p = json;
  self->end = json + length;
  self->scratch = g_string_new (NULL);
  self->fault = NULL;
  self->first = FALSE;
  if (!g_utf8_validate_len (json, length, NULL))
    xh_json_reader_fail (self, "the text is not UTF-8");
}

void
xh_json_reader_clear (XhJsonReader *self)
{
  if (self->scratch != NULL)
    g_string_free (g_steal_pointer (&self->scratch), TRUE);
}

gboolean
xh_json_reader_enter_array (XhJsonReader *self)
{
  if (self->fault != NULL)
    return FALSE;
  self->first = TRUE;
  return take (self, '[') || xh_json_reader_fail (self, "an array is expected");
}

gboolean
xh_json_reader_next_element (XhJsonReader *self)
{
  gboolean first = self->first;

  if (self->fault != NULL)
    return FALSE;
  self->first = FALSE;
  if (take (self, ']'))
    return FALSE;
  return first || take (self, ',') || xh_json_reader_fail (self, "a comma or the end of the array is expected");
}

gboolean
xh_json_reader_enter_object (XhJsonReader *self)
{
  if (self->fault != NULL)
    return FALSE;
  self->first = TRUE;
  return take (self, '{') || xh_json_reader_fail (self, "an object is expected");
}

gboolean
xh_json_reader_next_key (XhJsonReader *self, XhJsonValue *key)
{
  gboolean first = self->first;

  if (self->fault != NULL)
    return FALSE;
  self->first = FALSE;
  if (take (self, '}'))
    return FALSE;
  if (!first && !take (self, ','))
    return xh_json_reader_fail (self, "a comma or the end of the object is expected");
  if (!take (self, '"'))
    return xh_json_reader_fail (self, "a name is expected");
  return read_string (self, key) && (take (self, ':') || xh_json_reader_fail (self, "a colon is expected"));
}

gboolean
xh_json_reader_value (XhJsonReader *self, XhJsonValue *value)
{
  if (self->fault != NULL)
    return FALSE;
  self->first = FALSE;
  skip_space (self);
  if (self->p >= self->end)
    return xh_json_reader_fail (self, "the text is cut");
  switch (*self->p)
    {
    case '"':
      self->p++;
      return read_string (self, value);
    case 'n':
      value->type = XH_JSON_NULL;
      return take_word (self, "null", 4);
    case 't':
      value->type = XH_JSON_TRUE;
      return take_word (self, "true", 4);
    case 'f':
      value->type = XH_JSON_FALSE;
      return take_word (self, "false", 5);
    default:
      return read_number (self, value);
    }
}

gboolean
xh_json_reader_finish (XhJsonReader *self)
{
  if (self->fault != NULL)
    return FALSE;
  skip_space (self);
  return self->p == self->end || xh_json_reader_fail (self, "the text goes on behind its end");
}

gboolean
xh_json_reader_fail (XhJsonReader *self, const char *fault)
{
  if (self->fault == NULL)
    self->fault = fault;
  return FALSE;
}

gboolean
xh_json_reader_ok (XhJsonReader *self)
{
  return self->fault == NULL;
}

gboolean
xh_json_reader_set_error (XhJsonReader *self, GError **error)
{
  g_set_error (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, "Byte %" G_GSIZE_FORMAT ": %s",
               (gsize) (self->p - self->start), self->fault);
  return FALSE;
}

gboolean
xh_json_value_is (const XhJsonValue *value, const char *text)
{
  return value->type == XH_JSON_STRING && strlen (text) == value->length && memcmp (value->text, text, value->length) == 0;
}

void
xh_wire_append_string (GString *json, const char *text, gssize length)
{
  const char *end = text + (length < 0 ? strlen (text) : (gsize) length);

  g_string_append_c (json, '"');
  while (text < end)
    {
      const char *special = find_special (text, end);

      g_string_append_len (json, text, special - text);
      if (special == end)
        break;
      if (*special == '"' || *special == '\\')
        {
          g_string_append_c (json, '\\');
          g_string_append_c (json, *special);
        }
      else
        g_string_append_printf (json, "\\u%04x", (guchar) *special);
      text = special + 1;
    }
  g_string_append_c (json, '"');
}
