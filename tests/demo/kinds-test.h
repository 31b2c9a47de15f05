/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person does to a form and sees of it, for the tests of what the definitions say. Each fails the test where the form does not take it. */
#pragma once

#include "model/xh-form.h"

void        set_text       (XhForm *form, const char *field, const char *text); /* @text: (nullable) */
void        set_integer    (XhForm *form, const char *field, gint64 integer);
void        clear          (XhForm *form, const char *field);
const char *get_text       (XhForm *form, const char *field);
gboolean    is_true        (XhForm *form, const char *field);
gboolean    has_error      (XhForm *form, const char *field);
/* Somebody of @role takes a step, after which the record is in @state. */
void        take_step      (XhForm *form, const char *role, const char *transition, const char *state);
void        assert_refused (XhForm *form, const char *role, const char *transition);
/* The date of a reminder of the kind. @expected: (nullable): it does not count now */
void        assert_due     (XhForm *form, const char *name, const char *expected);
