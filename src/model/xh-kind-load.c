/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-catalog-private.h"

#include <glib/gi18n-lib.h>
#include <sqlite3.h>
#include <string.h>

#include "xh-spine.h"

#define MAX_LIST_FIELDS 6
#define MAX_FIELDS 400

typedef struct
{
  XhLoading *loading;
  const XhReader *reader;
  XhKind *kind;
} KindLoad;

/* What SQLite takes for its own, beside its keywords. */
static const char *const reserved_names[] = {
  "rowid", "oid", "true", "false", NULL,
};

static const char *const tone_names[] = { "neutral", "active", "waiting", "good", "bad", NULL };

/* --- helpers */

static gboolean
name_is_reserved (const char *name)
{
  return xh_spine_find (name) != NULL || g_strv_contains (reserved_names, name) || sqlite3_keyword_check (name, (int) strlen (name)) != 0;
}

static void
check_new_name (const KindLoad *load, const XhReader *reader, const char *name)
{
  if (name_is_reserved (name))
    xh_reader_fault (reader, "name", _("\"%s\" is a reserved word"), name);
  else if (xh_kind_find_field (load->kind, name) != NULL || xh_kind_find_reference (load->kind, name) != NULL)
    xh_reader_fault (reader, "name", _("\"%s\" is used twice"), name);
}

/* Whether the JSON object names a field that the list has. */
static gboolean
is_left_out (const XhReader *field, char **without)
{
  JsonObject *object = without != NULL && JSON_NODE_HOLDS_OBJECT (field->node) ? json_node_get_object (field->node) : NULL;
  JsonNode *name = object != NULL ? json_object_get_member (object, "name") : NULL;

  return name != NULL && JSON_NODE_HOLDS_VALUE (name) && json_node_get_string (name) != NULL
         && g_strv_contains ((const char *const *) without, json_node_get_string (name));
}

/* A field by its name in a member of the definition; a fault where there is none. */
static char *
read_field_name (const KindLoad *load, const XhReader *reader, const char *key, gboolean required)
{
  g_autofree char *name = xh_reader_text (reader, key, required);

  if (name == NULL || xh_kind_find_field (load->kind, name) != NULL)
    return g_steal_pointer (&name);
  xh_reader_fault (reader, key, _("no such field \"%s\""), name);
  return NULL;
}

static void
read_field_list (const KindLoad *load, const char *key, gboolean with_state, GPtrArray *fields)
{
  g_auto (GStrv) names = xh_reader_texts (load->reader, key, FALSE);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      const XhField *field = with_state && strcmp (names[i], "state") == 0 ? load->kind->state_field
                                                                            : xh_kind_find_field (load->kind, names[i]);

      if (field == NULL)
        xh_reader_fault (load->reader, key, _("no such field \"%s\""), names[i]);
      else if (g_ptr_array_find (fields, field, NULL))
        xh_reader_fault (load->reader, key, _("\"%s\" is listed twice"), names[i]);
      else if (field->type == XH_FIELD_TABLE || field->type == XH_FIELD_FILES)
        xh_reader_fault (load->reader, key, _("\"%s\" is a table and cannot stand here"), names[i]);
      else
        g_ptr_array_add (fields, (gpointer) field);
    }
}

static void
read_key_lists (const KindLoad *load, const char *key, GPtrArray *lists)
{
  XhReader array;
  guint length;

  if (!xh_reader_has (load->reader, key))
    return;
  length = xh_reader_array (load->reader, key, FALSE, &array);
  for (guint i = 0; i < length; i++)
    {
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
      XhReader element;
      gboolean good;

      xh_reader_element (&array, i, &element);
      good = JSON_NODE_HOLDS_ARRAY (element.node) && json_array_get_length (json_node_get_array (element.node)) > 0;
      for (guint j = 0; good && j < json_array_get_length (json_node_get_array (element.node)); j++)
        {
          JsonNode *node = json_array_get_element (json_node_get_array (element.node), j);
          const char *name = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

          good = name != NULL;
          if (good && xh_kind_find_field (load->kind, name) == NULL)
            xh_reader_fault (&element, NULL, _("no such field \"%s\""), name);
          else if (good)
            g_strv_builder_add (builder, name);
        }
      if (!good)
        xh_reader_fault (&element, NULL, _("must be a list of field names"));
      g_ptr_array_add (lists, g_strv_builder_end (builder));
    }
}

/* --- sections and fields */

