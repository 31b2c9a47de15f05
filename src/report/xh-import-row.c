/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One row: read, found again, compared, and judged by the same form that the window edits with. */
#include "xh-import-private.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "model/xh-identifiers.h"

void
xh_row_fault_free (gpointer data)
{
  XhRowFault *fault = data;

  g_free (fault->label);
  g_free (fault->message);
  g_free (fault);
}

void
xh_judge_fault (XhJudge *self, const XhField *field, const char *message)
{
  XhRowFault *fault = g_new0 (XhRowFault, 1);

  fault->column = field != NULL && field->index < self->plan->kind->fields->len ? self->column_of[field->index] : -1;
  fault->label = field != NULL ? g_strdup (xh_label_get (&field->label)) : NULL;
  fault->message = g_strdup (message);
  g_ptr_array_add (self->faults, fault);
}

void
xh_judge_init (XhJudge *self, XhImportPlan *plan, const XhImportOptions *options, XhStore *store)
{
  guint n = plan->kind->fields->len;

  *self = (XhJudge) { .plan = plan, .options = options, .store = store };
  self->form = xh_form_new (plan->kind, plan->role);
  self->column_of = g_new (int, n + 1);
  self->values = xh_value_array_new (n);
  self->given = g_new0 (gboolean, n + 1);
  self->faulty = g_new0 (gboolean, n + 1);
  self->faults = g_ptr_array_new_with_free_func (xh_row_fault_free);
  for (guint i = 0; i < n; i++)
    self->column_of[i] = -1;
  for (guint i = plan->columns->len; i-- > 0;)
    {
      const XhImportColumn *column = g_ptr_array_index (plan->columns, i);

      if (column->field != NULL)
        self->column_of[column->field->index] = (int) i;
    }
}

static void
forget_row (XhJudge *self)
{
  guint n = self->plan->kind->fields->len;

  for (guint i = 0; i < n; i++)
    {
      xh_value_clear (&self->values[i]);
      self->given[i] = self->faulty[i] = FALSE;
    }
  g_ptr_array_set_size (self->faults, 0);
  g_clear_pointer (&self->present, xh_record_free);
  g_clear_pointer (&self->result, xh_record_free);
  g_clear_pointer (&self->changed, g_ptr_array_unref);
}

void
xh_judge_clear (XhJudge *self)
{
  forget_row (self);
  g_clear_object (&self->form);
  g_clear_pointer (&self->seen, xh_seen_free);
  g_clear_pointer (&self->column_of, g_free);
  xh_value_array_free (self->values, self->plan->kind->fields->len);
  g_clear_pointer (&self->given, g_free);
  g_clear_pointer (&self->faulty, g_free);
  g_clear_pointer (&self->faults, g_ptr_array_unref);
}

/* --- stamps */

static void
write_stamp (guint64 hash, char *out)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";

  hash ^= hash >> 32;
  for (guint i = 0; i < XH_STAMP_LENGTH; i++, hash >>= 6)
    out[i] = letters[hash & 63];
}

static guint64
hash_text (guint64 hash, const char *text)
{
  for (; *text != '\0'; text++)
    hash = (hash ^ (guchar) *text) * G_GUINT64_CONSTANT (1099511628211);
  return hash ^ (hash >> 29);
}

void
xh_stamp_text (const char *text, char *out)
{
  write_stamp (hash_text (G_GUINT64_CONSTANT (14695981039346656037), text), out);
}

/* An integer and the real number of the same size are the same value. */
static void
value_text (const XhValue *value, char *buffer, gsize size, const char **text)
{
  *text = buffer;
  switch (value->type)
    {
    case XH_VALUE_TEXT:
      *text = value->text;
      break;
    case XH_VALUE_INTEGER:
    case XH_VALUE_REAL:
      g_ascii_formatd (buffer, (int) size, "%.15g", xh_value_as_real (value));
      break;
    default:
      *text = "";
    }
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

void
xh_stamp_value (const XhValue *value, char *out)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  const char *text;

  value_text (value, buffer, sizeof buffer, &text);
  /* Several choices are a set: in whatever order they were stored. */
  if (*text == '[')
    {
      g_autofree char *inside = g_strndup (text + 1, strlen (text) - 1 - g_str_has_suffix (text, "]"));
      g_auto (GStrv) codes = g_strsplit (inside, ",", -1);
      g_autofree char *sorted = NULL;

      qsort (codes, g_strv_length (codes), sizeof *codes, compare_texts);
      sorted = g_strjoinv (",", codes);
      xh_stamp_text (sorted, out);
      return;
    }
  xh_stamp_text (text, out);
}

