/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Registers made from definitions and samples: each record is filled as a clerk would fill it and walks its workflow by the
 * transitions of the definition, so that it stands where it could have come by lawful steps. A record that cannot go on stays
 * where it is. */
#include "xh-demo-private.h"

#include <string.h>

#include "model/xh-calendar.h"
#include "model/xh-sql.h"

#define ROUNDS 12      /* of filling and mending, before a record is given up */
#define ATTEMPTS 8     /* at a transition, at a record */
#define STATE_ATTEMPTS 60 /* at a record that is to stand in a certain state */
#define MAX_STEPS 12   /* of a walk */
#define YOUNG 45       /* days: how old a record is at most that somebody still works at … */
#define LATE_AGE 100   /* … and those that were left lying */
#define LATE_SHARE 0.15
#define YOUNGEST 6     /* … when it turned out overdue too often */
#define SPREAD 1080    /* days back from today over which records were made */
#define MOST_OVER 60   /* days that something may be overdue: an office does not leave things lying for longer */
#define OVER_OF 200    /* of so many records of a register one more may be overdue */
#define MENDS 12       /* attempts to find one that is not, once it stands where it should */

typedef struct
{
  XhDemo *demo;
  const XhKind *kind;
  JsonObject *sample;
  XhForm *form;         /* (owned) */
  XhValue *references;  /* (owned) */
  GHashTable *late;     /* (owned) names of optional fields that a transition asks for: filled when it is taken */
  GHashTable *keys;     /* (owned) unique keys that are used */
  guint n_over, may_be_over; /* records that are overdue */
} Register;

static void
collect_late (Register *self)
{
  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);

      for (guint j = 0; !field->required && j < self->kind->transitions->len; j++)
        if (xh_sql_mentions (((XhTransition *) g_ptr_array_index (self->kind->transitions, j))->when, field->name))
          g_hash_table_add (self->late, field->name);
      if (!field->required && field->required_when != NULL && xh_sql_mentions (field->required_when, "state"))
        g_hash_table_add (self->late, field->name);
    }
}

/* --- filling */

static gboolean
is_filled_by_hand (const XhField *field)
{
  return field->computed == NULL && !field->scored && field->type != XH_FIELD_FILES;
}

static void
note_value (XhDemoDraw *draw, const XhField *field, const XhValue *value)
{
  if (xh_value_is_null (value))
    g_hash_table_remove (draw->codes, field->name);
  else if (value->type == XH_VALUE_TEXT)
    g_hash_table_insert (draw->codes, field->name, g_strdup (value->text));
}

static void
draw_field (XhDemoDraw *draw, XhRecord *record, const XhField *field)
{
  XhValue *value = &record->values[field->index];

  if (field->type == XH_FIELD_LINK && draw->kind->subject_codes != NULL
      && g_strv_contains ((const char *const *) draw->kind->subject_codes, field->name) && !xh_value_is_null (value))
    return;
  xh_demo_draw_value (draw, field, value);
  note_value (draw, field, value);
}

static void
load (Register *self, XhRecord *record, gboolean is_new)
{
  if (self->demo->options->references != NULL && self->kind->references->len > 0)
    self->demo->options->references (record, self->references, self->demo->options->references_data);
  xh_form_load (self->form, record, self->kind->references->len > 0 ? self->references : NULL, is_new);
}

/* Takes what the form has worked out: defaults, computed values. */
static void
take_back (Register *self, XhRecord *record)
{
  const XhRecord *stands = xh_form_get_record (self->form);

  for (guint i = 0; i < self->kind->fields->len; i++)
    xh_value_copy (&stands->values[i], &record->values[i]);
}

/* What the sample says of a field outranks its default. */
static gboolean
has_sample (Register *self, const XhField *field)
{
  JsonObject *values = json_object_has_member (self->sample, "values") ? json_object_get_object_member (self->sample, "values") : NULL;

  return values != NULL && json_object_has_member (values, field->name);
}

