/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/auth.h"

#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "daemon/api/answer.h"
#include "daemon/api/reply.h"
#include "lib/error.h"

enum {
	DIGEST_LEN = 32, /* SHA-256 */
	ITERATIONS_MAX = 10000000,
	/* What a look-up finds a token by; the rest is the secret. */
	TOKEN_HEAD_LEN = 8,
	CLIENTS_MAX = 4096,
	KNOWN_MAX = 256,
	KNOWN_SECONDS = 300,
};

typedef struct {
	guint n;
	gint64 since; /* monotonic */
} Failures;

/* A hash is made to be slow; so who was right a moment ago is known by a fast one, with a key
 * that only this process has. */
typedef struct {
	char *hash;
	gint64 since;
} Known;

struct PmAuth {
	GMutex lock;
	GHashTable *failures; /* by client or user */
	GHashTable *known;    /* by HMAC of the credentials */
	guint8 key[DIGEST_LEN];
};

static void
free_known(gpointer data)
{
	Known *known = data;

	g_free(known->hash);
	g_free(known);
}

PmAuth *
pm_auth_new(void)
{
	PmAuth *auth = g_new0(PmAuth, 1);

	g_mutex_init(&auth->lock);
	auth->failures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	auth->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_known);
	if (gnutls_rnd(GNUTLS_RND_KEY, auth->key, sizeof auth->key) != 0)
		g_error("no random numbers");
	return auth;
}

void
pm_auth_free(PmAuth *auth)
{
	if (auth == NULL)
		return;
	g_hash_table_unref(auth->failures);
	g_hash_table_unref(auth->known);
	g_mutex_clear(&auth->lock);
	g_free(auth);
}

void
pm_auth_forget(PmAuth *auth)
{
	g_mutex_lock(&auth->lock);
	g_hash_table_remove_all(auth->failures);
	g_hash_table_remove_all(auth->known);
	g_mutex_unlock(&auth->lock);
}

static gboolean
is_equal(const void *a, const void *b, gsize len)
{
	return gnutls_memcmp(a, b, len) == 0;
}

gboolean
pm_auth_fits(const char *password, const char *hash)
{
	g_auto(GStrv) parts = g_strsplit(hash, "$", 4);
	guint8 digest[DIGEST_LEN];
	guint64 iterations = 0;
	gsize len = 0;

	if (g_strv_length(parts) != 4 || !g_str_equal(parts[0], "pbkdf2_sha256") ||
	    !g_ascii_string_to_unsigned(parts[1], 10, 1, ITERATIONS_MAX, &iterations,
					NULL))
		return FALSE;
	g_autofree guchar *want = g_base64_decode(parts[3], &len);
	const gnutls_datum_t secret = {(guchar *)(gpointer)password,
				       (guint)strlen(password)};
	const gnutls_datum_t salt = {(guchar *)parts[2], (guint)strlen(parts[2])};
	return len == sizeof digest &&
	       gnutls_pbkdf2(GNUTLS_MAC_SHA256, &secret, &salt, (guint)iterations, digest,
			     sizeof digest) == 0 &&
	       is_equal(digest, want, len);
}

/* Whether name may try (again). */
static gboolean
may_try(PmAuth *auth, const char *name)
{
	g_mutex_lock(&auth->lock);
	const Failures *failures = g_hash_table_lookup(auth->failures, name);
	gint64 age = failures ? g_get_monotonic_time() - failures->since : 0;
	gboolean may = failures == NULL || failures->n < PM_AUTH_FAILURES_MAX ||
		       age > PM_AUTH_WINDOW * G_USEC_PER_SEC;
	g_mutex_unlock(&auth->lock);
	return may;
}

static void
note_failure(PmAuth *auth, const char *name)
{
	gint64 now = g_get_monotonic_time();

	g_mutex_lock(&auth->lock);
	Failures *failures = g_hash_table_lookup(auth->failures, name);
	if (failures == NULL) {
		if (g_hash_table_size(auth->failures) >= CLIENTS_MAX)
			g_hash_table_remove_all(auth->failures);
		failures = g_new0(Failures, 1);
		g_hash_table_insert(auth->failures, g_strdup(name), failures);
	}
	if (now - failures->since > PM_AUTH_WINDOW * G_USEC_PER_SEC) {
		failures->since = now;
		failures->n = 0;
	}
	failures->n++;
	g_mutex_unlock(&auth->lock);
}

static gboolean
refuse(PmAuth *auth, PmRequest *request, const char *name, const char *why)
{
	note_failure(auth, name);
	pm_reply_detail(request, 403, "%s", why);
	return FALSE;
}

static gboolean
refuse_for_now(PmRequest *request)
{
	pm_reply_detail(request, 429,
			"Request was throttled. Expected available in %d seconds.",
			PM_AUTH_WINDOW);
	pm_reply_header(request, "Retry-After", G_STRINGIFY(PM_AUTH_WINDOW));
	return FALSE;
}

