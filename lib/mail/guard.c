/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts, before a multipart mail is parsed, what the parse will cost. A patch
 * may hold any number of lines that begin with "--", so only those count as
 * boundaries that begin like the value of some "boundary=" in the mail; where such a
 * value is written in an unusual way, all of them count.
 */
#include "lib/mail/guard.h"

#include <string.h>

#include "lib/error.h"
#include "lib/mail/mail.h"
#include "lib/text/diff-line.h"

/* Lines with a charset name may be so long; the stack is four times this. */
#define LINE_MAX_WITH_CHARSET (PM_MAIL_STACK_SIZE / 4)
/* Comparing "--" lines with boundaries: about a second's worth. */
#define COMPARISONS_MAX (100 * 1000 * 1000)
/* GMime needs 400 bytes for each header of a part. */
#define HEADER_LINES_MAX (100 * 1000)
/* GMime does not nest deeper. */
#define NESTING_MAX 1024
#define KEYS_MAX 32
#define KEY_SIZE 4

typedef struct {
	char keys[KEYS_MAX][KEY_SIZE]; /* how boundaries begin, padded with NULs */
	guint n_keys;
	gboolean counts_all;
	guint64 boundaries; /* "boundary" was seen so often */
	guint64 dashes;	    /* lines that begin with "--" */
	guint64 parts;	    /* those that begin like a boundary */
	guint64 header_lines;
	gboolean is_in_header;
} Guard;

static void
add_key(Guard *g, const char *value, size_t len)
{
	char key[KEY_SIZE] = {0};

	for (size_t i = 0; i < MIN(len, KEY_SIZE); i++) {
		unsigned char c = value[i];
		if (c == '"' || c == ';' || g_ascii_isspace(c))
			break;
		if (c < ' ' || c >= 0x80 || strchr("\\?(", c)) {
			g->counts_all = TRUE;
			return;
		}
		key[i] = c;
	}
	for (guint i = 0; i < g->n_keys; i++)
		if (memcmp(g->keys[i], key, KEY_SIZE) == 0)
			return;
	if (g->n_keys == KEYS_MAX || !key[0]) {
		g->counts_all = TRUE;
		return;
	}
	memcpy(g->keys[g->n_keys++], key, KEY_SIZE);
}

/* text follows "boundary" and "=". */
static void
read_boundary(Guard *g, const char *text, size_t len)
{
	size_t at = 0;

	g->boundaries++;
	while (at < len && g_ascii_isspace(text[at]))
		at++;
	if (at < len && text[at] == '"')
		at++;
	add_key(g, text + at, len - at);
}

/* Steps back over what may stand between a parameter's name and "=": white
 * space, a comment, and the "*0*" of RFC 2231. */
static const char *
name_end(const char *start, const char *p, gboolean *is_unusual_out)
{
	const char *limit = p - MIN(p - start, 256);

	*is_unusual_out = FALSE;
	while (p > limit && (g_ascii_isspace(p[-1]) || strchr("*()0123456789", p[-1]))) {
		gboolean is_comment = p[-1] == ')';
		*is_unusual_out |= !g_ascii_isspace(p[-1]);
		p--;
		while (is_comment && p > limit && p[0] != '(')
			p--;
	}
	return p;
}

static void
find_boundaries(Guard *g, const char *mail, size_t len)
{
	const char *p = mail, *end = mail + len;
	gboolean is_unusual;

	for (; (p = memchr(p, '=', end - p)); p++) {
		const char *name = name_end(mail, p, &is_unusual);
		if (name - mail < 8 || g_ascii_strncasecmp(name - 8, "boundary", 8) != 0)
			continue;
		g->counts_all |= is_unusual;
		read_boundary(g, p + 1, end - p - 1);
	}
}

static gboolean
begins_like_boundary(const Guard *g, const char *text, size_t len)
{
	for (guint i = 0; i < g->n_keys; i++) {
		size_t size = strnlen(g->keys[i], KEY_SIZE);
		if (len >= size && memcmp(text, g->keys[i], size) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Whether a line this long might make GMime copy a charset name to the stack. */
static gboolean
is_stack_hazard(const PmLine *line)
{
	return line->len > LINE_MAX_WITH_CHARSET &&
	       (memchr(line->text, '*', line->len) ||
		memmem(line->text, line->len, "=?", 2));
}

static void
count_line(Guard *g, const PmLine *line)
{
	gboolean is_dashed = pm_line_has_prefix(line, "--");
	gboolean is_part =
		is_dashed &&
		(g->counts_all || begins_like_boundary(g, line->text + 2, line->len - 2));

	g->dashes += is_dashed;
	g->parts += is_part;
	g->header_lines += g->is_in_header;
	g->is_in_header =
		is_part || (g->is_in_header && line->len > 0 && line->text[0] != '\r');
}

gboolean
pm_guard_multipart(const char *mail, size_t len, GError **error)
{
	Guard g = {.is_in_header = TRUE};
	PmLine line;

	find_boundaries(&g, mail, len);
	for (size_t at = 0; pm_line_at(mail, len, at, &line); at = line.next) {
		if (is_stack_hazard(&line)) {
			g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_MAIL,
				    "could not read mail: a line of %zu bytes", line.len);
			return FALSE;
		}
		count_line(&g, &line);
	}
	gboolean has_parts = g.parts > PM_MAIL_PARTS_MAX ||
			     g.dashes * MIN(g.boundaries, NESTING_MAX) > COMPARISONS_MAX;
	if (!has_parts && g.header_lines <= HEADER_LINES_MAX)
		return TRUE;
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_MAIL,
		    "could not read mail: more than %d %s",
		    has_parts ? PM_MAIL_PARTS_MAX : HEADER_LINES_MAX,
		    has_parts ? "parts" : "lines of headers");
	return FALSE;
}
