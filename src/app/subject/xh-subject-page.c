/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-subject-page-private.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "app/widgets/xh-wrap-box.h"
#include "app/window/xh-window.h"
#include "app/work/xh-columns.h"

#define FIRST_ROWS 20
#define MORE_ROWS 40

G_DEFINE_FINAL_TYPE (XhSubjectPage, xh_subject_page, XH_TYPE_PAGE)

static void
clear (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    {
      if (GTK_IS_LIST_BOX (box))
        gtk_list_box_remove (GTK_LIST_BOX (box), child);
      else
        gtk_box_remove (GTK_BOX (box), child);
    }
}

void
xh_subject_page_open (XhSubjectPage *self, const char *id)
{
  g_autofree char *target = g_strconcat ("record:", id, NULL);
  XhWindow *window = xh_window_of (GTK_WIDGET (self));

  if (window != NULL)
    xh_window_open_target (window, target);
}

void
xh_subject_page_set_filter (XhSubjectPage *self, const char *filter)
{
  if (g_strcmp0 (self->filter, filter) == 0)
    return;
  g_free (self->filter);
  self->filter = g_strdup (filter);
  self->limit = FIRST_ROWS;
  xh_subject_page_read (self);
}

/* --- chips */

static void
chip_cb (GtkToggleButton *chip, XhSubjectPage *self)
{
  if (gtk_toggle_button_get_active (chip))
    xh_subject_page_set_filter (self, g_object_get_data (G_OBJECT (chip), "filter"));
}

static GtkWidget *
add_chip (XhSubjectPage *self, GtkWidget *box, GtkWidget *first, const char *label, guint n, const char *filter)
{
  g_autofree char *text = g_strdup_printf ("%s %u", label, n);
  GtkWidget *chip = gtk_toggle_button_new_with_label (text);

  gtk_widget_add_css_class (chip, "subject-chip");
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_object_set_data_full (G_OBJECT (chip), "filter", g_strdup (filter), g_free);
  if (first != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (chip), GTK_TOGGLE_BUTTON (first));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (chip), g_strcmp0 (self->filter, filter) == 0);
  g_signal_connect (chip, "toggled", G_CALLBACK (chip_cb), self);
  xh_wrap_box_append (XH_WRAP_BOX (box), chip);
  return chip;
}

/* The group that is chosen, itself or by one of its kinds. */
static const char *
chosen_group (XhSubjectPage *self)
{
  const XhKind *kind;

  if (self->filter == NULL || !g_str_has_prefix (self->filter, "kind:"))
    return self->filter;
  kind = xh_catalog_find_kind (xh_session_get_catalog (self->session), self->filter + 5);
  return kind != NULL ? kind->group : NULL;
}

static void
show_kind_chips (XhSubjectPage *self, const char *group, GtkWidget *first)
{
  GPtrArray *kinds = xh_catalog_get_kinds (xh_session_get_catalog (self->session));
  GtkWidget *box = NULL;
  guint n = 0;

  for (guint i = 0; i < kinds->len; i++)
    n += g_str_equal (((XhKind *) g_ptr_array_index (kinds, i))->group, group) && self->reading->counts[i] > 0;
  if (n < 2)
    return;
  box = g_object_new (XH_TYPE_WRAP_BOX, NULL);
  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      g_autofree char *filter = g_strconcat ("kind:", kind->name, NULL);

      if (g_str_equal (kind->group, group) && self->reading->counts[i] > 0)
        add_chip (self, box, first, xh_label_get (&kind->label), self->reading->counts[i], filter);
    }
  gtk_box_append (self->chips, box);
}

static void
show_chips (XhSubjectPage *self)
{
  XhCatalog *catalog = xh_session_get_catalog (self->session);
  GPtrArray *groups = xh_catalog_get_groups (catalog), *kinds = xh_catalog_get_kinds (catalog);
  GtkWidget *box = g_object_new (XH_TYPE_WRAP_BOX, NULL), *first;
  const char *chosen = chosen_group (self);

  clear (GTK_WIDGET (self->chips));
  first = add_chip (self, box, NULL, _("All"), self->reading->n_all, NULL);
  for (guint i = 0; i < groups->len; i++)
    {
      const XhGroup *group = g_ptr_array_index (groups, i);
      guint n = 0;

      for (guint j = 0; j < kinds->len; j++)
        if (g_str_equal (((XhKind *) g_ptr_array_index (kinds, j))->group, group->name))
          n += self->reading->counts[j];
      if (n > 0)
        add_chip (self, box, first, xh_label_get (&group->label), n, group->name);
    }
  gtk_box_append (self->chips, box);
  if (chosen != NULL)
    show_kind_chips (self, chosen, first);
}

/* --- what is shown */

static void
show_timeline (XhSubjectPage *self)
{
  const XhSubjectReading *reading = self->reading;

  clear (GTK_WIDGET (self->timeline));
  for (guint i = 0; i < reading->rows->len; i++)
    gtk_list_box_append (self->timeline, xh_subject_row_widget (self, g_ptr_array_index (reading->rows, i)));
  gtk_widget_set_visible (GTK_WIDGET (self->more), reading->rows->len < reading->n_rows && self->limit < XH_SUBJECT_MOST_ROWS);
  gtk_widget_set_visible (GTK_WIDGET (self->too_many), reading->rows->len < reading->n_rows && self->limit >= XH_SUBJECT_MOST_ROWS);
}

