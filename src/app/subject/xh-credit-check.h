/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A credit check: whom a list names, and what the registers say of each. No widget. */
#pragma once

#include "store/xh-subject.h"

G_BEGIN_DECLS

#define XH_CHECK_MOST_LINES 5000

typedef enum
{
  XH_CHECK_CLEAN,     /* found, without an entry */
  XH_CHECK_ENTRIES,
  XH_CHECK_SERIOUS,
  XH_CHECK_UNKNOWN,   /* no register knows it */
  XH_CHECK_AMBIGUOUS, /* several have the name: a person chooses */
  XH_CHECK_N_RESULTS,
} XhCheckResult;

/* What is said of one line. */
typedef struct
{
  guint row;          /* of the list, from 1 */
  char *name, *code;  /* (owned) (nullable) as the list has them */
  XhCheckResult result;
  char *key;          /* (owned) (nullable) of the subject that was found */
  char *found_name;   /* (owned) (nullable) what its own file calls it */
  char *summary;      /* (owned) what the registers say, in short; never NULL once it was checked */
  guint n_records;    /* about it, that the role may read */
  guint n_entries;
  GPtrArray *others;  /* (owned) (nullable) of XhSubjectHit: who else it could be */
} XhCheckLine;

XhCheckLine *xh_check_line_new  (guint row, const char *name, const char *code);
void         xh_check_line_free (XhCheckLine *line);

/* Code of a query's table for a result; what is not decided counts as not known. */
const char  *xh_check_result_code (XhCheckResult result);

/**
 * xh_check_parse:
 * @text: a line each; a name, a code or both with a tab, a comma or spaces between them
 *
 * What stands twice is taken once. More than XH_CHECK_MOST_LINES are not taken.
 *
 * Returns: (transfer full) (element-type XhCheckLine)
 */
GPtrArray   *xh_check_parse     (const char *text);
/* Likewise from a sheet (see xh-sheet-reader.h); not for the main thread. */
GPtrArray   *xh_check_read_sheet (const char *path, GError **error);

typedef void (*XhCheckProgress) (guint done, gpointer data); /* in the thread of the check */

/* Finds each subject and what the registers say; not for the main thread. */
gboolean     xh_check_run       (XhStore *store, GPtrArray *lines, const char *role, GCancellable *cancellable, XhCheckProgress progress,
                                 gpointer data, GError **error);

G_END_DECLS
