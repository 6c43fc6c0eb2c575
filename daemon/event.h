/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/command.h"

/* One row of tail_events for people, for programs, and for a command that is run. */

/* Whether Patchwork knows events of this category. */
gboolean pm_event_is_category(const char *name);
/* All of them, with blanks between. (transfer full) */
char *pm_event_categories(void);

gint64 pm_event_id(const PmRows *rows, guint row);
const char *pm_event_category(const PmRows *rows, guint row);
const char *pm_event_project(const PmRows *rows, guint row);

/* One line without its end. (transfer full) */
char *pm_event_line(const PmRows *rows, guint row);
/* One JSON object on one line. (transfer full) */
char *pm_event_json(const PmRows *rows, guint row);

/*
 * Runs the shell command with the JSON object on standard input and PATCHMAIL_ID, _CATEGORY,
 * _PROJECT, _MSGID, _NAME, _SERIES, _VERSION, _TOTAL, _PATCH, _COVER, _COMMENT in the
 * environment (empty where the event has none), and waits for it. FALSE with
 * PM_ERROR_TEMPORARY_DATABASE where its status is 75, and PM_ERROR_PERMANENT_INPUT where it
 * is any other than 0.
 */
gboolean pm_event_run(const PmRows *rows, guint row, const char *command, GError **error);
