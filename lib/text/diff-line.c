/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells the lines of diffs apart: git, combined, Mercurial, Subversion, CVS,
 * Bazaar and plain unified diffs. Context diffs are not known, as to Patchwork
 * and git. Nothing here looks beyond one line.
 */
#include "lib/text/diff-line.h"

#include <string.h>

gboolean
pm_line_at(const char *text, size_t len, size_t offset, PmLine *line_out)
{
	if (offset >= len)
		return FALSE;
	const char *start = text + offset;
	const char *end = memchr(start, '\n', len - offset);
	size_t size = end ? (size_t)(end - start) : len - offset;

	line_out->text = start;
	line_out->next = offset + size + (end ? 1 : 0);
	if (size && start[size - 1] == '\r')
		size--;
	line_out->len = size;
	return TRUE;
}

gboolean
pm_line_has_prefix(const PmLine *line, const char *prefix)
{
	size_t len = strlen(prefix);

	return line->len >= len && memcmp(line->text, prefix, len) == 0;
}

static gboolean
has_prefix_of(const PmLine *line, const char *const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (pm_line_has_prefix(line, *prefixes))
			return TRUE;
	return FALSE;
}

static gboolean
has_suffix(const PmLine *line, const char *suffix)
{
	size_t len = strlen(suffix);

	return line->len >= len && memcmp(line->text + line->len - len, suffix, len) == 0;
}

static gboolean
is_extended_header(const PmLine *line)
{
	static const char *const prefixes[] = {"index ",
					       "old mode ",
					       "new mode ",
					       "mode ",
					       "deleted file mode ",
					       "new file mode ",
					       "copy from ",
					       "copy to ",
					       "rename from ",
					       "rename to ",
					       "rename old ",
					       "rename new ",
					       "similarity index ",
					       "dissimilarity index ",
					       NULL};

	return has_prefix_of(line, prefixes);
}

/* Lines that CVS, Subversion and diff -r put above "--- ". */
static gboolean
is_note(const PmLine *line)
{
	static const char *const prefixes[] = {
		"RCS file: ",
		"retrieving revision ",
		"new revision: ",
		"Only in ",
		"Prereq: ",
		"Property changes on: ",
		"Cannot display: file marked as a binary type.",
		"svn:mime-type = ",
		NULL};

	return has_prefix_of(line, prefixes);
}

static gboolean
is_difference(const PmLine *line)
{
	if (!pm_line_has_prefix(line, "Binary files ") &&
	    !pm_line_has_prefix(line, "Files "))
		return FALSE;
	return has_suffix(line, " differ");
}

static PmDiffLine
diff_command(const PmLine *line)
{
	static const char *const git[] = {"diff --git ", "diff --cc ", "diff --combined ",
					  NULL};

	if (!pm_line_has_prefix(line, "diff "))
		return PM_DIFF_OTHER;
	return has_prefix_of(line, git) ? PM_DIFF_GIT : PM_DIFF_COMMAND;
}

PmDiffLine
pm_diff_line(const PmLine *line)
{
	PmHunk hunk;

	if (!line->len)
		return PM_DIFF_OTHER;
	switch (line->text[0]) {
	case '-':
		return pm_line_has_prefix(line, "--- ") ? PM_DIFF_FROM : PM_DIFF_OTHER;
	case '+':
		return pm_line_has_prefix(line, "+++ ") ? PM_DIFF_TO : PM_DIFF_OTHER;
	case '@':
		return pm_hunk_open(line, &hunk) ? PM_DIFF_HUNK : PM_DIFF_OTHER;
	case '\\':
		return pm_line_has_prefix(line, "\\ ") ? PM_DIFF_NO_NEWLINE
						       : PM_DIFF_OTHER;
	case '=':
		return pm_line_has_prefix(line, "===") ? PM_DIFF_RULE : PM_DIFF_OTHER;
	default:
		/* Most lines end here: what the words below begin with. */
		if (!strchr("BCFGIOPRcdimnors", line->text[0]))
			return PM_DIFF_OTHER;
	}
	PmDiffLine kind = diff_command(line);
	if (kind != PM_DIFF_OTHER)
		return kind;
	if (pm_line_has_prefix(line, "Index: "))
		return PM_DIFF_INDEX;
	if (pm_line_has_prefix(line, "GIT binary patch"))
		return PM_DIFF_BINARY;
	if (is_extended_header(line))
		return PM_DIFF_EXTENDED;
	if (is_difference(line))
		return PM_DIFF_DIFFER;
	return is_note(line) ? PM_DIFF_NOTE : PM_DIFF_OTHER;
}

