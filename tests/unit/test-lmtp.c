/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the LMTP engine by themselves; what a client sees is in tests/lmtp. Texts
 * are parsed from buffers without a NUL behind them.
 */
#include <string.h>

#include "daemon/lmtp-data.h"
#include "daemon/lmtp-path.h"
#include "daemon/lmtp.h"

typedef struct {
	const char *name, *text;
	PmLmtpReply reply;
	const char *address;
} PathCase;

static const PathCase path_cases[] = {
	{"plain", "TO:<a@example.org>", PM_LMTP_REPLY_OK, "a@example.org"},
	{"case kept", "to:<A@Example.ORG>", PM_LMTP_REPLY_OK, "A@Example.ORG"},
	{"no domain", "TO:<postmaster>", PM_LMTP_REPLY_OK, "postmaster"},
	{"route", "TO:<@r.example.org:a@example.org>", PM_LMTP_REPLY_OK, "a@example.org"},
	{"route of literals", "TO:<@[192.0.2.1],@b:a@example.org>", PM_LMTP_REPLY_OK,
	 "a@example.org"},
	{"quoted", "TO:<\"a\\\"@b\"@example.org>", PM_LMTP_REPLY_OK,
	 "\"a\\\"@b\"@example.org"},
	{"literal", "TO:<a@[IPv6:::1]>", PM_LMTP_REPLY_OK, "a@[IPv6:::1]"},
	{"blank parameters", "TO:<a@b> \t ", PM_LMTP_REPLY_OK, "a@b"},
	{"nothing", "", PM_LMTP_REPLY_BAD_ARGUMENT, NULL},
	{"half a keyword", "TO", PM_LMTP_REPLY_BAD_ARGUMENT, NULL},
	{"keyword alone", "TO:", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"open", "TO:<", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"null", "TO:<>", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"at alone", "TO:<@>", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"no end", "TO:<a@b", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"no domain behind the at", "TO:<a@>", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"dot first in domain", "TO:<a@.b>", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"dot last in domain", "TO:<a@b.>", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"quote open", "TO:<\"a", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"quote open at backslash", "TO:<\"a\\", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"text behind quote", "TO:<\"a\"b@c>", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"literal open", "TO:<a@[", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"literal empty", "TO:<a@[]>", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"two at", "TO:<a@b@c>", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"route without colon", "TO:<@a,b@c>", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"parameter without blank", "TO:<a@b>X", PM_LMTP_REPLY_BAD_RECIPIENT, NULL},
	{"utf-8", "TO:<\xc3\xb6@b>", PM_LMTP_REPLY_UTF8_ADDRESS, NULL},
	{"unknown", "TO:<a@b> X", PM_LMTP_REPLY_UNKNOWN_PARAMETER, NULL},
};

static void
test_path(gconstpointer data)
{
	const PathCase *c = data;
	size_t len = strlen(c->text);
	g_autofree char *copy = g_memdup2(c->text, len);
	g_autoptr(PmLmtpRecipient) recipient = NULL;
	PmLmtpReply reply = pm_lmtp_parse_rcpt(copy, len, FALSE, &recipient);

	g_assert_cmpstr(pm_lmtp_reply_to_string(reply), ==,
			pm_lmtp_reply_to_string(c->reply));
	g_assert_cmpstr(recipient != NULL ? recipient->address : NULL, ==, c->address);
}

typedef struct {
	const char *name, *text;
	PmLmtpReply reply;
	guint64 size;
} SizeCase;

static const SizeCase size_cases[] = {
	{"zero", "FROM:<> SIZE=0", PM_LMTP_REPLY_OK, 0},
	{"largest", "FROM:<> SIZE=18446744073709551615", PM_LMTP_REPLY_OK, G_MAXUINT64},
	{"one more", "FROM:<> SIZE=18446744073709551616", PM_LMTP_REPLY_OK, G_MAXUINT64},
	{"twenty digits", "FROM:<> SIZE=99999999999999999999", PM_LMTP_REPLY_OK,
	 G_MAXUINT64},
	{"zeros before", "FROM:<> SIZE=00000000000000000007", PM_LMTP_REPLY_OK, 7},
	{"too many", "FROM:<> SIZE=000000000000000000007", PM_LMTP_REPLY_BAD_PARAMETER,
	 0},
	{"sign", "FROM:<> SIZE=+1", PM_LMTP_REPLY_BAD_PARAMETER, 0},
	{"none", "FROM:<> SIZE", PM_LMTP_REPLY_BAD_PARAMETER, 0},
};

