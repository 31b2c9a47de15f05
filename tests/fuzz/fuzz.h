/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A fuzz target is one function. With clang it becomes a libFuzzer program; with any compiler a test that runs the corpus and
 * mutations of it, the same ones for one seed (XH_FUZZ_SEED, XH_FUZZ_ROUNDS). */
#pragma once

#include <glib.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
