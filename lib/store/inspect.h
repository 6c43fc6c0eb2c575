/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/store.h"

/*
 * How a stored mail came to be where it is: its row of patchmail.message, and the
 * cluster in which its series was decided, correlated again with the rule that joined
 * each mail. msgid with or without brackets. Writes nothing. NULL with error where no
 * project has seen it. (transfer full): text, one fact a line.
 */
char *pm_inspect_message(PmStore *store, const char *msgid, GError **error);