static char *
join_conditions (const char *first, const char *second)
{
  if (first == NULL || second == NULL)
    return g_strdup (first != NULL ? first : second);
  return g_strdup_printf ("(%s) AND (%s)", first, second);
}

static void
copy_label (const XhLabel *source, XhLabel *target)
{
  target->zh = g_strdup (source->zh);
  target->en = g_strdup (source->en);
}

static void
load_fields (const KindLoad *load, const XhReader *reader, char **without, XhSection *section, const XhLabel *irrelevant)
{
  XhReader array;
  guint length = xh_reader_array (reader, "fields", TRUE, &array);

  for (guint i = 0; i < length; i++)
    {
      g_autofree char *own = NULL;
      XhReader element;
      XhField *field;

      xh_reader_element (&array, i, &element);
      if (is_left_out (&element, without))
        continue;
      if (load->kind->fields->len >= MAX_FIELDS)
        {
          xh_reader_fault (&element, NULL, _("a kind has at most %d fields"), MAX_FIELDS);
          return;
        }
      field = xh_field_new ();
      field->kind = load->kind;
      field->index = load->kind->fields->len;
      if (!xh_field_load (load->loading, &element, load->kind, field))
        {
          xh_field_free (field);
          continue;
        }
      check_new_name (load, &element, field->name);
      own = g_steal_pointer (&field->relevant);
      field->relevant = join_conditions (section->relevant, own);
      if (field->irrelevant_reason.zh == NULL)
        copy_label (irrelevant, &field->irrelevant_reason);
      g_ptr_array_add (load->kind->fields, field);
      g_ptr_array_add (section->fields, field);
    }
}

static void
load_own_section (const KindLoad *load, const XhReader *reader, char **without)
{
  static const char *const keys[] = { "name", "label", "help", "relevant", "irrelevant", "fields", NULL };
  XhSection *section;
  XhLabel irrelevant;
  XhSite *site;

  if (!xh_reader_object (reader, keys))
    return;
  section = g_new0 (XhSection, 1);
  section->fields = g_ptr_array_new ();
  section->name = xh_reader_name (reader, TRUE);
  xh_reader_label (reader, "label", TRUE, &section->label);
  xh_reader_label (reader, "help", FALSE, &section->help);
  xh_reader_label (reader, "irrelevant", FALSE, &irrelevant);
  section->relevant = xh_reader_expression (reader, "relevant", FALSE);
  for (guint i = 0; section->name != NULL && i < load->kind->sections->len; i++)
    if (g_strcmp0 (((XhSection *) g_ptr_array_index (load->kind->sections, i))->name, section->name) == 0)
      xh_reader_fault (reader, "name", _("\"%s\" is used twice"), section->name);
  g_ptr_array_add (load->kind->sections, section);

  site = xh_loading_site (load->loading, reader, "relevant", load->kind->name, section->relevant);
  if (site != NULL)
    {
      site->use = XH_SITE_RELEVANT;
      site->owner = load->kind;
      site->first = load->kind->fields->len;
    }
  load_fields (load, reader, without, section, &irrelevant);
  if (site != NULL)
    site->n = load->kind->fields->len - site->first;
  xh_label_clear (&irrelevant);
}

/* A section, or {"section": NAME} that stands for one of sections/. */
static void
load_section (const KindLoad *load, const XhReader *reader)
{
  g_auto (XhPart) part = { NULL };

  if (!JSON_NODE_HOLDS_OBJECT (reader->node) || !xh_reader_has (reader, "section"))
    load_own_section (load, reader, NULL);
  else if (xh_part_open_section (load->loading, reader, &part))
    load_own_section (load, &part.reader, part.without);
}

/* --- references */

static void
load_match (const XhReader *reader, XhReference *reference)
{
  XhReader match;
  g_autoptr (GList) names = NULL;

  if (!xh_reader_has (reader, "match"))
    xh_reader_fault (reader, NULL, _("\"%s\" is missing"), "match");
  if (!xh_reader_child (reader, "match", &match))
    return;
  names = json_object_get_members (json_node_get_object (match.node));
  if (g_list_length (names) != 1)
    {
      xh_reader_fault (&match, NULL, _("must have one member: {\"theirs\": \"ours\"}"));
      return;
    }
  reference->match_theirs = g_strdup (names->data);
  reference->match_ours = xh_reader_text (&match, names->data, TRUE);
}

