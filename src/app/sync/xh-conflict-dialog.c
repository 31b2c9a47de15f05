/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-conflict-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/widgets/xh-text.h"
#include "model/xh-form.h"
#include "model/xh-json.h"

/* One field to decide. */
typedef struct
{
  char *name;                     /* (owned) */
  JsonNode *mine, *theirs;        /* (owned) (nullable) */
  GtkCheckButton *take_mine, *take_theirs;
} Choice;

struct _XhConflictDialog
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkLabel *story, *fault;
  GtkWidget *all_box, *refused_box;
  GtkGrid *grid;
  GtkButton *save_button;
  GtkCheckButton *again, *give_up;

  XhWindow *window;     /* (not owned) we are transient for it */
  const XhKind *kind;
  char *record;         /* (owned) id */
  gint64 number;
  JsonObject *set;      /* (owned) (nullable) all that I had changed */
  gboolean conflict;    /* else: refused */
  GPtrArray *choices;   /* (owned) of Choice */
  gboolean saving;
};

G_DEFINE_FINAL_TYPE (XhConflictDialog, xh_conflict_dialog, ADW_TYPE_WINDOW)

static void
choice_free (Choice *choice)
{
  g_free (choice->name);
  g_clear_pointer (&choice->mine, json_node_unref);
  g_clear_pointer (&choice->theirs, json_node_unref);
  g_free (choice);
}

/* --- reading what the server said --- */

static JsonObject *
parse_object (const char *json)
{
  g_autoptr (JsonNode) node = json != NULL ? xh_json_parse (json, -1, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : NULL;
}

static const char *
member_text (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
    ? json_node_get_string (node) : NULL;
}

static JsonArray *
member_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static const char *
field_label (const XhKind *kind, const char *name)
{
  const XhField *field = xh_kind_find_field (kind, name);

  if (field != NULL)
    return xh_label_get (&field->label);

  return g_strcmp0 (name, "state") == 0 ? _("State") : g_strcmp0 (name, "deleted") == 0 ? _("Deleted") : name;
}

static char *
value_text (const XhKind *kind, const char *name, JsonNode *node)
{
  const XhField *field = xh_kind_find_field (kind, name);
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (node == NULL || !xh_value_from_json (node, &value) || xh_value_is_null (&value))
    return g_strdup (_("(empty)"));
  if (field != NULL)
    return xh_field_format (field, &value, field->sensitive);
  if (g_str_equal (name, "state"))
    {
      const XhState *state = xh_kind_find_state (kind, xh_value_as_text (&value));

      return g_strdup (state != NULL ? xh_label_get (&state->label) : xh_value_as_text (&value));
    }
  if (g_str_equal (name, "deleted"))
    return g_strdup (xh_value_as_integer (&value) != 0 ? _("Yes") : _("No"));

  return g_strdup (xh_value_as_text (&value));
}

/* --- deciding --- */

static void
update_button (XhConflictDialog *self)
{
  gboolean decided = !self->saving;

  for (guint i = 0; i < self->choices->len; i++)
    {
      const Choice *choice = g_ptr_array_index (self->choices, i);

      decided &= gtk_check_button_get_active (choice->take_mine) || gtk_check_button_get_active (choice->take_theirs);
    }
  if (!self->conflict)
    decided &= gtk_check_button_get_active (self->again) || gtk_check_button_get_active (self->give_up);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), decided);
}

static void
decided_cb (XhConflictDialog *self)
{
  update_button (self);
}

static void
choose_all (XhConflictDialog *self, gboolean mine)
{
  for (guint i = 0; i < self->choices->len; i++)
    {
      const Choice *choice = g_ptr_array_index (self->choices, i);

      gtk_check_button_set_active (mine ? choice->take_mine : choice->take_theirs, TRUE);
    }
}

static void
all_mine_cb (XhConflictDialog *self)
{
  choose_all (self, TRUE);
}

static void
all_theirs_cb (XhConflictDialog *self)
{
  choose_all (self, FALSE);
}

/* What was changed besides goes along, unless everything is given up. */
static char *
decision (XhConflictDialog *self)
{
  g_autoptr (JsonObject) decided = json_object_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GList) names = self->set != NULL ? json_object_get_members (self->set) : NULL;

  if (self->conflict || gtk_check_button_get_active (self->again))
    for (GList *l = names; l != NULL; l = l->next)
      json_object_set_member (decided, l->data, json_node_copy (json_object_get_member (self->set, l->data)));
  for (guint i = 0; i < self->choices->len; i++)
    {
      const Choice *choice = g_ptr_array_index (self->choices, i);
      JsonNode *taken = gtk_check_button_get_active (choice->take_mine) ? choice->mine : choice->theirs;

      json_object_set_member (decided, choice->name,
                              taken != NULL ? json_node_copy (taken) : json_node_new (JSON_NODE_NULL));
    }
  json_node_set_object (root, decided);

  return json_to_string (root, FALSE);
}

