/* SPDX-License-Identifier: GPL-3.0-or-later */

/* On the synchronisation page: records and unsent work by a file on a stick, for a place without a network. */
#pragma once

#include <adwaita.h>

#include "app/xh-session.h"

G_BEGIN_DECLS

#define XH_TYPE_STICK_GROUP (xh_stick_group_get_type ())
G_DECLARE_FINAL_TYPE (XhStickGroup, xh_stick_group, XH, STICK_GROUP, AdwBin)

void xh_stick_group_set_session (XhStickGroup *self, XhSession *session);

G_END_DECLS