static void
test_size(gconstpointer data)
{
	const SizeCase *c = data;
	size_t len = strlen(c->text);
	g_autofree char *copy = g_memdup2(c->text, len);
	g_autofree char *sender = NULL;
	g_auto(PmLmtpParameters) parameters = {0};
	PmLmtpReply reply = pm_lmtp_parse_mail(copy, len, &sender, &parameters);

	g_assert_cmpstr(pm_lmtp_reply_to_string(reply), ==,
			pm_lmtp_reply_to_string(c->reply));
	g_assert_cmpuint(parameters.size, ==, c->size);
	g_assert_cmpstr(sender, ==, reply == PM_LMTP_REPLY_OK ? "" : NULL);
}

typedef struct {
	const char *name, *sent, *kept;
	gboolean ends; /* all of sent is used, and that was the end */
} DataCase;

static const DataCase data_cases[] = {
	{"empty", ".\r\n", "", TRUE},
	{"a line", "a\r\n.\r\n", "a\r\n", TRUE},
	{"stuffed", "..\r\n...\r\n.\r\n", ".\r\n..\r\n", TRUE},
	{"dot and text", ".a\r\n.\r\n", "a\r\n", TRUE},
	{"dot inside", "a.\r\na.b\r\n.\r\n", "a.\r\na.b\r\n", TRUE},
	{"empty lines", "\r\n\r\n.\r\n", "\r\n\r\n", TRUE},
	{"no end of line", "a.\r\n", "a.\r\n", FALSE},
	{"LF . LF", "a\n.\n", "a\n.\n", FALSE},
	{"LF . CRLF", "a\n.\r\n", "a\n.\r\n", FALSE},
	{"CRLF . LF", "a\r\n.\n", "a\r\n\n", FALSE},
	{"CR . CR", "a\r.\r", "a\r.\r", FALSE},
	{"CR . CRLF", "a\r.\r\n", "a\r.\r\n", FALSE},
	{"CRLF . CR x", "a\r\n.\rx", "a\r\n\rx", FALSE},
	{"CRLF . CR CRLF", "\r\n.\r\r\n.\r\n", "\r\n\r\r\n", TRUE},
	{"CR CRLF . CRLF", "a\r\r\n.\r\n", "a\r\r\n", TRUE},
	{"LF CRLF . CRLF", "a\n\r\n.\r\n", "a\n\r\n", TRUE},
	{"CRLF . CR", "\r\n.\r", "\r\n", FALSE},
	{"CRLF .", "\r\n.", "\r\n", FALSE},
};

/* Cut at each place, and byte by byte. */
static void
test_data(gconstpointer user_data)
{
	const DataCase *c = user_data;
	size_t len = strlen(c->sent);

	for (size_t piece = 1; piece <= len; piece++) {
		PmLmtpData data;
		gboolean ends = FALSE;
		size_t pos = 0;

		pm_lmtp_data_init(&data, 1000);
		while (pos < len && !ends) {
			size_t n = MIN(piece, len - pos), used = 0;
			g_autofree char *copy = g_memdup2(c->sent + pos, n);

			ends = pm_lmtp_data_decode(&data, copy, n, &used);
			g_assert_true(ends || used == n);
			pos += used;
		}
		g_assert_cmpint(ends, ==, c->ends);
		g_assert_cmpuint(pos, ==, len);
		g_assert_cmpmem(data.bytes, data.len, c->kept, strlen(c->kept));
		pm_lmtp_data_clear(&data);
	}
}

/* Memory ends at the limit, counting does not. */
static void
test_limit(void)
{
	PmLmtpData data;
	char block[1000];

	memset(block, 'a', sizeof block);
	pm_lmtp_data_init(&data, 10000);
	for (size_t i = 0; i < 10; i++)
		pm_lmtp_data_append(&data, block, sizeof block);
	g_assert_false(pm_lmtp_data_is_too_large(&data));
	g_assert_cmpuint(data.allocated, <=, 10000);
	g_assert_false(pm_lmtp_data_would_overflow(&data, 0));
	g_assert_true(pm_lmtp_data_would_overflow(&data, 1));
	g_assert_true(pm_lmtp_data_would_overflow(&data, G_MAXUINT64));
	pm_lmtp_data_append(&data, block, 1);
	g_assert_true(pm_lmtp_data_is_too_large(&data));
	g_assert_null(data.bytes);
	pm_lmtp_data_append(&data, block, sizeof block);
	g_assert_null(data.bytes);
	g_assert_cmpuint(data.size, ==, 11001);
	pm_lmtp_data_count(&data, G_MAXUINT64);
	g_assert_cmpuint(data.size, ==, G_MAXUINT64);
	g_assert_null(pm_lmtp_data_steal(&data));
}

