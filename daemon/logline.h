/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/* How a line of the log is written; log.h says why. */

/*
 * Appends " key=value" (without the blank at the start of line). value (any bytes) is
 * quoted and escaped where needed, and cut to PM_LOG_VALUE_MAX. A pair that would make
 * the line longer than PM_LOG_LINE_MAX is left out, with " ..." in its place; so are all
 * pairs after it.
 */
void pm_logline_add(GString *line, const char *key, const char *value);