gboolean
xh_stamp_by_text (const XhField *field, gboolean masked)
{
  return masked || field->type == XH_FIELD_LINK || field->type == XH_FIELD_TABLE;
}

/* --- reading */

static const XhCell *
cell_at (const XhJudge *self, guint column)
{
  static const XhCell none = { XH_CELL_EMPTY, "", 0 };

  return column < self->n_cells ? &self->cells[column] : &none;
}

static const char *
text_of_use (const XhJudge *self, XhImportUse use)
{
  for (guint i = 0; i < self->plan->columns->len; i++)
    if (((XhImportColumn *) self->plan->columns->pdata[i])->use == use)
      return cell_at (self, i)->text;
  return "";
}

/* What the cell of this field was when the sheet was exported; NULL: nothing is known. */
static const char *
stamp_of (const XhJudge *self, const char *stamp, const XhField *field, gboolean *by_text)
{
  gsize length = strlen (stamp);

  for (guint i = 0; self->plan->stamped != NULL && self->plan->stamped[i] != NULL && (i + 1) * XH_STAMP_LENGTH <= length; i++)
    {
      const char *name = self->plan->stamped[i];

      *by_text = *name == '~';
      if (strcmp (name + *by_text, field->name) == 0)
        return stamp + i * XH_STAMP_LENGTH;
    }
  return NULL;
}

static gboolean
is_masked (const char *text)
{
  return strstr (text, "**") != NULL;
}

static void
merge_codes (XhJudge *self, const XhField *field, const XhValue *value)
{
  XhValue *mine = &self->values[field->index];
  g_autofree char *joined = NULL;

  if (xh_value_is_null (mine) || xh_value_is_null (value))
    {
      if (!xh_value_is_null (value))
        xh_value_copy (value, mine);
      return;
    }
  /* ["a"] and ["b"] as ["a","b"]; the form sorts them and takes doubles out. */
  joined = g_strdup_printf ("%.*s,%s", (int) strlen (mine->text) - 1, mine->text, value->text + 1);
  xh_value_take_text (mine, g_steal_pointer (&joined));
}

/* Kept as it is typed until the record is found whose rows it changes. */
static void
take_table_cell (XhJudge *self, const XhField *field, const XhCell *cell, gboolean exported)
{
  g_autofree char *text = g_utf8_make_valid (cell->text, -1);

  g_strstrip (text);
  if (*text == '\0' && !exported)
    return;
  self->given[field->index] = TRUE;
  if (*text != '\0')
    xh_value_take_text (&self->values[field->index], g_steal_pointer (&text));
}

static void
read_cell (XhJudge *self, const XhImportColumn *column, const XhCell *cell, const char *stamp, gboolean exported)
{
  const XhField *field = column->field;
  g_auto (XhValue) value = XH_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  gboolean by_text = FALSE;
  const char *was = stamp_of (self, stamp, field, &by_text);
  char now[XH_STAMP_LENGTH];

  xh_stamp_text (cell->text, now);
  if (was != NULL && by_text && memcmp (was, now, XH_STAMP_LENGTH) == 0)
    return;
  if (is_masked (cell->text) && field->sensitive)
    {
      /* Without a stamp (a sheet typed anew) stars are no number; of a known record they say nothing. */
      if (!exported)
        xh_judge_fault (self, field, _("The number is masked by stars. Write the whole number."));
      return;
    }
  if (field->type == XH_FIELD_TABLE)
    {
      take_table_cell (self, field, cell, exported);
      return;
    }
  if (!xh_import_cell (self->plan, self->store, column, cell, &value, &error))
    {
      self->faulty[field->index] = TRUE;
      xh_judge_fault (self, field, error->message);
      return;
    }
  xh_stamp_value (&value, now);
  if (was != NULL && !by_text && memcmp (was, now, XH_STAMP_LENGTH) == 0)
    return;
  /* An empty cell of an exported row takes the value away; of any other sheet it says nothing. */
  if (xh_value_is_null (&value) && !exported)
    return;
  self->given[field->index] = TRUE;
  if (field->type == XH_FIELD_CHOICES)
    merge_codes (self, field, &value);
  else
    xh_value_copy (&value, &self->values[field->index]);
}

