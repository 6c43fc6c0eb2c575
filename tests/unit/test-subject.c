/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar of subjects; each case also says the name that is shown. */
#include "lib/text/subject.h"

#include <string.h>

typedef struct {
	const char *subject;
	const char *want; /* as describe() writes it */
	const char *name;
} Case;

/*
 * want: words for what is set, in this order: reply forward patch pull rfc,
 * vN (with its text in parentheses), n[.f]/m, prefixes joined by "," in braces.
 */
static const Case cases[] = {
	{"", "", ""},
	{"title only", "", "title only"},
	{"[PATCH] a", "patch", "a"},
	{"[PATCH v2 1/3] a", "patch v2 1/3", "[v2,1/3] a"},
	{"[PATCH V3 0/12] a", "patch v3 0/12", "[V3,0/12] a"},
	{"[PATCH v2] a", "patch v2", "[v2] a"},
	{"[PATCH 5/4] a", "patch 5/4", "[5/4] a"},
	{"[test] [RFC PATCH net-next,v2  1/1] [sub] a [not] b",
	 "patch rfc v2 1/1 {test,rfc,net-next,sub}",
	 "[test,RFC,net-next,v2,1/1,sub] a [not] b"},
	{"[PATCH][RFC] a", "patch rfc {rfc}", "[RFC] a"},
	{"[PATCH]a", "patch", "a"},
	{" [ PATCH ,, v2 ] a", "patch v2", "[v2] a"},
	{"[] a", "", "a"},
	{"[RFC] a", "patch rfc {rfc}", "[RFC] a"},
	{"[RFC/PATCH 1/2] a", "patch rfc 1/2 {rfc}", "[RFC/PATCH,1/2] a"},
	{"[RESEND PATCH v2 2/2] a", "patch v2 2/2 {resend}", "[RESEND,v2,2/2] a"},
	{"[1/2] a", "patch 1/2", "[1/2] a"},
	{"[list] a", "{list}", "[list] a"},
	{"[dispatch] a", "{dispatch}", "[dispatch] a"},
	{"[patchwork] a", "{patchwork}", "[patchwork] a"},
	{"[rfc2822] a", "{rfc2822}", "[rfc2822] a"},
	/* Nested and broken brackets. */
	{"[[PATCH] a]", "patch", "a"},
	{"[[PATCH v2 1/2]] a", "patch v2 1/2", "[v2,1/2] a"},
	{"[[PATCH v3] 3/4] a", "patch v3 3/4", "[v3,3/4] a"},
	{"[PATCH [RFC] 1/2] a", "patch rfc 1/2 {rfc}", "[RFC,1/2] a"},
	{"[PATCH [v2 1/2] a", "patch v2 1/2", "[v2,1/2] a"},
	{"[PATCH v2 1/2 a", "patch v2 1/2", "[v2,1/2] a"},
	{"PATCH v2 1/2] a", "patch v2 1/2", "[v2,1/2] a"},
	{"[PATCH a", "", "[PATCH a"},
	{"[PATCH 0/3] [PATCH v2 1/2] a", "patch 0/3", "[0/3,v2,1/2] a"},
	{"[PATCH v2] [1/2] a", "patch v2 1/2", "[v2,1/2] a"},
	/* Without brackets. */
	{"PATCH v2 1/2: a", "patch v2 1/2", "[v2,1/2] a"},
	{"PATCH 1/2 a", "patch 1/2", "[1/2] a"},
	{"(PATCH v2) a", "patch v2", "[v2] a"},
	{"PATCH: a", "", "PATCH: a"},
	{"PATCH the thing: a", "", "PATCH the thing: a"},
	{"Patch 1/2: a", "", "Patch 1/2: a"},
	{"Subject: [PATCH 1/2] a", "patch 1/2", "[1/2] a"},
	/* Numbers. */
	{"[PATCH1/8] a", "patch 1/8", "[PATCH1/8] a"},
	{"[v2PATCH 12/15] a", "patch v2 12/15", "[v2PATCH,12/15] a"},
	{"[v2PATCH2/2] a", "patch v2 2/2", "[v2PATCH2/2] a"},
	{"[PATCH 1 of 4] a", "patch 1/4", "[1 of 4] a"},
	{"[PATCH 0 of 2 V3] a", "patch v3 0/2", "[0 of 2,V3] a"},
	{"[PATCH v3 1 / 2] a", "patch v3 1/2", "[v3,1/2] a"},
	{"[PATCH v3 1/ 2] a", "patch v3 1/2", "[v3,1/2] a"},
	{"[PATCH v3 1 /2] a", "patch v3 1/2", "[v3,1/2] a"},
	{"[PATCH v6,19/24] a", "patch v6 19/24", "[v6,19/24] a"},
	{"[PATCH 1.5/2] a", "patch 1.5/2", "[1.5/2] a"},
	{"[PATCH 001/142] a", "patch 1/142", "[001/142] a"},
	{"[PATCH 2024/05] a", "patch 2024/5", "[2024/05] a"},
	{"[PATCH 32767/1] a", "patch 32767/1", "[32767/1] a"},
	{"[PATCH 32768/1] a", "patch", "[32768/1] a"},
	{"[PATCH 1/2147483647] a", "patch 1/2147483647", "[1/2147483647] a"},
	{"[PATCH 1/2147483648] a", "patch", "[1/2147483648] a"},
	{"[PATCH 1/99999999999999999999999] a", "patch", "[1/99999999999999999999999] a"},
	{"[PATCH 1/2 3/4] a", "patch 1/2", "[1/2,3/4] a"},
	{"[PATCH x86/mm 1/2] a", "patch 1/2 {x86/mm}", "[x86/mm,1/2] a"},
	{"[PATCH / 2] a", "patch {2}", "[/,2] a"},
	/* Versions. */
	{"[PATCHv2 1/2] a", "patch v2 1/2", "[PATCHv2,1/2] a"},
	{"[PATCH -v2 1/2] a", "patch v2 1/2", "[-v2,1/2] a"},
	{"[PATCH-v2 1/2] a", "patch v2 1/2", "[PATCH-v2,1/2] a"},
	{"[PATCH #2 1/2] a", "patch v2 1/2", "[#2,1/2] a"},
	{"[PATCH #1234] a", "patch {#1234}", "[#1234] a"},
	{"[RFCv2 1/2] a", "patch rfc v2 1/2 {rfc}", "[RFCv2,1/2] a"},
	{"[PATCH (V7)] a", "patch v7", "[(V7)] a"},
	{"[PATCH v2: 1/2] a", "patch v2 1/2", "[v2:,1/2] a"},
	{"a (v4) b", "v4", "a (v4) b"},
	{"[PATCH v2] a (v4)", "patch v2", "[v2] a (v4)"},
	{"a (v4.) b", "", "a (v4.) b"},
	{"[PATCH v2.1 1/2] a", "patch v2(2.1) 1/2", "[v2.1,1/2] a"},
	{"[PATCH v5.1 2/3] a", "patch v5(5.1) 2/3", "[v5.1,2/3] a"},
	{"[PATCH v4a 1/2] a", "patch v4(4a) 1/2", "[v4a,1/2] a"},
	{"[PATCH v3fix] a", "patch v3(3fix)", "[v3fix] a"},
	{"[PATCH v2 stable v4.4 1/2] a", "patch v2 1/2 {stable}",
	 "[v2,stable,v4.4,1/2] a"},
	{"[PATCH v4.4 v2 1/2] a", "patch v2 1/2", "[v4.4,v2,1/2] a"},
	{"[PATCH v2 v3] a", "patch v2", "[v2,v3] a"},
	{"[PATCH 6.1 1/3] a", "patch 1/3 {6.1}", "[6.1,1/3] a"},
	{"[PATCH v5.10 1/3] a", "patch 1/3 {v5.10}", "[v5.10,1/3] a"},
	{"[PATCH v6.1.y 1/3] a", "patch 1/3 {v6.1.y}", "[v6.1.y,1/3] a"},
	{"[PATCH u-boot v2019.04-aspeed] a", "patch {u-boot,v2019.04-aspeed}",
	 "[u-boot,v2019.04-aspeed] a"},
	{"[PATCH for-v6] a", "patch {for-v6}", "[for-v6] a"},
	{"[PATCH v4l-utils] a", "patch {v4l-utils}", "[v4l-utils] a"},
	{"[PATCH v9fs] a", "patch {v9fs}", "[v9fs] a"},
	{"[PATCH v2147483647] a", "patch v2147483647", "[v2147483647] a"},
	{"[PATCH v2147483648] a", "patch {v2147483648}", "[v2147483648] a"},
	{"[PATCH v0] a", "patch v0", "[v0] a"},
	/* Pull requests. */
	{"[GIT PULL] a", "pull", "[GIT,PULL] a"},
	{"[GIT PULL 0/2] a", "patch pull 0/2", "[GIT,PULL,0/2] a"},
	{"[PULL net 1/2] a", "patch pull 1/2 {net}", "[PULL,net,1/2] a"},
	{"[git] a", "{git}", "[git] a"},
	/* Replies. */
	{"Re: [PATCH v2 1/2] a", "reply patch v2 1/2", "[v2,1/2] a"},
	{"RE:[PATCH] a", "reply patch", "a"},
	{"re : a", "reply", "a"},
	{"Re [PATCH] a", "reply patch", "a"},
	{"re add a thing", "", "re add a thing"},
	{"Re[2]: a", "reply", "a"},
	{"Re(3): a", "reply", "a"},
	{"Re^4: a", "reply", "a"},
	{"Re: Re: AW: a", "reply", "a"},
	{"AW: [PATCH] a", "reply patch", "a"},
	{"Aw: a", "reply", "a"},
	{"SV: a", "reply", "a"},
	{"VS: a", "reply", "a"},
	{"Antw: a", "reply", "a"},
	{"Fwd: [PATCH 1/2] a", "reply forward patch 1/2", "[1/2] a"},
	{"FW: a", "reply forward", "a"},
	{"WG: a", "reply forward", "a"},
	{"TR: a", "reply forward", "a"},
	{"回复: [PATCH] a", "reply patch", "a"},
	{"回复：[PATCH] a", "reply patch", "a"},
	{"答复: a", "reply", "a"},
	{"转发: a", "reply forward", "a"},
	{"Re： a", "reply", "a"},
	{"ODG: [PATCH] a", "reply patch", "a"},
	{"wg: fix a", "", "wg: fix a"},
	{"mm: a", "", "mm: a"},
	{"real: a", "", "real: a"},
	{"[lab] Re: [PATCH] a", "reply patch {lab}", "[lab] a"},
	{"Re: [list] Re: [PATCH] a", "reply patch {list}", "[list] a"},
	{"[PATCH] Re: a", "patch", "Re: a"},
	{"[PATCH] re: a", "patch", "re: a"},
};

