/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCRE2 as Python's re.I | re.M: Unicode classes, lines end in LF. The text is a
 * stranger's and the regex may be careless, so each match has a budget; a
 * match that uses it up counts as none. Bytes that are no UTF-8 match nothing
 * (PCRE2_MATCH_INVALID_UTF), so no text can make PCRE2 misbehave.
 *
 * PCRE2's limits are for each place that a match might begin at, of which a text has as many as
 * bytes, and they count no steps that cannot be taken back: "a+b" takes hours on 25 MB of
 * "a". So a long text is shown to it in pieces of whole lines, and it tries only so many
 * places between two looks at the clock.
 */
#include "lib/text/pattern.h"

#include <string.h>
#include <time.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/error.h"

enum {
	PLACES = 2048,	   /* between two looks at the clock */
	PIECE = 64 * 1024, /* of a text, that a match can be in */
};

struct PmPattern {
	pcre2_code *code;
	pcre2_match_context *limits; /* only read after it was made */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcre2_compile_context, pcre2_compile_context_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcre2_match_context, pcre2_match_context_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcre2_match_data, pcre2_match_data_free)

/* A walk through a text. */
typedef struct {
	const PmPattern *pattern;
	const char *text;
	size_t len, piece_end;
	pcre2_match_context *limits;
	pcre2_match_data *data;
	gint64 deadline; /* of this thread's CPU, microseconds; 0: not begun */
} Search;

PmPattern *
pm_pattern_new(const char *regex, GError **error)
{
	g_autoptr(pcre2_compile_context) context = pcre2_compile_context_create(NULL);
	int code;
	PCRE2_SIZE at;

	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_code *compiled =
		pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED,
			      PCRE2_CASELESS | PCRE2_MULTILINE | PCRE2_UTF | PCRE2_UCP |
				      PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C |
				      PCRE2_USE_OFFSET_LIMIT,
			      &code, &at, context);
	if (compiled == NULL) {
		PCRE2_UCHAR why[256];
		pcre2_get_error_message(code, why, sizeof why);
		g_autofree char *shown = g_utf8_make_valid(regex, -1);
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
			    "cannot use regular expression \"%.200s\": %s at byte %zu",
			    shown, (const char *)why, (size_t)at);
		return NULL;
	}

	/* Where there is no JIT the interpreter does the same work. */
	(void)pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
	PmPattern *pattern = g_new0(PmPattern, 1);
	pattern->code = compiled;
	pattern->limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(pattern->limits, PM_PATTERN_MATCH_LIMIT);
	pcre2_set_depth_limit(pattern->limits, PM_PATTERN_DEPTH_LIMIT);
	pcre2_set_heap_limit(pattern->limits, PM_PATTERN_HEAP_LIMIT);
	return pattern;
}

void
pm_pattern_free(PmPattern *pattern)
{
	if (pattern == NULL)
		return;
	pcre2_code_free(pattern->code);
	pcre2_match_context_free(pattern->limits);
	g_free(pattern);
}

static gint64
cpu_time(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0)
		return 0;
	return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
is_time_over(Search *s)
{
	gint64 now = cpu_time();

	if (s->deadline == 0)
		s->deadline = now + PM_PATTERN_USEC_MAX;
	return now > s->deadline;
}

static size_t
next_character(const char *text, size_t len, size_t at)
{
	do
		at++;
	while (at < len && ((guchar)text[at] & 0xc0) == 0x80);
	return at;
}

/* Where the piece that begins at start ends: behind a line, or in it where it is long. */
static size_t
piece_end(const char *text, size_t len, size_t start)
{
	if (len - start <= PIECE)
		return len;
	const char *line = memrchr(text + start, '\n', PIECE);
	return line ? (size_t)(line + 1 - text)
		    : next_character(text, len, start + PIECE - 1);
}

/* One attempt, for matches that begin between at and last. FALSE: none, or a limit was hit. */
static gboolean
match_between(Search *s, size_t at, size_t last)
{
	guint32 options = s->piece_end < s->len ? PCRE2_NOTEOL : 0;
	PCRE2_SPTR text = (PCRE2_SPTR)s->text;

	(void)pcre2_set_offset_limit(s->limits, last);
	int found = pcre2_match(s->pattern->code, text, s->piece_end, at, options,
				s->data, s->limits);
	/* JIT code has a small stack; the interpreter has the heap limit. */
	if (found == PCRE2_ERROR_JIT_STACKLIMIT)
		found = pcre2_match(s->pattern->code, text, s->piece_end, at,
				    options | PCRE2_NO_JIT, s->data, s->limits);
	return found >= 0;
}

/* The next match that begins at or behind at. */
static gboolean
find_from(Search *s, size_t at)
{
	while (at <= s->len) {
		if (at >= s->piece_end)
			s->piece_end = piece_end(s->text, s->len, at);
		size_t next = MIN(at + PLACES, s->piece_end);
		if (next < s->piece_end)
			next = next_character(s->text, s->piece_end, next);
		gboolean is_last = next == s->len;
		if (match_between(s, at, is_last ? next : next - 1))
			return TRUE;
		if (is_last || is_time_over(s))
			return FALSE;
		at = next;
	}
	return FALSE;
}

static guint
count_up_to(const PmPattern *pattern, const char *text, size_t len, guint max)
{
	g_autoptr(pcre2_match_data) data = pcre2_match_data_create(1, NULL);
	g_autoptr(pcre2_match_context) limits = pcre2_match_context_copy(pattern->limits);
	const PCRE2_SIZE *range = pcre2_get_ovector_pointer(data);
	Search search = {.pattern = pattern,
			 .text = text,
			 .len = len,
			 .limits = limits,
			 .data = data};
	size_t at = 0;
	guint count = 0;

	while (count < max && find_from(&search, at)) {
		count++;
		/* An empty match moves on by one character; \K could even go back. */
		size_t next = MAX(range[0], range[1]);
		if (next <= at || range[0] == range[1])
			next = next_character(text, len, MAX(next, at));
		at = next;
	}
	return count;
}

gboolean
pm_pattern_matches(const PmPattern *pattern, const char *text, size_t len)
{
	return count_up_to(pattern, text, len, 1) > 0;
}

guint
pm_pattern_count(const PmPattern *pattern, const char *text, size_t len)
{
	return count_up_to(pattern, text, len, PM_PATTERN_COUNT_MAX);
}
