/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

#include "daemon/api/form.h"
#include "daemon/api/route.h"

/* A request as it came, and the answer to it. */

/* The largest body that is read. */
#define PM_API_BODY_MAX (256 * 1024)

typedef enum {
	PM_HEADER_HOST,
	PM_HEADER_AUTHORIZATION,
	PM_HEADER_CONTENT_TYPE,
	PM_HEADER_ACCEPT_ENCODING,
	PM_HEADER_IF_MATCH,
	PM_HEADER_IF_NONE_MATCH,
	PM_HEADER_LAST_EVENT_ID,
	PM_HEADER_COUNT,
} PmHeader;

typedef struct {
	int status;
	const char *type; /* static */
	GBytes *body;
	GPtrArray *headers; /* name, value, name, value ... */
} PmReply;

typedef enum {
	PM_FEED_NONE,
	PM_FEED_POLL,
	PM_FEED_STREAM,
} PmFeedKind;

/* Events as they come (feed.h). */
typedef struct {
	PmFeedKind kind;
	guint wait;	    /* seconds, of a poll */
	gint64 after, upto; /* ids; after -1: from now on */
	gint64 n_found;
	gboolean is_again; /* who asks is known */
} PmFeed;

typedef struct {
	char *path, *query_text; /* as sent; query_text NULL: none */
	PmForm *query;
	gboolean is_query_valid;
	PmMatch match;
	PmMethod method;
	char *method_name;
	char *headers[PM_HEADER_COUNT];
	GByteArray *body;
	gboolean is_body_too_long;
	char *base_url;
	char *fields; /* of the body, a JSON object */
	int viewer;   /* a user's id; 0: nobody */
	PmFeed feed;
	PmReply reply;
} PmRequest;

/* target: what stands between method and version. (transfer full) */
PmRequest *pm_request_new(const char *target);
void pm_request_free(PmRequest *request);

/*
 * Reads the body, JSON or a form, into fields. PM_ERROR_PERMANENT_USAGE: it is of another media
 * type; PM_ERROR_PERMANENT_INPUT: it is no JSON object, or has too many pairs.
 */
gboolean pm_request_read_fields(PmRequest *request, GError **error);

/* Name of a header. */
const char *pm_header_name(PmHeader header);
