/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/node.h"

/* Nodes: found by project and id; their strings live as long as the table. */

static void
test_find(void)
{
	g_autoptr(PmNodes) nodes = pm_nodes_new();
	char id[] = "<a@example.org>";
	PmNode *first = pm_nodes_add(nodes, 1, id);
	PmNode *second = pm_nodes_add(nodes, 2, id);

	id[1] = 'b';
	g_assert_true(pm_nodes_find(nodes, 1, "<a@example.org>") == first);
	g_assert_true(pm_nodes_find(nodes, 2, "<a@example.org>") == second);
	g_assert_null(pm_nodes_find(nodes, 3, "<a@example.org>"));
	g_assert_null(pm_nodes_find(nodes, 1, "<b@example.org>"));
	g_assert_null(pm_nodes_find(nodes, 1, "<A@example.org>"));
	g_assert_cmpuint(pm_nodes_count(nodes), ==, 2);
	g_assert_true(pm_nodes_at(nodes, 0) == first);
	g_assert_true(pm_nodes_at(nodes, 1) == second);
	g_assert_cmpint(first->now.kind, ==, PM_NODE_GHOST);
	g_assert_false(pm_node_is_submission(first));
	first->now.kind = PM_NODE_COVER;
	g_assert_true(pm_node_is_submission(first));
}

/* Growing moves no node. */
static void
test_many(void)
{
	g_autoptr(PmNodes) nodes = pm_nodes_new();
	PmNode *first = pm_nodes_add(nodes, 1, "first");

	for (int i = 0; i < 10000; i++) {
		g_autofree char *id = g_strdup_printf("<%d@example.org>", i);

		(void)pm_nodes_add(nodes, 1, id);
	}
	g_assert_true(pm_nodes_find(nodes, 1, "first") == first);
	g_assert_cmpuint(pm_nodes_count(nodes), ==, 10001);
	g_assert_cmpstr(pm_nodes_find(nodes, 1, "<9999@example.org>")->msgid, ==,
			"<9999@example.org>");
}

static const struct {
	const char *name, *text, *separator, *want;
} splits[] = {
	{"nothing", NULL, " ", NULL},	     {"empty", "", " ", NULL},
	{"one", "net", " ", "net"},	     {"two", "net RFC", " ", "net RFC"},
	{"lines", "a b\nc", "\n", "a b\nc"},
};

static void
test_split_and_join(void)
{
	g_autoptr(PmNodes) nodes = pm_nodes_new();

	for (guint i = 0; i < G_N_ELEMENTS(splits); i++) {
		char **parts = pm_nodes_split(nodes, splits[i].text, splits[i].separator);
		g_autofree char *got = pm_node_join(parts, splits[i].separator);

		if (g_strcmp0(got, splits[i].want) != 0)
			g_error("%s: want %s, got %s", splits[i].name, splits[i].want,
				got);
	}
	g_assert_null(pm_nodes_string(nodes, NULL));
	g_assert_cmpstr(pm_nodes_string(nodes, "x"), ==, "x");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/node/find", test_find);
	g_test_add_func("/node/many", test_many);
	g_test_add_func("/node/split-and-join", test_split_and_join);
	return g_test_run();
}
