/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dates as Python's email.utils reads them, because clients compare ours with
 * Patchwork's: its order of words is loose and its arithmetic overflows
 * politely (30 Feb is 2 Mar, 25:00 is 01:00 of the next day, :60 is the next
 * minute). RFC 5322, section 3.3, is what is meant, and section 4.3 for the
 * names of zones.
 *
 *	Mon, 1 Jun 2026 10:00:00 +0200	 the ordinary one
 *	1 June 2026 10:00 EST		 no day name, long month, no seconds
 *	Mon Jun  1 10:00:00 2026	 asctime
 *	Monday, 01-Jun-26 10:00:00 GMT	 RFC 850
 *	Mon, 1 Jun 2026 10.00.00	 dots; no zone is UTC, as is an unknown one
 *
 * Not read: ISO 8601 and bare numbers.
 */
#include "lib/text/date.h"

#include <string.h>

/* More words than any form has; the rest (comments) is not looked at. */
#define WORDS_MAX 8
/* Longer values are no date. */
#define DATE_MAX 512
/* Numbers beyond this cannot end in a year that is allowed. */
#define NUMBER_MAX G_GINT64_CONSTANT(1000000000000)

typedef struct {
	const char *name;
	int offset; /* as written in a header: -500 is -0500 */
} Zone;

static const Zone zones[] = {
	{"UT", 0},     {"UTC", 0},    {"GMT", 0},    {"Z", 0},	    {"AST", -400},
	{"ADT", -300}, {"EST", -500}, {"EDT", -400}, {"CST", -600}, {"CDT", -500},
	{"MST", -700}, {"MDT", -600}, {"PST", -800}, {"PDT", -700},
};

static const char *const months[] = {
	"jan", "feb",  "mar",  "apr",	 "may",	      "jun",	  "jul",      "aug",
	"sep", "oct",  "nov",  "dec",	 "january",   "february", "march",    "april",
	"may", "june", "july", "august", "september", "october",  "november", "december",
};

static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

typedef struct {
	char *day;
	char *month;
	char *year;
	char *time;
	char *zone;
} Words;

static gboolean
is_day_name(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(days); i++)
		if (g_ascii_strcasecmp(word, days[i]) == 0)
			return TRUE;
	return FALSE;
}

/* 1 to 12, or 0 where the word is no month. */
static int
month_number(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(months); i++)
		if (g_ascii_strcasecmp(word, months[i]) == 0)
			return (int)(i % 12) + 1;
	return 0;
}

/* A whole word that is a number, maybe signed. */
static gboolean
read_number(const char *word, gint64 *number_out)
{
	gboolean is_negative = *word == '-';
	gint64 number = 0;

	if (*word == '-' || *word == '+')
		word++;
	if (*word == '\0')
		return FALSE;
	for (; *word != '\0'; word++) {
		if (!g_ascii_isdigit(*word))
			return FALSE;
		number = MIN(number * 10 + (*word - '0'), NUMBER_MAX);
	}
	*number_out = is_negative ? -number : number;
	return TRUE;
}

static void
strip_comma(char *word)
{
	size_t len = strlen(word);

	if (len > 0 && word[len - 1] == ',')
		word[len - 1] = '\0';
}

/* Splits text in place at white space. */
static guint
split_words(char *text, char *words[WORDS_MAX])
{
	guint n = 0;
	char *p = text;

	while (n < WORDS_MAX) {
		while (*p != '\0' && g_ascii_isspace(*p))
			*p++ = '\0';
		if (*p == '\0')
			break;
		words[n++] = p;
		while (*p != '\0' && !g_ascii_isspace(*p))
			p++;
	}
	return n;
}

/* Drops the name of the day, which may be glued to the day: "Mon,1". */
static guint
drop_day_name(char *words[WORDS_MAX], guint n)
{
	char *comma = strrchr(words[0], ',');

	if ((comma != NULL && comma[1] == '\0') || is_day_name(words[0])) {
		memmove(words, words + 1, (n - 1) * sizeof *words);
		return n - 1;
	}
	if (comma != NULL)
		words[0] = comma + 1;
	return n;
}

/* "01-Jun-26" into its three words, which stand in text that is ours. */
static guint
split_rfc850(char *words[WORDS_MAX], guint n)
{
	if (n != 3)
		return n;
	char *first = strchr(words[0], '-');
	char *second = first != NULL ? strchr(first + 1, '-') : NULL;
	if (second == NULL || strchr(second + 1, '-') != NULL)
		return n;

	words[4] = words[2];
	words[3] = words[1];
	words[2] = second + 1;
	words[1] = first + 1;
	*first = '\0';
	*second = '\0';
	return 5;
}

