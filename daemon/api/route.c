/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/route.h"

#include <string.h>

#include "daemon/api/form.h"

/* What a project's page of patches and the like is called never begins with "api". */
#define API "/api/"

#define GET(statement)                                                                   \
	{                                                                                \
		[PM_METHOD_GET] = PM_SQL_SERVE_##statement                               \
	}
#define GET_AND_UPDATE(statement)                                                        \
	{                                                                                \
		[PM_METHOD_GET] = PM_SQL_SERVE_##statement,                              \
		[PM_METHOD_PUT] = PM_SQL_SERVE_##statement##_UPDATE,                     \
		[PM_METHOD_PATCH] = PM_SQL_SERVE_##statement##_UPDATE                    \
	}
#define PATCH_MBOX_TYPE "text/plain; charset=utf-8"
#define EVENT_FILTERS "project category series patch cover actor since before"
#define PAGE(path, statement)                                                            \
	{                                                                                \
		path, PM_ROUTE_PAGE, FALSE, 0, FALSE, "text/html; charset=utf-8", NULL,  \
			NULL, GET(statement)                                             \
	}

static const PmRoute routes[] = {
	{"", PM_ROUTE_DOCUMENT, TRUE, 0, FALSE, NULL, "Index", NULL, GET(INDEX)},
	{"projects/", PM_ROUTE_LIST, TRUE, 0, FALSE, NULL, "Project List", "",
	 GET(PROJECTS)},
	{"projects/*/", PM_ROUTE_DOCUMENT, TRUE, 0, FALSE, NULL, "Project Detail", NULL,
	 GET(PROJECT)},
	{"users/", PM_ROUTE_LIST, TRUE, 0, TRUE, NULL, "User List", "", GET(USERS)},
	{"users/*/", PM_ROUTE_DOCUMENT, TRUE, 0, TRUE, NULL, "User Detail", NULL,
	 GET(USER)},
	{"people/", PM_ROUTE_LIST, TRUE, 0, TRUE, NULL, "Person List", "", GET(PEOPLE)},
	{"people/*/", PM_ROUTE_DOCUMENT, TRUE, 0, TRUE, NULL, "Person Detail", NULL,
	 GET(PERSON)},
	{"patches/", PM_ROUTE_LIST, TRUE, 0, FALSE, NULL, "Patch List",
	 "project series submitter delegate state archived hash msgid since before",
	 GET(PATCHES)},
	{"patches/*/", PM_ROUTE_DOCUMENT, TRUE, 0, FALSE, NULL, "Patch Detail", NULL,
	 GET_AND_UPDATE(PATCH)},
	{"patches/*/checks/",
	 PM_ROUTE_LIST,
	 TRUE,
	 0,
	 FALSE,
	 NULL,
	 "Check List",
	 "user state context since before",
	 {[PM_METHOD_GET] = PM_SQL_SERVE_CHECKS,
	  [PM_METHOD_POST] = PM_SQL_SERVE_CHECK_CREATE}},
	{"patches/*/checks/*/", PM_ROUTE_DOCUMENT, TRUE, 0, FALSE, NULL, "Check Detail",
	 NULL, GET(CHECK)},
	{"patches/*/comments/", PM_ROUTE_LIST, TRUE, 1, FALSE, NULL, "Patch Comment List",
	 "", GET(PATCH_COMMENTS)},
	{"patches/*/comments/*/", PM_ROUTE_DOCUMENT, TRUE, 3, FALSE, NULL,
	 "Patch Comment Detail", NULL, GET_AND_UPDATE(PATCH_COMMENT)},
	{"covers/", PM_ROUTE_LIST, TRUE, 0, FALSE, NULL, "Cover List",
	 "project series submitter msgid since before", GET(COVERS)},
	{"covers/*/", PM_ROUTE_DOCUMENT, TRUE, 0, FALSE, NULL, "Cover Detail", NULL,
	 GET(COVER)},
	{"covers/*/comments/", PM_ROUTE_LIST, TRUE, 1, FALSE, NULL, "Cover Comment List",
	 "", GET(COVER_COMMENTS)},
	{"covers/*/comments/*/", PM_ROUTE_DOCUMENT, TRUE, 3, FALSE, NULL,
	 "Cover Comment Detail", NULL, GET_AND_UPDATE(COVER_COMMENT)},
	{"series/", PM_ROUTE_LIST, TRUE, 0, FALSE, NULL, "Series List",
	 "project submitter since before", GET(SERIES_LIST)},
	{"series/*/",
	 PM_ROUTE_DOCUMENT,
	 TRUE,
	 0,
	 FALSE,
	 NULL,
	 "Series Detail",
	 NULL,
	 {[PM_METHOD_GET] = PM_SQL_SERVE_SERIES,
	  [PM_METHOD_PATCH] = PM_SQL_SERVE_SERIES_UPDATE}},
	{"states/", PM_ROUTE_DOCUMENT, TRUE, 0, FALSE, NULL, "State List", NULL,
	 GET(STATES)},
	{"events/", PM_ROUTE_EVENTS, TRUE, 0, FALSE, NULL, "Event List",
	 EVENT_FILTERS " wait after", GET(EVENTS)},
	{"events/stream", PM_ROUTE_STREAM, TRUE, 0, FALSE, NULL, "Event Stream",
	 EVENT_FILTERS " after", GET(EVENT_STREAM)},
	{"bundles/",
	 PM_ROUTE_LIST,
	 TRUE,
	 0,
	 FALSE,
	 NULL,
	 "Bundle List",
	 "project owner public",
	 {[PM_METHOD_GET] = PM_SQL_SERVE_BUNDLES,
	  [PM_METHOD_POST] = PM_SQL_SERVE_BUNDLE_CREATE},
	 2},
	{"bundles/*/",
	 PM_ROUTE_DOCUMENT,
	 TRUE,
	 0,
	 FALSE,
	 NULL,
	 "Bundle Detail",
	 NULL,
	 {[PM_METHOD_GET] = PM_SQL_SERVE_BUNDLE,
	  [PM_METHOD_PUT] = PM_SQL_SERVE_BUNDLE_UPDATE,
	  [PM_METHOD_PATCH] = PM_SQL_SERVE_BUNDLE_UPDATE,
	  [PM_METHOD_DELETE] = PM_SQL_SERVE_BUNDLE_DELETE},
	 2},

	{"project/*/patch/*/mbox/", PM_ROUTE_FILE, FALSE, 0, FALSE, PATCH_MBOX_TYPE, NULL,
	 NULL, GET(PATCH_MBOX)},
	{"project/*/patch/*/raw/", PM_ROUTE_FILE, FALSE, 0, FALSE, "text/x-patch", NULL,
	 NULL, GET(PATCH_RAW)},
	{"project/*/cover/*/mbox/", PM_ROUTE_FILE, FALSE, 0, FALSE, "text/plain", NULL,
	 NULL, GET(COVER_MBOX)},
	{"series/*/mbox/", PM_ROUTE_PARTS, FALSE, 0, FALSE, "text/plain", NULL, NULL,
	 GET(SERIES_MBOX)},
	{"bundle/*/*/mbox/", PM_ROUTE_PARTS, FALSE, 0, FALSE, "text/plain", NULL, NULL,
	 GET(BUNDLE_MBOX)},
	{"patch/*/", PM_ROUTE_REDIRECT, FALSE, 0, FALSE, NULL, NULL, NULL,
	 GET(PATCH_PLACE)},
	{"patch/*/*/", PM_ROUTE_REDIRECT, FALSE, 0, FALSE, NULL, NULL, NULL,
	 GET(PATCH_PLACE)},
	{"cover/*/", PM_ROUTE_REDIRECT, FALSE, 0, FALSE, NULL, NULL, NULL,
	 GET(COVER_PLACE)},
	{"cover/*/*/", PM_ROUTE_REDIRECT, FALSE, 0, FALSE, NULL, NULL, NULL,
	 GET(COVER_PLACE)},
	{"comment/*/", PM_ROUTE_REDIRECT, FALSE, 0, FALSE, NULL, NULL, NULL,
	 GET(COMMENT_PLACE)},
	{"series/*/", PM_ROUTE_REDIRECT, FALSE, 0, FALSE, NULL, NULL, NULL,
	 GET(SERIES_PLACE)},

	PAGE("", INDEX_PAGE),
	PAGE("project/*/", PROJECT_PAGE),
	PAGE("project/*/list/", LIST_PAGE),
	PAGE("project/*/patch/*/", PATCH_PAGE),
	PAGE("project/*/cover/*/", COVER_PAGE),
	PAGE("bundle/*/*/", BUNDLE_PAGE),
	{"style.css", PM_ROUTE_PAGE, FALSE, 0, FALSE, "text/css; charset=utf-8", NULL,
	 NULL, GET(STYLE)},
};

