/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "package.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static void
add_part (struct archive *archive, const char *name, const char *content)
{
  struct archive_entry *entry = archive_entry_new ();
  gsize length = strlen (content);

  archive_entry_set_pathname (entry, name);
  archive_entry_set_size (entry, (la_int64_t) length);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_data (archive, content, length), ==, (la_ssize_t) length);
  archive_entry_free (entry);
}

char *
package_new (const char *workbook_extra, ...)
{
  struct archive *archive = archive_write_new ();
  g_autofree char *workbook = g_strdup_printf ("<?xml version=\"1.0\"?><workbook xmlns:r=\"http://r\">%s<sheets><sheet name=\"Hidden\" sheetId=\"2\""
                                               " state=\"hidden\" r:id=\"rId9\"/><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
                                               workbook_extra);
  char *path = NULL;
  const char *name;
  int file = g_file_open_tmp ("xinheng-XXXXXX.xlsx", &path, NULL);
  va_list parts;

  g_assert_cmpint (file, >=, 0);
  close (file);
  archive_write_set_format_zip (archive);
  g_assert_cmpint (archive_write_open_filename (archive, path), ==, ARCHIVE_OK);
  add_part (archive, "xl/workbook.xml", workbook);
  add_part (archive, "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"rId1\" Type=\"http://x/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
            "<Relationship Id=\"rId3\" Type=\"http://x/worksheet\" Target=\"worksheets/sheet3.xml\"/>"
            "<Relationship Id=\"rId2\" Type=\"http://x/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/></Relationships>");
  va_start (parts, workbook_extra);
  while ((name = va_arg (parts, const char *)) != NULL)
    add_part (archive, name, va_arg (parts, const char *));
  va_end (parts);
  g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  archive_write_free (archive);
  return path;
}
