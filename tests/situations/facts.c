/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Situations without a database: reads the mails of an mbox, and lets what is known of
 * those of one list arrive at the correlator in many orders, see orders.h. Prints the series
 * as compare.py reads them, a JSON object a line; exit status 1 where an order ends otherwise.
 *
 *	facts MBOX LINKNAME LISTID LISTEMAIL SEED
 */
#include <stdlib.h>
#include <string.h>

#include "lib/series/classify.h"
#include "lib/source/source.h"
#include "lib/text/idrun.h"
#include "tests/situations/orders.h"

enum {
	SIZE_MAX_MAIL = 1 << 20,
};

/* The fact of a mail, with copies of all its strings. */
static PmLine
line_of(const PmMail *mail, const PmItem *item)
{
	const PmSubject *subject = mail->subject;
	PmLine line = {.parents = g_strdupv(mail->refs),
		       .prefixes = g_strdupv(subject->prefixes),
		       .shortlog = g_strdupv(mail->shortlog)};

	line.is_comment = item->kind != PM_KIND_PATCH && item->kind != PM_KIND_COVER;
	line.fact = (PmFact){
		.msgid = g_strdup(mail->msgid),
		.is_cover = item->kind == PM_KIND_COVER,
		.has_version = subject->has_version,
		.version = subject->version,
		.version_text = g_strdup(subject->version_text),
		.has_number = subject->has_number,
		.number = subject->number,
		.fraction = subject->fraction,
		.total = subject->total,
		.prefixes = (const char *const *)line.prefixes,
		.title = g_strdup(subject->title),
		.submitter = g_ascii_strdown(item->author->email, -1),
		.date = mail->date,
		.run = pm_idrun(mail->msgid),
		.change_id = g_strdup(mail->change_id),
		.shortlog = (const char *const *)line.shortlog,
		.is_pull = subject->is_pull,
	};
	return line;
}

static gboolean
is_there(const GArray *lines, const char *msgid)
{
	for (guint i = 0; i < lines->len; i++)
		if (strcmp(g_array_index(lines, PmLine, i).fact.msgid, msgid) == 0)
			return TRUE;
	return FALSE;
}

static void
add_mail(GArray *lines, const PmProject *project, GBytes *bytes)
{
	size_t len = 0;
	const char *data = g_bytes_get_data(bytes, &len);
	g_autoptr(PmMail) mail = pm_mail_new(data, len, NULL);
	g_autoptr(PmItem) item = mail ? pm_classify(mail, project) : NULL;

	if (!item || item->kind == PM_KIND_INVALID || is_there(lines, mail->msgid) ||
	    !g_strv_contains((const char *const *)mail->list_ids, project->list_id))
		return;
	PmLine line = line_of(mail, item);
	g_array_append_val(lines, line);
}

static GArray *
read_lines(const char *path, const PmProject *project)
{
	const char *const paths[] = {path, NULL};
	g_autoptr(GError) error = NULL;
	PmSource *source = pm_source_new(paths, PM_SOURCE_MBOXRD, SIZE_MAX_MAIL);
	GArray *lines = pm_lines_new();
	PmSourceMail *mail;

	while ((mail = pm_source_next(source, &error)) != NULL) {
		add_mail(lines, project, mail->bytes);
		pm_source_mail_free(mail);
	}
	g_assert_no_error(error);
	pm_source_free(source);
	pm_lines_connect(lines);
	return lines;
}

static char *
json(const char *text)
{
	GString *out = g_string_new("\"");

	for (; text && *text; text++)
		g_string_append_printf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c",
				       *text);
	g_string_append_c(out, '"');
	return text ? g_string_free(out, FALSE)
		    : (g_string_free(out, TRUE), g_strdup("null"));
}

static void
print_member(GString *out, const char *kind, const PmFact *fact, const PmPlacement *place,
	     const char *project)
{
	g_autofree char *msgid = json(fact->msgid), *submitter = json(fact->submitter);

	g_string_append_printf(out,
			       "{\"kind\": \"%s\", \"project\": \"%s\", \"msgid\": %s, "
			       "\"series\": %u, \"number\": %d, \"submitter\": %s}\n",
			       kind, project, msgid, place->group + 1, place->number,
			       submitter);
}

static void
print_group(GString *out, const PmGrouping *grouping, guint i, const PmFact *facts,
	    const char *project)
{
	const PmGroup *group = &grouping->groups[i];
	g_autofree char *cover =
		json(group->cover >= 0 ? facts[group->cover].msgid : NULL);

	g_string_append_printf(out,
			       "{\"kind\": \"series\", \"project\": \"%s\", \"id\": %u, "
			       "\"version\": %d, \"total\": %d, \"cover\": %s}\n",
			       project, i + 1, group->version, group->total, cover);
	if (group->cover >= 0)
		print_member(out, "cover", &facts[group->cover],
			     &grouping->placements[group->cover], project);
	for (guint k = 0; k < group->n_patches; k++)
		print_member(out, "patch", &facts[group->patches[k]],
			     &grouping->placements[group->patches[k]], project);
	if (group->supersedes >= 0)
		g_string_append_printf(out,
				       "{\"kind\": \"revision\", \"series\": %u, "
				       "\"supersedes\": %d}\n",
				       i + 1, group->supersedes + 1);
}

/* All that compare.py wants to know. */
static char *
describe(const GArray *lines, const char *project)
{
	g_autoptr(GArray) facts = pm_lines_facts(lines, NULL);
	const PmFact *first = (const PmFact *)facts->data;
	g_autoptr(PmGrouping) grouping = pm_correlate(first, facts->len);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < grouping->n_groups; i++)
		print_group(out, grouping, i, first, project);
	for (guint i = 0; i < lines->len; i++) {
		const PmLine *line = &g_array_index(lines, PmLine, i);

		if (!line->is_comment || !line->fact.anchor)
			continue;
		g_autofree char *msgid = json(line->fact.msgid);
		g_autofree char *on = json(line->fact.anchor);
		g_autofree char *submitter = json(line->fact.submitter);
		g_string_append_printf(out,
				       "{\"kind\": \"comment\", \"project\": \"%s\", "
				       "\"msgid\": %s, \"on\": %s, \"submitter\": %s}\n",
				       project, msgid, on, submitter);
	}
	return g_string_free(out, FALSE);
}

int
main(int argc, char **argv)
{
	if (argc != 6)
		return 64;
	PmProject project = {
		.linkname = argv[2], .list_id = argv[3], .list_email = argv[4]};
	guint32 seed = (guint32)g_ascii_strtoull(argv[5], NULL, 10);
	pm_mail_init();
	g_autoptr(GArray) lines = read_lines(argv[1], &project);
	g_autofree char *want = describe(lines, argv[2]);

	g_print("%s", want);
	g_autofree guint *order = pm_orders_find_other(lines, seed);
	if (order == NULL)
		return EXIT_SUCCESS;
	for (guint i = 0; i < lines->len; i++)
		g_printerr("%s\n", g_array_index(lines, PmLine, order[i]).fact.msgid);
	g_autofree char *got = describe(lines, argv[2]);
	if (strcmp(got, want) == 0)
		g_printerr("arrived; the series depend on the order of the facts\n");
	else
		g_printerr("arrived in this order, and made:\n%s", got);
	return EXIT_FAILURE;
}
