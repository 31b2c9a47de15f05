/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-repair-page.h"

#include <glib/gi18n-lib.h>

#include "app/window/xh-window.h"
#include "xh-day-row.h"
#include "xh-repair-table.h"

#define APPLIED "applied_on" /* field of the day of application, in kinds that have one */

/* A row of the table on the screen; its place is that of the row in the table. */
typedef struct
{
  GtkCheckButton *radio;
  GtkLabel *earliest, *earliest_rule, *end, *end_rule;
} Line;

typedef struct
{
  GtkLabel *badge, *answer;
} Head;

struct _XhRepairPage
{
  XhPage parent_instance;

  XhDayRow *decided, *applied, *published, *start;
  GtkGrid *grid;
  GtkLabel *mark, *chosen, *result;
  GtkWidget *copy_button;
  GtkSpinButton *days;
  AdwActionRow *result_row;

  XhSession *session; /* (owned) */
  GPtrArray *table;   /* (owned) (nullable) of XhRepairGroup: what is shown */
  GArray *lines;      /* (owned) of Line: all rows of all groups */
  GArray *heads;      /* (owned) of Head */
};

G_DEFINE_FINAL_TYPE (XhRepairPage, xh_repair_page, XH_TYPE_PAGE)

/* --- what is chosen --- */

static const GDate *
get_day (XhDayRow *row, GDate *day)
{
  return xh_day_row_get (row, day) ? day : NULL;
}

static const XhRepairRow *
find_chosen (XhRepairPage *self, const XhRepairGroup **group)
{
  guint n = 0;

  for (guint i = 0; i < self->table->len; i++)
    {
      *group = g_ptr_array_index (self->table, i);
      for (guint j = 0; j < (*group)->rows->len; j++, n++)
        if (gtk_check_button_get_active (g_array_index (self->lines, Line, n).radio))
          return g_ptr_array_index ((*group)->rows, j);
    }

  return NULL;
}

/* (nullable) (transfer full) */
static char *
write_chosen (XhRepairPage *self)
{
  const XhRepairGroup *group;
  const XhRepairRow *row = find_chosen (self, &group);
  GDate decided, applied, published;

  if (row == NULL || !g_date_valid (&row->end.date))
    return NULL;

  return xh_repair_row_text (group, row, get_day (self->decided, &decided), get_day (self->applied, &applied),
                             get_day (self->published, &published));
}

static void
show_chosen (XhRepairPage *self)
{
  const XhRepairGroup *group;
  g_autofree char *text = write_chosen (self);

  gtk_widget_set_sensitive (self->copy_button, text != NULL);
  if (text != NULL)
    gtk_label_set_text (self->chosen, g_strchomp (text));
  else
    gtk_label_set_text (self->chosen, find_chosen (self, &group) != NULL ? _("The day it is counted from is missing.")
                                                                         : _("Choose a row above: its dates can then be copied."));
}

static void
copy_cb (XhRepairPage *self)
{
  g_autofree char *text = write_chosen (self);
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (text == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  if (window != NULL)
    xh_window_toast (window, _("Copied"));
}

/* --- the table --- */

static void
set_date (GtkLabel *label, GtkLabel *rule_label, const XhRepairDate *date, const char *instead)
{
  g_autofree char *text = instead != NULL ? g_strdup (instead) : xh_repair_date_text (date);
  g_autofree char *rule = instead != NULL || date->rule == NULL ? g_strdup ("") : xh_repair_rule_text (date->rule);

  gtk_label_set_text (label, text);
  gtk_label_set_text (rule_label, rule);
}

static void
show_head (const Head *head, const XhRepairGroup *group)
{
  g_autofree char *date = xh_repair_date_text (&group->answer), *rule = xh_repair_rule_text (group->answer.rule), *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (head->badge), group->by_application);
  if (group->answer.rule != NULL && g_date_valid (&group->answer.date))
    text = g_strdup_printf (_("Answer by %s (%s)"), date, rule);
  else if (group->answer.rule != NULL)
    text = g_strdup_printf (_("Answer within %s"), rule);
  gtk_label_set_text (head->answer, text != NULL ? text : "");
}

static void
show_mark (XhRepairPage *self)
{
  const int year = xh_repair_table_estimated (self->table);
  g_autofree char *text = g_strdup_printf (_("※ The holidays of %d are not published yet; estimated by the statutory ones"), year);

  gtk_widget_set_visible (GTK_WIDGET (self->mark), year != 0);
  gtk_label_set_text (self->mark, text);
}

