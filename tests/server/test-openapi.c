/* SPDX-License-Identifier: GPL-3.0-or-later */

/* data/openapi.json says what the server does: every route is there and no other, the examples are of the form that the page gives them,
 * and so is what a real server process answers. */

#include "office.h"

#include <string.h>

#include "server/xh-server-private.h"

#define DEVICE "01934f5e-8c1a-7bb2-9d3f-2a6c01b7e9d4"
#define A "01934f5e-0000-7d21-b0c4-6f8e9a0b1c2a"

static JsonObject *page; /* the whole document */

static void check_node (JsonObject *schema, JsonNode *node, const char *where);

static JsonObject *
follow (JsonObject *object)
{
  const char *name = json_object_get_string_member_with_default (object, "$ref", NULL);
  g_auto (GStrv) steps = NULL;

  if (name == NULL)
    return object;
  g_assert_true (g_str_has_prefix (name, "#/"));
  steps = g_strsplit (name + 2, "/", -1);
  object = page;
  for (guint i = 0; steps[i] != NULL; i++)
    {
      g_assert_true (json_object_has_member (object, steps[i]));
      object = json_object_get_object_member (object, steps[i]);
    }
  return follow (object);
}

static gboolean
is_of (JsonNode *node, const char *type)
{
  const GType value = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (strcmp (type, "object") == 0)
    return JSON_NODE_HOLDS_OBJECT (node);
  if (strcmp (type, "array") == 0)
    return JSON_NODE_HOLDS_ARRAY (node);
  if (strcmp (type, "null") == 0)
    return JSON_NODE_HOLDS_NULL (node);
  if (strcmp (type, "string") == 0)
    return value == G_TYPE_STRING;
  if (strcmp (type, "boolean") == 0)
    return value == G_TYPE_BOOLEAN;
  return value == G_TYPE_INT64 || (value == G_TYPE_DOUBLE && strcmp (type, "number") == 0);
}

static gboolean
is_of_any (JsonNode *types, JsonNode *node)
{
  if (!JSON_NODE_HOLDS_ARRAY (types))
    return is_of (node, json_node_get_string (types));
  for (guint i = 0; i < json_array_get_length (json_node_get_array (types)); i++)
    if (is_of (node, json_array_get_string_element (json_node_get_array (types), i)))
      return TRUE;
  return FALSE;
}

static gboolean
is_among (JsonArray *values, JsonNode *node)
{
  for (guint i = 0; i < json_array_get_length (values); i++)
    if (json_node_equal (json_array_get_element (values, i), node))
      return TRUE;
  return FALSE;
}

static void
check_object (JsonObject *schema, JsonObject *object, const char *where)
{
  JsonArray *required = json_object_has_member (schema, "required") ? json_object_get_array_member (schema, "required") : NULL;
  JsonObject *properties = json_object_has_member (schema, "properties") ? json_object_get_object_member (schema, "properties") : NULL;
  JsonObject *others = json_object_has_member (schema, "additionalProperties")
                         ? json_object_get_object_member (schema, "additionalProperties") : NULL;
  g_autoptr (GList) names = json_object_get_members (object);

  for (guint i = 0; required != NULL && i < json_array_get_length (required); i++)
    if (!json_object_has_member (object, json_array_get_string_element (required, i)))
      g_error ("%s: “%s” is required and not there", where, json_array_get_string_element (required, i));
  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s", where, (char *) l->data);
      JsonNode *node = json_object_get_member (object, l->data);

      if (properties != NULL && json_object_has_member (properties, l->data))
        check_node (json_object_get_object_member (properties, l->data), node, path);
      else if (others != NULL)
        check_node (others, node, path);
      else if (properties != NULL)
        g_error ("%s: data/openapi.json does not know it", path);
    }
}

static void
check_array (JsonObject *schema, JsonArray *array, const char *where)
{
  JsonArray *places = json_object_has_member (schema, "prefixItems") ? json_object_get_array_member (schema, "prefixItems") : NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%u", where, i);

      if (places != NULL && i < json_array_get_length (places))
        check_node (json_array_get_object_element (places, i), json_array_get_element (array, i), path);
      else if (json_object_has_member (schema, "items"))
        check_node (json_object_get_object_member (schema, "items"), json_array_get_element (array, i), path);
    }
}

