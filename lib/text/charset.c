/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Charset names in mail are written by strangers: misspelt, quoted, narrower than
 * the bytes (gb2312 for GBK text), no charset at all (rot13, unicode_escape) or
 * simply wrong. So a conversion here is strict, and when it fails the next guess
 * is tried, until ISO-8859-1 takes whatever is left:
 *
 *	declared charset -> UTF-8 -> Windows-1252 -> ISO-8859-1
 *
 * ASCII and UTF-8, which is nearly all mail, never reach iconv. Other charsets
 * use descriptors kept per thread, since opening one costs more than a header.
 */
#include "lib/text/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

/* No registered charset name is longer; longer ones are not looked at. */
#define CHARSET_NAME_MAX 64
/* Descriptors kept per thread, unknown names included. */
#define CACHE_SLOTS 64

typedef struct {
	const char *name;
	const char *iconv_name;
} Alias;

/* What mailers write, in lower case, and what they mean by it. */
static const Alias aliases[] = {
	{"utf8", "utf-8"},
	{"utf_8", "utf-8"},
	{"unicode-1-1-utf-8", "utf-8"},
	{"ascii", "us-ascii"},
	{"646", "us-ascii"},
	{"ansi_x3.4-1968", "us-ascii"},
	{"iso-ir-6", "us-ascii"},
	{"latin1", "iso-8859-1"},
	{"latin-1", "iso-8859-1"},
	{"iso8859-1", "iso-8859-1"},
	{"iso_8859-1", "iso-8859-1"},
	{"iso88591", "iso-8859-1"},
	{"8859_1", "iso-8859-1"},
	{"iso-8859-8-i", "iso-8859-8"},
	{"iso-8859-8-e", "iso-8859-8"},
	{"gb2312", "gb18030"},
	{"gb_2312-80", "gb18030"},
	{"gb2312_charset", "gb18030"},
	{"gbk", "gb18030"},
	{"x-gbk", "gb18030"},
	{"cn-gb", "gb18030"},
	{"euc-cn", "gb18030"},
	{"cp936", "gb18030"},
	{"ms936", "gb18030"},
	{"windows-936", "gb18030"},
	{"ks_c_5601-1987", "cp949"},
	{"ks_c_5601-1989", "cp949"},
	{"ks_c_5601", "cp949"},
	{"ksc5601", "cp949"},
	{"ksc_5601", "cp949"},
	{"euc-kr", "cp949"},
	{"uhc", "cp949"},
	{"ms949", "cp949"},
	{"windows-949", "cp949"},
	{"shift_jis", "cp932"},
	{"shift-jis", "cp932"},
	{"sjis", "cp932"},
	{"x-sjis", "cp932"},
	{"windows-31j", "cp932"},
	{"hz-gb-2312", "hz"},
	{"unicode-1-1-utf-7", "utf-7"},
	{"windows1252", "windows-1252"},
	{"cp1252", "windows-1252"},
	{"x-windows-1252", "windows-1252"},
	{"ansi", "windows-1252"},
	{"x-mac-roman", "macintosh"},
	/* Known to glibc, but no charset that a mail can be in. */
	{"char", NULL},
	{"wchar_t", NULL},
	{"internal", NULL},
	{"java", NULL},
};

/* Charsets in which each ASCII byte means itself, by the start of their name. */
static const char *const ascii_supersets[] = {
	"utf-8", "us-ascii", "iso-8859-", "windows-125", "gb18030",
	"big5",	 "cp949",    "cp932",	  "koi8-",	 "euc-",
};

/* Windows-1252 from 0x80 to 0x9f; 0 where it has no character. */
static const guint16 windows_1252[32] = {
	0x20ac, 0,	0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,	0x017d, 0,
	0,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,	0x017e, 0x0178,
};

typedef struct {
	char name[CHARSET_NAME_MAX + 1];
	iconv_t cd; /* (iconv_t)-1 where iconv does not know the name */
} Slot;

typedef struct {
	Slot slots[CACHE_SLOTS];
	guint used;
	guint next; /* the slot that is given up next */
} Cache;

static void
cache_free(gpointer data)
{
	Cache *cache = data;

	for (guint i = 0; i < cache->used; i++)
		if (cache->slots[i].cd != (iconv_t)-1)
			iconv_close(cache->slots[i].cd);
	g_free(cache);
}

static GPrivate thread_cache = G_PRIVATE_INIT(cache_free);

