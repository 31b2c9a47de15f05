/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-subject-reading.h"

#include <string.h>

#include "model/xh-form.h"
#include "xh-subject-judge.h"

#define MOST_JUDGED 2000 /* records of one subject that are asked what they say of it */
#define FIRSTS 3         /* rows of a group that stand beside the timeline */

static void
tag_free (gpointer data)
{
  g_free (((XhSubjectTag *) data)->label);
  g_free (data);
}

static void
grade_free (gpointer data)
{
  XhSubjectGrade *grade = data;

  g_free (grade->id);
  g_free (grade->grade);
  g_free (grade->scheme);
  g_free (grade->version);
  g_free (grade->on);
  g_free (grade->by);
  g_free (grade);
}

void
xh_subject_reading_free (XhSubjectReading *reading)
{
  if (reading == NULL)
    return;
  g_free (reading->key);
  g_strfreev (reading->keys);
  g_clear_pointer (&reading->own, xh_record_free);
  g_free (reading->title);
  g_free (reading->place);
  g_clear_pointer (&reading->rows, g_ptr_array_unref);
  g_clear_pointer (&reading->firsts, g_ptr_array_unref);
  g_free (reading->counts);
  g_clear_pointer (&reading->tags, g_ptr_array_unref);
  g_clear_pointer (&reading->grades, g_ptr_array_unref);
  g_free (reading);
}

/* --- the subject's own record */

const XhField *
xh_subject_code_field (const XhRecord *own)
{
  char **const lists[] = { own->kind->subject_codes, own->kind->subject_also };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; lists[i] != NULL && lists[i][j] != NULL; j++)
      {
        const XhField *field = xh_kind_find_field (own->kind, lists[i][j]);

        if (field != NULL && field->type != XH_FIELD_LINK && !xh_value_is_null (xh_record_get (own, field->name)))
          return field;
      }
  return NULL;
}

XhRecord *
xh_subject_own_record (XhStore *store, const char *key, const char *role)
{
  g_auto (GStrv) keys = xh_store_subject_keys (store, key, NULL);

  return keys != NULL ? xh_store_subject_own (store, (const char *const *) keys, role, NULL) : NULL;
}

/* --- what the records say */

static int
compare_tags (gconstpointer a, gconstpointer b)
{
  return (int) (*(const XhSubjectTag *const *) b)->level - (int) (*(const XhSubjectTag *const *) a)->level;
}

static void
add_tag (GPtrArray *tags, const XhMark *mark)
{
  const char *label = xh_label_get (&mark->label);
  XhSubjectTag *tag;

  for (guint i = 0; i < tags->len; i++)
    {
      tag = g_ptr_array_index (tags, i);
      if (tag->level == mark->level && strcmp (tag->label, label) == 0)
        {
          tag->count++;
          return;
        }
    }
  tag = g_new0 (XhSubjectTag, 1);
  tag->level = mark->level;
  tag->label = g_strdup (label);
  tag->count = 1;
  g_ptr_array_add (tags, tag);
}

/* (transfer full) (nullable) */
static char *
text_of (const XhRecord *record, const char *name)
{
  const XhField *field = name != NULL ? xh_kind_find_field (record->kind, name) : NULL;
  const XhValue *value = field != NULL ? xh_record_get (record, name) : NULL;
  g_autofree char *text = NULL;

  if (value == NULL || xh_value_is_null (value))
    return NULL;
  if (field->type == XH_FIELD_UNIT)
    {
      const XhUnit *unit = xh_units_find (xh_catalog_get_units (record->kind->catalog), xh_value_as_text (value));

      return g_strdup (unit != NULL ? unit->name : xh_value_as_text (value));
    }
  text = xh_field_format (field, value, field->sensitive);
  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static void
add_grade (GPtrArray *grades, const XhRecord *record)
{
  const XhGradeFields *fields = record->kind->subject_grade;
  g_autofree char *value = text_of (record, fields->value);
  XhSubjectGrade *grade;

  if (value == NULL)
    return;
  grade = g_new0 (XhSubjectGrade, 1);
  grade->kind = record->kind;
  grade->id = g_strdup (record->id);
  grade->grade = g_steal_pointer (&value);
  grade->scheme = text_of (record, fields->scheme);
  grade->version = text_of (record, fields->version);
  grade->on = text_of (record, fields->on);
  grade->by = text_of (record, fields->by);
  g_ptr_array_add (grades, grade);
}

static void
judge (XhStore *store, XhSubjectReading *reading, GPtrArray *rows, const char *role, GCancellable *cancellable)
{
  g_autoptr (XhSubjectJudge) judge = xh_subject_judge_new (role);
  XhCatalog *catalog = xh_store_get_catalog (store);
  guint judged = 0;

  for (guint i = 0; i < rows->len && judged < MOST_JUDGED && !g_cancellable_is_cancelled (cancellable); i++)
    {
      const XhSubjectRow *row = g_ptr_array_index (rows, i);
      const XhKind *kind = xh_catalog_find_kind (catalog, row->kind);
      g_autoptr (XhRecord) record = NULL;
      g_autoptr (GPtrArray) marks = NULL;

      if (kind == NULL || (kind->subject_marks->len == 0 && kind->subject_grade == NULL))
        continue;
      record = xh_store_load (store, row->id, NULL);
      if (record == NULL)
        continue;
      judged++;
      /* A double that was merged speaks no more for the subject. */
      if (kind->subject_self && reading->own != NULL && strcmp (record->id, reading->own->id) != 0)
        continue;
      marks = xh_subject_judge_record (judge, record);
      for (guint j = 0; j < marks->len; j++)
        add_tag (reading->tags, g_ptr_array_index (marks, j));
      if (kind->subject_grade != NULL)
        add_grade (reading->grades, record);
    }
  g_ptr_array_sort (reading->tags, compare_tags);
}

/* --- rows */

static XhSubjectRow *
row_copy (const XhSubjectRow *row)
{
  XhSubjectRow *copy = g_new0 (XhSubjectRow, 1);

  copy->id = g_strdup (row->id);
  copy->kind = g_strdup (row->kind);
  copy->state = g_strdup (row->state);
  copy->title = g_strdup (row->title);
  copy->date = g_strdup (row->date);
  copy->due = g_strdup (row->due);
  return copy;
}

static gboolean
fits (const XhKind *kind, const char *filter)
{
  if (filter == NULL)
    return TRUE;
  return g_str_has_prefix (filter, "kind:") ? strcmp (kind->name, filter + 5) == 0 : strcmp (kind->group, filter) == 0;
}

static void
sort_out (XhSubjectReading *reading, XhCatalog *catalog, GPtrArray *rows, const char *filter, guint limit)
{
  g_autoptr (GHashTable) by_group = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < rows->len; i++)
    {
      const XhSubjectRow *row = g_ptr_array_index (rows, i);
      const XhKind *kind = xh_catalog_find_kind (catalog, row->kind);
      guint n;

      reading->n_all++;
      reading->counts[kind->index]++;
      n = GPOINTER_TO_UINT (g_hash_table_lookup (by_group, kind->group));
      if (!kind->subject_self && n < FIRSTS)
        {
          g_hash_table_insert (by_group, kind->group, GUINT_TO_POINTER (n + 1));
          g_ptr_array_add (reading->firsts, row_copy (row));
        }
      if (!fits (kind, filter))
        continue;
      reading->n_rows++;
      if (reading->rows->len < MIN (limit, XH_SUBJECT_MOST_ROWS))
        g_ptr_array_add (reading->rows, row_copy (row));
    }
}