static char *
describe(const PmSubject *s)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	const char *const flags[] = {
		s->is_reply ? "reply" : NULL, s->is_forward ? "forward" : NULL,
		s->is_patch ? "patch" : NULL, s->is_pull ? "pull" : NULL,
		s->is_rfc ? "rfc" : NULL,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
		if (flags[i] != NULL)
			g_ptr_array_add(words, g_strdup(flags[i]));
	if (s->version_text != NULL)
		g_ptr_array_add(words,
				g_strdup_printf("v%d(%s)", s->version, s->version_text));
	else if (s->has_version)
		g_ptr_array_add(words, g_strdup_printf("v%d", s->version));
	if (s->has_number && s->fraction > 0)
		g_ptr_array_add(words, g_strdup_printf("%d.%d/%d", s->number, s->fraction,
						       s->total));
	else if (s->has_number)
		g_ptr_array_add(words, g_strdup_printf("%d/%d", s->number, s->total));
	g_autofree char *prefixes = g_strjoinv(",", s->prefixes);
	if (*prefixes != '\0')
		g_ptr_array_add(words, g_strdup_printf("{%s}", prefixes));
	g_ptr_array_add(words, NULL);
	return g_strjoinv(" ", (char **)words->pdata);
}

static void
test_case(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(PmSubject) subject = pm_subject_parse(c->subject);
	g_autofree char *got = describe(subject);
	g_autofree char *name = pm_subject_name(subject, NULL);

	g_assert_cmpstr(got, ==, c->want);
	g_assert_cmpstr(name, ==, c->name);
	g_assert_true(subject->has_version || subject->version == 1);
	g_assert_true(subject->has_number ||
		      (subject->number == 1 && subject->total == 1));
}

