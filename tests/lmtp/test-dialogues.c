/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs dialogues with the LMTP engine: each file of the directory given is a test, once
 * with all that the client says at a time fed whole, then in small pieces. README.md has
 * the language. Everything must be foreseen: a reply, a message or an event that no
 * line of the file names is an error, as is one that does not come.
 */
#include <string.h>

#include "daemon/lmtp.h"

static const size_t pieces[] = {G_MAXSIZE, 1, 2, 3, 7, 1460};

typedef struct {
	const char *name;
	size_t piece;
	guint line; /* of the file */

	PmLmtpOptions options;
	PmLmtp *lmtp;
	GHashTable *judgements; /* address -> "reply-name text" */
	GQueue answers;		/* char *: "reply-name text" */

	GString *said;	    /* by the client since it was last fed */
	GQueue replies;	    /* char *: lines of the server, not yet foreseen */
	GQueue events;	    /* char * */
	GQueue messages;    /* PmLmtpMessage */
	GString *body;	    /* wanted of the last message; NULL: any */
	GBytes *body_got;   /* of the last message */
	gboolean is_closed; /* that has been told */
	gboolean is_in_tls; /* STARTTLS has been told */
} Dialogue;

#define fail(d, ...)                                                                     \
	do {                                                                             \
		g_autofree char *what_ = g_strdup_printf(__VA_ARGS__);                   \
		g_error("%s:%u, pieces of %" G_GSIZE_FORMAT ": %s", (d)->name,           \
			(d)->line, (d)->piece, what_);                                   \
	} while (0)

static char *
shown(const char *bytes, size_t len)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < MIN(len, 300); i++)
		if (g_ascii_isprint(bytes[i]))
			g_string_append_c(out, bytes[i]);
		else
			g_string_append_printf(out, "\\x%02x", (guchar)bytes[i]);
	return g_string_free(out, FALSE);
}

/* \r \n \t \0 \\ \xNN */
static void
append_unescaped(Dialogue *d, GString *out, const char *text)
{
	static const char letters[] = "rnt0\\", bytes[] = "\r\n\t\0\\";

	for (; *text != '\0'; text++) {
		const char *letter = NULL;

		if (*text != '\\') {
			g_string_append_c(out, *text);
			continue;
		}
		text++;
		letter = *text != '\0' ? strchr(letters, *text) : NULL;
		if (letter != NULL) {
			g_string_append_c(out, bytes[letter - letters]);
		} else if (*text == 'x' && g_ascii_isxdigit(text[1]) &&
			   g_ascii_isxdigit(text[2])) {
			g_string_append_c(out, g_ascii_xdigit_value(text[1]) * 16 +
						       g_ascii_xdigit_value(text[2]));
			text += 2;
		} else {
			fail(d, "unknown escape \\%c", *text);
		}
	}
}

static char *
unescaped(Dialogue *d, const char *text)
{
	GString *out = g_string_new(NULL);

	append_unescaped(d, out, text);
	return g_string_free(out, FALSE);
}

/* "reply-name" or "reply-name text". *text_out points into the line, or is NULL. */
static PmLmtpReply
find_reply(Dialogue *d, const char *line, const char **text_out)
{
	size_t len = strcspn(line, " ");

	*text_out = line[len] == ' ' ? line + len + 1 : NULL;
	for (int reply = 0; reply < PM_LMTP_N_REPLIES; reply++) {
		const char *name = pm_lmtp_reply_to_string(reply);

		if (strlen(name) == len && strncmp(name, line, len) == 0)
			return reply;
	}
	fail(d, "no reply is called %.*s", (int)len, line);
	return PM_LMTP_REPLY_OK;
}

static void
judge(Dialogue *d)
{
	const PmLmtpRecipient *recipient = pm_lmtp_recipient(d->lmtp);
	const char *line = g_hash_table_lookup(d->judgements, recipient->address);
	const char *text = NULL;
	PmLmtpReply reply = find_reply(d, line != NULL ? line : "recipient-ok", &text);

	if (recipient->orcpt != NULL)
		g_queue_push_tail(&d->events,
				  g_strdup_printf("orcpt %s", recipient->orcpt));
	pm_lmtp_answer_recipient(d->lmtp, reply, text);
}

