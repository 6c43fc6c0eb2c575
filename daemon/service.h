/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <gio/gio.h>

#include "daemon/budget.h"
#include "daemon/config.h"
#include "daemon/delivery.h"
#include "daemon/lmtp.h"
#include "daemon/tls.h"

/*
 * What all sessions of the daemon share: settings, the writer, the budget, and the list of
 * the sessions themselves, so that they can be told to end.
 */
typedef struct PmService PmService;

/* Settings as one session sees them from its beginning to its end; strings are interned. */
typedef struct {
	PmLmtpOptions lmtp;
	guint idle_timeout, data_timeout; /* seconds */
	gboolean is_mapped;
	const char *delimiters;
} PmSettings;

/* Starts the writer; does not wait for the database. config is read, not kept.
 * conninfo NULL: the configuration's. PM_ERROR_PERMANENT_CONFIG where TLS files are wrong.
 * (transfer full) */
PmService *pm_service_new(const PmConfig *config, const char *conninfo, GError **error);

/* Sessions must have ended. Waits for the writer to finish. */
void pm_service_free(PmService *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmService, pm_service_free)

/* Takes new settings for sessions and transactions to come, reads certificates and catalog
 * anew; all but [ingest] writers has an effect. On failure the old ones stay. */
gboolean pm_service_reload(PmService *service, const PmConfig *config, GError **error);

/* For sessions. */
void pm_service_settings(PmService *service, PmSettings *settings_out);
PmWriters *pm_service_writers(PmService *service);
PmBudget *pm_service_budget(PmService *service);
PmTls *pm_service_tls(PmService *service);

/*
 * A connection came: a session is started in a thread of its own, or refused, with 421 where
 * there are too many, with 554 who may not connect. The connection is borrowed. For the thread
 * that reloads.
 */
void pm_service_accept(PmService *service, GSocketConnection *connection);

/*
 * Tells sessions to end: those that are in the middle of a message after it, the
 * others at once; with force all at once.
 */
void pm_service_stop(PmService *service, gboolean force);

guint pm_service_session_count(PmService *service);