static gboolean
wants (Register *self, XhDemoDraw *draw, const XhField *field, gboolean all)
{
  if (field->required || xh_form_is_required (self->form, field->name))
    return TRUE;
  if (field->default_expression != NULL && !has_sample (self, field))
    return FALSE;
  if (g_hash_table_contains (self->late, field->name))
    return all;
  return xh_demo_chance (&draw->random, 0.75);
}

/* What a rule asks for at some step is there from the beginning. */
static gboolean
give_paper (Register *self, const XhField *field, XhValue *value)
{
  gboolean wanted;

  if (field->type != XH_FIELD_FILES || field->computed != NULL)
    return FALSE;
  wanted = (field->required || field->required_when != NULL) && xh_form_is_relevant (self->form, field->name);
  if (wanted == !xh_value_is_null (value))
    return FALSE;
  if (wanted)
    xh_value_set_text (value, xh_demo_paper (self->demo));
  else
    xh_value_set_null (value);
  return TRUE;
}

/* One pass over what is empty and applies, or is filled and does not. Dates come before the rest: numbers hold their year. */
static gboolean
fill_pass (Register *self, XhDemoDraw *draw, XhRecord *record, gboolean all, gboolean first, gboolean dates)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);
      XhValue *value = &record->values[i];

      changed = give_paper (self, field, value) || changed;
      if (!is_filled_by_hand (field) || (field->type == XH_FIELD_DATE) != dates)
        continue;
      if (!xh_form_is_relevant (self->form, field->name))
        {
          if (!xh_value_is_null (value))
            {
              xh_value_set_null (value);
              note_value (draw, field, value);
              changed = TRUE;
            }
        }
      else if (xh_value_is_null (value) && (first || xh_form_is_required (self->form, field->name)) && wants (self, draw, field, all))
        {
          draw_field (draw, record, field);
          changed = changed || !xh_value_is_null (value);
        }
    }
  return changed;
}

/* Draws again what a check refuses. */
static gboolean
mend_pass (Register *self, XhDemoDraw *draw, XhRecord *record, guint round)
{
  GPtrArray *issues = xh_form_get_issues (self->form);
  gboolean changed = FALSE;

  for (guint i = 0; i < issues->len; i++)
    {
      const XhIssue *issue = g_ptr_array_index (issues, i);
      g_autofree char *name = issue->field != NULL ? g_strndup (issue->field, strcspn (issue->field, "/")) : NULL;
      const XhField *field = name != NULL ? xh_kind_find_field (self->kind, name) : NULL;

      if (field == NULL || !is_filled_by_hand (field))
        continue;
      if (round % 3 == 2 && !field->required && issue->severity == XH_ISSUE_ERROR)
        xh_value_set_null (&record->values[field->index]);
      else
        {
          if (field->type == XH_FIELD_USCC || field->type == XH_FIELD_ID_NUMBER)
            draw->subject = xh_demo_fitting_firm (self->demo, self->kind, draw->subject + 1);
          draw_field (draw, record, field);
        }
      note_value (draw, field, &record->values[field->index]);
      changed = TRUE;
    }
  return changed;
}

/* Name and code of the subject belong together, whichever was drawn again. */
static void
settle_subject (Register *self, XhDemoDraw *draw, XhRecord *record)
{
  const XhField *name = self->kind->subject_name != NULL ? xh_kind_find_field (self->kind, self->kind->subject_name) : NULL;

  for (guint i = 0; self->kind->subject_codes != NULL && self->kind->subject_codes[i] != NULL; i++)
    {
      const XhField *code = xh_kind_find_field (self->kind, self->kind->subject_codes[i]);

      if (code != NULL && (code->type == XH_FIELD_USCC || code->type == XH_FIELD_ID_NUMBER) && !xh_value_is_null (&record->values[code->index]))
        draw_field (draw, record, code);
    }
  if (name != NULL && is_filled_by_hand (name) && !xh_value_is_null (&record->values[name->index]))
    draw_field (draw, record, name);
}

