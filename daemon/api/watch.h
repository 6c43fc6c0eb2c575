/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/api/pool.h"

/*
 * Up to which id all events are there: none will come before it any more. Ids are given before a
 * commit, and Patchwork's own programs commit in any order; so where one is missing, this waits
 * until the transactions have ended that may bring it. One thread with one connection, which
 * listens (NOTIFY) from the first time that somebody wants to know.
 */
typedef struct PmWatch PmWatch;

/* What a transaction that does not end may hold back the others, in seconds; its event is not
 * told then to who has gone on meanwhile. */
#define PM_WATCH_PATIENCE 60

/* upto has risen; -1: it is not known, since the database is away. Called in a thread of its
 * own. */
typedef void (*PmWatchTold)(gint64 upto, gpointer data);

PmWatch *pm_watch_new(const PmPoolOptions *options, PmWatchTold told, gpointer data);

/* Begins to listen, if it has not. */
void pm_watch_begin(PmWatch *watch);

void pm_watch_free(PmWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmWatch, pm_watch_free)
