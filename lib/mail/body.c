/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Joins the parts of a mail into what the database has columns for: a comment
 * and a diff.
 *
 *   - text/plain: the first one that holds a diff is split; the others are comment.
 *   - text/x-patch, text/x-diff and the like: diff as a whole, commit message
 *     included, as Patchwork does. Of several, all are kept, one after the other;
 *     where the text holds a diff of the same files, it is the same one, often
 *     wrapped by the mailer, and the attached one stands for both.
 *   - other types, where they or their file name may mean a patch: the same,
 *     if they hold a diff.
 *   - HTML and everything else: not used.
 *
 * In replies and covers a diff is part of the text. A patch that is attached to a
 * cover is appended to its text; one attached to a reply is not, since tags that
 * are counted in comments are often found in it.
 */
#include "lib/mail/body.h"

#include <string.h>

#include "lib/mail/mail.h"
#include "lib/text/charset.h"
#include "lib/text/diff.h"
#include "lib/text/flowed.h"
#include "lib/text/strip.h"

static void
free_part(void *data)
{
	PmMailPart *part = data;

	g_free(part->type);
	g_free(part->charset);
	g_free(part->filename);
	g_free(part);
}

void
pm_body_init(PmBody *body)
{
	memset(body, 0, sizeof(*body));
	body->comment = g_string_new(NULL);
	body->parts = g_ptr_array_new_with_free_func(free_part);
}

void
pm_body_clear(PmBody *body)
{
	if (body->comment)
		g_string_free(body->comment, TRUE);
	if (body->diff)
		g_string_free(body->diff, TRUE);
	g_free(body->plain);
	g_clear_pointer(&body->parts, g_ptr_array_unref);
	memset(body, 0, sizeof(*body));
}

/* CRLF to LF. Lone CRs, and CRs in mail that came with LF, are content. */
static GString *
without_transport_returns(const char *bytes, size_t len)
{
	GString *out = g_string_sized_new(len);
	const char *end = bytes + len;

	while (bytes < end) {
		const char *stop = memchr(bytes, '\r', end - bytes);
		if (!stop)
			stop = end;
		g_string_append_len(out, bytes, stop - bytes);
		if (stop < end && (stop + 1 == end || stop[1] != '\n'))
			g_string_append_c(out, '\r');
		bytes = stop + 1;
	}
	return out;
}

/* Whether the bytes can be told from the text again. */
static gboolean
is_text_lossy(const char *bytes, size_t len, const char *text, size_t text_len,
	      PmCharsetHow how)
{
	if (memchr(bytes, '\0', len))
		return how != PM_CHARSET_DECLARED || len == text_len + 1;
	if (how == PM_CHARSET_DECLARED)
		return FALSE;
	return len != text_len || memcmp(bytes, text, len) != 0;
}

/* The part as UTF-8 text. (transfer full) */
static char *
part_text(PmBody *body, const PmMimePart *part, size_t *len_out)
{
	const char *bytes = part->bytes;
	size_t len = part->len;
	g_autoptr(GString) unified = NULL;
	PmCharsetHow how;

	/* Before decoding: quoted-printable's line ends are transport's, base64 has its own. */
	if (body->is_crlf) {
		unified = without_transport_returns(bytes, len);
		bytes = unified->str;
		len = unified->len;
	}
	g_autoptr(GString) decoded = pm_transfer_decode(part->transfer, bytes, len);
	if (decoded) {
		bytes = decoded->str;
		len = decoded->len;
	}
	char *text = pm_charset_to_utf8(bytes, len, part->charset, len_out, &how);
	body->is_lossy |= is_text_lossy(bytes, len, text, *len_out, how);
	body->is_changed |= len != *len_out || memcmp(bytes, text, len) != 0;
	return text;
}

static void
append_diff(PmBody *body, const char *text, size_t len)
{
	if (!body->diff) {
		body->diff = g_string_new_len(text, len);
		return;
	}
	if (body->diff->len && body->diff->str[body->diff->len - 1] != '\n')
		g_string_append_c(body->diff, '\n');
	g_string_append_len(body->diff, text, len);
}

/* Each chunk is cleaned on its own, so that a signature in the first does not
 * cost the second. Consumes chunk. */
static void
append_comment(PmBody *body, GString *chunk)
{
	g_autoptr(GString) owned = chunk;

	pm_comment_clean(owned);
	g_string_append_len(body->comment, owned->str, owned->len);
	g_string_append_c(body->comment, '\n');
}

/*
 * Splits text; one that is said to be flowed is joined first, as git does. The
 * text as it came is taken where it is not a diff that way, or a worse one: some
 * mailers set format=flowed and do not stuff spaces.
 */
static void
split_text(const PmMimePart *part, const char *text, size_t len, PmDiffSplit *split)
{
	pm_diff_split(text, len, split);
	if (!part->is_flowed)
		return;
	g_autoptr(GString) joined = pm_flowed_join(text, len, part->has_delsp);
	PmDiffSplit flowed;
	pm_diff_split(joined->str, joined->len, &flowed);
	if (!flowed.diff || (flowed.is_damaged && split->diff && !split->is_damaged)) {
		pm_diff_split_clear(&flowed);
		return;
	}
	pm_diff_split_clear(split);
	*split = flowed;
}

