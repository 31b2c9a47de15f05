/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-decision-result.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/rating/xh-score-text.h"

struct _XhDecisionResult
{
  AdwBin parent_instance;

  AdwActionRow *checks, *score;
  GtkImage *image;
};

G_DEFINE_FINAL_TYPE (XhDecisionResult, xh_decision_result, ADW_TYPE_BIN)

static gboolean
has_issue (XhForm *form, const XhIssue *issue)
{
  GPtrArray *issues = xh_form_get_issues (form);

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *other = g_ptr_array_index (issues, i);

      if (g_strcmp0 (other->field, issue->field) == 0 && g_strcmp0 (other->message, issue->message) == 0)
        return TRUE;
    }
  return FALSE;
}

/* One line each: "Labour: must not be negative". Returns how many are new. */
static guint
tell_issues (XhForm *now, XhForm *then, GString *text)
{
  GPtrArray *issues = xh_form_get_issues (then);
  guint n = 0;

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);
      g_autofree char *name = issue->field != NULL ? g_strndup (issue->field, strcspn (issue->field, "/")) : NULL;
      const XhField *field = name != NULL ? xh_kind_find_field (xh_form_get_kind (then), name) : NULL;

      if (!xh_form_holds_up (then, issue))
        continue;
      n += now == NULL || !has_issue (now, issue);
      g_string_append_printf (text, text->len > 0 ? "\n%s%s%s" : "%s%s%s", field != NULL ? xh_label_get (&field->label) : "",
                              field != NULL ? _(": ") : "", issue->message);
    }
  return n;
}

static char *
tell_score (XhForm *form)
{
  const XhScore *score = xh_form_get_score (form);
  g_autofree char *points = score != NULL ? xh_score_format_points (score->total) : NULL;

  if (points == NULL)
    return NULL;
  return g_strdup_printf ("%s · %s", points, score->grade != NULL ? xh_label_get (&score->grade->label) : "–");
}

gboolean
xh_decision_result_show (XhDecisionResult *self, XhForm *now, XhForm *then, gboolean decided, gboolean refused)
{
  g_autoptr (GString) issues = g_string_new (NULL);
  const guint n_new = tell_issues (now, then, issues);
  g_autofree char *before = now != NULL ? tell_score (now) : NULL, *after = tell_score (then), *both = NULL;
  const gboolean passes = issues->len == 0, warns = !passes || refused;
  const char *title = !decided ? _("Not everything is decided yet") : !passes ? _("The record does not pass its checks yet")
                      : refused ? _("What the server said is not corrected yet") : _("The record passes its checks");

  if (passes && decided && refused)
    g_string_append (issues, _("This computer finds nothing wrong. Correct what the server names, here or in another record; sent as it is, it may be refused again."));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->checks), title);
  adw_action_row_set_subtitle (self->checks, issues->str);
  gtk_image_set_from_icon_name (self->image, !decided ? "content-loading-symbolic" : !warns ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->score), after != NULL);
  if (after != NULL)
    {
      both = before == NULL || g_str_equal (before, after) ? g_strdup (after) : g_strdup_printf ("%s → %s", before, after);
      adw_action_row_set_subtitle (self->score, both);
    }
  return n_new == 0;
}

static void
xh_decision_result_class_init (XhDecisionResultClass *klass)
{
}

static AdwActionRow *
add_row (AdwPreferencesGroup *group)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "title-lines", 0, "subtitle-lines", 0, NULL);
  adw_preferences_group_add (group, row);
  return ADW_ACTION_ROW (row);
}

static void
xh_decision_result_init (XhDecisionResult *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, _("After the decision"));
  self->checks = add_row (group);
  self->image = GTK_IMAGE (gtk_image_new ());
  adw_action_row_add_prefix (self->checks, GTK_WIDGET (self->image));
  self->score = add_row (group);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->score), _("Score"));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (group));
}

GtkWidget *
xh_decision_result_new (void)
{
  return g_object_new (XH_TYPE_DECISION_RESULT, NULL);
}
