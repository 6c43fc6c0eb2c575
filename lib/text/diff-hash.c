/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patchwork's hash of a diff, by which clients find a patch: SHA-1 over the
 * lines that matter, with file names below a/ and b/ and hunk headers without
 * line numbers. It must stay equal to Patchwork's to the last bit, so it keeps
 * its peculiarities: names end at the first white space, removed lines that
 * look like "--- name" are treated as names, and carriage returns don't count.
 */
#include "lib/text/diff.h"

#include <string.h>

#include "lib/text/diff-line.h"
#include "lib/text/strip.h"

/* Lines are collected to this size before they are summed: many small updates
 * would cost more than the sum. */
#define COLLECTED_MAX (16 * 1024)

/* The length of the file name at text: up to the first white space. */
static size_t
name_length(const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	size_t width;

	while (p < end && !pm_space_at(p, end, &width))
		p += width;
	return p - text;
}

/* "--- dir/name ..." becomes "--- a/name"; FALSE where the line names no file. */
static gboolean
hash_name(GString *out, const char *line, size_t len)
{
	if (len < 5 || (memcmp(line, "--- ", 4) != 0 && memcmp(line, "+++ ", 4) != 0))
		return FALSE;
	size_t size = name_length(line + 4, len - 4);
	if (!size)
		return FALSE;
	const char *slash = memchr(line + 4, '/', size);
	g_string_append_len(out, line, 4);
	g_string_append(out, line[0] == '-' ? "a/" : "b/");
	if (slash)
		g_string_append_len(out, slash + 1, line + 4 + size - slash - 1);
	g_string_append_c(out, '\n');
	return TRUE;
}

/* "@@ -10,3 +12 @@ f()" becomes "@@ -3 +1 @@". */
static gboolean
hash_hunk(GString *out, const char *line, size_t len)
{
	PmLine header = {.text = line, .len = len};
	PmHunk hunk;

	if (line[0] != '@' || !pm_hunk_open(&header, &hunk) || hunk.parents != 1)
		return FALSE;
	g_string_append_printf(out, "@@ -%" G_GINT64_FORMAT " +%" G_GINT64_FORMAT " @@\n",
			       hunk.left[0], hunk.left[1]);
	return TRUE;
}

static void
hash_line(GString *out, const char *line, size_t len)
{
	if (!len || hash_name(out, line, len) || hash_hunk(out, line, len))
		return;
	if (line[0] != ' ' && line[0] != '+' && line[0] != '-')
		return;
	g_string_append_len(out, line, len);
	g_string_append_c(out, '\n');
}

/* The text without carriage returns, or NULL where it has none. */
static GString *
without_returns(const char *text, size_t len)
{
	if (!memchr(text, '\r', len))
		return NULL;
	GString *copy = g_string_sized_new(len);
	for (size_t i = 0; i < len; i++)
		if (text[i] != '\r')
			g_string_append_c(copy, text[i]);
	return copy;
}

char *
pm_diff_hash(const char *diff, size_t len)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	g_autoptr(GString) copy = without_returns(diff, len);
	g_autoptr(GString) lines = g_string_sized_new(COLLECTED_MAX + 1024);
	const char *text = copy ? copy->str : diff;
	size_t start, end;

	pm_strip_bounds(text, copy ? copy->len : len, &start, &end);
	while (start < end) {
		const char *stop = memchr(text + start, '\n', end - start);
		size_t size = stop ? (size_t)(stop - text) - start : end - start;
		hash_line(lines, text + start, size);
		start += size + 1;
		if (lines->len < COLLECTED_MAX && start < end)
			continue;
		g_checksum_update(sum, (const guchar *)lines->str, lines->len);
		g_string_truncate(lines, 0);
	}
	return g_strdup(g_checksum_get_string(sum));
}
