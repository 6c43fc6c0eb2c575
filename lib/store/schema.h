/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/pg.h"

/*
 * Making and knowing the schema: Patchwork's tables where none are, and our own
 * schema beside them.
 */

/* The version of the schema patchmail that this program writes. */
#define PM_SCHEMA_VERSION 3

/*
 * What an upgrade tells while it runs: done is what it did (or would do), in one sentence each (of
 * char *); doing, a literal set atomically, is the step that it is at, for another thread to read.
 */
typedef struct {
	GPtrArray *done;
	const char *doing;
} PmSchemaReport;

/*
 * Creates or upgrades, and reports it. Where dry_run nothing is changed. role (nullable) gets the
 * rights that taking in mail needs. All or nothing, safe to repeat.
 * PM_ERROR_PERMANENT_SCHEMA: Patchwork's tables are incomplete or of a version that
 * we do not know, or the schema patchmail is newer than this program.
 */
gboolean pm_schema_init(PmPg *pg, const char *role, gboolean dry_run,
			PmSchemaReport *report, GError **error);

/* Gives a role what patchmail-api needs, and no more; after pm_schema_init(). */
gboolean pm_schema_grant_api(PmPg *pg, const char *role, GError **error);

/*
 * Fails with PM_ERROR_PERMANENT_SCHEMA and a sentence where mail cannot be stored here.
 * is_shared_out (nullable): whether the tables were there before us, so that Patchwork's
 * own parser may write them as well.
 */
gboolean pm_schema_check(PmPg *pg, gboolean *is_shared_out, GError **error);

/* Fails with PM_ERROR_PERMANENT_SCHEMA and a sentence where the functions that answer as
 * Patchwork's REST API does are missing, or those of another patchmail. */
gboolean pm_schema_check_functions(PmPg *pg, GError **error);
