/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The line that begins a mail in an mbox ("From_ line"), as a pure grammar. Whether the
 * line stands where one may stand (after a blank line) is the splitter's to know.
 */

/* Longer lines are text, whatever they look like. Counts the line end. */
#define PM_FROM_LINE_MAX 1024

/*
 * Whether the line (with or without its line end; need not end in NUL) has the form of
 * a From_ line: "From ", anybody, and a date that has a time and a year of four digits.
 */
gboolean pm_is_from_line(const char *line, size_t len);

/* Who wrote the mbox, as far as its From_ line tells. */
typedef enum {
	PM_FROM_LINE_OTHER,
	PM_FROM_LINE_GIT, /* git format-patch: a commit id for a sender; quotes nothing */
	PM_FROM_LINE_MBOXRD, /* public-inbox: says mboxrd where the sender goes */
} PmFromLineWriter;

PmFromLineWriter pm_from_line_writer(const char *line, size_t len);