/* Whether nothing is wrong in the end; what is missing may be. */
static gboolean
complete (Register *self, XhDemoDraw *draw, XhRecord *record, gboolean all)
{
  for (guint round = 0; round < ROUNDS; round++)
    {
      gboolean changed;

      load (self, record, FALSE);
      changed = fill_pass (self, draw, record, all, round == 0, TRUE);
      changed = fill_pass (self, draw, record, all, round == 0, FALSE) || changed;
      if (!changed)
        changed = mend_pass (self, draw, record, round);
      if (!changed)
        break;
      if (round < ROUNDS - 1)
        settle_subject (self, draw, record);
    }
  load (self, record, FALSE);
  take_back (self, record);
  return xh_form_count_issues (self->form, XH_ISSUE_ERROR) == 0;
}

/* --- the walk */

/* The first step of the shortest way to a state; NULL: none. */
static const XhTransition *
next_step (const XhKind *kind, const char *from, const char *to)
{
  g_autoptr (GHashTable) first = g_hash_table_new (g_str_hash, g_str_equal); /* state → first transition of the way there */
  g_autoptr (GPtrArray) queue = g_ptr_array_new ();

  g_ptr_array_add (queue, (gpointer) from);
  for (guint at = 0; at < queue->len; at++)
    {
      const char *state = g_ptr_array_index (queue, at);

      for (guint i = 0; i < kind->transitions->len; i++)
        {
          const XhTransition *step = g_ptr_array_index (kind->transitions, i);

          if (!g_strv_contains ((const char *const *) step->from, state) || g_hash_table_contains (first, step->to) || strcmp (step->to, from) == 0)
            continue;
          g_hash_table_insert (first, step->to, at == 0 ? (gpointer) step : g_hash_table_lookup (first, state));
          if (strcmp (step->to, to) == 0)
            return g_hash_table_lookup (first, to);
          g_ptr_array_add (queue, step->to);
        }
    }
  return NULL;
}

/* "outcome = 'refused'" says itself what the field must hold. */
static gboolean
take_hint (const char *expression, const XhField *field, XhValue *value)
{
  g_autofree char *pattern = g_strdup_printf ("\\b%s = (?:'([^']*)'|(\\d+))", field->name);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *text = NULL, *number = NULL;

  if (!g_regex_match (regex, expression, 0, &match))
    return FALSE;
  text = g_match_info_fetch (match, 1);
  number = g_match_info_fetch (match, 2);
  if (number != NULL && *number != '\0')
    xh_value_set_integer (value, g_ascii_strtoll (number, NULL, 10));
  else
    xh_value_set_text (value, text);
  return TRUE;
}

/* What belongs together in the record's set is not changed for a step. */
static gboolean
is_settled (const XhDemoDraw *draw, const XhField *field, const XhValue *value)
{
  return draw->set != NULL && json_object_has_member (draw->set, field->name) && !xh_value_is_null (value);
}

static gboolean
take_step (Register *self, XhDemoDraw *draw, XhRecord *record, const XhTransition *step)
{
  for (guint attempt = 0; attempt < ATTEMPTS; attempt++)
    {
      g_autoptr (GError) error = NULL;

      xh_form_set_role (self->form, step->roles[0]);
      load (self, record, FALSE);
      if (xh_form_transition (self->form, step->name, &error))
        {
          take_back (self, record);
          g_free (record->state);
          record->state = g_strdup (step->to);
          return TRUE;
        }
      for (guint i = 0; i < self->kind->fields->len; i++)
        {
          const XhField *field = g_ptr_array_index (self->kind->fields, i);
          gboolean asked = step->when != NULL && xh_sql_mentions (step->when, field->name);

          if (is_filled_by_hand (field) && xh_form_is_relevant (self->form, field->name) && !is_settled (draw, field, &record->values[i])
              && (asked ? attempt > 0 || xh_value_is_null (&record->values[i])
                        : xh_form_is_required (self->form, field->name) && xh_value_is_null (&record->values[i])))
            {
              if (asked && take_hint (step->when, field, &record->values[i]))
                note_value (draw, field, &record->values[i]);
              else
                draw_field (draw, record, field);
            }
        }
      if (!complete (self, draw, record, attempt > 1))
        return FALSE;
    }
  return FALSE;
}

