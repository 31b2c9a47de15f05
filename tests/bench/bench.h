/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every benchmark uses: the clock, the prepared store, and the JSON line a figure is printed as. */
#pragma once

#include "demo/xh-demo.h"
#include "store/xh-query.h"

G_BEGIN_DECLS

/* One figure with the floor measured in the same run; ratio = value / floor (or floor / value for rates). */
void       bench_report       (const char *name, double value, const char *unit, guint64 n, double floor, const char *floor_is,
                               const char *extra_json);
double     bench_seconds      (void);                           /* monotonic */
double     bench_cpu_seconds  (void);                           /* of all threads of this process */
double     bench_percentile   (double *samples, guint n, double p); /* sorts @samples */
double     bench_memory_mb    (const char *field);              /* VmRSS or VmHWM of this process */
XhCatalog *bench_catalog      (void);
/* A store with this many demo households and their ratings, made once and kept in BENCH_DATA. */
XhStore   *bench_store        (XhCatalog *catalog, guint households, XhStoreFlags flags);
char      *bench_store_path   (guint households);
gint64     bench_count        (sqlite3 *db, const char *sql);

void bench_score       (void);
void bench_search      (void);
void bench_list        (void);
void bench_list_memory (void);
void bench_list_sort (void);
void bench_form_edit   (void);
void bench_put         (void);
void bench_sheet       (void);
void bench_sync        (void);
void bench_first_sync_100k (void);
void bench_first_sync_1m (void);
void bench_sync_read_latency (void);
void bench_sync_memory (void);
void bench_sync_child  (void); /* for bench_sync_memory(), in a process of its own */
void bench_my_work     (void);
void bench_list_mixed  (void);
void bench_form_open   (void);

G_END_DECLS
