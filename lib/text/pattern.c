/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCRE2 as Python's re.I | re.M: Unicode classes, lines end in LF. The text is a
 * stranger's and the regex may be careless, so each match has a budget; a
 * match that uses it up counts as none. Bytes that are no UTF-8 match nothing
 * (PCRE2_MATCH_INVALID_UTF), so no text can make PCRE2 misbehave.
 */
#include "lib/text/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/error.h"

struct PmPattern {
	pcre2_code *code;
	pcre2_match_context *limits; /* only read after it was made */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcre2_compile_context, pcre2_compile_context_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcre2_match_data, pcre2_match_data_free)

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
				      PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C,
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

/* One match from at on. FALSE: none, or a limit was hit. */
static gboolean
match_from(const PmPattern *pattern, const char *text, size_t len, size_t at,
	   guint32 options, pcre2_match_data *data)
{
	int found = pcre2_match(pattern->code, (PCRE2_SPTR)text, len, at, options, data,
				pattern->limits);

	/* JIT code has a small stack; the interpreter has the heap limit. */
	if (found == PCRE2_ERROR_JIT_STACKLIMIT)
		found = pcre2_match(pattern->code, (PCRE2_SPTR)text, len, at,
				    options | PCRE2_NO_JIT, data, pattern->limits);
	return found >= 0;
}

gboolean
pm_pattern_matches(const PmPattern *pattern, const char *text, size_t len)
{
	g_autoptr(pcre2_match_data) data = pcre2_match_data_create(1, NULL);

	return match_from(pattern, text, len, 0, 0, data);
}

guint
pm_pattern_count(const PmPattern *pattern, const char *text, size_t len)
{
	g_autoptr(pcre2_match_data) data = pcre2_match_data_create(1, NULL);
	const PCRE2_SIZE *range = pcre2_get_ovector_pointer(data);
	size_t at = 0;
	guint count = 0;

	while (count < PM_PATTERN_COUNT_MAX && at <= len &&
	       match_from(pattern, text, len, at, 0, data)) {
		count++;
		/* An empty match moves on by one character; \K could even go back. */
		size_t next = MAX(range[0], range[1]);
		if (next <= at || range[0] == range[1])
			next = MAX(next, at) + 1;
		at = next;
		while (at < len && ((guchar)text[at] & 0xc0) == 0x80)
			at++;
	}
	return count;
}
