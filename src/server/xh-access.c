/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-access.h"

#include <glib/gi18n-lib.h>

#include "xh-accounts.h"

/* Names of kinds are small letters, digits and -: they need no quoting. */
static char *
list_reach (XhCatalog *catalog, const char *role)
{
  GPtrArray *kinds = xh_catalog_get_kinds (catalog);
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < kinds->len; i++)
    {
      const XhKind *kind = g_ptr_array_index (kinds, i);

      if (kind->reach_roles && xh_kind_may (kind, kind->reach_roles, role) && xh_kind_may (kind, kind->read_roles, role))
        g_string_append_printf (names, "%s'%s'", names->len > 0 ? ", " : "", kind->name);
    }
  return g_string_free (names, names->len == 0);
}

XhAccess *
xh_access_new (XhCatalog *catalog, const char *login, const char *name, const char *role, const char *division,
               const char *unit, const char *device)
{
  const XhRole *found = role ? xh_catalog_find_role (catalog, role) : NULL;
  XhAccess *self;

  if (!found)
    return NULL;
  self = g_new0 (XhAccess, 1);
  self->login = g_strdup (login);
  self->name = g_strdup (name);
  self->role = found;
  self->division = g_strdup (division);
  self->unit = g_strdup (unit);
  self->device = g_strdup (device ? device : "");
  if (division)
    xh_division_range (division, self->lower, self->upper);
  /* What is no code is the range of all codes to a filter; here it must reach nothing. */
  if (self->lower[0] == '\0')
    self->upper[0] = '\0';
  self->reach = list_reach (catalog, self->role->name);
  return self;
}

static const XhRole system_role = { .scope = XH_SCOPE_ALL };

XhAccess *
xh_access_find (XhBackend *backend, const char *login, const char *device, GError **error)
{
  GError *fault = NULL;
  g_autoptr (XhAccount) account = xh_accounts_find (backend, login, &fault);
  XhAccess *access = NULL;

  if (fault)
    {
      g_propagate_error (error, fault);
      return NULL;
    }
  if (account && !account->disabled)
    access = xh_access_new (backend->catalog, account->login, account->name, account->role, account->division, account->unit, device);
  if (!access)
    g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_ACCOUNT, _("There is no account “%s” that may sign in. Nothing was changed."), login);
  return access;
}

XhAccess *
xh_access_new_system (void)
{
  XhAccess *self = g_new0 (XhAccess, 1);

  self->login = g_strdup (XH_SYSTEM_LOGIN);
  self->name = g_strdup (XH_SYSTEM_LOGIN);
  self->device = g_strdup (XH_SYSTEM_LOGIN);
  self->role = &system_role;
  return self;
}

gboolean
xh_access_is_system (const XhAccess *self)
{
  return self->role == &system_role;
}

void
xh_access_free (XhAccess *self)
{
  if (!self)
    return;
  g_free (self->login);
  g_free (self->name);
  g_free (self->division);
  g_free (self->unit);
  g_free (self->device);
  g_free (self->reach);
  g_free (self);
}

/* An account without the division or unit that its scope hangs on compares with NULL and so reaches nothing.
 * A unit's records often carry no division; where they do, an account with a division keeps to it. */
char *
xh_access_sql (const XhAccess *self, const char *alias, int first)
{
  switch (self->role->scope)
    {
    case XH_SCOPE_DIVISION:
      return g_strdup_printf ("(%sdivision >= ?%d AND %sdivision < ?%d)", alias, first, alias, first + 1);
    case XH_SCOPE_UNIT:
      return g_strdup_printf ("(%sunit = ?%d AND (?%d IS NULL OR %sdivision IS NULL"
                              " OR (%sdivision >= ?%d AND %sdivision < ?%d)))",
                              alias, first + 2, first, alias, alias, first, alias, first + 1);
    case XH_SCOPE_ALL:
      return g_strdup ("(1)");
    default:
      return g_strdup ("(0)");
    }
}

char *
xh_access_read_sql (const XhAccess *self, const char *alias, int first)
{
  g_autofree char *scope = xh_access_sql (self, alias, first);

  if (!self->reach || self->role->scope == XH_SCOPE_ALL)
    return g_steal_pointer (&scope);
  return g_strdup_printf ("(%s OR %skind IN (%s))", scope, alias, self->reach);
}

void
xh_access_bind (const XhAccess *self, sqlite3_stmt *statement, int first)
{
  if (self->role->scope == XH_SCOPE_ALL)
    return;
  xh_backend_bind_text (statement, first, self->division ? self->lower : NULL);
  xh_backend_bind_text (statement, first + 1, self->division ? self->upper : NULL);
  if (self->role->scope == XH_SCOPE_UNIT)
    xh_backend_bind_text (statement, first + 2, self->unit);
}

gboolean
xh_access_may_read (const XhAccess *self, const XhKind *kind)
{
  return xh_access_is_system (self) || xh_kind_may (kind, kind->read_roles, self->role->name);
}

gboolean
xh_access_may_read_field (const XhAccess *self, const XhField *field)
{
  return xh_access_is_system (self) || xh_kind_may (field->kind, field->read_roles, self->role->name);
}

/* @scope: a condition with parameters from ?2 on */
static gboolean
find_record (const XhAccess *self, XhBackend *backend, const char *record, const char *scope, gboolean *found, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM record WHERE id = ?1 AND %s", scope);
  sqlite3_stmt *statement = xh_backend_prepare (backend, sql, error);

  if (!statement)
    return FALSE;
  xh_backend_bind_text (statement, 1, record);
  xh_access_bind (self, statement, 2);
  if (!xh_backend_step (backend, statement, found, error))
    return FALSE;
  sqlite3_reset (statement);
  return TRUE;
}

gboolean
xh_access_reaches (const XhAccess *self, XhBackend *backend, const char *record, gboolean *reaches, GError **error)
{
  g_autofree char *scope = xh_access_read_sql (self, "", 2);

  return find_record (self, backend, record, scope, reaches, error);
}

gboolean
xh_access_covers (const XhAccess *self, XhBackend *backend, const char *record, gboolean *covers, GError **error)
{
  g_autofree char *scope = xh_access_sql (self, "", 2);

  return find_record (self, backend, record, scope, covers, error);
}

GArray *
xh_access_rids (const XhAccess *self, XhBackend *backend, const XhKind *kind, GError **error)
{
  g_autofree char *scope = xh_access_read_sql (self, "", 2);
  g_autofree char *sql = g_strdup_printf ("SELECT rid FROM record WHERE kind = ?1 AND deleted = 0 AND %s ORDER BY rid", scope);
  g_autoptr (GArray) rids = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = xh_access_may_read (self, kind) ? xh_backend_prepare (backend, sql, error) : NULL;
  gboolean row = TRUE;

  if (!statement)
    return xh_access_may_read (self, kind) ? NULL : g_steal_pointer (&rids);
  xh_backend_bind_text (statement, 1, kind->name);
  xh_access_bind (self, statement, 2);
  while (xh_backend_step (backend, statement, &row, error) && row)
    {
      const gint64 rid = sqlite3_column_int64 (statement, 0);

      g_array_append_val (rids, rid);
    }
  return row ? NULL : g_steal_pointer (&rids);
}
