/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-repair.h"

#include "xh-round-anew-private.h"

gboolean
xh_repair_wish_anew (XhStore *store, GError **error)
{
  return xh_store_meta_set (store, XH_META_WISH_ANEW, "1", error);
}
