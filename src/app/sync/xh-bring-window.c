/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-bring-window.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "xh-bring-job.h"

struct _XhBringWindow
{
  AdwWindow parent_instance;

  GtkBox *box;                 /* the groups, one below the other */
  AdwPreferencesGroup *about;
  AdwActionRow *state;         /* the last row of @about: proven or not, or why the file is none */
  GtkImage *state_image;
  GtkProgressBar *progress;
  GtkButton *bring_button;
  XhSession *session;          /* (owned) */
  XhBringFile *file;           /* (owned) (nullable) */
  GCancellable *cancellable;   /* (owned) */
};

G_DEFINE_FINAL_TYPE (XhBringWindow, xh_bring_window, ADW_TYPE_WINDOW)

static AdwActionRow *
add_row (AdwPreferencesGroup *group, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "title-lines", 0, "subtitle-lines", 0, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_preferences_group_add (group, row);
  return ADW_ACTION_ROW (row);
}

/* A short value stands at the end of its row. */
static void
add_fact (AdwPreferencesGroup *group, const char *title, const char *value)
{
  AdwActionRow *row = add_row (group, title, "");
  GtkWidget *label = gtk_label_new (value);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_margin_top (label, 6);
  gtk_widget_set_margin_bottom (label, 6);
  adw_action_row_add_suffix (row, label);
}

static void
show_state (XhBringWindow *self, const char *title, const char *subtitle, const char *icon, const char *style)
{
  static const char *const styles[] = { "success", "warning", "error" };

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->state), title);
  adw_action_row_set_subtitle (self->state, subtitle);
  gtk_image_set_from_icon_name (self->state_image, icon);
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->state_image), styles[i]);
  if (style != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->state_image), style);
}

/* --- what it holds */

static void
show_facts (XhBringWindow *self)
{
  const XhWorkFile *file = self->file->file;
  const XhWorkVerdict *verdict = self->file->verdict;
  g_autofree char *who = g_strdup_printf (_("%s (%s)"), verdict->name, file->login), *made = xh_text_exact (file->made);
  g_autofree char *holds = g_strdup_printf (ngettext ("%u change: %s", "%u changes: %s", file->n_ops), file->n_ops, self->file->holds);

  adw_preferences_group_remove (self->about, GTK_WIDGET (self->state)); /* it stays the last */
  add_fact (self->about, verdict->reason == NULL ? _("Work of") : _("Says that it is of"), who);
  add_fact (self->about, _("Saved"), made != NULL ? made : file->made);
  add_fact (self->about, _("Holds"), file->n_ops > 0 ? holds : _("Nothing"));
  if (verdict->brought != NULL)
    {
      g_autofree char *ago = xh_text_ago (verdict->brought_time);
      g_autofree char *text = g_strdup_printf (verdict->brought_whole ? _("%s, %s") : _("%s, %s, not to its end"), verdict->brought, ago != NULL ? ago : "");

      add_fact (self->about, _("Brought in before by"), text);
    }
  adw_preferences_group_add (self->about, GTK_WIDGET (self->state));
}

static void
look_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhBringWindow) self = data;
  g_autoptr (GError) error = NULL;
  XhBringFile *file = xh_bring_look_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      xh_bring_file_unref (file);
      return;
    }
  if (file == NULL)
    {
      show_state (self, _("This file cannot be brought in"), error->message, "dialog-error-symbolic", "error");
      return;
    }
  self->file = file;
  show_facts (self);
  if (file->verdict->reason != NULL)
    show_state (self, _("Not proven: it cannot be brought in"), file->verdict->reason, "dialog-error-symbolic", "error");
  else if (file->file->n_ops == 0)
    show_state (self, _("There is nothing to bring in"), "", "emblem-ok-symbolic", NULL);
  else
    show_state (self, _("The signature is proven"),
                file->verdict->brought_whole ? _("Signed on your colleague's own computer. Once more is harmless: nothing is doubled.")
                                             : _("Signed on your colleague's own computer. The changes go in under your colleague's name and rights; that you brought"
                                                 " them is noted."),
                "emblem-ok-symbolic", "success");
  gtk_widget_set_sensitive (GTK_WIDGET (self->bring_button), file->verdict->reason == NULL && file->file->n_ops > 0);
  if (gtk_widget_get_sensitive (GTK_WIDGET (self->bring_button)))
    gtk_widget_grab_focus (GTK_WIDGET (self->bring_button));
}

/* --- what became of it */

static void
add_line (AdwPreferencesGroup *group, const XhBringLine *line)
{
  AdwActionRow *row = add_row (group, line->title, line->text);
  GtkWidget *image = gtk_image_new_from_icon_name (line->taken ? "emblem-ok-symbolic" : "dialog-warning-symbolic");

  gtk_widget_add_css_class (image, line->taken ? "success" : "warning");
  adw_action_row_add_prefix (row, image);
}

static char *
sum_up (const XhBringResult *result)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%u taken over", "%u taken over", result->taken), result->taken);
  if (result->decide > 0)
    g_string_append_printf (text, ngettext (", %u for your colleague to decide", ", %u for your colleague to decide", result->decide), result->decide);
  if (result->refused > 0)
    g_string_append_printf (text, ngettext (", %u refused", ", %u refused", result->refused), result->refused);
  if (result->waiting > 0)
    g_string_append_printf (text, ngettext (", %u waiting", ", %u waiting", result->waiting), result->waiting);
  return g_string_free (text, FALSE);
}

