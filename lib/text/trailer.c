/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What commit messages and cover letters say about other patches: Depends-on,
 * b4's change-id, and the shortlog of a cover letter:
 *
 *	A Developer (2):
 *	  first title
 *	  second title, so long that it
 *	    is wrapped
 */
#include "lib/text/trailer.h"

#include <string.h>

#include "lib/text/diff-line.h"
#include "lib/text/strip.h"

#define DEPENDS_MAX 100
#define SHORTLOG_MAX 1000

/* The stripped text after "key:" (any case) of a line; NULL where it is another. */
static char *
value_of(const PmLine *line, const char *key)
{
	size_t len = strlen(key), start, end;

	if (line->len <= len || g_ascii_strncasecmp(line->text, key, len) != 0)
		return NULL;
	pm_strip_bounds(line->text + len, line->len - len, &start, &end);
	return start < end ? g_strndup(line->text + len + start, end - start) : NULL;
}

/* "<id> (comment)" -> "<id>", "https://... x" -> "https://...", else NULL. */
static char *
dependency(const char *value)
{
	const char *stop = NULL;

	if (*value == '<') {
		stop = strchr(value, '>');
		return stop && stop > value + 1 ? g_strndup(value, stop + 1 - value)
						: NULL;
	}
	if (g_ascii_strncasecmp(value, "http://", 7) != 0 &&
	    g_ascii_strncasecmp(value, "https://", 8) != 0)
		return NULL;
	return g_strndup(value, strcspn(value, " \t\v\f"));
}

char **
pm_trailer_depends_on(const char *content, size_t len)
{
	g_autoptr(GStrvBuilder) found = g_strv_builder_new();
	guint n = 0;
	PmLine line;

	for (size_t at = 0; n < DEPENDS_MAX && pm_line_at(content, len, at, &line);
	     at = line.next) {
		g_autofree char *value = value_of(&line, "Depends-on:");
		g_autofree char *target = value ? dependency(value) : NULL;
		if (!target)
			continue;
		g_strv_builder_add(found, target);
		n++;
	}
	return g_strv_builder_end(found);
}

char *
pm_trailer_change_id(const char *content, size_t len)
{
	PmLine line;

	for (size_t at = 0; pm_line_at(content, len, at, &line); at = line.next) {
		/* Gerrit's "Change-Id: I..." names a patch, not a series. */
		if (!pm_line_has_prefix(&line, "change-id:"))
			continue;
		g_autofree char *value = value_of(&line, "change-id:");
		if (value)
			return g_steal_pointer(&value);
	}
	return NULL;
}

/* "A Developer (2):", not indented. */
static gboolean
is_shortlog_author(const PmLine *line)
{
	const char *p = line->text + line->len;

	if (line->len < 6 || g_ascii_isspace(line->text[0]) || p[-1] != ':' ||
	    p[-2] != ')')
		return FALSE;
	p -= 3;
	const char *last = p;
	while (p > line->text && g_ascii_isdigit(*p))
		p--;
	return p < last && *p == '(' && p > line->text && p[-1] == ' ';
}

static size_t
indent_of(const PmLine *line)
{
	size_t n = 0;

	while (n < line->len && (line->text[n] == ' ' || line->text[n] == '\t'))
		n++;
	return n < line->len ? n : 0;
}

/* Adds the title that is being put together, if any. */
static void
end_title(GPtrArray *titles, GString *title)
{
	if (title->len)
		g_ptr_array_add(titles, g_strndup(title->str, title->len));
	g_string_truncate(title, 0);
}

char **
pm_trailer_shortlog(const char *content, size_t len)
{
	g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) title = g_string_new(NULL);
	gboolean is_list = FALSE;
	size_t first_indent = 0;
	PmLine line;

	for (size_t at = 0;
	     titles->len < SHORTLOG_MAX && pm_line_at(content, len, at, &line);
	     at = line.next) {
		size_t indent = indent_of(&line), start, end;

		pm_strip_bounds(line.text, line.len, &start, &end);
		if (!is_list || indent < 2) {
			end_title(titles, title);
			is_list = is_shortlog_author(&line);
			first_indent = 0;
			continue;
		}
		if (!first_indent)
			first_indent = indent;
		if (indent <= first_indent)
			end_title(titles, title);
		else
			g_string_append_c(title, ' ');
		g_string_append_len(title, line.text + start, end - start);
	}
	if (titles->len < SHORTLOG_MAX)
		end_title(titles, title);
	g_ptr_array_add(titles, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&titles), FALSE);
}