/* Reads digits at *p; FALSE where there are none. */
static gboolean
read_number(const char **p, const char *end, gint64 *value_out)
{
	const char *start = *p;
	gint64 value = 0;

	for (; *p < end && g_ascii_isdigit(**p); (*p)++)
		if (value < PM_HUNK_COUNT_MAX)
			value = value * 10 + (**p - '0');
	*value_out = MIN(value, PM_HUNK_COUNT_MAX);
	return *p > start;
}

/* Reads " -1,2" (sign '-') and takes the count, 1 where there is none. */
static gboolean
read_range(const char **p, const char *end, char sign, gint64 *count_out)
{
	gint64 first;

	if (end - *p < 3 || (*p)[0] != ' ' || (*p)[1] != sign)
		return FALSE;
	*p += 2;
	if (!read_number(p, end, &first))
		return FALSE;
	*count_out = 1;
	if (*p < end && **p == ',') {
		(*p)++;
		return read_number(p, end, count_out);
	}
	return TRUE;
}

gboolean
pm_hunk_open(const PmLine *line, PmHunk *hunk_out)
{
	const char *p = line->text, *end = line->text + line->len;
	guint marks = 0;

	while (p < end && *p == '@' && marks <= PM_HUNK_PARENTS_MAX + 1) {
		p++;
		marks++;
	}
	if (marks < 2 || marks > PM_HUNK_PARENTS_MAX + 1)
		return FALSE;
	hunk_out->parents = marks - 1;
	for (guint i = 0; i < hunk_out->parents; i++)
		if (!read_range(&p, end, '-', &hunk_out->left[i]))
			return FALSE;
	if (!read_range(&p, end, '+', &hunk_out->left[hunk_out->parents]))
		return FALSE;
	if ((size_t)(end - p) < 1 + marks || *p++ != ' ')
		return FALSE;
	return memcmp(p, line->text, marks) == 0;
}

gboolean
pm_hunk_is_complete(const PmHunk *hunk)
{
	for (guint i = 0; i <= hunk->parents; i++)
		if (hunk->left[i] > 0)
			return FALSE;
	return TRUE;
}

/*
 * A line of a combined diff has one column a parent: "-" is a line that this
 * parent had and the result has not; with a "-" anywhere, " " is a parent that
 * did not have it either. Without, "+" is a line new to this parent.
 */
static gboolean
take_combined(PmHunk *hunk, const PmLine *line)
{
	if (line->len < hunk->parents)
		return FALSE;
	gboolean is_removed = FALSE;
	for (guint i = 0; i < hunk->parents; i++) {
		if (!strchr(" +-", line->text[i]) || !line->text[i])
			return FALSE;
		is_removed |= line->text[i] == '-';
	}
	for (guint i = 0; i < hunk->parents; i++)
		if (line->text[i] == (is_removed ? '-' : ' '))
			hunk->left[i]--;
	if (!is_removed)
		hunk->left[hunk->parents]--;
	return TRUE;
}

gboolean
pm_hunk_take(PmHunk *hunk, const PmLine *line)
{
	char mark = line->len ? line->text[0] : ' ';

	if (mark == '\\')
		return pm_line_has_prefix(line, "\\ ");
	if (!line->len) {
		for (guint i = 0; i <= hunk->parents; i++)
			hunk->left[i]--;
		return TRUE;
	}
	if (hunk->parents > 1)
		return take_combined(hunk, line);
	if (mark != ' ' && mark != '+' && mark != '-')
		return FALSE;
	if (mark != '+')
		hunk->left[0]--;
	if (mark != '-')
		hunk->left[1]--;
	return TRUE;
}