static void
answer(Dialogue *d)
{
	PmLmtpMessage *message = pm_lmtp_take_message(d->lmtp);

	g_assert_nonnull(message->bytes);
	g_assert_cmpuint(message->size, ==, g_bytes_get_size(message->bytes));
	g_assert_cmpuint(pm_lmtp_answers_wanted(d->lmtp), ==, message->recipients->len);
	g_assert_true(pm_lmtp_is_in_message(d->lmtp));
	g_queue_push_tail(&d->messages, message);
	while (pm_lmtp_answers_wanted(d->lmtp) > 0) {
		g_autofree char *line = g_queue_pop_head(&d->answers);
		const char *text = NULL;
		PmLmtpReply reply = find_reply(d, line != NULL ? line : "stored", &text);

		pm_lmtp_answer_message(d->lmtp, reply, text);
	}
}

static void
act(Dialogue *d, PmLmtpEvent event)
{
	gboolean is_news = TRUE;

	switch (event) {
	case PM_LMTP_RECIPIENT:
		judge(d);
		return;
	case PM_LMTP_MESSAGE:
		answer(d);
		return;
	case PM_LMTP_MORE:
		return;
	case PM_LMTP_TOO_LARGE:
		break;
	case PM_LMTP_STARTTLS:
		is_news = !d->is_in_tls;
		d->is_in_tls = TRUE;
		break;
	case PM_LMTP_CLOSE:
		is_news = !d->is_closed;
		d->is_closed = TRUE;
		break;
	}
	if (is_news)
		g_queue_push_tail(&d->events, g_strdup(pm_lmtp_event_to_string(event)));
}

/* The bytes are copied, so that a sanitizer sees who reads past them. */
static void
feed(Dialogue *d, const char *bytes, size_t len)
{
	g_autofree char *copy = g_memdup2(bytes, len);
	size_t pos = 0;

	while (pos < len) {
		size_t used = 0;
		PmLmtpEvent event = pm_lmtp_feed(d->lmtp, copy + pos, len - pos, &used);

		g_assert_cmpuint(used, <=, len - pos);
		if (event == PM_LMTP_MORE)
			g_assert_cmpuint(used, ==, len - pos);
		pos += used;
		act(d, event);
	}
}

static void
collect_replies(Dialogue *d)
{
	GString *output = pm_lmtp_output(d->lmtp);
	g_auto(GStrv) lines = g_strsplit(output->str, "\r\n", -1);

	for (size_t i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++) {
		g_assert_cmpuint(strlen(lines[i]), <=, 510);
		g_queue_push_tail(&d->replies, g_strdup(lines[i]));
	}
	g_string_truncate(output, 0);
}

/* What the client has said is fed when the file goes on to what must come of it. */
static void
flush(Dialogue *d)
{
	for (size_t pos = 0; pos < d->said->len;) {
		size_t n = MIN(d->piece, d->said->len - pos);

		feed(d, d->said->str + pos, n);
		pos += n;
	}
	g_string_truncate(d->said, 0);
	collect_replies(d);
}

static void
check_body(Dialogue *d)
{
	size_t len = 0;
	const char *bytes = NULL;

	if (d->body != NULL) {
		bytes = g_bytes_get_data(d->body_got, &len);
		if (len != d->body->len ||
		    (len > 0 && memcmp(bytes, d->body->str, len) != 0)) {
			g_autofree char *want = shown(d->body->str, d->body->len);
			g_autofree char *got = shown(bytes, len);

			fail(d, "want the message \"%s\", got \"%s\"", want, got);
		}
		g_string_free(g_steal_pointer(&d->body), TRUE);
	}
	g_clear_pointer(&d->body_got, g_bytes_unref);
}

static void
check_nothing_left(Dialogue *d)
{
	if (!g_queue_is_empty(&d->replies))
		fail(d, "unforeseen reply \"%s\"",
		     (char *)g_queue_peek_head(&d->replies));
	if (!g_queue_is_empty(&d->events))
		fail(d, "unforeseen event \"%s\"", (char *)g_queue_peek_head(&d->events));
	if (!g_queue_is_empty(&d->messages))
		fail(d, "unforeseen message");
}

