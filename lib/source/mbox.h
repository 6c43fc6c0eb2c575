/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/source/source.h"

/*
 * Splits an mbox into mails: bytes in, mails out, without reading anything itself. The
 * input may be cut anywhere, between any two bytes; the mails are the same. Holds the
 * one mail that is being read and at most PM_FROM_LINE_MAX bytes of a line.
 */
typedef struct PmMbox PmMbox;

/* format: PM_SOURCE_MBOXO, PM_SOURCE_MBOXRD; all others are read as PM_SOURCE_MBOX. */
PmMbox *pm_mbox_new(PmSourceFormat format, size_t size_max);
void pm_mbox_free(PmMbox *mbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmMbox, pm_mbox_free)

/*
 * Takes the next bytes and returns how many it used. Either it used all and *mail_out is
 * NULL, or *mail_out is the mail that ended there (its path is NULL; transfer full) and
 * the rest is to be pushed again.
 */
size_t pm_mbox_push(PmMbox *mbox, const char *data, size_t len, PmSourceMail **mail_out);

/* The input has ended: the last mail. NULL where there was none. (transfer full) */
PmSourceMail *pm_mbox_finish(PmMbox *mbox);

/* The number of the mail that is being read, from 1; 0 before the first. */
guint64 pm_mbox_number(const PmMbox *mbox);

/* Whether the text, the beginning of a file, is an mbox: a From_ line after blank lines.
 */
gboolean pm_mbox_is_beginning(const char *data, size_t len);

/*
 * Whether it is an mbox whose first bytes were cut off: other mails follow. One From_
 * line with a header below is enough where the text does not begin with a header itself,
 * two where it does, since a mail may quote another.
 */
gboolean pm_mbox_is_remnant(const char *data, size_t len);