static void
show_result (XhBringWindow *self, const XhBringResult *result)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_autofree char *sum = sum_up (result);
  const gboolean whole = result->decide + result->refused + result->waiting == 0;

  adw_preferences_group_set_title (group, _("What became of each change"));
  for (guint i = 0; i < result->lines->len; i++)
    add_line (group, g_ptr_array_index (result->lines, i));
  if (result->left_out > 0)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", result->left_out), result->left_out);

      add_row (group, more, "");
    }
  gtk_box_append (self->box, GTK_WIDGET (group));
  gtk_widget_set_visible (GTK_WIDGET (self->bring_button), FALSE);
  show_state (self, sum, whole ? _("When your colleague's computer comes to the server itself, nothing is doubled.")
                               : _("What was not taken over stays on your colleague's computer, too, and waits there for a decision."),
              whole ? "emblem-ok-symbolic" : "dialog-warning-symbolic", whole ? "success" : "warning");
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhBringWindow) self = data;
  g_autoptr (GError) error = NULL;
  XhBringResult *done = xh_bring_send_finish (result, &error);

  /* Also where the window has gone: what was sent stands there. */
  if (self->session != NULL && xh_session_get_engine (self->session) != NULL)
    xh_engine_sync_now (xh_session_get_engine (self->session));
  if (g_cancellable_is_cancelled (self->cancellable))
    {
      xh_bring_result_free (done);
      return;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  if (done != NULL)
    show_result (self, done);
  else
    {
      g_autofree char *text = g_strdup_printf (_("%s\nWhat was sent before stands; bring the file in again, nothing is doubled."), error->message);

      show_state (self, _("It was not brought in to its end"), text, "dialog-warning-symbolic", "warning");
      gtk_widget_set_sensitive (GTK_WIDGET (self->bring_button), TRUE);
    }
  xh_bring_result_free (done);
}

static void
progress_cb (guint done, guint all, gpointer data)
{
  gtk_progress_bar_set_fraction (XH_BRING_WINDOW (data)->progress, all > 0 ? (double) done / all : 1);
}

static void
bring_cb (XhBringWindow *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->bring_button), FALSE);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), TRUE);
  show_state (self, _("Bringing it in…"), _("Closing the window stops behind the part under way."), "emblem-synchronizing-symbolic", NULL);
  xh_bring_send_async (self->session, self->file, progress_cb, self, self->cancellable, sent_cb, g_object_ref (self));
}

/* --- the window */

static GtkWidget *
make_header (XhBringWindow *self)
{
  GtkWidget *header = adw_header_bar_new ();

  self->bring_button = GTK_BUTTON (gtk_button_new_with_label (_("Bring In")));
  gtk_widget_add_css_class (GTK_WIDGET (self->bring_button), "suggested-action");
  gtk_widget_set_sensitive (GTK_WIDGET (self->bring_button), FALSE);
  g_signal_connect_object (self->bring_button, "clicked", G_CALLBACK (bring_cb), self, G_CONNECT_SWAPPED);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), GTK_WIDGET (self->bring_button));
  return header;
}

static void
fill_box (XhBringWindow *self)
{
  self->about = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  self->state = add_row (self->about, _("Looking at the file…"), "");
  self->state_image = GTK_IMAGE (gtk_image_new_from_icon_name ("emblem-synchronizing-symbolic"));
  adw_action_row_add_prefix (self->state, GTK_WIDGET (self->state_image));
  g_object_ref (self->state); /* it is taken out and put back */
  self->progress = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Bringing it in…"), -1);
  gtk_box_append (self->box, GTK_WIDGET (self->about));
  gtk_box_append (self->box, GTK_WIDGET (self->progress));
}

static void
xh_bring_window_dispose (GObject *object)
{
  XhBringWindow *self = XH_BRING_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (xh_bring_window_parent_class)->dispose (object);
}

static void
xh_bring_window_finalize (GObject *object)
{
  XhBringWindow *self = XH_BRING_WINDOW (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->file, xh_bring_file_unref);
  G_OBJECT_CLASS (xh_bring_window_parent_class)->finalize (object);
}

static gboolean
xh_bring_window_close_request (GtkWindow *window)
{
  g_cancellable_cancel (XH_BRING_WINDOW (window)->cancellable);
  return GTK_WINDOW_CLASS (xh_bring_window_parent_class)->close_request (window);
}

static void
xh_bring_window_class_init (XhBringWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_bring_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_bring_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = xh_bring_window_close_request;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
xh_bring_window_init (XhBringWindow *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scrolled = gtk_scrolled_window_new (), *clamp = adw_clamp_new ();

  self->cancellable = g_cancellable_new ();
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 18));
  gtk_widget_set_margin_top (GTK_WIDGET (self->box), 18);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self->box), 18);
  gtk_widget_set_margin_start (GTK_WIDGET (self->box), 12);
  gtk_widget_set_margin_end (GTK_WIDGET (self->box), 12);
  fill_box (self);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (self->box));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (outer), make_header (self));
  gtk_box_append (GTK_BOX (outer), scrolled);
  adw_window_set_content (ADW_WINDOW (self), outer);
  gtk_window_set_title (GTK_WINDOW (self), _("Bring in a colleague's file"));
  gtk_window_set_default_size (GTK_WINDOW (self), 620, 540);
}

gboolean
xh_bring_window_is_open_to (XhSession *session)
{
  const XhRole *role = xh_catalog_find_role (xh_session_get_catalog (session), xh_session_get_role (session));

  return role != NULL && role->brings_work;
}

void
xh_bring_window_open (GtkWindow *parent, XhSession *session, const char *path)
{
  XhBringWindow *self = g_object_new (XH_TYPE_BRING_WINDOW, "transient-for", parent, "modal", TRUE, "destroy-with-parent", TRUE, NULL);

  self->session = g_object_ref (session);
  xh_bring_look_async (session, path, self->cancellable, look_cb, g_object_ref (self));
  gtk_window_present (GTK_WINDOW (self));
}
