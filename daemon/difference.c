/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/difference.h"

enum { CONTEXT = 3 };

/* The lines of text without their ends; of NULL none. */
static char **
lines_of(const char *text)
{
	return text ? g_strsplit(text, "\n", -1) : g_new0(char *, 1);
}

static guint
count_same(char **was, guint n_was, char **now, guint n_now, gboolean from_end)
{
	guint same = 0;

	while (same < n_was && same < n_now) {
		const char *one = from_end ? was[n_was - 1 - same] : was[same];
		const char *other = from_end ? now[n_now - 1 - same] : now[same];

		if (!g_str_equal(one, other))
			break;
		same++;
	}
	return same;
}

static void
put_lines(GString *out, char mark, char **lines, guint from, guint to)
{
	for (guint i = from; i < to; i++)
		g_string_append_printf(out, "%c%s\n", mark, lines[i]);
}

char *
pm_difference_hunk(const char *title, const char *was, const char *now)
{
	g_auto(GStrv) old = lines_of(was), new = lines_of(now);
	guint n_old = g_strv_length(old), n_new = g_strv_length(new);
	guint head = count_same(old, n_old, new, n_new, FALSE);
	GString *out = g_string_new(NULL);

	if (head == n_old && head == n_new)
		return g_string_free(out, FALSE);
	guint tail = count_same(old + head, n_old - head, new + head, n_new - head, TRUE);
	guint from = head > CONTEXT ? head - CONTEXT : 0;
	guint after = MIN(tail, CONTEXT);
	g_string_append_printf(out, "@@ -%u,%u +%u,%u @@ %s\n", n_old ? from + 1 : 0,
			       n_old - tail + after - from, n_new ? from + 1 : 0,
			       n_new - tail + after - from, title);
	put_lines(out, ' ', old, from, head);
	put_lines(out, '-', old, head, n_old - tail);
	put_lines(out, '+', new, head, n_new - tail);
	put_lines(out, ' ', new, n_new - tail, n_new - tail + after);
	return g_string_free(out, FALSE);
}
