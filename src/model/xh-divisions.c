/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-divisions.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xh-tables-private.h"

#define CODE_LENGTH 12

struct _XhDivisions
{
  GPtrArray *all;       /* (owned) of XhDivision, by code */
  GHashTable *by_code;  /* (not owned elements) */
  GHashTable *children; /* (owned) code to GPtrArray of XhDivision */
};

static const char *const level_names[] = { "province", "prefecture", "county", "township", "village", NULL };
static const gsize level_lengths[] = { 2, 4, 6, 9, 12 };

/* --- helpers */

static void
division_free (XhDivision *division)
{
  g_free (division->code);
  g_free (division->name);
  g_free (division->short_name);
  g_free (division->parent);
  g_free (division);
}

static gboolean
code_is_valid (const char *code)
{
  return strlen (code) == CODE_LENGTH && strspn (code, "0123456789") == CODE_LENGTH;
}

/* Digits that a code of 12 uses: 2, 4, 6, 9 or 12. */
static gsize
used_length (const char *code)
{
  gsize length = strlen (code);

  while (length > 0 && code[length - 1] == '0')
    length--;
  for (gsize i = 0; i < G_N_ELEMENTS (level_lengths); i++)
    if (length <= level_lengths[i])
      return level_lengths[i];
  return CODE_LENGTH;
}

/* The bodies' names without what every one of them ends in. The statistics office's file has the spellings with mistakes too. */
static char *
make_short_name (const char *name)
{
  static const char *const endings[] = { "村民委员会委会", "村民村委员会", "村民委员会", "居民委员会", "村委员会", "居委会", "村委会" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (name, endings[i]) && strlen (name) > strlen (endings[i]))
      return g_strndup (name, strlen (name) - strlen (endings[i]));
  return g_strdup (name);
}

static G_GNUC_PRINTF (4, 5) void
line_fault (GPtrArray *faults, const char *file, guint line, const char *format, ...)
{
  g_autofree char *path = g_strdup_printf (_("line %u"), line);
  g_autofree char *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  xh_faults_add (faults, file, path, reason);
}

static void
load_line (XhDivisions *self, const char *text, guint line, const char *file, GPtrArray *faults)
{
  g_auto (GStrv) columns = g_strsplit (text, ",", 6);
  XhDivision *division;
  int level = 0;

  if (g_strv_length (columns) != 4 || strchr (text, '"') != NULL)
    {
      line_fault (faults, file, line, _("must have four columns without quotes"));
      return;
    }
  while (level_names[level] != NULL && strcmp (level_names[level], columns[3]) != 0)
    level++;
  if (level_names[level] == NULL)
    line_fault (faults, file, line, _("\"%s\" is no level"), columns[3]);
  else if (!code_is_valid (columns[0]) || used_length (columns[0]) != level_lengths[level])
    line_fault (faults, file, line, _("\"%s\" is no code of a %s"), columns[0], columns[3]);
  else if (*columns[1] == '\0')
    line_fault (faults, file, line, _("the name is empty"));
  else if (g_hash_table_contains (self->by_code, columns[0]))
    line_fault (faults, file, line, _("\"%s\" is listed twice"), columns[0]);
  else if (*columns[2] != '\0'
           && (!g_hash_table_contains (self->by_code, columns[2]) || !xh_division_contains (columns[2], columns[0])))
    line_fault (faults, file, line, _("\"%s\" is no parent of \"%s\" that stands above it"), columns[2], columns[0]);
  else
    {
      division = g_new0 (XhDivision, 1);
      division->code = g_strdup (columns[0]);
      division->name = g_strdup (columns[1]);
      division->short_name = make_short_name (columns[1]);
      division->parent = *columns[2] != '\0' ? g_strdup (columns[2]) : NULL;
      division->level = (XhLevel) level;
      g_ptr_array_add (self->all, division);
      g_hash_table_insert (self->by_code, division->code, division);
    }
}