/* Each reply is whole, and the enhanced code says the same as the code (RFC 2034, 4). */
static void
test_replies(void)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

	for (int reply = 0; reply < PM_LMTP_N_REPLIES; reply++) {
		const char *enhanced = pm_lmtp_reply_enhanced(reply);
		guint code = pm_lmtp_reply_code(reply);
		g_autoptr(GString) out = g_string_new(NULL);

		g_assert_true(g_hash_table_add(names,
					       (gpointer)pm_lmtp_reply_to_string(reply)));
		g_assert_cmpuint(code, >=, 200);
		g_assert_cmpuint(code, <=, 599);
		if (enhanced[0] != '\0')
			g_assert_cmpuint(enhanced[0] - '0', ==, code / 100);
		g_assert_cmpint(pm_lmtp_reply_is_success(reply), ==, code / 100 == 2);
		pm_lmtp_reply_append(out, reply, NULL);
		g_assert_true(g_str_has_suffix(out->str, "\r\n"));
		g_assert_cmpuint(out->len, >, strlen("250 \r\n"));
	}
}

/* What a mail said cannot make a reply of its own. */
static void
test_reply_text(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *text = g_strnfill(2000, 'x');

	pm_lmtp_reply_append(out, PM_LMTP_REPLY_STORED, "a\r\n250 b\tc\xc3\xa4");
	g_assert_cmpstr(out->str, ==, "250 2.0.0 a??250 b?c??\r\n");
	g_string_truncate(out, 0);
	pm_lmtp_reply_append(out, PM_LMTP_REPLY_STORED, text);
	g_assert_cmpuint(out->len, ==, 512);
	g_string_truncate(out, 0);
	pm_lmtp_reply_append(out, PM_LMTP_REPLY_CAPABILITIES, "a\nb");
	g_assert_cmpstr(out->str, ==, "250-a\r\n250 b\r\n");
}

static size_t
feed(PmLmtp *lmtp, const char *text, PmLmtpEvent want)
{
	size_t used = 0;
	PmLmtpEvent event = pm_lmtp_feed(lmtp, text, strlen(text), &used);

	g_assert_cmpstr(pm_lmtp_event_to_string(event), ==,
			pm_lmtp_event_to_string(want));
	return used;
}

static PmLmtp *
open_session(void)
{
	PmLmtpOptions options;
	PmLmtp *lmtp = NULL;

	pm_lmtp_options_init(&options);
	lmtp = pm_lmtp_new(&options);
	feed(lmtp, "LHLO c\r\nMAIL FROM:<a@b>\r\n", PM_LMTP_MORE);
	g_string_truncate(pm_lmtp_output(lmtp), 0);
	return lmtp;
}

/* It stops right behind what causes an event; a message that nobody takes is let go. */
static void
test_events(void)
{
	g_autoptr(PmLmtp) lmtp = open_session();
	const char *rcpt = "RCPT TO:<list@b>\r\n";
	size_t used = feed(lmtp, "RCPT TO:<list@b>\r\nDATA\r\n", PM_LMTP_RECIPIENT);

	g_assert_cmpuint(used, ==, strlen(rcpt));
	g_assert_cmpstr(pm_lmtp_recipient(lmtp)->address, ==, "list@b");
	g_assert_cmpstr(pm_lmtp_sender(lmtp), ==, "a@b");
	g_assert_cmpstr(pm_lmtp_client(lmtp), ==, "c");
	pm_lmtp_answer_recipient(lmtp, PM_LMTP_REPLY_RECIPIENT_OK, NULL);
	g_assert_false(pm_lmtp_is_in_message(lmtp));
	feed(lmtp, "DATA\r\n", PM_LMTP_MORE);
	g_assert_true(pm_lmtp_is_in_message(lmtp));
	used = feed(lmtp, ".\r\nQUIT\r\n", PM_LMTP_MESSAGE);
	g_assert_cmpuint(used, ==, strlen(".\r\n"));
	g_assert_cmpuint(pm_lmtp_answers_wanted(lmtp), ==, 1);
	pm_lmtp_answer_message(lmtp, PM_LMTP_REPLY_STORED, "id 1");
	g_assert_cmpuint(pm_lmtp_answers_wanted(lmtp), ==, 0);
	feed(lmtp, "NOOP\r\n", PM_LMTP_MORE);
	g_assert_null(pm_lmtp_take_message(lmtp));
	feed(lmtp, "QUIT\r\nNOOP\r\n", PM_LMTP_CLOSE);
	g_assert_true(pm_lmtp_is_closed(lmtp));
	feed(lmtp, "NOOP\r\n", PM_LMTP_CLOSE);
	g_assert_true(
		g_str_has_suffix(pm_lmtp_output(lmtp)->str,
				 "250 2.0.0 id 1\r\n250 2.0.0 OK\r\n221 2.0.0 Bye\r\n"));
}

