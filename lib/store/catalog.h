/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/mail/mail.h"
#include "lib/series/project.h"
#include "lib/store/pg.h"

/*
 * What admins set up and mail refers to: projects, states, tags, delegation rules.
 * Read at start and now and then, not per batch; immutable once read, so that
 * parsing threads can share it.
 */
typedef struct PmCatalog PmCatalog;

/* Reads all of it. Fails as pm_pg_sync(); a tag pattern or subject_match that PCRE
 * does not understand is left out. (transfer full) */
PmCatalog *pm_catalog_new(PmPg *pg, GError **error);
PmCatalog *pm_catalog_ref(PmCatalog *catalog);
void pm_catalog_unref(PmCatalog *catalog);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmCatalog, pm_catalog_unref)

/* The projects in routing order. (transfer none) */
const PmProject *const *pm_catalog_projects(const PmCatalog *catalog, guint *n_out);

/*
 * Where a mail belongs: the first list id that a project has; of several projects of
 * one list the first whose subject_match fits, else the one without. list_id
 * (nullable) stands in for the mail's own headers. NULL: no project. (transfer none)
 */
const PmProject *pm_catalog_route(const PmCatalog *catalog, const PmMail *mail,
				  const char *list_id);

/*
 * Whom a recipient names: "list@host" (the list's own address), "dev@host" or
 * "dev+anything@host" for the project dev, with any of the characters of delimiters for
 * "+". NULL: none. (transfer none)
 */
const PmProject *pm_catalog_recipient(const PmCatalog *catalog, const char *address,
				      const char *delimiters);

/* The state of new patches, or the one named (ignoring case) if there is such a one. */
int pm_catalog_state(const PmCatalog *catalog, const char *name);

/*
 * Whom the rules name for these files: the user of the first fitting rule of each;
 * 0 where a file has none or two files have different ones.
 */
int pm_catalog_delegate(const PmCatalog *catalog, int project_id,
			const char *const *files);

/* Counts tags in text: "tag:count" words for those that occur, or NULL. (transfer full)
 */
char *pm_catalog_count_tags(const PmCatalog *catalog, const char *text, size_t len);
