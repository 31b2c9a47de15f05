/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-import-view.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  XhImportPlan *plan;
  GPtrArray *fields;    /* (owned) of XhField, in the order of the menu */
  GPtrArray *drop_downs;/* (owned) (not owned elements) (nullable elements), one a column */
  AdwPreferencesGroup *group;
  gboolean filling;
} Columns;

static void
columns_free (Columns *self)
{
  g_ptr_array_unref (self->fields);
  g_ptr_array_unref (self->drop_downs);
  g_free (self);
}

static guint
place_of (Columns *self, const XhField *field)
{
  guint place;

  return field != NULL && g_ptr_array_find (self->fields, field, &place) ? place + 1 : 0;
}

static void
describe (Columns *self)
{
  GPtrArray *columns = xh_import_plan_get_columns (self->plan);
  guint matched = 0, left = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < columns->len; i++)
    {
      const XhImportColumn *column = g_ptr_array_index (columns, i);

      matched += column->use == XH_IMPORT_FIELD;
      left += column->use == XH_IMPORT_NONE && *column->title != '\0';
    }
  text = g_strdup_printf (_("%u columns fit, %u stay out. Any of them can be changed."), matched, left);
  adw_preferences_group_set_description (self->group, text);
}

static void
show_all (Columns *self)
{
  GPtrArray *columns = xh_import_plan_get_columns (self->plan);

  self->filling = TRUE;
  for (guint i = 0; i < columns->len; i++)
    if (self->drop_downs->pdata[i] != NULL)
      gtk_drop_down_set_selected (self->drop_downs->pdata[i], place_of (self, ((XhImportColumn *) columns->pdata[i])->field));
  self->filling = FALSE;
  describe (self);
}

static void
selected_cb (GtkDropDown *drop_down, GParamSpec *pspec, Columns *self)
{
  guint column, selected = gtk_drop_down_get_selected (drop_down);

  if (self->filling || selected == GTK_INVALID_LIST_POSITION || !g_ptr_array_find (self->drop_downs, drop_down, &column))
    return;
  xh_import_plan_map (self->plan, column, selected > 0 ? self->fields->pdata[selected - 1] : NULL);
  show_all (self);
}

static GtkWidget *
create_drop_down (Columns *self, const char *title)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  GtkWidget *drop_down;

  gtk_string_list_append (names, _("Leave out"));
  for (guint i = 0; i < self->fields->len; i++)
    gtk_string_list_append (names, xh_label_get (&((XhField *) self->fields->pdata[i])->label));
  drop_down = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&names)), gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string"));
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (drop_down), TRUE);
  gtk_widget_set_valign (drop_down, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (drop_down, 220, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect (drop_down, "notify::selected", G_CALLBACK (selected_cb), self);
  return drop_down;
}

static GtkWidget *
create_row (Columns *self, const XhImportColumn *column)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *sample = column->sample != NULL ? g_strdup_printf (_("For instance: %s"), column->sample) : g_strdup (_("empty"));
  GtkWidget *drop_down;

  g_object_set (row, "use-markup", FALSE, "title-lines", 2, "subtitle-lines", 1, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), column->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), sample);
  drop_down = create_drop_down (self, column->title);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), drop_down);
  g_ptr_array_add (self->drop_downs, drop_down);
  return row;
}

/* --- what no column gives */

static void
set_constant (AdwPreferencesRow *row, XhImportPlan *plan, const XhField *field, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (xh_import_plan_constant (plan, field, text != NULL && *text != '\0' ? text : NULL, &error))
    {
      gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
      gtk_widget_set_tooltip_text (GTK_WIDGET (row), NULL);
      return;
    }
  gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), error->message);
}

static void
constant_typed_cb (AdwEntryRow *row, XhImportPlan *plan)
{
  set_constant (ADW_PREFERENCES_ROW (row), plan, g_object_get_data (G_OBJECT (row), "field"), gtk_editable_get_text (GTK_EDITABLE (row)));
}

static void
constant_chosen_cb (AdwComboRow *row, GParamSpec *pspec, XhImportPlan *plan)
{
  GtkStringObject *chosen = adw_combo_row_get_selected_item (row);
  gboolean none = adw_combo_row_get_selected (row) == 0;

  set_constant (ADW_PREFERENCES_ROW (row), plan, g_object_get_data (G_OBJECT (row), "field"), none || chosen == NULL ? NULL : gtk_string_object_get_string (chosen));
}

static GtkStringList *
list_choices (const XhField *field)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  gtk_string_list_append (list, _("Not given"));
  if (field->type == XH_FIELD_UNIT)
    {
      GPtrArray *units = xh_units_get_all (xh_catalog_get_units (field->kind->catalog));

      for (guint i = 0; i < units->len; i++)
        gtk_string_list_append (list, ((XhUnit *) units->pdata[i])->name);
    }
  for (guint i = 0; field->type == XH_FIELD_CHOICE && i < field->choices->len; i++)
    gtk_string_list_append (list, xh_label_get (&((XhChoice *) field->choices->pdata[i])->label));
  return list;
}

