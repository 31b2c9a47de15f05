/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fixture.h"

#include <string.h>

static const struct { const char *name, *text; } files[] = {
  { "catalog.json",
    "{'name': 'test', 'version': 1, 'county': '410421000000',"
    " 'groups': [{'name': 'rural', 'label': {'zh': '农村', 'en': 'Rural'}}],"
    " 'roles': [{'name': 'assessor', 'label': {'zh': '采集员'}, 'scope': 'division'},"
    "           {'name': 'office', 'label': {'zh': '信用办'}, 'scope': 'all'}]}" },
  { "calendar.json", "{'years': {'2026': {'holidays': ['2026-10-01'], 'workdays': ['2026-10-10']}}}" },
  { "units.json", "{'units': [{'code': 'xyb', 'name': '信用办'}]}" },
  { "divisions.csv",
    "code,name,parent_code,level\n"
    "410000000000,河南省,,province\n"
    "410400000000,平顶山市,410000000000,prefecture\n"
    "410421000000,宝丰县,410400000000,county\n"
    "410421101000,周庄镇,410421000000,township\n"
    "410421101200,周庄村村民委员会,410421101000,village\n"
    "410421101201,马其营村村民委员会,410421101000,village\n" },
  { "kinds/household.json",
    "{'name': 'household', 'version': 1, 'label': {'zh': '农户', 'en': 'Household'}, 'group': 'rural', 'order': 1,"
    " 'subject': {'type': 'household', 'code': 'head_id', 'name': 'head_name'}, 'title': 'coalesce(head_name, id)', 'division': 'village',"
    " 'list': ['head_name', 'state'], 'filters': ['village', 'state'], 'search': ['head_name'],"
    " 'unique': [['head_id', 'village']], 'indexes': [['head_name']],"
    " 'roles': {'read': ['assessor', 'office'], 'create': ['assessor']},"
    " 'sections': ["
    "  {'name': 'basic', 'label': {'zh': '基本'}, 'fields': ["
    "   {'name': 'head_name', 'type': 'text', 'label': {'zh': '户主'}, 'required': true, 'max_length': 40},"
    "   {'name': 'head_id', 'type': 'id-number', 'label': {'zh': '身份证号'}, 'sensitive': true,"
    "    'checks': [{'expression': 'age(id_birthdate(head_id)) >= 16', 'message': {'zh': '须满16岁'}}]},"
    "   {'name': 'village', 'type': 'division', 'level': 'village', 'label': {'zh': '村'}},"
    "   {'name': 'members', 'type': 'table', 'label': {'zh': '成员'}, 'columns': ["
    "    {'name': 'name', 'type': 'text', 'label': {'zh': '姓名'}, 'required': true},"
    "    {'name': 'works', 'type': 'boolean', 'label': {'zh': '劳动力'}}]},"
    "   {'name': 'labour', 'type': 'integer', 'label': {'zh': '劳动力'}, 'computed': 'table_count_where(members, \\'works\\', 1)'}]},"
    "  {'name': 'money', 'label': {'zh': '收入'}, 'relevant': 'consents > 0', 'irrelevant': {'zh': '未授权'}, 'fields': ["
    "   {'name': 'income', 'type': 'money', 'label': {'zh': '收入'}, 'minimum': 0, 'relevant': 'labour > 0'},"
    "   {'name': 'costs', 'type': 'money', 'label': {'zh': '支出'}, 'default': '0'},"
    "   {'name': 'net_income', 'type': 'money', 'label': {'zh': '纯收入'}, 'computed': 'income - coalesce(costs, 0)'}]}],"
    " 'references': ["
    "  {'name': 'consents', 'label': {'zh': '授权'}, 'type': 'integer', 'from': 'consent', 'match': {'household': 'id'},"
    "   'where': 'state = \\'valid\\'', 'value': 'count(*)'}],"
    " 'workflow': {'states': [{'name': 'draft', 'label': {'zh': '草稿'}}, {'name': 'filed', 'label': {'zh': '建档'}, 'complete': true, 'edit': ['office']}],"
    "  'transitions': [{'name': 'file', 'label': {'zh': '建档'}, 'from': ['draft'], 'to': 'filed', 'roles': ['assessor', 'office'],"
    "   'when': 'head_id is not null', 'message': {'zh': '缺身份证号'}}]},"
    " 'due': [{'name': 'filing', 'label': {'zh': '建档期限'}, 'date': 'add_workdays(substr(created_at, 1, 10), 7)', 'states': ['draft'], 'rule': '7个工作日'}]}" },
  { "kinds/consent.json",
    "{'name': 'consent', 'version': 2, 'label': {'zh': '授权'}, 'group': 'rural', 'title': 'coalesce(number, id)',"
    " 'sections': [{'name': 'all', 'label': {'zh': '授权'}, 'fields': ["
    "  {'name': 'household', 'type': 'link', 'kind': 'household', 'label': {'zh': '农户'}},"
    "  {'name': 'number', 'type': 'text', 'label': {'zh': '编号'}},"
    "  {'name': 'purposes', 'type': 'choices', 'label': {'zh': '用途'}, 'choices': [{'code': 'file', 'label': {'zh': '建档'}}, {'code': 'rate', 'label': {'zh': '评级'}}]}]}],"
    " 'workflow': {'states': [{'name': 'draft', 'label': {'zh': '草稿'}}, {'name': 'valid', 'label': {'zh': '有效'}, 'tone': 'good'}]}}" },
  { "kinds/rating.json",
    "{'name': 'rating', 'version': 1, 'label': {'zh': '评级'}, 'group': 'rural', 'title': 'coalesce(h_name, id)', 'scorecard': 'card',"
    " 'sections': [{'name': 'all', 'label': {'zh': '评级'}, 'fields': ["
    "  {'name': 'household', 'type': 'link', 'kind': 'household', 'label': {'zh': '农户'}},"
    "  {'name': 'conduct', 'type': 'choice', 'label': {'zh': '品行'}, 'choices': [{'code': 'good', 'label': {'zh': '好'}}, {'code': 'bad', 'label': {'zh': '差'}}]},"
    "  {'name': 'score', 'type': 'decimal', 'digits': 1, 'label': {'zh': '得分'}, 'scored': true},"
    "  {'name': 'grade', 'type': 'choice', 'label': {'zh': '等级'}, 'scored': true, 'choices': [{'code': 'A', 'label': {'zh': 'A'}}, {'code': 'D', 'label': {'zh': 'D'}}, {'code': 'none', 'label': {'zh': '未评'}}]},"
    "  {'name': 'credit', 'type': 'money', 'label': {'zh': '额度'}, 'scored': true},"
    "  {'name': 'explanation', 'type': 'longtext', 'label': {'zh': '说明'}, 'scored': true}]}],"
    " 'references': ["
    "  {'name': 'h_name', 'label': {'zh': '户主'}, 'type': 'text', 'from': 'household', 'match': {'id': 'household'}, 'value': 'head_name'},"
    "  {'name': 'h_village', 'label': {'zh': '村'}, 'type': 'division', 'from': 'household', 'match': {'id': 'household'}, 'value': 'division'},"
    "  {'name': 'h_income', 'label': {'zh': '收入'}, 'type': 'money', 'from': 'household', 'match': {'id': 'household'}, 'value': 'coalesce(net_income, 0)'},"
    "  {'name': 'village_income', 'label': {'zh': '户均'}, 'type': 'money', 'from': 'household', 'match': {'division': 'h_village'}, 'value': 'avg(net_income)'},"
    "  {'name': 'village_size', 'label': {'zh': '户数'}, 'type': 'integer', 'from': 'household', 'match': {'division': 'h_village'}, 'value': 'count(*)'}]}" },
  { "documents/slip.json",
    "{'name': 'slip', 'version': 1, 'label': {'zh': '回执'}, 'kind': 'household', 'roles': ['office'], 'when': 'state = \\'filed\\'', 'number': '回{{substr(id, 1, 8)}}',"
    " 'footer': '{{@number}}', 'blocks': ["
    "  {'title': '建档回执'},"
    "  {'paragraph': '{{head_name}}（{{head_id}}）于{{substr(created_at, 1, 10) : date}}建档，收入{{income:rmb}}。'},"
    "  {'fields': ['head_name', {'field': 'village', 'wide': true}, {'label': '劳动力', 'text': '{{labour}}人'}]},"
    "  {'table': 'members', 'columns': ['name', {'field': 'works', 'width': 2}], 'numbered': true, 'empty': '没有成员。', 'blank': 3},"
    "  {'table': {'kind': 'consent', 'match': {'household': 'id'}, 'where': 'state = \\'valid\\'', 'sort': '-number'}, 'columns': ['number', 'state']},"
    "  {'stamp': '信用办', 'date': 'substr(created_at, 1, 10)'}, {'qr': '{{@number}}'}, {'page_break': true}, {'space': 5}]}" },
  { "scorecards/card.json",
    "{'name': 'card', 'kind': 'rating', 'version': 1, 'label': {'zh': '评分卡'}, 'dimensions': ["
    "  {'name': 'conduct', 'label': {'zh': '品行'}, 'max': 60, 'indicators': ["
    "   {'name': 'conduct', 'label': {'zh': '品行'}, 'max': 60, 'input': 'conduct', 'field': 'conduct', 'format': 'choice', 'bands': ["
    "    {'is': 'good', 'points': 60, 'label': {'zh': '好'}}, {'points': 0, 'label': {'zh': '其他'}}]}]},"
    "  {'name': 'income', 'label': {'zh': '收入'}, 'max': 40, 'indicators': ["
    "   {'name': 'income', 'label': {'zh': '收入'}, 'max': 40, 'input': 'h_income * 1.0 / village_income', 'format': 'ratio', 'bands': ["
    "    {'min': 1, 'points': 40, 'label': {'zh': '高'}}, {'below': 1, 'points': 20, 'label': {'zh': '低'}}, {'null': true, 'points': 0, 'label': {'zh': '不明'}}]}]}],"
    " 'unrated': {'when': 'h_name is null', 'grade': 'none', 'label': {'zh': '未评'}},"
    " 'vetoes': [{'name': 'bad', 'label': {'zh': '差'}, 'when': 'conduct = \\'bad\\'', 'grade': 'D'}],"
    " 'grades': [{'name': 'A', 'label': {'zh': 'A'}, 'min': 0, 'credit': 100}, {'name': 'D', 'label': {'zh': 'D'}}, {'name': 'none', 'label': {'zh': '未评'}, 'rated': false}],"
    " 'credit': {'add': 'h_income * 0.1', 'cap': 1000},"
    " 'result': {'score': 'score', 'grade': 'grade', 'credit': 'credit', 'explanation': 'explanation'}}" },
};

