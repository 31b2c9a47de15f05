/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-sidebar.h"

#include <glib/gi18n-lib.h>

#include "app/work/xh-work-watch.h"
#include "app/xh-application.h"
#include "xh-sidebar-row.h"
#include "xh-targets.h"

/* So few registers need no folding: their groups are open until somebody closes one. */
#define FEW 10
#define TOOLS "tools"

struct _XhSidebar
{
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  GtkListBox *list;

  XhSession *session;       /* (owned) (nullable) */
  GSignalGroup *watch;      /* (owned) of the session */
  GSignalGroup *work_watch; /* (owned) of what waits */
  GHashTable *open;         /* (owned) names of the groups that are open */
  guint scroll_source;
};

G_DEFINE_FINAL_TYPE (XhSidebar, xh_sidebar, ADW_TYPE_BIN)

enum
{
  OPENED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static XhSidebarRow *
get_row (XhSidebar *self, int index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, index);

  return row != NULL ? XH_SIDEBAR_ROW (row) : NULL;
}

static XhSidebarRow *
find_row (XhSidebar *self, const char *target)
{
  XhSidebarRow *row;

  for (int i = 0; target != NULL && (row = get_row (self, i)) != NULL; i++)
    if (g_strcmp0 (xh_sidebar_row_get_target (row), target) == 0)
      return row;

  return NULL;
}

static gboolean
is_head (XhSidebarRow *row)
{
  return xh_sidebar_row_get_target (row) == NULL;
}

/* --- which groups are open --- */

static char *
account_key (XhSidebar *self)
{
  return g_strdup_printf ("%s@%s", xh_session_get_profile (self->session)->login,
                          xh_session_get_desk (self->session)->server);
}

static void
load_open (XhSidebar *self, guint n_registers)
{
  g_autoptr (GVariant) all = g_settings_get_value (xh_settings (), "open-groups");
  g_autofree char *key = account_key (self);
  g_autofree const char **names = NULL;
  GPtrArray *groups = xh_catalog_get_groups (xh_session_get_catalog (self->session));

  g_hash_table_remove_all (self->open);
  if (g_variant_lookup (all, key, "^a&s", &names))
    for (guint i = 0; names[i] != NULL; i++)
      g_hash_table_add (self->open, g_strdup (names[i]));
  else if (n_registers <= FEW)
    for (guint i = 0; i < groups->len; i++)
      g_hash_table_add (self->open, g_strdup (((XhGroup *) g_ptr_array_index (groups, i))->name));
}

static void
save_open (XhSidebar *self)
{
  g_autoptr (GVariant) all = g_settings_get_value (xh_settings (), "open-groups");
  g_autoptr (GVariantDict) dict = g_variant_dict_new (NULL);
  g_autofree char *key = account_key (self);
  g_autofree char **names = (char **) g_hash_table_get_keys_as_array (self->open, NULL);
  GVariantBuilder builder;
  GVariantIter iter;
  const char *account;
  GVariant *groups;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sas}"));
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_loop (&iter, "{&s@as}", &account, &groups))
    if (!g_str_equal (account, key))
      g_variant_builder_add (&builder, "{s@as}", account, groups);
  g_variant_builder_add (&builder, "{s^as}", key, names);
  g_settings_set_value (xh_settings (), "open-groups", g_variant_builder_end (&builder));
}

/* --- badges --- */

/* @text: (transfer full) */
static void
append_count (GString *words, guint n, char *text)
{
  if (n > 0)
    g_string_append_printf (words, "%s%s", words->len > 0 ? _(", ") : "", text);
  g_free (text);
}

static char *
describe_tally (const XhWorkTally *tally)
{
  GString *words = g_string_new (NULL);

  append_count (words, tally->overdue, g_strdup_printf (ngettext ("%u overdue", "%u overdue", tally->overdue), tally->overdue));
  append_count (words, tally->soon,
                g_strdup_printf (ngettext ("%u due within a week", "%u due within a week", tally->soon), tally->soon));
  append_count (words, tally->returned,
                g_strdup_printf (ngettext ("%u returned", "%u returned", tally->returned), tally->returned));
  append_count (words, tally->review, g_strdup_printf (ngettext ("%u to review", "%u to review", tally->review), tally->review));

  return g_string_free (words, FALSE);
}

