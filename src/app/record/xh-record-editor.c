/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-record-editor.h"

#include "app/widgets/xh-table-cell.h"

/* Typing goes into one step of undo as long as no pause is longer than this. */
#define PAUSE (G_TIME_SPAN_SECOND * 1)

struct _XhRecordEditor
{
  GObject parent_instance;

  XhForm *form;         /* (owned) */
  char *role;           /* (owned) (nullable) */
  GHashTable *cells;    /* (owned) field name to FormCell */
  GHashTable *invalids; /* (owned) "members/ROW/column" to message */
  GPtrArray *steps;     /* (owned) of Step */
  guint done;           /* steps that stand; those after can be done again */
  gboolean broken;      /* the next change is a step of its own */
};

G_DEFINE_FINAL_TYPE (XhRecordEditor, xh_record_editor, G_TYPE_OBJECT)

enum { PROP_0, PROP_CAN_UNDO, PROP_CAN_REDO, N_PROPS };
enum { EDITED, UNDONE, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

typedef struct
{
  const XhField *field;
  XhValue before, after;
  gint64 time;
  gboolean joined; /* taken back and done again with the one before it */
} Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  xh_value_clear (&step->before);
  xh_value_clear (&step->after);
  g_free (step);
}

static void
notify_steps (XhRecordEditor *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_REDO]);
}

static void
remember (XhRecordEditor *self, const XhField *field, const XhValue *before, const XhValue *after)
{
  Step *last = self->done > 0 ? g_ptr_array_index (self->steps, self->done - 1) : NULL;
  gint64 now = g_get_monotonic_time ();

  if (self->done < self->steps->len)
    g_ptr_array_set_size (self->steps, self->done);
  if (last == NULL || self->broken || last->field != field || now - last->time > PAUSE)
    {
      last = g_new0 (Step, 1);
      last->field = field;
      xh_value_copy (before, &last->before);
      g_ptr_array_add (self->steps, last);
      self->done = self->steps->len;
    }
  xh_value_copy (after, &last->after);
  last->time = now;
  self->broken = FALSE;
  notify_steps (self);
}

static void
drop_invalids (XhRecordEditor *self, const XhField *field)
{
  g_autofree char *prefix = g_strconcat (field->name, "/", NULL);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->invalids);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_str_has_prefix (key, prefix))
      g_hash_table_iter_remove (&iter);
}

static const XhIssue *
find_issue (XhRecordEditor *self, const char *path)
{
  GPtrArray *issues = xh_form_get_issues (self->form);

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);

      if (g_strcmp0 (issue->field, path) == 0)
        return issue;
    }
  return NULL;
}

/* --- the cell of a field */

#define XH_TYPE_FORM_CELL (xh_form_cell_get_type ())
G_DECLARE_FINAL_TYPE (XhFormCell, xh_form_cell, XH, FORM_CELL, XhCell)

struct _XhFormCell
{
  XhCell parent_instance;

  XhRecordEditor *editor; /* (nullable) (not owned) it owns us */
};

G_DEFINE_FINAL_TYPE (XhFormCell, xh_form_cell, XH_TYPE_CELL)

static const XhValue nothing = XH_VALUE_INIT;

static const char *
get_name (XhCell *cell)
{
  return xh_cell_get_field (cell)->name;
}

static const XhValue *
xh_form_cell_get (XhCell *cell)
{
  XhRecordEditor *editor = XH_FORM_CELL (cell)->editor;
  const XhValue *value = editor != NULL ? xh_form_get (editor->form, get_name (cell)) : NULL;

  return value != NULL ? value : &nothing;
}

