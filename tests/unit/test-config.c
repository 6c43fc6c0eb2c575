/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/config.h"

#include <glib/gstdio.h>

#include "lib/error.h"

/* The configuration file: defaults, units, limits, and what is said of mistakes. */

static char *path;

static PmConfig *
load(const char *text, GError **error)
{
	g_autoptr(GError) failure = NULL;

	(void)g_file_set_contents(path, text, -1, &failure);
	g_assert_no_error(failure);
	return pm_config_new(path, error);
}

static void
test_defaults(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmConfig) config = load("", &error);

	g_assert_no_error(error);
	g_assert_cmpstr(pm_config_path(config), ==, path);
	g_assert_cmpstr(pm_config_string(config, "database", "conninfo"), ==, "");
	g_assert_cmpstr(pm_config_string(config, "ingest", "keep-raw"), ==, "needed");
	g_assert_cmpstr(pm_config_string(config, "ingest", "time-zone"), ==, "UTC");
	g_assert_cmpint(pm_config_number(config, "ingest", "batch-messages"), ==, 256);
	g_assert_cmpint(pm_config_number(config, "lmtp", "max-message-size"), ==,
			32 * 1024 * 1024);
	g_assert_cmpint(pm_config_number(config, "lmtp", "socket-mode"), ==, 0660);
	g_assert_false(pm_config_boolean(config, "ingest", "store-ignored"));
	g_assert_cmpstr(pm_config_string(config, "ingest", "trust-control-headers"), ==,
			"true");
}

static const struct {
	const char *group, *key, *value;
	gint64 want;
} numbers[] = {
	{"ingest", "batch-messages", "1", 1},
	{"ingest", "batch-messages", "1024", 1024},
	{"ingest", "batch-bytes", "8K", 8192},
	{"ingest", "memory", "2G", G_GINT64_CONSTANT(2147483648)},
	{"lmtp", "max-message-size", "1M", 1048576},
	{"lmtp", "idle-timeout", "90", 90},
	{"lmtp", "idle-timeout", "5m", 300},
	{"lmtp", "data-timeout", "1h", 3600},
	{"lmtp", "data-timeout", "1d", 86400},
	{"lmtp", "socket-mode", "600", 0600},
};

static void
test_numbers(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
		g_autofree char *text =
			g_strdup_printf("[%s]\n%s = %s\n", numbers[i].group,
					numbers[i].key, numbers[i].value);
		g_autoptr(GError) error = NULL;
		g_autoptr(PmConfig) config = load(text, &error);

		g_assert_no_error(error);
		gint64 got = pm_config_number(config, numbers[i].group, numbers[i].key);
		if (got != numbers[i].want)
			g_error("%s = %s: want %" G_GINT64_FORMAT
				", got %" G_GINT64_FORMAT,
				numbers[i].key, numbers[i].value, numbers[i].want, got);
	}
}

static const struct {
	const char *name, *text, *want;
} mistakes[] = {
	{"unknown group", "[smtp]\nlisten = x\n", "group [smtp] has no key \"listen\""},
	{"unknown key", "[lmtp]\nport = 24\n", "group [lmtp] has no key \"port\""},
	{"no number", "[ingest]\nbatch-messages = many\n",
	 "[ingest] batch-messages = \"many\" is not a number from 1 to 1024"},
	{"too small", "[ingest]\nbatch-messages = 0\n", "is not a number from 1 to 1024"},
	{"too large", "[ingest]\nbatch-messages = 1025\n", "is not a number from 1 to"},
	{"negative", "[ingest]\nbatch-messages = -1\n", "is not a number from 1 to"},
	{"beyond 64 bits", "[ingest]\nmemory = 9223372036854775807G\n",
	 "is not a number"},
	{"empty number", "[ingest]\nmemory =\n", "is not a number"},
	{"a unit of another kind", "[lmtp]\nidle-timeout = 5M\n",
	 "also with s, m, h or d"},
	{"a unit where none is", "[ingest]\nbatch-messages = 1K\n", "is not a number"},
	{"boolean", "[tls]\nrequire = yes\n", "is not true or false"},
	{"choice", "[routing]\nrecipients = some\n", "is not one of: any mapped"},
	{"mode", "[lmtp]\nsocket-mode = 888\n", "is not an octal mode up to 0777"},
	{"no key file", "listen = x\n", "could not read configuration"},
};

static void
test_mistakes(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(mistakes); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PmConfig) config = load(mistakes[i].text, &error);

		if (config != NULL)
			g_error("%s: want \"%s\", got none", mistakes[i].name,
				mistakes[i].want);
		g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG);
		if (g_strstr_len(error->message, -1, mistakes[i].want) == NULL ||
		    g_strstr_len(error->message, -1, path) == NULL)
			g_error("%s: want the path and \"%s\", got \"%s\"",
				mistakes[i].name, mistakes[i].want, error->message);
	}
}

static void
test_absent(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(pm_config_new("/nowhere/patchmail.conf", &error));
	g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG);
}

int
main(int argc, char **argv)
{
	g_autofree char *dir = g_dir_make_tmp("pm-config-XXXXXX", NULL);

	g_test_init(&argc, &argv, NULL);
	path = g_build_filename(dir, "patchmail.conf", NULL);
	g_test_add_func("/config/defaults", test_defaults);
	g_test_add_func("/config/numbers", test_numbers);
	g_test_add_func("/config/mistakes", test_mistakes);
	g_test_add_func("/config/absent", test_absent);
	int status = g_test_run();
	(void)g_unlink(path);
	(void)g_rmdir(dir);
	g_free(path);
	return status;
}
