/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inside of a form, cut by topic:
 *   xh-form.c           making, loading, reading
 *   xh-form-set.c       setting: one field, several, text that is no value, a draft
 *   xh-form-row.c       the record as the one row of a virtual table, in a private SQLite connection
 *   xh-form-graph.c     which expression hangs on what, and evaluating only that
 *   xh-form-issues.c    what is wrong with each field
 *   xh-form-workflow.c  roles, states, transitions
 *   xh-value-normalise.c, xh-value-check.c  a value against its field, without any form */
#pragma once

#include "xh-form.h"

G_BEGIN_DECLS

/* A slot is whatever an expression can read: the fields, then the references, then the spine. */
typedef enum
{
  XH_SPINE_RID, /* in the order of xh_spine_columns */
  XH_SPINE_ID,
  XH_SPINE_DIVISION,
  XH_SPINE_UNIT,
  XH_SPINE_STATE,
  XH_SPINE_VERSION,
  XH_SPINE_DELETED,
  XH_SPINE_CREATED_AT,
  XH_SPINE_UPDATED_AT,
  XH_SPINE_DUE,
  XH_N_SPINE,
} XhSpine;

typedef enum
{
  XH_NODE_COMPUTED,
  XH_NODE_INPUT,    /* of the scorecard */
  XH_NODE_RELEVANT,
  XH_NODE_REQUIRED,
  XH_NODE_CHECK,
} XhNodeType;

typedef struct _XhNode XhNode;

/* An expression that follows the record. Computed nodes come first, in an order in which each reads only earlier ones. */
struct _XhNode
{
  XhNodeType type;
  guint field;             /* place in kind->fields; of an input, its index on the card */
  const char *expression;
  const XhCheck *check;
  const XhNode *twin;      /* (nullable) an earlier condition with the same expression, which is evaluated for both */
  sqlite3_stmt *statement; /* (owned) (nullable) NULL with a twin */
  GArray *reads;           /* (owned) of guint: slots */
  gboolean pending;
  gboolean holds;          /* a condition, as last evaluated */
  gboolean failed;         /* a check that does not hold */
};

typedef struct
{
  gboolean relevant, required;
  gboolean touched;    /* something about it changed in this edit */
  gboolean stale;      /* its issues are to be found again when somebody asks */
  gboolean trusted;    /* a table that was not judged, as it is the one that was accepted */
  gboolean kept;       /* it was relevant when a transition was taken: its value stays whatever the new state asks for */
  XhValue aside;       /* (owned) what was typed, while the field is not relevant */
  char *typed;         /* (owned) (nullable) text that is no value of the type */
  char *typed_message; /* (owned) (nullable) */
  GPtrArray *issues;   /* (owned) (nullable) of XhIssue */
} XhFieldState;

struct _XhForm
{
  GObject parent;

  const XhKind *kind;
  XhCatalog *catalog;       /* (owned) */
  gboolean has_place;       /* records elsewhere, that the role only reaches, stay as they are */
  char *place_division, *place_unit; /* (owned) (nullable) */
  char *role;               /* (owned) (nullable) NULL: the program itself, which may do everything */
  const XhScorecard *card;  /* (nullable) */

  sqlite3 *db;              /* (owned) */
  GArray *reading;          /* (not owned) (nullable) slots read by the statement that is being prepared */
  GPtrArray *nodes;         /* (owned) of XhNode */
  guint n_computed;
  GPtrArray **readers;      /* (owned) for each slot, the nodes that read it */
  sqlite3_stmt **whens;     /* (owned) a transition's condition, NULL: none */
  sqlite3_stmt **dues;      /* (owned) */
  sqlite3_stmt **defaults;  /* (owned) for each field, NULL: none */

  XhRecord *record;         /* (owned) (nullable) as it stands */
  XhValue *references;      /* (owned) */
  XhValue *base;            /* (owned) fields as they were given to xh_form_load() */
  XhValue *clean;           /* (owned) fields as they were after loading: with defaults */
  char *base_state;         /* (owned) (nullable) */
  gboolean is_new;
  gboolean trusting;        /* what is stored was judged when it was accepted */
  gboolean frozen;          /* the state is closed: what is computed and scored stays as stored */
  XhValue spine;            /* what xh_form_get() hands out for a spine name */

  XhFieldState *fields;     /* (owned) */
  GPtrArray *issues;        /* (owned) (nullable) all of them, made when asked for */
  XhValue *inputs;          /* (owned) (nullable) */
  XhScore *score;           /* (owned) (nullable) */
  gboolean score_told;      /* the stored explanation has the score, and is still to be read */
  gboolean looking_ahead;   /* the state is only tried */
  gboolean explanation_stale, score_changed, state_changed, due_stale;
};

/* --- setting */
void xh_form_clear_typed (XhForm *self, const XhField *field);

/* --- row */
guint         xh_form_row_find    (const XhKind *kind, const char *name); /* slot of a name, G_MAXUINT: none */
gboolean      xh_form_row_open    (XhForm *self, GError **error);
sqlite3_stmt *xh_form_row_prepare (XhForm *self, const char *expression, GArray *reads);
gboolean      xh_form_row_read    (sqlite3_stmt *statement, XhValue *value); /* FALSE: it failed, and the value is NULL */
gboolean      xh_form_row_holds   (sqlite3_stmt *statement);

/* --- graph */
void xh_form_graph_build (XhForm *self);
void xh_form_graph_free  (XhForm *self);
void xh_form_mark_slot   (XhForm *self, guint slot);
void xh_form_mark_all    (XhForm *self);
void xh_form_mark_derived (XhForm *self);
void xh_form_settle      (XhForm *self); /* evaluates what is pending */
void xh_form_announce    (XhForm *self); /* emits "changed" for what was touched */
void xh_form_explain     (XhForm *self); /* writes the explanation where it is stale */
void xh_form_move        (XhForm *self, const char *division, const char *unit);
void xh_form_place       (XhForm *self, const XhField *field, const XhValue *value);
const XhValue *xh_form_read_slot (XhForm *self, guint slot, XhValue *scratch);

/* --- workflow */
gboolean xh_form_may_edit (XhForm *self, const XhField *field, GError **error);
gboolean xh_form_state_is_closed (XhForm *self);
void     xh_form_set_state (XhForm *self, const char *state);
void     xh_form_find_due (XhForm *self);

static inline gboolean
xh_field_is_derived (const XhField *field)
{
  return field->computed != NULL || field->scored;
}

/* --- a value against its field */

/* Brings a value from outside into the form in which it is stored. Fails where it is not of the type at all. */
gboolean xh_field_normalise (const XhField *field, const XhValue *value, XhValue *normal, GError **error);
/* Brings the result of an expression into the field's type; what does not fit becomes NULL. */
void     xh_field_coerce    (const XhField *field, XhValue *value);
int      xh_field_digits    (const XhField *field);
/* What is wrong with a value that is not NULL: (transfer full) (nullable). @unchanged: it was so when the record was opened,
 * and codes that have been retired since stay right. */
char    *xh_field_find_fault (const XhField *field, const XhValue *value, gboolean unchanged);
/* The same for the cells of a table; adds to @issues. */
void     xh_table_find_faults (const XhField *field, const XhValue *value, const XhValue *before, GPtrArray **issues);
void     xh_issue_add       (GPtrArray **issues, XhIssueSeverity severity, char *field, char *message);

G_END_DECLS
