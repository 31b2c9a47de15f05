/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-draw-sheet.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/xh-json.h"
#include "report/xh-sheet-writer.h"
#include "store/xh-query.h"

#define PAGE 256

/* --- the pool --- */

void
xh_draw_pool_free (XhDrawPool *pool)
{
  g_array_unref (pool->entries);
  g_array_unref (pool->by_ratio);
  g_string_chunk_free (pool->strings);
  g_ptr_array_unref (pool->inspectors);
  g_free (pool);
}

static const char *
get_text (const XhRecord *record, const char *field)
{
  const XhValue *value = field != NULL ? xh_record_get (record, field) : NULL;

  return value != NULL && value->type == XH_VALUE_TEXT ? value->text : NULL;
}

static guint
find_ratio (const XhSamplingScheme *scheme, const char *grade)
{
  const XhSamplingRatio *ratio = xh_sampling_find_ratio (scheme, grade);
  guint index = scheme->ratios->len;

  if (ratio != NULL)
    g_ptr_array_find (scheme->ratios, ratio, &index);

  return index;
}

static void
add_entry (XhDrawPool *pool, const XhSamplingScheme *scheme, const XhRecord *record)
{
  const char *grade = get_text (record, scheme->grade);
  const XhPoolEntry entry = { g_string_chunk_insert (pool->strings, record->id),
                              grade != NULL ? g_string_chunk_insert_const (pool->strings, grade) : NULL };

  g_array_append_val (pool->entries, entry);
  g_array_index (pool->by_ratio, guint, find_ratio (scheme, grade))++;
}

static gboolean
read_pages (XhStore *store, const XhKind *kind, const XhQuery *query, void (*take) (XhRecord *record, gpointer data), gpointer data,
            GError **error)
{
  g_autoptr (GArray) rids = xh_store_query_rids (store, query, 0, error);

  if (rids == NULL)
    return FALSE;
  for (guint i = 0; i < rids->len; i += PAGE)
    {
      g_autoptr (GPtrArray) rows = xh_store_query_rows (store, kind, &g_array_index (rids, gint64, i), MIN (PAGE, rids->len - i), error);

      if (rows == NULL)
        return FALSE;
      for (guint j = 0; j < rows->len; j++)
        if (g_ptr_array_index (rows, j) != NULL)
          take (g_ptr_array_index (rows, j), data);
    }

  return TRUE;
}

typedef struct
{
  XhDrawPool *pool;
  const XhSamplingScheme *scheme;
} Reading;

static void
take_entry (XhRecord *record, gpointer data)
{
  Reading *reading = data;

  add_entry (reading->pool, reading->scheme, record);
}

/* In a state that counts as finished, with a certificate that runs, and not away: by fields that are named so where the kind has them. */
static gboolean
can_be_sent (const XhRecord *record)
{
  const XhState *state = xh_kind_find_state (record->kind, record->state);
  const char *until = get_text (record, "valid_to"), *from = get_text (record, "leave_from"), *to = get_text (record, "leave_to");
  g_autofree char *today = NULL;
  GDate date;

  xh_date_today (&date);
  today = xh_date_format (&date);
  if (record->kind->states->len > 1 && (state == NULL || state->tone != XH_TONE_GOOD))
    return FALSE;
  if (until != NULL && strcmp (until, today) < 0)
    return FALSE;

  return from == NULL || strcmp (from, today) > 0 || (to != NULL && strcmp (to, today) < 0);
}

static void
take_inspector (XhRecord *record, gpointer data)
{
  if (can_be_sent (record))
    g_ptr_array_add (((Reading *) data)->pool->inspectors, xh_record_copy (record));
}

static XhQuery *
make_query (const XhSamplingScheme *scheme)
{
  XhQuery *query = xh_query_new (scheme->pool);

  for (guint i = 0; i < scheme->where->len; i++)
    {
      const XhSamplingWhere *where = g_ptr_array_index (scheme->where, i);

      for (guint j = 0; where->codes[j] != NULL; j++)
        {
          const XhValue code = { .type = XH_VALUE_TEXT, { .text = where->codes[j] } };

          xh_query_filter (query, where->field, XH_QUERY_IS, &code, NULL);
        }
    }

  return query;
}

XhDrawPool *
xh_draw_pool_read (XhStore *store, const XhSamplingScheme *scheme, GError **error)
{
  g_autoptr (XhDrawPool) pool = g_new0 (XhDrawPool, 1);
  g_autoptr (XhQuery) query = make_query (scheme);
  Reading reading = { pool, scheme };

  pool->entries = g_array_new (FALSE, FALSE, sizeof (XhPoolEntry));
  pool->by_ratio = g_array_new (FALSE, TRUE, sizeof (guint));
  g_array_set_size (pool->by_ratio, scheme->ratios->len + 1);
  pool->strings = g_string_chunk_new (16384);
  pool->inspectors = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_record_free);
  if (!read_pages (store, scheme->pool, query, take_entry, &reading, error))
    return NULL;
  if (scheme->inspectors != NULL)
    {
      g_autoptr (XhQuery) all = xh_query_new (scheme->inspectors);

      if (!read_pages (store, scheme->inspectors, all, take_inspector, &reading, error))
        return NULL;
    }

  return g_steal_pointer (&pool);
}