static void
check_node (JsonObject *schema, JsonNode *node, const char *where)
{
  schema = follow (schema);
  if (json_object_has_member (schema, "anyOf"))
    {
      /* Something or null. */
      if (!JSON_NODE_HOLDS_NULL (node))
        check_node (json_array_get_object_element (json_object_get_array_member (schema, "anyOf"), 0), node, where);
      return;
    }
  if (json_object_has_member (schema, "type") && !is_of_any (json_object_get_member (schema, "type"), node))
    g_error ("%s: of another type", where);
  if (json_object_has_member (schema, "enum") && !is_among (json_object_get_array_member (schema, "enum"), node))
    g_error ("%s: not among those that are listed", where);
  if (json_object_has_member (schema, "pattern") && JSON_NODE_HOLDS_VALUE (node)
      && !g_regex_match_simple (json_object_get_string_member (schema, "pattern"), json_node_get_string (node), 0, 0))
    g_error ("%s: does not fit the pattern", where);
  if (JSON_NODE_HOLDS_OBJECT (node))
    check_object (schema, json_node_get_object (node), where);
  if (JSON_NODE_HOLDS_ARRAY (node))
    check_array (schema, json_node_get_array (node), where);
}

/* (nullable) what a body of JSON looks like */
static JsonObject *
find_body_schema (JsonObject *holder)
{
  JsonObject *content = json_object_has_member (holder, "content") ? json_object_get_object_member (holder, "content") : NULL;
  JsonObject *media = NULL;

  if (content != NULL && json_object_has_member (content, "application/json"))
    media = json_object_get_object_member (content, "application/json");
  else if (content != NULL && json_object_has_member (content, "application/problem+json"))
    media = json_object_get_object_member (content, "application/problem+json");
  return media != NULL ? json_object_get_object_member (media, "schema") : NULL;
}

static JsonObject *
find_operation (const char *path, const char *method)
{
  JsonObject *paths = json_object_get_object_member (page, "paths");
  g_autofree char *name = g_ascii_strdown (method, -1);

  if (!json_object_has_member (paths, path))
    return NULL;
  paths = json_object_get_object_member (paths, path);
  return json_object_has_member (paths, name) ? json_object_get_object_member (paths, name) : NULL;
}

/* A route's "*" stands for what the page names in braces. */
static char *
find_path (const char *route)
{
  g_autoptr (GList) names = json_object_get_members (json_object_get_object_member (page, "paths"));
  g_autoptr (GRegex) braces = g_regex_new ("\\{[a-z]+\\}", 0, 0, NULL);

  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *plain = g_regex_replace_literal (braces, l->data, -1, 0, "*", 0, NULL);

      if (strcmp (plain, route) == 0)
        return g_strdup (l->data);
    }
  return NULL;
}

static void
count_route (const char *method, const char *path, gpointer data)
{
  g_autofree char *named = find_path (path);

  if (named == NULL || find_operation (named, method) == NULL)
    g_error ("%s %s is not in data/openapi.json", method, path);
  ++*(guint *) data;
}

static gboolean
is_method (const char *name)
{
  static const char *const methods[] = { "get", "head", "post", "put", "patch", "delete", NULL };

  return g_strv_contains (methods, name);
}

static void
test_routes (void)
{
  g_autoptr (GList) names = json_object_get_members (json_object_get_object_member (page, "paths"));
  guint n_routes = 0, n_written = 0;

  xh_server_each_route (count_route, &n_routes);
  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonObject *path = json_object_get_object_member (json_object_get_object_member (page, "paths"), l->data);
      g_autoptr (GList) members = json_object_get_members (path);

      for (GList *m = members; m != NULL; m = m->next)
        n_written += is_method (m->data);
    }
  g_assert_cmpuint (n_routes, ==, n_written);
}

static void
check_examples (JsonObject *schema, const char *where)
{
  JsonArray *examples;

  schema = follow (schema);
  if (!json_object_has_member (schema, "examples"))
    g_error ("%s has no example", where);
  examples = json_object_get_array_member (schema, "examples");
  g_assert_cmpuint (json_array_get_length (examples), >, 0);
  for (guint i = 0; i < json_array_get_length (examples); i++)
    check_node (schema, json_array_get_element (examples, i), where);
}

static void
check_operation (JsonObject *operation, const char *where)
{
  JsonObject *responses = json_object_get_object_member (operation, "responses");
  g_autoptr (GList) codes = json_object_get_members (responses);

  g_assert_true (json_object_has_member (operation, "summary"));
  if (json_object_has_member (operation, "requestBody")
      && find_body_schema (json_object_get_object_member (operation, "requestBody")) != NULL)
    check_examples (find_body_schema (json_object_get_object_member (operation, "requestBody")), where);
  for (GList *l = codes; l != NULL; l = l->next)
    {
      JsonObject *response = follow (json_object_get_object_member (responses, l->data));

      g_assert_true (json_object_has_member (response, "description"));
      if (find_body_schema (response) != NULL)
        check_examples (find_body_schema (response), where);
    }
}

