/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dates and money as Chinese papers write them. */

#include <string.h>

#include "model/xh-calendar.h"
#include "xh-document.h"

static const char *const digits[] = { "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九" };
static const char *const capitals[] = { "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖" };

char *
xh_document_date (const char *iso)
{
  g_autofree char *day = iso != NULL ? g_strndup (iso, 10) : NULL;
  GDate date;

  if (!xh_date_parse (day, &date))
    return g_strdup (iso != NULL ? iso : "");
  return g_strdup_printf ("%u年%u月%u日", g_date_get_year (&date), g_date_get_month (&date), g_date_get_day (&date));
}

/* 11 as 十一, 20 as 二十; to 31. */
static void
append_small (GString *text, guint number)
{
  if (number >= 20)
    g_string_append (text, digits[number / 10]);
  if (number >= 10)
    g_string_append (text, "十");
  if (number % 10 > 0)
    g_string_append (text, digits[number % 10]);
}

char *
xh_document_han_date (const char *iso)
{
  g_autofree char *day = iso != NULL ? g_strndup (iso, 10) : NULL;
  GString *text;
  GDate date;

  if (!xh_date_parse (day, &date))
    return g_strdup (iso != NULL ? iso : "");
  text = g_string_new (NULL);
  for (guint i = 0; i < 4; i++)
    g_string_append (text, digits[day[i] - '0']);
  g_string_append (text, "年");
  append_small (text, g_date_get_month (&date));
  g_string_append (text, "月");
  append_small (text, g_date_get_day (&date));
  g_string_append (text, "日");
  return g_string_free (text, FALSE);
}

/* Four digits; a zero is said once between what counts. */
static void
append_four (GString *text, guint number, gboolean leads)
{
  static const char *const places[] = { "仟", "佰", "拾", "" };
  guint scale = 1000;
  gboolean zero = !leads && number < 1000, said = FALSE;

  for (guint i = 0; i < 4; i++, scale /= 10)
    {
      guint digit = number / scale % 10;

      if (digit == 0)
        {
          zero = zero || said;
          continue;
        }
      if (zero)
        g_string_append (text, "零");
      g_string_append_printf (text, "%s%s", capitals[digit], places[i]);
      said = TRUE;
      zero = FALSE;
    }
}

static void
append_yuan (GString *text, guint64 yuan)
{
  static const char *const groups[] = { "兆", "亿", "万", "" };
  guint64 scale = G_GUINT64_CONSTANT (1000000000000);
  gboolean said = FALSE, gap = FALSE;

  for (guint i = 0; i < 4; i++, scale /= 10000)
    {
      guint group = (guint) (yuan / scale % 10000);

      if (group == 0)
        {
          gap = said;
          continue;
        }
      if (gap && group >= 1000)
        g_string_append (text, "零");
      append_four (text, group, !said);
      g_string_append (text, groups[i]);
      said = TRUE;
      gap = FALSE;
    }
}

char *
xh_document_rmb (gint64 fen)
{
  guint64 size = fen < 0 ? -(guint64) fen : (guint64) fen, yuan = size / 100;
  guint jiao = (guint) (size / 10 % 10), cents = (guint) (size % 10);
  GString *text = g_string_new (fen < 0 ? "负" : NULL);

  if (yuan >= G_GUINT64_CONSTANT (10000000000000000)) /* beyond what has a name */
    {
      g_string_append_printf (text, "%" G_GUINT64_FORMAT ".%u%u元", yuan, jiao, cents);
      return g_string_free (text, FALSE);
    }
  append_yuan (text, yuan);
  if (yuan > 0)
    g_string_append (text, "元");
  if (jiao > 0)
    g_string_append_printf (text, "%s角", capitals[jiao]);
  else if (cents > 0 && yuan > 0)
    g_string_append (text, "零");
  if (cents > 0)
    g_string_append_printf (text, "%s分", capitals[cents]);
  else
    g_string_append (text, yuan == 0 && jiao == 0 ? "零元整" : "整");
  return g_string_free (text, FALSE);
}
