/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app/list/xh-list-column.h"
#include "app/list/xh-list-widths.h"
#include "app/record/xh-form-view.h"
#include "app/widgets/xh-date-row.h"
#include "app/widgets/xh-field-row.h"
#include "app/widgets/xh-table-cell.h"

#include <string.h>

static XhCatalog *catalog;

/* --- a host that asks before it shows a number */

#define TEST_TYPE_HOST (test_host_get_type ())
G_DECLARE_FINAL_TYPE (TestHost, test_host, TEST, HOST, GObject)

struct _TestHost
{
  GObject parent_instance;

  gboolean saved;               /* the record is a stored one */
  GObject *row;                 /* (nullable) that asks */
  void (*shown) (GObject *row);
};

static const char *
test_host_get_scope (XhFieldHost *host)
{
  return NULL;
}

static gboolean
test_host_must_ask (XhFieldHost *host)
{
  return TEST_HOST (host)->saved;
}

static gboolean
test_host_ask_unmask (XhFieldHost *host, const XhField *field, GObject *row, void (*shown) (GObject *row))
{
  TEST_HOST (host)->row = row;
  TEST_HOST (host)->shown = shown;
  return TEST_HOST (host)->saved;
}

static void
host_iface_init (XhFieldHostInterface *iface)
{
  iface->get_scope = test_host_get_scope;
  iface->must_ask = test_host_must_ask;
  iface->ask_unmask = test_host_ask_unmask;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestHost, test_host, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (XH_TYPE_FIELD_HOST, host_iface_init))

static void
test_host_class_init (TestHostClass *klass)
{
}

static void
test_host_init (TestHost *self)
{
}

typedef struct
{
  XhForm *form;
  XhRecordEditor *editor;
  GtkWidget *window, *view;
} Desk;

static Desk
open_desk (const char *kind_name, gint64 consents)
{
  const XhKind *kind = xh_catalog_find_kind (catalog, kind_name);
  g_autoptr (XhRecord) record = xh_record_new (kind, NULL);
  XhValue *references = xh_value_array_new (kind->references->len);
  const XhReference *consent = xh_kind_find_reference (kind, "consent_count");
  Desk desk = { 0 };

  if (consent != NULL)
    xh_value_set_integer (&references[consent->index], consents);
  desk.form = xh_form_new (kind, "assessor");
  xh_form_load (desk.form, record, references, TRUE);
  xh_value_array_free (references, kind->references->len);
  desk.editor = xh_record_editor_new (desk.form, "assessor");
  desk.view = xh_form_view_new (desk.editor, NULL);
  desk.window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (desk.window), desk.view);
  return desk;
}

/* Everything goes when the window goes: no row keeps the editor, no editor the form. */
static void
close_desk (Desk *desk)
{
  g_object_add_weak_pointer (G_OBJECT (desk->view), (gpointer *) &desk->view);
  gtk_window_destroy (GTK_WINDOW (desk->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (desk->view);
  g_assert_finalize_object (desk->editor);
  g_assert_finalize_object (desk->form);
}

static GtkWidget *
find_widget (GtkWidget *root, GType type, const char *field)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type)
      && (field == NULL || g_str_equal (xh_field_row_get_field (XH_FIELD_ROW (root))->name, field)))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type, field);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
find_row (Desk *desk, const char *field)
{
  GtkWidget *row = find_widget (desk->view, XH_TYPE_FIELD_ROW, field);

  g_assert_nonnull (row);
  return row;
}

static void
type (GtkWidget *row, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (find_widget (row, GTK_TYPE_ENTRY, NULL)), text);
}

static void
test_typing_reaches_the_form (void)
{
  Desk desk = open_desk ("household", 1);

  type (find_row (&desk, "head_name"), "张三");
  g_assert_cmpstr (xh_value_as_text (xh_form_get (desk.form, "head_name")), ==, "张三");
  type (find_row (&desk, "land_contracted"), "3.5");
  g_assert_cmpfloat (xh_value_as_real (xh_form_get (desk.form, "land_contracted")), ==, 3.5);
  close_desk (&desk);
}

static void
test_a_wrong_number_is_explained_at_the_field (void)
{
  Desk desk = open_desk ("household", 1);
  GtkWidget *row = find_row (&desk, "head_id"), *entry = find_widget (row, GTK_TYPE_ENTRY, NULL);
  const char *issue;

  g_assert_false (xh_field_row_has_message (XH_FIELD_ROW (row)));
  type (row, "410421198001011234");
  g_assert_true (xh_field_row_has_message (XH_FIELD_ROW (row)));
  issue = xh_cell_get_issue (xh_field_row_get_cell (XH_FIELD_ROW (row)), NULL);
  g_assert_nonnull (strstr (issue, "5"));
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
  type (row, "410421198001011235");
  g_assert_false (xh_field_row_has_message (XH_FIELD_ROW (row)));
  close_desk (&desk);
}