typedef struct
{
  gint64 number;
  char *choices, *author; /* (owned) */
} Resolve;

static void
resolve_free (Resolve *job)
{
  g_free (job->choices);
  g_free (job->author);
  g_free (job);
}

static gpointer
resolve_in_writer (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Resolve *job = data;

  return GINT_TO_POINTER (xh_store_tray_resolve (store, job->number, job->choices, job->author, error));
}

static void
resolved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhConflictDialog) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean done = xh_worker_finish (XH_WORKER (source), result, &error) != NULL;
  XhSession *session = self->window != NULL ? xh_window_get_session (self->window) : NULL;
  const char *kinds[] = { self->kind->name, NULL };

  self->saving = FALSE;
  if (session == NULL)
    return;

  if (done)
    {
      xh_session_saved (session, kinds);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  gtk_label_set_text (self->fault, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->fault), TRUE);
  update_button (self);
}

static void
save_cb (XhConflictDialog *self)
{
  XhSession *session = xh_window_get_session (self->window);
  Resolve *job = g_new0 (Resolve, 1);

  job->number = self->number;
  job->choices = decision (self);
  job->author = g_strdup (xh_session_get_profile (session)->login);
  self->saving = TRUE;
  update_button (self);
  xh_worker_run (xh_session_get_writer (session), G_PRIORITY_DEFAULT, resolve_in_writer, job,
                 (GDestroyNotify) resolve_free, NULL, NULL, resolved_cb, g_object_ref (self));
}

static void
open_cb (XhConflictDialog *self)
{
  g_autoptr (XhWindow) window = g_object_ref (self->window);
  g_autofree char *record = g_strdup (self->record);
  const XhKind *kind = self->kind;

  gtk_window_close (GTK_WINDOW (self));
  xh_window_open_record (window, kind, record);
}

/* --- building --- */

static void
attach_label (XhConflictDialog *self, const char *text, int column, int row, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), column == 1);
  gtk_widget_set_hexpand (label, column > 0);
  gtk_widget_add_css_class (label, css);
  gtk_grid_attach (self->grid, label, column, row, 1, 1);
}

static GtkCheckButton *
attach_choice (XhConflictDialog *self, const char *field, const char *whose, const char *text, int column, int row,
               GtkCheckButton *group)
{
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *label = gtk_label_new (text);
  g_autofree char *name = g_strdup_printf (_("%s: %s, %s"), field, whose, text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), label);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (check), group);
  gtk_widget_set_hexpand (check, TRUE);
  gtk_widget_add_css_class (check, "conflict-value");
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (check, "toggled", G_CALLBACK (decided_cb), self, G_CONNECT_SWAPPED);
  gtk_grid_attach (self->grid, check, column, row, 1, 1);

  return GTK_CHECK_BUTTON (check);
}

static void
add_field (XhConflictDialog *self, JsonObject *field, int row)
{
  const char *name = member_text (field, "name");
  Choice *choice;
  const char *label;
  g_autofree char *before = NULL, *mine = NULL, *theirs = NULL;

  if (name == NULL)
    return;

  choice = g_new0 (Choice, 1);
  choice->name = g_strdup (name);
  if (json_object_has_member (field, "mine"))
    choice->mine = json_node_copy (json_object_get_member (field, "mine"));
  if (json_object_has_member (field, "theirs"))
    choice->theirs = json_node_copy (json_object_get_member (field, "theirs"));
  g_ptr_array_add (self->choices, choice);

  label = field_label (self->kind, name);
  before = value_text (self->kind, name, json_object_get_member (field, "before"));
  mine = value_text (self->kind, name, choice->mine);
  theirs = value_text (self->kind, name, choice->theirs);
  attach_label (self, label, 0, row, "heading");
  attach_label (self, before, 1, row, "conflict-value");
  choice->take_mine = attach_choice (self, label, _("mine"), mine, 2, row, NULL);
  choice->take_theirs = attach_choice (self, label, _("theirs"), theirs, 3, row, choice->take_mine);
}

static char *
tell_conflict (JsonObject *detail)
{
  const char *who = member_text (detail, "who"), *when = member_text (detail, "when"), *device = member_text (detail, "device");
  g_autofree char *time = xh_text_exact (when);
  const char *called = member_text (detail, "name"), *known = xh_text_account (who, called), *name = known != NULL ? known : _("Someone else");
  g_autofree char *change = time != NULL ? g_strdup_printf (_("%s changed the same fields at %s."), name, time)
                                         : g_strdup_printf (_("%s changed the same fields."), name);
  const char *task = _("Choose for each field which value shall stand. The other one stays in the history.");

  if (device == NULL)
    return g_strdup_printf ("%s\n%s", change, task);

  /* The end of the id is what tells devices apart: it begins with the time at which it was made. */
  const gsize length = strlen (device);
  g_autofree char *mark = g_strdup_printf (_("(device %s)"), length > 6 ? device + length - 6 : device);

  return g_strdup_printf ("%s %s\n%s", change, mark, task);
}

