/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The lines that diffs are made of: what a line is outside of hunks, and
 * counting within hunks. Used by the modules that read diffs.
 */

/* One line of text[0, len): its bytes without its end, and where the next starts. */
typedef struct {
	const char *text;
	size_t len;  /* without \n or \r\n */
	size_t next; /* offset of the next line */
} PmLine;

/* The line at offset; FALSE at the end of text. */
gboolean pm_line_at(const char *text, size_t len, size_t offset, PmLine *line_out);
/* Whether the line starts with prefix. */
gboolean pm_line_has_prefix(const PmLine *line, const char *prefix);

typedef enum {
	PM_DIFF_OTHER,
	PM_DIFF_GIT,	    /* "diff --git ", "diff --cc ", "diff --combined " */
	PM_DIFF_COMMAND,    /* "diff " and anything else */
	PM_DIFF_INDEX,	    /* "Index: " of Subversion and CVS */
	PM_DIFF_RULE,	    /* "====", "=== " below or instead of it */
	PM_DIFF_NOTE,	    /* what else may stand above "--- ": "RCS file:" ... */
	PM_DIFF_EXTENDED,   /* git's "index", "new file mode", "rename from" ... */
	PM_DIFF_BINARY,	    /* "GIT binary patch" */
	PM_DIFF_DIFFER,	    /* "Binary files a/x and b/x differ" */
	PM_DIFF_FROM,	    /* "--- name" */
	PM_DIFF_TO,	    /* "+++ name" */
	PM_DIFF_HUNK,	    /* "@@ -1,2 +1,3 @@", "@@@ ... @@@" of a combined diff */
	PM_DIFF_NO_NEWLINE, /* "\ No newline at end of file", in any language */
} PmDiffLine;

/* What a line is where no hunk is open. */
PmDiffLine pm_diff_line(const PmLine *line);

/* A combined diff of a merge with more parents than this is text. */
#define PM_HUNK_PARENTS_MAX 16
/* Counts in hunk headers beyond this are taken as this. */
#define PM_HUNK_COUNT_MAX G_MAXINT32

/* How many lines an open hunk still promises, by parent; the last one is the new side. */
typedef struct {
	guint parents;
	gint64 left[PM_HUNK_PARENTS_MAX + 1];
} PmHunk;

/* Reads a hunk header; FALSE (hunk_out undefined) where line is none. */
gboolean pm_hunk_open(const PmLine *line, PmHunk *hunk_out);
/* Whether all promised lines have come. */
gboolean pm_hunk_is_complete(const PmHunk *hunk);
/* Counts a line of the hunk; FALSE (nothing counted) where it cannot be one.
 * An empty line is a context line that lost its space on the way. */
gboolean pm_hunk_take(PmHunk *hunk, const PmLine *line);
