/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bar under the header: shown only when it has something to say. Announced to assistive technology as a status. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define XH_TYPE_STATUS_BAR (xh_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (XhStatusBar, xh_status_bar, XH, STATUS_BAR, AdwBin)

/**
 * xh_status_bar_say:
 * @icon: (nullable): icon name
 * @text: (nullable): one line, plain text; NULL hides the bar
 * @button: (nullable): label of its button
 * @action: (nullable): detailed action the button runs
 */
void xh_status_bar_say (XhStatusBar *self, const char *icon, const char *text, const char *button, const char *action);

G_END_DECLS
