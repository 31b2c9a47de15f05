/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-credit-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "report/xh-sheet-reader.h"
#include "xh-subject-judge.h"
#include "xh-subject-reading.h"

#define MOST_CHOICES 8
#define MOST_RECORDS 500 /* of one subject, the newest */
#define MOST_TEXT 200    /* characters of a name */
#define LONGEST_SUMMARY 280

void
xh_check_line_free (XhCheckLine *line)
{
  g_free (line->name);
  g_free (line->code);
  g_free (line->key);
  g_free (line->found_name);
  g_free (line->summary);
  g_clear_pointer (&line->others, g_ptr_array_unref);
  g_free (line);
}

XhCheckLine *
xh_check_line_new (guint row, const char *name, const char *code)
{
  XhCheckLine *line = g_new0 (XhCheckLine, 1);

  line->row = row;
  line->name = g_strdup (name);
  line->code = g_strdup (code);
  line->summary = g_strdup ("");
  return line;
}

const char *
xh_check_result_code (XhCheckResult result)
{
  static const char *const codes[] = { "clean", "entries", "serious", "unknown", "unknown" };

  return codes[result];
}

/* --- lines */

/* Digits and letters without a gap, with a digit, long enough to be no name. */
static gboolean
looks_like_code (const char *text)
{
  gboolean digit = FALSE;

  for (const char *c = text; *c != '\0'; c++)
    {
      if (!g_ascii_isalnum (*c) && *c != '-')
        return FALSE;
      digit |= g_ascii_isdigit (*c);
    }
  return digit && strlen (text) >= 6;
}

typedef struct
{
  GPtrArray *lines;  /* of XhCheckLine */
  GHashTable *seen;  /* (owned) utf8 */
} Parse;

static void
add_line (Parse *parse, guint row, const char *name, const char *code)
{
  g_autofree char *both = NULL, *cut = NULL, *upper = NULL;

  if ((name == NULL && code == NULL) || parse->lines->len >= XH_CHECK_MOST_LINES)
    return;
  cut = name != NULL ? g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), MOST_TEXT)) : NULL;
  upper = code != NULL ? g_ascii_strup (code, 30) : NULL;
  both = g_strconcat (cut != NULL ? cut : "", "\t", upper != NULL ? upper : "", NULL);
  if (g_hash_table_add (parse->seen, g_steal_pointer (&both)))
    g_ptr_array_add (parse->lines, xh_check_line_new (row, cut, upper));
}

static void
add_parts (Parse *parse, guint row, char **parts)
{
  const char *name = NULL, *code = NULL;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_strstrip (parts[i]);
      if (*parts[i] == '\0')
        continue;
      if (code == NULL && looks_like_code (parts[i]))
        code = parts[i];
      else if (name == NULL && !looks_like_code (parts[i]) && (g_utf8_strlen (parts[i], -1) > 1))
        name = parts[i];
    }
  add_line (parse, row, name, code);
}

static GPtrArray *
parse_end (Parse *parse)
{
  g_hash_table_unref (parse->seen);
  return parse->lines;
}

