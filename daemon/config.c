/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/config.h"

#include <string.h>

#include "lib/error.h"
#include "lib/store/trust.h"

/* One table holds every key with its type, default and limits; the manual page
 * patchmail.conf(5) says the same. */

typedef enum {
	VALUE_TEXT,
	VALUE_NUMBER,
	VALUE_SIZE,    /* a number, or one with K, M or G */
	VALUE_SECONDS, /* a number, or one with s, m, h or d */
	VALUE_BOOLEAN,
	VALUE_CHOICE,
	VALUE_MODE,    /* octal */
	VALUE_SENDERS, /* true, false, or addresses */
} PmValueType;

typedef struct {
	const char *group, *key;
	PmValueType type;
	const char *fallback;
	gint64 min, max;
	const char *choices; /* separated by blanks */
} PmKey;

static const PmKey keys[] = {
	{"database", "conninfo", VALUE_TEXT, "", 0, 0, NULL},
	{"database", "timeout", VALUE_SECONDS, "30", 1, 3600, NULL},
	{"lmtp", "listen", VALUE_TEXT, "", 0, 0, NULL},
	{"lmtp", "socket-mode", VALUE_MODE, "0660", 0, 0777, NULL},
	{"lmtp", "socket-owner", VALUE_TEXT, "", 0, 0, NULL},
	{"lmtp", "socket-peers", VALUE_TEXT, "", 0, 0, NULL},
	{"lmtp", "allow", VALUE_TEXT, "", 0, 0, NULL},
	{"lmtp", "max-connections", VALUE_NUMBER, "200", 1, 10000, NULL},
	{"lmtp", "max-message-size", VALUE_SIZE, "32M", 1024, 64 * 1024 * 1024, NULL},
	{"lmtp", "max-recipients", VALUE_NUMBER, "100", 1, 10000, NULL},
	{"lmtp", "idle-timeout", VALUE_SECONDS, "300", 1, 86400, NULL},
	{"lmtp", "data-timeout", VALUE_SECONDS, "600", 1, 86400, NULL},
	{"lmtp", "hostname", VALUE_TEXT, "", 0, 0, NULL},
	{"tls", "certificate", VALUE_TEXT, "", 0, 0, NULL},
	{"tls", "key", VALUE_TEXT, "", 0, 0, NULL},
	{"tls", "client-ca", VALUE_TEXT, "", 0, 0, NULL},
	{"tls", "require", VALUE_BOOLEAN, "false", 0, 0, NULL},
	{"ingest", "batch-messages", VALUE_NUMBER, "256", 1, 1024, NULL},
	{"ingest", "batch-bytes", VALUE_SIZE, "2M", 4096, 256 * 1024 * 1024, NULL},
	{"ingest", "memory", VALUE_SIZE, "4M", 65536, G_GINT64_CONSTANT(68719476736),
	 NULL},
	{"ingest", "writers", VALUE_NUMBER, "1", 1, 16, NULL},
	{"ingest", "store-ignored", VALUE_BOOLEAN, "false", 0, 0, NULL},
	{"ingest", "keep-raw", VALUE_CHOICE, "needed", 0, 0, "no needed all"},
	{"ingest", "trust-control-headers", VALUE_SENDERS, "true", 0, 0, NULL},
	{"ingest", "hold-replies", VALUE_SECONDS, "90d", 0, 315360000, NULL},
	{"ingest", "time-zone", VALUE_TEXT, "UTC", 0, 0, NULL},
	{"quarantine", "max-bytes", VALUE_SIZE, "1G", 128 * 1024 * 1024,
	 G_GINT64_CONSTANT(1099511627776), NULL},
	{"quarantine", "max-age", VALUE_SECONDS, "365d", 0, 315360000, NULL},
	{"deliver", "daemon", VALUE_CHOICE, "auto", 0, 0, "auto no"},
	{"routing", "recipients", VALUE_CHOICE, "any", 0, 0, "any mapped"},
	{"routing", "recipient-delimiter", VALUE_TEXT, "+", 0, 0, NULL},
	{"api", "listen", VALUE_TEXT, "tcp:127.0.0.1:8000", 0, 0, NULL},
	{"api", "socket-mode", VALUE_MODE, "0660", 0, 0777, NULL},
	{"api", "base-url", VALUE_TEXT, "", 0, 0, NULL},
	{"api", "max-connections", VALUE_NUMBER, "256", 1, 4096, NULL},
	{"api", "max-waiting", VALUE_NUMBER, "128", 0, 4096, NULL},
	{"api", "max-held", VALUE_SIZE, "128M", 1024 * 1024, 1024 * 1024 * 1024, NULL},
	{"api", "database-connections", VALUE_NUMBER, "4", 1, 64, NULL},
	{"api", "unknown-filters", VALUE_CHOICE, "ignore", 0, 0, "ignore refuse"},
	{"api", "pages", VALUE_BOOLEAN, "true", 0, 0, NULL},
	{"metrics", "listen", VALUE_TEXT, "", 0, 0, NULL},
	{"log", "level", VALUE_CHOICE, "info", 0, 0, "error warning info debug"},
	{"log", "target", VALUE_CHOICE, "auto", 0, 0, "auto journal stderr"},
};

