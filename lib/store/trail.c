/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/trail.h"

PmTrail *
pm_trail_new(void)
{
	PmTrail *trail = g_new0(PmTrail, 1);

	trail->mails = g_array_new(FALSE, TRUE, sizeof(PmThreadMail));
	trail->projects = g_ptr_array_new();
	trail->refs = g_array_new(FALSE, FALSE, sizeof(guint));
	trail->firsts = g_array_new(FALSE, FALSE, sizeof(guint));
	return trail;
}

void
pm_trail_free(PmTrail *trail)
{
	g_array_unref(trail->mails);
	g_ptr_array_unref(trail->projects);
	g_array_unref(trail->refs);
	g_array_unref(trail->firsts);
	g_free(trail);
}

guint
pm_trail_add(PmTrail *trail, const char *msgid, const PmProject *project)
{
	PmThreadMail mail = {.msgid = msgid,
			     .kind = project ? PM_THREAD_SUBMISSION : PM_THREAD_MAIL};
	guint first = 0;

	g_array_append_val(trail->mails, mail);
	g_array_append_val(trail->firsts, first);
	g_ptr_array_add(trail->projects, (gpointer)project);
	return trail->mails->len - 1;
}

void
pm_trail_refer(PmTrail *trail, guint i, guint ref)
{
	PmThreadMail *mail = &g_array_index(trail->mails, PmThreadMail, i);

	if (mail->n_refs++ == 0)
		g_array_index(trail->firsts, guint, i) = trail->refs->len;
	g_array_append_val(trail->refs, ref);
}

void
pm_trail_resolve(PmTrail *trail)
{
	PmThreadMail *mails = (PmThreadMail *)trail->mails->data;

	for (guint i = 0; i < trail->mails->len; i++)
		mails[i].refs = (const guint *)trail->refs->data +
				g_array_index(trail->firsts, guint, i);
	pm_thread_resolve(mails, trail->mails->len);
}

const PmProject *
pm_trail_end(const PmTrail *trail, guint i)
{
	guint end = g_array_index(trail->mails, PmThreadMail, i).end;

	return end == PM_THREAD_NONE ? NULL : g_ptr_array_index(trail->projects, end);
}
