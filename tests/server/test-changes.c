/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pushing and pulling against a real server: access, merge, checks, repeats, pages, history. */
#include <locale.h>
#include <sodium.h>

#include "model/xh-identifiers.h"
#include "office.h"
#include "sync/xh-checksum.h"

#define DEVICE_A "01934f5e-0000-7000-8000-00000000000a"
#define DEVICE_B "01934f5e-0000-7000-8000-00000000000b"
#define DEVICE_C "01934f5e-0000-7000-8000-00000000000c"

typedef struct
{
  Office *office;
  char *anna, *bert, *tina, *otto, *dora, *olga; /* (owned) tokens; anna on A, bert on B, the others on C */
  guint number; /* of the next household */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->office = office_new ();
  self->anna = office_sign_in (self->office, "anna", DEVICE_A);
  self->bert = office_sign_in (self->office, "bert", DEVICE_B);
  self->tina = office_sign_in (self->office, "tina", DEVICE_C);
  self->otto = office_sign_in (self->office, "otto", DEVICE_C);
  self->dora = office_sign_in (self->office, "dora", DEVICE_C);
  self->olga = office_sign_in (self->office, "olga", DEVICE_C);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  office_stop (self->office);
  g_assert_true (office_check (self->office));
  g_clear_pointer (&self->office, office_free);
  g_free (self->anna);
  g_free (self->bert);
  g_free (self->tina);
  g_free (self->otto);
  g_free (self->dora);
  g_free (self->olga);
}

/* Pushes one op and returns the answers. */
static JsonNode *
push (Fixture *self, const char *token, const char *device, const char *kind, const char *record, gint64 base, const char *set)
{
  g_autofree char *op = make_op (kind, record, base, set);

  return office_push (self->office, token, device, op);
}

static gint64
create (Fixture *self, const char *village, const char *record)
{
  g_autofree char *set = make_household (village, self->number++);
  g_autoptr (JsonNode) answers = push (self, self->anna, DEVICE_A, NULL, record, 0, set);

  g_assert_cmpstr (answer_status (answers, 0), ==, "applied");
  return answer_version (answers, 0);
}

static const char *
issue_field (JsonNode *answers, guint index)
{
  JsonArray *issues = json_object_get_array_member (answer_at (answers, index), "issues");
  JsonObject *issue = json_array_get_object_element (issues, 0);

  g_assert_cmpstr (json_object_get_string_member (issue, "message"), !=, "");
  return json_object_get_null_member (issue, "field") ? NULL : json_object_get_string_member (issue, "field");
}

static const char *
issue_message (JsonNode *answers, guint index)
{
  JsonArray *issues = json_object_get_array_member (answer_at (answers, index), "issues");

  return json_object_get_string_member (json_array_get_object_element (issues, 0), "message");
}

static void
assert_refused (JsonNode *answers, const char *field)
{
  g_assert_cmpstr (answer_status (answers, 0), ==, "rejected");
  g_assert_cmpstr (issue_field (answers, 0), ==, field);
}

static void
test_create (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) bert = office_pull (self->office, self->bert, 0, 10);
  g_autoptr (JsonNode) own = NULL;
  g_autoptr (JsonNode) anew = office_pull (self->office, self->anna, 0, 10);

  g_assert_true (page_has_row (bert, id));
  g_assert_cmpstr (json_node_get_string (page_value (bert, id, "division")), ==, VILLAGE);
  g_assert_cmpstr (json_node_get_string (page_value (bert, id, "head_sex")), ==, "1");
  g_assert_cmpint (json_node_get_int (page_value (bert, id, "version")), ==, version);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (bert), "next"), ==, version);
  g_assert_true (page_has_row (anew, id));
  /* A cursor behind an earlier change: what this device pushed is not sent back. */
  {
    g_autofree char *second = xh_uuid_v7_new ();

    create (self, VILLAGE, second);
    own = office_pull (self->office, self->anna, version, 10);
    g_assert_false (page_has_row (own, second));
  }
}

static void
test_repeat (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  g_autofree char *set = make_household (VILLAGE, 1);
  g_autofree char *good = make_op (NULL, id, 0, set);
  g_autofree char *bad = make_op (NULL, id, 0, "\"head_name\":\"x\"");
  g_autofree char *ops = g_strdup_printf ("%s,%s", good, bad);
  g_autoptr (JsonNode) first = office_push (self->office, self->anna, DEVICE_A, ops);
  g_autoptr (JsonNode) second = office_push (self->office, self->anna, DEVICE_A, ops);
  g_autoptr (JsonNode) page = office_pull (self->office, self->bert, 0, 10);
  g_autoptr (JsonNode) stolen = office_push (self->office, self->bert, DEVICE_B, good);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpstr (answer_status (first, i), ==, answer_status (second, i));
      g_assert_cmpint (answer_version (first, i), ==, answer_version (second, i));
    }
  g_assert_cmpstr (answer_status (first, 1), ==, "rejected");
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (page), "head"), ==, 1);
  g_assert_cmpstr (answer_status (stolen, 0), ==, "rejected");
}

