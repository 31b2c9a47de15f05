/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-filter-chip.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-division-picker.h"
#include "model/xh-form.h"

#define SEARCHED_FROM 15 /* a longer list of choices gets a search entry */

typedef enum
{
  BY_CHOICE,   /* state, choice, choices, unit, boolean: any of the ticked */
  BY_DIVISION, /* a division and all below it */
  BY_RANGE,    /* date, number: from and to */
} Mode;

struct _XhFilterChip
{
  AdwBin parent_instance;

  XhSession *session;         /* (not owned) outlives the page */
  const XhKind *kind;
  const XhField *field;       /* (nullable) NULL: the state */
  char *name;                 /* (owned) */
  Mode mode;

  GtkMenuButton *button;
  GtkPopover *popover;
  GPtrArray *checks;          /* (not owned elements) of GtkCheckButton with "code" and "text" */
  GtkListBox *check_list;     /* (nullable) */
  GtkSearchEntry *check_search; /* (nullable) */
  XhDivisionPicker *picker;   /* (nullable) */
  char *division;             /* (owned) (nullable) */
  GtkEditable *from, *to;     /* (nullable) */
  GtkLabel *fault;            /* (nullable) */
  GtkButton *clear;
  gboolean quiet;             /* being loaded: no ::changed */
};

G_DEFINE_FINAL_TYPE (XhFilterChip, xh_filter_chip, ADW_TYPE_BIN)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
label_text (XhFilterChip *self)
{
  return self->field != NULL ? xh_label_get (&self->field->label) : _("State");
}

static const char *
check_code (GtkCheckButton *check)
{
  return g_object_get_data (G_OBJECT (check), "code");
}

static const char *
check_text (GtkCheckButton *check)
{
  return g_object_get_data (G_OBJECT (check), "text");
}

static const char *
entry_text (GtkEditable *entry)
{
  return entry != NULL ? gtk_editable_get_text (entry) : "";
}

/* What is chosen, in words; NULL: nothing. */
static char *
describe (XhFilterChip *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;

  if (self->mode == BY_DIVISION)
    {
      const XhDivision *division = self->division != NULL
        ? xh_divisions_find (xh_catalog_get_divisions (self->kind->catalog), self->division) : NULL;

      return division != NULL ? g_strdup (division->short_name != NULL ? division->short_name : division->name) : NULL;
    }

  if (self->mode == BY_RANGE)
    {
      const char *from = entry_text (self->from), *to = entry_text (self->to);

      if (*from == '\0' && *to == '\0')
        return NULL;
      return g_str_equal (from, to) ? g_strdup (from) : g_strdup_printf ("%s – %s", from, to);
    }

  for (guint i = 0; i < self->checks->len; i++)
    {
      GtkCheckButton *check = g_ptr_array_index (self->checks, i);

      if (!gtk_check_button_get_active (check))
        continue;
      if (n++ < 2)
        g_string_append_printf (text, "%s%s", text->len > 0 ? _(", ") : "", check_text (check));
    }
  if (n > 2)
    g_string_append_printf (text, " +%u", n - 2);

  return n > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static void
update_label (XhFilterChip *self)
{
  g_autofree char *chosen = describe (self);
  g_autofree char *text = chosen != NULL ? g_strdup_printf (_("%s: %s"), label_text (self), chosen)
                                         : g_strdup (label_text (self));
  g_autofree char *name = g_strdup_printf (_("Filter %s"), text);

  gtk_menu_button_set_label (self->button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->clear), chosen != NULL);
  if (chosen != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "active");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "active");
}

