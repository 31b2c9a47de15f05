/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-check-item.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _XhCheckItem
{
  GObject parent_instance;

  XhCheckLine *line;
};

G_DEFINE_FINAL_TYPE (XhCheckItem, xh_check_item, G_TYPE_OBJECT)

static void
xh_check_item_class_init (XhCheckItemClass *klass)
{
}

static void
xh_check_item_init (XhCheckItem *self)
{
}

XhCheckItem *
xh_check_item_new (XhCheckLine *line)
{
  XhCheckItem *self = g_object_new (XH_TYPE_CHECK_ITEM, NULL);

  self->line = line;
  return self;
}

XhCheckLine *
xh_check_item_get_line (XhCheckItem *self)
{
  return self->line;
}

const char *
xh_check_result_label (XhCheckResult result)
{
  const char *const labels[] = { N_("No entry found"), N_("Entries found"), N_("On a list of the seriously dishonest"), N_("Not known here"),
                                 N_("Several: choose") };

  return _(labels[result]);
}

char *
xh_check_item_text (XhCheckItem *self, guint column, gboolean masked)
{
  const XhCheckLine *line = self->line;
  const char *code = line->code != NULL ? line->code : line->key != NULL && strlen (line->key) == 18 ? line->key : "";

  switch (column)
    {
    case 0:
      return g_strdup (line->found_name != NULL ? line->found_name : line->name != NULL ? line->name : _("Not known here"));
    case 1:
      /* An organisation's code begins with 9, 1 or 5 and is public; a person's number is all digits but the last. */
      if (masked && strlen (code) == 18 && strspn (code, "0123456789") >= 17)
        return g_strdup_printf ("%.6s********%s", code, code + 14);
      return g_strdup (code);
    case 2:
      return g_strdup (xh_check_result_label (line->result));
    default:
      return g_strdup (line->summary);
    }
}
