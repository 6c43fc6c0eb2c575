/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/memory.h"

#include <malloc.h>

enum {
	/* Bytes from which a block is mapped by itself, and of free ones at the end of the heap. */
	MAPPED_MIN = 256 * 1024,
	FREE_MAX = 1024 * 1024,
};

void
pm_memory_tune(int arenas)
{
	(void)mallopt(M_ARENA_MAX, arenas);
	(void)mallopt(M_MMAP_THRESHOLD, MAPPED_MIN);
	(void)mallopt(M_TRIM_THRESHOLD, FREE_MAX);
}
