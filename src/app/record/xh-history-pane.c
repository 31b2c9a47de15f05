/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-history-pane.h"

#include <glib/gi18n-lib.h>

#include "app/widgets/xh-text.h"
#include "app/widgets/xh-value-text.h"
#include "model/xh-form.h"
#include "model/xh-json.h"

/* Lines shown of one change; the rest is counted. */
#define LINES 8

struct _XhHistoryPane
{
  AdwBin parent_instance;

  XhSession *session;        /* (owned) */
  const XhKind *kind;
  GtkBox *box, *local, *remote;
  GtkLabel *status;
  GCancellable *cancellable; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (XhHistoryPane, xh_history_pane, ADW_TYPE_BIN)

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static const char *
name_field (const XhKind *kind, const char *name)
{
  const XhField *field = xh_kind_find_field (kind, name);

  /* What follows from other values is not what somebody changed. */
  return field != NULL && (field->computed != NULL || field->scored) ? NULL : xh_value_text_name (kind, name);
}

/* A table is told by its number of rows: a line is one change. The server masks what is sensitive before it sends it; what waits here is
 * masked now. */
static char *
format_node (XhHistoryPane *self, const char *name, JsonNode *node, gboolean local)
{
  const XhField *field = xh_kind_find_field (self->kind, name);
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (field != NULL && node != NULL && xh_value_from_json (node, &value) && value.type == XH_VALUE_TEXT)
    {
      if (field->type == XH_FIELD_TABLE || field->type == XH_FIELD_FILES)
        return xh_field_format (field, &value, FALSE);
      if (field->sensitive && !local)
        return g_strdup (value.text);
    }
  return xh_value_text (self->kind, name, node, xh_session_get_store (self->session));
}

static void
append_line (GtkBox *box, const char *markup)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (box, label);
}

static const char *
name_account (JsonObject *entry)
{
  const char *login = json_object_get_string_member_with_default (entry, "account", NULL);
  const char *name = xh_text_account (login, json_object_get_string_member_with_default (entry, "name", NULL));

  return name != NULL ? name : "?";
}

/* What changed, as the form has it: the state first, then field by field. (transfer container) of names (not owned). */
static GPtrArray *
list_changes (XhHistoryPane *self, JsonObject *set)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < 2; i++)
    if (json_object_has_member (set, i == 0 ? "state" : "deleted"))
      g_ptr_array_add (names, (gpointer) (i == 0 ? "state" : "deleted"));
  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);

      if (json_object_has_member (set, field->name) && name_field (self->kind, field->name) != NULL)
        g_ptr_array_add (names, (gpointer) field->name);
    }
  return names;
}

static void
append_changes (XhHistoryPane *self, GtkBox *box, JsonObject *set, JsonObject *before, gboolean local)
{
  g_autoptr (GPtrArray) names = list_changes (self, set);

  for (guint i = 0; i < MIN (names->len, LINES); i++)
    {
      const char *name = g_ptr_array_index (names, i), *label = name_field (self->kind, name);
      JsonNode *old = before != NULL ? json_object_get_member (before, name) : NULL;
      g_autofree char *to = format_node (self, name, json_object_get_member (set, name), local);
      g_autofree char *from = format_node (self, name, old, local), *line = NULL;

      line = old == NULL || JSON_NODE_HOLDS_NULL (old) ? g_markup_printf_escaped ("%s：<b>%s</b>", label, to)
                                                       : g_markup_printf_escaped ("%s：%s → <b>%s</b>", label, from, to);
      append_line (box, line);
    }
  if (names->len > LINES)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", names->len - LINES), names->len - LINES);
      g_autofree char *line = g_markup_escape_text (more, -1);

      append_line (box, line);
    }
}

static void
append_entry (XhHistoryPane *self, GtkBox *list, const char *who, const char *time, JsonObject *set, JsonObject *before, gboolean local)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3), *head;
  g_autofree char *ago = xh_text_ago (time), *exact = xh_text_exact (time);
  g_autofree char *title = g_strdup_printf ("%s · %s", who, ago != NULL ? ago : "");

  head = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (head), 0);
  gtk_label_set_wrap (GTK_LABEL (head), TRUE);
  gtk_widget_set_tooltip_text (head, exact);
  gtk_widget_add_css_class (head, "caption-heading");
  gtk_box_append (GTK_BOX (box), head);
  append_changes (self, GTK_BOX (box), set, before, local);
  gtk_box_append (list, box);
}

