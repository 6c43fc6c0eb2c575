/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mbox splitter: From_ lines by form, separators by place, quoting by dialect, the
 * limit, and that no cut of the input changes a mail.
 */
#include <string.h>

#include "lib/source/fromline.h"
#include "lib/source/mbox.h"

#define SEP "From dev@example.org Mon Jun  1 10:00:00 2026\n"
#define GIT "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n"
#define RD "From mboxrd@z Thu Jan  1 00:00:00 1970\n"

static const struct {
	const char *line;
	gboolean want;
} line_cases[] = {
	{"From dev@example.org Mon Jun  1 10:00:00 2026", TRUE},
	{"From dev@example.org Mon Jun  1 10:00:00 2026\r\n", TRUE},
	{"From dev@example.org  Mon Jun  1 10:00:00 2026\n", TRUE},
	{"From dev@example.org Mon Jun 01 10:00 2026", TRUE},
	{"From dev@example.org Mon Jun  1 1:00:00 2026", TRUE},
	{"From dev@example.org Mon Jun  1 10:00:00 CEST 2026", TRUE},
	{"From dev@example.org Mon Jun  1 10:00:00 +0200 2026", TRUE},
	{"From dev@example.org Mon Jun  1 10:00:00 2026 +0200", TRUE},
	{"From dev@example.org Mon Jun  1 10:00:00 2026 +0200 (CEST)", TRUE},
	{"From dev@example.org Mon, 1 Jun 2026 10:00:00 +0200", TRUE},
	{"From dev@example.org Mon, 01 Jun 2026 10:00:00 +0200 (CEST)", TRUE},
	{"From dev@example.org Mon Jun  1 10:00:00 2026 remote from host", TRUE},
	{"From dev at example.org  Mon Jun  1 10:00:00 2026", TRUE},
	{"From \"A. Dev\"@example.org Mon Jun  1 10:00:00 2026", TRUE},
	{"From A Dev <dev@example.org> Mon Jun  1 10:00:00 2026", TRUE},
	{"From - Mon Jun 01 10:00:00 2026", TRUE},
	{"From  Mon Jun  1 10:00:00 2026", TRUE},
	{"From MAILER-DAEMON Mon Jun  1 10:00:00 2026", TRUE},
	{GIT, TRUE},
	{RD, TRUE},
	{"From nobody Tue Feb 29 23:59:60 2000", TRUE},
	{"From ", FALSE},
	{"From", FALSE},
	{"", FALSE},
	{"From here on, the list is sorted.", FALSE},
	{"From remote from 9.", FALSE},
	{"From  remote from 9.", FALSE},
	{"From Mon to Tue at 10:00 in 2026", FALSE},
	{"From dev@example.org", FALSE},
	{"From dev@example.org Mon Jun  1 10:00:00", FALSE},
	{"From dev@example.org Mon Jun  1 2026", FALSE},
	{"From dev@example.org Mon Jun  1 10:00:00 26", FALSE},
	{"From dev@example.org Mon Jun 32 10:00:00 2026", FALSE},
	{"From dev@example.org Mon Jun  1 25:00:00 2026", FALSE},
	{"From dev@example.org Mon Jun  1 10:61:00 2026", FALSE},
	{"From dev@example.org Mon Jux  1 10:00:00 2026", FALSE},
	{"From dev@example.org Mon Jun  1 10:00:00 2026, I think", FALSE},
	{"From the log of Mon Jun  1 10:00:00 2026 it follows that", FALSE},
	{"From: dev@example.org Mon Jun  1 10:00:00 2026", FALSE},
	{"from dev@example.org Mon Jun  1 10:00:00 2026", FALSE},
	{">From dev@example.org Mon Jun  1 10:00:00 2026", FALSE},
	{" From dev@example.org Mon Jun  1 10:00:00 2026", FALSE},
};

static void
test_from_lines(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(line_cases); i++) {
		size_t len = strlen(line_cases[i].line);
		/* A buffer of its own, without a NUL, so that a sanitizer sees each
		 * overrun. */
		g_autofree char *line = g_memdup2(line_cases[i].line, len);
		gboolean got = pm_is_from_line(line, len);

		g_test_message("'%s': got %d, want %d", line_cases[i].line, got,
			       line_cases[i].want);
		g_assert_cmpint(got, ==, line_cases[i].want);
	}
}

