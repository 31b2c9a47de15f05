/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The shared texts of a workbook, asked for by number in any order. The first few megabytes stay in memory; more goes to a file without
 * a name, which the system may drop from memory and read again. */
#include "xh-sheet-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "store/xh-durable.h"

#define MEMORY     (8u << 20)
#define MAX_BYTES  (G_GUINT64_CONSTANT (1) << 30)
#define MAX_TEXTS  (8u << 20)

struct _XhStrings
{
  GArray *ends;        /* (owned) of guint32: where each text ends */
  GString *buffer;     /* (owned) what is not written to the file yet, or all */
  int file;            /* -1: none */
  guint64 n_bytes;
  GMappedFile *mapped; /* (owned) (nullable) */
  const char *bytes;   /* once sealed */
};

XhStrings *
xh_strings_new (void)
{
  XhStrings *self = g_new0 (XhStrings, 1);

  self->ends = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->buffer = g_string_new (NULL);
  self->file = -1;
  return self;
}

static gboolean
spill (XhStrings *self, GError **error)
{
  if (self->file < 0)
    {
      g_autofree char *name = NULL;

      self->file = g_file_open_tmp ("xinheng-XXXXXX", &name, error);
      if (self->file < 0)
        return FALSE;
      g_unlink (name);
    }
  if (!xh_durable_write (self->file, self->buffer->str, self->buffer->len))
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FILE, _("No room for temporary data: %s"), g_strerror (errno));
      return FALSE;
    }
  g_string_truncate (self->buffer, 0);
  return TRUE;
}

gboolean
xh_strings_add (XhStrings *self, const char *text, gsize length, GError **error)
{
  guint32 end;

  if (self->n_bytes + length > MAX_BYTES || self->ends->len >= MAX_TEXTS)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_LIMIT, _("The file is larger inside than a sheet may be. Nothing was taken from it."));
      return FALSE;
    }
  g_string_append_len (self->buffer, text, (gssize) length);
  self->n_bytes += length;
  end = (guint32) self->n_bytes;
  g_array_append_val (self->ends, end);
  return self->buffer->len < MEMORY || spill (self, error);
}

gboolean
xh_strings_seal (XhStrings *self, GError **error)
{
  if (self->file < 0)
    {
      self->bytes = self->buffer->str;
      return TRUE;
    }
  if (!spill (self, error))
    return FALSE;
  self->mapped = g_mapped_file_new_from_fd (self->file, FALSE, error);
  if (self->mapped == NULL)
    return FALSE;
  self->bytes = g_mapped_file_get_contents (self->mapped);
  return TRUE;
}

const char *
xh_strings_get (XhStrings *self, guint64 index, gsize *length)
{
  guint32 start, end;

  if (index >= self->ends->len)
    return NULL;
  start = index > 0 ? g_array_index (self->ends, guint32, index - 1) : 0;
  end = g_array_index (self->ends, guint32, index);
  *length = end - start;
  return self->bytes + start;
}

void
xh_strings_free (XhStrings *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->mapped, g_mapped_file_unref);
  if (self->file >= 0)
    close (self->file);
  g_array_unref (self->ends);
  g_string_free (self->buffer, TRUE);
  g_free (self);
}
