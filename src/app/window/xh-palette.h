/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ctrl+K: any page, register or record by characters, pinyin or initials. */
#pragma once

#include "xh-window.h"

G_BEGIN_DECLS

#define XH_TYPE_PALETTE (xh_palette_get_type ())
G_DECLARE_FINAL_TYPE (XhPalette, xh_palette, XH, PALETTE, AdwWindow)

XhPalette *xh_palette_new (XhWindow *window);

G_END_DECLS
