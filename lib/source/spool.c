/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collects the bytes of one mail. The buffer is used again for the next mail: a small
 * mail leaves as a copy of its exact size, a large one takes the buffer with it.
 * Past the limit only the beginning is kept, and the rest is counted.
 */
#include "lib/source/spool.h"

/* A mail may still lose this much at its end: the blank line before a From_ line. */
#define SLACK 2

/* Mails up to this size are copied out; a copy is cheaper than growing a new buffer. */
#define COPY_MAX (256 * 1024)

void
pm_spool_init(PmSpool *spool, size_t size_max)
{
	*spool = (PmSpool){.kept = g_byte_array_new(),
			   .size_max = MIN(size_max, G_MAXUINT / 2)};
}

void
pm_spool_clear(PmSpool *spool)
{
	g_clear_pointer(&spool->kept, g_byte_array_unref);
}

static void
cut_to_beginning(PmSpool *spool)
{
	g_autoptr(GByteArray) all = spool->kept;
	size_t len = MIN(all->len, MIN(spool->size_max, PM_SPOOL_CUT));

	spool->kept = g_byte_array_sized_new(PM_SPOOL_CUT);
	g_byte_array_append(spool->kept, all->data, len);
	spool->is_cut = TRUE;
}

void
pm_spool_add(PmSpool *spool, const char *data, size_t len)
{
	spool->size += len;
	if (spool->is_cut || len == 0)
		return;

	/* One byte past limit and slack decides; more than that is never kept. */
	size_t room = spool->size_max + SLACK + 1 - spool->kept->len;
	g_byte_array_append(spool->kept, (const guint8 *)data, MIN(len, room));
	if (spool->kept->len > spool->size_max + SLACK)
		cut_to_beginning(spool);
}

void
pm_spool_skip(PmSpool *spool, size_t len)
{
	spool->size += len;
}

void
pm_spool_drop(PmSpool *spool, size_t len)
{
	len = MIN(len, MIN(spool->size, SLACK));
	spool->size -= len;
	if (!spool->is_cut)
		g_byte_array_set_size(spool->kept,
				      spool->kept->len - MIN(len, spool->kept->len));
}

GBytes *
pm_spool_take(PmSpool *spool, guint64 *size_out, gboolean *is_cut_out)
{
	GBytes *bytes = NULL;

	if (!spool->is_cut && spool->kept->len > spool->size_max)
		cut_to_beginning(spool);
	*size_out = spool->size;
	*is_cut_out = spool->is_cut;

	if (spool->kept->len <= COPY_MAX) {
		bytes = g_bytes_new(spool->kept->data, spool->kept->len);
		g_byte_array_set_size(spool->kept, 0);
	} else {
		bytes = g_byte_array_free_to_bytes(spool->kept);
		spool->kept = g_byte_array_new();
	}
	spool->size = 0;
	spool->is_cut = FALSE;
	return bytes;
}