static void
update (XhRepairPage *self)
{
  GDate decided, applied, published;
  guint n = 0;

  if (self->session == NULL)
    return;

  g_clear_pointer (&self->table, g_ptr_array_unref);
  self->table = xh_repair_table_new (xh_session_get_catalog (self->session), get_day (self->decided, &decided),
                                     get_day (self->applied, &applied), get_day (self->published, &published));
  for (guint i = 0; i < self->table->len; i++)
    {
      const XhRepairGroup *group = g_ptr_array_index (self->table, i);

      if (i < self->heads->len)
        show_head (&g_array_index (self->heads, Head, i), group);
      for (guint j = 0; j < group->rows->len && n < self->lines->len; j++, n++)
        {
          const XhRepairRow *row = g_ptr_array_index (group->rows, j);
          const Line *line = &g_array_index (self->lines, Line, n);

          set_date (line->earliest, line->earliest_rule, &row->earliest, row->no_early ? _("No early repair") : NULL);
          set_date (line->end, line->end_rule, &row->end, NULL);
        }
    }
  show_mark (self);
  if (self->lines->len > 0)
    show_chosen (self);
}

/* --- building the table --- */

static GtkLabel *
add_label (XhRepairPage *self, int column, int row, const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, css);
  gtk_grid_attach (self->grid, label, column, row, 1, 1);

  return GTK_LABEL (label);
}

/* A date, and how long it took to get there, small beside it. */
static GtkLabel *
add_date (XhRepairPage *self, int column, int row, GtkLabel **rule)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *date = gtk_label_new (NULL), *small = gtk_label_new (NULL);

  gtk_label_set_selectable (GTK_LABEL (date), TRUE);
  gtk_widget_set_focusable (date, FALSE);
  gtk_widget_add_css_class (date, "numeric");
  gtk_widget_add_css_class (small, "dim-label");
  gtk_widget_add_css_class (small, "caption");
  gtk_box_append (GTK_BOX (box), date);
  gtk_box_append (GTK_BOX (box), small);
  gtk_grid_attach (self->grid, box, column, row, 1, 1);
  *rule = GTK_LABEL (small);

  return GTK_LABEL (date);
}

static void
add_head (XhRepairPage *self, const XhRepairGroup *group, int row)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *title = gtk_label_new (group->set != NULL ? xh_label_get (&group->set->label) : _("Market regulator’s system"));
  GtkWidget *document = gtk_label_new (group->set != NULL ? group->set->document : _("Counted from the day of publication there"));
  Head head = { GTK_LABEL (gtk_label_new (_("suggested by the date of application"))), GTK_LABEL (gtk_label_new (NULL)) };

  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (document, "dim-label");
  gtk_widget_add_css_class (document, "caption");
  gtk_label_set_xalign (GTK_LABEL (document), 0);
  gtk_label_set_wrap (GTK_LABEL (document), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (document), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (GTK_WIDGET (head.badge), "state-badge");
  gtk_widget_add_css_class (GTK_WIDGET (head.badge), "tone-active");
  gtk_widget_add_css_class (GTK_WIDGET (head.answer), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (head.answer), "dim-label");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (GTK_WIDGET (head.answer), GTK_ALIGN_END);

  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (head.badge));
  gtk_box_append (GTK_BOX (words), line);
  gtk_box_append (GTK_BOX (words), document);
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (head.answer));
  gtk_widget_set_margin_top (box, 12);
  gtk_grid_attach (self->grid, box, 0, row, 3, 1);
  g_array_append_val (self->heads, head);
}

