/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints how a mail was read, for people and for the golden tests: one fact a
 * line, in a fixed order, absent ones left out. Control characters are shown as
 * \xNN, so that a line stays a line whatever the mail holds.
 */
#include "lib/series/classify.h"

#include <string.h>

/* More lines of text than this, and longer values, say nothing new. */
#define TEXT_LINES_MAX 200
#define VALUE_MAX 2000

/* The length to which a value is shown: whole characters. */
static size_t
shown_length(const char *value, size_t len)
{
	if (len <= VALUE_MAX)
		return len;
	len = VALUE_MAX;
	while (len && ((unsigned char)value[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void
put(GString *out, const char *key, const char *value, size_t len)
{
	g_string_append_printf(out, "%s: ", key);
	for (size_t i = 0, shown = shown_length(value, len); i < shown; i++) {
		unsigned char c = value[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			g_string_append_printf(out, "\\x%02x", c);
		else
			g_string_append_c(out, c);
	}
	if (len > VALUE_MAX)
		g_string_append(out, "[...]");
	/* No white space at line ends: values that are empty or end in it. */
	while (out->len && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
}

static void
put_text(GString *out, const char *key, const char *value)
{
	if (value)
		put(out, key, value, strlen(value));
}

static void
put_list(GString *out, const char *key, char **values)
{
	for (; *values; values++)
		put_text(out, key, *values);
}

static void
put_flag(GString *out, const char *key, gboolean value)
{
	if (value)
		put_text(out, key, "yes");
}

static void
put_lines(GString *out, const char *key, const GString *text)
{
	const char *p = text->str, *end = p + text->len;

	for (guint n = 0; p < end; n++) {
		const char *stop = memchr(p, '\n', end - p);
		if (n == TEXT_LINES_MAX) {
			put_text(out, key, "[...]");
			return;
		}
		if (!stop)
			stop = end;
		put(out, key, p, stop - p);
		p = stop + 1;
	}
}

static guint
count_lines(const GString *text)
{
	guint n = 0;

	for (size_t i = 0; i < text->len; i++)
		n += text->str[i] == '\n';
	return n;
}

static void
put_item(GString *out, const PmItem *item)
{
	put_text(out, "kind", pm_kind_to_string(item->kind));
	put_text(out, "reason", item->reason);
	put_text(out, "name", item->name);
	if (!item->author)
		return;
	put_text(out, "author-email", item->author->email);
	put_text(out, "author-name", item->author->name);
	put_text(out, "author-from", item->author_how);
}

static void
put_date(GString *out, const PmMail *mail)
{
	if (!mail->has_date)
		return;
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(mail->date);
	g_autofree char *text =
		date ? g_date_time_format(date, "%Y-%m-%dT%H:%M:%S") : NULL;
	put_text(out, "date", text);
}

static void
put_number(GString *out, const PmSubject *subject)
{
	g_autofree char *version = g_strdup_printf("%d", subject->version);

	if (subject->has_version)
		put_text(out, "version",
			 subject->version_text ? subject->version_text : version);
	if (!subject->has_number)
		return;
	g_autofree char *number =
		subject->fraction
			? g_strdup_printf("%d.%d of %d", subject->number,
					  subject->fraction, subject->total)
			: g_strdup_printf("%d of %d", subject->number, subject->total);
	put_text(out, "number", number);
}

static void
put_subject(GString *out, const PmMail *mail)
{
	const PmSubject *subject = mail->subject;

	put_text(out, "subject", mail->subject_text);
	put_flag(out, "reply", subject->is_reply && !subject->is_forward);
	put_flag(out, "forward", subject->is_forward);
	put_list(out, "prefix", subject->prefixes);
	put_number(out, subject);
	put_text(out, "title", subject->title);
}

static void
put_parts(GString *out, const PmMail *mail)
{
	for (guint i = 0; i < mail->parts->len; i++) {
		const PmMailPart *part = g_ptr_array_index(mail->parts, i);
		g_autoptr(GString) text = g_string_new(part->type);

		if (part->charset)
			g_string_append_printf(text, "; charset=%s", part->charset);
		if (part->filename)
			g_string_append_printf(text, "; name=%s", part->filename);
		g_string_append_printf(text, "; %s", part->used);
		put(out, "part", text->str, text->len);
	}
}

static void
put_diff(GString *out, const PmMail *mail)
{
	if (!mail->diff)
		return;
	g_autofree char *size = g_strdup_printf("%u lines, %zu bytes",
						count_lines(mail->diff), mail->diff->len);
	put_text(out, "diff", size);
	put_text(out, "hash", mail->hash);
	put_list(out, "file", mail->files);
}

static void
put_content(GString *out, const PmMail *mail)
{
	put_text(out, "pull-url", mail->pull_url);
	put_list(out, "depends-on", mail->depends_on);
	put_text(out, "change-id", mail->change_id);
	put_list(out, "shortlog", mail->shortlog);
	put_text(out, "hint", mail->hint);
	put_text(out, "state", mail->state);
	put_text(out, "delegate", mail->delegate);
	put_flag(out, "action-required", mail->action_required);
	put_flag(out, "lossy", mail->is_lossy);
	put_lines(out, "comment", mail->content);
}

char *
pm_explain_mail(const PmMail *mail, const PmItem *item)
{
	GString *out = g_string_new(NULL);

	if (item)
		put_item(out, item);
	put_text(out, "message-id", mail->msgid);
	if (mail->is_msgid_made)
		put_text(out, "message-id-made", "yes");
	put_list(out, "reference", mail->refs);
	put_list(out, "list-id", mail->list_ids);
	put_date(out, mail);
	put_subject(out, mail);
	put_parts(out, mail);
	put_diff(out, mail);
	put_content(out, mail);
	return g_string_free(out, FALSE);
}
