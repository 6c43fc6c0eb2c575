/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/api/request.h"
#include "lib/store/pg.h"

/* What the configuration says about answers; changes by being replaced as a whole. */
typedef struct {
	char *base_url;		  /* "": as the client's Host says */
	gboolean refuses_unknown; /* parameters of lists */
	gboolean has_pages;	  /* for people */
} PmAnswerOptions;

PmAnswerOptions *pm_answer_options_new(const char *base_url, gboolean refuses_unknown,
				       gboolean has_pages);
PmAnswerOptions *pm_answer_options_ref(PmAnswerOptions *options);
void pm_answer_options_unref(PmAnswerOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmAnswerOptions, pm_answer_options_unref)

/*
 * What needs no database: unknown paths, redirects, methods, sizes. TRUE: the request has its
 * reply.
 */
gboolean pm_answer_early(PmRequest *request, const PmAnswerOptions *options);

/* Everything else, with one function call. FALSE where the database failed; the reply is
 * set in any case. */
gboolean pm_answer(PmRequest *request, PmPg *pg, GError **error);

/* There is no database to ask. */
void pm_answer_without(PmRequest *request);