static void
tell (XhFilterChip *self)
{
  update_label (self);
  if (!self->quiet)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
forget_choice (XhFilterChip *self)
{
  for (guint i = 0; i < self->checks->len; i++)
    gtk_check_button_set_active (g_ptr_array_index (self->checks, i), FALSE);
  g_clear_pointer (&self->division, g_free);
  if (self->from != NULL)
    {
      gtk_editable_set_text (self->from, "");
      gtk_editable_set_text (self->to, "");
    }
}

static void
clear_cb (GtkButton *button, XhFilterChip *self)
{
  self->quiet = TRUE;
  forget_choice (self);
  self->quiet = FALSE;
  tell (self);
  gtk_popover_popdown (self->popover);
}

/* --- any of the ticked --- */

static void
toggled_cb (GtkCheckButton *check, GParamSpec *pspec, XhFilterChip *self)
{
  tell (self);
}

static void
add_check (XhFilterChip *self, const char *code, const char *text)
{
  GtkWidget *check = gtk_check_button_new_with_label (text);
  GtkWidget *row = gtk_list_box_row_new ();

  g_object_set_data_full (G_OBJECT (check), "code", g_strdup (code), g_free);
  g_object_set_data_full (G_OBJECT (check), "text", g_strdup (text), g_free);
  g_signal_connect_object (check, "notify::active", G_CALLBACK (toggled_cb), self, 0);
  g_object_set (row, "child", check, "activatable", FALSE, "focusable", FALSE, "selectable", FALSE, NULL);
  gtk_list_box_append (self->check_list, row);
  g_ptr_array_add (self->checks, check);
}

static void
add_units (XhFilterChip *self)
{
  GPtrArray *units = xh_units_get_all (xh_catalog_get_units (self->kind->catalog));

  for (guint i = 0; i < units->len; i++)
    {
      const XhUnit *unit = g_ptr_array_index (units, i);

      add_check (self, unit->code, unit->name);
    }
}

static void
add_checks (XhFilterChip *self)
{
  if (self->field == NULL)
    for (guint i = 0; i < self->kind->states->len; i++)
      {
        const XhState *state = g_ptr_array_index (self->kind->states, i);

        add_check (self, state->name, xh_label_get (&state->label));
      }
  else if (self->field->type == XH_FIELD_BOOLEAN)
    {
      add_check (self, "1", _("Yes"));
      add_check (self, "0", _("No"));
    }
  else if (self->field->type == XH_FIELD_UNIT)
    add_units (self);
  else
    for (guint i = 0; i < self->field->choices->len; i++)
      {
        const XhChoice *choice = g_ptr_array_index (self->field->choices, i);

        add_check (self, choice->code, xh_label_get (&choice->label));
      }
}

static gboolean
check_filter_func (GtkListBoxRow *row, gpointer data)
{
  XhFilterChip *self = data;
  GtkCheckButton *check = GTK_CHECK_BUTTON (gtk_list_box_row_get_child (row));
  const char *text = entry_text (GTK_EDITABLE (self->check_search));

  return *text == '\0' || gtk_check_button_get_active (check) || strstr (check_text (check), text) != NULL;
}

static GtkWidget *
build_checks (XhFilterChip *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->check_list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->check_list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->check_list), "check-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check_list), GTK_ACCESSIBLE_PROPERTY_LABEL, label_text (self), -1);
  add_checks (self);

  if (self->checks->len >= SEARCHED_FROM)
    {
      self->check_search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->check_search), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search"), -1);
      g_signal_connect_object (self->check_search, "search-changed", G_CALLBACK (gtk_list_box_invalidate_filter),
                               self->check_list, G_CONNECT_SWAPPED);
      gtk_list_box_set_filter_func (self->check_list, check_filter_func, self, NULL);
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->check_search));
    }

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 340);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->check_list));
  gtk_box_append (GTK_BOX (box), scroller);

  return box;
}

/* --- a division --- */

static void
picked_cb (XhDivisionPicker *picker, const char *code, XhFilterChip *self)
{
  g_free (self->division);
  self->division = g_strdup (code);
  tell (self);
  gtk_popover_popdown (self->popover);
}

static GtkWidget *
build_division (XhFilterChip *self)
{
  GtkWidget *picker = xh_division_picker_new (xh_catalog_get_divisions (self->kind->catalog),
                                              xh_session_get_profile (self->session)->division);

  self->picker = XH_DIVISION_PICKER (picker);
  g_signal_connect_object (picker, "picked", G_CALLBACK (picked_cb), self, 0);

  return picker;
}

/* --- from and to --- */

static gboolean
parse_bound (XhFilterChip *self, GtkEditable *entry, XhValue *value)
{
  const char *text = entry_text (entry);
  g_autoptr (GError) error = NULL;
  gboolean right = *text == '\0' || xh_field_parse (self->field, text, value, &error);

  if (right)
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  else
    {
      gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
      gtk_label_set_text (self->fault, error->message);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->fault), !right);

  return right;
}

static void
range_cb (GtkEditable *entry, XhFilterChip *self)
{
  g_auto (XhValue) from = XH_VALUE_INIT, to = XH_VALUE_INIT;

  if (parse_bound (self, self->from, &from) && parse_bound (self, self->to, &to))
    tell (self);
}

