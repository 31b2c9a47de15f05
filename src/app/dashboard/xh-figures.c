/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-figures.h"

#include <string.h>

XhFiguresWish *
xh_figures_wish_new (XhCatalog *catalog, const char *role, const char *scope)
{
  XhFiguresWish *wish = g_new0 (XhFiguresWish, 1);
  const XhDivision *division = scope != NULL ? xh_divisions_find (xh_catalog_get_divisions (catalog), scope) : NULL;

  wish->catalog = xh_catalog_ref (catalog);
  wish->role = g_strdup (role);
  /* Who sees one township compares its villages. */
  wish->prefix = division != NULL && division->level >= XH_LEVEL_TOWNSHIP ? 12 : 9;
  return wish;
}

void
xh_figures_wish_free (gpointer data)
{
  XhFiguresWish *wish = data;

  xh_catalog_unref (wish->catalog);
  g_free (wish->role);
  g_free (wish);
}

static void
place_free (gpointer data)
{
  XhFiguresPlace *place = data;

  g_free (place->code);
  g_free (place->grades);
  g_free (place);
}

void
xh_figures_free (gpointer data)
{
  XhFigures *figures = data;

  g_ptr_array_unref (figures->kinds);
  g_array_unref (figures->counts);
  g_ptr_array_unref (figures->places);
  g_free (figures);
}

static gboolean
is_good (const XhKind *kind, const char *name)
{
  const XhState *state = xh_kind_find_state (kind, name);

  return state != NULL && state->tone == XH_TONE_GOOD;
}

static gboolean
comes_from_good (const XhKind *kind, const XhTransition *transition)
{
  for (guint i = 0; transition->from[i] != NULL; i++)
    if (is_good (kind, transition->from[i]))
      return TRUE;
  return FALSE;
}

gboolean
xh_state_is_decided (const XhKind *kind, const XhState *state)
{
  gboolean before = FALSE, after = FALSE;

  if (state->tone == XH_TONE_GOOD)
    return TRUE;
  for (guint i = 0; i < kind->transitions->len; i++)
    {
      const XhTransition *transition = g_ptr_array_index (kind->transitions, i);

      before = before || (g_str_equal (transition->to, state->name) && comes_from_good (kind, transition));
      after = after || (g_strv_contains ((const char *const *) transition->from, state->name) && is_good (kind, transition->to));
    }
  return before && after;
}

static XhFiguresPlace *
find_place (XhFigures *figures, const char *key)
{
  XhFiguresPlace *place;
  char code[13] = "000000000000";

  memcpy (code, key, MIN (strlen (key), 12));
  for (guint i = 0; i < figures->places->len; i++)
    {
      place = g_ptr_array_index (figures->places, i);
      if (g_str_equal (place->code, code))
        return place;
    }
  place = g_new0 (XhFiguresPlace, 1);
  place->code = g_strdup (code);
  place->grades = g_new0 (gint64, figures->card->grades->len);
  g_ptr_array_add (figures->places, place);
  return place;
}

static gint64
find_year (XhStore *store, const XhKind *kind)
{
  const XhField *field = xh_kind_find_field (kind, "year");
  g_autoptr (XhQuery) query = xh_query_new (kind);
  g_autoptr (GPtrArray) rows = NULL;
  gint64 year = 0;

  if (field == NULL || field->type != XH_FIELD_INTEGER)
    return 0;
  rows = xh_store_query_group (store, query, "year", 0, NULL, NULL);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const XhGroupRow *row = g_ptr_array_index (rows, i);

      year = MAX (year, row->key1 != NULL ? g_ascii_strtoll (row->key1, NULL, 10) : 0);
    }
  return year;
}

static XhQuery *
create_query (const XhFigures *figures)
{
  XhQuery *query = xh_query_new (figures->rated);
  const XhValue year = { .type = XH_VALUE_INTEGER, { .integer = figures->year } };

  if (figures->year > 0)
    xh_query_filter (query, "year", XH_QUERY_IS, &year, NULL);
  return query;
}

