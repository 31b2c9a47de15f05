/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-print-page.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-save-dialog.h"
#include "app/window/xh-window.h"
#include "xh-sheet-view.h"

#define ZOOM_STEP 1.25
#define ZOOM_MIN 0.4
#define SHEET_MARGIN 18 /* beside a sheet, with a scroll bar */
#define ZOOM_MAX 3.0

struct _XhPrintPage
{
  XhPage parent_instance;

  XhSession *session;          /* (owned) */
  const XhDocumentDef *def;
  GPtrArray *ids;              /* (owned) (nullable) */
  GArray *rids;                /* (owned) (nullable) */
  gint64 epoch;                /* of the rids */
  XhPaper *paper;              /* (owned) (nullable) once it is laid out */
  double zoom;
  GCancellable *cancellable;   /* (owned) */
  GSimpleActionGroup *actions; /* (owned) */
  GtkPrintSettings *settings;  /* (owned) (nullable) as of the last print */

  GtkStack *stack;
  AdwStatusPage *failed;
  GtkListView *view;
};

G_DEFINE_FINAL_TYPE (XhPrintPage, xh_print_page, XH_TYPE_PAGE)

static void
enable (XhPrintPage *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)), enabled);
}

/* --- pages */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, XhPrintPage *self)
{
  gtk_list_item_set_child (item, xh_sheet_view_new ());
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_selectable (item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, XhPrintPage *self)
{
  GtkWidget *sheet = gtk_list_item_get_child (item), *row = gtk_widget_get_parent (sheet);
  g_autofree char *name = g_strdup_printf (_("Page %u of %u"), gtk_list_item_get_position (item) + 1, xh_paper_get_n_pages (self->paper));

  xh_sheet_view_show (XH_SHEET_VIEW (sheet), self->paper, gtk_list_item_get_position (item), self->zoom);
  /* The row that GTK puts around the sheet is what is read out. */
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, XhPrintPage *self)
{
  xh_sheet_view_show (XH_SHEET_VIEW (gtk_list_item_get_child (item)), NULL, 0, self->zoom);
}

static GtkListItemFactory *
create_factory (XhPrintPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  return factory;
}

/* All rows anew: those in view are drawn in the new size. */
static void
show_pages (XhPrintPage *self)
{
  const guint n = xh_paper_get_n_pages (self->paper);
  g_autoptr (GtkStringList) pages = gtk_string_list_new (NULL);

  for (guint i = 0; i < n; i++)
    gtk_string_list_append (pages, "");
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&pages)))));
}

static void
set_zoom (XhPrintPage *self, double zoom)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));
  const double upper = gtk_adjustment_get_upper (adjustment), share = upper > 0 ? gtk_adjustment_get_value (adjustment) / upper : 0;

  self->zoom = CLAMP (zoom, ZOOM_MIN, ZOOM_MAX);
  enable (self, "zoom-in", self->zoom < ZOOM_MAX);
  enable (self, "zoom-out", self->zoom > ZOOM_MIN);
  if (self->paper == NULL)
    return;
  gtk_list_view_set_factory (self->view, create_factory (self));
  gtk_adjustment_set_value (adjustment, share * gtk_adjustment_get_upper (adjustment));
}

/* --- layout */

static void
tell_failure (XhPrintPage *self, const GError *error)
{
  g_autofree char *reason = g_markup_escape_text (error->message, -1);

  adw_status_page_set_title (self->failed, _("This paper cannot be printed"));
  adw_status_page_set_description (self->failed, reason);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
tell_pages (XhPrintPage *self)
{
  const guint n = xh_paper_get_n_pages (self->paper), skipped = xh_paper_get_n_skipped (self->paper);
  g_autofree char *pages = g_strdup_printf (ngettext ("%u page", "%u pages", n), n);

  xh_page_set_subtitle (XH_PAGE (self), pages);
  if (skipped > 0)
    {
      g_autofree char *notice = g_strdup_printf (ngettext ("%u of the chosen records has no such paper as it stands.",
                                                           "%u of the chosen records have no such paper as they stand.", skipped), skipped);

      xh_page_set_notice (XH_PAGE (self), notice);
    }
}

/* At first a sheet is as wide as on paper, or as the window where that is narrower: a line is read without moving it to and fro. */
static void
fit_width (XhPrintPage *self)
{
  const int room = gtk_widget_get_width (GTK_WIDGET (self->stack)) - 2 * SHEET_MARGIN;
  double widest = 0;

  for (guint i = 0; i < xh_paper_get_n_pages (self->paper); i++)
    {
      double width, height;

      xh_paper_get_size (self->paper, i, &width, &height);
      widest = MAX (widest, width * XH_SHEET_DOTS);
    }
  if (room > 0 && widest > room)
    set_zoom (self, room / widest);
}

static void
laid_out_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhPrintPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhPaper) paper = xh_paper_layout_finish (result, &error);
  gboolean is_first;

  if (self->session == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (paper == NULL)
    {
      tell_failure (self, error);
      return;
    }
  is_first = self->paper == NULL;
  g_set_object (&self->paper, paper);
  if (is_first)
    fit_width (self);
  tell_pages (self);
  show_pages (self);
  enable (self, "print", TRUE);
  enable (self, "save-pdf", TRUE);
  gtk_stack_set_visible_child_name (self->stack, "pages");
}

