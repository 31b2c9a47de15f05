/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One stored value: exactly what an SQLite column can hold here (NULL, INTEGER, REAL, TEXT). */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef enum
{
  XH_VALUE_NULL,
  XH_VALUE_INTEGER,
  XH_VALUE_REAL,
  XH_VALUE_TEXT,
} XhValueType;

/**
 * XhValue:
 *
 * A value of a field. Booleans are 0 or 1, money is integer fen, dates are ISO text (`2026-11-22`), several
 * choices and tables are canonical JSON text. Zero-initialised memory is a valid NULL value.
 */
typedef struct
{
  XhValueType type;
  union
  {
    gint64 integer;
    double real;
    char *text; /* (owned) */
  };
} XhValue;

#define XH_VALUE_INIT { .type = XH_VALUE_NULL, { 0 } }

void      xh_value_clear        (XhValue *value);
void      xh_value_copy         (const XhValue *source, XhValue *target);
gboolean  xh_value_equal        (const XhValue *a, const XhValue *b);
gboolean  xh_value_is_null      (const XhValue *value);
void      xh_value_set_null     (XhValue *value);
void      xh_value_set_integer  (XhValue *value, gint64 integer);
void      xh_value_set_real     (XhValue *value, double real);
void      xh_value_set_text     (XhValue *value, const char *text);
void      xh_value_take_text    (XhValue *value, char *text);

double    xh_value_as_real      (const XhValue *value);
gint64    xh_value_as_integer   (const XhValue *value);
const char *xh_value_as_text    (const XhValue *value);

JsonNode *xh_value_to_json      (const XhValue *value);
gboolean  xh_value_from_json    (JsonNode *node, XhValue *value);

void      xh_value_bind         (const XhValue *value, sqlite3_stmt *statement, int index);
void      xh_value_from_column  (XhValue *value, sqlite3_stmt *statement, int column);

XhValue  *xh_value_array_new    (guint n_values);
void      xh_value_array_free   (XhValue *values, guint n_values);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhValue, xh_value_clear)

G_END_DECLS