static gboolean
count_subjects (XhStore *store, XhFigures *figures, guint prefix, GError **error)
{
  g_autoptr (XhQuery) query = xh_query_new (figures->subject);
  g_autoptr (GPtrArray) rows = xh_store_query_group (store, query, "division", prefix, NULL, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const XhGroupRow *row = g_ptr_array_index (rows, i);

      if (row->key1 != NULL)
        find_place (figures, row->key1)->subjects += row->count;
    }
  return rows != NULL;
}

static gboolean
count_states (XhStore *store, XhFigures *figures, guint prefix, GError **error)
{
  g_autoptr (XhQuery) query = create_query (figures);
  g_autoptr (GPtrArray) rows = xh_store_query_group (store, query, "division", prefix, "state", error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const XhGroupRow *row = g_ptr_array_index (rows, i);
      const XhState *state = row->key2 != NULL ? xh_kind_find_state (figures->rated, row->key2) : NULL;

      if (row->key1 != NULL && state != NULL && xh_state_is_decided (figures->rated, state))
        find_place (figures, row->key1)->decided += row->count;
    }
  return rows != NULL;
}

static gboolean
count_grades (XhStore *store, XhFigures *figures, guint prefix, GError **error)
{
  g_autoptr (XhQuery) query = create_query (figures);
  g_autoptr (GPtrArray) rows = xh_store_query_group (store, query, "division", prefix, figures->card->grade_field, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const XhGroupRow *row = g_ptr_array_index (rows, i);

      for (guint j = 0; row->key1 != NULL && row->key2 != NULL && j < figures->card->grades->len; j++)
        if (g_str_equal (((XhGrade *) g_ptr_array_index (figures->card->grades, j))->name, row->key2))
          find_place (figures, row->key1)->grades[j] += row->count;
    }
  return rows != NULL;
}

static const XhKind *
find_subject (const XhKind *kind)
{
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (field->type == XH_FIELD_LINK)
        return xh_catalog_find_kind (kind->catalog, field->link_kind);
    }
  return NULL;
}

static void
choose_rated (XhFigures *figures, const XhKind *kind)
{
  const XhKind *subject = kind->scorecard != NULL && figures->rated == NULL ? find_subject (kind) : NULL;

  if (subject == NULL)
    return;
  figures->rated = kind;
  figures->subject = subject;
  figures->card = xh_catalog_find_scorecard (kind->catalog, kind->scorecard);
}

gpointer
xh_figures_count (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const XhFiguresWish *wish = data;
  GPtrArray *kinds = xh_catalog_get_kinds (wish->catalog);
  XhFigures *figures = g_new0 (XhFigures, 1);

  figures->kinds = g_ptr_array_new ();
  figures->counts = g_array_new (FALSE, TRUE, sizeof (gint64));
  figures->places = g_ptr_array_new_with_free_func (place_free);
  for (guint i = 0; i < kinds->len; i++)
    {
      XhKind *kind = g_ptr_array_index (kinds, i);
      g_autoptr (XhQuery) query = xh_query_new (kind);
      gint64 count;

      if (!xh_kind_may (kind, kind->read_roles, wish->role))
        continue;
      count = xh_store_query_count (store, query, error);
      if (count < 0)
        {
          xh_figures_free (figures);
          return NULL;
        }
      g_ptr_array_add (figures->kinds, kind);
      g_array_append_val (figures->counts, count);
      choose_rated (figures, kind);
    }
  if (figures->rated == NULL)
    return figures;
  figures->year = find_year (store, figures->rated);
  if (count_subjects (store, figures, wish->prefix, error) && count_states (store, figures, wish->prefix, error)
      && count_grades (store, figures, wish->prefix, error))
    return figures;
  xh_figures_free (figures);
  return NULL;
}
