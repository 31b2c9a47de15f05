/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A real server process on a generated county, and an account at it. */
#pragma once

#include <gio/gio.h>

#include "bench.h"
#include "sync/xh-engine.h"

G_BEGIN_DECLS

typedef struct
{
  GSubprocess *process; /* (owned) */
  char *url;            /* (owned) */
} BenchServer;

void    bench_run          (const char *const *argv);
char   *bench_server_data  (guint households); /* (transfer full) a data folder, made once and kept in BENCH_DATA */
void    bench_server_start (BenchServer *self, const char *data);
void    bench_server_stop  (BenchServer *self);
XhDesk *bench_sign_in      (const BenchServer *self, const char *folder, const char *login);

G_END_DECLS
