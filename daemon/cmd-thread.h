/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/command.h"

/* patchmail show thread: the mails of a thread as a tree; with --json one object a mail, in
 * the same order. msgid with or without brackets. Returns a sysexits.h status. */
int pm_show_thread(PmContext *context, const char *msgid);
