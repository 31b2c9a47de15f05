/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The answers to a record list, from a worker with a store. */
#pragma once

#include "store/xh-worker.h"
#include "xh-record-list.h"

G_BEGIN_DECLS

/* @writer: (nullable) makes an index where a big register is sorted by a column that has none, after the list has its answer. */
XhRecordList *xh_record_list_new_for_reader (XhWorker *reader, XhWorker *writer, const XhKind *kind);

G_END_DECLS
