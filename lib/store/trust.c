/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/trust.h"

#include <string.h>

/* What follows "LINKNAME:", or all; *project_out: the link name's length, 0 where there is none. */
static const char *
sender_of(const char *word, size_t *project_out)
{
	const char *colon = strchr(word, ':');

	*project_out = colon ? (size_t)(colon - word) : 0;
	return colon ? colon + 1 : word;
}

static gboolean
is_word(const char *word)
{
	size_t project;
	const char *sender = sender_of(word, &project), *at = strchr(sender, '@');

	return word[0] != ':' && strchr(sender, ':') == NULL && at != NULL &&
	       at[1] != '\0' && strchr(at + 1, '@') == NULL;
}

gboolean
pm_trust_is_valid(const char *value)
{
	g_auto(GStrv) words = g_strsplit_set(value, " \t", -1);
	guint n = 0;

	if (g_str_equal(value, "true") || g_str_equal(value, "false"))
		return TRUE;
	for (char **word = words; *word != NULL; word++) {
		if (**word == '\0')
			continue;
		if (!is_word(*word))
			return FALSE;
		n++;
	}
	return n > 0;
}

static gboolean
is_covered(const char *word, const char *linkname, const char *email)
{
	size_t project;
	const char *sender = sender_of(word, &project), *domain = strrchr(email, '@');

	if (project > 0 &&
	    (strlen(linkname) != project || strncmp(word, linkname, project) != 0))
		return FALSE;
	if (*sender != '@')
		return g_ascii_strcasecmp(sender, email) == 0;
	return domain != NULL && g_ascii_strcasecmp(sender, domain) == 0;
}

gboolean
pm_trust_covers(const char *trust, const char *linkname, const char *email)
{
	g_auto(GStrv) words = NULL;

	if (trust == NULL || g_str_equal(trust, "true"))
		return TRUE;
	words = g_strsplit_set(trust, " \t", -1);
	for (char **word = words; *word != NULL; word++)
		if (strchr(*word, '@') != NULL && is_covered(*word, linkname, email))
			return TRUE;
	return FALSE;
}