static void
load_reference (const KindLoad *load, const XhReader *reader)
{
  static const char *const keys[] = { "name", "label", "type", "from", "match", "where", "value", NULL };
  XhReference *reference;
  XhSite *where, *value;

  if (!xh_reader_object (reader, keys))
    return;
  reference = g_new0 (XhReference, 1);
  reference->name = xh_reader_name (reader, FALSE);
  xh_reader_label (reader, "label", TRUE, &reference->label);
  xh_field_type_read (reader, "type", &reference->type);
  reference->from = xh_reader_text (reader, "from", TRUE);
  load_match (reader, reference);
  reference->where = xh_reader_expression (reader, "where", FALSE);
  reference->value = xh_reader_expression (reader, "value", TRUE);
  if (reference->name == NULL || reference->from == NULL || reference->match_theirs == NULL || reference->match_ours == NULL
      || reference->value == NULL)
    {
      xh_reference_free (reference);
      return;
    }
  check_new_name (load, reader, reference->name);
  reference->aggregate = strcmp (reference->match_theirs, "id") != 0;
  reference->index = load->kind->references->len;
  if (strcmp (reference->match_ours, "id") != 0 && strcmp (reference->match_ours, "division") != 0
      && strcmp (reference->match_ours, "unit") != 0 && xh_kind_find_field (load->kind, reference->match_ours) == NULL
      && xh_kind_find_reference (load->kind, reference->match_ours) == NULL)
    xh_reader_fault (reader, "match", _("no such field or earlier reference \"%s\""), reference->match_ours);
  g_ptr_array_add (load->kind->references, reference);

  where = xh_loading_site (load->loading, reader, "where", reference->from, reference->where);
  value = xh_loading_site (load->loading, reader, "value", reference->from, reference->value);
  if (where != NULL)
    where->own_names = TRUE;
  if (value != NULL)
    {
      value->own_names = TRUE;
      value->is_aggregate = reference->aggregate;
    }
}

/* --- workflow and due dates */

static void
load_state (const KindLoad *load, const XhReader *reader)
{
  static const char *const keys[] = { "name", "label", "complete", "closed", "edit", "tone", NULL };
  XhState *state;
  int tone;

  if (!xh_reader_object (reader, keys))
    return;
  state = g_new0 (XhState, 1);
  state->name = xh_reader_name (reader, FALSE);
  xh_reader_label (reader, "label", TRUE, &state->label);
  state->complete = xh_reader_boolean (reader, "complete", FALSE);
  state->closed = xh_reader_boolean (reader, "closed", FALSE);
  state->edit_roles = xh_loading_roles (load->loading, reader, "edit", FALSE);
  tone = xh_reader_one_of (reader, "tone", FALSE, tone_names);
  state->tone = tone >= 0 ? (XhTone) tone : XH_TONE_NEUTRAL;
  if (state->name == NULL)
    {
      xh_state_free (state);
      return;
    }
  if (xh_kind_find_state (load->kind, state->name) != NULL)
    xh_reader_fault (reader, "name", _("\"%s\" is used twice"), state->name);
  g_ptr_array_add (load->kind->states, state);
}

static void
check_state (const KindLoad *load, const XhReader *reader, const char *key, const char *name)
{
  if (name != NULL && xh_kind_find_state (load->kind, name) == NULL)
    xh_reader_fault (reader, key, _("no such state \"%s\""), name);
}

static void
load_transition (const KindLoad *load, const XhReader *reader)
{
  static const char *const keys[] = { "name", "label", "from", "to", "roles", "when", "message", "destructive", "automatic", NULL };
  XhTransition *transition;

  if (!xh_reader_object (reader, keys))
    return;
  transition = g_new0 (XhTransition, 1);
  transition->name = xh_reader_name (reader, FALSE);
  xh_reader_label (reader, "label", TRUE, &transition->label);
  transition->from = xh_reader_texts (reader, "from", TRUE);
  transition->to = xh_reader_text (reader, "to", TRUE);
  transition->roles = xh_loading_roles (load->loading, reader, "roles", TRUE);
  transition->when = xh_loading_expression (load->loading, reader, "when", FALSE, load->kind->name);
  xh_reader_label (reader, "message", transition->when != NULL, &transition->message);
  transition->destructive = xh_reader_boolean (reader, "destructive", FALSE);
  transition->automatic = xh_reader_boolean (reader, "automatic", FALSE);
  if (transition->automatic && transition->when == NULL)
    xh_reader_fault (reader, "automatic", _("needs \"when\""));
  for (guint i = 0; transition->from[i] != NULL; i++)
    check_state (load, reader, "from", transition->from[i]);
  check_state (load, reader, "to", transition->to);
  if (transition->to != NULL && g_strv_contains ((const char *const *) transition->from, transition->to))
    xh_reader_fault (reader, "to", _("\"%s\" is where it starts from"), transition->to);
  if (transition->name == NULL || transition->to == NULL)
    {
      xh_transition_free (transition);
      return;
    }
  if (xh_kind_find_transition (load->kind, transition->name) != NULL)
    xh_reader_fault (reader, "name", _("\"%s\" is used twice"), transition->name);
  g_ptr_array_add (load->kind->transitions, transition);
}