/* The answer was lost, and somebody else wrote: the device's next op must not go out on what it does not have. */
static void
test_repeat_after_others (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autofree char *op = make_op (NULL, id, version, "\"remark\":\"mine\"");
  g_autoptr (JsonNode) first = office_push (self->office, self->anna, DEVICE_A, op);
  g_autoptr (JsonNode) other = push (self, self->bert, DEVICE_B, NULL, id, version + 1, "\"address\":\"theirs\"");
  g_autoptr (JsonNode) again = office_push (self->office, self->anna, DEVICE_A, op);
  JsonObject *row = json_object_get_object_member (answer_at (again, 0), "row");

  g_assert_cmpstr (answer_status (other, 0), ==, "applied");
  g_assert_cmpint (answer_version (again, 0), ==, answer_version (first, 0));
  g_assert_nonnull (row);
  g_assert_cmpstr (json_object_get_string_member (row, "address"), ==, "theirs");
}

/* A device whose store is gone gets back what it wrote itself, on every page. */
static void
test_own_pages (Fixture *self, gconstpointer data)
{
  g_autofree char *first = xh_uuid_v7_new ();
  g_autofree char *second = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, first);
  g_autofree char *path = g_strdup_printf ("/v1/changes?since=%" G_GINT64_FORMAT "&limit=10&own=1", version);
  g_autoptr (JsonNode) page = NULL;

  create (self, VILLAGE, second);
  g_assert_cmpuint (office_request (self->office, "GET", path, self->anna, NULL, &page), ==, 200);
  g_assert_true (page_has_row (page, second));
}

static void
test_scope (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  g_autofree char *path = g_strdup_printf ("/v1/records/%s/history", id);
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) otto = office_pull (self->office, self->otto, 0, 10);
  g_autoptr (JsonNode) dora = office_pull (self->office, self->dora, 0, 10);
  g_autoptr (JsonNode) edit = push (self, self->otto, DEVICE_C, NULL, id, version, "\"remark\":\"x\"");
  g_autoptr (JsonNode) kind = push (self, self->dora, DEVICE_C, NULL, id, version, "\"remark\":\"x\"");
  g_autoptr (JsonNode) read = push (self, self->dora, DEVICE_C, "nothing", id, version, "\"remark\":\"x\"");
  g_autofree char *set = make_household (OTHER_VILLAGE, 77);
  g_autofree char *fresh = xh_uuid_v7_new ();
  g_autoptr (JsonNode) abroad = push (self, self->anna, DEVICE_A, NULL, fresh, 0, set);
  g_autoptr (JsonNode) move = push (self, self->anna, DEVICE_A, NULL, id, version, "\"village\":\"" OTHER_VILLAGE "\"");
  g_autoptr (JsonNode) olga = office_pull (self->office, self->olga, 0, 10);

  g_assert_false (page_has_row (otto, id));
  g_assert_cmpuint (count_rows (dora, "household"), ==, 0);
  assert_refused (edit, NULL);
  g_assert_false (json_object_has_member (answer_at (edit, 0), "row"));
  assert_refused (kind, NULL);
  assert_refused (read, NULL);
  assert_refused (abroad, "village");
  assert_refused (move, "village");
  g_assert_cmpuint (count_rows (olga, "household"), ==, 1);
  g_assert_cmpuint (office_request (self->office, "GET", path, self->otto, NULL, NULL), ==, 404);
  g_assert_cmpuint (office_request (self->office, "GET", path, self->dora, NULL, NULL), ==, 404);
  g_assert_cmpuint (office_request (self->office, "GET", path, self->bert, NULL, NULL), ==, 200);
}

/* What the kind's "reach" opens to a role is read everywhere and changed only at home. */
static void
test_reach (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  g_autofree char *path = g_strdup_printf ("/v1/records/%s/history", id);
  const char *set = "\"subject_name\":\"演示丰信公司\",\"uscc\":\"91410421DEM2000085\",\"organisation_type\":\"enterprise\","
                    "\"registration_status\":\"active\"";
  g_autoptr (JsonNode) made = push (self, self->olga, DEVICE_C, "organisation", id, 0, set);
  g_autoptr (JsonNode) dora = office_pull (self->office, self->dora, 0, 10);
  g_autoptr (JsonNode) otto = office_pull (self->office, self->otto, 0, 10);
  g_autoptr (JsonNode) edit = push (self, self->dora, DEVICE_C, "organisation", id, answer_version (made, 0), "\"address\":\"x\"");

  g_assert_cmpstr (answer_status (made, 0), ==, "applied");
  g_assert_true (page_has_row (dora, id));
  g_assert_false (page_has_row (otto, id));
  assert_refused (edit, NULL);
  g_assert_cmpuint (office_request (self->office, "GET", path, self->dora, NULL, NULL), ==, 200);
  g_assert_cmpuint (office_request (self->office, "GET", path, self->otto, NULL, NULL), ==, 404);
}

