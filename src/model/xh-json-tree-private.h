/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "xh-json-scan.h"

G_BEGIN_DECLS

/* The value at @scan (transfer full), or NULL with its fault. @unique: a name that stands twice in one object is a fault. */
JsonNode *xh_json_build (XhScan *scan, gboolean unique);

G_END_DECLS
