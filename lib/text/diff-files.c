/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files a diff touches, from its headers only: lines of hunks are counted,
 * so that a removed "-- x" is no file "x". Renamed files count with both names,
 * copied ones with the new one; files without hunks (modes, binary) count too.
 *
 * The first component ("a/", "b/", "linux.orig/") is cut, but where both sides
 * have the same name, which only diffs without prefixes have.
 */
#include "lib/text/diff.h"

#include <string.h>

#include "lib/text/diff-line.h"

typedef struct {
	GHashTable *names;
	char *from;	  /* of "--- ", where that was the latest line */
	gboolean is_bare; /* "diff --git x x": names have no prefix */
	gboolean is_git;  /* names end with their line, not at a space */
} Collector;

/* Takes a name off text: a quoted one of git, else up to a tab, or to a space. */
static char *
read_name(const char *text, size_t len, gboolean has_spaces)
{
	if (len > 2 && text[0] == '"') {
		const char *end = memrchr(text + 1, '"', len - 1);
		g_autofree char *quoted =
			g_strndup(text + 1, end ? (size_t)(end - text) - 1 : len - 1);
		g_autofree char *plain = g_strcompress(quoted);
		return g_utf8_make_valid(plain, -1);
	}
	const char *end = memchr(text, '\t', len);
	if (!end && !has_spaces)
		end = memchr(text, ' ', len);
	return g_strndup(text, end ? (size_t)(end - text) : len);
}

static const char *
without_first_component(const char *name)
{
	const char *slash = strchr(name, '/');

	return slash ? slash + 1 : name;
}

static void
add_name(Collector *c, const char *name)
{
	if (*name)
		g_hash_table_add(c->names, g_strdup(name));
}

/* "a/x.c~why" and "x.c.orig" beside "a/x.c": copies that quilt and patch keep. */
static gboolean
is_backup_of(const char *from, const char *to)
{
	size_t len = strlen(to);

	return g_str_has_prefix(from, to) &&
	       (from[len] == '~' || strcmp(from + len, ".orig") == 0);
}

static void
add_pair(Collector *c, const char *from, const char *to)
{
	gboolean is_bare = c->is_bare || strcmp(from, to) == 0;
	const char *sides[] = {to, from};

	if (is_backup_of(from, to))
		sides[1] = to;
	for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
		if (g_str_has_prefix(sides[i], "/dev/null"))
			continue;
		add_name(c, is_bare ? sides[i] : without_first_component(sides[i]));
	}
}

/* "diff --git a/x b/x": the name, where both sides agree about it. */
static void
read_git(Collector *c, const PmLine *line)
{
	g_autofree char *text = g_strndup(line->text, line->len);
	const char *rest = strchr(strstr(text, "--"), ' ') + 1;
	size_t half = strlen(rest) / 2;

	c->is_git = TRUE;
	c->is_bare = FALSE;
	if (!g_str_has_prefix(text, "diff --git ")) {
		g_autofree char *path = read_name(rest, strlen(rest), TRUE);
		c->is_bare = FALSE;
		add_name(c, path);
		return;
	}
	if (strlen(rest) % 2 == 0 || rest[half] != ' ')
		return;
	g_autofree char *from = read_name(rest, half, TRUE);
	g_autofree char *to = read_name(rest + half + 1, half, TRUE);
	c->is_bare = strcmp(from, to) == 0;
	if (strcmp(without_first_component(from), without_first_component(to)) == 0)
		add_pair(c, from, to);
}

static void
read_extended(Collector *c, const PmLine *line)
{
	static const char *const prefixes[] = {"rename from ", "rename to ", "copy to "};

	for (guint i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		size_t skip = strlen(prefixes[i]);
		if (!pm_line_has_prefix(line, prefixes[i]))
			continue;
		g_autofree char *name =
			read_name(line->text + skip, line->len - skip, TRUE);
		add_name(c, name);
	}
}

static void
read_header_line(Collector *c, const PmLine *line, PmDiffLine kind)
{
	g_autofree char *from = g_steal_pointer(&c->from);

	if (kind == PM_DIFF_GIT)
		read_git(c, line);
	else if (kind == PM_DIFF_COMMAND || kind == PM_DIFF_INDEX)
		c->is_git = c->is_bare = FALSE;
	else if (kind == PM_DIFF_EXTENDED && c->is_git)
		read_extended(c, line);
	else if (kind == PM_DIFF_FROM)
		c->from = read_name(line->text + 4, line->len - 4, c->is_git);
	else if (kind == PM_DIFF_TO && from) {
		g_autofree char *to = read_name(line->text + 4, line->len - 4, c->is_git);
		add_pair(c, from, to);
	}
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char **
sorted_names(GHashTable *names)
{
	guint n = 0;
	char **keys = (char **)g_hash_table_get_keys_as_array(names, &n);

	g_hash_table_steal_all(names);
	qsort(keys, n, sizeof(*keys), compare_names);
	return keys;
}

char **
pm_diff_files(const char *diff, size_t len)
{
	g_autoptr(GHashTable) names =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Collector c = {.names = names};
	PmHunk hunk = {.parents = 1};
	PmLine line;

	for (size_t at = 0; pm_line_at(diff, len, at, &line); at = line.next) {
		if (!pm_hunk_is_complete(&hunk) && pm_hunk_take(&hunk, &line))
			continue;
		PmDiffLine kind = pm_diff_line(&line);
		if (kind == PM_DIFF_HUNK)
			(void)pm_hunk_open(&line, &hunk);
		else if (kind == PM_DIFF_GIT)
			memset(hunk.left, 0, sizeof(hunk.left));
		read_header_line(&c, &line, kind);
	}
	g_free(c.from);
	return sorted_names(names);
}
