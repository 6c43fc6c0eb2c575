/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Puts a PmMail together: the header fields first, since the subject decides
 * how the body is read, then the body, then what the body says.
 *
 * In a reply (and in a cover, 0/n) a diff belongs to the text: comments and
 * covers have no column for it, and taking it out would lose it. A forwarded
 * patch that answers nothing is read as a patch, since it can be nothing else.
 */
#include "lib/mail/mail.h"

#include <string.h>

#include "lib/error.h"
#include "lib/mail/body.h"
#include "lib/mail/exact.h"
#include "lib/text/charset.h"
#include "lib/text/date.h"
#include "lib/text/diff.h"
#include "lib/text/listid.h"
#include "lib/text/msgid.h"
#include "lib/text/pull.h"
#include "lib/text/strip.h"
#include "lib/text/trailer.h"

/* Patchwork's column. */
#define PULL_URL_MAX 255

void
pm_mail_init(void)
{
	pm_mime_init();
}

static void
read_headers(PmMail *mail)
{
	const PmHeaders *h = mail->headers;
	const char *date = pm_headers_raw(h, "Date", 0);

	mail->msgid = pm_msgid_own(h);
	mail->refs = pm_msgid_references(h, mail->msgid);
	mail->subject_text = pm_headers_decoded(h, "Subject", 0);
	mail->subject = pm_subject_parse(mail->subject_text ? mail->subject_text : "");
	mail->list_ids = pm_list_ids(h);
	mail->has_date = date && pm_date_parse(date, &mail->date);
	mail->hint = pm_headers_decoded(h, "X-Patchwork-Hint", 0);
	mail->state = pm_headers_decoded(h, "X-Patchwork-State", 0);
	mail->delegate = pm_headers_decoded(h, "X-Patchwork-Delegate", 0);
	mail->action_required =
		pm_headers_raw(h, "X-Patchwork-Action-Required", 0) != NULL;
}

static gboolean
is_cover(const PmMail *mail)
{
	const PmSubject *s = mail->subject;

	return !s->is_reply && s->has_number && s->number == 0 && s->fraction == 0;
}

/* A forwarded mail that answers nothing may be a patch; all else is a reply. */
static gboolean
is_reply(const PmMail *mail)
{
	return mail->subject->is_reply && !(mail->subject->is_forward && !mail->refs[0]);
}

/* Whether all header lines end in CRLF: then the way the mail came added them. */
static gboolean
is_crlf_mail(const char *bytes, size_t body)
{
	guint lines = 0;

	for (const char *p = bytes, *end = bytes + body; (p = memchr(p, '\n', end - p));
	     p++) {
		gboolean is_crlf = p > bytes && p[-1] == '\r';
		/* A From_ line is the mailbox's own. */
		if (!is_crlf && (lines > 0 || memcmp(bytes, "From ", MIN(body, 5)) != 0))
			return FALSE;
		lines += is_crlf;
	}
	return lines > 0;
}

static void
take_body(PmMail *mail, PmBody *body)
{
	size_t start, end;

	pm_strip_bounds(body->comment->str, body->comment->len, &start, &end);
	g_string_truncate(body->comment, end);
	g_string_erase(body->comment, 0, start);
	mail->content = g_steal_pointer(&body->comment);
	mail->diff = g_steal_pointer(&body->diff);
	mail->parts = g_steal_pointer(&body->parts);
	mail->is_lossy = body->is_lossy;
}

/* Whether a header has bytes that are no UTF-8. */
static gboolean
has_foreign_header(const PmHeaders *headers)
{
	for (guint i = 0; i < pm_headers_count(headers); i++)
		if (!g_utf8_validate(pm_headers_raw_at(headers, i), -1, NULL))
			return TRUE;
	return FALSE;
}

/* Whether git am would make something else of what the columns hold. */
static gboolean
needs_raw(const PmMail *mail, const PmBody *body)
{
	if (mail->is_lossy || mail->diff == NULL)
		return mail->is_lossy;
	return body->plain == NULL || body->is_changed || mail->parts->len != 1 ||
	       has_foreign_header(mail->headers) ||
	       !pm_exact_is_rebuilt(body->plain, body->plain_len, mail->content,
				    mail->diff);
}

