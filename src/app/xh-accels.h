/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every keyboard shortcut of the program, in one table: the application sets them, a test looks for doubles. */
#pragma once

typedef struct
{
  const char *action;    /* detailed name */
  const char *accels[3]; /* at most two, then NULL */
} XhAccel;

extern const XhAccel xh_accels[]; /* ends with a NULL action */
