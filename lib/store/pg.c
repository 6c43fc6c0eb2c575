/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/pg.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include <libpq-fe.h>

#include "lib/error.h"
#include "lib/store/session.h"
#include "lib/store/sqlstate.h"

/*
 * Statements are sent with libpq's pipeline mode in non-blocking sockets: while
 * the queue is written, results that already come are read, so that neither
 * side waits for the other with full buffers. An error inside a pipeline aborts
 * the rest of it; the first one is reported and the transaction rolled back by
 * the caller.
 */

struct PmPg {
	PGconn *conn;
	gboolean is_prepared[PM_SQL_COUNT];
	GArray *queue;	 /* of PmQueued: what the server will answer, in order */
	GPtrArray *rows; /* of PmRows: results of statements, by number */
	guint64 n_trips; /* syncs so far */
	size_t n_bytes;	 /* of values since the last sync */
	guint n_sent;	 /* statements (not preparations) since the last sync */
	gboolean is_swollen;
	gboolean is_read_only; /* what was written to has become a standby */
	gboolean is_silent;    /* it was given up: no answer came in time */
	int patience;	       /* seconds without a sign of the server; 0: for ever */
};

struct PmRows {
	PGresult *result;
};

typedef struct {
	PmSql sql;
	gboolean is_prepare;
} PmQueued;

void
pm_rows_free(PmRows *rows)
{
	if (rows == NULL)
		return;
	PQclear(rows->result);
	g_free(rows);
}

static PmRows *
rows_new(PGresult *result)
{
	return g_memdup2(&(PmRows){result}, sizeof(PmRows));
}

static void
set_connection_error(GError **error, PmPg *pg)
{
	pm_sqlstate_set_lost(error, PQerrorMessage(pg->conn),
			     pg->is_silent ? pg->patience : 0);
}

static void
set_result_error(GError **error, const PGresult *result, const char *what, PmSql sql)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);

	pm_sqlstate_set_error(error, state,
			      message ? message : PQresultErrorMessage(result), detail,
			      "could not run %s\"%s\"", what, pm_sql_name(sql));
}

static void
ignore_notice(void *data, const PGresult *result)
{
	(void)data;
	(void)result;
}

PmPg *
pm_pg_new(const char *conninfo, const char *time_zone, GError **error)
{
	/* What the user's string says of these wins over the defaults here. */
	const char *const keys[] = {"client_encoding",
				    "application_name",
				    "connect_timeout",
				    "keepalives_idle",
				    "tcp_user_timeout",
				    "dbname",
				    NULL};
	const char *const values[] = {
		"UTF8", "patchmail", "10", "30", "30000", conninfo ? conninfo : "", NULL};
	g_autoptr(PmPg) pg = g_new0(PmPg, 1);

	pg->queue = g_array_new(FALSE, FALSE, sizeof(PmQueued));
	pg->rows = g_ptr_array_new_with_free_func((GDestroyNotify)pm_rows_free);
	pg->patience = PM_PG_PATIENCE;
	pg->conn = PQconnectdbParams(keys, values, 1);
	if (PQstatus(pg->conn) != CONNECTION_OK) {
		pm_sqlstate_set_refused(error, PQerrorMessage(pg->conn));
		return NULL;
	}
	(void)PQsetNoticeReceiver(pg->conn, ignore_notice, NULL);
	(void)PQsetnonblocking(pg->conn, 1);
	if (!pm_session_check_encoding(PQparameterStatus(pg->conn, "server_encoding"),
				       error) ||
	    !pm_session_set_up(pg, time_zone, error))
		return NULL;
	pg->patience = 0;
	return g_steal_pointer(&pg);
}

void
pm_pg_set_patience(PmPg *pg, int seconds)
{
	pg->patience = seconds;
}

void
pm_pg_free(PmPg *pg)
{
	if (pg == NULL)
		return;
	PQfinish(pg->conn);
	g_array_unref(pg->queue);
	g_ptr_array_unref(pg->rows);
	g_free(pg);
}