static void
test_from_line_limit(void)
{
	static const char end[] = " Mon Jun  1 10:00:00 2026\n";

	for (size_t over = 0; over <= 1; over++) {
		g_autoptr(GString) line = g_string_new("From ");

		while (line->len + strlen(end) < PM_FROM_LINE_MAX + over)
			g_string_append_c(line, 'a');
		g_string_append(line, end);
		g_assert_cmpint(pm_is_from_line(line->str, line->len), ==, over == 0);
	}
}

#define MAILS_MAX 5

static const struct {
	const char *name;
	PmSourceFormat format;
	const char *input;
	const char *want[MAILS_MAX];
} split_cases[] = {
	{"empty", PM_SOURCE_MBOX, "", {NULL}},
	{"blank lines only", PM_SOURCE_MBOX, "\n\r\n\n", {NULL}},
	{"one", PM_SOURCE_MBOX, SEP "A: b\n\nbody\n", {"A: b\n\nbody\n"}},
	{"one with its blank line",
	 PM_SOURCE_MBOX,
	 SEP "A: b\n\nbody\n\n",
	 {"A: b\n\nbody\n"}},
	{"no final newline", PM_SOURCE_MBOX, SEP "A: b\n\nbody", {"A: b\n\nbody"}},
	{"two",
	 PM_SOURCE_MBOX,
	 SEP "A: b\n\nx\n\n" SEP "C: d\n\ny\n",
	 {"A: b\n\nx\n", "C: d\n\ny\n"}},
	{"leading blank lines",
	 PM_SOURCE_MBOX,
	 "\n\n" SEP "A: b\n\nx\n",
	 {"A: b\n\nx\n"}},
	{"only one blank line goes",
	 PM_SOURCE_MBOX,
	 SEP "A: b\n\nx\n\n\n" SEP "C: d\n",
	 {"A: b\n\nx\n\n", "C: d\n"}},
	{"no blank line before",
	 PM_SOURCE_MBOX,
	 SEP "A: b\n\nx\n" SEP "C: d\n",
	 {"A: b\n\nx\n" SEP "C: d\n"}},
	{"a line of blanks is not blank",
	 PM_SOURCE_MBOX,
	 SEP "A: b\n\nx\n \n" SEP "C: d\n",
	 {"A: b\n\nx\n \n" SEP "C: d\n"}},
	{"text that begins with From",
	 PM_SOURCE_MBOX,
	 SEP "A: b\n\nx\n\nFrom here on,\nall is well\n\n" SEP "C: d\n",
	 {"A: b\n\nx\n\nFrom here on,\nall is well\n", "C: d\n"}},
	{"CRLF",
	 PM_SOURCE_MBOX,
	 "From a Mon Jun  1 10:00:00 2026\r\nA: b\r\n\r\nx\r\n\r\nFrom b Mon Jun  1 "
	 "10:00:00 2026\r\nC: d\r\n\r\ny\r\n\r\n",
	 {"A: b\r\n\r\nx\r\n", "C: d\r\n\r\ny\r\n"}},
	{"no mail between", PM_SOURCE_MBOX, SEP "\n" SEP "C: d\n", {"", "C: d\n"}},
	{"text before the first",
	 PM_SOURCE_MBOX,
	 "A: b\n\nx\n\n" SEP "C: d\n",
	 {"A: b\n\nx\n", "C: d\n"}},
	{"no From_ line at all", PM_SOURCE_MBOX, "A: b\n\nx\n", {"A: b\n\nx\n"}},
	{"From_ line cut off",
	 PM_SOURCE_MBOX,
	 SEP "A: b\n\nFrom dev@exam",
	 {"A: b\n\nFrom dev@exam"}},
	{"From_ line without an end",
	 PM_SOURCE_MBOX,
	 SEP "A: b\n\nx\n\nFrom a Mon Jun  1 10:00:00 2026",
	 {"A: b\n\nx\n"}},
	{"quotes at the very end",
	 PM_SOURCE_MBOX,
	 SEP "A: b\n\n>>Fro",
	 {"A: b\n\n>>Fro"}},
	{"begins quoted", PM_SOURCE_MBOX, ">From x\nA: b\n", {">From x\nA: b\n"}},
	{"git's own separator",
	 PM_SOURCE_MBOX,
	 GIT "A: b\n\nx\n\n" GIT "C: d\n",
	 {"A: b\n\nx\n", "C: d\n"}},
	{"mbox unquotes one",
	 PM_SOURCE_MBOX,
	 SEP "A: b\n\n>From x\n>>From y\n> From z\n>From: q\n>Fro",
	 {"A: b\n\nFrom x\n>>From y\n> From z\n>From: q\n>Fro"}},
	{"mboxo unquotes one",
	 PM_SOURCE_MBOXO,
	 RD "A: b\n\n>From x\n>>From y\n",
	 {"A: b\n\nFrom x\n>>From y\n"}},
	{"mboxrd unquotes all",
	 PM_SOURCE_MBOXRD,
	 SEP "A: b\n\n>From x\n>>From y\n>>>From z\n",
	 {"A: b\n\nFrom x\n>From y\n>>From z\n"}},
	{"mboxrd gives itself away",
	 PM_SOURCE_MBOX,
	 RD "A: b\n\n>From x\n>>From y\n",
	 {"A: b\n\nFrom x\n>From y\n"}},
	{"git quotes nothing",
	 PM_SOURCE_MBOX,
	 GIT "A: b\n\n>From x\n>>From y\n",
	 {"A: b\n\n>From x\n>>From y\n"}},
	{"a quoted From_ line is text",
	 PM_SOURCE_MBOXRD,
	 SEP "A: b\n\nx\n\n>" SEP "y\n",
	 {"A: b\n\nx\n\n" SEP "y\n"}},
	{"two quoted in one line",
	 PM_SOURCE_MBOXRD,
	 SEP "A: b\n\n>From >From x\n",
	 {"A: b\n\nFrom >From x\n"}},
	{"From within a line",
	 PM_SOURCE_MBOX,
	 SEP "A: b\n\nx >From y\nFrom From From \n",
	 {"A: b\n\nx >From y\nFrom From From \n"}},
	{"mails of blank lines", PM_SOURCE_MBOX, SEP "\n\n\n" SEP "\n", {"\n\n", ""}},
};

