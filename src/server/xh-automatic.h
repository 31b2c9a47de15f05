/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Steps that the server takes by itself, once their condition holds: `"automatic": true` in a workflow.
 *
 * They go the way of every change: form, checks, ledger, with the account `system`, which nobody can sign in as. Whoever may take the
 * reverse step can undo one. Then the person's will stands: the ledger remembers that the step was taken, and it is not taken again until
 * somebody has changed a value that its condition reads (a longer term that then ends, too). */
#pragma once

#include "xh-access.h"

G_BEGIN_DECLS

/* Where a search for records stands; all zero at the beginning. */
typedef struct
{
  guint kind, transition; /* places in the catalog's kinds and the kind's transitions */
  gint64 rid;             /* the last record that was looked at */
} XhAutomaticPlace;

/* What became of candidates. */
typedef struct
{
  guint64 taken;
  guint64 refused;  /* the form says no: something required is missing, or a value is wrong */
  guint64 left;     /* a person took it back */
} XhAutomaticCount;

/**
 * xh_automatic_find:
 * @backend: a reader's
 * @place: (inout): where to go on; moved behind what was found
 * @limit: at most so many
 * @ids: (element-type utf8): emptied, then filled with candidates of one transition, whose condition holds
 * @transition: (out) (nullable): of these; %NULL: there is nothing more
 *
 * Returns: %FALSE with an error when the database failed
 */
gboolean   xh_automatic_find (XhBackend *backend, XhAutomaticPlace *place, guint limit, GPtrArray *ids, const XhKind **kind,
                              const XhTransition **transition, GError **error);

/**
 * xh_automatic_take:
 * @backend: the writer's, in a transaction
 * @ids: (element-type utf8): candidates
 * @count: what became of them is added
 *
 * Takes the step for those whose form agrees. Each has a savepoint of its own.
 */
gboolean   xh_automatic_take (XhBackend *backend, const XhKind *kind, const XhTransition *transition, GPtrArray *ids, XhAutomaticCount *count,
                              GError **error);

G_END_DECLS
