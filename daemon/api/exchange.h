/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/api/request.h"
#include "daemon/api/server.h"
#include "daemon/api/waiting.h"

/*
 * A request on its way: head read -> body read -> suspended, in the pool's queue -> replied.
 * Who asks for events waits before, and between, suspended as well: it holds a connection to
 * the client and nothing else. All but the pool and the waking happens in libmicrohttpd's
 * thread.
 */

struct MHD_Connection;

typedef enum {
	PM_STAGE_HEAD,
	PM_STAGE_BODY,
	PM_STAGE_QUEUED,
	PM_STAGE_REPLIED,
} PmStage;

/* What all of them share. */
typedef struct {
	PmPool *pool;
	PmWaiting *waiting;
	GMutex lock;
	GHashTable *links;	 /* of PmLink, under lock */
	guint n_busy;		 /* under lock: in the pool */
	gboolean is_closing;	 /* under lock: nothing goes to the pool any more */
	PmAnswerOptions *answer; /* under lock; pm_answer_options_ref() */
} PmTraffic;

typedef struct {
	PmTraffic *traffic;
	struct MHD_Connection *connection;
	PmRequest *request;
	PmStage stage;
	gboolean is_admitted; /* among those that wait */
	gboolean is_ended;    /* a stream: no more of it */
	gint64 wait_until;    /* monotonic */
	GBytes *chunk;	      /* of a stream, nullable */
	gsize n_sent;	      /* of chunk */
} PmExchange;

/* A connection. */
typedef struct {
	int fd;
	gint64 deadline;      /* monotonic; 0: we are at it */
	PmExchange *exchange; /* owned; not ended yet */
} PmLink;

PmLink *pm_link_of(struct MHD_Connection *connection);
void pm_link_free(gpointer link);

PmExchange *pm_exchange_new(PmTraffic *traffic, struct MHD_Connection *connection,
			    const char *target);
void pm_exchange_free(PmExchange *exchange);

/* Seconds until the connection is shut down; 0: not until this is called again. */
void pm_exchange_set_deadline(PmTraffic *traffic, struct MHD_Connection *connection,
			      guint seconds);

/* What libmicrohttpd calls for each request: its head, pieces of its body, its end. Returns an
 * enum MHD_Result. */
int pm_exchange_handle(PmExchange *exchange, struct MHD_Connection *connection,
		       const char *method, const char *bytes, size_t *len);

/* For the pool and for those that wait. */
void pm_exchange_done(gpointer exchange);
void pm_exchange_wake(gpointer exchange, PmWoken by, gint64 upto);
