/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A picture in a window of its own; Escape closes it. */
#pragma once

#include "xh-attachment-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* @file: a picture that is here */
void xh_picture_window_open (GtkWindow *parent, XhAttachmentDesk *desk, const XhAttachment *file);

G_END_DECLS
