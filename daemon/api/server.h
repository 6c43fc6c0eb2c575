/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/api/answer.h"
#include "daemon/api/pool.h"
#include "daemon/listen.h"

/*
 * HTTP/1.1 by libmicrohttpd: one thread reads and writes, a connection that waits for the
 * database is suspended.
 */
typedef struct PmServer PmServer;

/* Connections at once; beyond, the kernel queues them. What the head of a request may have.
 * Seconds for a request to come in, and for its answer to be taken. */
#define PM_SERVER_HEAD_MAX 16384
#define PM_SERVER_REQUEST_TIMEOUT 30
#define PM_SERVER_REPLY_TIMEOUT 120

typedef struct {
	guint max_connections;
	guint max_waiting;	 /* of them: for events */
	PmAnswerOptions *answer; /* borrowed */
	PmPoolOptions pool;
} PmServerOptions;

/* Serves on listen's sockets, in the main context that is the thread's default. listen
 * (borrowed). PM_ERROR_PERMANENT_CONFIG where libmicrohttpd does not start. */
PmServer *pm_server_new(const PmServerOptions *options, PmListen *listen, GError **error);

/* Answers differently from now on. options (borrowed). */
void pm_server_reload(PmServer *server, PmAnswerOptions *options);

/* Takes no more connections, and lets nobody wait for events any longer. What is being answered
 * is finished. */
void pm_server_stop(PmServer *server);

/* Requests that have no reply yet. */
guint pm_server_busy(PmServer *server);
guint pm_server_connections(PmServer *server);

void pm_server_free(PmServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmServer, pm_server_free)
