/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/answer.h"

#include <string.h>

#include "daemon/api/feed.h"
#include "daemon/api/options.h"
#include "daemon/api/reply.h"
#include "lib/error.h"

#define JSON "application/json"
#define PLAIN "text/plain; charset=utf-8"

PmAnswerOptions *
pm_answer_options_new(const char *base_url, gboolean refuses_unknown, gboolean has_pages)
{
	PmAnswerOptions *options = g_atomic_rc_box_new0(PmAnswerOptions);

	options->base_url = g_strdup(base_url);
	options->refuses_unknown = refuses_unknown;
	options->has_pages = has_pages;
	return options;
}

PmAnswerOptions *
pm_answer_options_ref(PmAnswerOptions *options)
{
	return g_atomic_rc_box_acquire(options);
}

static void
clear_options(gpointer data)
{
	PmAnswerOptions *options = data;

	g_free(options->base_url);
}

void
pm_answer_options_unref(PmAnswerOptions *options)
{
	g_atomic_rc_box_release_full(options, clear_options);
}

/* A host as RFC 3986 has it, so that nothing else gets into links. */
static gboolean
is_host(const char *host)
{
	return *host != '\0' && strlen(host) < 256 &&
	       host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789.-_:[]")] == '\0';
}

static gboolean
set_base_url(PmRequest *request, const PmAnswerOptions *options)
{
	const char *host = request->headers[PM_HEADER_HOST];

	if (*options->base_url != '\0') {
		size_t len = strlen(options->base_url);

		len -= options->base_url[len - 1] == '/';
		request->base_url = g_strndup(options->base_url, len);
		return TRUE;
	}
	if (host != NULL && !is_host(host))
		return FALSE;
	request->base_url = g_strconcat("http://", host ? host : "localhost", NULL);
	return TRUE;
}

static void
redirect_to_slash(PmRequest *request)
{
	g_autofree char *location =
		g_strconcat(request->path, "/", request->query_text ? "?" : NULL,
			    request->query_text, NULL);

	pm_reply_text(request, 301, PLAIN, "");
	pm_reply_header(request, "Location", location);
}

static void
reply_not_found(PmRequest *request)
{
	if (request->match.is_api)
		pm_reply_detail(request, 404, "Not found.");
	else
		pm_reply_text(request, 404, PLAIN, "There is no such page.\n");
}

static gboolean
is_number(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= 9 && strspn(text, "0123456789") == len;
}

/* Which of a path's parts are ids: all, but a project's link name, a Message-ID, a user. */
static gboolean
are_args_valid(const PmRequest *request)
{
	const PmRoute *route = request->match.route;

	if (g_str_has_prefix(route->path, "project") ||
	    g_str_has_prefix(route->path, "bundle/"))
		return TRUE;
	if (request->match.args[0] != NULL && !is_number(request->match.args[0]))
		return FALSE;
	return request->match.args[1] == NULL || route->kind == PM_ROUTE_REDIRECT ||
	       is_number(request->match.args[1]);
}

static const char *
unknown_parameter(const PmRequest *request)
{
	const char *name = NULL;

	for (guint i = 0; (name = pm_form_name(request->query, i)) != NULL; i++)
		if (!pm_route_knows(request->match.route, name))
			return name;
	return NULL;
}

/* Whether it is a list whose parameters are looked at. */
static gboolean
has_filters(const PmRequest *request)
{
	PmRouteKind kind = request->match.route->kind;

	return request->method == PM_METHOD_GET &&
	       (kind == PM_ROUTE_LIST || kind == PM_ROUTE_EVENTS ||
		kind == PM_ROUTE_STREAM);
}

static gboolean
has_format(const PmRequest *request)
{
	const char *format = pm_form_value(request->query, "format");

	return format == NULL || g_str_equal(format, "json") ||
	       g_str_equal(format, "api") || !request->match.is_api;
}

