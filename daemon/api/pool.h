/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/api/request.h"
#include "lib/store/pg.h"

/*
 * A bounded number of threads, each with a database connection of its own, which is made when
 * it is first needed, and made anew when it is lost.
 */
typedef struct PmPool PmPool;

/* Called in a thread of the pool when a request that was pushed has its reply. */
typedef void (*PmPoolDone)(gpointer exchange);

typedef struct {
	const char *conninfo;  /* nullable */
	const char *time_zone; /* of Patchwork's setting */
	guint n_threads;
} PmPoolOptions;

/* A connection with the settings of this program. The functions of the schema are ours. */
PmPg *pm_pool_connect(const PmPoolOptions *options, GError **error);

PmPool *pm_pool_new(const PmPoolOptions *options, PmPoolDone done);

/* Queues a request; exchange is for done. Not bounded here: a connection has one at a time. */
void pm_pool_push(PmPool *pool, PmRequest *request, gpointer exchange);

/* Answers what is queued, and ends the threads. */
void pm_pool_free(PmPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmPool, pm_pool_free)

/* Forgets who was right, and who was wrong, about passwords and tokens. */
void pm_pool_forget(PmPool *pool);

/* Whether the last attempt to use the database succeeded. */
gboolean pm_pool_is_connected(const PmPool *pool);