static void
lay_out (XhPrintPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  enable (self, "print", FALSE);
  enable (self, "save-pdf", FALSE);
  xh_paper_layout_async (self->session, self->def, self->ids, self->rids, self->epoch, self->cancellable, laid_out_cb, g_object_ref (self));
}

/* --- print */

static void
begin_print_cb (GtkPrintOperation *operation, GtkPrintContext *context, XhPaper *paper)
{
  gtk_print_operation_set_n_pages (operation, (int) xh_paper_get_n_pages (paper));
}

static void
page_setup_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, GtkPageSetup *setup, XhPaper *paper)
{
  double width, height;

  xh_paper_get_size (paper, (guint) page, &width, &height);
  gtk_page_setup_set_orientation (setup, width > height ? GTK_PAGE_ORIENTATION_LANDSCAPE : GTK_PAGE_ORIENTATION_PORTRAIT);
}

static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, XhPaper *paper)
{
  xh_paper_draw (paper, (guint) page, gtk_print_context_get_cairo_context (context));
}

static char *
make_job_name (XhPrintPage *self)
{
  g_autofree char *title = self->ids != NULL && self->ids->len == 1 ? xh_store_title (xh_session_get_store (self->session), self->ids->pdata[0], NULL) : NULL;

  return title != NULL ? g_strdup_printf ("%s %s", self->def->label.zh, title) : g_strdup (self->def->label.zh);
}

static void
print_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhPrintPage *self = data;
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) a4 = gtk_paper_size_new (GTK_PAPER_NAME_A4);
  g_autofree char *name = make_job_name (self);
  g_autoptr (GError) error = NULL;

  gtk_page_setup_set_paper_size_and_default_margins (setup, a4);
  gtk_print_operation_set_default_page_setup (operation, setup);
  if (self->settings != NULL)
    gtk_print_operation_set_print_settings (operation, self->settings);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_job_name (operation, name);
  g_signal_connect_object (operation, "begin-print", G_CALLBACK (begin_print_cb), self->paper, 0);
  g_signal_connect_object (operation, "request-page-setup", G_CALLBACK (page_setup_cb), self->paper, 0);
  g_signal_connect_object (operation, "draw-page", G_CALLBACK (draw_page_cb), self->paper, 0);
  switch (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                   &error))
    {
    case GTK_PRINT_OPERATION_RESULT_APPLY:
      g_set_object (&self->settings, gtk_print_operation_get_print_settings (operation));
      break;
    case GTK_PRINT_OPERATION_RESULT_ERROR:
      xh_page_set_notice (XH_PAGE (self), error->message);
      break;
    default:
      break;
    }
}

/* --- PDF */

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhPrintPage) self = data;
  g_autoptr (GError) error = NULL;
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (!xh_paper_save_finish (XH_PAPER (source), result, &error))
    xh_page_set_notice (XH_PAGE (self), error->message);
  else if (window != NULL)
    xh_window_toast (window, _("The PDF is saved"));
}

static void
chosen_cb (GtkWidget *page, const char *path)
{
  XhPrintPage *self = XH_PRINT_PAGE (page);
  g_autofree char *title = make_job_name (self);

  if (self->paper != NULL)
    xh_paper_save_async (self->paper, path, title, NULL, saved_cb, g_object_ref (self));
}

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  XhPrintPage *self = data;
  g_autofree char *job = make_job_name (self), *name = g_strconcat (job, ".pdf", NULL);

  xh_ask_save_path (GTK_WIDGET (self), _("Save as PDF"), name, chosen_cb);
}

/* --- page */

static void
zoom_in_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  set_zoom (data, XH_PRINT_PAGE (data)->zoom * ZOOM_STEP);
}

static void
zoom_out_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  set_zoom (data, XH_PRINT_PAGE (data)->zoom / ZOOM_STEP);
}