static JsonObject *
parse_object (const char *json)
{
  g_autoptr (JsonNode) node = json != NULL ? xh_json_parse (json, -1, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();
}

static void
show_pending (XhHistoryPane *self, GPtrArray *pending)
{
  clear_box (self->local);
  for (guint i = 0; i < pending->len; i++)
    {
      const XhPendingOp *op = g_ptr_array_index (pending, i);
      g_autoptr (JsonObject) set = parse_object (op->set), before = parse_object (op->before);

      append_entry (self, self->local, _ ("Here, not sent yet"), op->time, set, before, TRUE);
    }
}

/* --- the server's ledger */

typedef struct
{
  char *server, *device, *token, *id; /* (owned) */
} Ask;

static void
ask_free (gpointer data)
{
  Ask *ask = data;

  g_free (ask->server);
  g_free (ask->device);
  g_free (ask->token);
  g_free (ask->id);
  g_free (ask);
}

static void
ask_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Ask *ask = data;
  g_autoptr (XhClient) client = xh_client_new (ask->server, ask->device);
  GError *error = NULL;
  char *json;

  xh_client_set_token (client, ask->token);
  json = xh_client_history (client, ask->id, cancellable, &error);
  if (json == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, json, g_free);
}

static void
show_ledger (XhHistoryPane *self, const char *json)
{
  g_autoptr (JsonNode) root = xh_json_parse (json, -1, NULL);
  JsonArray *entries = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  clear_box (self->remote);
  for (guint i = 0; entries != NULL && i < json_array_get_length (entries); i++)
    {
      JsonNode *node = json_array_get_element (entries, i), *set, *before;
      JsonObject *entry = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *brought;
      g_autofree char *who = NULL;

      if (entry == NULL)
        continue;
      set = json_object_get_member (entry, "set");
      before = json_object_get_member (entry, "before");
      if (set == NULL || !JSON_NODE_HOLDS_OBJECT (set))
        continue;
      brought = json_object_get_string_member_with_default (entry, "brought", NULL);
      who = brought != NULL ? g_strdup_printf (_("%s · brought in from a file by %s"), name_account (entry), brought) : g_strdup (name_account (entry));
      append_entry (self, self->remote, who,
                    json_object_get_string_member_with_default (entry, "time", ""), json_node_get_object (set),
                    before != NULL && JSON_NODE_HOLDS_OBJECT (before) ? json_node_get_object (before) : NULL, FALSE);
    }
}

static void
show_status (XhHistoryPane *self, const char *text)
{
  gtk_label_set_label (self->status, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->status), text != NULL);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  XhHistoryPane *self = XH_HISTORY_PANE (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *json = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;
  if (json != NULL)
    show_ledger (self, json);
  show_status (self, json == NULL ? _ ("Earlier changes are at the server; there is no contact now.") : NULL);
}

static void
xh_history_pane_dispose (GObject *object)
{
  XhHistoryPane *self = XH_HISTORY_PANE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (xh_history_pane_parent_class)->dispose (object);
}

static void
xh_history_pane_class_init (XhHistoryPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = xh_history_pane_dispose;
}

static void
xh_history_pane_init (XhHistoryPane *self)
{
  GtkWidget *title = gtk_label_new (_ ("History"));

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  self->local = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  self->remote = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  self->status = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->status, 0);
  gtk_label_set_wrap (self->status, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->status), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->status), "dim-label");
  gtk_box_append (self->box, title);
  gtk_box_append (self->box, GTK_WIDGET (self->local));
  gtk_box_append (self->box, GTK_WIDGET (self->remote));
  gtk_box_append (self->box, GTK_WIDGET (self->status));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

GtkWidget *
xh_history_pane_new (XhSession *session, const XhKind *kind)
{
  XhHistoryPane *self = g_object_new (XH_TYPE_HISTORY_PANE, NULL);

  self->session = g_object_ref (session);
  self->kind = kind;
  return GTK_WIDGET (self);
}

void
xh_history_pane_show (XhHistoryPane *self, const char *id, GPtrArray *pending)
{
  XhDesk *desk = xh_session_get_desk (self->session);
  g_autoptr (GTask) task = NULL;
  Ask *ask;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_set_visible (GTK_WIDGET (self), id != NULL);
  if (id == NULL)
    return;
  show_pending (self, pending);
  if (desk->profile->token == NULL)
    {
      show_status (self, _ ("Earlier changes are at the server; there is no contact now."));
      return;
    }
  ask = g_new0 (Ask, 1);
  ask->server = g_strdup (desk->server);
  ask->device = g_strdup (desk->device);
  ask->token = g_strdup (desk->profile->token);
  ask->id = g_strdup (id);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, asked_cb, NULL);
  g_task_set_task_data (task, ask, ask_free);
  g_task_run_in_thread (task, ask_thread);
}