static void
want_line(Dialogue *d, GQueue *queue, const char *pattern)
{
	g_autofree char *got = g_queue_pop_head(queue);

	if (got == NULL || !g_pattern_match_simple(pattern, got))
		fail(d, "want \"%s\", got \"%s\"", pattern,
		     got != NULL ? got : "nothing");
}

/* "<sender> recipient…" and "7bit", "8bit", "utf8", "envid=…", "list-id=…" */
static char *
describe(const PmLmtpMessage *message)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "<%s>", message->sender);
	for (guint i = 0; i < message->recipients->len; i++)
		g_string_append_printf(
			out, " %s",
			((PmLmtpRecipient *)message->recipients->pdata[i])->address);
	if (message->body != PM_LMTP_BODY_UNSAID)
		g_string_append(out,
				message->body == PM_LMTP_BODY_7BIT ? " 7bit" : " 8bit");
	if (message->is_smtputf8)
		g_string_append(out, " utf8");
	if (message->envid != NULL)
		g_string_append_printf(out, " envid=%s", message->envid);
	if (message->list_id != NULL)
		g_string_append_printf(out, " list-id=%s", message->list_id);
	return g_string_free(out, FALSE);
}

static void
want_message(Dialogue *d, const char *want)
{
	g_autoptr(PmLmtpMessage) message = g_queue_pop_head(&d->messages);
	g_autofree char *got = message != NULL ? describe(message) : g_strdup("nothing");

	if (strcmp(want, got) != 0)
		fail(d, "want the message %s, got %s", want, got);
	d->body_got = g_bytes_ref(message->bytes);
}

static void
set_limit(Dialogue *d, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, "=", 2);
	guint64 number = words[1] != NULL ? g_ascii_strtoull(words[1], NULL, 10) : 0;

	if (strcmp(words[0], "size") == 0)
		d->options.max_message_size = number;
	else if (strcmp(words[0], "recipients") == 0)
		d->options.max_recipients = number;
	else if (strcmp(words[0], "bad") == 0)
		d->options.max_bad_commands = number;
	else if (strcmp(words[0], "line") == 0)
		d->options.max_line = number;
	else
		fail(d, "unknown limit %s", words[0]);
}

static PmLmtp *
lmtp_of(Dialogue *d)
{
	if (d->lmtp == NULL)
		d->lmtp = pm_lmtp_new(&d->options);
	return d->lmtp;
}

static void
run_open(Dialogue *d)
{
	lmtp_of(d);
	collect_replies(d);
	want_line(d, &d->replies, "220 *");
	g_string_append(d->said, "LHLO client.example.org\r\n");
	flush(d);
	while (g_queue_get_length(&d->replies) > 1)
		want_line(d, &d->replies, "250-*");
	want_line(d, &d->replies, "250 *");
}

static void
run_directive(Dialogue *d, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", 2);
	const char *rest = words[1] != NULL ? words[1] : "";

	if (strcmp(words[0], "limit") == 0) {
		set_limit(d, rest);
	} else if (strcmp(words[0], "tls") == 0) {
		d->options.offers_tls = TRUE;
		d->options.requires_tls = strcmp(rest, "required") == 0;
	} else if (strcmp(words[0], "database") == 0) {
		d->options.database = g_intern_string(rest);
	} else if (strcmp(words[0], "recipient") == 0) {
		g_auto(GStrv) parts = g_strsplit(rest, " ", 2);

		g_hash_table_insert(d->judgements, g_strdup(parts[0]),
				    g_strdup(parts[1]));
	} else if (strcmp(words[0], "answer") == 0) {
		g_queue_push_tail(&d->answers, unescaped(d, rest));
	} else if (strcmp(words[0], "open") == 0) {
		run_open(d);
	} else if (strcmp(words[0], "handshake") == 0) {
		flush(d);
		pm_lmtp_tls_started(lmtp_of(d));
	} else if (strcmp(words[0], "shut-down") == 0) {
		const char *unused = NULL;
		PmLmtpReply reply = find_reply(d, rest, &unused);

		if (d->said->len > 0)
			flush(d);
		pm_lmtp_shut_down(lmtp_of(d), reply);
		feed(d, "x", 1);
		collect_replies(d);
	} else {
		fail(d, "unknown directive %s", words[0]);
	}
}

