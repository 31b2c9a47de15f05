/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-dashboard-page.h"

#include <glib/gi18n-lib.h>

#include "app/rating/xh-score-pane.h"
#include "app/widgets/xh-chart-panel.h"
#include "app/widgets/xh-text.h"
#include "app/window/xh-window.h"
#include "app/work/xh-work-watch.h"
#include "xh-figures.h"
#include "xh-register-list.h"

/* Between two counts of what comes in a row. */
#define COUNT_PAUSE_MS 400

struct _XhDashboardPage
{
  XhPage parent_instance;

  XhSession *session;        /* (owned) */
  GCancellable *cancellable; /* (owned) */
  XhFigures *figures;        /* (owned) (nullable) what is shown */
  guint count_source;
  gint64 counted;            /* monotonic time of the last count */

  GtkStack *stack;
  AdwStatusPage *failed;
  GtkFlowBox *cards, *panels;
  GtkBox *registers_box;
  XhChartPanel *share, *grades;
  XhRegisterList *registers;
};

/* What the cards show, in this order: first what waits, then how far the rating is. */
enum { CARD_OVERDUE, CARD_SOON, CARD_RETURNED, CARD_REVIEW, CARD_SUBJECTS, CARD_DECIDED, N_CARDS };

G_DEFINE_FINAL_TYPE (XhDashboardPage, xh_dashboard_page, XH_TYPE_PAGE)

static void count_again (XhDashboardPage *self);

/* --- opening what stands behind a figure */

/* By the register's own field where the list has a chip for it: what narrows a list must be seen there and can be cleared. */
static const char *
name_division (const XhKind *kind)
{
  for (guint i = 0; kind->division_field != NULL && i < kind->filters->len; i++)
    if (strcmp (((const XhField *) g_ptr_array_index (kind->filters, i))->name, kind->division_field) == 0)
      return kind->division_field;
  return "division";
}

static XhQuery *
create_query (XhDashboardPage *self, const char *code)
{
  XhQuery *query = xh_query_new (self->figures->rated);
  const XhValue place = { .type = XH_VALUE_TEXT, { .text = (char *) code } };
  const XhValue year = { .type = XH_VALUE_INTEGER, { .integer = self->figures->year } };

  if (code != NULL)
    xh_query_filter (query, name_division (self->figures->rated), XH_QUERY_UNDER, &place, NULL);
  if (self->figures->year > 0)
    xh_query_filter (query, "year", XH_QUERY_IS, &year, NULL);
  return query;
}

static void
filter_decided (XhQuery *query, const XhKind *kind)
{
  for (guint i = 0; i < kind->states->len; i++)
    {
      const XhState *state = g_ptr_array_index (kind->states, i);
      const XhValue value = { .type = XH_VALUE_TEXT, { .text = state->name } };

      if (xh_state_is_decided (kind, state))
        xh_query_filter (query, "state", XH_QUERY_IS, &value, NULL);
    }
}

static void
open_list (XhDashboardPage *self, const XhKind *kind, const XhQuery *query)
{
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (window != NULL)
    xh_window_open_list (window, kind, query);
}

static gboolean
has_decided (XhDashboardPage *self, const char *code)
{
  for (guint i = 0; i < self->figures->places->len; i++)
    {
      const XhFiguresPlace *place = g_ptr_array_index (self->figures->places, i);

      if (strcmp (place->code, code) == 0)
        return place->decided > 0;
    }
  return FALSE;
}

/* Where nothing is decided yet, what waits there is of use; an empty list is not. */
static void
share_activated_cb (XhDashboardPage *self, const char *code)
{
  g_autoptr (XhQuery) query = create_query (self, code);

  if (has_decided (self, code))
    filter_decided (query, self->figures->rated);
  open_list (self, self->figures->rated, query);
}

static void
grades_activated_cb (XhDashboardPage *self, const char *code)
{
  g_autoptr (XhQuery) query = create_query (self, code);

  open_list (self, self->figures->rated, query);
}

static void
register_opened_cb (XhDashboardPage *self, const XhKind *kind)
{
  g_autoptr (XhQuery) query = xh_query_new (kind);

  open_list (self, kind, query);
}

