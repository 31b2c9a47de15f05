/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-work-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "app/window/xh-window.h"

#define FIRST_ROWS 6
#define MORE_ROWS 20

G_DEFINE_FINAL_TYPE (XhWorkPage, xh_work_page, XH_TYPE_PAGE)

static void read_again (XhWorkPage *self);

/* --- what is shown --- */

static void
place_month (XhWorkPage *self, gboolean alone)
{
  AdwBin *place = alone ? self->nothing_month : self->month_place;
  AdwBin *other = alone ? self->month_place : self->nothing_month;

  if (adw_bin_get_child (place) == self->month)
    return;

  adw_bin_set_child (other, NULL);
  adw_bin_set_child (place, self->month);
}

static void
show_reading (XhWorkPage *self, const XhWorkReading *reading)
{
  const gint64 *counts = reading->work->counts;
  const gint64 due = counts[XH_WORK_OVERDUE] + counts[XH_WORK_TODAY] + counts[XH_WORK_WEEK];
  const gint64 decide = counts[XH_WORK_RETURNED] + counts[XH_WORK_REVIEW];
  const gboolean any = due + decide + counts[XH_WORK_UNSENT] + counts[XH_WORK_DRAFTS] > 0;

  for (guint i = 0; i < XH_WORK_N_SECTIONS; i++)
    xh_work_card_show (self->cards[i], reading->rows[i], counts[i]);
  gtk_widget_set_visible (self->no_due, due == 0);
  gtk_widget_set_visible (self->no_review, decide == 0);
  place_month (self, !any);
  gtk_stack_set_visible_child_name (self->stack, any ? "work" : xh_session_is_filling (self->session) ? "coming" : "nothing");
  xh_work_page_update_bar (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhWorkPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhWorkReading) reading = xh_work_reading_finish (XH_SESSION (source), result, &error);

  self->reading = FALSE;
  if (self->session == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  xh_page_set_notice (XH_PAGE (self), error != NULL ? error->message : NULL);
  if (reading != NULL)
    show_reading (self, reading);
  if (self->stale && gtk_widget_get_mapped (GTK_WIDGET (self)))
    read_again (self);
}

static void
month_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhWorkPage) self = data;
  XhWorkMonth month;
  g_autofree char *made = NULL, *accepted = NULL;

  if (!xh_work_month_finish (XH_SESSION (source), result, &month, NULL) || self->session == NULL)
    return;

  made = xh_text_number (month.made);
  accepted = xh_text_number (month.accepted);
  gtk_label_set_text (self->made, made);
  gtk_label_set_text (self->accepted, accepted);
}

static void
read_again (XhWorkPage *self)
{
  self->stale = self->reading;
  if (self->reading || xh_session_get_reader (self->session) == NULL)
    return;

  self->reading = TRUE;
  xh_work_reading_async (self->session, self->limits, self->cancellable, read_cb, g_object_ref (self));
  xh_work_month_async (self->session, self->cancellable, month_cb, g_object_ref (self));
}

/* --- callbacks --- */

static void
changed_cb (XhWorkPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    read_again (self);
  else
    self->stale = TRUE;
}

/* Drafts tell nobody that they were written: they are looked at whenever one comes back here. */
static void
map_cb (XhWorkPage *self)
{
  read_again (self);
}

static void
opened_cb (XhWorkPage *self, XhWorkRowWidget *row)
{
  g_autofree char *target = g_strconcat ("record:", xh_work_row_widget_get_id (row), NULL);

  xh_window_open_target (xh_window_of (GTK_WIDGET (self)), target);
}

/* A record may stand in two sections; ticked in one, it is not left behind in the other when the tick goes. */
static void
toggled_cb (XhWorkPage *self, XhWorkRowWidget *row)
{
  if (!xh_work_row_widget_is_ticked (row))
    for (guint i = 0; i < XH_WORK_N_SECTIONS; i++)
      xh_work_card_untick (self->cards[i], xh_work_row_widget_get_id (row));
  xh_work_page_update_bar (self);
}

static void
more_cb (XhWorkPage *self, XhWorkCard *card)
{
  for (guint i = 0; i < XH_WORK_N_SECTIONS; i++)
    if (self->cards[i] == card)
      self->limits[i] += MORE_ROWS;
  read_again (self);
}

/* --- building --- */

static GtkWidget *
create_heading (const char *text)
{
  GtkWidget *heading = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "heading");

  return heading;
}

/* What is said where nothing is to be done. */
static GtkWidget *
create_quiet (const char *title, const char *text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9), *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (line), gtk_image_new_from_icon_name ("emblem-ok-symbolic"));
  gtk_box_append (GTK_BOX (line), label);
  gtk_widget_add_css_class (line, "card");
  gtk_widget_add_css_class (line, "work-quiet");
  gtk_box_append (GTK_BOX (box), create_heading (title));
  gtk_box_append (GTK_BOX (box), line);
  gtk_widget_set_visible (box, FALSE);

  return box;
}

static GtkLabel *
add_figure (GtkWidget *box, const char *name)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3), *figure = gtk_label_new ("…"), *label = gtk_label_new (name);

  gtk_widget_add_css_class (figure, "title-1");
  gtk_widget_add_css_class (figure, "numeric");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (figure), GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  gtk_widget_set_hexpand (column, TRUE);
  gtk_box_append (GTK_BOX (column), figure);
  gtk_box_append (GTK_BOX (column), label);
  gtk_box_append (GTK_BOX (box), column);

  return GTK_LABEL (figure);
}

