/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends the mails of an mbox over LMTP from a number of sessions at once, each mail once, and
 * says how long that took:
 *
 *	lmtp-load SESSIONS UNIX-SOCKET MBOX [RECIPIENT]
 *	{"mails": 2000, "refused": 0, "seconds": 1.23, "p50": 0.8, "p99": 2.1}
 *
 * It does what Postfix does on a kept connection: MAIL, RCPT and DATA in one write, then the
 * data with its dot. Latencies, in milliseconds, are from the dot to the reply. A thread a
 * session: what is measured is the server, and a blocked thread costs it nothing.
 */
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	const char *path;
	char *envelope;	    /* from MAIL to DATA */
	GPtrArray *mails;   /* of GString, as on the wire, with the dot */
	double *latencies;  /* milliseconds, one a mail */
	gint next, refused; /* atomic */
} Load;

typedef struct {
	GSocketConnection *connection;
	GDataInputStream *input;
	GOutputStream *output;
} Session;

static void
give_up(const char *what)
{
	fprintf(stderr, "lmtp-load: %s\n", what);
	exit(1);
}

/* The code of one reply, whose further lines are skipped. */
static int
read_reply(Session *session)
{
	for (;;) {
		g_autofree char *line =
			g_data_input_stream_read_line(session->input, NULL, NULL, NULL);

		if (line == NULL || strlen(line) < 4)
			give_up("the server went away");
		if (line[3] == ' ')
			return atoi(line);
	}
}

static void
expect(Session *session, int code)
{
	if (read_reply(session) != code)
		give_up("a reply was not the expected one");
}

static void
say(Session *session, const char *bytes, size_t len)
{
	if (!g_output_stream_write_all(session->output, bytes, len, NULL, NULL, NULL))
		give_up("could not write");
}

static void
open_session(Session *session, const char *path)
{
	g_autoptr(GSocketClient) client = g_socket_client_new();
	g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);

	session->connection = g_socket_client_connect(
		client, G_SOCKET_CONNECTABLE(address), NULL, NULL);
	if (session->connection == NULL)
		give_up("could not connect");
	session->output = g_io_stream_get_output_stream(G_IO_STREAM(session->connection));
	session->input = g_data_input_stream_new(
		g_io_stream_get_input_stream(G_IO_STREAM(session->connection)));
	g_data_input_stream_set_newline_type(session->input,
					     G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
	expect(session, 220);
	say(session, "LHLO load.example.org\r\n", 23);
	expect(session, 250);
}

static void
send_mail(Session *session, Load *load, guint i)
{
	const GString *mail = g_ptr_array_index(load->mails, i);

	say(session, load->envelope, strlen(load->envelope));
	expect(session, 250);
	expect(session, 250);
	expect(session, 354);
	say(session, mail->str, mail->len);
	gint64 start = g_get_monotonic_time();
	if (read_reply(session) != 250)
		g_atomic_int_inc(&load->refused);
	load->latencies[i] = (double)(g_get_monotonic_time() - start) / 1000;
}

static gpointer
run_session(gpointer data)
{
	Load *load = data;
	Session session;

	open_session(&session, load->path);
	for (;;) {
		guint i = (guint)g_atomic_int_add(&load->next, 1);

		if (i >= load->mails->len)
			break;
		send_mail(&session, load, i);
	}
	g_object_unref(session.input);
	g_object_unref(session.connection);
	return NULL;
}

static void
free_mail(gpointer mail)
{
	g_string_free(mail, TRUE);
}

/* One line of the mbox, without its LF. Mails are mboxrd's. */
static void
add_line(GPtrArray *mails, const char *line, size_t len)
{
	const char *quoted = line;

	if (len >= 5 && memcmp(line, "From ", 5) == 0) {
		g_ptr_array_add(mails, g_string_new(NULL));
		return;
	}
	if (mails->len == 0)
		return;
	GString *mail = g_ptr_array_index(mails, mails->len - 1);
	while (quoted < line + len && *quoted == '>')
		quoted++;
	if (quoted > line && g_str_has_prefix(quoted, "From ")) {
		line++;
		len--;
	}
	if (len > 0 && *line == '.')
		g_string_append_c(mail, '.');
	g_string_append_len(mail, line, (gssize)len);
	g_string_append(mail, "\r\n");
}

static GPtrArray *
read_mails(const char *path)
{
	GPtrArray *mails = g_ptr_array_new_with_free_func(free_mail);
	g_autofree char *text = NULL;
	size_t len;

	if (!g_file_get_contents(path, &text, &len, NULL))
		give_up("could not read the mbox");
	for (const char *at = text, *end = text + len; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		stop = stop ? stop : end;
		add_line(mails, at, (size_t)(stop - at));
		at = stop + 1;
	}
	for (guint i = 0; i < mails->len; i++)
		g_string_append(g_ptr_array_index(mails, i), ".\r\n");
	return mails;
}

static int
compare_times(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	guint n = argc == 4 || argc == 5 ? (guint)atoi(argv[1]) : 0;

	if (n < 1)
		give_up("usage: lmtp-load SESSIONS UNIX-SOCKET MBOX [RECIPIENT]");
	g_autoptr(GPtrArray) mails = read_mails(argv[3]);
	if (mails->len == 0)
		give_up("no mail in the mbox");
	g_autofree double *latencies = g_new0(double, mails->len);
	g_autofree GThread **threads = g_new0(GThread *, n);
	g_autofree char *envelope =
		g_strdup_printf("MAIL FROM:<ada@example.org>\r\nRCPT TO:<%s>\r\nDATA\r\n",
				argc == 5 ? argv[4] : "list@example.org");
	Load load = {.path = argv[2],
		     .envelope = envelope,
		     .mails = mails,
		     .latencies = latencies};
	gint64 start = g_get_monotonic_time();
	for (guint i = 0; i < n; i++)
		threads[i] = g_thread_new("session", run_session, &load);
	for (guint i = 0; i < n; i++)
		g_thread_join(threads[i]);
	double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
	qsort(latencies, mails->len, sizeof *latencies, compare_times);
	printf("{\"mails\": %u, \"refused\": %d, \"seconds\": %.3f, \"p50\": %.2f, "
	       "\"p99\": %.2f}\n",
	       mails->len, load.refused, seconds, latencies[mails->len / 2],
	       latencies[mails->len * 99 / 100]);
	return 0;
}
