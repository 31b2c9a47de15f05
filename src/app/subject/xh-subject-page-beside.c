/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands beside the timeline: the grades, and of each group what is newest. */

#include "xh-subject-page-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/widgets/xh-state-badge.h"
#include "app/widgets/xh-names.h"

/* The page says the name already: what else the title says. */
static const char *
short_title (XhSubjectPage *self, const char *title)
{
  const char *name = self->reading->title;

  if (name != NULL && *name != '\0' && g_str_has_prefix (title, name))
    {
      title += strlen (name);
      while (*title == ' ')
        title++;
    }
  return title;
}

static GtkWidget *
create_line (const char *text, gboolean dim)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  xh_show_whole_when_cut (label);
  if (dim)
    {
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "dim-label");
    }
  return label;
}

GtkWidget *
xh_subject_row_widget (XhSubjectPage *self, const XhSubjectRow *row)
{
  const XhKind *kind = xh_catalog_find_kind (xh_session_get_catalog (self->session), row->kind);
  const XhState *state = xh_kind_find_state (kind, row->state);
  GtkWidget *widget = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *badge = xh_state_badge_new (), *date = create_line (row->date, FALSE);
  const char *what = xh_label_get (&kind->label), *title = short_title (self, row->title != NULL ? row->title : "");
  g_autofree char *spoken = g_strdup_printf ("%s %s %s %s", row->date != NULL ? row->date : "", what, title,
                                             state != NULL ? xh_label_get (&state->label) : "");

  gtk_widget_add_css_class (date, "numeric");
  gtk_widget_add_css_class (date, "dim-label");
  gtk_label_set_width_chars (GTK_LABEL (date), 10);
  gtk_box_append (GTK_BOX (lines), create_line (what, FALSE));
  if (*title != '\0' && g_strcmp0 (title, row->date) != 0)
    gtk_box_append (GTK_BOX (lines), create_line (title, TRUE));
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  xh_state_badge_set (XH_STATE_BADGE (badge), kind->states->len > 1 ? state : NULL);
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), date);
  gtk_box_append (GTK_BOX (box), lines);
  gtk_box_append (GTK_BOX (box), badge);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (widget), box);
  gtk_widget_add_css_class (widget, "work-row");
  g_object_set_data_full (G_OBJECT (widget), "record", g_strdup (row->id), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return widget;
}

static void
row_cb (GtkListBox *list, GtkListBoxRow *row, XhSubjectPage *self)
{
  xh_subject_page_open (self, g_object_get_data (G_OBJECT (row), "record"));
}

static GtkWidget *
create_list (XhSubjectPage *self, const char *name)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect (list, "row-activated", G_CALLBACK (row_cb), self);
  return list;
}

/* --- grades */

static GtkWidget *
create_grade (const XhSubjectGrade *grade)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *value = gtk_label_new (grade->grade);
  g_autoptr (GString) below = g_string_new (NULL);
  const char *const parts[] = { grade->version, grade->on, grade->by };
  const char *scheme = grade->scheme != NULL ? grade->scheme : xh_label_get (&grade->kind->label);
  g_autofree char *spoken = NULL;

  if (grade->scheme != NULL)
    g_string_append (below, xh_label_get (&grade->kind->label));
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL)
      g_string_append_printf (below, "%s%s", below->len > 0 ? " · " : "", parts[i]);
  gtk_box_append (GTK_BOX (lines), create_line (scheme, FALSE));
  gtk_box_append (GTK_BOX (lines), create_line (below->str, TRUE));
  gtk_widget_set_tooltip_text (lines, below->str);
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_add_css_class (value, "heading");
  gtk_widget_set_valign (value, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), lines);
  gtk_box_append (GTK_BOX (box), value);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_add_css_class (row, "work-row");
  g_object_set_data_full (G_OBJECT (row), "record", g_strdup (grade->id), g_free);
  spoken = g_strdup_printf ("%s %s %s", scheme, grade->grade, below->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

static GtkWidget *
append_section (XhSubjectPage *self, const char *title, guint n, const char *filter)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9), *list = create_list (self, title), *heading;
  g_autofree char *text = filter != NULL ? g_strdup_printf ("%s (%u)", title, n) : g_strdup (title);

  heading = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (self->beside, box);
  return list;
}

static void
show_group (XhSubjectPage *self, const XhGroup *group)
{
  XhCatalog *catalog = xh_session_get_catalog (self->session);
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);
  GtkWidget *list;
  guint n = 0;

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);

      if (!kind->subject_self && g_str_equal (kind->group, group->name))
        n += self->reading->counts[i];
    }
  if (n == 0)
    return;
  list = append_section (self, xh_label_get (&group->label), n, group->name);
  for (guint i = 0; i < self->reading->firsts->len; i++)
    {
      const XhSubjectRow *row = g_ptr_array_index (self->reading->firsts, i);

      if (g_str_equal (xh_catalog_find_kind (catalog, row->kind)->group, group->name))
        gtk_list_box_append (GTK_LIST_BOX (list), xh_subject_row_widget (self, row));
    }
}

void
xh_subject_page_show_beside (XhSubjectPage *self)
{
  GPtrArray *groups = xh_catalog_get_groups (xh_session_get_catalog (self->session)), *grades = self->reading->grades;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->beside))) != NULL)
    gtk_box_remove (self->beside, child);
  if (grades->len > 0)
    {
      GtkWidget *list = append_section (self, _("Grades"), grades->len, NULL);

      for (guint i = 0; i < grades->len && i < 20; i++)
        gtk_list_box_append (GTK_LIST_BOX (list), create_grade (g_ptr_array_index (grades, i)));
    }
  for (guint i = 0; i < groups->len; i++)
    show_group (self, g_ptr_array_index (groups, i));
  gtk_widget_set_visible (GTK_WIDGET (self->beside), gtk_widget_get_first_child (GTK_WIDGET (self->beside)) != NULL);
}
