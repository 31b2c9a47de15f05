/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-palette.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "store/xh-pinyin.h"
#include "store/xh-subject.h"
#include "app/subject/xh-subject-reading.h"
#include "xh-targets.h"

#define HITS 30
#define SUBJECTS 5 /* of each register of subjects */

struct _XhPalette
{
  AdwWindow parent_instance;

  GtkSearchEntry *search;
  GtkListBox *list;
  GtkStack *stack;           /* list | nothing */
  GtkLabel *status;

  XhWindow *window;          /* (not owned) we are transient for it */
  GCancellable *cancellable; /* (owned) (nullable) of the search under way */
};

G_DEFINE_FINAL_TYPE (XhPalette, xh_palette, ADW_TYPE_WINDOW)

/* @sound: 农户档案 → "nonghudangan", @initials: "nhda". */
static void
spell (const char *text, GString *sound, GString *initials)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      const gunichar c = g_utf8_get_char (p);

      if (xh_pinyin_is_han (c))
        {
          const char *syllable = xh_pinyin_of (c);

          g_string_append (sound, syllable);
          g_string_append_c (initials, *syllable != '\0' ? *syllable : ' ');
        }
      else
        {
          g_string_append_unichar (sound, g_unichar_tolower (c));
          g_string_append_unichar (initials, g_unichar_tolower (c));
        }
    }
}

static gboolean
fits (const char *label, const char *text)
{
  g_autoptr (GString) sound = g_string_new (NULL), initials = g_string_new (NULL);
  g_autofree char *lower = g_utf8_strdown (text, -1);

  if (*text == '\0' || strstr (label, text) != NULL)
    return TRUE;

  spell (label, sound, initials);

  return strstr (sound->str, lower) != NULL || strstr (initials->str, lower) != NULL;
}

/* A record called like a subject that was found stands behind the subject. */
static gboolean
is_behind_subject (XhPalette *self, const char *opens)
{
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->list, 0);

  return first != NULL && g_str_has_prefix (opens, "record:") && g_str_has_prefix (g_object_get_data (G_OBJECT (first), "opens"), "subject:");
}

/* @opens: a target, or a detailed action where it begins with `win.` or `app.`. What is called just as was typed comes first. */
static void
add_row (XhPalette *self, const char *icon, const char *title, const char *subtitle, const char *opens)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "activatable", TRUE, "title-lines", 1, "subtitle-lines", 1, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
  g_object_set_data_full (G_OBJECT (row), "opens", g_strdup (opens), g_free);
  if (g_str_equal (title, gtk_editable_get_text (GTK_EDITABLE (self->search))) && !is_behind_subject (self, opens))
    gtk_list_box_prepend (self->list, row);
  else
    gtk_list_box_append (self->list, row);
}

static const char *
kind_icon (const XhKind *kind)
{
  return kind->icon != NULL ? kind->icon : "view-list-symbolic";
}

static void
add_registers (XhPalette *self, const char *text)
{
  XhSession *session = xh_window_get_session (self->window);
  GPtrArray *kinds = xh_catalog_get_kinds (xh_session_get_catalog (session));

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      const XhGroup *group = xh_catalog_find_group (xh_session_get_catalog (session), kind->group);
      g_autofree char *target = g_strconcat ("list:", kind->name, NULL);

      if (xh_session_may (session, kind->read_roles, kind) && fits (xh_label_get (&kind->label), text))
        add_row (self, kind_icon (kind), xh_label_get (&kind->label),
                 group != NULL ? xh_label_get (&group->label) : _("Register"), target);
    }
}

