/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/entry.h"

#include "lib/text/idrun.h"

/* Reading is all that can be done before the database is asked. */

const char *
pm_outcome_to_string(PmOutcome outcome)
{
	static const char *const names[] = {
		[PM_OUTCOME_NONE] = "none",
		[PM_OUTCOME_PATCH] = "patch",
		[PM_OUTCOME_COVER] = "cover",
		[PM_OUTCOME_COMMENT] = "comment",
		[PM_OUTCOME_HELD] = "held",
		[PM_OUTCOME_KNOWN] = "known",
		[PM_OUTCOME_IGNORED] = "ignored",
		[PM_OUTCOME_QUARANTINED] = "quarantined",
	};

	return names[outcome];
}

static void
read_mail(PmEntry *entry)
{
	g_autoptr(GError) error = NULL;
	size_t len = 0;
	const char *bytes = g_bytes_get_data(entry->bytes, &len);

	if (entry->size != len) {
		entry->reason = g_strdup_printf("too large: %" G_GUINT64_FORMAT
						" bytes, only the beginning was kept",
						entry->size);
		return;
	}
	entry->mail = pm_mail_new(bytes, len, &error);
	if (entry->mail == NULL)
		entry->reason = g_strdup(error->message);
}

/* What depends on the project. */
static void
classify_for(PmEntry *entry, const PmProject *project)
{
	entry->project = project;
	if (project == NULL)
		return;
	entry->item = pm_classify(entry->mail, project);
	entry->sent = entry->mail->has_date ? entry->mail->date
					    : g_get_real_time() / G_USEC_PER_SEC;
	entry->run = pm_idrun(entry->mail->msgid);
	entry->headers = pm_headers_text(entry->mail->headers);
	if (project->use_tags)
		entry->tags =
			pm_catalog_count_tags(entry->catalog, entry->mail->content->str,
					      entry->mail->content->len);
}

PmEntry *
pm_entry_read(GBytes *bytes, guint64 whole_size, PmCatalog *catalog, const char *list_id)
{
	g_autoptr(PmEntry) entry = g_new0(PmEntry, 1);

	entry->bytes = g_bytes_ref(bytes);
	entry->catalog = pm_catalog_ref(catalog);
	entry->size = whole_size;
	read_mail(entry);
	if (entry->mail != NULL)
		classify_for(entry, pm_catalog_route(catalog, entry->mail, list_id));
	return g_steal_pointer(&entry);
}

PmEntry *
pm_entry_for_project(const PmEntry *entry, const PmProject *project)
{
	g_autoptr(PmEntry) other = g_new0(PmEntry, 1);

	other->bytes = g_bytes_ref(entry->bytes);
	other->catalog = pm_catalog_ref(entry->catalog);
	other->size = entry->size;
	if (entry->mail == NULL) {
		other->reason = g_strdup(entry->reason);
		return g_steal_pointer(&other);
	}
	other->mail = pm_mail_ref(entry->mail);
	classify_for(other, project);
	return g_steal_pointer(&other);
}

void
pm_entry_move(PmEntry *entry, PmCatalog *catalog, const PmProject *project)
{
	PmCatalog *old = entry->catalog;

	entry->catalog = pm_catalog_ref(catalog);
	pm_catalog_unref(old);
	g_clear_pointer(&entry->item, pm_item_free);
	g_clear_pointer(&entry->headers, g_free);
	g_clear_pointer(&entry->tags, g_free);
	g_clear_pointer(&entry->run, g_free);
	g_clear_pointer(&entry->reason, g_free);
	entry->outcome = PM_OUTCOME_NONE;
	classify_for(entry, project);
}

void
pm_entry_free(PmEntry *entry)
{
	if (entry == NULL)
		return;
	g_clear_pointer(&entry->bytes, g_bytes_unref);
	pm_mail_free(entry->mail);
	pm_item_free(entry->item);
	pm_catalog_unref(entry->catalog);
	g_free(entry->headers);
	g_free(entry->tags);
	g_free(entry->run);
	g_free(entry->reason);
	g_free(entry);
}
