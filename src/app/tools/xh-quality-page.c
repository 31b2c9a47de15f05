/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-quality-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/widgets/xh-save-dialog.h"
#include "app/widgets/xh-code-drop-down.h"
#include "app/widgets/xh-text.h"
#include "app/window/xh-window.h"
#include "xh-finding-row.h"
#include "xh-quality-job.h"

#define LOOK_MS  100  /* between two looks at how far the scan is */
#define NO_UNIT  "-"  /* stands for "" among the units: a drop-down has no empty code */

struct _XhQualityPage
{
  XhPage parent_instance;

  XhCodeDropDown *kinds, *units;
  GtkWidget *check_button, *export_button, *stop_button;
  GtkStack *stack;
  GtkProgressBar *progress;
  AdwStatusPage *fault;
  GtkToggleButton *toggle_wrong, *toggle_missing, *toggle_duplicate, *toggle_late;
  GtkListView *view;
  GtkLabel *count;

  XhSession *session;        /* (owned) */
  const XhKind *kind;        /* (nullable) what was, or is being, looked through */
  XhQualityResult *result;   /* (owned) (nullable) its findings have gone to the model */
  GListStore *items;         /* (owned) of XhFindingItem */
  GtkFilterListModel *shown; /* (owned) */
  GtkCustomFilter *filter;   /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) of the scan or export under way */
  XhQualityTally *tally;     /* (owned) (nullable) likewise */
  guint look_source;
  guint types;               /* bits that the filter lets through */
  char *unit;                /* (owned) (nullable) likewise */
};

G_DEFINE_FINAL_TYPE (XhQualityPage, xh_quality_page, XH_TYPE_PAGE)

/* --- what is shown --- */

static gboolean
is_shown (gpointer item, gpointer data)
{
  XhQualityPage *self = data;
  const XhFinding *finding = xh_finding_item_get (item);

  return (self->types & (1u << finding->type)) != 0
         && (self->unit == NULL || g_str_equal (self->unit, finding->unit != NULL ? finding->unit : ""));
}

static void
show_count (XhQualityPage *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->shown));
  g_autofree char *records = xh_text_number ((guint64) self->result->n_records), *number = xh_text_number (n);
  g_autofree char *kept = xh_text_number (XH_QUALITY_KEPT);
  g_autofree char *text = g_strdup_printf (ngettext ("%s finding", "%s findings", n), number);
  g_autofree char *looked = g_strdup_printf (_("%s records looked through"), records);
  g_autofree char *more = self->result->all_kept ? g_strdup ("")
                                                 : g_strdup_printf (_(" · the first %s of each type are shown; the sheet has all"), kept);
  g_autofree char *all = g_strdup_printf ("%s · %s%s", text, looked, more);

  gtk_label_set_text (self->count, all);
}

static void
filter_cb (XhQualityPage *self)
{
  GtkToggleButton *const toggles[] = { self->toggle_wrong, self->toggle_missing, self->toggle_duplicate, self->toggle_late };
  const char *unit = xh_code_drop_down_get_code (self->units);

  if (self->result == NULL)
    return;
  self->types = 0;
  for (guint i = 0; i < G_N_ELEMENTS (toggles); i++)
    self->types |= gtk_toggle_button_get_active (toggles[i]) ? 1u << i : 0;
  g_free (self->unit);
  self->unit = g_strdup (g_strcmp0 (unit, NO_UNIT) == 0 ? "" : unit);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  show_count (self);
}

