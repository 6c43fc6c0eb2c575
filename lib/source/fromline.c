/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The From_ line. No standard fixes it (RFC 4155 names only the default form), so this
 * is what writers do. The date is read from the end of the line, because a sender may
 * hold anything, blanks and quotes too:
 *
 *	From dev@example.org Mon Jun  1 10:00:00 2026		the default, asctime()
 *	From dev@example.org Mon Jun  1 10:00 2026		without seconds
 *	From dev@example.org Mon Jun  1 10:00:00 CEST 2026	zone before the year
 *	From dev@example.org Mon Jun  1 10:00:00 2026 +0200	zone after it
 *	From dev@example.org Mon, 1 Jun 2026 10:00:00 +0200	the form of a Date header
 *	From dev at example.org  Mon Jun  1 10:00:00 2026	pipermail hides addresses
 *	From "A Dev"@example.org Mon Jun  1 10:00:00 2026	quoted local part
 *	From - Mon Jun 01 10:00:00 2026				Mozilla
 *	From  Mon Jun  1 10:00:00 2026				no sender at all
 *	From dev Mon Jun  1 10:00:00 2026 remote from host	UUCP
 *
 * "From here on, the list is sorted" has no date and is text.
 */
#include "lib/source/fromline.h"

#include <string.h>

/* The longest date: weekday, month, day, time, zone, year, zone, zone in brackets. */
#define WORDS_MAX 8

typedef struct {
	const char *text;
	size_t len;
} Word;

static gboolean
is_number(const char *text, size_t len, int lowest, int highest)
{
	int value = 0;

	if (len == 0 || len > 4)
		return FALSE;
	for (size_t i = 0; i < len; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		value = value * 10 + (text[i] - '0');
	}
	return value >= lowest && value <= highest;
}

static gboolean
is_year(const Word *word)
{
	return word->len == 4 && is_number(word->text, 4, 1900, 9999);
}

static gboolean
is_day(const Word *word)
{
	return word->len <= 2 && is_number(word->text, word->len, 1, 31);
}

/* h:mm, hh:mm or hh:mm:ss; the 60th second is a leap second. */
static gboolean
is_time(const Word *word)
{
	const char *colon = memchr(word->text, ':', word->len);
	size_t hours = colon != NULL ? (size_t)(colon - word->text) : 0;
	size_t rest = word->len - hours;

	if (colon == NULL || hours > 2 || !is_number(word->text, hours, 0, 23))
		return FALSE;
	if ((rest != 3 && rest != 6) || !is_number(colon + 1, 2, 0, 59))
		return FALSE;
	return rest == 3 || (colon[3] == ':' && is_number(colon + 4, 2, 0, 60));
}

static gboolean
is_month(const Word *word)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (size_t i = 0; word->len == 3 && i < sizeof(names) - 1; i += 3)
		if (g_ascii_strncasecmp(names + i, word->text, 3) == 0)
			return TRUE;
	return FALSE;
}

/* "CEST", "+0200", "-02:00" or "(CEST)". */
static gboolean
is_zone(const Word *word)
{
	size_t digits = 0;

	if (word->len < 1 || word->len > 7)
		return FALSE;
	for (size_t i = 0; i < word->len; i++) {
		if (!g_ascii_isalnum(word->text[i]) &&
		    strchr("+-:()", word->text[i]) == NULL)
			return FALSE;
		digits += g_ascii_isdigit(word->text[i]);
	}
	return digits == 0 || word->text[0] == '+' || word->text[0] == '-';
}

/* Cuts the last words off the line, last one first. */
static size_t
split_last_words(const char *line, size_t len, Word words[WORDS_MAX])
{
	size_t n = 0;

	while (n < WORDS_MAX) {
		while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
			len--;
		size_t end = len;
		while (len > 0 && line[len - 1] != ' ' && line[len - 1] != '\t')
			len--;
		if (end == len)
			break;
		words[n++] = (Word){line + len, end - len};
	}
	return n;
}

/* hh:mm:ss [zone] yyyy [zone [zone]], before it month and day; words run backwards. */
static gboolean
is_asctime_date(const Word *words, size_t n)
{
	size_t i = 0;

	while (i < 2 && i < n && !is_year(&words[i]) && is_zone(&words[i]))
		i++;
	if (i >= n || !is_year(&words[i++]))
		return FALSE;
	if (i < n && !is_time(&words[i]) && is_zone(&words[i]))
		i++;
	return n - i >= 3 && is_time(&words[i]) && is_day(&words[i + 1]) &&
	       is_month(&words[i + 2]);
}

/* day month yyyy hh:mm:ss [zone [zone]], as in a Date header; words run backwards. */
static gboolean
is_header_date(const Word *words, size_t n)
{
	size_t i = 0;

	while (i < 2 && i < n && !is_time(&words[i]) && is_zone(&words[i]))
		i++;
	return i + 4 <= n && is_time(&words[i]) && is_year(&words[i + 1]) &&
	       is_month(&words[i + 2]) && is_day(&words[i + 3]);
}

/* Without the "remote from HOST" that UUCP adds. */
static size_t
length_before_remote(const char *line, size_t len)
{
	static const char mark[] = " remote from ";
	const char *found = memmem(line, len, mark, sizeof(mark) - 1);

	return found != NULL ? (size_t)(found - line) : len;
}

gboolean
pm_is_from_line(const char *line, size_t len)
{
	Word words[WORDS_MAX];

	if (len > PM_FROM_LINE_MAX || len < 5 || memcmp(line, "From ", 5) != 0)
		return FALSE;
	while (len > 5 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	line += 5;
	len = length_before_remote(line, len - 5);

	size_t n = split_last_words(line, len, words);
	return is_asctime_date(words, n) || is_header_date(words, n);
}

PmFromLineWriter
pm_from_line_writer(const char *line, size_t len)
{
	static const char mboxrd[] = "From mboxrd@z ";
	size_t digits = 0;

	if (len >= sizeof(mboxrd) - 1 && memcmp(line, mboxrd, sizeof(mboxrd) - 1) == 0)
		return PM_FROM_LINE_MBOXRD;
	while (5 + digits < len && g_ascii_isxdigit(line[5 + digits]))
		digits++;
	/* SHA-1 or SHA-256. */
	if ((digits == 40 || digits == 64) && 5 + digits < len && line[5 + digits] == ' ')
		return PM_FROM_LINE_GIT;
	return PM_FROM_LINE_OTHER;
}