static void
card_cb (GtkWidget *button, XhDashboardPage *self)
{
  const int card = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "card"));
  g_autoptr (XhQuery) query = NULL;

  if (card == CARD_SUBJECTS)
    {
      register_opened_cb (self, self->figures->subject);
      return;
    }
  if (card < CARD_SUBJECTS)
    {
      xh_window_open_target (xh_window_of (GTK_WIDGET (self)), "work");
      return;
    }
  query = create_query (self, NULL);
  filter_decided (query, self->figures->rated);
  open_list (self, self->figures->rated, query);
}

/* --- cards */

static void
append_child (GtkFlowBox *box, GtkWidget *child)
{
  gtk_flow_box_append (box, child);
  gtk_widget_set_focusable (gtk_widget_get_parent (child), FALSE);
}

static void
append_card (XhDashboardPage *self, int card, const char *label)
{
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *number = gtk_label_new (NULL), *name = gtk_label_new (label);

  gtk_label_set_xalign (GTK_LABEL (number), 0);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (number, "title-2");
  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_add_css_class (name, "dim-label");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), number);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "card");
  gtk_widget_add_css_class (button, "figure");
  g_object_set_data (G_OBJECT (button), "card", GINT_TO_POINTER (card));
  g_object_set_data (G_OBJECT (button), "number", number);
  g_signal_connect (button, "clicked", G_CALLBACK (card_cb), self);
  append_child (self->cards, button);
}

/* A card that stands keeps its place and the keyboard: figures that follow the news must not disturb who reads them. @tone: (nullable) */
static void
show_card (XhDashboardPage *self, int card, const char *label, const char *figure, const char *tone)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (self->cards, card);
  g_autofree char *spoken = g_strdup_printf (_ ("%s: %s"), label, figure);
  GtkWidget *button, *number;

  if (child == NULL)
    append_card (self, card, label);
  button = gtk_flow_box_child_get_child (gtk_flow_box_get_child_at_index (self->cards, card));
  number = g_object_get_data (G_OBJECT (button), "number");
  gtk_label_set_text (GTK_LABEL (number), figure);
  gtk_widget_remove_css_class (number, "clock-overdue");
  gtk_widget_remove_css_class (number, "clock-soon");
  if (tone != NULL)
    gtk_widget_add_css_class (number, tone);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
show_waiting (XhDashboardPage *self, int card, const char *label, guint count, const char *tone)
{
  g_autofree char *figure = xh_text_number (count);

  show_card (self, card, label, figure, count > 0 ? tone : NULL);
}

static void
show_work (XhDashboardPage *self)
{
  const XhWorkTally *tally = xh_work_watch_get_total (xh_work_watch_of (self->session));

  show_waiting (self, CARD_OVERDUE, _ ("Overdue"), tally->overdue, "clock-overdue");
  show_waiting (self, CARD_SOON, _ ("Due Within a Week"), tally->soon, "clock-soon");
  show_waiting (self, CARD_RETURNED, _ ("Came Back to Me"), tally->returned, NULL);
  show_waiting (self, CARD_REVIEW, _ ("For Me to Review"), tally->review, NULL);
}

static void
show_cards (XhDashboardPage *self)
{
  const XhFigures *figures = self->figures;
  gint64 subjects = 0, decided = 0;

  show_work (self);
  for (guint i = 0; i < figures->places->len; i++)
    {
      const XhFiguresPlace *place = g_ptr_array_index (figures->places, i);

      subjects += place->subjects;
      decided += place->decided;
    }
  if (figures->rated != NULL)
    {
      g_autofree char *number = xh_text_number ((guint64) decided), *all = xh_text_number ((guint64) subjects);
      g_autofree char *figure = subjects > 0 ? g_strdup_printf ("%s · %.1f%%", number, 100.0 * decided / subjects) : g_strdup (number);

      show_card (self, CARD_SUBJECTS, xh_label_get (&figures->subject->label), all, NULL);
      show_card (self, CARD_DECIDED, _ ("Decided"), figure, NULL);
    }
}

/* --- charts */

static char *
name_place (const XhFigures *figures, const char *code)
{
  const XhDivision *division = xh_divisions_find (xh_catalog_get_divisions (figures->rated->catalog), code);

  return g_strdup (division != NULL ? division->short_name : code);
}

