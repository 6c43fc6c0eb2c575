/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parameters of MAIL and RCPT (RFC 5321, 4.1.1.11): one table. What is announced is
 * known here, and nothing else: AUTH=, BODY=BINARYMIME and the like are refused.
 *
 *	SIZE=1000        RFC 1870    20 digits at most; a number too large to hold is
 *	                             "larger than any limit", never wrapped around
 *	BODY=8BITMIME    RFC 6152    or 7BIT; makes no difference to what is stored
 *	SMTPUTF8         RFC 6531
 *	RET=, ENVID=     RFC 3461    checked; ENVID is kept for the log
 *	NOTIFY=, ORCPT=  RFC 3461    checked; ORCPT is kept, RFC 6533 has its utf-8 form
 *	XDATABASE=       our own     the client means this database (handover.h) and no other
 *	XLISTID=         our own     the list, as xtext, instead of what the mail says
 */
#include "daemon/lmtp-path.h"

#include <string.h>

#define SIZE_DIGITS_MAX 20
#define ENVID_MAX 100
#define ORCPT_MAX 500
#define DATABASE_MAX 100
#define LIST_ID_MAX 255
#define CODE_POINT_DIGITS_MAX 6

typedef struct {
	const char *keyword;
	PmLmtpParameterPlace place;
	/* value is NULL without "="; FALSE where it is wrong. */
	gboolean (*parse)(const char *value, PmLmtpParameters *parameters);
} Parameter;

gboolean
pm_lmtp_parse_number(const char *text, size_t len, guint64 *number_out)
{
	guint64 number = 0;

	if (len == 0)
		return FALSE;
	for (size_t i = 0; i < len; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		if (!g_uint64_checked_mul(&number, number, 10) ||
		    !g_uint64_checked_add(&number, number, text[i] - '0'))
			number = G_MAXUINT64;
	}
	*number_out = number;
	return TRUE;
}

static gboolean
parse_size(const char *value, PmLmtpParameters *parameters)
{
	size_t len = value != NULL ? strlen(value) : 0;

	return len <= SIZE_DIGITS_MAX &&
	       pm_lmtp_parse_number(value, len, &parameters->size);
}

static gboolean
parse_body(const char *value, PmLmtpParameters *parameters)
{
	if (value == NULL)
		return FALSE;
	if (g_ascii_strcasecmp(value, "7BIT") == 0)
		parameters->body = PM_LMTP_BODY_7BIT;
	else if (g_ascii_strcasecmp(value, "8BITMIME") == 0)
		parameters->body = PM_LMTP_BODY_8BITMIME;
	else
		return FALSE;
	return TRUE;
}

static gboolean
parse_smtputf8(const char *value, PmLmtpParameters *parameters)
{
	parameters->is_smtputf8 = TRUE;
	return value == NULL;
}

static gboolean
parse_ret(const char *value, PmLmtpParameters *parameters)
{
	(void)parameters;
	return value != NULL && (g_ascii_strcasecmp(value, "FULL") == 0 ||
				 g_ascii_strcasecmp(value, "HDRS") == 0);
}

static gboolean
is_notify_word(const char *word)
{
	return g_ascii_strcasecmp(word, "SUCCESS") == 0 ||
	       g_ascii_strcasecmp(word, "FAILURE") == 0 ||
	       g_ascii_strcasecmp(word, "DELAY") == 0;
}

static gboolean
parse_notify(const char *value, PmLmtpParameters *parameters)
{
	g_auto(GStrv) words = NULL;

	(void)parameters;
	if (value == NULL || value[0] == '\0')
		return FALSE;
	if (g_ascii_strcasecmp(value, "NEVER") == 0)
		return TRUE;
	words = g_strsplit(value, ",", -1);
	for (size_t i = 0; words[i] != NULL; i++)
		if (!is_notify_word(words[i]))
			return FALSE;
	return TRUE;
}

/* "+3D", with upper-case digits (RFC 3461, 4). Returns its length, or 0. */
static size_t
decode_hex_char(const char *text, GString *out)
{
	int high, low;

	if (text[0] != '+' || g_ascii_islower(text[1]))
		return 0;
	high = g_ascii_xdigit_value(text[1]);
	if (high < 0 || g_ascii_islower(text[2]))
		return 0;
	low = g_ascii_xdigit_value(text[2]);
	if (low < 0)
		return 0;
	g_string_append_c(out, (char)(high * 16 + low));
	return 3;
}

/* "\x{E4}" (RFC 6533, 3). Returns its length, or 0. */
static size_t
decode_code_point(const char *text, GString *out)
{
	gunichar c = 0;
	size_t i = 3;

	if (!g_str_has_prefix(text, "\\x{"))
		return 0;
	for (; i < 3 + CODE_POINT_DIGITS_MAX && g_ascii_isxdigit(text[i]); i++)
		c = c * 16 + g_ascii_xdigit_value(text[i]);
	if (text[i] != '}' || !g_unichar_validate(c))
		return 0;
	g_string_append_unichar(out, c);
	return i + 1;
}