/* Pushes the input in pieces of the given length, each in a buffer of its own. */
static GPtrArray *
split(PmSourceFormat format, size_t size_max, const char *input, size_t len, size_t piece)
{
	g_autoptr(PmMbox) mbox = pm_mbox_new(format, size_max);
	GPtrArray *mails =
		g_ptr_array_new_with_free_func((GDestroyNotify)pm_source_mail_free);

	for (size_t pos = 0; pos < len;) {
		size_t n = MIN(piece, len - pos);
		g_autofree char *copy = g_memdup2(input + pos, n);
		PmSourceMail *mail = NULL;
		size_t used = pm_mbox_push(mbox, copy, n, &mail);

		g_assert_true(mail != NULL || used == n);
		if (mail != NULL)
			g_ptr_array_add(mails, mail);
		pos += used;
	}
	PmSourceMail *last = pm_mbox_finish(mbox);
	if (last != NULL)
		g_ptr_array_add(mails, last);
	g_assert_null(pm_mbox_finish(mbox));
	return mails;
}

static void
assert_text(const char *name, const PmSourceMail *mail, const char *want)
{
	size_t len = 0;
	const char *data = g_bytes_get_data(mail->bytes, &len);
	g_autofree char *got = g_strndup(data, len);

	g_test_message("%s: mail %u: got '%s', want '%s'", name, (unsigned)mail->number,
		       got, want);
	g_assert_cmpmem(data, len, want, strlen(want));
	g_assert_false(mail->is_cut);
}

static void
test_split(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(split_cases); i++) {
		const char *input = split_cases[i].input;

		for (size_t piece = 1; piece <= strlen(input) + 1; piece++) {
			g_autoptr(GPtrArray) mails = split(split_cases[i].format, 1000,
							   input, strlen(input), piece);
			size_t n = 0;

			while (n < MAILS_MAX && split_cases[i].want[n] != NULL)
				n++;
			g_test_message("%s, by %u: got %u mails, want %u",
				       split_cases[i].name, (unsigned)piece, mails->len,
				       (unsigned)n);
			g_assert_cmpuint(mails->len, ==, n);
			for (size_t m = 0; m < n; m++)
				assert_text(split_cases[i].name,
					    g_ptr_array_index(mails, m),
					    split_cases[i].want[m]);
		}
	}
}

