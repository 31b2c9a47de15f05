/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A printed paper into a file, without a window: for a service that prints at night, and for tests. */
#include "xh-commands.h"

#include <glib/gi18n-lib.h>

#include "report/xh-document-store.h"

static const XhDocumentDef *
find_def (XhCatalog *catalog, const char *name, GError **error)
{
  const XhDocumentDef *def = xh_catalog_find_document (catalog, name);

  if (def == NULL)
    g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("The catalog has no paper “%s”"), name);
  return def;
}

gboolean
xh_command_document (int argc, char **argv, GError **error)
{
  g_auto (XhPlace) place = { 0 };
  g_autoptr (XhBackend) backend = NULL;
  g_autoptr (XhDocument) document = NULL;
  g_autofree char *demo = NULL;
  XhDocumentStore reads = { 0 };
  XhDocumentOptions options = { 0 };
  const XhDocumentDef *def;

  if (!xh_place_parse (&place, NULL, "NAME FILE.pdf ID…", _("Writes a printed paper for records."), &argc, &argv, error))
    return FALSE;
  if (argc < 4)
    {
      g_set_error (error, XH_SERVER_ERROR, XH_SERVER_ERROR_USAGE, _("Usage: xinheng-server document --data DIR NAME FILE.pdf ID…"));
      return FALSE;
    }
  backend = xh_place_open (&place, TRUE, error);
  def = backend != NULL ? find_def (backend->catalog, argv[1], error) : NULL;
  if (def == NULL)
    return FALSE;
  demo = xh_store_meta_get (backend->store, "demo");
  options.demo = demo != NULL;
  reads = (XhDocumentStore) { backend->store, NULL, (const char *const *) argv + 3, (guint) argc - 3, 0 };
  document = xh_document_print_records (def, &reads, &options, NULL, error);
  if (document == NULL || !xh_document_write_pdf (document, argv[2], def->label.zh, NULL, error))
    return FALSE;
  g_print (ngettext ("%s: %u page\n", "%s: %u pages\n", xh_document_get_n_pages (document)), argv[2], xh_document_get_n_pages (document));
  return TRUE;
}
