/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/summary.h"
#include "lib/ingest.h"
#include "lib/source/source.h"

/*
 * One run over sources: what patchmail replay does once and patchmail follow again and
 * again. Reports to standard error as it goes; counts into the result.
 */
typedef struct {
	PmSourceFormat format;
	PmIngestOptions ingest;
	const char *since; /* see PmSourceFeed */
	gboolean is_all, dry_run;
} PmReplayOptions;

typedef struct {
	PmSummary summary;
	guint64 input_errors;
	guint64 n_deleted, n_rewritten;
	gboolean is_done; /* all was read and stored */
	GError *error;	  /* where it was not, and nobody interrupted */
} PmReplayResult;

void pm_replay_result_clear(PmReplayResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmReplayResult, pm_replay_result_clear)

/* Batches and memory as configured; jobs 0: as shipped. list_id nullable, borrowed. */
void pm_replay_options_init(PmReplayOptions *options, const PmContext *context,
			    const char *list_id, int jobs);

/*
 * Reads all paths and stores their mails. What goes wrong on the way is in the result,
 * which is to be cleared in any case.
 */
void pm_replay_run(PmContext *context, const char *const *paths,
		   const PmReplayOptions *options, PmReplayResult *result_out);

/* SIGINT and SIGTERM end a run after the batch it is at; a second one ends all. */
void pm_replay_catch_interrupts(void);
gboolean pm_replay_is_interrupted(void);
/* Can be read from then on. */
int pm_replay_interrupt_fd(void);
