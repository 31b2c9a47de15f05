/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-field-row.h"

#include "xh-choice-row.h"
#include "xh-choices-row.h"
#include "xh-date-row.h"
#include "xh-division-row.h"
#include "xh-entry-row.h"
#include "xh-files-row.h"
#include "xh-link-row.h"
#include "xh-long-text-row.h"
#include "xh-switch-row.h"
#include "xh-table-row.h"
#include "xh-value-row.h"

static GType
choose_type (const XhField *field)
{
  if (field->computed != NULL || field->scored)
    return XH_TYPE_VALUE_ROW;
  switch (field->type)
    {
    case XH_FIELD_LONG_TEXT:
      return XH_TYPE_LONG_TEXT_ROW;
    case XH_FIELD_DATE:
      return XH_TYPE_DATE_ROW;
    case XH_FIELD_BOOLEAN:
      /* A switch cannot say "not answered": where an answer is asked for, it is a choice. */
      return field->required && field->default_expression == NULL ? XH_TYPE_CHOICE_ROW : XH_TYPE_SWITCH_ROW;
    case XH_FIELD_CHOICE:
    case XH_FIELD_UNIT:
      return XH_TYPE_CHOICE_ROW;
    case XH_FIELD_CHOICES:
      return XH_TYPE_CHOICES_ROW;
    case XH_FIELD_DIVISION:
      return XH_TYPE_DIVISION_ROW;
    case XH_FIELD_LINK:
      return XH_TYPE_LINK_ROW;
    case XH_FIELD_TABLE:
      return XH_TYPE_TABLE_ROW;
    case XH_FIELD_FILES:
      return XH_TYPE_FILES_ROW;
    case XH_FIELD_TEXT:
    case XH_FIELD_INTEGER:
    case XH_FIELD_DECIMAL:
    case XH_FIELD_MONEY:
    case XH_FIELD_ID_NUMBER:
    case XH_FIELD_USCC:
    case XH_FIELD_PHONE:
    default:
      return XH_TYPE_ENTRY_ROW;
    }
}

GtkWidget *
xh_field_row_new (XhCell *cell, XhFieldHost *host)
{
  return g_object_new (choose_type (xh_cell_get_field (cell)), "cell", cell, "host", host, NULL);
}
