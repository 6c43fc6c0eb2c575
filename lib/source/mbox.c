/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mbox splitter. A From_ line begins a mail only at the start of the file or after a
 * blank line, and only when it has the form of one (fromline.c); that blank line belongs
 * to the separator. The last mail loses its blank line too, so that a mail is the same
 * wherever it stands in the file. Content-Length is not believed.
 *
 * Only "From " is looked for, and what stands before it is read backwards: most of an
 * archive passes through memmem() and memcpy(). A line that begins like a quoted or real
 * From_ line and is not all there yet is held back until it is, or is too long to be one.
 *
 * Quoting. mboxrd puts ">" before each ">*From "; mboxo only before "From ", so that the
 * ">" of a text that had one itself cannot be told from the writer's. As told to:
 *
 *	in the file	mboxrd		mboxo		mbox and auto
 *	>From here	From here	From here	From here
 *	>>From here	>From here	>>From here	>>From here
 *
 * Where it is not told, ">From " loses its ">", on which both agree: Mailman, procmail
 * and mutt quote so, and people who cite write "> From". Of ">>From " they say different
 * things, so it stays. Two writers give themselves away in their From_ lines:
 * public-inbox's mails are read as mboxrd, and those of git format-patch, which quotes
 * nothing by itself, as they are; git am reads them so, too.
 */
#include "lib/source/mbox.h"

#include <string.h>

#include "lib/source/fromline.h"
#include "lib/source/spool.h"

/* How many bytes are remembered to see a blank line: "\n\r\n". */
#define PAST 3

static const char from[] = "From ";
#define FROM_LEN (sizeof(from) - 1)

struct PmMbox {
	PmSourceFormat format;
	PmFromLineWriter writer; /* of the mail that is being read */
	PmSpool spool;
	GString *held;	   /* the undecided beginning of a line */
	char past[PAST];   /* the last bytes before those held */
	guint64 offset;	   /* of the next byte that is neither spooled nor held */
	guint64 begin;	   /* offset of the mail that is being read */
	guint64 number;	   /* of that mail */
	gboolean has_mail; /* a mail is being read */
};

typedef enum {
	LINE_TEXT,
	LINE_QUOTED,
	LINE_FROM,
	LINE_UNDECIDED, /* more bytes are needed */
} LineKind;

PmMbox *
pm_mbox_new(PmSourceFormat format, size_t size_max)
{
	PmMbox *mbox = g_new0(PmMbox, 1);

	mbox->format = format;
	pm_spool_init(&mbox->spool, size_max);
	mbox->held = g_string_new(NULL);
	/* The start of the file counts as a blank line. */
	memset(mbox->past, '\n', PAST);
	return mbox;
}

void
pm_mbox_free(PmMbox *mbox)
{
	if (mbox == NULL)
		return;
	pm_spool_clear(&mbox->spool);
	g_string_free(mbox->held, TRUE);
	g_free(mbox);
}

guint64
pm_mbox_number(const PmMbox *mbox)
{
	return mbox->number;
}

/* What a line is that begins here. Looks at no more than PM_FROM_LINE_MAX bytes. */
static LineKind
line_kind(const char *line, size_t len, gboolean is_after_blank)
{
	size_t limit = MIN(len, PM_FROM_LINE_MAX);
	size_t quotes = 0;

	while (quotes < limit && line[quotes] == '>')
		quotes++;
	size_t n = MIN(limit - quotes, FROM_LEN);
	if (memcmp(line + quotes, from, n) != 0)
		return LINE_TEXT;
	if (n < FROM_LEN)
		return len < PM_FROM_LINE_MAX ? LINE_UNDECIDED : LINE_TEXT;
	if (quotes > 0)
		return LINE_QUOTED;
	if (!is_after_blank)
		return LINE_TEXT;

	const char *end = memchr(line, '\n', limit);
	if (end == NULL)
		return len < PM_FROM_LINE_MAX ? LINE_UNDECIDED : LINE_TEXT;
	return pm_is_from_line(line, end - line + 1) ? LINE_FROM : LINE_TEXT;
}

/* The byte that stands n before data[pos], also where data does not reach back so far. */
static char
byte_before(const PmMbox *mbox, const char *data, size_t pos, size_t n)
{
	return n <= pos ? data[pos - n] : mbox->past[PAST + pos - n];
}

static gboolean
is_line_start(const PmMbox *mbox, const char *data, size_t pos)
{
	return byte_before(mbox, data, pos, 1) == '\n';
}

static gboolean
is_after_blank_line(const PmMbox *mbox, const char *data, size_t pos)
{
	char before = byte_before(mbox, data, pos, 2);

	if (byte_before(mbox, data, pos, 1) != '\n')
		return FALSE;
	return before == '\n' ||
	       (before == '\r' && byte_before(mbox, data, pos, 3) == '\n');
}

