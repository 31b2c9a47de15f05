/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-tray-case.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/widgets/xh-text.h"
#include "app/widgets/xh-value-text.h"
#include "model/xh-json.h"
#include "sync/xh-merge.h"

static void
field_free (gpointer data)
{
  XhTrayField *field = data;

  g_free (field->name);
  g_free (field->why_not);
  g_clear_pointer (&field->before, json_node_unref);
  g_clear_pointer (&field->mine, json_node_unref);
  g_clear_pointer (&field->theirs, json_node_unref);
  g_clear_pointer (&field->both, json_node_unref);
  g_free (field);
}

static void
issue_free (gpointer data)
{
  XhTrayIssue *issue = data;

  g_free (issue->field);
  g_free (issue->message);
  g_free (issue);
}

void
xh_tray_case_free (XhTrayCase *self)
{
  if (self == NULL)
    return;
  g_free (self->record_id);
  g_free (self->at);
  g_free (self->role);
  g_free (self->who);
  g_free (self->when);
  g_free (self->device);
  json_object_unref (self->set);
  json_object_unref (self->was);
  json_object_unref (self->edits);
  g_ptr_array_unref (self->fields);
  g_ptr_array_unref (self->issues);
  if (self->references != NULL)
    xh_value_array_free (self->references, self->kind->references->len);
  g_clear_pointer (&self->record, xh_record_free);
  g_free (self);
}

/* --- reading what the server said --- */

static JsonObject *
parse_object (const char *json)
{
  g_autoptr (JsonNode) node = json != NULL ? xh_json_parse (json, -1, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();
}

/* (transfer container) of JsonObject (not owned): what is no object is passed over. */
static GPtrArray *
member_objects (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  GPtrArray *objects = g_ptr_array_new ();
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i)))
      g_ptr_array_add (objects, json_array_get_object_element (array, i));
  return objects;
}

static JsonNode *
dup_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL ? json_node_copy (node) : NULL;
}

static XhTrayGrade
read_grade (const char *type, JsonObject *detail)
{
  g_autoptr (GPtrArray) fields = member_objects (detail, "fields");

  if (g_strcmp0 (type, "conflict") != 0)
    return XH_TRAY_REFUSED;
  for (guint i = 0; i < fields->len; i++)
    if (g_strcmp0 (xh_json_member_text (g_ptr_array_index (fields, i), "name"), "deleted") == 0)
      return XH_TRAY_DELETED;
  return g_strcmp0 (xh_json_member_text (detail, "grade"), "record") == 0 ? XH_TRAY_RECORD : XH_TRAY_SAME_FIELD;
}

gboolean
xh_tray_item_is_here (const XhTrayItem *item, XhStore *store)
{
  g_autoptr (XhRecord) record = xh_store_load (store, item->op.record, NULL);

  return record != NULL;
}

char *
xh_tray_item_title (const XhTrayItem *item)
{
  g_autoptr (JsonObject) detail = parse_object (item->detail);

  return g_strdup (xh_json_member_text (detail, "title"));
}

static gboolean
same_nodes (JsonNode *a, JsonNode *b)
{
  g_auto (XhValue) one = XH_VALUE_INIT, two = XH_VALUE_INIT;

  return (a == NULL || xh_value_from_json (a, &one)) && (b == NULL || xh_value_from_json (b, &two)) && xh_value_equal (&one, &two);
}

/* What keeps both, where the field can. */
static JsonNode *
make_both (const XhField *field, const XhTrayField *asked)
{
  g_auto (XhValue) before = XH_VALUE_INIT, mine = XH_VALUE_INIT, theirs = XH_VALUE_INIT, both = XH_VALUE_INIT;

  if ((asked->before != NULL && !xh_value_from_json (asked->before, &before)) || asked->mine == NULL || !xh_value_from_json (asked->mine, &mine)
      || asked->theirs == NULL || !xh_value_from_json (asked->theirs, &theirs) || !xh_merge_both (field, &before, &mine, &theirs, &both))
    return NULL;
  return xh_value_to_json (&both);
}

