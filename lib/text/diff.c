/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the diff in a mail's text. A file's part of it begins with a header
 * ("diff --git", "Index:", "--- ") and counts once it is confirmed: by an
 * extended header of git, or by "--- ", "+++ " and "@@" in a row. Until then it is a
 * candidate, which any other line returns to the comment, so that a sentence
 * beginning with "diff " or "Index: " stays a sentence.
 *
 * Cases that decide details:
 *   - Text between two files belongs to the diff: git and patch skip it, and a
 *     patch in several pieces stays in order.
 *   - A hunk ends when the lines it promised have come. Lines that cannot be of
 *     a hunk are the rests of wrapped lines, which don't count, or context whose
 *     first column was mangled, which does. Both are tried: the hunk ends where
 *     the good lines alone make it whole, else where all lines do (as Patchwork
 *     counts), else before the first bad line.
 *   - What follows the last hunk, signature included, is comment again.
 */
#include "lib/text/diff.h"

#include <string.h>

#include "lib/text/diff-line.h"
#include "lib/text/strip.h"

/* So many lines in a row that fit no hunk may be the rests of wrapped ones. */
#define WRAPPED_LINES_MAX 2

typedef enum {
	IN_TEXT,
	IN_HEAD,     /* "diff", "Index:", "===" were seen */
	IN_FROM,     /* "--- " was seen */
	IN_TO,	     /* "+++ " was seen */
	IN_EXTENDED, /* git's extended headers */
	IN_BINARY,   /* "GIT binary patch" */
	IN_HUNK,
	AFTER_HUNK,
} State;

typedef struct {
	const char *text;
	size_t len;
	State state;
	PmDiffLine head;  /* in IN_HEAD: the kind of the latest line */
	size_t candidate; /* where the unconfirmed header began */
	gboolean is_found;
	size_t start, end;   /* the diff, where is_found */
	PmHunk hunk;	     /* counts good lines */
	PmHunk loose;	     /* counts foreign ones as context, too */
	size_t hunk_end;     /* where the hunk ends if it does not become whole */
	guint foreign_run;   /* foreign lines since the last good one */
	gboolean is_foreign; /* the open hunk has had a foreign line */
	gboolean is_block;   /* in IN_BINARY: the latest line was data */
	gboolean is_damaged;
	gboolean lacks_line; /* the text ends before an empty context line */
} Splitter;

static void
confirm(Splitter *s, size_t end)
{
	if (!s->is_found)
		s->start = s->candidate;
	s->is_found = TRUE;
	s->end = end;
}

static void
open_hunk(Splitter *s, const PmLine *line)
{
	(void)pm_hunk_open(line, &s->hunk); /* the line is known to be one */
	confirm(s, line->next);
	s->loose = s->hunk;
	s->hunk_end = line->next;
	s->foreign_run = 0;
	s->is_foreign = FALSE;
	s->state = pm_hunk_is_complete(&s->hunk) ? AFTER_HUNK : IN_HUNK;
}

/* Leaves a hunk that did not get what it promised. */
static void
abandon_hunk(Splitter *s)
{
	s->is_damaged = TRUE;
	s->end = s->hunk_end;
	s->state = AFTER_HUNK;
}

/*
 * Whether "-- " within a hunk is the start of a signature rather than the
 * removal of "- ": nothing is left to remove, or what follows fits no hunk.
 */
static gboolean
is_signature(const Splitter *s, const PmLine *line)
{
	PmLine next;

	if (s->hunk.parents > 1 || line->len != 3 || !pm_line_has_prefix(line, "-- "))
		return FALSE;
	if (s->hunk.left[0] <= 0 || !pm_line_at(s->text, s->len, line->next, &next))
		return TRUE;
	return next.len && !strchr(" +-\\@", next.text[0]);
}

/* Counts the line in both ways and moves the end of an unfinished hunk. */
static void
count_hunk_line(Splitter *s, const PmLine *line)
{
	static const PmLine context = {.text = "", .len = 0};
	gboolean is_good = pm_hunk_take(&s->hunk, line);

	s->foreign_run = is_good ? 0 : s->foreign_run + 1;
	if (!is_good)
		s->is_foreign = s->is_damaged = TRUE;
	if (!pm_hunk_is_complete(&s->loose)) {
		(void)pm_hunk_take(&s->loose, is_good ? line : &context);
		if (pm_hunk_is_complete(&s->loose) || (!s->is_foreign && line->len))
			s->hunk_end = line->next;
	}
}