gboolean
pm_answer_early(PmRequest *request, const PmAnswerOptions *options)
{
	const PmRoute *route = request->match.route;
	const char *unknown = NULL;

	if (!set_base_url(request, options))
		pm_reply_detail(request, 400, "Invalid Host header.");
	else if (!request->is_query_valid)
		pm_reply_detail(request, 400, "Too many parameters.");
	else if (route == NULL || (route->kind == PM_ROUTE_PAGE && !options->has_pages))
		reply_not_found(request);
	else if (request->match.wants_slash)
		redirect_to_slash(request);
	else if (request->method == PM_METHOD_OPTIONS)
		return FALSE;
	else if (!pm_match_takes(&request->match, request->method))
		pm_reply_detail(request, 405, "Method \"%s\" not allowed.",
				request->method_name);
	else if (!are_args_valid(request) || !has_format(request))
		reply_not_found(request);
	else if (request->is_body_too_long)
		pm_reply_detail(request, 413, "Request body is too large.");
	else if (options->refuses_unknown && has_filters(request) &&
		 (unknown = unknown_parameter(request)) != NULL)
		pm_reply_detail(request, 400, "Unknown parameter: %s", unknown);
	else
		return !pm_feed_read(request);
	return TRUE;
}

static void
add_text(PmParams *params, const char *text)
{
	if (text != NULL)
		pm_params_text(params, text);
	else
		pm_params_null(params, PM_TYPE_TEXT);
}

static void
add_params(PmParams *params, const PmRequest *request)
{
	g_autofree char *query = pm_form_to_json(request->query);
	const char *const texts[] = {request->base_url, request->match.version, query};

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		add_text(params, texts[i]);
	if (request->viewer != 0)
		pm_params_int4(params, request->viewer);
	else
		pm_params_null(params, PM_TYPE_INT4);
	for (guint i = 0; i < G_N_ELEMENTS(request->match.args); i++)
		add_text(params, request->match.args[i]);
	add_text(params, request->fields);
	add_text(params, request->headers[PM_HEADER_IF_MATCH]);
	add_text(params, request->method_name);
}

static void
take_document(PmRequest *request, const PmRows *rows)
{
	if (pm_rows_count(rows) == 0 || pm_rows_is_null(rows, 0, 0))
		reply_not_found(request);
	else
		pm_reply_text(request, 200, JSON, pm_rows_text(rows, 0, 0));
}

static void
take_list(PmRequest *request, const PmRows *rows)
{
	int status = (int)pm_rows_int(rows, 0, 0);

	pm_reply_text(request, status, JSON, pm_rows_text(rows, 0, 5));
	if (status == 200)
		pm_reply_link(request, pm_rows_int(rows, 0, 3), pm_rows_int(rows, 0, 4),
			      pm_rows_int(rows, 0, 1));
}

/* A file that does not end with its first part becomes a stream. */
static void
note_part(PmRequest *request, const PmRows *rows)
{
	gboolean has_more = !pm_rows_is_null(rows, 0, 2);

	g_free(request->fields);
	request->fields = g_strdup(pm_rows_text_or_null(rows, 0, 2));
	if (has_more)
		request->feed.kind = PM_FEED_FILE;
	request->feed.after = has_more ? pm_rows_int(rows, 0, 2) : -1;
	request->feed.is_again = TRUE;
}

static void
take_file(PmRequest *request, const PmRows *rows)
{
	if (pm_rows_count(rows) == 0 || pm_rows_is_null(rows, 0, 0)) {
		reply_not_found(request);
		return;
	}
	g_autofree char *disposition =
		g_strconcat("attachment; filename=", pm_rows_text(rows, 0, 1), NULL);
	pm_reply_bytes(request, 200, request->match.route->type,
		       pm_rows_bytes(rows, 0, 0));
	pm_reply_header(request, "Content-Disposition", disposition);
	if (request->match.route->kind == PM_ROUTE_PARTS)
		note_part(request, rows);
}

