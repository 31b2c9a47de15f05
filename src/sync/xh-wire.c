/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-wire.h"

#include <string.h>

#include "model/xh-json.h"
#include "xh-wire-private.h"
#include "model/xh-identifiers.h"

#define MAX_NAME 64
#define SUM_DIGITS 16

static const char *const statuses[] = { "applied", "merged", "conflict", "rejected", "held" };

static gboolean
fail (GError **error, const char *what)
{
  g_set_error_literal (error, XH_SYNC_ERROR, XH_SYNC_ERROR_PROTOCOL, what);
  return FALSE;
}

/* A short word from outside: not empty, no longer than a name may be. */
static const char *
peek_name (JsonObject *object, const char *name)
{
  const char *text = xh_json_member_text (object, name);

  return text != NULL && *text != '\0' && strlen (text) <= MAX_NAME ? text : NULL;
}

static gboolean
peek_number (JsonObject *object, const char *name, gint64 *number)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *number = json_node_get_int (node);
  return *number >= 0;
}

static JsonObject *
peek_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
peek_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
holds_values (JsonObject *set)
{
  g_autoptr (GList) nodes = json_object_get_values (set);

  for (GList *l = nodes; l != NULL; l = l->next)
    if (!JSON_NODE_HOLDS_VALUE (l->data) && !JSON_NODE_HOLDS_NULL (l->data))
      return FALSE;
  return nodes != NULL;
}

static char *
write_node (JsonNode *node, gsize *length)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();

  json_generator_set_root (generator, node);
  return json_generator_to_data (generator, length);
}

/* A member that may be missing. */
static gboolean
read_sum (JsonObject *object, guint64 *sum)
{
  const char *text = xh_json_member_text (object, "sum");

  *sum = 0;
  if (!json_object_has_member (object, "sum"))
    return TRUE;
  return text != NULL && strlen (text) == SUM_DIGITS && strspn (text, "0123456789abcdef") == SUM_DIGITS
         && g_ascii_string_to_unsigned (text, 16, 0, G_MAXUINT64, sum, NULL);
}

static XhOp *
read_op (JsonObject *object, GError **error)
{
  const char *op_id, *kind, *record;
  JsonNode *set;
  gint64 base;
  guint64 sum;
  XhOp *op;

  if (object == NULL)
    return (void) fail (error, "An op is no object"), NULL;
  op_id = peek_name (object, "op");
  kind = peek_name (object, "kind");
  record = peek_name (object, "record");
  set = json_object_get_member (object, "set");
  if (op_id == NULL || !xh_uuid_is_valid (op_id) || record == NULL || !xh_uuid_is_valid (record))
    return (void) fail (error, "An op or its record has no valid id"), NULL;
  if (kind == NULL || !peek_number (object, "base", &base))
    return (void) fail (error, "An op has no kind or no base"), NULL;
  if (peek_object (set) == NULL || !holds_values (peek_object (set)))
    return (void) fail (error, "An op sets nothing, or something that is no value"), NULL;
  if (!read_sum (object, &sum))
    return (void) fail (error, "An op's sum is not 16 hexadecimal digits"), NULL;
  op = g_new0 (XhOp, 1);
  op->op_id = g_strdup (op_id);
  op->sum = sum;
  op->kind = g_strdup (kind);
  op->record = g_strdup (record);
  op->base = base;
  op->set = write_node (set, NULL);
  op->created_at = g_strdup (peek_name (object, "at"));
  return op;
}

const char *
xh_answer_status_name (XhAnswerStatus status)
{
  return statuses[status];
}

gboolean
xh_answer_status_read (const char *name, XhAnswerStatus *status)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (statuses); i++)
    if (strcmp (name, statuses[i]) == 0)
      {
        *status = (XhAnswerStatus) i;
        return TRUE;
      }
  return FALSE;
}

