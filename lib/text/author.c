/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who wrote a mail whose From a list has replaced by itself, as lists do for
 * authors whose domain publishes a DMARC policy:
 *
 *	From: 'A Dev' via Patches <patches@lists.example.org>
 *
 * The true address is in, by falling certainty, X-Original-From (Google
 * Groups), X-Original-Sender (the same, address only), Reply-To (Mailman), and Cc
 * (Mailman on lists where replies go to the list). Reply-To and Cc name
 * others as well, so there the name must be the one before " via "; only a sole
 * stranger in Reply-To is believed without that. Where nothing fits the
 * author stays the list: a wrong person would be worse.
 */
#include "lib/text/address.h"

#include <string.h>

#include "lib/text/rfc2047.h"

/* So many mailboxes of one header are looked at. */
#define MAILBOXES_MAX 1000

static gboolean
is_list(const PmAddress *address, const char *list_email)
{
	return list_email != NULL && g_ascii_strcasecmp(address->email, list_email) == 0;
}

/*
 * A name to compare by: outer single quotes off, "Doe, Jo" turned into "Jo Doe", case
 * folded. (transfer full)
 */
static char *
comparable_name(const char *name, size_t len)
{
	g_autofree char *turned = NULL;

	while (len > 0 && (*name == '\'' || *name == ' ')) {
		name++;
		len--;
	}
	while (len > 0 && (name[len - 1] == '\'' || name[len - 1] == ' '))
		len--;
	const char *comma = memchr(name, ',', len);
	if (comma != NULL) {
		g_autofree char *family = g_strndup(name, (size_t)(comma - name));
		g_autofree char *given =
			g_strndup(comma + 1, len - (size_t)(comma + 1 - name));

		turned = g_strdup_printf("%s %s", g_strstrip(given), g_strstrip(family));
		name = turned;
		len = strlen(turned);
	}
	return g_utf8_casefold(name, (gssize)len);
}

/* The name before " via ", to compare by; NULL where there is none. */
static char *
name_before_via(const PmAddress *from)
{
	if (from->name == NULL)
		return NULL;
	for (const char *p = from->name; (p = strchr(p, ' ')) != NULL; p++)
		if (g_ascii_strncasecmp(p, " via ", 5) == 0)
			return comparable_name(from->name, (size_t)(p - from->name));
	return NULL;
}

/* The end of the mailbox at p: a comma outside of quotes, comments, brackets. */
static const char *
mailbox_end(const char *p)
{
	char closing = '\0';

	for (; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (closing != '\0')
			closing = *p == closing ? '\0' : closing;
		else if (*p == '"')
			closing = '"';
		else if (*p == '(')
			closing = ')';
		else if (*p == '<')
			closing = '>';
		else if (*p == ',')
			break;
	}
	return p;
}

/* Adds the mailboxes of one raw header; split before decoding, since encoded
 * names hold commas. */
static void
collect_mailboxes(const char *raw, GPtrArray *mailboxes)
{
	while (*raw != '\0' && mailboxes->len < MAILBOXES_MAX) {
		const char *end = mailbox_end(raw);
		size_t len = (size_t)(end - raw);
		g_autofree char *text = NULL;
		/* Address and name may be inside of one encoded word. */
		if (memchr(raw, '@', len) != NULL || memmem(raw, len, "=?", 2) != NULL)
			text = pm_header_decode(raw, len);
		PmAddress *address = pm_address_parse(text);
		if (address != NULL)
			g_ptr_array_add(mailboxes, address);
		raw = *end != '\0' ? end + 1 : end;
	}
}

/* All mailboxes but the list of all headers of this name. (transfer full) */
static GPtrArray *
mailboxes_of(const PmHeaders *headers, const char *name, const char *list_email)
{
	GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)pm_address_free);

	for (guint i = 0; i < pm_headers_count(headers); i++)
		if (g_ascii_strcasecmp(pm_headers_name_at(headers, i), name) == 0)
			collect_mailboxes(pm_headers_raw_at(headers, i), all);
	for (guint i = all->len; i-- > 0;)
		if (is_list(g_ptr_array_index(all, i), list_email))
			g_ptr_array_remove_index(all, i);
	return all;
}

static PmAddress *
find_by_name(GPtrArray *mailboxes, const char *wanted)
{
	for (guint i = 0; wanted != NULL && i < mailboxes->len; i++) {
		PmAddress *address = g_ptr_array_index(mailboxes, i);
		if (address->name == NULL)
			continue;
		g_autofree char *name =
			comparable_name(address->name, strlen(address->name));
		if (strcmp(name, wanted) == 0)
			return g_ptr_array_steal_index(mailboxes, i);
	}
	return NULL;
}

/* The first mailbox of a header that lists write the author's address to. */
static PmAddress *
parse_original(const PmHeaders *headers, const char *name, const char *list_email)
{
	g_autofree char *text = pm_headers_decoded(headers, name, 0);
	g_autoptr(PmAddress) address = pm_address_parse(text);

	if (address == NULL || is_list(address, list_email))
		return NULL;
	return g_steal_pointer(&address);
}

/* X-Original-Sender is an address only; the name is the one before " via ". */
static PmAddress *
parse_original_sender(const PmHeaders *headers, const char *list_email,
		      const PmAddress *from)
{
	PmAddress *address = parse_original(headers, "X-Original-Sender", list_email);
	if (address == NULL || (address->name != NULL && *address->name != '\0') ||
	    from->name == NULL)
		return address;

	const char *name = from->name;
	const char *end = name + strlen(name);
	for (const char *p = name; (p = strchr(p, ' ')) != NULL; p++) {
		if (g_ascii_strncasecmp(p, " via ", 5) != 0)
			continue;
		end = p;
		break;
	}
	if (end - name > 1 && *name == '\'' && end[-1] == '\'') {
		name++;
		end--;
	}
	g_free(address->name);
	address->name = g_strndup(name, (gsize)(end - name));
	return address;
}

/* Who stands behind the list in From; NULL where no header tells. */
static PmAddress *
find_unmangled(const PmHeaders *headers, const char *list_email, const PmAddress *from,
	       const char **how)
{
	PmAddress *address =
		parse_original(headers, *how = "X-Original-From", list_email);
	if (address != NULL)
		return address;
	*how = "X-Original-Sender";
	address = parse_original_sender(headers, list_email, from);
	if (address != NULL)
		return address;

	g_autofree char *wanted = name_before_via(from);
	g_autoptr(GPtrArray) reply_to = mailboxes_of(headers, "Reply-To", list_email);
	*how = "Reply-To";
	address = find_by_name(reply_to, wanted);
	if (address == NULL && reply_to->len == 1)
		address = g_ptr_array_steal_index(reply_to, 0);
	if (address != NULL)
		return address;
	g_autoptr(GPtrArray) cc = mailboxes_of(headers, "Cc", list_email);
	*how = "Cc";
	return find_by_name(cc, wanted);
}

PmAddress *
pm_address_author(const PmHeaders *headers, const char *list_email, const char **how_out)
{
	g_autofree char *text = pm_headers_decoded(headers, "From", 0);
	g_autoptr(PmAddress) from = pm_address_parse(text);
	const char *how = "From";

	if (from != NULL && is_list(from, list_email)) {
		const char *other;
		PmAddress *author = find_unmangled(headers, list_email, from, &other);
		if (author != NULL) {
			pm_address_free(g_steal_pointer(&from));
			from = author;
			how = other;
		}
	}
	if (from != NULL && how_out != NULL)
		*how_out = how;
	return g_steal_pointer(&from);
}