/* @pressing: the accent is for the first page alone; everywhere it would shout. */
static void
show_tally (XhSidebarRow *row, const XhWorkTally *tally, gboolean pressing)
{
  g_autofree char *words = describe_tally (tally);

  xh_sidebar_row_set_badge (row, tally->overdue + tally->soon + tally->returned + tally->review, pressing, words);
}

static void
update_sync (XhSidebar *self, XhSidebarRow *row)
{
  guint unsent = 0, tray = 0;
  g_autofree char *words = NULL;

  g_object_get (self->session, "unsent", &unsent, "tray", &tray, NULL);
  if (tray > 0)
    words = g_strdup_printf (ngettext ("%u change waits for you", "%u changes wait for you", tray), tray);
  else
    words = g_strdup_printf (ngettext ("%u unsent change", "%u unsent changes", unsent), unsent);
  xh_sidebar_row_set_badge (row, tray > 0 ? tray : unsent, tray > 0, words);
}

/* One count for all (xh_store_work_counts()): a register shows its own, a closed group the sum of its registers, the first page the sum of all:
 * what its sections by day and for decision hold. A record in two sections counts in both, here as there. */
static void
update_badges (XhSidebar *self)
{
  XhWorkWatch *work = self->session != NULL ? xh_work_watch_of (self->session) : NULL;
  XhSidebarRow *row, *head = NULL;
  XhWorkTally sum = { 0 };

  for (int i = 0; work != NULL && (row = get_row (self, i)) != NULL; i++)
    {
      const char *target = xh_sidebar_row_get_target (row);

      if (head != NULL && (target == NULL || xh_sidebar_row_get_group (row) == NULL))
        {
          show_tally (head, &sum, FALSE);
          head = NULL;
        }
      if (target == NULL)
        {
          head = row;
          sum = (XhWorkTally) { 0 };
        }
      else if (g_str_has_prefix (target, "list:"))
        {
          const XhWorkTally *tally = xh_work_watch_get_kind (work, target + strlen ("list:"));

          show_tally (row, tally, FALSE);
          if (head != NULL && !xh_sidebar_row_get_expanded (head))
            {
              sum.overdue += tally->overdue;
              sum.soon += tally->soon;
              sum.review += tally->review;
              sum.returned += tally->returned;
            }
        }
      else if (g_str_equal (target, "work"))
        {
          const XhWorkTally *total = xh_work_watch_get_total (work);

          show_tally (row, total, total->overdue > 0);
        }
      else if (g_str_equal (target, "sync"))
        update_sync (self, row);
    }
}

/* --- rows --- */

static void
add_pages (XhSidebar *self, XhPlace place, const char *group)
{
  guint n;
  const XhTarget *targets = xh_targets_get (&n);

  for (guint i = 0; i < n; i++)
    if (targets[i].place == place && xh_target_may (&targets[i], self->session))
      {
        GtkWidget *row = xh_sidebar_row_new (targets[i].name, group != NULL ? NULL : targets[i].icon, _(targets[i].title));

        xh_sidebar_row_set_group (XH_SIDEBAR_ROW (row), group);
        gtk_list_box_append (self->list, row);
      }
}

/* The head stays only where something follows it. */
static void
add_head (XhSidebar *self, const char *name, const char *icon, const char *title, int before)
{
  if (get_row (self, before) != NULL)
    gtk_list_box_insert (self->list, xh_sidebar_row_new_group (name, icon, title), before);
}

static int
count_rows (XhSidebar *self)
{
  int n = 0;

  while (get_row (self, n) != NULL)
    n++;

  return n;
}

static guint
add_registers (XhSidebar *self, const char *group)
{
  GPtrArray *kinds = xh_catalog_get_kinds (xh_session_get_catalog (self->session));
  guint n = 0;

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);
      g_autofree char *target = g_strconcat ("list:", kind->name, NULL);
      GtkWidget *row;

      if (g_strcmp0 (kind->group, group) != 0 || !xh_session_may (self->session, kind->read_roles, kind))
        continue;
      row = xh_sidebar_row_new (target, group != NULL ? NULL : "view-list-symbolic", xh_label_get (&kind->label));
      xh_sidebar_row_set_group (XH_SIDEBAR_ROW (row), group);
      gtk_list_box_append (self->list, row);
      n++;
    }

  return n;
}

