/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walks paths in the order given and directories in the order of their names, without
 * recursion: a stack of entries that wait, each directory replaced by what is in it.
 *
 * A directory with cur/ or new/ is a maildir. Its mails come sorted by the name of the
 * file, which begins with the time of delivery, over both of them; tmp/ is unfinished
 * mail. The directories in a maildir are its folders (Maildir++ begins their names with a
 * dot). Elsewhere names with a dot are hidden (.git, an editor's copies) and are
 * left out. A directory with git repositories is given as it is. Links are followed; a
 * directory that was read already is not read again, so that a link to its own parent
 * ends.
 */
#include "lib/source/tree.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/error.h"
#include "lib/source/inbox.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DIR, closedir)

typedef struct {
	char *path;
	char *sort_key;	     /* in its directory */
	gboolean is_maildir; /* a mail in a maildir */
	gboolean is_known;   /* a file or a directory that was there a moment ago */
	gboolean is_directory;
	gboolean is_walked; /* also where there are git repositories in it */
	guint64 size;
} Entry;

struct PmTree {
	GPtrArray *waiting; /* of Entry, the next one last */
	GHashTable *walked; /* device and inode of each directory read, as text */
	guint64 total;
	size_t n_unknown; /* waiting paths whose size is not in total yet */
};

void
pm_tree_file_clear(PmTreeFile *file)
{
	g_clear_pointer(&file->path, g_free);
	file->is_maildir = FALSE;
	file->is_repository = FALSE;
}

static void
entry_free(Entry *entry)
{
	if (entry == NULL)
		return;
	g_free(entry->path);
	g_free(entry->sort_key);
	g_free(entry);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Entry, entry_free)

static void
entry_free_cb(gpointer entry)
{
	entry_free(entry);
}

/* What there is at the path; entry->is_known stays FALSE where that is neither file nor
 * directory or cannot be found out, which is told when its turn has come. */
static Entry *
entry_new(const char *path, const char *sort_key)
{
	Entry *entry = g_new0(Entry, 1);
	struct stat status;

	entry->path = g_strdup(path);
	entry->sort_key = g_strdup(sort_key);
	if (strcmp(path, "-") == 0 || stat(path, &status) != 0)
		return entry;
	entry->is_directory = S_ISDIR(status.st_mode);
	entry->is_known = entry->is_directory || S_ISREG(status.st_mode);
	entry->size = S_ISREG(status.st_mode) ? status.st_size : 0;
	return entry;
}

static gboolean
is_size_unknown(const Entry *entry)
{
	return entry->is_directory || strcmp(entry->path, "-") == 0;
}

static void
push_entry(PmTree *tree, Entry *entry)
{
	tree->total += entry->size;
	tree->n_unknown += is_size_unknown(entry);
	g_ptr_array_add(tree->waiting, entry);
}

PmTree *
pm_tree_new(const char *const *paths)
{
	PmTree *tree = g_new0(PmTree, 1);

	tree->waiting = g_ptr_array_new_with_free_func(entry_free_cb);
	tree->walked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (size_t n = g_strv_length((char **)paths); n > 0; n--)
		push_entry(tree, entry_new(paths[n - 1], ""));
	return tree;
}

void
pm_tree_free(PmTree *tree)
{
	if (tree == NULL)
		return;
	g_ptr_array_unref(tree->waiting);
	g_hash_table_unref(tree->walked);
	g_free(tree);
}

guint64
pm_tree_total(const PmTree *tree)
{
	return tree->n_unknown == 0 ? tree->total : 0;
}

static gboolean
set_unreadable(const char *path, const char *why, GError **error)
{
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT, "could not read %s: %s",
		    path, why);
	return FALSE;
}

/* Marks the directory; FALSE where it is marked already. */
static gboolean
is_first_visit(PmTree *tree, const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return TRUE; /* opening it will tell */
	return g_hash_table_add(tree->walked, g_strdup_printf("%" G_GUINT64_FORMAT
							      ":%" G_GUINT64_FORMAT,
							      (guint64)status.st_dev,
							      (guint64)status.st_ino));
}

static gboolean
has_subdirectory(const char *path, const char *name)
{
	g_autofree char *below = g_build_filename(path, name, NULL);

	return g_file_test(below, G_FILE_TEST_IS_DIR);
}

static gboolean
is_maildir(const char *path)
{
	return has_subdirectory(path, "cur") || has_subdirectory(path, "new");
}

static gboolean
is_mail_folder(const char *name)
{
	return strcmp(name, "cur") == 0 || strcmp(name, "new") == 0;
}