static void
test_move (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) move = push (self, self->olga, DEVICE_C, NULL, id, version, "\"village\":\"" OTHER_VILLAGE "\"");
  g_autoptr (JsonNode) bert = office_pull (self->office, self->bert, version, 10);
  g_autoptr (JsonNode) otto = office_pull (self->office, self->otto, version, 10);
  g_autoptr (JsonNode) olga = office_pull (self->office, self->olga, version, 10);

  g_assert_cmpstr (answer_status (move, 0), ==, "applied");
  g_assert_true (page_has_leave (bert, id));
  g_assert_false (page_has_row (bert, id));
  g_assert_true (page_has_row (otto, id));
  g_assert_false (page_has_leave (otto, id));
  g_assert_false (page_has_leave (olga, id));
}

static void
test_delete (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) refused = push (self, self->bert, DEVICE_B, NULL, id, version, "\"deleted\":1");
  g_autoptr (JsonNode) deleted = push (self, self->tina, DEVICE_C, NULL, id, version, "\"deleted\":1");
  g_autoptr (JsonNode) bert = office_pull (self->office, self->bert, version, 10);
  g_autoptr (JsonNode) edit = push (self, self->anna, DEVICE_A, NULL, id, version, "\"remark\":\"x\"");
  g_autoptr (JsonNode) late = push (self, self->anna, DEVICE_A, NULL, id, version + 1, "\"remark\":\"x\"");
  g_autoptr (JsonNode) anew = office_pull (self->office, self->bert, 0, 10);

  assert_refused (refused, NULL);
  /* Made on the deleted record: nothing is acknowledged that is not done. */
  assert_refused (late, NULL);
  g_assert_cmpstr (answer_status (deleted, 0), ==, "applied");
  g_assert_true (page_has_leave (bert, id));
  g_assert_cmpstr (answer_status (edit, 0), ==, "conflict");
  g_assert_false (page_has_row (anew, id));
  g_assert_false (page_has_leave (anew, id));
}

static void
test_merge (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) bert = push (self, self->bert, DEVICE_B, NULL, id, version, "\"remark\":\"from bert\",\"address\":\"one\"");
  g_autoptr (JsonNode) other = push (self, self->anna, DEVICE_A, NULL, id, version, "\"collector\":\"anna\"");
  g_autoptr (JsonNode) same = push (self, self->anna, DEVICE_A, NULL, id, version, "\"address\":\"two\"");
  g_autoptr (JsonNode) equal = push (self, self->anna, DEVICE_A, NULL, id, version, "\"address\":\"one\"");
  JsonObject *row, *conflict;

  g_assert_cmpstr (answer_status (bert, 0), ==, "applied");
  g_assert_cmpstr (answer_status (other, 0), ==, "merged");
  row = json_object_get_object_member (answer_at (other, 0), "row");
  g_assert_cmpstr (json_object_get_string_member (row, "remark"), ==, "from bert");
  g_assert_cmpstr (json_object_get_string_member (row, "collector"), ==, "anna");
  g_assert_cmpstr (answer_status (same, 0), ==, "conflict");
  g_assert_cmpstr (json_object_get_string_member (answer_at (same, 0), "who"), ==, "bert");
  g_assert_true (json_object_has_member (answer_at (same, 0), "name"));
  g_assert_cmpstr (json_object_get_string_member (answer_at (same, 0), "device"), ==, DEVICE_B);
  conflict = json_array_get_object_element (json_object_get_array_member (answer_at (same, 0), "fields"), 0);
  g_assert_cmpstr (json_object_get_string_member (conflict, "name"), ==, "address");
  g_assert_cmpstr (json_object_get_string_member (conflict, "mine"), ==, "two");
  g_assert_cmpstr (json_object_get_string_member (conflict, "theirs"), ==, "one");
  g_assert_true (json_object_get_null_member (conflict, "before"));
  g_assert_cmpstr (answer_status (equal, 0), ==, "merged");
}

