/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/delivery.h"

#include "lib/error.h"

void
pm_answer_clear(PmAnswer *answer)
{
	g_clear_pointer(&answer->text, g_free);
	g_clear_pointer(&answer->project, g_free);
	g_clear_pointer(&answer->reason, g_free);
}

static char *
describe(const PmEntry *entry)
{
	const char *reason = entry->reason ? entry->reason : "";

	switch (entry->outcome) {
	case PM_OUTCOME_PATCH:
		return g_strdup_printf("patch %d in series %d", entry->row_id,
				       entry->series_id);
	case PM_OUTCOME_COVER:
		return g_strdup_printf("cover %d of series %d", entry->row_id,
				       entry->series_id);
	case PM_OUTCOME_COMMENT:
		return g_strdup_printf("comment %d", entry->row_id);
	case PM_OUTCOME_HELD:
		return g_strdup("held until the mail it answers comes");
	case PM_OUTCOME_KNOWN:
		return g_strdup("known");
	case PM_OUTCOME_IGNORED:
		return g_strdup_printf("ignored: %s", reason);
	case PM_OUTCOME_QUARANTINED:
		return g_strdup_printf("quarantined: %s", reason);
	case PM_OUTCOME_NONE:
		break;
	}
	return g_strdup("not decided");
}

static void
answer_stored(PmAnswer *answer, const PmEntry *entry)
{
	*answer = (PmAnswer){
		.reply = PM_LMTP_REPLY_STORED,
		.text = describe(entry),
		.outcome = entry->outcome,
		.project = g_strdup(entry->project ? entry->project->linkname : NULL),
		.reason = g_strdup(entry->reason),
	};
}

static void
answer_again(PmAnswer *answer, const GError *error)
{
	gboolean is_full = pm_error_is_out_of_room(error);
	gboolean is_away = error->code == PM_ERROR_TEMPORARY_DATABASE;

	*answer = (PmAnswer){
		.reply = is_full ? PM_LMTP_REPLY_OUT_OF_SPACE : PM_LMTP_REPLY_TRY_AGAIN,
		.text = g_strdup(is_full   ? "insufficient storage"
				 : is_away ? "database away, try again"
					   : "not stored, try again"),
		.reason = g_strdup(error->message),
	};
}

static void
refuse_recipient(PmAnswer *answer)
{
	*answer = (PmAnswer){
		.reply = PM_LMTP_REPLY_NO_SUCH_RECIPIENT,
		.text = g_strdup("no project has this address"),
	};
}

gboolean
pm_delivery_takes(const PmDelivery *delivery, const char *recipient, PmAnswer *answer_out)
{
	*answer_out = (PmAnswer){0};
	if (!delivery->is_mapped)
		return TRUE;
	g_autoptr(PmCatalog) catalog = pm_writers_catalog(delivery->writers, NULL);
	if (catalog == NULL ||
	    pm_catalog_recipient(catalog, recipient, delivery->delimiters))
		return TRUE;
	refuse_recipient(answer_out);
	return FALSE;
}

static PmEntry *
find_entry(const GPtrArray *entries, const PmProject *project)
{
	for (guint i = 0; i < entries->len; i++) {
		PmEntry *entry = g_ptr_array_index(entries, i);

		if (entry->project == project)
			return entry;
	}
	return NULL;
}

/* The entry that a recipient's copy is; NULL where nobody has this address. */
static PmEntry *
entry_for(const PmDelivery *delivery, PmCatalog *catalog, GPtrArray *entries,
	  const char *recipient)
{
	PmEntry *first = g_ptr_array_index(entries, 0);

	if (!delivery->is_mapped || first->mail == NULL)
		return first;
	const PmProject *project =
		pm_catalog_recipient(catalog, recipient, delivery->delimiters);
	if (project == NULL)
		return NULL;
	PmEntry *entry = find_entry(entries, project);
	if (entry == NULL) {
		entry = pm_entry_for_project(first, project);
		g_ptr_array_add(entries, entry);
	}
	return entry;
}

/* Where recipients are mapped the lists that the mail itself names do not count. */
static void
drop_unmeant(const PmDelivery *delivery, GPtrArray *entries, PmEntry *const *chosen,
	     guint n)
{
	PmEntry *first = g_ptr_array_index(entries, 0);

	if (!delivery->is_mapped)
		return;
	for (guint i = 0; i < n; i++)
		if (chosen[i] == first)
			return;
	g_ptr_array_remove_index(entries, 0);
}

static void
deliver(const PmDelivery *delivery, PmCatalog *catalog, GBytes *bytes,
	const char *const *recipients, guint n, PmAnswer *answers, char **msgid_out)
{
	g_autoptr(GPtrArray) entries =
		g_ptr_array_new_with_free_func((GDestroyNotify)pm_entry_free);
	g_autofree PmEntry **chosen = g_new0(PmEntry *, n);
	g_autoptr(GError) error = NULL;

	g_ptr_array_add(entries, pm_entry_read(bytes, g_bytes_get_size(bytes), catalog,
					       delivery->list_id));
	const PmMail *mail = ((PmEntry *)entries->pdata[0])->mail;
	*msgid_out = g_strdup(mail ? mail->msgid : NULL);
	for (guint i = 0; i < n; i++)
		chosen[i] = entry_for(delivery, catalog, entries, recipients[i]);
	drop_unmeant(delivery, entries, chosen, n);
	gboolean is_stored =
		entries->len == 0 ||
		pm_writers_store(delivery->writers, (PmEntry **)entries->pdata,
				 entries->len, &error);
	for (guint i = 0; i < n; i++) {
		if (chosen[i] == NULL)
			refuse_recipient(&answers[i]);
		else if (is_stored)
			answer_stored(&answers[i], chosen[i]);
		else
			answer_again(&answers[i], error);
	}
}

void
pm_delivery_run(const PmDelivery *delivery, GBytes *bytes, const char *const *recipients,
		guint n, PmAnswer *answers, char **msgid_out)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PmCatalog) catalog = pm_writers_catalog(delivery->writers, &error);

	*msgid_out = NULL;
	if (catalog != NULL) {
		deliver(delivery, catalog, bytes, recipients, n, answers, msgid_out);
		return;
	}
	for (guint i = 0; i < n; i++)
		answer_again(&answers[i], error);
}
