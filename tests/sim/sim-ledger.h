/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim.h"

/* The ledger replayed from its beginning must give every row of the server, and no entry may overwrite what its author did not see. */
void sim_check_ledger (Sim *self);
