/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/writers.h"

struct PmWriters {
	guint n;
	PmWriter **writers;
};

PmWriters *
pm_writers_new(guint n, const PmWriterOptions *options, const PmWriterReport *report)
{
	PmWriters *writers = g_new0(PmWriters, 1);
	PmWriterReport others = report ? *report : (PmWriterReport){0};

	g_assert(n > 0);
	others.counted = NULL;
	writers->n = n;
	writers->writers = g_new0(PmWriter *, n);
	for (guint i = 0; i < n; i++)
		writers->writers[i] = pm_writer_new(options, i == 0 ? report : &others);
	return writers;
}

void
pm_writers_free(PmWriters *writers)
{
	if (writers == NULL)
		return;
	for (guint i = 0; i < writers->n; i++)
		pm_writer_free(writers->writers[i]);
	g_free(writers->writers);
	g_free(writers);
}

PmCatalog *
pm_writers_catalog(PmWriters *writers, GError **error)
{
	return pm_writer_catalog(writers->writers[0], error);
}

void
pm_writers_configure(PmWriters *writers, const PmWriterOptions *options)
{
	for (guint i = 0; i < writers->n; i++)
		pm_writer_configure(writers->writers[i], options);
}

gboolean
pm_writers_store(PmWriters *writers, PmEntry **entries, guint n, GError **error)
{
	const PmProject *project = entries[0]->project;
	guint i = project ? (guint)project->id % writers->n : 0;

	return pm_writer_store(writers->writers[i], entries, n, error);
}

gboolean
pm_writers_make_progress(PmWriters *writers, int seconds)
{
	for (guint i = 0; i < writers->n; i++)
		if (!pm_writer_makes_progress(writers->writers[i], seconds))
			return FALSE;
	return TRUE;
}

gboolean
pm_writers_are_connected(PmWriters *writers)
{
	for (guint i = 0; i < writers->n; i++)
		if (!pm_writer_is_connected(writers->writers[i]))
			return FALSE;
	return TRUE;
}

void
pm_writers_queue(PmWriters *writers, guint *mails_out, size_t *bytes_out)
{
	*mails_out = 0;
	*bytes_out = 0;
	for (guint i = 0; i < writers->n; i++) {
		guint mails = 0;
		size_t bytes = 0;

		pm_writer_queue(writers->writers[i], &mails, &bytes);
		*mails_out += mails;
		*bytes_out += bytes;
	}
}
