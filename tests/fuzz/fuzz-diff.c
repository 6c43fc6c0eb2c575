/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Diffs: any text splits into comment and diff that are no longer than it was, and a diff
 * that was found has a hash and files. */
#include <string.h>

#include "lib/text/diff.h"
#include "tests/fuzz/target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	PmDiffSplit split = {0};

	pm_diff_split((const char *)data, size, &split);
	g_assert_nonnull(split.comment);
	g_assert_cmpuint(split.head_len, <=, split.comment->len);
	if (split.diff != NULL) {
		g_autofree char *hash = pm_diff_hash(split.diff->str, split.diff->len);
		g_auto(GStrv) files = pm_diff_files(split.diff->str, split.diff->len);

		g_assert_cmpuint(strlen(hash), ==, 40);
		g_assert_nonnull(files);
	}
	pm_comment_clean(split.comment);
	pm_diff_split_clear(&split);

	/* What the database holds need not come from a mail of ours. */
	g_autofree char *hash = pm_diff_hash((const char *)data, size);
	g_auto(GStrv) files = pm_diff_files((const char *)data, size);
	g_assert_nonnull(hash);
	g_assert_nonnull(files);
	return 0;
}