static char *
why_not_state (XhTrayCase *self, const XhTrayField *asked)
{
  g_auto (XhValue) mine = XH_VALUE_INIT;
  const char *to = asked->mine != NULL && xh_value_from_json (asked->mine, &mine) ? xh_value_as_text (&mine) : NULL;
  const XhState *now = self->record != NULL ? xh_kind_find_state (self->kind, self->record->state) : NULL;

  if (self->record == NULL || (to != NULL && xh_kind_match_transition (self->kind, self->record->state, to, self->role) != NULL))
    return NULL;
  return g_strdup_printf (_("From “%s” this step cannot be taken any more."), now != NULL ? xh_label_get (&now->label) : self->record->state);
}

/* Why mine cannot be chosen: what the server would refuse again. */
static char *
why_not_mine (XhTrayCase *self, XhForm *form, const XhTrayField *asked)
{
  g_auto (XhValue) mine = XH_VALUE_INIT;
  const XhState *now;

  if (g_str_equal (asked->name, "deleted"))
    {
      if (asked->mine != NULL && xh_value_from_json (asked->mine, &mine) && xh_value_as_integer (&mine) != 0)
        return NULL;
      if (self->record == NULL)
        return g_strdup (_("The record is deleted. Whoever may delete it can bring it back under “Recently Deleted”: then you can decide here."));
      return !self->record->deleted || xh_kind_may (self->kind, self->kind->delete_roles, self->role) /* brought back: mine stands */
               ? NULL : g_strdup (_("Only who may delete records of this register can bring it back."));
    }
  if (g_str_equal (asked->name, "state"))
    return why_not_state (self, asked);
  if (form == NULL || json_object_has_member (self->set, "state") || self->record->deleted || xh_form_is_editable (form, asked->name))
    return NULL;
  now = xh_kind_find_state (self->kind, self->record->state);
  return now != NULL ? g_strdup_printf (_("The record is “%s” now, and this field cannot be changed any more."), xh_label_get (&now->label))
                     : g_strdup (_("As the record stands now, this field cannot be changed."));
}

/* (transfer full) (nullable) NULL: nothing is here */
static JsonNode *
dup_standing (XhTrayCase *self, const char *name)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  return self->record != NULL && xh_record_value (self->record, name, &value) ? xh_value_to_json (&value) : NULL;
}

static void
add_field (XhTrayCase *self, XhForm *form, JsonObject *object)
{
  const char *name = xh_json_member_text (object, "name");
  const XhField *field = name != NULL ? xh_kind_find_field (self->kind, name) : NULL;
  g_autoptr (JsonNode) stands = NULL;
  gboolean mine_stands;
  XhTrayField *asked;

  if (name == NULL || xh_value_text_name (self->kind, name) == NULL || (field != NULL && (field->computed != NULL || field->scored)))
    return;
  asked = g_new0 (XhTrayField, 1);
  asked->name = g_strdup (name);
  asked->before = dup_member (object, "before");
  asked->mine = dup_member (object, "mine");
  stands = dup_standing (self, name);
  mine_stands = stands != NULL && same_nodes (stands, asked->mine);
  /* The others may have gone on since the server answered. Where mine stands, as when a decision is taken back, its answer still tells. */
  asked->theirs = stands == NULL || mine_stands ? dup_member (object, "theirs") : g_steal_pointer (&stands);
  asked->why_not = why_not_mine (self, form, asked);
  asked->both = field != NULL && asked->why_not == NULL ? make_both (field, asked) : NULL; /* both has mine in it */
  if (asked->why_not != NULL || same_nodes (asked->mine, asked->theirs))
    asked->side = XH_SIDE_THEIRS;
  else if (mine_stands || (self->grade == XH_TRAY_RECORD && same_nodes (asked->before, asked->theirs)))
    asked->side = XH_SIDE_MINE; /* it is there already, or nobody else touched it */
  g_ptr_array_add (self->fields, asked);
}

