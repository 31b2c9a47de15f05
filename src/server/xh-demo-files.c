/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xh-demo-files.h"

#include <errno.h>
#include <pango/pangocairo.h>
#include <string.h>

#define WIDTH 900
#define HEIGHT 640
#define RECORDS 8 /* of each kind that get one */

struct _XhDemoFiles
{
  GPtrArray *files;  /* (owned) of XhAttachment */
  GHashTable *given; /* (owned) kind's name: how many records have one, GUINT */
};

/* What they show. Chinese throughout: so is the county. */
static const struct { const char *name, *title, *text; double red, green, blue; } pictures[] = {
  { "演示-签字页.png", "签字页", "本人同意按约定的范围和期限使用所提供的信息。\n\n签字：＿＿＿＿＿＿    日期：＿＿＿＿＿＿", 0.93, 0.95, 0.99 },
  { "演示-现场照片.png", "现场照片", "活动现场\n\n（此处应为照片）", 0.91, 0.96, 0.91 },
  { "演示-决定书.png", "决定书首页", "文号：演示〔2026〕第 1 号\n\n（盖章处）", 0.99, 0.95, 0.91 },
};

static void
draw_text (cairo_t *cr, const char *text, const char *font, double y)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  PangoFontDescription *description = pango_font_description_from_string (font);

  pango_layout_set_font_description (layout, description);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_width (layout, (WIDTH - 120) * PANGO_SCALE);
  pango_layout_set_text (layout, text, -1);
  cairo_move_to (cr, 60, y);
  pango_cairo_show_layout (cr, layout);
  pango_font_description_free (description);
}

static cairo_surface_t *
draw (guint i)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, pictures[i].red, pictures[i].green, pictures[i].blue);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0.2, 0.2, 0.25);
  cairo_rectangle (cr, 30, 30, WIDTH - 60, HEIGHT - 60);
  cairo_set_line_width (cr, 3);
  cairo_stroke (cr);
  draw_text (cr, pictures[i].title, "Noto Sans CJK SC Bold 40", 90);
  draw_text (cr, pictures[i].text, "Noto Sans CJK SC 22", 240);
  cairo_set_source_rgb (cr, 0.75, 0.1, 0.1);
  draw_text (cr, "演示数据 · 不是真实文件", "Noto Sans CJK SC Bold 26", HEIGHT - 120);
  cairo_destroy (cr);
  return surface;
}

static cairo_status_t
append_cb (void *closure, const unsigned char *bytes, unsigned int length)
{
  g_byte_array_append (closure, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
add_picture (XhDemoFiles *self, XhBackend *backend, const char *data, guint i, GError **error)
{
  cairo_surface_t *surface = draw (i);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  XhAttachment *file = g_new0 (XhAttachment, 1);
  g_autofree char *path = NULL, *folder = NULL;

  cairo_surface_write_to_png_stream (surface, append_cb, bytes);
  cairo_surface_destroy (surface);
  file->hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, bytes->len);
  file->name = g_strdup (pictures[i].name);
  file->type = g_strdup ("image/png");
  file->size = bytes->len;
  g_ptr_array_add (self->files, file);
  path = xh_blob_folder_path (data, file->hash);
  folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", folder, g_strerror (errno));
      return FALSE;
    }
  return g_file_set_contents (path, (const char *) bytes->data, bytes->len, error)
         && xh_blobs_note (backend, "demo", file->hash, file->size, file->type, error);
}

XhDemoFiles *
xh_demo_files_new (XhBackend *backend, const char *data, GError **error)
{
  g_autoptr (XhDemoFiles) self = g_new0 (XhDemoFiles, 1);

  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_attachment_free);
  self->given = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    if (!add_picture (self, backend, data, i, error))
      return NULL;
  return g_steal_pointer (&self);
}

void
xh_demo_files_free (XhDemoFiles *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->files);
  g_hash_table_unref (self->given);
  g_free (self);
}

/* What is computed from it was computed without it. */
static gboolean
is_counted (const XhKind *kind, const XhField *field)
{
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *other = g_ptr_array_index (kind->fields, i);

      if (other->computed && strstr (other->computed, field->name))
        return TRUE;
    }
  return FALSE;
}

/* One that is always relevant: what it holds must pass when somebody edits the record. */
static const XhField *
find_field (const XhKind *kind)
{
  for (guint i = 0; i < kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (kind->fields, i);

      if (field->type == XH_FIELD_FILES && !field->relevant && !field->computed && !is_counted (kind, field))
        return field;
    }
  return NULL;
}

char *
xh_demo_files_paper (XhDemoFiles *self)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_auto (XhValue) value = XH_VALUE_INIT;

  g_ptr_array_add (files, g_ptr_array_index (self->files, self->files->len - 1));
  xh_attachments_write (files, &value);
  return g_strdup (xh_value_as_text (&value));
}

void
xh_demo_files_fill (XhDemoFiles *self, XhRecord *record)
{
  const XhField *field = find_field (record->kind);
  const guint given = GPOINTER_TO_UINT (g_hash_table_lookup (self->given, record->kind->name));
  g_autoptr (GPtrArray) files = g_ptr_array_new ();

  if (!field || given >= RECORDS || !xh_value_is_null (&record->values[field->index]))
    return;
  g_hash_table_insert (self->given, record->kind->name, GUINT_TO_POINTER (given + 1));
  g_ptr_array_add (files, g_ptr_array_index (self->files, given % self->files->len));
  if (given % 3 == 0)
    g_ptr_array_add (files, g_ptr_array_index (self->files, (given + 1) % self->files->len));
  xh_attachments_write (files, &record->values[field->index]);
}