/* An edit to what stands already leaves an entry that changes nothing; it is not taken for the record's first. */
static void
test_empty_entry (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  const gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) first = push (self, self->anna, DEVICE_A, NULL, id, version, "\"collector\":\"anna\"");
  g_autoptr (JsonNode) same = push (self, self->bert, DEVICE_B, NULL, id, version, "\"collector\":\"anna\"");
  g_autoptr (JsonNode) there = push (self, self->bert, DEVICE_B, NULL, id, answer_version (same, 0), "\"address\":\"one\"");
  g_autoptr (JsonNode) back = push (self, self->bert, DEVICE_B, NULL, id, answer_version (there, 0), "\"address\":null");
  g_autoptr (JsonNode) mine = push (self, self->anna, DEVICE_A, NULL, id, answer_version (first, 0), "\"address\":\"two\"");

  g_assert_cmpstr (answer_status (same, 0), ==, "merged");
  g_assert_cmpstr (answer_status (back, 0), ==, "applied");
  g_assert_cmpstr (answer_status (mine, 0), ==, "merged");
}

/* A refused op that is sent again after the account was moved must not bring the row it brought then. */
static void
test_refusal_after_move (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autofree char *op = make_op (NULL, id, version, "\"address\":\"two\""), *token = NULL;
  g_autoptr (JsonNode) bert = push (self, self->bert, DEVICE_B, NULL, id, version, "\"address\":\"one\"");
  g_autoptr (JsonNode) first = office_push (self->office, self->anna, DEVICE_A, op);
  g_autoptr (JsonNode) later = push (self, self->bert, DEVICE_B, NULL, id, answer_version (bert, 0), "\"address\":\"three\"");
  g_autoptr (JsonNode) again = office_push (self->office, self->anna, DEVICE_A, op);
  g_autoptr (JsonNode) moved = NULL;
  JsonObject *row;

  g_assert_cmpstr (answer_status (first, 0), ==, "conflict");
  g_assert_cmpstr (answer_status (again, 0), ==, "conflict");
  row = json_object_get_object_member (answer_at (again, 0), "row");
  g_assert_cmpstr (json_object_get_string_member (row, "address"), ==, "three");
  g_assert_cmpint (answer_version (again, 0), ==, answer_version (later, 0));
  g_assert_cmpint (office_command (self->office, NULL, "account", "role", "anna", "--role", "assessor", "--division", OTHER_TOWNSHIP, NULL), ==, 0);
  token = office_sign_in (self->office, "anna", DEVICE_A);
  moved = office_push (self->office, token, DEVICE_A, op);
  assert_refused (moved, NULL);
  g_assert_false (json_object_has_member (answer_at (moved, 0), "row"));
  g_assert_false (json_object_has_member (answer_at (moved, 0), "fields"));
}

/* Ops of one device on the same base do not disagree with each other. */
static void
test_own_changes (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  g_autofree char *set = make_household (VILLAGE, 3);
  g_autofree char *first = make_op (NULL, id, 0, set);
  g_autofree char *second = make_op (NULL, id, 0, "\"address\":\"one\"");
  g_autofree char *third = make_op (NULL, id, 0, "\"address\":\"two\"");
  g_autofree char *ops = g_strdup_printf ("%s,%s,%s", first, second, third);
  g_autoptr (JsonNode) answers = office_push (self->office, self->anna, DEVICE_A, ops);
  g_autoptr (JsonNode) taken = push (self, self->bert, DEVICE_B, NULL, id, 0, "\"address\":\"three\"");

  for (guint i = 0; i < 3; i++)
    g_assert_cmpstr (answer_status (answers, i), ==, "applied");
  assert_refused (taken, NULL);
}

static void
test_invalid (Fixture *self, gconstpointer data)
{
  g_autofree char *a = xh_uuid_v7_new ();
  g_autofree char *b = xh_uuid_v7_new ();
  g_autofree char *good = make_household (VILLAGE, 5);
  g_autofree char *op1 = make_op (NULL, a, 0, "\"village\":\"" VILLAGE "\",\"head_name\":\"张三\",\"head_id\":\"410421197001011231\"");
  g_autofree char *op2 = make_op (NULL, a, 0, "\"remark\":\"x\"");
  g_autofree char *op3 = make_op (NULL, b, 0, good);
  g_autofree char *ops = g_strdup_printf ("%s,%s,%s", op1, op2, op3);
  g_autoptr (JsonNode) answers = office_push (self->office, self->anna, DEVICE_A, ops);

  assert_refused (answers, "head_id");
  g_assert_cmpstr (answer_status (answers, 1), ==, "held");
  g_assert_cmpstr (answer_status (answers, 2), ==, "applied");
}

static void
test_unique (Fixture *self, gconstpointer data)
{
  g_autofree char *a = xh_uuid_v7_new ();
  g_autofree char *b = xh_uuid_v7_new ();
  g_autofree char *set = make_household (VILLAGE, 6);
  g_autoptr (JsonNode) first = push (self, self->anna, DEVICE_A, NULL, a, 0, set);
  g_autoptr (JsonNode) second = push (self, self->bert, DEVICE_B, NULL, b, 0, set);

  g_assert_cmpstr (answer_status (first, 0), ==, "applied");
  assert_refused (second, "head_id");
  /* Bert may see the other; somebody may not: nobody is told whose it is. */
  g_assert_null (strstr (issue_message (second, 0), "测试户"));
}

