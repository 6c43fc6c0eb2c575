/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/correlate-language.h"

#include <stdlib.h>
#include <string.h>

static void
clear_line(void *data)
{
	PmLine *line = data;
	g_free((char *)line->fact.msgid);
	g_free((char *)line->fact.title);
	g_free((char *)line->fact.submitter);
	g_free((char *)line->fact.run);
	g_free((char *)line->fact.change_id);
	g_free((char *)line->fact.version_text);
	g_strfreev(line->parents);
	g_strfreev(line->prefixes);
	g_strfreev(line->shortlog);
	g_free(line->thread);
	g_free(line->refs);
}

static PmLine *
at(const GArray *lines, guint i)
{
	return &g_array_index(lines, PmLine, i);
}

static gint64
parse_time(const char *text)
{
	char *unit = NULL;
	gint64 time = g_ascii_strtoll(text, &unit, 10);
	gint64 seconds = *unit == 'm'	? 60
			 : *unit == 'h' ? 3600
			 : *unit == 'd' ? 86400
					: 1;
	return 1700000000 + time * seconds;
}

static void
parse_number(PmLine *line, const char *word)
{
	char *end = NULL;
	line->fact.has_number = TRUE;
	line->fact.number = (int)g_ascii_strtoll(word, &end, 10);
	if (*end == '.')
		line->fact.fraction = (int)g_ascii_strtoll(end + 1, &end, 10);
	line->fact.total = (int)g_ascii_strtoll(end + 1, NULL, 10);
	line->fact.is_cover = line->fact.number == 0;
}

static void
set(const char **string, const char *value)
{
	g_free((char *)*string);
	*string = g_strdelimit(g_strdup(value), "_", ' ');
}

static void
set_list(char ***list, const char *value)
{
	g_strfreev(*list);
	g_autofree char *text = g_strdelimit(g_strdup(value), "_", ' ');
	*list = g_strsplit(text, ",", -1);
}

/* Words that have a value behind "=". */
static gboolean
parse_pair(PmLine *line, const char *word)
{
	const char *equals = strchr(word, '='), *value = equals ? equals + 1 : NULL;
	PmFact *fact = &line->fact;
	if (!value)
		return FALSE;
	if (g_str_has_prefix(word, "by="))
		set(&fact->submitter, value);
	else if (g_str_has_prefix(word, "run="))
		set(&fact->run, value);
	else if (g_str_has_prefix(word, "t="))
		set(&fact->title, value);
	else if (g_str_has_prefix(word, "chg="))
		set(&fact->change_id, value);
	else if (g_str_has_prefix(word, "in="))
		set_list(&line->prefixes, value);
	else if (g_str_has_prefix(word, "list="))
		set_list(&line->shortlog, value);
	else if (g_str_has_prefix(word, "fix="))
		fact->fixed_series = atoi(value);
	else
		return FALSE;
	return TRUE;
}

static void
parse_word(PmLine *line, const char *word)
{
	PmFact *fact = &line->fact;
	if (strcmp(word, "-") == 0) {
		line->is_comment = TRUE;
	} else if (strcmp(word, "pull") == 0) {
		fact->is_pull = TRUE;
	} else if (*word == '@') {
		fact->date = parse_time(word + 1);
	} else if (*word == '<') {
		g_strfreev(line->parents);
		line->parents = g_strsplit(word + 1, ",", -1);
	} else if (parse_pair(line, word)) {
		return;
	} else if (*word == 'v') {
		fact->has_version = TRUE;
		fact->version = atoi(word + 1);
		if (strchr(word, '.'))
			set(&fact->version_text, word + 1);
	} else if (g_ascii_isdigit(*word)) {
		parse_number(line, word);
	} else {
		g_error("no such word: %s", word);
	}
}

static PmLine
parse_line(const char *text)
{
	PmLine line = {.fact = {.version = 1, .number = 1, .total = 1}};
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	line.fact.msgid = g_strdup(words[0]);
	set(&line.fact.title, words[0]);
	set(&line.fact.submitter, "alice");
	for (char **word = words + 1; *word; word++)
		if (**word)
			parse_word(&line, *word);
	line.fact.prefixes = (const char *const *)line.prefixes;
	line.fact.shortlog = (const char *const *)line.shortlog;
	return line;
}

static guint
find(const GArray *lines, const char *msgid)
{
	for (guint i = 0; i < lines->len; i++)
		if (strcmp(at(lines, i)->fact.msgid, msgid) == 0)
			return i;
	return PM_THREAD_NONE;
}

