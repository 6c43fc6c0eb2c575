/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "tests/unit/correlate-language.h"

/*
 * Whether mails end in the same series in whatever order they arrive: in every order up to
 * PM_ORDERS_ALL mails, in PM_ORDERS_RANDOM random ones beyond; and in whatever order the
 * correlator is then given what is known of them.
 */
#define PM_ORDERS_ALL 8
#define PM_ORDERS_RANDOM 500

/*
 * An order in which something else comes out than from the lines as they are, in their own
 * order; NULL: there is none. The lines have arrived in that order then. (transfer full)
 */
guint *pm_orders_find_other(GArray *lines, guint32 seed);
