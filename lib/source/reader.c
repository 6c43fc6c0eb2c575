/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a file, and unpacks it on the way if it begins with the mark of gzip
 * (RFC 1952), whatever its name is. As gzip does, several members in a row are one
 * stream, and zeros behind the last one (tape blocks) are ignored; anything else there
 * is damage, as is a file that ends in the middle of a member. Each member's checksum
 * is verified by zlib. xz and bzip2 are left to a pipe.
 */
#include "lib/source/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <glib/gstdio.h>

#include "lib/error.h"

#define BUFFER_SIZE (128 * 1024)

typedef struct {
	char *bytes;
	size_t begin, end; /* what is in it: bytes[begin] to bytes[end - 1] */
} Buffer;

typedef enum {
	PACKING_UNKNOWN, /* nothing was read yet */
	PACKING_NONE,
	PACKING_MEMBER,	 /* inside a gzip member */
	PACKING_BETWEEN, /* behind one */
} Packing;

struct PmReader {
	char *path;
	int fd;
	gboolean is_ours; /* fd was opened here */
	gboolean is_at_end;
	Buffer raw;
	Buffer plain; /* unpacked; unused where nothing is packed */
	Packing packing;
	z_stream zlib;
	gboolean has_zlib;
	guint64 n_read;
	int saved_errno; /* of a read that failed, told once what came before is used */
};

static int
open_regular(const char *path, GError **error)
{
	struct stat status;
	/* Without O_NONBLOCK a FIFO that nobody writes to would stop everything. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
			    "could not open %s: %s", path, g_strerror(errno));
		return -1;
	}
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		g_close(fd, NULL);
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
			    "could not read %s: not a regular file", path);
		return -1;
	}
	return fd;
}

PmReader *
pm_reader_open(const char *path, GError **error)
{
	gboolean is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open_regular(path, error);

	if (fd < 0)
		return NULL;
	PmReader *reader = g_new0(PmReader, 1);
	reader->path = is_stdin ? g_strdup("standard input") : g_strdup(path);
	reader->fd = fd;
	reader->is_ours = !is_stdin;
	reader->raw.bytes = g_malloc(BUFFER_SIZE);
	return reader;
}

void
pm_reader_free(PmReader *reader)
{
	if (reader == NULL)
		return;
	if (reader->has_zlib)
		(void)inflateEnd(&reader->zlib); /* only tells of bytes not asked for */
	if (reader->is_ours)
		g_close(reader->fd, NULL);
	g_free(reader->raw.bytes);
	g_free(reader->plain.bytes);
	g_free(reader->path);
	g_free(reader);
}

guint64
pm_reader_bytes_read(const PmReader *reader)
{
	return reader->n_read;
}

static size_t
buffer_len(const Buffer *buffer)
{
	return buffer->end - buffer->begin;
}

/* Makes room behind what is there. */
static void
buffer_compact(Buffer *buffer)
{
	if (buffer->begin == 0)
		return;
	memmove(buffer->bytes, buffer->bytes + buffer->begin, buffer_len(buffer));
	buffer->end -= buffer->begin;
	buffer->begin = 0;
}

/* Reads more from the file. An error counts as the end, and is told at the end. */
static void
read_raw(PmReader *reader)
{
	ssize_t n = 0;

	buffer_compact(&reader->raw);
	do {
		n = read(reader->fd, reader->raw.bytes + reader->raw.end,
			 BUFFER_SIZE - reader->raw.end);
	} while (n < 0 && errno == EINTR);
	if (n <= 0) {
		reader->is_at_end = TRUE;
		reader->saved_errno = n < 0 ? errno : 0;
		return;
	}
	reader->raw.end += n;
	reader->n_read += n;
}

static void
fill_raw(PmReader *reader, size_t want)
{
	while (!reader->is_at_end && buffer_len(&reader->raw) < want)
		read_raw(reader);
}

static gboolean
has_gzip_mark(const Buffer *raw)
{
	return buffer_len(raw) >= 2 &&
	       memcmp(raw->bytes + raw->begin, "\x1f\x8b", 2) == 0;
}

static gboolean
set_damaged(const PmReader *reader, const char *why, GError **error)
{
	guint64 position = reader->n_read - buffer_len(&reader->raw);

	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
		    "could not unpack %s at byte %" G_GUINT64_FORMAT ": %s", reader->path,
		    position, why);
	return FALSE;
}

