/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-choice-row.h"

#include <glib/gi18n-lib.h>

#include "model/xh-catalog.h"
#include "xh-code-drop-down.h"

struct _XhChoiceRow
{
  XhFieldRow parent_instance;

  XhCodeDropDown *list;
};

G_DEFINE_FINAL_TYPE (XhChoiceRow, xh_choice_row, XH_TYPE_FIELD_ROW)

static char *
read_code (XhFieldRow *row)
{
  const XhValue *value = xh_cell_get (xh_field_row_get_cell (row));

  if (xh_value_is_null (value))
    return NULL;
  if (xh_field_row_get_field (row)->type == XH_FIELD_BOOLEAN)
    return g_strdup (xh_value_as_integer (value) != 0 ? "1" : "0");
  return g_strdup (xh_value_as_text (value));
}

static void
append_units (XhChoiceRow *self, const XhField *field)
{
  GPtrArray *units = xh_units_get_all (xh_catalog_get_units (field->kind->catalog));

  for (guint i = 0; i < units->len; i++)
    {
      const XhUnit *unit = g_ptr_array_index (units, i);

      xh_code_drop_down_append (self->list, unit->code, unit->name);
    }
}

static void
append_choices (XhChoiceRow *self, const XhField *field)
{
  for (guint i = 0; field->choices != NULL && i < field->choices->len; i++)
    {
      const XhChoice *choice = g_ptr_array_index (field->choices, i);

      if (xh_choice_is_current (choice))
        xh_code_drop_down_append (self->list, choice->code, xh_label_get (&choice->label));
    }
}

/* @extra: (nullable) a code that may not be chosen any more, but stands in the record */
static void
fill (XhChoiceRow *self, const char *extra)
{
  const XhField *field = xh_field_row_get_field (XH_FIELD_ROW (self));

  xh_code_drop_down_clear (self->list, _ ("Not chosen"));
  if (field->type == XH_FIELD_UNIT)
    append_units (self, field);
  else if (field->type == XH_FIELD_BOOLEAN)
    {
      xh_code_drop_down_append (self->list, "1", _ ("Yes"));
      xh_code_drop_down_append (self->list, "0", _ ("No"));
    }
  else
    append_choices (self, field);
  if (extra != NULL)
    {
      const XhValue value = { .type = XH_VALUE_TEXT, { .text = (char *) extra } };
      g_autofree char *label = xh_field_format (field, &value, FALSE);

      xh_code_drop_down_append (self->list, extra, label);
    }
  xh_code_drop_down_close (self->list);
}

static void
xh_choice_row_load (XhFieldRow *row)
{
  XhChoiceRow *self = XH_CHOICE_ROW (row);
  g_autofree char *code = read_code (row);

  if (xh_code_drop_down_set_code (self->list, code))
    return;
  fill (self, code);
  xh_code_drop_down_set_code (self->list, code);
}

static void
chosen_cb (XhChoiceRow *self)
{
  XhFieldRow *row = XH_FIELD_ROW (self);
  const char *code = xh_code_drop_down_get_code (self->list);
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (code != NULL && xh_field_row_get_field (row)->type == XH_FIELD_BOOLEAN)
    xh_value_set_integer (&value, code[0] == '1');
  else if (code != NULL)
    xh_value_set_text (&value, code);
  xh_cell_break_undo (xh_field_row_get_cell (row));
  xh_field_row_set_value (row, &value);
}

static void
xh_choice_row_build (XhFieldRow *row)
{
  XhChoiceRow *self = XH_CHOICE_ROW (row);

  self->list = XH_CODE_DROP_DOWN (xh_code_drop_down_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->list), TRUE);
  xh_field_row_set_editor (row, GTK_WIDGET (self->list), xh_code_drop_down_get_inner (self->list), FALSE);
  xh_code_drop_down_set_name (self->list, xh_label_get (&xh_field_row_get_field (row)->label));
  fill (self, NULL);
  g_signal_connect_swapped (self->list, "chosen", G_CALLBACK (chosen_cb), self);
}

static void
xh_choice_row_class_init (XhChoiceRowClass *klass)
{
  XH_FIELD_ROW_CLASS (klass)->build = xh_choice_row_build;
  XH_FIELD_ROW_CLASS (klass)->load = xh_choice_row_load;
}

static void
xh_choice_row_init (XhChoiceRow *self)
{
}