/* --- ratios --- */

guint
xh_draw_wanted (const XhSamplingRatio *ratio, double percent, guint n_pool)
{
  const double share = ceil (n_pool * percent / 100.0 - 1e-9);

  return MIN (n_pool, MAX (ratio->minimum, (guint) MAX (share, 0)));
}

void
xh_draw_range (const XhSamplingRatio *ratio, double *minimum, double *maximum)
{
  double found[2];
  guint n = 0;

  *minimum = 0;
  *maximum = 100;
  for (const char *p = ratio->range; p != NULL && *p != '\0' && n < 2;)
    {
      char *end = NULL;

      if (!g_ascii_isdigit (*p))
        {
          p = g_utf8_next_char (p);
          continue;
        }
      found[n++] = g_ascii_strtod (p, &end);
      p = end;
    }
  if (n == 2 && found[0] <= found[1] && found[1] <= 100)
    {
      *minimum = found[0];
      *maximum = found[1];
    }
  else if (n == 1 && found[0] <= 100)
    *(g_str_has_prefix (ratio->range, "≥") ? minimum : maximum) = found[0];
}

/* The scheme with other percents: lives as long as the scheme it is made from. */
static XhSamplingScheme *
scheme_with (const XhSamplingScheme *scheme, GArray *percents)
{
  XhSamplingScheme *copy = g_memdup2 (scheme, sizeof *scheme);

  copy->ratios = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < scheme->ratios->len; i++)
    {
      XhSamplingRatio *ratio = g_memdup2 (g_ptr_array_index (scheme->ratios, i), sizeof *ratio);

      if (i < percents->len)
        ratio->percent = g_array_index (percents, double, i);
      g_ptr_array_add (copy->ratios, ratio);
    }

  return copy;
}

static void
scheme_drop (XhSamplingScheme *copy)
{
  g_ptr_array_unref (copy->ratios);
  g_free (copy);
}

/* --- the draw --- */

static void
object_free (gpointer data)
{
  XhDrawObject *object = data;

  g_free (object->id);
  g_free (object->title);
  g_free (object->code);
  g_free (object->grade);
  g_free (object->inspector_names);
  g_ptr_array_unref (object->inspectors);
  g_free (object);
}

static XhDrawSheet *
sheet_new (const XhSamplingScheme *scheme, const char *seed)
{
  XhDrawSheet *sheet = g_new0 (XhDrawSheet, 1);

  sheet->scheme = scheme;
  sheet->seed = g_strdup (seed);
  sheet->percents = g_array_new (FALSE, FALSE, sizeof (double));
  sheet->objects = g_ptr_array_new_with_free_func (object_free);
  sheet->quotas = g_ptr_array_new_with_free_func (g_free);

  return sheet;
}

void
xh_draw_sheet_free (XhDrawSheet *sheet)
{
  g_free (sheet->seed);
  g_free (sheet->pool_hash);
  g_array_unref (sheet->percents);
  g_ptr_array_unref (sheet->objects);
  g_ptr_array_unref (sheet->quotas);
  g_clear_pointer (&sheet->pool, xh_draw_pool_free);
  g_free (sheet);
}

/* What the tasks' column "name" takes from an inspector, else the first text that they take. */
static const char *
inspector_name (const XhSamplingScheme *scheme, const XhRecord *inspector)
{
  const char *name = NULL;

  for (guint i = 0; i < scheme->inspector_sets->len; i++)
    {
      const XhSamplingSet *set = g_ptr_array_index (scheme->inspector_sets, i);
      const char *text = get_text (inspector, set->ours);

      if (text != NULL && (name == NULL || g_str_equal (set->theirs, "name")))
        name = text;
    }

  return name != NULL ? name : inspector->id;
}

typedef struct
{
  GHashTable *inspectors; /* id → XhRecord */
  const char *title;      /* of the object */
} Sending;

/* Who has to stay away from whom is written down by name. */
static gboolean
may_inspect (const char *object, const char *inspector, gpointer data)
{
  Sending *sending = data;
  const char *avoid = get_text (g_hash_table_lookup (sending->inspectors, inspector), "avoid");

  return avoid == NULL || sending->title == NULL || *sending->title == '\0' || strstr (avoid, sending->title) == NULL;
}