/* The texts above write ' for ", and \' for '. */
static char *
unquote (const char *text)
{
  GString *result = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (p[0] == '\\' && p[1] == '\'')
        g_string_append_c (result, *++p);
      else
        g_string_append_c (result, *p == '\'' ? '"' : *p);
    }
  return g_string_free (result, FALSE);
}

GBytes *
fixture_bundle (const char *file, const char *from, const char *to)
{
  g_autoptr (JsonObject) all = json_object_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  gboolean replaced = file == NULL;
  char *text;

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      gboolean is_json = g_str_has_suffix (files[i].name, ".json");
      g_autoptr (GString) content = g_string_new (NULL);
      g_autofree char *plain = is_json ? unquote (files[i].text) : g_strdup (files[i].text);

      g_string_append (content, plain);
      if (file != NULL && strcmp (file, files[i].name) == 0)
        {
          g_autofree char *plain_from = is_json ? unquote (from) : g_strdup (from);
          g_autofree char *plain_to = is_json ? unquote (to) : g_strdup (to);

          replaced = g_string_replace (content, plain_from, plain_to, 1) == 1;
          if (content->len == 0)
            continue;
        }
      if (is_json)
        {
          g_autoptr (GError) error = NULL;
          JsonNode *node = xh_json_parse (content->str, -1, &error);

          g_assert_no_error (error);
          json_object_set_member (object, files[i].name, node);
        }
      else
        json_object_set_string_member (object, files[i].name, content->str);
    }
  if (!replaced)
    g_error ("\"%s\" is not in %s", from, file);
  json_object_set_object_member (all, "files", object);
  json_node_set_object (root, all);
  text = xh_json_canonical (root);
  return g_bytes_new_take (text, strlen (text));
}

XhCatalog *
fixture_load (void)
{
  g_autoptr (GBytes) bundle = fixture_bundle (NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  XhCatalog *catalog = xh_catalog_load_bundle (bundle, &error);

  g_assert_no_error (error);
  return catalog;
}