static gboolean
is_printable_utf8(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (g_ascii_iscntrl(text[i]))
			return FALSE;
	return g_utf8_validate(text, len, NULL);
}

/* xtext, or the utf-8 forms: NULL where it is neither, or stands for control characters.
 * (transfer full) */
static char *
decode_text(const char *text, gboolean is_utf8)
{
	g_autoptr(GString) out = g_string_new(NULL);

	while (*text != '\0') {
		size_t n = 0;

		if (*text == '+')
			n = decode_hex_char(text, out);
		else if (is_utf8 && *text == '\\')
			n = decode_code_point(text, out);
		else if (*text != '=' && (is_utf8 || g_ascii_isgraph(*text))) {
			g_string_append_c(out, *text);
			n = 1;
		}
		if (n == 0)
			return NULL;
		text += n;
	}
	if (out->len == 0 || !is_printable_utf8(out->str, out->len))
		return NULL;
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean
parse_envid(const char *value, PmLmtpParameters *parameters)
{
	if (value == NULL || strlen(value) > ENVID_MAX)
		return FALSE;
	parameters->envid = decode_text(value, FALSE);
	return parameters->envid != NULL;
}

static gboolean
parse_database(const char *value, PmLmtpParameters *parameters)
{
	if (value == NULL || strlen(value) > DATABASE_MAX)
		return FALSE;
	parameters->database = decode_text(value, FALSE);
	return parameters->database != NULL;
}

static gboolean
parse_list_id(const char *value, PmLmtpParameters *parameters)
{
	if (value == NULL || strlen(value) > LIST_ID_MAX)
		return FALSE;
	parameters->list_id = decode_text(value, FALSE);
	return parameters->list_id != NULL;
}

/* addr-type ";" xtext */
static gboolean
parse_orcpt(const char *value, PmLmtpParameters *parameters)
{
	const char *semicolon = value != NULL ? strchr(value, ';') : NULL;
	gboolean is_utf8;

	if (semicolon == NULL || semicolon == value || strlen(value) > ORCPT_MAX)
		return FALSE;
	is_utf8 = g_ascii_strncasecmp(value, "utf-8;", strlen("utf-8;")) == 0;
	parameters->orcpt = decode_text(semicolon + 1, is_utf8);
	return parameters->orcpt != NULL;
}

static const Parameter table[] = {
	{"SIZE", PM_LMTP_OF_MAIL, parse_size},
	{"BODY", PM_LMTP_OF_MAIL, parse_body},
	{"SMTPUTF8", PM_LMTP_OF_MAIL, parse_smtputf8},
	{"RET", PM_LMTP_OF_MAIL, parse_ret},
	{"ENVID", PM_LMTP_OF_MAIL, parse_envid},
	{"XDATABASE", PM_LMTP_OF_MAIL, parse_database},
	{"XLISTID", PM_LMTP_OF_MAIL, parse_list_id},
	{"NOTIFY", PM_LMTP_OF_RCPT, parse_notify},
	{"ORCPT", PM_LMTP_OF_RCPT, parse_orcpt},
};

/* One parameter. seen has a bit for each row of the table. */
static PmLmtpReply
parse_one(char *word, PmLmtpParameterPlace place, PmLmtpParameters *parameters,
	  guint *seen)
{
	char *value = strchr(word, '=');

	if (value != NULL)
		*value++ = '\0';
	for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
		if (table[i].place != place ||
		    g_ascii_strcasecmp(word, table[i].keyword) != 0)
			continue;
		if ((*seen & 1u << i) != 0 || !table[i].parse(value, parameters))
			return PM_LMTP_REPLY_BAD_PARAMETER;
		*seen |= 1u << i;
		return PM_LMTP_REPLY_OK;
	}
	return PM_LMTP_REPLY_UNKNOWN_PARAMETER;
}

PmLmtpReply
pm_lmtp_parse_parameters(const char *text, size_t len, PmLmtpParameterPlace place,
			 PmLmtpParameters *parameters_out)
{
	g_autofree char *copy = g_strndup(text, len);
	g_auto(GStrv) words = g_strsplit_set(copy, " \t", -1);
	g_auto(PmLmtpParameters) parameters = {0};
	guint seen = 0;

	for (size_t i = 0; words[i] != NULL; i++) {
		PmLmtpReply reply = PM_LMTP_REPLY_OK;

		if (words[i][0] != '\0')
			reply = parse_one(words[i], place, &parameters, &seen);
		if (reply != PM_LMTP_REPLY_OK)
			return reply;
	}
	*parameters_out = parameters;
	parameters = (PmLmtpParameters){0};
	return PM_LMTP_REPLY_OK;
}

void
pm_lmtp_parameters_clear(PmLmtpParameters *parameters)
{
	g_clear_pointer(&parameters->envid, g_free);
	g_clear_pointer(&parameters->orcpt, g_free);
	g_clear_pointer(&parameters->database, g_free);
	g_clear_pointer(&parameters->list_id, g_free);
}
