/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The grammar of patch subjects: reply markers, leading bracket groups,
 * versions, numbers, list prefixes (correlation.md, rules 1 and 2).
 */
typedef struct {
	gboolean is_reply;    /* Re, AW, SV, Fwd, FW, 回复 ..., also behind a list tag */
	gboolean is_forward;  /* the marker is one of forwarding */
	char **tokens;	      /* all tokens of the leading brackets, in order, as written */
	char **prefixes;      /* tokens lower-cased, without patch, version and number:
				 what compatible prefixes are compared by */
	char *title;	      /* what follows the brackets, stripped */
	gboolean is_patch;    /* a bracket says PATCH (or RFC, or has a number) */
	gboolean is_pull;     /* GIT PULL, PULL and the like */
	gboolean is_rfc;
	gboolean has_version;
	int version;	      /* 1 where none; the whole number of vN.M */
	char *version_text;   /* "5.1" where the version was dotted, else NULL */
	gboolean has_number;  /* an n/m marker */
	int number;	      /* n of n/m; 1 where none */
	int fraction;	      /* 5 of 1.5/2, else 0 */
	int total;	      /* m; 1 where none */
} PmSubject;

/* Parses a decoded, cleaned subject. Never NULL. (transfer full) */
PmSubject *pm_subject_parse(const char *subject);
void pm_subject_free(PmSubject *subject);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmSubject, pm_subject_free)

/*
 * The name that Patchwork shows and clients parse: "[tag,vN,i/n] title" without
 * tokens that are "patch" or linkname (nullable), ignoring case; cut to 255
 * characters. (transfer full)
 */
char *pm_subject_name(const PmSubject *subject, const char *linkname);
