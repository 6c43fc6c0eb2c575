/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/* Asks a running patchmaild from outside, within a few seconds. */

/* The greeting of one ("220 ..."), or NULL with PM_ERROR_TEMPORARY_DATABASE. (transfer full) */
char *pm_probe_greeting(const char *address, GError **error);

/*
 * Figures of its /metrics: name without "patchmail_" and labels -> sum over the labels, a
 * double. NULL with error. (transfer full)
 */
GHashTable *pm_probe_metrics(const char *address, GError **error);