static void
test_positions(void)
{
	static const char input[] = "\n" SEP "A: b\n\n>From x\n\n" SEP "C: d\n";
	g_autoptr(GPtrArray) mails = split(PM_SOURCE_MBOX, 100, input, strlen(input), 7);
	const PmSourceMail *first = g_ptr_array_index(mails, 0);
	const PmSourceMail *second = g_ptr_array_index(mails, 1);

	g_assert_cmpuint(first->number, ==, 1);
	g_assert_cmpuint(first->offset, ==, 1 + strlen(SEP));
	/* The quoting counts: this is the size in the file. */
	g_assert_cmpuint(first->size, ==, strlen("A: b\n\n>From x\n"));
	g_assert_cmpuint(second->number, ==, 2);
	g_assert_cmpuint(second->offset, ==, strlen(input) - strlen("C: d\n"));
	g_assert_cmpuint(second->size, ==, 5);
}

static const struct {
	const char *name;
	size_t len; /* of the mail */
	size_t size_max;
	size_t want_len; /* of what is kept */
	gboolean want_cut;
} limit_cases[] = {
	{"at the limit", 1000, 1000, 1000, FALSE},
	{"one more", 1001, 1000, 1000, TRUE},
	{"far more", 9000, 1000, 1000, TRUE},
	{"at a limit above the cut", 200000, 200000, 200000, FALSE},
	{"one more than that", 200001, 200000, 65536, TRUE},
	{"far more than that", 5000000, 200000, 65536, TRUE},
};

static void
test_limit(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(limit_cases); i++) {
		g_autoptr(GString) input = g_string_new(SEP);

		for (size_t n = 0; n < limit_cases[i].len; n++)
			g_string_append_c(
				input, n + 1 == limit_cases[i].len ? '\n' : 'a' + n % 26);
		g_string_append(input, "\n" SEP "C: d\n");
		for (size_t piece = 1000; piece < 10000000; piece *= 99) {
			g_autoptr(GPtrArray) mails =
				split(PM_SOURCE_MBOX, limit_cases[i].size_max, input->str,
				      input->len, piece);
			g_assert_cmpuint(mails->len, ==, 2);
			const PmSourceMail *mail = g_ptr_array_index(mails, 0);

			g_test_message("%s, by %u: got %u bytes, cut %d",
				       limit_cases[i].name, (unsigned)piece,
				       (unsigned)g_bytes_get_size(mail->bytes),
				       mail->is_cut);
			g_assert_cmpuint(mail->size, ==, limit_cases[i].len);
			g_assert_cmpuint(g_bytes_get_size(mail->bytes), ==,
					 limit_cases[i].want_len);
			g_assert_cmpint(mail->is_cut, ==, limit_cases[i].want_cut);
			g_assert_cmpmem(g_bytes_get_data(mail->bytes, NULL),
					limit_cases[i].want_len, input->str + strlen(SEP),
					limit_cases[i].want_len);
			assert_text("after it", g_ptr_array_index(mails, 1), "C: d\n");
		}
	}
}

/* Where the length of quotes or of a From_ line decides, cuts must not. */
static void
test_long_lines(void)
{
	for (size_t quotes = PM_FROM_LINE_MAX - 8; quotes < PM_FROM_LINE_MAX + 3;
	     quotes++) {
		g_autoptr(GString) input = g_string_new(SEP "A: b\n\n");
		g_autoptr(GString) want = g_string_new("A: b\n\n");
		gboolean is_quoted = quotes + strlen("From ") <= PM_FROM_LINE_MAX;

		for (size_t n = 0; n < quotes; n++)
			g_string_append_c(input, '>');
		for (size_t n = is_quoted; n < quotes; n++)
			g_string_append_c(want, '>');
		g_string_append(input, "From x\n");
		g_string_append(want, "From x\n");
		for (size_t piece = 1; piece < 3000; piece = piece * 2 + 1) {
			g_autoptr(GPtrArray) mails = split(PM_SOURCE_MBOXRD, 100000,
							   input->str, input->len, piece);
			g_assert_cmpuint(mails->len, ==, 1);
			assert_text("quotes", g_ptr_array_index(mails, 0), want->str);
		}
	}
}

