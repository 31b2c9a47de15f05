/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A bundle from a server that may be hostile: it loads or is refused with words. */

#include "fuzz.h"

#include "model/xh-evaluator.h"

static void
use_kind (const XhKind *kind)
{
  g_autofree char *source = xh_kind_source_sql (kind, NULL);

  g_assert_cmpuint (kind->states->len, >=, 1);
  g_assert_true (sqlite3_complete (source) == 0); /* one statement, its end not written */
  for (guint i = 0; i < kind->references->len; i++)
    g_free (xh_reference_sql (kind, g_ptr_array_index (kind->references, i)));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bundle = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) catalog = xh_catalog_load_bundle (bundle, &error);

  if (catalog == NULL)
    {
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_CATALOG);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  for (guint i = 0; i < xh_catalog_get_kinds (catalog)->len; i++)
    use_kind (g_ptr_array_index (xh_catalog_get_kinds (catalog), i));
  return 0;
}
