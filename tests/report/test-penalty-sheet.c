/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The clerk's day: 3,000 penalties of the last years in one sheet with the columns of the national standard, 200 of them wrong in one way
 * or another, through the command into a real data folder. 2,800 go in, 200 come back with the reason at the cell, corrected they go in,
 * and nothing goes in twice. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "model/xh-identifiers.h"
#include "report/xh-sheet-writer.h"

#define N_ROWS 3000
#define N_FAULTY 200
#define EVERY (N_ROWS / N_FAULTY)
#define N_FAULTS 14

static const char *const titles[] = {
  "行政相对人名称", "行政相对人类别", "行政相对人代码_1(统一社会信用代码)", "行政相对人代码_2(工商注册号)", "行政相对人代码_3(组织机构代码)",
  "行政相对人代码_4(税务登记号)", "行政相对人代码_5(事业单位证书号)", "行政相对人代码_6(社会组织登记证号)", "法定代表人", "法定代表人证件类型",
  "法定代表人证件号码", "证件类型", "证件号码", "行政处罚决定书文号", "违法行为类型", "违法事实", "处罚依据", "处罚类别", "处罚内容",
  "罚款金额(万元)", "没收违法所得、没收非法财物的金额(万元)", "暂扣或吊销证照名称及编号", "处罚决定日期", "处罚有效期", "公示截止期", "处罚机关",
  "处罚机关统一社会信用代码", "数据来源单位", "数据来源单位统一社会信用代码", "备注",
};

enum { NAME, TYPE, USCC, LEGAL = 8, CERT_TYPE = 11, CERT = 12, DOC = 13, VIOLATION, FACTS, BASIS, KINDS, CONTENT, FINE, SEIZED, DECIDED = 22, UNTIL,
       DISPLAY, AUTHORITY, AUTHORITY_CODE, SOURCE, SOURCE_CODE, REMARK, N_COLUMNS };

typedef struct
{
  char *folder, *data;
} Office;

/* --- rows */

static char *
make_uscc (const char *start, guint number)
{
  g_autofree char *body = g_strdup_printf ("%s%09u", start, number);
  char check = xh_uscc_check_character (body);

  return g_strdup_printf ("%s%c", body, check);
}

static char *
make_id (guint number)
{
  g_autofree char *body = g_strdup_printf ("410421%04u%02u%02u%03u", 1950 + number % 50, 1 + number % 12, 1 + number % 28, number % 1000);

  return g_strdup_printf ("%s%c", body, xh_id_number_check_character (body));
}

static gboolean
is_person (guint row)
{
  return row % 3 == 2;
}

/* The row as it is right: text cells of all columns. */
static char **
make_row (guint row)
{
  static const char *const kinds[] = { "罚款", "警告", "警告；罚款", "没收违法所得、没收非法财物；罚款", "罚款、责令停产停业" };
  static const char *const dates[] = { "%04u-%02u-%02u", "%04u/%02u/%02u", "%04u.%u.%u", "%04u%02u%02u", "%04u年%u月%u日" };
  char **cells = g_new0 (char *, N_COLUMNS + 1);
  guint kind = row % 5;

  for (guint i = 0; i < N_COLUMNS; i++)
    cells[i] = g_strdup ("");
#define PUT(column, text) (g_free (cells[column]), cells[column] = (text))
  PUT (NAME, is_person (row) ? g_strdup_printf ("演示人%04u", row) : g_strdup_printf ("宝丰县演示%04u商贸有限公司", row));
  PUT (TYPE, g_strdup (is_person (row) ? "自然人" : row % 6 == 0 ? "个体工商户" : "法人及非法人组织"));
  if (is_person (row))
    {
      PUT (CERT_TYPE, g_strdup ("身份证"));
      PUT (CERT, make_id (row));
    }
  else
    {
      PUT (USCC, make_uscc (row % 6 == 0 ? "92410421" : "91410421", 100000 + row));
      PUT (LEGAL, g_strdup_printf ("演示法人%u", row));
    }
  PUT (DOC, g_strdup_printf ("宝市监罚〔2025〕%04u号", row));
  PUT (VIOLATION, g_strdup ("销售不合格产品"));
  PUT (FACTS, g_strdup_printf ("演示：第%u号案件，货架上有过期食品。", row));
  PUT (BASIS, g_strdup ("《中华人民共和国食品安全法》第一百二十四条"));
  PUT (KINDS, g_strdup (kinds[kind]));
  PUT (CONTENT, g_strdup ("依法作出处罚。"));
  if (strstr (kinds[kind], "罚款"))
    PUT (FINE, g_strdup_printf ("%u.%02u", row % 7, row % 99 + 1));
  if (strstr (kinds[kind], "没收"))
    PUT (SEIZED, g_strdup ("0.123456"));
  PUT (DECIDED, g_strdup_printf (dates[kind], 2025, row % 12 + 1, row % 28 + 1));
  PUT (UNTIL, g_strdup ("2099/12/31"));
  PUT (DISPLAY, g_strdup ("2030-01-01"));
  PUT (AUTHORITY, g_strdup ("宝丰县市场监督管理局"));
  PUT (AUTHORITY_CODE, make_uscc ("11410421", 5501));
  PUT (SOURCE, g_strdup ("宝丰县市场监督管理局"));
  PUT (SOURCE_CODE, make_uscc ("11410421", 5501));
  PUT (REMARK, g_strdup_printf ("第%u条", row));
  return cells;
}