static void
read_detail (XhTrayCase *self, JsonObject *detail)
{
  g_autoptr (GPtrArray) fields = member_objects (detail, "fields"), issues = member_objects (detail, "issues");
  g_autoptr (XhForm) form = self->record != NULL ? xh_form_new (self->kind, self->role) : NULL;

  if (form != NULL)
    xh_form_load (form, self->record, self->references, FALSE);
  self->who = g_strdup (xh_text_account (xh_json_member_text (detail, "who"), xh_json_member_text (detail, "name")));
  self->when = g_strdup (xh_json_member_text (detail, "when"));
  self->device = g_strdup (xh_json_member_text (detail, "device"));
  for (guint i = 0; i < fields->len; i++)
    add_field (self, form, g_ptr_array_index (fields, i));
  for (guint i = 0; i < issues->len; i++)
    {
      XhTrayIssue *issue = g_new0 (XhTrayIssue, 1);

      issue->field = g_strdup (xh_json_member_text (g_ptr_array_index (issues, i), "field"));
      issue->message = g_strdup (xh_json_member_text (g_ptr_array_index (issues, i), "message"));
      g_ptr_array_add (self->issues, issue);
    }
}

XhTrayCase *
xh_tray_case_new (const XhKind *kind, const XhTrayItem *item, XhRecord *record, XhValue *references, const char *role)
{
  XhTrayCase *self = g_new0 (XhTrayCase, 1);
  g_autoptr (JsonObject) detail = parse_object (item->detail);

  self->kind = kind;
  self->number = item->number;
  self->record_id = g_strdup (item->op.record);
  self->at = g_strdup (item->op.created_at);
  self->role = g_strdup (role);
  self->creates = item->op.base == 0;
  self->parked = item->parked_at != NULL;
  self->exported = item->exported_at != NULL;
  self->grade = read_grade (item->type, detail);
  self->set = parse_object (item->op.set);
  self->was = parse_object (item->op.before);
  self->edits = json_object_new ();
  self->fields = g_ptr_array_new_with_free_func (field_free);
  self->issues = g_ptr_array_new_with_free_func (issue_free);
  self->record = record;
  self->references = references;
  read_detail (self, detail);
  return self;
}

/* --- deciding --- */

gboolean
xh_tray_case_is_decided (XhTrayCase *self)
{
  for (guint i = 0; i < self->fields->len; i++)
    if (((XhTrayField *) g_ptr_array_index (self->fields, i))->side == XH_SIDE_NONE)
      return FALSE;
  return TRUE;
}

void
xh_tray_case_choose_all (XhTrayCase *self, XhTraySide side)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      XhTrayField *field = g_ptr_array_index (self->fields, i);

      if ((side == XH_SIDE_MINE && field->why_not == NULL) || side == XH_SIDE_THEIRS || (side == XH_SIDE_BOTH && field->both != NULL))
        field->side = side;
    }
}

static XhTrayField *
find_field (XhTrayCase *self, const char *name)
{
  for (guint i = 0; i < self->fields->len; i++)
    if (g_str_equal (((XhTrayField *) g_ptr_array_index (self->fields, i))->name, name))
      return g_ptr_array_index (self->fields, i);
  return NULL;
}

gboolean
xh_tray_case_may_take_mine (XhTrayCase *self)
{
  for (guint i = 0; i < self->fields->len; i++)
    if (((XhTrayField *) g_ptr_array_index (self->fields, i))->why_not == NULL)
      return TRUE;
  return FALSE;
}

gboolean
xh_tray_case_asks (XhTrayCase *self, const char *name)
{
  return find_field (self, name) != NULL;
}

GPtrArray *
xh_tray_case_besides (XhTrayCase *self)
{
  GPtrArray *names = g_ptr_array_new ();
  g_autoptr (GList) members = json_object_get_members (self->set);

  for (GList *l = members; l != NULL; l = l->next)
    if (find_field (self, l->data) == NULL && xh_value_text_name (self->kind, l->data) != NULL)
      g_ptr_array_add (names, l->data);
  return names;
}

/* It stays deleted: then there is nothing that my change could change. */
static gboolean
leaves_deleted (XhTrayCase *self)
{
  const XhTrayField *deleted = find_field (self, "deleted");
  g_auto (XhValue) theirs = XH_VALUE_INIT;

  return deleted != NULL && deleted->side == XH_SIDE_THEIRS && deleted->theirs != NULL && xh_value_from_json (deleted->theirs, &theirs)
         && xh_value_as_integer (&theirs) != 0;
}

