/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/listen.h"

/*
 * A tiny HTTP/1.1 server for two documents: GET (or HEAD) /metrics and /health. One request a
 * connection, nothing read but the head. Runs in the main context that is the
 * thread's default, and never blocks it.
 */
typedef struct PmHttp PmHttp;

/* The head of a request, connections at once, and seconds from first to last byte. */
#define PM_HTTP_HEAD_MAX 8192
#define PM_HTTP_CONNECTIONS_MAX 16
#define PM_HTTP_TIMEOUT 10

/*
 * Whether all is well; otherwise reason_out is set to why in a few words (transfer full).
 * The answer is 200 "ok" or 503 with the reason. Called in the main context: it tells
 * what is known and waits for nothing.
 */
typedef gboolean (*PmHttpHealth)(char **reason_out, gpointer user_data);

/* (transfer full) the text of /metrics; pm_metrics_render() is one. */
typedef char *(*PmHttpMetrics)(void);

/* Starts to serve on listen's sockets. listen (transfer full). (transfer full) */
PmHttp *pm_http_new(PmListen *listen, PmHttpMetrics metrics, PmHttpHealth health,
		    gpointer user_data);

/* Ends it, with all its connections. */
void pm_http_free(PmHttp *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmHttp, pm_http_free)
