/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks for the paths of a file over HTTP/1.1, on a number of connections that stay, one
 * request at a time on each, for so many seconds, and says how long the answers took:
 *
 *	api-load CONNECTIONS SECONDS UNIX-SOCKET PATHS
 *	{"requests": 2000, "failed": 0, "bytes": 9, "seconds": 1.0, "p50": 0.8, "p99": 2.1,
 *	 "max": 3.0, "cpu": 0.1}
 *
 * Failed is what is not answered 200. Latencies, in milliseconds, are from the write of a
 * request to the last byte of its answer; cpu is its own time on a processor, in seconds. One
 * thread, so that it takes little from what it measures.
 */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct {
	int fd;
	gint64 start;	 /* monotonic: when its request was written */
	GString *answer; /* as far as it is there */
	gsize wanted;	 /* bytes of the whole answer; 0: not known yet */
} Client;

typedef struct {
	int poll;
	gint64 end; /* monotonic: no more requests from then on */
	GPtrArray *requests;
	guint next, n_busy, n_failed;
	guint64 n_bytes;
	GArray *latencies; /* of double */
} Load;

static void
give_up(const char *what)
{
	fprintf(stderr, "api-load: %s\n", what);
	exit(1);
}

static int
connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof address.sun_path)
		give_up("the path of the socket is too long");
	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		give_up("could not connect");
	return fd;
}

static void
ask(Load *load, Client *client)
{
	const GString *request =
		g_ptr_array_index(load->requests, load->next++ % load->requests->len);

	g_string_truncate(client->answer, 0);
	client->wanted = 0;
	client->start = g_get_monotonic_time();
	/* It is short, and nothing else is on its way. */
	if (write(client->fd, request->str, request->len) != (ssize_t)request->len)
		give_up("could not write");
	load->n_busy++;
}

/* Once the head is there. */
static void
read_head(Client *client)
{
	const char *end = strstr(client->answer->str, "\r\n\r\n");
	const char *length = NULL;

	if (end == NULL)
		return;
	length = strcasestr(client->answer->str, "\r\ncontent-length:");
	if (length == NULL || length > end)
		give_up("an answer does not say how long it is");
	client->wanted = (gsize)(end + 4 - client->answer->str) +
			 (gsize)strtoull(length + 17, NULL, 10);
}

static void
finish(Load *load, Client *client)
{
	gint64 now = g_get_monotonic_time();
	double latency = (double)(now - client->start) / 1000;

	g_array_append_val(load->latencies, latency);
	load->n_failed += !g_str_has_prefix(client->answer->str, "HTTP/1.1 200 ");
	load->n_bytes += client->answer->len;
	load->n_busy--;
	if (now < load->end)
		ask(load, client);
}

static void
take(Load *load, Client *client)
{
	static char buffer[256 * 1024];
	ssize_t n = read(client->fd, buffer, sizeof buffer);

	if (n <= 0)
		give_up("the server went away");
	g_string_append_len(client->answer, buffer, n);
	if (client->wanted == 0)
		read_head(client);
	if (client->wanted > 0 && client->answer->len >= client->wanted)
		finish(load, client);
}

static void
free_text(gpointer text)
{
	g_string_free(text, TRUE);
}

static GPtrArray *
read_requests(const char *path)
{
	GPtrArray *requests = g_ptr_array_new_with_free_func(free_text);
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		give_up("could not read the paths");
	g_auto(GStrv) lines = g_strsplit(g_strstrip(text), "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		GString *request = g_string_new(NULL);

		g_string_printf(request, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n",
				*line);
		g_ptr_array_add(requests, request);
	}
	return requests;
}

static void
run(Load *load, guint n_clients, const char *path)
{
	g_autofree Client *clients = g_new0(Client, n_clients);
	struct epoll_event events[64];

	for (guint i = 0; i < n_clients; i++) {
		struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[i]};

		clients[i].fd = connect_to(path);
		clients[i].answer = g_string_new(NULL);
		if (epoll_ctl(load->poll, EPOLL_CTL_ADD, clients[i].fd, &event) != 0)
			give_up("could not wait for an answer");
	}
	for (guint i = 0; i < n_clients; i++)
		ask(load, &clients[i]);
	while (load->n_busy > 0) {
		int n = epoll_wait(load->poll, events, G_N_ELEMENTS(events), -1);

		if (n < 0 && errno != EINTR)
			give_up("could not wait for answers");
		for (int i = 0; i < n; i++)
			take(load, events[i].data.ptr);
	}
	for (guint i = 0; i < n_clients; i++) {
		(void)close(clients[i].fd);
		g_string_free(clients[i].answer, TRUE);
	}
}

static int
compare_times(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
cpu_seconds(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int
main(int argc, char **argv)
{
	guint n_clients = argc == 5 ? (guint)atoi(argv[1]) : 0;
	double seconds = argc == 5 ? g_ascii_strtod(argv[2], NULL) : 0;

	if (n_clients < 1 || seconds <= 0)
		give_up("usage: api-load CONNECTIONS SECONDS UNIX-SOCKET PATHS");
	Load load = {.poll = epoll_create1(EPOLL_CLOEXEC),
		     .requests = read_requests(argv[4]),
		     .latencies = g_array_new(FALSE, FALSE, sizeof(double))};
	gint64 start = g_get_monotonic_time();
	load.end = start + (gint64)(seconds * G_USEC_PER_SEC);
	run(&load, n_clients, argv[3]);
	seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
	double *times = (double *)(void *)load.latencies->data;
	guint n = load.latencies->len;
	if (n == 0)
		give_up("no answer came in time");
	qsort(times, n, sizeof *times, compare_times);
	printf("{\"requests\": %u, \"failed\": %u, \"bytes\": %" G_GUINT64_FORMAT
	       ", \"seconds\": %.3f, \"p50\": %.3f, \"p99\": %.3f, \"max\": %.3f, "
	       "\"cpu\": %.3f}\n",
	       n, load.n_failed, load.n_bytes, seconds, times[n / 2], times[n * 99 / 100],
	       times[n - 1], cpu_seconds());
	g_ptr_array_unref(load.requests);
	g_array_unref(load.latencies);
	return 0;
}
