/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Which files to read, and in which order: paths and directories in, one file after the
 * other out. Does not open the files and knows nothing of what is in them.
 */
typedef struct PmTree PmTree;

typedef struct {
	char *path;		/* "-": standard input */
	gboolean is_maildir;	/* from cur/ or new/: the file is one mail */
	gboolean is_repository; /* a directory with git repositories, not walked */
} PmTreeFile;

void pm_tree_file_clear(PmTreeFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmTreeFile, pm_tree_file_clear)

PmTree *pm_tree_new(const char *const *paths);
void pm_tree_free(PmTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmTree, pm_tree_free)

/*
 * The next file into *file_out, which must be clear. FALSE with error unset at the end;
 * FALSE with PM_ERROR_PERMANENT_INPUT for a path that cannot be read or is neither file
 * nor directory, and the next call goes on with what follows.
 */
gboolean pm_tree_next(PmTree *tree, PmTreeFile *file_out, GError **error);

/* Walks a directory that was given as is_repository; its files come next. */
void pm_tree_walk(PmTree *tree, const char *path);

/*
 * Bytes in all files known so far; 0 while directories wait to be read or standard
 * input is among the paths.
 */
guint64 pm_tree_total(const PmTree *tree);