static Parse
parse_begin (void)
{
  return (Parse) { g_ptr_array_new_with_free_func ((GDestroyNotify) xh_check_line_free), g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
}

GPtrArray *
xh_check_parse (const char *text)
{
  g_auto (GStrv) rows = g_strsplit_set (text, "\r\n", -1);
  Parse parse = parse_begin ();

  for (guint i = 0; rows[i] != NULL && parse.lines->len < XH_CHECK_MOST_LINES; i++)
    {
      g_auto (GStrv) parts = NULL;

      /* The marks of lists in Chinese, too. */
      g_autoptr (GRegex) marks = g_regex_new ("[\\t ,;，；、\\x{3000}]+", 0, 0, NULL);

      if (!g_utf8_validate (rows[i], -1, NULL) || *rows[i] == '\0')
        continue;
      parts = g_regex_split (marks, rows[i], 0);
      add_parts (&parse, i + 1, parts);
    }
  return parse_end (&parse);
}

GPtrArray *
xh_check_read_sheet (const char *path, GError **error)
{
  g_autoptr (XhSheetReader) reader = xh_sheet_reader_open (path, error);
  g_autoptr (GPtrArray) lines = NULL;
  Parse parse;
  const XhCell *cells;
  guint n, row;
  GError *fault = NULL;

  if (reader == NULL)
    return NULL;
  parse = parse_begin ();
  while (parse.lines->len < XH_CHECK_MOST_LINES && xh_sheet_reader_next (reader, &cells, &n, &row, &fault))
    {
      g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

      for (guint i = 0; i < n && i < 8; i++)
        g_ptr_array_add (parts, g_strdup (cells[i].text));
      g_ptr_array_add (parts, NULL);
      /* Header rows: short words without a code. */
      if (row == 1 && n > 0 && (strstr (cells[0].text, "名称") != NULL || strstr (cells[0].text, "姓名") != NULL || strstr (cells[0].text, "代码") != NULL
                                || strstr (cells[0].text, "序号") != NULL))
        continue;
      add_parts (&parse, row, (char **) parts->pdata);
    }
  lines = parse_end (&parse);
  if (fault != NULL)
    {
      g_propagate_error (error, fault);
      return NULL;
    }
  return g_steal_pointer (&lines);
}

/* --- finding */

static gboolean
find_by_code (XhStore *store, XhCheckLine *line, const char *role, GError **error)
{
  g_auto (GStrv) keys = xh_store_subject_keys (store, line->code, error);
  g_autoptr (GPtrArray) rows = NULL;

  if (keys == NULL)
    return FALSE;
  rows = xh_store_subject_records (store, (const char *const *) keys, role, 1, error);
  if (rows == NULL)
    return FALSE;
  if (rows->len > 0)
    line->key = g_strdup (keys[0]);
  return TRUE;
}

/* The one whose name it is; several are for a person to choose from. */
static gboolean
find_by_name (XhStore *store, XhCheckLine *line, const char *role, GError **error)
{
  g_autoptr (GPtrArray) hits = xh_store_find_subjects (store, line->name, role, MOST_CHOICES, error);
  guint same = 0;

  if (hits == NULL)
    return FALSE;
  for (guint i = 0; i < hits->len; i++)
    if (g_strcmp0 (((XhSubjectHit *) g_ptr_array_index (hits, i))->title, line->name) == 0)
      same++;
  /* What only looks like it is not it. */
  for (guint i = hits->len; same > 0 && i > 0; i--)
    if (g_strcmp0 (((XhSubjectHit *) g_ptr_array_index (hits, i - 1))->title, line->name) != 0)
      g_ptr_array_remove_index (hits, i - 1);
  if (same == 1)
    line->key = g_strdup (((XhSubjectHit *) g_ptr_array_index (hits, 0))->key);
  else if (hits->len > 0)
    line->others = g_steal_pointer (&hits);
  return TRUE;
}

/* --- judging */

typedef struct
{
  const XhMark *mark;
  const XhGroup *group;
  guint count;
} Count;

static void
count_mark (GArray *counts, const XhMark *mark, const XhGroup *group)
{
  Count new = { mark, group, 1 };

  for (guint i = 0; i < counts->len; i++)
    if (g_array_index (counts, Count, i).mark == mark)
      {
        g_array_index (counts, Count, i).count++;
        return;
      }
  g_array_append_val (counts, new);
}

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  return (int) ((const Count *) b)->mark->level - (int) ((const Count *) a)->mark->level;
}