/* A stored number is neither shown nor edited before it was asked for; what is typed here and what is empty is edited as ever. */
static void
test_a_stored_number_is_asked_for (void)
{
  g_autoptr (TestHost) host = g_object_new (TEST_TYPE_HOST, NULL);
  const XhKind *kind = xh_catalog_find_kind (catalog, "household");
  g_autoptr (XhRecord) record = xh_record_new (kind, NULL);
  g_auto (XhValue) number = XH_VALUE_INIT, other = XH_VALUE_INIT;
  XhForm *form = xh_form_new (kind, "assessor");
  Desk desk = { form, NULL, NULL, NULL };
  GtkWidget *row, *phone, *entry;

  xh_value_set_text (&number, "11010119800307109X");
  xh_value_set_text (&other, "110101198003071103");
  xh_record_set (record, "head_id", &number);
  xh_form_load (form, record, NULL, FALSE);
  desk.editor = xh_record_editor_new (form, "assessor");
  desk.view = xh_form_view_new (desk.editor, XH_FIELD_HOST (host));
  desk.window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (desk.window), desk.view);

  row = find_row (&desk, "head_id");
  entry = find_widget (row, GTK_TYPE_ENTRY, NULL);
  g_assert_false (xh_field_row_is_guarded (XH_FIELD_ROW (row)));
  g_assert_true (gtk_widget_get_visible (gtk_widget_get_parent (entry)));
  host->saved = TRUE;
  xh_field_row_refresh (XH_FIELD_ROW (row));
  g_assert_true (xh_field_row_is_guarded (XH_FIELD_ROW (row)));
  g_assert_false (gtk_widget_get_visible (gtk_widget_get_parent (entry)));
  g_assert_null (strstr (gtk_editable_get_text (GTK_EDITABLE (entry)), "19800307"));

  phone = find_row (&desk, "phone");
  type (phone, "13812345678");
  g_assert_false (xh_field_row_is_guarded (XH_FIELD_ROW (phone)));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_widget (row, GTK_TYPE_TOGGLE_BUTTON, NULL)), TRUE);
  g_assert_true (host->row == G_OBJECT (row));
  g_assert_true (xh_field_row_is_guarded (XH_FIELD_ROW (row)));
  host->shown (host->row);
  g_assert_false (xh_field_row_is_guarded (XH_FIELD_ROW (row)));
  g_assert_true (gtk_widget_get_visible (gtk_widget_get_parent (entry)));
  type (row, "110101198003071103");
  g_assert_true (xh_value_equal (xh_form_get (form, "head_id"), &other));
  close_desk (&desk);
}

static void
test_what_is_no_value_keeps_its_text_and_counts (void)
{
  Desk desk = open_desk ("household", 1);
  GtkWidget *row = find_row (&desk, "business_years");
  guint before = xh_record_editor_count_issues (desk.editor, FALSE);

  type (row, "twelve");
  g_assert_cmpuint (xh_record_editor_count_issues (desk.editor, FALSE), ==, before + 1);
  xh_field_row_refresh (XH_FIELD_ROW (row));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_widget (row, GTK_TYPE_ENTRY, NULL))), ==, "twelve");
  type (row, "12");
  g_assert_cmpuint (xh_record_editor_count_issues (desk.editor, FALSE), ==, before);
  close_desk (&desk);
}

static void
test_missing_values_are_told_when_asked (void)
{
  Desk desk = open_desk ("household", 1);
  GtkWidget *row = find_row (&desk, "head_name");

  g_assert_false (xh_field_row_has_message (XH_FIELD_ROW (row)));
  g_assert_cmpuint (xh_record_editor_count_issues (desk.editor, TRUE), >, 0);
  xh_form_view_reveal_issues (XH_FORM_VIEW (desk.view));
  g_assert_true (xh_field_row_has_message (XH_FIELD_ROW (row)));
  type (row, "李四");
  g_assert_false (xh_field_row_has_message (XH_FIELD_ROW (row)));
  close_desk (&desk);
}