gboolean
pm_pg_is_alive(const PmPg *pg)
{
	return PQstatus(pg->conn) == CONNECTION_OK && !pg->is_read_only && !pg->is_silent;
}

gboolean
pm_pg_is_swollen(const PmPg *pg)
{
	return pg->is_swollen;
}

static void
enqueue(PmPg *pg, PmSql sql, gboolean is_prepare)
{
	PmQueued queued = {.sql = sql, .is_prepare = is_prepare};

	g_array_append_val(pg->queue, queued);
}

enum { PARAMS_MAX = 32, SWOLLEN_BYTES = 16 * 1024 * 1024 };

guint
pm_pg_send(PmPg *pg, PmSql sql, PmParams *params)
{
	g_autoptr(PmParams) owned = params;
	guint n = owned ? pm_params_count(owned) : 0;
	const char *data[PARAMS_MAX];
	int lengths[PARAMS_MAX], formats[PARAMS_MAX];
	Oid types[PARAMS_MAX];

	g_assert(n <= PARAMS_MAX);
	for (guint i = 0; i < n; i++) {
		data[i] = pm_params_data(owned, i, &lengths[i], &types[i]);
		formats[i] = 1;
		pg->n_bytes += (size_t)MAX(lengths[i], 0);
	}
	/* Failures to send are failures of the connection: pm_pg_sync() sees them. */
	(void)PQenterPipelineMode(pg->conn);
	if (!pg->is_prepared[sql]) {
		if (PQsendPrepare(pg->conn, pm_sql_name(sql), pm_sql_text(sql), (int)n,
				  types))
			enqueue(pg, sql, TRUE);
		pg->is_prepared[sql] = TRUE;
	}
	if (PQsendQueryPrepared(pg->conn, pm_sql_name(sql), (int)n, data, lengths,
				formats, 0))
		enqueue(pg, sql, FALSE);
	/* Not flushed: libpq does so at 64 KiB, pm_pg_sync() does the rest. A write
	 * for each statement would wake the server for each. */
	return pg->n_sent++;
}

/* Stands for the result of a statement that had nothing to do. */
#define NOT_SENT G_MAXUINT

guint
pm_pg_send_where(PmPg *pg, PmSql sql, PmParams *params, gboolean is_wanted)
{
	if (is_wanted)
		return pm_pg_send(pg, sql, params);
	pm_params_free(params);
	return NOT_SENT;
}

guint
pm_pg_send_rows(PmPg *pg, PmSql sql, PmParams *params)
{
	return pm_pg_send_where(pg, sql, params, pm_params_rows(params, 0) > 0);
}

/* Waits for the server to say something or take something. FALSE where it does neither. */
static gboolean
wait_for_sign(PmPg *pg, struct pollfd *fd)
{
	/* A signal, of which there are few, begins it anew. */
	int n = poll(fd, 1, pg->patience > 0 ? pg->patience * 1000 : -1);

	pg->is_silent = n == 0;
	return n > 0 || (n < 0 && errno == EINTR);
}

/* Waits until a result can be read without blocking, writing meanwhile. */
static gboolean
wait_for_result(PmPg *pg)
{
	if (pg->is_silent)
		return FALSE;
	for (;;) {
		int pending = PQflush(pg->conn);
		struct pollfd fd = {
			.fd = PQsocket(pg->conn),
			.events = POLLIN | (pending > 0 ? POLLOUT : 0),
		};

		if (pending < 0 || fd.fd < 0)
			return FALSE;
		if (pending == 0 && !PQisBusy(pg->conn))
			return TRUE;
		if (!wait_for_sign(pg, &fd) || !PQconsumeInput(pg->conn))
			return FALSE;
		if (!PQisBusy(pg->conn))
			return TRUE;
	}
}

