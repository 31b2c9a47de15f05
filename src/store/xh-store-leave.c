/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Leaving a ledger: the server was put back to an older copy, or is another one, and a person begins with what it has now. A version is a number of
 * one ledger. In the next one the same number is another entry's, so whatever outlives the change must not be taken for one of its numbers:
 *
 * - rows that came from the server go, all of them (the round forgets them). What stays is what was made here and never accepted: version 0;
 * - ops, drafts, and what a decision in the tray gave up, count as made on the record's very first version. So the server finds a conflict wherever
 *   others wrote the field, and nothing is written over unseen;
 * - a deletion stays one of what was seen then, whatever comes later (xh_store_save());
 * - forms that stand open are in nobody's reach from here: their records say of which era their version is (XhRecord.era), and each place that takes
 *   a record or a version back from a form asks for it (xh_record_version_in(), xh_record_stamp());
 * - what the server had computed of these rows goes with them. */
#include "xh-store-private.h"

gboolean
xh_store_count_up (XhStore *self, const char *key, GError **error)
{
  return xh_store_change_on_record (self,
                                    "INSERT INTO meta(key, value) VALUES (?1, '1') ON CONFLICT(key) DO UPDATE"
                                    " SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)", key, error);
}

/**
 * xh_store_leave_ledger:
 *
 * In the transaction that also forgets the rows: from now on, versions are numbers of another ledger.
 */
gboolean
xh_store_leave_ledger (XhStore *self, GError **error)
{
  static const char sql[] =
    "UPDATE outbox SET base = min(base, 1), origin = min(origin, 1), stale = json_type(\"set\", '$.deleted') IS NOT NULL;"
    "UPDATE decided SET dropped = (SELECT json_group_array(json_set(value, '$.base', min(value ->> 'base', 1), '$.origin', min(value ->> 'origin', 1)) || '')"
    " FROM json_each(dropped)) WHERE json_array_length(dropped) > 0;"
    "UPDATE draft SET record = json_set(record, '$.version', 1) WHERE json_extract(record, '$.version') > 1;"
    "DELETE FROM acked;";

  return xh_store_exec (self, sql, error) && xh_store_forget_previews (self, error) && xh_store_count_up (self, "era", error);
}