static void
test_computed (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) answers = push (self, self->anna, DEVICE_A, NULL, id, version, "\"head_sex\":\"2\",\"remark\":\"x\"");
  JsonObject *row = json_object_get_object_member (answer_at (answers, 0), "row");

  g_assert_cmpstr (answer_status (answers, 0), ==, "applied");
  g_assert_cmpstr (json_object_get_string_member (row, "head_sex"), ==, "1");
}

static gboolean
push_with_sum (Fixture *self, const char *id, gint64 *version, const char *set, guint64 sum)
{
  g_autofree char *op = make_op ("rating", id, *version, set);
  g_autofree char *said = g_strdup_printf ("{\"sum\":\"%016" G_GINT64_MODIFIER "x\",%s", sum, op + 1);
  g_autoptr (JsonNode) answers = office_push (self->office, self->anna, DEVICE_A, said);

  g_assert_cmpstr (answer_status (answers, 0), ==, "applied");
  *version = answer_version (answers, 0);
  return json_object_has_member (answer_at (answers, 0), "row");
}

/* A register with references always sends its row, but to a device that has come to the same. */
static void
test_sum (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  const XhKind *kind = xh_catalog_find_kind (catalog, "rating");
  g_autofree char *household = xh_uuid_v7_new (), *id = xh_uuid_v7_new ();
  g_autofree char *set = g_strdup_printf ("\"household\":\"%s\",\"year\":2026", household);
  g_autoptr (JsonNode) made = NULL, changed = NULL, back = NULL;
  g_autoptr (XhRecord) record = NULL;
  gint64 version;

  create (self, VILLAGE, household);
  made = push (self, self->anna, DEVICE_A, "rating", id, 0, set);
  changed = push (self, self->anna, DEVICE_A, "rating", id, answer_version (made, 0), "\"penalties\":\"none\"");
  record = xh_wire_read_row (kind, json_object_get_object_member (answer_at (changed, 0), "row"), &error);
  g_assert_no_error (error);
  version = answer_version (changed, 0);
  back = push (self, self->anna, DEVICE_A, "rating", id, version, "\"penalties\":null");
  version = answer_version (back, 0);
  g_assert_false (push_with_sum (self, id, &version, "\"penalties\":\"none\"", xh_checksum_record (record, "assessor")));
  g_assert_true (push_with_sum (self, id, &version, "\"contracts\":\"on_time\"", xh_checksum_record (record, "assessor")));
}

static void
test_irrelevant (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) answers = push (self, self->anna, DEVICE_A, NULL, id, version, "\"wage_income\":100");

  assert_refused (answers, "wage_income");
}

static void
test_transition (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) incomplete = push (self, self->anna, DEVICE_A, NULL, id, version, "\"state\":\"filed\"");
  g_autoptr (JsonNode) role = push (self, self->anna, DEVICE_A, NULL, id, version, "\"state\":\"closed\",\"residence\":\"moved\"");
  g_autoptr (JsonNode) unknown = push (self, self->anna, DEVICE_A, NULL, id, version, "\"state\":\"nowhere\"");
  g_autoptr (JsonNode) when = push (self, self->tina, DEVICE_C, NULL, id, version, "\"state\":\"closed\"");
  g_autoptr (JsonNode) closed = push (self, self->tina, DEVICE_C, NULL, id, version, "\"state\":\"closed\",\"residence\":\"moved\"");
  g_autoptr (JsonNode) locked = push (self, self->tina, DEVICE_C, NULL, id, answer_version (closed, 0), "\"remark\":\"x\"");

  g_assert_cmpstr (answer_status (incomplete, 0), ==, "rejected");
  assert_refused (role, "state");
  g_assert_cmpstr (answer_status (unknown, 0), ==, "rejected");
  assert_refused (when, "state");
  g_assert_cmpstr (answer_status (closed, 0), ==, "applied");
  assert_refused (locked, "remark");
}

