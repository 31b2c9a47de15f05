/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads JSON from outside piece by piece, without building a tree: a page of a hundred thousand rows costs no more memory
 * than its text. As strict as xh_json_parse() but for numbers of
 * more than 18 digits, which are read. The first fault sticks: every
 * later call returns FALSE, and xh_json_reader_set_error() says what it was. One thread. */
#pragma once

#include "xh-json-scan.h"

G_BEGIN_DECLS

typedef enum
{
  XH_JSON_NULL,
  XH_JSON_FALSE,
  XH_JSON_TRUE,
  XH_JSON_INTEGER,
  XH_JSON_REAL,
  XH_JSON_STRING,
} XhJsonType;

typedef struct
{
  XhJsonType type;
  gint64 integer;
  double real;
  const char *text; /* not terminated; valid until the next call */
  gsize length;
} XhJsonValue;

typedef struct
{
  XhScan scan;
  const char *start;  /* (not owned) */
  GString *scratch;   /* (owned) strings with escapes are decoded here */
  gboolean first;     /* stands behind [ or { */
} XhJsonReader;

void     xh_json_reader_init         (XhJsonReader *self, const char *json, gsize length);
void     xh_json_reader_clear        (XhJsonReader *self);
/* [ … ]: enter, then each element behind a next_element() that returned TRUE. Likewise { … } with next_key(). */
gboolean xh_json_reader_enter_array  (XhJsonReader *self);
gboolean xh_json_reader_next_element (XhJsonReader *self);
gboolean xh_json_reader_enter_object (XhJsonReader *self);
gboolean xh_json_reader_next_key     (XhJsonReader *self, XhJsonValue *key);
gboolean xh_json_reader_value        (XhJsonReader *self, XhJsonValue *value); /* no array, no object */
gboolean xh_json_reader_finish       (XhJsonReader *self);                     /* nothing but white space is left */
gboolean xh_json_reader_fail         (XhJsonReader *self, const char *fault);  /* @fault: static; always FALSE */
gboolean xh_json_reader_ok           (XhJsonReader *self);
gboolean xh_json_reader_set_error    (XhJsonReader *self, GError **error);     /* XH_MODEL_ERROR_JSON; always FALSE */
gboolean xh_json_value_is            (const XhJsonValue *value, const char *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhJsonReader, xh_json_reader_clear)

G_END_DECLS
