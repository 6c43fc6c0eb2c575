/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/api/watch.h"

/*
 * Who waits for events: a bounded number, none of them with a thread or a connection to the
 * database. All may be called from any thread.
 */
typedef struct PmWaiting PmWaiting;

typedef enum {
	PM_WOKEN_BY_EVENTS, /* there are some behind its cursor */
	PM_WOKEN_BY_TIME,
	PM_WOKEN_BY_END, /* of the program; or it waits to begin, and the database is away */
} PmWoken;

/* Called without locks; exchange is not waiting any more. */
typedef void (*PmWake)(gpointer exchange, PmWoken by, gint64 upto);

PmWaiting *pm_waiting_new(const PmPoolOptions *options, guint max, PmWake wake);
void pm_waiting_free(PmWaiting *waiting);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmWaiting, pm_waiting_free)

/* A place among those that wait, by turns or for ever. FALSE: there is none left. */
gboolean pm_waiting_enter(PmWaiting *waiting);
void pm_waiting_leave(PmWaiting *waiting);

/*
 * Wakes exchange once there are events behind id cursor (-1: once it is known which there are),
 * not before rest_until, or at until; both monotonic. It may be woken before this returns.
 */
void pm_waiting_add(PmWaiting *waiting, gpointer exchange, gint64 cursor,
		    gint64 rest_until, gint64 until);

/* Wakes those whose time has come. To be called about once a second. */
void pm_waiting_tick(PmWaiting *waiting);

/* Wakes all, and from now on at once who comes. */
void pm_waiting_end(PmWaiting *waiting);
