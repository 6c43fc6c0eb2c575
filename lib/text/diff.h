/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * A text part into comment and diff, as Patchwork does for what it gets right
 * and better where it mangles (binary patch followed by a text file, combined
 * diffs, mode changes, renames, CRLF).
 */
typedef struct {
	GString *comment; /* may be empty, never NULL */
	GString *diff;	  /* NULL where the text holds no diff */
} PmDiffSplit;

/* Splits text[0, len), valid UTF-8 without NUL. Linear. */
void pm_diff_split(const char *text, size_t len, PmDiffSplit *out);
void pm_diff_split_clear(PmDiffSplit *split);

/*
 * Cuts a signature ("-- " line, a line of underscores) off comment text and
 * strips it, as Patchwork's clean_content. In place.
 */
void pm_comment_clean(GString *comment);

/* Patchwork's hash of a diff: 40 hex digits. (transfer full) */
char *pm_diff_hash(const char *diff, size_t len);

/* The files a diff touches, sorted, each once. (transfer full): a strv. */
char **pm_diff_files(const char *diff, size_t len);