/* A whole number of the kind of row that fits the fault. */
static guint
faulty_row (guint fault)
{
  guint row = fault * EVERY + 3, type = fault % N_FAULTS;

  while (type == 2 || type == 9 ? !is_person (row) : type == 0 || type == 1 ? is_person (row) : type == 7 || type == 8 ? row % 5 == 1 : FALSE)
    row++;
  return row;
}

/* Makes one cell wrong; returns its column. */
static guint
spoil (char **cells, guint row, guint type)
{
  char *uscc;
  g_auto (GStrv) before = NULL;

  switch (type)
    {
    case 0:
      cells[USCC][17] = cells[USCC][17] == '1' ? '2' : '1';
      return USCC;
    case 1:
      PUT (USCC, g_strdup ("9.14104E+17"));
      return USCC;
    case 2:
      PUT (CERT, g_strdup ("410421199001010000")); /* written as a number */
      return CERT;
    case 3:
      PUT (DOC, g_strdup (""));
      return DOC;
    case 4:
      PUT (DECIDED, g_strdup ("11/12/2025"));
      return DECIDED;
    case 5:
      PUT (DECIDED, g_strdup ("2025-02-30"));
      return DECIDED;
    case 6:
      PUT (KINDS, g_strdup ("打板子"));
      return KINDS;
    case 7:
      PUT (FINE, g_strdup (""));
      return FINE;
    case 8:
      PUT (FINE, g_strdup ("五万元整"));
      return FINE;
    case 9:
      uscc = make_uscc ("91410421", 100000 + row);
      PUT (USCC, uscc);
      return USCC;
    case 10:
      PUT (DECIDED, g_strdup ("2029-01-01"));
      return DECIDED;
    case 11:
      before = make_row (row - 1);
      PUT (NAME, g_strdup (before[NAME]));
      PUT (DOC, g_strdup (before[DOC]));
      return G_MAXUINT; /* the row as a whole */
    case 12:
      PUT (AUTHORITY_CODE, g_strdup (""));
      return AUTHORITY_CODE;
    default:
      PUT (TYPE, g_strdup ("外星人"));
      return TYPE;
    }
}

static void
write_row (XhSheetWriter *writer, char **cells, guint number_column)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    if (i == number_column)
      xh_sheet_writer_number (writer, i, g_ascii_strtod (cells[i], NULL), cells[i]);
    else
      xh_sheet_writer_text (writer, i, cells[i]);
  g_assert_true (xh_sheet_writer_next (writer, NULL));
}

static XhSheetWriter *
new_sheet (const char *path)
{
  XhSheetColumn columns[N_COLUMNS] = { 0 };
  XhSheetWriter *writer;

  for (guint i = 0; i < N_COLUMNS; i++)
    columns[i].title = titles[i];
  writer = xh_sheet_writer_new (path, "行政处罚", columns, N_COLUMNS, NULL);
  g_assert_nonnull (writer);
  return writer;
}

