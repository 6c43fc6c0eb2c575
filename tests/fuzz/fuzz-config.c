/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration file: any bytes give a configuration whose values are within the limits
 * that patchmail.conf(5) names, or an error that says where, never both and never neither. */
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/config.h"
#include "lib/error.h"
#include "lib/store/trust.h"
#include "tests/fuzz/target.h"

/* pm_config_string() keeps what it returns forever, which a fuzzer would notice. */
#define SIZE_MAX_KEPT 200

static const struct {
	const char *group, *key;
	gint64 min, max;
} numbers[] = {
	{"lmtp", "socket-mode", 0, 0777},
	{"lmtp", "max-connections", 1, 10000},
	{"lmtp", "max-message-size", 1024, G_GINT64_CONSTANT(68719476736)},
	{"lmtp", "idle-timeout", 1, 86400},
	{"ingest", "batch-messages", 1, 1024},
	{"ingest", "batch-bytes", 4096, 256 * 1024 * 1024},
	{"ingest", "hold-replies", 0, 315360000},
	{"api", "database-connections", 1, 64},
};

static void
check_values(const PmConfig *config)
{
	const char *trust = pm_config_string(config, "ingest", "trust-control-headers");

	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
		gint64 number =
			pm_config_number(config, numbers[i].group, numbers[i].key);

		g_assert_cmpint(number, >=, numbers[i].min);
		g_assert_cmpint(number, <=, numbers[i].max);
	}
	(void)pm_config_boolean(config, "tls", "require");
	g_assert_true(pm_trust_is_valid(trust));
	(void)pm_trust_covers(trust, "kiln", "a@example.org");
	g_assert_true(g_utf8_validate(trust, -1, NULL));
}

/* A file without a disk. */
static int
fresh_file(const uint8_t *data, size_t size)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("patchmail.conf", MFD_CLOEXEC);
	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(ftruncate(fd, 0), ==, 0);
	g_assert_cmpint(pwrite(fd, data, size, 0), ==, (gssize)size);
	return fd;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path =
		g_strdup_printf("/proc/self/fd/%d", fresh_file(data, size));
	g_autoptr(PmConfig) config = pm_config_new(path, &error);

	g_assert_true((config == NULL) == (error != NULL));
	if (config == NULL) {
		g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		g_assert_nonnull(g_strstr_len(error->message, -1, path));
	} else if (size <= SIZE_MAX_KEPT) {
		check_values(config);
	}
	return 0;
}