static const char *const method_names[] = {
	[PM_METHOD_GET] = "GET",       [PM_METHOD_POST] = "POST",
	[PM_METHOD_PUT] = "PUT",       [PM_METHOD_PATCH] = "PATCH",
	[PM_METHOD_DELETE] = "DELETE", [PM_METHOD_OPTIONS] = "OPTIONS",
};

PmMethod
pm_method_from_string(const char *name)
{
	if (g_str_equal(name, "HEAD"))
		return PM_METHOD_GET;
	for (guint i = 0; i < G_N_ELEMENTS(method_names); i++)
		if (g_str_equal(name, method_names[i]))
			return (PmMethod)i;
	return PM_METHOD_NONE;
}

gboolean
pm_match_takes(const PmMatch *match, PmMethod method)
{
	const PmRoute *route = match->route;

	if (method >= PM_METHODS_WITH_SQL || route->sql[method] == 0)
		return FALSE;
	return method == PM_METHOD_GET || match->version == NULL ||
	       (guint)(match->version[2] - '0') >= route->changes_since;
}

char *
pm_route_allow(const PmRoute *route)
{
	GString *allow = g_string_new(NULL);

	for (guint i = 0; i < PM_METHODS_WITH_SQL; i++)
		if (route->sql[i] != 0)
			g_string_append_printf(allow, "%s, ", method_names[i]);
	g_string_append(allow, "HEAD, OPTIONS");
	return g_string_free(allow, FALSE);
}