/* Members that are there must be of their type; those that an answer can do without may be missing. */
static gboolean
check_answer (JsonObject *object)
{
  static const char *const arrays[] = { "fields", "issues" }, *const strings[] = { "who", "name", "when", "device" };

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    if (json_object_has_member (object, arrays[i]) && peek_array (object, arrays[i]) == NULL)
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    if (json_object_has_member (object, strings[i]) && !json_object_get_null_member (object, strings[i])
        && xh_json_member_text (object, strings[i]) == NULL)
      return FALSE;
  return !json_object_has_member (object, "row") || json_object_get_null_member (object, "row")
         || peek_object (json_object_get_member (object, "row")) != NULL;
}

static XhAnswer *
read_answer (JsonObject *object, GError **error)
{
  XhAnswerStatus status = XH_ANSWER_HELD;
  gint64 version = 0;
  XhAnswer *answer;
  const char *op_id = object != NULL ? peek_name (object, "op") : NULL;

  if (op_id == NULL || !xh_answer_status_read (xh_json_member_text (object, "status"), &status))
    return (void) fail (error, "An answer has no op or no status"), NULL;
  if (json_object_has_member (object, "version") && !json_object_get_null_member (object, "version")
      && !peek_number (object, "version", &version))
    return (void) fail (error, "An answer's version is no number"), NULL;
  if ((status == XH_ANSWER_APPLIED || status == XH_ANSWER_MERGED) && version == 0)
    return (void) fail (error, "An answer has no version"), NULL;
  if (!check_answer (object))
    return (void) fail (error, "A member of an answer is of another type"), NULL;
  answer = g_new0 (XhAnswer, 1);
  answer->op_id = g_strdup (op_id);
  answer->status = status;
  answer->version = version;
  answer->body = json_object_ref (object);
  return answer;
}

/**
 * xh_wire_write_push:
 * @ops: (element-type XhOp): in order, no more than %XH_WIRE_MAX_OPS
 * @device: the device's lasting id
 * @length: (out)
 *
 * Returns: (transfer full): the body of a push, zero-terminated
 */
char *
xh_wire_write_push (GPtrArray *ops, const char *device, gsize *length)
{
  GString *json = g_string_new ("{\"device\":");

  g_return_val_if_fail (ops->len <= XH_WIRE_MAX_OPS, NULL);

  xh_json_append_text (json, device, -1);
  g_string_append (json, ",\"ops\":[");
  for (guint i = 0; i < ops->len; i++)
    {
      const XhOp *op = g_ptr_array_index (ops, i);

      g_string_append (json, i > 0 ? ",\n{\"op\":" : "\n{\"op\":");
      xh_json_append_text (json, op->op_id, -1);
      g_string_append (json, ",\"kind\":");
      xh_json_append_text (json, op->kind, -1);
      g_string_append (json, ",\"record\":");
      xh_json_append_text (json, op->record, -1);
      g_string_append_printf (json, ",\"base\":%" G_GINT64_FORMAT, op->base);
      if (op->created_at != NULL)
        {
          g_string_append (json, ",\"at\":");
          xh_json_append_text (json, op->created_at, -1);
        }
      if (op->sum != 0)
        g_string_append_printf (json, ",\"sum\":\"%016" G_GINT64_MODIFIER "x\"", op->sum);
      g_string_append_printf (json, ",\"set\":%s}", op->set);
    }
  g_string_append (json, "]}\n");
  *length = json->len;
  return g_string_free (json, FALSE);
}

/**
 * xh_wire_read_push:
 * @json: the body of a push
 * @length: its length in bytes
 * @device: (out) (transfer full): who sends it
 * @error: XH_SYNC_ERROR_PROTOCOL: the body is not what the protocol says; nothing of it may be applied
 *
 * Reads the outer form only: whether there is such a kind, and such a field in it, is answered op by op.
 *
 * Returns: (transfer full) (element-type XhOp): in order; `before` is %NULL, `created_at` is what the device's clock said
 */
