/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "office.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>

#include "model/xh-identifiers.h"
#include "server/xh-accounts.h"

#define PUSHED_AT_ONCE 400

static const struct { const char *login, *role, *division, *unit; } people[] = {
  { "anna", "assessor", TOWNSHIP, NULL },
  { "bert", "assessor", TOWNSHIP, NULL },
  { "tina", "township", TOWNSHIP, NULL },
  { "otto", "assessor", OTHER_TOWNSHIP, NULL },
  { "dora", "department", NULL, "scjdglj" },
  { "olga", "office", NULL, "fgw" },
};

static void
add_people (const char *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_autoptr (XhBackend) backend = NULL;

  g_assert_no_error (error);
  xh_backend_init (data, NULL, catalog, &error);
  g_assert_no_error (error);
  backend = xh_backend_open (data, catalog, FALSE, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_autofree char *password = g_strconcat (people[i].login, people[i].login, NULL);
      const XhAccount account = { (char *) people[i].login, (char *) people[i].login, (char *) people[i].role,
                                  (char *) people[i].division, (char *) people[i].unit };

      xh_accounts_add (backend, &account, password, &error);
      g_assert_no_error (error);
    }
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static char *pattern; /* a data folder that is ready: six passwords are hashed once a program, not once a test */

static void
remove_pattern (void)
{
  remove_folder (pattern);
}

static void
copy_pattern (const char *data)
{
  g_autoptr (GError) error = NULL;
  int status;

  if (pattern == NULL)
    {
      g_autofree char *ready = NULL;

      pattern = g_dir_make_tmp ("xinheng-pattern-XXXXXX", &error);
      g_assert_no_error (error);
      atexit (remove_pattern);
      ready = g_build_filename (pattern, "data", NULL);
      add_people (ready);
    }
  {
    g_autofree char *ready = g_build_filename (pattern, "data", NULL);
    char *copy[] = { (char *) "cp", (char *) "-a", ready, (char *) data, NULL };

    g_spawn_sync (NULL, copy, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
    g_assert_no_error (error);
    g_assert_cmpint (status, ==, 0);
  }
}

Office *
office_new (void)
{
  Office *self = g_new0 (Office, 1);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("xinheng-server-XXXXXX", &error);
  g_assert_no_error (error);
  self->data = g_build_filename (self->folder, "data", NULL);
  self->session = soup_session_new ();
  copy_pattern (self->data);
  office_start (self);
  return self;
}

void
office_free (Office *self)
{
  if (self->process)
    office_stop (self);
  remove_folder (self->folder);
  g_clear_object (&self->session);
  g_free (self->folder);
  g_free (self->data);
  g_free (self->coding);
  g_free (self->etag);
  g_free (self->type);
  g_free (self);
}

/* A test that fails must not leave a server behind. */
static void
die_with_the_test (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* The line on its output comes when the port is open and the port file written. */
void
office_start (Office *self)
{
  g_autofree char *port_file = g_build_filename (self->folder, "port", NULL);
  g_autofree char *wanted = g_strdup_printf ("%u", self->port);
  const char *argv[] = { g_getenv ("XH_SERVER"), "serve", "--data", self->data, "--port", wanted, "--port-file", port_file,
                         self->keep_free ? "--keep-free" : NULL, self->keep_free, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  g_autofree char *port = NULL;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_the_test, NULL, NULL);
  self->process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_file_get_contents (port_file, &port, NULL, &error);
  g_assert_no_error (error);
  self->port = (guint) g_ascii_strtoull (port, NULL, 10);
  g_assert_cmpuint (self->port, >, 0);
}

void
office_stop (Office *self)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait_check (self->process, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&self->process);
}

void
office_kill (Office *self)
{
  g_subprocess_send_signal (self->process, SIGKILL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

int
office_command (Office *self, const char *input, const char *command, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  const char *word;
  va_list words;

  g_ptr_array_add (argv, (char *) g_getenv ("XH_SERVER"));
  va_start (words, command);
  for (word = command; word; word = va_arg (words, const char *))
    g_ptr_array_add (argv, (char *) word);
  va_end (words);
  g_ptr_array_add (argv, (char *) "--data");
  g_ptr_array_add (argv, self->data);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                               | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input ? input : "", NULL, NULL, NULL, NULL);
  g_assert_true (g_subprocess_get_if_exited (process));
  return g_subprocess_get_exit_status (process);
}

gboolean
office_check (Office *self)
{
  return office_command (self, NULL, "check", NULL) == 0;
}

static void
note_header (char **target, SoupMessage *message, const char *name)
{
  g_free (*target);
  *target = g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message), name));
}

guint
office_request (Office *self, const char *method, const char *path, const char *token, const char *body, JsonNode **answer)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u%s", self->port, path);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  if (token)
    {
      g_autofree char *header = g_strconcat ("Bearer ", token, NULL);

      soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", header);
    }
  if (self->etag)
    soup_message_headers_append (soup_message_get_request_headers (message), "If-None-Match", self->etag);
  if (body)
    {
      g_autoptr (GBytes) request = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, "application/json", request);
    }
  bytes = soup_session_send_and_read (self->session, message, NULL, &error);
  if (answer)
    *answer = NULL;
  if (!bytes)
    return 0;
  note_header (&self->coding, message, "Content-Encoding");
  note_header (&self->etag, message, "ETag");
  note_header (&self->type, message, "Content-Type");
  if (answer && g_bytes_get_size (bytes) > 0)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();

      json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), &error);
      g_assert_no_error (error);
      *answer = json_parser_steal_root (parser);
    }
  return soup_message_get_status (message);
}

