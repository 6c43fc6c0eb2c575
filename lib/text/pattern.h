/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Regular expressions that admins wrote (tag patterns, subject_match) run on
 * strangers' text: PCRE2 with limits on matching, case-insensitive and multi-line as Patchwork
 * uses them (re.I | re.M).
 */
typedef struct PmPattern PmPattern;

/* Steps, nesting and KiB of heap that a match may use at one place (PCRE2's measures). */
#define PM_PATTERN_MATCH_LIMIT 50000
#define PM_PATTERN_DEPTH_LIMIT 100000
#define PM_PATTERN_HEAP_LIMIT 20000
/* CPU time of one call, after which it finds no more: far more than 25 MB need with a
 * pattern that is not careless. Looked at every 2,048 places. */
#define PM_PATTERN_USEC_MAX 200000
/* Nobody needs to know whether there are more. */
#define PM_PATTERN_COUNT_MAX 10000

/* NULL and PM_ERROR_PERMANENT_CONFIG where regex does not compile. (transfer full) */
PmPattern *pm_pattern_new(const char *regex, GError **error);
void pm_pattern_free(PmPattern *pattern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmPattern, pm_pattern_free)

/* Whether it matches somewhere; FALSE also where a limit is hit. A match ends within the
 * lines of 64 KiB in which it begins. Thread-safe. */
gboolean pm_pattern_matches(const PmPattern *pattern, const char *text, size_t len);
/* How many times it matches, not overlapping; stops counting at a limit of
 * time or at PM_PATTERN_COUNT_MAX. Thread-safe. */
guint pm_pattern_count(const PmPattern *pattern, const char *text, size_t len);
