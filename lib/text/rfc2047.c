/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Header values to text. RFC 2047 says where encoded words may stand and what
 * they may hold; mailers do not care, so neither do we:
 *
 *	caf=?utf-8?q?=C3=A9?=              glued to text: "café" (no blank added)
 *	"=?utf-8?q?D=C3=B6e=2C_J?="        inside quotes
 *	=?utf-8?b?w6Q?=                    padding left out
 *	=?utf-8?q?a b?=                    blanks, even a fold, inside a Q word
 *	=?utf-8?q?=C3?= =?utf-8?q?=A9?=    a character split over two words
 *	=?utf-8*en?Q?x?=                   language (RFC 2231, section 5)
 *	=?x-nonsense?q?=E4?=               unknown charset: guessed
 *	=?utf-8?b?A?=                      not decodable: kept as it stands
 *
 * A word ends at the first "?="; it does not reach over a blank that is
 * followed by "=?", where the next word begins.
 */
#include "lib/text/rfc2047.h"

#include <string.h>

#include "lib/text/charset.h"

/* A charset and a language; longer ones are no encoded word. */
#define WORD_CHARSET_MAX 96
/* So many changes of charset in one value are followed; a descriptor may cost
 * 100 us to open, and nobody writes in a thousand charsets. */
#define CHARSET_CHANGES_MAX 1000

typedef struct {
	const char *charset; /* borrowed, not terminated */
	size_t charset_len;  /* without the language */
	char encoding;	     /* 'q' or 'b' */
	const char *text;
	size_t text_len;
	const char *end; /* first byte after the word */
} Word;

typedef struct {
	GString *out;
	GByteArray *run; /* decoded bytes of neighbouring words of one charset */
	char charset[WORD_CHARSET_MAX + 1];
	guint changes;
	const char *no_end_before; /* no word that starts before this has an end */
} Decoder;

static gboolean
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Where the encoded text from p ends ("?="), or NULL. Remembers failures, so
 * that a row of words without an end is looked through once, not once a word. */
static const char *
find_word_end(Decoder *decoder, const char *p, const char *end)
{
	if (p < decoder->no_end_before)
		return NULL;
	for (; p + 1 < end; p++) {
		if (p[0] == '?' && p[1] == '=')
			return p;
		if (is_blank(p[0]) && p + 2 < end && p[1] == '=' && p[2] == '?')
			break;
	}
	decoder->no_end_before = p + 1 < end ? p + 1 : end;
	return NULL;
}

/* Reads the word at p, which starts with "=?". */
static gboolean
scan_word(Decoder *decoder, const char *p, const char *end, Word *word_out)
{
	const char *charset = p + 2;
	const char *q = charset;

	while (q < end && *q != '?' && !is_blank(*q) && q - charset < WORD_CHARSET_MAX)
		q++;
	if (q == charset || end - q < 3 || q[0] != '?' || q[2] != '?')
		return FALSE;
	char encoding = g_ascii_tolower(q[1]);
	if (encoding != 'q' && encoding != 'b')
		return FALSE;
	const char *text = q + 3;
	const char *text_end = find_word_end(decoder, text, end);
	if (text_end == NULL)
		return FALSE;

	const char *language = memchr(charset, '*', (size_t)(q - charset));
	word_out->charset = charset;
	word_out->charset_len = (size_t)((language != NULL ? language : q) - charset);
	word_out->encoding = encoding;
	word_out->text = text;
	word_out->text_len = (size_t)(text_end - text);
	word_out->end = text_end + 2;
	return TRUE;
}

