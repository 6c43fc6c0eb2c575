/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/* Content-Transfer-Encoding, decoded more forgivingly than its RFC asks. */
typedef enum {
	PM_TRANSFER_IDENTITY, /* 7bit, 8bit, binary, none, unknown */
	PM_TRANSFER_QUOTED_PRINTABLE,
	PM_TRANSFER_BASE64,
	PM_TRANSFER_UUENCODE,
} PmTransfer;

/* What a header value (nullable) names; quotes, comments, a semicolon after it are
 * survived. */
PmTransfer pm_transfer_parse(const char *value);

/*
 * The decoded bytes; NULL where bytes[0, len) are the content as they stand
 * (identity, or what is said to be encoded is not). (transfer full). Linear.
 */
GString *pm_transfer_decode(PmTransfer transfer, const char *bytes, size_t len);