static void
read_cells (XhJudge *self)
{
  const char *stamp = text_of_use (self, XH_IMPORT_STAMP);
  gboolean exported = *text_of_use (self, XH_IMPORT_KEY) != '\0';

  for (guint i = 0; i < self->plan->columns->len; i++)
    {
      const XhImportColumn *column = g_ptr_array_index (self->plan->columns, i);

      if (column->field != NULL)
        read_cell (self, column, cell_at (self, i), stamp, exported);
    }
  for (guint i = 0; !exported && i < self->plan->kind->fields->len; i++)
    if (!self->given[i] && !self->faulty[i] && !xh_value_is_null (&self->plan->constants[i]))
      {
        self->given[i] = TRUE;
        xh_value_copy (&self->plan->constants[i], &self->values[i]);
      }
}

/* --- found again */

/* @again: (out): the key was in the sheet before, and the row is faulty. */
static gboolean
note_seen (XhJudge *self, const char *key, gboolean *again, GError **error)
{
  guint before;
  g_autofree char *message = NULL;

  if (self->seen == NULL && (self->seen = xh_seen_new (error)) == NULL)
    return FALSE;
  if (!xh_seen_note (self->seen, hash_text (G_GUINT64_CONSTANT (14695981039346656037), key), self->number, &before, error))
    return FALSE;
  *again = before > 0;
  if (!*again)
    return TRUE;
  message = g_strdup_printf (_("The same record stands in row %u already."), before);
  xh_judge_fault (self, NULL, message);
  return TRUE;
}

