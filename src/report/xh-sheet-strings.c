/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The shared texts of a workbook, asked for by number in any order. The first megabytes stay in memory; more goes to files without
 * a name, which the system may drop from memory and read again. */
#include "xh-sheet-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/xh-durable.h"

#define MEMORY     (2u << 20) /* of each heap */
#define MAX_BYTES  (G_GUINT64_CONSTANT (1) << 30)
#define MAX_TEXTS  (8u << 20)
#define GETS_A_DROP 4096

/* Bytes that are only added to, and then only read. */
typedef struct
{
  GByteArray *buffer;  /* (owned) (nullable) what is not written to the file yet, or all */
  int file;            /* -1: none */
  GMappedFile *mapped; /* (owned) (nullable) */
  const guint8 *bytes; /* once sealed */
} Heap;

struct _XhStrings
{
  Heap texts;
  Heap ends;           /* of guint32: where each text ends */
  guint n_texts;
  guint64 n_bytes;
  guint gets;          /* since mapped pages were given back */
};

XhStrings *
xh_strings_new (void)
{
  XhStrings *self = g_new0 (XhStrings, 1);

  self->texts = (Heap) { .buffer = g_byte_array_sized_new (4096), .file = -1 };
  self->ends = (Heap) { .buffer = g_byte_array_sized_new (4096), .file = -1 };
  return self;
}

static gboolean
spill (Heap *self, GError **error)
{
  if (self->file < 0)
    {
      g_autofree char *name = NULL;

      self->file = g_file_open_tmp ("xinheng-XXXXXX", &name, error);
      if (self->file < 0)
        return FALSE;
      g_unlink (name);
    }
  if (!xh_durable_write (self->file, self->buffer->data, self->buffer->len))
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FILE, _("No room for temporary data: %s"), g_strerror (errno));
      return FALSE;
    }
  g_byte_array_set_size (self->buffer, 0);
  return TRUE;
}

static gboolean
heap_add (Heap *self, gconstpointer bytes, gsize length, GError **error)
{
  g_byte_array_append (self->buffer, bytes, (guint) length);
  return self->buffer->len < MEMORY || spill (self, error);
}

static gboolean
heap_seal (Heap *self, GError **error)
{
  if (self->file < 0)
    {
      self->bytes = self->buffer->data;
      return TRUE;
    }
  if (!spill (self, error))
    return FALSE;
  g_clear_pointer (&self->buffer, g_byte_array_unref);
  self->mapped = g_mapped_file_new_from_fd (self->file, FALSE, error);
  if (self->mapped == NULL)
    return FALSE;
  self->bytes = (const guint8 *) g_mapped_file_get_contents (self->mapped);
  return TRUE;
}

/* A sheet of 300,000 rows would have 40 MB of texts in the process's own count, where a few pages are in use. They stay in the system's. */
static void
heap_drop (Heap *self)
{
  if (self->mapped != NULL)
    madvise (g_mapped_file_get_contents (self->mapped), g_mapped_file_get_length (self->mapped), MADV_DONTNEED);
}

static void
heap_clear (Heap *self)
{
  g_clear_pointer (&self->mapped, g_mapped_file_unref);
  if (self->file >= 0)
    close (self->file);
  g_clear_pointer (&self->buffer, g_byte_array_unref);
}

gboolean
xh_strings_add (XhStrings *self, const char *text, gsize length, GError **error)
{
  guint32 end;

  if (self->n_bytes + length > MAX_BYTES || self->n_texts >= MAX_TEXTS)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_LIMIT, _("The file is larger inside than a sheet may be. Nothing was taken from it."));
      return FALSE;
    }
  self->n_bytes += length;
  self->n_texts++;
  end = (guint32) self->n_bytes;
  return heap_add (&self->texts, text, length, error) && heap_add (&self->ends, &end, sizeof end, error);
}

gboolean
xh_strings_seal (XhStrings *self, GError **error)
{
  return heap_seal (&self->texts, error) && heap_seal (&self->ends, error);
}

const char *
xh_strings_get (XhStrings *self, guint64 index, gsize *length)
{
  const guint32 *ends = (gconstpointer) self->ends.bytes;
  guint32 start;

  if (index >= self->n_texts)
    return NULL;
  if (++self->gets >= GETS_A_DROP)
    {
      heap_drop (&self->texts);
      heap_drop (&self->ends);
      self->gets = 0;
    }
  start = index > 0 ? ends[index - 1] : 0;
  *length = ends[index] - start;
  return (const char *) self->texts.bytes + start;
}

void
xh_strings_free (XhStrings *self)
{
  if (self == NULL)
    return;
  heap_clear (&self->texts);
  heap_clear (&self->ends);
  g_free (self);
}
