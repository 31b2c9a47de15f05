/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A kind of record and its fields, as read from data/catalog/kinds/NAME.json. Immutable after loading, owned by the
 * catalog, may be read from any thread. docs/catalog.md describes the file. */
#pragma once

#include "xh-value.h"

G_BEGIN_DECLS

typedef struct _XhCatalog XhCatalog;
typedef struct _XhKind XhKind;
typedef struct _XhField XhField;

typedef enum
{
  XH_FIELD_TEXT,
  XH_FIELD_LONG_TEXT,
  XH_FIELD_INTEGER,
  XH_FIELD_DECIMAL,
  XH_FIELD_MONEY,
  XH_FIELD_DATE,
  XH_FIELD_BOOLEAN,
  XH_FIELD_CHOICE,
  XH_FIELD_CHOICES,
  XH_FIELD_DIVISION,
  XH_FIELD_UNIT,
  XH_FIELD_ID_NUMBER,
  XH_FIELD_USCC,
  XH_FIELD_PHONE,
  XH_FIELD_LINK,
  XH_FIELD_TABLE,
  XH_FIELD_FILES,
} XhFieldType;

typedef enum
{
  XH_OPENNESS_PUBLIC,     /* 公开公示 */
  XH_OPENNESS_SHARED,     /* 政务共享 */
  XH_OPENNESS_AUTHORISED, /* 授权查询 */
} XhOpenness;

/* A label in the two languages of the interface. */
typedef struct
{
  char *zh; /* (owned) */
  char *en; /* (owned) (nullable) */
} XhLabel;

typedef struct
{
  char *code;       /* (owned) */
  XhLabel label;
  char *valid_from; /* (owned) (nullable) ISO date */
  char *valid_to;   /* (owned) (nullable) ISO date */
  char **aliases;   /* (owned) (nullable) other texts that stand for it in old sheets */
  char *external;   /* (owned) (nullable) what a national export writes; NULL: the Chinese label */
} XhChoice;

/* lists/NAME.json: a code list that several fields use. */
typedef struct
{
  char *name;         /* (owned) */
  XhLabel label;
  char *source;       /* (owned) (nullable) the document it is from */
  GPtrArray *choices; /* (owned) of XhChoice; the fields that use the list hold the same array */
} XhCodeList;

typedef struct
{
  char *expression; /* (owned) SQL; the field is right while it is true or NULL */
  XhLabel message;
} XhCheck;

struct _XhField
{
  const XhKind *kind;
  guint index;             /* place in kind->fields; for a table's column, in table_fields */
  char *name;              /* (owned) column name, [a-z][a-z0-9_]* */
  XhFieldType type;
  XhLabel label;
  XhLabel help;
  gboolean required;
  char *required_when;     /* (owned) (nullable) SQL */
  char *relevant;          /* (owned) (nullable) SQL, the section's condition joined in */
  XhLabel irrelevant_reason; /* said where the field is not relevant: "未签采集授权书…" */
  GPtrArray *checks;       /* (owned) of XhCheck */
  char *default_expression;/* (owned) (nullable) SQL, evaluated when the record is made */
  char *computed;          /* (owned) (nullable) SQL; the field is read-only */
  gboolean scored;         /* written by the kind's scorecard; read-only */
  gboolean sensitive;      /* masked by default */
  XhOpenness openness;
  char **read_roles;       /* (owned) (nullable) NULL: whoever reads the kind */
  char **write_roles;      /* (owned) (nullable) NULL: whoever edits the kind */
  char *external_code;     /* (owned) (nullable) code of a national standard */
  char **aliases;          /* (owned) (nullable) what the column is called in old sheets */
  GPtrArray *choices;      /* (owned) (nullable) of XhChoice, for choice and choices */
  char *code_list;         /* (owned) (nullable) name of the XhCodeList the choices are from */
  char *link_kind;         /* (owned) (nullable) name of the kind a link points to */
  GPtrArray *table_fields; /* (owned) (nullable) of XhField, for table */
  int level;               /* division: the XhLevel it must have; -1: any */
  char *unit_label;        /* (owned) (nullable) 元, 万元, 亩, 人 … shown beside the value */
  int digits;              /* decimals shown; -1 by type */
  double minimum, maximum; /* NaN: none */
  guint max_length;        /* characters; 0: none */
};

typedef struct
{
  char *name;  /* (owned) */
  XhLabel label;
  XhLabel help;
  char *relevant; /* (owned) (nullable) SQL */
  GPtrArray *fields; /* (not owned elements) of XhField */
} XhSection;