static gboolean
load_present (XhJudge *self, const char *id, GError **error)
{
  g_autoptr (GError) failure = NULL;

  self->present = xh_store_load (self->store, id, &failure);
  if (failure != NULL && !g_error_matches (failure, XH_STORE_ERROR, XH_STORE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return TRUE;
}

static gboolean
find_by_number (XhJudge *self, const char *id, GError **error)
{
  if (!load_present (self, id, error))
    return FALSE;
  if (self->present == NULL || self->present->kind != self->plan->kind)
    {
      g_clear_pointer (&self->present, xh_record_free);
      xh_judge_fault (self, NULL, _("There is no record with this number here. To add it as a new one, empty its cell in the column “记录号”."));
    }
  else if (self->present->deleted)
    xh_judge_fault (self, NULL, _("This record has been deleted since."));
  return TRUE;
}

/* (nullable) Text of a unique key where every part is given. */
static char *
key_text (XhJudge *self, char **names)
{
  g_autoptr (GString) text = g_string_new (names[0]);

  for (guint i = 0; names[i] != NULL; i++)
    {
      const XhField *field = xh_kind_find_field (self->plan->kind, names[i]);
      char buffer[G_ASCII_DTOSTR_BUF_SIZE];
      const char *part;

      if (!self->given[field->index] || xh_value_is_null (&self->values[field->index]))
        return NULL;
      value_text (&self->values[field->index], buffer, sizeof buffer, &part);
      g_string_append_printf (text, "\x1f%s", part);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
find_by_key (XhJudge *self, char **names, GError **error)
{
  g_autoptr (XhRecord) probe = xh_record_new (self->plan->kind, NULL);
  g_autofree char *id = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    xh_record_set (probe, names[i], &self->values[xh_kind_find_field (self->plan->kind, names[i])->index]);
  if (!xh_store_find_unique (self->store, probe, names, &id, error))
    return FALSE;
  if (id != NULL)
    self->present = xh_store_load (self->store, id, error);
  return id == NULL || self->present != NULL;
}

/* A row without any key is known by what it holds: the same row has the same id, and comes in once. */
static char *
id_of_content (XhJudge *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (sum, (const guchar *) self->plan->kind->name, -1);
  for (guint i = 0; i < self->plan->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->plan->kind->fields, i);
      char buffer[G_ASCII_DTOSTR_BUF_SIZE];
      const char *text;

      if (!self->given[i])
        continue;
      value_text (&self->values[i], buffer, sizeof buffer, &text);
      g_checksum_update (sum, (const guchar *) field->name, (gssize) strlen (field->name) + 1);
      g_checksum_update (sum, (const guchar *) text, (gssize) strlen (text) + 1);
    }
  g_checksum_get_digest (sum, digest, &length);
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-7%01x%02x-%x%01x%02x-%02x%02x%02x%02x%02x%02x", digest[0], digest[1], digest[2], digest[3],
                          digest[4], digest[5], digest[6] & 15, digest[7], 8 + (digest[8] & 3), digest[9] & 15, digest[10], digest[11],
                          digest[12], digest[13], digest[14], digest[15], digest[16]);
}

/* @id: (out) (nullable): of a record to be made. */
static gboolean
find_present (XhJudge *self, char **id, GError **error)
{
  const char *number = text_of_use (self, XH_IMPORT_KEY);
  gboolean has_key = FALSE, again;

  *id = NULL;
  if (*number != '\0')
    return note_seen (self, number, &again, error) && (again || find_by_number (self, number, error));
  for (guint i = 0; i < self->plan->kind->unique_keys->len; i++)
    {
      char **names = g_ptr_array_index (self->plan->kind->unique_keys, i);
      g_autofree char *key = key_text (self, names);

      if (key == NULL)
        continue;
      has_key = TRUE;
      if (!note_seen (self, key, &again, error))
        return FALSE;
      if (again)
        return TRUE;
      if (self->present == NULL && !find_by_key (self, names, error))
        return FALSE;
    }
  if (has_key || self->faults->len > 0)
    return TRUE;
  *id = id_of_content (self);
  if (!note_seen (self, *id, &again, error))
    return FALSE;
  if (again)
    return TRUE;
  if (!load_present (self, *id, error))
    return FALSE;
  if (self->present != NULL && self->present->deleted)
    xh_judge_fault (self, NULL, _("This record has been deleted since."));
  /* The row came in before and says nothing new: what people wrote since stays. */
  for (guint i = 0; self->present != NULL && i < self->plan->kind->fields->len; i++)
    self->given[i] = FALSE;
  return TRUE;
}

/* --- judging */

/* What somebody else wrote since the export is not overwritten by a cell that a person changed, too. */
static void
check_stamps (XhJudge *self)
{
  const char *stamp = text_of_use (self, XH_IMPORT_STAMP);

  for (guint i = 0; *stamp != '\0' && self->present != NULL && i < self->plan->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->plan->kind->fields, i);
      gboolean by_text = FALSE;
      const char *was = self->given[i] ? stamp_of (self, stamp, field, &by_text) : NULL;
      char now[XH_STAMP_LENGTH];
      g_autofree char *text = NULL, *message = NULL;

      if (was == NULL || by_text || xh_value_equal (&self->present->values[i], &self->values[i]))
        continue;
      xh_stamp_value (&self->present->values[i], now);
      if (memcmp (was, now, XH_STAMP_LENGTH) == 0)
        continue;
      text = xh_field_format (field, &self->present->values[i], field->sensitive);
      message = g_strdup_printf (_("Somebody has changed this to “%s” since the export. Export again and compare."), text);
      xh_judge_fault (self, field, message);
    }
}

static const char *
present_text (const XhJudge *self, const XhField *field)
{
  return self->present != NULL ? xh_value_as_text (&self->present->values[field->index]) : NULL;
}

/* A table is compared by its text: somebody else's rows are not overwritten either. */
static gboolean
is_table_untouched (XhJudge *self, const XhField *field)
{
  g_autofree char *text = xh_table_text (field, present_text (self, field));
  const char *was;
  gboolean by_text = FALSE;
  char now[XH_STAMP_LENGTH];

  was = stamp_of (self, text_of_use (self, XH_IMPORT_STAMP), field, &by_text);
  xh_stamp_text (text, now);
  return was == NULL || memcmp (was, now, XH_STAMP_LENGTH) == 0;
}

static void
read_table (XhJudge *self, const XhField *field)
{
  XhValue *value = &self->values[field->index];
  const char *typed = xh_value_as_text (value), *present = present_text (self, field);
  g_autofree char *standing = xh_table_text (field, present);
  g_autofree char *json = NULL;
  g_autoptr (GError) error = NULL;

  if (strcmp (standing, typed != NULL ? typed : "") == 0)
    {
      self->given[field->index] = FALSE;
      return;
    }
  if (!is_table_untouched (self, field))
    g_set_error (&error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("Somebody has changed this to “%s” since the export. Export again and compare."), standing);
  else if (typed != NULL)
    json = xh_table_from_text (field, typed, present, &error);
  if (error != NULL)
    {
      self->faulty[field->index] = TRUE;
      self->given[field->index] = FALSE;
      xh_judge_fault (self, field, error->message);
    }
  else if (json != NULL)
    xh_value_take_text (value, g_steal_pointer (&json));
  else
    xh_value_set_null (value);
}

static void
read_tables (XhJudge *self)
{
  for (guint i = 0; i < self->plan->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->plan->kind->fields, i);

      if (field->type == XH_FIELD_TABLE && self->given[i])
        read_table (self, field);
    }
}