/* Every start of every subject. */
static void
test_cut_anywhere(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		for (size_t n = strlen(cases[i].subject); n > 0; n--) {
			g_autofree char *text = g_strndup(cases[i].subject, n);
			g_autoptr(PmSubject) subject = pm_subject_parse(text);
			g_assert_nonnull(subject->title);
		}
	}
}

static void
test_name(void)
{
	g_autofree char *fill = g_strnfill(300, 'w');
	g_autofree char *text = g_strconcat("[Test] [PATCH 1/2] ", fill, NULL);
	g_autoptr(PmSubject) subject = pm_subject_parse(text);
	g_autofree char *with = pm_subject_name(subject, "other");
	g_autofree char *without = pm_subject_name(subject, "test");

	g_assert_true(g_str_has_prefix(with, "[Test,1/2] www"));
	g_assert_true(g_str_has_prefix(without, "[1/2] www"));
	g_assert_cmpuint(strlen(without), ==, 255);
	pm_subject_free(NULL);
}

static void
test_linear(gconstpointer data)
{
	const char *piece = data;
	g_autoptr(GString) text = g_string_new(NULL);

	while (text->len < 32 * 1024)
		g_string_append(text, piece);
	gint64 start = g_get_monotonic_time();
	g_autoptr(PmSubject) subject = pm_subject_parse(text->str);
	g_autofree char *name = pm_subject_name(subject, "test");
	g_assert_cmpuint(g_utf8_strlen(name, -1), <=, 255);
	g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
	static const char *const bombs[] = {
		"[",	"]",   "[]",	 "[[a]", "[PATCH]", "[a v2 1/2]",
		"Re: ", "(v2", "PATCH ", "1",	 "回复：",
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *safe =
			g_strdelimit(g_strdup(cases[i].subject), "/", '|');
		g_autofree char *path = g_strdup_printf("/subject/%03zu %s", i, safe);
		g_test_add_data_func(path, &cases[i], test_case);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
		g_autofree char *path = g_strdup_printf("/subject/linear/%zu", i);
		g_test_add_data_func(path, bombs[i], test_linear);
	}
	g_test_add_func("/subject/cut anywhere", test_cut_anywhere);
	g_test_add_func("/subject/name", test_name);
	return g_test_run();
}
