/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every template is built once under fatal warnings; every button has a name; accelerators are not given twice. */
#include <adwaita.h>

#include "app/preferences/xh-preferences-window.h"
#include "app/sign-in/xh-sign-in-page.h"
#include "app/widgets/xh-division-picker.h"
#include "app/widgets/xh-state-badge.h"
#include "app/window/xh-palette.h"
#include "app/window/xh-sidebar.h"
#include "app/window/xh-status-bar.h"
#include "app/window/xh-window.h"
#include "app/import/xh-import-page.h"
#include "app/list/xh-list-page.h"
#include "app/sync/xh-decision-page.h"
#include "app/sync/xh-sync-page.h"
#include "app/tools/xh-quality-page.h"
#include "app/tools/xh-repair-page.h"
#include "app/tools/xh-sampling-page.h"
#include "app/xh-accels.h"

/* An icon says nothing to who cannot see it. */
static gboolean
needs_name (GtkWidget *widget)
{
  if (GTK_IS_MENU_BUTTON (widget))
    return TRUE;

  return GTK_IS_BUTTON (widget) && GTK_IS_IMAGE (gtk_button_get_child (GTK_BUTTON (widget)))
         && !GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget));
}

static void
assert_buttons_named (GtkWidget *widget)
{
  if (needs_name (widget)
      && !gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL)
      && !gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY))
    g_error ("%s in %s has no name (tooltip: %s)", G_OBJECT_TYPE_NAME (widget),
             G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget)), gtk_widget_get_tooltip_text (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    assert_buttons_named (child);
}

static void
build_widget (gconstpointer data)
{
  const GType type = *(const GType *) data;
  GtkWidget *widget = g_object_ref_sink (g_object_new (type, NULL));

  assert_buttons_named (widget);
  if (GTK_IS_WINDOW (widget))
    {
      gtk_window_destroy (GTK_WINDOW (widget));
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_assert_finalize_object (widget);
}

static void
test_state_badge_says_its_word (void)
{
  XhState state = { .name = (char *) "filed", .label = { (char *) "已建档", (char *) "Filed" }, .tone = XH_TONE_GOOD };
  GtkWidget *badge = g_object_ref_sink (xh_state_badge_new ());

  xh_state_badge_set (XH_STATE_BADGE (badge), &state);
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (adw_bin_get_child (ADW_BIN (badge)))), "●"));
  xh_state_badge_set (XH_STATE_BADGE (badge), NULL);
  g_assert_false (gtk_widget_get_visible (adw_bin_get_child (ADW_BIN (badge))));
  g_assert_finalize_object (badge);
}

static void
test_status_bar_speaks_only_when_asked (void)
{
  XhStatusBar *bar = g_object_ref_sink (g_object_new (XH_TYPE_STATUS_BAR, NULL));
  GtkRevealer *revealer = GTK_REVEALER (adw_bin_get_child (ADW_BIN (bar)));

  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  xh_status_bar_say (bar, NULL, "A & B <c>", NULL, NULL);
  g_assert_true (gtk_revealer_get_reveal_child (revealer));
  xh_status_bar_say (bar, NULL, NULL, NULL, NULL);
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  g_assert_finalize_object (bar);
}

static void
test_help_overlay_builds (void)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/io/github/xinheng/Xinheng/gtk/help-overlay.ui");

  gtk_window_destroy (GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
}

static void
test_accelerators_are_given_once (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (const XhAccel *accel = xh_accels; accel->action != NULL; accel++)
    for (guint i = 0; accel->accels[i] != NULL; i++)
      {
        guint key;
        GdkModifierType modifiers;

        g_assert_true (gtk_accelerator_parse (accel->accels[i], &key, &modifiers));
        g_assert_true (g_hash_table_add (seen, (gpointer) accel->accels[i]));
      }
}

int
main (int argc, char *argv[])
{
  static GType types[15];
  guint n = 0;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  types[n++] = XH_TYPE_SIGN_IN_PAGE;
  types[n++] = XH_TYPE_WINDOW;
  types[n++] = XH_TYPE_SIDEBAR;
  types[n++] = XH_TYPE_STATUS_BAR;
  types[n++] = XH_TYPE_PALETTE;
  types[n++] = XH_TYPE_PREFERENCES_WINDOW;
  types[n++] = XH_TYPE_DIVISION_PICKER;
  types[n++] = XH_TYPE_LIST_PAGE;
  types[n++] = XH_TYPE_IMPORT_PAGE;
  types[n++] = XH_TYPE_SYNC_PAGE;
  types[n++] = XH_TYPE_DECISION_PAGE;
  types[n++] = XH_TYPE_REPAIR_PAGE;
  types[n++] = XH_TYPE_QUALITY_PAGE;
  types[n++] = XH_TYPE_SAMPLING_PAGE;
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("/app/templates/%s-is-built-and-freed", g_type_name (types[i]));

      g_test_add_data_func (name, &types[i], build_widget);
    }
  g_test_add_func ("/app/templates/the-shortcuts-are-built", test_help_overlay_builds);
  g_test_add_func ("/app/state-badge/says-its-word-with-a-shape", test_state_badge_says_its_word);
  g_test_add_func ("/app/status-bar/speaks-only-when-asked", test_status_bar_speaks_only_when_asked);
  g_test_add_func ("/app/accels/are-given-once", test_accelerators_are_given_once);

  return g_test_run ();
}