/* Moves on by len bytes, which are then in the past. */
static void
pass(PmMbox *mbox, const char *data, size_t len)
{
	size_t n = MIN(len, PAST);

	if (n == 0)
		return;
	memmove(mbox->past, mbox->past + n, PAST - n);
	memcpy(mbox->past + PAST - n, data + len - n, n);
	mbox->offset += len;
}

/* Text of a mail. Blank lines before the first mail are nobody's. */
static void
take_text(PmMbox *mbox, const char *data, size_t len)
{
	size_t blank = 0;

	while (!mbox->has_mail && blank < len &&
	       (data[blank] == '\n' || data[blank] == '\r'))
		blank++;
	pass(mbox, data, blank);
	data += blank;
	len -= blank;
	if (len == 0)
		return;
	if (!mbox->has_mail) {
		mbox->has_mail = TRUE;
		mbox->begin = mbox->offset;
		mbox->number++;
	}
	pm_spool_add(&mbox->spool, data, len);
	pass(mbox, data, len);
}

static gboolean
is_unquoted(const PmMbox *mbox, const char *line)
{
	switch (mbox->format) {
	case PM_SOURCE_MBOXRD:
		return TRUE;
	case PM_SOURCE_MBOXO:
		return line[1] != '>';
	default:
		break;
	}
	if (mbox->writer == PM_FROM_LINE_GIT)
		return FALSE;
	return mbox->writer == PM_FROM_LINE_MBOXRD || line[1] != '>';
}

/* The beginning of a quoted line: the quotes and the "From ". */
static void
take_quoted(PmMbox *mbox, const char *line, size_t len)
{
	if (!is_unquoted(mbox, line)) {
		take_text(mbox, line, len);
		return;
	}
	/* There may be no mail yet: a file that begins with a quoted line. */
	if (!mbox->has_mail) {
		take_text(mbox, line, len);
		return;
	}
	pm_spool_skip(&mbox->spool, 1);
	pass(mbox, line, 1);
	take_text(mbox, line + 1, len - 1);
}

/* The mail that ends here, without the blank line at its end. */
static PmSourceMail *
end_mail(PmMbox *mbox)
{
	g_autoptr(PmSourceMail) mail = NULL;

	if (!mbox->has_mail)
		return NULL;
	if (is_after_blank_line(mbox, "", 0))
		pm_spool_drop(&mbox->spool, mbox->past[PAST - 2] == '\r' ? 2 : 1);
	mail = g_new0(PmSourceMail, 1);
	mail->number = mbox->number;
	mail->offset = mbox->begin;
	mail->bytes = pm_spool_take(&mbox->spool, &mail->size, &mail->is_cut);
	mbox->has_mail = FALSE;
	return g_steal_pointer(&mail);
}

/* A From_ line: one mail ends, another begins. */
static PmSourceMail *
take_from_line(PmMbox *mbox, const char *line, size_t len)
{
	PmSourceMail *mail = end_mail(mbox);

	pass(mbox, line, len);
	mbox->has_mail = TRUE;
	mbox->begin = mbox->offset;
	mbox->number++;
	mbox->writer = pm_from_line_writer(line, len);
	return mail;
}

/* A decided line, or the beginning of one. Returns how much of it was used. */
static size_t
take_line(PmMbox *mbox, const char *line, size_t len, LineKind kind,
	  PmSourceMail **mail_out)
{
	size_t used = len;

	if (kind == LINE_FROM) {
		used = (const char *)memchr(line, '\n', len) - line + 1;
		*mail_out = take_from_line(mbox, line, used);
	} else if (kind == LINE_QUOTED) {
		used = (const char *)memchr(line, 'F', len) - line + FROM_LEN;
		take_quoted(mbox, line, used);
	} else {
		take_text(mbox, line, len);
	}
	return used;
}

/* Adds to the line that is held back, until it can be decided. Returns the bytes used. */
static size_t
push_held(PmMbox *mbox, const char *data, size_t len, PmSourceMail **mail_out)
{
	const char *end = memchr(data, '\n', len);
	size_t used = MIN(end != NULL ? (size_t)(end - data) + 1 : len,
			  PM_FROM_LINE_MAX - mbox->held->len);
	gboolean is_after_blank = is_after_blank_line(mbox, "", 0);

	g_string_append_len(mbox->held, data, used);
	LineKind kind = line_kind(mbox->held->str, mbox->held->len, is_after_blank);
	if (kind == LINE_UNDECIDED)
		return used;

	size_t taken = take_line(mbox, mbox->held->str, mbox->held->len, kind, mail_out);
	take_text(mbox, mbox->held->str + taken, mbox->held->len - taken);
	g_string_truncate(mbox->held, 0);
	return used;
}

