/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What it takes to read the mails of an archive, in CPU time, without a database:
 *
 *	parse-load bare MBOX LIST-ID	GMime alone: parse, decode all text parts to UTF-8
 *	parse-load read MBOX LIST-ID	patchmail: read and classify
 *	parse-load all MBOX LIST-ID	patchmail: read, classify, and correlate each thread
 *	{"mails": 2000, "us": 81.3, "series": 412}
 *
 * The archive is in memory before the clock starts. All of it happens in one thread.
 */
#include <gmime/gmime.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/series/classify.h"
#include "lib/series/correlate.h"
#include "lib/source/source.h"
#include "lib/store/labels.h"
#include "lib/text/idrun.h"

/* GMime 3.2 declares none. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)

typedef struct {
	PmMail *mail;
	PmItem *item;
	char *run, *headers, *submitter;
	gint64 label;
} Read;

typedef struct {
	const char *mode, *list_id;
	GPtrArray *mails; /* of GBytes */
	double us;
	guint n_series;
} Load;

static double
cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* ---- GMime alone */

static void
decode_part(GMimeObject *parent, GMimeObject *object, gpointer sink)
{
	(void)parent;
	if (!GMIME_IS_TEXT_PART(object))
		return;
	GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
	const char *charset = g_mime_text_part_get_charset(GMIME_TEXT_PART(object));
	g_autoptr(GMimeStream) stream = g_mime_stream_filter_new(sink);
	GMimeFilter *filter =
		g_mime_filter_charset_new(charset ? charset : "us-ascii", "utf-8");

	if (filter != NULL) {
		g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), filter);
		g_object_unref(filter);
	}
	if (content != NULL)
		g_mime_data_wrapper_write_to_stream(content, stream);
	g_mime_stream_flush(stream);
}

static void
read_bare(GBytes *bytes, GMimeStream *sink)
{
	size_t len = 0;
	const char *data = g_bytes_get_data(bytes, &len);
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(data, len);
	g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
	g_autoptr(GMimeMessage) message = g_mime_parser_construct_message(parser, NULL);

	if (message != NULL)
		g_mime_message_foreach(message, decode_part, sink);
}

/* ---- patchmail */

static void
free_read(gpointer data)
{
	Read *read = data;

	pm_mail_free(read->mail);
	pm_item_free(read->item);
	g_free(read->run);
	g_free(read->headers);
	g_free(read->submitter);
	g_free(read);
}

static Read *
read_mail(GBytes *bytes, const PmProject *project)
{
	size_t len = 0;
	const char *data = g_bytes_get_data(bytes, &len);
	Read *read = g_new0(Read, 1);

	read->mail = pm_mail_new(data, len, NULL);
	if (read->mail == NULL)
		return read;
	read->item = pm_classify(read->mail, project);
	read->run = pm_idrun(read->mail->msgid);
	read->headers = pm_headers_text(read->mail->headers);
	return read;
}

static gboolean
is_submission(const Read *read)
{
	return read->item != NULL &&
	       (read->item->kind == PM_KIND_PATCH || read->item->kind == PM_KIND_COVER);
}

static gint64
label_of(PmLabels *labels, GHashTable *ids, const char *id)
{
	gint64 *known = g_hash_table_lookup(ids, id);

	if (known == NULL) {
		gint64 fresh = pm_labels_fresh(labels);
		known = g_memdup2(&fresh, sizeof fresh);
		g_hash_table_insert(ids, (gpointer)id, known);
	}
	return *known;
}

/* Threads, by references, and runs; the label of each mail. */
static void
thread(GPtrArray *reads, PmLabels *labels)
{
	g_autoptr(GHashTable) ids =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);

	for (guint i = 0; i < reads->len; i++) {
		Read *read = g_ptr_array_index(reads, i);

		if (read->mail == NULL)
			continue;
		read->label = label_of(labels, ids, read->mail->msgid);
		for (char **ref = read->mail->refs; *ref != NULL; ref++)
			pm_labels_join(labels, read->label, label_of(labels, ids, *ref));
		if (is_submission(read) && read->run != NULL)
			pm_labels_join(labels, read->label,
				       label_of(labels, ids, read->run));
	}
}

