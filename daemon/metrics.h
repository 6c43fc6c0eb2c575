/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Figures of this process, for Prometheus. The list is fixed and here; all of it is
 * zero at the start and may be changed from any thread at any time.
 */

typedef enum {
	PM_COUNTER_CONNECTIONS,		/* taken */
	PM_COUNTER_CONNECTIONS_REFUSED, /* too many */
	PM_COUNTER_CONNECTIONS_DENIED,	/* who may not */
	PM_COUNTER_TLS_FAILURES,	/* handshakes that failed */
	PM_COUNTER_MESSAGES,		/* whose data ended */
	PM_COUNTER_BYTES,		/* of them */
	PM_COUNTER_RECIPIENTS,		/* accepted */
	PM_COUNTER_RECIPIENTS_REFUSED,
	PM_COUNTER_BAD_COMMANDS, /* answered 5xx */
	PM_COUNTER_BROKEN_LINES, /* mails with a line that was cut at 998 octets */
	PM_COUNTER_COMMITS,
	PM_COUNTER_RECONNECTS,	       /* to the database */
	PM_COUNTER_QUARANTINE_TRIMMED, /* mails that left it: too old, or too many */
	PM_N_COUNTERS,
} PmCounter;

typedef enum {
	PM_GAUGE_CONNECTIONS, /* now */
	PM_GAUGE_QUEUE_MAILS, /* waiting or being stored */
	PM_GAUGE_QUEUE_BYTES,
	PM_GAUGE_LAST_COMMIT, /* seconds since 1970; 0: none yet */
	PM_GAUGE_START_TIME,  /* seconds since 1970 */
	PM_GAUGE_QUARANTINE,  /* mails there, as last counted */
	PM_GAUGE_QUARANTINE_BYTES,
	PM_GAUGE_HELD,	      /* replies without a parent, as last counted */
	PM_GAUGE_DATABASE_UP, /* 1: the last transaction worked */
	PM_N_GAUGES,
} PmGauge;

typedef enum {
	PM_HISTOGRAM_LATENCY,	  /* seconds from the end of the data to the replies */
	PM_HISTOGRAM_COMMIT,	  /* seconds a batch took in the database */
	PM_HISTOGRAM_BATCH_MAILS, /* mails in a batch */
	PM_N_HISTOGRAMS,
} PmHistogram;

/* What went wrong with the database; the label "kind". */
typedef enum {
	PM_DATABASE_CONNECTION, /* class 08, or lost without a word */
	PM_DATABASE_LOCK,	/* class 40, 55P03, 57014: deadlock or waited too long */
	PM_DATABASE_RESOURCES,	/* class 53, 54: room, memory, connections */
	PM_DATABASE_SHUTDOWN,	/* class 57 otherwise, 25006: stops, or is a standby */
	PM_DATABASE_REFUSED,	/* class 28, 3D000, 42501: not us, not so */
	PM_DATABASE_DATA,	/* class 22, 23: what a mail holds */
	PM_DATABASE_OTHER,
	PM_N_DATABASE,
} PmDatabaseError;

/* Label values are cut here, and beyond this many projects all others are "other". */
#define PM_METRICS_LABEL_MAX 128
#define PM_METRICS_PROJECTS_MAX 256

void pm_metrics_count(PmCounter counter, guint64 n);
guint64 pm_metrics_counter(PmCounter counter);

void pm_metrics_set(PmGauge gauge, gint64 value);
void pm_metrics_add(PmGauge gauge, gint64 difference);
gint64 pm_metrics_gauge(PmGauge gauge);

/* Negative and not a number counts as 0. */
void pm_metrics_observe(PmHistogram histogram, double value);

/* One mail for one project. project NULL or "": none. outcome is one of a few words
 * of ours ("patch", "cover", "known", "tempfail", ...); beyond 32 of them: "other". */
void pm_metrics_mail(const char *project, const char *outcome);

void pm_metrics_database_error(PmDatabaseError kind);
/* sqlstate NULL or "": connection. */
PmDatabaseError pm_metrics_database_kind(const char *sqlstate);

/* All of it as Prometheus' text format 0.0.4. (transfer full) */
char *pm_metrics_render(void);

/* All zero again; for tests. */
void pm_metrics_reset(void);
