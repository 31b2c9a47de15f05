/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-demo-private.h"

#include <string.h>

#include "model/xh-identifiers.h"

/* Surnames of the central plain with their rough share in a thousand. */
static const struct { const char *name; int share; } surnames[] = {
  { "王", 94 }, { "李", 90 }, { "张", 88 }, { "刘", 60 }, { "陈", 38 }, { "杨", 36 }, { "赵", 33 }, { "马", 28 }, { "周", 24 },
  { "郭", 22 }, { "孙", 21 }, { "徐", 16 }, { "朱", 16 }, { "高", 15 }, { "胡", 14 }, { "吴", 14 }, { "黄", 13 }, { "宋", 13 },
  { "何", 12 }, { "郑", 12 }, { "韩", 12 }, { "任", 11 }, { "魏", 11 }, { "程", 10 }, { "袁", 10 }, { "董", 10 }, { "梁", 10 },
  { "曹", 9 }, { "许", 9 }, { "冯", 9 }, { "谢", 9 }, { "崔", 9 }, { "贾", 8 }, { "史", 8 }, { "常", 8 }, { "牛", 8 },
  { "范", 8 },
  { "石", 7 }, { "薛", 7 }, { "丁", 7 }, { "田", 7 }, { "罗", 7 }, { "孟", 7 }, { "邢", 6 }, { "侯", 6 }, { "秦", 6 },
  { "姚", 6 },
  { "武", 6 }, { "乔", 6 }, { "白", 6 }, { "康", 5 }, { "苏", 5 }, { "段", 5 }, { "申", 5 }, { "闫", 5 }, { "付", 5 },
  { "邵", 5 },
  { "温", 4 }, { "毛", 4 }, { "卢", 4 }, { "尚", 4 }, { "翟", 4 }, { "焦", 3 }, { "鲁", 3 }, { "樊", 3 }, { "庞", 3 },
  { "兰", 2 },
};

/* Given names are always two characters of a list: no public figure is meant, and no list has a rare character. */
static const char *const male_old[] = { "根", "福", "德", "长", "金", "银", "水", "山", "保", "全", "成", "顺", "万", "发", "书", "文",
                                        "运", "留", "喜", "庆", "坤", "义" };
static const char *const male_middle[] = { "建", "国", "军", "红", "卫", "民", "志", "永", "新", "亚", "占", "群", "松", "营", "岭",
                                           "伟", "峰", "广", "政", "现", "宏" };
static const char *const male_young[] = { "浩", "宇", "晨", "豪", "轩", "子", "俊", "鹏", "飞", "帅", "旭", "阳", "博", "航", "一",
                                          "嘉", "铭", "泽", "凯", "恒", "世", "天" };
static const char *const female_old[] = { "秀", "兰", "英", "花", "桂", "枝", "荣", "玉", "莲", "凤", "珍", "梅", "彩", "素", "爱",
                                          "云", "香", "妮", "改", "青" };
static const char *const female_middle[] = { "红", "霞", "丽", "娜", "艳", "晓", "巧", "会", "敏", "彦", "俊", "芳", "玲", "亚", "静",
                                             "利", "春", "慧", "瑞", "景" };
static const char *const female_young[] = { "雨", "欣", "怡", "梦", "涵", "佳", "雪", "诗", "琪", "婷", "可", "心", "思", "语", "若",
                                            "萌", "依", "诺", "妍", "悦" };

static const char *const firm_words[] = { "鑫", "源", "盛", "达", "恒", "丰", "瑞", "祥", "康", "泰", "顺", "昌", "宏", "兴", "嘉",
                                          "禾", "润", "安", "诚", "信" };
static const char *const firm_trades[] = { "商贸", "农业科技", "建材", "餐饮管理", "物流", "食品", "机械", "养殖", "市政工程", "医疗器械", "环保科技",
                                           "教育咨询" };
static const char *const shop_trades[] = { "超市", "饭店", "农资门市", "修理部", "粮油店", "药房", "服装店", "理发店" };

static int
sum_shares (void)
{
  int sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (surnames); i++)
    sum += surnames[i].share;
  return sum;
}

char *
xh_demo_surname (XhDemoRandom *random)
{
  static gsize total;
  int rest;

  if (g_once_init_enter (&total))
    g_once_init_leave (&total, sum_shares ());
  rest = xh_demo_between (random, 0, (int) total - 1);
  for (guint i = 0; i < G_N_ELEMENTS (surnames); i++)
    {
      rest -= surnames[i].share;
      if (rest < 0)
        return g_strdup (surnames[i].name);
    }
  g_assert_not_reached ();
}

#define PICK(random, list) (list)[xh_demo_between ((random), 0, (int) G_N_ELEMENTS (list) - 1)]

