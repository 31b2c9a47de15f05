/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A small catalog for tests: two kinds that refer to each other, a card, and a way to put one mistake into it. */
#pragma once

#include "model/xh-evaluator.h"
#include "model/xh-json.h"

G_BEGIN_DECLS

/* The files' text, one replaced: @from by @to in @file (NULL: none). The test fails where @from is not in the file. */
GBytes    *fixture_bundle (const char *file, const char *from, const char *to);
XhCatalog *fixture_load   (void);

G_END_DECLS
