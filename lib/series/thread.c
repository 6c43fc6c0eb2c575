/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * Every mail leads to the first of its references, nearest first, that is a submission
 * or leads to one. References may run in a circle, where "leads to" would depend on
 * who asks first; so circles are found (Tarjan's components) and count as one mail,
 * which has the references of its members in the order of their Message-IDs.
 */
#include "lib/series/thread.h"

#include <stdlib.h>
#include <string.h>

/* A mail whose references are being followed. */
typedef struct {
	guint mail, next;
} Frame;

typedef struct {
	PmThreadMail *mails;
	guint *seen;	 /* order in which a mail was met, from 1; 0: not yet */
	guint *low;	 /* the earliest met that it leads back to */
	gboolean *is_up; /* waits for its circle to close */
	GArray *waiting; /* of guint */
	GArray *frames;	 /* of Frame */
	guint n_seen;
} Walk;

static gboolean
is_followed(const Walk *walk, guint mail)
{
	return mail != PM_THREAD_NONE && walk->mails[mail].kind == PM_THREAD_MAIL;
}

/* Where a reference ends, or PM_THREAD_NONE. */
static guint
end_of(const PmThreadMail *mails, guint mail)
{
	if (mails[mail].kind == PM_THREAD_SUBMISSION)
		return mail;
	if (mails[mail].kind == PM_THREAD_DECIDED)
		return mails[mail].leads ? mail : PM_THREAD_NONE;
	return mails[mail].end;
}

/* The end of the first reference that has one; else whether any is open. */
static guint
first_end(const PmThreadMail *mails, guint mail, gboolean *is_open)
{
	for (guint i = 0; i < mails[mail].n_refs; i++) {
		guint ref = mails[mail].refs[i];
		guint end = ref == PM_THREAD_NONE ? ref : end_of(mails, ref);

		if (end != PM_THREAD_NONE && end != mail)
			return end;
		if (ref == PM_THREAD_NONE ||
		    (mails[ref].kind != PM_THREAD_SUBMISSION && end == PM_THREAD_NONE &&
		     mails[ref].is_open))
			*is_open = TRUE;
	}
	return PM_THREAD_NONE;
}

static int
compare_msgids(gconstpointer a, gconstpointer b, gpointer data)
{
	const PmThreadMail *mails = data;

	return strcmp(mails[*(const guint *)a].msgid, mails[*(const guint *)b].msgid);
}

/* The members of a circle (mostly one mail) get one end; until then theirs is none. */
static void
close_circle(Walk *walk, guint from)
{
	guint *members = (guint *)walk->waiting->data + from;
	guint n = walk->waiting->len - from, end = PM_THREAD_NONE;
	gboolean is_open = FALSE;

	if (n > 1)
		g_qsort_with_data(members, (int)n, sizeof(guint), compare_msgids,
				  walk->mails);
	for (guint i = 0; i < n && end == PM_THREAD_NONE; i++)
		end = first_end(walk->mails, members[i], &is_open);
	for (guint i = 0; i < n; i++) {
		walk->mails[members[i]].end = end;
		walk->mails[members[i]].is_open = end == PM_THREAD_NONE && is_open;
		walk->is_up[members[i]] = FALSE;
	}
	g_array_set_size(walk->waiting, from);
}

static void
enter(Walk *walk, guint mail)
{
	Frame frame = {mail, 0};

	walk->seen[mail] = walk->low[mail] = ++walk->n_seen;
	walk->is_up[mail] = TRUE;
	g_array_append_val(walk->waiting, mail);
	g_array_append_val(walk->frames, frame);
}

static void
leave(Walk *walk, guint mail)
{
	g_array_set_size(walk->frames, walk->frames->len - 1);
	if (walk->frames->len > 0) {
		guint below =
			g_array_index(walk->frames, Frame, walk->frames->len - 1).mail;

		walk->low[below] = MIN(walk->low[below], walk->low[mail]);
	}
	if (walk->low[mail] != walk->seen[mail])
		return;
	guint from = walk->waiting->len;
	do {
		from--;
	} while (g_array_index(walk->waiting, guint, from) != mail);
	close_circle(walk, from);
}

/* Threads are as deep as strangers like, so the stack is on the heap. */
static void
follow(Walk *walk, guint mail)
{
	enter(walk, mail);
	while (walk->frames->len > 0) {
		Frame *top = &g_array_index(walk->frames, Frame, walk->frames->len - 1);
		const PmThreadMail *at = &walk->mails[top->mail];

		if (top->next == at->n_refs) {
			leave(walk, top->mail);
			continue;
		}
		guint ref = at->refs[top->next++];
		if (!is_followed(walk, ref))
			continue;
		if (walk->seen[ref] == 0)
			enter(walk, ref);
		else if (walk->is_up[ref])
			walk->low[top->mail] = MIN(walk->low[top->mail], walk->seen[ref]);
	}
}

void
pm_thread_resolve(PmThreadMail *mails, guint n)
{
	g_autofree guint *seen = g_new0(guint, n), *low = g_new0(guint, n);
	g_autofree gboolean *is_up = g_new0(gboolean, n);
	g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(Frame));
	Walk walk = {mails, seen, low, is_up, waiting, frames, 0};

	for (guint i = 0; i < n; i++)
		mails[i].end = PM_THREAD_NONE;
	for (guint i = 0; i < n; i++)
		if (is_followed(&walk, i) && seen[i] == 0)
			follow(&walk, i);
	for (guint i = 0; i < n; i++) {
		gboolean is_open = FALSE;

		if (mails[i].kind != PM_THREAD_SUBMISSION)
			continue;
		mails[i].end = first_end(mails, i, &is_open);
		mails[i].is_open = mails[i].end == PM_THREAD_NONE && is_open;
	}
}