static void
draw_inspectors (XhDrawSheet *sheet, XhDrawObject *object, const char *const *ids, GHashTable *by_id)
{
  Sending sending = { by_id, object->title };
  g_auto (GStrv) drawn = xh_sampling_draw_inspectors (sheet->scheme, object->id, ids, sheet->seed, may_inspect, &sending);
  GString *names = g_string_new (NULL);

  for (guint i = 0; drawn[i] != NULL; i++)
    {
      XhRecord *inspector = g_hash_table_lookup (by_id, drawn[i]);

      g_ptr_array_add (object->inspectors, inspector);
      g_string_append_printf (names, "%s%s", names->len > 0 ? _(", ") : "", inspector_name (sheet->scheme, inspector));
    }
  object->inspector_names = g_string_free (names, FALSE);
}

static gboolean
add_object (XhStore *store, XhDrawSheet *sheet, const XhDrawn *drawn, const char *const *inspectors, GHashTable *by_id, GError **error)
{
  g_autoptr (XhRecord) record = xh_store_load (store, drawn->id, error);
  const XhKind *kind = sheet->scheme->pool;
  XhDrawObject *object;

  if (record == NULL)
    return FALSE;
  object = g_new0 (XhDrawObject, 1);
  object->id = g_strdup (drawn->id);
  object->grade = g_strdup (drawn->grade);
  object->title = g_strdup (get_text (record, kind->subject_name));
  if (object->title == NULL)
    object->title = xh_store_title (store, drawn->id, NULL);
  for (guint i = 0; kind->subject_codes != NULL && kind->subject_codes[i] != NULL && object->code == NULL; i++)
    object->code = g_strdup (get_text (record, kind->subject_codes[i]));
  object->inspectors = g_ptr_array_new ();
  g_ptr_array_add (sheet->objects, object);
  draw_inspectors (sheet, object, inspectors, by_id);

  return TRUE;
}

XhDrawSheet *
xh_draw_sheet_make (XhStore *store, const XhSamplingScheme *scheme, GArray *percents, const char *seed, XhDrawPool *pool, GError **error)
{
  g_autoptr (XhDrawSheet) sheet = sheet_new (scheme, seed);
  XhSamplingScheme *chosen = scheme_with (scheme, percents);
  g_autoptr (XhDraw) draw = xh_sampling_draw (chosen, (const XhPoolEntry *) (gpointer) pool->entries->data, pool->entries->len, seed);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);

  sheet->pool = pool;
  sheet->pool_hash = g_strdup (draw->pool_hash);
  sheet->n_pool = draw->n_pool;
  g_array_append_vals (sheet->percents, percents->data, percents->len);
  for (guint i = 0; i < draw->quotas->len; i++)
    {
      const XhDrawQuota *quota = g_ptr_array_index (draw->quotas, i);
      const XhDrawCount count = { quota->n_pool, quota->n_drawn };

      g_ptr_array_add (sheet->quotas, g_memdup2 (&count, sizeof count));
    }
  scheme_drop (chosen);

  for (guint i = 0; i < pool->inspectors->len; i++)
    {
      XhRecord *inspector = g_ptr_array_index (pool->inspectors, i);

      g_ptr_array_add (ids, inspector->id);
      g_hash_table_insert (by_id, inspector->id, inspector);
    }
  g_ptr_array_add (ids, NULL);
  for (guint i = 0; i < draw->drawn->len; i++)
    if (!add_object (store, sheet, g_ptr_array_index (draw->drawn, i), (const char *const *) ids->pdata, by_id, error))
      return NULL;

  return g_steal_pointer (&sheet);
}

gboolean
xh_draw_sheet_verify (XhStore *store, const XhDrawSheet *sheet, GError **error)
{
  g_autoptr (XhDrawPool) pool = NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  XhSamplingScheme *chosen;
  gboolean same;

  if (sheet->scheme == NULL)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_UNKNOWN, _("The catalog has no such scheme any more."));
      return FALSE;
    }
  pool = xh_draw_pool_read (store, sheet->scheme, error);
  if (pool == NULL)
    return FALSE;

  for (guint i = 0; i < sheet->objects->len; i++)
    g_ptr_array_add (ids, ((XhDrawObject *) g_ptr_array_index (sheet->objects, i))->id);
  g_ptr_array_add (ids, NULL);
  chosen = scheme_with (sheet->scheme, sheet->percents);
  same = xh_sampling_verify (chosen, (const XhPoolEntry *) (gpointer) pool->entries->data, pool->entries->len, sheet->seed, sheet->pool_hash,
                             (const char *const *) ids->pdata, error);
  scheme_drop (chosen);

  return same;
}

/* --- a draw that was recorded --- */

