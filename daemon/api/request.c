/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/request.h"

#include <string.h>

static const char *const header_names[PM_HEADER_COUNT] = {
	[PM_HEADER_HOST] = "Host",
	[PM_HEADER_AUTHORIZATION] = "Authorization",
	[PM_HEADER_CONTENT_TYPE] = "Content-Type",
	[PM_HEADER_ACCEPT_ENCODING] = "Accept-Encoding",
	[PM_HEADER_IF_MATCH] = "If-Match",
	[PM_HEADER_IF_NONE_MATCH] = "If-None-Match",
	[PM_HEADER_LAST_EVENT_ID] = "Last-Event-ID",
};

const char *
pm_header_name(PmHeader header)
{
	return header_names[header];
}

/* RFC 9112, 3.2.2: a server takes the absolute form, too. */
static const char *
skip_authority(const char *target)
{
	const char *at = strstr(target, "://");

	if (*target == '/' || at == NULL)
		return target;
	return at + 3 + strcspn(at + 3, "/");
}

PmRequest *
pm_request_new(const char *target)
{
	PmRequest *request = g_new0(PmRequest, 1);
	const char *path = skip_authority(target);
	size_t len = strcspn(path, "?#");

	request->path = g_strndup(path, len);
	request->query = pm_form_new();
	request->is_query_valid = TRUE;
	request->body = g_byte_array_new();
	if (path[len] == '?') {
		request->query_text =
			g_strndup(path + len + 1, strcspn(path + len, "#") - 1);
		request->is_query_valid = pm_form_read(
			request->query, request->query_text, strlen(request->query_text));
	}
	pm_route_find(request->path, &request->match);
	return request;
}

static void
clear_reply(PmReply *reply)
{
	g_clear_pointer(&reply->body, g_bytes_unref);
	g_clear_pointer(&reply->headers, g_ptr_array_unref);
}

void
pm_request_free(PmRequest *request)
{
	if (request == NULL)
		return;
	g_free(request->path);
	g_free(request->query_text);
	pm_form_free(request->query);
	pm_match_clear(&request->match);
	g_free(request->method_name);
	for (guint i = 0; i < PM_HEADER_COUNT; i++)
		g_free(request->headers[i]);
	g_byte_array_unref(request->body);
	g_free(request->peer);
	g_free(request->base_url);
	clear_reply(&request->reply);
	g_free(request);
}
