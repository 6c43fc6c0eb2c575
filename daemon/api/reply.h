/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/api/request.h"

/* What goes back: status, headers, body. Each of these sets the reply of a request once. */

/* {"detail": detail}, as Django REST framework prints errors. */
void pm_reply_detail(PmRequest *request, int status, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* A body of text, as it is. */
void pm_reply_text(PmRequest *request, int status, const char *type, const char *text);
/* Takes body. */
void pm_reply_bytes(PmRequest *request, int status, const char *type, GBytes *body);

void pm_reply_header(PmRequest *request, const char *name, const char *value);

/* As if there had been none. */
void pm_reply_clear(PmRequest *request);

/* Link: the same request, but for one parameter. */
void pm_reply_next(PmRequest *request, const char *name, const char *value);

/* Link: next, prev, first and last page, as Patchwork makes it. */
void pm_reply_link(PmRequest *request, gint64 page, gint64 per_page, gint64 total);

/*
 * The end of it: Allow and Vary; ETag, and 304 where the client has it already; compressed
 * where that is wanted and worth it.
 */
void pm_reply_finish(PmRequest *request);
