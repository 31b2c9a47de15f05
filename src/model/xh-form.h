/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A record being edited: values, what hangs on each, what is wrong, and the score as it stands. The same object
 * checks a change on the server. An edit evaluates only the expressions that depend on the field. Thread-confined. */
#pragma once

#include <glib-object.h>
#include "xh-catalog.h"
#include "xh-record.h"

G_BEGIN_DECLS

#define XH_TYPE_FORM (xh_form_get_type ())
G_DECLARE_FINAL_TYPE (XhForm, xh_form, XH, FORM, GObject)

typedef enum
{
  XH_ISSUE_ERROR,   /* the value is wrong: the record cannot be saved */
  XH_ISSUE_MISSING, /* required and empty: may be saved, cannot enter a state that is complete */
} XhIssueSeverity;

typedef struct
{
  XhIssueSeverity severity;
  char *field;   /* (owned) (nullable) NULL: the whole record; "members/2/id_number" inside a table */
  char *message; /* (owned) in the language of the interface */
} XhIssue;

/**
 * XhForm::changed:
 * @name: a field (its value, relevance, required mark or issues changed), "state" (and with it what may be edited and which
 *   transitions there are), or "" when the score changed
 */

XhForm         *xh_form_new            (const XhKind *kind, const char *role);
const XhKind   *xh_form_get_kind       (XhForm *self);
void            xh_form_set_role       (XhForm *self, const char *role);
void            xh_form_set_place      (XhForm *self, const char *division, const char *unit); /* where the account works; both nullable */
gboolean        xh_form_lies_elsewhere (XhForm *self); /* the record is here to be read only: see xh_form_set_place() */
void            xh_form_set_trusting   (XhForm *self, gboolean trusting); /* does not judge again tables that stay as stored */
/* Takes the record as it is stored and the values of its references (kind->references->len, NULL: none known).
 * @is_new: evaluate defaults. */
void            xh_form_load           (XhForm *self, const XhRecord *record, const XhValue *references, gboolean is_new);
void            xh_form_set_references (XhForm *self, const XhValue *references);
gboolean        xh_form_set            (XhForm *self, const char *field, const XhValue *value, GError **error);
gboolean        xh_form_set_many       (XhForm *self, const char *const *names, const XhValue *values, guint n,
                                        const XhField **culprit, GError **error);
void            xh_form_set_invalid    (XhForm *self, const char *field, const char *typed, const char *message); /* text that is no value of the type */
const char     *xh_form_get_typed      (XhForm *self, const char *field); /* (nullable) */
void            xh_form_restore        (XhForm *self, const XhRecord *draft); /* an unsaved draft over the stored record */
const XhValue  *xh_form_get            (XhForm *self, const char *field); /* also references by name */
const XhRecord *xh_form_get_record     (XhForm *self); /* with computed, spine and scored values as they stand */
gboolean        xh_form_is_relevant    (XhForm *self, const char *field);
gboolean        xh_form_is_required    (XhForm *self, const char *field);
gboolean        xh_form_is_editable    (XhForm *self, const char *field); /* by role, state, computed */
/* Whether an issue of the form keeps its record from being saved as it is: an error always, what is missing once the state asks that nothing be. */
gboolean        xh_form_holds_up       (XhForm *self, const XhIssue *issue);
GPtrArray      *xh_form_get_issues     (XhForm *self); /* (transfer none) of XhIssue, in field order */
guint           xh_form_count_issues   (XhForm *self, XhIssueSeverity severity);
const XhScore  *xh_form_get_score      (XhForm *self); /* (nullable) */
GPtrArray      *xh_form_get_touched    (XhForm *self); /* (transfer container) likewise since it was loaded: no defaults; fields only */
GPtrArray      *xh_form_get_changed    (XhForm *self); /* (transfer container) what a person changed: no computed, no scored; "state" too */
gboolean        xh_form_is_dirty       (XhForm *self);

/* Transitions the role may take now; *why: (out) (optional) (transfer container) of char*, same length, NULL where it may,
 * else the reason in words. */
GPtrArray      *xh_form_get_transitions (XhForm *self, GPtrArray **why);
gboolean        xh_form_transition      (XhForm *self, const char *name, GError **error);

/**
 * xh_form_evaluate:
 * @expression: one that the catalog's loader has checked for this kind
 * @value: (out): the result; NULL where it fails
 *
 * What an expression yields for the record as it stands: conditions and texts of printed papers.
 *
 * Returns: %FALSE where it could not be run
 */
gboolean        xh_form_evaluate       (XhForm *self, const char *expression, XhValue *value);
gboolean        xh_form_holds          (XhForm *self, const char *expression); /* (nullable): TRUE without one */

/* (nullable) (transfer full) ISO date of kind->dues[index], NULL where it does not count now */
char           *xh_form_get_due         (XhForm *self, guint index);

/* Text of a value as a person reads it (choice label, division path, masked number, money), and back.
 * xh_field_parse: errors are XH_MODEL_ERROR_VALUE with a message for the field. */
char           *xh_field_format (const XhField *field, const XhValue *value, gboolean masked);
char           *xh_field_heading (const XhField *field); /* what stands over a column of them: with the unit */
gboolean        xh_field_parse  (const XhField *field, const char *text, XhValue *value, GError **error);

G_END_DECLS