static void
add_line (XhRepairPage *self, const XhRepairGroup *group, const XhRepairRow *row, int place)
{
  const char *tier = xh_label_get (&row->tier->label), *note = xh_label_get (&row->tier->note);
  g_autofree char *name = g_strdup_printf (_("%s: %s"), group->set != NULL ? xh_label_get (&group->set->label) : _("Market regulator’s system"), tier);
  GtkWidget *radio = gtk_check_button_new (), *label = gtk_label_new (tier);
  Line line = { .radio = GTK_CHECK_BUTTON (radio) };

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_margin_start (label, 6);
  gtk_check_button_set_child (line.radio, label);
  gtk_widget_set_hexpand (radio, TRUE);
  gtk_widget_set_tooltip_text (radio, note);
  gtk_accessible_update_property (GTK_ACCESSIBLE (radio), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (self->lines->len > 0)
    gtk_check_button_set_group (line.radio, g_array_index (self->lines, Line, 0).radio);
  g_signal_connect_object (radio, "toggled", G_CALLBACK (show_chosen), self, G_CONNECT_SWAPPED);
  gtk_grid_attach (self->grid, radio, 0, place, 1, 1);
  line.earliest = add_date (self, 1, place, &line.earliest_rule);
  line.end = add_date (self, 2, place, &line.end_rule);
  g_array_append_val (self->lines, line);
}

static void
build_table (XhRepairPage *self)
{
  int place = 0;

  add_label (self, 1, place, _("May be repaired from"), "caption-heading");
  add_label (self, 2, place++, _("Display ends on"), "caption-heading");
  for (guint i = 0; i < self->table->len; i++)
    {
      const XhRepairGroup *group = g_ptr_array_index (self->table, i);

      add_head (self, group, place++);
      for (guint j = 0; j < group->rows->len; j++)
        add_line (self, group, g_ptr_array_index (group->rows, j), place++);
    }
}

/* --- working days --- */

static void
update_workdays (XhRepairPage *self)
{
  XhCalendar *calendar = self->session != NULL ? xh_catalog_get_calendar (xh_session_get_catalog (self->session)) : NULL;
  GDate start, end;
  XhRepairDate date = { 0 };
  g_autofree char *text = NULL, *weekday = NULL, *mark = NULL;
  char day[32];

  if (calendar == NULL)
    return;
  if (!xh_day_row_get (self->start, &start)
      || !xh_calendar_add_workdays (calendar, &start, gtk_spin_button_get_value_as_int (self->days), &end))
    {
      gtk_label_set_text (self->result, "—");
      adw_action_row_set_subtitle (self->result_row, "");
      return;
    }

  date.date = end;
  date.estimated = xh_calendar_is_estimated (calendar, &end) || xh_calendar_is_estimated (calendar, &start);
  text = xh_repair_date_text (&date);
  g_date_strftime (day, sizeof day, "%A", &end);
  weekday = g_strdup_printf ("%s  %s", text, day);
  gtk_label_set_text (self->result, weekday);
  if (date.estimated)
    mark = g_strdup_printf (_("※ The holidays of %d are not published yet; estimated by the statutory ones"),
                            MAX (g_date_get_year (&end), g_date_get_year (&start)));
  adw_action_row_set_subtitle (self->result_row, mark != NULL ? mark : "");
}

/* --- page --- */

static void
take (XhDayRow *row, const XhRecord *record, const XhField *field)
{
  const XhValue *value = field != NULL ? xh_record_get (record, field->name) : NULL;

  if (value != NULL && value->type == XH_VALUE_TEXT)
    xh_day_row_set (row, xh_value_as_text (value));
}

static void
take_record (XhRepairPage *self, const XhRecord *record)
{
  g_autofree char *title = xh_store_title (xh_session_get_store (self->session), record->id, NULL);

  xh_page_set_subtitle (XH_PAGE (self), title);
  take (self->decided, record, xh_repair_base_field (record->kind, "repair_min"));
  take (self->published, record, xh_repair_base_field (record->kind, "market_display"));
  take (self->applied, record, xh_kind_find_field (record->kind, APPLIED));
}

static gboolean
xh_repair_page_find (XhPage *page)
{
  return gtk_widget_grab_focus (GTK_WIDGET (XH_REPAIR_PAGE (page)->decided));
}

static void
xh_repair_page_dispose (GObject *object)
{
  XhRepairPage *self = XH_REPAIR_PAGE (object);

  g_clear_object (&self->session);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_REPAIR_PAGE);

  G_OBJECT_CLASS (xh_repair_page_parent_class)->dispose (object);
}

static void
xh_repair_page_finalize (GObject *object)
{
  XhRepairPage *self = XH_REPAIR_PAGE (object);

  g_clear_pointer (&self->table, g_ptr_array_unref);
  g_array_unref (self->lines);
  g_array_unref (self->heads);

  G_OBJECT_CLASS (xh_repair_page_parent_class)->finalize (object);
}

static void
xh_repair_page_class_init (XhRepairPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_repair_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_repair_page_finalize;
  XH_PAGE_CLASS (klass)->find = xh_repair_page_find;
  g_type_ensure (XH_TYPE_DAY_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/tools/xh-repair-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XhRepairPage, decided);
  gtk_widget_class_bind_template_child (widget_class, XhRepairPage, applied);
  gtk_widget_class_bind_template_child (widget_class, XhRepairPage, published);
  gtk_widget_class_bind_template_child (widget_class, XhRepairPage, start);
  gtk_widget_class_bind_template_child (widget_class, XhRepairPage, grid);
  gtk_widget_class_bind_template_child (widget_class, XhRepairPage, mark);
  gtk_widget_class_bind_template_child (widget_class, XhRepairPage, chosen);
  gtk_widget_class_bind_template_child (widget_class, XhRepairPage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, XhRepairPage, days);
  gtk_widget_class_bind_template_child (widget_class, XhRepairPage, result);
  gtk_widget_class_bind_template_child (widget_class, XhRepairPage, result_row);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, update_workdays);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
xh_repair_page_init (XhRepairPage *self)
{
  self->lines = g_array_new (FALSE, TRUE, sizeof (Line));
  self->heads = g_array_new (FALSE, TRUE, sizeof (Head));
  gtk_widget_init_template (GTK_WIDGET (self));
}

XhPage *
xh_repair_page_new (XhSession *session, const XhRecord *record)
{
  XhRepairPage *self = g_object_new (XH_TYPE_REPAIR_PAGE, NULL);
  g_autofree char *today = NULL;
  GDate day;

  self->session = g_object_ref (session);
  self->table = xh_repair_table_new (xh_session_get_catalog (session), NULL, NULL, NULL);
  build_table (self);
  xh_date_today (&day);
  today = xh_date_format (&day);
  xh_day_row_set (self->applied, today);
  xh_day_row_set (self->start, today);
  if (record != NULL)
    take_record (self, record);
  update (self);
  update_workdays (self);

  return XH_PAGE (self);
}
