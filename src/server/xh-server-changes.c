/* SPDX-License-Identifier: GPL-3.0-or-later */

/* POST /v1/changes: a push. */
#include "xh-server-private.h"

#include <glib/gi18n-lib.h>

#include "xh-apply.h"
#include "xh-mark.h"

static void
push (XhCall *call, XhBackend *backend)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ops = NULL;
  g_autoptr (GPtrArray) answers = NULL;
  g_autofree char *device = NULL;
  char *json;
  gsize length;
  const char *body = g_bytes_get_data (call->body, &length);

  ops = xh_wire_read_push (body ? body : "", length, &device, &error);
  if (!ops)
    {
      xh_call_problem (call, SOUP_STATUS_BAD_REQUEST, error->message);
      return;
    }
  /* A session belongs to one device: changes in another's name would not be told to it. */
  if (g_strcmp0 (device, call->access->device) != 0)
    {
      xh_call_problem (call, SOUP_STATUS_FORBIDDEN, _("The session was opened on another device. Sign in again."));
      return;
    }
  if (!xh_apply_forget_refusals (backend, &error) || !(answers = xh_apply_ops (backend, call->access, ops, &error))
      || !(call->answer_mark = xh_mark_make (backend, G_MAXINT64, &error)))
    {
      xh_call_fail (call, error);
      return;
    }
  json = xh_wire_write_answers (answers, &length);
  xh_call_answer (call, SOUP_STATUS_OK, g_bytes_new_take (json, length));
}

XhLane *
xh_route_push (XhServer *self, XhCall *call, GHashTable *query)
{
  call->run = push;
  return self->writer;
}