/* FALSE: the hunk ends before this line, which is still to be read. */
static gboolean
read_hunk_line(Splitter *s, const PmLine *line)
{
	if (is_signature(s, line) || pm_line_has_prefix(line, "@@ -") ||
	    pm_line_has_prefix(line, "diff --git ")) {
		abandon_hunk(s);
		return FALSE;
	}
	if (s->foreign_run >= WRAPPED_LINES_MAX && pm_hunk_is_complete(&s->loose)) {
		abandon_hunk(s);
		return FALSE;
	}
	count_hunk_line(s, line);
	if (pm_hunk_is_complete(&s->hunk)) {
		s->end = line->next;
		s->state = AFTER_HUNK;
	}
	return TRUE;
}

/* Whether the line is data of a binary patch: a length letter and base 85. */
static gboolean
is_binary_data(const PmLine *line)
{
	if (line->len < 6 || !g_ascii_isalpha(line->text[0]))
		return FALSE;
	char mark = line->text[0];
	size_t bytes = g_ascii_isupper(mark) ? mark - 'A' + 1 : mark - 'a' + 27;
	if (line->len != 1 + (bytes + 3) / 4 * 5)
		return FALSE;
	for (size_t i = 1; i < line->len; i++)
		if (!g_ascii_isgraph(line->text[i]))
			return FALSE;
	return TRUE;
}

/* FALSE: the binary patch ends before this line. */
static gboolean
read_binary_line(Splitter *s, const PmLine *line)
{
	gboolean is_data = is_binary_data(line);

	if (!is_data && !(s->is_block && !line->len) &&
	    !pm_line_has_prefix(line, "literal ") &&
	    !pm_line_has_prefix(line, "delta ")) {
		s->state = IN_TEXT;
		return FALSE;
	}
	s->is_block = is_data;
	s->end = line->next;
	return TRUE;
}

/* "diff ...": a new candidate, but where "Index:" and its rule stand above. */
static void
read_command(Splitter *s, PmDiffLine kind, size_t at)
{
	gboolean is_continued = s->state == IN_HEAD && s->head != PM_DIFF_GIT &&
				s->head != PM_DIFF_COMMAND;

	if (!is_continued)
		s->candidate = at;
	s->state = IN_HEAD;
	s->head = kind;
}

static void
read_head(Splitter *s, PmDiffLine kind, const PmLine *line, size_t at)
{
	gboolean is_bazaar = kind == PM_DIFF_RULE && pm_line_has_prefix(line, "=== ");

	if (kind == PM_DIFF_INDEX || (is_bazaar && s->state != IN_HEAD))
		s->candidate = at;
	else if (s->state != IN_HEAD) {
		s->state = IN_TEXT;
		return;
	}
	s->state = IN_HEAD;
	s->head = kind;
}

/* git's headers, which confirm a candidate that "diff --git" began. */
static void
read_extended(Splitter *s, PmDiffLine kind, const PmLine *line)
{
	gboolean is_git = s->state == IN_EXTENDED ||
			  (s->state == IN_HEAD && s->head == PM_DIFF_GIT);

	if (!is_git) {
		/* "diff -r" says so of files without "--- " as well. */
		if (s->state != IN_HEAD || kind != PM_DIFF_DIFFER)
			s->state = IN_TEXT;
		return;
	}
	confirm(s, line->next);
	s->is_block = FALSE;
	s->state = kind == PM_DIFF_BINARY ? IN_BINARY : IN_EXTENDED;
}

static void
read_from(Splitter *s, size_t at)
{
	if (s->state != IN_HEAD)
		s->candidate = at;
	s->state = IN_FROM;
}

