/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-quality.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/xh-form.h"
#include "xh-query.h"
#include "xh-store-private.h"

#define PAGE 256
#define FIRST_DATE "1900-01-01" /* no date of a credit record lies before, and none after 2099-12-31, "without end" */
#define LAST_DATE "2099-12-31"

typedef struct
{
  XhStore *store;
  const XhKind *kind;
  const char *role;
  XhFindingFunc func;
  XhQualityProgress progress;
  gpointer data;
  XhForm *form;        /* (owned) */
  XhValue *references; /* (owned) */
  gint64 done, total;
} Scan;

void
xh_finding_free (XhFinding *finding)
{
  g_free (finding->id);
  g_free (finding->title);
  g_free (finding->division);
  g_free (finding->unit);
  g_free (finding->field);
  g_free (finding->message);
  g_free (finding);
}

const char *
xh_quality_type_label (XhQualityType type)
{
  static const char *const labels[] = { N_("Wrong"), N_("Missing"), N_("Duplicate"), N_("Late") };

  g_return_val_if_fail (type < XH_QUALITY_N_TYPES, NULL);

  return _(labels[type]);
}

static gboolean
may_read (Scan *self, const char *name)
{
  const XhField *field = name != NULL ? xh_kind_find_field (self->kind, name) : NULL;

  return field == NULL || xh_kind_may (self->kind, field->read_roles, self->role);
}

/* @message: (transfer full) */
static gboolean
tell (Scan *self, XhQualityType type, const XhRecord *record, const char *field, char *message, GError **error)
{
  XhFinding *finding = g_new0 (XhFinding, 1);

  finding->type = type;
  finding->rid = record->rid;
  finding->id = g_strdup (record->id);
  finding->division = g_strdup (record->division);
  finding->unit = g_strdup (record->unit);
  finding->field = g_strdup (field);
  finding->message = message;
  finding->title = xh_store_title (self->store, record->id, error);
  if (finding->title != NULL)
    return self->func (finding, self->data, error);
  xh_finding_free (finding);
  return FALSE;
}

/* --- one record by its form */

static gboolean
is_first_state (Scan *self, const XhRecord *record)
{
  const XhState *first = g_ptr_array_index (self->kind->states, 0);

  return self->kind->states->len > 1 && g_strcmp0 (record->state, first->name) == 0;
}

