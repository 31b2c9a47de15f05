/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments: chosen, saved, sent, fetched. Their content lies on no disk of the simulation: it cannot fail, but every request can. */
#include "sim-steps.h"

#include <string.h>

#include "model/xh-attachment.h"
#include "sync/xh-files.h"

#define FIELD "evidence"

/* (transfer full): few contents, so that people choose the same ones; some take several pieces. */
static char *
make_file (SimClient *self)
{
  const guint which = sim_chance_below (12);
  g_autofree char *name = g_strdup_printf ("scan%u.pdf", which), *path = g_build_filename (self->sim->folder, name, NULL);
  g_autoptr (GString) text = g_string_new ("%PDF-1.4\n");

  for (guint n = which == 0 ? 30000 : 5; n > 0; n--)
    g_string_append_printf (text, "%u %u of a scan\n", which, n);
  g_file_set_contents (path, text->str, (gssize) text->len, NULL);
  return g_steal_pointer (&path);
}

static gboolean
choose_file (SimClient *self, GPtrArray *files)
{
  g_autofree char *path = make_file (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (XhAttachment) file = xh_files_add (self->round.files, path, NULL, self->desk->catalog, NULL, &error);

  if (file == NULL)
    sim_violation (self->sim, "%s cannot choose a file: %s", self->login, error->message);
  else if (xh_attachments_find (files, file->hash) < 0)
    g_ptr_array_add (files, g_steal_pointer (&file));
  return TRUE;
}

void
sim_attach (SimClient *self)
{
  g_autofree char *id = sim_choose_record (self, "deal", "NOT deleted");
  g_autoptr (XhRecord) record = id != NULL ? xh_store_load (self->store, id, NULL) : NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_auto (XhValue) value = XH_VALUE_INIT;
  XhForm *form;

  if (record == NULL)
    return;
  form = sim_find_form (self, record->kind);
  sim_load_form (self, form, record, FALSE);
  files = xh_attachments_read (xh_form_get (form, FIELD));
  if (files->len > 0 && sim_chance_of (25))
    g_ptr_array_remove_index (files, sim_chance_below (files->len));
  else
    choose_file (self, files);
  xh_attachments_write (files, &value);
  if (xh_form_is_editable (form, FIELD))
    xh_form_set (form, FIELD, &value, NULL);
  sim_save_form (self, form, record);
}

static gboolean
fetch (SimClient *self, const XhAttachment *file, GError **error)
{
  g_autofree char *path = xh_files_path (self->round.files, file->hash), *bytes = NULL, *hash = NULL;
  gsize length;

  if (!xh_files_fetch (self->round.files, self->client, file, NULL, NULL, NULL, error))
    return FALSE;
  sim_clock_use (&self->clock);
  if (g_file_get_contents (path, &bytes, &length, error))
    hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, length);
  if (g_strcmp0 (hash, file->hash) != 0)
    sim_violation (self->sim, "%s has a file that is not what its name says", self->login);
  return hash != NULL;
}

void
sim_fetch_files (SimClient *self, gboolean must)
{
  static const char sql[] = "SELECT k." FIELD " FROM k_deal k JOIN record r USING (rid) WHERE k." FIELD " IS NOT NULL AND NOT r.deleted";
  sqlite3_stmt *statement;

  sqlite3_prepare_v2 (xh_store_get_db (self->store), sql, -1, &statement, NULL);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      g_autoptr (GPtrArray) files = xh_attachments_parse ((const char *) sqlite3_column_text (statement, 0));

      for (guint i = 0; i < files->len; i++)
        {
          g_autoptr (GError) error = NULL;

          if (!fetch (self, files->pdata[i], &error) && must)
            sim_violation (self->sim, "%s does not get a file that a record names: %s", self->login, error->message);
        }
    }
  sqlite3_finalize (statement);
  sim_bury (self->sim);
}

/* The cache is small. */
void
sim_trim_files (SimClient *self)
{
  xh_files_trim (self->round.files, 0);
}

/* What others added stays, what they removed is gone, and what its author added is there. */
gboolean
sim_keeps_files (const char *was, const char *stood, const char *mine, const char *is)
{
  g_autoptr (GPtrArray) old = xh_attachments_parse (was), others = xh_attachments_parse (stood);
  g_autoptr (GPtrArray) ours = xh_attachments_parse (mine), result = xh_attachments_parse (is);

  for (guint i = 0; i < others->len; i++)
    {
      const char *hash = ((XhAttachment *) others->pdata[i])->hash;

      if (xh_attachments_find (old, hash) < 0 && xh_attachments_find (result, hash) < 0)
        return FALSE;
    }
  for (guint i = 0; i < ours->len; i++)
    {
      const char *hash = ((XhAttachment *) ours->pdata[i])->hash;

      if (xh_attachments_find (old, hash) < 0 && xh_attachments_find (result, hash) < 0)
        return FALSE;
    }
  return TRUE;
}
