/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Texts with inserts: "经{{accepting_unit}}核查，{{signed_on:date}}起有效。" */

#include "xh-document-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-expression-private.h"

#define MAX_INSERTS 100

static const char *const formats[] = { "plain", "date", "han_date", "rmb", "money", NULL };
static const char *const given[] = { "@today", "@now", "@number", "@user", "@unit", "@county", NULL };

static void
add_literal (XhTemplate *text, const char *start, gsize length)
{
  XhTemplatePart *part;

  if (length == 0)
    return;
  part = g_new0 (XhTemplatePart, 1);
  part->literal = g_strndup (start, length);
  g_ptr_array_add (text->parts, part);
}

/* Cuts ":date" off the end. A colon stands nowhere else in an expression but inside of quotes, and those end with a quote. */
static gboolean
cut_format (const XhReader *reader, const char *key, char *insert, XhInsertFormat *format)
{
  char *colon = strrchr (insert, ':');
  char *name;

  *format = XH_INSERT_PLAIN;
  if (colon == NULL || strchr (colon, '\'') != NULL)
    return TRUE;
  name = g_strstrip (colon + 1);
  for (int i = 0; formats[i] != NULL; i++)
    if (strcmp (formats[i], name) == 0)
      {
        *format = (XhInsertFormat) i;
        *colon = '\0';
        g_strchomp (insert);
        return TRUE;
      }
  xh_reader_fault (reader, key, _("no such way of writing \"%s\""), name);
  return FALSE;
}

static gboolean
is_name (const XhKind *kind, const char *insert)
{
  return xh_kind_find_field (kind, insert) != NULL || xh_kind_find_reference (kind, insert) != NULL
         || xh_spine_is_named (insert);
}

static void
add_insert (const XhDocumentLoad *load, const XhReader *reader, const char *key, XhTemplate *text, const char *start, gsize length)
{
  g_autofree char *insert = g_strstrip (g_strndup (start, length));
  XhInsertFormat format;
  XhTemplatePart *part;
  XhSite *site;

  if (!cut_format (reader, key, insert, &format))
    return;
  if (insert[0] == '@' ? !g_strv_contains (given, insert) : insert[0] == '\0')
    {
      xh_reader_fault (reader, key, _("no such name \"%s\""), insert);
      return;
    }
  part = g_new0 (XhTemplatePart, 1);
  part->format = format;
  g_ptr_array_add (text->parts, part);
  if (insert[0] == '@' || is_name (text->kind, insert))
    part->name = g_strdup (insert);
  if (insert[0] == '@')
    return;
  part->expression = g_strdup (insert);
  site = xh_loading_site (load->loading, reader, key, text->kind->name, insert);
  if (site == NULL)
    return;
  /* A name alone is masked when it is printed; what is made of a sensitive value cannot be. */
  site->guarded = part->name == NULL;
  site->unmasked = load->def->unmasked;
}

XhTemplate *
xh_template_load (const XhDocumentLoad *load, const XhReader *reader, const char *key, gboolean required, const XhKind *kind)
{
  g_autofree char *source = xh_reader_text (reader, key, required);
  XhTemplate *text;
  const char *at = source;

  if (source == NULL)
    return NULL;
  text = xh_template_new (kind);
  for (guint n = 0; *at != '\0'; n++)
    {
      const char *open = strstr (at, "{{");
      const char *close = open != NULL ? strstr (open, "}}") : NULL;

      if (open == NULL)
        {
          add_literal (text, at, strlen (at));
          break;
        }
      add_literal (text, at, (gsize) (open - at));
      if (close == NULL || n >= MAX_INSERTS)
        {
          xh_reader_fault (reader, key, close == NULL ? _("an insert is not closed: {{…}}") : _("there are too many inserts"));
          break;
        }
      add_insert (load, reader, key, text, open + 2, (gsize) (close - open - 2));
      at = close + 2;
    }
  return text;
}
