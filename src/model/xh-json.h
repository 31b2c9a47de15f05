/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON from outside. json-glib ends the process on a lone surrogate, recurses without limit and accepts what is not JSON:
 * read whatever comes from a file, a person or the network through here. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define XH_JSON_MAX_DEPTH 64

/**
 * xh_json_check:
 * @text: bytes, need not end with NUL
 * @length: their number; -1: up to the NUL
 *
 * Whether @text is one JSON value by RFC 8259 that can be read safely: UTF-8, at most %XH_JSON_MAX_DEPTH deep, integers of at
 * most 18 digits (they fit 64 bits), finite numbers, whole surrogate pairs, no NUL in a text.
 *
 * Returns: %FALSE with %XH_MODEL_ERROR_JSON, whose message names line and column
 */
gboolean   xh_json_check     (const char *text, gssize length, GError **error);

/**
 * xh_json_parse:
 *
 * Checks and parses. Any thread.
 *
 * Returns: (transfer full): the value, or %NULL with %XH_MODEL_ERROR_JSON
 */
JsonNode  *xh_json_parse     (const char *text, gssize length, GError **error);

/**
 * xh_json_parse_definition:
 *
 * As xh_json_parse(), and a name that stands twice in one object is a fault: in what people write it is a mistake that would be
 * lost without a word.
 *
 * Returns: (transfer full): the value, or %NULL with %XH_MODEL_ERROR_JSON
 */
JsonNode  *xh_json_parse_definition (const char *text, gssize length, GError **error);

/**
 * xh_json_member_text:
 * @object: (nullable): what came from outside
 *
 * Returns: (nullable): a member that is a text; it is the object's
 */
const char *xh_json_member_text (JsonObject *object, const char *name);

/**
 * xh_json_canonical:
 * @node: a value
 *
 * The one text of a value: members sorted by name, no spaces, no escapes but the needed ones. Equal values give equal bytes.
 *
 * Returns: (transfer full): JSON text
 */
char      *xh_json_canonical (JsonNode *node);

/**
 * xh_json_append_text:
 * @json: what is being written
 * @text: valid UTF-8
 * @length: bytes; -1: up to the NUL
 *
 * Appends @text as a JSON text with its quotes and the needed escapes only.
 */
void       xh_json_append_text (GString *json, const char *text, gssize length);

G_END_DECLS