static GtkWidget *
create_month (XhWorkPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9), *figures = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_widget_add_css_class (figures, "card");
  gtk_widget_add_css_class (figures, "work-month");
  gtk_box_set_homogeneous (GTK_BOX (figures), TRUE);
  self->made = add_figure (figures, _("records made"));
  self->accepted = add_figure (figures, _("settled or accepted"));
  gtk_box_append (GTK_BOX (box), create_heading (_("This Month")));
  gtk_box_append (GTK_BOX (box), figures);

  return box;
}

static GtkWidget *
add_column (XhWorkPage *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  gtk_widget_set_valign (column, GTK_ALIGN_START);
  xh_columns_append (self->columns, column);

  return column;
}

static void
add_card (XhWorkPage *self, GtkWidget *column, XhWorkSection section, const char *title, gboolean may_tick)
{
  GtkWidget *card = xh_work_card_new (title, may_tick, section <= XH_WORK_WEEK);

  self->cards[section] = XH_WORK_CARD (card);
  self->limits[section] = FIRST_ROWS;
  g_signal_connect_object (card, "opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "more", G_CALLBACK (more_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (column), card);
}

static void
build (XhWorkPage *self)
{
  GtkWidget *by_day = add_column (self), *decide = add_column (self), *own = add_column (self);

  self->no_due = create_quiet (_("Due"), _("Nothing is overdue, and nothing is due within a week."));
  self->no_review = create_quiet (_("To Decide"), _("Nothing waits for your decision, nothing came back."));
  gtk_box_append (GTK_BOX (by_day), self->no_due);
  add_card (self, by_day, XH_WORK_OVERDUE, _("Overdue"), TRUE);
  add_card (self, by_day, XH_WORK_TODAY, _("Due Today"), TRUE);
  add_card (self, by_day, XH_WORK_WEEK, _("Due Within a Week"), TRUE);
  gtk_box_append (GTK_BOX (decide), self->no_review);
  add_card (self, decide, XH_WORK_RETURNED, _("Came Back to Me"), TRUE);
  add_card (self, decide, XH_WORK_REVIEW, _("For Me to Review"), TRUE);
  add_card (self, own, XH_WORK_DRAFTS, _("Drafts"), FALSE);
  add_card (self, own, XH_WORK_UNSENT, _("Not Sent Yet"), FALSE);
  self->month = g_object_ref_sink (create_month (self));
  self->month_place = ADW_BIN (adw_bin_new ());
  gtk_box_append (GTK_BOX (own), GTK_WIDGET (self->month_place));
}

/* --- overrides --- */

static void
xh_work_page_reload (XhPage *page)
{
  read_again (XH_WORK_PAGE (page));
}

static void
xh_work_page_dispose (GObject *object)
{
  XhWorkPage *self = XH_WORK_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);
  g_clear_object (&self->bulk);
  g_clear_object (&self->last_bulk);
  g_clear_object (&self->month);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_WORK_PAGE);

  G_OBJECT_CLASS (xh_work_page_parent_class)->dispose (object);
}

static void
xh_work_page_finalize (GObject *object)
{
  XhWorkPage *self = XH_WORK_PAGE (object);

  g_object_unref (self->cancellable);
  g_object_unref (self->actions);

  G_OBJECT_CLASS (xh_work_page_parent_class)->finalize (object);
}

static void
xh_work_page_class_init (XhWorkPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_work_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_work_page_finalize;
  XH_PAGE_CLASS (klass)->reload = xh_work_page_reload;

  g_type_ensure (XH_TYPE_COLUMNS);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/work/xh-work-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XhWorkPage, stack);
  gtk_widget_class_bind_template_child (widget_class, XhWorkPage, columns);
  gtk_widget_class_bind_template_child (widget_class, XhWorkPage, nothing_month);
  gtk_widget_class_bind_template_child (widget_class, XhWorkPage, revealer);
  gtk_widget_class_bind_template_child (widget_class, XhWorkPage, bar);
  gtk_widget_class_bind_template_child (widget_class, XhWorkPage, selected);
  gtk_widget_class_bind_template_child (widget_class, XhWorkPage, steps);
  gtk_widget_class_bind_template_child (widget_class, XhWorkPage, progress_label);
  gtk_widget_class_bind_template_child (widget_class, XhWorkPage, progress);
}

static void
xh_work_page_init (XhWorkPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->actions = g_simple_action_group_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  build (self);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
}

XhPage *
xh_work_page_new (XhSession *session)
{
  XhWorkPage *self = g_object_new (XH_TYPE_WORK_PAGE, NULL);
  GDate today;
  char day[11];

  xh_date_today (&today);
  g_date_strftime (day, sizeof day, "%Y-%m-%d", &today);
  self->session = g_object_ref (session);
  xh_page_set_title (XH_PAGE (self), _("My Work"));
  xh_page_set_subtitle (XH_PAGE (self), day);
  xh_work_page_add_bulk_actions (self);
  g_signal_connect_object (xh_work_watch_of (session), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  /* What was called coming may be all there is. */
  g_signal_connect_object (xh_session_get_engine (session), "notify::last-contact", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (xh_session_get_engine (session), "notify::total", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);

  return XH_PAGE (self);
}
