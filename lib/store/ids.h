/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/pg.h"

/*
 * Ids of rows that are to be written, reserved from the tables' sequences before they are
 * needed: with the first question of a batch, so that no round trip is spent on them.
 * What one batch does not use the next one does; rolled back or not, an id is given out
 * once.
 */
typedef struct PmIds PmIds;

typedef enum {
	PM_ID_PATCH,
	PM_ID_COVER,
	PM_ID_PATCH_COMMENT,
	PM_ID_COVER_COMMENT,
	PM_ID_SERIES,
	PM_ID_LABEL, /* threads and clusters */
} PmIdKind;

enum { PM_ID_KINDS = PM_ID_LABEL + 1 };

PmIds *pm_ids_new(void);
void pm_ids_free(PmIds *ids);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmIds, pm_ids_free)

/*
 * Queues the reservation of what is missing for wanted of each kind, and of more of each
 * that is missing. FALSE: none is and nothing was queued; otherwise *result_out is the
 * statement's number, and its rows go to pm_ids_add() after the sync.
 */
gboolean pm_ids_send(const PmIds *ids, PmPg *pg, const guint wanted[PM_ID_KINDS],
		     guint more, guint *result_out);
void pm_ids_add(PmIds *ids, const PmRows *rows);

/* The smallest one; there must be one. */
gint64 pm_ids_take(PmIds *ids, PmIdKind kind);
