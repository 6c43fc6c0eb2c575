/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/mail/exact.h"

#include <string.h>

#include "lib/text/diff-line.h"

enum {
	FIRST_LINES = 8, /* that may turn out not to begin the text looked for */
};

static gboolean
is_blank(const PmLine *line)
{
	for (size_t i = 0; i < line->len; i++)
		if (!g_ascii_isspace(line->text[i]))
			return FALSE;
	return TRUE;
}

/* Whether git takes the line for the end of the message: "---" with nothing behind it, or
 * the first line of a diff. */
static gboolean
ends_message(const PmLine *line)
{
	if (pm_line_has_prefix(line, "diff -") || pm_line_has_prefix(line, "Index: "))
		return TRUE;
	if (!pm_line_has_prefix(line, "---"))
		return FALSE;
	PmLine rest = {line->text + 3, line->len - 3, 0};
	return is_blank(&rest) ||
	       (rest.len > 1 && rest.text[0] == ' ' && !g_ascii_isspace(rest.text[1]));
}

/* Whether git apply might read something out of the line where no hunk is open. */
static gboolean
resembles_diff(const PmLine *line)
{
	static const char *const marks[] = {"diff -", "Index: ", "@@ -", "+++ ",
					    "GIT binary patch"};

	for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
		if (pm_line_has_prefix(line, marks[i]))
			return TRUE;
	return pm_line_has_prefix(line, "--- ") && line->len > 4 &&
	       !g_ascii_isspace(line->text[4]);
}

static gboolean
has_diff(const char *text, size_t len)
{
	PmLine line;

	for (size_t at = 0; pm_line_at(text, len, at, &line); at = line.next)
		if (resembles_diff(&line))
			return TRUE;
	return FALSE;
}

/* The message as git cleans it: no white space at the ends of lines, no blank lines at its
 * ends, never two together. (transfer full) */
static GString *
message_of(const char *text, size_t len)
{
	GString *out = g_string_sized_new(256);
	gboolean is_apart = FALSE;
	PmLine line;

	for (size_t at = 0; pm_line_at(text, len, at, &line); at = line.next) {
		if (ends_message(&line))
			break;
		if (is_blank(&line)) {
			is_apart = out->len > 0;
			continue;
		}
		if (is_apart)
			g_string_append_c(out, '\n');
		is_apart = FALSE;
		while (g_ascii_isspace(line.text[line.len - 1]))
			line.len--;
		g_string_append_len(out, line.text, line.len);
		g_string_append_c(out, '\n');
	}
	return out;
}

static gboolean
has_same_message(const char *text, size_t len, const GString *content)
{
	g_autoptr(GString) want = message_of(text, len);
	g_autoptr(GString) got = message_of(content->str, content->len);

	return g_string_equal(want, got);
}

/*
 * Where a text holds another, or NULL. The first line is looked for, then compared with: a
 * search for all of a long one at once first studies it, which costs more than reading
 * the mail. Text made of the same line again and again is left to that search.
 */
static const char *
find_text(const char *text, size_t len, const char *part, size_t size)
{
	const char *end = size > 0 ? memchr(part, '\n', size) : NULL;
	size_t first = end != NULL ? (size_t)(end - part) + 1 : size;
	const char *at = text;

	for (guint tries = 0; tries < FIRST_LINES; tries++) {
		size_t left = len - (size_t)(at - text);

		at = memmem(at, left, part, first);
		if (at == NULL || (size_t)(text + len - at) < size)
			return NULL;
		if (memcmp(at, part, size) == 0)
			return at;
		at++;
	}
	return memmem(at, len - (size_t)(at - text), part, size);
}

gboolean
pm_exact_is_rebuilt(const char *text, size_t len, const GString *content,
		    const GString *diff)
{
	size_t size = diff->len;
	const char *at = len > 0 ? find_text(text, len, diff->str, size) : NULL;

	/* A line end that was missing at the end of the mail was added. */
	if (at == NULL && len > 0 && size > 0 && diff->str[size - 1] == '\n') {
		size--;
		at = find_text(text, len, diff->str, size);
		if (at != NULL && at + size != text + len)
			return FALSE;
	}
	if (at == NULL)
		return FALSE;
	const char *tail = at + size;
	return has_same_message(text, len, content) && !has_diff(text, at - text) &&
	       !has_diff(tail, text + len - tail) &&
	       !has_diff(content->str, content->len);
}
