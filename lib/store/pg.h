/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

#include "lib/store/params.h"
#include "sql/sql.h"

/*
 * One connection to PostgreSQL, spoken to in pipelines of prepared statements.
 * The only module that includes libpq. It knows nothing of mail; it knows which
 * SQLSTATE means "try again".
 */
typedef struct PmPg PmPg;

/* The rows of one statement. Values are text; columns count from 0. */
typedef struct PmRows PmRows;

/*
 * Connects. conninfo is a libpq string ("" or NULL: the PG* environment).
 * time_zone (nullable: UTC) becomes the session's TimeZone. (transfer full)
 * NULL: PM_ERROR_TEMPORARY_DATABASE where the server is away or full,
 * PM_ERROR_PERMANENT_CONFIG where it refuses us (password, no such database) or is not in
 * UTF8.
 */
PmPg *pm_pg_new(const char *conninfo, const char *time_zone, GError **error);
void pm_pg_free(PmPg *pg);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmPg, pm_pg_free)

/*
 * How many seconds the server may be silent (neither answer nor take what is sent) before the
 * connection is given up as lost: a network that swallows packets closes nothing. 0: for ever, as
 * after pm_pg_new(), which itself waits for PM_PG_PATIENCE.
 */
#define PM_PG_PATIENCE 30
void pm_pg_set_patience(PmPg *pg, int seconds);

/* FALSE once the connection is lost, or leads to what is read-only now (25006: a standby; another
 * server may be the primary). A new PmPg is needed then. */
gboolean pm_pg_is_alive(const PmPg *pg);

/* Whether so much was sent in one round trip that libpq keeps a large buffer of it. Only a new
 * connection gives that back. */
gboolean pm_pg_is_swollen(const PmPg *pg);

/*
 * Queues a statement, preparing it on first use. Takes params (nullable). Returns
 * the number of its result in the coming pm_pg_sync(), from 0.
 */
guint pm_pg_send(PmPg *pg, PmSql sql, PmParams *params);

/*
 * The same, but a statement whose first array is empty is not sent at all: its result
 * is empty too.
 */
guint pm_pg_send_rows(PmPg *pg, PmSql sql, PmParams *params);
/* The same where is_wanted; otherwise params are freed, and the result is empty. */
guint pm_pg_send_where(PmPg *pg, PmSql sql, PmParams *params, gboolean is_wanted);

/*
 * Sends what is queued (nothing queued: nothing sent) and waits for all results.
 * FALSE on the first error: TEMPORARY_DATABASE (classes 08, 40, 53, 55, 57, 58 and a
 * lost connection),
 * PERMANENT_MAIL (22, 23: what a row holds), PERMANENT_SCHEMA (42P01, 42703,
 * 3F000, 42501), else PERMANENT_BUG. The queue is empty afterwards.
 */
gboolean pm_pg_sync(PmPg *pg, GError **error);

/* How many syncs there were: results are those of the last. */
guint64 pm_pg_trips(const PmPg *pg);

/* Result number i of the last successful sync. Owned by pg until the next sync. */
const PmRows *pm_pg_rows(const PmPg *pg, guint i);

/*
 * Commits, after whatever is still queued, in one round trip.
 * PM_ERROR_TEMPORARY_UNCERTAIN where the connection broke after the COMMIT was sent, so
 * that nobody knows whether it was done.
 */
gboolean pm_pg_commit(PmPg *pg, GError **error);

/* Rolls back whatever is open; quietly, since the next use tells. */
void pm_pg_rollback(PmPg *pg);

/* Runs a script of several statements in one transaction (schema, settings). */
gboolean pm_pg_script(PmPg *pg, PmSql sql, GError **error);

/* Runs one statement with text parameters outside of pipelines and without
 * preparing it (administration, show). (transfer full) */
PmRows *pm_pg_query(PmPg *pg, PmSql sql, const char *const *params, guint n_params,
		    GError **error);

/*
 * Waits until somebody notifies a channel that this session listens to, or msec have passed
 * (-1: for ever), or a signal came. *n_out: notifications, 0 where it was the time or the
 * signal; what they say is dropped. FALSE with PM_ERROR_TEMPORARY_DATABASE once the
 * connection is lost.
 */
gboolean pm_pg_wait(PmPg *pg, int msec, guint *n_out, GError **error);

guint pm_rows_count(const PmRows *rows);
gboolean pm_rows_is_null(const PmRows *rows, guint row, guint column);
/* "" for null. */
const char *pm_rows_text(const PmRows *rows, guint row, guint column);
/* NULL for null. */
const char *pm_rows_text_or_null(const PmRows *rows, guint row, guint column);
/* 0 for null. */
gint64 pm_rows_int(const PmRows *rows, guint row, guint column);
gboolean pm_rows_bool(const PmRows *rows, guint row, guint column);
/* A bytea as bytes. (transfer full) */
GBytes *pm_rows_bytes(const PmRows *rows, guint row, guint column);
void pm_rows_free(PmRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmRows, pm_rows_free)
