/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Papers: words, what is masked, how tables go on over pages, and that nothing stands beyond its place whatever the texts are. */

#include <glib/gstdio.h>
#include <string.h>

#include "report/xh-document-store.h"

#define ID_NUMBER "410421199003071234"

/* --- a paper of our own in the shipped catalog */

static XhCatalog *
load_with (const char *paper)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (XhCatalog) shipped = xh_catalog_load_folder (g_getenv ("XH_CATALOG"), &error);
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *quoted = g_strdup (paper), *text = NULL;
  g_autoptr (GBytes) bundle = NULL;
  JsonNode *node;
  XhCatalog *catalog;

  g_assert_no_error (error);
  if (paper == NULL)
    return g_steal_pointer (&shipped);
  root = json_from_string (g_bytes_get_data (xh_catalog_get_bundle (shipped), NULL), &error);
  g_assert_no_error (error);
  g_strdelimit (quoted, "'", '"');
  node = json_from_string (quoted, &error);
  g_assert_no_error (error);
  json_object_set_member (json_object_get_object_member (json_node_get_object (root), "files"), "documents/test.json", node);
  text = json_to_string (root, FALSE);
  bundle = g_bytes_new (text, strlen (text));
  catalog = xh_catalog_load_bundle (bundle, &error);
  g_assert_no_error (error);
  return catalog;
}

/* --- a source without a store: the same record again and again */

typedef struct
{
  XhRecord *record; /* what a query finds */
  guint n;
} Herd;

static gboolean
references_cb (gpointer data, const XhRecord *record, XhValue *values, GError **error)
{
  return TRUE;
}

static char *
title_cb (gpointer data, const char *id)
{
  return g_strdup ("某条记录");
}

static gboolean
each_cb (gpointer data, const XhDocumentQuery *query, const XhRecord *record, XhDocumentEach func, gpointer user_data, GError **error)
{
  Herd *herd = data;

  for (guint i = 0; i < herd->n; i++)
    if (!func (herd->record, user_data, error))
      return FALSE;
  return TRUE;
}

static gboolean
count_cb (gpointer data, const XhDocumentQuery *query, const XhRecord *record, gint64 *n, GError **error)
{
  *n = ((Herd *) data)->n;
  return TRUE;
}

static void
set (XhRecord *record, const char *field, const char *text)
{
  const XhValue value = { .type = XH_VALUE_TEXT, { .text = (char *) text } };

  g_assert_true (xh_record_set (record, field, &value));
}

static XhRecord *
make_commitment (XhCatalog *catalog)
{
  XhRecord *record = xh_record_new (xh_catalog_find_kind (catalog, "commitment"), NULL);

  set (record, "subject_type", "person");
  set (record, "subject_name", "王小明");
  set (record, "id_number", ID_NUMBER);
  set (record, "phone", "13812345678");
  set (record, "signed_on", "2026-11-02");
  set (record, "perform_by", "2027-01-31");
  set (record, "promise_type", "approval");
  set (record, "content", "按时、足额支付工资。");
  return record;
}

static XhDocument *
lay_out (XhCatalog *catalog, const char *name, const XhRecord *record, Herd *herd, const char *role, GError **error)
{
  const XhDocumentSource source = { herd, references_cb, title_cb, each_cb, count_cb };
  const XhDocumentOptions options = { .role = role, .user = "张三", .demo = FALSE };
  g_autoptr (XhDocument) document = xh_document_new (catalog, &source, &options);

  if (!xh_document_add (document, xh_catalog_find_document (catalog, name), record, NULL, error))
    return NULL;
  return g_steal_pointer (&document);
}

static char *
print_text (const char *blocks, const char *more, XhRecord *(*make) (XhCatalog *))
{
  g_autofree char *paper = g_strdup_printf ("{'name': 'test', 'version': 1, 'label': {'zh': '试'}, 'kind': 'commitment'%s, 'blocks': [%s]}", more, blocks);
  g_autoptr (XhCatalog) catalog = load_with (paper);
  g_autoptr (XhRecord) record = make (catalog);
  g_autoptr (GError) error = NULL;
  Herd herd = { record, 0 };
  g_autoptr (XhDocument) document = lay_out (catalog, "test", record, &herd, NULL, &error);
  g_autofree char *overflow = NULL;

  g_assert_no_error (error);
  overflow = xh_document_find_overflow (document);
  g_assert_null (overflow);
  return xh_document_get_text (document, 0);
}

#define assert_has(text, part) \
  do { if (strstr ((text), (part)) == NULL) g_error ("\"%s\" is not in: %s", (part), (text)); } while (0)
