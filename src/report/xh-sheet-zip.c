/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A zip package from outside. libarchive reads it; what it may cost is bounded here. */
#include "xh-sheet-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define MAX_FILE   (G_GUINT64_CONSTANT (256) << 20)
#define MAX_TOTAL  (G_GUINT64_CONSTANT (4) << 30)
#define MAX_PARTS  10000
#define FREE_TOTAL (G_GUINT64_CONSTANT (64) << 20) /* up to here the ratio is not looked at */
#define MAX_RATIO  300                             /* rows differ by their numbers at least: real sheets stay below 100 */

struct _XhZip
{
  struct archive *archive; /* (owned) */
  guint64 size;
  guint n_parts;
};

static gboolean
refuse_size (GError **error)
{
  g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_LIMIT, _("The file is larger inside than a sheet may be. Nothing was taken from it."));
  return FALSE;
}

static gboolean
refuse_damaged (GError **error)
{
  g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT, _("The file is damaged or no .xlsx sheet. Open it and save it again as .xlsx."));
  return FALSE;
}

/* libarchive reads the whole directory of a package into memory, whatever count its end says: so the entries themselves are counted. */
static gboolean
count_parts (const char *path, GError **error)
{
  g_autofree char *buffer = g_malloc (65536 + 3);
  FILE *file = g_fopen (path, "rbe");
  gsize kept = 0, n;
  guint count = 0;

  while (file != NULL && (n = fread (buffer + kept, 1, 65536, file)) > 0)
    {
      const char *p = buffer, *end = buffer + kept + n;

      while (end - p >= 4 && (p = memchr (p, 'P', (gsize) (end - p - 3))) != NULL)
        {
          count += memcmp (p, "PK\001\002", 4) == 0;
          p++;
        }
      kept = MIN (kept + n, 3);
      memmove (buffer, end - kept, kept);
    }
  if (file != NULL)
    fclose (file);
  return count <= MAX_PARTS || refuse_size (error);
}

XhZip *
xh_zip_open (const char *path, GError **error)
{
  g_autoptr (XhZip) self = g_new0 (XhZip, 1);
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FILE, _("%s cannot be opened."), path);
      return NULL;
    }
  self->size = (guint64) info.st_size;
  if (self->size > MAX_FILE)
    {
      refuse_size (error);
      return NULL;
    }
  if (!count_parts (path, error))
    return NULL;
  self->archive = archive_read_new ();
  archive_read_support_format_zip_seekable (self->archive);
  if (archive_read_open_filename (self->archive, path, 65536) != ARCHIVE_OK)
    {
      refuse_damaged (error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

const char *
xh_zip_next (XhZip *self, GError **error)
{
  struct archive_entry *entry;
  int code = archive_read_next_header (self->archive, &entry);
  const char *name;

  if (code == ARCHIVE_EOF)
    return NULL;
  if (code < ARCHIVE_WARN || ++self->n_parts > MAX_PARTS)
    {
      refuse_damaged (error);
      return NULL;
    }
  if (archive_entry_is_encrypted (entry))
    {
      g_set_error (error, XH_SHEET_ERROR, XH_SHEET_ERROR_FORMAT, _("The file has a password. Save it without one."));
      return NULL;
    }
  name = archive_entry_pathname_utf8 (entry);
  if (name == NULL)
    name = archive_entry_pathname (entry);
  return name != NULL ? name + (*name == '/') : "";
}

gssize
xh_zip_read (XhZip *self, gpointer buffer, gsize size, guint64 *total, GError **error)
{
  la_ssize_t n = archive_read_data (self->archive, buffer, size);

  if (n < 0)
    {
      refuse_damaged (error);
      return -1;
    }
  *total += (guint64) n;
  if (*total > MAX_TOTAL || (*total > FREE_TOTAL && *total / MAX_RATIO > self->size))
    {
      refuse_size (error);
      return -1;
    }
  return (gssize) n;
}

double
xh_zip_progress (XhZip *self)
{
  return self->size > 0 ? (double) archive_filter_bytes (self->archive, -1) / (double) self->size : 1;
}

void
xh_zip_close (XhZip *self)
{
  if (self == NULL)
    return;
  if (self->archive != NULL)
    archive_read_free (self->archive);
  g_free (self);
}
