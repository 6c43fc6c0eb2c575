/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patch, cover, comment or nothing. The rules, the first that applies decides:
 *
 *   1. The sender's hint "ignore".
 *   2. Without Message-ID or author a mail cannot be stored. Without a Subject it
 *      can: its name is empty, as that of an empty Subject.
 *   3. A reply marker makes a comment, even with a diff in it. A forwarded patch
 *      that answers nothing is a patch, though: dropping it would lose it.
 *   4. 0/n makes a cover, even with a diff (interdiff) or a pull request, and
 *      even if it is empty: its series needs it.
 *   5. A diff or a pull request makes a patch.
 *   6. n/m without a diff, but with a shortlog of m titles: a cover that was
 *      wrongly numbered. Without a shortlog it must not take a patch's place.
 *   7. What answers something is a comment, if there is anything in it.
 */
#include "lib/series/classify.h"

const char *
pm_kind_to_string(PmKind kind)
{
	switch (kind) {
	case PM_KIND_PATCH:
		return "patch";
	case PM_KIND_COVER:
		return "cover";
	case PM_KIND_COMMENT:
		return "comment";
	case PM_KIND_IGNORED:
		return "ignored";
	case PM_KIND_INVALID:
		return "invalid";
	}
	return "unknown";
}

static gboolean
is_forwarded_patch(const PmMail *mail)
{
	return mail->subject->is_forward && !mail->refs[0] && mail->diff;
}

static gboolean
is_numbered_zero(const PmSubject *subject)
{
	return subject->has_number && subject->number == 0 && subject->fraction == 0;
}

/* A cover that says 1/5: it lists the titles of all five. */
static gboolean
is_misnumbered_cover(const PmMail *mail)
{
	guint titles = g_strv_length(mail->shortlog);

	return mail->subject->has_number && titles >= 2 &&
	       (int)titles == mail->subject->total;
}

static PmKind
decide_comment(const PmMail *mail, const char *why, const char **reason_out)
{
	if (!mail->refs[0]) {
		*reason_out = mail->subject->is_reply
				      ? "is a reply, but names no mail it answers"
				      : "is no patch and answers nothing";
		return PM_KIND_IGNORED;
	}
	if (!mail->content->len) {
		*reason_out = "answers, but has no text";
		return PM_KIND_IGNORED;
	}
	*reason_out = why;
	return PM_KIND_COMMENT;
}

/* Sets the reason and returns the kind, for the table of rules below. */
static PmKind
because(const char **reason_out, const char *reason, PmKind kind)
{
	*reason_out = reason;
	return kind;
}

static PmKind
decide(const PmMail *mail, const PmAddress *author, const char **reason_out)
{
	const PmSubject *subject = mail->subject;

	if (mail->hint && g_ascii_strcasecmp(mail->hint, "ignore") == 0)
		return because(reason_out, "X-Patchwork-Hint says ignore",
			       PM_KIND_IGNORED);
	if (!author)
		return because(reason_out, "no header names an author", PM_KIND_INVALID);
	if (subject->is_reply && !is_forwarded_patch(mail))
		return decide_comment(mail, "its subject has a reply marker", reason_out);
	if (is_numbered_zero(subject))
		return because(reason_out, "is number 0 of its series", PM_KIND_COVER);
	if (mail->diff)
		return because(reason_out, "has a diff and is no reply", PM_KIND_PATCH);
	if (mail->pull_url)
		return because(reason_out, "is a pull request", PM_KIND_PATCH);
	if (is_misnumbered_cover(mail))
		return because(reason_out,
			       "has no diff, but lists all titles of its series",
			       PM_KIND_COVER);
	if (subject->has_number)
		return decide_comment(mail, "is numbered, but has no diff", reason_out);
	return decide_comment(mail, "has no diff and answers something", reason_out);
}

PmItem *
pm_classify(const PmMail *mail, const PmProject *project)
{
	PmItem *item = g_new0(PmItem, 1);
	const char *reason = NULL;

	item->author =
		pm_address_author(mail->headers, project->list_email, &item->author_how);
	item->name = pm_subject_name(mail->subject, project->linkname);
	item->kind = decide(mail, item->author, &reason);
	item->reason = g_strdup(reason);
	return item;
}

void
pm_item_free(PmItem *item)
{
	if (!item)
		return;
	g_free(item->reason);
	g_free(item->name);
	pm_address_free(item->author);
	g_free(item);
}
