/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/reply.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <zlib.h>

/* What is shorter is sent as it is. */
#define COMPRESS_MIN 1024

void
pm_reply_bytes(PmRequest *request, int status, const char *type, GBytes *body)
{
	PmReply *reply = &request->reply;

	reply->status = status;
	reply->type = type;
	g_clear_pointer(&reply->body, g_bytes_unref);
	reply->body = body;
}

void
pm_reply_text(PmRequest *request, int status, const char *type, const char *text)
{
	pm_reply_bytes(request, status, type, g_bytes_new(text, strlen(text)));
}

void
pm_reply_detail(PmRequest *request, int status, const char *format, ...)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	va_list args;

	va_start(args, format);
	g_autofree char *detail = g_strdup_vprintf(format, args);
	va_end(args);
	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "detail");
	json_builder_add_string_value(builder, detail);
	json_builder_end_object(builder);
	g_autoptr(JsonNode) root = json_builder_get_root(builder);
	g_autofree char *text = json_to_string(root, FALSE);
	pm_reply_text(request, status, "application/json", text);
}

void
pm_reply_header(PmRequest *request, const char *name, const char *value)
{
	PmReply *reply = &request->reply;

	if (reply->headers == NULL)
		reply->headers = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(reply->headers, g_strdup(name));
	g_ptr_array_add(reply->headers, g_strdup(value));
}

void
pm_reply_clear(PmRequest *request)
{
	PmReply *reply = &request->reply;

	reply->status = 0;
	reply->type = NULL;
	g_clear_pointer(&reply->body, g_bytes_unref);
	g_clear_pointer(&reply->headers, g_ptr_array_unref);
}

void
pm_reply_next(PmRequest *request, const char *name, const char *value)
{
	g_autofree char *query = pm_form_to_query(request->query, name, value);
	g_autofree char *link = g_strconcat("<", request->base_url, request->path, query,
					    ">; rel=\"next\"", NULL);

	pm_reply_header(request, "Link", link);
}

static void
append_link(GString *link, const PmRequest *request, gint64 page, const char *rel)
{
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, page);
	/* Django REST framework leads back to the first page without its number. */
	gboolean is_bare = page == 1 && g_str_equal(rel, "prev");
	g_autofree char *query =
		pm_form_to_query(request->query, "page", is_bare ? NULL : number);

	g_string_append_printf(link, "%s<%s%s%s>; rel=\"%s\"", link->len > 0 ? ", " : "",
			       request->base_url, request->path, query, rel);
}

void
pm_reply_link(PmRequest *request, gint64 page, gint64 per_page, gint64 total)
{
	g_autoptr(GString) link = g_string_new(NULL);
	gint64 last = MAX(1, (total + per_page - 1) / per_page);

	if (page < last)
		append_link(link, request, page + 1, "next");
	if (page > 1)
		append_link(link, request, page - 1, "prev");
	append_link(link, request, 1, "first");
	append_link(link, request, MAX(last, page), "last");
	pm_reply_header(request, "Link", link->str);
}

/* NULL where it does not become shorter. */
static GBytes *
compress_bytes(GBytes *body)
{
	gsize len = 0;
	const void *data = g_bytes_get_data(body, &len);
	z_stream stream = {.next_in = (Bytef *)(gpointer)data, .avail_in = (uInt)len};

	if (len > G_MAXINT32 ||
	    deflateInit2(&stream, 4, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	gsize room = len - len / 10;
	g_autofree guchar *out = g_malloc(room);
	stream.next_out = out;
	stream.avail_out = (uInt)room;
	gboolean is_done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
	gsize n = stream.total_out;
	(void)deflateEnd(&stream);
	if (!is_done)
		return NULL;
	return g_bytes_new_take(g_realloc(g_steal_pointer(&out), n), n);
}

/* Whether a list of tags names this one; weak ones are as good (RFC 9110, 13.1.2). */
static gboolean
names_tag(const char *list, const char *tag)
{
	g_auto(GStrv) tags = g_strsplit(list, ",", -1);

	for (char **one = tags; *one != NULL; one++) {
		const char *given = g_strstrip(*one);

		if (g_str_equal(given, "*"))
			return TRUE;
		if (g_str_has_prefix(given, "W/"))
			given += 2;
		if (g_str_equal(given, tag))
			return TRUE;
	}
	return FALSE;
}

/* The first half of its SHA-256, as sql/api/is_current.sql makes it. GnuTLS lets the processor
 * do it; GLib's own takes longer than all else that is done to an answer. */
static char *
tag_of(GBytes *body)
{
	gsize len = 0;
	const void *data = g_bytes_get_data(body, &len);
	guint8 digest[32] = {0};
	GString *tag = g_string_new("\"");

	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, data, len, digest) != 0)
		g_error("no SHA-256");
	for (guint i = 0; i < sizeof digest / 2; i++)
		g_string_append_printf(tag, "%02x", digest[i]);
	g_string_append_c(tag, '"');
	return g_string_free(tag, FALSE);
}

static void
add_tag(PmRequest *request)
{
	PmReply *reply = &request->reply;
	const char *known = request->headers[PM_HEADER_IF_NONE_MATCH];
	g_autofree char *tag = tag_of(reply->body);
	g_autofree char *weak = g_strdup_printf("W/%s", tag);

	/* Weak: what is compressed has the same one. */
	pm_reply_header(request, "ETag", weak);
	if (known == NULL || !names_tag(known, tag))
		return;
	reply->status = 304;
	g_clear_pointer(&reply->body, g_bytes_unref);
	reply->body = g_bytes_new(NULL, 0);
}

/* Whether a list such as "br, gzip;q=0.5" has gzip, and not with q=0. */
static gboolean
takes_gzip(const char *list)
{
	g_auto(GStrv) codings = g_strsplit(list ? list : "", ",", -1);

	for (char **one = codings; *one != NULL; one++) {
		g_auto(GStrv) parts = g_strsplit(*one, ";", 2);
		const char *q = parts[0] && parts[1] ? strstr(parts[1], "q=") : NULL;

		if (parts[0] == NULL || g_ascii_strcasecmp(g_strstrip(parts[0]), "gzip"))
			continue;
		return q == NULL || g_ascii_strtod(q + 2, NULL) > 0;
	}
	return FALSE;
}

/* Whether it was compressed. */
static gboolean
compress_body(PmRequest *request)
{
	PmReply *reply = &request->reply;

	if (g_bytes_get_size(reply->body) < COMPRESS_MIN)
		return FALSE;
	GBytes *shorter = compress_bytes(reply->body);
	if (shorter == NULL)
		return FALSE;
	g_bytes_unref(reply->body);
	reply->body = shorter;
	pm_reply_header(request, "Content-Encoding", "gzip");
	return TRUE;
}

void
pm_reply_finish(PmRequest *request)
{
	const PmRoute *route = request->match.route;
	gboolean is_packed = FALSE;

	if (route != NULL) {
		g_autofree char *allow = pm_route_allow(route);
		pm_reply_header(request, "Allow", allow);
	}
	if (request->reply.status == 200 && request->method == PM_METHOD_GET &&
	    request->feed.kind == PM_FEED_NONE)
		add_tag(request);
	if (request->feed.kind != PM_FEED_STREAM &&
	    takes_gzip(request->headers[PM_HEADER_ACCEPT_ENCODING]))
		is_packed = compress_body(request);
	pm_reply_header(request, "Vary",
			is_packed ? "Accept, Accept-Encoding" : "Accept");
}