/* The next result, or NULL where a statement's results end or the connection broke. */
static PGresult *
next_result(PmPg *pg)
{
	if (!wait_for_result(pg))
		return NULL;
	return PQgetResult(pg->conn);
}

static void
take_result(PmPg *pg, PGresult *result, const PmQueued *queued, GError **failure)
{
	ExecStatusType status = PQresultStatus(result);

	if (queued->is_prepare && status == PGRES_COMMAND_OK) {
		PQclear(result);
		return;
	}
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
		g_ptr_array_add(pg->rows, rows_new(result));
		return;
	}
	if (queued->is_prepare || status == PGRES_PIPELINE_ABORTED)
		pg->is_prepared[queued->sql] =
			pg->is_prepared[queued->sql] && !queued->is_prepare;
	if (status != PGRES_PIPELINE_ABORTED && *failure == NULL) {
		set_result_error(failure, result, "statement ", queued->sql);
		pg->is_read_only |= g_str_equal(pm_error_sqlstate(*failure), "25006");
	}
	PQclear(result);
}

/* Reads up to the pipeline's end. FALSE where the connection is lost on the way. */
static gboolean
read_results(PmPg *pg, GError **failure)
{
	for (guint i = 0; i < pg->queue->len; i++) {
		const PmQueued *queued = &g_array_index(pg->queue, PmQueued, i);
		PGresult *result = next_result(pg);

		if (result == NULL)
			return FALSE;
		take_result(pg, result, queued, failure);
		while ((result = next_result(pg)) != NULL)
			PQclear(result);
		if (PQstatus(pg->conn) != CONNECTION_OK)
			return FALSE;
	}
	PGresult *end = next_result(pg);
	gboolean is_end = end != NULL && PQresultStatus(end) == PGRES_PIPELINE_SYNC;

	PQclear(end);
	return is_end;
}