static const char *
pick_character (XhDemoRandom *random, gboolean male, int birth_year)
{
  if (birth_year < 1962)
    return male ? PICK (random, male_old) : PICK (random, female_old);
  if (birth_year < 1990)
    return male ? PICK (random, male_middle) : PICK (random, female_middle);
  return male ? PICK (random, male_young) : PICK (random, female_young);
}

char *
xh_demo_given_name (XhDemoRandom *random, gboolean male, int birth_year)
{
  const char *first = pick_character (random, male, birth_year);

  return g_strconcat (first, pick_character (random, male, birth_year), NULL);
}

char *
xh_demo_id_number (guint32 birth, guint sequence)
{
  char number[19];
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, birth);
  g_snprintf (number, sizeof number, "410421%04u%02u%02u%03u", g_date_get_year (&date), g_date_get_month (&date),
              g_date_get_day (&date), sequence % 1000);
  number[17] = xh_id_number_check_character (number);
  number[18] = '\0';
  return g_strdup (number);
}

/* No operator gives out numbers that begin with 154. */
char *
xh_demo_phone (XhDemoRandom *random)
{
  return g_strdup_printf ("154%08u", (guint) (xh_demo_next (random) % 100000000));
}

char *
xh_demo_firm_name (XhDemoRandom *random, gboolean sole)
{
  const char *first = PICK (random, firm_words), *second = PICK (random, firm_words);

  if (sole)
    return g_strdup_printf ("宝丰县演示%s%s%s", first, second, PICK (random, shop_trades));
  return g_strdup_printf ("宝丰县演示%s%s%s有限公司", first, second, PICK (random, firm_trades));
}

/* The organisation code begins with DEM, which no registry gives; both check characters are right. @prefix: two characters,
 * e.g. 91 enterprise, 92 sole trader, 11 authority. */
static char *
make_uscc (const char *prefix, guint number)
{
  static const int weights[] = { 3, 7, 9, 10, 5, 8, 4, 2 };
  char code[19];
  int sum = 0, check;

  g_snprintf (code, sizeof code, "%s410421DEM%05u", prefix, number % 100000);
  for (int i = 0; i < 8; i++)
    sum += (g_ascii_isdigit (code[8 + i]) ? code[8 + i] - '0' : code[8 + i] - 'A' + 10) * weights[i];
  check = 11 - sum % 11;
  code[16] = check == 10 ? 'X' : check == 11 ? '0' : (char) ('0' + check);
  code[17] = xh_uscc_check_character (code);
  code[18] = '\0';
  return g_strdup (code);
}

char *
xh_demo_uscc (guint number, gboolean sole)
{
  return make_uscc (sole ? "92" : "91", number);
}

/* --- the pools: the n-th firm, person and public body are the same wherever they are met */

static gboolean
is_sole (guint index)
{
  return index % 3 == 2;
}

char *
xh_demo_pool_firm_name (XhDemo *self, guint index)
{
  XhDemoRandom random = xh_demo_random (self->options->seed, index, DEMO_TOPIC_FIRM);

  return xh_demo_firm_name (&random, is_sole (index));
}

char *
xh_demo_pool_firm_code (XhDemo *self, guint index)
{
  return xh_demo_uscc (20000 + index, is_sole (index));
}

char *
xh_demo_pool_person_name (XhDemo *self, guint index)
{
  XhDemoRandom random = xh_demo_random (self->options->seed, index, DEMO_TOPIC_PERSON);
  gboolean male = xh_demo_chance (&random, 0.5);
  int year = xh_demo_between (&random, 1955, 2003);
  g_autofree char *surname = xh_demo_surname (&random), *given = xh_demo_given_name (&random, male, year);

  return g_strconcat (surname, given, NULL);
}

char *
xh_demo_pool_person_id (XhDemo *self, guint index)
{
  XhDemoRandom random = xh_demo_random (self->options->seed, index, DEMO_TOPIC_PERSON);
  gboolean male = xh_demo_chance (&random, 0.5);
  GDate birth;

  g_date_clear (&birth, 1);
  g_date_set_dmy (&birth, 1, 1, (GDateYear) xh_demo_between (&random, 1955, 2003));
  g_date_add_days (&birth, index * 37 % 364);
  return xh_demo_id_number (g_date_get_julian (&birth), (index % 450) * 2 + 1 - !male);
}

/* The code of a unit that has none in the catalog: made up, like the firms'. */
char *
xh_demo_pool_unit_code (XhDemo *self, const XhUnit *unit)
{
  GPtrArray *all = xh_units_get_all (xh_catalog_get_units (self->catalog));
  guint place = 0;

  if (unit->uscc != NULL)
    return g_strdup (unit->uscc);
  g_ptr_array_find (all, unit, &place);
  return make_uscc ("11", place);
}