static double
weight_of (Register *self, const XhState *state)
{
  JsonObject *states = json_object_has_member (self->sample, "states") ? json_object_get_object_member (self->sample, "states") : NULL;

  return states == NULL ? 1 : json_object_get_double_member_with_default (states, state->name, 0);
}

/* The first records stand in one state each, so that every state that is asked for has one; the others by weight. */
static const char *
pick_state (Register *self, XhDemoDraw *draw)
{
  guint wanted = draw->number;
  double sum = 0, at;

  for (guint i = 0; i < self->kind->states->len; i++)
    {
      const XhState *state = g_ptr_array_index (self->kind->states, i);

      if (weight_of (self, state) > 0 && wanted-- == 0)
        return state->name;
      sum += weight_of (self, state);
    }
  at = xh_demo_unit (&draw->random) * sum;
  for (guint i = 0; i < self->kind->states->len; i++)
    {
      const XhState *state = g_ptr_array_index (self->kind->states, i);

      at -= weight_of (self, state);
      if (at < 0)
        return state->name;
    }
  return ((XhState *) g_ptr_array_index (self->kind->states, 0))->name;
}

static gboolean
is_sound (Register *self, XhRecord *record)
{
  load (self, record, FALSE);
  return xh_form_count_issues (self->form, XH_ISSUE_ERROR) == 0;
}

/* Later steps must not leave the record in a state whose checks it fails. */
static void
walk (Register *self, XhDemoDraw *draw, XhRecord **record, const char *target)
{
  for (guint i = 0; i < MAX_STEPS && strcmp ((*record)->state, target) != 0; i++)
    {
      const XhTransition *step = next_step (self->kind, (*record)->state, target);
      g_autoptr (XhRecord) before = xh_record_copy (*record);

      if (step == NULL)
        return;
      if (!take_step (self, draw, *record, step) || !is_sound (self, *record))
        {
          xh_record_free (*record);
          *record = g_steal_pointer (&before);
          return;
        }
    }
}

/* --- one record */

/* A link to a record about the same subject makes both about one: the first such link decides. */
static void
choose_subject (Register *self, XhDemoDraw *draw, XhRecord *record)
{
  guint households = self->demo->options->households;

  draw->subject = xh_demo_register_subject (self->demo, self->kind, draw->number);
  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);
      const XhKind *other = field->type == XH_FIELD_LINK ? xh_catalog_find_kind (self->demo->catalog, field->link_kind) : NULL;
      guint n = other != NULL ? xh_demo_samples_count (self->demo->samples, other->name, households) : 0, number;

      if (n == 0 || other == self->kind || other->subject_codes == NULL || g_strcmp0 (other->subject_type, self->kind->subject_type) != 0)
        continue;
      number = xh_demo_register_present (self->demo, other->name, draw->number % n, n);
      draw->subject = xh_demo_register_subject (self->demo, other, number);
      xh_value_take_text (&record->values[i], xh_demo_register_id (self->demo, other->name, number));
      return;
    }
}

/* Returns whether none of the record's keys is used; with @note they are from now on. */
static gboolean
visit_keys (Register *self, XhRecord *record, gboolean note)
{
  for (guint i = 0; i < self->kind->unique_keys->len; i++)
    {
      char **names = g_ptr_array_index (self->kind->unique_keys, i);
      GString *key = g_string_new (NULL);
      gboolean whole = TRUE; /* as in SQL, keys with something missing are never the same */

      g_string_append_printf (key, "%u", i);
      for (guint j = 0; names[j] != NULL; j++)
        {
          const XhValue *value = xh_record_get (record, names[j]);

          g_string_append_c (key, '\x1f');
          whole = whole && value != NULL && !xh_value_is_null (value);
          if (value != NULL && value->type == XH_VALUE_TEXT)
            g_string_append (key, value->text);
          else if (value != NULL && !xh_value_is_null (value))
            g_string_append_printf (key, "%g", xh_value_as_real (value));
        }
      if (whole && note)
        g_hash_table_add (self->keys, g_strdup (key->str));
      else if (whole && g_hash_table_contains (self->keys, key->str))
        {
          g_string_free (key, TRUE);
          return FALSE;
        }
      g_string_free (key, TRUE);
    }
  return TRUE;
}

