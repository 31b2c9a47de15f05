/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes that are written whole, and files that are there after a power cut or a stick that is pulled out. For parts that grow by pieces; a file that
 * is in memory as a whole is written by g_file_set_contents_full() with CONSISTENT and DURABLE. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * xh_durable_write:
 * @fd: open for writing
 *
 * Writes all of @bytes, however often the system takes only some of them or is interrupted. Any thread; it waits for the disk.
 *
 * Returns: %FALSE with errno as the system left it (ENOSPC, EDQUOT, EIO, …); some of the bytes may have been written then
 */
gboolean xh_durable_write (int fd, const void *bytes, gsize length);

/**
 * xh_durable_place:
 * @fd: the descriptor of @part, still open; stays open
 * @part: a whole file in the file system of @path
 *
 * Puts a written file where it is looked for: its content, then its name, then the folder reach the disk. Whoever looks sees the old file or the new
 * one, never half of it. Any thread; it waits for the disk.
 *
 * Returns: %FALSE with errno as the system left it; the name may stand there already when only the folder could not be synced
 */
gboolean xh_durable_place (int fd, const char *part, const char *path);

/**
 * xh_durable_fail:
 * @path: what the message names
 * @code: errno
 * @error: G_FILE_ERROR of @code (%G_FILE_ERROR_NOSPC for a full disk and a full quota), in the system's words
 *
 * Returns: always %FALSE
 */
gboolean xh_durable_fail  (const char *path, int code, GError **error);

G_END_DECLS