/* What stands already is no change: writing it would undo what somebody does to it meanwhile. A creation is told whole. */
static void
take (XhTrayCase *self, JsonObject *decided, const char *name, JsonNode *value)
{
  g_autoptr (JsonNode) present = self->creates ? NULL : dup_standing (self, name);

  if (present != NULL && same_nodes (present, value))
    json_object_remove_member (decided, name);
  else
    json_object_set_member (decided, name, value != NULL ? json_node_copy (value) : json_node_new (JSON_NODE_NULL));
}

static JsonObject *
decide (XhTrayCase *self)
{
  g_autoptr (GPtrArray) besides = xh_tray_case_besides (self);
  g_autoptr (GList) edited = json_object_get_members (self->edits);
  JsonObject *decided = json_object_new ();

  if (leaves_deleted (self))
    return decided;
  for (guint i = 0; i < besides->len; i++)
    take (self, decided, g_ptr_array_index (besides, i), json_object_get_member (self->set, g_ptr_array_index (besides, i)));
  for (guint i = 0; i < self->fields->len; i++)
    {
      const XhTrayField *field = g_ptr_array_index (self->fields, i);
      JsonNode *taken = field->side == XH_SIDE_MINE ? field->mine : field->side == XH_SIDE_BOTH ? field->both : field->theirs;

      if (field->side != XH_SIDE_NONE)
        take (self, decided, field->name, taken);
    }
  for (GList *l = edited; l != NULL; l = l->next)
    take (self, decided, l->data, json_object_get_member (self->edits, l->data));
  return decided;
}

gint64
xh_tray_case_version (XhTrayCase *self)
{
  return self->record != NULL ? xh_record_stamp (self->record) : -1;
}

void
xh_tray_case_go_on (XhTrayCase *self, const XhTrayCase *before)
{
  g_autoptr (GList) edited = json_object_get_members (before->edits);

  for (guint i = 0; i < before->fields->len; i++)
    {
      const XhTrayField *then = g_ptr_array_index (before->fields, i);
      XhTrayField *now = find_field (self, then->name);

      if (now != NULL && now->why_not == NULL && same_nodes (then->theirs, now->theirs))
        now->side = then->side;
    }
  for (GList *l = edited; l != NULL; l = l->next)
    if (find_field (self, l->data) == NULL || find_field (self, l->data)->side != XH_SIDE_NONE)
      json_object_set_member (self->edits, l->data, dup_member (before->edits, l->data));
}

char *
xh_tray_case_decision (XhTrayCase *self)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (root, decide (self));
  return xh_json_canonical (root);
}

XhRecord *
xh_tray_case_result (XhTrayCase *self)
{
  XhRecord *result = self->record != NULL ? xh_record_copy (self->record) : NULL;
  g_autoptr (JsonObject) decided = decide (self);
  g_autoptr (GList) names = json_object_get_members (decided);

  for (GList *l = names; result != NULL && l != NULL; l = l->next)
    {
      g_auto (XhValue) value = XH_VALUE_INIT;

      if (!xh_value_from_json (json_object_get_member (decided, l->data), &value) || xh_record_set (result, l->data, &value))
        continue;
      if (g_str_equal (l->data, "deleted"))
        result->deleted = xh_value_as_integer (&value) != 0;
      else if (g_str_equal (l->data, "state") && xh_value_as_text (&value) != NULL)
        {
          g_free (result->state);
          result->state = g_strdup (xh_value_as_text (&value));
        }
    }
  return result;
}

const char *
xh_tray_case_reason (XhTrayCase *self, const char *field)
{
  const gsize length = strlen (field);

  for (guint i = 0; i < self->issues->len; i++)
    {
      const XhTrayIssue *issue = g_ptr_array_index (self->issues, i);

      if (issue->field != NULL && strncmp (issue->field, field, length) == 0 && (issue->field[length] == '\0' || issue->field[length] == '/'))
        return issue->message;
    }
  return NULL;
}