static void
write_sheet (const char *path)
{
  XhSheetWriter *writer = new_sheet (path);
  guint fault = 0;

  for (guint row = 0; row < N_ROWS; row++)
    {
      g_auto (GStrv) cells = make_row (row);
      guint number_column = G_MAXUINT;

      if (fault < N_FAULTY && row == faulty_row (fault))
        {
          spoil (cells, row, fault % N_FAULTS);
          if (fault % N_FAULTS == 2)
            number_column = CERT;
          fault++;
        }
      write_row (writer, cells, number_column);
    }
  g_assert_cmpuint (fault, ==, N_FAULTY);
  g_assert_true (xh_sheet_writer_close (writer, NULL));
  xh_sheet_writer_free (writer);
}

/* --- the command */

static char *
run (Office *office, const char *command, ...)
{
  g_autoptr (GPtrArray) args = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *errors = NULL;
  char *output = NULL;
  const char *arg;
  va_list more;

  g_ptr_array_add (args, (gpointer) g_getenv ("XH_SERVER"));
  g_ptr_array_add (args, (gpointer) command);
  g_ptr_array_add (args, (gpointer) "--data");
  g_ptr_array_add (args, office->data);
  va_start (more, command);
  while ((arg = va_arg (more, const char *)) != NULL)
    g_ptr_array_add (args, (gpointer) arg);
  va_end (more);
  g_ptr_array_add (args, NULL);
  process = g_subprocess_newv ((const char *const *) args->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, &errors, &error));
  if (g_subprocess_get_exit_status (process) != 0)
    g_error ("%s: %s", command, errors);
  g_test_message ("%s: %s%s", command, output, errors);
  return output;
}

static void
assert_result (const char *line, guint rows, guint added, guint changed, guint same, guint faulty)
{
  g_autoptr (JsonNode) node = json_from_string (line, NULL);
  JsonObject *result = json_node_get_object (node);

  g_assert_cmpstr (json_object_get_string_member (result, "kind"), ==, "penalty");
  g_assert_cmpint (json_object_get_int_member (result, "rows"), ==, rows);
  g_assert_cmpint (json_object_get_int_member (result, "faulty"), ==, faulty);
  g_assert_cmpint (json_object_get_int_member (result, "added"), ==, added);
  g_assert_cmpint (json_object_get_int_member (result, "changed"), ==, changed);
  g_assert_cmpint (json_object_get_int_member (result, "same"), ==, same);
}