static GtkEditable *
add_bound (XhFilterChip *self, GtkGrid *grid, int row, const char *title)
{
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *entry = gtk_entry_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), entry);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), self->field->type == XH_FIELD_DATE ? "2026-11-22" : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect_object (entry, "activate", G_CALLBACK (range_cb), self, 0);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, entry, 1, row, 1, 1);

  return GTK_EDITABLE (entry);
}

static void
apply_cb (GtkButton *button, XhFilterChip *self)
{
  range_cb (NULL, self);
  if (!gtk_widget_get_visible (GTK_WIDGET (self->fault)))
    gtk_popover_popdown (self->popover);
}

static GtkWidget *
build_range (XhFilterChip *self)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *apply = gtk_button_new_with_mnemonic (_("_Apply"));

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  self->from = add_bound (self, GTK_GRID (grid), 0, _("From"));
  self->to = add_bound (self, GTK_GRID (grid), 1, _("To"));
  self->fault = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->fault, TRUE);
  gtk_label_set_max_width_chars (self->fault, 24);
  gtk_widget_add_css_class (GTK_WIDGET (self->fault), "error");
  gtk_widget_set_visible (GTK_WIDGET (self->fault), FALSE);
  gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (self->fault), 0, 2, 2, 1);
  gtk_widget_add_css_class (apply, "suggested-action");
  g_signal_connect_object (apply, "clicked", G_CALLBACK (apply_cb), self, 0);
  gtk_grid_attach (GTK_GRID (grid), apply, 0, 3, 2, 1);

  return grid;
}

/* --- object --- */

static void
build (XhFilterChip *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->clear = GTK_BUTTON (gtk_button_new_with_label (_("Show all")));
  gtk_widget_add_css_class (GTK_WIDGET (self->clear), "flat");
  g_signal_connect_object (self->clear, "clicked", G_CALLBACK (clear_cb), self, 0);

  gtk_widget_add_css_class (box, "chip-popover");
  gtk_box_append (GTK_BOX (box), self->mode == BY_CHOICE     ? build_checks (self)
                                 : self->mode == BY_DIVISION ? build_division (self)
                                                             : build_range (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->clear));
  self->popover = GTK_POPOVER (gtk_popover_new ());
  gtk_popover_set_child (self->popover, box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->popover), GTK_ACCESSIBLE_PROPERTY_LABEL, label_text (self), -1);
  gtk_menu_button_set_popover (self->button, GTK_WIDGET (self->popover));
}

static void
xh_filter_chip_finalize (GObject *object)
{
  XhFilterChip *self = XH_FILTER_CHIP (object);

  g_ptr_array_unref (self->checks);
  g_free (self->name);
  g_free (self->division);

  G_OBJECT_CLASS (xh_filter_chip_parent_class)->finalize (object);
}