/* --- in words --- */

static const char *
sum_up (XhTrayGrade grade, gboolean here)
{
  /* A record that leaves does not say why; the server refuses what is outside the area, and asks about what was deleted. */
  if (!here && grade != XH_TRAY_DELETED)
    return grade == XH_TRAY_REFUSED ? _("No longer in your area") : _("Deleted, or no longer in your area");
  switch (grade)
    {
    case XH_TRAY_SAME_FIELD:
      return _("Others changed the same fields");
    case XH_TRAY_RECORD:
      return _("The record has changed meanwhile, and my change does not fit any more");
    case XH_TRAY_DELETED:
      return _("One deleted what the other changed");
    case XH_TRAY_REFUSED:
    default:
      return _("The server refused it");
    }
}

const char *
xh_tray_item_summary (const XhTrayItem *item, gboolean here)
{
  g_autoptr (JsonObject) detail = parse_object (item->detail);

  return sum_up (read_grade (item->type, detail), here);
}

const char *
xh_tray_case_summary (XhTrayCase *self)
{
  return sum_up (self->grade, self->record != NULL);
}

gboolean
xh_tray_case_is_gone (XhTrayCase *self)
{
  return self->record == NULL && self->grade != XH_TRAY_DELETED;
}

static char *
tell_change (XhTrayCase *self)
{
  const char *who = self->who != NULL ? self->who : _("Someone else");
  g_autofree char *time = xh_text_exact (self->when);

  if (time == NULL)
    return g_strdup_printf (_("%s changed this record."), who);
  if (self->grade == XH_TRAY_SAME_FIELD)
    return g_strdup_printf (_("%s changed the same fields at %s."), who, time);
  if (self->grade == XH_TRAY_DELETED && !json_object_has_member (self->set, "deleted"))
    return g_strdup_printf (_("%s deleted this record at %s, while I changed it."), who, time);
  if (self->grade == XH_TRAY_DELETED)
    return g_strdup_printf (_("%s changed this record at %s, while I deleted it."), who, time);
  return g_strdup_printf (_("%s changed this record at %s."), who, time);
}

char *
xh_tray_case_story (XhTrayCase *self)
{
  g_autofree char *change = NULL;
  const char *advice;
  g_autoptr (GString) device = g_string_new (NULL);

  if (xh_tray_case_is_gone (self))
    return g_strdup_printf ("%s\n%s", self->grade == XH_TRAY_REFUSED ? _("The record is no longer in your area.") : _("The record was deleted, or is no longer in your area."),
                            self->exported ? _("What you changed is in a sheet: it can be put away, or stay parked here.")
                                           : _("What you changed is kept here: save it to a file for whoever has it now, then it can be put away."));
  if (self->grade == XH_TRAY_REFUSED)
    return g_strdup (_("The server did not take this change over. It says why at each field: correct it and send it again, or leave it for later."));
  change = tell_change (self);
  if (self->record == NULL)
    advice = _("What you changed is kept here. Park it until the record is brought back; or save it to a sheet if it is still needed, then give it up.");
  else if (self->grade == XH_TRAY_DELETED && !self->record->deleted && !json_object_has_member (self->set, "deleted"))
    advice = _("It has been brought back since. Save the decision, and what you changed is taken over.");
  else if (self->fields->len > 0 && !xh_tray_case_may_take_mine (self))
    advice = _("What you changed cannot be taken over as the record stands now. Save the decision to leave it so, or park your change until the record is open again.");
  else if (self->grade == XH_TRAY_RECORD)
    advice = _("Together the two changes are not right. Choose, or correct the fields below; nothing is lost meanwhile.");
  else
    advice = _("Choose for each field which value shall stand. The other one stays in the history.");
  /* The end of the id is what tells devices apart: it begins with the time at which it was made. */
  if (self->device != NULL)
    g_string_append_printf (device, _(" (device %s)"), strlen (self->device) > 6 ? self->device + strlen (self->device) - 6 : self->device);
  return g_strdup_printf ("%s%s\n%s", change, device->str, advice);
}