static JsonArray *
read_table (const XhRecord *record, const char *field, JsonNode **node)
{
  const char *text = get_text (record, field);

  *node = text != NULL ? xh_json_parse (text, -1, NULL) : NULL;

  return *node != NULL && JSON_NODE_HOLDS_ARRAY (*node) ? json_node_get_array (*node) : NULL;
}

static void
read_percents (XhDrawSheet *sheet, JsonArray *ratios)
{
  for (guint i = 0; i < sheet->scheme->ratios->len; i++)
    {
      const XhSamplingRatio *ratio = g_ptr_array_index (sheet->scheme->ratios, i);
      double percent = ratio->percent;

      for (guint j = 0; ratios != NULL && j < json_array_get_length (ratios); j++)
        {
          JsonNode *element = json_array_get_element (ratios, j);

          if (JSON_NODE_HOLDS_OBJECT (element) && g_strcmp0 (xh_json_member_text (json_node_get_object (element), "grade"), ratio->grade) == 0)
            percent = json_object_get_double_member_with_default (json_node_get_object (element), "percent", percent);
        }
      g_array_append_val (sheet->percents, percent);
    }
}

static void
read_objects (XhDrawSheet *sheet, JsonArray *drawn)
{
  for (guint i = 0; drawn != NULL && i < json_array_get_length (drawn); i++)
    {
      JsonNode *element = json_array_get_element (drawn, i);
      JsonObject *row = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      XhDrawObject *object;

      if (row == NULL)
        continue;
      object = g_new0 (XhDrawObject, 1);
      object->id = g_strdup (xh_json_member_text (row, "record_id") != NULL ? xh_json_member_text (row, "record_id") : "");
      object->title = g_strdup (xh_json_member_text (row, "name") != NULL ? xh_json_member_text (row, "name") : "");
      object->code = g_strdup (xh_json_member_text (row, "code"));
      object->grade = g_strdup (xh_json_member_text (row, "grade"));
      object->inspector_names = g_strdup (xh_json_member_text (row, "inspectors") != NULL ? xh_json_member_text (row, "inspectors") : "");
      object->inspectors = g_ptr_array_new ();
      g_ptr_array_add (sheet->objects, object);
    }
}

XhDrawSheet *
xh_draw_sheet_read (XhCatalog *catalog, const XhRecord *record, GError **error)
{
  const char *seed = get_text (record, "seed"), *scheme = get_text (record, "scheme");
  g_autoptr (JsonNode) ratios = NULL, drawn = NULL;
  const XhValue *size = xh_record_get (record, "pool_size");
  XhDrawSheet *sheet;
  JsonArray *rows;

  if (seed == NULL)
    {
      g_set_error_literal (error, XH_MODEL_ERROR, XH_MODEL_ERROR_VALUE, _("This draw has no seed: it cannot be repeated."));
      return NULL;
    }
  sheet = sheet_new (scheme != NULL ? xh_catalog_find_sampling (catalog, scheme) : NULL, seed);
  sheet->pool_hash = g_strdup (get_text (record, "pool_hash"));
  sheet->n_pool = size != NULL ? (guint) CLAMP (xh_value_as_integer (size), 0, G_MAXINT) : 0;
  rows = read_table (record, "ratios", &ratios);
  if (sheet->scheme != NULL)
    read_percents (sheet, rows);
  read_objects (sheet, read_table (record, "drawn", &drawn));

  return sheet;
}

/* --- the sheet that leaves --- */

gssize
xh_draw_sheet_export (const XhDrawSheet *sheet, const char *path, GError **error)
{
  const XhSheetColumn columns[] = {
    { .title = _("No."), .type = XH_COLUMN_NUMBER, .width = 8 }, { .title = _("Name"), .width = 40 }, { .title = _("Code"), .width = 24 },
    { .title = _("Grade"), .width = 10 }, { .title = _("Inspectors"), .width = 30 }, { .title = _("Record ID"), .width = 38 },
    { .title = _("Seed"), .width = 24 }, { .title = _("Hash of the pool"), .width = 66 },
  };
  g_autoptr (XhSheetWriter) writer = xh_sheet_writer_new (path, NULL, columns, G_N_ELEMENTS (columns), error);

  for (guint i = 0; writer != NULL && i < sheet->objects->len; i++)
    {
      const XhDrawObject *object = g_ptr_array_index (sheet->objects, i);
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      const char *const texts[] = { object->title, object->code, object->grade, object->inspector_names, object->id, sheet->seed,
                                    sheet->pool_hash };

      xh_sheet_writer_number (writer, 0, i + 1, number);
      for (guint c = 0; c < G_N_ELEMENTS (texts); c++)
        xh_sheet_writer_text (writer, c + 1, texts[c] != NULL ? texts[c] : "");
      if (!xh_sheet_writer_next (writer, error))
        return -1;
    }

  return writer != NULL && xh_sheet_writer_close (writer, error) ? (gssize) sheet->objects->len : -1;
}