static void
show_groups (XhSidebar *self)
{
  XhSidebarRow *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      const char *group = xh_sidebar_row_get_group (row);
      const gboolean open = group == NULL || g_hash_table_contains (self->open, group);

      if (is_head (row))
        xh_sidebar_row_set_expanded (row, open);
      else
        gtk_widget_set_visible (GTK_WIDGET (row), open);
    }
  update_badges (self);
}

static void
rebuild (XhSidebar *self)
{
  GPtrArray *groups;
  guint n = 0;
  int before;

  while (get_row (self, 0) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (get_row (self, 0)));
  if (self->session == NULL)
    return;

  add_pages (self, XH_PLACE_TOP, NULL);
  groups = xh_catalog_get_groups (xh_session_get_catalog (self->session));
  for (guint i = 0; i < groups->len; i++)
    {
      const XhGroup *group = g_ptr_array_index (groups, i);

      before = count_rows (self);
      n += add_registers (self, group->name);
      add_head (self, group->name, group->icon, xh_label_get (&group->label), before);
    }
  n += add_registers (self, NULL);
  before = count_rows (self);
  add_pages (self, XH_PLACE_TOOLS, TOOLS);
  add_head (self, TOOLS, "applications-utilities-symbolic", _("Tools"), before);
  add_pages (self, XH_PLACE_FOOT, NULL);
  load_open (self, n);
  show_groups (self);
}

static void
set_group_open (XhSidebar *self, XhSidebarRow *head, gboolean open)
{
  if (open == xh_sidebar_row_get_expanded (head))
    return;

  if (open)
    g_hash_table_add (self->open, g_strdup (xh_sidebar_row_get_group (head)));
  else
    g_hash_table_remove (self->open, xh_sidebar_row_get_group (head));
  save_open (self);
  show_groups (self);
}

/* --- keys: Right opens a group, Left closes it or goes to its head --- */

static XhSidebarRow *
find_head (XhSidebar *self, const char *group)
{
  XhSidebarRow *row;

  for (int i = 0; group != NULL && (row = get_row (self, i)) != NULL; i++)
    if (is_head (row) && g_strcmp0 (xh_sidebar_row_get_group (row), group) == 0)
      return row;

  return NULL;
}

static gboolean
fold (XhSidebar *self, gboolean open)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  XhSidebarRow *row = XH_IS_SIDEBAR_ROW (focus) ? XH_SIDEBAR_ROW (focus) : NULL;
  XhSidebarRow *head = row != NULL ? find_head (self, xh_sidebar_row_get_group (row)) : NULL;

  if (head == NULL)
    return FALSE;

  if (row == head)
    set_group_open (self, head, open);
  else if (!open)
    gtk_widget_grab_focus (GTK_WIDGET (head));

  return TRUE;
}

static gboolean
unfold_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  return fold (XH_SIDEBAR (widget), TRUE);
}

static gboolean
fold_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  return fold (XH_SIDEBAR (widget), FALSE);
}

/* --- callbacks --- */

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, XhSidebar *self)
{
  XhSidebarRow *chosen = XH_SIDEBAR_ROW (row);

  if (is_head (chosen))
    set_group_open (self, chosen, !xh_sidebar_row_get_expanded (chosen));
  else
    g_signal_emit (self, signals[OPENED], 0, xh_sidebar_row_get_target (chosen));
}

