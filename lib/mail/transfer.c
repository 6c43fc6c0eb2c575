/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decodes transfer encodings. The decoders of GMime and GLib do the work where the
 * input is sound; what is not sound is looked after here:
 *
 *   - base64 without its padding loses no bytes at the end;
 *   - several padded base64 blobs in a row are all decoded;
 *   - a footer in plain text below base64 (mailing list software adds it) ends
 *     the base64 instead of being decoded to noise, and is dropped as by others;
 *   - plain text that is labelled base64 or uuencode is plain text.
 */
#include "lib/mail/transfer.h"

#include <string.h>

#include <gmime/gmime.h>

#include "lib/text/diff-line.h"

PmTransfer
pm_transfer_parse(const char *value)
{
	static const struct {
		const char *name;
		PmTransfer transfer;
	} known[] = {{"quoted-printable", PM_TRANSFER_QUOTED_PRINTABLE},
		     {"base64", PM_TRANSFER_BASE64},
		     {"x-uuencode", PM_TRANSFER_UUENCODE},
		     {"uuencode", PM_TRANSFER_UUENCODE},
		     {"x-uue", PM_TRANSFER_UUENCODE},
		     {"uue", PM_TRANSFER_UUENCODE}};

	if (!value)
		return PM_TRANSFER_IDENTITY;
	value += strspn(value, " \t\r\n\"'");
	size_t len = strcspn(value, " \t\r\n\"';(");
	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		if (len == strlen(known[i].name) &&
		    g_ascii_strncasecmp(value, known[i].name, len) == 0)
			return known[i].transfer;
	return PM_TRANSFER_IDENTITY;
}

static gboolean
is_base64_char(unsigned char c)
{
	return g_ascii_isalnum(c) || c == '+' || c == '/';
}

/* Whether the line holds base64 only: stray white space is allowed, "=" and
 * garbage behind it at the end. */
static gboolean
is_base64_line(const PmLine *line)
{
	size_t digits = 0, stray = 0;

	for (size_t i = 0; i < line->len; i++) {
		unsigned char c = line->text[i];
		if (c == '=' && digits)
			return TRUE;
		if (is_base64_char(c))
			digits++;
		else
			stray++;
	}
	/* One or two damaged characters a line are not yet prose. */
	return digits > 0 && stray * 16 <= digits + 16 &&
	       !memchr(line->text, ' ', line->len);
}

/* Completes the last group of four where its padding is missing. */
static void
finish_base64(GString *out, int *state, guint *save, size_t digits)
{
	guchar last[4];

	if (digits % 4 < 2)
		return;
	size_t n = g_base64_decode_step("==", 4 - digits % 4, last, state, save);
	g_string_append_len(out, (const char *)last, n);
}

/* Decodes one blob: to the padding or the end. Returns the bytes consumed. */
static size_t
decode_base64_blob(GString *out, const char *bytes, size_t len)
{
	const char *pad = memchr(bytes, '=', len);
	size_t size = pad ? (size_t)(pad - bytes) : len, digits = 0, start = out->len;
	int state = 0;
	guint save = 0;

	for (size_t i = 0; i < size; i++)
		digits += is_base64_char(bytes[i]);
	g_string_set_size(out, start + size / 4 * 3 + 3);
	size_t n = g_base64_decode_step(bytes, size, (guchar *)out->str + start, &state,
					&save);
	g_string_set_size(out, start + n);
	finish_base64(out, &state, &save, digits);
	while (size < len && (bytes[size] == '=' || g_ascii_isspace(bytes[size])))
		size++;
	return size;
}

/* Where the leading lines of base64 end. */
static size_t
base64_extent(const char *bytes, size_t len)
{
	PmLine line;
	size_t end = 0;

	for (size_t at = 0; pm_line_at(bytes, len, at, &line); at = line.next) {
		if (line.len && !is_base64_line(&line))
			break;
		if (line.len)
			end = line.next;
	}
	return end;
}

static GString *
decode_base64(const char *bytes, size_t len)
{
	size_t extent = base64_extent(bytes, len), used = 0;

	/* More foreign text than base64: the label is wrong. */
	if (extent < len - extent && extent < 64)
		return NULL;
	GString *out = g_string_sized_new(extent / 4 * 3 + 8);
	while (used < extent)
		used += decode_base64_blob(out, bytes + used, extent - used);
	return out;
}

static GString *
decode_quoted_printable(const char *bytes, size_t len)
{
	GMimeEncoding decoder;

	g_mime_encoding_init_decode(&decoder, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	GString *out = g_string_sized_new(g_mime_encoding_outlen(&decoder, len) + 8);
	size_t n = g_mime_encoding_flush(&decoder, bytes, len, out->str);
	g_string_set_size(out, n);
	return out;
}

/* The i-th character of a uuencoded line; what is missing at its end counts as 0. */
static guint
uu_value(const PmLine *line, size_t i)
{
	return i < line->len ? ((unsigned char)line->text[i] - ' ') & 0x3f : 0;
}

/* One line: its length, then four characters for three bytes. What is missing is filled in as
 * long as it makes no more than max of it all: five bytes can ask for 45. */
static void
decode_uu_line(GString *out, const PmLine *line, size_t max)
{
	guint left = uu_value(line, 0);

	if (out->len >= max)
		left = (guint)MIN(left, line->len / 4 * 3);

	for (size_t i = 1; left > 0; i += 4) {
		guint group = uu_value(line, i) << 18 | uu_value(line, i + 1) << 12 |
			      uu_value(line, i + 2) << 6 | uu_value(line, i + 3);
		const char three[] = {group >> 16, group >> 8, group};
		guint n = MIN(left, sizeof(three));
		g_string_append_len(out, three, n);
		left -= n;
	}
}

/* From the line after "begin MODE NAME" to "end"; without the first it is no
 * uuencode, without the second it goes on to the end. */
static GString *
decode_uuencode(const char *bytes, size_t len)
{
	GString *out = NULL;
	PmLine line;

	for (size_t at = 0; pm_line_at(bytes, len, at, &line); at = line.next) {
		if (out && line.len == 3 && pm_line_has_prefix(&line, "end"))
			break;
		if (out)
			decode_uu_line(out, &line, len);
		else if (pm_line_has_prefix(&line, "begin "))
			out = g_string_sized_new(len / 4 * 3 + 8);
	}
	return out;
}

GString *
pm_transfer_decode(PmTransfer transfer, const char *bytes, size_t len)
{
	switch (transfer) {
	case PM_TRANSFER_QUOTED_PRINTABLE:
		return decode_quoted_printable(bytes, len);
	case PM_TRANSFER_BASE64:
		return decode_base64(bytes, len);
	case PM_TRANSFER_UUENCODE:
		return decode_uuencode(bytes, len);
	case PM_TRANSFER_IDENTITY:
		break;
	}
	return NULL;
}
