/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-value-row.h"

struct _XhValueRow
{
  XhFieldRow parent_instance;
};

G_DEFINE_FINAL_TYPE (XhValueRow, xh_value_row, XH_TYPE_FIELD_ROW)

static void
xh_value_row_class_init (XhValueRowClass *klass)
{
}

static void
xh_value_row_init (XhValueRow *self)
{
}
