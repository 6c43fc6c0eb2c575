/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * White space as Python's str.strip() knows it, since rows that Patchwork and
 * patchmail make of one mail must be equal: Unicode white space and the
 * information separators 0x1c to 0x1f.
 */

/* Whether the character at text (UTF-8, text < end) is white space; its length
 * in bytes goes to width_out, also where it is none. Bytes that are no UTF-8
 * count as one character each. */
gboolean pm_space_at(const char *text, const char *end, size_t *width_out);

/* text[*start_out, *end_out) is text[0, len) without white space at its ends;
 * empty where there is nothing else. Linear. */
void pm_strip_bounds(const char *text, size_t len, size_t *start_out, size_t *end_out);

/* Appends text[0, len), stripped, and a line end. */
void pm_strip_append_line(GString *to, const char *text, size_t len);
