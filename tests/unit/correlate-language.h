/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/series/correlate.h"
#include "lib/series/thread.h"

/*
 * The language in which tests say what was sent. A line is a mail:
 *
 *	ID [v2|v5.1] [n/m] [@TIME] [<PARENT[,OLDER...]] [by=NAME] [run=RUN] [in=PREFIX,..]
 *	   [t=TITLE] [list=TITLE,..] [chg=ID] [fix=SERIES] [-]
 *
 * 0/m is a cover; no n/m is a patch without number; "pull" is one that is a pull request;
 * "-" is a comment, which only carries threads. TIME is seconds, or has m, h, d
 * behind it. A parent that has no line was never seen. The title is the id where t= is
 * missing; "_" are blanks.
 *
 * The series that they become are lines, too, in the order of their first mail:
 *
 *	v2 of 3: 0:COVER 1:PATCH 2:PATCH [complete] [fix=SERIES] [replaces FIRST [in part]]
 */
typedef struct {
	PmFact fact;
	gboolean is_comment, has_arrived, is_decided;
	char **parents, **prefixes, **shortlog;
	char *thread; /* of all that is here */
	guint *refs;  /* parents as indices */
	guint n_refs, end;
	gboolean is_open;
} PmLine;

/* Reads lines; facts have the threads and anchors of the whole. A word that is none is an
 * error of the test. (transfer full) */
GArray *pm_lines_read(const char *text);

/* For lines that are made otherwise: an empty array, which owns all strings of its lines,
 * and what is left to do when they are in it. parents and the fact's own strings must be
 * set. */
GArray *pm_lines_new(void);
void pm_lines_connect(GArray *lines);

/*
 * The mail at that index arrives, at a store that has seen those with has_arrived: it
 * finds out where the mail leads, and where an id that others referred to turns up, where
 * all of its thread leads. A second time it is known.
 */
void pm_lines_arrive(GArray *lines, guint index);

/* As if nothing had arrived. */
void pm_lines_forget(GArray *lines);

/* The facts of submissions, in that order of lines (or as they are: NULL). (transfer full)
 */
GArray *pm_lines_facts(const GArray *lines, const guint *order);

/* The grouping in the language; also checks that it is whole, that numbers are distinct
 * and rise, and that every rule has a help. (transfer full) */
char *pm_lines_describe(const PmFact *facts, guint n, const PmGrouping *grouping);