static gboolean
may_change (XhJudge *self)
{
  const XhKind *kind = self->plan->kind;
  gboolean is_new = self->present == NULL;

  if (self->plan->role == NULL || xh_kind_may (kind, is_new ? kind->create_roles : kind->edit_roles, self->plan->role))
    return TRUE;
  xh_judge_fault (self, NULL, is_new ? _("Your role may not add records to this register.") : _("Your role may not change records of this register."));
  return FALSE;
}

static gboolean
load_form (XhJudge *self, const char *id, GError **error)
{
  const XhKind *kind = self->plan->kind;
  gboolean is_new = self->present == NULL;
  g_autoptr (XhRecord) start = is_new ? xh_record_new (kind, id) : xh_record_copy (self->present);
  g_autoptr (XhRecord) expected = NULL;
  XhValue *references = NULL;
  gboolean fetched = TRUE;

  if (is_new)
    {
      start->division = g_strdup (self->options->division);
      start->unit = g_strdup (self->options->unit);
    }
  if (kind->references->len > 0)
    {
      expected = xh_record_copy (start);
      for (guint i = 0; i < kind->fields->len; i++)
        if (self->given[i])
          xh_value_copy (&self->values[i], &expected->values[i]);
      references = xh_value_array_new (kind->references->len);
      fetched = xh_store_references (self->store, expected, references, error);
    }
  if (fetched)
    xh_form_load (self->form, start, references, is_new);
  xh_value_array_free (references, kind->references->len);
  return fetched;
}

static gboolean
has_unread_choice (const XhJudge *self)
{
  for (guint i = 0; i < self->plan->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->plan->kind->fields, i);

      if (self->faulty[i] && (field->type == XH_FIELD_CHOICE || field->type == XH_FIELD_CHOICES || field->type == XH_FIELD_BOOLEAN))
        return TRUE;
    }
  return FALSE;
}

