/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Decodes one raw header value as mailers mean it (RFC 2047 words anywhere,
 * neighbours joined before conversion, raw 8-bit guessed, broken words kept as
 * they stand), removes NULs, unfolds, collapses white space to single spaces
 * and strips. Linear in len. (transfer full), valid UTF-8, maybe "".
 */
char *pm_header_decode(const char *raw, size_t len);