static void
read_content(PmMail *mail)
{
	const char *text = mail->content->str;
	size_t len = mail->content->len;

	mail->pull_url = pm_pull_url(text, len);
	if (mail->pull_url)
		pm_utf8_cut(mail->pull_url, PULL_URL_MAX);
	mail->depends_on = pm_trailer_depends_on(text, len);
	mail->change_id = pm_trailer_change_id(text, len);
	mail->shortlog = pm_trailer_shortlog(text, len);
	if (!mail->diff) {
		mail->files = g_new0(char *, 1);
		return;
	}
	mail->hash = pm_diff_hash(mail->diff->str, mail->diff->len);
	mail->files = pm_diff_files(mail->diff->str, mail->diff->len);
}

static void
hash_header(GChecksum *sum, const PmMail *mail, const char *name)
{
	const char *value = pm_headers_raw(mail->headers, name, 0);

	if (value)
		g_checksum_update(sum, (const guchar *)value, (gssize)strlen(value));
	g_checksum_update(sum, (const guchar *)"\n", 1);
}

/*
 * An id for a mail that came without (RFC 5322, 3.6.4: it should have one), so that
 * it can be kept, and once: made of what the sender wrote, not of the way it took.
 */
static void
make_msgid(PmMail *mail)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);

	hash_header(sum, mail, "From");
	hash_header(sum, mail, "Date");
	hash_header(sum, mail, "Subject");
	g_checksum_update(sum, (const guchar *)mail->content->str,
			  (gssize)mail->content->len);
	if (mail->diff)
		g_checksum_update(sum, (const guchar *)mail->diff->str,
				  (gssize)mail->diff->len);
	mail->msgid =
		g_strdup_printf("<%s@patchmail.invalid>", g_checksum_get_string(sum));
	mail->is_msgid_made = TRUE;
}

PmMail *
pm_mail_new(const char *bytes, size_t len, GError **error)
{
	g_autoptr(PmMail) mail = g_new0(PmMail, 1);
	g_auto(PmBody) body = {0};
	size_t start;

	if (len > PM_MAIL_SIZE_MAX) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_MAIL,
			    "could not read mail: %zu bytes are more than %d", len,
			    PM_MAIL_SIZE_MAX);
		return NULL;
	}
	mail->size = len;
	mail->headers = pm_headers_new(bytes, len, &start);
	if (!pm_headers_count(mail->headers)) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_MAIL,
			    "could not read mail: nothing in it resembles a header");
		return NULL;
	}
	read_headers(mail);
	pm_body_init(&body);
	body.is_cover = is_cover(mail);
	body.keeps_diff = body.is_cover || is_reply(mail);
	body.is_crlf = is_crlf_mail(bytes, start);
	if (!pm_mime_walk(bytes, len, mail->headers, start, pm_body_add, &body, error))
		return NULL;
	take_body(mail, &body);
	mail->needs_raw = needs_raw(mail, &body);
	read_content(mail);
	if (!mail->msgid)
		make_msgid(mail);
	return g_steal_pointer(&mail);
}

PmMail *
pm_mail_ref(PmMail *mail)
{
	g_atomic_int_inc(&mail->refs_held);
	return mail;
}

void
pm_mail_free(PmMail *mail)
{
	/* The first owner is not counted. */
	if (!mail || g_atomic_int_add(&mail->refs_held, -1) > 0)
		return;
	pm_headers_free(mail->headers);
	g_free(mail->msgid);
	g_strfreev(mail->refs);
	g_free(mail->subject_text);
	pm_subject_free(mail->subject);
	g_strfreev(mail->list_ids);
	if (mail->content)
		g_string_free(mail->content, TRUE);
	if (mail->diff)
		g_string_free(mail->diff, TRUE);
	g_free(mail->hash);
	g_strfreev(mail->files);
	g_free(mail->pull_url);
	g_strfreev(mail->depends_on);
	g_free(mail->change_id);
	g_strfreev(mail->shortlog);
	g_free(mail->hint);
	g_free(mail->state);
	g_free(mail->delegate);
	if (mail->parts)
		g_ptr_array_unref(mail->parts);
	g_free(mail);
}