static void
take_redirect(PmRequest *request, const PmRows *rows)
{
	if (pm_rows_count(rows) == 0) {
		reply_not_found(request);
		return;
	}
	pm_reply_text(request, 302, PLAIN, "");
	pm_reply_header(request, "Location", pm_rows_text(rows, 0, 0));
}

/* Nothing of a mail is markup in a page (html.sql); if ever it were, it could neither run nor
 * fetch anything. */
static void
take_page(PmRequest *request, const PmRows *rows)
{
	if (pm_rows_count(rows) == 0 || pm_rows_is_null(rows, 0, 0)) {
		reply_not_found(request);
		return;
	}
	pm_reply_text(request, 200, request->match.route->type, pm_rows_text(rows, 0, 0));
	pm_reply_header(request, "Content-Security-Policy",
			"default-src 'none'; style-src 'self'; form-action 'self'; "
			"base-uri 'none'; frame-ancestors 'none'");
	pm_reply_header(request, "Referrer-Policy", "same-origin");
}

static void
take_change(PmRequest *request, const PmRows *rows)
{
	pm_reply_text(request, (int)pm_rows_int(rows, 0, 0), JSON,
		      pm_rows_text(rows, 0, 1));
}

static void
take_rows(PmRequest *request, const PmRows *rows)
{
	if (request->method != PM_METHOD_GET) {
		take_change(request, rows);
		return;
	}
	if (pm_feed_is_of_events(request)) {
		pm_feed_take(request, rows);
		return;
	}
	switch (request->match.route->kind) {
	case PM_ROUTE_DOCUMENT:
		take_document(request, rows);
		break;
	case PM_ROUTE_LIST:
	case PM_ROUTE_EVENTS:
	case PM_ROUTE_STREAM:
		take_list(request, rows);
		break;
	case PM_ROUTE_FILE:
	case PM_ROUTE_PARTS:
		take_file(request, rows);
		break;
	case PM_ROUTE_REDIRECT:
		take_redirect(request, rows);
		break;
	case PM_ROUTE_PAGE:
		take_page(request, rows);
		break;
	}
}

void
pm_answer_without(PmRequest *request)
{
	pm_reply_detail(request, 503, "The database is away.");
	pm_reply_header(request, "Retry-After", "10");
}

/* Its media type, or its body. */
static void
reply_unreadable(PmRequest *request, const GError *failure)
{
	int status =
		g_error_matches(failure, PM_ERROR, PM_ERROR_PERMANENT_USAGE) ? 415 : 400;

	pm_reply_detail(request, status, "%s", failure->message);
}

gboolean
pm_answer(PmRequest *request, PmPg *pg, GError **error)
{
	const PmRoute *route = request->match.route;
	g_autoptr(PmParams) params = pm_params_new();
	g_autoptr(GError) failure = NULL;

	if (request->feed.is_again)
		pm_reply_clear(request);
	/* Django REST framework asks who it is before it says what there is. */
	if (route->for_users && request->viewer == 0) {
		pm_reply_detail(request, 403,
				"Authentication credentials were not provided.");
		return TRUE;
	}
	if (request->method == PM_METHOD_OPTIONS) {
		pm_answer_options(request);
		return TRUE;
	}
	if (request->method != PM_METHOD_GET &&
	    !pm_request_read_fields(request, &failure)) {
		reply_unreadable(request, failure);
		return TRUE;
	}
	PmSql sql = pm_feed_is_of_events(request) ? pm_feed_prepare(request)
						  : route->sql[request->method];
	add_params(params, request);
	guint n = pm_pg_send(pg, sql, g_steal_pointer(&params));
	if (pm_pg_sync(pg, &failure)) {
		take_rows(request, pm_pg_rows(pg, n));
		return TRUE;
	}
	if (pm_error_is_temporary(failure))
		pm_answer_without(request);
	else if (g_error_matches(failure, PM_ERROR, PM_ERROR_PERMANENT_MAIL))
		pm_reply_detail(request, 400, "A value cannot be stored.");
	else
		pm_reply_detail(request, 500, "Internal server error.");
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}
