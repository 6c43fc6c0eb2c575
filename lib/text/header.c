/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The header block, line by line (RFC 5322, section 2.2), as lenient as people
 * are: what cannot be a header line is left out together with its continuation
 * lines, and reading goes on to the first empty line.
 *
 *	From dev Mon Jun  1 ...	 From_ line, also ">From ": only as the first line
 *	Subject : x		 blanks before the colon: "Subject"
 *	X Bad Name: x		 left out, as are "no colon here" and ": x"
 *	 x			 continuation, also where only blanks follow
 *
 * All names and values live in one copy of the block, each ended by a NUL.
 */
#include "lib/text/header.h"

#include <string.h>

#include "lib/text/charset.h"
#include "lib/text/rfc2047.h"

typedef struct {
	size_t name; /* offsets into block */
	size_t value;
	size_t value_len;
} Header;

struct PmHeaders {
	GString *block;
	GArray *headers; /* of Header */
};

typedef struct {
	const char *start;
	size_t len;  /* without the line end */
	size_t next; /* offset of the next line */
} Line;

static Line
line_at(const char *mail, size_t len, size_t at)
{
	const char *start = mail + at;
	const char *lf = memchr(start, '\n', len - at);
	Line line = {start, lf != NULL ? (size_t)(lf - start) : len - at, len};

	if (lf != NULL)
		line.next = at + line.len + 1;
	if (line.len > 0 && line.start[line.len - 1] == '\r')
		line.len--;
	return line;
}

static gboolean
is_from_line(const Line *line)
{
	return (line->len >= 5 && memcmp(line->start, "From ", 5) == 0) ||
	       (line->len >= 6 && memcmp(line->start, ">From ", 6) == 0);
}

static gboolean
is_continuation(const Line *line)
{
	return line->len > 0 && (line->start[0] == ' ' || line->start[0] == '\t');
}

/* The length of the name that this line starts with; 0 where it is no header. */
static size_t
name_length(const Line *line)
{
	const char *colon = memchr(line->start, ':', line->len);
	if (colon == NULL)
		return 0;

	size_t len = (size_t)(colon - line->start);
	while (len > 0 && (line->start[len - 1] == ' ' || line->start[len - 1] == '\t'))
		len--;
	for (size_t i = 0; i < len; i++)
		if ((guchar)line->start[i] <= ' ' || line->start[i] == 0x7f)
			return 0;
	return len;
}

static void
append_without_nuls(GString *block, const char *bytes, size_t len)
{
	const char *end = bytes + len;

	while (bytes < end) {
		const char *nul = memchr(bytes, '\0', (size_t)(end - bytes));
		const char *stop = nul != NULL ? nul : end;
		g_string_append_len(block, bytes, stop - bytes);
		bytes = stop + (nul != NULL);
	}
}

/* Begins a header with what its first line holds after the colon. */
static void
begin_header(PmHeaders *headers, const Line *line, size_t name_len)
{
	GString *block = headers->block;
	const char *end = line->start + line->len;
	const char *value = (const char *)memchr(line->start, ':', line->len) + 1;
	Header header = {.name = block->len};

	g_string_append_len(block, line->start, (gssize)name_len);
	g_string_append_c(block, '\0');
	while (value < end && (*value == ' ' || *value == '\t'))
		value++;
	header.value = block->len;
	append_without_nuls(block, value, (size_t)(end - value));
	header.value_len = block->len - header.value;
	g_string_append_c(block, '\0');
	g_array_append_val(headers->headers, header);
}

/* Puts a continuation line behind the last header's value. */
static void
continue_header(PmHeaders *headers, const Line *line)
{
	GString *block = headers->block;
	Header *header =
		&g_array_index(headers->headers, Header, headers->headers->len - 1);

	g_string_truncate(block, header->value + header->value_len);
	g_string_append_c(block, '\n');
	append_without_nuls(block, line->start, line->len);
	header->value_len = block->len - header->value;
	g_string_append_c(block, '\0');
}

PmHeaders *
pm_headers_new(const char *mail, size_t len, size_t *body_out)
{
	PmHeaders *headers = g_new0(PmHeaders, 1);
	size_t at = len >= 3 && memcmp(mail, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	gboolean is_first = TRUE;
	gboolean is_in_header = FALSE;

	headers->block = g_string_sized_new(MIN(len, 4096));
	headers->headers = g_array_sized_new(FALSE, FALSE, sizeof(Header), 32);
	while (at < len) {
		Line line = line_at(mail, len, at);
		at = line.next;
		if (line.len == 0)
			break;
		gboolean is_skipped = is_first && is_from_line(&line);
		is_first = FALSE;
		if (is_skipped)
			continue;
		if (is_continuation(&line)) {
			if (is_in_header)
				continue_header(headers, &line);
			continue;
		}
		size_t name_len = name_length(&line);
		is_in_header = name_len > 0;
		if (is_in_header)
			begin_header(headers, &line, name_len);
	}
	if (body_out != NULL)
		*body_out = at;
	return headers;
}

void
pm_headers_free(PmHeaders *headers)
{
	if (headers == NULL)
		return;
	g_string_free(headers->block, TRUE);
	g_array_unref(headers->headers);
	g_free(headers);
}

guint
pm_headers_count(const PmHeaders *headers)
{
	return headers->headers->len;
}

const char *
pm_headers_name_at(const PmHeaders *headers, guint i)
{
	return headers->block->str + g_array_index(headers->headers, Header, i).name;
}

const char *
pm_headers_raw_at(const PmHeaders *headers, guint i)
{
	return headers->block->str + g_array_index(headers->headers, Header, i).value;
}

const char *
pm_headers_raw(const PmHeaders *headers, const char *name, guint nth)
{
	for (guint i = 0; i < headers->headers->len; i++) {
		if (g_ascii_strcasecmp(pm_headers_name_at(headers, i), name) != 0)
			continue;
		if (nth-- == 0)
			return pm_headers_raw_at(headers, i);
	}
	return NULL;
}

char *
pm_headers_decoded(const PmHeaders *headers, const char *name, guint nth)
{
	const char *raw = pm_headers_raw(headers, name, nth);

	return raw != NULL ? pm_header_decode(raw, strlen(raw)) : NULL;
}

static void
append_guessed(GString *text, const char *bytes)
{
	size_t len = strlen(bytes);
	if (pm_utf8_is_valid(bytes, len)) {
		g_string_append_len(text, bytes, (gssize)len);
		return;
	}
	g_autofree char *utf8 = pm_charset_to_utf8(bytes, len, NULL, &len, NULL);
	g_string_append_len(text, utf8, (gssize)len);
}

char *
pm_headers_text(const PmHeaders *headers)
{
	g_autoptr(GString) text = g_string_sized_new(headers->block->len + 64);

	for (guint i = 0; i < headers->headers->len; i++) {
		if (i > 0)
			g_string_append_c(text, '\n');
		append_guessed(text, pm_headers_name_at(headers, i));
		g_string_append(text, ": ");
		append_guessed(text, pm_headers_raw_at(headers, i));
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}
