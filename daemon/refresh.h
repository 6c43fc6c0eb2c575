/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/command.h"
#include "lib/source/source.h"

/* replay --update: reads the mails of archives and updates the rows of those that are stored;
 * prints what changes, or would where dry_run. Returns an exit status. */
int pm_refresh_archives(PmContext *context, const char *const *paths,
			PmSourceFormat format, const char *list_id, gboolean dry_run);
