/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * git as a child: its output through a pipe and one buffer, what it complains of into a
 * small sealed memory file, so that no pipe of its own can fill and stop it.
 */
#include "lib/source/git.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/error.h"

enum {
	BUFFER_SIZE = 64 * 1024,
	COMPLAINT_MAX = 4096,
};

struct PmGit {
	char *git_dir;
	GPid pid;
	gboolean is_running;
	int status; /* as waitpid() has it, once it ended */
	int input, output, complaints;
	char buffer[BUFFER_SIZE];
	size_t begin, end; /* of what was read and not taken */
	char line[PM_GIT_LINE_MAX + 1];
};

/* Makes standard error's file: what does not fit is not written. */
static int
open_complaints(void)
{
	int fd = memfd_create("patchmail-git", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd >= 0 && ftruncate(fd, COMPLAINT_MAX) == 0)
		(void)fcntl(fd, F_ADD_SEALS, F_SEAL_GROW);
	return fd;
}

/* Ctrl-C is ours to answer: a git that it ended would look like damage. */
static void
leave_terminal(gpointer data)
{
	(void)data;
	(void)setpgid(0, 0);
}

/* (transfer full): ours without what git itself is told by, as in a hook. */
static char **
environment_for_git(void)
{
	char **environment = g_get_environ();
	g_auto(GStrv) names = g_listenv();

	for (char **name = names; *name != NULL; name++)
		if (g_str_has_prefix(*name, "GIT_"))
			environment = g_environ_unsetenv(environment, *name);
	environment = g_environ_setenv(environment, "LC_ALL", "C", TRUE);
	environment = g_environ_setenv(environment, "GIT_OPTIONAL_LOCKS", "0", TRUE);
	environment = g_environ_setenv(environment, "GIT_NO_LAZY_FETCH", "1", TRUE);
	environment = g_environ_setenv(environment, "GIT_TERMINAL_PROMPT", "0", TRUE);
	return environment;
}

static GStrv
command_line(const char *git_dir, const char *const *args)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	g_autofree char *where = g_strdup_printf("--git-dir=%s", git_dir);

	g_strv_builder_add(builder, "git");
	g_strv_builder_add(builder, where);
	g_strv_builder_add_many(builder, "--no-pager", "--no-replace-objects", "-c",
				"core.fsmonitor=false", "-c", "log.showSignature=false",
				"-c", "core.quotePath=true", NULL);
	g_strv_builder_addv(builder, (const char **)args);
	return g_strv_builder_end(builder);
}

static gboolean
spawn(PmGit *git, const char *const *args, int input, int output, GError **error)
{
	g_auto(GStrv) command = command_line(git->git_dir, args);
	g_auto(GStrv) environment = environment_for_git();
	g_autoptr(GError) failure = NULL;

	if (g_spawn_async_with_fds("/", command, environment,
				   G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
				   leave_terminal, NULL, &git->pid, input, output,
				   git->complaints, &failure)) {
		git->is_running = TRUE;
		return TRUE;
	}
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
		    "could not read %s: could not run git: %s", git->git_dir,
		    failure->message);
	return FALSE;
}

PmGit *
pm_git_start(const char *git_dir, const char *const *args, GError **error)
{
	g_autoptr(PmGit) git = g_new0(PmGit, 1);
	int input[2] = {-1, -1}, output[2] = {-1, -1};

	git->git_dir = g_strdup(git_dir);
	git->input = git->output = -1;
	git->complaints = open_complaints();
	gboolean has_pipes = git->complaints >= 0 && pipe2(input, O_CLOEXEC) == 0 &&
			     pipe2(output, O_CLOEXEC) == 0;
	int reason = errno;
	git->input = input[1];
	git->output = output[0];
	gboolean is_started = has_pipes && spawn(git, args, input[0], output[1], error);
	if (input[0] >= 0)
		(void)close(input[0]);
	if (output[1] >= 0)
		(void)close(output[1]);
	if (is_started)
		return g_steal_pointer(&git);
	if (has_pipes)
		return NULL;
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
		    "could not read %s: could not run git: %s", git_dir,
		    g_strerror(reason));
	return NULL;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void