/* All that differs, at once; what the form refuses is a fault of its cell, and the rest is tried again without it. */
static void
set_values (XhJudge *self)
{
  guint n = self->plan->kind->fields->len;
  g_autofree const char **names = g_new (const char *, n + 1);
  g_autofree XhValue *values = g_new (XhValue, n + 1); /* their texts stay with self */
  guint count = 0;

  for (guint i = 0; i < n; i++)
    {
      const XhField *field = g_ptr_array_index (self->plan->kind->fields, i);

      if (!self->given[i] || xh_value_equal (&self->values[i], xh_form_get (self->form, field->name)))
        continue;
      names[count] = field->name;
      values[count++] = self->values[i];
    }
  while (count > 0)
    {
      const XhField *culprit = NULL;
      g_autoptr (GError) error = NULL;
      guint at = 0;

      if (xh_form_set_many (self->form, names, values, count, &culprit, &error))
        return;
      /* Whether a cell applies may hang on a choice that could not be read: that one is to be mended first. */
      if (culprit == NULL || xh_form_is_relevant (self->form, culprit->name) || !has_unread_choice (self))
        xh_judge_fault (self, culprit, error->message);
      if (culprit == NULL)
        return;
      self->faulty[culprit->index] = TRUE;
      while (at < count && strcmp (names[at], culprit->name) != 0)
        at++;
      count--;
      memmove (&names[at], &names[at + 1], (count - at) * sizeof *names);
      memmove (&values[at], &values[at + 1], (count - at) * sizeof *values);
    }
}

static const XhField *
field_of_issue (const XhKind *kind, const XhIssue *issue)
{
  return issue->field != NULL ? xh_kind_find_field_at (kind, issue->field) : NULL;
}

/* A record that is there may lack what it lacked before; a new one must have what the sheet has a column for. */
static gboolean
counts (XhJudge *self, const XhIssue *issue, const XhField *field)
{
  if (field != NULL && self->faulty[field->index])
    return FALSE;
  if (xh_form_holds_up (self->form, issue))
    return TRUE;
  return self->present == NULL && !self->plan->allow_missing && field != NULL && self->column_of[field->index] >= 0;
}

static void
take_issues (XhJudge *self)
{
  GPtrArray *issues = xh_form_get_issues (self->form);

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);
      const XhField *field = field_of_issue (self->plan->kind, issue);

      if (!counts (self, issue, field))
        continue;
      if (field != NULL && self->column_of[field->index] < 0)
        {
          g_autofree char *message = g_strdup_printf (_("%s: %s"), xh_label_get (&field->label), issue->message);

          xh_judge_fault (self, field, message);
        }
      else
        xh_judge_fault (self, field, issue->severity == XH_ISSUE_MISSING ? _("Required, and empty.") : issue->message);
    }
}

static gboolean
check_unique (XhJudge *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  char **key = self->plan->kind->unique_keys->len > 0 ? g_ptr_array_index (self->plan->kind->unique_keys, 0) : NULL;

  if (key == NULL || self->faults->len > 0 || xh_store_check_unique (self->store, self->result, &failure))
    return TRUE;
  if (!g_error_matches (failure, XH_STORE_ERROR, XH_STORE_ERROR_UNIQUE))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  xh_judge_fault (self, xh_kind_find_field (self->plan->kind, key[0]), failure->message);
  return TRUE;
}

static gboolean
judge_values (XhJudge *self, const char *id, GError **error)
{
  if (!load_form (self, id, error))
    return FALSE;
  set_values (self);
  self->changed = xh_form_get_changed (self->form);
  if (self->present != NULL && self->changed->len == 0)
    return TRUE;
  take_issues (self);
  if (!may_change (self))
    return TRUE;
  self->result = xh_record_copy (xh_form_get_record (self->form));
  return check_unique (self, error);
}

gboolean
xh_judge_row (XhJudge *self, const XhCell *cells, guint n_cells, guint number, XhRowVerdict *verdict, GError **error)
{
  g_autofree char *id = NULL;

  forget_row (self);
  self->cells = cells;
  self->n_cells = n_cells;
  self->number = number;
  read_cells (self);
  if (!find_present (self, &id, error))
    return FALSE;
  check_stamps (self);
  read_tables (self);
  /* What is repeated, gone or unknown is not looked at further. */
  if ((self->present == NULL || !self->present->deleted) && !judge_values (self, id, error))
    return FALSE;
  if (self->faults->len > 0)
    *verdict = XH_ROW_FAULTY;
  else if (self->present == NULL)
    *verdict = XH_ROW_NEW;
  else
    *verdict = self->changed->len > 0 ? XH_ROW_CHANGED : XH_ROW_SAME;
  return TRUE;
}