static gboolean
tell_issues (Scan *self, const XhRecord *record, GError **error)
{
  GPtrArray *issues = xh_form_get_issues (self->form);

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);
      g_autofree char *name = issue->field != NULL ? g_strndup (issue->field, strcspn (issue->field, "/")) : NULL;
      XhQualityType type = issue->severity == XH_ISSUE_ERROR ? XH_QUALITY_WRONG : XH_QUALITY_MISSING;

      if (!may_read (self, name) || (type == XH_QUALITY_MISSING && is_first_state (self, record)))
        continue;
      if (!tell (self, type, record, name, g_strdup (issue->message), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
tell_dates (Scan *self, const XhRecord *record, GError **error)
{
  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);
      const char *date = field->type == XH_FIELD_DATE ? xh_value_as_text (&record->values[i]) : NULL;

      if (date != NULL && (strcmp (date, FIRST_DATE) < 0 || strcmp (date, LAST_DATE) > 0) && may_read (self, field->name)
          && !tell (self, XH_QUALITY_WRONG, record, field->name, g_strdup_printf (_("%s cannot be right."), date), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
tell_late (Scan *self, const XhRecord *record, const char *today, GError **error)
{
  if (record->due == NULL || strcmp (record->due, today) >= 0)
    return TRUE;
  return tell (self, XH_QUALITY_LATE, record, NULL, g_strdup_printf (_("Was due on %s."), record->due), error);
}

static gboolean
judge (Scan *self, const XhRecord *record, const char *today, GError **error)
{
  if (self->kind->references->len > 0 && !xh_store_references (self->store, record, self->references, error))
    return FALSE;
  xh_form_load (self->form, record, self->kind->references->len > 0 ? self->references : NULL, FALSE);
  return tell_issues (self, record, error) && tell_dates (self, record, error) && tell_late (self, record, today, error);
}

/* --- all records, a page at a time */

static gboolean
next_page (Scan *self, gint64 after, GArray *rids, GError **error)
{
  sqlite3_stmt *statement = xh_store_statement (self->store, "SELECT r.rid FROM record r WHERE r.kind = ?1 AND r.deleted = 0 AND r.rid > ?2"
                                                " ORDER BY r.rid LIMIT ?3", error);
  int code;

  if (statement == NULL)
    return FALSE;
  xh_sql_bind_text (statement, 1, self->kind->name);
  sqlite3_bind_int64 (statement, 2, after);
  sqlite3_bind_int (statement, 3, PAGE);
  g_array_set_size (rids, 0);
  while ((code = xh_store_step (self->store, statement, error)) == SQLITE_ROW)
    {
      gint64 rid = sqlite3_column_int64 (statement, 0);

      g_array_append_val (rids, rid);
    }
  return code == SQLITE_DONE;
}

static gboolean
scan_records (Scan *self, GError **error)
{
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *today = NULL;
  gint64 after = 0;
  GDate date;

  xh_date_today (&date);
  today = xh_date_format (&date);
  do
    {
      g_autoptr (GPtrArray) rows = NULL;

      if (!next_page (self, after, rids, error))
        return FALSE;
      if (rids->len == 0)
        break;
      rows = xh_store_query_rows (self->store, self->kind, (const gint64 *) rids->data, rids->len, error);
      if (rows == NULL)
        return FALSE;
      for (guint i = 0; i < rows->len; i++)
        if (g_ptr_array_index (rows, i) != NULL && !judge (self, g_ptr_array_index (rows, i), today, error))
          return FALSE;
      after = g_array_index (rids, gint64, rids->len - 1);
      self->done += rids->len;
      if (self->progress != NULL)
        self->progress (self->done, MAX (self->total, self->done), self->data);
    }
  while (rids->len == PAGE);
  return TRUE;
}

/* --- the same twice */

static char *
duplicates_sql (const XhKind *kind, char **names)
{
  GString *sql = g_string_new ("SELECT rid, n FROM (SELECT k.rid, count(*) OVER (PARTITION BY "), *condition = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_string_append_printf (sql, "%sk.\"%s\"", i > 0 ? ", " : "", names[i]);
      g_string_append_printf (condition, " AND k.\"%s\" IS NOT NULL", names[i]);
    }
  g_string_append_printf (sql, ") AS n FROM \"%s\" k JOIN record r ON r.rid = k.rid WHERE r.deleted = 0%s) WHERE n > 1", kind->table, condition->str);
  g_string_free (condition, TRUE);
  return g_string_free (sql, FALSE);
}

static char *
key_labels (const XhKind *kind, char **names)
{
  GString *labels = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (labels, "%s%s", i > 0 ? " + " : "", xh_label_get (&xh_kind_find_field (kind, names[i])->label));
  return g_string_free (labels, FALSE);
}

static gboolean
tell_duplicate (Scan *self, gint64 rid, const char *field, const char *labels, int n, GError **error)
{
  g_autoptr (XhRecord) record = xh_store_load_rid (self->store, rid, error);

  return record != NULL
         && tell (self, XH_QUALITY_DUPLICATE, record, field, g_strdup_printf (_("%d records have the same %s."), n, labels), error);
}

static gboolean
scan_key (Scan *self, char **names, GError **error)
{
  g_autofree char *sql = duplicates_sql (self->kind, names), *labels = key_labels (self->kind, names);
  sqlite3_stmt *statement;
  int code;

  for (guint i = 0; names[i] != NULL; i++)
    if (!may_read (self, names[i]))
      return TRUE;
  statement = xh_store_statement (self->store, sql, error);
  if (statement == NULL)
    return FALSE;
  while ((code = xh_store_step (self->store, statement, error)) == SQLITE_ROW)
    if (!tell_duplicate (self, sqlite3_column_int64 (statement, 0), names[0], labels, sqlite3_column_int (statement, 1), error))
      {
        sqlite3_reset (statement);
        return FALSE;
      }
  return code == SQLITE_DONE;
}

static gboolean
scan_keys (Scan *self, GPtrArray *keys, GError **error)
{
  for (guint i = 0; i < keys->len; i++)
    if (!scan_key (self, g_ptr_array_index (keys, i), error))
      return FALSE;
  return TRUE;
}

gboolean
xh_quality_scan (XhStore *store, const XhKind *kind, const char *role, XhFindingFunc func, XhQualityProgress progress, gpointer data,
                 GError **error)
{
  g_autoptr (XhQuery) all = xh_query_new (kind);
  Scan self = { store, kind, role, func, progress, data };
  gboolean ok;

  g_return_val_if_fail (store != NULL && kind != NULL && func != NULL, FALSE);

  self.total = xh_store_query_count (store, all, error);
  if (self.total < 0)
    return FALSE;
  self.form = xh_form_new (kind, role);
  self.references = g_new0 (XhValue, kind->references->len + 1);
  ok = scan_records (&self, error) && scan_keys (&self, kind->unique_keys, error) && scan_keys (&self, kind->duplicates, error);
  xh_value_array_free (self.references, kind->references->len);
  g_object_unref (self.form);
  return ok;
}
