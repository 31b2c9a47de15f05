/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-units.h"

#include <glib/gi18n-lib.h>

#include "xh-identifiers.h"
#include "xh-tables-private.h"

struct _XhUnits
{
  GPtrArray *all;      /* (owned) of XhUnit, as they stand in the file */
  GHashTable *by_code; /* (not owned elements) */
  GHashTable *by_name; /* (not owned elements) names and aliases */
};

/* --- helpers */

static void
unit_free (XhUnit *unit)
{
  g_free (unit->code);
  g_free (unit->name);
  g_strfreev (unit->aliases);
  g_free (unit->uscc);
  g_free (unit->division);
  g_free (unit);
}

static void
add_name (XhUnits *self, const XhReader *reader, const char *key, XhUnit *unit, const char *name)
{
  XhUnit *other = g_hash_table_lookup (self->by_name, name);

  if (other == NULL)
    g_hash_table_insert (self->by_name, (gpointer) name, unit);
  else
    xh_reader_fault (reader, key, _("\"%s\" is already a name of \"%s\""), name, other->code);
}

static void
load_unit (XhUnits *self, const XhReader *reader, XhDivisions *divisions)
{
  static const char *const keys[] = { "code", "name", "aliases", "uscc", "division", NULL };
  XhUnit *unit;

  if (!xh_reader_object (reader, keys))
    return;
  unit = g_new0 (XhUnit, 1);
  g_ptr_array_add (self->all, unit);
  unit->code = xh_reader_text (reader, "code", TRUE);
  unit->name = xh_reader_text (reader, "name", TRUE);
  unit->aliases = xh_reader_texts (reader, "aliases", FALSE);
  unit->uscc = xh_reader_text (reader, "uscc", FALSE);
  unit->division = xh_reader_text (reader, "division", FALSE);
  if (unit->aliases == NULL)
    unit->aliases = g_new0 (char *, 1);

  if (unit->code != NULL && !xh_name_is_valid (unit->code, TRUE))
    xh_reader_fault (reader, "code", _("\"%s\" is no code: small letters, digits and -, a letter first"), unit->code);
  else if (unit->code != NULL && !g_hash_table_insert (self->by_code, unit->code, unit))
    xh_reader_fault (reader, "code", _("\"%s\" is listed twice"), unit->code);
  if (unit->uscc != NULL && xh_uscc_check (unit->uscc, NULL) != XH_IDENTIFIER_OK)
    xh_reader_fault (reader, "uscc", _("\"%s\" is no unified social credit code"), unit->uscc);
  if (unit->division != NULL && xh_divisions_find (divisions, unit->division) == NULL)
    xh_reader_fault (reader, "division", _("no such division \"%s\""), unit->division);
  if (unit->code == NULL || unit->name == NULL)
    return;
  add_name (self, reader, "name", unit, unit->name);
  for (guint i = 0; unit->aliases[i] != NULL; i++)
    add_name (self, reader, "aliases", unit, unit->aliases[i]);
}

/* --- private functions */

XhUnits *
xh_units_new (const XhReader *file, XhDivisions *divisions)
{
  static const char *const keys[] = { "source", "note", "units", NULL };
  XhUnits *self = g_new0 (XhUnits, 1);
  XhReader array;
  guint length;

  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify) unit_free);
  self->by_code = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  if (!xh_reader_object (file, keys))
    return self;
  length = xh_reader_array (file, "units", TRUE, &array);
  for (guint i = 0; i < length; i++)
    {
      XhReader element;

      xh_reader_element (&array, i, &element);
      load_unit (self, &element, divisions);
    }
  return self;
}

void
xh_units_free (XhUnits *units)
{
  if (units == NULL)
    return;
  g_hash_table_unref (units->by_name);
  g_hash_table_unref (units->by_code);
  g_ptr_array_unref (units->all);
  g_free (units);
}

/* --- public functions */

GPtrArray *
xh_units_get_all (XhUnits *units)
{
  g_return_val_if_fail (units != NULL, NULL);

  return units->all;
}

const XhUnit *
xh_units_find (XhUnits *units, const char *code)
{
  g_return_val_if_fail (units != NULL, NULL);

  return code != NULL ? g_hash_table_lookup (units->by_code, code) : NULL;
}

const XhUnit *
xh_units_match (XhUnits *units, const char *name)
{
  g_return_val_if_fail (units != NULL, NULL);

  return name != NULL ? g_hash_table_lookup (units->by_name, name) : NULL;
}
