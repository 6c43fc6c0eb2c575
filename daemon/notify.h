/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * What systemd (or who speaks sd_notify's protocol) wants to know about this process.
 * Where NOTIFY_SOCKET is not set, all of this does nothing. Never fails the
 * caller: a manager that does not read within a second is left. TRUE: it was sent.
 */

/* READY=1, after the start and at the end of a reload; status (nullable) as below. */
gboolean pm_notify_ready(const char *status);

/* RELOADING=1 with the time, which Type=notify-reload needs. */
gboolean pm_notify_reloading(void);

/* STOPPING=1. */
gboolean pm_notify_stopping(const char *status);

/* A line for systemctl status; cut at the first line end and at 512 bytes. */
gboolean pm_notify_status(const char *status);

/* WATCHDOG=1: still alive. To be sent only when the writer makes progress. */
gboolean pm_notify_watchdog(void);

/*
 * Microseconds within which pm_notify_watchdog() must be called (do it at half of
 * them); 0 where no watchdog waits for this process.
 */
guint64 pm_notify_watchdog_interval(void);
