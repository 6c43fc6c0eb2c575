/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/request.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "lib/error.h"

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
	g_free(request->base_url);
	g_free(request->fields);
	g_clear_pointer(&request->reply.body, g_bytes_unref);
	g_clear_pointer(&request->reply.headers, g_ptr_array_unref);
	g_free(request);
}

static gboolean
is_type(const PmRequest *request, const char *type)
{
	const char *given = request->headers[PM_HEADER_CONTENT_TYPE];
	size_t len = strlen(type);

	return given != NULL && g_ascii_strncasecmp(given, type, len) == 0 &&
	       strchr("; \t", given[len]) != NULL;
}

/* What stands between brackets within brackets, for the parser goes down as deep. */
static gboolean
is_deep(const char *text, gsize len)
{
	int depth = 0, deepest = 0;

	for (gsize i = 0; i < len; i++) {
		depth += (text[i] == '[' || text[i] == '{') -
			 (text[i] == ']' || text[i] == '}');
		deepest = MAX(deepest, depth);
	}
	return deepest > 64;
}

static gboolean
read_json(PmRequest *request, GError **error)
{
	const char *text = (const char *)request->body->data;
	g_autoptr(JsonParser) parser = json_parser_new();
	JsonNode *root = NULL;

	if (g_utf8_validate(text, request->body->len, NULL) &&
	    !is_deep(text, request->body->len) &&
	    json_parser_load_from_data(parser, text, request->body->len, NULL))
		root = json_parser_get_root(parser);
	if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
			    "JSON parse error - an object was expected");
		return FALSE;
	}
	request->fields = json_to_string(root, FALSE);
	return TRUE;
}

static gboolean
read_form(PmRequest *request, GError **error)
{
	g_autoptr(PmForm) form = pm_form_new();

	if (!pm_form_read(form, (const char *)request->body->data, request->body->len)) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
			    "The form has too many fields.");
		return FALSE;
	}
	request->fields = pm_form_to_json(form);
	return TRUE;
}

gboolean
pm_request_read_fields(PmRequest *request, GError **error)
{
	const char *type = request->headers[PM_HEADER_CONTENT_TYPE];

	g_clear_pointer(&request->fields, g_free);
	if (request->body->len == 0) {
		request->fields = g_strdup("{}");
		return TRUE;
	}
	if (is_type(request, "application/json"))
		return read_json(request, error);
	if (is_type(request, "application/x-www-form-urlencoded"))
		return read_form(request, error);
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_USAGE,
		    "Unsupported media type \"%s\" in request.", type ? type : "");
	return FALSE;
}
