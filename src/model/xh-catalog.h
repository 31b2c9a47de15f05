/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The catalog: every definition the office works by, loaded from a folder or from the bundle a server sends.
 * Immutable after loading; atomically reference counted; may be read from any thread. */
#pragma once

#include "xh-calendar.h"
#include "xh-divisions.h"
#include "xh-document-def.h"
#include "xh-kind.h"
#include "xh-periods.h"
#include "xh-sampling.h"
#include "xh-scorecard.h"
#include "xh-units.h"

G_BEGIN_DECLS

#define XH_MODEL_ERROR (xh_model_error_quark ())
GQuark xh_model_error_quark (void);

typedef enum
{
  XH_MODEL_ERROR_CATALOG,    /* a definition is wrong: the message names file, path and reason, one fault a line */
  XH_MODEL_ERROR_EXPRESSION, /* an expression failed when it ran */
  XH_MODEL_ERROR_VALUE,      /* a value is not of its field's type */
  XH_MODEL_ERROR_UNKNOWN,    /* no such kind, field or scorecard */
  XH_MODEL_ERROR_JSON,       /* the text is not JSON that may be read: see xh-json.h */
} XhModelError;

/* How much of the county a role sees: its division's subtree, its unit's records, or all. */
typedef enum { XH_SCOPE_DIVISION, XH_SCOPE_UNIT, XH_SCOPE_ALL } XhScopeType;

typedef struct
{
  char *name; /* (owned) assessor, township, department, office, manager, admin */
  XhLabel label;
  XhScopeType scope;
  gboolean brings_work; /* may bring in what a colleague saved to a file, in that colleague's name */
} XhRole;

typedef struct
{
  char *name; /* (owned) */
  XhLabel label;
  char *icon; /* (owned) (nullable) */
} XhGroup;

/**
 * xh_catalog_load_folder:
 * @folder: as data/catalog: catalog.json, calendar.json, units.json, divisions.csv, kinds/ and the rest of docs/catalog.md
 *
 * Reads files, and runs every expression once: not for the main thread.
 *
 * Returns: (transfer full): the catalog, or %NULL with %XH_MODEL_ERROR_CATALOG: every fault with file, path and reason, one a line
 */
XhCatalog         *xh_catalog_load_folder   (const char *folder, GError **error);

/**
 * xh_catalog_load_bundle:
 * @bundle: `{"files": {"kinds/x.json": {…}, "divisions.csv": "text", …}}`, from a server that is not trusted
 *
 * Returns: (transfer full): the catalog, or %NULL with %XH_MODEL_ERROR_CATALOG as above; keep the catalog you have
 */
XhCatalog         *xh_catalog_load_bundle   (GBytes *bundle, GError **error);
XhCatalog         *xh_catalog_ref           (XhCatalog *catalog);
void               xh_catalog_unref         (XhCatalog *catalog);

/**
 * xh_catalog_get_bundle:
 *
 * Returns: (transfer none): the catalog as one canonical JSON text: the same bytes for the same definitions, however they were spaced
 */
GBytes            *xh_catalog_get_bundle    (XhCatalog *catalog);

/**
 * xh_catalog_get_hash:
 *
 * Returns: (transfer none): SHA-256 of the bundle, hexadecimal: the ETag
 */
const char        *xh_catalog_get_hash      (XhCatalog *catalog);

/* What is in it, all (transfer none). Names that are not there, and NULL, find NULL. */
GPtrArray         *xh_catalog_get_kinds     (XhCatalog *catalog); /* of XhKind, in sidebar order */
const XhKind      *xh_catalog_find_kind     (XhCatalog *catalog, const char *name);
GPtrArray         *xh_catalog_get_groups    (XhCatalog *catalog); /* of XhGroup, in sidebar order */
GPtrArray         *xh_catalog_get_roles     (XhCatalog *catalog); /* of XhRole */
const XhGroup     *xh_catalog_find_group    (XhCatalog *catalog, const char *name); /* (nullable); @name nullable */
const XhRole      *xh_catalog_find_role     (XhCatalog *catalog, const char *name);
XhCalendar        *xh_catalog_get_calendar  (XhCatalog *catalog);
XhPeriods         *xh_catalog_get_periods   (XhCatalog *catalog); /* without periods.json an empty one */
XhDivisions       *xh_catalog_get_divisions (XhCatalog *catalog);
XhUnits           *xh_catalog_get_units     (XhCatalog *catalog);
const XhScorecard *xh_catalog_find_scorecard (XhCatalog *catalog, const char *name);
const char        *xh_catalog_get_county   (XhCatalog *catalog); /* (nullable) code of the division it is made for */
GPtrArray         *xh_catalog_get_documents (XhCatalog *catalog); /* of XhDocumentDef, by name */
const XhDocumentDef *xh_catalog_find_document (XhCatalog *catalog, const char *name);
GPtrArray         *xh_catalog_get_sampling  (XhCatalog *catalog); /* of XhSamplingScheme, as they stand in the file */
const XhSamplingScheme *xh_catalog_find_sampling (XhCatalog *catalog, const char *name);
const XhCodeList  *xh_catalog_find_code_list (XhCatalog *catalog, const char *name);

/**
 * xh_catalog_get_register:
 * @name: `query`, `report` or `draw`: what the program itself writes
 *
 * Returns: (transfer none) (nullable): the name of a kind that is in the catalog; %NULL: this catalog keeps no such register
 */
const char        *xh_catalog_get_register  (XhCatalog *catalog, const char *name);

/**
 * xh_catalog_get_limit:
 *
 * Returns: a number of catalog.json's `limits`, or @otherwise where it has none of this name
 */
gint64             xh_catalog_get_limit     (XhCatalog *catalog, const char *name, gint64 otherwise);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhCatalog, xh_catalog_unref)

G_END_DECLS