/* Whether a name in a maildir is one of its folders: not the three that make it one. */
static gboolean
is_folder(const Entry *entry, const char *name)
{
	return entry->is_directory && !is_mail_folder(name) && strcmp(name, "tmp") != 0;
}

/* The mails in cur/ or new/. */
static gboolean
list_mails(const char *path, GPtrArray *entries, GError **error)
{
	g_autoptr(DIR) dir = opendir(path);
	const struct dirent *dirent = NULL;

	if (dir == NULL)
		return set_unreadable(path, g_strerror(errno), error);
	while ((dirent = readdir(dir)) != NULL) {
		const char *name = dirent->d_name;
		g_autofree char *below = g_build_filename(path, name, NULL);
		g_autoptr(Entry) entry = NULL;

		if (name[0] == '.')
			continue;
		entry = entry_new(below, name);
		entry->is_maildir = TRUE;
		if (!entry->is_directory)
			g_ptr_array_add(entries, g_steal_pointer(&entry));
	}
	return TRUE;
}

/* All that is to be read in a directory, unsorted. */
static gboolean
list_directory(const char *path, GPtrArray *entries, GError **error)
{
	g_autoptr(DIR) dir = opendir(path);
	gboolean is_mails = is_maildir(path);
	const struct dirent *dirent = NULL;

	if (dir == NULL)
		return set_unreadable(path, g_strerror(errno), error);
	while ((dirent = readdir(dir)) != NULL) {
		const char *name = dirent->d_name;
		g_autofree char *below = g_build_filename(path, name, NULL);
		g_autoptr(Entry) entry = NULL;

		if (is_mails && is_mail_folder(name)) {
			if (!list_mails(below, entries, error))
				return FALSE;
			continue;
		}
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		if (!is_mails && name[0] == '.')
			continue;
		entry = entry_new(below, name);
		if (!is_mails || is_folder(entry, name))
			g_ptr_array_add(entries, g_steal_pointer(&entry));
	}
	return TRUE;
}

/* The last name first, since the next entry is taken from the end. */
static int
compare_entries(gconstpointer a, gconstpointer b)
{
	const Entry *left = *(const Entry *const *)a;
	const Entry *right = *(const Entry *const *)b;

	if (left->is_maildir != right->is_maildir)
		return left->is_maildir ? 1 : -1;
	return strcmp(right->sort_key, left->sort_key);
}

static gboolean
walk_directory(PmTree *tree, const char *path, GError **error)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(entry_free_cb);

	if (!is_first_visit(tree, path))
		return set_unreadable(
			path, "this directory was read already, under another name",
			error);
	if (!list_directory(path, entries, error))
		return FALSE;
	g_ptr_array_sort(entries, compare_entries);
	g_ptr_array_set_free_func(entries, NULL);
	for (size_t i = 0; i < entries->len; i++)
		push_entry(tree, g_ptr_array_index(entries, i));
	return TRUE;
}

/* Why a path is neither a file nor a directory. */
static gboolean
set_not_a_file(const char *path, GError **error)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return set_unreadable(path, g_strerror(errno), error);
	return set_unreadable(path, "not a regular file; give a pipe as standard input",
			      error);
}

void
pm_tree_walk(PmTree *tree, const char *path)
{
	Entry *entry = entry_new(path, "");

	entry->is_walked = TRUE;
	push_entry(tree, entry);
}

/* Whether a directory is to be read as git repositories. */
static gboolean
is_repository(const Entry *entry)
{
	return !entry->is_walked && !is_maildir(entry->path) &&
	       pm_inbox_is_candidate(entry->path);
}

gboolean
pm_tree_next(PmTree *tree, PmTreeFile *file_out, GError **error)
{
	while (tree->waiting->len > 0) {
		g_autoptr(Entry) entry =
			g_ptr_array_steal_index(tree->waiting, tree->waiting->len - 1);

		if (entry->is_directory && is_repository(entry)) {
			tree->n_unknown--;
			*file_out = (PmTreeFile){.path = g_steal_pointer(&entry->path),
						 .is_repository = TRUE};
			return TRUE;
		}
		if (entry->is_directory) {
			gboolean is_read = walk_directory(tree, entry->path, error);
			tree->n_unknown--;
			if (!is_read)
				return FALSE;
			continue;
		}
		if (!entry->is_known && strcmp(entry->path, "-") != 0)
			return set_not_a_file(entry->path, error);
		*file_out = (PmTreeFile){.path = g_steal_pointer(&entry->path),
					 .is_maildir = entry->is_maildir};
		return TRUE;
	}
	return FALSE;
}