static void
space_above (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  const char *group = xh_sidebar_row_get_group (XH_SIDEBAR_ROW (row));
  const char *above = before != NULL ? xh_sidebar_row_get_group (XH_SIDEBAR_ROW (before)) : NULL;
  const gboolean line = before != NULL && (group == NULL) != (above == NULL);

  if (!line)
    gtk_list_box_row_set_header (row, NULL);
  else if (gtk_list_box_row_get_header (row) == NULL)
    gtk_list_box_row_set_header (row, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
}

static gboolean
scroll_cb (gpointer data)
{
  XhSidebar *self = data;
  GtkWidget *row = GTK_WIDGET (gtk_list_box_get_selected_row (self->list));
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double y;

  self->scroll_source = 0;
  if (row != NULL && gtk_widget_translate_coordinates (row, GTK_WIDGET (self->list), 0, 0, NULL, &y))
    gtk_adjustment_clamp_page (adjustment, y, y + gtk_widget_get_height (row));

  return G_SOURCE_REMOVE;
}

/* --- object --- */

static void
xh_sidebar_dispose (GObject *object)
{
  XhSidebar *self = XH_SIDEBAR (object);

  g_clear_handle_id (&self->scroll_source, g_source_remove);
  g_clear_object (&self->watch);
  g_clear_object (&self->work_watch);
  g_clear_object (&self->session);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), XH_TYPE_SIDEBAR);

  G_OBJECT_CLASS (xh_sidebar_parent_class)->dispose (object);
}

static void
xh_sidebar_finalize (GObject *object)
{
  g_hash_table_unref (XH_SIDEBAR (object)->open);

  G_OBJECT_CLASS (xh_sidebar_parent_class)->finalize (object);
}

static void
xh_sidebar_class_init (XhSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = xh_sidebar_dispose;
  G_OBJECT_CLASS (klass)->finalize = xh_sidebar_finalize;

  signals[OPENED] = g_signal_new ("opened", XH_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, unfold_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, fold_cb, NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/xinheng/Xinheng/window/xh-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, XhSidebar, scroller);
  gtk_widget_class_bind_template_child (widget_class, XhSidebar, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
xh_sidebar_init (XhSidebar *self)
{
  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, space_above, NULL, NULL);

  self->watch = g_signal_group_new (XH_TYPE_SESSION);
  g_signal_group_connect_swapped (self->watch, "notify::unsent", G_CALLBACK (update_badges), self);
  g_signal_group_connect_swapped (self->watch, "notify::tray", G_CALLBACK (update_badges), self);
  self->work_watch = g_signal_group_new (XH_TYPE_WORK_WATCH);
  g_signal_group_connect_swapped (self->work_watch, "changed", G_CALLBACK (update_badges), self);
}

void
xh_sidebar_set_session (XhSidebar *self, XhSession *session)
{
  g_return_if_fail (XH_IS_SIDEBAR (self));

  if (!g_set_object (&self->session, session))
    return;

  g_signal_group_set_target (self->watch, session);
  g_signal_group_set_target (self->work_watch, session != NULL ? xh_work_watch_of (session) : NULL);
  rebuild (self);
}

void
xh_sidebar_select (XhSidebar *self, const char *target)
{
  XhSidebarRow *row = find_row (self, target);
  const char *group = row != NULL ? xh_sidebar_row_get_group (row) : NULL;

  g_return_if_fail (XH_IS_SIDEBAR (self));

  if (group != NULL && g_hash_table_add (self->open, g_strdup (group)))
    show_groups (self);
  for (int i = 0; get_row (self, i) != NULL; i++)
    gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (get_row (self, i)), get_row (self, i) == row);
  gtk_list_box_select_row (self->list, row != NULL ? GTK_LIST_BOX_ROW (row) : NULL);
  /* Rows that were just shown have no place yet. */
  if (row != NULL && self->scroll_source == 0)
    self->scroll_source = g_timeout_add (50, scroll_cb, self);
}

gboolean
xh_sidebar_has (XhSidebar *self, const char *target)
{
  g_return_val_if_fail (XH_IS_SIDEBAR (self), FALSE);

  return find_row (self, target) != NULL;
}

const char *
xh_sidebar_get_first (XhSidebar *self)
{
  XhSidebarRow *row;

  g_return_val_if_fail (XH_IS_SIDEBAR (self), NULL);

  row = get_row (self, 0);

  return row != NULL ? xh_sidebar_row_get_target (row) : NULL;
}

void
xh_sidebar_focus (XhSidebar *self)
{
  GtkListBoxRow *row;

  g_return_if_fail (XH_IS_SIDEBAR (self));

  row = gtk_list_box_get_selected_row (self->list);
  if (row == NULL)
    row = gtk_list_box_get_row_at_index (self->list, 0);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}
