/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server that speaks the protocol over records in memory, and can be told to fail. It applies whatever it is sent: what the
 * real one decides is tested with the real one. Members are guarded by the mutex. */
#pragma once

#include "mock-server.h"
#include "sync/xh-wire.h"

G_BEGIN_DECLS

#define COUNTY_PASSWORD "secret"
#define COUNTY_TOKEN "token-of-the-county"
#define COUNTY_DEVICE "01934f5e-8c1a-7bb2-9d3f-2a6c01b7e9d4"

typedef struct _MockCounty MockCounty;
/* Runs first, with the mutex held. TRUE: it has answered. */
typedef gboolean (*MockHook) (MockCounty *county, const MockRequest *request, MockAnswer *answer, gpointer data);

struct _MockCounty
{
  GMutex mutex;
  GCond changed;        /* signalled after each request */
  MockServer *server;   /* (owned) */
  XhCatalog *catalog;   /* (owned) what the client has */
  GBytes *bundle;       /* (owned) what GET /v1/catalog gives */
  char *bundle_hash;    /* (owned) */
  const char *role, *division;
  gint64 head;
  GPtrArray *records;   /* (owned) of XhRecord */
  GHashTable *answers;  /* (owned) op id → answer as JSON (owned) */
  GHashTable *verdicts; /* (owned) record id → status word; others are applied */
  GPtrArray *leaves;    /* (owned) ids */
  guint n_pushes, n_pulls, n_ops; /* n_ops: ops seen for the first time */
  MockHook hook;
  gpointer hook_data;
};

MockCounty *mock_county_new      (void);
void        mock_county_free     (MockCounty *self);
/* A record on the server; @name in its field "name". */
void        mock_county_add      (MockCounty *self, const char *id, const char *name, int labour);
XhRecord   *mock_county_find     (MockCounty *self, const char *id); /* (transfer full) (nullable) */
void        mock_county_set_hook (MockCounty *self, MockHook hook, gpointer data);
XhCatalog  *mock_catalog_load    (void); /* tests/sync/catalog */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MockCounty, mock_county_free)

G_END_DECLS
