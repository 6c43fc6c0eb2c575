/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * The server side of TLS: certificate, key and authorities from files, and the
 * handshake on a stream. Whether TLS is required is a rule of the protocol and not known
 * here. Safe to use from several threads.
 */
typedef struct PmTls PmTls;

/*
 * Reads the files (PEM). certificate holds the chain, the server's own first; key may be
 * NULL or "" when the key is in the same file. client_ca (NULL or "": clients are not
 * asked) holds the authorities of which every client must then show a certificate.
 * PM_ERROR_PERMANENT_CONFIG: a file is missing or wrong, or GLib has no TLS here (the
 * package glib-networking is missing). (transfer full)
 */
PmTls *pm_tls_new(const char *certificate, const char *key, const char *client_ca,
		  GError **error);

/*
 * Reads files again, the same or others. On failure (as above) what was read before stays in
 * use. Connections that exist keep what they began with.
 */
gboolean pm_tls_reload(PmTls *tls, const char *certificate, const char *key,
		       const char *client_ca, GError **error);

/*
 * Shakes hands on base (borrowed, a reference is kept by the result; the caller has read
 * nothing beyond the end of the plain text) and blocks meanwhile: timeouts are those of
 * base's socket, cancellable (nullable) ends it. The result has the streams to read and
 * write from then on; closing it closes base. (transfer full)
 * PM_ERROR_PERMANENT_INPUT says what failed; base is of no use any more then.
 */
GIOStream *pm_tls_accept(PmTls *tls, GIOStream *base, GCancellable *cancellable,
			 GError **error);

/* "TLSv1.3 TLS_AES_256_GCM_SHA384" of a stream from pm_tls_accept(). For logs and
 * Received. (transfer full) */
char *pm_tls_describe(GIOStream *stream);

void pm_tls_free(PmTls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmTls, pm_tls_free)
