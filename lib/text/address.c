/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mailboxes as people write them, and authors behind what lists make of them.
 * Read from decoded text, since mailers encode whole mailboxes and commas.
 *
 *	A Dev <dev@example.org>		     the usual one
 *	"Dev, A." <dev@example.org>	     quotes go, escapes stay (as in Patchwork)
 *	Doe, John <j@example.org>	     a comma that should have been quoted
 *	A <a@x.org>, B <b@x.org>	     the first one
 *	a@x.org, B <b@x.org>		     the first one
 *	Team: A <a@x.org>;		     a group: its first member
 *	dev@example.org (A Dev)		     comment as name
 *	dev at example.org (A Dev)	     archives that hide addresses
 *	A [B] <dev@x>, <mailto:dev@x>	     seen, meant so
 *	o'brien@x.org, root@localhost	     valid, whatever others think
 *	A <a@host.(none)>		     git, where a machine has no domain
 *	Nobody				     nobody: without "@" there is no address
 */
#include "lib/text/address.h"

#include <string.h>

#include "lib/text/charset.h"

/* Patchwork's columns. */
#define FIELD_MAX 255

void
pm_address_free(PmAddress *address)
{
	if (address == NULL)
		return;
	g_free(address->name);
	g_free(address->email);
	g_free(address);
}

static gboolean
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* local@domain, both not empty, without any of the characters of forbidden. */
static gboolean
is_email_without(const char *text, const char *forbidden)
{
	const char *at = strrchr(text, '@');

	return at != NULL && at != text && at[1] != '\0' && strpbrk(text, forbidden) == NULL;
}

/* Nothing in it that separates addresses. */
static gboolean
is_email(const char *text)
{
	return is_email_without(text, " \t\r\n<>(),;");
}

static char *
strip_dup(const char *start, size_t len)
{
	return g_strstrip(g_strndup(start, len));
}

/* Text that is one address: "a@x.org", "mailto:a@x.org", "a at x.org"; else NULL.
 * (transfer full) */
static char *
clean_email(const char *start, size_t len)
{
	g_autofree char *text = strip_dup(start, len);

	if (g_ascii_strncasecmp(text, "mailto:", 7) == 0)
		memmove(text, text + 7, strlen(text + 7) + 1);
	if (is_email(text))
		return g_steal_pointer(&text);

	g_auto(GStrv) words = g_strsplit_set(text, " \t", 4);
	if (g_strv_length(words) != 3 || g_ascii_strcasecmp(words[1], "at") != 0)
		return NULL;
	g_autofree char *joined = g_strconcat(words[0], "@", words[2], NULL);
	return is_email(joined) ? g_steal_pointer(&joined) : NULL;
}

/* The same for what stands in brackets, where blanks mean nothing. */
static char *
clean_bracketed(const char *start, size_t len)
{
	char *email = clean_email(start, len);
	if (email != NULL || memchr(start, '@', len) == NULL)
		return email;

	g_autofree char *text = g_strndup(start, len);
	g_auto(GStrv) words = g_strsplit_set(text, " \t", 16);
	g_autofree char *glued = g_strjoinv("", words);
	return is_email_without(glued, "\r\n<>") ? g_steal_pointer(&glued) : NULL;
}

/* The quote that ends the string begun at p; NULL where none does. */
static const char *
closing_quote(const char *p, const char *end)
{
	for (p++; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '"')
			return p;
	}
	return NULL;
}

/* A display name without its quotes. (transfer full) */
static char *
clean_name(const char *start, size_t len)
{
	g_autofree char *name = strip_dup(start, len);
	size_t name_len = strlen(name);

	if (name[0] == '"') {
		char *close = (char *)closing_quote(name, name + name_len);
		if (close != NULL)
			memmove(close, close + 1, strlen(close + 1) + 1);
		memmove(name, name + 1, strlen(name + 1) + 1);
	} else if (name_len > 0 && name[name_len - 1] == '"' &&
		   strchr(name, '"') == name + name_len - 1) {
		name[name_len - 1] = '\0';
	}
	return pm_utf8_cut(g_strstrip(g_steal_pointer(&name)), FIELD_MAX);
}

/* Takes name and email. */
static PmAddress *
address_new(char *name, char *email)
{
	PmAddress *address = g_new0(PmAddress, 1);

	address->name = name;
	address->email = pm_utf8_cut(email, FIELD_MAX);
	return address;
}

