/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/handover.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/sending.h"

enum {
	/* Seconds. A daemon that does not greet at once has other troubles. */
	GREETING_TIMEOUT = 5,
	/* It answers by itself long before, also when its database is away. */
	ANSWER_TIMEOUT = 600,
	LINE_MAX_LENGTH = 1000,
};

/* What of a connection has been read and not been used. */
typedef struct {
	int fd;
	char buffer[4096];
	size_t used, len;
} PmPeer;

static gboolean
is_in_environment(void)
{
	g_auto(GStrv) names = g_listenv();

	for (char **name = names; *name != NULL; name++)
		if (g_str_has_prefix(*name, "PG") && g_ascii_isupper((*name)[2]))
			return TRUE;
	return FALSE;
}

/* "dbname = patchwork", or "postgresql://host/patchwork". */
static gboolean
names_database(const char *conninfo)
{
	const char *authority = strstr(conninfo, "://");
	const char *name = strstr(conninfo, "dbname");

	if (strstr(conninfo, "service") != NULL)
		return FALSE;
	if (authority != NULL) {
		const char *path = strchr(authority + strlen("://"), '/');

		return path != NULL && path[1] != '\0' && path[1] != '?';
	}
	if (name == NULL)
		return FALSE;
	name += strlen("dbname");
	name += strspn(name, " ");
	if (*name != '=')
		return FALSE;
	/* Without a value it is the user's name. */
	name += 1 + strspn(name + 1, " ");
	return *name != '\0' && *name != '\'';
}

char *
pm_database_token(const char *conninfo)
{
	if (conninfo == NULL || !names_database(conninfo) || is_in_environment())
		return NULL;
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, conninfo, -1);
}

static void
set_timeout(int fd, guint seconds)
{
	pm_set_socket_limit(fd, SO_RCVTIMEO, seconds);
	pm_set_socket_limit(fd, SO_SNDTIMEO, seconds);
}

int
pm_handover_connect(char *const *addresses)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	while (*addresses != NULL && !g_str_has_prefix(*addresses, "unix:"))
		addresses++;
	if (*addresses == NULL)
		return -1;
	const char *path = *addresses + strlen("unix:");
	if (g_strlcpy(address.sun_path, path, sizeof(address.sun_path)) >=
	    sizeof(address.sun_path))
		return -1;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	set_timeout(fd, GREETING_TIMEOUT);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static gboolean
fill(PmPeer *peer)
{
	ssize_t n;

	do
		n = recv(peer->fd, peer->buffer, sizeof(peer->buffer), 0);
	while (n < 0 && errno == EINTR);
	peer->used = 0;
	peer->len = n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* One line without its end. (transfer full) (nullable) where none comes. */
static char *
read_line(PmPeer *peer)
{
	g_autoptr(GString) line = g_string_new(NULL);

	while (line->len < LINE_MAX_LENGTH) {
		if (peer->used == peer->len && !fill(peer))
			return NULL;
		char c = peer->buffer[peer->used++];
		if (c == '\n')
			return g_string_free(g_steal_pointer(&line), FALSE);
		if (c != '\r')
			g_string_append_c(line, c);
	}
	return NULL;
}

/*
 * One reply, its lines separated by line feeds, each without code. Returns the code, or 0 where
 * none comes. (transfer full)
 */
static guint
read_reply(PmPeer *peer, char **text_out)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint n = 0; n < 100; n++) {
		g_autofree char *line = read_line(peer);

		if (line == NULL || strlen(line) < 3)
			return 0;
		g_string_append_printf(text, "%s\n", line[3] ? line + 4 : "");
		if (line[3] == '-')
			continue;
		if (text_out != NULL)
			*text_out = g_string_free(g_steal_pointer(&text), FALSE);
		return (guint)g_ascii_strtoull(line, NULL, 10);
	}
	return 0;
}