/* Where the line begins whose quotes, if any, end at pos; pos itself where none does. */
static size_t
before_quotes(const char *data, size_t pos)
{
	size_t lowest = pos > PM_FROM_LINE_MAX ? pos - PM_FROM_LINE_MAX : 0;

	while (pos > lowest && data[pos - 1] == '>')
		pos--;
	return pos;
}

/* The end of the input may be the beginning of a From_ line: where it begins, or len. */
static size_t
undecided_tail(const PmMbox *mbox, const char *data, size_t len)
{
	const char *end = memrchr(data, '\n', len);
	size_t line = end != NULL ? (size_t)(end - data) + 1 : 0;

	if (line == len || !is_line_start(mbox, data, line))
		return len;
	gboolean is_after_blank = is_after_blank_line(mbox, data, line);
	if (line_kind(data + line, len - line, is_after_blank) == LINE_UNDECIDED)
		return line;
	return len;
}

/*
 * The next line that begins with "From ", quoted or not, and can be decided: its place,
 * and its kind. Otherwise LINE_TEXT, and where the undecided end of the data begins.
 */
static LineKind
find_from(const PmMbox *mbox, const char *data, size_t len, size_t *line_out)
{
	const char *hit = data;

	while ((hit = memmem(hit, data + len - hit, from, FROM_LEN)) != NULL) {
		size_t line = before_quotes(data, hit - data);

		hit += FROM_LEN;
		if (!is_line_start(mbox, data, line))
			continue;
		LineKind kind = line_kind(data + line, len - line,
					  is_after_blank_line(mbox, data, line));
		if (kind == LINE_TEXT || kind == LINE_UNDECIDED)
			continue;
		*line_out = line;
		return kind;
	}
	*line_out = undecided_tail(mbox, data, len);
	return LINE_TEXT;
}

size_t
pm_mbox_push(PmMbox *mbox, const char *data, size_t len, PmSourceMail **mail_out)
{
	size_t pos = 0;

	*mail_out = NULL;
	while (pos < len && *mail_out == NULL) {
		if (mbox->held->len > 0) {
			pos += push_held(mbox, data + pos, len - pos, mail_out);
			continue;
		}
		size_t line = 0;
		LineKind kind = find_from(mbox, data + pos, len - pos, &line);
		take_text(mbox, data + pos, line);
		pos += line;
		if (kind != LINE_TEXT) {
			pos += take_line(mbox, data + pos, len - pos, kind, mail_out);
			continue;
		}
		g_string_append_len(mbox->held, data + pos, len - pos);
		pos = len;
	}
	return pos;
}

PmSourceMail *
pm_mbox_finish(PmMbox *mbox)
{
	gboolean is_after_blank = is_after_blank_line(mbox, "", 0);

	/* A From_ line without an end has no mail behind it, but is no text either. */
	if (!is_after_blank || !pm_is_from_line(mbox->held->str, mbox->held->len))
		take_text(mbox, mbox->held->str, mbox->held->len);
	g_string_truncate(mbox->held, 0);
	return end_mail(mbox);
}

/* "Name: value", as a mail begins. */
static gboolean
is_header_line(const char *line, size_t len)
{
	size_t i = 0;

	while (i < len && (guchar)line[i] > ' ' && (guchar)line[i] < 127 &&
	       line[i] != ':')
		i++;
	return i > 0 && i < len && line[i] == ':';
}

/* git writes this date over every patch, and such a patch may stand in one mail's text.
 */
static gboolean
is_by_git(const char *line, size_t len)
{
	static const char date[] = "Mon Sep 17 00:00:00 2001";

	return memmem(line, len, date, strlen(date)) != NULL;
}

/* How many From_ lines stand behind a blank line and above a header. */
static guint
count_mails(const char *data, size_t len)
{
	const char *end = data + len;
	const char *p = data;
	guint count = 0;

	while ((p = memmem(p, (size_t)(end - p), "\nFrom ", 6)) != NULL) {
		const char *line = p + 1;
		const char *next = memchr(line, '\n', (size_t)(end - line));
		gboolean is_after_blank = p > data && (p[-1] == '\n' || p[-1] == '\r');

		if (next == NULL)
			break;
		size_t line_len = (size_t)(next + 1 - line);
		if (is_after_blank && pm_is_from_line(line, line_len) &&
		    !is_by_git(line, line_len) &&
		    is_header_line(next + 1, (size_t)(end - next - 1)))
			count++;
		p = next;
	}
	return count;
}

gboolean
pm_mbox_is_beginning(const char *data, size_t len)
{
	while (len > 0 && (*data == '\n' || *data == '\r')) {
		data++;
		len--;
	}
	const char *end = memchr(data, '\n', MIN(len, PM_FROM_LINE_MAX));
	return end != NULL && pm_is_from_line(data, (size_t)(end - data + 1));
}

gboolean
pm_mbox_is_remnant(const char *data, size_t len)
{
	return count_mails(data, len) >= (is_header_line(data, len) ? 2 : 1);
}
