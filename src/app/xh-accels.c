/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-accels.h"

#include <stddef.h>

const XhAccel xh_accels[] = {
  { "app.quit", { "<Control>q" } },
  { "app.preferences", { "<Control>comma" } },
  { "win.show-help-overlay", { "<Control>question", "F1" } },
  { "win.palette", { "<Control>k" } },
  { "win.back", { "<Alt>Left" } },
  { "win.find", { "<Control>f" } },
  { "win.reload", { "F5" } },
  { "win.sync-now", { "<Control>r" } },
  { "win.open('work')", { "<Alt>Home" } },
  { "win.open('sync')", { "<Control>u" } },
  { "win.open-sidebar", { "F9" } },
  { "win.lock", { "<Control>l" } },
  { "page.new", { "<Control>n" } },
  { "page.save", { "<Control>s" } },
  { "page.undo", { "<Control>z" } },
  { "page.redo", { "<Control><Shift>z" } },
  { "page.issues", { "<Control>e" } },
  { "page.fill", { "<Control>i" } },
  { "page.clear-filters", { "<Control><Shift>f" } },
  { NULL, { NULL } },
};
