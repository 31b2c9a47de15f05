/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person types or pastes, read forgivingly: full-width digits, spaces, thousands, units, several ways to write a day. */

#include "xh-form-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "xh-identifiers.h"
#include "xh-json.h"

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, message);
  return FALSE;
}

/* White space of any script cut from both ends. */
static char *
trim (const char *text)
{
  const char *start = text, *end;

  while (*start != '\0' && g_unichar_isspace (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);
  end = start + strlen (start);
  while (end > start && g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  return g_strndup (start, end - start);
}

/* Full width to ASCII, without spaces, grouping commas and a currency sign. */
static char *
clean_number (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  GString *clean = g_string_new (NULL);

  for (const char *p = normal; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || c == ',' || c == 0x3001 || c == 0xA5)
        continue;
      g_string_append_unichar (clean, c == 0x2212 || c == 0x2013 ? '-' : c);
    }
  return g_string_free (clean, FALSE);
}

static gboolean
cut_suffix (char *text, const char *suffix)
{
  if (suffix == NULL || *suffix == '\0' || !g_str_has_suffix (text, suffix))
    return FALSE;
  text[strlen (text) - strlen (suffix)] = '\0';
  return TRUE;
}

/* [+-]digits[.digits], at least one digit. */
static gboolean
is_plain_number (const char *text)
{
  gsize whole, fraction = 0;

  if (*text == '-' || *text == '+')
    text++;
  whole = strspn (text, "0123456789");
  text += whole;
  if (*text == '.')
    {
      fraction = strspn (text + 1, "0123456789");
      text += 1 + fraction;
    }
  return *text == '\0' && whole + fraction > 0 && whole + fraction < 40;
}

static gboolean
parse_integer (const XhField *field, const char *text, XhValue *value, GError **error)
{
  g_autofree char *number = clean_number (text);
  gint64 integer;

  cut_suffix (number, field->unit_label);
  if (!is_plain_number (number) || strchr (number, '.') != NULL
      || !g_ascii_string_to_signed (number[0] == '+' ? number + 1 : number, 10, G_MININT64, G_MAXINT64, &integer, NULL))
    return refuse (error, _("Write a whole number, such as 12."));
  xh_value_set_integer (value, integer);
  return TRUE;
}

static gboolean
parse_decimal (const XhField *field, const char *text, XhValue *value, GError **error)
{
  g_autofree char *number = clean_number (text);

  cut_suffix (number, field->unit_label);
  if (!is_plain_number (number))
    return refuse (error, _("Write a number, such as 3.5."));
  xh_value_set_real (value, g_ascii_strtod (number, NULL));
  return TRUE;
}

/* How many decimals of what was written a fen is, and the text without its unit. */
static int
cut_money_unit (const XhField *field, char *number)
{
  cut_suffix (number, "元");
  if (cut_suffix (number, "亿"))
    return 10;
  if (cut_suffix (number, "万"))
    return 6;
  return g_strcmp0 (field->unit_label, "万元") == 0 ? 6 : 2;
}

static gboolean
push_digit (gint64 *number, char digit)
{
  return !__builtin_mul_overflow (*number, 10, number) && !__builtin_add_overflow (*number, digit - '0', number);
}

/* Digit by digit: a binary fraction would lose fen. */
static gboolean
shift_to_fen (const char *number, int decimals, gint64 *fen)
{
  const char *p = number + (*number == '-' || *number == '+');

  *fen = 0;
  for (; g_ascii_isdigit (*p); p++)
    if (!push_digit (fen, *p))
      return FALSE;
  if (*p == '.')
    p++;
  for (int i = 0; i < decimals; i++)
    if (!push_digit (fen, *p != '\0' ? *p++ : '0'))
      return FALSE;
  if (*number == '-')
    *fen = -*fen;
  return p[strspn (p, "0")] == '\0';
}

static gboolean
parse_money (const XhField *field, const char *text, XhValue *value, GError **error)
{
  g_autofree char *number = clean_number (text);
  int decimals = cut_money_unit (field, number);
  gint64 fen;

  if (!is_plain_number (number))
    return refuse (error, _("Write an amount, such as 1,234.50."));
  if (!shift_to_fen (number, decimals, &fen))
    return refuse (error, _("This amount is too large, or finer than a fen."));
  xh_value_set_integer (value, fen);
  return TRUE;
}

static gboolean
split_date (const char *text, int parts[3])
{
  guint n = 0;
  gboolean in_number = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c >= '0' && c <= '9')
        {
          if (!in_number && n == 3)
            return FALSE;
          if (!in_number)
            parts[n++] = 0;
          in_number = TRUE;
          if (parts[n - 1] > 100000000)
            return FALSE;
          parts[n - 1] = parts[n - 1] * 10 + (int) (c - '0');
        }
      else if (c == '-' || c == '/' || c == '.' || c == ' ' || c == 0x5E74 || c == 0x6708 || c == 0x65E5)
        in_number = FALSE;
      else
        return FALSE;
    }
  if (n == 1 && parts[0] >= 10000101)
    {
      parts[2] = parts[0] % 100;
      parts[1] = parts[0] / 100 % 100;
      parts[0] = parts[0] / 10000;
      n = 3;
    }
  return n == 3;
}