char *
office_sign_in (Office *self, const char *login, const char *device)
{
  g_autofree char *body = g_strdup_printf ("{\"login\":\"%s\",\"password\":\"%s%s\",\"device\":\"%s\"}", login, login, login, device);
  g_autoptr (JsonNode) answer = NULL;

  g_assert_cmpuint (office_request (self, "POST", "/v1/sessions", NULL, body, &answer), ==, 201);
  return g_strdup (json_object_get_string_member (json_node_get_object (answer), "token"));
}

JsonNode *
office_push (Office *self, const char *token, const char *device, const char *ops)
{
  g_autofree char *body = g_strdup_printf ("{\"device\":\"%s\",\"ops\":[%s]}", device, ops);
  JsonNode *answer = NULL;

  g_assert_cmpuint (office_request (self, "POST", "/v1/changes", token, body, &answer), ==, 200);
  return answer;
}

void
office_push_households (Office *self, const char *token, const char *device, guint first, guint n)
{
  for (guint i = 0; i < n; i += PUSHED_AT_ONCE)
    {
      const guint end = MIN (n, i + PUSHED_AT_ONCE);
      g_autoptr (GString) ops = g_string_new (NULL);
      g_autoptr (JsonNode) answer = NULL;

      for (guint j = i; j < end; j++)
        {
          g_autofree char *id = xh_uuid_v7_new (), *set = make_household (VILLAGE, first + j), *op = make_op (NULL, id, 0, set);

          g_string_append_printf (ops, "%s%s", j > i ? "," : "", op);
        }
      answer = office_push (self, token, device, ops->str);
      g_assert_cmpstr (answer_status (answer, end - i - 1), ==, "applied");
    }
}

JsonNode *
office_pull (Office *self, const char *token, gint64 since, guint limit)
{
  g_autofree char *path = g_strdup_printf ("/v1/changes?since=%" G_GINT64_FORMAT "&limit=%u", since, limit);
  JsonNode *answer = NULL;

  g_assert_cmpuint (office_request (self, "GET", path, token, NULL, &answer), ==, 200);
  return answer;
}

char *
make_op (const char *kind, const char *record, gint64 base, const char *set)
{
  g_autofree char *id = xh_uuid_v7_new ();

  return g_strdup_printf ("{\"op\":\"%s\",\"kind\":\"%s\",\"record\":\"%s\",\"base\":%" G_GINT64_FORMAT ",\"set\":{%s}}", id,
                          kind ? kind : "household", record, base, set);
}

char *
make_household (const char *village, guint number)
{
  char id[19];

  g_snprintf (id, sizeof id, "410421%04u0101%03u", 1950 + number / 999 % 40, number % 999 + 1);
  id[17] = xh_id_number_check_character (id);
  id[18] = '\0';
  return g_strdup_printf ("\"village\":\"%s\",\"head_name\":\"测试户\",\"head_id\":\"%s\"", village, id);
}

JsonObject *
answer_at (JsonNode *answers, guint index)
{
  JsonArray *array = json_object_get_array_member (json_node_get_object (answers), "answers");

  g_assert_cmpuint (index, <, json_array_get_length (array));
  return json_array_get_object_element (array, index);
}

const char *
answer_status (JsonNode *answers, guint index)
{
  return json_object_get_string_member (answer_at (answers, index), "status");
}

gint64
answer_version (JsonNode *answers, guint index)
{
  return json_object_get_int_member (answer_at (answers, index), "version");
}

guint
count_rows (JsonNode *page, const char *kind)
{
  JsonArray *kinds = json_object_get_array_member (json_node_get_object (page), "kinds");

  for (guint i = 0; i < json_array_get_length (kinds); i++)
    {
      JsonObject *group = json_array_get_object_element (kinds, i);

      if (strcmp (json_object_get_string_member (group, "kind"), kind) == 0)
        return json_array_get_length (json_object_get_array_member (group, "rows"));
    }
  return 0;
}

JsonNode *
page_value (JsonNode *page, const char *id, const char *column)
{
  JsonArray *kinds = json_object_get_array_member (json_node_get_object (page), "kinds");

  for (guint i = 0; i < json_array_get_length (kinds); i++)
    {
      JsonObject *group = json_array_get_object_element (kinds, i);
      JsonArray *columns = json_object_get_array_member (group, "columns"), *rows = json_object_get_array_member (group, "rows");
      guint place = 0;

      while (place < json_array_get_length (columns) && strcmp (json_array_get_string_element (columns, place), column) != 0)
        place++;
      for (guint j = 0; j < json_array_get_length (rows); j++)
        {
          JsonArray *row = json_array_get_array_element (rows, j);

          if (strcmp (json_array_get_string_element (row, 0), id) == 0)
            return place < json_array_get_length (row) ? json_array_get_element (row, place) : NULL;
        }
    }
  return NULL;
}

gboolean
page_has_row (JsonNode *page, const char *id)
{
  return page_value (page, id, "id") != NULL;
}

gboolean
page_has_leave (JsonNode *page, const char *id)
{
  JsonArray *leaves = json_object_get_array_member (json_node_get_object (page), "leaves");

  for (guint i = 0; i < json_array_get_length (leaves); i++)
    if (strcmp (json_array_get_string_element (leaves, i), id) == 0)
      return TRUE;
  return FALSE;
}
