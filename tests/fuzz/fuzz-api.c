/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The REST API as far as it needs no database: any request is refused, or understood, and
 * what goes back is a whole reply. Parameters survive the way into a link and back. The bytes
 * are a request as a client writes it, with line feeds:
 *
 *	GET /api/patches/?page=2
 *	Accept-Encoding: gzip
 *
 *	BODY
 */
#include <string.h>

#include <json-glib/json-glib.h>
#include <zlib.h>

#include "daemon/api/answer.h"
#include "daemon/api/auth.h"
#include "daemon/api/reply.h"
#include "lib/error.h"
#include "tests/fuzz/target.h"

/* What the server hands over of a line: no line end, no NUL. (transfer full) */
static char *
take_line(const char **text, size_t *len)
{
	const char *stop = memchr(*text, '\n', *len);
	size_t n = stop ? (size_t)(stop - *text) : *len;
	char *line = g_strndup(*text, n);

	g_strdelimit(line, "\r", ' ');
	*text += n + (stop != NULL);
	*len -= n + (stop != NULL);
	return line;
}

static void
set_header(PmRequest *request, const char *line)
{
	const char *colon = strchr(line, ':');

	for (guint i = 0; colon != NULL && i < PM_HEADER_COUNT; i++) {
		const char *name = pm_header_name((PmHeader)i);

		if (strlen(name) != (size_t)(colon - line) ||
		    g_ascii_strncasecmp(line, name, strlen(name)) != 0)
			continue;
		g_free(request->headers[i]);
		request->headers[i] = g_strstrip(g_strdup(colon + 1));
	}
}

static PmRequest *
read_request(const char *text, size_t len)
{
	g_autofree char *first = take_line(&text, &len);
	char *blank = strchr(first, ' ');
	const char *target = blank ? blank + 1 : "/";

	if (blank != NULL)
		*blank = '\0';
	PmRequest *request = pm_request_new(target);
	request->method_name = g_utf8_make_valid(first, -1);
	request->method = pm_method_from_string(request->method_name);
	while (len > 0) {
		g_autofree char *line = take_line(&text, &len);

		if (*line == '\0')
			break;
		set_header(request, line);
	}
	g_byte_array_append(request->body, (const guint8 *)text, (guint)len);
	return request;
}

static void
assert_object(const char *text)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	g_autoptr(GError) error = NULL;

	g_assert_true(g_utf8_validate(text, -1, NULL));
	(void)json_parser_load_from_data(parser, text, -1, &error);
	g_assert_no_error(error);
	g_assert_true(JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)));
}

/* Without this parameter the query says the same once it was in a link. */
static void
check_form(const PmForm *form)
{
	static const char *const absent = "no-such-parameter";
	g_autofree char *json = pm_form_to_json(form);
	g_autofree char *query = pm_form_to_query(form, absent, NULL);
	g_autoptr(PmForm) again = pm_form_new();

	assert_object(json);
	if (pm_form_value(form, absent) != NULL)
		return;
	g_assert_true(pm_form_read(again, query + (*query == '?'),
				   strlen(query) - (*query == '?')));
	g_autofree char *json_again = pm_form_to_json(again);
	g_assert_cmpstr(json_again, ==, json);
}

static void
check_fields(PmRequest *request)
{
	g_autoptr(GError) error = NULL;
	gboolean is_read = pm_request_read_fields(request, &error);

	g_assert_true(is_read == (error == NULL));
	if (is_read)
		assert_object(request->fields);
	else
		g_assert_true(
			g_error_matches(error, PM_ERROR, PM_ERROR_PERMANENT_USAGE) ||
			g_error_matches(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT));
}

/* Who comes without credentials, or with such as say no password, needs no database. */
static void
check_credentials(PmRequest *request)
{
	const char *given = request->headers[PM_HEADER_AUTHORIZATION];
	g_autoptr(PmAuth) auth = NULL;
	gsize len = 0;

	if (given != NULL && g_ascii_strncasecmp(given, "Token ", 6) == 0)
		return;
	if (given != NULL && g_ascii_strncasecmp(given, "Basic ", 6) == 0) {
		g_autofree guchar *plain = g_base64_decode(given + 6, &len);

		if (memchr(plain, ':', len) != NULL)
			return;
	}
	auth = pm_auth_new();
	if (!pm_auth_check(auth, request, NULL, NULL))
		g_assert_cmpint(request->reply.status, ==, 403);
}

/* No end of a line, so that nobody writes headers of his own. */
static void
check_headers(const PmReply *reply)
{
	for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i++)
		g_assert_null(strpbrk(g_ptr_array_index(reply->headers, i), "\r\n"));
}

static const char *
header_of(const PmReply *reply, const char *name)
{
	for (guint i = 0; i < reply->headers->len; i += 2)
		if (g_str_equal(g_ptr_array_index(reply->headers, i), name))
			return g_ptr_array_index(reply->headers, i + 1);
	return NULL;
}

/* The body as it was before, or nothing where the client has it. */
static void
check_body(const PmReply *reply, const char *want)
{
	gsize len = 0;
	const void *body = g_bytes_get_data(reply->body, &len);
	char plain[8192];
	uLongf plain_len = sizeof plain;
	z_stream stream = {.next_in = (Bytef *)(gpointer)body, .avail_in = (uInt)len};

	if (reply->status == 304) {
		g_assert_cmpuint(len, ==, 0);
		return;
	}
	if (header_of(reply, "Content-Encoding") == NULL) {
		g_assert_cmpmem(body, len, want, strlen(want));
		return;
	}
	g_assert_cmpint(inflateInit2(&stream, 15 + 16), ==, Z_OK);
	stream.next_out = (Bytef *)plain;
	stream.avail_out = (uInt)plain_len;
	g_assert_cmpint(inflate(&stream, Z_FINISH), ==, Z_STREAM_END);
	g_assert_cmpmem(plain, stream.total_out, want, strlen(want));
	(void)inflateEnd(&stream);
}

static void
check_reply(PmRequest *request)
{
	g_autofree char *text = g_strnfill(request->body->len % 4000, 'a');

	g_clear_pointer(&request->reply.headers, g_ptr_array_unref);
	pm_reply_text(request, 200, "application/json", text);
	if (request->base_url != NULL)
		pm_reply_link(request, 1 + (gint64)strlen(text) % 7, 30,
			      (gint64)strlen(text));
	pm_reply_finish(request);
	check_headers(&request->reply);
	check_body(&request->reply, text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char none[] = "", url[] = "https://example.org/";
	const PmAnswerOptions options[] = {{.base_url = none, .has_pages = TRUE},
					   {.base_url = url, .refuses_unknown = TRUE}};
	PmRequest *request = NULL;

	if (size > PM_API_BODY_MAX)
		return 0;
	request = read_request((const char *)data, size);
	check_form(request->query);
	check_fields(request);
	check_credentials(request);
	g_clear_pointer(&request->reply.headers, g_ptr_array_unref);
	if (pm_answer_early(request, &options[size % 2]))
		g_assert_cmpint(request->reply.status, >, 300);
	check_headers(&request->reply);
	check_reply(request);
	pm_request_free(request);
	return 0;
}
