/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/probe.h"

#include <gio/gio.h>
#include <string.h>

#include "daemon/bind.h"
#include "lib/error.h"

enum {
	TIMEOUT = 5, /* seconds */
	ANSWER_MAX = 1024 * 1024,
};

static const char PREFIX[] = "patchmail_";

static GSocketConnection *
connect_to(const char *address, GError **error)
{
	g_autoptr(GPtrArray) resolved = pm_bind_resolve(address, error);
	g_autoptr(GSocketClient) client = g_socket_client_new();
	g_autoptr(GError) failure = NULL;
	GSocketConnection *connection = NULL;

	if (resolved == NULL)
		return NULL;
	g_socket_client_set_timeout(client, TIMEOUT);
	connection = g_socket_client_connect(
		client, G_SOCKET_CONNECTABLE(g_ptr_array_index(resolved, 0)), NULL,
		&failure);
	if (connection != NULL)
		return connection;
	g_set_error(error, PM_ERROR, PM_ERROR_TEMPORARY_DATABASE,
		    "could not connect to %s: %s", address, failure->message);
	return NULL;
}

char *
pm_probe_greeting(const char *address, GError **error)
{
	g_autoptr(GSocketConnection) connection = connect_to(address, error);
	g_autoptr(GDataInputStream) input = NULL;
	g_autoptr(GError) failure = NULL;
	g_autofree char *line = NULL;

	if (connection == NULL)
		return NULL;
	input = g_data_input_stream_new(
		g_io_stream_get_input_stream(G_IO_STREAM(connection)));
	g_data_input_stream_set_newline_type(input, G_DATA_STREAM_NEWLINE_TYPE_ANY);
	line = g_data_input_stream_read_line_utf8(input, NULL, NULL, &failure);
	if (line != NULL && g_str_has_prefix(line, "220"))
		return g_steal_pointer(&line);
	g_set_error(error, PM_ERROR, PM_ERROR_TEMPORARY_DATABASE,
		    "could not talk to %s: %s", address,
		    failure ? failure->message : (line ? line : "it said nothing"));
	return NULL;
}

/* "patchmail_mails_total{project=…} 12" */
static void
add_figure(GHashTable *figures, const char *line)
{
	const char *value = strrchr(line, ' ');

	if (!g_str_has_prefix(line, PREFIX) || value == NULL)
		return;
	line += strlen(PREFIX);
	char *name = g_strndup(line, strcspn(line, "{ "));
	const double *before = g_hash_table_lookup(figures, name);
	double sum = g_ascii_strtod(value + 1, NULL) + (before ? *before : 0);
	g_hash_table_replace(figures, name, g_memdup2(&sum, sizeof(sum)));
}

GHashTable *
pm_probe_metrics(const char *address, GError **error)
{
	static const char request[] = "GET /metrics HTTP/1.0\r\n\r\n";
	g_autoptr(GSocketConnection) connection = connect_to(address, error);
	g_autofree char *answer = NULL;
	gsize len = 0;

	if (connection == NULL)
		return NULL;
	GIOStream *stream = G_IO_STREAM(connection);
	answer = g_malloc0(ANSWER_MAX + 1);
	if (!g_output_stream_write_all(g_io_stream_get_output_stream(stream), request,
				       strlen(request), NULL, NULL, error) ||
	    !g_input_stream_read_all(g_io_stream_get_input_stream(stream), answer,
				     ANSWER_MAX, &len, NULL, error))
		return NULL;
	GHashTable *figures =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) lines = g_strsplit(answer, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		add_figure(figures, *line);
	return figures;
}
