/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a catalog is loaded: structure first (one file after another), then what the files say of each other, then the
 * expressions. Every step adds to one list of faults; a catalog with faults is thrown away. */
#pragma once

#include "xh-catalog.h"
#include "xh-reader-private.h"
#include "xh-scorecard-private.h"

G_BEGIN_DECLS

struct _XhCatalog
{
  gatomicrefcount references;
  char *name;             /* (owned) */
  guint version;
  XhLabel label;
  char *county;           /* (owned) (nullable) the division the catalog is made for */
  GBytes *bundle;         /* (owned) canonical */
  char *hash;             /* (owned) SHA-256 of the bundle, hexadecimal */
  GPtrArray *kinds;       /* (owned) of XhKind, in sidebar order */
  GPtrArray *groups;      /* (owned) of XhGroup */
  GPtrArray *roles;       /* (owned) of XhRole */
  GPtrArray *scorecards;  /* (owned) of XhScorecard */
  GPtrArray *documents;   /* (owned) of XhDocumentDef, by name */
  GPtrArray *code_lists;  /* (owned) of XhCodeList */
  GHashTable *registers;  /* (owned) what the program writes itself: name → kind's name */
  GHashTable *limits;     /* (owned) name → number (gint64 *) */
  XhCalendar *calendar;   /* (owned) */
  XhPeriods *periods;     /* (owned) */
  GPtrArray *sampling;    /* (owned) of XhSamplingScheme */
  XhDivisions *divisions; /* (owned) */
  XhUnits *units;         /* (owned) */
};

typedef enum { XH_SITE_OTHER, XH_SITE_COMPUTED, XH_SITE_DEFAULT, XH_SITE_RELEVANT, XH_SITE_REFERENCE } XhSiteUse;

/* Where an expression stands: checked when every kind is known. */
typedef struct
{
  char *file, *path;      /* (owned) */
  char *kind;             /* (owned) whose names it may read */
  char *expression;       /* (owned) */
  gboolean own_names;     /* only fields and spine names: no references */
  gboolean is_aggregate;  /* must be an aggregate over rows */
  XhSiteUse use;
  const XhKind *owner;    /* (nullable) with `first` and `n`: the fields whose value or relevance this gives */
  guint first, n;
  gboolean guarded;       /* is printed: may read no sensitive field but those of `unmasked` */
  char **unmasked;        /* (not owned) (nullable) */
  GPtrArray *depends;     /* (owned) (nullable) of char *: names read, once it is checked */
} XhSite;

typedef struct
{
  XhCatalog *catalog;
  GPtrArray *faults;      /* (owned) of char * */
  GPtrArray *sites;       /* (owned) of XhSite */
  JsonObject *files;      /* every file by its name */
} XhLoading;

/* A file of sections/ or workflows/ as one kind uses it. */
typedef struct
{
  char *file;      /* (owned) for faults: "sections/subject.json (kinds/licence.json)" */
  JsonNode *node;  /* (owned) with what the kind says otherwise */
  XhReader reader;
  char **without;  /* (owned) (nullable) fields that the kind leaves out */
} XhPart;

/* Notes an expression for the check; returns it for the caller's further marks. NULL for no expression. */
XhSite      *xh_loading_site          (XhLoading *loading, const XhReader *reader, const char *key, const char *kind, const char *expression);
char        *xh_loading_expression    (XhLoading *loading, const XhReader *reader, const char *key, gboolean required, const char *kind);
char       **xh_loading_roles         (XhLoading *loading, const XhReader *reader, const char *key, gboolean required);

/* Each faults at the reader and yields what could be read, or NULL. */
XhKind      *xh_kind_load             (XhLoading *loading, const XhReader *reader, const char *name);
gboolean     xh_field_load            (XhLoading *loading, const XhReader *reader, XhKind *kind, XhField *field);
gboolean     xh_field_type_read       (const XhReader *reader, const char *key, XhFieldType *type);
XhScorecard *xh_scorecard_load        (XhLoading *loading, const XhReader *reader, const char *name);

GPtrArray   *xh_choices_load          (const XhReader *reader);
XhCodeList  *xh_code_list_load        (XhLoading *loading, const XhReader *reader, const char *name);

/* Parts that @use names: FALSE with a fault there where it is not. Clear it in either case. */
gboolean     xh_part_open             (XhLoading *loading, const XhReader *use, const char *key, const char *folder, const char *name,
                                       XhPart *part);
gboolean     xh_part_open_section     (XhLoading *loading, const XhReader *use, XhPart *part);
void         xh_part_clear            (XhPart *part);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhPart, xh_part_clear)

/* What a definition says of others: kinds, scorecards, fields of other kinds. */
/* Its "subject", after fields and states. */
void         xh_kind_load_subject     (XhLoading *loading, const XhReader *reader, XhKind *kind);
void         xh_kind_check_links      (XhLoading *loading, const XhReader *reader, const XhKind *kind);
void         xh_scorecard_check_links (XhLoading *loading, const XhReader *reader, const XhScorecard *card);

/* sampling.json, once the kinds are known. */
void         xh_sampling_load         (XhLoading *loading);
void         xh_sampling_scheme_free  (XhSamplingScheme *scheme);

void         xh_loading_lint          (XhLoading *loading);

XhKind      *xh_kind_new              (void);
XhField     *xh_field_new             (void);
void         xh_kind_free             (XhKind *kind);
void         xh_mark_free             (XhMark *mark);
void         xh_give_free             (XhGive *give);
void         xh_field_free            (XhField *field);
void         xh_choice_free           (XhChoice *choice);
void         xh_code_list_free        (XhCodeList *list);
void         xh_check_free            (XhCheck *check);
void         xh_section_free          (XhSection *section);
void         xh_reference_free        (XhReference *reference);
void         xh_state_free            (XhState *state);
void         xh_transition_free       (XhTransition *transition);
void         xh_due_free              (XhDue *due);

G_END_DECLS
