/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands right of the sidebar: a list, a record, the dashboard, the synchronisation page. The window keeps a stack of
 * pages and shows the top one's title, subtitle, notice and part of the header. A template of a page is
 * `<template class="XhFooPage" parent="XhPage">` with a `child` property. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XH_TYPE_PAGE (xh_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (XhPage, xh_page, XH, PAGE, AdwBin)

/* Properties: title, subtitle (string, nullable), notice (string, nullable: one sentence shown in the bar under the header, e.g.
 * that a draft was restored), header-end (GtkWidget, nullable: stands in the header bar while the page is shown), actions (GActionGroup,
 * nullable: found as `page.NAME` in the window, its header and its accelerators while the page is shown). */

/**
 * XhPageClass:
 * @reload: fetch again what is shown (F5); nothing by default
 * @can_leave: called before the page is left or the window closes: write the draft. FALSE keeps the page
 * @find: Ctrl+F: put the focus in the page's search entry; FALSE: the page has none and the palette opens
 */
struct _XhPageClass
{
  AdwBinClass parent_class;

  void     (*reload)    (XhPage *self);
  gboolean (*can_leave) (XhPage *self);
  gboolean (*find)      (XhPage *self);
};

const char *xh_page_get_title        (XhPage *self);
void        xh_page_set_title        (XhPage *self, const char *title);
void        xh_page_set_subtitle     (XhPage *self, const char *subtitle);
const char *xh_page_get_notice       (XhPage *self);
void        xh_page_set_notice       (XhPage *self, const char *notice);
void        xh_page_set_header_end   (XhPage *self, GtkWidget *widget);
GActionGroup *xh_page_get_actions    (XhPage *self);
void        xh_page_set_actions      (XhPage *self, GActionGroup *actions); /* (transfer none) */

/* For the window: what has the focus when another page comes to stand on this one, and gets it again when that has gone. FALSE: it is not there
 * any more, and nothing has the focus. */
void        xh_page_keep_focus       (XhPage *self);
gboolean    xh_page_restore_focus    (XhPage *self);

/* A key of this page alone, after whoever has the focus: in a text Ctrl+A still means the text. @action: "page.NAME" */
void        xh_page_add_shortcut     (XhPage *self, const char *keys, const char *action);

void        xh_page_reload           (XhPage *self);
gboolean    xh_page_can_leave        (XhPage *self);
gboolean    xh_page_find             (XhPage *self);

G_END_DECLS
