/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one table of pages that can be opened by name. A target is `NAME` or `NAME:ARGUMENT`, as in `dashboard`, `list:household` or
 * `subject:91410421…`. Sidebar, palette, menus (`win.open`) and other pages know pages by targets only: a new page is one line in
 * xh-targets.c. */
#pragma once

#include "app/xh-page.h"
#include "app/xh-session.h"

G_BEGIN_DECLS

/* Where the sidebar shows a page. XH_PLACE_NONE: it is opened from elsewhere only. */
typedef enum
{
  XH_PLACE_NONE,
  XH_PLACE_TOP,
  XH_PLACE_TOOLS,
  XH_PLACE_FOOT
} XhPlace;

/**
 * XhTarget:
 * @name: what stands before the colon
 * @place: where the sidebar shows it; all but XH_PLACE_NONE are also found by the palette
 * @icon: (nullable): NULL with XH_PLACE_NONE
 * @title: (nullable): English, for gettext
 * @make: (transfer floating) (nullable): NULL when there is nothing of that name. @argument is nullable, and anything: it may come
 *   from a setting or a link
 * @may: (nullable): whether the signed-in role has use for it; NULL: everyone
 */
typedef struct
{
  const char *name;
  XhPlace place;
  const char *icon;
  const char *title;
  XhPage *(*make) (XhSession *session, const char *argument);
  gboolean (*may) (XhSession *session);
} XhTarget;

/* @n: (out). (transfer none) in the order of the sidebar. */
const XhTarget *xh_targets_get  (guint *n);
/* @argument: (out) (nullable) points into @target, or NULL. Returns (nullable). */
const XhTarget *xh_targets_find (const char *target, const char **argument);
gboolean        xh_target_may   (const XhTarget *target, XhSession *session);

/* For `may`: the role may make records of the kind of that name. @kind: (nullable) NULL or unknown: no. */
gboolean        xh_target_may_create (XhSession *session, const char *kind);

G_END_DECLS
