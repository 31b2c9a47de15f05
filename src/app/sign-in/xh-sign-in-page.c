/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-sign-in-page.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-names.h"
#include "app/xh-application.h"
#include "xh-demo-accounts.h"

#define ASK_DELAY_MS 400

struct _XhSignInPage
{
  AdwBin parent_instance;

  GtkLabel *heading, *subheading;
  AdwPreferencesGroup *group, *demo_group;
  GtkGrid *demo_grid;
  AdwEntryRow *server_row, *login_row, *password_row;
  GtkRevealer *fault_revealer;
  GtkLabel *fault, *contact, *button_label;
  GtkButton *button, *other_button;
  GtkSpinner *spinner;

  char *data_folder;         /* (owned) */
  XhSession *locked;         /* (owned) (nullable) the session whose password is asked for */
  GCancellable *cancellable; /* (owned) (nullable) of the sign-in under way */
  GCancellable *asking;      /* (owned) (nullable) of the question to the server */
  guint ask_source;
  guint n_demo;              /* accounts shown */
};

G_DEFINE_FINAL_TYPE (XhSignInPage, xh_sign_in_page, ADW_TYPE_BIN)

enum
{
  SIGNED_IN,
  UNLOCKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
row_text (AdwEntryRow *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static void
update_sensitive (XhSignInPage *self)
{
  const gboolean busy = self->cancellable != NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->group), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->demo_group), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), !busy && *row_text (self->login_row) != '\0'
                                                         && *row_text (self->password_row) != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_label_set_text (self->button_label, busy                   ? _("Signing in…")
                                          : self->locked != NULL ? _("Unlock")
                                                                 : _("Sign In"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (self->button_label), -1);
}

static void
show_fault (XhSignInPage *self, const char *text)
{
  if (text != NULL)
    gtk_label_set_text (self->fault, text);
  gtk_revealer_set_reveal_child (self->fault_revealer, text != NULL);
}

static void
show_error (XhSignInPage *self, const GError *error)
{
  if (g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_SIGN_IN))
    show_fault (self, _("Account and password do not fit together."));
  else if (g_error_matches (error, XH_SYNC_ERROR, XH_SYNC_ERROR_OFFLINE))
    show_fault (self, _("The server cannot be reached, and this account has not signed in on this computer before. "
                        "Check the address and the network; the first sign-in needs them."));
  else
    show_fault (self, error->message);
}

static void submit (XhSignInPage *self);

/* --- what the server says of itself --- */

static void
demo_cb (GtkButton *button, XhSignInPage *self)
{
  const XhDemoAccount *account = g_object_get_data (G_OBJECT (button), "account");

  gtk_editable_set_text (GTK_EDITABLE (self->login_row), account->login);
  gtk_editable_set_text (GTK_EDITABLE (self->password_row), account->password);
  submit (self);
}

static void
clear_demo (XhSignInPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->demo_grid))) != NULL)
    gtk_grid_remove (self->demo_grid, child);
  self->n_demo = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->demo_group), FALSE);
}

static void
add_demo (XhSignInPage *self, XhDemoAccount *account)
{
  const char *name = account->name != NULL ? account->name : account->login;
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *title = gtk_label_new (name);
  GtkWidget *subtitle = gtk_label_new (account->role);

  gtk_widget_add_css_class (subtitle, "caption");
  gtk_widget_add_css_class (subtitle, "dim-label");
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (subtitle), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), subtitle);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "demo-account");
  gtk_widget_set_tooltip_text (button, account->login);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "account", account, (GDestroyNotify) xh_demo_account_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (demo_cb), self, 0);
  gtk_grid_attach (self->demo_grid, button, self->n_demo % 2, self->n_demo / 2, 1, 1);
  self->n_demo++;
}

static void
show_demo (XhSignInPage *self, GPtrArray *accounts)
{
  clear_demo (self);
  while (accounts->len > 0)
    add_demo (self, g_ptr_array_steal_index (accounts, 0));
  gtk_widget_set_visible (GTK_WIDGET (self->demo_group), self->n_demo > 0 && self->locked == NULL);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSignInPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) accounts = xh_demo_accounts_ask_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->asking);
  gtk_widget_set_visible (GTK_WIDGET (self->contact), accounts == NULL);
  if (accounts != NULL)
    show_demo (self, accounts);
  else
    gtk_label_set_text (self->contact, _("The server does not answer. With the password of the last sign-in you can "
                                         "open the data kept on this computer."));
}

static gboolean
ask_server_cb (gpointer data)
{
  XhSignInPage *self = data;

  self->ask_source = 0;
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  if (*row_text (self->server_row) != '\0')
    {
      self->asking = g_cancellable_new ();
      xh_demo_accounts_ask_async (row_text (self->server_row), self->asking, asked_cb, g_object_ref (self));
    }

  return G_SOURCE_REMOVE;
}

/* --- signing in --- */

static void
settle (XhSignInPage *self)
{
  g_clear_object (&self->cancellable);
  gtk_editable_set_text (GTK_EDITABLE (self->password_row), "");
  update_sensitive (self);
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSignInPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (XhSession) session = xh_session_sign_in_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (session == NULL)
    {
      settle (self);
      show_error (self, error);
      gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
      return;
    }

  g_settings_set_string (xh_settings (), "server", row_text (self->server_row));
  g_settings_set_string (xh_settings (), "login", row_text (self->login_row));
  settle (self);
  g_signal_emit (self, signals[SIGNED_IN], 0, session);
}

