/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Senders glue: PATCH1/8, v2PATCH2/2, PATCHv3, RFCv2, RFC/PATCH, PATCH-net. So a
 * token is taken apart from its end: first the number, then the version,
 * then known words, and what is left is a prefix that names a tree or a topic.
 *
 * Versions, and kernel trees that look like them:
 *
 *	v2 V3 -v2 #2 (v2) v2: PATCHv2 RFCv2	2, 3, 2 ...
 *	v2.1 v5.1				2 and 5, text "2.1" and "5.1"
 *	v4a v3fix				4 and 3, text "4a" and "3fix"
 *	v5.10 v6.1.y v2019.04-next v4l v9fs	no version: prefixes
 *
 * The rule for dots: one dot and one digit from 1 to 9 behind it is a half version,
 * anything else a branch. Of v5.1 only the thread can tell, so the text is kept.
 */
#include "lib/text/marker.h"

#include <string.h>

/* "#1234" is the number of a bug, "#2" that of a version. */
#define HASH_VERSION_MAX 99

/* Words that carry no prefix, longest first where one begins another. */
static const char *const patch_words[] = {"patches", "patchset", "patch"};
static const char *const pull_words[] = {"pull-request", "pullrequest", "git-pull",
					 "pull"};

/* Digits at p to a number that stops growing behind max. Returns the first byte
 * after them. */
static const char *
read_digits(const char *p, gint64 max, gint64 *number_out)
{
	gint64 number = 0;

	for (; g_ascii_isdigit(*p); p++)
		if (number <= max)
			number = number * 10 + (*p - '0');
	*number_out = number;
	return p;
}

/* Where the digits that end at end (exclusive) begin. */
static size_t
digits_before(const char *text, size_t end)
{
	while (end > 0 && g_ascii_isdigit(text[end - 1]))
		end--;
	return end;
}

/* Takes "n/m", "n of m", "n.f/m" off the end of text. */
static void
take_number(PmMarker *marker, char *text)
{
	size_t len = strlen(text);
	while (len > 0 && strchr(":;)]}", text[len - 1]) != NULL)
		len--;
	size_t total_at = digits_before(text, len);
	if (total_at == len)
		return;

	size_t number_end;
	if (total_at > 0 && text[total_at - 1] == '/')
		number_end = total_at - 1;
	else if (total_at > 4 && memcmp(text + total_at - 4, " of ", 4) == 0)
		number_end = total_at - 4;
	else
		return;
	size_t number_at = digits_before(text, number_end);
	if (number_at == number_end)
		return;

	gint64 number, total, fraction = 0;
	size_t start = number_at;
	if (number_at > 1 && text[number_at - 1] == '.' &&
	    g_ascii_isdigit(text[number_at - 2])) {
		start = digits_before(text, number_at - 1);
		read_digits(text + number_at, PM_MARKER_NUMBER_MAX, &fraction);
	}
	read_digits(text + start, PM_MARKER_NUMBER_MAX, &number);
	read_digits(text + total_at, PM_MARKER_INTEGER_MAX, &total);
	text[start] = '\0';
	if (number > PM_MARKER_NUMBER_MAX || fraction > PM_MARKER_NUMBER_MAX ||
	    total > PM_MARKER_INTEGER_MAX)
		return;
	marker->has_number = TRUE;
	marker->number = (int)number;
	marker->fraction = (int)fraction;
	marker->total = (int)total;
}

/* The length of a suffix that makes vN a version of its own: "a", "fix"; 0 for
 * none, also for "l" (v4l). */
static size_t
suffix_length(const char *p)
{
	if (g_str_has_prefix(p, "fix"))
		return 3;
	return *p >= 'a' && *p <= 'f' ? 1 : 0;
}

static gboolean
is_version_end(char c)
{
	return !g_ascii_isalnum(c) && c != '.' && c != '_';
}

/*
 * The version that starts with the "v" or "#" at p; its end, or NULL where it is
 * none. What follows decides: "v2PATCH" is one, "v4l" and "v6.1.y" are none.
 */