static gboolean
key_is_new (Register *self, XhRecord *record)
{
  return visit_keys (self, record, FALSE);
}

static void
note_keys (Register *self, XhRecord *record)
{
  visit_keys (self, record, TRUE);
}

static void
place (Register *self, XhRecord *record, XhDemoDraw *draw)
{
  const XhField *division = self->kind->division_field != NULL ? xh_kind_find_field (self->kind, self->kind->division_field) : NULL;
  const XhField *unit = self->kind->unit_field != NULL ? xh_kind_find_field (self->kind, self->kind->unit_field) : NULL;
  GPtrArray *all = xh_divisions_get_all (xh_catalog_get_divisions (self->demo->catalog));

  g_free (record->division);
  record->division = division != NULL ? g_strdup (xh_value_as_text (&record->values[division->index])) : NULL;
  for (guint i = 0; record->division == NULL && i < all->len; i++)
    if (((XhDivision *) g_ptr_array_index (all, i))->level == XH_LEVEL_COUNTY)
      record->division = g_strdup (((XhDivision *) g_ptr_array_index (all, i))->code);
  g_free (record->unit);
  record->unit = unit != NULL ? g_strdup (xh_value_as_text (&record->values[unit->index])) : NULL;
  if (record->unit == NULL && unit == NULL)
    record->unit = g_strdup (xh_demo_chance (&draw->random, 0.5) ? "scjdglj" : "fgw");
}

/* Whether work still waits in a state: something is due there, or it is neither good nor the end. */
static gboolean
is_open (const XhKind *kind, const char *name)
{
  const XhState *state = xh_kind_find_state (kind, name);

  for (guint i = 0; i < kind->dues->len; i++)
    {
      const XhDue *due = g_ptr_array_index (kind->dues, i);

      if (due->states != NULL && g_strv_contains ((const char *const *) due->states, name) && state->tone != XH_TONE_GOOD)
        return TRUE;
    }
  return state->tone == XH_TONE_WAITING || state->tone == XH_TONE_ACTIVE || (state->tone == XH_TONE_BAD && !state->complete);
}

/* A set may say whom it is about: "firms", words of which the subject's name holds one. */
static gboolean
set_fits (Register *self, const XhDemoDraw *draw, JsonObject *set)
{
  g_autofree char *name = NULL;

  if (!json_object_has_member (set, "firms"))
    return TRUE;
  name = xh_demo_pool_firm_name (self->demo, draw->subject);
  return xh_demo_holds_word (name, json_object_get_array_member (set, "firms"));
}

/* After the subject was chosen. */
static JsonObject *
pick_set (Register *self, XhDemoDraw *draw)
{
  JsonArray *sets = json_object_has_member (self->sample, "sets") ? json_object_get_array_member (self->sample, "sets") : NULL;
  const guint n = sets != NULL ? json_array_get_length (sets) : 0;
  g_autoptr (GArray) fitting = NULL;
  guint which;

  if (n == 0)
    return NULL;
  /* The first records, one a state, take the sets in turn where the sample says so: what a small county must have. */
  if (json_object_get_boolean_member_with_default (self->sample, "in_turn", FALSE) && draw->number < self->kind->states->len)
    return json_array_get_object_element (sets, draw->number % n);
  fitting = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n; i++)
    if (set_fits (self, draw, json_array_get_object_element (sets, i)))
      g_array_append_val (fitting, i);
  which = (guint) xh_demo_between (&draw->random, 0, (int) (fitting->len > 0 ? fitting->len : n) - 1);
  return json_array_get_object_element (sets, fitting->len > 0 ? g_array_index (fitting, guint, which) : which);
}