/* The end comes while somebody waits for answers. */
static void
test_shut_down(void)
{
	g_autoptr(PmLmtp) judging = open_session();
	g_autoptr(PmLmtp) answering = open_session();

	feed(judging, "RCPT TO:<list@b>\r\n", PM_LMTP_RECIPIENT);
	pm_lmtp_shut_down(judging, PM_LMTP_REPLY_SHUTTING_DOWN);
	g_assert_cmpstr(pm_lmtp_output(judging)->str, ==,
			"421 4.3.2 Shutting down, try again later\r\n");

	for (size_t i = 0; i < 2; i++) {
		feed(answering, "RCPT TO:<list@b>\r\n", PM_LMTP_RECIPIENT);
		pm_lmtp_answer_recipient(answering, PM_LMTP_REPLY_RECIPIENT_OK, NULL);
	}
	feed(answering, "DATA\r\n.\r\n", PM_LMTP_MESSAGE);
	g_string_truncate(pm_lmtp_output(answering), 0);
	pm_lmtp_answer_message(answering, PM_LMTP_REPLY_STORED, NULL);
	pm_lmtp_shut_down(answering, PM_LMTP_REPLY_SHUTTING_DOWN);
	pm_lmtp_shut_down(answering, PM_LMTP_REPLY_IDLE);
	g_assert_cmpstr(pm_lmtp_output(answering)->str, ==,
			"250 2.0.0 Stored\r\n"
			"451 4.3.0 Could not store it now, try again later\r\n"
			"421 4.3.2 Shutting down, try again later\r\n");
	feed(answering, "NOOP\r\n", PM_LMTP_CLOSE);
}

/* A connection that is TLS from its first byte. */
static void
test_tls_from_the_start(void)
{
	PmLmtpOptions options;
	g_autoptr(PmLmtp) lmtp = NULL;

	pm_lmtp_options_init(&options);
	options.offers_tls = TRUE;
	options.requires_tls = TRUE;
	lmtp = pm_lmtp_new(&options);
	pm_lmtp_tls_started(lmtp);
	feed(lmtp, "LHLO c\r\nMAIL FROM:<a@b>\r\n", PM_LMTP_MORE);
	g_assert_null(strstr(pm_lmtp_output(lmtp)->str, "STARTTLS"));
	g_assert_true(
		g_str_has_suffix(pm_lmtp_output(lmtp)->str, "250 2.1.0 Sender OK\r\n"));
}

#define add_cases(prefix, cases, test)                                                   \
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {                               \
		g_autofree char *path_ = g_strconcat(prefix, (cases)[i].name, NULL);     \
		g_test_add_data_func(path_, &(cases)[i], test);                          \
	}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add_cases("/lmtp/path/", path_cases, test_path);
	add_cases("/lmtp/size/", size_cases, test_size);
	add_cases("/lmtp/data/", data_cases, test_data);
	g_test_add_func("/lmtp/limit", test_limit);
	g_test_add_func("/lmtp/replies", test_replies);
	g_test_add_func("/lmtp/reply-text", test_reply_text);
	g_test_add_func("/lmtp/events", test_events);
	g_test_add_func("/lmtp/shut-down", test_shut_down);
	g_test_add_func("/lmtp/tls-from-the-start", test_tls_from_the_start);
	return g_test_run();
}
