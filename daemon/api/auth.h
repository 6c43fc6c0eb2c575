/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/api/request.h"
#include "lib/store/pg.h"

/*
 * Who asks: "Authorization: Token KEY" of authtoken_token, or Basic with the password of
 * auth_user, as Django hashes them (pbkdf2_sha256). Secrets are compared in constant time; who
 * fails too often waits. Used by all threads.
 */
typedef struct PmAuth PmAuth;

/* Failures of a user, or of tokens that begin alike, within so many seconds. */
#define PM_AUTH_FAILURES_MAX 20
#define PM_AUTH_WINDOW 60

PmAuth *pm_auth_new(void);
void pm_auth_free(PmAuth *auth);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmAuth, pm_auth_free)

/*
 * Sets the request's viewer; nobody where it has no credentials. FALSE: it has its reply, since
 * they are wrong, or, with an error, since the database failed.
 */
gboolean pm_auth_check(PmAuth *auth, PmRequest *request, PmPg *pg, GError **error);

/* Forgets what is known of passwords, and failures. */
void pm_auth_forget(PmAuth *auth);

/* Whether a password fits a hash "pbkdf2_sha256$ITERATIONS$SALT$BASE64". */
gboolean pm_auth_fits(const char *password, const char *hash);