static GtkWidget *
create_button (const char *icon, const char *label, const char *action)
{
  GtkWidget *button = icon != NULL ? gtk_button_new_from_icon_name (icon) : gtk_button_new_with_label (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  if (icon != NULL)
    gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return button;
}

static GtkWidget *
create_header (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *print = create_button (NULL, _("Print…"), "page.print");

  gtk_box_append (GTK_BOX (box), create_button ("zoom-out-symbolic", _("Zoom Out"), "page.zoom-out"));
  gtk_box_append (GTK_BOX (box), create_button ("zoom-in-symbolic", _("Zoom In"), "page.zoom-in"));
  gtk_box_append (GTK_BOX (box), create_button (NULL, _("Save as PDF…"), "page.save-pdf"));
  gtk_widget_add_css_class (print, "suggested-action");
  gtk_box_append (GTK_BOX (box), print);
  return box;
}

static GtkWidget *
create_waiting (void)
{
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (spinner, 32, 32);
  return spinner;
}

static void
fill (XhPrintPage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->stack = GTK_STACK (gtk_stack_new ());
  self->failed = ADW_STATUS_PAGE (adw_status_page_new ());
  self->view = GTK_LIST_VIEW (gtk_list_view_new (NULL, create_factory (self)));
  adw_status_page_set_icon_name (self->failed, "printer-error-symbolic");
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "sheets");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pages"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->view));
  gtk_stack_add_named (self->stack, create_waiting (), "waiting");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->failed), "failed");
  gtk_stack_add_named (self->stack, scroller, "pages");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}

static void
xh_print_page_reload (XhPage *page)
{
  lay_out (XH_PRINT_PAGE (page));
}

static void
xh_print_page_dispose (GObject *object)
{
  XhPrintPage *self = XH_PRINT_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  adw_bin_set_child (ADW_BIN (object), NULL);
  g_clear_object (&self->paper);
  g_clear_object (&self->settings);
  g_clear_object (&self->actions);
  g_clear_object (&self->session);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_clear_pointer (&self->rids, g_array_unref);
  G_OBJECT_CLASS (xh_print_page_parent_class)->dispose (object);
}

static void
xh_print_page_class_init (XhPrintPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_print_page_dispose;
  XH_PAGE_CLASS (klass)->reload = xh_print_page_reload;
}

static void
xh_print_page_init (XhPrintPage *self)
{
  static const GActionEntry entries[] = {
    { "print", print_cb }, { "save-pdf", save_cb }, { "zoom-in", zoom_in_cb }, { "zoom-out", zoom_out_cb },
  };

  self->zoom = 1;
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  fill (self);
}

static XhPage *
create_page (XhSession *session, const XhDocumentDef *def, GPtrArray *ids, GArray *rids, gint64 epoch)
{
  XhPrintPage *self = g_object_new (XH_TYPE_PRINT_PAGE, NULL);

  self->session = g_object_ref (session);
  self->def = def;
  self->ids = ids;
  self->rids = rids;
  self->epoch = epoch;
  xh_page_set_title (XH_PAGE (self), xh_label_get (&def->label));
  xh_page_set_header_end (XH_PAGE (self), create_header ());
  xh_page_set_actions (XH_PAGE (self), G_ACTION_GROUP (self->actions));
  lay_out (self);
  return XH_PAGE (self);
}

XhPage *
xh_print_page_new (XhSession *session, const XhDocumentDef *def, GPtrArray *ids)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < ids->len; i++)
    g_ptr_array_add (copy, g_strdup (ids->pdata[i]));
  return create_page (session, def, copy, NULL, 0);
}

XhPage *
xh_print_page_new_for_rids (XhSession *session, const XhDocumentDef *def, GArray *rids, gint64 epoch)
{
  return create_page (session, def, NULL, g_array_ref (rids), epoch);
}

GMenu *
xh_print_menu_new (XhSession *session, const XhKind *kind, XhForm *form)
{
  GPtrArray *documents = xh_catalog_get_documents (xh_session_get_catalog (session));
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < documents->len; i++)
    {
      const XhDocumentDef *def = g_ptr_array_index (documents, i);
      g_autoptr (GMenuItem) item = NULL;

      if (def->kind != kind || !xh_document_def_may (def, xh_session_get_role (session)))
        continue;
      if (form != NULL && !xh_form_holds (form, def->when))
        continue;
      item = g_menu_item_new (xh_label_get (&def->label), NULL);
      g_menu_item_set_action_and_target (item, "page.paper", "s", def->name);
      g_menu_append_item (menu, item);
    }
  return menu;
}
