/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a store knows about one subject: a household, an organisation, a person, a village, a public body.
 *
 * A subject is known by keys: the value of its kind's `code` (USCC, ID number, division code, or the record's own id). Every record is
 * stored with the key of its subject (column record.subject, worked out by xh_store_put() from the kind's definition, never
 * transmitted). All functions may take a few milliseconds: not for the main thread. */
#pragma once

#include "xh-query.h"

G_BEGIN_DECLS

/* A record about a subject. */
typedef struct
{
  char *id, *kind; /* (owned) kind: its name */
  char *state;     /* (owned) (nullable) */
  char *title;     /* (owned) */
  char *date;      /* (owned) (nullable) ISO: the first date of the kind's list unless it is still to come, else the day the record was made */
  char *due;       /* (owned) (nullable) ISO */
} XhSubjectRow;

/* A subject that was found by name or number. */
typedef struct
{
  char *key;              /* (owned) */
  char *id, *kind;        /* (owned) its own record */
  char *title, *subtitle; /* (owned) subtitle: kind, code of an organisation, township */
} XhSubjectHit;

/**
 * xh_store_subject_keys:
 * @key: a key of the subject: present or former, of a double that was merged, or one of `also`
 *
 * All that the subject is and was known by: its present key; the id of its own record (what links hold); the fields of `also`;
 * the codes in its table of former names; likewise of every record that was merged into it.
 *
 * Returns: (transfer full) (array zero-terminated=1): the keys, each once; the first is the subject's present key, so that whoever came with
 *   a former one may go on with that. Only @key where there is no such subject here. %NULL with an error
 */
char     **xh_store_subject_keys     (XhStore *self, const char *key, GError **error);

/**
 * xh_store_subject_records:
 * @keys: (array zero-terminated=1): as xh_store_subject_keys() gives them
 * @role: (nullable): only kinds that this role may read, and titles without what it may not; %NULL: all
 * @limit: at most so many; 0: all
 *
 * Returns: (transfer full) (element-type XhSubjectRow): records about the subject that are not deleted, its own among them, the newest
 *   first; of more than 10,000 those that were stored last. %NULL with an error
 */
GPtrArray *xh_store_subject_records  (XhStore *self, const char *const *keys, const char *role, guint limit, GError **error);

/**
 * xh_store_subject_own:
 * @keys: (array zero-terminated=1): as xh_store_subject_keys() gives them
 * @role: (nullable): only registers that this role may read; %NULL: all
 *
 * Returns: (transfer full) (nullable): the subject's own record; %NULL where no register of subjects has it here, or with an error
 */
XhRecord  *xh_store_subject_own      (XhStore *self, const char *const *keys, const char *role, GError **error);

/**
 * xh_store_find_subjects:
 * @text: as for xh_query_search(): characters, pinyin, initials, a number
 * @role: (nullable): likewise
 * @limit: of each kind at most
 *
 * Returns: (transfer full) (element-type XhSubjectHit): subjects (records of `self` kinds) kind by kind as in the sidebar, without those that were
 *   merged into another. %NULL with an error
 */
GPtrArray *xh_store_find_subjects    (XhStore *self, const char *text, const char *role, guint limit, GError **error);

void       xh_subject_row_free       (XhSubjectRow *row);
void       xh_subject_hit_free       (XhSubjectHit *hit);

G_END_DECLS
