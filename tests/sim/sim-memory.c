/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-memory.h"

#include <sqlite3.h>

static sqlite3_mem_methods system_methods;
static guint64 left;
static gboolean struck;

static gboolean
fails (void)
{
  if (left == 0 || --left > 0)
    return FALSE;
  return struck = TRUE;
}

static void *
allocate (int size)
{
  return fails () ? NULL : system_methods.xMalloc (size);
}

static void *
resize (void *memory, int size)
{
  return fails () ? NULL : system_methods.xRealloc (memory, size);
}

void
sim_memory_install (void)
{
  sqlite3_mem_methods methods;

  sqlite3_config (SQLITE_CONFIG_GETMALLOC, &system_methods);
  methods = system_methods;
  methods.xMalloc = allocate;
  methods.xRealloc = resize;
  sqlite3_config (SQLITE_CONFIG_MALLOC, &methods);
}

void
sim_memory_arm (guint64 nth)
{
  left = nth;
  struck = FALSE;
}

gboolean
sim_memory_has_struck (void)
{
  return struck;
}