static void
xh_form_cell_set (XhCell *cell, const XhValue *value)
{
  XhRecordEditor *editor = XH_FORM_CELL (cell)->editor;
  const XhField *field = xh_cell_get_field (cell);
  g_auto (XhValue) before = XH_VALUE_INIT;
  g_autoptr (GError) error = NULL;

  if (editor == NULL)
    return;
  xh_value_copy (xh_form_cell_get (cell), &before);
  if (!xh_form_set (editor->form, field->name, value, &error))
    {
      g_debug ("%s is not set: %s", field->name, error->message);
      xh_cell_emit_changed (cell);
      return;
    }
  if (!xh_value_equal (&before, xh_form_cell_get (cell)))
    remember (editor, field, &before, xh_form_cell_get (cell));
  g_signal_emit (editor, signals[EDITED], 0, field->name);
}

static void
xh_form_cell_set_invalid (XhCell *cell, const char *typed, const char *message)
{
  XhRecordEditor *editor = XH_FORM_CELL (cell)->editor;

  g_auto (XhValue) before = XH_VALUE_INIT;

  if (editor == NULL)
    return;
  xh_value_copy (xh_form_cell_get (cell), &before);
  xh_form_set_invalid (editor->form, get_name (cell), typed, message);
  if (!xh_value_is_null (&before))
    remember (editor, xh_cell_get_field (cell), &before, &nothing);
  g_signal_emit (editor, signals[EDITED], 0, get_name (cell));
}

static const char *
xh_form_cell_get_issue (XhCell *cell, XhIssueSeverity *severity)
{
  XhRecordEditor *editor = XH_FORM_CELL (cell)->editor;
  const XhIssue *issue = editor != NULL ? find_issue (editor, get_name (cell)) : NULL;

  if (issue == NULL)
    return NULL;
  if (severity != NULL)
    *severity = issue->severity;
  return issue->message;
}

static const char *
xh_form_cell_get_part_issue (XhCell *cell, const char *part, XhIssueSeverity *severity)
{
  XhRecordEditor *editor = XH_FORM_CELL (cell)->editor;
  g_autofree char *path = g_strconcat (get_name (cell), "/", part, NULL);
  const char *message = editor != NULL ? g_hash_table_lookup (editor->invalids, path) : NULL;
  const XhIssue *issue;

  if (severity != NULL)
    *severity = XH_ISSUE_ERROR;
  if (message != NULL || editor == NULL)
    return message;
  issue = find_issue (editor, path);
  if (issue != NULL && severity != NULL)
    *severity = issue->severity;
  return issue != NULL ? issue->message : NULL;
}

static void
xh_form_cell_set_part_invalid (XhCell *cell, const char *part, const char *message)
{
  XhRecordEditor *editor = XH_FORM_CELL (cell)->editor;
  char *path;

  if (editor == NULL)
    return;
  path = g_strconcat (get_name (cell), "/", part, NULL);
  if (message == NULL)
    {
      g_hash_table_remove (editor->invalids, path);
      g_free (path);
      return;
    }
  g_hash_table_replace (editor->invalids, path, g_strdup (message));
  xh_cell_emit_changed (cell);
  g_signal_emit (editor, signals[EDITED], 0, get_name (cell));
}

static gboolean
xh_form_cell_is_relevant (XhCell *cell)
{
  XhRecordEditor *editor = XH_FORM_CELL (cell)->editor;

  return editor != NULL && xh_form_is_relevant (editor->form, get_name (cell));
}

static gboolean
xh_form_cell_is_required (XhCell *cell)
{
  XhRecordEditor *editor = XH_FORM_CELL (cell)->editor;

  return editor != NULL && xh_form_is_required (editor->form, get_name (cell));
}

static gboolean
xh_form_cell_is_editable (XhCell *cell)
{
  XhRecordEditor *editor = XH_FORM_CELL (cell)->editor;

  return editor != NULL && xh_form_is_editable (editor->form, get_name (cell));
}

static void
xh_form_cell_break_undo (XhCell *cell)
{
  XhRecordEditor *editor = XH_FORM_CELL (cell)->editor;

  if (editor != NULL)
    editor->broken = TRUE;
}

