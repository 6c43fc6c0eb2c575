/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which header names the list. */
#include "lib/text/listid.h"

#include <string.h>

typedef struct {
	const char *name;
	const char *mail;
	const char *want; /* joined by blanks */
} Case;

static const Case cases[] = {
	{"none", "To: list@example.org\n", ""},
	{"usual", "List-Id: A list <list.example.org>\n", "list.example.org"},
	{"no brackets", "List-ID: list.example.org\n", "list.example.org"},
	{"prose", "List-ID: a list\n", ""},
	{"empty", "List-ID:\n", ""},
	{"empty brackets", "List-ID: <>\n", "<>"},
	{"last brackets", "List-ID: <a.example.org> <b.example.org>\n", "b.example.org"},
	{"last brackets that hold something", "List-ID: <a.example.org> <>\n",
	 "a.example.org"},
	{"folded", "List-ID: A list\n\t<list.example.org>\n", "list.example.org"},
	{"encoded", "List-ID: =?utf-8?q?B=C3=BCcher?= <b.example.org>\n",
	 "b.example.org"},
	{"case is kept", "List-ID: <List.Example.org>\n", "List.Example.org"},
	{"first of two", "List-ID: <a.x>\nList-Id: <b.x>\n", "a.x"},
	{"order of headers", "X-list: c\nX-Mailing-List: <b>\nList-ID: <a>\n", "a b c"},
	{"text behind", "List-ID: <a.x> (a list)\n", "a.x"},
};

static void
test_case(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(PmHeaders) headers = pm_headers_new(c->mail, strlen(c->mail), NULL);
	g_auto(GStrv) ids = pm_list_ids(headers);
	g_autofree char *got = g_strjoinv(" ", ids);

	g_assert_cmpstr(got, ==, c->want);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/listid/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], test_case);
	}
	return g_test_run();
}
