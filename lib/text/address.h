/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/text/header.h"

/* Who wrote a mail: RFC 5322 mailboxes as they occur, and what lists make of them. */
typedef struct {
	char *name;  /* (nullable): none given; "" where empty quotes or <> alone */
	char *email; /* as written, at most 255 characters */
} PmAddress;

void pm_address_free(PmAddress *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmAddress, pm_address_free)

/* The first mailbox of a decoded header value; NULL where there is none.
 * (transfer full). Name and email are cut to 255 characters. */
PmAddress *pm_address_parse(const char *decoded);

/*
 * The author: From, or where From is the list itself (equals list_email,
 * ignoring case; nullable) X-Original-From, X-Original-Sender, Reply-To, Cc by
 * the name before " via ". how_out (nullable) gets a static word for explain:
 * "From", "Reply-To" ... NULL where no header names anybody. (transfer full)
 */
PmAddress *pm_address_author(const PmHeaders *headers, const char *list_email,
			     const char **how_out);
