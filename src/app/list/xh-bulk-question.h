/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is asked before a step is taken for many records: whether it is meant, where it destroys, and the texts, dates and choices that the step
 * must have. */
#pragma once

#include <adwaita.h>

#include "model/xh-kind.h"

G_BEGIN_DECLS

/* @answers: (nullable) (transfer none) for xh_bulk_set_answers(): NULL where nothing was asked for. */
typedef void (*XhBulkAnswered) (GtkWidget *page, const char *transition, GHashTable *answers);

/* Calls @answered, at once where there is nothing to ask, or not at all where the person turns back or the page has gone. */
void xh_bulk_ask (GtkWidget *page, const XhKind *kind, const XhTransition *transition, guint n, XhBulkAnswered answered);

G_END_DECLS