static char *
summarise (GArray *counts, const char *worst)
{
  GString *text = g_string_new (NULL);
  g_autofree char *all = NULL;

  g_array_sort (counts, compare_counts);
  for (guint i = 0; i < counts->len; i++)
    {
      const Count *count = &g_array_index (counts, Count, i);

      if (count->mark->level == XH_MARK_NEUTRAL)
        continue;
      g_string_append_printf (text, "%s%s %u", text->len > 0 ? _("; ") : "", xh_label_get (&count->mark->label), count->count);
    }
  if (worst != NULL)
    g_string_append_printf (text, _(" (gravest: %s)"), worst);
  all = g_string_free (text, FALSE);
  return g_utf8_substring (all, 0, MIN (g_utf8_strlen (all, -1), LONGEST_SUMMARY));
}

static gboolean
judge (XhStore *store, XhSubjectJudge *judge, XhCheckLine *line, const char *role, GError **error)
{
  g_auto (GStrv) keys = xh_store_subject_keys (store, line->key, error);
  g_autoptr (GPtrArray) rows = keys != NULL ? xh_store_subject_records (store, (const char *const *) keys, role, MOST_RECORDS, error) : NULL;
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (Count));
  g_autoptr (XhRecord) own = NULL;
  g_autofree char *worst = NULL;
  XhMarkLevel gravest = XH_MARK_ATTENTION;
  XhCatalog *catalog = xh_store_get_catalog (store);

  if (rows == NULL)
    return FALSE;
  line->n_records = rows->len;
  for (guint i = 0; i < rows->len; i++)
    {
      const XhSubjectRow *row = g_ptr_array_index (rows, i);
      const XhKind *kind = xh_catalog_find_kind (catalog, row->kind);
      g_autoptr (XhRecord) record = kind->subject_marks->len > 0 ? xh_store_load (store, row->id, NULL) : NULL;
      g_autoptr (GPtrArray) marks = record != NULL ? xh_subject_judge_record (judge, record) : NULL;

      for (guint j = 0; marks != NULL && j < marks->len; j++)
        {
          const XhMark *mark = g_ptr_array_index (marks, j);

          count_mark (counts, mark, xh_catalog_find_group (catalog, kind->group));
          line->n_entries += mark->level >= XH_MARK_BAD;
          if (mark->level <= gravest)
            continue;
          gravest = mark->level;
          g_free (worst);
          worst = g_strdup_printf ("%s %s", row->date != NULL ? row->date : "", row->title);
        }
    }
  line->result = gravest == XH_MARK_SERIOUS ? XH_CHECK_SERIOUS : line->n_entries > 0 ? XH_CHECK_ENTRIES : XH_CHECK_CLEAN;
  g_free (line->summary);
  line->summary = summarise (counts, worst);
  own = xh_subject_own_record (store, line->key, role);
  g_free (line->found_name);
  line->found_name = own != NULL ? xh_store_title (store, own->id, NULL) : NULL;
  return TRUE;
}

static gboolean
check_line (XhStore *store, XhSubjectJudge *judged, XhCheckLine *line, const char *role, GError **error)
{
  if (line->key == NULL && line->code != NULL && !find_by_code (store, line, role, error))
    return FALSE;
  if (line->key == NULL && line->code == NULL && line->name != NULL && line->others == NULL && !find_by_name (store, line, role, error))
    return FALSE;
  line->n_entries = 0;
  if (line->key != NULL)
    return judge (store, judged, line, role, error);
  line->result = line->others != NULL ? XH_CHECK_AMBIGUOUS : XH_CHECK_UNKNOWN;
  return TRUE;
}

gboolean
xh_check_run (XhStore *store, GPtrArray *lines, const char *role, GCancellable *cancellable, XhCheckProgress progress, gpointer data,
              GError **error)
{
  g_autoptr (XhSubjectJudge) judged = xh_subject_judge_new (role);

  for (guint i = 0; i < lines->len; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!check_line (store, judged, g_ptr_array_index (lines, i), role, error))
        return FALSE;
      if (progress != NULL && (i % 20 == 19 || i + 1 == lines->len))
        progress (i + 1, data);
    }
  return TRUE;
}