static void
xh_form_cell_class_init (XhFormCellClass *klass)
{
  XhCellClass *cell_class = XH_CELL_CLASS (klass);

  cell_class->get = xh_form_cell_get;
  cell_class->set = xh_form_cell_set;
  cell_class->set_invalid = xh_form_cell_set_invalid;
  cell_class->get_issue = xh_form_cell_get_issue;
  cell_class->get_part_issue = xh_form_cell_get_part_issue;
  cell_class->set_part_invalid = xh_form_cell_set_part_invalid;
  cell_class->is_relevant = xh_form_cell_is_relevant;
  cell_class->is_required = xh_form_cell_is_required;
  cell_class->is_editable = xh_form_cell_is_editable;
  cell_class->break_undo = xh_form_cell_break_undo;
}

static void
xh_form_cell_init (XhFormCell *self)
{
}

/* --- the editor */

static void
form_changed_cb (XhForm *form, const char *name, XhRecordEditor *self)
{
  XhCell *cell = g_hash_table_lookup (self->cells, name);

  if (cell != NULL)
    xh_cell_emit_changed (cell);
}

static gboolean
apply_step (XhRecordEditor *self, const Step *step, const XhValue *value)
{
  XhCell *cell = xh_record_editor_get_cell (self, step->field);

  xh_cell_forget_typed (cell);
  drop_invalids (self, step->field);
  if (!xh_form_set (self->form, step->field->name, value, NULL))
    return FALSE;
  self->broken = TRUE;
  xh_cell_emit_changed (cell);
  notify_steps (self);
  g_signal_emit (self, signals[EDITED], 0, step->field->name);
  g_signal_emit (self, signals[UNDONE], 0, step->field->name);
  return TRUE;
}

static void
xh_record_editor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  XhRecordEditor *self = XH_RECORD_EDITOR (object);

  switch (id)
    {
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, self->done > 0);
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, self->done < self->steps->len);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
xh_record_editor_finalize (GObject *object)
{
  XhRecordEditor *self = XH_RECORD_EDITOR (object);
  GHashTableIter iter;
  gpointer cell;

  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, NULL, &cell))
    XH_FORM_CELL (cell)->editor = NULL;
  g_hash_table_unref (self->cells);
  g_hash_table_unref (self->invalids);
  g_ptr_array_unref (self->steps);
  g_clear_object (&self->form);
  g_free (self->role);

  G_OBJECT_CLASS (xh_record_editor_parent_class)->finalize (object);
}

