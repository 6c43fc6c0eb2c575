/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/catalog.h"

#include <fnmatch.h>
#include <string.h>

typedef struct {
	int id;
	char *name;
} PmState;

typedef struct {
	int id;
	PmPattern *pattern;
} PmTag;

typedef struct {
	int project_id;
	char *path;
	int user_id;
} PmRule;

struct PmCatalog {
	GPtrArray *projects; /* of PmProject, in routing order */
	GArray *states;	     /* of PmState, in menu order */
	GArray *tags;	     /* of PmTag */
	GArray *rules;	     /* of PmRule, best first */
};

static void
clear_state(gpointer data)
{
	g_free(((PmState *)data)->name);
}

static void
clear_tag(gpointer data)
{
	pm_pattern_free(((PmTag *)data)->pattern);
}

static void
clear_rule(gpointer data)
{
	g_free(((PmRule *)data)->path);
}

static void
free_catalog(gpointer data)
{
	PmCatalog *catalog = data;

	g_ptr_array_unref(catalog->projects);
	g_array_unref(catalog->states);
	g_array_unref(catalog->tags);
	g_array_unref(catalog->rules);
}

PmCatalog *
pm_catalog_ref(PmCatalog *catalog)
{
	return g_atomic_rc_box_acquire(catalog);
}

void
pm_catalog_unref(PmCatalog *catalog)
{
	if (catalog != NULL)
		g_atomic_rc_box_release_full(catalog, free_catalog);
}

static GArray *
array_of(guint size, GDestroyNotify clear)
{
	GArray *array = g_array_new(FALSE, TRUE, size);

	g_array_set_clear_func(array, clear);
	return array;
}

static void
read_projects(PmCatalog *catalog, const PmRows *rows)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmProject *project = g_new0(PmProject, 1);
		const char *match = pm_rows_text(rows, i, 5);

		project->id = (int)pm_rows_int(rows, i, 0);
		project->linkname = g_strdup(pm_rows_text(rows, i, 1));
		project->list_id = g_strdup(pm_rows_text(rows, i, 3));
		project->list_email = g_strdup(pm_rows_text(rows, i, 4));
		project->use_tags = pm_rows_bool(rows, i, 6);
		project->supersedes = pm_rows_bool(rows, i, 7);
		if (*match)
			project->subject_match = pm_pattern_new(match, NULL);
		if (*match && project->subject_match == NULL)
			pm_project_free(project);
		else
			g_ptr_array_add(catalog->projects, project);
	}
}

static void
read_states(PmCatalog *catalog, const PmRows *rows)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmState state = {
			.id = (int)pm_rows_int(rows, i, 0),
			.name = g_strdup(pm_rows_text(rows, i, 1)),
		};

		g_array_append_val(catalog->states, state);
	}
}

static void
read_tags(PmCatalog *catalog, const PmRows *rows)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmTag tag = {
			.id = (int)pm_rows_int(rows, i, 0),
			.pattern = pm_pattern_new(pm_rows_text(rows, i, 1), NULL),
		};

		if (tag.pattern != NULL)
			g_array_append_val(catalog->tags, tag);
	}
}

static void
read_rules(PmCatalog *catalog, const PmRows *rows)
{
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		PmRule rule = {
			.project_id = (int)pm_rows_int(rows, i, 0),
			.path = g_strdup(pm_rows_text(rows, i, 1)),
			.user_id = (int)pm_rows_int(rows, i, 2),
		};

		g_array_append_val(catalog->rules, rule);
	}
}

PmCatalog *
pm_catalog_new(PmPg *pg, GError **error)
{
	g_autoptr(PmCatalog) catalog = g_atomic_rc_box_new0(PmCatalog);

	catalog->projects =
		g_ptr_array_new_with_free_func((GDestroyNotify)pm_project_free);
	catalog->states = array_of(sizeof(PmState), clear_state);
	catalog->tags = array_of(sizeof(PmTag), clear_tag);
	catalog->rules = array_of(sizeof(PmRule), clear_rule);
	guint projects = pm_pg_send(pg, PM_SQL_LIST_PROJECTS, NULL);
	guint states = pm_pg_send(pg, PM_SQL_LIST_STATES, NULL);
	guint tags = pm_pg_send(pg, PM_SQL_LIST_TAGS, NULL);
	guint rules = pm_pg_send(pg, PM_SQL_LIST_DELEGATIONS, NULL);
	if (!pm_pg_sync(pg, error))
		return NULL;
	read_projects(catalog, pm_pg_rows(pg, projects));
	read_states(catalog, pm_pg_rows(pg, states));
	read_tags(catalog, pm_pg_rows(pg, tags));
	read_rules(catalog, pm_pg_rows(pg, rules));
	return g_steal_pointer(&catalog);
}

