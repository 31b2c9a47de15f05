/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model/xh-attachment.h"
#include "model/xh-catalog.h"

#include <string.h>

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ONE "{\"hash\":\"" HASH "\",\"name\":\"a.pdf\",\"size\":5,\"type\":\"application/pdf\"}"

static XhCatalog *catalog;

static void
test_type (void)
{
  static const struct { const char *bytes; gsize length; const char *name, *type; } cases[] = {
    { "\xFF\xD8\xFF\xE0", 4, "x.jpg", "image/jpeg" },
    { "\xFF\xD8\xFF\xE0", 4, "x.exe", "image/jpeg" },
    { "\x89PNG\r\n\x1A\n", 8, "x", "image/png" },
    { "PK\x03\x04", 4, "表.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    { "PK\x03\x04", 4, "x", "application/zip" },
    { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "x.xls", "application/vnd.ms-excel" },
    { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "x.msi", NULL },
    { "a,b\n", 4, "x.csv", "text/csv" },
    { "a,b\n", 4, "x.sh", NULL },
    { "#!/bin/sh", 9, "x.txt", NULL },
    { " <svg", 5, "x.txt", NULL },
    { "\x7f" "ELF", 4, "x.png", NULL },
    { "MZ", 2, "x.pdf", NULL },
    { "", 0, "x.txt", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (xh_attachment_find_type ((const guint8 *) cases[i].bytes, cases[i].length, cases[i].name), ==, cases[i].type);
  g_assert_true (xh_attachment_type_fits ("image/png", (const guint8 *) "\x89PNG\r\n\x1A\n", 8));
  g_assert_false (xh_attachment_type_fits ("image/png", (const guint8 *) "\xFF\xD8\xFF", 3));
  g_assert_true (xh_attachment_types_alike ("text/csv", "text/plain"));
  g_assert_false (xh_attachment_types_alike ("image/png", "image/jpeg"));
}

static void
test_name (void)
{
  static const struct { const char *name, *clean; } cases[] = {
    { "/a/b/授权书 1.jpg", "授权书 1.jpg" }, { "..\\x:y.jpg", "xy.jpg" }, { ".bashrc", "bashrc" }, { "a\nb\t.jpg", "ab.jpg" },
    { "x\xe2\x80\xaegpj.exe", "xgpj.exe" }, { "a\xff.jpg", "a\xef\xbf\xbd.jpg" },
  };
  g_autofree char *wide = g_strnfill (300, 'x'), *cut = xh_attachment_clean_name (wide, "image/jpeg"), *none = xh_attachment_clean_name ("...", "image/jpeg");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = xh_attachment_clean_name (cases[i].name, "image/jpeg");

      g_assert_cmpstr (clean, ==, cases[i].clean);
    }
  g_assert_cmpuint (strlen (cut), ==, XH_ATTACHMENT_NAME_MAX);
  g_assert_true (g_str_has_suffix (cut, "xx.jpg"));
  g_assert_cmpuint (strlen (none), >, 0);
}

static void
test_value (void)
{
  static const char *const bad[] = {
    "", "{}", "[1]", "[{}]", "[{\"hash\":\"" HASH "\"}]",
    "[{\"hash\":\"E3B0\",\"name\":\"a\",\"size\":5,\"type\":\"application/pdf\"}]",
    "[{\"hash\":\"" HASH "\",\"name\":\"a/b\",\"size\":5,\"type\":\"application/pdf\"}]",
    "[{\"hash\":\"" HASH "\",\"name\":\"\",\"size\":5,\"type\":\"application/pdf\"}]",
    "[{\"hash\":\"" HASH "\",\"name\":\"a\",\"size\":0,\"type\":\"application/pdf\"}]",
    "[{\"hash\":\"" HASH "\",\"name\":\"a\",\"size\":5.5,\"type\":\"application/pdf\"}]",
    "[{\"hash\":\"" HASH "\",\"name\":\"a\",\"size\":999999999999999,\"type\":\"application/pdf\"}]",
    "[{\"hash\":\"" HASH "\",\"name\":\"a\",\"size\":5,\"type\":\"text/html\"}]",
    "[{\"hash\":\"" HASH "\",\"name\":\"a\",\"size\":5,\"type\":\"application/pdf\",\"more\":1}]",
    "[" ONE "," ONE "]",
  };
  g_autofree char *text = xh_attachments_normalise ("[ " ONE " ]", catalog, NULL);
  g_autoptr (GPtrArray) files = xh_attachments_parse (text);
  g_auto (XhValue) value = XH_VALUE_INIT;

  g_assert_cmpstr (text, ==, "[" ONE "]");
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_cmpint (xh_attachments_find (files, HASH), ==, 0);
  xh_attachments_write (files, &value);
  g_assert_cmpstr (xh_value_as_text (&value), ==, text);
  g_ptr_array_set_size (files, 0);
  xh_attachments_write (files, &value);
  g_assert_true (xh_value_is_null (&value));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      if (xh_attachments_normalise (bad[i], catalog, &error) != NULL)
        g_error ("%s was taken", bad[i]);
      g_assert_error (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  catalog = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_assert_no_error (error);
  g_test_add_func ("/model/attachment/type-by-first-bytes-and-name", test_type);
  g_test_add_func ("/model/attachment/name-is-made-harmless", test_name);
  g_test_add_func ("/model/attachment/value-is-checked", test_value);
  status = g_test_run ();
  xh_catalog_unref (catalog);
  return status;
}