static void
read_head (XhStore *store, XhSubjectReading *reading, GPtrArray *rows)
{
  const XhRecord *own = reading->own;

  if (own != NULL)
    {
      reading->code_field = xh_subject_code_field (own);
      reading->title = xh_store_title (store, own->id, NULL);
      if (own->division != NULL)
        reading->place = xh_divisions_path (xh_catalog_get_divisions (own->kind->catalog), own->division, XH_LEVEL_TOWNSHIP);
    }
  /* Known from other registers alone: by the name that the newest of them says. */
  for (guint i = 0; reading->title == NULL && i < rows->len; i++)
    {
      g_autoptr (XhRecord) record = xh_store_load (store, ((XhSubjectRow *) g_ptr_array_index (rows, i))->id, NULL);

      if (record != NULL && record->kind->subject_name != NULL)
        reading->title = g_strdup (xh_value_as_text (xh_record_get (record, record->kind->subject_name)));
    }
}

XhSubjectReading *
xh_subject_read (XhStore *store, const char *key, const char *role, const char *filter, guint limit, GError **error)
{
  g_autoptr (XhSubjectReading) reading = g_new0 (XhSubjectReading, 1);
  g_autoptr (GPtrArray) rows = NULL;
  XhCatalog *catalog = xh_store_get_catalog (store);

  reading->keys = xh_store_subject_keys (store, key, error);
  if (reading->keys == NULL)
    return NULL;
  rows = xh_store_subject_records (store, (const char *const *) reading->keys, role, 0, error);
  if (rows == NULL)
    return NULL;
  reading->key = g_strdup (reading->keys[0]);
  reading->own = xh_store_subject_own (store, (const char *const *) reading->keys, role, NULL);
  reading->counts = g_new0 (guint, xh_catalog_get_kinds (catalog)->len);
  reading->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_subject_row_free);
  reading->firsts = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_subject_row_free);
  reading->tags = g_ptr_array_new_with_free_func (tag_free);
  reading->grades = g_ptr_array_new_with_free_func (grade_free);
  read_head (store, reading, rows);
  sort_out (reading, catalog, rows, filter, limit);
  judge (store, reading, rows, role, NULL);
  return g_steal_pointer (&reading);
}

/* --- in the reader */

typedef struct
{
  char *key, *role, *filter; /* (owned) filter: (nullable) */
  guint limit;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_free (wish->key);
  g_free (wish->role);
  g_free (wish->filter);
  g_free (wish);
}

static void
reading_free (gpointer data)
{
  xh_subject_reading_free (data);
}

static gpointer
read_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  const Wish *wish = data;

  return xh_subject_read (store, wish->key, wish->role, wish->filter, wish->limit, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  XhSubjectReading *reading = xh_worker_finish (XH_WORKER (source), result, &error);

  if (reading == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, reading, reading_free);
}

void
xh_subject_reading_async (XhSession *session, const char *key, const char *filter, guint limit, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (session, cancellable, callback, user_data);
  Wish *wish = g_new0 (Wish, 1);

  wish->key = g_strdup (key);
  wish->role = g_strdup (xh_session_get_role (session));
  wish->filter = g_strdup (filter);
  wish->limit = limit;
  xh_worker_run (xh_session_get_reader (session), G_PRIORITY_DEFAULT, read_in_reader, wish, wish_free, reading_free, cancellable, read_cb,
                 task);
}

XhSubjectReading *
xh_subject_reading_finish (XhSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