static const char *
read_version(PmMarker *marker, const char *p)
{
	gint64 number;
	const char *start = p + 1;
	const char *end = read_digits(start, PM_MARKER_INTEGER_MAX, &number);
	if (end == start || number > PM_MARKER_INTEGER_MAX ||
	    (*p == '#' && number > HASH_VERSION_MAX))
		return NULL;

	gboolean is_more = FALSE;
	if (*end == '.' && end[1] >= '1' && end[1] <= '9' && is_version_end(end[2])) {
		end += 2;
		is_more = TRUE;
	} else if (suffix_length(end) > 0 && is_version_end(end[suffix_length(end)])) {
		end += suffix_length(end);
		is_more = TRUE;
	}
	gboolean is_before_word =
		g_str_has_prefix(end, "patch") || g_str_has_prefix(end, "rfc");
	if (!is_version_end(*end) && !is_before_word)
		return NULL;
	marker->has_version = TRUE;
	marker->version = (int)number;
	if (is_more)
		marker->version_text = g_strndup(start, (gsize)(end - start));
	return end;
}

/* Whether text[0, at) ends in word, maybe joined by "-" or "/". */
static gboolean
is_behind_word(const char *text, size_t at, const char *word)
{
	size_t len = strlen(word);

	if (at > 0 && strchr("-/(", text[at - 1]) != NULL)
		at--;
	return at >= len && memcmp(text + at - len, word, len) == 0;
}

/* Whether a version may start at text[at]: at the start, where "-" and "(" count
 * for nothing, or behind a word that we know; but not in "for-v6.1". */
static gboolean
is_version_start(const char *text, size_t at)
{
	if (text[at] != 'v' && text[at] != '#')
		return FALSE;
	if (at == 0 || (at == 1 && strchr("-(", text[0]) != NULL))
		return TRUE;
	return is_behind_word(text, at, "patch") || is_behind_word(text, at, "rfc");
}

/* Cuts [from, to) out of text. */
static void
cut_out(char *text, size_t from, size_t to)
{
	memmove(text + from, text + to, strlen(text + to) + 1);
}

static void
take_version(PmMarker *marker, char *text)
{
	for (size_t i = 0; text[i] != '\0' && !marker->has_version; i++) {
		if (!is_version_start(text, i))
			continue;
		const char *end = read_version(marker, text + i);
		if (end != NULL)
			cut_out(text, i, (size_t)(end - text));
	}
}

/* Where word stands in text as a word of its own, which "dispatch" does not
 * hold and "patch2" does; NULL: nowhere. */
static char *
find_word(char *text, const char *word)
{
	size_t len = strlen(word);

	for (char *p = text; (p = strstr(p, word)) != NULL; p++)
		if ((p == text || !g_ascii_isalpha(p[-1])) && !g_ascii_isalpha(p[len]))
			return p;
	return NULL;
}

static gboolean
take_patch_word(char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(patch_words); i++) {
		char *found = find_word(text, patch_words[i]);
		if (found == NULL)
			continue;
		size_t at = (size_t)(found - text);
		cut_out(text, at, at + strlen(patch_words[i]));
		return TRUE;
	}
	return FALSE;
}

/* rfc as a word, without a number behind it: "rfc2822" is a document. */
static gboolean
has_rfc(char *text)
{
	const char *found = find_word(text, "rfc");

	return found != NULL && !g_ascii_isdigit(found[3]);
}

static gboolean
is_pull_word(const char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pull_words); i++)
		if (strcmp(text, pull_words[i]) == 0)
			return TRUE;
	return FALSE;
}

/* Takes the punctuation that joined words off both ends. */
static void
trim_joints(char *text)
{
	static const char joints[] = "-/:;+_.()[]{}";
	size_t len = strlen(text);

	while (len > 0 && strchr(joints, text[len - 1]) != NULL)
		text[--len] = '\0';
	cut_out(text, 0, strspn(text, joints));
}

void
pm_marker_init(PmMarker *marker, const char *token)
{
	g_autofree char *text = g_ascii_strdown(token, -1);

	*marker = (PmMarker){.version = 1, .number = 1, .total = 1};
	take_number(marker, text);
	take_version(marker, text);
	marker->is_patch = take_patch_word(text);
	trim_joints(text);
	marker->is_rfc = has_rfc(text);
	marker->is_pull = is_pull_word(text);
	if (marker->is_pull)
		*text = '\0';
	marker->rest = g_steal_pointer(&text);
}

void
pm_marker_clear(PmMarker *marker)
{
	g_clear_pointer(&marker->version_text, g_free);
	g_clear_pointer(&marker->rest, g_free);
}
