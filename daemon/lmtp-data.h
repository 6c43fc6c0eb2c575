/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * A message as it arrives, in one growing buffer, by DATA (dots to be unstuffed, ended by
 * CRLF . CRLF) or by BDAT (octets as they are). Once it is larger than its limit the
 * buffer is let go and the rest only counted.
 */
typedef enum {
	PM_LMTP_DATA_LINE_START, /* at the beginning, or behind CRLF */
	PM_LMTP_DATA_TEXT,
	PM_LMTP_DATA_CR,
	PM_LMTP_DATA_DOT,    /* behind a dot at the start of a line */
	PM_LMTP_DATA_DOT_CR, /* behind that dot and CR */
} PmLmtpDataPlace;

typedef struct {
	char *bytes; /* (nullable) */
	size_t len, allocated;
	size_t limit;
	guint64 size; /* octets of the message so far, also those not kept */
	PmLmtpDataPlace place;
} PmLmtpData;

void pm_lmtp_data_init(PmLmtpData *data, size_t limit);
void pm_lmtp_data_clear(PmLmtpData *data);

/*
 * Takes octets that follow 354. Uses all of them and returns FALSE, or stops behind the
 * LF that ends the data and returns TRUE.
 */
gboolean pm_lmtp_data_decode(PmLmtpData *data, const char *bytes, size_t len,
			     size_t *used_out);

/* Takes octets of a chunk. */
void pm_lmtp_data_append(PmLmtpData *data, const char *bytes, size_t len);

gboolean pm_lmtp_data_is_too_large(const PmLmtpData *data);

/* Counts octets that are not taken: a chunk that is refused for its size. */
void pm_lmtp_data_count(PmLmtpData *data, guint64 octets);

/* Whether so many further octets would be too many; any number may be asked. */
gboolean pm_lmtp_data_would_overflow(const PmLmtpData *data, guint64 more);

/* Hands the bytes over, in a buffer of their size; nothing may be added afterwards. NULL
 * where it was too large. (transfer full) */
GBytes *pm_lmtp_data_steal(PmLmtpData *data);
