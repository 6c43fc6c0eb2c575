/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

#include "sql/sql.h"

/* Which paths there are, and the statement behind each method. */

typedef enum {
	PM_METHOD_GET, /* and HEAD */
	PM_METHOD_POST,
	PM_METHOD_PUT,
	PM_METHOD_PATCH,
	PM_METHOD_DELETE,
	PM_METHOD_OPTIONS,
	PM_METHOD_NONE, /* another one */
} PmMethod;

/* Those above that a statement may be behind. */
#define PM_METHODS_WITH_SQL 5

/* What a GET of it answers, which decides about the columns of the statement. */
typedef enum {
	PM_ROUTE_DOCUMENT, /* -> body; null: 404 */
	PM_ROUTE_LIST,	   /* -> status, total, is_exact, page, per_page, body */
	PM_ROUTE_FILE,	   /* -> body, filename; no row: 404 */
	PM_ROUTE_REDIRECT, /* -> location; no row: 404 */
	PM_ROUTE_EVENTS,   /* a list that may be waited for; feed.h */
	PM_ROUTE_STREAM,   /* such a list without end */
	PM_ROUTE_PAGE,	   /* -> body, for people; null: 404 */
} PmRouteKind;

typedef struct {
	/* Below /api/ or /api/1.N/ where is_api; '*' is one part. Without a slash at its end
	 * it is asked for without. */
	const char *path;
	PmRouteKind kind;
	gboolean is_api;
	guint since;			/* minor version of the API */
	gboolean for_users;		/* not for anonymous readers */
	const char *type;		/* of a file or page */
	const char *name;		/* what OPTIONS says of it */
	const char *filters;		/* of a list, separated by blanks */
	PmSql sql[PM_METHODS_WITH_SQL]; /* 0: there is no such method here */
	guint changes_since;		/* minor version that takes other methods than GET */
} PmRoute;

/* A path, found. */
typedef struct {
	const PmRoute *route;
	char *args[2];	      /* what '*' stands for; NULL */
	char *version;	      /* "1.3", or NULL for /api/ */
	gboolean is_api;      /* below /api/, found or not */
	gboolean wants_slash; /* would be found with a slash at its end */
} PmMatch;

/* Looks for a path, as it was sent, without query. match is empty before. */
void pm_route_find(const char *path, PmMatch *match);
void pm_match_clear(PmMatch *match);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmMatch, pm_match_clear)

PmMethod pm_method_from_string(const char *name);

/* Whether what was found takes a method, in the version that was asked. */
gboolean pm_match_takes(const PmMatch *match, PmMethod method);

/* "GET, PUT, PATCH, HEAD, OPTIONS". (transfer full) */
char *pm_route_allow(const PmRoute *route);

/* Whether a list knows a parameter. */
gboolean pm_route_knows(const PmRoute *route, const char *parameter);