static void
renewed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhSignInPage) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean right = xh_session_renew_finish (XH_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  settle (self);
  if (!right)
    {
      show_error (self, error);
      gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
      return;
    }

  xh_sign_in_page_reset (self);
  g_signal_emit (self, signals[UNLOCKED], 0);
}

static void
submit (XhSignInPage *self)
{
  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->button)))
    return;

  show_fault (self, NULL);
  /* An entry that turns insensitive with the focus in it misses that it lost it. */
  gtk_root_set_focus (gtk_widget_get_root (GTK_WIDGET (self)), NULL);
  self->cancellable = g_cancellable_new ();
  update_sensitive (self);
  if (self->locked != NULL)
    xh_session_renew_async (self->locked, row_text (self->password_row), self->cancellable, renewed_cb,
                            g_object_ref (self));
  else
    xh_session_sign_in_async (self->data_folder, row_text (self->server_row), row_text (self->login_row),
                              row_text (self->password_row), self->cancellable, signed_in_cb, g_object_ref (self));
}

static void
submit_cb (XhSignInPage *self)
{
  submit (self);
}

static void
changed_cb (XhSignInPage *self)
{
  update_sensitive (self);
}

static void
server_changed_cb (XhSignInPage *self)
{
  g_clear_handle_id (&self->ask_source, g_source_remove);
  self->ask_source = g_timeout_add (ASK_DELAY_MS, ask_server_cb, self);
  clear_demo (self);
  update_sensitive (self);
}

/* Puts the focus where something is missing. */
static void
map_cb (XhSignInPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (*row_text (self->login_row) == '\0' ? self->login_row : self->password_row));
}

static void
xh_sign_in_page_dispose (GObject *object)
{
  XhSignInPage *self = XH_SIGN_IN_PAGE (object);

  g_clear_handle_id (&self->ask_source, g_source_remove);
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->asking);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->locked);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_SIGN_IN_PAGE);

  G_OBJECT_CLASS (xh_sign_in_page_parent_class)->dispose (object);
}

static void
xh_sign_in_page_finalize (GObject *object)
{
  XhSignInPage *self = XH_SIGN_IN_PAGE (object);

  g_free (self->data_folder);

  G_OBJECT_CLASS (xh_sign_in_page_parent_class)->finalize (object);
}

static void
xh_sign_in_page_class_init (XhSignInPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_sign_in_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_sign_in_page_finalize;

  signals[SIGNED_IN] = g_signal_new ("signed-in", XH_TYPE_SIGN_IN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, XH_TYPE_SESSION);
  signals[UNLOCKED] = g_signal_new ("unlocked", XH_TYPE_SIGN_IN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/xinheng/Xinheng/sign-in/xh-sign-in-page.ui");
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, heading);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, subheading);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, group);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, demo_group);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, demo_grid);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, server_row);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, login_row);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, fault_revealer);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, fault);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, contact);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, button_label);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, button);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, other_button);
  gtk_widget_class_bind_template_child (widget_class, XhSignInPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, submit_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, server_changed_cb);
}

static void
xh_sign_in_page_init (XhSignInPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  xh_name_by_tooltip (GTK_WIDGET (self->password_row));
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  update_sensitive (self);
}

void
xh_sign_in_page_set_place (XhSignInPage *self, const char *data_folder, const char *server)
{
  g_autofree char *known_server = g_settings_get_string (xh_settings (), "server");
  g_autofree char *known_login = g_settings_get_string (xh_settings (), "login");
  const char *login = g_getenv ("XINHENG_LOGIN");

  g_return_if_fail (XH_IS_SIGN_IN_PAGE (self));

  g_free (self->data_folder);
  self->data_folder = g_strdup (data_folder);
  gtk_editable_set_text (GTK_EDITABLE (self->server_row), server != NULL ? server : known_server);
  gtk_editable_set_text (GTK_EDITABLE (self->login_row), login != NULL ? login : known_login);
  update_sensitive (self);
}

void
xh_sign_in_page_lock (XhSignInPage *self, XhSession *session)
{
  const XhProfile *profile = xh_session_get_profile (session);
  g_autofree char *text = NULL;

  g_return_if_fail (XH_IS_SIGN_IN_PAGE (self));

  g_set_object (&self->locked, session);
  text = g_strdup_printf (_("Locked. What %s was working on is kept."), profile->name);
  gtk_label_set_text (self->heading, profile->name);
  gtk_label_set_text (self->subheading, text);
  gtk_editable_set_text (GTK_EDITABLE (self->login_row), profile->login);
  gtk_widget_set_visible (GTK_WIDGET (self->server_row), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->login_row), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->demo_group), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->contact), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->other_button), TRUE);
  show_fault (self, NULL);
  update_sensitive (self);
}

void
xh_sign_in_page_reset (XhSignInPage *self)
{
  g_return_if_fail (XH_IS_SIGN_IN_PAGE (self));

  g_clear_object (&self->locked);
  gtk_label_set_text (self->heading, _("Xinheng"));
  gtk_label_set_text (self->subheading, _("Credit office desk"));
  gtk_editable_set_text (GTK_EDITABLE (self->password_row), "");
  gtk_widget_set_visible (GTK_WIDGET (self->server_row), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->login_row), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->other_button), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->demo_group), self->n_demo > 0);
  show_fault (self, NULL);
  update_sensitive (self);
}
