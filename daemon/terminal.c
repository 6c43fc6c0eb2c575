/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/terminal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static GPid pager;
static gboolean has_pager, has_colours;

static const char *
find_pager(void)
{
	const char *const names[] = {"PATCHMAIL_PAGER", "PAGER"};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_getenv(names[i]) != NULL)
			return g_getenv(names[i]);
	return "less";
}

static void
start_pager(const char *command)
{
	const char *const args[] = {"/bin/sh", "-c", command, NULL};
	/* As git: leave at once what fits the screen, and let colours through. */
	g_auto(GStrv) environment =
		g_environ_setenv(g_get_environ(), "LESS", "FRX", FALSE);
	int input = -1;

	(void)fflush(stdout);
	if (!g_spawn_async_with_pipes(NULL, (char **)args, environment,
				      G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pager,
				      &input, NULL, NULL, NULL))
		return;
	(void)dup2(input, STDOUT_FILENO);
	(void)close(input);
	setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
	/* Ctrl-C is the pager's. */
	(void)signal(SIGINT, SIG_IGN);
	has_pager = TRUE;
}

void
pm_terminal_begin(gboolean is_wanted)
{
	const char *no_colour = g_getenv("NO_COLOR");
	const char *command = find_pager();

	if (has_pager || !isatty(STDOUT_FILENO))
		return;
	has_colours = (no_colour == NULL || *no_colour == '\0') &&
		      g_strcmp0(g_getenv("TERM"), "dumb") != 0;
	if (is_wanted && *command != '\0' && strcmp(command, "cat") != 0)
		start_pager(command);
}

void
pm_terminal_end(void)
{
	if (!has_pager)
		return;
	(void)fflush(stdout);
	(void)close(STDOUT_FILENO);
	(void)waitpid(pager, NULL, 0);
	has_pager = FALSE;
}

const char *
pm_terminal_colour(PmColour colour)
{
	static const char *const codes[] = {
		[PM_COLOUR_NONE] = "\033[m",   [PM_COLOUR_HEADING] = "\033[33m",
		[PM_COLOUR_GOOD] = "\033[32m", [PM_COLOUR_BAD] = "\033[31m",
		[PM_COLOUR_FAINT] = "\033[2m",
	};

	return has_colours ? codes[colour] : "";
}

char *
pm_terminal_clean(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *clean = g_string_new(NULL);

	for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
		gunichar one = g_utf8_get_char(c);

		g_string_append_unichar(clean, g_unichar_iscntrl(one) ? ' ' : one);
	}
	return g_string_free(clean, FALSE);
}
