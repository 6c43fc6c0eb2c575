/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What mails lead to: any references, in circles and to mails never seen, lead every mail
 * to the same place, in whatever order the mails are passed or arrive; and the series that
 * follow from it are the same.
 */
#include <string.h>

#include "tests/fuzz/bytes.h"
#include "tests/fuzz/target.h"
#include "tests/unit/correlate-language.h"

#define MAILS_MAX 16

/* A mail in the language of correlate-language.h. */
static void
add_line(GString *text, Bytes *bytes, guint i, guint n)
{
	static const char *const kinds[] = {" -",   " -",   " 1/2", " 2/2",
					    " 0/2", " 1/1", "",	    " v2 1/2"};
	guint n_refs = next_below(bytes, 4);

	g_string_append_printf(text, "m%02u%s @%u by=%s", i * 7 % MAILS_MAX,
			       kinds[next_below(bytes, G_N_ELEMENTS(kinds))],
			       next_byte(bytes) * 60,
			       next_below(bytes, 3) ? "alice" : "bob");
	for (guint k = 0; k < n_refs; k++)
		g_string_append_printf(text, "%sm%02u", k ? "," : " <",
				       next_below(bytes, n + 2) * 7 % MAILS_MAX);
	g_string_append_c(text, '\n');
}

static char *
describe(const GArray *lines, const guint *order)
{
	g_autoptr(GArray) facts = pm_lines_facts(lines, order);
	const PmFact *first = (const PmFact *)facts->data;
	g_autoptr(PmGrouping) grouping = pm_correlate(first, facts->len);

	return pm_lines_describe(first, facts->len, grouping);
}

/* Where each mail leads, by its place among the lines. */
static void
note_ends(const GArray *lines, guint *ends)
{
	for (guint i = 0; i < lines->len; i++)
		ends[i] = g_array_index(lines, PmLine, i).end;
}

static void
arrive_otherwise(GArray *lines, guint32 seed, guint *order)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);

	for (guint i = 0; i < lines->len; i++)
		order[i] = i;
	for (guint i = lines->len; i > 1; i--) {
		guint k = (guint)g_rand_int_range(random, 0, (gint32)i), other = order[k];

		order[k] = order[i - 1];
		order[i - 1] = other;
	}
	pm_lines_forget(lines);
	for (guint i = 0; i < lines->len; i++)
		pm_lines_arrive(lines, order[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes bytes = {data, size};
	guint want[MAILS_MAX] = {0}, got[MAILS_MAX] = {0}, order[MAILS_MAX];
	guint32 seed = next_byte(&bytes);
	guint n = next_below(&bytes, MAILS_MAX - 1);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < n; i++)
		add_line(text, &bytes, i, n);
	g_autoptr(GArray) lines = pm_lines_read(text->str);
	g_autofree char *series = describe(lines, NULL);
	note_ends(lines, want);
	arrive_otherwise(lines, seed, order);
	note_ends(lines, got);
	g_assert_cmpmem(got, sizeof got, want, sizeof want);
	g_autofree char *again = describe(lines, order);
	g_assert_cmpstr(again, ==, series);
	return 0;
}
