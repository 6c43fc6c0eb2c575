/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The header block of a mail, split by ourselves from the raw bytes: GMime's
 * accessors take the last of duplicates, stop at NULs and drop lines.
 * Lenient: a leading From_ line, lines that are no header, white-space-only
 * continuation lines and a missing blank line are survived.
 */
typedef struct PmHeaders PmHeaders;

/*
 * Splits mail (CRLF or LF). body_out (nullable) receives the offset of the
 * first byte after the blank line (len where there is none). Copies what it
 * needs. Never NULL.
 */
PmHeaders *pm_headers_new(const char *mail, size_t len, size_t *body_out);
void pm_headers_free(PmHeaders *headers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmHeaders, pm_headers_free)

/*
 * The raw value (NULs removed, folds kept, no line end at its end) of the
 * nth (from 0) header of this name, ignoring case; NULL where there is none.
 * (transfer none). The value is bytes, not always UTF-8.
 */
const char *pm_headers_raw(const PmHeaders *headers, const char *name, guint nth);

/* The same, decoded and cleaned by pm_header_decode(). (transfer full) (nullable) */
char *pm_headers_decoded(const PmHeaders *headers, const char *name, guint nth);

/*
 * Text for Patchwork's headers column: "Name: value" lines in their order,
 * folds as sent, joined by \n without one at the end, valid UTF-8 (raw 8-bit
 * values guessed by pm_charset_to_utf8). (transfer full)
 */
char *pm_headers_text(const PmHeaders *headers);

guint pm_headers_count(const PmHeaders *headers);
/* Name and raw value of header i < count, for walking. (transfer none) */
const char *pm_headers_name_at(const PmHeaders *headers, guint i);
const char *pm_headers_raw_at(const PmHeaders *headers, guint i);