/* The rows for one text; NULL where the database failed, the reply is set then. */
static const PmRows *
look_up(PmRequest *request, PmPg *pg, PmSql sql, const char *text, GError **error)
{
	PmParams *params = pm_params_new();
	g_autoptr(GError) failure = NULL;

	pm_params_text(params, text);
	guint n = pm_pg_send(pg, sql, params);
	if (pm_pg_sync(pg, &failure))
		return pm_pg_rows(pg, n);
	if (pm_error_is_temporary(failure))
		pm_answer_without(request);
	else
		pm_reply_detail(request, 500, "Internal server error.");
	g_propagate_error(error, g_steal_pointer(&failure));
	return NULL;
}

static gboolean
check_token(PmAuth *auth, PmRequest *request, const char *token, PmPg *pg, GError **error)
{
	/* By what it begins with: guessing at one token must not keep the others out. */
	g_autofree char *head = g_strndup(token, TOKEN_HEAD_LEN);
	g_autofree char *client = g_strconcat("token ", head, NULL);
	gsize len = strlen(token);
	gboolean is_active = FALSE;
	int viewer = 0;

	if (!may_try(auth, client))
		return refuse_for_now(request);
	if (len <= TOKEN_HEAD_LEN)
		return refuse(auth, request, client, "Invalid token.");
	const PmRows *rows = look_up(request, pg, PM_SQL_FIND_TOKEN, head, error);
	if (rows == NULL)
		return FALSE;
	for (guint i = 0; i < pm_rows_count(rows); i++) {
		const char *key = pm_rows_text(rows, i, 0);

		if (strlen(key) == len && is_equal(key, token, len)) {
			viewer = (int)pm_rows_int(rows, i, 1);
			is_active = pm_rows_bool(rows, i, 2);
		}
	}
	if (viewer == 0)
		return refuse(auth, request, client, "Invalid token.");
	if (!is_active)
		return refuse(auth, request, client, "User inactive or deleted.");
	request->viewer = viewer;
	return TRUE;
}

static char *
fast_digest(const PmAuth *auth, const char *text)
{
	return g_compute_hmac_for_string(G_CHECKSUM_SHA256, auth->key, sizeof auth->key,
					 text, -1);
}

static gboolean
is_known(PmAuth *auth, const char *digest, const char *hash)
{
	g_mutex_lock(&auth->lock);
	const Known *known = g_hash_table_lookup(auth->known, digest);
	gboolean is =
		known != NULL && g_str_equal(known->hash, hash) &&
		g_get_monotonic_time() - known->since < KNOWN_SECONDS * G_USEC_PER_SEC;
	g_mutex_unlock(&auth->lock);
	return is;
}

static void
remember(PmAuth *auth, const char *digest, const char *hash)
{
	Known *known = g_new0(Known, 1);

	known->hash = g_strdup(hash);
	known->since = g_get_monotonic_time();
	g_mutex_lock(&auth->lock);
	if (g_hash_table_size(auth->known) >= KNOWN_MAX)
		g_hash_table_remove_all(auth->known);
	g_hash_table_insert(auth->known, g_strdup(digest), known);
	g_mutex_unlock(&auth->lock);
}

static gboolean
check_password(PmAuth *auth, PmRequest *request, char *credentials, PmPg *pg,
	       GError **error)
{
	g_autofree char *digest = fast_digest(auth, credentials);
	char *password = strchr(credentials, ':');

	if (password == NULL) {
		pm_reply_detail(request, 403, "Invalid basic header.");
		return FALSE;
	}
	*password++ = '\0';
	const PmRows *rows = look_up(request, pg, PM_SQL_FIND_LOGIN, credentials, error);
	if (rows == NULL)
		return FALSE;
	const char *hash = pm_rows_count(rows) > 0 ? pm_rows_text(rows, 0, 1) : "";
	gboolean is_right = is_known(auth, digest, hash);
	/* Who was right a moment ago is not kept out by others' guesses. */
	if (!is_right && !may_try(auth, credentials))
		return refuse_for_now(request);
	if (!is_right && pm_auth_fits(password, hash)) {
		remember(auth, digest, hash);
		is_right = TRUE;
	}
	if (!is_right)
		return refuse(auth, request, credentials, "Invalid username/password.");
	if (!pm_rows_bool(rows, 0, 2))
		return refuse(auth, request, credentials, "User inactive or deleted.");
	request->viewer = (int)pm_rows_int(rows, 0, 0);
	return TRUE;
}

gboolean
pm_auth_check(PmAuth *auth, PmRequest *request, PmPg *pg, GError **error)
{
	const char *given = request->headers[PM_HEADER_AUTHORIZATION];
	gsize len = 0;

	request->viewer = 0;
	if (given == NULL)
		return TRUE;
	if (g_ascii_strncasecmp(given, "Token ", 6) == 0)
		return check_token(auth, request, given + 6 + strspn(given + 6, " "), pg,
				   error);
	if (g_ascii_strncasecmp(given, "Basic ", 6) != 0)
		return TRUE;
	g_autofree guchar *plain = g_base64_decode(given + 6, &len);
	g_autofree char *credentials =
		g_utf8_make_valid((const char *)plain, (gssize)len);
	return check_password(auth, request, credentials, pg, error);
}
