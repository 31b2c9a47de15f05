/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-merge-private.h"

#include "model/xh-attachment.h"

static void
add_copies (GPtrArray *from, GPtrArray *unless_in, GPtrArray *to)
{
  for (guint i = 0; i < from->len; i++)
    {
      const XhAttachment *file = g_ptr_array_index (from, i);

      if (xh_attachments_find (unless_in, file->hash) < 0 && xh_attachments_find (to, file->hash) < 0)
        g_ptr_array_add (to, xh_attachment_copy (file));
    }
}

/* Content has no versions: a file is there or it is not. What either side added stays, what either side removed goes. */
void
xh_merge_files (const XhValue *before, const XhValue *mine, const XhValue *theirs, XhValue *merged)
{
  g_autoptr (GPtrArray) old = xh_attachments_read (before), ours = xh_attachments_read (mine), others = xh_attachments_read (theirs);
  g_autoptr (GPtrArray) removed = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_attachment_free);
  g_autoptr (GPtrArray) result = g_ptr_array_new_with_free_func ((GDestroyNotify) xh_attachment_free);

  add_copies (old, ours, removed);
  add_copies (others, removed, result);
  add_copies (ours, old, result);
  xh_attachments_write (result, merged);
}