GPtrArray *
xh_wire_read_push (const char *json, gsize length, char **device, GError **error)
{
  g_autoptr (JsonNode) root = xh_wire_parse (json, length, error);
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_op_free);
  JsonObject *object;
  JsonArray *array;

  if (root == NULL)
    return NULL;
  object = peek_object (root);
  array = peek_array (object, "ops");
  if (array == NULL || peek_name (object, "device") == NULL)
    return (void) fail (error, "A push has no device or no ops"), NULL;
  if (json_array_get_length (array) > XH_WIRE_MAX_OPS)
    return (void) fail (error, "A push has too many ops"), NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      XhOp *op = read_op (peek_object (json_array_get_element (array, i)), error);

      if (op == NULL)
        return NULL;
      g_ptr_array_add (ops, op);
    }
  *device = g_strdup (peek_name (object, "device"));
  return g_steal_pointer (&ops);
}

/**
 * xh_wire_write_answers:
 * @answers: (element-type XhAnswer): one for each op of the push, in its order
 * @length: (out)
 *
 * Returns: (transfer full): the body of the answer. `op`, `status` and `version` are written into each body
 */
char *
xh_wire_write_answers (GPtrArray *answers, gsize *length)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *array = json_array_sized_new (answers->len);

  json_object_set_array_member (object, "answers", array);
  json_node_set_object (root, object);
  for (guint i = 0; i < answers->len; i++)
    {
      const XhAnswer *answer = g_ptr_array_index (answers, i);

      json_object_set_string_member (answer->body, "op", answer->op_id);
      json_object_set_string_member (answer->body, "status", xh_answer_status_name (answer->status));
      if (answer->version > 0)
        json_object_set_int_member (answer->body, "version", answer->version);
      json_array_add_object_element (array, json_object_ref (answer->body));
    }
  return write_node (root, length);
}

/**
 * xh_wire_read_answers:
 * @json: what the server answered to a push
 * @length: its length in bytes
 * @error: XH_SYNC_ERROR_PROTOCOL: it is no such answer; no op counts as answered
 *
 * Returns: (transfer full) (element-type XhAnswer)
 */
GPtrArray *
xh_wire_read_answers (const char *json, gsize length, GError **error)
{
  g_autoptr (JsonNode) root = xh_wire_parse (json, length, error);
  g_autoptr (GPtrArray) answers = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_answer_free);
  JsonArray *array;

  if (root == NULL)
    return NULL;
  array = peek_array (peek_object (root), "answers");
  if (array == NULL)
    return (void) fail (error, "There are no answers"), NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      XhAnswer *answer = read_answer (peek_object (json_array_get_element (array, i)), error);

      if (answer == NULL)
        return NULL;
      g_ptr_array_add (answers, answer);
    }
  return g_steal_pointer (&answers);
}

/**
 * xh_answer_new:
 * @op_id: the op that is answered
 * @status: what became of it
 * @version: the record's version now, 0: there is no such record
 *
 * Returns: (transfer full): an answer with an empty body, to which `row`, `fields`, `issues`, `who`, `when`, `device` may be added
 */
XhAnswer *
xh_answer_new (const char *op_id, XhAnswerStatus status, gint64 version)
{
  XhAnswer *answer = g_new0 (XhAnswer, 1);

  answer->op_id = g_strdup (op_id);
  answer->status = status;
  answer->version = version;
  answer->body = json_object_new ();
  return answer;
}

void
xh_answer_free (XhAnswer *answer)
{
  if (answer == NULL)
    return;
  g_free (answer->op_id);
  g_clear_pointer (&answer->body, json_object_unref);
  g_free (answer);
}

/**
 * xh_wire_columns:
 * @kind: a kind
 * @role: (nullable): name of the reader's role; %NULL: every field
 *
 * Returns: (transfer full) (element-type utf8): the ten spine columns, then the fields that the role may read
 */
GPtrArray *
xh_wire_columns (const XhKind *kind, const char *role)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < XH_WIRE_N_SPINE; i++)
    g_ptr_array_add (columns, g_strdup (xh_wire_spine[i]));
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (role == NULL || field->read_roles == NULL || g_strv_contains ((const char *const *) field->read_roles, role))
        g_ptr_array_add (columns, g_strdup (field->name));
    }
  return columns;
}
