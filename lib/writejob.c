/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/writejob.h"

PmWriteJob *
pm_write_job_new(PmEntry **entries, guint n)
{
	PmWriteJob *job = g_atomic_rc_box_new0(PmWriteJob);

	job->entries = entries;
	job->n = n;
	for (guint i = 0; i < n; i++)
		job->bytes += g_bytes_get_size(entries[i]->bytes);
	g_mutex_init(&job->lock);
	g_cond_init(&job->is_called);
	return job;
}

static void
clear_job(gpointer data)
{
	PmWriteJob *job = data;

	g_mutex_clear(&job->lock);
	g_cond_clear(&job->is_called);
}

void
pm_write_job_unref(PmWriteJob *job)
{
	g_atomic_rc_box_release_full(job, clear_job);
}

void
pm_write_job_call(PmWriteJob *job, PmJobState state)
{
	g_mutex_lock(&job->lock);
	gboolean is_waited_for = job->state == PM_JOB_WAITS;
	job->state = state;
	g_mutex_unlock(&job->lock);
	if (is_waited_for)
		g_cond_signal(&job->is_called);
}

void
pm_write_job_pass_lead(PmWriteJob *job)
{
	if (job == NULL)
		return;
	pm_write_job_call(job, PM_JOB_LEADS);
	pm_write_job_unref(job);
}

PmJobState
pm_write_job_wait(PmWriteJob *job)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&job->lock);

	while (job->state == PM_JOB_WAITS)
		g_cond_wait(&job->is_called, &job->lock);
	return job->state;
}
