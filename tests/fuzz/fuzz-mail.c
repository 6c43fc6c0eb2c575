/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole mails: any bytes give a mail or an error, never both and never neither; a mail is
 * something to a project; and all that is kept of it is text that PostgreSQL takes.
 */
#include "lib/series/classify.h"
#include "tests/fuzz/target.h"

/* g_utf8_validate() takes no NUL where it is told the length. */
static void
assert_text(const char *text, gssize len)
{
	g_assert_true(text == NULL || g_utf8_validate(text, len, NULL));
}

static void
assert_texts(char *const *texts)
{
	for (; texts != NULL && *texts != NULL; texts++)
		assert_text(*texts, -1);
}

static void
check_mail(const PmMail *mail, size_t size)
{
	g_assert_nonnull(mail->headers);
	g_assert_nonnull(mail->subject);
	g_assert_nonnull(mail->content);
	g_assert_true(mail->diff == NULL || mail->hash != NULL);
	g_assert_cmpuint(mail->size, ==, size);
	assert_text(mail->msgid, -1);
	assert_text(mail->subject_text, -1);
	assert_text(mail->content->str, (gssize)mail->content->len);
	if (mail->diff != NULL)
		assert_text(mail->diff->str, (gssize)mail->diff->len);
	assert_text(mail->pull_url, -1);
	assert_text(mail->change_id, -1);
	assert_text(mail->hint, -1);
	assert_text(mail->state, -1);
	assert_text(mail->delegate, -1);
	assert_texts(mail->refs);
	assert_texts(mail->list_ids);
	assert_texts(mail->files);
	assert_texts(mail->depends_on);
	assert_texts(mail->shortlog);
}

static void
check_item(const PmMail *mail)
{
	static char linkname[] = "demo", list_id[] = "demo.lists.example.org",
		    list_email[] = "demo@lists.example.org";
	const PmProject project = {
		.linkname = linkname, .list_id = list_id, .list_email = list_email};
	g_autoptr(PmItem) item = pm_classify(mail, &project);
	g_autofree char *text = NULL;

	g_assert_nonnull(pm_kind_to_string(item->kind));
	g_assert_nonnull(item->reason);
	g_assert_true(item->author != NULL || item->kind == PM_KIND_INVALID ||
		      item->kind == PM_KIND_IGNORED);
	assert_text(item->reason, -1);
	assert_text(item->name, -1);
	if (item->author != NULL) {
		assert_text(item->author->email, -1);
		assert_text(item->author->name, -1);
	}
	text = pm_explain_mail(mail, item);
	g_assert_nonnull(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static gsize is_ready = 0;
	g_autoptr(GError) error = NULL;

	if (g_once_init_enter(&is_ready)) {
		pm_mail_init();
		g_once_init_leave(&is_ready, 1);
	}
	g_autoptr(PmMail) mail = pm_mail_new((const char *)data, size, &error);
	g_assert_true((mail == NULL) == (error != NULL));
	if (mail == NULL)
		return 0;
	check_mail(mail, size);
	check_item(mail);
	return 0;
}