/* The next c outside of quotes; NULL where there is none. A quote that never
 * ends is a character like others. */
static const char *
find_unquoted(const char *p, const char *end, char c)
{
	gboolean has_quotes = TRUE;

	for (; p < end; p++) {
		if (*p == '"' && has_quotes) {
			const char *close = closing_quote(p, end);
			has_quotes = close != NULL;
			p = has_quotes ? close : p;
		} else if (*p == c) {
			return p;
		}
	}
	return NULL;
}

/* "a@x.org, B <b@x.org>": the first mailbox is a bare one. */
static PmAddress *
parse_bare_before_comma(const char *start, const char *bracket)
{
	const char *comma = find_unquoted(start, bracket, ',');
	if (comma == NULL)
		return NULL;

	g_autofree char *text = strip_dup(start, (size_t)(comma - start));
	return is_email(text) ? address_new(NULL, g_steal_pointer(&text)) : NULL;
}

/* "Name <address>": the first brackets that hold an address. */
static PmAddress *
parse_bracketed(const char *start, const char *end)
{
	const char *open = find_unquoted(start, end, '<');

	if (open != NULL) {
		PmAddress *bare = parse_bare_before_comma(start, open);
		if (bare != NULL)
			return bare;
	}
	while (open != NULL) {
		const char *close = memchr(open, '>', (size_t)(end - open));
		if (close == NULL)
			break;
		g_autofree char *email =
			clean_bracketed(open + 1, (size_t)(close - open - 1));
		if (email != NULL)
			return address_new(clean_name(start, (size_t)(open - start)),
					   g_steal_pointer(&email));
		open = memchr(close, '<', (size_t)(end - close));
	}
	return NULL;
}

/* "address (Name)"; "(Name) address" is seen too. */
static PmAddress *
parse_commented(const char *start, const char *end)
{
	const char *open = memchr(start, '(', (size_t)(end - start));
	const char *close =
		open != NULL ? memrchr(open, ')', (size_t)(end - open)) : NULL;
	if (close == NULL)
		return NULL;

	g_autofree char *email = clean_email(start, (size_t)(open - start));
	if (email == NULL)
		email = clean_email(close + 1, (size_t)(end - close - 1));
	if (email == NULL)
		return NULL;
	return address_new(clean_name(open + 1, (size_t)(close - open - 1)),
			   g_steal_pointer(&email));
}

/* The first word that is an address; what stands before it is the name. */
static PmAddress *
parse_bare(const char *start, const char *end)
{
	g_autofree char *whole = clean_email(start, (size_t)(end - start));
	if (whole != NULL)
		return address_new(NULL, g_steal_pointer(&whole));

	for (const char *p = start; p < end;) {
		const char *word = p;
		while (p < end && !is_blank(*p) && *p != ',' && *p != ';')
			p++;
		g_autofree char *text = memchr(word, '@', (size_t)(p - word)) != NULL
						? strip_dup(word, (size_t)(p - word))
						: NULL;
		if (text != NULL && is_email(text)) {
			g_autofree char *name = clean_name(start, (size_t)(word - start));
			if (*name == '\0')
				g_clear_pointer(&name, g_free);
			return address_new(g_steal_pointer(&name),
					   g_steal_pointer(&text));
		}
		while (p < end && (is_blank(*p) || *p == ',' || *p == ';'))
			p++;
	}
	return NULL;
}

/* RFC 5322, 3.4: "Team: A <a@x>, b@x;" to what is inside. */
static void
enter_group(const char **start, const char **end)
{
	if (*end == *start || (*end)[-1] != ';')
		return;
	const char *colon = find_unquoted(*start, *end, ':');
	const char *open = find_unquoted(*start, *end, '<');
	if (colon != NULL && (open == NULL || colon < open))
		*start = colon + 1;
	(*end)--;
}

PmAddress *
pm_address_parse(const char *decoded)
{
	if (decoded == NULL)
		return NULL;
	const char *start = decoded;
	const char *end = decoded + strlen(decoded);
	while (end > start && is_blank(end[-1]))
		end--;
	enter_group(&start, &end);

	PmAddress *address = parse_bracketed(start, end);
	if (address == NULL)
		address = parse_commented(start, end);
	if (address == NULL)
		address = parse_bare(start, end);
	return address;
}