static gboolean
greet(PmPeer *peer)
{
	static const char HELLO[] = "LHLO localhost\r\n";
	g_autofree char *offers = NULL;

	return read_reply(peer, NULL) == 220 &&
	       pm_send_all(peer->fd, HELLO, strlen(HELLO)) &&
	       read_reply(peer, &offers) == 250 &&
	       strstr(offers, "\nPIPELINING\n") != NULL &&
	       strstr(offers, "\nCHUNKING\n") != NULL &&
	       strstr(offers, "\nXDATABASE\n") != NULL &&
	       strstr(offers, "\nXLISTID\n") != NULL;
}

/* RFC 3461, 4. */
static void
append_xtext(GString *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (g_ascii_isgraph(*text) && *text != '+' && *text != '=')
			g_string_append_c(out, *text);
		else
			g_string_append_printf(out, "+%02X", (guchar)*text);
}

/* All that is left to say, in one piece (RFC 2920). The mail goes as it is: BDAT has
 * neither dots to stuff nor line ends to mend. */
static gboolean
send_mail(const PmPeer *peer, const PmHandover *handover)
{
	size_t len = 0;
	const char *mail = g_bytes_get_data(handover->bytes, &len);
	g_autoptr(GString) out = g_string_sized_new(len + 1024);

	g_string_append_printf(out, "MAIL FROM:<> XDATABASE=%s", handover->database);
	if (handover->list_id != NULL) {
		g_string_append(out, " XLISTID=");
		append_xtext(out, handover->list_id);
	}
	g_string_append_printf(
		out, "\r\nRCPT TO:<%s>\r\nBDAT %" G_GSIZE_FORMAT " LAST\r\n",
		handover->recipient ? handover->recipient : "deliver", len);
	g_string_append_len(out, mail, (gssize)len);
	g_string_append(out, "QUIT\r\n");
	return pm_send_all(peer->fd, out->str, out->len);
}

/* A recipient that the command line could hold and LMTP cannot. */
static gboolean
is_sayable(const char *recipient)
{
	for (; recipient != NULL && *recipient != '\0'; recipient++)
		if (!g_ascii_isgraph(*recipient) || strchr("<>\"\\", *recipient) != NULL)
			return FALSE;
	return TRUE;
}

PmHandoverResult
pm_hand_over(int fd, const PmHandover *handover, char **text_out)
{
	PmPeer peer = {.fd = fd};
	g_autofree char *text = NULL;

	if (!is_sayable(handover->recipient) || !greet(&peer))
		return PM_HANDOVER_NOT_DONE;
	set_timeout(fd, ANSWER_TIMEOUT);
	if (!send_mail(&peer, handover) || read_reply(&peer, NULL) != 250 ||
	    read_reply(&peer, NULL) != 250)
		return PM_HANDOVER_NOT_DONE;
	guint code = read_reply(&peer, &text);
	if (code / 100 != 2 && code / 100 != 4)
		return PM_HANDOVER_NOT_DONE;
	*text_out = g_strchomp(g_steal_pointer(&text));
	return code / 100 == 2 ? PM_HANDOVER_STORED : PM_HANDOVER_TRY_AGAIN;
}

/* Whether the daemon would take a mail for this database; none is sent. */
static gboolean
is_same_database(PmPeer *peer, const char *database)
{
	g_autofree char *question =
		g_strdup_printf("MAIL FROM:<> XDATABASE=%s\r\nQUIT\r\n", database);

	return pm_send_all(peer->fd, question, strlen(question)) &&
	       read_reply(peer, NULL) == 250;
}

const char *
pm_handover_obstacle(char *const *addresses, const char *database)
{
	PmPeer peer = {.fd = -1};
	const char *obstacle = NULL;

	if (database == NULL)
		return "the connection string does not name a database, or a PG* "
		       "variable is set";
	peer.fd = pm_handover_connect(addresses);
	if (peer.fd < 0)
		return "this user finds no daemon on a unix socket of [lmtp] listen";
	if (!greet(&peer))
		obstacle = "the daemon does not offer it";
	else if (!is_same_database(&peer, database))
		obstacle = "the daemon there stores into another database";
	(void)close(peer.fd);
	return obstacle;
}
