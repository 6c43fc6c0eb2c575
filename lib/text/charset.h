/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Bytes in some charset to UTF-8 that PostgreSQL can store. Never fails and
 * never drops a mail: as declared, else UTF-8, else Windows-1252, else
 * ISO-8859-1. NUL bytes are removed.
 */
typedef enum {
	PM_CHARSET_DECLARED, /* decoded wholly in the declared charset */
	PM_CHARSET_GUESSED,  /* none or unknown declared: UTF-8 or a fallback fitted */
	PM_CHARSET_WRONG,    /* the declared one does not fit these bytes; a fallback did */
} PmCharsetHow;

/*
 * (transfer full): valid UTF-8 without NULs, NUL-terminated. charset may be
 * NULL; aliases and stray quotes are accepted ("utf-8", UTF8, gb2312 widened to
 * GB18030, ks_c_5601-1987, cp-850 ...). len_out and how_out may be NULL.
 */
char *pm_charset_to_utf8(const char *bytes, size_t len, const char *charset,
			 size_t *len_out, PmCharsetHow *how_out);

/* Whether bytes[0, len) is UTF-8; NULs do not matter. Quick where it is ASCII. */
gboolean pm_utf8_is_valid(const char *bytes, size_t len);

/* Cuts text in place to at most max Unicode characters. Returns text. */
char *pm_utf8_cut(char *text, size_t max);
