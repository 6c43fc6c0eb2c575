/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The hunk of a unified diff between two texts, of three lines of context, headed by title.
 * Lines that are equal at both ends are left out; what differs is not searched for more equal
 * ones, so this is linear. NULL counts as no lines. Equal texts give "". (transfer full)
 */
char *pm_difference_hunk(const char *title, const char *was, const char *now);