#define assert_lacks(text, part) \
  do { if (strstr ((text), (part)) != NULL) g_error ("\"%s\" is in: %s", (part), (text)); } while (0)

/* --- words */

static void
test_dates_in_words (void)
{
  static const char *const cases[][3] = {
    { "2026-11-22", "2026年11月22日", "二〇二六年十一月二十二日" },
    { "2030-01-05", "2030年1月5日", "二〇三〇年一月五日" },
    { "2026-10-10", "2026年10月10日", "二〇二六年十月十日" },
    { "2026-12-31", "2026年12月31日", "二〇二六年十二月三十一日" },
    { "长期", "长期", "长期" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *date = xh_document_date (cases[i][0]), *han = xh_document_han_date (cases[i][0]);

      g_assert_cmpstr (date, ==, cases[i][1]);
      g_assert_cmpstr (han, ==, cases[i][2]);
    }
}

static void
test_money_in_words (void)
{
  static const struct { gint64 fen; const char *words; } cases[] = {
    { 0, "零元整" },
    { 5, "伍分" },
    { 50, "伍角整" },
    { 100, "壹元整" },
    { 105, "壹元零伍分" },
    { 1234, "壹拾贰元叁角肆分" },
    { 100000, "壹仟元整" },
    { 100500, "壹仟零伍元整" },
    { 1000100, "壹万零壹元整" },
    { 10001000, "壹拾万零壹拾元整" },
    { 123456789, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分" },
    { 10000000000, "壹亿元整" },
    { 10000000100, "壹亿零壹元整" },
    { -100, "负壹元整" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = xh_document_rmb (cases[i].fen);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

/* --- masks */

static void
test_personal_numbers_are_masked (void)
{
  g_autofree char *text = print_text ("{'paragraph': '{{id_number}} {{phone}} {{phone:date}}'}, {'fields': ['id_number', 'phone', 'uscc']}", "", make_commitment);

  assert_has (text, "410421********1234");
  assert_lacks (text, ID_NUMBER);
  assert_lacks (text, "13812345678");
  assert_lacks (text, "统一社会信用代码"); /* not relevant for a person */
}

static void
test_listed_numbers_are_printed (void)
{
  g_autofree char *text = print_text ("{'fields': ['id_number', 'phone']}", ", 'unmasked': ['id_number']", make_commitment);

  assert_has (text, ID_NUMBER);
  assert_lacks (text, "13812345678");
}

static void
test_role_must_be_allowed (void)
{
  g_autoptr (XhCatalog) catalog = load_with ("{'name': 'test', 'version': 1, 'label': {'zh': '试'}, 'kind': 'commitment', 'roles': ['office'], 'when': 'signed_on is not null', 'blocks': [{'title': '试'}]}");
  g_autoptr (XhRecord) record = make_commitment (catalog), blank = xh_record_new (record->kind, NULL);
  g_autoptr (GError) denied = NULL, unfit = NULL, none = NULL;
  Herd herd = { record, 0 };
  g_autoptr (XhDocument) document = lay_out (catalog, "test", record, &herd, "office", &none);

  g_assert_no_error (none);
  g_assert_cmpuint (xh_document_get_n_pages (document), ==, 1);
  g_assert_null (lay_out (catalog, "test", record, &herd, "department", &denied));
  g_assert_error (denied, XH_DOCUMENT_ERROR, XH_DOCUMENT_ERROR_DENIED);
  g_assert_null (lay_out (catalog, "test", blank, &herd, "office", &unfit));
  g_assert_error (unfit, XH_DOCUMENT_ERROR, XH_DOCUMENT_ERROR_DENIED);
}

/* --- layout */

static void
test_letter_reads_as_written (void)
{
  g_autoptr (XhCatalog) catalog = load_with (NULL);
  g_autoptr (XhRecord) record = make_commitment (catalog);
  g_autoptr (GError) error = NULL;
  Herd herd = { record, 0 };
  g_autoptr (XhDocument) document = lay_out (catalog, "commitment-letter", record, &herd, NULL, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (xh_document_get_n_pages (document), ==, 1);
  text = xh_document_get_text (document, 0);
  assert_has (text, "信 用 承 诺 书\n");
  assert_has (text, "王小明\n");
  assert_has (text, "审批替代型（告知承诺）");
  assert_has (text, "2027年1月31日");
  assert_has (text, "按时、足额支付工资。\n");
  assert_has (text, "承诺人（签字、盖章）：");
  assert_has (text, "2026年11月2日");
  assert_has (text, "第 1 页　共 1 页");
}

static void
test_long_table_goes_on_under_its_head (void)
{
  g_autoptr (XhCatalog) catalog = load_with ("{'name': 'test', 'version': 1, 'label': {'zh': '试'}, 'kind': 'commitment', 'together': true, 'blocks': [{'title': '名册'},"
                                             "{'table': 'chosen', 'numbered': true, 'columns': ['subject_name', 'promise_type', 'signed_on', 'content']}]}");
  g_autoptr (XhRecord) record = make_commitment (catalog), other = make_commitment (catalog);
  g_autoptr (GError) error = NULL;
  Herd herd = { other, 3000 };
  g_autoptr (XhDocument) document = lay_out (catalog, "test", record, &herd, NULL, &error);
  g_autofree char *overflow = NULL, *last = NULL, *second = NULL;
  guint n;

  g_assert_no_error (error);
  n = xh_document_get_n_pages (document);
  g_assert_cmpuint (n, >, 80);
  overflow = xh_document_find_overflow (document);
  g_assert_null (overflow);
  second = xh_document_get_text (document, 1);
  g_assert_true (g_str_has_prefix (second, "序号\n主体名称\n"));
  last = xh_document_get_text (document, n - 1);
  assert_has (last, "\n3000\n");
}

static void
test_too_many_pages_are_refused (void)
{
  g_autoptr (XhCatalog) catalog = load_with ("{'name': 'test', 'version': 1, 'label': {'zh': '试'}, 'kind': 'commitment', 'together': true, 'blocks': ["
                                             "{'table': 'chosen', 'row_height': 200, 'columns': ['subject_name']}]}");
  g_autoptr (XhRecord) record = make_commitment (catalog);
  g_autoptr (GError) error = NULL;
  Herd herd = { record, 20000 };

  g_assert_null (lay_out (catalog, "test", record, &herd, NULL, &error));
  g_assert_error (error, XH_DOCUMENT_ERROR, XH_DOCUMENT_ERROR_TOO_LONG);
}

static char *
make_hostile (const char *piece, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, piece);
  return g_string_free (text, FALSE);
}

static void
test_hostile_texts_stay_within_the_lines (void)
{
  static const struct { const char *piece; guint n; } cases[] = {
    { "W", 6000 },                       /* a word without end */
    { "字", 4000 },
    { "<b>&amp;</b>{{id_number}}%s", 300 }, /* is no markup, no insert, no format */
    { "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae abc ", 400 }, /* Hebrew and an override of direction */
    { "a\n", 300 },
    { "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", 500 },
    { "\xcc\x81", 1000 },                 /* accents on nothing */
    { "　", 3000 },
  };
  g_autoptr (XhCatalog) catalog = load_with (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *hostile = make_hostile (cases[i].piece, cases[i].n), *overflow = NULL, *text = NULL;
      g_autoptr (XhRecord) record = make_commitment (catalog);
      g_autoptr (GError) error = NULL;
      Herd herd = { record, 3 };
      g_autoptr (XhDocument) document = NULL;

      set (record, "subject_name", hostile);
      set (record, "matter", hostile);
      set (record, "content", hostile);
      set (record, "code", hostile);
      document = lay_out (catalog, "commitment-letter", record, &herd, NULL, &error);
      g_assert_no_error (error);
      overflow = xh_document_find_overflow (document);
      if (overflow != NULL)
        g_error ("%.120s", overflow);
      text = xh_document_get_text (document, 0);
      assert_lacks (text, "\xe2\x80\xae");
    }
}

/* Every paper of the catalog, with a full record and with an empty one. */
static void
fill_record (XhRecord *record)
{
  for (guint i = 0; i < record->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (record->kind->fields, i);

      switch (field->type)
        {
        case XH_FIELD_TEXT:
        case XH_FIELD_LONG_TEXT:
          set (record, field->name, "宝丰县演示内容，甲乙丙丁戊己庚辛壬癸ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
          break;
        case XH_FIELD_DATE:
          set (record, field->name, "2026-11-02");
          break;
        case XH_FIELD_CHOICE:
          set (record, field->name, ((XhChoice *) g_ptr_array_index (field->choices, field->choices->len - 1))->code);
          break;
        case XH_FIELD_INTEGER:
        case XH_FIELD_MONEY:
        case XH_FIELD_BOOLEAN:
          xh_record_set (record, field->name, &(XhValue) { .type = XH_VALUE_INTEGER, { .integer = field->type == XH_FIELD_BOOLEAN ? 1 : 123456789 } });
          break;
        default:
          break;
        }
    }
}

static void
test_every_paper_of_the_catalog_fits (void)
{
  g_autoptr (XhCatalog) catalog = load_with (NULL);
  GPtrArray *documents = xh_catalog_get_documents (catalog);

  g_assert_cmpuint (documents->len, >, 0);
  for (guint i = 0; i < documents->len * 2; i++)
    {
      const XhDocumentDef *def = g_ptr_array_index (documents, i / 2);
      const XhDocumentSource source = { NULL, references_cb, title_cb, NULL, NULL };
      XhDocumentSource herding = source;
      const XhDocumentOptions options = { .demo = TRUE };
      g_autoptr (XhRecord) record = xh_record_new (def->kind, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *overflow = NULL;
      Herd herd = { record, 0 };
      g_autoptr (XhDocument) document = NULL;

      if (i % 2 == 0)
        fill_record (record);
      herding.data = &herd;
      herding.each = each_cb;
      herding.count = count_cb;
      document = xh_document_new (catalog, &herding, &options);
      if (!xh_document_add (document, def, record, NULL, &error))
        g_assert_error (error, XH_DOCUMENT_ERROR, XH_DOCUMENT_ERROR_DENIED); /* its condition does not hold */
      else
        g_assert_cmpuint (xh_document_get_n_pages (document), >, 0);
      overflow = xh_document_find_overflow (document);
      if (overflow != NULL)
        g_error ("%s: %.120s", def->name, overflow);
    }
}

/* --- the file */

static void
test_pdf_is_the_same_each_time (void)
{
  g_autoptr (XhCatalog) catalog = load_with (NULL);
  g_autoptr (XhRecord) record = make_commitment (catalog);
  g_autoptr (GError) error = NULL;
  Herd herd = { record, 0 };
  g_autofree char *folder = g_dir_make_tmp ("xinheng-document-XXXXXX", NULL);
  char *texts[2] = { NULL, NULL };
  gsize lengths[2];

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (XhDocument) document = lay_out (catalog, "commitment-letter", record, &herd, NULL, &error);
      g_autofree char *path = g_build_filename (folder, "a.pdf", NULL);

      g_assert_true (xh_document_write_pdf (document, path, "承诺书", NULL, &error));
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &texts[i], &lengths[i], NULL));
      g_unlink (path);
    }
  g_assert_cmpmem (texts[0], lengths[0], texts[1], lengths[1]);
  g_assert_true (g_str_has_prefix (texts[0], "%PDF-"));
  g_free (texts[0]);
  g_free (texts[1]);
  g_rmdir (folder);
}

static void
test_unwritable_place_is_told (void)
{
  g_autoptr (XhCatalog) catalog = load_with (NULL);
  g_autoptr (XhRecord) record = make_commitment (catalog);
  g_autoptr (GError) error = NULL;
  Herd herd = { record, 0 };
  g_autoptr (XhDocument) document = lay_out (catalog, "commitment-letter", record, &herd, NULL, NULL);

  g_assert_false (xh_document_write_pdf (document, "/nowhere/at/all/a.pdf", NULL, NULL, &error));
  g_assert_error (error, XH_DOCUMENT_ERROR, XH_DOCUMENT_ERROR_WRITE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/document/dates-in-words", test_dates_in_words);
  g_test_add_func ("/report/document/money-in-words", test_money_in_words);
  g_test_add_func ("/report/document/personal-numbers-are-masked", test_personal_numbers_are_masked);
  g_test_add_func ("/report/document/listed-numbers-are-printed", test_listed_numbers_are_printed);
  g_test_add_func ("/report/document/role-must-be-allowed", test_role_must_be_allowed);
  g_test_add_func ("/report/document/letter-reads-as-written", test_letter_reads_as_written);
  g_test_add_func ("/report/document/long-table-goes-on-under-its-head", test_long_table_goes_on_under_its_head);
  g_test_add_func ("/report/document/too-many-pages-are-refused", test_too_many_pages_are_refused);
  g_test_add_func ("/report/document/hostile-texts-stay-within-the-lines", test_hostile_texts_stay_within_the_lines);
  g_test_add_func ("/report/document/every-paper-of-the-catalog-fits", test_every_paper_of_the_catalog_fits);
  g_test_add_func ("/report/document/pdf-is-the-same-each-time", test_pdf_is_the_same_each_time);
  g_test_add_func ("/report/document/unwritable-place-is-told", test_unwritable_place_is_told);
  return g_test_run ();
}
