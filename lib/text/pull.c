/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recognises the text that git request-pull writes:
 *
 *	The following changes since commit ...
 *	are available in the git repository at:
 *
 *	  git://example.org/tree.git branch
 *
 * The location may be on the next line, after several empty ones, wrapped
 * between URL and branch (with or without a backslash), and followed by blanks;
 * the wording differs in case between versions of git. Of several, the last one counts,
 * since quoted or older requests stand above. Linear.
 */
#include "lib/text/pull.h"

#include <string.h>

#include "lib/text/diff-line.h"

#define INTRODUCTION "the following changes since commit"
#define ANNOUNCEMENT "are available in the git repository at:"

static gboolean
starts_with(const PmLine *line, const char *lower)
{
	size_t len = strlen(lower);

	return line->len >= len && g_ascii_strncasecmp(line->text, lower, len) == 0;
}

/* Letters of words are of any script. */
static gboolean
is_word(unsigned char c)
{
	return g_ascii_isalnum(c) || c == '_' || c >= 0x80;
}

static gboolean
is_url_char(unsigned char c)
{
	return is_word(c) || (c && strchr("/.@:~+%-", c));
}

static gboolean
is_ref_char(unsigned char c)
{
	return is_word(c) || (c && strchr("/._+@-", c));
}

static const char *
skip_space(const char *p, const char *end)
{
	while (p < end && g_ascii_isspace(*p))
		p++;
	return p;
}

static gboolean
is_line_end(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p == end || *p == '\n';
}

/* The end of "scheme://rest" or "user@host:path" at p; NULL where there is none. */
static const char *
url_end(const char *p, const char *end)
{
	const char *start = p;

	while (p < end && (is_word(*p) || *p == '+' || *p == '-'))
		p++;
	if (p == start || p == end)
		return NULL;
	if (*p == '@')
		p++;
	else if (end - p > 3 && memcmp(p, "://", 3) == 0)
		p += 3;
	else
		return NULL;
	start = p;
	while (p < end && is_url_char(*p))
		p++;
	return p > start ? p : NULL;
}

/* "url ref" with single spaces, without a wrap's backslash. */
static char *
join(const char *url, const char *url_stop, const char *ref, const char *ref_stop)
{
	g_autofree char *location = g_strndup(url, url_stop - url);

	if (ref == ref_stop)
		return g_steal_pointer(&location);
	g_autofree char *name = g_strndup(ref, ref_stop - ref);
	return g_strdup_printf("%s %s", location, name);
}

/* The location in text[0, len), which follows the announcement. */
static char *
read_location(const char *text, size_t len)
{
	const char *end = text + len, *url = skip_space(text, end);

	/* Something must stand between: the location has a line of its own. */
	if (!memchr(text, '\n', url - text))
		return NULL;
	const char *url_stop = url_end(url, end);
	if (!url_stop)
		return NULL;
	const char *ref = url_stop;
	while (ref < end && (g_ascii_isspace(*ref) || *ref == '\\'))
		ref++;
	const char *ref_stop = ref;
	while (ref_stop < end && is_ref_char(*ref_stop))
		ref_stop++;
	if (ref > url_stop && is_line_end(ref_stop, end))
		return join(url, url_stop, ref, ref_stop);
	return is_line_end(url_stop, end) ? join(url, url_stop, NULL, NULL) : NULL;
}

char *
pm_pull_url(const char *comment, size_t len)
{
	size_t announcement = strlen(ANNOUNCEMENT);
	gboolean is_introduced = FALSE;
	g_autofree char *found = NULL;
	PmLine line;

	for (size_t at = 0; pm_line_at(comment, len, at, &line); at = line.next) {
		if (starts_with(&line, INTRODUCTION)) {
			is_introduced = TRUE;
			continue;
		}
		if (!is_introduced || !starts_with(&line, ANNOUNCEMENT))
			continue;
		char *url = read_location(comment + at + announcement,
					  len - at - announcement);
		if (!url)
			continue;
		g_free(found);
		found = url;
	}
	return g_steal_pointer(&found);
}
