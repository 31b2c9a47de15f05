/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line of xinheng-server: one function a subcommand, each returns the exit status. */
#pragma once

#include "sync/xh-work-file.h"
#include "xh-access.h"
#include "xh-accounts.h"

G_BEGIN_DECLS

/* What the options of a command line hold that opens a data folder. */
typedef struct
{
  char *data;           /* (owned) */
  char *catalog_folder; /* (owned) (nullable) */
} XhPlace;

void       xh_place_clear   (XhPlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (XhPlace, xh_place_clear)

/* Parses @entries together with --data and --catalog. @summary says in a line what the command does.
 * Errors: XH_SERVER_ERROR_USAGE. */
gboolean   xh_place_parse   (XhPlace *place, const GOptionEntry *entries, const char *parameters, const char *summary,
                             int *argc, char ***argv, GError **error);
XhCatalog *xh_place_catalog (XhPlace *place, GError **error);
XhBackend *xh_place_open    (XhPlace *place, gboolean read_only, GError **error);

gboolean   xh_command_init    (int argc, char **argv, GError **error);
gboolean   xh_command_demo    (int argc, char **argv, GError **error);
gboolean   xh_command_serve   (int argc, char **argv, GError **error);
gboolean   xh_command_account (int argc, char **argv, GError **error);
gboolean   xh_command_import  (int argc, char **argv, GError **error);
gboolean   xh_command_export  (int argc, char **argv, GError **error);
gboolean   xh_command_check   (int argc, char **argv, GError **error);
gboolean   xh_command_document (int argc, char **argv, GError **error);
gboolean   xh_command_snapshot (int argc, char **argv, GError **error);
gboolean   xh_command_work     (int argc, char **argv, GError **error);
/* What xh_command_work() does with its file. @counts: of answers by status, added to. What was committed before a failure stays. */
gboolean   xh_work_bring_file  (XhBackend *backend, const XhWorkFile *file, guint *counts, GError **error);
gboolean   xh_command_lint    (int argc, char **argv, GError **error);

G_END_DECLS