static void
test_links (Fixture *self, gconstpointer data)
{
  g_autofree char *household = xh_uuid_v7_new ();
  g_autofree char *unknown = xh_uuid_v7_new ();
  g_autofree char *a = xh_uuid_v7_new ();
  g_autofree char *b = xh_uuid_v7_new ();
  g_autofree char *c = xh_uuid_v7_new ();
  g_autofree char *good = g_strdup_printf ("\"household\":\"%s\",\"year\":2026", household);
  g_autofree char *waiting = g_strdup_printf ("\"household\":\"%s\",\"year\":2026", unknown);
  gint64 version = create (self, VILLAGE, household);
  g_autoptr (JsonNode) made = push (self, self->anna, DEVICE_A, "rating", a, 0, good);
  g_autoptr (JsonNode) held = push (self, self->anna, DEVICE_A, "rating", b, 0, waiting);
  g_autoptr (JsonNode) foreign = push (self, self->otto, DEVICE_C, "rating", c, 0, good);
  g_autoptr (JsonNode) office_field = push (self, self->anna, DEVICE_A, "rating", a, answer_version (made, 0), "\"certificate\":\"1\"");
  g_autoptr (JsonNode) page = office_pull (self->office, self->bert, version, 10);

  g_assert_cmpstr (answer_status (made, 0), ==, "applied");
  g_assert_cmpstr (json_node_get_string (page_value (page, a, "division")), ==, VILLAGE);
  g_assert_cmpstr (json_node_get_string (page_value (page, a, "head_name")), ==, "测试户");
  g_assert_cmpstr (answer_status (held, 0), ==, "held");
  assert_refused (foreign, "household");
  assert_refused (office_field, "certificate");
}

static JsonObject *
field_at (JsonNode *answers, guint index)
{
  return json_array_get_object_element (json_object_get_array_member (answer_at (answers, 0), "fields"), index);
}

/* Each edit is right by itself; together they let out more land than there is. */
static void
test_merged_invalid (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) land = push (self, self->anna, DEVICE_A, NULL, id, version, "\"land_contracted\":10.0");
  const gint64 base = answer_version (land, 0);
  g_autoptr (JsonNode) less = push (self, self->anna, DEVICE_A, NULL, id, base, "\"land_contracted\":5.0");
  g_autoptr (JsonNode) out = push (self, self->bert, DEVICE_B, NULL, id, base, "\"land_out\":8.0,\"remark\":\"x\"");
  g_autoptr (JsonNode) page = office_pull (self->office, self->tina, version, 10);

  g_assert_cmpstr (answer_status (less, 0), ==, "applied");
  g_assert_cmpstr (answer_status (out, 0), ==, "conflict");
  g_assert_cmpstr (json_object_get_string_member (answer_at (out, 0), "grade"), ==, "record");
  g_assert_cmpstr (json_object_get_string_member (answer_at (out, 0), "who"), ==, "anna");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (answer_at (out, 0), "issues")), ==, 1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (answer_at (out, 0), "fields")), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (field_at (out, 0), "name"), ==, "land_out");
  g_assert_cmpfloat (json_object_get_double_member (field_at (out, 0), "mine"), ==, 8.0);
  g_assert_true (json_object_get_null_member (field_at (out, 0), "theirs"));
  g_assert_true (JSON_NODE_HOLDS_NULL (page_value (page, id, "remark")));
}

/* What is wrong by itself is no conflict, whatever others did. */
static void
test_wrong_by_itself (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) theirs = push (self, self->anna, DEVICE_A, NULL, id, version, "\"phone\":\"13800000000\"");
  g_autoptr (JsonNode) mine = push (self, self->bert, DEVICE_B, NULL, id, version, "\"land_contracted\":5.0,\"land_out\":8.0");

  g_assert_cmpstr (answer_status (theirs, 0), ==, "applied");
  assert_refused (mine, "land_out");
}

static void
test_state_moved_on (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) closed = push (self, self->tina, DEVICE_C, NULL, id, version, "\"state\":\"closed\",\"residence\":\"moved\"");
  g_autoptr (JsonNode) late = push (self, self->bert, DEVICE_B, NULL, id, version, "\"remark\":\"x\"");

  g_assert_cmpstr (answer_status (closed, 0), ==, "applied");
  g_assert_cmpstr (answer_status (late, 0), ==, "conflict");
  g_assert_cmpstr (json_object_get_string_member (answer_at (late, 0), "grade"), ==, "record");
  g_assert_cmpstr (json_object_get_string_member (field_at (late, 0), "mine"), ==, "x");
  g_assert_cmpstr (json_object_get_string_member (answer_at (late, 0), "who"), ==, "tina");
}