/* NULL: it could not be made without a fault, or another has its key. */
static XhRecord *
try_record (Register *self, guint number, guint attempt, gboolean *reached)
{
  guint64 seed = (self->demo->options->seed + attempt) ^ g_str_hash (self->kind->name);
  XhDemoDraw draw = { self->demo, self->kind, self->sample, xh_demo_random (seed, number, DEMO_TOPIC_REGISTER) };
  const XhDemoKind kind = { self->kind, NULL };
  double u = xh_demo_unit (&draw.random);
  g_autofree char *id = xh_demo_register_id (self->demo, self->kind->name, number);
  XhRecord *record;
  const char *role = self->kind->create_roles != NULL && self->kind->create_roles[0] != NULL ? self->kind->create_roles[0] : "office";

  draw.number = number;
  draw.target = pick_state (self, &draw);
  draw.open = is_open (self->kind, draw.target);
  draw.age = xh_demo_chance (&draw.random, LATE_SHARE) ? LATE_AGE : YOUNG;
  draw.age = MAX (YOUNGEST, draw.age >> MIN (attempt / 2, 4));
  draw.codes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  xh_demo_day (self->demo, (int) (u * u * (draw.open ? draw.age : SPREAD)) + 1, &draw.latest);
  record = xh_demo_record (self->demo, &kind, number, 0, &draw.latest);
  g_free (record->id);
  record->id = g_steal_pointer (&id);
  choose_subject (self, &draw, record);
  draw.set = pick_set (self, &draw);
  place (self, record, &draw);
  xh_form_set_role (self->form, role);
  load (self, record, TRUE);
  take_back (self, record);
  for (guint i = 0; i < self->kind->fields->len; i++) /* a default of today is not when an old record was made, nor this year its year */
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);

      if (field->computed == NULL && (field->type == XH_FIELD_DATE || (field->default_expression != NULL && has_sample (self, field))))
        xh_value_set_null (&record->values[i]);
    }
  if (complete (self, &draw, record, FALSE) && key_is_new (self, record))
    {
      place (self, record, &draw);
      walk (self, &draw, &record, draw.target);
      place (self, record, &draw);
      *reached = strcmp (record->state, draw.target) == 0;
    }
  else
    {
      GPtrArray *issues = xh_form_get_issues (self->form);
      const XhIssue *issue = issues->len > 0 ? g_ptr_array_index (issues, 0) : NULL;

      g_debug ("%s %u: %s: %s", self->kind->name, number, issue != NULL ? issue->field : "-", issue != NULL ? issue->message : "the key is taken");
      g_clear_pointer (&record, xh_record_free);
    }
  g_hash_table_unref (draw.codes);
  return record;
}

/* How many days the earliest of its due dates is over; 0: none is. */
static int
days_over (Register *self, XhRecord *record)
{
  int most = 0;

  load (self, record, FALSE);
  for (guint i = 0; i < self->kind->dues->len; i++)
    {
      g_autofree char *text = xh_form_get_due (self->form, i);
      GDate due;

      if (text != NULL && xh_date_parse (text, &due))
        most = MAX (most, g_date_days_between (&due, &self->demo->today));
    }
  return most;
}

/* The first records are to stand in a certain state each: for them it is tried longer. Where something is overdue, it is tried again
 * unless that is one of the few that are; in the end the one that is overdue the least is taken. */