static gboolean
parse_date (const char *text, XhValue *value, GError **error)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *iso = NULL;
  int parts[3];
  GDate date;

  if (normal != NULL && split_date (normal, parts) && parts[0] >= 1000)
    iso = g_strdup_printf ("%04d-%02d-%02d", parts[0], parts[1], parts[2]);
  if (iso == NULL)
    return refuse (error, _("Write a date as 2026-11-22."));
  if (!xh_date_parse (iso, &date))
    return refuse (error, _("There is no such day."));
  xh_value_take_text (value, g_steal_pointer (&iso));
  return TRUE;
}

static gboolean
is_one_of (const char *text, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (g_ascii_strcasecmp (text, words[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
parse_boolean (const char *text, XhValue *value, GError **error)
{
  static const char *const yes[] = { "1", "y", "yes", "true", "是", "有", "√", "对", NULL };
  static const char *const no[] = { "0", "n", "no", "false", "否", "无", "×", "不", NULL };

  if (is_one_of (text, yes) || strcmp (text, _("Yes")) == 0)
    xh_value_set_integer (value, 1);
  else if (is_one_of (text, no) || strcmp (text, _("No")) == 0)
    xh_value_set_integer (value, 0);
  else
    return refuse (error, _("Write yes or no."));
  return TRUE;
}

static const XhChoice *
match_choice (const XhField *field, const char *text)
{
  const XhChoice *choice = xh_field_find_choice (field, text);

  for (guint i = 0; choice == NULL && field->choices != NULL && i < field->choices->len; i++)
    {
      const XhChoice *other = g_ptr_array_index (field->choices, i);

      if (g_strcmp0 (other->label.zh, text) == 0
          || (other->label.en != NULL && g_ascii_strcasecmp (other->label.en, text) == 0))
        choice = other;
    }
  return choice;
}

static gboolean
refuse_unlisted (const char *text, GError **error)
{
  g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("“%s” is not on the list."), text);
  return FALSE;
}

static gboolean
parse_choice (const XhField *field, const char *text, XhValue *value, GError **error)
{
  const XhChoice *choice = match_choice (field, text);

  if (choice == NULL)
    return refuse_unlisted (text, error);
  xh_value_set_text (value, choice->code);
  return TRUE;
}

/* A JSON array as it is stored, or labels with any of the usual marks between them. */
static gboolean
parse_choices (const XhField *field, const char *text, XhValue *value, GError **error)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonArray *codes;

  if (*text == '[')
    {
      xh_value_set_text (value, text);
      return TRUE;
    }
  parts = g_regex_split_simple ("[,，、;；]", text, 0, 0);
  codes = json_array_new ();
  node = json_node_init_array (json_node_alloc (), codes);
  json_array_unref (codes);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *part = trim (parts[i]);
      const XhChoice *choice = match_choice (field, part);

      if (*part == '\0')
        continue;
      if (choice == NULL)
        return refuse_unlisted (part, error);
      json_array_add_string_element (codes, choice->code);
    }
  xh_value_take_text (value, xh_json_canonical (node));
  return TRUE;
}

static gboolean
is_named (XhDivisions *divisions, const XhDivision *division, const char *text)
{
  g_autofree char *path = NULL;

  if (g_strcmp0 (division->name, text) == 0 || g_strcmp0 (division->short_name, text) == 0)
    return TRUE;
  path = xh_divisions_path (divisions, division->code, XH_LEVEL_TOWNSHIP);
  return g_strcmp0 (path, text) == 0;
}

static gboolean
parse_division (const XhField *field, const char *text, XhValue *value, GError **error)
{
  XhDivisions *divisions = xh_catalog_get_divisions (field->kind->catalog);
  g_autofree char *code = clean_number (text);
  const XhDivision *found = xh_divisions_find (divisions, code);
  GPtrArray *all = xh_divisions_get_all (divisions);
  gboolean listed = found != NULL;

  for (guint i = 0; !listed && i < all->len; i++)
    {
      const XhDivision *division = g_ptr_array_index (all, i);

      if ((field->level >= 0 && (int) division->level != field->level) || !is_named (divisions, division, text))
        continue;
      if (found != NULL)
        return refuse (error, _("Several divisions have this name: choose one."));
      found = division;
    }
  if (found == NULL)
    return refuse (error, _("There is no such division."));
  xh_value_set_text (value, found->code);
  return TRUE;
}

static gboolean
parse_unit (const XhField *field, const char *text, XhValue *value, GError **error)
{
  XhUnits *units = xh_catalog_get_units (field->kind->catalog);
  const XhUnit *unit = xh_units_find (units, text);

  if (unit == NULL)
    unit = xh_units_match (units, text);
  if (unit == NULL)
    {
      g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("There is no unit “%s”."), text);
      return FALSE;
    }
  xh_value_set_text (value, unit->code);
  return TRUE;
}

