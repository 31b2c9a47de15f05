/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the demo county's registers are filled with: data/demo/KIND.json, one file a kind. docs/catalog.md describes the files.
 * Read-only after loading. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _XhDemoSamples XhDemoSamples;

/**
 * xh_demo_samples_load:
 * @folder: where KIND.json files stand; one that is not there holds none
 * Returns: (transfer full): the samples, or %NULL with an error that names the file
 */
XhDemoSamples *xh_demo_samples_load (const char *folder, GError **error);
void           xh_demo_samples_free (XhDemoSamples *self);

/**
 * xh_demo_samples_find:
 * Returns: (transfer none) (nullable): the sample of a kind
 */
JsonObject    *xh_demo_samples_find (XhDemoSamples *self, const char *kind);

/**
 * xh_demo_samples_count:
 * @households: size of the county
 * Returns: how many records of the kind such a county has: "count" is for 20,000 households; a few at the least; 0 without a sample
 */
guint          xh_demo_samples_count (XhDemoSamples *self, const char *kind, guint households);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (XhDemoSamples, xh_demo_samples_free)

G_END_DECLS