/*
 * Puts five words in their places; the sense of some forms is in the order.
 * time_glued holds a time that had its zone glued to it. FALSE: no date.
 */
static gboolean
place_words(char *words[WORDS_MAX], guint n, char *time_glued, size_t size, Words *out)
{
	static char none[] = "";

	if (n == 4) {
		char *sign = strchr(words[3], '+');
		if (sign == NULL)
			sign = strchr(words[3], '-');
		words[4] = none;
		if (sign != NULL && sign != words[3]) {
			words[4] = sign;
			g_strlcpy(time_glued, words[3],
				  MIN(size, (size_t)(sign - words[3]) + 1));
			words[3] = time_glued;
		}
		n = 5;
	}
	if (n < 5)
		return FALSE;

	*out = (Words){words[0], words[1], words[2], words[3], words[4]};
	if (*out->day == '\0' || *out->month == '\0' || *out->year == '\0')
		return FALSE;
	if (month_number(out->month) == 0) {
		out->day = words[1];
		out->month = words[0];
	}
	strip_comma(out->day);
	char *colon = strchr(out->year, ':');
	if (colon != NULL && colon != out->year) {
		out->year = words[3];
		out->time = words[2];
	}
	strip_comma(out->year);
	if (*out->year == '\0')
		return FALSE;
	if (!g_ascii_isdigit(*out->year)) {
		char *year = out->zone;
		out->zone = out->year;
		out->year = year;
	}
	strip_comma(out->time);
	return month_number(out->month) != 0;
}

/* "10:00", "10:00:00", "10.00", "10.00.00" to seconds since midnight. */
static gboolean
read_time(char *word, gint64 *seconds_out)
{
	const char *separator = strchr(word, ':') != NULL ? ":" : ".";
	g_auto(GStrv) fields = g_strsplit(word, separator, 5);
	guint n = g_strv_length(fields);
	gint64 hours, minutes, seconds = 0;

	if (n < 2 || n > 3 || !read_number(fields[0], &hours) ||
	    !read_number(fields[1], &minutes) ||
	    (n == 3 && !read_number(fields[2], &seconds)))
		return FALSE;
	*seconds_out = hours * 3600 + minutes * 60 + seconds;
	return TRUE;
}

/* Seconds east of Greenwich; 0 for what is not known. */
static gint64
zone_seconds(const char *word)
{
	gint64 offset = 0;
	gboolean is_known = FALSE;

	for (size_t i = 0; i < G_N_ELEMENTS(zones) && !is_known; i++) {
		is_known = g_ascii_strcasecmp(word, zones[i].name) == 0;
		if (is_known)
			offset = zones[i].offset;
	}
	if (!is_known && !read_number(word, &offset))
		return 0;
	gint64 size = ABS(offset);
	gint64 seconds = size / 100 * 3600 + size % 100 * 60;
	return offset < 0 ? -seconds : seconds;
}

/* Days from 1970-01-01 to the first of this month (proleptic Gregorian). */
static gint64
days_to_month(gint64 year, int month)
{
	gint64 y = month <= 2 ? year - 1 : year;
	gint64 era = (y >= 0 ? y : y - 399) / 400;
	gint64 year_of_era = y - era * 400;
	gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

gboolean
pm_date_parse(const char *raw, gint64 *unix_out)
{
	char text[DATE_MAX];
	char time_glued[DATE_MAX];
	char *word[WORDS_MAX] = {NULL};

	if (raw == NULL || g_strlcpy(text, raw, sizeof text) >= sizeof text)
		return FALSE;
	guint n = split_words(text, word);
	if (n == 0)
		return FALSE;
	n = drop_day_name(word, n);
	n = split_rfc850(word, n);

	Words words;
	gint64 day, year, seconds;
	if (!place_words(word, n, time_glued, sizeof time_glued, &words) ||
	    !read_number(words.day, &day) || !read_number(words.year, &year) ||
	    !read_time(words.time, &seconds))
		return FALSE;
	/* POSIX's window for years of two digits, which Python applies to 0001 too. */
	if (year < 100)
		year += year > 68 ? 1900 : 2000;
	if (year < 1 || year > 9999)
		return FALSE;

	gint64 seconds_1970 =
		(days_to_month(year, month_number(words.month)) + day - 1) * 86400 +
		seconds - zone_seconds(words.zone);
	if (seconds_1970 < days_to_month(1, 1) * 86400 ||
	    seconds_1970 >= days_to_month(10000, 1) * 86400)
		return FALSE;
	*unix_out = seconds_1970;
	return TRUE;
}
