/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A printed paper (文书), as read from data/catalog/documents/NAME.json: blocks of text, tables and places to sign, with inserts that are
 * expressions over one kind. Immutable after loading, owned by the catalog, may be read from any thread. docs/documents.md describes
 * the file; report/xh-document.h lays it out. Papers are official: their text is Chinese whatever the interface speaks. */
#pragma once

#include "xh-kind.h"

G_BEGIN_DECLS

/* How an insert is written: {{expression:date}}. */
typedef enum
{
  XH_INSERT_PLAIN,    /* a field alone: as its type says; else the value itself */
  XH_INSERT_DATE,     /* 2026年11月22日 */
  XH_INSERT_HAN_DATE, /* 二〇二六年十一月二十二日 */
  XH_INSERT_RMB,      /* fen in words: 壹仟元整 */
  XH_INSERT_MONEY,    /* fen as 1,234.00 */
} XhInsertFormat;

typedef struct
{
  char *literal;         /* (owned) (nullable) text as it stands; NULL: an insert */
  char *expression;      /* (owned) (nullable) SQL over the kind */
  char *name;            /* (owned) (nullable) the insert is one name alone: a field, a reference, the spine, or "@today" … */
  XhInsertFormat format;
} XhTemplatePart;

/* A text with inserts. */
typedef struct
{
  const XhKind *kind;    /* whose names the inserts read */
  GPtrArray *parts;      /* (owned) of XhTemplatePart */
} XhTemplate;

typedef enum { XH_ALIGN_LEFT, XH_ALIGN_CENTER, XH_ALIGN_RIGHT } XhAlign;

/* A label with its value, or a column of a table. */
typedef struct
{
  const XhField *field;  /* (nullable) of the kind, or of the table's columns */
  char *label;           /* (owned) (nullable) NULL: the field's */
  XhTemplate *text;          /* (owned) (nullable) instead of a field's value */
  double width;          /* of a column: share of the table; 0: by its type */
  gboolean wide;         /* of a label with its value: takes a whole row where the others stand in pairs */
} XhDocumentCell;

/* Records of a kind: those that match, those chosen in the list, or those about the same subject as the record. */
typedef struct
{
  const XhKind *kind;
  gboolean chosen;       /* those the paper is printed for, in their order */
  char *match_theirs, *match_ours; /* (owned) (nullable) both NULL and not chosen: of the same subject */
  gboolean contains;     /* theirs holds ours somewhere: a table that lists codes */
  char *where;           /* (owned) (nullable) SQL over their fields and spine names */
  char *sort;            /* (owned) (nullable) one of their names */
  gboolean descending;
  guint limit;           /* 0: all */
  XhTemplate *title;         /* (owned) (nullable) of each record; NULL: what the kind calls it */
  GPtrArray *cells;      /* (owned) of XhDocumentCell */
} XhDocumentQuery;

typedef struct
{
  char *label;           /* (owned) */
  GPtrArray *queries;    /* (owned) of XhDocumentQuery, without cells */
} XhDocumentCount;

typedef enum
{
  XH_BLOCK_TITLE,
  XH_BLOCK_HEADING,
  XH_BLOCK_PARAGRAPH,
  XH_BLOCK_LINE,
  XH_BLOCK_FIELDS,
  XH_BLOCK_TABLE,      /* a record table: of a table field, of a query, or empty lines to write on */
  XH_BLOCK_RECORDS,    /* a small table a record, kind after kind */
  XH_BLOCK_COUNTS,
  XH_BLOCK_SIGNATURES,
  XH_BLOCK_STAMP,
  XH_BLOCK_QR,
  XH_BLOCK_SPACE,
  XH_BLOCK_RULE,
  XH_BLOCK_PAGE_BREAK,
  XH_BLOCK_FRAME,
} XhBlockType;

typedef struct
{
  XhBlockType type;
  char *when;            /* (owned) (nullable) SQL: only where it holds */
  XhTemplate *text;          /* (owned) (nullable) */
  XhTemplate *caption;       /* (owned) (nullable) under a QR code */
  XhTemplate *empty;         /* (owned) (nullable) said where there is no record */
  char *date;            /* (owned) (nullable) of a stamp: SQL that yields an ISO date; NULL: today */
  XhAlign align;
  gboolean indent, bold, small;
  double size;           /* mm: of a space, of a QR code; height of a table's rows, 0: as the text needs */
  guint columns;         /* pairs of label and value side by side; signatures in a row; counts in a row */
  gboolean numbered;     /* the table's first column counts */
  gboolean plain;        /* records without heading and number: the subject's own file */
  guint blank;           /* empty lines that a table has at least */
  const XhField *field;  /* (nullable) a table field */
  GPtrArray *cells;      /* (owned) (nullable) of XhDocumentCell */
  GPtrArray *queries;    /* (owned) (nullable) of XhDocumentQuery; a table has one at most */
  GPtrArray *counts;     /* (owned) (nullable) of XhDocumentCount */
  char **labels;         /* (owned) (nullable) signatures */
} XhBlock;

typedef struct
{
  char *name;            /* (owned) */
  guint version;
  XhLabel label;
  XhLabel help;
  const XhKind *kind;
  char **roles;          /* (owned) (nullable) NULL: whoever reads the kind */
  char *when;            /* (owned) (nullable) SQL: the paper is there where it holds */
  gboolean landscape;
  gboolean together;     /* one paper for all that are chosen in the list, not one each */
  XhOpenness openness;   /* fields that are less open than this are left out of the tables of records */
  char **unmasked;       /* (owned) (nullable) sensitive fields that are printed in full */
  XhTemplate *number;        /* (owned) (nullable) */
  XhTemplate *header, *footer; /* (owned) (nullable) small, on every page */
  GPtrArray *blocks;     /* (owned) of XhBlock */
} XhDocumentDef;

/**
 * xh_document_def_may:
 * @role: (nullable): a role's name
 *
 * Returns: whether the role may print the paper: it is among the paper's roles and reads the kind
 */
gboolean xh_document_def_may (const XhDocumentDef *def, const char *role);

G_END_DECLS
