/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-expression-private.h"

#include <glib/gi18n-lib.h>
#include <sqlite3.h>
#include <string.h>

#define MAX_NESTING 40


/* SQL words that an expression is made of. Every other keyword (SELECT, FROM, OVER …) is refused. */
static const char *const words[] = {
  "and", "or", "not", "is", "null", "isnull", "notnull", "in", "between", "like", "glob", "escape", "case", "when", "then", "else", "end",
  "cast", "as", "distinct", NULL,
};

static const char *const cast_types[] = { "integer", "real", "text", "numeric", NULL };
static const char *const row_functions[] = { "count", "sum", "avg", NULL };

typedef enum { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_SIGN, TOKEN_WRONG } TokenType;

typedef struct
{
  TokenType type;
  const char *start;
  gsize length;
} Token;

/* An open parenthesis. */
typedef struct
{
  gboolean is_call;
  gboolean over_rows;   /* count, sum, avg: whatever the arguments */
  gboolean min_or_max;  /* over rows with one argument only */
  guint commas;
  gboolean empty;
  gsize first_bare;     /* bare names before it, see Scan */
} Level;

typedef struct
{
  const XhNames *names;
  Level levels[MAX_NESTING + 1];
  guint depth;
  gboolean aggregate;   /* a function over rows was seen */
  gsize n_bare;         /* names seen that no function over rows holds */
  gboolean after_as;
  gboolean after_in;
} Scan;

/* --- tokens */

static gboolean
is_name_character (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

static Token
next_token (const char **at)
{
  const char *p = *at;
  Token token;

  while (g_ascii_isspace (*p))
    p++;
  token.start = p;
  token.type = TOKEN_SIGN;
  if (*p == '\0')
    token.type = TOKEN_END;
  else if (g_ascii_isalpha (*p) || *p == '_')
    {
      token.type = TOKEN_NAME;
      while (is_name_character (*p))
        p++;
    }
  else if (g_ascii_isdigit (*p) || (*p == '.' && g_ascii_isdigit (p[1])))
    {
      token.type = TOKEN_NUMBER;
      while (is_name_character (*p) || *p == '.' || ((*p == '+' || *p == '-') && (p[-1] == 'e' || p[-1] == 'E')))
        p++;
    }
  else if (*p == '\'')
    {
      token.type = TOKEN_TEXT;
      for (p++; *p != '\0' && (*p != '\'' || p[1] == '\''); p++)
        if (*p == '\'')
          p++;
      if (*p == '\0')
        token.type = TOKEN_WRONG;
      else
        p++;
    }
  else
    {
      gboolean comment = (p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*');

      if (comment || (p[0] == '-' && p[1] == '>') || strchr ("()+-*/%<>=!|&~,", *p) == NULL)
        token.type = TOKEN_WRONG;
      p++;
    }
  token.length = p - token.start;
  *at = p;
  return token;
}

static gboolean
token_is (const Token *token, const char *text)
{
  return strlen (text) == token->length && g_ascii_strncasecmp (token->start, text, token->length) == 0;
}

static gboolean
token_is_among (const Token *token, const char *const *texts)
{
  for (guint i = 0; texts[i] != NULL; i++)
    if (token_is (token, texts[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_call (const char *after)
{
  return next_token (&after).start[0] == '(';
}

static gboolean
is_constant (const Token *token)
{
  return token_is (token, "true") || token_is (token, "false");
}

/* --- the scan */

static gboolean
wrong (GError **error, const char *format, const Token *token)
{
  g_autofree char *text = g_strndup (token->start, MIN (token->length, 40));
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, "%s \"%s\"", format, valid);
  return FALSE;
}

static gboolean
name_is_known (const XhNames *names, const char *name)
{
  return xh_spine_is_named (name) || xh_kind_find_field (names->kind, name) != NULL
         || (!names->own_names && xh_kind_find_reference (names->kind, name) != NULL);
}

static gboolean
scan_name (Scan *scan, const Token *token, gboolean call, GError **error)
{
  g_autofree char *name = g_strndup (token->start, token->length);
  g_autofree char *lower = g_ascii_strdown (name, -1);
  gboolean after_as = scan->after_as;

  scan->after_as = FALSE;
  if (after_as)
    return g_strv_contains (cast_types, lower) ? TRUE : wrong (error, _("no such type"), token);
  if (call && xh_function_is_known (lower))
    return TRUE;
  if (token_is_among (token, words))
    {
      scan->after_as = strcmp (lower, "as") == 0;
      scan->after_in = strcmp (lower, "in") == 0;
      return TRUE;
    }
  if (call)
    return wrong (error, _("no such function"), token);
  if (is_constant (token))
    return TRUE;
  if (sqlite3_keyword_check (name, (int) token->length) != 0)
    return wrong (error, _("an expression must not hold"), token);
  if (!name_is_known (scan->names, name))
    return wrong (error, _("no such name"), token);
  scan->n_bare++;
  return TRUE;
}

/* A text without quotes in it that is a whole argument: the next token ends it. Moves @at on to that. */
static char *
read_argument (const char **at)
{
  Token text = next_token (at), end;
  const char *after = *at;

  end = next_token (&after);
  if (text.type != TOKEN_TEXT || end.type != TOKEN_SIGN || (*end.start != ',' && *end.start != ')'))
    return NULL;
  *at = after;
  return g_strndup (text.start + 1, text.length - 2);
}

/* deadline ('publicity', 'licence', …): names that are written out must be in periods.json; one that is put together can only be
 * known when it runs. @at is behind the function's name. */
static gboolean
check_period (const Scan *scan, const char *at, GError **error)
{
  XhPeriods *periods = xh_catalog_get_periods (scan->names->kind->catalog);
  g_autofree char *name = NULL, *case_name = NULL;
  const XhPeriod *period;

  next_token (&at); /* the parenthesis */
  name = read_argument (&at);
  if (name == NULL)
    return TRUE;
  period = xh_periods_find (periods, name);
  case_name = read_argument (&at);
  if (period != NULL && (case_name == NULL || xh_period_find_case (period, case_name) != NULL))
    return TRUE;
  g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, _("periods.json has no \"%s\""),
               period == NULL ? name : case_name);
  return FALSE;
}

/* limit_of ('free_reports_a_year'): likewise in catalog.json. */
static gboolean
check_limit (const Scan *scan, const char *at, GError **error)
{
  g_autofree char *name = NULL;

  next_token (&at); /* the parenthesis */
  name = read_argument (&at);
  if (name == NULL || xh_catalog_get_limit (scan->names->kind->catalog, name, -1) >= 0)
    return TRUE;
  g_set_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, _("catalog.json has no limit \"%s\""), name);
  return FALSE;
}

static gboolean
open_level (Scan *scan, const Token *before, GError **error)
{
  Level *level;

  if (scan->depth == MAX_NESTING)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, _("too many parentheses within each other"));
      return FALSE;
    }
  level = &scan->levels[++scan->depth];
  *level = (Level) { .empty = TRUE, .first_bare = scan->n_bare };
  level->is_call = before->type == TOKEN_NAME;
  level->over_rows = level->is_call && token_is_among (before, row_functions);
  level->min_or_max = level->is_call && (token_is (before, "min") || token_is (before, "max"));
  return TRUE;
}

static gboolean
close_level (Scan *scan, const Token *token, GError **error)
{
  Level *level = &scan->levels[scan->depth];

  if (scan->depth == 0)
    return wrong (error, _("nothing is closed by"), token);
  scan->depth--;
  if (!level->over_rows && !(level->min_or_max && level->commas == 0))
    return TRUE;
  if (!scan->names->may_aggregate)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION,
                           _("count, sum, avg, and min or max of one value run over many records and cannot stand here"));
      return FALSE;
    }
  scan->aggregate = TRUE;
  scan->n_bare = level->first_bare;
  return TRUE;
}