static gboolean
begin_member(PmReader *reader, GError **error)
{
	/* 15 bits is the largest window; 16 more ask for the wrapping of gzip. */
	int status = reader->has_zlib ? inflateReset(&reader->zlib)
				      : inflateInit2(&reader->zlib, 15 + 16);

	if (status != Z_OK)
		return set_damaged(reader, "zlib cannot be started", error);
	reader->has_zlib = TRUE;
	if (reader->plain.bytes == NULL)
		reader->plain.bytes = g_malloc(BUFFER_SIZE);
	reader->packing = PACKING_MEMBER;
	return TRUE;
}

/* Behind a member: another one, the end, or zeros to the end. */
static gboolean
look_for_member(PmReader *reader, GError **error)
{
	fill_raw(reader, 2);
	if (has_gzip_mark(&reader->raw))
		return begin_member(reader, error);
	while (buffer_len(&reader->raw) > 0) {
		if (reader->raw.bytes[reader->raw.begin] != '\0')
			return set_damaged(reader, "something that is not gzip follows",
					   error);
		reader->raw.begin++;
		fill_raw(reader, 1);
	}
	return TRUE;
}

/* Unpacks what is in the raw buffer as far as there is room. */
static gboolean
inflate_some(PmReader *reader, GError **error)
{
	z_stream *zlib = &reader->zlib;

	fill_raw(reader, 1);
	if (buffer_len(&reader->raw) == 0 && reader->saved_errno == 0)
		return set_damaged(reader, "the file ends too early", error);

	buffer_compact(&reader->plain);
	zlib->next_in = (Bytef *)reader->raw.bytes + reader->raw.begin;
	zlib->avail_in = buffer_len(&reader->raw);
	zlib->next_out = (Bytef *)reader->plain.bytes + reader->plain.end;
	zlib->avail_out = BUFFER_SIZE - reader->plain.end;
	int status = inflate(zlib, Z_NO_FLUSH);
	reader->raw.begin = reader->raw.end - zlib->avail_in;
	reader->plain.end = BUFFER_SIZE - zlib->avail_out;
	if (status == Z_STREAM_END)
		reader->packing = PACKING_BETWEEN;
	else if (status != Z_OK && status != Z_BUF_ERROR)
		return set_damaged(reader, zlib->msg != NULL ? zlib->msg : "damaged",
				   error);
	return TRUE;
}

/* Whether there is nothing more to be had from the file. */
static gboolean
is_exhausted(const PmReader *reader)
{
	gboolean is_read = reader->is_at_end && buffer_len(&reader->raw) == 0;

	return is_read && (reader->packing != PACKING_MEMBER || reader->saved_errno != 0);
}

static gboolean
fill_plain(PmReader *reader, size_t want, GError **error)
{
	while (buffer_len(&reader->plain) < want && !is_exhausted(reader)) {
		gboolean is_good = reader->packing == PACKING_BETWEEN
					   ? look_for_member(reader, error)
					   : inflate_some(reader, error);
		if (!is_good)
			return FALSE;
	}
	return TRUE;
}

static Buffer *
current_buffer(PmReader *reader)
{
	return reader->packing == PACKING_NONE ? &reader->raw : &reader->plain;
}

/* What kind of file it is shows in its first two bytes. */
static gboolean
find_packing(PmReader *reader, GError **error)
{
	fill_raw(reader, 2);
	if (has_gzip_mark(&reader->raw))
		return begin_member(reader, error);
	reader->packing = PACKING_NONE;
	return TRUE;
}

gboolean
pm_reader_peek(PmReader *reader, size_t want, const char **data_out, size_t *len_out,
	       GError **error)
{
	g_autoptr(GError) local = NULL;

	if (reader->packing == PACKING_UNKNOWN && !find_packing(reader, error))
		return FALSE;
	if (reader->packing == PACKING_NONE)
		fill_raw(reader, want);
	else
		(void)fill_plain(reader, want, &local); /* told below */

	const Buffer *buffer = current_buffer(reader);
	if (buffer_len(buffer) > 0 || (local == NULL && reader->saved_errno == 0)) {
		*data_out = buffer->bytes + buffer->begin;
		*len_out = buffer_len(buffer);
		return TRUE;
	}
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
		    "could not read %s at byte %" G_GUINT64_FORMAT ": %s", reader->path,
		    reader->n_read, g_strerror(reader->saved_errno));
	return FALSE;
}

void
pm_reader_consume(PmReader *reader, size_t len)
{
	Buffer *buffer = current_buffer(reader);

	buffer->begin += MIN(len, buffer_len(buffer));
}
