/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands on the page of one item of the tray: a card for each field that two have changed, what the server says and where it is mended, what goes
 * along, and the head that tells the story. */
#include "xh-decision-page-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/widgets/xh-field-row.h"
#include "app/widgets/xh-value-text.h"
#include "model/xh-sql.h"
#include "xh-conflict-card.h"

void
xh_decision_page_show_head (XhDecisionPage *self)
{
  XhTrayCase *item = self->reading->item;
  const gboolean refused = item->grade == XH_TRAY_REFUSED, here = item->record != NULL, gone = xh_tray_case_is_gone (item);
  g_autofree char *story = xh_tray_case_story (item), *left = NULL, *subtitle = NULL;
  const char *title = self->reading->title;

  xh_page_set_title (XH_PAGE (self), title != NULL && *title != '\0' ? title : _("A record without a name"));
  left = self->reading->left > 0 ? g_strdup_printf (ngettext (" · %u more waits", " · %u more wait", self->reading->left), self->reading->left) : g_strdup ("");
  subtitle = g_strdup_printf ("%s · %s%s", xh_label_get (&item->kind->label), item->parked ? _("Parked") : xh_tray_case_summary (item), left);
  xh_page_set_subtitle (XH_PAGE (self), subtitle);
  gtk_label_set_text (self->story, story);
  gtk_button_set_label (self->give_up_button, gone ? _("Put Away") : _("Give My Change Up"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->give_up_button),
                               gone ? item->exported ? _("What was changed is in a sheet. This can be taken back.")
                                                      : _("Possible when it was saved to a sheet")
                                     : _("The record stays as the server has it. This can be taken back."));
  gtk_button_set_label (self->park_button, item->parked ? _("Decide Later No More") : _("Park"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->park_button),
                               item->parked ? NULL : _("It stays below the list until you decide, and what you change in the record from now on is sent."));
  gtk_button_set_label (GTK_BUTTON (self->save_button), refused ? _("Send Again") : _("Save Decision"));
  gtk_widget_set_visible (self->save_button, here);
  gtk_widget_set_visible (GTK_WIDGET (self->open_button), here);
}

static void
add_cards (XhDecisionPage *self)
{
  XhTrayCase *item = self->reading->item;
  gboolean any_both = FALSE;

  for (guint i = 0; i < item->fields->len; i++)
    {
      XhTrayField *field = g_ptr_array_index (item->fields, i);
      GtkWidget *card = xh_conflict_card_new (item, field, xh_session_get_store (self->session), XH_FIELD_HOST (self->host));

      any_both |= field->both != NULL;
      g_signal_connect_object (card, "chosen", G_CALLBACK (xh_decision_page_chosen), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->cards, card);
    }
  gtk_widget_set_visible (self->all_box, item->record != NULL && xh_tray_case_may_take_mine (item));
  gtk_widget_set_visible (self->all_both, any_both);
  gtk_widget_set_sensitive (GTK_WIDGET (self->cards), item->record != NULL);
}

static GtkWidget *
add_message (XhDecisionPage *self, const char *title, const char *text)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "title-lines", 0, "subtitle-lines", 0, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (text != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  gtk_widget_add_css_class (row, "refusal");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  adw_preferences_group_add (self->correct, row);
  return row;
}

static AdwPreferencesGroup *
add_group (GtkBox *box, const char *title, const char *description)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  gtk_box_append (box, group);
  return ADW_PREFERENCES_GROUP (group);
}

static void
need_correct_group (XhDecisionPage *self)
{
  if (self->correct == NULL)
    self->correct = self->editor != NULL ? add_group (self->correct_box, _("To correct"), _("What is typed here goes with the decision."))
                                         : add_group (self->correct_box, _("What the server says"), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->correct_box), TRUE);
}

/* With my own step the record may be one that can be edited. */
static gboolean
may_edit (XhDecisionPage *self, const XhField *field)
{
  return xh_form_is_editable (self->form, field->name) || json_object_has_member (self->reading->item->set, "state");
}

static gboolean
can_have_row (XhDecisionPage *self, const XhField *field)
{
  return field != NULL && self->editor != NULL && !g_hash_table_contains (self->rows, field->name) && xh_record_editor_shows (self->editor, field);
}

static void
add_row (XhDecisionPage *self, const XhField *field)
{
  GtkWidget *row = xh_field_row_new (xh_record_editor_get_cell (self->editor, field), XH_FIELD_HOST (self->host));

  g_hash_table_insert (self->rows, g_strdup (field->name), row);
  adw_preferences_group_add (self->correct, row);
  xh_field_row_reveal_issues (XH_FIELD_ROW (row), TRUE);
}

/* A check names other fields, too: what is wrong may be there, and others may have changed it. */
static void
add_others_of_check (XhDecisionPage *self, const XhField *field, const char *message)
{
  for (guint i = 0; field->checks != NULL && i < field->checks->len; i++)
    {
      const XhCheck *check = g_ptr_array_index (field->checks, i);

      if (g_strcmp0 (xh_label_get (&check->message), message) != 0)
        continue;
      for (guint j = 0; j < field->kind->fields->len; j++)
        {
          const XhField *other = g_ptr_array_index (field->kind->fields, j);

          if (can_have_row (self, other) && other->computed == NULL && !other->scored && may_edit (self, other)
              && xh_sql_mentions (check->expression, other->name))
            add_row (self, other);
        }
    }
}