static PmFact
fact_of(Read *read, const char *thread)
{
	const PmSubject *subject = read->mail->subject;
	guint n_refs = g_strv_length(read->mail->refs);

	read->submitter = g_ascii_strdown(read->item->author->email, -1);
	return (PmFact){
		.msgid = read->mail->msgid,
		.anchor = n_refs > 0 ? read->mail->refs[0] : NULL,
		.parent = n_refs > 0 ? read->mail->refs[0] : NULL,
		.root = n_refs > 0 ? read->mail->refs[n_refs - 1] : NULL,
		.thread = thread,
		.is_cover = read->item->kind == PM_KIND_COVER,
		.has_version = subject->has_version,
		.has_number = subject->has_number,
		.version = subject->version,
		.version_text = subject->version_text,
		.number = subject->number,
		.fraction = subject->fraction,
		.total = subject->total,
		.prefixes = (const char *const *)subject->prefixes,
		.title = subject->title,
		.submitter = read->submitter,
		.date = read->mail->date,
		.run = read->run,
		.change_id = read->mail->change_id,
		.shortlog = (const char *const *)read->mail->shortlog,
	};
}

static gint
compare_labels(gconstpointer a, gconstpointer b)
{
	const Read *x = *(Read *const *)a, *y = *(Read *const *)b;

	return (x->label > y->label) - (x->label < y->label);
}

/* Returns how many series there are. */
static guint
correlate(GPtrArray *reads)
{
	PmLabels *labels = pm_labels_new();
	g_autoptr(GPtrArray) members = g_ptr_array_new();
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	guint n_series = 0;

	thread(reads, labels);
	for (guint i = 0; i < reads->len; i++) {
		Read *read = g_ptr_array_index(reads, i);

		if (!is_submission(read) || !g_hash_table_add(seen, read->mail->msgid))
			continue;
		read->label = pm_labels_find(labels, read->label);
		g_ptr_array_add(members, read);
	}
	g_ptr_array_sort(members, compare_labels);
	for (guint start = 0, end = 0; start < members->len; start = end) {
		Read *first = g_ptr_array_index(members, start);
		g_autoptr(GArray) facts = g_array_new(FALSE, FALSE, sizeof(PmFact));

		for (; end < members->len; end++) {
			Read *read = g_ptr_array_index(members, end);

			if (read->label != first->label)
				break;
			PmFact fact = fact_of(read, first->mail->msgid);
			g_array_append_val(facts, fact);
		}
		g_autoptr(PmGrouping) grouping =
			pm_correlate((const PmFact *)(gpointer)facts->data, facts->len);
		n_series += grouping->n_groups;
	}
	pm_labels_free(labels);
	return n_series;
}

/* ---- the rest */

static void *
run(void *data)
{
	Load *load = data;
	g_autoptr(GMimeStream) sink = g_mime_stream_null_new();
	g_autoptr(GPtrArray) reads = g_ptr_array_new_with_free_func(free_read);
	PmProject project = {.id = 1,
			     .linkname = (char *)"bench",
			     .list_id = (char *)load->list_id,
			     .list_email = (char *)"bench@lists.example.org"};
	gboolean is_all = g_str_equal(load->mode, "all");
	double start = cpu_us();

	for (guint i = 0; i < load->mails->len; i++) {
		GBytes *bytes = g_ptr_array_index(load->mails, i);

		if (g_str_equal(load->mode, "bare")) {
			read_bare(bytes, sink);
			continue;
		}
		Read *read = read_mail(bytes, &project);
		if (is_all)
			g_ptr_array_add(reads, read);
		else
			free_read(read);
	}
	if (is_all)
		load->n_series = correlate(reads);
	g_ptr_array_set_size(reads, 0);
	load->us = (cpu_us() - start) / MAX(load->mails->len, 1);
	return NULL;
}

static GPtrArray *
load_mails(const char *path)
{
	const char *const paths[] = {path, NULL};
	g_autoptr(PmSource) source =
		pm_source_new(paths, PM_SOURCE_MBOX, PM_MAIL_SIZE_MAX);
	GPtrArray *mails = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(GError) error = NULL;

	for (;;) {
		g_autoptr(PmSourceMail) mail = pm_source_next(source, &error);

		if (mail == NULL)
			break;
		g_ptr_array_add(mails, g_bytes_ref(mail->bytes));
	}
	if (error != NULL) {
		fprintf(stderr, "parse-load: %s\n", error->message);
		exit(1);
	}
	return mails;
}

int
main(int argc, char **argv)
{
	pthread_attr_t attributes;
	pthread_t reader;

	if (argc != 4) {
		fprintf(stderr, "usage: parse-load bare|read|all MBOX LIST-ID\n");
		return 64;
	}
	pm_mail_init();
	g_autoptr(GPtrArray) mails = load_mails(argv[2]);
	Load load = {.mode = argv[1], .list_id = argv[3], .mails = mails};
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, PM_MAIL_STACK_SIZE);
	if (pthread_create(&reader, &attributes, run, &load) != 0)
		return 1;
	pthread_join(reader, NULL);
	pthread_attr_destroy(&attributes);
	printf("{\"mails\": %u, \"us\": %.2f, \"series\": %u}\n", mails->len, load.us,
	       load.n_series);
	return 0;
}
