/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file that somebody sends: .xlsx or .csv, whatever its first bytes say. It is read to its end or refused with words. */

#include "fuzz.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "../report/package.h"
#include "report/xh-sheet-reader.h"

/* What begins as XML is taken for the data of a sheet. */
static char *
write_input (const uint8_t *data, size_t size)
{
  char *path = NULL;
  int file;

  if (size > 0 && data[0] == '<')
    {
      g_autofree char *xml = g_strndup ((const char *) data, size);

      return package_new ("", "xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>", "xl/worksheets/sheet1.xml", xml, NULL);
    }
  file = g_file_open_tmp ("xinheng-fuzz-XXXXXX", &path, NULL);
  g_assert_cmpint (file, >=, 0);
  if (write (file, data, size) != (gssize) size)
    g_error ("No room for a temporary file");
  close (file);
  return path;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *path = write_input (data, size);
  g_autoptr (XhSheetReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  const XhCell *cells;
  guint n, row, rows = 0;

  reader = xh_sheet_reader_open (path, &error);
  while (reader != NULL && rows++ < 10000 && xh_sheet_reader_next (reader, &cells, &n, &row, &error))
    for (guint i = 0; i < n; i++)
      g_assert_nonnull (cells[i].text);
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_unlink (path);
  return 0;
}
