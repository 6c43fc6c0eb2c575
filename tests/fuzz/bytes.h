/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/* For targets whose input is decisions rather than text: a byte each, 0 behind the end. */
typedef struct {
	const uint8_t *data;
	size_t size;
} Bytes;

static inline guint
next_byte(Bytes *bytes)
{
	if (bytes->size == 0)
		return 0;
	bytes->size--;
	return *bytes->data++;
}

/* 0 to n - 1. */
static inline guint
next_below(Bytes *bytes, guint n)
{
	return next_byte(bytes) % n;
}

/* Mostly small, now and then one at which arithmetic may break. */
static inline gint64
next_number(Bytes *bytes)
{
	static const gint64 odd[] = {
		-1,	    G_MAXINT,	G_MININT,	1000000, 1000001, 1 << 20,
		G_MAXINT64, G_MININT64, G_MAXINT64 - 1, 65536,	 -1000,	  G_MAXUINT,
	};
	guint byte = next_byte(bytes);

	if (byte < 244)
		return byte % 16;
	return odd[byte - 244];
}