static void
add_pages (XhPalette *self, const char *text)
{
  XhSession *session = xh_window_get_session (self->window);
  guint n;
  const XhTarget *targets = xh_targets_get (&n);
  static const struct
  {
    const char *icon, *title, *action;
  } more[] = {
    { "preferences-system-symbolic", N_("Preferences"), "app.preferences" },
    { "preferences-desktop-keyboard-shortcuts-symbolic", N_("Keyboard shortcuts"), "win.show-help-overlay" },
    { "system-lock-screen-symbolic", N_("Lock"), "win.lock" },
  };

  for (guint i = 0; i < n; i++)
    if (targets[i].place != XH_PLACE_NONE && xh_target_may (&targets[i], session) && fits (_(targets[i].title), text))
      add_row (self, targets[i].icon, _(targets[i].title), _("Page"), targets[i].name);
  add_registers (self, text);
  for (guint i = 0; i < G_N_ELEMENTS (more); i++)
    if (fits (_(more[i].title), text))
      add_row (self, more[i].icon, _(more[i].title), _("Page"), more[i].action);
}

static void
say (XhPalette *self, const char *text)
{
  gtk_label_set_text (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->status), *text != '\0');
}

static void
show_state (XhPalette *self, gboolean searching)
{
  const gboolean any = gtk_list_box_get_row_at_index (self->list, 0) != NULL;

  gtk_stack_set_visible_child_name (self->stack, any || searching ? "list" : "nothing");
  say (self, "");
  if (any)
    gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

/* --- records --- */

typedef struct
{
  char *text, *role; /* (owned) */
} Question;

static void
question_free (Question *question)
{
  g_free (question->text);
  g_free (question->role);
  g_free (question);
}

/* Both (owned). */
typedef struct
{
  GPtrArray *subjects; /* of XhSubjectHit */
  GPtrArray *records;  /* of XhHit */
} Found;

static void
found_free (gpointer data)
{
  Found *found = data;

  g_clear_pointer (&found->subjects, g_ptr_array_unref);
  g_clear_pointer (&found->records, g_ptr_array_unref);
  g_free (found);
}

/* A former code is no word of a search: it leads to its subject all the same. */
static void
add_by_key (XhStore *store, const char *key, const char *role, GPtrArray *subjects)
{
  g_autofree char *upper = g_ascii_strup (key, -1);
  g_autoptr (XhRecord) own = strlen (key) >= 6 ? xh_subject_own_record (store, key, role) : NULL;
  XhSubjectHit *hit;

  if (own == NULL && strlen (key) >= 6)
    own = xh_subject_own_record (store, upper, role);
  if (own == NULL)
    return;
  for (guint i = 0; i < subjects->len; i++)
    if (g_str_equal (((XhSubjectHit *) g_ptr_array_index (subjects, i))->id, own->id))
      return;
  hit = g_new0 (XhSubjectHit, 1);
  hit->key = xh_record_subject_key (own);
  if (hit->key == NULL)
    hit->key = g_strdup (own->id);
  hit->id = g_strdup (own->id);
  hit->kind = g_strdup (own->kind->name);
  hit->title = xh_store_title (store, own->id, NULL);
  hit->subtitle = g_strdup (xh_label_get (&own->kind->label));
  g_ptr_array_add (subjects, hit);
}

static gpointer
search_in_reader (XhStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Question *question = data;
  Found *found = g_new0 (Found, 1);

  found->subjects = xh_store_find_subjects (store, question->text, question->role, SUBJECTS, error);
  if (found->subjects != NULL)
    add_by_key (store, question->text, question->role, found->subjects);
  found->records = found->subjects != NULL ? xh_store_search (store, question->text, question->role, HITS, error) : NULL;
  if (found->records != NULL)
    return found;
  found_free (found);
  return NULL;
}

/* Returns: whether the record is that of a subject found before. */
static gboolean
is_subject (const Found *found, const char *id)
{
  for (guint i = 0; i < found->subjects->len; i++)
    if (g_str_equal (((XhSubjectHit *) g_ptr_array_index (found->subjects, i))->id, id))
      return TRUE;
  return FALSE;
}

static void
add_subjects (XhPalette *self, XhCatalog *catalog, const Found *found)
{
  for (guint i = 0; i < found->subjects->len; i++)
    {
      const XhSubjectHit *hit = g_ptr_array_index (found->subjects, i);
      g_autofree char *target = g_strconcat ("subject:", hit->key, NULL);
      g_autofree char *subtitle = g_strdup_printf ("%s · %s", _("Subject file"), hit->subtitle != NULL ? hit->subtitle : "");

      add_row (self, kind_icon (xh_catalog_find_kind (catalog, hit->kind)), hit->title != NULL ? hit->title : "", subtitle, target);
    }
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (XhPalette) self = data;
  g_autoptr (GError) error = NULL;
  Found *found = xh_worker_finish (XH_WORKER (source), result, &error);
  GPtrArray *hits = found != NULL ? found->records : NULL;
  XhSession *session = self->window != NULL ? xh_window_get_session (self->window) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || session == NULL)
    {
      g_clear_pointer (&found, found_free);
      return;
    }

  if (found != NULL)
    add_subjects (self, xh_session_get_catalog (session), found);
  for (guint i = 0; hits != NULL && i < hits->len; i++)
    {
      const XhHit *hit = g_ptr_array_index (hits, i);
      const XhKind *kind = xh_catalog_find_kind (xh_session_get_catalog (session), hit->kind);

      g_autofree char *target = g_strconcat ("record:", hit->id, NULL);

      if (kind != NULL && !is_subject (found, hit->id))
        add_row (self, kind_icon (kind), hit->title,
                 hit->subtitle != NULL && *hit->subtitle != '\0' ? hit->subtitle : xh_label_get (&kind->label), target);
    }
  g_clear_pointer (&found, found_free);
  show_state (self, FALSE);
  if (error != NULL)
    say (self, error->message);
}

