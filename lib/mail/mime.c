/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes mails apart.
 *
 * Most mails on patch lists are one part of text: those don't go through GMime's
 * parser at all, since their structure is known from two headers; only the
 * values of these are parsed by it. Both ways hand on the same bytes: for a
 * leaf, GMime's content is a window on the buffer, too.
 *
 * Multiparts are parsed with g_mime_parser_construct_part(): no GMimeMessage is
 * ever made, whose eager decoding of addresses recurses without limit. Attached
 * mails are registered as plain leaves, and opened here, to a depth of our own.
 *
 * Where senders are wrong:
 *   - a type without exactly one slash is text/plain ("text",
 *     "application/text/x-diff"), as in Python;
 *   - a multipart without its boundary is text/plain;
 *   - headers that GMime refuses are replaced by the two that matter.
 */
#include "lib/mail/mime.h"

#include <string.h>

#include <gmime/gmime.h>

#include "lib/error.h"
#include "lib/mail/guard.h"
#include "lib/mail/mail.h"

/* GMime's headers do not define these. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeContentDisposition, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeContentType, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeObject, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)

/* Longer values of MIME headers are not parsed. */
#define VALUE_MAX (64 * 1024)

/* Shared and read-only once made. */
static GMimeParserOptions *parser_options;

typedef struct {
	PmMimeVisit visit;
	void *user;
	guint parts;
	GError *error;
} Walk;

static void walk_mail(Walk *walk, const char *mail, size_t len, const PmHeaders *headers,
		      size_t body, guint depth);

static void
init_once(void)
{
	static const char *const attached[] = {"rfc822", "rfc2822", "global", "news",
					       "external-body"};

	g_mime_init();
	for (guint i = 0; i < G_N_ELEMENTS(attached); i++)
		g_mime_object_register_type("message", attached[i], GMIME_TYPE_PART);
	parser_options = g_mime_parser_options_new();
	/* The default is quadratic in unterminated encoded words. Parameters stay
	 * lenient: real mailers don't quote their boundaries. */
	g_mime_parser_options_set_rfc2047_compliance_mode(parser_options,
							  GMIME_RFC_COMPLIANCE_STRICT);
}

void
pm_mime_init(void)
{
	/* GMime keeps both the old and the new where a type is registered again. */
	static gsize is_made;

	if (!g_once_init_enter(&is_made))
		return;
	init_once();
	g_once_init_leave(&is_made, 1);
}

/* Exactly one slash before the parameters. */
static gboolean
is_sound_type(const char *value)
{
	size_t len = strcspn(value, ";");
	const char *slash = memchr(value, '/', len);

	return slash && !memchr(slash + 1, '/', value + len - slash - 1);
}

/* (transfer full); NULL stands for text/plain without parameters. */
static GMimeContentType *
parse_type(const char *value)
{
	if (!value || strlen(value) > VALUE_MAX)
		return NULL;
	return g_mime_content_type_parse(parser_options, value);
}

/* "type/subtype" in lower case. (transfer full) */
static char *
type_name(const char *value, GMimeContentType *type)
{
	if (!type || (value && !is_sound_type(value)))
		return g_strdup("text/plain");
	g_autofree char *name = g_mime_content_type_get_mime_type(type);
	return g_ascii_strdown(name, -1);
}

static gboolean
has_parameter(GMimeContentType *type, const char *name, const char *value)
{
	const char *got = type ? g_mime_content_type_get_parameter(type, name) : NULL;

	return got && g_ascii_strcasecmp(got, value) == 0;
}

/* The name that a Content-Disposition gives, else that of the type. (transfer full)
 * (nullable) */
static char *
file_name(const char *disposition, GMimeContentType *type)
{
	const char *name = NULL;

	if (disposition && strlen(disposition) <= VALUE_MAX) {
		g_autoptr(GMimeContentDisposition) parsed =
			g_mime_content_disposition_parse(parser_options, disposition);
		name = parsed ? g_mime_content_disposition_get_parameter(parsed,
									 "filename")
			      : NULL;
		if (name)
			return g_utf8_make_valid(name, -1);
	}
	name = type ? g_mime_content_type_get_parameter(type, "name") : NULL;
	return name ? g_utf8_make_valid(name, -1) : NULL;
}

/* An attached mail: its own headers decide about its parts. */
static void
walk_attached(Walk *walk, const PmMimePart *part, guint depth)
{
	g_autoptr(GString) decoded =
		pm_transfer_decode(part->transfer, part->bytes, part->len);
	const char *mail = decoded ? decoded->str : part->bytes;
	size_t len = decoded ? decoded->len : part->len, body;
	g_autoptr(PmHeaders) headers = pm_headers_new(mail, len, &body);

	walk_mail(walk, mail, len, headers, body, depth + 1);
}

static gboolean
is_attached_mail(const char *type)
{
	return strcmp(type, "message/rfc822") == 0 ||
	       strcmp(type, "message/rfc2822") == 0 ||
	       strcmp(type, "message/global") == 0 || strcmp(type, "message/news") == 0;
}

static void
visit_part(Walk *walk, const PmMimePart *part, guint depth)
{
	if (walk->error)
		return;
	if (++walk->parts > PM_MAIL_PARTS_MAX) {
		g_set_error(&walk->error, PM_ERROR, PM_ERROR_PERMANENT_MAIL,
			    "could not read mail: more than %d parts", PM_MAIL_PARTS_MAX);
		return;
	}
	if (depth < PM_MIME_DEPTH_MAX && is_attached_mail(part->type))
		walk_attached(walk, part, depth);
	else
		walk->visit(part, walk->user);
}

