/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Which Message-IDs were made by one call of a sending program.
 *
 *	git send-email		YYYYMMDDhhmmss.PID-N-ADDR	without N
 *	  before 2.11		TIME-PID-N-git-send-email-ADDR	without N
 *	git format-patch	SHA|cover.TIME.git.ADDR		without SHA
 *	git-series		[cover.]SHA.TIME.git-series.ADDR the same
 *	GitGitGadget		pull.N.vM.git.TIME.ADDR		TIME.git.ADDR, as its
 * patches b4			YYYYMMDD-SLUG-vN-M-HASH@HOST	without M patman
 * YYYYMMDDhhmmss.[vN.]M.ICHANGE@changeid	without M and ICHANGE StGit
 * CENTISECONDS.PID.RANDOM.stgit@HOST	day, PID and host
 *
 * What is left out on purpose: Mercurial counts TIME up from mail to mail, so no
 * part of "<sha>.<time + n>@<host>" is equal; quilt and mutt stamp every mail
 * anew; mail programs make random ids. Such mails are held together by their
 * references. One form each, tried in turn; none looks at a byte more than twice.
 */
#include "lib/text/idrun.h"

#include <string.h>

/* The longest Message-ID looked at; longer ones are from no program above. */
#define MAX_ID 998

/* Centiseconds since 1970 in a day: StGit's process ids come back after some. */
#define STGIT_DAY (24 * 3600 * G_GINT64_CONSTANT(100))

/* The skip_ functions return what follows, NULL where it does not fit or at is NULL. */
static const char *
skip_digits(const char *at, size_t least, size_t most)
{
	size_t n = 0;
	while (at && n <= most && g_ascii_isdigit(at[n]))
		n++;

	return n >= least && n <= most ? at + n : NULL;
}

static const char *
skip_hex(const char *at, size_t least)
{
	size_t n = 0;
	while (at && g_ascii_isxdigit(at[n]))
		n++;

	return n >= least ? at + n : NULL;
}

static const char *
skip_text(const char *at, const char *text)
{
	return at && g_str_has_prefix(at, text) ? at + strlen(text) : NULL;
}

/* An address or what programs put in its place: something, an at, something. */
static gboolean
is_address(const char *text)
{
	const char *at = text ? strchr(text, '@') : NULL;
	return at && at > text && at[1];
}

static char *
run_of_send_email(const char *id)
{
	const char *pid = skip_text(skip_digits(id, 14, 14), ".");
	const char *pid_end = skip_digits(pid, 1, 10);
	const char *serial = skip_text(pid_end, "-");
	const char *at = skip_text(skip_digits(serial, 1, 6), "-");
	if (!is_address(at))
		return NULL;

	return g_strdup_printf("%.*s-%s", (int)(pid_end - id), id, at);
}

static char *
run_of_old_send_email(const char *id)
{
	const char *pid = skip_text(skip_digits(id, 9, 11), "-");
	const char *pid_end = skip_digits(pid, 1, 10);
	const char *serial = skip_text(pid_end, "-");
	const char *at = skip_text(skip_digits(serial, 1, 6), "-git-send-email-");
	if (!is_address(at))
		return NULL;

	return g_strdup_printf("%.*s-git-send-email-%s", (int)(pid_end - id), id, at);
}

static char *
run_of_format_patch(const char *id)
{
	const char *cover = skip_text(id, "cover.");
	/* git-series names the series' commit after "cover."; format-patch does not. */
	const char *time = skip_text(skip_hex(cover ? cover : id, 7), ".");
	if (!skip_digits(time, 1, 13))
		time = cover;

	const char *time_end = skip_digits(time, 9, 13);
	const char *address = skip_text(time_end, ".git.");
	if (!address)
		address = skip_text(time_end, ".git-series.");
	if (!is_address(address))
		return NULL;

	return g_strdup_printf("%.*s.git.%s", (int)(time_end - time), time, address);
}

/* "pull.N.vM.git." and, where the pull request is one of git/git, "git." again. */
static char *
run_of_gitgitgadget(const char *id)
{
	const char *request = skip_text(id, "pull.");
	const char *version = skip_text(skip_digits(request, 1, 8), ".v");
	const char *time = skip_text(skip_digits(version, 1, 4), ".git.");
	const char *again = skip_text(time, "git.");
	if (again)
		time = again;

	const char *time_end = skip_digits(time, 9, 13);
	const char *address = skip_text(time_end, ".");
	if (!is_address(address))
		return NULL;

	return g_strdup_printf("%.*s.git.%s", (int)(time_end - time), time, address);
}

/* Where the token that ends at end begins: behind the last '-' before it. */
static const char *
token_start(const char *id, const char *end)
{
	while (end > id && end[-1] != '-')
		end--;
	return end;
}

static char *
run_of_b4(const char *id)
{
	const char *date_end = skip_digits(id, 8, 8);
	const char *host = strrchr(id, '@');
	if (!date_end || *date_end != '-' || !host || !host[1])
		return NULL;

	const char *hash = token_start(id, host);
	if (hash <= date_end + 1 || skip_hex(hash, 8) != host)
		return NULL;
	const char *number = token_start(id, hash - 1);
	if (number <= date_end + 1 || skip_digits(number, 1, 6) != hash - 1)
		return NULL;
	const char *version = token_start(id, number - 1);
	if (version <= date_end || *version != 'v' ||
	    skip_digits(version + 1, 1, 4) != number - 1)
		return NULL;

	return g_strdup_printf("%.*s%s", (int)(number - id), id, hash);
}

/* Between the stamp and the number there may be words: "v2.", "RESEND.". */
static char *
run_of_patman(const char *id)
{
	const char *at = skip_text(skip_digits(id, 14, 14), ".");
	if (!at || !g_str_has_suffix(id, "@changeid"))
		return NULL;

	while (*at && !g_ascii_isdigit(*at)) {
		const char *dot = strchr(at, '.');
		if (!dot)
			return NULL;
		at = dot + 1;
	}
	const char *number = at;
	at = skip_text(skip_digits(number, 1, 6), ".I");
	if (!at || !skip_text(skip_hex(at, 7), "@changeid"))
		return NULL;

	return g_strdup_printf("%.*schangeid", (int)(number - id), id);
}

static char *
run_of_stgit(const char *id)
{
	const char *pid = skip_text(skip_digits(id, 11, 13), ".");
	const char *pid_end = skip_digits(pid, 1, 10);
	const char *random = skip_text(pid_end, ".");
	const char *host = skip_text(skip_digits(random, 1, 20), ".stgit@");
	if (!host || !*host)
		return NULL;

	gint64 day = g_ascii_strtoll(id, NULL, 10) / STGIT_DAY;
	return g_strdup_printf("%" G_GINT64_FORMAT ".%.*s.stgit@%s", day,
			       (int)(pid_end - pid), pid, host);
}

char *
pm_idrun(const char *msgid)
{
	static char *(*const forms[])(const char *) = {
		run_of_send_email,   run_of_old_send_email,
		run_of_format_patch, run_of_gitgitgadget,
		run_of_b4,	     run_of_patman,
		run_of_stgit,
	};
	if (!msgid)
		return NULL;

	size_t len = strlen(msgid);
	if (*msgid == '<' && len >= 2 && msgid[len - 1] == '>') {
		msgid++;
		len -= 2;
	}
	if (len == 0 || len > MAX_ID)
		return NULL;

	char id[MAX_ID + 1];
	memcpy(id, msgid, len);
	id[len] = '\0';
	char *run = NULL;
	for (size_t i = 0; !run && i < G_N_ELEMENTS(forms); i++)
		run = forms[i](id);
	return run;
}