static void
xh_filter_chip_class_init (XhFilterChipClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xh_filter_chip_finalize;

  signals[CHANGED] = g_signal_new ("changed", XH_TYPE_FILTER_CHIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
xh_filter_chip_init (XhFilterChip *self)
{
  self->checks = g_ptr_array_new ();
  self->button = g_object_new (GTK_TYPE_MENU_BUTTON, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "filter-chip");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
}

static Mode
mode_of (const XhField *field)
{
  if (field == NULL)
    return BY_CHOICE;

  switch (field->type)
    {
    case XH_FIELD_DIVISION:
      return BY_DIVISION;
    case XH_FIELD_DATE:
    case XH_FIELD_INTEGER:
    case XH_FIELD_DECIMAL:
    case XH_FIELD_MONEY:
      return BY_RANGE;
    default:
      return BY_CHOICE;
    }
}

gboolean
xh_filter_chip_fits (const XhField *field)
{
  switch (field->type)
    {
    case XH_FIELD_DIVISION:
    case XH_FIELD_DATE:
    case XH_FIELD_INTEGER:
    case XH_FIELD_DECIMAL:
    case XH_FIELD_MONEY:
    case XH_FIELD_BOOLEAN:
    case XH_FIELD_UNIT:
      return TRUE;
    case XH_FIELD_CHOICE:
    case XH_FIELD_CHOICES:
      return field->choices != NULL;
    default:
      return FALSE;
    }
}

GtkWidget *
xh_filter_chip_new (XhSession *session, const XhKind *kind, const char *name)
{
  XhFilterChip *self = g_object_new (XH_TYPE_FILTER_CHIP, NULL);

  self->session = session;
  self->kind = kind;
  self->name = g_strdup (name);
  self->field = g_str_equal (name, "state") ? NULL : xh_kind_find_field (kind, name);
  self->mode = mode_of (self->field);
  build (self);
  update_label (self);

  return GTK_WIDGET (self);
}

static void
load_filter (XhFilterChip *self, XhQueryOp op, const XhValue *a, const XhValue *b)
{
  if (self->mode == BY_DIVISION && a != NULL)
    {
      g_free (self->division);
      self->division = g_strdup (xh_value_as_text (a));
      xh_division_picker_select (self->picker, self->division);
    }
  else if (self->mode == BY_RANGE)
    {
      g_autofree char *from = a != NULL && !xh_value_is_null (a) ? xh_field_format (self->field, a, FALSE) : NULL;
      g_autofree char *to = b != NULL && !xh_value_is_null (b) ? xh_field_format (self->field, b, FALSE) : NULL;

      gtk_editable_set_text (self->from, from != NULL ? from : "");
      gtk_editable_set_text (self->to, op == XH_QUERY_IS && from != NULL ? from : to != NULL ? to : "");
    }
  else if (self->mode == BY_CHOICE && a != NULL)
    for (guint i = 0; i < self->checks->len; i++)
      {
        GtkCheckButton *check = g_ptr_array_index (self->checks, i);
        g_autofree char *number = a->type == XH_VALUE_INTEGER ? g_strdup_printf ("%" G_GINT64_FORMAT, a->integer) : NULL;

        if (g_strcmp0 (check_code (check), number != NULL ? number : xh_value_as_text (a)) == 0)
          gtk_check_button_set_active (check, TRUE);
      }
}

void
xh_filter_chip_load (XhFilterChip *self, const XhQuery *query)
{
  g_return_if_fail (XH_IS_FILTER_CHIP (self));

  self->quiet = TRUE;
  forget_choice (self);
  for (guint i = 0; i < xh_query_get_n_filters (query); i++)
    {
      XhQueryOp op;
      const XhValue *a, *b;

      if (g_str_equal (xh_query_get_filter (query, i, &op, &a, &b), self->name))
        load_filter (self, op, a, b);
    }
  update_label (self);
  self->quiet = FALSE;
}

static void
apply_checks (XhFilterChip *self, XhQuery *query)
{
  for (guint i = 0; i < self->checks->len; i++)
    {
      GtkCheckButton *check = g_ptr_array_index (self->checks, i);
      g_auto (XhValue) value = XH_VALUE_INIT;

      if (!gtk_check_button_get_active (check))
        continue;
      if (self->field != NULL && self->field->type == XH_FIELD_BOOLEAN)
        xh_value_set_integer (&value, g_str_equal (check_code (check), "1"));
      else
        xh_value_set_text (&value, check_code (check));
      xh_query_filter (query, self->name, self->field != NULL && self->field->type == XH_FIELD_CHOICES ? XH_QUERY_IN : XH_QUERY_IS,
                       &value, NULL);
    }
}

void
xh_filter_chip_apply (XhFilterChip *self, XhQuery *query)
{
  g_return_if_fail (XH_IS_FILTER_CHIP (self));

  xh_query_unfilter (query, self->name);
  if (!xh_filter_chip_is_active (self))
    return;

  if (self->mode == BY_CHOICE)
    apply_checks (self, query);
  else if (self->mode == BY_DIVISION)
    {
      g_auto (XhValue) value = XH_VALUE_INIT;

      xh_value_set_text (&value, self->division);
      xh_query_filter (query, self->name, XH_QUERY_UNDER, &value, NULL);
    }
  else
    {
      g_auto (XhValue) from = XH_VALUE_INIT, to = XH_VALUE_INIT;

      if (parse_bound (self, self->from, &from) && parse_bound (self, self->to, &to))
        xh_query_filter (query, self->name, XH_QUERY_BETWEEN, &from, &to);
    }
}

gboolean
xh_filter_chip_is_active (XhFilterChip *self)
{
  g_autofree char *chosen = NULL;

  g_return_val_if_fail (XH_IS_FILTER_CHIP (self), FALSE);

  chosen = describe (self);

  return chosen != NULL;
}
