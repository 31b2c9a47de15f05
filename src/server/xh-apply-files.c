/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Attachments of an op: a record that is accepted never names what the server has not. */
#include "xh-apply-private.h"

#include <glib/gi18n-lib.h>

#include "xh-blobs.h"

/* An account that names content must have it: it has sent it, or may read it elsewhere. Else a name that was overheard would be a key. */
static gboolean
check_file (XhApply *self, const XhField *field, const XhAttachment *file, GError **error)
{
  g_autofree char *message = NULL;
  XhBlob blob;
  gboolean may = FALSE;

  if (!xh_blobs_find (self->backend, file->hash, &blob, error)
      || (blob.known && !xh_blobs_may_have (self->backend, self->access, file->hash, &may, error)))
    return FALSE;
  if (!blob.known || !may)
    {
      message = g_strdup_printf (_("The file “%s” has not arrived yet."), file->name);
      xh_apply_refuse (self, field->name, message);
      self->status = XH_ANSWER_HELD;
    }
  else if (blob.size != file->size || !xh_attachment_types_alike (blob.type, file->type))
    {
      message = g_strdup_printf (_("The file “%s” is not what the record says of it."), file->name);
      xh_apply_refuse (self, field->name, message);
    }
  return TRUE;
}

static gboolean
check_field (XhApply *self, const XhField *field, GError **error)
{
  g_autoptr (GPtrArray) before = xh_attachments_read (&self->theirs->values[field->index]);
  g_autoptr (GPtrArray) files = xh_attachments_read (&self->expected->values[field->index]);

  for (guint i = 0; i < files->len && self->status != XH_ANSWER_HELD; i++)
    {
      const XhAttachment *file = g_ptr_array_index (files, i);

      if (xh_attachments_find (before, file->hash) < 0 && !check_file (self, field, file, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
xh_apply_check_files (XhApply *self, GError **error)
{
  for (guint i = 0; i < self->kind->fields->len; i++)
    {
      const XhField *field = g_ptr_array_index (self->kind->fields, i);

      if (field->type == XH_FIELD_FILES && !xh_value_equal (&self->expected->values[i], &self->theirs->values[i])
          && !check_field (self, field, error))
        return FALSE;
    }
  return TRUE;
}
