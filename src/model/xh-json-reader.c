/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-json-reader.h"

#include <string.h>

#include "xh-catalog.h"
#include "xh-json.h"

static gboolean
take (XhJsonReader *self, char c, const char *fault)
{
  return xh_scan_char (&self->scan, c) || xh_json_reader_fail (self, fault);
}

/* A string without escapes is a piece of the text itself. */
static void
set_string (XhJsonReader *self, const XhScanToken *token, XhJsonValue *value)
{
  value->type = XH_JSON_STRING;
  value->text = token->start + 1;
  value->length = token->length - 2;
  if (!token->escaped)
    return;
  g_string_truncate (self->scratch, 0);
  xh_scan_append (token, self->scratch);
  value->text = self->scratch->str;
  value->length = self->scratch->len;
}

void
xh_json_reader_init (XhJsonReader *self, const char *json, gsize length)
{
  xh_scan_init (&self->scan, json, (gssize) length);
  self->scan.wide = TRUE;
  self->start = json;
  self->scratch = g_string_new (NULL);
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
  if (self->scan.fault != NULL)
    return FALSE;
  self->first = TRUE;
  return take (self, '[', "an array is expected");
}

gboolean
xh_json_reader_next_element (XhJsonReader *self)
{
  gboolean first = self->first;

  if (self->scan.fault != NULL)
    return FALSE;
  self->first = FALSE;
  if (xh_scan_char (&self->scan, ']'))
    return FALSE;
  return first || take (self, ',', "a comma or the end of the array is expected");
}

gboolean
xh_json_reader_enter_object (XhJsonReader *self)
{
  if (self->scan.fault != NULL)
    return FALSE;
  self->first = TRUE;
  return take (self, '{', "an object is expected");
}

gboolean
xh_json_reader_next_key (XhJsonReader *self, XhJsonValue *key)
{
  gboolean first = self->first;
  XhScanToken token;

  if (self->scan.fault != NULL)
    return FALSE;
  self->first = FALSE;
  if (xh_scan_char (&self->scan, '}'))
    return FALSE;
  if (!first && !take (self, ',', "a comma or the end of the object is expected"))
    return FALSE;
  if (!xh_scan_name (&self->scan, &token))
    return FALSE;
  set_string (self, &token, key);
  return TRUE;
}

gboolean
xh_json_reader_value (XhJsonReader *self, XhJsonValue *value)
{
  static const XhJsonType types[] = {
    [XH_SCAN_NULL] = XH_JSON_NULL, [XH_SCAN_FALSE] = XH_JSON_FALSE, [XH_SCAN_TRUE] = XH_JSON_TRUE,
    [XH_SCAN_INTEGER] = XH_JSON_INTEGER, [XH_SCAN_REAL] = XH_JSON_REAL,
  };
  XhScanToken token;

  if (self->scan.fault != NULL)
    return FALSE;
  self->first = FALSE;
  if (xh_scan_white (&self->scan) && (*self->scan.at == '[' || *self->scan.at == '{'))
    return xh_json_reader_fail (self, "a value is expected");
  if (!xh_scan_value (&self->scan, 1, &token))
    return FALSE;
  if (token.type == XH_SCAN_TEXT)
    {
      set_string (self, &token, value);
      return TRUE;
    }
  value->type = types[token.type];
  if (token.type == XH_SCAN_INTEGER)
    value->integer = token.number.integer;
  else if (token.type == XH_SCAN_REAL)
    value->real = token.number.real;
  return TRUE;
}

gboolean
xh_json_reader_finish (XhJsonReader *self)
{
  if (self->scan.fault != NULL)
    return FALSE;
  return !xh_scan_white (&self->scan) || xh_json_reader_fail (self, "the text goes on behind its end");
}

gboolean
xh_json_reader_fail (XhJsonReader *self, const char *fault)
{
  if (self->scan.fault == NULL)
    self->scan.fault = fault;
  return FALSE;
}

gboolean
xh_json_reader_ok (XhJsonReader *self)
{
  return self->scan.fault == NULL;
}

gboolean
xh_json_reader_set_error (XhJsonReader *self, GError **error)
{
  g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_JSON, "Byte %" G_GSIZE_FORMAT ": %s", (gsize) (self->scan.at - self->start),
               self->scan.fault);
  return FALSE;
}

gboolean
xh_json_value_is (const XhJsonValue *value, const char *text)
{
  return value->type == XH_JSON_STRING && strlen (text) == value->length && memcmp (value->text, text, value->length) == 0;
}