/* What one refers to, and what refers to the same, is of one thread, seen or not. */
static gboolean
are_linked(const PmLine *a, const PmLine *b)
{
	const char *const none[] = {NULL};
	const char *const *ids = a->parents ? (const char *const *)a->parents : none;
	const char *const *others = b->parents ? (const char *const *)b->parents : none;
	if (g_strv_contains(ids, b->fact.msgid) || g_strv_contains(others, a->fact.msgid))
		return TRUE;
	for (; *ids; ids++)
		if (g_strv_contains(others, *ids))
			return TRUE;
	return FALSE;
}

static void
join_threads(GArray *lines)
{
	g_autofree guint *thread = g_new(guint, lines->len);
	for (guint i = 0; i < lines->len; i++)
		thread[i] = i;
	for (guint i = 0; i < lines->len; i++)
		for (guint k = 0; k < i; k++) {
			guint from = thread[i], to = thread[k];
			if (from == to || !are_linked(at(lines, i), at(lines, k)))
				continue;
			for (guint j = 0; j <= i; j++)
				if (thread[j] == from)
					thread[j] = to;
		}
	for (guint i = 0; i < lines->len; i++) {
		at(lines, i)->thread = g_strdup_printf("%u", thread[i]);
		at(lines, i)->fact.thread = at(lines, i)->thread;
	}
}

GArray *
pm_lines_new(void)
{
	GArray *lines = g_array_new(FALSE, TRUE, sizeof(PmLine));
	g_array_set_clear_func(lines, clear_line);
	return lines;
}

GArray *
pm_lines_read(const char *text)
{
	GArray *lines = pm_lines_new();
	g_auto(GStrv) texts = g_strsplit(text, "\n", -1);
	for (char **one = texts; *one; one++) {
		if (*g_strstrip(*one) == '\0')
			continue;
		PmLine line = parse_line(*one);
		g_array_append_val(lines, line);
	}
	pm_lines_connect(lines);
	return lines;
}

void
pm_lines_connect(GArray *lines)
{
	for (guint i = 0; i < lines->len; i++) {
		PmLine *line = at(lines, i);
		if (line->parents && line->parents[0]) {
			line->fact.parent = line->parents[0];
			line->fact.root = line->parents[g_strv_length(line->parents) - 1];
		}
		line->n_refs = line->parents ? g_strv_length(line->parents) : 0;
		line->refs = g_new(guint, line->n_refs);
		for (guint k = 0; k < line->n_refs; k++)
			line->refs[k] = find(lines, line->parents[k]);
	}
	join_threads(lines);
	for (guint i = 0; i < lines->len; i++)
		pm_lines_arrive(lines, i);
}

/* Whether somebody who is here refers to it. */
static gboolean
is_awaited(const GArray *lines, guint index)
{
	for (guint i = 0; i < lines->len; i++)
		for (guint k = 0; at(lines, i)->has_arrived && k < at(lines, i)->n_refs;
		     k++)
			if (at(lines, i)->refs[k] == index)
				return TRUE;
	return FALSE;
}

/* refs has room for those of the line. */
static PmThreadMail
thread_mail(const GArray *lines, guint i, guint *refs)
{
	const PmLine *line = at(lines, i);
	for (guint k = 0; k < line->n_refs; k++) {
		gboolean is_here = line->refs[k] != PM_THREAD_NONE &&
				   at(lines, line->refs[k])->has_arrived;
		refs[k] = is_here ? line->refs[k] : PM_THREAD_NONE;
	}
	gboolean is_decided = line->is_decided || !line->has_arrived;
	return (PmThreadMail){.msgid = line->fact.msgid,
			      .refs = refs,
			      .kind = !line->is_comment && line->has_arrived
					      ? PM_THREAD_SUBMISSION
				      : is_decided ? PM_THREAD_DECIDED
						   : PM_THREAD_MAIL,
			      .n_refs = line->n_refs,
			      .leads = line->end != PM_THREAD_NONE,
			      .is_open = !line->has_arrived || line->is_open};
}

static void
take_anchor(const GArray *lines, PmLine *line, const PmThreadMail *mail)
{
	line->is_decided = TRUE;
	line->is_open = mail->is_open;
	line->end = mail->end;
	/* A decided mail leads to a submission, which is what counts. */
	if (line->end != PM_THREAD_NONE && at(lines, line->end)->is_comment)
		line->end = at(lines, line->end)->end;
	line->fact.anchor =
		line->end == PM_THREAD_NONE ? NULL : at(lines, line->end)->fact.msgid;
	line->fact.outside =
		line->fact.parent && g_strcmp0(line->fact.parent, line->fact.anchor) != 0;
}