static void
show (XhSubjectPage *self)
{
  const XhSubjectReading *reading = self->reading;

  if (reading->n_all == 0)
    {
      gtk_stack_set_visible_child_name (self->stack, "nothing");
      return;
    }
  xh_page_set_title (XH_PAGE (self), reading->title != NULL && *reading->title != '\0' ? reading->title : _("Without a name"));
  xh_page_set_subtitle (XH_PAGE (self), _("Subject file"));
  xh_subject_page_show_head (self);
  show_chips (self);
  show_timeline (self);
  xh_subject_page_show_beside (self);
  xh_subject_page_show_menu (self);
  gtk_stack_set_visible_child_name (self->stack, "file");
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSubjectPage) self = data;
  g_autoptr (GError) error = NULL;
  XhSubjectReading *reading = xh_subject_reading_finish (XH_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    {
      xh_subject_reading_free (reading);
      return;
    }
  xh_page_set_notice (XH_PAGE (self), error != NULL ? error->message : NULL);
  if (reading == NULL)
    return;
  xh_subject_reading_free (self->reading);
  self->reading = reading;
  show (self);
}

void
xh_subject_page_read (XhSubjectPage *self)
{
  if (xh_session_get_reader (self->session) == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  xh_subject_reading_async (self->session, self->key, self->filter, self->limit, self->cancellable, read_cb, g_object_ref (self));
}

/* --- callbacks */

static void
changed_cb (XhSubjectPage *self)
{
  xh_subject_page_read (self);
}

static void
row_cb (GtkListBox *list, GtkListBoxRow *row, XhSubjectPage *self)
{
  xh_subject_page_open (self, g_object_get_data (G_OBJECT (row), "record"));
}

static void
more_cb (XhSubjectPage *self)
{
  self->limit += MORE_ROWS;
  xh_subject_page_read (self);
}

/* --- building */

static GtkWidget *
create_timeline (XhSubjectPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *heading = gtk_label_new (_("Timeline"));

  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "heading");
  self->chips = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  self->timeline = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->timeline, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->timeline), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->timeline), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Timeline"), -1);
  g_signal_connect (self->timeline, "row-activated", G_CALLBACK (row_cb), self);
  self->more = GTK_BUTTON (gtk_button_new_with_label (_("Show More")));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->more), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Show More"), -1);
  gtk_widget_set_halign (GTK_WIDGET (self->more), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->more), "flat");
  g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (more_cb), self);
  self->too_many = GTK_LABEL (gtk_label_new (_("There are older ones: choose a register above.")));
  gtk_widget_add_css_class (GTK_WIDGET (self->too_many), "dim-label");
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->chips));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->timeline));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->more));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->too_many));
  return box;
}

static GtkWidget *
create_file (XhSubjectPage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *clamp = adw_clamp_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  GtkWidget *columns = g_object_new (XH_TYPE_COLUMNS, NULL);

  self->head = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  self->beside = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 18));
  gtk_widget_set_valign (GTK_WIDGET (self->beside), GTK_ALIGN_START);
  xh_columns_append (XH_COLUMNS (columns), create_timeline (self));
  xh_columns_append (XH_COLUMNS (columns), GTK_WIDGET (self->beside));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->head));
  gtk_box_append (GTK_BOX (box), columns);
  gtk_widget_add_css_class (box, "subject-file");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 1080);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  return scroller;
}

static void
build (XhSubjectPage *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  self->nothing = ADW_STATUS_PAGE (adw_status_page_new ());
  adw_status_page_set_icon_name (self->nothing, "avatar-default-symbolic");
  adw_status_page_set_title (self->nothing, _("Nothing Is Known Here"));
  adw_status_page_set_description (self->nothing, _("No register that you may read has a record about this subject."));
  gtk_stack_add_named (self->stack, gtk_label_new (""), "reading");
  gtk_stack_add_named (self->stack, create_file (self), "file");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->nothing), "nothing");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}

/* --- page */

static void
xh_subject_page_reload (XhPage *page)
{
  xh_subject_page_read (XH_SUBJECT_PAGE (page));
}

static void
xh_subject_page_dispose (GObject *object)
{
  XhSubjectPage *self = XH_SUBJECT_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);
  adw_bin_set_child (ADW_BIN (self), NULL);

  G_OBJECT_CLASS (xh_subject_page_parent_class)->dispose (object);
}

static void
xh_subject_page_finalize (GObject *object)
{
  XhSubjectPage *self = XH_SUBJECT_PAGE (object);

  g_free (self->key);
  g_free (self->filter);
  g_free (self->merged);
  g_object_unref (self->cancellable);
  g_object_unref (self->actions);
  xh_subject_reading_free (self->reading);

  G_OBJECT_CLASS (xh_subject_page_parent_class)->finalize (object);
}

static void
xh_subject_page_class_init (XhSubjectPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_subject_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_subject_page_finalize;
  XH_PAGE_CLASS (klass)->reload = xh_subject_page_reload;
}

static void
xh_subject_page_init (XhSubjectPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->actions = g_simple_action_group_new ();
  self->limit = FIRST_ROWS;
  build (self);
}

XhPage *
xh_subject_page_new (XhSession *session, const char *key)
{
  XhSubjectPage *self = g_object_new (XH_TYPE_SUBJECT_PAGE, NULL);

  self->session = g_object_ref (session);
  self->key = g_strdup (key);
  xh_page_set_title (XH_PAGE (self), _("Subject file"));
  xh_subject_page_add_actions (self);
  g_signal_connect_object (session, "records-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  xh_subject_page_read (self);
  return XH_PAGE (self);
}
