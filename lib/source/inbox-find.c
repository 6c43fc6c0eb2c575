/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the repositories of a public-inbox are. */
#include <stdlib.h>
#include <string.h>

#include "lib/source/git.h"
#include "lib/source/inbox.h"

typedef struct {
	guint64 number;
	char *path;
} Epoch;

static gboolean
has(const char *path, const char *name, GFileTest test)
{
	g_autofree char *below = g_build_filename(path, name, NULL);

	return g_file_test(below, test);
}

gboolean
pm_inbox_is_bare(const char *path)
{
	return has(path, "HEAD", G_FILE_TEST_EXISTS) &&
	       has(path, "objects", G_FILE_TEST_IS_DIR);
}

/* The git directory of a repository; NULL where there is none. (transfer full) */
static char *
git_dir_of(const char *path)
{
	g_autofree char *below = g_build_filename(path, ".git", NULL);

	/* In a linked working tree it is a file that says where. */
	if (g_file_test(below, G_FILE_TEST_IS_REGULAR) || pm_inbox_is_bare(below))
		return g_steal_pointer(&below);
	return pm_inbox_is_bare(path) ? g_strdup(path) : NULL;
}

/* "12.git" */
static gboolean
is_epoch_name(const char *name, guint64 *number_out)
{
	char *end = NULL;

	if (!g_ascii_isdigit(name[0]))
		return FALSE;
	*number_out = g_ascii_strtoull(name, &end, 10);
	return strcmp(end, ".git") == 0;
}

static void
clear_epoch(gpointer data)
{
	g_free(((Epoch *)data)->path);
}

static int
compare_epochs(gconstpointer a, gconstpointer b)
{
	const Epoch *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

static void
add_canonical(GPtrArray *repositories, const char *path)
{
	g_autofree char *git_dir = git_dir_of(path);
	char *canonical = git_dir ? realpath(git_dir, NULL) : NULL;

	if (canonical != NULL)
		g_ptr_array_add(repositories, g_strdup(canonical));
	free(canonical);
}

/* The epochs in a directory, by number. */
static void
add_epochs(GPtrArray *repositories, const char *path)
{
	g_autoptr(GArray) epochs = g_array_new(FALSE, FALSE, sizeof(Epoch));
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name = NULL;

	g_array_set_clear_func(epochs, clear_epoch);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		Epoch epoch = {0};

		if (!is_epoch_name(name, &epoch.number))
			continue;
		epoch.path = g_build_filename(path, name, NULL);
		g_array_append_val(epochs, epoch);
	}
	g_array_sort(epochs, compare_epochs);
	for (guint i = 0; i < epochs->len; i++)
		add_canonical(repositories, g_array_index(epochs, Epoch, i).path);
}

static void
add_epochs_below(GPtrArray *repositories, const char *path)
{
	g_autofree char *below = g_build_filename(path, "git", NULL);

	add_epochs(repositories, below);
	if (repositories->len == 0)
		add_epochs(repositories, path);
}

GPtrArray *
pm_inbox_repositories(const char *path)
{
	GPtrArray *repositories = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *all = g_build_filename(path, "all.git", NULL);
	g_autofree char *real = g_canonicalize_filename(path, NULL);
	g_autofree char *name = g_path_get_basename(real);
	g_autofree char *above = g_path_get_dirname(real);

	add_epochs_below(repositories, path);
	/* all.git has the objects of the epochs beside it, and no commits of its own. */
	if (repositories->len == 0 && strcmp(name, "all.git") == 0)
		add_epochs_below(repositories, above);
	if (repositories->len == 0)
		add_canonical(repositories, path);
	if (repositories->len == 0)
		add_canonical(repositories, all);
	return repositories;
}

gboolean
pm_inbox_is_candidate(const char *path)
{
	g_autoptr(GPtrArray) repositories = pm_inbox_repositories(path);

	return repositories->len > 0;
}

/* A line of git ls-tree: what a mail, or a directory of mails, is called. */
static gboolean
is_of_inbox(const char *line)
{
	const char *name = strchr(line, '\t');

	if (name == NULL)
		return FALSE;
	name++;
	if (strstr(line, " blob ") != NULL)
		return strcmp(name, "m") == 0 || strcmp(name, "d") == 0;
	return strstr(line, " tree ") != NULL && strlen(name) == 2 &&
	       g_ascii_isxdigit(name[0]) && g_ascii_isxdigit(name[1]);
}

static gboolean
check_tree(const char *git_dir, gboolean *is_inbox_out, GError **error)
{
	static const char *const args[] = {"ls-tree", "HEAD", NULL};
	g_autoptr(PmGit) git = pm_git_start(git_dir, args, error);
	gboolean is_any = FALSE, is_empty = TRUE;
	const char *line = NULL;

	if (git == NULL)
		return FALSE;
	while ((line = pm_git_line(git)) != NULL) {
		is_empty = FALSE;
		is_any = is_any || is_of_inbox(line);
	}
	if (!pm_git_finish(git, error))
		return FALSE;
	/* Who has purged the newest mail is left with a commit that holds nothing. */
	*is_inbox_out = is_any || is_empty;
	return TRUE;
}

gboolean
pm_inbox_check(const char *path, gboolean *is_inbox_out, GError **error)
{
	static const char *const head[] = {"rev-parse", "--verify", "--quiet", "HEAD",
					   NULL};
	g_autoptr(GPtrArray) repositories = pm_inbox_repositories(path);
	g_autofree char *own = git_dir_of(path);
	g_autoptr(GError) failure = NULL;
	int status = 0;

	if (repositories->len == 0 || own == NULL || repositories->len > 1) {
		*is_inbox_out = repositories->len > 0;
		return TRUE;
	}
	g_autofree char *tip =
		pm_git_run(g_ptr_array_index(repositories, 0), head, &status, &failure);
	if (tip == NULL && status == 1) {
		/* Without a commit: an inbox that waits for its first mail, perhaps. */
		*is_inbox_out = pm_inbox_is_bare(path);
		return TRUE;
	}
	if (tip == NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	return check_tree(g_ptr_array_index(repositories, 0), is_inbox_out, error);
}