/* Neither of the two knew the other's answer: score and explanation are of both. */
static void
test_merged_scored (Fixture *self, gconstpointer data)
{
  g_autofree char *household = xh_uuid_v7_new (), *other = xh_uuid_v7_new (), *merged = xh_uuid_v7_new (), *whole = xh_uuid_v7_new ();
  g_autofree char *set = g_strdup_printf ("\"household\":\"%s\",\"year\":2026", household);
  g_autofree char *all = g_strdup_printf ("\"household\":\"%s\",\"year\":2026,\"penalties\":\"none\",\"contracts\":\"on_time\"", other);
  gint64 version = create (self, VILLAGE, household);
  g_autoptr (JsonNode) made = push (self, self->anna, DEVICE_A, "rating", merged, 0, set);
  const gint64 base = answer_version (made, 0);
  g_autoptr (JsonNode) mine = push (self, self->anna, DEVICE_A, "rating", merged, base, "\"penalties\":\"none\"");
  g_autoptr (JsonNode) theirs = push (self, self->bert, DEVICE_B, "rating", merged, base, "\"contracts\":\"on_time\"");
  g_autoptr (JsonNode) page = NULL;

  create (self, VILLAGE, other);
  json_node_unref (push (self, self->anna, DEVICE_A, "rating", whole, 0, all));
  page = office_pull (self->office, self->tina, version, 10);
  g_assert_cmpstr (answer_status (mine, 0), ==, "applied");
  g_assert_cmpstr (answer_status (theirs, 0), ==, "merged");
  g_assert_cmpstr (json_node_get_string (page_value (page, merged, "explanation")), !=,
                   json_object_get_string_member (json_object_get_object_member (answer_at (mine, 0), "row"), "explanation"));
  g_assert_cmpfloat (json_node_get_double (page_value (page, merged, "score")), ==, json_node_get_double (page_value (page, whole, "score")));
  g_assert_cmpstr (json_node_get_string (page_value (page, merged, "explanation")), ==, json_node_get_string (page_value (page, whole, "explanation")));
  g_assert_cmpfloat (json_object_get_double_member (json_object_get_object_member (answer_at (theirs, 0), "row"), "score"), ==,
                     json_node_get_double (page_value (page, merged, "score")));
}

/* Somebody who learns an op's id asks for its answer under a record of their own choice. */
static void
test_answer_of_another_record (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new (), *other = xh_uuid_v7_new (), *op = xh_uuid_v7_new ();
  gint64 version = create (self, VILLAGE, id), other_version = create (self, VILLAGE_2, other);
  g_autofree char *text = g_strdup_printf ("{\"op\":\"%s\",\"kind\":\"household\",\"record\":\"%s\",\"base\":%" G_GINT64_FORMAT
                                           ",\"set\":{\"head_name\":\"x\"}}", op, id, version);
  g_autofree char *again = g_strdup_printf ("{\"op\":\"%s\",\"kind\":\"household\",\"record\":\"%s\",\"base\":%" G_GINT64_FORMAT
                                            ",\"set\":{\"head_name\":\"x\"}}", op, other, other_version);
  g_autoptr (JsonNode) refused = office_push (self->office, self->bert, DEVICE_B, text);
  g_autoptr (JsonNode) repeated = office_push (self->office, self->bert, DEVICE_B, text);
  g_autoptr (JsonNode) wrong = office_push (self->office, self->bert, DEVICE_B, again);

  assert_refused (refused, "head_name");
  assert_refused (repeated, "head_name");
  g_assert_false (json_object_has_member (answer_at (repeated, 0), "record"));
  g_assert_cmpstr (answer_status (wrong, 0), ==, "rejected");
  g_assert_false (json_object_has_member (answer_at (wrong, 0), "row"));
}

static void
test_history (Fixture *self, gconstpointer data)
{
  g_autofree char *id = xh_uuid_v7_new ();
  g_autofree char *path = g_strdup_printf ("/v1/records/%s/history", id);
  gint64 version = create (self, VILLAGE, id);
  g_autoptr (JsonNode) edit = push (self, self->bert, DEVICE_B, NULL, id, version, "\"remark\":\"x\"");
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *newest, *oldest, *set;
  JsonArray *entries;

  g_assert_cmpstr (answer_status (edit, 0), ==, "applied");
  g_assert_cmpuint (office_request (self->office, "GET", path, self->anna, NULL, &answer), ==, 200);
  entries = json_node_get_array (answer);
  g_assert_cmpuint (json_array_get_length (entries), ==, 2);
  newest = json_array_get_object_element (entries, 0);
  oldest = json_array_get_object_element (entries, 1);
  g_assert_cmpstr (json_object_get_string_member (newest, "account"), ==, "bert");
  set = json_object_get_object_member (newest, "set");
  g_assert_cmpuint (json_object_get_size (set), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (set, "remark"), ==, "x");
  set = json_object_get_object_member (oldest, "set");
  g_assert_cmpstr (json_object_get_string_member (set, "head_name"), ==, "测试户");
  g_assert_nonnull (strstr (json_object_get_string_member (set, "head_id"), "****"));
}

