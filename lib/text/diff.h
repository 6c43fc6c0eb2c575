/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * A text part into comment and diff, as Patchwork does for what it gets right
 * and better where it mangles (binary patch followed by a text file, combined
 * diffs, mode changes, renames, CRLF).
 */
typedef struct {
	GString *comment;    /* may be empty, never NULL */
	GString *diff;	     /* NULL where the text holds no diff */
	size_t head_len;     /* so much of comment stood before the diff */
	gboolean is_damaged; /* a hunk has other lines than its header promises */
} PmDiffSplit;

/*
 * Splits text[0, len), valid UTF-8 without NUL. The diff is one piece of the
 * text, from the first file's header to the end of the last hunk; the comment
 * is what stands before and after it. Line ends that are missing at the end of
 * the text are added to a diff there. Linear.
 */
void pm_diff_split(const char *text, size_t len, PmDiffSplit *out);
void pm_diff_split_clear(PmDiffSplit *split);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmDiffSplit, pm_diff_split_clear)

/*
 * Cuts a signature ("-- " line, a line of underscores) off comment text and
 * strips it, as Patchwork's clean_content. In place.
 */
void pm_comment_clean(GString *comment);

/* Patchwork's hash of a diff: 40 hex digits. (transfer full) */
char *pm_diff_hash(const char *diff, size_t len);

/* The files a diff touches, sorted, each once. (transfer full): a strv. */
char **pm_diff_files(const char *diff, size_t len);