static double
get_share (const XhFiguresPlace *place)
{
  return place->subjects > 0 ? (double) place->decided / place->subjects : 0;
}

/* Who is behind stands first. */
static int
compare_shares (gconstpointer a, gconstpointer b)
{
  double x = get_share (*(XhFiguresPlace *const *) a), y = get_share (*(XhFiguresPlace *const *) b);

  return x > y ? 1 : x < y ? -1 : strcmp ((*(XhFiguresPlace *const *) a)->code, (*(XhFiguresPlace *const *) b)->code);
}

static char *
name_period (const XhFigures *figures)
{
  return figures->year > 0 ? g_strdup_printf (_ ("Year %d. "), (int) figures->year) : g_strdup ("");
}

static void
show_share (XhDashboardPage *self)
{
  const XhFigures *figures = self->figures;
  XhChart *chart = xh_chart_new (XH_CHART_BARS);
  const char *const series[] = { _ ("Decided") }, *const colors[] = { "accent_bg_color", NULL };
  const XhColor unset = { 0, 0, 0, 1 };
  g_autofree char *period = name_period (figures);
  g_autofree char *note = g_strconcat (period, _ ("Decided ratings among all households. A bar opens its list."), NULL);

  chart->percent = TRUE;
  xh_chart_set_series (chart, series, &unset, 1);
  g_ptr_array_set_size (chart->series, 0);
  for (guint i = 0; i < figures->places->len; i++)
    {
      const XhFiguresPlace *place = g_ptr_array_index (figures->places, i);
      g_autofree char *name = name_place (figures, place->code);
      double share = get_share (place);

      xh_chart_add_bar (chart, name, place->code, &share);
    }
  xh_chart_panel_set_chart (self->share, _ ("Where is the rating behind?"), note, _ ("Place"), chart, colors);
}

static void
show_grades (XhDashboardPage *self)
{
  const XhFigures *figures = self->figures;
  XhChart *chart = xh_chart_new (XH_CHART_STACKED);
  g_autoptr (GPtrArray) series = g_ptr_array_new (), colors = g_ptr_array_new_with_free_func (g_free);
  g_autofree XhColor *unset = NULL;
  g_autofree char *period = name_period (figures);
  g_autofree char *note = g_strconcat (period, _ ("By the grade as computed; who is not rated does not count."), NULL);

  for (guint i = 0; i < figures->card->grades->len; i++)
    {
      const XhGrade *grade = g_ptr_array_index (figures->card->grades, i);

      if (!grade->rated)
        continue;
      g_ptr_array_add (series, grade->name);
      g_ptr_array_add (colors, g_strdup_printf ("grade_%u_color", xh_grade_tint (figures->card, grade)));
    }
  g_ptr_array_add (colors, NULL);
  unset = g_new0 (XhColor, series->len);
  chart->percent = TRUE;
  xh_chart_set_series (chart, (const char *const *) series->pdata, unset, series->len);
  for (guint i = 0; i < figures->places->len; i++)
    {
      const XhFiguresPlace *place = g_ptr_array_index (figures->places, i);
      g_autofree char *name = name_place (figures, place->code);
      g_autofree double *values = g_new0 (double, figures->card->grades->len);

      for (guint j = 0, n = 0; j < figures->card->grades->len; j++)
        if (((XhGrade *) g_ptr_array_index (figures->card->grades, j))->rated)
          values[n++] = place->grades[j];
      xh_chart_add_bar (chart, name, place->code, values);
    }
  xh_chart_panel_set_chart (self->grades, _ ("How do the grades spread?"), note, _ ("Place"), chart,
                            (const char *const *) colors->pdata);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhDashboardPage) self = data;
  g_autoptr (GError) error = NULL;
  XhFigures *figures = xh_worker_finish (XH_WORKER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    {
      g_clear_pointer (&figures, xh_figures_free);
      return;
    }
  if (figures == NULL)
    {
      g_autofree char *reason = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->failed, reason);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  g_clear_pointer (&self->figures, xh_figures_free);
  self->figures = figures;
  g_ptr_array_sort (figures->places, compare_shares);
  /* Lines of the same length. */
  gtk_flow_box_set_max_children_per_line (self->cards, figures->rated != NULL ? N_CARDS / 2 : CARD_SUBJECTS);
  show_cards (self);
  xh_register_list_show (self->registers, figures);
  if (figures->rated != NULL)
    {
      show_share (self);
      show_grades (self);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->panels), figures->rated != NULL);
  gtk_stack_set_visible_child_name (self->stack, "figures");
}