static void
show_toggles (XhQualityPage *self)
{
  GtkToggleButton *const toggles[] = { self->toggle_wrong, self->toggle_missing, self->toggle_duplicate, self->toggle_late };

  for (guint i = 0; i < G_N_ELEMENTS (toggles); i++)
    {
      g_autofree char *number = xh_text_number ((guint64) self->result->counts[i]);
      g_autofree char *text = g_strdup_printf ("%s %s", xh_quality_type_label (i), number);

      gtk_button_set_label (GTK_BUTTON (toggles[i]), text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (toggles[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
      gtk_widget_set_sensitive (GTK_WIDGET (toggles[i]), self->result->counts[i] > 0);
      gtk_toggle_button_set_active (toggles[i], TRUE);
    }
}

typedef struct
{
  const char *code;
  gint64 n;
} UnitCount;

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  const UnitCount *one = a, *two = b;

  return one->n != two->n ? (one->n > two->n ? -1 : 1) : strcmp (one->code, two->code);
}

/* The unit with most to mend stands first. */
static void
show_units (XhQualityPage *self)
{
  XhUnits *units = xh_catalog_get_units (xh_session_get_catalog (self->session));
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (UnitCount));
  GHashTableIter iter;
  gpointer code, n;

  g_hash_table_iter_init (&iter, self->result->units);
  while (g_hash_table_iter_next (&iter, &code, &n))
    {
      const UnitCount count = { code, *(gint64 *) n };

      g_array_append_val (counts, count);
    }
  g_array_sort (counts, compare_counts);

  xh_code_drop_down_clear (self->units, _("All units"));
  for (guint i = 0; i < counts->len; i++)
    {
      const UnitCount *count = &g_array_index (counts, UnitCount, i);
      const XhUnit *unit = xh_units_find (units, count->code);
      g_autofree char *number = xh_text_number ((guint64) count->n);
      g_autofree char *label = g_strdup_printf ("%s  %s", unit != NULL ? unit->name : *count->code != '\0' ? count->code : _("Without a unit"),
                                                number);

      xh_code_drop_down_append (self->units, *count->code != '\0' ? count->code : NO_UNIT, label);
    }
  xh_code_drop_down_close (self->units);
  gtk_widget_set_visible (GTK_WIDGET (self->units), counts->len > 1);
}

static void
show_result (XhQualityPage *self)
{
  GtkListItemFactory *factory = xh_finding_factory_new (xh_session_get_catalog (self->session), self->kind);
  GPtrArray *findings = self->result->findings;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = findings->len;

  /* The items own the findings from here on. */
  g_ptr_array_set_free_func (findings, NULL);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (items, xh_finding_item_new (g_ptr_array_index (findings, i)));
  g_ptr_array_set_size (findings, 0);

  gtk_list_view_set_factory (self->view, factory);
  g_object_unref (factory);
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)), items->pdata, items->len);
  show_toggles (self);
  show_units (self);
  filter_cb (self);
  gtk_widget_set_visible (self->export_button, n > 0);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "result" : "good");
  if (n > 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* --- the scan --- */

static gboolean
look_cb (gpointer data)
{
  XhQualityPage *self = data;
  const int done = g_atomic_int_get (&self->tally->done), total = g_atomic_int_get (&self->tally->total);
  g_autofree char *a = xh_text_number ((guint64) done), *b = xh_text_number ((guint64) total), *text = g_strdup_printf (_("%s of %s"), a, b);

  gtk_progress_bar_set_text (self->progress, text);
  gtk_progress_bar_set_fraction (self->progress, total > 0 ? MIN (1.0, (double) done / total) : 0);

  return G_SOURCE_CONTINUE;
}

static void
begin (XhQualityPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->tally = xh_quality_tally_new ();
  look_cb (self);
  self->look_source = g_timeout_add (LOOK_MS, look_cb, self);
  gtk_widget_set_sensitive (self->check_button, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->kinds), FALSE);
  gtk_widget_set_sensitive (self->export_button, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "scanning");
  xh_page_set_notice (XH_PAGE (self), NULL);
}

static void
end (XhQualityPage *self)
{
  g_clear_handle_id (&self->look_source, g_source_remove);
  g_clear_pointer (&self->tally, xh_quality_tally_unref);
  g_clear_object (&self->cancellable);
  if (self->session == NULL)
    return;
  gtk_widget_set_sensitive (self->check_button, xh_code_drop_down_get_code (self->kinds) != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->kinds), TRUE);
  gtk_widget_set_sensitive (self->export_button, TRUE);
}

static void
show_fault (XhQualityPage *self, const GError *error)
{
  g_autofree char *text = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->fault, text);
  gtk_stack_set_visible_child_name (self->stack, "fault");
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhQualityPage) self = data;
  g_autoptr (GError) error = NULL;
  XhQualityResult *found = xh_quality_job_finish (result, &error);

  end (self);
  if (self->session == NULL)
    {
      g_clear_pointer (&found, xh_quality_result_free);
      return;
    }
  if (found != NULL)
    {
      g_clear_pointer (&self->result, xh_quality_result_free);
      self->result = found;
      show_result (self);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_stack_set_visible_child_name (self->stack, "choose");
  else
    show_fault (self, error);
}

static void
check (XhQualityPage *self)
{
  const char *name = xh_code_drop_down_get_code (self->kinds);
  const XhKind *kind = name != NULL ? xh_catalog_find_kind (xh_session_get_catalog (self->session), name) : NULL;

  if (kind == NULL || self->cancellable != NULL)
    return;
  self->kind = kind;
  gtk_widget_set_visible (self->export_button, FALSE);
  begin (self);
  xh_quality_job_async (self->session, kind, self->tally, self->cancellable, scanned_cb, g_object_ref (self));
}

static void
check_cb (XhQualityPage *self)
{
  check (self);
}

static void
kind_chosen_cb (XhQualityPage *self)
{
  gtk_widget_set_sensitive (self->check_button, xh_code_drop_down_get_code (self->kinds) != NULL);
}