/* What the server said at the field, and the field itself to mend it, where it can be. */
static void
add_correction (XhDecisionPage *self, const char *name, const char *message)
{
  XhTrayCase *item = self->reading->item;
  const XhField *field = xh_kind_find_field (item->kind, name);
  const char *reason = xh_tray_case_reason (item, name);
  const gboolean asks = xh_tray_case_asks (item, name);

  if (!can_have_row (self, field) || (asks && !may_edit (self, field)))
    return;
  need_correct_group (self);
  if (reason != NULL && !asks)
    {
      g_autofree char *text = g_strdup_printf (_("%s: the server says"), xh_label_get (&field->label));

      g_hash_table_insert (self->said, g_strdup (name), add_message (self, text, reason));
    }
  add_row (self, field);
  if (message != NULL)
    add_others_of_check (self, field, message);
}

/* Whether the form finds the same wrong with it. */
static gboolean
form_says (XhForm *form, const char *name, const char *message)
{
  GPtrArray *issues = xh_form_get_issues (form);

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);

      if (g_strcmp0 (issue->field, name) == 0 && g_strcmp0 (issue->message, message) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
xh_decision_page_show_said (XhDecisionPage *self)
{
  XhTrayCase *item = self->reading->item;
  GHashTableIter iter;
  gpointer name, row;
  gboolean any = FALSE;

  g_hash_table_iter_init (&iter, self->said);
  while (g_hash_table_iter_next (&iter, &name, &row))
    {
      const gboolean stands = !json_object_has_member (item->edits, name) && !form_says (self->form, name, xh_tray_case_reason (item, name));

      gtk_widget_set_visible (row, stands);
      any |= stands;
    }
  return any;
}

/* What is wrong in the record that would be, and can be corrected here, gets its row; a row stays once it is there. */
void
xh_decision_page_add_missing_rows (XhDecisionPage *self)
{
  GPtrArray *issues = xh_form_get_issues (self->form);

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);
      g_autofree char *name = issue->field != NULL ? g_strndup (issue->field, strcspn (issue->field, "/")) : NULL;

      if (name != NULL && xh_form_holds_up (self->form, issue))
        add_correction (self, name, issue->message);
    }
}

static void
add_corrections (XhDecisionPage *self)
{
  XhTrayCase *item = self->reading->item;
  g_autoptr (GPtrArray) besides = xh_tray_case_besides (item);

  for (guint i = 0; i < item->issues->len; i++)
    {
      const XhTrayIssue *issue = g_ptr_array_index (item->issues, i);
      g_autofree char *name = issue->field != NULL ? g_strndup (issue->field, strcspn (issue->field, "/")) : NULL;
      const gboolean is_field = name != NULL && xh_kind_find_field (item->kind, name) != NULL && self->editor != NULL
                                && xh_record_editor_shows (self->editor, xh_kind_find_field (item->kind, name));

      if (is_field)
        add_correction (self, name, issue->message);
      else if (issue->message != NULL)
        {
          const char *label = name != NULL ? xh_value_text_name (item->kind, name) : NULL;

          need_correct_group (self);
          add_message (self, label != NULL ? label : _("The whole record"), issue->message);
        }
    }
  for (guint i = 0; i < besides->len && item->grade == XH_TRAY_REFUSED && !item->creates; i++)
    add_correction (self, g_ptr_array_index (besides, i), NULL);
}

/* What I changed besides goes along, and is said. */
static void
add_besides (XhDecisionPage *self)
{
  XhTrayCase *item = self->reading->item;
  g_autoptr (GPtrArray) besides = xh_tray_case_besides (item);
  AdwPreferencesGroup *group = NULL;

  for (guint i = 0; i < besides->len && !item->creates; i++)
    {
      const char *name = g_ptr_array_index (besides, i);
      g_autofree char *before = xh_value_text (item->kind, name, json_object_get_member (item->was, name), xh_session_get_store (self->session));
      g_autofree char *mine = xh_value_text (item->kind, name, json_object_get_member (item->set, name), xh_session_get_store (self->session));
      g_autofree char *text = g_strdup_printf ("%s → %s", before, mine);
      GtkWidget *row;

      if (g_hash_table_contains (self->rows, name))
        continue;
      if (group == NULL)
        group = item->record != NULL && item->grade != XH_TRAY_REFUSED
                  ? add_group (self->besides_box, _("Goes along"), _("Nobody else touched these: they go with whatever is decided above."))
                  : add_group (self->besides_box, _("My change"), NULL);
      row = adw_action_row_new ();
      g_object_set (row, "use-markup", FALSE, "title-lines", 0, "subtitle-lines", 0, NULL);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), xh_value_text_name (item->kind, name));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
      adw_preferences_group_add (group, row);
    }
}

static void
make_form (XhDecisionPage *self)
{
  XhTrayCase *item = self->reading->item;
  const XhProfile *profile = xh_session_get_profile (self->session);

  if (item->record == NULL)
    return;
  self->form = xh_form_new (item->kind, item->role);
  xh_form_set_place (self->form, profile->division, profile->unit);
  xh_form_load (self->form, item->record, item->references, FALSE);
  self->editor = xh_record_editor_new (self->form, item->role);
  self->host = xh_record_host_new (self->session, GTK_WIDGET (self));
  xh_record_host_set_record (self->host, item->creates ? NULL : item->record_id);
  g_signal_connect_object (self->editor, "edited", G_CALLBACK (xh_decision_page_edited), self, G_CONNECT_SWAPPED);
  self->result = XH_DECISION_RESULT (xh_decision_result_new ());
  gtk_box_append (self->result_box, GTK_WIDGET (self->result));
}

void
xh_decision_page_build (XhDecisionPage *self)
{
  make_form (self);
  add_cards (self);
  add_corrections (self);
  add_besides (self);
}