static void
test_examples (void)
{
  g_autoptr (GList) names = json_object_get_members (json_object_get_object_member (page, "paths"));

  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonObject *path = json_object_get_object_member (json_object_get_object_member (page, "paths"), l->data);
      g_autoptr (GList) members = json_object_get_members (path);

      for (GList *m = members; m != NULL; m = m->next)
        if (is_method (m->data))
          check_operation (json_object_get_object_member (path, m->data), l->data);
    }
}

/* Asks, and holds the answer against the page. (transfer full) (nullable) */
static JsonNode *
ask (Office *office, const char *method, const char *path, const char *named, const char *token, const char *body, guint status)
{
  JsonObject *operation = find_operation (named, method), *responses;
  g_autofree char *code = g_strdup_printf ("%u", status);
  JsonNode *answer = NULL;

  g_assert_cmpuint (office_request (office, method, path, token, body, &answer), ==, status);
  responses = json_object_get_object_member (operation, "responses");
  if (!json_object_has_member (responses, code))
    g_error ("%s %s: the page does not know %u", method, named, status);
  responses = follow (json_object_get_object_member (responses, code));
  if (answer != NULL)
    {
      g_assert_nonnull (find_body_schema (responses));
      check_node (find_body_schema (responses), answer, named);
    }
  return answer;
}

#define TOLD(...) do { g_autoptr (JsonNode) told = ask (__VA_ARGS__); } while (0)

static char *
push_body (const char *op)
{
  return g_strdup_printf ("{\"device\":\"" DEVICE "\",\"ops\":[%s]}", op);
}

static void
test_answers (void)
{
  g_autoptr (Office) office = office_new ();
  g_autofree char *token = NULL, *set = make_household (VILLAGE, 1);
  g_autofree char *good = make_op (NULL, A, 0, set), *bad = make_op (NULL, A, 1, "\"head_name\":\"\"");
  g_autofree char *push = push_body (good), *push_bad = push_body (bad);
  g_autoptr (JsonNode) session = NULL;

  session = ask (office, "POST", "/v1/sessions", "/v1/sessions", NULL,
                 "{\"login\":\"anna\",\"password\":\"annaanna\",\"device\":\"" DEVICE "\"}", 201);
  token = g_strdup (json_object_get_string_member (json_node_get_object (session), "token"));
  TOLD (office, "POST", "/v1/sessions", "/v1/sessions", NULL, "{}", 400);
  TOLD (office, "POST", "/v1/sessions", "/v1/sessions", NULL, "{\"login\":\"anna\",\"password\":\"no\",\"device\":\"d\"}", 401);
  TOLD (office, "POST", "/v1/changes", "/v1/changes", token, push, 200);
  TOLD (office, "POST", "/v1/changes", "/v1/changes", token, push_bad, 200);
  TOLD (office, "POST", "/v1/changes", "/v1/changes", token, "[]", 400);
  TOLD (office, "POST", "/v1/changes", "/v1/changes", NULL, push, 401);
  TOLD (office, "GET", "/v1/changes?since=0&own=1", "/v1/changes", token, NULL, 200);
  TOLD (office, "GET", "/v1/checksums", "/v1/checksums", token, NULL, 200);
  TOLD (office, "GET", "/v1/versions?kind=household&division=" VILLAGE, "/v1/versions", token, NULL, 200);
  TOLD (office, "POST", "/v1/rows", "/v1/rows", token, "{\"ids\":[\"" A "\"]}", 200);
  TOLD (office, "POST", "/v1/work", "/v1/work", token, "{}", 403);
  TOLD (office, "GET", "/v1/records/" A "/history", "/v1/records/{id}/history", token, NULL, 200);
  TOLD (office, "GET", "/v1/status", "/v1/status", token, NULL, 200);
  TOLD (office, "GET", "/v1/status", "/v1/status", NULL, NULL, 200);
  TOLD (office, "GET", "/v1/live", "/v1/live", token, NULL, 400);
  TOLD (office, "GET", "/v1/live", "/v1/live", NULL, NULL, 401);
  TOLD (office, "DELETE", "/v1/sessions/current", "/v1/sessions/current", token, NULL, 204);
  TOLD (office, "DELETE", "/v1/sessions/current", "/v1/sessions/current", token, NULL, 401);
}

int
main (int argc, char **argv)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  json_parser_load_from_file (parser, g_getenv ("XH_OPENAPI"), &error);
  g_assert_no_error (error);
  page = json_node_get_object (json_parser_get_root (parser));
  g_test_add_func ("/server/openapi/every-route-and-no-other", test_routes);
  g_test_add_func ("/server/openapi/examples-are-of-their-form", test_examples);
  g_test_add_func ("/server/openapi/answers-are-of-the-form-that-the-page-says", test_answers);
  return g_test_run ();
}