static void
load_due (const KindLoad *load, const XhReader *reader)
{
  static const char *const keys[] = { "name", "label", "date", "states", "rule", "rule_text", NULL };
  XhDue *due;

  if (!xh_reader_object (reader, keys))
    return;
  due = g_new0 (XhDue, 1);
  g_ptr_array_add (load->kind->dues, due);
  due->name = xh_reader_name (reader, FALSE);
  xh_reader_label (reader, "label", TRUE, &due->label);
  due->date = xh_loading_expression (load->loading, reader, "date", TRUE, load->kind->name);
  due->states = xh_reader_texts (reader, "states", FALSE);
  due->rule = xh_reader_text (reader, "rule", FALSE);
  due->rule_text = xh_loading_expression (load->loading, reader, "rule_text", FALSE, load->kind->name);
  for (guint i = 0; due->states != NULL && due->states[i] != NULL; i++)
    check_state (load, reader, "states", due->states[i]);
}

typedef void (*LoadElement) (const KindLoad *load, const XhReader *reader);

static void
load_each (const KindLoad *load, const XhReader *reader, const char *key, gboolean required, LoadElement func)
{
  XhReader array;
  guint length = xh_reader_array (reader, key, required, &array);

  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      func (load, &element);
    }
}

static void
load_steps (const KindLoad *load, const XhReader *reader)
{
  load_each (load, reader, "states", TRUE, load_state);
  if (xh_reader_has (reader, "states") && load->kind->states->len == 0)
    xh_reader_fault (reader, "states", _("must not be empty"));
  load_each (load, reader, "transitions", FALSE, load_transition);
}

static void
load_own_workflow (const KindLoad *load, const XhReader *reader)
{
  static const char *const keys[] = { "states", "transitions", NULL };

  if (xh_reader_object (reader, keys))
    load_steps (load, reader);
}

/* A file of workflows/ has a name, too. */
static void
load_workflow_file (const KindLoad *load, const XhReader *reader)
{
  static const char *const keys[] = { "name", "label", "note", "states", "transitions", NULL };

  if (xh_reader_object (reader, keys))
    load_steps (load, reader);
}

/* "workflow": states and transitions, or the name of a file in workflows/. */
static void
load_workflow (const KindLoad *load)
{
  JsonNode *node = json_object_get_member (json_node_get_object (load->reader->node), "workflow");
  g_auto (XhPart) part = { NULL };
  XhReader workflow;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      if (xh_part_open (load->loading, load->reader, "workflow", "workflows", json_node_get_string (node), &part))
        load_workflow_file (load, &part.reader);
    }
  else if (xh_reader_child (load->reader, "workflow", &workflow))
    load_own_workflow (load, &workflow);
  if (load->kind->states->len == 0)
    {
      XhState *state = g_new0 (XhState, 1);

      state->name = g_strdup ("kept");
      state->label = (XhLabel) { g_strdup ("在册"), g_strdup ("Kept") };
      state->complete = TRUE;
      g_ptr_array_add (load->kind->states, state);
    }
}

static void
make_state_field (XhKind *kind)
{
  XhField *field = xh_field_new ();

  field->kind = kind;
  field->index = G_MAXUINT;
  field->name = g_strdup ("state");
  field->type = XH_FIELD_CHOICE;
  field->label = (XhLabel) { g_strdup ("状态"), g_strdup ("State") };
  field->choices = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_choice_free);
  for (guint i = 0; i < kind->states->len; i++)
    {
      const XhState *state = g_ptr_array_index (kind->states, i);
      XhChoice *choice = g_new0 (XhChoice, 1);

      choice->code = g_strdup (state->name);
      copy_label (&state->label, &choice->label);
      g_ptr_array_add (field->choices, choice);
    }
  kind->state_field = field;
}

/* --- the kind itself */

static void
load_scope_field (const KindLoad *load, const char *key, XhFieldType type, char **target)
{
  *target = read_field_name (load, load->reader, key, FALSE);
  if (*target != NULL && xh_kind_find_field (load->kind, *target)->type != type)
    xh_reader_fault (load->reader, key, _("\"%s\" is not of type \"%s\""), *target, key);
}