static int
compare_codes (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const XhDivision *const *) a)->code, (*(const XhDivision *const *) b)->code);
}

static void
index_children (XhDivisions *self)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      XhDivision *division = g_ptr_array_index (self->all, i);
      const char *parent = division->parent != NULL ? division->parent : "";
      GPtrArray *children = g_hash_table_lookup (self->children, parent);

      if (children == NULL)
        {
          children = g_ptr_array_new ();
          g_hash_table_insert (self->children, (gpointer) parent, children);
        }
      g_ptr_array_add (children, division);
    }
}

/* --- private functions */

XhDivisions *
xh_divisions_new (const char *csv, const char *file, GPtrArray *faults)
{
  XhDivisions *self = g_new0 (XhDivisions, 1);
  g_auto (GStrv) lines = NULL;

  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify) division_free);
  self->by_code = g_hash_table_new (g_str_hash, g_str_equal);
  self->children = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  if (g_str_has_prefix (csv, "\xEF\xBB\xBF"))
    csv += 3;
  lines = g_strsplit (csv, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_strchomp (lines[i]);
      if (i == 0 && strcmp (lines[i], "code,name,parent_code,level") != 0)
        line_fault (faults, file, 1, _("the header must be code,name,parent_code,level"));
      if (i > 0 && *lines[i] != '\0')
        load_line (self, lines[i], i + 1, file, faults);
    }
  g_ptr_array_sort (self->all, compare_codes);
  index_children (self);
  return self;
}

void
xh_divisions_free (XhDivisions *divisions)
{
  if (divisions == NULL)
    return;
  g_hash_table_unref (divisions->children);
  g_hash_table_unref (divisions->by_code);
  g_ptr_array_unref (divisions->all);
  g_free (divisions);
}

/* --- public functions */

GPtrArray *
xh_divisions_get_all (XhDivisions *divisions)
{
  g_return_val_if_fail (divisions != NULL, NULL);

  return divisions->all;
}

const XhDivision *
xh_divisions_find (XhDivisions *divisions, const char *code)
{
  g_return_val_if_fail (divisions != NULL, NULL);

  return code != NULL ? g_hash_table_lookup (divisions->by_code, code) : NULL;
}

GPtrArray *
xh_divisions_children (XhDivisions *divisions, const char *code)
{
  GPtrArray *children;

  g_return_val_if_fail (divisions != NULL, NULL);

  children = g_hash_table_lookup (divisions->children, code != NULL ? code : "");
  return children != NULL ? g_ptr_array_copy (children, NULL, NULL) : g_ptr_array_new ();
}

char *
xh_divisions_path (XhDivisions *divisions, const char *code, XhLevel from)
{
  const XhDivision *division = xh_divisions_find (divisions, code);
  GString *path = g_string_new (NULL);

  while (division != NULL && division->level >= from)
    {
      if (path->len > 0)
        g_string_prepend (path, " · ");
      g_string_prepend (path, division->short_name);
      division = xh_divisions_find (divisions, division->parent);
    }
  return g_string_free (path, FALSE);
}

gboolean
xh_division_contains (const char *code, const char *other)
{
  if (code == NULL || *code == '\0')
    return TRUE;
  return other != NULL && strncmp (code, other, used_length (code)) == 0;
}

void
xh_division_range (const char *code, char lower[13], char upper[13])
{
  gsize i = code != NULL && code_is_valid (code) ? used_length (code) : 0;

  g_return_if_fail (lower != NULL && upper != NULL);

  /* No division: every code. ':' follows '9'. */
  strcpy (upper, ":");
  strcpy (lower, i > 0 ? code : "");
  if (i == 0)
    return;
  strcpy (upper, code);
  while (i > 0 && upper[i - 1] == '9')
    upper[--i] = '0';
  if (i > 0)
    upper[i - 1]++;
  else
    strcpy (upper, ":");
}
