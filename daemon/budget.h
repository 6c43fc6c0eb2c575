/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * How many bytes of mail all sessions together may hold. A session that would go
 * beyond waits, so its client waits: backpressure. One session at a time is let through
 * all the same, so that waiting sessions that each hold a part cannot wait for each other
 * for ever.
 */
typedef struct PmBudget PmBudget;

PmBudget *pm_budget_new(size_t limit);
void pm_budget_free(PmBudget *budget);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmBudget, pm_budget_free)

/* Another limit, from now on. */
void pm_budget_set_limit(PmBudget *budget, size_t limit);

/* Claims bytes for owner (any pointer that tells sessions apart), waiting for room. */
void pm_budget_claim(PmBudget *budget, gconstpointer owner, size_t bytes);

/* Gives back all that owner holds. */
void pm_budget_release(PmBudget *budget, gconstpointer owner, size_t bytes);

/* Bytes held by all. */
size_t pm_budget_used(PmBudget *budget);
