/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * One token of a subject's brackets: what "PATCHv2", "1.5/2", "-v2" or
 * "RFC/PATCH" say. Knows nothing of the tokens around it.
 */

/* Patchwork's column is a smallint; larger numbers are no numbers of patches. */
#define PM_MARKER_NUMBER_MAX 32767
/* Versions and totals are integers there. */
#define PM_MARKER_INTEGER_MAX G_MAXINT32

typedef struct {
	gboolean is_patch; /* holds the word patch */
	gboolean is_rfc;
	gboolean is_pull;     /* PULL, GIT-PULL, PULL-REQUEST */
	gboolean has_version; /* vN, -vN, PATCHvN, RFCvN, #N, (vN), vN.M, vNa */
	int version;
	char *version_text;  /* "5.1", "4a" where it is more than N, else NULL */
	gboolean has_number; /* n/m or "n of m" */
	int number;
	int fraction;
	int total;
	char *rest; /* lower case, without all of the above; "" where nothing is left */
} PmMarker;

/* Reads one token. Never fails; limits above. */
void pm_marker_init(PmMarker *marker, const char *token);
void pm_marker_clear(PmMarker *marker);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmMarker, pm_marker_clear)
