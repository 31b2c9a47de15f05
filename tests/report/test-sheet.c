/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "package.h"
#include "report/xh-sheet-private.h"
#include "report/xh-sheet-writer.h"

#define STRINGS(items) "xl/sharedStrings.xml", "<sst>" items "</sst>"
#define NO_STRINGS STRINGS ("")
#define STYLES "xl/styles.xml", "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>" \
  "<numFmt numFmtId=\"165\" formatCode=\"0.00_ ;[Red]-0.00\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/>" \
  "<xf numFmtId=\"165\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"

/* All rows as "row:cell|cell", a date with D before it, a number with N. */
static char *
read_all (const char *path, GError **error)
{
  g_autoptr (XhSheetReader) reader = xh_sheet_reader_open (path, error);
  g_autoptr (GError) failure = NULL;
  GString *all = g_string_new (NULL);
  const XhCell *cells;
  guint n, row;

  while (reader != NULL && xh_sheet_reader_next (reader, &cells, &n, &row, &failure))
    {
      g_string_append_printf (all, "%s%u:", all->len > 0 ? "\n" : "", row);
      for (guint i = 0; i < n; i++)
        g_string_append_printf (all, "%s%s%s", i > 0 ? "|" : "", cells[i].type == XH_CELL_DATE ? "D" : cells[i].type == XH_CELL_NUMBER ? "N" : "",
                                cells[i].text);
    }
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return g_string_free (all, FALSE);
}