/* The descriptor for a cleaned name, owned by the cache; (iconv_t)-1: unknown. */
static iconv_t
cached_descriptor(const char *name)
{
	Cache *cache = g_private_get(&thread_cache);

	if (cache == NULL) {
		cache = g_new0(Cache, 1);
		g_private_set(&thread_cache, cache);
	}
	for (guint i = 0; i < cache->used; i++)
		if (strcmp(cache->slots[i].name, name) == 0)
			return cache->slots[i].cd;

	Slot *slot;
	if (cache->used < CACHE_SLOTS) {
		slot = &cache->slots[cache->used++];
	} else {
		slot = &cache->slots[cache->next];
		cache->next = (cache->next + 1) % CACHE_SLOTS;
		if (slot->cd != (iconv_t)-1)
			iconv_close(slot->cd);
	}
	g_strlcpy(slot->name, name, sizeof slot->name);
	slot->cd = iconv_open("UTF-8", name);
	return slot->cd;
}

static gboolean
is_name_byte(char c)
{
	return g_ascii_isalnum(c) || strchr("-_.:+()", c) != NULL;
}

/*
 * The name as iconv wants it, in buffer; NULL where this is no charset: none,
 * too long, or with bytes (such as iconv's own "//") that no name has.
 */
static const char *
clean_name(const char *charset, char buffer[CHARSET_NAME_MAX + 1])
{
	if (charset == NULL)
		return NULL;
	while (*charset != '\0' && strchr(" \t\r\n\"'", *charset) != NULL)
		charset++;
	size_t len = strcspn(charset, " \t\r\n\"';");
	if (len == 0 || len > CHARSET_NAME_MAX)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		if (!is_name_byte(charset[i]))
			return NULL;
		buffer[i] = g_ascii_tolower(charset[i]);
	}
	buffer[len] = '\0';

	/* "cp-850" and "ibm-850" are written, "cp850" is known. */
	if (g_str_has_prefix(buffer, "cp-"))
		memmove(buffer + 2, buffer + 3, len - 2);
	else if (g_str_has_prefix(buffer, "ibm-"))
		memmove(buffer + 3, buffer + 4, len - 3);
	for (size_t i = 0; i < G_N_ELEMENTS(aliases); i++)
		if (strcmp(buffer, aliases[i].name) == 0)
			return aliases[i].iconv_name;
	return buffer;
}

static gboolean
is_ascii_superset(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ascii_supersets); i++)
		if (g_str_has_prefix(name, ascii_supersets[i]))
			return TRUE;
	return FALSE;
}

/* How many bytes at the start are ASCII, to a multiple of eight or to the end;
 * eight at a time, for this sees every header and every part. */
static size_t
ascii_length(const char *bytes, size_t len)
{
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		guint64 chunk;
		memcpy(&chunk, bytes + i, sizeof chunk);
		if (chunk & G_GUINT64_CONSTANT(0x8080808080808080))
			return i;
	}
	while (i < len && !(bytes[i] & 0x80))
		i++;
	return i;
}

gboolean
pm_utf8_is_valid(const char *bytes, size_t len)
{
	while (TRUE) {
		size_t ascii = ascii_length(bytes, len);
		const char *end;
		bytes += ascii;
		len -= ascii;
		if (len == 0 || g_utf8_validate_len(bytes, len, &end))
			return TRUE;
		/* GLib stops at a NUL, which is allowed here. */
		if (*end != '\0')
			return FALSE;
		len -= (size_t)(end + 1 - bytes);
		bytes = end + 1;
	}
}

/* Removes NULs from text[0, len) in place and ends it. Returns the new length. */
static size_t
drop_nuls(char *text, size_t len)
{
	char *first = memchr(text, '\0', len);
	size_t kept = first != NULL ? (size_t)(first - text) : len;

	for (size_t i = kept; i < len; i++)
		if (text[i] != '\0')
			text[kept++] = text[i];
	text[kept] = '\0';
	return kept;
}

static char *
copy_without_nuls(const char *bytes, size_t len, size_t *len_out)
{
	char *copy = g_malloc(len + 1);

	if (len > 0)
		memcpy(copy, bytes, len);
	*len_out = drop_nuls(copy, len);
	return copy;
}

/* (transfer full): NULL where the bytes are not UTF-8. */
static char *
convert_utf8(const char *bytes, size_t len, size_t *len_out)
{
	return pm_utf8_is_valid(bytes, len) ? copy_without_nuls(bytes, len, len_out)
					    : NULL;
}

