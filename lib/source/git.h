/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

#include "lib/source/spool.h"

/*
 * A git that runs beside us and is read from, on one repository. What it writes comes
 * from strangers: lines have a limit, and nothing is kept. The program must ignore
 * SIGPIPE, since a git that died is noticed only by writing to it.
 */
typedef struct PmGit PmGit;

/* Longer lines are cut; none that means something to us is. */
#define PM_GIT_LINE_MAX 4096

/*
 * Starts git with these arguments (NULL-terminated) on the repository whose git directory
 * this is. Variables such as GIT_DIR are not inherited, the repository's own hooks and
 * pagers do not run, and a signal from the terminal does not reach it. NULL with
 * PM_ERROR_PERMANENT_INPUT where it could not be started. (transfer full)
 */
PmGit *pm_git_start(const char *git_dir, const char *const *args, GError **error);

/* Ends it if it has not ended. */
void pm_git_free(PmGit *git);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmGit, pm_git_free)

/* The next line without its end, until the next call; NULL at the end. (transfer none) */
const char *pm_git_line(PmGit *git);

/* The next size bytes into the spool. FALSE where git ended before. */
gboolean pm_git_read(PmGit *git, guint64 size, PmSpool *spool);

/* Writes a line to its standard input. FALSE where it has ended. */
gboolean pm_git_ask(PmGit *git, const char *line);

/*
 * Waits for its end after all was read. FALSE with PM_ERROR_PERMANENT_INPUT and what git
 * said where its status was not 0.
 */
gboolean pm_git_finish(PmGit *git, GError **error);

/*
 * Runs git and returns the first line it writes, "" where it writes nothing. NULL with
 * error where its status is not 0; *status_out (nullable) has it. (transfer full)
 */
char *pm_git_run(const char *git_dir, const char *const *args, int *status_out,
		 GError **error);
