/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/text/header.h"

/* Patchwork's columns hold 255 characters; ids are cut alike everywhere. */
#define PM_MSGID_MAX 255
/* At most so many ids of In-Reply-To and References are kept: the nearest
 * ones and, as the last, the oldest (the root of the thread). */
#define PM_REFS_MAX 100

/*
 * The first <...> of a raw header (RFC 2047 decoded where it is encoded,
 * comments ignored), with its brackets, else the stripped value; cut to
 * PM_MSGID_MAX characters. NULL where nothing is left. (transfer full)
 */
char *pm_msgid_first(const char *raw);

/* The mail's own id: the first Message-ID header. (transfer full) (nullable) */
char *pm_msgid_own(const PmHeaders *headers);

/*
 * The ids this mail refers to, nearest first: the first id of each
 * In-Reply-To header, then all ids of the References headers from last to first;
 * each once, without own. (transfer full): a strv, maybe empty.
 */
char **pm_msgid_references(const PmHeaders *headers, const char *own);