static void
test_what_is_filled_in_at_once_goes_back_at_once (void)
{
  Desk desk = open_desk ("household", 1);
  const XhKind *kind = xh_form_get_kind (desk.form);
  const XhField *fields[] = { xh_kind_find_field (kind, "head_name"), xh_kind_find_field (kind, "group_name") };
  g_auto (XhValue) name = XH_VALUE_INIT, group = XH_VALUE_INIT;
  const XhValue *values[] = { &name, &group };

  xh_value_set_text (&name, "张三");
  xh_value_set_text (&group, "三组");
  g_assert_cmpuint (xh_record_editor_fill (desk.editor, fields, values, 2), ==, 2);
  g_assert_cmpstr (xh_value_as_text (xh_form_get (desk.form, "group_name")), ==, "三组");
  g_assert_true (xh_record_editor_undo (desk.editor));
  g_assert_true (xh_value_is_null (xh_form_get (desk.form, "head_name")));
  g_assert_true (xh_value_is_null (xh_form_get (desk.form, "group_name")));
  g_assert_true (xh_record_editor_redo (desk.editor));
  g_assert_cmpstr (xh_value_as_text (xh_form_get (desk.form, "group_name")), ==, "三组");
  g_assert_cmpuint (xh_record_editor_fill (desk.editor, fields, values, 2), ==, 0);
  close_desk (&desk);
}

static void
test_undo_goes_back_field_by_field (void)
{
  Desk desk = open_desk ("household", 1);

  type (find_row (&desk, "head_name"), "张三");
  type (find_row (&desk, "group_name"), "三组");
  g_assert_true (xh_record_editor_undo (desk.editor));
  g_assert_true (xh_value_is_null (xh_form_get (desk.form, "group_name")));
  g_assert_cmpstr (xh_value_as_text (xh_form_get (desk.form, "head_name")), ==, "张三");
  g_assert_true (xh_record_editor_undo (desk.editor));
  g_assert_true (xh_value_is_null (xh_form_get (desk.form, "head_name")));
  g_assert_false (xh_record_editor_undo (desk.editor));
  g_assert_true (xh_record_editor_redo (desk.editor));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_widget (find_row (&desk, "head_name"), GTK_TYPE_ENTRY, NULL))), ==,
                   "张三");
  close_desk (&desk);
}

static void
test_sections_without_consent_say_why (void)
{
  Desk desk = open_desk ("household", 0);
  const XhField *field = xh_kind_find_field (xh_form_get_kind (desk.form), "business_income");
  GtkWidget *row = find_row (&desk, "business_income"), *group = gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_GROUP);
  GtkWidget *reason = find_widget (group, ADW_TYPE_ACTION_ROW, NULL);

  g_assert_false (gtk_widget_get_visible (row));
  g_assert_true (gtk_widget_get_visible (reason));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (reason)), ==, xh_label_get (&field->irrelevant_reason));
  close_desk (&desk);
}

static guint
count_members (Desk *desk)
{
  g_autoptr (JsonArray) rows = xh_table_read_rows (xh_form_get (desk->form, "members"));

  return json_array_get_length (rows);
}

static void
test_a_table_gets_rows_and_undo_takes_them_back (void)
{
  Desk desk = open_desk ("household", 1);
  GtkWidget *table = find_row (&desk, "members"), *expander;

  g_assert_null (find_widget (table, ADW_TYPE_EXPANDER_ROW, NULL));
  g_signal_emit_by_name (gtk_widget_get_next_sibling (find_widget (table, GTK_TYPE_LIST_BOX, NULL)), "clicked");
  g_assert_cmpuint (count_members (&desk), ==, 1);
  expander = find_widget (table, ADW_TYPE_EXPANDER_ROW, NULL);
  /* What is still to be filled in is not called wrong before the person has left it. */
  g_assert_false (gtk_widget_has_css_class (expander, "wrong"));
  g_assert_nonnull (expander);
  type (find_widget (expander, XH_TYPE_FIELD_ROW, "name"), "王五");
  g_assert_nonnull (strstr (xh_value_as_text (xh_form_get (desk.form, "members")), "王五"));
  while (xh_record_editor_undo (desk.editor))
    ;
  g_assert_cmpuint (count_members (&desk), ==, 0);
  g_assert_null (find_widget (table, ADW_TYPE_EXPANDER_ROW, NULL));
  close_desk (&desk);
}

static void
test_every_kind_makes_a_form (void)
{
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);

  for (guint i = 0; i < kinds->len; i++)
    {
      Desk desk = open_desk (((XhKind *) g_ptr_array_index (kinds, i))->name, 1);

      close_desk (&desk);
    }
}

static void
test_dates_are_guessed (void)
{
  static const struct { const char *typed, *date; } cases[] = {
    { "2026-11-22", "2026-11-22" }, { "2026.11.2", "2026-11-02" },  { "2026年11月22日", "2026-11-22" }, { "20261122", "2026-11-22" },
    { "１１-２２", "2026-11-22" },  { "1122", "2026-11-22" },       { "2026", NULL },                   { "2026-13-01", NULL },
    { "2026-02-30", NULL },         { "1-2-3-4", NULL },            { "", NULL },                       { "soon", NULL },
  };

  g_setenv ("XINHENG_TODAY", "2026-11-22", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *date = xh_date_guess (cases[i].typed);

      g_assert_cmpstr (date, ==, cases[i].date);
    }
}