static void
xh_record_editor_class_init (XhRecordEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = xh_record_editor_get_property;
  object_class->finalize = xh_record_editor_finalize;
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[EDITED] = g_signal_new ("edited", XH_TYPE_RECORD_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
  signals[UNDONE] = g_signal_new ("undone", XH_TYPE_RECORD_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
xh_record_editor_init (XhRecordEditor *self)
{
  self->cells = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->invalids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->steps = g_ptr_array_new_with_free_func (step_free);
}

XhRecordEditor *
xh_record_editor_new (XhForm *form, const char *role)
{
  XhRecordEditor *self = g_object_new (XH_TYPE_RECORD_EDITOR, NULL);

  self->form = g_object_ref (form);
  self->role = g_strdup (role);
  g_signal_connect_object (form, "changed", G_CALLBACK (form_changed_cb), self, 0);
  return self;
}

XhForm *
xh_record_editor_get_form (XhRecordEditor *self)
{
  return self->form;
}

/* An explanation is told by the score, not as text. */
gboolean
xh_record_editor_shows (XhRecordEditor *self, const XhField *field)
{
  if (field->scored && (field->type == XH_FIELD_LONG_TEXT || field->type == XH_FIELD_TABLE))
    return FALSE;
  return self->role == NULL || xh_kind_may (field->kind, field->read_roles, self->role);
}

XhCell *
xh_record_editor_get_cell (XhRecordEditor *self, const XhField *field)
{
  XhFormCell *cell = g_hash_table_lookup (self->cells, field->name);

  if (cell != NULL)
    return XH_CELL (cell);
  cell = g_object_new (XH_TYPE_FORM_CELL, NULL);
  cell->editor = self;
  xh_cell_set_field (XH_CELL (cell), field);
  g_hash_table_insert (self->cells, field->name, cell);
  return XH_CELL (cell);
}

void
xh_record_editor_reset (XhRecordEditor *self)
{
  GHashTableIter iter;
  gpointer cell;

  g_ptr_array_set_size (self->steps, 0);
  g_hash_table_remove_all (self->invalids);
  self->done = 0;
  notify_steps (self);
  g_hash_table_iter_init (&iter, self->cells);
  while (g_hash_table_iter_next (&iter, NULL, &cell))
    {
      xh_cell_forget_typed (cell);
      xh_cell_emit_changed (cell);
    }
}

guint
xh_record_editor_fill (XhRecordEditor *self, const XhField *const *fields, const XhValue *const *values, guint n)
{
  guint taken = 0;

  for (guint i = 0; i < n; i++)
    {
      XhCell *cell = xh_record_editor_get_cell (self, fields[i]);
      const guint steps = self->steps->len;

      self->broken = TRUE;
      xh_cell_forget_typed (cell);
      xh_form_cell_set (cell, values[i]);
      if (self->steps->len == steps)
        continue;
      ((Step *) g_ptr_array_index (self->steps, steps))->joined = taken > 0;
      taken++;
    }
  self->broken = TRUE;
  return taken;
}

gboolean
xh_record_editor_undo (XhRecordEditor *self)
{
  const Step *step;
  gboolean undone;

  if (self->done == 0)
    return FALSE;
  do
    {
      step = g_ptr_array_index (self->steps, --self->done);
      undone = apply_step (self, step, &step->before);
    }
  while (step->joined && self->done > 0);
  return undone;
}

gboolean
xh_record_editor_redo (XhRecordEditor *self)
{
  const Step *step;
  gboolean redone;

  if (self->done == self->steps->len)
    return FALSE;
  do
    {
      step = g_ptr_array_index (self->steps, self->done++);
      redone = apply_step (self, step, &step->after);
    }
  while (self->done < self->steps->len && ((const Step *) g_ptr_array_index (self->steps, self->done))->joined);
  return redone;
}

guint
xh_record_editor_count_issues (XhRecordEditor *self, gboolean missing)
{
  guint n = xh_form_count_issues (self->form, XH_ISSUE_ERROR) + g_hash_table_size (self->invalids);

  return missing ? n + xh_form_count_issues (self->form, XH_ISSUE_MISSING) : n;
}

/* The number of the row that "members/ROW/column" names by its id. */
static char *
number_path (XhRecordEditor *self, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", 3);
  const XhValue *value = xh_form_get (self->form, parts[0]);
  g_autoptr (JsonArray) rows = xh_table_read_rows (value != NULL ? value : &nothing);

  return g_strdup_printf ("%s/%d/%s", parts[0], xh_table_find_row (rows, parts[1]), parts[2]);
}

char *
xh_record_editor_first_issue (XhRecordEditor *self)
{
  GPtrArray *issues = xh_form_get_issues (self->form);
  GHashTableIter iter;
  gpointer path;

  for (int severity = XH_ISSUE_ERROR; severity <= XH_ISSUE_MISSING; severity++)
    {
      for (guint i = 0; i < issues->len; i++)
        {
          const XhIssue *issue = g_ptr_array_index (issues, i);

          if (issue->severity == severity && issue->field != NULL)
            return g_strdup (issue->field);
        }
      g_hash_table_iter_init (&iter, self->invalids);
      if (severity == XH_ISSUE_ERROR && g_hash_table_iter_next (&iter, &path, NULL))
        return number_path (self, path);
    }
  return NULL;
}