static gboolean
scan_sign (Scan *scan, const Token *token, const Token *before, GError **error)
{
  if (*token->start == '(')
    return open_level (scan, before, error);
  if (*token->start == ')')
    return close_level (scan, token, error);
  if (*token->start != ',')
    return TRUE;
  if (scan->depth == 0)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, _("there is more than one expression"));
      return FALSE;
    }
  scan->levels[scan->depth].commas++;
  return TRUE;
}

gboolean
xh_expression_scan (const char *expression, const XhNames *names, gboolean *is_aggregate, GError **error)
{
  Scan scan = { .names = names };
  Token before = { TOKEN_END, "", 0 };
  const char *at = expression;
  guint n_tokens = 0;

  if (!g_utf8_validate (expression, -1, NULL))
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION, _("the expression is not UTF-8"));
      return FALSE;
    }
  for (Token token = next_token (&at); token.type != TOKEN_END; before = token, token = next_token (&at), n_tokens++)
    {
      if (scan.after_in && *token.start != '(')
        return wrong (error, _("a list in parentheses must follow IN, not"), &token);
      scan.after_in = FALSE;
      if (token.type == TOKEN_WRONG)
        return wrong (error, _("an expression must not hold"), &token);
      if (token.type == TOKEN_NAME && !scan_name (&scan, &token, is_call (at), error))
        return FALSE;
      if ((token_is (&token, "deadline") || token_is (&token, "period_text")) && is_call (at) && !check_period (&scan, at, error))
        return FALSE;
      if (token_is (&token, "limit_of") && is_call (at) && !check_limit (&scan, at, error))
        return FALSE;
      if (token.type == TOKEN_SIGN && !scan_sign (&scan, &token, &before, error))
        return FALSE;
      /* x'41' and 5apples: SQLite would read these as something else than they look. */
      if (token.type == TOKEN_TEXT && before.type == TOKEN_NAME && before.start + before.length == token.start)
        return wrong (error, _("an expression must not hold"), &before);
    }
  if (scan.depth > 0 || n_tokens == 0)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION,
                           n_tokens == 0 ? _("the expression is empty") : _("a parenthesis is not closed"));
      return FALSE;
    }
  if (scan.aggregate && scan.n_bare > 0)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_EXPRESSION,
                           _("beside a function over many records no name of a single record may stand"));
      return FALSE;
    }
  if (is_aggregate != NULL)
    *is_aggregate = scan.aggregate;
  return TRUE;
}

char *
xh_expression_qualify (const char *expression, const char *spine, const char *table)
{
  GString *result = g_string_new (NULL);
  gboolean after_as = FALSE;
  const char *at = expression, *copied = expression;

  for (Token token = next_token (&at); token.type != TOKEN_END; token = next_token (&at))
    {
      g_autofree char *name = g_strndup (token.start, token.length);
      gboolean is_type = after_as;

      after_as = token.type == TOKEN_NAME && token_is (&token, "as");
      if (token.type != TOKEN_NAME || is_type || is_call (at) || token_is_among (&token, words) || is_constant (&token))
        continue;
      g_string_append_len (result, copied, token.start - copied);
      g_string_append_printf (result, "%s.%s", xh_spine_is_named (name) ? spine : table, name);
      copied = token.start + token.length;
    }
  g_string_append (result, copied);
  return g_string_free (result, FALSE);
}
