/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/entry.h"

/*
 * One mail outside of the ingest: read in a thread with the stack that reading wants.
 */

/* Runs run(data) in a thread with the stack that reading mails wants, and waits. */
void pm_run_with_mail_stack(void *(*run)(void *), void *data);

/* Parses; classifies for project where it is not NULL. NULL with error where the mail
 * cannot be read. item_out may be NULL. (transfer full) */
PmMail *pm_read_mail(GBytes *bytes, const PmProject *project, PmItem **item_out,
		     GError **error);
