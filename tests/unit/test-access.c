/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/access.h"

#include "lib/error.h"

/* Lists of networks and users, and who is among them. */

static const struct {
	const char *networks, *address;
	gboolean want;
} addresses[] = {
	{"", "192.0.2.1", TRUE},
	{" , ", "192.0.2.1", TRUE},
	{"192.0.2.1", "192.0.2.1", TRUE},
	{"192.0.2.1", "192.0.2.2", FALSE},
	{"192.0.2.1/32", "192.0.2.1", TRUE},
	{"192.0.2.0/24", "192.0.2.255", TRUE},
	{"192.0.2.0/24", "192.0.3.0", FALSE},
	{"192.0.2.0/25", "192.0.2.128", FALSE},
	{"0.0.0.0/0", "198.51.100.7", TRUE},
	{"0.0.0.0/0", "2001:db8::1", FALSE},
	{"2001:db8::/32", "2001:db8:1::1", TRUE},
	{"2001:db8::/32", "2001:db9::1", FALSE},
	{"2001:db8::/32", "192.0.2.1", FALSE},
	{"::1", "::1", TRUE},
	{"10.0.0.0/8, 192.0.2.0/24 ::1", "192.0.2.9", TRUE},
	{"10.0.0.0/8;192.0.2.0/24,,::1", "::1", TRUE},
	{"10.0.0.0/8, 192.0.2.0/24 ::1", "127.0.0.1", FALSE},
};

static void
test_addresses(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(addresses); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PmAccess) access =
			pm_access_new(addresses[i].networks, NULL, &error);
		g_autoptr(GInetAddress) address =
			g_inet_address_new_from_string(addresses[i].address);

		g_assert_no_error(error);
		if (pm_access_admits_address(access, address) != addresses[i].want)
			g_error("\"%s\", %s: want %d", addresses[i].networks,
				addresses[i].address, addresses[i].want);
		g_assert_true(pm_access_admits_user(access, 12345));
	}
}

static const struct {
	const char *users;
	guint uid;
	gboolean want;
} users[] = {
	{"", 7, TRUE},	      {"root", 0, TRUE},    {"root", 7, FALSE}, {"7", 7, TRUE},
	{"root, 7", 7, TRUE}, {"root 7", 8, FALSE}, {"0,7,8", 8, TRUE},
};

static void
test_users(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(users); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PmAccess) access = pm_access_new("", users[i].users, &error);

		g_assert_no_error(error);
		if (pm_access_admits_user(access, users[i].uid) != users[i].want)
			g_error("\"%s\", %u: want %d", users[i].users, users[i].uid,
				users[i].want);
	}
}

static const struct {
	const char *networks, *users, *want;
} mistakes[] = {
	{"192.0.2.0/33", "", "[lmtp] allow: \"192.0.2.0/33\" is no address or network"},
	{"192.0.2.1 example.org", "", "\"example.org\" is no address"},
	{"192.0.2.7/24", "", "\"192.0.2.7/24\" is no address or network"},
	{"all", "", "\"all\""},
	{"", "root no-such-user", "there is no user \"no-such-user\""},
	{"", "-1", "there is no user \"-1\""},
	{"", "4294967295", "there is no user"},
};

static void
test_mistakes(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(mistakes); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(
			pm_access_new(mistakes[i].networks, mistakes[i].users, &error));
		g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG);
		if (strstr(error->message, mistakes[i].want) == NULL)
			g_error("want %s, got %s", mistakes[i].want, error->message);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/access/addresses", test_addresses);
	g_test_add_func("/access/users", test_users);
	g_test_add_func("/access/mistakes", test_mistakes);
	return g_test_run();
}
