/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The octets of a message (RFC 5321, 4.5.2; RFC 3030).
 *
 * Only CRLF ends a line here, and only CRLF . CRLF the data. Servers that saw a line end in
 * a bare LF or CR too let a sender hide one mail inside another (CVE-2023-51764 and
 * its kin): what follows "\n.\n" was text for the server before and commands for the
 * one behind. So bare CR and LF, like NUL, are octets as any other, and are kept.
 *
 *	CRLF . CRLF      the end
 *	CRLF . x         x begins the line; the dot was stuffed by the client
 *	CRLF . . CRLF    a line with one dot
 *	CRLF . LF        the dot goes, the LF stays, the line goes on
 *	CRLF . CR x      the dot goes, the CR stays, the line goes on
 *	LF . LF, CR . CR, LF . CRLF     stay as they are
 */
#include "daemon/lmtp-data.h"

#include <string.h>

#define FIRST_ALLOCATION 4096

void
pm_lmtp_data_init(PmLmtpData *data, size_t limit)
{
	*data = (PmLmtpData){.limit = limit};
}

void
pm_lmtp_data_clear(PmLmtpData *data)
{
	g_clear_pointer(&data->bytes, g_free);
	data->len = 0;
	data->allocated = 0;
}

gboolean
pm_lmtp_data_is_too_large(const PmLmtpData *data)
{
	return data->size > data->limit;
}

gboolean
pm_lmtp_data_would_overflow(const PmLmtpData *data, guint64 more)
{
	return pm_lmtp_data_is_too_large(data) || more > data->limit - data->size;
}

void
pm_lmtp_data_count(PmLmtpData *data, guint64 octets)
{
	if (!g_uint64_checked_add(&data->size, data->size, octets))
		data->size = G_MAXUINT64;
	if (pm_lmtp_data_is_too_large(data))
		pm_lmtp_data_clear(data);
}

/* Doubles, so that a message of n octets costs O(n), and ends at the limit. */
static void
reserve(PmLmtpData *data, size_t more)
{
	size_t needed = data->len + more;
	size_t wanted = MAX(data->allocated, FIRST_ALLOCATION);

	if (needed <= data->allocated)
		return;
	while (wanted < needed)
		wanted = wanted > data->limit / 2 ? data->limit : wanted * 2;
	data->bytes = g_realloc(data->bytes, wanted);
	data->allocated = wanted;
}

void
pm_lmtp_data_append(PmLmtpData *data, const char *bytes, size_t len)
{
	pm_lmtp_data_count(data, len);
	if (pm_lmtp_data_is_too_large(data) || len == 0)
		return;
	reserve(data, len);
	g_assert(data->bytes != NULL);
	memcpy(data->bytes + data->len, bytes, len);
	data->len += len;
}

/* Text up to its next CR, and that CR. Returns how many octets that were. */
static size_t
take_text(PmLmtpData *data, const char *bytes, size_t len)
{
	const char *cr = memchr(bytes, '\r', len);
	size_t n = cr != NULL ? (size_t)(cr - bytes) + 1 : len;

	pm_lmtp_data_append(data, bytes, n);
	data->place = cr != NULL ? PM_LMTP_DATA_CR : PM_LMTP_DATA_TEXT;
	return n;
}

/* Behind a CR that was kept. */
static size_t
take_behind_cr(PmLmtpData *data, const char *bytes, size_t len)
{
	if (bytes[0] != '\n')
		return take_text(data, bytes, len);
	pm_lmtp_data_append(data, bytes, 1);
	data->place = PM_LMTP_DATA_LINE_START;
	return 1;
}

gboolean
pm_lmtp_data_decode(PmLmtpData *data, const char *bytes, size_t len, size_t *used_out)
{
	size_t pos = 0;

	while (pos < len) {
		char c = bytes[pos];

		switch (data->place) {
		case PM_LMTP_DATA_LINE_START:
			if (c != '.') {
				pos += take_text(data, bytes + pos, len - pos);
				break;
			}
			data->place = PM_LMTP_DATA_DOT;
			pos++;
			break;
		case PM_LMTP_DATA_TEXT:
			pos += take_text(data, bytes + pos, len - pos);
			break;
		case PM_LMTP_DATA_CR:
			pos += take_behind_cr(data, bytes + pos, len - pos);
			break;
		case PM_LMTP_DATA_DOT:
			if (c != '\r') {
				pos += take_text(data, bytes + pos, len - pos);
				break;
			}
			data->place = PM_LMTP_DATA_DOT_CR;
			pos++;
			break;
		case PM_LMTP_DATA_DOT_CR:
			if (c == '\n') {
				*used_out = pos + 1;
				return TRUE;
			}
			/* That CR was text after all. */
			pm_lmtp_data_append(data, "\r", 1);
			pos += take_behind_cr(data, bytes + pos, len - pos);
			break;
		}
	}
	*used_out = len;
	return FALSE;
}

GBytes *
pm_lmtp_data_steal(PmLmtpData *data)
{
	size_t len = data->len;

	if (pm_lmtp_data_is_too_large(data))
		return NULL;
	data->len = 0;
	data->allocated = 0;
	return g_bytes_new_take(g_realloc(g_steal_pointer(&data->bytes), len), len);
}