static void
load_roles (const KindLoad *load)
{
  static const char *const keys[] = { "read", "create", "edit", "delete", "reach", "own", NULL };
  XhReader roles;

  if (!xh_reader_child (load->reader, "roles", &roles))
    return;
  xh_reader_object (&roles, keys);
  load->kind->read_roles = xh_loading_roles (load->loading, &roles, "read", FALSE);
  load->kind->create_roles = xh_loading_roles (load->loading, &roles, "create", FALSE);
  load->kind->edit_roles = xh_loading_roles (load->loading, &roles, "edit", FALSE);
  load->kind->delete_roles = xh_loading_roles (load->loading, &roles, "delete", FALSE);
  load->kind->reach_roles = xh_loading_roles (load->loading, &roles, "reach", FALSE);
  load->kind->own_roles = xh_loading_roles (load->loading, &roles, "own", FALSE);
}

static void
load_head (const KindLoad *load, const char *name)
{
  XhKind *kind = load->kind;
  g_autofree char *said = xh_reader_name (load->reader, TRUE);

  if (said != NULL && strcmp (said, name) != 0)
    xh_reader_fault (load->reader, "name", _("must be the file's name, \"%s\""), name);
  if (!xh_reader_has (load->reader, "version"))
    xh_reader_fault (load->reader, NULL, _("\"%s\" is missing"), "version");
  kind->version = (guint) xh_reader_integer (load->reader, "version", 1, 1, G_MAXINT32);
  kind->valid_from = xh_reader_date (load->reader, "valid_from");
  kind->valid_to = xh_reader_date (load->reader, "valid_to");
  xh_reader_label (load->reader, "label", TRUE, &kind->label);
  xh_reader_label (load->reader, "help", FALSE, &kind->help);
  kind->group = xh_reader_text (load->reader, "group", TRUE);
  kind->order = (int) xh_reader_integer (load->reader, "order", 100, 0, 100000);
  kind->icon = xh_reader_text (load->reader, "icon", FALSE);
  kind->title = xh_loading_expression (load->loading, load->reader, "title", TRUE, name);
  kind->scorecard = xh_reader_text (load->reader, "scorecard", FALSE);
}

/* --- private functions */

XhKind *
xh_kind_load (XhLoading *loading, const XhReader *reader, const char *name)
{
  static const char *const keys[] = {
    "name", "version", "valid_from", "valid_to", "label", "help", "group", "order", "icon", "subject", "title", "division", "unit", "list",
    "filters", "search", "unique", "duplicates", "indexes", "roles", "scorecard", "sections", "references", "workflow", "due", NULL,
  };
  XhKind *kind;
  KindLoad load;

  if (!xh_name_is_valid (name, TRUE))
    {
      xh_reader_fault (reader, NULL, _("the file's name is no name of a kind: small letters, digits and -, a letter first"));
      return NULL;
    }
  if (!xh_reader_object (reader, keys))
    return NULL;
  kind = xh_kind_new ();
  load = (KindLoad) { loading, reader, kind };
  kind->catalog = loading->catalog;
  kind->name = g_strdup (name);
  kind->table = g_strconcat ("k_", name, NULL);
  g_strdelimit (kind->table, "-", '_');

  load_head (&load, name);
  load_each (&load, reader, "sections", TRUE, load_section);
  load_each (&load, reader, "references", FALSE, load_reference);
  load_workflow (&load);
  load_each (&load, reader, "due", FALSE, load_due);
  make_state_field (kind);
  load_roles (&load);
  xh_kind_load_subject (loading, reader, kind);
  load_scope_field (&load, "division", XH_FIELD_DIVISION, &kind->division_field);
  load_scope_field (&load, "unit", XH_FIELD_UNIT, &kind->unit_field);
  read_field_list (&load, "list", TRUE, kind->list_fields);
  read_field_list (&load, "filters", TRUE, kind->filters);
  read_field_list (&load, "search", FALSE, kind->search_fields);
  if (kind->list_fields->len > MAX_LIST_FIELDS)
    xh_reader_fault (reader, "list", _("has more than %d fields"), MAX_LIST_FIELDS);
  read_key_lists (&load, "unique", kind->unique_keys);
  read_key_lists (&load, "duplicates", kind->duplicates);
  read_key_lists (&load, "indexes", kind->indexes);
  return kind;
}
