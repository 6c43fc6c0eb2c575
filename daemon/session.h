/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/service.h"

/*
 * One connection from greeting to close: blocking reads and writes around the pure
 * engine, in a thread of its own with the stack that reading mail wants.
 */
typedef struct PmSession PmSession;

/* connection: a reference is taken. id for logs. (transfer full) */
PmSession *pm_session_new(PmService *service, GSocketConnection *connection, guint64 id);
void pm_session_free(PmSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmSession, pm_session_free)

/* Serves until the client or the service ends it. */
void pm_session_run(PmSession *session);

/* From another thread: ends it at once, or, unless force, after its message. */
void pm_session_stop(PmSession *session, gboolean force);
