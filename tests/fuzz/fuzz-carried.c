/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What somebody brings on a stick: the head of a snapshot, the head of a file of unsent work, or a part of it. Hashes and signatures are made anew for
 * what was mutated, so that it gets past them. It is read or refused with words, and a frame writes no more than its head says. */

#include "fuzz.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "sync/xh-signer.h"
#include "sync/xh-snapshot-file.h"
#include "sync/xh-snapshot-private.h"
#include "sync/xh-work-file.h"

#define KEY "KEY" /* where the corpus names a key */
#define PURPOSE "xinheng-work\n" /* what is signed before the head */
#define ZEROS (1 << 20)

static XhSigner *
get_signer (void)
{
  static XhSigner *signer;

  if (signer == NULL)
    signer = xh_signer_new ();
  return signer;
}

static void
assert_words (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

/* --- unsent work */

static XhWorkFile *
read_head (const char *head, GError **error)
{
  g_autofree char *text = g_strconcat (PURPOSE, head, NULL), *signature = xh_signer_sign (get_signer (), text, strlen (text));

  return xh_work_head_read (head, signature, error);
}

static void
try_work_head (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, KEY, 2);
  g_autofree char *head = g_strjoinv (xh_signer_public (get_signer ()), parts);
  g_autoptr (GError) error = NULL;
  g_autoptr (XhWorkFile) file = read_head (head, &error);

  if (file == NULL)
    assert_words (error);
  else
    g_assert_true (g_utf8_validate (file->login, -1, NULL) && g_utf8_validate (file->name, -1, NULL) && file->hashes->len <= XH_WORK_MAX_HEAD);
}

static void
try_part (const char *text, gsize length)
{
  g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
  g_autofree char *head = g_strdup_printf ("{\"xinheng-work\":2,\"ops\":2,\"login\":\"anna\",\"name\":\"anna\",\"device\":\"01a20684-8dba-72a8-a718-aa4ea01d0303\","
                                           "\"server\":\"\",\"made\":\"2026-11-23T03:48:03Z\",\"key\":\"%s\",\"parts\":[\"%s\"]}",
                                           xh_signer_public (get_signer ()), hash);
  g_autoptr (GError) error = NULL;
  g_autoptr (XhWorkFile) file = read_head (head, &error);
  g_autoptr (GPtrArray) ops = NULL;

  g_assert_no_error (error);
  ops = xh_work_part_read (file, 0, text, length, &error);
  if (ops == NULL)
    assert_words (error);
}

/* --- a snapshot */

static GByteArray *
make_snapshot (const char *text, gsize length)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autofree guint8 *zeros = g_malloc0 (ZEROS), *frame = g_malloc (ZSTD_compressBound (ZEROS));
  const guint32 words[] = { GUINT32_TO_LE (XH_SNAPSHOT_MAGIC), GUINT32_TO_LE (XH_SNAPSHOT_HEAD - 8) };
  guint8 head[XH_SNAPSHOT_HEAD];

  memset (head, ' ', sizeof head);
  memcpy (head, words, sizeof words);
  memcpy (head + 8, text, MIN (length, sizeof head - 8));
  g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, frame, (guint) ZSTD_compress (frame, ZSTD_compressBound (ZEROS), zeros, ZEROS, 19));
  return bytes;
}

static void
try_snapshot (const char *text, gsize length)
{
  g_autoptr (GByteArray) bytes = make_snapshot (text, length);
  g_autofree char *path = g_strdup_printf ("%s/xinheng-fuzz-%d.db", g_get_tmp_dir (), (int) getpid ());
  g_autoptr (GError) error = NULL;
  g_auto (XhSnapshotInfo) info = { 0 };
  XhSnapshotReader *reader = xh_snapshot_reader_new (path, &error);
  GStatBuf status;

  g_assert_no_error (error);
  /* The zeros do not have the hash that the head says. */
  g_assert_false (xh_snapshot_reader_feed (reader, bytes->data, bytes->len, &error) && xh_snapshot_reader_finish (reader, &error));
  assert_words (error);
  xh_snapshot_reader_free (reader);
  if (g_stat (path, &status) == 0 && xh_snapshot_head_read (bytes->data, &info, NULL))
    g_assert_cmpint (status.st_size, <=, info.size);
  g_unlink (path);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  if (g_str_has_prefix (text, "{\"x"))
    try_work_head (text);
  else if (g_str_has_prefix (text, "{\"f"))
    try_snapshot ((const char *) data, size);
  else
    try_part ((const char *) data, size);
  return 0;
}