static void
search_records (XhPalette *self, const char *text)
{
  XhSession *session = xh_window_get_session (self->window);
  Question *question = g_new0 (Question, 1);

  question->text = g_strdup (text);
  question->role = g_strdup (xh_session_get_role (session));
  self->cancellable = g_cancellable_new ();
  xh_worker_run (xh_session_get_reader (session), G_PRIORITY_HIGH, search_in_reader, question,
                 (GDestroyNotify) question_free, found_free, self->cancellable, found_cb,
                 g_object_ref (self));
}

/* --- callbacks --- */

static void
search_changed_cb (XhPalette *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  GtkListBoxRow *row;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));

  add_pages (self, text);
  show_state (self, *text != '\0');
  if (*text != '\0')
    search_records (self, text);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, XhPalette *self)
{
  g_autoptr (XhWindow) window = g_object_ref (self->window);
  g_autofree char *opens = g_strdup (g_object_get_data (G_OBJECT (row), "opens"));

  gtk_window_close (GTK_WINDOW (self));
  if (g_str_has_prefix (opens, "win.") || g_str_has_prefix (opens, "app."))
    gtk_widget_activate_action (GTK_WIDGET (window), opens, NULL);
  else
    xh_window_open_target (window, opens);
}

/* Enter in the search entry opens what is marked. */
static void
search_activate_cb (XhPalette *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row != NULL)
    row_activated_cb (self->list, row, self);
}

static void
stop_search_cb (XhPalette *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
xh_palette_dispose (GObject *object)
{
  XhPalette *self = XH_PALETTE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->window = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_PALETTE);

  G_OBJECT_CLASS (xh_palette_parent_class)->dispose (object);
}

static void
xh_palette_class_init (XhPaletteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_palette_dispose;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/window/xh-palette.ui");
  gtk_widget_class_bind_template_child (widget_class, XhPalette, search);
  gtk_widget_class_bind_template_child (widget_class, XhPalette, list);
  gtk_widget_class_bind_template_child (widget_class, XhPalette, stack);
  gtk_widget_class_bind_template_child (widget_class, XhPalette, status);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
xh_palette_init (XhPalette *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

XhPalette *
xh_palette_new (XhWindow *window)
{
  XhPalette *self = g_object_new (XH_TYPE_PALETTE, "transient-for", window, NULL);

  self->window = window;
  add_pages (self, "");
  show_state (self, FALSE);

  return self;
}
