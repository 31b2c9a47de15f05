/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "xh-catalog.h"

G_DEFINE_QUARK (xh-model-error-quark, xh_model_error)