gboolean
pm_pg_sync(PmPg *pg, GError **error)
{
	g_autoptr(GError) failure = NULL;
	guint n_sent = pg->n_sent;

	g_ptr_array_set_size(pg->rows, 0);
	if (n_sent == 0)
		return TRUE;
	pg->n_trips++;
	pg->is_swollen = pg->is_swollen || pg->n_bytes > SWOLLEN_BYTES;
	pg->n_bytes = 0;
	(void)PQenterPipelineMode(pg->conn);
	gboolean is_read = PQpipelineSync(pg->conn) && read_results(pg, &failure);
	g_array_set_size(pg->queue, 0);
	pg->n_sent = 0;
	if (failure != NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	if (!is_read || pg->rows->len != n_sent) {
		set_connection_error(error, pg);
		return FALSE;
	}
	return TRUE;
}

guint64
pm_pg_trips(const PmPg *pg)
{
	return pg->n_trips;
}

const PmRows *
pm_pg_rows(const PmPg *pg, guint i)
{
	static const PmRows nothing = {NULL};

	if (i == NOT_SENT)
		return &nothing;
	g_assert(i < pg->rows->len);
	return g_ptr_array_index(pg->rows, i);
}

gboolean
pm_pg_commit(PmPg *pg, GError **error)
{
	g_autoptr(GError) failure = NULL;

	(void)pm_pg_send(pg, PM_SQL_COMMIT, NULL);
	if (pm_pg_sync(pg, &failure))
		return TRUE;
	if (PQstatus(pg->conn) != CONNECTION_OK || pg->is_silent)
		failure->code = PM_ERROR_TEMPORARY_UNCERTAIN;
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

void
pm_pg_rollback(PmPg *pg)
{
	if (!pm_pg_is_alive(pg) || PQtransactionStatus(pg->conn) == PQTRANS_IDLE)
		return;
	(void)pm_pg_send(pg, PM_SQL_ROLLBACK, NULL);
	(void)pm_pg_sync(pg, NULL);
}

/* The last result of all, as PQexec() gives it; NULL where the connection is lost. */
static PGresult *
run_outside_pipeline(PmPg *pg, const char *sql, const char *const *params, guint n)
{
	PGresult *last = NULL, *next;

	(void)PQexitPipelineMode(pg->conn);
	gboolean is_sent = params == NULL ? PQsendQuery(pg->conn, sql)
					  : PQsendQueryParams(pg->conn, sql, (int)n, NULL,
							      params, NULL, NULL, 0);
	while (is_sent && (next = next_result(pg)) != NULL) {
		PQclear(last);
		last = next;
	}
	/* What the server's last words were is worth more than that it is gone. */
	if (!pm_pg_is_alive(pg) && PQresultStatus(last) != PGRES_FATAL_ERROR)
		g_clear_pointer(&last, PQclear);
	return last;
}

/* (transfer full) */
static PmRows *
run(PmPg *pg, PmSql sql, const char *const *params, guint n, GError **error)
{
	g_autoptr(PmRows) rows =
		rows_new(run_outside_pipeline(pg, pm_sql_text(sql), params, n));
	ExecStatusType status = PQresultStatus(rows->result);

	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
		return g_steal_pointer(&rows);
	if (rows->result == NULL)
		set_connection_error(error, pg);
	else
		set_result_error(error, rows->result, "", sql);
	return NULL;
}

gboolean
pm_pg_script(PmPg *pg, PmSql sql, GError **error)
{
	g_autoptr(PmRows) rows = run(pg, sql, NULL, 0, error);

	return rows != NULL;
}

PmRows *
pm_pg_query(PmPg *pg, PmSql sql, const char *const *params, guint n_params,
	    GError **error)
{
	return run(pg, sql, params ? params : (const char *const[]){NULL}, n_params,
		   error);
}

static guint
take_notifications(PmPg *pg)
{
	PGnotify *notification = NULL;
	guint n = 0;

	while ((notification = PQnotifies(pg->conn)) != NULL) {
		PQfreemem(notification);
		n++;
	}
	return n;
}

gboolean
pm_pg_wait(PmPg *pg, int msec, guint *n_out, GError **error)
{
	/* What came with the answer to a statement is there already. */
	guint n = take_notifications(pg);
	struct pollfd fd = {.fd = PQsocket(pg->conn), .events = POLLIN};

	if (n == 0 && fd.fd >= 0 && poll(&fd, 1, msec) > 0) {
		if (!PQconsumeInput(pg->conn)) {
			set_connection_error(error, pg);
			return FALSE;
		}
		n = take_notifications(pg);
	}
	if (!pm_pg_is_alive(pg)) {
		set_connection_error(error, pg);
		return FALSE;
	}
	*n_out = n;
	return TRUE;
}

guint
pm_rows_count(const PmRows *rows)
{
	return (guint)PQntuples(rows->result);
}

gboolean
pm_rows_is_null(const PmRows *rows, guint row, guint column)
{
	return PQgetisnull(rows->result, (int)row, (int)column);
}

const char *
pm_rows_text(const PmRows *rows, guint row, guint column)
{
	return PQgetvalue(rows->result, (int)row, (int)column);
}

const char *
pm_rows_text_or_null(const PmRows *rows, guint row, guint column)
{
	return pm_rows_is_null(rows, row, column) ? NULL
						  : pm_rows_text(rows, row, column);
}

gint64
pm_rows_int(const PmRows *rows, guint row, guint column)
{
	return g_ascii_strtoll(pm_rows_text(rows, row, column), NULL, 10);
}

gboolean
pm_rows_bool(const PmRows *rows, guint row, guint column)
{
	return pm_rows_text(rows, row, column)[0] == 't';
}

GBytes *
pm_rows_bytes(const PmRows *rows, guint row, guint column)
{
	size_t len = 0;
	unsigned char *bytes = PQunescapeBytea(
		(const unsigned char *)pm_rows_text(rows, row, column), &len);

	return g_bytes_new_with_free_func(bytes, len, PQfreemem, bytes);
}