static void
stop_cb (XhQualityPage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
activate_cb (XhQualityPage *self, guint position)
{
  g_autoptr (XhFindingItem) item = g_list_model_get_item (G_LIST_MODEL (self->shown), position);
  XhWindow *window = xh_window_of (GTK_WIDGET (self));
  GtkWidget *pages = gtk_widget_get_parent (GTK_WIDGET (self));

  /* The second half of a double click comes while the page already slides away. */
  if (GTK_IS_STACK (pages) && gtk_stack_get_visible_child (GTK_STACK (pages)) != GTK_WIDGET (self))
    return;
  if (item != NULL && window != NULL)
    xh_window_open_record (window, self->kind, xh_finding_item_get (item)->id);
}

/* --- the sheet --- */

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhQualityPage) self = data;
  g_autoptr (GError) error = NULL;
  const gssize n = xh_quality_export_finish (result, &error);
  XhWindow *window;

  end (self);
  if (self->session == NULL)
    return;
  gtk_stack_set_visible_child_name (self->stack, "result");
  window = xh_window_of (GTK_WIDGET (self));
  if (n >= 0 && window != NULL)
    {
      g_autofree char *number = xh_text_number ((guint64) n);
      g_autofree char *text = g_strdup_printf (ngettext ("%s finding is in the sheet", "%s findings are in the sheet", (gulong) n), number);

      xh_window_toast (window, text);
    }
  else if (n < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    xh_page_set_notice (XH_PAGE (self), error->message);
}

static void
chosen_cb (GtkWidget *page, const char *path)
{
  XhQualityPage *self = XH_QUALITY_PAGE (page);

  if (self->session != NULL && self->cancellable == NULL)
    {
      begin (self);
      xh_quality_export_async (self->session, self->kind, self->unit, self->types, path, self->tally, self->cancellable, exported_cb,
                               g_object_ref (self));
    }
}

static void
export_cb (XhQualityPage *self)
{
  const XhUnit *unit = xh_units_find (xh_catalog_get_units (xh_session_get_catalog (self->session)), self->unit);
  g_autofree char *name = g_strdup_printf ("%s-%s%s%s.xlsx", _("Data Quality"), xh_label_get (&self->kind->label), unit != NULL ? "-" : "",
                                           unit != NULL ? unit->name : "");

  xh_ask_save_path (GTK_WIDGET (self), _("Export"), name, chosen_cb);
}

/* --- page --- */

static void
xh_quality_page_reload (XhPage *page)
{
  check (XH_QUALITY_PAGE (page));
}

static gboolean
xh_quality_page_find (XhPage *page)
{
  return gtk_widget_grab_focus (xh_code_drop_down_get_inner (XH_QUALITY_PAGE (page)->kinds));
}

static void
xh_quality_page_dispose (GObject *object)
{
  XhQualityPage *self = XH_QUALITY_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->look_source, g_source_remove);
  g_clear_object (&self->session);
  if (self->view != NULL)
    gtk_list_view_set_model (self->view, NULL);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_QUALITY_PAGE);

  G_OBJECT_CLASS (xh_quality_page_parent_class)->dispose (object);
}

static void
xh_quality_page_finalize (GObject *object)
{
  XhQualityPage *self = XH_QUALITY_PAGE (object);

  g_clear_pointer (&self->result, xh_quality_result_free);
  g_clear_pointer (&self->tally, xh_quality_tally_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->shown);
  g_clear_object (&self->filter);
  g_clear_object (&self->items);
  g_free (self->unit);

  G_OBJECT_CLASS (xh_quality_page_parent_class)->finalize (object);
}

static void
xh_quality_page_class_init (XhQualityPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_quality_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_quality_page_finalize;
  XH_PAGE_CLASS (klass)->reload = xh_quality_page_reload;
  XH_PAGE_CLASS (klass)->find = xh_quality_page_find;
  g_type_ensure (XH_TYPE_CODE_DROP_DOWN);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/tools/xh-quality-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, kinds);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, units);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, check_button);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, export_button);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, stack);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, progress);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, fault);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, toggle_wrong);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, toggle_missing);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, toggle_duplicate);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, toggle_late);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, view);
  gtk_widget_class_bind_template_child (widget_class, XhQualityPage, count);
  gtk_widget_class_bind_template_callback (widget_class, kind_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
xh_quality_page_init (XhQualityPage *self)
{
  GtkSelectionModel *selection;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->items = g_list_store_new (XH_TYPE_FINDING_ITEM);
  self->filter = gtk_custom_filter_new (is_shown, self, NULL);
  self->shown = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->items)), g_object_ref (GTK_FILTER (self->filter)));
  selection = GTK_SELECTION_MODEL (gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->shown))));
  gtk_list_view_set_model (self->view, selection);
  g_object_unref (selection);
}

static void
fill_kinds (XhQualityPage *self)
{
  GPtrArray *kinds = xh_catalog_get_kinds (xh_session_get_catalog (self->session));

  xh_code_drop_down_set_name (self->kinds, _("Register"));
  xh_code_drop_down_set_name (self->units, _("Unit"));
  xh_code_drop_down_clear (self->kinds, _("Choose a register"));
  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);

      if (xh_session_may (self->session, kind->read_roles, kind))
        xh_code_drop_down_append (self->kinds, kind->name, xh_label_get (&kind->label));
    }
  xh_code_drop_down_close (self->kinds);
}

XhPage *
xh_quality_page_new (XhSession *session, const XhKind *kind)
{
  XhQualityPage *self = g_object_new (XH_TYPE_QUALITY_PAGE, NULL);

  self->session = g_object_ref (session);
  fill_kinds (self);
  if (kind != NULL && xh_code_drop_down_set_code (self->kinds, kind->name))
    check (self);

  return XH_PAGE (self);
}