struct PmConfig {
	char *path;
	GKeyFile *file;
};

static const PmKey *
find_key(const char *group, const char *key)
{
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
		if (g_str_equal(keys[i].group, group) && g_str_equal(keys[i].key, key))
			return &keys[i];
	return NULL;
}

static gint64
unit_of(PmValueType type, const char *suffix)
{
	static const struct {
		PmValueType type;
		const char *suffix;
		gint64 factor;
	} units[] = {
		{VALUE_SIZE, "K", 1024},     {VALUE_SIZE, "M", 1024 * 1024},
		{VALUE_SIZE, "G", 1 << 30},  {VALUE_SECONDS, "s", 1},
		{VALUE_SECONDS, "m", 60},    {VALUE_SECONDS, "h", 3600},
		{VALUE_SECONDS, "d", 86400},
	};

	if (*suffix == '\0')
		return 1;
	for (guint i = 0; i < G_N_ELEMENTS(units); i++)
		if (units[i].type == type && g_str_equal(units[i].suffix, suffix))
			return units[i].factor;
	return 0;
}

/* FALSE where value is no number of this type, or beyond the key's limits. */
static gboolean
parse_number(const PmKey *key, const char *value, gint64 *number_out)
{
	char *end = NULL;
	gint64 number = g_ascii_strtoll(value, &end, key->type == VALUE_MODE ? 8 : 10);
	gint64 unit = end == value ? 0 : unit_of(key->type, end);

	if (unit == 0 || number < 0 || number > G_MAXINT64 / unit)
		return FALSE;
	if (number * unit < key->min || number * unit > key->max)
		return FALSE;
	*number_out = number * unit;
	return TRUE;
}

static gboolean
is_choice(const char *choices, const char *value)
{
	g_auto(GStrv) list = g_strsplit(choices, " ", -1);

	return g_strv_contains((const char *const *)list, value);
}

static gboolean
is_valid(const PmKey *key, const char *value)
{
	gint64 number;

	switch (key->type) {
	case VALUE_TEXT:
		return TRUE;
	case VALUE_BOOLEAN:
		return is_choice("true false", value);
	case VALUE_CHOICE:
		return is_choice(key->choices, value);
	case VALUE_SENDERS:
		return pm_trust_is_valid(value);
	case VALUE_NUMBER:
	case VALUE_SIZE:
	case VALUE_SECONDS:
	case VALUE_MODE:
		break;
	}
	return parse_number(key, value, &number);
}