/* A leaf whose MIME headers have these values. */
static void
visit_leaf(Walk *walk, const char *type_value, GMimeContentType *type,
	   const char *disposition, const char *transfer, const char *bytes, size_t len,
	   guint depth)
{
	g_autofree char *name = type_name(type_value, type);
	g_autofree char *filename = file_name(disposition, type);
	const PmMimePart part = {
		.type = name,
		.charset =
			type ? g_mime_content_type_get_parameter(type, "charset") : NULL,
		.filename = filename,
		.is_flowed = has_parameter(type, "format", "flowed"),
		.has_delsp = has_parameter(type, "delsp", "yes"),
		.transfer = pm_transfer_parse(transfer),
		.bytes = bytes,
		.len = len,
	};

	visit_part(walk, &part, depth);
}

/* A leaf of GMime's tree; its content is a window on buffer. */
static void
visit_gmime_part(Walk *walk, GMimePart *part, const char *buffer, guint depth)
{
	GMimeObject *object = GMIME_OBJECT(part);
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	const char *value = g_mime_object_get_header(object, "Content-Type");

	/* A part that ends within its headers has none. */
	if (!content)
		return;
	GMimeStream *stream = g_mime_data_wrapper_get_stream(content);
	visit_leaf(walk, value, g_mime_object_get_content_type(object),
		   g_mime_object_get_header(object, "Content-Disposition"),
		   g_mime_object_get_header(object, "Content-Transfer-Encoding"),
		   buffer + stream->bound_start, stream->bound_end - stream->bound_start,
		   depth);
}

/* Depth first, as deep as GMime nests. */
static void
visit_object(Walk *walk, GMimeObject *object, const char *buffer, guint depth)
{
	if (GMIME_IS_PART(object)) {
		visit_gmime_part(walk, GMIME_PART(object), buffer, depth);
		return;
	}
	if (!GMIME_IS_MULTIPART(object))
		return;
	GMimeMultipart *multipart = GMIME_MULTIPART(object);
	int n = g_mime_multipart_get_count(multipart);
	for (int i = 0; i < n && !walk->error; i++)
		visit_object(walk, g_mime_multipart_get_part(multipart, i), buffer,
			     depth);
	/* An inner multipart whose boundary never comes: all of it is prologue. */
	const char *prologue = n ? NULL : g_mime_multipart_get_prologue(multipart);
	if (prologue)
		visit_leaf(walk, NULL, NULL, NULL, NULL, prologue, strlen(prologue),
			   depth);
}

/* Visits the parts of a multipart; FALSE where GMime finds none. */
static gboolean
visit_tree(Walk *walk, const char *buffer, size_t len, guint depth)
{
	/* The array borrows the buffer: nothing writes to it, and steal() below
	 * takes it back before the array is freed. */
	g_autoptr(GByteArray) array = g_byte_array_new_take((guint8 *)buffer, len);
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_byte_array(array);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
	g_autoptr(GMimeObject) root =
		g_mime_parser_construct_part(parser, parser_options);

	gboolean is_found = root && GMIME_IS_MULTIPART(root) &&
			    g_mime_multipart_get_count(GMIME_MULTIPART(root)) > 0;
	if (is_found)
		visit_object(walk, root, buffer, depth);
	g_byte_array_steal(array, NULL);
	return is_found;
}

/* The same with a header block of our own making, for mails whose own one GMime
 * does not read as we do (garbage first, the type twice, NULs in it). */
static gboolean
visit_rebuilt(Walk *walk, const char *body, size_t len, const char *type, guint depth)
{
	g_autoptr(GString) mail = g_string_sized_new(len + strlen(type) + 32);

	g_string_append_printf(mail, "Content-Type: %s\n\n", type);
	g_string_append_len(mail, body, len);
	return visit_tree(walk, mail->str, mail->len, depth);
}

/* Where the mail begins behind a From_ line, which GMime takes for an error. */
static size_t
skip_from_line(const char *mail, size_t len)
{
	size_t at = 0;

	while ((len - at > 5 && memcmp(mail + at, "From ", 5) == 0) ||
	       (len - at > 6 && memcmp(mail + at, ">From ", 6) == 0)) {
		const char *end = memchr(mail + at, '\n', len - at);
		if (!end)
			return len;
		at = end + 1 - mail;
	}
	return at;
}

static void
walk_mail(Walk *walk, const char *mail, size_t len, const PmHeaders *headers, size_t body,
	  guint depth)
{
	const char *value = pm_headers_raw(headers, "Content-Type", 0);
	g_autoptr(GMimeContentType) type = parse_type(value);
	g_autofree char *name = type_name(value, type);

	if (g_str_has_prefix(name, "multipart/")) {
		if (!pm_guard_multipart(mail, len, &walk->error))
			return;
		size_t start = skip_from_line(mail, len);
		if (visit_tree(walk, mail + start, len - start, depth) ||
		    visit_rebuilt(walk, mail + body, len - body, value, depth))
			return;
		visit_leaf(walk, NULL, NULL, NULL, NULL, mail + body, len - body, depth);
		return;
	}
	visit_leaf(walk, value, type, pm_headers_raw(headers, "Content-Disposition", 0),
		   pm_headers_raw(headers, "Content-Transfer-Encoding", 0), mail + body,
		   len - body, depth);
}

gboolean
pm_mime_walk(const char *mail, size_t len, const PmHeaders *headers, size_t body,
	     PmMimeVisit visit, void *user, GError **error)
{
	Walk walk = {.visit = visit, .user = user};

	walk_mail(&walk, mail, len, headers, body, 0);
	if (!walk.error)
		return TRUE;
	g_propagate_error(error, walk.error);
	return FALSE;
}