static GtkWidget *
create_constant (XhImportPlan *plan, XhField *field)
{
  gboolean chosen = field->type == XH_FIELD_CHOICE || field->type == XH_FIELD_UNIT;
  GtkWidget *row = chosen ? adw_combo_row_new () : adw_entry_row_new ();

  g_object_set (row, "use-markup", FALSE, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xh_label_get (&field->label));
  g_object_set_data (G_OBJECT (row), "field", field);
  if (chosen)
    {
      g_autoptr (GtkStringList) list = list_choices (field);

      adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
      g_signal_connect (row, "notify::selected", G_CALLBACK (constant_chosen_cb), plan);
    }
  else
    g_signal_connect (row, "changed", G_CALLBACK (constant_typed_cb), plan);
  return row;
}

static void
allow_cb (GtkSwitch *toggle, GParamSpec *pspec, XhImportPlan *plan)
{
  xh_import_plan_allow_missing (plan, gtk_switch_get_active (toggle));
}

static GtkWidget *
create_rest (XhImportPlan *plan)
{
  GtkWidget *group = adw_preferences_group_new (), *row = adw_action_row_new (), *toggle = gtk_switch_new ();
  g_autoptr (GPtrArray) lacking = xh_import_plan_lacking (plan);

  if (lacking->len > 0)
    {
      adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Not in the sheet"));
      adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                             _("What is given here goes into every row. Without it the records stay drafts."));
    }
  for (guint i = 0; i < lacking->len; i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), create_constant (plan, lacking->pdata[i]));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Take rows with empty required cells"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _("They come in as drafts, to be completed here."));
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  g_signal_connect (toggle, "notify::active", G_CALLBACK (allow_cb), plan);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return group;
}

GtkWidget *
xh_import_columns_new (XhImportPlan *plan, const char *role)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  GPtrArray *columns = xh_import_plan_get_columns (plan);
  const XhKind *kind = xh_import_plan_get_kind (plan);
  Columns *self = g_new0 (Columns, 1);

  self->plan = plan;
  self->fields = g_ptr_array_new ();
  self->drop_downs = g_ptr_array_new ();
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  self->filling = TRUE;
  for (guint i = 0; i < kind->fields->len; i++)
    if (xh_import_takes (kind->fields->pdata[i], role))
      g_ptr_array_add (self->fields, kind->fields->pdata[i]);
  adw_preferences_group_set_title (self->group, _("Columns of the sheet"));
  for (guint i = 0; i < columns->len; i++)
    {
      const XhImportColumn *column = g_ptr_array_index (columns, i);

      if (*column->title != '\0' && (column->use == XH_IMPORT_FIELD || column->use == XH_IMPORT_NONE))
        adw_preferences_group_add (self->group, create_row (self, column));
      else
        g_ptr_array_add (self->drop_downs, NULL);
    }
  g_object_set_data_full (G_OBJECT (box), "columns", self, (GDestroyNotify) columns_free);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->group));
  gtk_box_append (GTK_BOX (box), create_rest (plan));
  show_all (self);
  return box;
}

/* --- which sheet */

typedef struct
{
  XhImportSheetChosen chosen;
  gpointer data;
} Choice;

static void
sheet_cb (AdwComboRow *row, GParamSpec *pspec, gpointer data)
{
  const Choice *choice = data;
  GtkStringObject *item = adw_combo_row_get_selected_item (row);

  if (item != NULL)
    choice->chosen (gtk_string_object_get_string (item), choice->data);
}

static void
choice_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

GtkWidget *
xh_import_sheets_new (XhImportPlan *plan, XhImportSheetChosen chosen, gpointer data)
{
  const char *const *sheets = xh_import_plan_get_sheets (plan);
  g_autoptr (GtkStringList) list = gtk_string_list_new (sheets);
  GtkWidget *group, *row;
  Choice *choice;

  if (g_list_model_get_n_items (G_LIST_MODEL (list)) < 2)
    return NULL;
  group = adw_preferences_group_new ();
  row = adw_combo_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Sheet"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _("The file has several; one is imported at a time."));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  for (guint i = 0; sheets[i] != NULL; i++)
    if (g_strcmp0 (sheets[i], xh_import_plan_get_sheet (plan)) == 0)
      adw_combo_row_set_selected (ADW_COMBO_ROW (row), i);
  choice = g_new (Choice, 1);
  *choice = (Choice) { chosen, data };
  g_signal_connect_data (row, "notify::selected", G_CALLBACK (sheet_cb), choice, choice_free, 0);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return group;
}