static gboolean
parse_by_type (const XhField *field, const char *text, XhValue *value, GError **error)
{
  switch (field->type)
    {
    case XH_FIELD_INTEGER:
      return parse_integer (field, text, value, error);
    case XH_FIELD_DECIMAL:
      return parse_decimal (field, text, value, error);
    case XH_FIELD_MONEY:
      return parse_money (field, text, value, error);
    case XH_FIELD_DATE:
      return parse_date (text, value, error);
    case XH_FIELD_BOOLEAN:
      return parse_boolean (text, value, error);
    case XH_FIELD_CHOICE:
      return parse_choice (field, text, value, error);
    case XH_FIELD_CHOICES:
      return parse_choices (field, text, value, error);
    case XH_FIELD_DIVISION:
      return parse_division (field, text, value, error);
    case XH_FIELD_UNIT:
      return parse_unit (field, text, value, error);
    default:
      xh_value_set_text (value, text);
      return TRUE;
    }
}

/**
 * xh_field_parse:
 * @field: a field
 * @text: what a person typed, or a cell of a spreadsheet
 * @value: (inout): what it replaces; untouched on failure
 *
 * Reads what xh_field_format() writes (unmasked), and much else that means the same. Empty text is NULL.
 *
 * Returns: %FALSE with %XH_MODEL_ERROR_VALUE and a message for the field
 */
gboolean
xh_field_parse (const XhField *field, const char *text, XhValue *value, GError **error)
{
  g_autofree char *valid = NULL, *trimmed = NULL;
  g_auto (XhValue) parsed = XH_VALUE_INIT, normal = XH_VALUE_INIT;

  g_return_val_if_fail (field != NULL && text != NULL && value != NULL, FALSE);

  valid = g_utf8_make_valid (text, -1);
  trimmed = trim (valid);
  if (*trimmed == '\0')
    {
      xh_value_set_null (value);
      return TRUE;
    }
  if (!parse_by_type (field, trimmed, &parsed, error) || !xh_field_normalise (field, &parsed, &normal, error))
    return FALSE;
  xh_value_copy (&normal, value);
  return TRUE;
}