static void
office_open (Office *office)
{
  g_autofree char *output = NULL;

  office->folder = g_dir_make_tmp ("xinheng-sheet-XXXXXX", NULL);
  office->data = g_build_filename (office->folder, "data", NULL);
  output = run (office, "init", "--catalog", g_getenv ("XH_CATALOG"), NULL);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
office_close (Office *office)
{
  remove_folder (office->folder);
  g_free (office->folder);
  g_free (office->data);
}

/* --- what came back */

static const char *
text_at (const XhCell *cells, guint n, guint column)
{
  return column < n ? cells[column].text : "";
}

/* The faulty rows as they came, each with the cell put right as a person would; every row must say what is wrong in it. */
static void
correct (const char *errors, const char *corrected)
{
  XhSheetReader *reader = xh_sheet_reader_open (errors, NULL);
  XhSheetWriter *writer;
  const XhCell *cells;
  guint n, number, fault = 0;
  XhSheetColumn columns[N_COLUMNS + 1] = { 0 };

  g_assert_nonnull (reader);
  g_assert_true (xh_sheet_reader_next (reader, &cells, &n, &number, NULL));
  g_assert_cmpuint (n, ==, N_COLUMNS + 1);
  g_assert_cmpstr (cells[N_COLUMNS].text, ==, "原因");
  for (guint i = 0; i < N_COLUMNS; i++)
    columns[i].title = titles[i];
  columns[N_COLUMNS].title = "原因";
  writer = xh_sheet_writer_new (corrected, NULL, columns, N_COLUMNS + 1, NULL);
  while (xh_sheet_reader_next (reader, &cells, &n, &number, NULL))
    {
      guint row = faulty_row (fault), type = fault % N_FAULTS;
      g_auto (GStrv) right = make_row (row), wrong = make_row (row);
      guint column = spoil (wrong, row, type);

      g_assert_cmpstr (text_at (cells, n, REMARK), ==, right[REMARK]);
      g_assert_cmpstr (text_at (cells, n, N_COLUMNS), !=, "");
      /* All of the row is there, the wrong cell as it was. */
      for (guint i = 0; i < N_COLUMNS; i++)
        g_assert_cmpstr (text_at (cells, n, i), ==, wrong[i]);
      if (column != G_MAXUINT && type != 7 && type != 9)
        g_assert_true (strchr (text_at (cells, n, N_COLUMNS), ':') != NULL || strstr (text_at (cells, n, N_COLUMNS), "：") != NULL);
      for (guint i = 0; i < N_COLUMNS; i++)
        xh_sheet_writer_text (writer, i, right[i]);
      xh_sheet_writer_text (writer, N_COLUMNS, text_at (cells, n, N_COLUMNS));
      g_assert_true (xh_sheet_writer_next (writer, NULL));
      fault++;
    }
  g_assert_cmpuint (fault, ==, N_FAULTY);
  g_assert_true (xh_sheet_writer_close (writer, NULL));
  xh_sheet_writer_free (writer);
  xh_sheet_reader_free (reader);
}

/* The exported sheet with one cell of one row changed. */
static void
edit_export (const char *path, const char *edited)
{
  XhSheetReader *reader = xh_sheet_reader_open (path, NULL);
  XhSheetWriter *writer = NULL;
  XhSheetColumn columns[200] = { 0 };
  g_auto (GStrv) heads = NULL;
  guint width, basis = 0, n, number;
  const XhCell *cells;

  g_assert_true (xh_sheet_reader_next (reader, &cells, &n, &number, NULL));
  width = n;
  heads = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      columns[i].title = heads[i] = g_strdup (cells[i].text);
      if (strcmp (heads[i], "处罚依据") == 0)
        basis = i;
    }
  g_assert_cmpuint (basis, >, 0);
  writer = xh_sheet_writer_new (edited, NULL, columns, width, NULL);
  for (guint row = 0; xh_sheet_reader_next (reader, &cells, &n, &number, NULL); row++)
    {
      for (guint i = 0; i < n; i++)
        xh_sheet_writer_text (writer, i, row == 100 && i == basis ? "《中华人民共和国产品质量法》第四十九条" : cells[i].text);
      g_assert_true (xh_sheet_writer_next (writer, NULL));
    }
  g_assert_true (xh_sheet_writer_close (writer, NULL));
  xh_sheet_writer_free (writer);
  xh_sheet_reader_free (reader);
}

#define IN(name) g_build_filename (office.folder, name, NULL)
#define IMPORT(...) (g_free (line), line = run (&office, "import", "penalty", __VA_ARGS__, "--set", "data_unit=scjdglj", "--set", "tier=general", NULL))

static void
test_office_day (void)
{
  Office office;
  g_autofree char *line = NULL;
  g_autofree char *sheet = NULL, *errors = NULL, *corrected = NULL, *exported = NULL, *edited = NULL;

  office_open (&office);
  sheet = IN ("penalties.xlsx");
  errors = IN ("errors.xlsx");
  corrected = IN ("corrected.xlsx");
  exported = IN ("exported.xlsx");
  edited = IN ("edited.csv");
  write_sheet (sheet);

  IMPORT (sheet, "--dry-run");
  assert_result (line, N_ROWS, N_ROWS - N_FAULTY, 0, 0, N_FAULTY);
  IMPORT (sheet, "--errors", errors);
  assert_result (line, N_ROWS, N_ROWS - N_FAULTY, 0, 0, N_FAULTY);
  IMPORT (sheet);
  assert_result (line, N_ROWS, 0, 0, N_ROWS - N_FAULTY, N_FAULTY);

  correct (errors, corrected);
  IMPORT (corrected);
  assert_result (line, N_FAULTY, N_FAULTY, 0, 0, 0);
  IMPORT (corrected);
  assert_result (line, N_FAULTY, 0, 0, N_FAULTY, 0);

  g_free (run (&office, "export", "penalty", exported, NULL));
  IMPORT (exported);
  assert_result (line, N_ROWS, 0, 0, N_ROWS, 0);
  edit_export (exported, edited);
  IMPORT (edited);
  assert_result (line, N_ROWS, 0, 1, N_ROWS - 1, 0);
  IMPORT (edited);
  assert_result (line, N_ROWS, 0, 0, N_ROWS, 0);
  g_free (run (&office, "check", NULL));
  office_close (&office);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/penalty-sheet/office-day", test_office_day);
  return g_test_run ();
}