static void
assert_rows (const char *path, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *all = read_all (path, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (all, ==, expected);
  g_unlink (path);
}

static void
assert_refused (const char *path, XhSheetError code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *all = read_all (path, &error);

  g_assert_error (error, XH_SHEET_ERROR, (int) code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_unlink (path);
}

static char *
write_file (const char *content, gssize length)
{
  char *path = NULL;
  int file = g_file_open_tmp ("xinheng-XXXXXX.csv", &path, NULL);

  close (file);
  g_assert_true (g_file_set_contents (path, content, length, NULL));
  return path;
}

/* --- csv */

static void
test_csv_forms (void)
{
  static const char *const pairs[][2] = {
    { "a,b\r\n1,2\r\n", "1:a|b\n2:1|2" },
    { "\xEF\xBB\xBF名称;日期\n\"张;三\";2026\n", "1:名称|日期\n2:张;三|2026" },
    { "a\tb\n\"x\"\"y\"\t\"two\nlines\"", "1:a|b\n2:x\"y|two\nlines" },
    { "sep=;\na,1;b\n", "1:a,1|b" },
    { "a,b\n\n,,\nx,\n", "1:a|b\n4:x" },
    { "a\n=\"410421199001011234\"\n'=1+1\n", "1:a\n2:410421199001011234\n3:=1+1" },
    { "a,b\rc,d\r", "1:a|b\n2:c|d" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *path = write_file (pairs[i][0], -1);

      assert_rows (path, pairs[i][1]);
    }
}

static void
test_csv_encodings (void)
{
  static const char *const charsets[] = { "GB18030", "UTF-16LE" };

  for (guint i = 0; i < G_N_ELEMENTS (charsets); i++)
    {
      g_autoptr (GString) text = g_string_new (i == 1 ? "\xEF\xBB\xBF名称,单位\n" : "名称,单位\n");
      g_autoptr (GString) expected = g_string_new ("1:名称|单位");
      g_autofree char *bytes = NULL, *path = NULL;
      gsize length;

      /* Long enough that characters are cut by the blocks of the reader. */
      for (guint row = 2; row < 9000; row++)
        {
          g_string_append_printf (text, "宝丰县%u,信用办\n", row);
          g_string_append_printf (expected, "\n%u:宝丰县%u|信用办", row, row);
        }
      bytes = g_convert (text->str, (gssize) text->len, charsets[i], "UTF-8", NULL, &length, NULL);
      path = write_file (bytes, (gssize) length);
      assert_rows (path, expected->str);
    }
}

static void
test_csv_hostile (void)
{
  g_autofree char *quote = g_strnfill (300000, 'x');
  g_autofree char *wide = g_strnfill (2000, ',');
  g_autofree char *open = g_strconcat ("a\n\"", quote, NULL), *many = g_strconcat (wide, "x", NULL);
  g_autofree char *one = write_file (open, -1), *two = write_file (many, -1), *three = write_file ("a\xFF\xFE\xFF\n", -1);
  g_autofree char *four = write_file ("<html><table>", -1), *five = write_file ("\xD0\xCF\x11\xE0 old", -1), *six = write_file ("", -1);
  g_autofree char *seven = write_file ("a\0b,c\n", 6), *eight = write_file ("a,b\n1,\"two\n3,4\n5,6\n", -1);

  assert_refused (one, XH_SHEET_ERROR_LIMIT);
  assert_refused (two, XH_SHEET_ERROR_LIMIT);
  assert_refused (three, XH_SHEET_ERROR_FORMAT);
  assert_refused (four, XH_SHEET_ERROR_FORMAT);
  assert_refused (five, XH_SHEET_ERROR_FORMAT);
  assert_refused (six, XH_SHEET_ERROR_FORMAT);
  assert_refused (seven, XH_SHEET_ERROR_FORMAT);
  assert_refused (eight, XH_SHEET_ERROR_FORMAT); /* or three rows were one */
  assert_refused ("/nowhere/at/all.csv", XH_SHEET_ERROR_FILE);
}

/* --- xlsx */

static void
test_xlsx_cells (void)
{
  g_autofree char *path = package_new ("<workbookPr/>", STRINGS ("<si><t>共享_x000A_文字</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si>"), STYLES,
    SHEET ("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>"
           "<row r=\"3\"><c t=\"inlineStr\"><is><t>in</t><rPh><t>no</t></rPh></is></c><c><v>0.30000000000000004</v></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c></row>"
           "<row><c s=\"1\"><v>46348</v></c><c s=\"2\"><v>60</v></c><c s=\"3\"><v>46348</v></c><c s=\"4\"><v>46348.5</v></c><c s=\"1\"><v>1</v></c></row>"
           "<row><c t=\"str\"><f>A1&amp;\"x\"</f><v>sum</v></c><c><f>1+1</f></c><c t=\"inlineStr\"><is><t>a_x000D_b</t></is></c></row>"
           "<row><c><v>4.1042119900101101E+17</v></c><c><v>410421199001011234</v></c><c><v>1E-7</v></c></row>"),
    NULL);

  assert_rows (path, "1:共享\n文字||rich text\n3:in|N0.3|1|#N/A\n4:D2026-11-22|N60|N46348|D2026-11-22 12:00:00|D1900-01-01\n5:sum||a\rb\n"
                     "6:N410421199001011000|N410421199001011234|N0.0000001");
}

static void
test_xlsx_1904 (void)
{
  g_autofree char *path = package_new ("<workbookPr date1904=\"1\"/>", NO_STRINGS, STYLES, SHEET ("<row><c s=\"1\"><v>44886</v></c></row>"), NULL);

  assert_rows (path, "1:D2026-11-22");
}

static void
test_xlsx_hostile (void)
{
  g_autofree char *deep_inside = g_strnfill (100, 'x'), *deep = NULL, *wide = NULL;
  g_autoptr (GString) nested = g_string_new (NULL);
  g_autofree char *entity = package_new ("", NO_STRINGS, "xl/worksheets/sheet1.xml",
    "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><worksheet><sheetData><row><c t=\"inlineStr\"><is><t>&b;</t></is></c></row></sheetData></worksheet>", NULL);
  g_autofree char *far_row = package_new ("", NO_STRINGS, SHEET ("<row r=\"99999999\"><c><v>1</v></c></row>"), NULL);
  g_autofree char *far_column = package_new ("", NO_STRINGS, SHEET ("<row><c r=\"ZZZ1\"><v>1</v></c></row>"), NULL);
  g_autofree char *far_empty = package_new ("", NO_STRINGS, SHEET ("<row><c><v>1</v></c><c r=\"XFD1\" s=\"1\"/></row>"), NULL);
  g_autofree char *no_text = package_new ("", NO_STRINGS, SHEET ("<row><c t=\"s\"><v>7</v></c></row>"), NULL);
  g_autofree char *broken = package_new ("", NO_STRINGS, SHEET ("<row><c><v>1</c></row>"), NULL);
  g_autofree char *no_sheet = package_new ("", NO_STRINGS, NULL);
  g_autofree char *no_zip = write_file ("PK\003\004 and nothing more", -1);

  for (guint i = 0; i < 500; i++)
    g_string_append (nested, "<a>");
  deep = package_new ("", NO_STRINGS, "xl/worksheets/sheet1.xml", nested->str, NULL);
  wide = g_strnfill (200000, 'y');
  g_string_printf (nested, "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>%s</t></is></c></row></sheetData></worksheet>", wide);
  g_free (wide);
  wide = package_new ("", NO_STRINGS, "xl/worksheets/sheet1.xml", nested->str, NULL);

  assert_refused (entity, XH_SHEET_ERROR_FORMAT);
  assert_refused (far_row, XH_SHEET_ERROR_LIMIT);
  assert_refused (far_column, XH_SHEET_ERROR_LIMIT);
  assert_rows (far_empty, "1:N1");
  assert_refused (no_text, XH_SHEET_ERROR_FORMAT);
  assert_refused (broken, XH_SHEET_ERROR_FORMAT);
  assert_refused (no_sheet, XH_SHEET_ERROR_FORMAT);
  assert_refused (no_zip, XH_SHEET_ERROR_FORMAT);
  assert_refused (deep, XH_SHEET_ERROR_LIMIT);
  assert_refused (wide, XH_SHEET_ERROR_LIMIT);
}

#define TWO_SHEETS "<sheets><sheet name=\"封面\" sheetId=\"3\" r:id=\"rId3\"/></sheets>"
#define COVER "xl/worksheets/sheet3.xml", "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>说明</t></is></c></row></sheetData></worksheet>"

static void
assert_first_cell (const char *path, const char *sheet, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhSheetReader) reader = xh_sheet_reader_open_sheet (path, sheet, &error);
  const XhCell *cells;
  guint n, row;

  g_assert_no_error (error);
  g_assert_true (xh_sheet_reader_next (reader, &cells, &n, &row, &error));
  g_assert_cmpstr (cells[0].text, ==, expected);
}

/* Sheets that are shown go by their names; a hidden one is none. */
static void
test_xlsx_sheets (void)
{
  g_autofree char *path = package_new (TWO_SHEETS, NO_STRINGS, COVER, SHEET ("<row><c t=\"inlineStr\"><is><t>数据</t></is></c></row>"), NULL);
  g_autoptr (XhSheetReader) reader = xh_sheet_reader_open (path, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;
  guint opened;

  names = xh_sheet_reader_dup_names (reader, &opened);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "封面");
  g_assert_cmpuint (opened, ==, 0);
  assert_first_cell (path, NULL, "说明");
  assert_first_cell (path, "S", "数据");
  g_assert_null (xh_sheet_reader_open_sheet (path, "Hidden", &error));
  g_assert_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT);
  g_unlink (path);
}

/* 100 MB of rows that pack a thousand to one. */
static void
test_xlsx_bomb (void)
{
  g_autoptr (GString) sheet = g_string_new ("<worksheet><sheetData>");
  g_autofree char *path = NULL;

  while (sheet->len < 100u << 20)
    g_string_append (sheet, "<row><c t=\"inlineStr\"><is><t>0</t></is></c></row>");
  path = package_new ("", NO_STRINGS, "xl/worksheets/sheet1.xml", sheet->str, NULL);
  assert_refused (path, XH_SHEET_ERROR_LIMIT);
}

/* --- written and read back */

static void
fill (XhSheetWriter *writer)
{
  xh_sheet_writer_text (writer, 0, "410421199001011234");
  xh_sheet_writer_number (writer, 1, 1.234567, "1.234567");
  xh_sheet_writer_date (writer, 2, "2026-11-22");
  xh_sheet_writer_text (writer, 3, "=HYPERLINK(\"http://x\")");
  g_assert_true (xh_sheet_writer_next (writer, NULL));
  xh_sheet_writer_text (writer, 3, "-5");
  xh_sheet_writer_mark (writer, 0, "两行\n字", "错了");
  xh_sheet_writer_date (writer, 2, "1890-01-01");
  g_assert_true (xh_sheet_writer_next (writer, NULL));
}

static char *
temporary (const char *ending)
{
  g_autofree char *folder = g_dir_make_tmp ("xinheng-XXXXXX", NULL);
  char *path = g_strconcat (folder, ending, NULL);

  g_rmdir (folder);
  return path;
}

static void
test_written_read_back (void)
{
  static const char *const endings[] = { ".xlsx", ".csv" };
  g_autoptr (GPtrArray) choices = g_ptr_array_new ();

  g_ptr_array_add (choices, (gpointer) "是");
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      const XhSheetColumn columns[] = { { .title = "代码", .note = "18位" }, { .title = "金额", .type = XH_COLUMN_NUMBER, .format = "#,##0.00" },
                                        { .title = "日期", .type = XH_COLUMN_DATE, .required = TRUE },
                                        { .title = "备注", .choices = choices, .hidden = TRUE } };
      g_autofree char *path = temporary (endings[i]);
      g_autoptr (XhSheetWriter) writer = xh_sheet_writer_new (path, "a/b", columns, 4, NULL);

      fill (writer);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      g_assert_true (xh_sheet_writer_close (writer, NULL));
      assert_rows (path, i == 0 ? "1:代码|金额|日期|备注\n2:410421199001011234|N1.234567|D2026-11-22|=HYPERLINK(\"http://x\")\n3:两行\n字||1890-01-01|-5"
                                : "1:代码|金额|日期|备注\n2:410421199001011234|1.234567|2026-11-22|=HYPERLINK(\"http://x\")\n3:两行\n字||1890-01-01|-5");
    }
}