static void
decode_q(const char *text, size_t len, GByteArray *run)
{
	for (size_t i = 0; i < len; i++) {
		guint8 byte = (guint8)text[i];
		if (byte == '_') {
			byte = ' ';
		} else if (byte == '=' && i + 2 < len && g_ascii_isxdigit(text[i + 1]) &&
			   g_ascii_isxdigit(text[i + 2])) {
			byte = (guint8)(g_ascii_xdigit_value(text[i + 1]) << 4 |
					g_ascii_xdigit_value(text[i + 2]));
			i += 2;
		}
		g_byte_array_append(run, &byte, 1);
	}
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* FALSE (run as it was) where this is not base64. Each "=" ends a group, so
 * that blobs glued together are all decoded; padding may be missing. */
static gboolean
decode_b(const char *text, size_t len, GByteArray *run)
{
	guint before = run->len;
	guint32 bits = 0;
	guint n = 0;
	gboolean is_broken = FALSE;

	for (size_t i = 0; i <= len && !is_broken; i++) {
		int value = i < len ? base64_value(text[i]) : -1;
		if (value >= 0) {
			bits = bits << 6 | (guint32)value;
			n++;
		} else if (i < len && is_blank(text[i])) {
			continue;
		} else if (i < len && text[i] != '=') {
			is_broken = TRUE;
		}
		if (value >= 0 && n < 4)
			continue;
		is_broken = is_broken || n == 1;
		bits <<= 6 * (4 - n);
		guint8 bytes[3] = {(guint8)(bits >> 16), (guint8)(bits >> 8),
				   (guint8)bits};
		if (!is_broken && n >= 2)
			g_byte_array_append(run, bytes, n - 1);
		bits = 0;
		n = 0;
	}
	if (is_broken)
		g_byte_array_set_size(run, before);
	return !is_broken;
}

static void
flush_run(Decoder *decoder)
{
	if (decoder->run->len == 0)
		return;
	size_t len;
	g_autofree char *text =
		pm_charset_to_utf8((const char *)decoder->run->data, decoder->run->len,
				   decoder->charset, &len, NULL);
	g_string_append_len(decoder->out, text, (gssize)len);
	g_byte_array_set_size(decoder->run, 0);
}

/* Text outside of words. Where it is not UTF-8 each token is guessed for itself. */
static void
append_text(Decoder *decoder, const char *p, const char *end)
{
	flush_run(decoder);
	if (pm_utf8_is_valid(p, (size_t)(end - p))) {
		g_string_append_len(decoder->out, p, end - p);
		return;
	}
	while (p < end) {
		const char *token = p;
		while (p < end && !is_blank(*p))
			p++;
		while (p < end && is_blank(*p))
			p++;
		size_t len;
		g_autofree char *text =
			pm_charset_to_utf8(token, (size_t)(p - token), NULL, &len, NULL);
		g_string_append_len(decoder->out, text, (gssize)len);
	}
}

/* FALSE where the word cannot be decoded and has to stay as it is. */
static gboolean
append_word(Decoder *decoder, const Word *word)
{
	gboolean is_same = strlen(decoder->charset) == word->charset_len &&
			   g_ascii_strncasecmp(decoder->charset, word->charset,
					       word->charset_len) == 0;

	if (!is_same) {
		flush_run(decoder);
		size_t known =
			decoder->changes++ < CHARSET_CHANGES_MAX ? word->charset_len : 0;
		memcpy(decoder->charset, word->charset, known);
		decoder->charset[known] = '\0';
	}
	if (word->encoding == 'b')
		return decode_b(word->text, word->text_len, decoder->run);
	decode_q(word->text, word->text_len, decoder->run);
	return TRUE;
}

static gboolean
is_all_blank(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p == end;
}

static void
decode_words(Decoder *decoder, const char *raw, size_t len)
{
	const char *end = raw + len;
	const char *text = raw; /* what is not yet written starts here */
	const char *p = raw;
	gboolean is_after_word = FALSE;

	while (p < end) {
		p = memmem(p, (size_t)(end - p), "=?", 2);
		Word word;
		if (p == NULL)
			break;
		if (!scan_word(decoder, p, end, &word)) {
			p += 2;
			continue;
		}
		gboolean is_joined = is_after_word && is_all_blank(text, p);
		if (!is_joined)
			append_text(decoder, text, p);
		is_after_word = append_word(decoder, &word);
		if (!is_after_word)
			append_text(decoder, is_joined ? text : p, word.end);
		p = word.end;
		text = p;
	}
	append_text(decoder, text, end);
}

static gboolean
is_space(gunichar c)
{
	return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20) || c == 0x85 ||
	       c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
	       c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/* White space (as Unicode and Patchwork see it) to single blanks, stripped,
 * without NULs, in place. Returns the new length. */
static size_t
collapse_space(char *text, size_t len)
{
	const char *end = text + len;
	char *to = text;
	gboolean is_pending = FALSE;

	for (const char *p = text; p < end;) {
		const char *next = (guchar)*p < 0x80 ? p + 1 : g_utf8_next_char(p);
		gunichar c = (guchar)*p < 0x80 ? (guchar)*p : g_utf8_get_char(p);
		if (c == 0) {
			p = next;
			continue;
		}
		if (is_space(c)) {
			is_pending = to > text;
			p = next;
			continue;
		}
		if (is_pending)
			*to++ = ' ';
		is_pending = FALSE;
		while (p < next)
			*to++ = *p++;
	}
	*to = '\0';
	return (size_t)(to - text);
}

/* Nothing in raw[0, len) but text as it is meant, blanks apart. */
static gboolean
is_plain(const char *raw, size_t len)
{
	return memchr(raw, '\0', len) == NULL && memmem(raw, len, "=?", 2) == NULL &&
	       pm_utf8_is_valid(raw, len);
}

char *
pm_header_decode(const char *raw, size_t len)
{
	if (raw == NULL || len == 0)
		return g_strdup("");
	if (is_plain(raw, len)) {
		char *text = g_strndup(raw, len);
		collapse_space(text, len);
		return text;
	}

	g_autoptr(GString) clean = g_string_sized_new(len);
	for (size_t i = 0; i < len; i++)
		if (raw[i] != '\0')
			g_string_append_c(clean, raw[i]);
	g_autoptr(GString) out = g_string_sized_new(clean->len);
	g_autoptr(GByteArray) run = g_byte_array_new();
	Decoder decoder = {.out = out, .run = run, .no_end_before = clean->str};
	decode_words(&decoder, clean->str, clean->len);
	flush_run(&decoder);
	collapse_space(out->str, out->len);
	return g_string_free(g_steal_pointer(&out), FALSE);
}