/* Bytes of all kinds, cut at random: the same mails as whole. */
static void
test_cuts(void)
{
	static const char *const bits[] = {"From ", ">", "\n", "\r\n", SEP,
					   GIT,	    RD,	 "x",  "F",    "\n\n"};

	for (guint32 seed = 0; seed < 300; seed++) {
		g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
		g_autoptr(GString) input = g_string_new(NULL);

		while (input->len < 2000)
			g_string_append(
				input,
				bits[g_rand_int_range(rand, 0, G_N_ELEMENTS(bits))]);
		if (seed % 2)
			input->str[g_rand_int_range(rand, 0, 2000)] = '\0';
		g_autoptr(GPtrArray) want =
			split(PM_SOURCE_MBOX, 300, input->str, input->len, input->len);
		g_autoptr(GPtrArray) got =
			split(PM_SOURCE_MBOX, 300, input->str, input->len, 1 + seed % 37);

		g_test_message("seed %u: got %u mails, want %u", seed, got->len,
			       want->len);
		g_assert_cmpuint(got->len, ==, want->len);
		for (size_t i = 0; i < got->len; i++) {
			const PmSourceMail *a = g_ptr_array_index(got, i);
			const PmSourceMail *b = g_ptr_array_index(want, i);

			g_assert_true(g_bytes_equal(a->bytes, b->bytes));
			g_assert_cmpuint(a->offset, ==, b->offset);
			g_assert_cmpuint(a->size, ==, b->size);
			g_assert_cmpint(a->is_cut, ==, b->is_cut);
		}
	}
}

static const struct {
	const char *text;
	gboolean want;
} beginning_cases[] = {
	{SEP "A: b\n", TRUE}, {"\n\r\n" SEP, TRUE},	 {"A: b\n", FALSE},
	{"", FALSE},	      {"From here on\n", FALSE}, {"\n\n", FALSE},
	{"x\n\n" SEP, FALSE},
};

static void
test_beginning(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(beginning_cases); i++) {
		const char *text = beginning_cases[i].text;
		gboolean got = pm_mbox_is_beginning(text, strlen(text));

		g_test_message("'%s': got %d", text, got);
		g_assert_cmpint(got, ==, beginning_cases[i].want);
	}
}

#define GIT_SEP "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n"

static const struct {
	const char *text;
	gboolean want;
} remnant_cases[] = {
	{"x\n\n" SEP "A: b\n\n", TRUE},
	{"x\n" SEP "A: b\n\n", FALSE},
	{"x\n\n" SEP "no header\n", FALSE},
	{"x\n\n" SEP, FALSE},
	{"N: x\n\n" SEP "A: b\n\n", FALSE},
	{"N: x\n\n" SEP "A: b\n\ny\n\n" SEP "A: c\n\n", TRUE},
	{"N: x\n\n" GIT_SEP "A: b\n\ny\n\n" GIT_SEP "A: c\n\n", FALSE},
	{"", FALSE},
};

static void
test_remnant(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(remnant_cases); i++) {
		const char *text = remnant_cases[i].text;
		gboolean got = pm_mbox_is_remnant(text, strlen(text));

		g_test_message("'%s': got %d", text, got);
		g_assert_cmpint(got, ==, remnant_cases[i].want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mbox/from-lines", test_from_lines);
	g_test_add_func("/mbox/from-line-limit", test_from_line_limit);
	g_test_add_func("/mbox/split", test_split);
	g_test_add_func("/mbox/positions", test_positions);
	g_test_add_func("/mbox/limit", test_limit);
	g_test_add_func("/mbox/long-lines", test_long_lines);
	g_test_add_func("/mbox/cuts", test_cuts);
	g_test_add_func("/mbox/beginning", test_beginning);
	g_test_add_func("/mbox/remnant", test_remnant);
	return g_test_run();
}