static void
build_conflict (XhConflictDialog *self, JsonObject *detail)
{
  JsonArray *fields = member_array (detail, "fields");
  g_autofree char *story = tell_conflict (detail);

  adw_window_title_set_title (self->title, _("Two changes of the same fields"));
  gtk_label_set_text (self->story, story);
  attach_label (self, _("Field"), 0, 0, "dim-label");
  attach_label (self, _("Before"), 1, 0, "dim-label");
  attach_label (self, _("Mine"), 2, 0, "dim-label");
  attach_label (self, _("Theirs"), 3, 0, "dim-label");
  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (fields, i)))
      add_field (self, json_array_get_object_element (fields, i), i + 1);
}

static void
build_refused (XhConflictDialog *self, JsonObject *detail)
{
  JsonArray *issues = member_array (detail, "issues");
  g_autoptr (GString) story = g_string_new (_("The server did not take this change over:"));
  g_autoptr (GList) names = self->set != NULL ? json_object_get_members (self->set) : NULL;
  int row = 0;

  for (guint i = 0; issues != NULL && i < json_array_get_length (issues); i++)
    {
      JsonNode *node = json_array_get_element (issues, i);
      JsonObject *issue = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *field = member_text (issue, "field"), *message = member_text (issue, "message");

      if (field != NULL)
        g_string_append_printf (story, "\n• %s: %s", field_label (self->kind, field), message != NULL ? message : "");
      else if (message != NULL)
        g_string_append_printf (story, "\n• %s", message);
    }

  adw_window_title_set_title (self->title, _("A change was refused"));
  gtk_label_set_text (self->story, story->str);
  gtk_widget_set_visible (self->all_box, FALSE);
  gtk_widget_set_visible (self->refused_box, TRUE);
  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *text = value_text (self->kind, l->data, json_object_get_member (self->set, l->data));

      attach_label (self, field_label (self->kind, l->data), 0, row, "heading");
      attach_label (self, text, 1, row++, "conflict-value");
    }
}

static void
xh_conflict_dialog_dispose (GObject *object)
{
  XH_CONFLICT_DIALOG (object)->window = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (object), XH_TYPE_CONFLICT_DIALOG);

  G_OBJECT_CLASS (xh_conflict_dialog_parent_class)->dispose (object);
}

static void
xh_conflict_dialog_finalize (GObject *object)
{
  XhConflictDialog *self = XH_CONFLICT_DIALOG (object);

  g_free (self->record);
  g_clear_pointer (&self->set, json_object_unref);
  g_ptr_array_unref (self->choices);

  G_OBJECT_CLASS (xh_conflict_dialog_parent_class)->finalize (object);
}

static void
xh_conflict_dialog_class_init (XhConflictDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_conflict_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_conflict_dialog_finalize;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/sync/xh-conflict-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, XhConflictDialog, title);
  gtk_widget_class_bind_template_child (widget_class, XhConflictDialog, story);
  gtk_widget_class_bind_template_child (widget_class, XhConflictDialog, fault);
  gtk_widget_class_bind_template_child (widget_class, XhConflictDialog, all_box);
  gtk_widget_class_bind_template_child (widget_class, XhConflictDialog, refused_box);
  gtk_widget_class_bind_template_child (widget_class, XhConflictDialog, grid);
  gtk_widget_class_bind_template_child (widget_class, XhConflictDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, XhConflictDialog, again);
  gtk_widget_class_bind_template_child (widget_class, XhConflictDialog, give_up);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_bind_template_callback (widget_class, decided_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_mine_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_theirs_cb);
}

static void
xh_conflict_dialog_init (XhConflictDialog *self)
{
  self->choices = g_ptr_array_new_with_free_func ((GDestroyNotify) choice_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

XhConflictDialog *
xh_conflict_dialog_new (XhWindow *window, const XhTrayItem *item, const char *title)
{
  XhConflictDialog *self = g_object_new (XH_TYPE_CONFLICT_DIALOG, "transient-for", window, "title", title, NULL);
  XhCatalog *catalog = xh_session_get_catalog (xh_window_get_session (window));
  g_autoptr (JsonObject) detail = parse_object (item->detail);

  self->window = window;
  self->kind = xh_catalog_find_kind (catalog, item->op.kind);
  self->record = g_strdup (item->op.record);
  self->number = item->number;
  self->set = parse_object (item->op.set);
  self->conflict = g_strcmp0 (item->type, "conflict") == 0;
  adw_window_title_set_subtitle (self->title, title);
  if (self->conflict)
    build_conflict (self, detail);
  else
    build_refused (self, detail);
  update_button (self);

  return self;
}
