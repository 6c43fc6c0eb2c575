/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/api/request.h"
#include "lib/store/pg.h"

/*
 * Events as they come: GET /api/events/?wait=SECONDS&after=ID answers once there is one behind
 * that id, or the time is over; /api/events/stream goes on (Server-Sent Events). Both in the order
 * of ids.
 */

/* The longest that a poll may wait, in seconds. */
#define PM_FEED_WAIT_MAX 60
/* What a stream begins with: milliseconds until a client that lost it comes again. */
#define PM_FEED_RETRY "retry: 2000\n\n"

/* What a request wants. FALSE: it has its reply, for it says so in a wrong way. */
gboolean pm_feed_read(PmRequest *request);

/* The statement for the next part, and what it asks for. */
PmSql pm_feed_prepare(PmRequest *request);

/* Its rows. */
void pm_feed_take(PmRequest *request, const PmRows *rows);