/* (transfer full) */
static char *
describe_allowed(const PmKey *key)
{
	if (key->type == VALUE_BOOLEAN)
		return g_strdup("true or false");
	if (key->type == VALUE_SENDERS)
		return g_strdup("true, false, or addresses and @domains, each with "
				"LINKNAME: in front where it is for one project");
	if (key->type == VALUE_CHOICE)
		return g_strdup_printf("one of: %s", key->choices);
	if (key->type == VALUE_MODE)
		return g_strdup_printf("an octal mode up to %04o", (guint)key->max);
	return g_strdup_printf("a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
			       "%s",
			       key->min, key->max,
			       key->type == VALUE_SIZE	    ? ", also with K, M or G"
			       : key->type == VALUE_SECONDS ? ", also with s, m, h or d"
							    : "");
}

static gboolean
check_key(const PmConfig *config, const char *group, const char *name, GError **error)
{
	const PmKey *key = find_key(group, name);

	if (key == NULL) {
		g_autofree char *in = g_utf8_make_valid(group, -1);
		g_autofree char *unknown = g_utf8_make_valid(name, -1);
		g_set_error(
			error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
			"cannot use %s: group [%s] has no key \"%s\"; patchmail.conf(5) "
			"lists them",
			config->path, in, unknown);
		return FALSE;
	}
	g_autofree char *value = g_key_file_get_string(config->file, group, name, NULL);
	if (value != NULL && is_valid(key, value))
		return TRUE;
	g_autofree char *allowed = describe_allowed(key);
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
		    "cannot use %s: [%s] %s = \"%s\" is not %s", config->path, group,
		    name, value ? value : "", allowed);
	return FALSE;
}

static gboolean
check_group(const PmConfig *config, const char *group, GError **error)
{
	g_auto(GStrv) names = g_key_file_get_keys(config->file, group, NULL, NULL);

	for (char **name = names; name != NULL && *name != NULL; name++)
		if (!check_key(config, group, *name, error))
			return FALSE;
	return TRUE;
}

static gboolean
load(PmConfig *config, GError **error)
{
	g_autoptr(GError) failure = NULL;

	if (!g_key_file_load_from_file(config->file, config->path, G_KEY_FILE_NONE,
				       &failure)) {
		/* GLib quotes the line as it is. */
		g_autofree char *why = g_utf8_make_valid(failure->message, -1);
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
			    "could not read configuration %s: %s", config->path, why);
		return FALSE;
	}
	g_auto(GStrv) groups = g_key_file_get_groups(config->file, NULL);
	for (char **group = groups; *group != NULL; group++)
		if (!check_group(config, *group, error))
			return FALSE;
	return TRUE;
}

PmConfig *
pm_config_new(const char *path, GError **error)
{
	g_autoptr(PmConfig) config = g_new0(PmConfig, 1);

	config->file = g_key_file_new();
	if (path == NULL && !g_file_test(PM_CONFIG_DEFAULT_PATH, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&config);
	config->path = g_strdup(path ? path : PM_CONFIG_DEFAULT_PATH);
	if (!load(config, error))
		return NULL;
	return g_steal_pointer(&config);
}

void
pm_config_free(PmConfig *config)
{
	if (config == NULL)
		return;
	g_key_file_unref(config->file);
	g_free(config->path);
	g_free(config);
}

const char *
pm_config_path(const PmConfig *config)
{
	return config->path;
}

const char *
pm_config_string(const PmConfig *config, const char *group, const char *key)
{
	const PmKey *known = find_key(group, key);
	g_autofree char *value = g_key_file_get_string(config->file, group, key, NULL);

	g_assert(known != NULL);
	return value ? g_intern_string(value) : known->fallback;
}

gint64
pm_config_number(const PmConfig *config, const char *group, const char *key)
{
	const PmKey *known = find_key(group, key);
	gint64 number = 0;

	g_assert(known != NULL);
	(void)parse_number(known, pm_config_string(config, group, key), &number);
	return number;
}

gboolean
pm_config_boolean(const PmConfig *config, const char *group, const char *key)
{
	return g_str_equal(pm_config_string(config, group, key), "true");
}
