/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/entry.h"

/*
 * Mails at which the database failed for no reason that says whose fault it is
 * (PM_ERROR_PERMANENT_BUG: an internal error, a trigger that somebody wrote). Such a mail is to
 * blame only where others are stored meanwhile: then it would fail for ever. Where none is, the
 * database is to blame, and all mails wait.
 *
 * Remembers the last PM_SUSPECTS_MAX. Not for several threads at once.
 */
typedef struct PmSuspects PmSuspects;

#define PM_SUSPECTS_MAX 1024

PmSuspects *pm_suspects_new(void);
void pm_suspects_free(PmSuspects *suspects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmSuspects, pm_suspects_free)

/* Some mails became rows. */
void pm_suspects_note_stored(PmSuspects *suspects);

/* This mail failed alone. TRUE: it had failed before, and others were stored since. */
gboolean pm_suspects_accuse(PmSuspects *suspects, const PmEntry *entry);
