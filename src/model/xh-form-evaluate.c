/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Expressions that do not belong to the form's own graph, evaluated when somebody asks. */

#include "xh-form-private.h"

gboolean
xh_form_evaluate (XhForm *self, const char *expression, XhValue *value)
{
  sqlite3_stmt *statement;
  gboolean done;

  g_return_val_if_fail (XH_IS_FORM (self) && self->record != NULL, FALSE);
  g_return_val_if_fail (expression != NULL && value != NULL, FALSE);

  statement = xh_form_row_prepare (self, expression, NULL);
  done = xh_form_row_read (statement, value);
  sqlite3_finalize (statement);
  return done;
}

gboolean
xh_form_holds (XhForm *self, const char *expression)
{
  g_auto (XhValue) value = XH_VALUE_INIT;

  if (expression == NULL)
    return TRUE;
  return xh_form_evaluate (self, expression, &value) && !xh_value_is_null (&value) && xh_value_as_real (&value) != 0;
}
