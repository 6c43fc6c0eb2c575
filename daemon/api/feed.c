/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/feed.h"

#include <string.h>

#include "daemon/api/reply.h"

/* A number that is not negative, of at most 18 digits; TRUE also where there is none. */
static gboolean
read_number(const char *text, gint64 *number_out)
{
	size_t len = text ? strlen(text) : 0;

	if (len == 0)
		return TRUE;
	if (len > 18 || strspn(text, "0123456789") != len)
		return FALSE;
	*number_out = g_ascii_strtoll(text, NULL, 10);
	return TRUE;
}

gboolean
pm_feed_read(PmRequest *request)
{
	const PmRoute *route = request->match.route;
	const char *wait = pm_form_value(request->query, "wait");
	const char *after = pm_form_value(request->query, "after");
	const char *last = request->headers[PM_HEADER_LAST_EVENT_ID];
	gint64 seconds = 0;
	PmFeed *feed = &request->feed;

	if (request->method != PM_METHOD_GET)
		return TRUE;
	if (route->kind == PM_ROUTE_STREAM)
		feed->kind = PM_FEED_STREAM;
	else if (route->kind == PM_ROUTE_EVENTS && (wait != NULL || after != NULL))
		feed->kind = PM_FEED_POLL;
	else
		return TRUE;
	feed->after = -1;
	if (!read_number(wait, &seconds)) {
		pm_reply_detail(request, 400, "\"wait\" is a number of seconds.");
		return FALSE;
	}
	/* A client that comes again says where it was; its address is that of the first time. */
	if (!read_number(last ? last : after, &feed->after)) {
		pm_reply_detail(request, 400, "\"after\" is the id of an event.");
		return FALSE;
	}
	feed->wait = (guint)MIN(seconds, PM_FEED_WAIT_MAX);
	return TRUE;
}

static void
set_arg(PmRequest *request, guint i, gint64 number)
{
	g_free(request->match.args[i]);
	request->match.args[i] = g_strdup_printf("%" G_GINT64_FORMAT, number);
}

PmSql
pm_feed_prepare(PmRequest *request)
{
	const PmFeed *feed = &request->feed;

	pm_reply_clear(request);
	set_arg(request, 0, feed->after);
	/* One behind the newest may have been told by a list. */
	set_arg(request, 1, MAX(feed->upto, feed->after));
	return feed->kind == PM_FEED_STREAM ? PM_SQL_SERVE_EVENT_STREAM
					    : PM_SQL_SERVE_EVENT_FEED;
}

void
pm_feed_take(PmRequest *request, const PmRows *rows)
{
	PmFeed *feed = &request->feed;
	gboolean is_stream = feed->kind == PM_FEED_STREAM;
	g_autofree char *last = g_strdup(pm_rows_text(rows, 0, 0));

	feed->after = pm_rows_int(rows, 0, 0);
	feed->n_found = pm_rows_int(rows, 0, 1);
	feed->is_again = TRUE;
	pm_reply_text(request, 200, is_stream ? "text/event-stream" : "application/json",
		      pm_rows_text(rows, 0, 2));
	pm_reply_header(request, "Cache-Control", "no-cache");
	if (is_stream) {
		/* nginx holds back what is short otherwise. */
		pm_reply_header(request, "X-Accel-Buffering", "no");
		return;
	}
	pm_reply_header(request, "Last-Event-ID", last);
	pm_reply_next(request, "after", last);
}
