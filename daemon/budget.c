/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/budget.h"

struct PmBudget {
	GMutex lock;
	GCond has_room;
	size_t limit, used;
	gconstpointer privileged; /* the one session that may go beyond; NULL: none */
	guint n_waiting;	  /* to be woken costs a system call, also for nobody */
};

PmBudget *
pm_budget_new(size_t limit)
{
	PmBudget *budget = g_new0(PmBudget, 1);

	g_mutex_init(&budget->lock);
	g_cond_init(&budget->has_room);
	budget->limit = limit;
	return budget;
}

void
pm_budget_free(PmBudget *budget)
{
	if (budget == NULL)
		return;
	g_mutex_clear(&budget->lock);
	g_cond_clear(&budget->has_room);
	g_free(budget);
}

void
pm_budget_set_limit(PmBudget *budget, size_t limit)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&budget->lock);

	budget->limit = limit;
	g_cond_broadcast(&budget->has_room);
}

void
pm_budget_claim(PmBudget *budget, gconstpointer owner, size_t bytes)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&budget->lock);

	while (budget->used + bytes > budget->limit && budget->privileged != owner) {
		if (budget->privileged == NULL) {
			budget->privileged = owner;
			continue;
		}
		budget->n_waiting++;
		g_cond_wait(&budget->has_room, &budget->lock);
		budget->n_waiting--;
	}
	budget->used += bytes;
}

void
pm_budget_release(PmBudget *budget, gconstpointer owner, size_t bytes)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&budget->lock);

	budget->used -= bytes;
	if (budget->privileged == owner)
		budget->privileged = NULL;
	if (budget->n_waiting > 0)
		g_cond_broadcast(&budget->has_room);
}

size_t
pm_budget_used(PmBudget *budget)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&budget->lock);

	return budget->used;
}