/* NULL where iconv does not know the charset or a byte does not fit it. */
static char *
convert_iconv(const char *bytes, size_t len, const char *name, size_t *len_out)
{
	iconv_t cd = cached_descriptor(name);
	if (cd == (iconv_t)-1)
		return NULL;
	iconv(cd, NULL, NULL, NULL, NULL);

	g_autoptr(GString) out = g_string_sized_new(len + len / 2 + 16);
	char chunk[4096];
	char *in = (char *)bytes;
	size_t in_left = len;
	gboolean flushing = FALSE;
	while (TRUE) {
		char *to = chunk;
		size_t room = sizeof chunk;
		size_t done = flushing ? iconv(cd, NULL, NULL, &to, &room)
				       : iconv(cd, &in, &in_left, &to, &room);
		int reason = errno;
		g_string_append_len(out, chunk, (gssize)(to - chunk));
		if (done == (size_t)-1 && reason != E2BIG)
			return NULL;
		if (done != (size_t)-1 && flushing)
			break;
		if (done != (size_t)-1)
			flushing = TRUE;
	}
	out->len = drop_nuls(out->str, out->len);
	if (!g_utf8_validate_len(out->str, out->len, NULL))
		return NULL;
	*len_out = out->len;
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* One byte, one character; strict: NULL where Windows-1252 has none. */
static char *
convert_bytes(const char *bytes, size_t len, gboolean windows, size_t *len_out)
{
	g_autoptr(GString) out = g_string_sized_new(len + len / 4);

	for (size_t i = 0; i < len; i++) {
		guchar c = (guchar)bytes[i];
		gunichar u = c;
		if (windows && c >= 0x80 && c < 0xa0)
			u = windows_1252[c - 0x80];
		if (c != 0 && u == 0)
			return NULL;
		if (u >= 0x80)
			g_string_append_unichar(out, u);
		else if (u != 0)
			g_string_append_c(out, (char)u);
	}
	*len_out = out->len;
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/*
 * UTF-16 and its kin turn ASCII text into Chinese without any error. A true
 * text of theirs holds NULs (each line end does) or is no UTF-8.
 */
static gboolean
is_mislabelled_wide(const char *bytes, size_t len, const char *name)
{
	if (!g_str_has_prefix(name, "utf-16") && !g_str_has_prefix(name, "utf-32") &&
	    !g_str_has_prefix(name, "ucs") && !g_str_has_prefix(name, "utf16") &&
	    !g_str_has_prefix(name, "utf32") && !g_str_has_prefix(name, "iso-10646"))
		return FALSE;
	return g_utf8_validate_len(bytes, len, NULL);
}

/* As declared; NULL where the bytes do not fit or the name is unknown. */
static char *
convert_declared(const char *bytes, size_t len, const char *name, size_t *len_out)
{
	if (strcmp(name, "utf-8") == 0)
		return convert_utf8(bytes, len, len_out);
	if (is_ascii_superset(name) && ascii_length(bytes, len) == len)
		return copy_without_nuls(bytes, len, len_out);
	if (strcmp(name, "us-ascii") == 0)
		return NULL;
	if (strcmp(name, "iso-8859-1") == 0)
		return convert_bytes(bytes, len, FALSE, len_out);
	if (strcmp(name, "windows-1252") == 0)
		return convert_bytes(bytes, len, TRUE, len_out);
	if (is_mislabelled_wide(bytes, len, name))
		return NULL;
	return convert_iconv(bytes, len, name, len_out);
}

static gboolean
is_known(const char *name)
{
	return is_ascii_superset(name) || cached_descriptor(name) != (iconv_t)-1;
}

char *
pm_charset_to_utf8(const char *bytes, size_t len, const char *charset, size_t *len_out,
		   PmCharsetHow *how_out)
{
	char buffer[CHARSET_NAME_MAX + 1];
	const char *name = clean_name(charset, buffer);
	size_t out_len = 0;
	PmCharsetHow how = PM_CHARSET_GUESSED;
	char *text = NULL;

	if (name != NULL) {
		text = convert_declared(bytes, len, name, &out_len);
		if (text != NULL)
			how = PM_CHARSET_DECLARED;
		else if (is_known(name))
			how = PM_CHARSET_WRONG;
	}
	if (text == NULL)
		text = convert_utf8(bytes, len, &out_len);
	if (text == NULL)
		text = convert_bytes(bytes, len, TRUE, &out_len);
	if (text == NULL)
		text = convert_bytes(bytes, len, FALSE, &out_len);
	if (len_out != NULL)
		*len_out = out_len;
	if (how_out != NULL)
		*how_out = how;
	return text;
}

char *
pm_utf8_cut(char *text, size_t max)
{
	char *p = text;

	for (size_t i = 0; i < max && *p != '\0'; i++)
		p = g_utf8_next_char(p);
	*p = '\0';
	return text;
}
