/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/logline.h"

#include <string.h>

#include "daemon/log.h"

/*
 * Values are foreign. What would end a line, hide text or turn it round on a terminal is
 * written as an escape, in C's manner:
 *
 *	\n \r \t \" \\		as they are called
 *	\x1b \xff		other control characters; bytes that are no UTF-8
 *	\u202e \U000e0001	C1 controls, line separators, invisible and direction marks
 *
 * A value with any of these, or with a blank or '=', or none at all, stands in quotes.
 */

/* Behind a value that was cut; behind a line that was cut. */
static const char ELLIPSIS[] = "...";
static const char CUT[] = " ...";

static gboolean
is_visible(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_UNASSIGNED:
		return FALSE;
	default:
		return TRUE;
	}
}

static char
short_escape(char c)
{
	switch (c) {
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	case '"':
	case '\\':
		return c;
	default:
		return '\0';
	}
}

/* Writes one character of text to out (at least 11 bytes), and returns its length in
 * text. */
static size_t
write_character(const char *text, char *out)
{
	gunichar c = g_utf8_get_char_validated(text, -1);
	char name = short_escape(*text);

	if (name != '\0') {
		g_snprintf(out, 11, "\\%c", name);
		return 1;
	}
	if (c == (gunichar)-1 || c == (gunichar)-2 || c < 0x20 || c == 0x7f) {
		g_snprintf(out, 11, "\\x%02x", (guchar)*text);
		return 1;
	}
	size_t len = (size_t)(g_utf8_next_char(text) - text);
	if (is_visible(c)) {
		memcpy(out, text, len);
		out[len] = '\0';
		return len;
	}
	g_snprintf(out, 11, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
	return len;
}

static void
append_value(GString *line, const char *value)
{
	gsize start = line->len;
	gboolean is_quoted = *value == '\0';
	char one[11];

	for (const char *at = value; *at != '\0';) {
		size_t len = write_character(at, one);

		if (line->len - start + strlen(one) > PM_LOG_VALUE_MAX) {
			g_string_append(line, ELLIPSIS);
			break;
		}
		is_quoted = is_quoted || one[0] == '\\' || one[0] == ' ' || one[0] == '=';
		g_string_append(line, one);
		at += len;
	}
	if (!is_quoted)
		return;
	g_string_insert_c(line, (gssize)start, '"');
	g_string_append_c(line, '"');
}

void
pm_logline_add(GString *line, const char *key, const char *value)
{
	gsize before = line->len;

	/* No pair ends like this: what has a blank ends in a quote. */
	if (g_str_has_suffix(line->str, CUT))
		return;
	if (before > 0)
		g_string_append_c(line, ' ');
	g_string_append(line, key);
	g_string_append_c(line, '=');
	append_value(line, value);
	if (line->len + strlen(CUT) <= PM_LOG_LINE_MAX)
		return;
	g_string_truncate(line, before);
	g_string_append(line, CUT);
}
