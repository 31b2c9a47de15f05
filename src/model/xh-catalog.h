/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The catalog: every definition the office works by, loaded from a folder or from the bundle a server sends.
 * Immutable after loading; atomically reference counted; may be read from any thread. */
#pragma once

#include "xh-calendar.h"
#include "xh-divisions.h"
#include "xh-kind.h"
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

typedef enum { XH_SCOPE_DIVISION, XH_SCOPE_UNIT, XH_SCOPE_ALL } XhScopeType;

typedef struct
{
  char *name; /* (owned) assessor, township, department, office, manager, admin */
  XhLabel label;
  XhScopeType scope;
} XhRole;

typedef struct
{
  char *name; /* (owned) */
  XhLabel label;
  char *icon; /* (owned) (nullable) */
} XhGroup;

XhCatalog         *xh_catalog_load_folder   (const char *folder, GError **error);
XhCatalog         *xh_catalog_load_bundle   (GBytes *bundle, GError **error);
XhCatalog         *xh_catalog_ref           (XhCatalog *catalog);
void               xh_catalog_unref         (XhCatalog *catalog);
GBytes            *xh_catalog_get_bundle    (XhCatalog *catalog);
const char        *xh_catalog_get_hash      (XhCatalog *catalog);
const char        *xh_catalog_get_county    (XhCatalog *catalog); /* (nullable) code of the division it is made for */

GPtrArray         *xh_catalog_get_kinds     (XhCatalog *catalog); /* of XhKind, in sidebar order */
const XhKind      *xh_catalog_find_kind     (XhCatalog *catalog, const char *name);
GPtrArray         *xh_catalog_get_groups    (XhCatalog *catalog);
GPtrArray         *xh_catalog_get_roles     (XhCatalog *catalog);
const XhRole      *xh_catalog_find_role     (XhCatalog *catalog, const char *name);
XhCalendar        *xh_catalog_get_calendar  (XhCatalog *catalog);
XhDivisions       *xh_catalog_get_divisions (XhCatalog *catalog);
XhUnits           *xh_catalog_get_units     (XhCatalog *catalog);
const XhScorecard *xh_catalog_find_scorecard (XhCatalog *catalog, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhCatalog, xh_catalog_unref)

G_END_DECLS
