/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/api/request.h"
#include "lib/store/pg.h"

typedef struct {
	const char *base_url;	  /* "": as the client's Host says */
	gboolean refuses_unknown; /* parameters of lists */
	gboolean has_pages;	  /* for people */
} PmAnswerOptions;

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
