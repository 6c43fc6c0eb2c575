/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The bytes of one file or of standard input, unpacked where they are gzip. Knows
 * nothing of mail. Holds at most 256 KiB.
 */
typedef struct PmReader PmReader;

/*
 * path: a regular file, or "-" for standard input, which may be anything. NULL with
 * PM_ERROR_PERMANENT_INPUT where it cannot be opened, or is no regular file. Never waits
 * for the other end of a FIFO. (transfer full)
 */
PmReader *pm_reader_open(const char *path, GError **error);
void pm_reader_free(PmReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmReader, pm_reader_free)

/*
 * The bytes that come next, at least want of them if so many are left (want: at most
 * 64 KiB; 1 for whatever is there). *len_out 0: the end. They stay until the next call.
 * FALSE with PM_ERROR_PERMANENT_INPUT where the file cannot be read on or is damaged; all
 * bytes before the damage have been given by then.
 */
gboolean pm_reader_peek(PmReader *reader, size_t want, const char **data_out,
			size_t *len_out, GError **error);

/* Goes on behind the first len of the bytes that peek showed. */
void pm_reader_consume(PmReader *reader, size_t len);

/* Bytes read from the file itself, for progress: packed ones where it is packed. */
guint64 pm_reader_bytes_read(const PmReader *reader);