wait_for_end(PmGit *git)
{
	close_fd(&git->input);
	close_fd(&git->output);
	while (git->is_running) {
		if (waitpid(git->pid, &git->status, 0) >= 0 || errno != EINTR)
			git->is_running = FALSE;
	}
}

void
pm_git_free(PmGit *git)
{
	if (git == NULL)
		return;
	/* It has nothing to finish, and may be far from its end. */
	if (git->is_running)
		(void)kill(git->pid, SIGTERM);
	wait_for_end(git);
	close_fd(&git->complaints);
	g_free(git->git_dir);
	g_free(git);
}

/* FALSE at the end. */
static gboolean
fill(PmGit *git)
{
	ssize_t n = -1;

	if (git->begin < git->end)
		return TRUE;
	do {
		n = read(git->output, git->buffer, sizeof(git->buffer));
	} while (n < 0 && errno == EINTR);
	git->begin = 0;
	git->end = n > 0 ? (size_t)n : 0;
	return n > 0;
}

const char *
pm_git_line(PmGit *git)
{
	size_t len = 0;
	gboolean is_any = FALSE;

	while (fill(git)) {
		const char *start = git->buffer + git->begin;
		size_t left = git->end - git->begin;
		const char *line_end = memchr(start, '\n', left);
		size_t n = line_end ? (size_t)(line_end - start) : left;
		size_t room = MIN(n, PM_GIT_LINE_MAX - len);

		is_any = TRUE;
		memcpy(git->line + len, start, room);
		len += room;
		git->begin += n + (line_end != NULL);
		if (line_end != NULL)
			break;
	}
	git->line[len] = '\0';
	return is_any ? git->line : NULL;
}

gboolean
pm_git_read(PmGit *git, guint64 size, PmSpool *spool)
{
	while (size > 0) {
		if (!fill(git))
			return FALSE;
		size_t n = MIN(size, git->end - git->begin);
		pm_spool_add(spool, git->buffer + git->begin, n);
		git->begin += n;
		size -= n;
	}
	return TRUE;
}

gboolean
pm_git_ask(PmGit *git, const char *line)
{
	g_autofree char *text = g_strconcat(line, "\n", NULL);
	size_t done = 0, len = strlen(text);

	while (done < len) {
		ssize_t n = write(git->input, text + done, len - done);

		if (n < 0 && errno != EINTR)
			return FALSE;
		done += n > 0 ? (size_t)n : 0;
	}
	return TRUE;
}

/* The first line that git complained with. (transfer full) */
static char *
read_complaint(PmGit *git)
{
	char text[COMPLAINT_MAX + 1] = "";

	if (pread(git->complaints, text, COMPLAINT_MAX, 0) < 0)
		return g_strdup("");
	text[strcspn(text, "\n")] = '\0';
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_strdelimit(valid, "\r\t\033", ' ');
	return g_strdup(g_strstrip(valid));
}

gboolean
pm_git_finish(PmGit *git, GError **error)
{
	wait_for_end(git);
	if (WIFEXITED(git->status) && WEXITSTATUS(git->status) == 0)
		return TRUE;
	g_autofree char *complaint = read_complaint(git);
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
		    "could not read %s: git ended with %s %d%s%s", git->git_dir,
		    WIFEXITED(git->status) ? "status" : "signal",
		    WIFEXITED(git->status) ? WEXITSTATUS(git->status)
					   : WTERMSIG(git->status),
		    *complaint ? ": " : "", complaint);
	return FALSE;
}

char *
pm_git_run(const char *git_dir, const char *const *args, int *status_out, GError **error)
{
	g_autoptr(PmGit) git = pm_git_start(git_dir, args, error);
	g_autofree char *first = NULL;
	const char *line = NULL;

	if (status_out != NULL)
		*status_out = -1;
	if (git == NULL)
		return NULL;
	while ((line = pm_git_line(git)) != NULL)
		if (first == NULL)
			first = g_strdup(line);
	gboolean is_done = pm_git_finish(git, error);
	if (status_out != NULL && WIFEXITED(git->status))
		*status_out = WEXITSTATUS(git->status);
	if (!is_done)
		return NULL;
	return first ? g_steal_pointer(&first) : g_strdup("");
}