static void
read_header_line(Splitter *s, const PmLine *line, size_t at)
{
	PmDiffLine kind = pm_diff_line(line);

	switch (kind) {
	case PM_DIFF_GIT:
	case PM_DIFF_COMMAND:
		read_command(s, kind, at);
		return;
	case PM_DIFF_INDEX:
	case PM_DIFF_RULE:
	case PM_DIFF_NOTE:
		read_head(s, kind, line, at);
		return;
	case PM_DIFF_EXTENDED:
	case PM_DIFF_BINARY:
	case PM_DIFF_DIFFER:
		read_extended(s, kind, line);
		return;
	case PM_DIFF_FROM:
		read_from(s, at);
		return;
	case PM_DIFF_TO:
		s->state = s->state == IN_FROM ? IN_TO : IN_TEXT;
		return;
	case PM_DIFF_HUNK:
		if (s->state == IN_TO || s->state == AFTER_HUNK)
			open_hunk(s, line);
		else
			s->state = IN_TEXT;
		return;
	case PM_DIFF_NO_NEWLINE:
		if (s->state == AFTER_HUNK)
			s->end = line->next;
		else
			s->state = IN_TEXT;
		return;
	case PM_DIFF_OTHER:
		s->state = IN_TEXT;
		return;
	}
}

/*
 * The text ends within a hunk. If that lacks just one line of context, it was an
 * empty one: its line end was that before the boundary of a MIME part.
 */
static void
end_hunk(Splitter *s)
{
	static const PmLine context = {.text = "", .len = 0};
	PmHunk whole = s->hunk;

	(void)pm_hunk_take(&whole, &context);
	if (!pm_hunk_is_complete(&whole)) {
		abandon_hunk(s);
		return;
	}
	s->end = s->len;
	s->lacks_line = TRUE;
}

static void
find_diff(Splitter *s)
{
	PmLine line;

	for (size_t at = 0; pm_line_at(s->text, s->len, at, &line); at = line.next) {
		if (s->state == IN_HUNK && read_hunk_line(s, &line))
			continue;
		if (s->state == IN_BINARY && read_binary_line(s, &line))
			continue;
		read_header_line(s, &line, at);
	}
	if (s->state == IN_HUNK)
		end_hunk(s);
}

void
pm_diff_split(const char *text, size_t len, PmDiffSplit *out)
{
	Splitter s = {.text = text, .len = len};

	find_diff(&s);
	out->is_damaged = s.is_damaged;
	out->diff = NULL;
	out->head_len = s.is_found ? s.start : len;
	if (!s.is_found) {
		out->comment = g_string_new_len(text, len);
		return;
	}
	out->comment = g_string_sized_new(len - (s.end - s.start) + 1);
	g_string_append_len(out->comment, text, s.start);
	g_string_append_len(out->comment, text + s.end, len - s.end);
	out->diff = g_string_new_len(text + s.start, s.end - s.start);
	/* Every line of a diff has an end, or it could not be applied. */
	if (text[s.end - 1] != '\n')
		g_string_append_c(out->diff, '\n');
	if (s.lacks_line)
		g_string_append_c(out->diff, '\n');
}

void
pm_diff_split_clear(PmDiffSplit *split)
{
	if (split->comment)
		g_string_free(split->comment, TRUE);
	if (split->diff)
		g_string_free(split->diff, TRUE);
	memset(split, 0, sizeof(*split));
}

/* "-- " alone, or underscores alone, as Mailman sets above its footer. */
static gboolean
is_signature_line(const PmLine *line)
{
	if (line->len == 3 && memcmp(line->text, "-- ", 3) == 0)
		return TRUE;
	for (size_t i = 0; i < line->len; i++)
		if (line->text[i] != '_')
			return FALSE;
	return line->len > 0;
}

static size_t
find_signature(const GString *comment)
{
	PmLine line;

	for (size_t at = 0; pm_line_at(comment->str, comment->len, at, &line);
	     at = line.next)
		if (is_signature_line(&line))
			return at;
	return comment->len;
}

/* CRLF to LF, in place. */
static void
unify_line_ends(GString *text)
{
	if (!memchr(text->str, '\r', text->len))
		return;
	size_t to = 0;
	for (size_t i = 0; i < text->len; i++)
		if (text->str[i] != '\r' || i + 1 == text->len ||
		    text->str[i + 1] != '\n')
			text->str[to++] = text->str[i];
	g_string_truncate(text, to);
}

void
pm_comment_clean(GString *comment)
{
	size_t start, end;

	g_string_truncate(comment, find_signature(comment));
	unify_line_ends(comment);
	pm_strip_bounds(comment->str, comment->len, &start, &end);
	g_string_truncate(comment, end);
	g_string_erase(comment, 0, start);
}