/* A value fetched from other records, named like a field in every expression of the kind.
 * SELECT value FROM from-kind WHERE match (theirs = ours) AND where. */
typedef struct
{
  guint index;
  char *name;        /* (owned) */
  XhLabel label;
  XhFieldType type;
  char *from;        /* (owned) kind name */
  char *match_theirs;/* (owned) field of that kind, or "id" */
  char *match_ours;  /* (owned) field or earlier reference of this kind, or "id" */
  char *where;       /* (owned) (nullable) SQL over that kind's fields and spine names */
  char *value;       /* (owned) SQL over that kind's fields, with an aggregate unless match_theirs is "id" */
  gboolean aggregate;
} XhReference;

typedef enum { XH_TONE_NEUTRAL, XH_TONE_ACTIVE, XH_TONE_WAITING, XH_TONE_GOOD, XH_TONE_BAD } XhTone;

typedef struct
{
  char *name; /* (owned) */
  XhLabel label;
  gboolean complete;  /* records in this state must have every required field */
  gboolean closed;    /* what is computed and scored stays as it was when the record entered: a decision of its day */
  char **edit_roles;  /* (owned) (nullable) who may edit fields here; NULL: whoever edits the kind; empty: nobody */
  XhTone tone;
} XhState;

typedef struct
{
  char *name; /* (owned) */
  XhLabel label;
  char **from;   /* (owned) state names */
  char *to;      /* (owned) */
  char **roles;  /* (owned) */
  char *when;    /* (owned) (nullable) SQL */
  XhLabel message; /* said where "when" is not true */
  gboolean destructive; /* asks first */
  gboolean automatic;   /* the server takes it when "when" holds */
} XhTransition;

typedef struct
{
  char *name; /* (owned) */
  XhLabel label;
  char *date;     /* (owned) SQL that yields an ISO date */
  char **states;  /* (owned) (nullable) counts only in these states */
  char *rule;     /* (owned) (nullable) source of the deadline, as text */
  char *rule_text;/* (owned) (nullable) SQL that yields the source of the deadline; where NULL or it yields none: rule */
} XhDue;

/* How a record speaks about its subject. Also what a credit check finds: from BAD on it is told as an entry. */
typedef enum { XH_MARK_NEUTRAL, XH_MARK_GOOD, XH_MARK_ATTENTION, XH_MARK_BAD, XH_MARK_SERIOUS } XhMarkLevel;

/* What a record says about its subject while a condition holds: 严重失信, 红名单, 重点关注. */
typedef struct
{
  XhMarkLevel level;
  XhLabel label;
  char *when; /* (owned) (nullable) SQL; NULL: always */
} XhMark;

/* What the record of a subject itself gives to records about it: the value of one of their fields. */
typedef struct
{
  char *field;      /* (owned) name of a field of other kinds */
  char *expression; /* (owned) SQL over the fields and the spine of the subject's own record */
} XhGive;

/* Names of the fields in which a record holds a grade of its subject. */
typedef struct
{
  char *value;   /* (owned) */
  char *scheme;  /* (owned) (nullable) by which scheme; NULL: the kind is the scheme */
  char *version; /* (owned) (nullable) of the scheme */
  char *on;      /* (owned) (nullable) the day */
  char *by;      /* (owned) (nullable) who gave it */
} XhGradeFields;