/* It is made from the rest of the record: whoever pulls gets it with the row, the ledger keeps score, grade and credit line. */
static void
test_explanation (Fixture *self, gconstpointer data)
{
  g_autofree char *household = xh_uuid_v7_new (), *id = xh_uuid_v7_new ();
  g_autofree char *set = g_strdup_printf ("\"household\":\"%s\",\"year\":2026", household);
  g_autofree char *path = g_strdup_printf ("/v1/records/%s/history", id);
  gint64 version = create (self, VILLAGE, household);
  g_autoptr (JsonNode) made = push (self, self->anna, DEVICE_A, "rating", id, 0, set);
  g_autoptr (JsonNode) page = office_pull (self->office, self->bert, version, 10);
  g_autoptr (JsonNode) answer = NULL;
  JsonObject *changes;

  g_assert_cmpstr (answer_status (made, 0), ==, "applied");
  g_assert_nonnull (strstr (json_node_get_string (page_value (page, id, "explanation")), "\"card\":\"c1\""));
  g_assert_cmpuint (office_request (self->office, "GET", path, self->anna, NULL, &answer), ==, 200);
  changes = json_object_get_object_member (json_array_get_object_element (json_node_get_array (answer), 0), "set");
  g_assert_true (json_object_has_member (changes, "grade"));
  g_assert_false (json_object_has_member (changes, "explanation"));
}

static void
test_pages (Fixture *self, gconstpointer data)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer id;
  gint64 since = 0;
  guint found = 0;
  gboolean more = TRUE;

  for (guint i = 0; i < 20; i++)
    {
      char *fresh = xh_uuid_v7_new ();

      create (self, i % 2 ? VILLAGE : VILLAGE_2, fresh);
      g_hash_table_add (ids, fresh);
    }
  while (more)
    {
      g_autoptr (JsonNode) page = office_pull (self->office, self->bert, since, 7);
      JsonObject *object = json_node_get_object (page);

      g_assert_cmpuint (count_rows (page, "household"), <=, 7);
      g_hash_table_iter_init (&iter, ids);
      while (g_hash_table_iter_next (&iter, &id, NULL))
        found += page_has_row (page, id);
      more = json_object_get_boolean_member (object, "more");
      g_assert_true (!more || json_object_get_int_member (object, "next") > since);
      since = json_object_get_int_member (object, "next");
    }
  g_assert_cmpuint (found, ==, 20);
  g_assert_cmpint (since, ==, 20);
  g_assert_cmpuint (office_request (self->office, "GET", "/v1/changes?since=99", self->bert, NULL, NULL), ==, 409);
  g_assert_cmpuint (office_request (self->office, "GET", "/v1/changes?since=-1", self->bert, NULL, NULL), ==, 400);
  g_assert_cmpuint (office_request (self->office, "GET", "/v1/changes?limit=x", self->bert, NULL, NULL), ==, 400);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
#define ADD(name, func) g_test_add ("/server/changes/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("a-new-record-reaches-others-and-is-not-sent-back", test_create);
  ADD ("repeating-a-push-gives-the-same-answers", test_repeat);
  ADD ("what-is-outside-the-area-is-neither-seen-nor-changed", test_scope);
  ADD ("role-reaches-a-register-beyond-its-scope-to-read-it", test_reach);
  ADD ("a-record-that-moves-leaves-the-old-area", test_move);
  ADD ("a-deleted-record-leaves", test_delete);
  ADD ("other-fields-merge-the-same-field-conflicts", test_merge);
  ADD ("entry-that-changes-nothing-is-no-beginning", test_empty_entry);
  ADD ("merged-record-that-fails-its-checks-is-a-conflict", test_merged_invalid);
  ADD ("what-is-wrong-by-itself-is-refused", test_wrong_by_itself);
  ADD ("edit-of-a-record-that-moved-on-is-a-conflict", test_state_moved_on);
  ADD ("merged-rating-is-scored-again", test_merged_scored);
  ADD ("answer-is-kept-for-its-own-record", test_answer_of_another_record);
  ADD ("repeated-refusal-shows-what-the-account-may-see-now", test_refusal_after_move);
  ADD ("repeated-op-brings-what-others-wrote-since", test_repeat_after_others);
  ADD ("a-device-that-starts-anew-gets-its-own-work-back", test_own_pages);
  ADD ("a-device-does-not-disagree-with-itself", test_own_changes);
  ADD ("an-invalid-op-holds-up-its-own-record-only", test_invalid);
  ADD ("a-taken-key-is-refused", test_unique);
  ADD ("a-computed-field-is-computed-here", test_computed);
  ADD ("who-comes-to-the-same-needs-no-row", test_sum);
  ADD ("a-field-that-is-not-relevant-takes-no-value", test_irrelevant);
  ADD ("steps-need-role-state-and-condition", test_transition);
  ADD ("links-lead-to-what-the-account-may-see", test_links);
  ADD ("explanation-is-in-the-row-and-not-in-the-ledger", test_explanation);
  ADD ("history-tells-who-and-what-and-masks", test_history);
  ADD ("pages-give-each-record-once", test_pages);
  return g_test_run ();
}
