/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads a definition's JSON and remembers where it is, so that every fault can name file and path. Readers live on the stack
 * and point to their parents; a fault is one line in an array that all readers of a catalog share. */
#pragma once

#include "xh-kind.h"

G_BEGIN_DECLS

#define XH_MAX_FAULTS 200

typedef struct _XhReader XhReader;

struct _XhReader
{
  GPtrArray *faults;      /* of char * */
  const char *file;
  const XhReader *parent; /* (nullable) */
  const char *key;        /* (nullable) NULL: an element of an array */
  guint index;
  JsonNode *node;
};

void      xh_faults_add         (GPtrArray *faults, const char *file, const char *path, const char *reason);
void      xh_faults_add_missing (GPtrArray *faults, const char *file);

void      xh_reader_init        (XhReader *self, GPtrArray *faults, const char *file, JsonNode *node);
char     *xh_reader_path        (const XhReader *self, const char *key);
/* A fault at @key of the value, or at the value itself (NULL). */
void      xh_reader_fault       (const XhReader *self, const char *key, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Faults when the value is no object or has keys that @known (NULL-terminated) lacks. */
gboolean  xh_reader_object      (const XhReader *self, const char *const *known);
/* FALSE: absent, or (with a fault) no object or array. */
gboolean  xh_reader_child       (const XhReader *self, const char *key, XhReader *child);
guint     xh_reader_array       (const XhReader *self, const char *key, gboolean required, XhReader *array);
void      xh_reader_element     (const XhReader *array, guint index, XhReader *element);
gboolean  xh_reader_has         (const XhReader *self, const char *key);

/* Members. Absent (where not required) gives NULL, the default, or an empty label. A wrong type is a fault. */
char     *xh_reader_text        (const XhReader *self, const char *key, gboolean required);
char     *xh_reader_date        (const XhReader *self, const char *key);
char     *xh_reader_expression  (const XhReader *self, const char *key, gboolean required);
char    **xh_reader_texts       (const XhReader *self, const char *key, gboolean required);
gboolean  xh_reader_boolean     (const XhReader *self, const char *key, gboolean otherwise);
gint64    xh_reader_integer     (const XhReader *self, const char *key, gint64 otherwise, gint64 minimum, gint64 maximum);
double    xh_reader_number      (const XhReader *self, const char *key, double otherwise);
void      xh_reader_label       (const XhReader *self, const char *key, gboolean required, XhLabel *label);
/* Place of the text among @names (NULL-terminated); -1: absent or (with a fault) none of them. */
int       xh_reader_one_of      (const XhReader *self, const char *key, gboolean required, const char *const *names);

/* [a-z][a-z0-9_]*, at most 40 characters; @hyphens: "-" too. */
gboolean  xh_name_is_valid      (const char *name, gboolean hyphens);
char     *xh_reader_name        (const XhReader *self, gboolean hyphens);

void      xh_label_clear        (XhLabel *label);

G_END_DECLS