struct _XhKind
{
  XhCatalog *catalog; /* (not owned) */
  guint index;
  char *name;         /* (owned) */
  char *table;        /* (owned) "k_" and the name, "-" as "_" */
  guint version;
  char *valid_from, *valid_to; /* (owned) (nullable) */
  XhLabel label;
  XhLabel help;       /* what belongs here; shown on the empty list */
  char *group;        /* (owned) sidebar group, see catalog.json */
  int order;          /* place in its group */
  char *icon;         /* (owned) (nullable) */
  char *subject_type; /* (owned) (nullable) household, organisation, person, village, body; any: a field says which */
  char **subject_codes; /* (owned) (nullable) fields of which the first that is filled holds the subject's key; "id": the record's own */
  char *subject_name; /* (owned) (nullable) field that holds its name */
  gboolean subject_self;  /* the records are subjects themselves */
  char **subject_also;    /* (owned) (nullable) fields that hold further keys of the same subject */
  char *subject_aliases;  /* (owned) (nullable) table with the columns code and (it may be) name: what it was called before */
  char *subject_merged;   /* (owned) (nullable) link to the record that this one was found to be a double of */
  GPtrArray *subject_marks; /* (owned) of XhMark */
  GPtrArray *subject_gives; /* (owned) of XhGive, where the records are subjects themselves */
  XhGradeFields *subject_grade; /* (owned) (nullable) where a record is a grade of its subject */
  char *title;        /* (owned) SQL that yields what the record is called */
  char *division_field; /* (owned) (nullable) field that gives the spine's division; NULL: the author's */
  char *unit_field;     /* (owned) (nullable) likewise the unit */
  GPtrArray *fields;     /* (owned) of XhField */
  GPtrArray *sections;   /* (owned) of XhSection */
  GPtrArray *references; /* (owned) of XhReference */
  GPtrArray *states;     /* (owned) of XhState; the first is the initial one; at least one ("kept", without a workflow) */
  GPtrArray *transitions;/* (owned) of XhTransition */
  GPtrArray *dues;       /* (owned) of XhDue */
  XhField *state_field;  /* (owned) stands in list_fields and filters where the definition says "state": a choice of the states. Not in
                          * fields, its index is G_MAXUINT, its value the record's state */
  GPtrArray *list_fields;/* (not owned elements) of XhField, at most six */
  GPtrArray *filters;    /* (not owned elements) of XhField */
  GPtrArray *search_fields; /* (not owned elements) of XhField */
  GPtrArray *unique_keys;/* (owned) of char ** (field names) */
  GPtrArray *duplicates; /* (owned) of char ** (field names): should not repeat together; a warning, no refusal */
  GPtrArray *indexes;    /* (owned) of char ** (field names): besides unique keys and links */
  char **read_roles, **create_roles, **edit_roles, **delete_roles; /* (owned) */
  char **reach_roles; /* (owned) (nullable) roles that read every record of the kind, wherever it lies; they change only what lies in their scope */
  char **own_roles;   /* (owned) (nullable) roles whose turn it is only for the records of their own unit, though they may change others */
  char *scorecard;       /* (owned) (nullable) name of the scorecard that judges this kind */
};

/* Finders: (transfer none) (nullable). A state that is NULL is not found. */
const XhField      *xh_kind_find_field      (const XhKind *kind, const char *name);
/* @path: a field's name, or what an issue says of a cell of its table: members/2/id_number. (nullable) (transfer none) */
const XhField      *xh_kind_find_field_at   (const XhKind *kind, const char *path);
const XhReference  *xh_kind_find_reference  (const XhKind *kind, const char *name);
const XhState      *xh_kind_find_state      (const XhKind *kind, const char *name);
const XhTransition *xh_kind_find_transition (const XhKind *kind, const char *name);
/* What a message calls a member of a record: the field's label; @name itself where it is no field. (transfer none) */
const char         *xh_kind_tell_field      (const XhKind *kind, const char *name);

/**
 * xh_kind_match_transition:
 * @role: (nullable): who wants to take it
 *
 * Returns: (transfer none) (nullable): the first transition between the two states that @role may take; whether its condition holds
 *   is for the form to say
 */
const XhTransition *xh_kind_match_transition (const XhKind *kind, const char *from, const char *to, const char *role);

/**
 * xh_transition_find_questions:
 * Returns: (transfer container) (element-type XhField): the texts, dates and choices that the step must have ("return_reason is not null",
 *   alone or joined by "and"): who takes it for many records at once is asked for them once. Empty where there are none
 */
GPtrArray          *xh_transition_find_questions (const XhKind *kind, const XhTransition *transition);

/**
 * xh_field_find_choice:
 * @code: (nullable): a code of the field's choices
 *
 * Returns: (transfer none) (nullable): the choice, valid today or not: old records keep theirs
 */
const XhChoice     *xh_field_find_choice    (const XhField *field, const char *code);

/**
 * xh_choice_is_current:
 *
 * Returns: whether the choice may be taken today, by its valid_from and valid_to
 */
gboolean            xh_choice_is_current    (const XhChoice *choice);

/**
 * xh_choice_get_external:
 *
 * Returns: (transfer none): what a national export writes for it
 */
const char         *xh_choice_get_external  (const XhChoice *choice);

/**
 * xh_label_get:
 *
 * Returns: (transfer none) (nullable): the text in the language of the interface: English where it has one and the first language is
 *   not Chinese, else Chinese
 */
const char         *xh_label_get            (const XhLabel *label);

/**
 * xh_kind_may:
 * @roles: (nullable): one of the kind's lists of roles; %NULL: everybody
 * @role: (nullable): a role's name
 */
gboolean            xh_kind_may             (const XhKind *kind, char **roles, const char *role);

G_END_DECLS