const PmProject *const *
pm_catalog_projects(const PmCatalog *catalog, guint *n_out)
{
	*n_out = catalog->projects->len;
	return (const PmProject *const *)catalog->projects->pdata;
}

static const PmProject *
route_by_id(const PmCatalog *catalog, const PmMail *mail, const char *list_id)
{
	const char *subject = mail->subject_text ? mail->subject_text : "";

	for (guint i = 0; i < catalog->projects->len; i++) {
		const PmProject *project = g_ptr_array_index(catalog->projects, i);

		if (!g_str_equal(project->list_id, list_id))
			continue;
		if (project->subject_match == NULL ||
		    pm_pattern_matches(project->subject_match, subject, strlen(subject)))
			return project;
	}
	return NULL;
}

const PmProject *
pm_catalog_route(const PmCatalog *catalog, const PmMail *mail, const char *list_id)
{
	if (list_id != NULL)
		return route_by_id(catalog, mail, list_id);
	for (guint i = 0; mail->list_ids[i] != NULL; i++) {
		const PmProject *project = route_by_id(catalog, mail, mail->list_ids[i]);

		if (project != NULL)
			return project;
	}
	return NULL;
}

static gboolean
is_recipient_of(const PmProject *project, const char *address, const char *delimiters)
{
	g_autofree char *local = g_strdup(address);

	if (g_ascii_strcasecmp(address, project->list_email) == 0)
		return TRUE;
	local[strcspn(local, "@")] = '\0';
	if (g_ascii_strcasecmp(local, project->linkname) == 0)
		return TRUE;
	local[strcspn(local, delimiters)] = '\0';
	return g_ascii_strcasecmp(local, project->linkname) == 0;
}

const PmProject *
pm_catalog_recipient(const PmCatalog *catalog, const char *address,
		     const char *delimiters)
{
	for (guint i = 0; i < catalog->projects->len; i++) {
		const PmProject *project = g_ptr_array_index(catalog->projects, i);

		if (is_recipient_of(project, address, delimiters))
			return project;
	}
	return NULL;
}

int
pm_catalog_state(const PmCatalog *catalog, const char *name)
{
	if (catalog->states->len == 0)
		return 0;
	for (guint i = 0; name != NULL && i < catalog->states->len; i++) {
		const PmState *state = &g_array_index(catalog->states, PmState, i);

		if (g_ascii_strcasecmp(state->name, name) == 0)
			return state->id;
	}
	return g_array_index(catalog->states, PmState, 0).id;
}

/* Names that are longer match no rule, and who makes more comparisons necessary than a patch of
 * 10,000 files does with 200 rules has no delegate: strangers write the names. */
enum {
	FILE_NAME_MAX = 4096,
	COMPARISONS_MAX = 2000 * 1000,
};

static int
delegate_for(const PmCatalog *catalog, int project_id, const char *file)
{
	if (strnlen(file, FILE_NAME_MAX + 1) > FILE_NAME_MAX)
		return 0;
	for (guint i = 0; i < catalog->rules->len; i++) {
		const PmRule *rule = &g_array_index(catalog->rules, PmRule, i);

		if (rule->project_id == project_id &&
		    fnmatch(rule->path, file, FNM_NOESCAPE) == 0)
			return rule->user_id;
	}
	return 0;
}

int
pm_catalog_delegate(const PmCatalog *catalog, int project_id, const char *const *files)
{
	guint rules = catalog->rules->len, files_max = COMPARISONS_MAX / MAX(rules, 1);
	int user = 0;

	for (guint i = 0; rules > 0 && files[i] != NULL; i++) {
		int found = delegate_for(catalog, project_id, files[i]);

		if (found == 0 || (user != 0 && found != user) || i >= files_max)
			return 0;
		user = found;
	}
	return user;
}

char *
pm_catalog_count_tags(const PmCatalog *catalog, const char *text, size_t len)
{
	g_autoptr(GString) words = NULL;

	for (guint i = 0; i < catalog->tags->len; i++) {
		const PmTag *tag = &g_array_index(catalog->tags, PmTag, i);
		guint count = pm_pattern_count(tag->pattern, text, len);

		if (count == 0)
			continue;
		if (words == NULL)
			words = g_string_new(NULL);
		g_string_append_printf(words, "%s%d:%u", words->len ? " " : "", tag->id,
				       count);
	}
	return words ? g_string_free(g_steal_pointer(&words), FALSE) : NULL;
}
