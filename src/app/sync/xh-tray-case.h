/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One item of the tray as it is being decided: what is asked, what was chosen and typed, and what the record would then be. No widget;
 * one thread. */
#pragma once

#include "model/xh-form.h"
#include "store/xh-store.h"

G_BEGIN_DECLS

typedef enum
{
  XH_SIDE_NONE,
  XH_SIDE_MINE,
  XH_SIDE_THEIRS,
  XH_SIDE_BOTH,
} XhTraySide;

/* What an item is about: what a person has to understand first. */
typedef enum
{
  XH_TRAY_SAME_FIELD,   /* two changed the same field */
  XH_TRAY_RECORD,       /* each field merged, the record does not stand: it is invalid, or its state moved on */
  XH_TRAY_DELETED,      /* one deleted what the other edited */
  XH_TRAY_REFUSED,      /* the server refused the change */
} XhTrayGrade;

/* One field that is to be decided. */
typedef struct
{
  char *name;                             /* (owned) of a field, "state" or "deleted" */
  JsonNode *before, *mine, *theirs, *both; /* (owned) (nullable); theirs: as it stands now; both: NULL where the field cannot hold both */
  char *why_not;                          /* (owned) (nullable) mine cannot be chosen: why */
  XhTraySide side;
} XhTrayField;

typedef struct
{
  char *field, *message; /* (owned) (nullable) */
} XhTrayIssue;

typedef struct
{
  const XhKind *kind;
  gint64 number;
  char *record_id;       /* (owned) */
  char *at;              /* (owned) when I made the change */
  char *role;            /* (owned) */
  gboolean creates;      /* my change makes the record */
  gboolean parked, exported;
  XhTrayGrade grade;
  char *who, *when, *device; /* (owned) (nullable) who: what a person calls them */
  JsonObject *set, *was; /* (owned) all that I had changed, and what it was before */
  GPtrArray *fields;     /* (owned) of XhTrayField */
  GPtrArray *issues;     /* (owned) of XhTrayIssue: what the server said */
  XhRecord *record;      /* (owned) (nullable) as it stands here; NULL: it has left this account's area */
  XhValue *references;   /* (owned) (nullable) */
  JsonObject *edits;     /* (owned) what was typed while deciding: goes over everything */
} XhTrayCase;

/**
 * xh_tray_case_new:
 * @record: (transfer full) (nullable): as it stands
 * @references: (transfer full) (nullable): kind->references->len of them
 *
 * Returns: (transfer full): nothing is chosen yet but what can only be one way
 */
XhTrayCase *xh_tray_case_new      (const XhKind *kind, const XhTrayItem *item, XhRecord *record, XhValue *references, const char *role);
void        xh_tray_case_free     (XhTrayCase *self);

/* Whether every field has its side. */
gboolean    xh_tray_case_is_decided (XhTrayCase *self);
void        xh_tray_case_choose_all (XhTrayCase *self, XhTraySide side); /* where it can be; a field that cannot keeps what it has */
/* What I changed besides the fields that are asked for: it goes along. (transfer container) of names (not owned) */
GPtrArray  *xh_tray_case_besides  (XhTrayCase *self);
gboolean    xh_tray_case_may_take_mine (XhTrayCase *self); /* whether mine can be chosen anywhere */
gboolean    xh_tray_case_asks     (XhTrayCase *self, const char *name); /* whether it is a field to choose a side of */
/* Takes over what was chosen and typed on an earlier reading of the item, but at fields that others have changed since. */
void        xh_tray_case_go_on    (XhTrayCase *self, const XhTrayCase *before);
gint64      xh_tray_case_version  (XhTrayCase *self); /* of the record that is shown; -1: it is not here */
/* JSON object for xh_store_tray_resolve(), without what stands already: empty where nothing of mine is left. (transfer full) */
char       *xh_tray_case_decision (XhTrayCase *self);
/* What the record would be. (transfer full) (nullable): it is not here */
XhRecord   *xh_tray_case_result   (XhTrayCase *self);
/* What the server said at a field; its rows and columns count as the field. (nullable) */
const char *xh_tray_case_reason   (XhTrayCase *self, const char *field);

/* In words: the grade in a few, and what happened in a sentence or two. */
const char *xh_tray_case_summary  (XhTrayCase *self);
char       *xh_tray_case_story    (XhTrayCase *self);
char       *xh_tray_item_title    (const XhTrayItem *item); /* (nullable) (transfer full) what its record was called when it came into the tray */
/* What an item is about in a few words. @here: its record is */
const char *xh_tray_item_summary  (const XhTrayItem *item, gboolean here);
/* Whether its record is in @store: it may have been deleted, or have left this account's area. */
gboolean    xh_tray_item_is_here  (const XhTrayItem *item, XhStore *store);
/* Gone, and not by a deletion that is asked about: it can only be put away. */
gboolean    xh_tray_case_is_gone  (XhTrayCase *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhTrayCase, xh_tray_case_free)

G_END_DECLS
