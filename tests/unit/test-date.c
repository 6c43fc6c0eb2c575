/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates: what Python reads, overflows and refuses. */
#include "lib/text/date.h"

typedef struct {
	const char *name;
	const char *raw;
	const char *want; /* ISO 8601 in UTC; NULL: no date */
} Case;

static const Case cases[] = {
	{"usual", "Mon, 01 Jun 2026 10:00:00 +0200", "2026-06-01T08:00:00Z"},
	{"no day name", "1 Jun 2026 10:00:00 -0130", "2026-06-01T11:30:00Z"},
	{"day name glued", "Mon,1 Jun 2026 10:00:00 +0000", "2026-06-01T10:00:00Z"},
	{"day name without comma", "Mon 1 Jun 2026 10:00:00 GMT", "2026-06-01T10:00:00Z"},
	{"no zone", "Mon, 01 Jun 2026 10:00:00", "2026-06-01T10:00:00Z"},
	{"-0000", "Mon, 01 Jun 2026 10:00:00 -0000", "2026-06-01T10:00:00Z"},
	{"EST", "Mon, 01 Jun 2026 10:00:00 EST", "2026-06-01T15:00:00Z"},
	{"pdt", "Mon, 01 Jun 2026 10:00:00 pdt", "2026-06-01T17:00:00Z"},
	{"unknown zone", "Mon, 01 Jun 2026 10:00:00 XYZ", "2026-06-01T10:00:00Z"},
	{"military zone", "Mon, 01 Jun 2026 10:00:00 A", "2026-06-01T10:00:00Z"},
	{"comment", "Mon, 01 Jun 2026 10:00:00 +0200 (CEST)", "2026-06-01T08:00:00Z"},
	{"comment first", "Mon, 01 Jun 2026 10:00:00 (CEST) +0200",
	 "2026-06-01T10:00:00Z"},
	{"zone glued", "01 Jun 2026 10:00:00+0200", "2026-06-01T08:00:00Z"},
	{"+9900", "Mon, 01 Jun 2026 10:00:00 +9900", "2026-05-28T07:00:00Z"},
	{"+0530", "Mon, 01 Jun 2026 10:00:00 +0530", "2026-06-01T04:30:00Z"},
	{"no seconds", "Mon, 1 Jun 2026 10:00 +0200", "2026-06-01T08:00:00Z"},
	{"dots", "Mon, 1 Jun 2026 10.00.01 +0200", "2026-06-01T08:00:01Z"},
	{"dots, no seconds", "Mon, 1 Jun 2026 10.05 +0200", "2026-06-01T08:05:00Z"},
	{"long month", "1 June 2026 10:00:00 +0200", "2026-06-01T08:00:00Z"},
	{"month first", "Jun 1, 2026 10:00:00 +0200", "2026-06-01T08:00:00Z"},
	{"asctime", "Mon Jun  1 10:00:00 2026", "2026-06-01T10:00:00Z"},
	{"asctime with zone", "Mon Jun  1 10:00:00 2026 EST", "2026-06-01T15:00:00Z"},
	{"date(1)", "Mon Jun  1 10:00:00 EST 2026", "2026-06-01T15:00:00Z"},
	{"RFC 850", "Monday, 01-Jun-26 10:00:00 GMT", "2026-06-01T10:00:00Z"},
	{"folded", "Mon, 01 Jun 2026\n 10:00:00 +0200", "2026-06-01T08:00:00Z"},
	{"30 Feb", "30 Feb 2026 10:00:00 +0000", "2026-03-02T10:00:00Z"},
	{"hour 25", "1 Jun 2026 25:00:00 +0000", "2026-06-02T01:00:00Z"},
	{"second 60", "1 Jun 2026 10:00:60 +0000", "2026-06-01T10:01:00Z"},
	{"year 26", "1 Jun 26 10:00:00 +0000", "2026-06-01T10:00:00Z"},
	{"year 69", "1 Jun 69 10:00:00 +0000", "1969-06-01T10:00:00Z"},
	{"year 68", "1 Jun 68 10:00:00 +0000", "2068-06-01T10:00:00Z"},
	{"year 0001", "1 Jan 0001 00:00:00 +0000", "2001-01-01T00:00:00Z"},
	{"year 1950", "1 Jan 1950 00:00:00 +0000", "1950-01-01T00:00:00Z"},
	{"year 9999", "31 Dec 9999 23:59:59 +0000", "9999-12-31T23:59:59Z"},
	{"leap day", "29 Feb 2024 00:00:00 +0000", "2024-02-29T00:00:00Z"},
	{"year 10000", "1 Jan 10000 00:00:00 +0000", NULL},
	{"into year 10000", "31 Dec 9999 23:59:60 +0000", NULL},
	{"huge year", "4 Jun 207777777777777777777714 17:50:46 0", NULL},
	{"huge time", "11 Sep 2016 23:20407080403080105:04 +0100", NULL},
	{"ISO 8601", "2026-06-01T10:00:00+02:00", NULL},
	{"ISO 8601 with blanks", "2026-06-01 10:00:00 +0200", NULL},
	{"milliseconds", "1 Jun 2026 10:00:00.123 +0000", NULL},
	{"10:00:00PM", "1 Jun 2026 10:00:00PM +0000", NULL},
	{"no colon", "1 Jun 2026 1000 +0000", NULL},
	{"12 12 12 12", "12 12 12 12", NULL},
	{"garbage", "yesterday", NULL},
	{"day name only", "Mon,", NULL},
	{"empty", "", NULL},
	{"blank", " \t", NULL},
	{"8-bit", "\x8dn, 0", NULL},
	{"commas", ", , , , , ,", NULL},
	{"four words with a sign", "a b c -", NULL},
};

static void
test_case(gconstpointer data)
{
	const Case *c = data;
	gint64 got = G_MININT64;
	gboolean is_date = pm_date_parse(c->raw, &got);

	if (c->want == NULL) {
		g_assert_false(is_date);
		g_assert_cmpint(got, ==, G_MININT64);
		return;
	}
	g_autoptr(GDateTime) want = g_date_time_new_from_iso8601(c->want, NULL);
	g_assert_true(is_date);
	g_assert_cmpint(got, ==, g_date_time_to_unix(want));
}

static void
test_none(void)
{
	g_autofree char *many = g_strnfill(100000, '1');
	gint64 got;

	g_assert_false(pm_date_parse(NULL, &got));
	g_assert_false(pm_date_parse(many, &got));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/date/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], test_case);
	}
	g_test_add_func("/date/none", test_none);
	return g_test_run();
}
