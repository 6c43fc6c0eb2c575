/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The program that is called patchmail: a small one, since procmail starts it for each mail. It
 * hands the mail of `patchmail deliver` to a running patchmaild where it can; everything
 * else, and every doubt, is for patchmail-main, which it becomes: that has all the options,
 * knows the database, and takes forty libraries and 10 ms to start.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/addresses.h"
#include "daemon/config.h"
#include "daemon/handover.h"
#include "daemon/input.h"

/* In place of an exit status: patchmail-main is to do it. */
enum { NOT_DONE = -1 };

typedef struct {
	char *config_path, *conninfo, *recipient, *list_id;
	gboolean quiet;
	int argc;
	char **argv;
} PmCall;

static void
clear_call(PmCall *call)
{
	g_free(call->config_path);
	g_free(call->conninfo);
	g_free(call->recipient);
	g_free(call->list_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmCall, clear_call)

static gboolean
parse_some(const GOptionEntry *entries, gboolean is_strict, PmCall *call)
{
	g_autoptr(GOptionContext) options = g_option_context_new(NULL);

	g_option_context_add_main_entries(options, entries, NULL);
	g_option_context_set_help_enabled(options, FALSE);
	g_option_context_set_strict_posix(options, is_strict);
	return g_option_context_parse(options, &call->argc, &call->argv, NULL);
}

/*
 * Whether this is `patchmail deliver` with options that change nothing of what is said.
 * argv is changed: it must be a copy.
 */
static gboolean
read_call(int argc, char **argv, PmCall *call)
{
	const GOptionEntry entries[] = {
		{"config", 0, 0, G_OPTION_ARG_FILENAME, &call->config_path, NULL, NULL},
		{"database", 'd', 0, G_OPTION_ARG_STRING, &call->conninfo, NULL, NULL},
		{"quiet", 'q', 0, G_OPTION_ARG_NONE, &call->quiet, NULL, NULL},
		{"list-id", 0, 0, G_OPTION_ARG_STRING, &call->list_id, NULL, NULL},
		{"recipient", 0, 0, G_OPTION_ARG_STRING, &call->recipient, NULL, NULL},
		G_OPTION_ENTRY_NULL,
	};
	enum { OF_DELIVER = 3 };
	GOptionEntry globals[G_N_ELEMENTS(entries)] = {0};

	memcpy(globals, entries, OF_DELIVER * sizeof(entries[0]));
	call->argc = argc;
	call->argv = argv;
	if (!parse_some(globals, TRUE, call) || call->argc < 2 ||
	    !g_str_equal(call->argv[1], "deliver"))
		return FALSE;
	call->argc--;
	call->argv++;
	return parse_some(entries, FALSE, call) && call->argc <= 2;
}

/* The file that holds the mail; NULL: standard input. */
static const char *
file_of(const PmCall *call)
{
	return call->argc == 2 && !g_str_equal(call->argv[1], "-") ? call->argv[1] : NULL;
}

/* Where recipients are mapped the daemon goes by them alone. */
static gboolean
is_routed_alike(const PmConfig *config, const PmCall *call)
{
	const char *mode = pm_config_string(config, "routing", "recipients");

	return !g_str_equal(mode, "mapped") ||
	       (call->recipient != NULL && call->list_id == NULL);
}

/* What was read from standard input can be read from there once more. */
static void
put_back(GBytes *bytes)
{
	size_t len = 0;
	const char *data = g_bytes_get_data(bytes, &len);
	int fd = memfd_create("mail", MFD_CLOEXEC);

	while (fd >= 0 && len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		data += n;
		len -= (size_t)n;
	}
	if (fd < 0 || len > 0 || lseek(fd, 0, SEEK_SET) != 0 ||
	    dup2(fd, STDIN_FILENO) < 0) {
		g_printerr("patchmail: could not keep the mail: %s\n", g_strerror(errno));
		_exit(EX_TEMPFAIL);
	}
}

static int
report(PmHandoverResult result, const char *text)
{
	if (result == PM_HANDOVER_TRY_AGAIN ||
	    g_str_has_prefix(text, "2.0.0 quarantined"))
		g_printerr("patchmail: %s\n", text);
	return result == PM_HANDOVER_STORED ? EX_OK : EX_TEMPFAIL;
}

static int
hand_over(int fd, const PmCall *call, size_t limit, const char *database)
{
	g_autofree char *text = NULL;
	gboolean is_too_large = FALSE;
	g_autoptr(GBytes) bytes =
		pm_read_input(file_of(call), limit, &is_too_large, NULL);

	if (is_too_large) {
		g_printerr("patchmail: the mail is larger than %zu bytes\n", limit);
		return EX_DATAERR;
	}
	if (bytes == NULL)
		return NOT_DONE;
	PmHandoverResult result = pm_hand_over(fd,
					       &(PmHandover){
						       .database = database,
						       .recipient = call->recipient,
						       .list_id = call->list_id,
						       .bytes = bytes,
					       },
					       &text);
	if (result != PM_HANDOVER_NOT_DONE)
		return report(result, text);
	if (file_of(call) == NULL)
		put_back(bytes);
	return NOT_DONE;
}

static int
try_to_hand_over(const PmCall *call)
{
	g_autoptr(PmConfig) config = pm_config_new(call->config_path, NULL);

	if (config == NULL || !is_routed_alike(config, call) ||
	    g_str_equal(pm_config_string(config, "deliver", "daemon"), "no"))
		return NOT_DONE;
	g_autofree char *database = pm_database_token(
		call->conninfo ? call->conninfo
			       : pm_config_string(config, "database", "conninfo"));
	if (database == NULL)
		return NOT_DONE;
	g_auto(GStrv) addresses =
		pm_addresses_new(pm_config_string(config, "lmtp", "listen"));
	int fd = pm_handover_connect(addresses);
	if (fd < 0)
		return NOT_DONE;
	size_t limit = (size_t)pm_config_number(config, "lmtp", "max-message-size");
	int status = hand_over(fd, call, limit, database);
	(void)close(fd);
	return status;
}

/* Beside this program where it was built, else where both are installed, below whatever
 * folder that is. What it calls itself in messages stays "patchmail". */
static int
become_main(char **argv)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *here = g_path_get_dirname(self ? self : PM_BINDIR "/patchmail");
	g_autofree char *beside = g_build_filename(here, "patchmail-main", NULL);

	(void)execv(beside, argv);
	size_t below =
		g_str_has_suffix(here, PM_BINDIR) ? strlen(here) - strlen(PM_BINDIR) : 0;
	g_autofree char *installed =
		g_strdup_printf("%.*s%s", (int)below, here, PM_MAIN_PATH);
	(void)execv(installed, argv);
	g_printerr("patchmail: could not start %s: %s\n", installed, g_strerror(errno));
	return EX_TEMPFAIL;
}

int
main(int argc, char **argv)
{
	g_autofree char **copy = g_memdup2(argv, ((size_t)argc + 1) * sizeof(char *));
	g_auto(PmCall) call = {0};
	int status = read_call(argc, copy, &call) ? try_to_hand_over(&call) : NOT_DONE;

	return status != NOT_DONE ? status : become_main(argv);
}