static XhRecord *
make_record (Register *self, guint number)
{
  const gboolean is_first = number < self->kind->states->len;
  XhRecord *record = NULL;
  gboolean stands = FALSE;
  int over = 0;

  for (guint attempt = 0, mends = 0; attempt < (is_first && !stands ? STATE_ATTEMPTS : ATTEMPTS + MENDS) && mends < MENDS; attempt++)
    {
      gboolean reached = FALSE;
      XhRecord *next = try_record (self, number, attempt, &reached);
      int next_over = next != NULL ? days_over (self, next) : 0;

      if (next == NULL)
        continue;
      reached = reached || !is_first;
      if (record == NULL || (reached && !stands) || (reached == stands && next_over < over))
        {
          g_clear_pointer (&record, xh_record_free);
          record = g_steal_pointer (&next);
          stands = reached;
          over = next_over;
        }
      g_clear_pointer (&next, xh_record_free);
      if (stands && (over == 0 || (!is_first && over <= MOST_OVER && self->n_over < self->may_be_over)))
        break;
      mends += stands;
    }
  if (record != NULL)
    note_keys (self, record);
  self->n_over += over > 0;
  return record;
}

/* --- registers in an order in which what a record refers to is there before it */

/* Whether records of @kind name one of @other each. */
static gboolean
links_to (const XhKind *kind, const XhKind *other)
{
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (field->type == XH_FIELD_LINK && g_strcmp0 (field->link_kind, other->name) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What a record names is there before it: it may take values over that it keeps for good. What is counted over those that name it comes right
 * when the server settles. */
static void
visit_kind (XhDemo *self, const XhKind *kind, GHashTable *seen, GPtrArray *order)
{
  if (kind == NULL || xh_demo_samples_find (self->samples, kind->name) == NULL || !g_hash_table_add (seen, (gpointer) kind))
    return;
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (field->type == XH_FIELD_LINK)
        visit_kind (self, xh_catalog_find_kind (self->catalog, field->link_kind), seen, order);
    }
  for (guint i = 0; i < kind->references->len; i++)
    {
      const XhKind *from = xh_catalog_find_kind (self->catalog, ((XhReference *) g_ptr_array_index (kind->references, i))->from);

      if (from != NULL && !links_to (from, kind))
        visit_kind (self, from, seen, order);
    }
  g_ptr_array_add (order, (gpointer) kind);
}

static gboolean
make_register (XhDemo *demo, const XhKind *kind, GError **error)
{
  guint n = xh_demo_samples_count (demo->samples, kind->name, demo->options->households);
  Register self = { demo, kind, xh_demo_samples_find (demo->samples, kind->name), xh_form_new (kind, NULL) };
  gboolean ok = TRUE;

  self.references = g_new0 (XhValue, kind->references->len + 1);
  self.late = g_hash_table_new (g_str_hash, g_str_equal);
  self.keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.may_be_over = 1 + n / OVER_OF;
  collect_late (&self);
  for (guint i = 0; i < n && ok; i++)
    {
      XhRecord *record = make_record (&self, i);

      if (record == NULL)
        g_hash_table_add (demo->missing, xh_demo_register_id (demo, kind->name, i));
      else
        ok = xh_demo_emit (demo, record, error);
    }
  xh_value_array_free (self.references, kind->references->len);
  g_hash_table_unref (self.late);
  g_hash_table_unref (self.keys);
  g_object_unref (self.form);
  return ok;
}

char *
xh_demo_register_id (const XhDemo *self, const char *kind, guint number)
{
  XhDemoOptions options = *self->options;
  XhDemo other = *self;

  options.seed ^= g_str_hash (kind);
  other.options = &options;
  return xh_demo_id (&other, number, 7);
}

guint
xh_demo_register_present (const XhDemo *self, const char *kind, guint number, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = xh_demo_register_id (self, kind, (number + i) % n);

      if (!g_hash_table_contains (self->missing, id))
        return (number + i) % n;
    }
  return number;
}

gboolean
xh_demo_make_registers (XhDemo *self, GError **error)
{
  GPtrArray *kinds = xh_catalog_get_kinds (self->catalog);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();

  for (guint i = 0; i < kinds->len; i++)
    visit_kind (self, g_ptr_array_index (kinds, i), seen, order);
  for (guint i = 0; i < order->len; i++)
    if (!make_register (self, g_ptr_array_index (order, i), error))
      return FALSE;
  return TRUE;
}