static void
append_times(Dialogue *d, GString *out, guint64 times, const char *text, gboolean is_raw)
{
	g_autoptr(GString) piece = g_string_new(NULL);

	append_unescaped(d, piece, text);
	if (!is_raw)
		g_string_append(piece, "\r\n");
	while (times-- > 0)
		g_string_append_len(out, piece->str, piece->len);
}

static void
run_body(Dialogue *d, guint64 times, const char *text, gboolean is_raw)
{
	if (d->body_got == NULL)
		fail(d, "no message was named");
	if (d->body == NULL)
		d->body = g_string_new(NULL);
	append_times(d, d->body, times, text, is_raw);
}

/* "X: text", "X=: raw text", "X*9: nine times". */
static void
run_line(Dialogue *d, const char *line)
{
	char *end = NULL;
	gboolean is_raw = line[1] == '=';
	const char *at = line + 1 + is_raw;
	guint64 times = *at == '*' ? g_ascii_strtoull(at + 1, &end, 10) : 1;
	const char *text = NULL;
	g_autofree char *want = NULL;

	at = end != NULL ? end : at;
	if (*at != ':')
		fail(d, "not understood: %s", line);
	text = at[1] == ' ' ? at + 2 : at + 1;
	lmtp_of(d);
	if (line[0] == 'B') {
		run_body(d, times, text, is_raw);
		return;
	}
	check_body(d);
	if (line[0] == 'C') {
		if (d->said->len == 0)
			check_nothing_left(d);
		append_times(d, d->said, times, text, is_raw);
		return;
	}
	flush(d);
	want = unescaped(d, text);
	if (line[0] == 'M')
		want_message(d, want);
	for (; line[0] == 'S' && times > 0; times--)
		want_line(d, &d->replies, want);
	if (line[0] == 'E')
		want_line(d, &d->events, want);
	if (strchr("MSE", line[0]) == NULL)
		fail(d, "not understood: %s", line);
}

static void
run_file(Dialogue *d, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (size_t i = 0; lines[i] != NULL; i++) {
		d->line = i + 1;
		if (lines[i][0] == '\0' || lines[i][0] == '#')
			continue;
		if (lines[i][0] == '@')
			run_directive(d, lines[i] + 1);
		else
			run_line(d, lines[i]);
	}
	flush(d);
	check_body(d);
	check_nothing_left(d);
	if (!g_queue_is_empty(&d->answers))
		fail(d, "an @answer was not needed");
}

static void
run_in_pieces(const char *name, const char *text, size_t piece)
{
	g_autoptr(GHashTable) judgements =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GString) said = g_string_new(NULL);
	Dialogue d = {
		.name = name, .piece = piece, .judgements = judgements, .said = said};

	pm_lmtp_options_init(&d.options);
	d.options.hostname = "mx.example.org";
	run_file(&d, text);
	pm_lmtp_free(d.lmtp);
}

static void
test_dialogue(gconstpointer data)
{
	const char *path = data;
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	g_file_get_contents(path, &text, NULL, &error);
	g_assert_no_error(error);
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++)
		run_in_pieces(name, text, pieces[i]);
}

int
main(int argc, char **argv)
{
	g_autoptr(GDir) dir = NULL;
	const char *name = NULL;

	g_test_init(&argc, &argv, NULL);
	if (argc < 2)
		g_error("usage: test-dialogues DIRECTORY");
	dir = g_dir_open(argv[1], 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename("/lmtp/dialogue", name, NULL);

		if (g_str_has_suffix(name, ".txt"))
			g_test_add_data_func_full(path,
						  g_build_filename(argv[1], name, NULL),
						  test_dialogue, g_free);
	}
	return g_test_run();
}