static void
test_dropped_leaves_nothing (void)
{
  const XhSheetColumn column = { .title = "a" };
  g_autofree char *path = temporary (".xlsx"), *part = g_strconcat (path, ".part", NULL);
  XhSheetWriter *writer = xh_sheet_writer_new (path, NULL, &column, 1, NULL);

  xh_sheet_writer_free (writer);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
}

static void
test_damaged (void)
{
  static const struct
  {
    XhCell cell;
    gboolean damaged;
  } cases[] = {
    { { XH_CELL_TEXT, "4.10421E+17", 0 }, TRUE },      { { XH_CELL_TEXT, "4,10421e+17", 0 }, TRUE },
    { { XH_CELL_TEXT, "410421199001011234", 0 }, FALSE }, { { XH_CELL_NUMBER, "410421199001010000", 4.1042119900101e17 }, TRUE },
    { { XH_CELL_NUMBER, "410421199001011234", 4.1042119900101e17 }, FALSE }, { { XH_CELL_NUMBER, "13800138000", 13800138000 }, FALSE },
    { { XH_CELL_TEXT, "1E5", 0 }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (xh_cell_is_damaged (&cases[i].cell), ==, cases[i].damaged);
}

/* --- memory */

static long
private_kb (void)
{
  g_autofree char *status = NULL;
  const char *line;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  line = strstr (status, "RssAnon:");
  return line != NULL ? atol (line + 8) : 0;
}

#define MANY_ROWS 100000
#define MANY_COLUMNS 10

static long
write_many (const char *path)
{
  XhSheetColumn columns[MANY_COLUMNS] = { 0 };
  g_autoptr (XhSheetWriter) writer = NULL;
  long most = 0;

  for (guint i = 0; i < MANY_COLUMNS; i++)
    columns[i].title = "列";
  writer = xh_sheet_writer_new (path, NULL, columns, MANY_COLUMNS, NULL);
  for (guint row = 0; row < MANY_ROWS; row++)
    {
      for (guint i = 0; i < MANY_COLUMNS; i++)
        {
          g_autofree char *text = g_strdup_printf ("第%u行%u列的文字", row, i);

          xh_sheet_writer_text (writer, i, text);
        }
      g_assert_true (xh_sheet_writer_next (writer, NULL));
      if (row % 10000 == 0)
        most = MAX (most, private_kb ());
    }
  g_assert_true (xh_sheet_writer_close (writer, NULL));
  return most;
}

static void
test_memory_is_flat (void)
{
  static const char *const endings[] = { ".xlsx", ".csv" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = temporary (endings[i]);
      long before = private_kb (), written = write_many (path), read = 0;
      XhSheetReader *reader = xh_sheet_reader_open (path, NULL);
      const XhCell *cells;
      guint n, number, rows = 0;

      while (xh_sheet_reader_next (reader, &cells, &n, &number, NULL))
        if (++rows % 10000 == 0)
          read = MAX (read, private_kb ());
      g_assert_cmpuint (rows, ==, MANY_ROWS + 1);
      xh_sheet_reader_free (reader);
      g_unlink (path);
      g_test_message ("%s: %ld KB before, %ld while writing, %ld while reading", endings[i], before, written, read);
      if (g_getenv ("XH_SANITIZED") == NULL)
        {
          g_assert_cmpint (written - before, <, 16 * 1024);
          g_assert_cmpint (read - before, <, 16 * 1024);
        }
    }
}

/* A workbook's shared texts: asked for in the order of the rows, with some that every row has. */
static void
test_shared_texts_are_bounded (void)
{
  const guint n = 600000;
  long before = private_kb (), most = 0;
  g_autoptr (XhStrings) strings = xh_strings_new ();
  g_autofree char *status = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("第%u行的文字，各不相同，放在文件里", i);

      g_assert_true (xh_strings_add (strings, text, strlen (text), NULL));
    }
  g_assert_true (xh_strings_seal (strings, NULL));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *wanted = g_strdup_printf ("第%u行的文字，各不相同，放在文件里", i);
      gsize length, first;
      const char *common = xh_strings_get (strings, i % 10, &first), *text = xh_strings_get (strings, i, &length);

      g_assert_true (common != NULL && first == strlen ("第0行的文字，各不相同，放在文件里"));
      g_assert_cmpmem (text, length, wanted, strlen (wanted));
      if (i % 50000 == 0)
        most = MAX (most, private_kb ());
    }
  g_assert_null (xh_strings_get (strings, n, &(gsize) { 0 }));
  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  g_test_message ("%ld KB before, %ld at most, then %s", before, most, strstr (status, "RssFile"));
  if (g_getenv ("XH_SANITIZED") == NULL)
    g_assert_cmpint (most - before, <, 8 * 1024);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/sheet/csv/separators-quotes-and-line-ends", test_csv_forms);
  g_test_add_func ("/report/sheet/csv/encodings-cut-by-blocks", test_csv_encodings);
  g_test_add_func ("/report/sheet/csv/hostile-is-refused", test_csv_hostile);
  g_test_add_func ("/report/sheet/xlsx/every-type-of-cell", test_xlsx_cells);
  g_test_add_func ("/report/sheet/xlsx/epoch-1904", test_xlsx_1904);
  g_test_add_func ("/report/sheet/xlsx/sheets-by-name", test_xlsx_sheets);
  g_test_add_func ("/report/sheet/xlsx/hostile-is-refused", test_xlsx_hostile);
  g_test_add_func ("/report/sheet/xlsx/bomb-is-refused", test_xlsx_bomb);
  g_test_add_func ("/report/sheet/written-is-read-back", test_written_read_back);
  g_test_add_func ("/report/sheet/dropped-leaves-nothing", test_dropped_leaves_nothing);
  g_test_add_func ("/report/sheet/damaged-codes-are-seen", test_damaged);
  g_test_add_func ("/report/sheet/memory-is-flat-at-100000-rows", test_memory_is_flat);
  g_test_add_func ("/report/sheet/shared-texts-take-bounded-memory", test_shared_texts_are_bounded);
  return g_test_run ();
}
