/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/entry.h"

typedef enum {
	PM_JOB_WAITS,
	PM_JOB_LEADS,
	PM_JOB_DONE,
} PmJobState;

/*
 * Mails that a thread has handed in to the writer, and waits for. Counted: that thread may
 * have gone before the one that called it lets go of the job.
 */
typedef struct {
	PmEntry **entries;
	guint n;
	size_t bytes;
	GError *error; /* owned by who waits, once it is done */
	GMutex lock;   /* of state */
	GCond is_called;
	PmJobState state;
} PmWriteJob;

/* entries are borrowed. (transfer full) */
PmWriteJob *pm_write_job_new(PmEntry **entries, guint n);
void pm_write_job_unref(PmWriteJob *job);

/* Wakes the thread that waits for it. Not to be called under a lock that this thread would want
 * next. */
void pm_write_job_call(PmWriteJob *job, PmJobState state);

/* Calls it to lead; nothing where it is NULL. Takes the reference. */
void pm_write_job_pass_lead(PmWriteJob *job);

/* Waits until it is called: PM_JOB_LEADS or PM_JOB_DONE. */
PmJobState pm_write_job_wait(PmWriteJob *job);