gboolean
pm_route_knows(const PmRoute *route, const char *parameter)
{
	static const char *const all[] = {"page", "per_page", "order", "q", "format"};
	g_auto(GStrv) filters = g_strsplit(route->filters ? route->filters : "", " ", -1);

	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		if (g_str_equal(all[i], parameter))
			return TRUE;
	return g_strv_contains((const char *const *)filters, parameter);
}

/* Asked for without a slash at its end. */
static gboolean
is_without_slash(const char *pattern)
{
	return *pattern != '\0' && !g_str_has_suffix(pattern, "/");
}

/* Whether path, with a slash at its end, has the parts of pattern; args get what its stars
 * stand for. */
static gboolean
fits(const char *pattern, const char *path, char **args)
{
	gboolean is_bare = is_without_slash(pattern);
	guint n = 0;

	while (*pattern != '\0') {
		if (*pattern != '*') {
			if (*pattern++ != *path++)
				return FALSE;
			continue;
		}
		size_t len = strcspn(path, "/");
		if (len == 0)
			return FALSE;
		g_free(args[n]);
		args[n++] = pm_form_decode(path, len, FALSE);
		path += len;
		pattern++;
	}
	return *path == '\0' || (is_bare && g_str_equal(path, "/"));
}

static void
clear_args(PmMatch *match)
{
	for (guint i = 0; i < G_N_ELEMENTS(match->args); i++)
		g_clear_pointer(&match->args[i], g_free);
}

/* path begins behind "/api/" and version where is_api, else behind "/". */
static gboolean
find(const char *path, guint minor, PmMatch *match)
{
	for (guint i = 0; i < G_N_ELEMENTS(routes); i++) {
		const PmRoute *route = &routes[i];

		if (route->is_api == match->is_api && route->since <= minor &&
		    fits(route->path, path, match->args)) {
			match->route = route;
			return TRUE;
		}
		clear_args(match);
	}
	return FALSE;
}

/* What follows "/api/": the version is taken off. */
static const char *
skip_version(const char *path, guint *minor_out, PmMatch *match)
{
	*minor_out = 4;
	if (strncmp(path, "1.", 2) != 0 || path[2] < '0' || path[2] > '4' ||
	    path[3] != '/')
		return path;
	*minor_out = (guint)(path[2] - '0');
	match->version = g_strndup(path, 3);
	return path + 4;
}

void
pm_route_find(const char *path, PmMatch *match)
{
	guint minor = 4;
	size_t len = strlen(path);

	if (*path != '/')
		return;
	g_autofree char *slashed =
		g_strconcat(path, path[len - 1] == '/' ? NULL : "/", NULL);
	match->is_api = g_str_has_prefix(slashed, API);
	const char *rest = slashed + 1;
	if (match->is_api)
		rest = skip_version(slashed + strlen(API), &minor, match);
	if (find(rest, minor, match))
		match->wants_slash =
			path[len - 1] != '/' && !is_without_slash(match->route->path);
}

void
pm_match_clear(PmMatch *match)
{
	clear_args(match);
	g_clear_pointer(&match->version, g_free);
}