/* Whether cleaning cut into the text above the diff: a commit message may hold
 * a line of underscores. */
static gboolean
is_cut_short(const PmDiffSplit *split)
{
	g_autoptr(GString) cleaned =
		g_string_new_len(split->comment->str, split->comment->len);
	size_t start, end;

	pm_comment_clean(cleaned);
	pm_strip_bounds(split->comment->str, split->head_len, &start, &end);
	return cleaned->len < end - start;
}

static const char *
add_plain(PmBody *body, const PmMimePart *part)
{
	size_t len;
	g_autofree char *text = part_text(body, part, &len);

	if (body->keeps_diff || body->diff) {
		append_comment(body, g_string_new_len(text, len));
		return "comment";
	}
	g_auto(PmDiffSplit) split = {0};
	split_text(part, text, len, &split);
	if (split.diff) {
		body->is_lossy |= is_cut_short(&split);
		body->diff = g_steal_pointer(&split.diff);
		body->inline_len = body->diff->len;
		body->is_changed |= part->is_flowed || memchr(text, '\r', len) != NULL;
		body->plain = g_steal_pointer(&text);
		body->plain_len = len;
	}
	append_comment(body, g_steal_pointer(&split.comment));
	return body->diff ? "comment and diff" : "comment";
}

/* Drops the diff that stood within text where an attached one repeats it. */
static void
drop_repeated(PmBody *body, const PmDiffSplit *attached)
{
	if (!body->inline_len || !attached->diff)
		return;
	g_auto(GStrv) here = pm_diff_files(body->diff->str, body->inline_len);
	g_auto(GStrv) there = pm_diff_files(attached->diff->str, attached->diff->len);
	if (!g_strv_equal((const char *const *)here, (const char *const *)there))
		return;
	g_string_erase(body->diff, 0, body->inline_len);
	body->inline_len = 0;
	body->is_lossy = TRUE;
}

/* The diff of an attached patch, or the text of one attached to a cover. */
static const char *
use_attached(PmBody *body, const char *text, size_t len, const PmDiffSplit *split)
{
	if (body->is_cover) {
		pm_strip_append_line(body->comment, text, len);
		return "comment";
	}
	drop_repeated(body, split);
	append_diff(body, text, len);
	return "diff";
}

/* An attached patch. must_hold: it is one only if it holds a diff. */
static const char *
add_attached(PmBody *body, const PmMimePart *part, gboolean must_hold)
{
	if (body->keeps_diff && !body->is_cover) {
		body->is_lossy = TRUE;
		return "skipped: attached to a reply";
	}
	gboolean was_lossy = body->is_lossy;
	size_t len;
	g_autofree char *text = part_text(body, part, &len);
	g_auto(PmDiffSplit) split = {0};
	pm_diff_split(text, len, &split);
	if (len > 0 && (split.diff || !must_hold))
		return use_attached(body, text, len, &split);
	body->is_lossy = was_lossy || len > 0;
	return len ? "skipped: no diff in it" : "skipped: empty";
}

static gboolean
is_one_of(const char *text, const char *const *list)
{
	return g_strv_contains(list, text);
}

/* text/x-patch and its relatives: meant to be a diff. */
static gboolean
is_patch_type(const char *type)
{
	static const char *const types[] = {"text/x-patch", "text/x-diff", "text/patch",
					    "text/diff", NULL};

	return is_one_of(type, types);
}

/* What may be a diff: other types of text, and files that say so. */
static gboolean
may_be_patch(const PmMimePart *part)
{
	static const char *const types[] = {
		"application/x-patch", "application/x-diff",	   "application/patch",
		"application/mbox",    "application/octet-stream", NULL};

	if (g_str_has_prefix(part->type, "text/x-") || is_one_of(part->type, types))
		return TRUE;
	if (!part->filename)
		return FALSE;
	g_autofree char *name = g_ascii_strdown(part->filename, -1);
	return g_str_has_suffix(name, ".patch") || g_str_has_suffix(name, ".diff") ||
	       g_str_has_suffix(name, ".txt");
}

static const char *
add_part(PmBody *body, const PmMimePart *part)
{
	if (strcmp(part->type, "text/plain") == 0)
		return add_plain(body, part);
	if (strcmp(part->type, "text/html") == 0)
		return "skipped: HTML";
	if (is_patch_type(part->type))
		return add_attached(body, part, FALSE);
	if (may_be_patch(part))
		return add_attached(body, part, TRUE);
	if (strcmp(part->type, "application/pgp-signature") == 0 ||
	    strcmp(part->type, "application/pkcs7-signature") == 0)
		return "skipped: signature";
	body->is_lossy = TRUE;
	return "skipped: no text";
}

void
pm_body_add(const PmMimePart *part, void *user)
{
	PmBody *body = user;
	PmMailPart *entry = g_new0(PmMailPart, 1);

	entry->type = g_utf8_make_valid(part->type, -1);
	entry->charset = part->charset ? g_utf8_make_valid(part->charset, -1) : NULL;
	entry->filename = g_strdup(part->filename);
	g_ptr_array_add(body->parts, entry);
	entry->used = add_part(body, part);
}
