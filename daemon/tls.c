/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/tls.h"

#include "lib/error.h"

/*
 * GIO does TLS through a module of its own package; without it every call would fail with
 * a message that helps nobody, so this is asked first. A reload reads all files before
 * it replaces anything: half a renewed pair does no harm.
 *
 * A peer that closes without saying so is taken as closed: a mail is complete only at
 * its final dot, so nothing can be cut off that way.
 */

struct PmTls {
	GMutex lock; /* of what follows */
	GTlsCertificate *certificate;
	GTlsDatabase *clients; /* NULL: not asked */
};

static gboolean
is_named(const char *path)
{
	return path != NULL && *path != '\0';
}

static GTlsCertificate *
read_certificate(const char *path, const char *key, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(GTlsCertificate) certificate =
		g_tls_certificate_new_from_files(path, key, &failure);

	if (certificate != NULL)
		return g_steal_pointer(&certificate);
	g_set_error(
		error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
		"cannot use certificate %s with key %s: %s; both are PEM, and the user "
		"that patchmaild runs as must be able to read them",
		path, key, failure->message);
	return NULL;
}

static GTlsDatabase *
read_clients(const char *path, GError **error)
{
	g_autofree char *absolute = g_canonicalize_filename(path, NULL);
	g_autoptr(GError) failure = NULL;
	g_autoptr(GTlsDatabase) database = g_tls_file_database_new(absolute, &failure);

	if (database != NULL)
		return g_steal_pointer(&database);
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
		    "cannot use authorities %s for clients: %s; the file is PEM, and the "
		    "user that patchmaild runs as must be able to read it",
		    path, failure->message);
	return NULL;
}

gboolean
pm_tls_reload(PmTls *tls, const char *certificate_path, const char *key,
	      const char *client_ca, GError **error)
{
	g_autoptr(GTlsDatabase) clients = NULL;

	if (!g_tls_backend_supports_tls(g_tls_backend_get_default())) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
			    "cannot use TLS: GLib has no TLS here; install the package "
			    "glib-networking");
		return FALSE;
	}
	if (!is_named(certificate_path)) {
		g_set_error(
			error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
			"cannot use TLS: no certificate is named; set [tls] certificate "
			"and key");
		return FALSE;
	}
	g_autoptr(GTlsCertificate) certificate = read_certificate(
		certificate_path, is_named(key) ? key : certificate_path, error);
	if (certificate == NULL)
		return FALSE;
	if (is_named(client_ca) && (clients = read_clients(client_ca, error)) == NULL)
		return FALSE;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&tls->lock);
	g_set_object(&tls->certificate, certificate);
	g_set_object(&tls->clients, clients);
	return TRUE;
}

PmTls *
pm_tls_new(const char *certificate, const char *key, const char *client_ca,
	   GError **error)
{
	g_autoptr(PmTls) tls = g_new0(PmTls, 1);

	g_mutex_init(&tls->lock);
	if (!pm_tls_reload(tls, certificate, key, client_ca, error))
		return NULL;
	return g_steal_pointer(&tls);
}

/* A server of GIO asks about each certificate, also one in which it found no fault. */
static gboolean
is_client_certificate_good(GTlsConnection *connection, GTlsCertificate *peer,
			   GTlsCertificateFlags faults, gpointer user_data)
{
	(void)connection;
	(void)peer;
	(void)user_data;
	return faults == 0;
}

GIOStream *
pm_tls_accept(PmTls *tls, GIOStream *base, GCancellable *cancellable, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(GTlsCertificate) certificate = NULL;
	g_autoptr(GTlsDatabase) clients = NULL;

	g_mutex_lock(&tls->lock);
	certificate = g_object_ref(tls->certificate);
	g_set_object(&clients, tls->clients);
	g_mutex_unlock(&tls->lock);
	g_autoptr(GIOStream) stream =
		g_tls_server_connection_new(base, certificate, &failure);
	if (stream != NULL) {
		g_object_set(stream, "require-close-notify", FALSE, NULL);
		g_signal_connect(stream, "accept-certificate",
				 G_CALLBACK(is_client_certificate_good), NULL);
		if (clients != NULL)
			g_object_set(stream, "database", clients, "authentication-mode",
				     G_TLS_AUTHENTICATION_REQUIRED, NULL);
		if (g_tls_connection_handshake(G_TLS_CONNECTION(stream), cancellable,
					       &failure))
			return g_steal_pointer(&stream);
	}
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT, "could not start TLS: %s",
		    failure->message);
	return NULL;
}

static const char *
version_name(GTlsProtocolVersion version)
{
	switch (version) {
	case G_TLS_PROTOCOL_VERSION_TLS_1_3:
		return "TLSv1.3";
	case G_TLS_PROTOCOL_VERSION_TLS_1_2:
		return "TLSv1.2";
	case G_TLS_PROTOCOL_VERSION_TLS_1_1:
		return "TLSv1.1";
	case G_TLS_PROTOCOL_VERSION_TLS_1_0:
		return "TLSv1.0";
	default:
		return "TLS";
	}
}

char *
pm_tls_describe(GIOStream *stream)
{
	GTlsConnection *connection = G_TLS_CONNECTION(stream);
	g_autofree char *suite = g_tls_connection_get_ciphersuite_name(connection);
	const char *version =
		version_name(g_tls_connection_get_protocol_version(connection));

	return suite ? g_strdup_printf("%s %s", version, suite) : g_strdup(version);
}

void
pm_tls_free(PmTls *tls)
{
	if (tls == NULL)
		return;
	g_clear_object(&tls->certificate);
	g_clear_object(&tls->clients);
	g_mutex_clear(&tls->lock);
	g_free(tls);
}