static void
count_again (XhDashboardPage *self)
{
  XhFiguresWish *wish = xh_figures_wish_new (xh_session_get_catalog (self->session), xh_session_get_role (self->session),
                                             xh_session_get_profile (self->session)->division);

  self->counted = g_get_monotonic_time ();
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  xh_worker_run (xh_session_get_reader (self->session), G_PRIORITY_DEFAULT, xh_figures_count, wish, xh_figures_wish_free,
                 xh_figures_free, self->cancellable, counted_cb, g_object_ref (self));
}

static gboolean
count_source_cb (gpointer data)
{
  XhDashboardPage *self = data;

  self->count_source = 0;
  count_again (self);
  return G_SOURCE_REMOVE;
}

/* What comes alone is counted at once; the first pull brings many pages of news, and counting waits between them. */
static void
records_changed_cb (XhDashboardPage *self)
{
  const gint64 passed = (g_get_monotonic_time () - self->counted) / 1000;

  if (self->count_source == 0)
    self->count_source = g_timeout_add (passed > COUNT_PAUSE_MS ? 0 : COUNT_PAUSE_MS, count_source_cb, self);
}

static void
work_changed_cb (XhDashboardPage *self)
{
  if (self->figures != NULL)
    show_work (self);
}

static void
xh_dashboard_page_reload (XhPage *page)
{
  count_again (XH_DASHBOARD_PAGE (page));
}

static void
xh_dashboard_page_dispose (GObject *object)
{
  XhDashboardPage *self = XH_DASHBOARD_PAGE (object);

  g_clear_handle_id (&self->count_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->figures, xh_figures_free);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), XH_TYPE_DASHBOARD_PAGE);

  G_OBJECT_CLASS (xh_dashboard_page_parent_class)->dispose (object);
}

static void
xh_dashboard_page_class_init (XhDashboardPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_dashboard_page_dispose;
  XH_PAGE_CLASS (klass)->reload = xh_dashboard_page_reload;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/dashboard/xh-dashboard-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XhDashboardPage, stack);
  gtk_widget_class_bind_template_child (widget_class, XhDashboardPage, failed);
  gtk_widget_class_bind_template_child (widget_class, XhDashboardPage, cards);
  gtk_widget_class_bind_template_child (widget_class, XhDashboardPage, panels);
  gtk_widget_class_bind_template_child (widget_class, XhDashboardPage, registers_box);
}

static void
xh_dashboard_page_init (XhDashboardPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->share = XH_CHART_PANEL (xh_chart_panel_new ());
  self->grades = XH_CHART_PANEL (xh_chart_panel_new ());
  append_child (self->panels, GTK_WIDGET (self->share));
  append_child (self->panels, GTK_WIDGET (self->grades));
  self->registers = XH_REGISTER_LIST (xh_register_list_new ());
  gtk_box_append (self->registers_box, GTK_WIDGET (self->registers));
  g_signal_connect_object (self->registers, "opened", G_CALLBACK (register_opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->share, "activated", G_CALLBACK (share_activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->grades, "activated", G_CALLBACK (grades_activated_cb), self, G_CONNECT_SWAPPED);
  adw_status_page_set_title (self->failed, _ ("The figures cannot be counted"));
  xh_page_set_title (XH_PAGE (self), _ ("Dashboard"));
}

XhPage *
xh_dashboard_page_new (XhSession *session)
{
  XhDashboardPage *self = g_object_new (XH_TYPE_DASHBOARD_PAGE, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "records-changed", G_CALLBACK (records_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (xh_work_watch_of (session), "changed", G_CALLBACK (work_changed_cb), self, G_CONNECT_SWAPPED);
  count_again (self);
  return XH_PAGE (self);
}
