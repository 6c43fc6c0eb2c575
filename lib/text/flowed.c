/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RFC 3676, section 4: soft line breaks, space-stuffing, the signature
 * separator. Quote levels are not regarded, as git does: only the diff of the
 * result is used, and no diff is quoted.
 */
#include "lib/text/flowed.h"

#include <string.h>

#include "lib/text/diff-line.h"

GString *
pm_flowed_join(const char *text, size_t len, gboolean delsp)
{
	GString *joined = g_string_sized_new(len + 1);
	gboolean is_open = FALSE;
	PmLine line;

	for (size_t at = 0; pm_line_at(text, len, at, &line); at = line.next) {
		const char *end = text + at + line.len;
		gboolean is_signature = line.len == 3 && memcmp(line.text, "-- ", 3) == 0;

		if (is_signature && is_open)
			g_string_append_c(joined, '\n');
		if (!is_signature && line.len && line.text[0] == ' ')
			line.text++;
		is_open = !is_signature && line.text < end && end[-1] == ' ';
		g_string_append_len(joined, line.text,
				    end - line.text - (is_open && delsp));
		/* The line end as it was sent. */
		if (!is_open)
			g_string_append_len(joined, end, text + line.next - end);
	}
	if (is_open)
		g_string_append_c(joined, '\n');
	return joined;
}