void
pm_lines_arrive(GArray *lines, guint index)
{
	guint n_refs = 0;
	if (at(lines, index)->has_arrived)
		return;
	gboolean is_awaited_for = is_awaited(lines, index);
	at(lines, index)->has_arrived = TRUE;
	at(lines, index)->is_decided = FALSE;
	for (guint i = 0; is_awaited_for && i < lines->len; i++)
		if (strcmp(at(lines, i)->thread, at(lines, index)->thread) == 0)
			at(lines, i)->is_decided = FALSE;

	for (guint i = 0; i < lines->len; i++)
		n_refs += at(lines, i)->n_refs;
	g_autofree PmThreadMail *mails = g_new(PmThreadMail, lines->len);
	g_autofree guint *refs = g_new(guint, n_refs + 1);
	n_refs = 0;
	for (guint i = 0; i < lines->len; i++) {
		mails[i] = thread_mail(lines, i, refs + n_refs);
		n_refs += at(lines, i)->n_refs;
	}
	pm_thread_resolve(mails, lines->len);
	for (guint i = 0; i < lines->len; i++)
		if (at(lines, i)->has_arrived && !at(lines, i)->is_decided)
			take_anchor(lines, at(lines, i), &mails[i]);
}

void
pm_lines_forget(GArray *lines)
{
	for (guint i = 0; i < lines->len; i++) {
		PmLine *line = at(lines, i);
		line->has_arrived = line->is_decided = line->is_open = FALSE;
		line->end = PM_THREAD_NONE;
		line->fact.anchor = NULL;
	}
}

GArray *
pm_lines_facts(const GArray *lines, const guint *order)
{
	GArray *facts = g_array_new(FALSE, FALSE, sizeof(PmFact));
	for (guint i = 0; i < lines->len; i++) {
		const PmLine *line = at(lines, order ? order[i] : i);
		if (!line->is_comment && line->has_arrived)
			g_array_append_val(facts, line->fact);
	}
	return facts;
}

static void
describe_group(const PmGrouping *grouping, guint i, const PmFact *facts, GString *text)
{
	const PmGroup *group = &grouping->groups[i];
	g_string_append_printf(text, "%sv%d of %d:", i ? "\n" : "", group->version,
			       group->total);
	if (group->cover >= 0)
		g_string_append_printf(text, " 0:%s", facts[group->cover].msgid);
	for (guint k = 0; k < group->n_patches; k++)
		g_string_append_printf(text, " %d:%s",
				       grouping->placements[group->patches[k]].number,
				       facts[group->patches[k]].msgid);
	if (group->is_complete)
		g_string_append(text, " complete");
	if (group->fixed_series)
		g_string_append_printf(text, " fix=%d", group->fixed_series);
	if (group->supersedes < 0)
		return;
	const PmGroup *old = &grouping->groups[group->supersedes];
	guint first = old->cover >= 0 ? (guint)old->cover : old->patches[0];
	g_string_append_printf(
		text, " replaces %s%s", facts[first].msgid,
		g_str_has_prefix(group->supersedes_reason, "partial") ? " in part" : "");
}

/* (series, number) is unique in the database, and a patch has 1 or more. */
static void
check_numbers(const PmGrouping *grouping, const PmGroup *group)
{
	for (guint i = 0; i < group->n_patches; i++) {
		int last = i ? grouping->placements[group->patches[i - 1]].number : 0;
		g_assert_cmpint(grouping->placements[group->patches[i]].number, >, last);
	}
	if (group->cover >= 0)
		g_assert_cmpint(grouping->placements[group->cover].number, ==, 0);
}

char *
pm_lines_describe(const PmFact *facts, guint n, const PmGrouping *grouping)
{
	g_assert_cmpuint(grouping->n_facts, ==, n);
	guint n_members = 0;
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < grouping->n_groups; i++) {
		describe_group(grouping, i, facts, text);
		check_numbers(grouping, &grouping->groups[i]);
		n_members += grouping->groups[i].n_patches;
		n_members += grouping->groups[i].cover >= 0;
	}
	g_assert_cmpuint(n_members, ==, n);
	for (guint i = 0; i < n; i++) {
		g_assert_cmpuint(grouping->placements[i].group, <, grouping->n_groups);
		g_assert_nonnull(pm_correlate_rule_help(grouping->placements[i].rule));
	}
	return g_string_free(text, FALSE);
}
