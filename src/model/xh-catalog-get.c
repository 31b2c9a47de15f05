/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is in a catalog. */

#include "xh-catalog-private.h"

#include <string.h>

GBytes *
xh_catalog_get_bundle (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->bundle;
}

const char *
xh_catalog_get_hash (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->hash;
}

GPtrArray *
xh_catalog_get_kinds (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->kinds;
}

const XhKind *
xh_catalog_find_kind (XhCatalog *catalog, const char *name)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  for (guint i = 0; name != NULL && i < catalog->kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (catalog->kinds, i);

      if (strcmp (kind->name, name) == 0)
        return kind;
    }
  return NULL;
}

GPtrArray *
xh_catalog_get_groups (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->groups;
}

GPtrArray *
xh_catalog_get_roles (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->roles;
}

const XhGroup *
xh_catalog_find_group (XhCatalog *catalog, const char *name)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  for (guint i = 0; i < catalog->groups->len; i++)
    {
      const XhGroup *group = g_ptr_array_index (catalog->groups, i);

      if (g_strcmp0 (group->name, name) == 0)
        return group;
    }

  return NULL;
}

const XhRole *
xh_catalog_find_role (XhCatalog *catalog, const char *name)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  for (guint i = 0; name != NULL && i < catalog->roles->len; i++)
    {
      const XhRole *role = g_ptr_array_index (catalog->roles, i);

      if (strcmp (role->name, name) == 0)
        return role;
    }
  return NULL;
}

XhCalendar *
xh_catalog_get_calendar (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->calendar;
}

XhPeriods *
xh_catalog_get_periods (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->periods;
}

XhDivisions *
xh_catalog_get_divisions (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->divisions;
}

XhUnits *
xh_catalog_get_units (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->units;
}

const XhScorecard *
xh_catalog_find_scorecard (XhCatalog *catalog, const char *name)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  for (guint i = 0; name != NULL && i < catalog->scorecards->len; i++)
    {
      const XhScorecard *card = g_ptr_array_index (catalog->scorecards, i);

      if (strcmp (card->name, name) == 0)
        return card;
    }
  return NULL;
}

GPtrArray *
xh_catalog_get_documents (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->documents;
}

const XhDocumentDef *
xh_catalog_find_document (XhCatalog *catalog, const char *name)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  for (guint i = 0; name != NULL && i < catalog->documents->len; i++)
    {
      const XhDocumentDef *def = g_ptr_array_index (catalog->documents, i);

      if (strcmp (def->name, name) == 0)
        return def;
    }
  return NULL;
}

GPtrArray *
xh_catalog_get_sampling (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->sampling;
}

const XhSamplingScheme *
xh_catalog_find_sampling (XhCatalog *catalog, const char *name)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  for (guint i = 0; name != NULL && i < catalog->sampling->len; i++)
    {
      const XhSamplingScheme *scheme = g_ptr_array_index (catalog->sampling, i);

      if (g_strcmp0 (scheme->name, name) == 0)
        return scheme;
    }
  return NULL;
}

const XhCodeList *
xh_catalog_find_code_list (XhCatalog *catalog, const char *name)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  for (guint i = 0; name != NULL && i < catalog->code_lists->len; i++)
    {
      const XhCodeList *list = g_ptr_array_index (catalog->code_lists, i);

      if (strcmp (list->name, name) == 0)
        return list;
    }
  return NULL;
}

const char *
xh_catalog_get_register (XhCatalog *catalog, const char *name)
{
  g_return_val_if_fail (catalog != NULL && name != NULL, NULL);

  return g_hash_table_lookup (catalog->registers, name);
}

gint64
xh_catalog_get_limit (XhCatalog *catalog, const char *name, gint64 otherwise)
{
  const gint64 *number;

  g_return_val_if_fail (catalog != NULL && name != NULL, otherwise);

  number = g_hash_table_lookup (catalog->limits, name);
  return number != NULL ? *number : otherwise;
}

const char *
xh_catalog_get_county (XhCatalog *catalog)
{
  g_return_val_if_fail (catalog != NULL, NULL);

  return catalog->county;
}
