/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths (RFC 5321, 4.1.2), as strict as addresses that decide something must be, as
 * lenient as those that only pass by may be:
 *
 *	<>                        the null sender; no recipient
 *	<a@example.org>           the address
 *	<@relay:a@example.org>    the source route is checked and dropped (appendix C)
 *	<Postmaster>              no domain: passes, for RCPT it must (4.5.1)
 *	<a..b.@example.org>       dots anywhere before the @ pass: such mailboxes exist
 *	<"a b"@example.org>       kept as written
 *	<a@[192.0.2.1]>           a literal is not looked into
 *	FROM: <a@example.org>     blanks behind the colon pass: common, and clear
 *
 * Octets beyond ASCII are UTF-8, and only where MAIL said SMTPUTF8 (RFC 6531).
 */
#include "daemon/lmtp-path.h"

#include <string.h>

#define DOMAIN_MAX 255

typedef struct {
	const char *pos, *end;
} Cursor;

static gboolean
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static gboolean
is_beyond_ascii(char c)
{
	return (guchar)c >= 0x80;
}

static gboolean
is_local_char(char c)
{
	return g_ascii_isalnum(c) || is_beyond_ascii(c) ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static gboolean
is_domain_char(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_' || is_beyond_ascii(c);
}

static gboolean
skip_char(Cursor *cursor, char c)
{
	if (cursor->pos == cursor->end || *cursor->pos != c)
		return FALSE;
	cursor->pos++;
	return TRUE;
}

static void
skip_blanks(Cursor *cursor)
{
	while (cursor->pos < cursor->end && is_blank(*cursor->pos))
		cursor->pos++;
}

static gboolean
skip_quoted(Cursor *cursor)
{
	while (cursor->pos < cursor->end) {
		char c = *cursor->pos++;

		if (c == '"')
			return TRUE;
		if (c == '\\' && cursor->pos < cursor->end)
			cursor->pos++;
	}
	return FALSE;
}

static gboolean
skip_local_part(Cursor *cursor)
{
	const char *start = cursor->pos;

	if (skip_char(cursor, '"'))
		return skip_quoted(cursor);
	while (cursor->pos < cursor->end && is_local_char(*cursor->pos))
		cursor->pos++;
	return cursor->pos > start;
}

static gboolean
skip_literal(Cursor *cursor)
{
	const char *start = cursor->pos;

	while (cursor->pos < cursor->end &&
	       (g_ascii_isalnum(*cursor->pos) || *cursor->pos == ':' ||
		*cursor->pos == '.' || *cursor->pos == '-'))
		cursor->pos++;
	return cursor->pos > start && skip_char(cursor, ']');
}

/* Labels with dots between them. */
static gboolean
skip_domain(Cursor *cursor)
{
	const char *start = cursor->pos;

	if (skip_char(cursor, '['))
		return skip_literal(cursor);
	do {
		const char *label = cursor->pos;

		while (cursor->pos < cursor->end && is_domain_char(*cursor->pos))
			cursor->pos++;
		if (cursor->pos == label)
			return FALSE;
	} while (skip_char(cursor, '.'));
	return cursor->pos - start <= DOMAIN_MAX;
}

/* "@a,@b:" */
static gboolean
skip_source_route(Cursor *cursor)
{
	if (cursor->pos == cursor->end || *cursor->pos != '@')
		return TRUE;
	do {
		if (!skip_char(cursor, '@') || !skip_domain(cursor))
			return FALSE;
	} while (skip_char(cursor, ','));
	return skip_char(cursor, ':');
}

/* "<...>" and then the end or a blank. The address is the empty string for "<>". */
static gboolean
parse_path(Cursor *cursor, char **address_out)
{
	Cursor at;
	const char *start = NULL, *end = NULL;

	skip_blanks(cursor);
	at = *cursor;
	if (!skip_char(&at, '<'))
		return FALSE;
	start = end = at.pos;
	if (at.pos < at.end && *at.pos != '>') {
		if (!skip_source_route(&at))
			return FALSE;
		start = at.pos;
		if (!skip_local_part(&at) || (skip_char(&at, '@') && !skip_domain(&at)))
			return FALSE;
		end = at.pos;
	}
	if (!skip_char(&at, '>') || end - start > PM_LMTP_ADDRESS_MAX ||
	    (at.pos < at.end && !is_blank(*at.pos)))
		return FALSE;
	*cursor = at;
	*address_out = g_strndup(start, end - start);
	return TRUE;
}

static gboolean
skip_keyword(Cursor *cursor, const char *keyword)
{
	size_t len = strlen(keyword);

	if ((size_t)(cursor->end - cursor->pos) < len ||
	    g_ascii_strncasecmp(cursor->pos, keyword, len) != 0)
		return FALSE;
	cursor->pos += len;
	return TRUE;
}

static gboolean
is_allowed_text(const char *address, gboolean is_smtputf8)
{
	return g_str_is_ascii(address) ||
	       (is_smtputf8 && g_utf8_validate(address, -1, NULL));
}

PmLmtpReply
pm_lmtp_parse_mail(const char *text, size_t len, char **sender_out,
		   PmLmtpParameters *parameters_out)
{
	Cursor cursor = {text, text + len};
	g_autofree char *sender = NULL;
	g_auto(PmLmtpParameters) parameters = {0};
	PmLmtpReply reply;

	if (!skip_keyword(&cursor, "FROM:"))
		return PM_LMTP_REPLY_BAD_ARGUMENT;
	if (!parse_path(&cursor, &sender))
		return PM_LMTP_REPLY_BAD_SENDER;
	reply = pm_lmtp_parse_parameters(cursor.pos, cursor.end - cursor.pos,
					 PM_LMTP_OF_MAIL, &parameters);
	if (reply != PM_LMTP_REPLY_OK)
		return reply;
	if (!is_allowed_text(sender, parameters.is_smtputf8))
		return PM_LMTP_REPLY_UTF8_ADDRESS;
	*sender_out = g_steal_pointer(&sender);
	*parameters_out = parameters;
	parameters = (PmLmtpParameters){0};
	return PM_LMTP_REPLY_OK;
}

PmLmtpReply
pm_lmtp_parse_rcpt(const char *text, size_t len, gboolean is_smtputf8,
		   PmLmtpRecipient **recipient_out)
{
	Cursor cursor = {text, text + len};
	g_autofree char *address = NULL;
	g_auto(PmLmtpParameters) parameters = {0};
	PmLmtpReply reply;

	if (!skip_keyword(&cursor, "TO:"))
		return PM_LMTP_REPLY_BAD_ARGUMENT;
	if (!parse_path(&cursor, &address) || address[0] == '\0')
		return PM_LMTP_REPLY_BAD_RECIPIENT;
	reply = pm_lmtp_parse_parameters(cursor.pos, cursor.end - cursor.pos,
					 PM_LMTP_OF_RCPT, &parameters);
	if (reply != PM_LMTP_REPLY_OK)
		return reply;
	if (!is_allowed_text(address, is_smtputf8))
		return PM_LMTP_REPLY_UTF8_ADDRESS;
	*recipient_out = g_new0(PmLmtpRecipient, 1);
	(*recipient_out)->address = g_steal_pointer(&address);
	(*recipient_out)->orcpt = g_steal_pointer(&parameters.orcpt);
	return PM_LMTP_REPLY_OK;
}

void
pm_lmtp_recipient_free(PmLmtpRecipient *recipient)
{
	if (recipient == NULL)
		return;
	g_free(recipient->address);
	g_free(recipient->orcpt);
	g_free(recipient);
}