/* --- the list's columns */

static char *
shown_columns (GtkColumnView *view, int width)
{
  GListModel *columns = gtk_column_view_get_columns (view);
  GString *shown = g_string_new (NULL);

  xh_list_columns_fit (view, width);
  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      g_string_append_c (shown, gtk_column_view_column_get_visible (column) ? 'x' : '-');
    }
  return g_string_free (shown, FALSE);
}

static void
test_a_narrow_list_keeps_name_and_state (void)
{
  GtkWidget *view = g_object_ref_sink (gtk_column_view_new (NULL));
  g_autofree char *narrow = NULL, *small = NULL, *wide = NULL;

  xh_list_columns_add (GTK_COLUMN_VIEW (view), xh_catalog_find_kind (catalog, "penalty"), NULL);
  small = shown_columns (GTK_COLUMN_VIEW (view), 660);
  narrow = shown_columns (GTK_COLUMN_VIEW (view), 300);
  wide = shown_columns (GTK_COLUMN_VIEW (view), 1038);
  g_assert_cmpstr (small, ==, "xxx--x");
  g_assert_cmpstr (narrow, ==, "xx---x");
  g_assert_cmpstr (wide, ==, "xxxxxx");
  g_object_unref (view);
}

static char *
shared (int width, int name, int unit, int state)
{
  XhListWidth widths[] = { { name, TRUE, TRUE, 0 }, { unit, TRUE, FALSE, 0 }, { state, FALSE, TRUE, 0 } };

  xh_list_widths_share (widths, G_N_ELEMENTS (widths), width);
  return g_strdup_printf ("%d %d %d", widths[0].given, widths[1].given, widths[2].given);
}

static void
test_columns_get_what_their_words_need (void)
{
  static const struct { int width, name, unit, state; const char *given; } cases[] = {
    { 600, 200, 100, 100, "300 200 100" }, /* what is left goes to those that grow */
    { 500, 300, 120, 100, "280 120 100" }, /* the longest gives way */
    { 300, 300, 120, 100, "200 0 100" },   /* the one between is left out */
    { 0, 300, 120, 100, "1 0 1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *given = shared (cases[i].width, cases[i].name, cases[i].unit, cases[i].state);

      g_assert_cmpstr (given, ==, cases[i].given);
    }
}

static void
test_a_heading_names_the_unit (void)
{
  const XhKind *penalty = xh_catalog_find_kind (catalog, "penalty");
  g_autofree char *fine = xh_field_heading (xh_kind_find_field (penalty, "fine"));
  g_autofree char *day = xh_field_heading (xh_kind_find_field (penalty, "decided_on"));

  g_assert_true (g_str_has_suffix (fine, "（万元）"));
  g_assert_cmpstr (day, ==, xh_label_get (&xh_kind_find_field (penalty, "decided_on")->label));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
  g_test_add_func ("/app/form-view/typing-reaches-the-form", test_typing_reaches_the_form);
  g_test_add_func ("/app/form-view/a-wrong-number-is-explained-at-the-field", test_a_wrong_number_is_explained_at_the_field);
  g_test_add_func ("/app/form-view/a-stored-number-is-asked-for", test_a_stored_number_is_asked_for);
  g_test_add_func ("/app/form-view/what-is-no-value-keeps-its-text-and-counts", test_what_is_no_value_keeps_its_text_and_counts);
  g_test_add_func ("/app/form-view/missing-values-are-told-when-asked", test_missing_values_are_told_when_asked);
  g_test_add_func ("/app/form-view/what-is-filled-in-at-once-goes-back-at-once", test_what_is_filled_in_at_once_goes_back_at_once);
  g_test_add_func ("/app/list/a-narrow-list-keeps-name-and-state", test_a_narrow_list_keeps_name_and_state);
  g_test_add_func ("/app/list/columns-get-what-their-words-need", test_columns_get_what_their_words_need);
  g_test_add_func ("/app/list/a-heading-names-the-unit", test_a_heading_names_the_unit);
  g_test_add_func ("/app/form-view/undo-goes-back-field-by-field", test_undo_goes_back_field_by_field);
  g_test_add_func ("/app/form-view/sections-without-consent-say-why", test_sections_without_consent_say_why);
  g_test_add_func ("/app/form-view/a-table-gets-rows-and-undo-takes-them-back", test_a_table_gets_rows_and_undo_takes_them_back);
  g_test_add_func ("/app/form-view/every-kind-makes-a-form", test_every_kind_makes_a_form);
  g_test_add_func ("/app/form-view/dates-are-guessed", test_dates_are_guessed);
  result = g_test_run ();
  xh_catalog_unref (catalog);
  return result;
}
