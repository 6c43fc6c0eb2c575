/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strips white space as Python does. Works on bytes with a length; a broken
 * UTF-8 sequence is no white space and ends the search.
 */
#include "lib/text/strip.h"

#include <string.h>

/* The white space of Unicode beyond ASCII; all of it has two or three bytes. */
static gboolean
is_wide_space(gunichar c)
{
	return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static gboolean
is_narrow_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

gboolean
pm_space_at(const char *text, const char *end, size_t *width_out)
{
	*width_out = 1;
	if ((unsigned char)*text < 0x80)
		return is_narrow_space((unsigned char)*text);
	gunichar c = g_utf8_get_char_validated(text, end - text);
	if (c == (gunichar)-1 || c == (gunichar)-2)
		return FALSE;
	*width_out = (guchar)g_utf8_skip[*(const guchar *)text];
	return is_wide_space(c);
}

/* The start of the character that ends at end. */
static const char *
previous_char(const char *start, const char *end)
{
	const char *p = end - 1;

	while (p > start && end - p < 4 && ((unsigned char)*p & 0xc0) == 0x80)
		p--;
	return p;
}

void
pm_strip_bounds(const char *text, size_t len, size_t *start_out, size_t *end_out)
{
	const char *p = text, *end = text + len;
	size_t width;

	while (p < end && pm_space_at(p, end, &width))
		p += width;
	while (end > p) {
		const char *last = previous_char(p, end);
		if (!pm_space_at(last, end, &width) || last + width != end)
			break;
		end = last;
	}
	*start_out = p - text;
	*end_out = end - text;
}

void
pm_strip_append_line(GString *to, const char *text, size_t len)
{
	size_t start, end;

	pm_strip_bounds(text, len, &start, &end);
	g_string_append_len(to, text + start, end - start);
	g_string_append_c(to, '\n');
}
