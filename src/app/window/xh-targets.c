/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-targets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/dashboard/xh-dashboard-page.h"
#include "app/import/xh-import-page.h"
#include "app/list/xh-list-page.h"
#include "app/record/xh-record-page.h"
#include "app/subject/xh-check-page.h"
#include "app/subject/xh-subject-page.h"
#include "app/sync/xh-sync-page.h"
#include "app/tools/xh-quality-page.h"
#include "app/tools/xh-repair-page.h"
#include "app/tools/xh-sampling-page.h"
#include "app/work/xh-work-page.h"

static XhPage *
make_work (XhSession *session, const char *argument)
{
  return xh_work_page_new (session);
}

static XhPage *
make_dashboard (XhSession *session, const char *argument)
{
  return xh_dashboard_page_new (session);
}

static XhPage *
make_sync (XhSession *session, const char *argument)
{
  return xh_sync_page_new (session);
}

static XhPage *
make_list (XhSession *session, const char *argument)
{
  const XhKind *kind = argument != NULL ? xh_catalog_find_kind (xh_session_get_catalog (session), argument) : NULL;

  if (kind == NULL || !xh_session_may (session, kind->read_roles, kind))
    return NULL;

  return xh_list_page_new (session, kind, NULL);
}

/* Also one that was begun and never saved. */
static XhPage *
make_record (XhSession *session, const char *argument)
{
  g_autoptr (XhRecord) record = argument != NULL ? xh_store_load (xh_session_get_store (session), argument, NULL) : NULL;

  if (record == NULL && argument != NULL)
    record = xh_store_draft_get (xh_session_get_store (session), argument, NULL);
  if (record == NULL || !xh_session_may (session, record->kind->read_roles, record->kind))
    return NULL;

  return xh_record_page_new (session, record->kind, argument);
}

static XhPage *
make_import (XhSession *session, const char *argument)
{
  const XhKind *kind = argument != NULL ? xh_catalog_find_kind (xh_session_get_catalog (session), argument) : NULL;

  if (kind == NULL || !xh_session_may (session, kind->create_roles, kind))
    return NULL;

  return xh_import_page_new (session, kind);
}

/* With a record: its dates filled in. */
static XhPage *
make_repair_calculator (XhSession *session, const char *argument)
{
  g_autoptr (XhRecord) record = argument != NULL ? xh_store_load (xh_session_get_store (session), argument, NULL) : NULL;

  if (argument != NULL && (record == NULL || !xh_session_may (session, record->kind->read_roles, record->kind)))
    return NULL;

  return xh_repair_page_new (session, record);
}

/* With a register: looked through at once. */
static XhPage *
make_quality (XhSession *session, const char *argument)
{
  const XhKind *kind = argument != NULL ? xh_catalog_find_kind (xh_session_get_catalog (session), argument) : NULL;

  if (argument != NULL && (kind == NULL || !xh_session_may (session, kind->read_roles, kind)))
    return NULL;

  return xh_quality_page_new (session, kind);
}

/* With a recorded draw: to be checked. */
static XhPage *
make_sampling (XhSession *session, const char *argument)
{
  g_autoptr (XhRecord) record = argument != NULL ? xh_store_load (xh_session_get_store (session), argument, NULL) : NULL;
  const char *draws = xh_catalog_get_register (xh_session_get_catalog (session), "draw");

  if (argument != NULL && (record == NULL || g_strcmp0 (record->kind->name, draws) != 0
                           || !xh_session_may (session, record->kind->read_roles, record->kind)))
    return NULL;

  return xh_sampling_page_new (session, record);
}

static gboolean
may_sample (XhSession *session)
{
  return xh_target_may_create (session, xh_catalog_get_register (xh_session_get_catalog (session), "draw"));
}

static XhPage *
make_check (XhSession *session, const char *argument)
{
  return xh_check_page_new (session);
}

static gboolean
may_check (XhSession *session)
{
  return xh_target_may_create (session, xh_catalog_get_register (xh_session_get_catalog (session), "query"));
}

static XhPage *
make_subject (XhSession *session, const char *argument)
{
  return argument != NULL ? xh_subject_page_new (session, argument) : NULL;
}

/* A page is one line here: name, place, icon, title, how it is made, who has use for it. The order is the sidebar's. */
static const XhTarget targets[] = {
  { "work", XH_PLACE_TOP, "object-select-symbolic", N_("My Work"), make_work, NULL },
  { "dashboard", XH_PLACE_TOP, "view-grid-symbolic", N_("Dashboard"), make_dashboard, NULL },
  { "list", XH_PLACE_NONE, NULL, NULL, make_list, NULL },
  { "record", XH_PLACE_NONE, NULL, NULL, make_record, NULL },
  { "subject", XH_PLACE_NONE, NULL, NULL, make_subject, NULL },
  { "import", XH_PLACE_NONE, NULL, NULL, make_import, NULL },
  { "check", XH_PLACE_TOOLS, "edit-find-symbolic", N_("Credit Check"), make_check, may_check },
  { "repair-calculator", XH_PLACE_TOOLS, "accessories-calculator-symbolic", N_("Repair Dates"), make_repair_calculator, NULL },
  { "quality", XH_PLACE_TOOLS, "emblem-ok-symbolic", N_("Data Quality"), make_quality, NULL },
  { "sampling", XH_PLACE_TOOLS, "media-playlist-shuffle-symbolic", N_("Random Draw"), make_sampling, may_sample },
  { "sync", XH_PLACE_FOOT, "emblem-synchronizing-symbolic", N_("Synchronisation"), make_sync, NULL },
};

const XhTarget *
xh_targets_get (guint *n)
{
  *n = G_N_ELEMENTS (targets);

  return targets;
}

const XhTarget *
xh_targets_find (const char *target, const char **argument)
{
  const char *colon = target != NULL ? strchr (target, ':') : NULL;
  const gsize length = colon != NULL ? (gsize) (colon - target) : target != NULL ? strlen (target) : 0;

  *argument = colon != NULL && colon[1] != '\0' ? colon + 1 : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (targets) && length > 0; i++)
    if (strlen (targets[i].name) == length && strncmp (targets[i].name, target, length) == 0)
      return &targets[i];

  return NULL;
}

gboolean
xh_target_may (const XhTarget *target, XhSession *session)
{
  return target->may == NULL || target->may (session);
}

gboolean
xh_target_may_create (XhSession *session, const char *kind_name)
{
  const XhKind *kind = kind_name != NULL ? xh_catalog_find_kind (xh_session_get_catalog (session), kind_name) : NULL;

  return kind != NULL && xh_session_may (session, kind->create_roles, kind);
}
