/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/tls.h"

/*
 * The bytes of one connection, plain at first, with TLS later where the client asks for it.
 * Blocking, in one thread; only pm_channel_stop() may be called from others. Plain bytes
 * are read by the one system call that it takes, without those that GIO needs around it (poll,
 * what cancels it, the clock).
 */
typedef struct PmChannel PmChannel;

/* connection: a reference is taken. (transfer full) */
PmChannel *pm_channel_new(GSocketConnection *connection);
/* Closes it. */
void pm_channel_free(PmChannel *channel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmChannel, pm_channel_free)

/*
 * Waits for bytes, for so many seconds at most. 0 where the peer has ended; -1 with
 * G_IO_ERROR_TIMED_OUT, with G_IO_ERROR_CANCELLED once it is stopped, or with what went wrong.
 */
gssize pm_channel_read(PmChannel *channel, char *buffer, size_t size, guint seconds,
		       GError **error);

/* FALSE where not all could be written, within so many seconds of the peer taking nothing. */
gboolean pm_channel_write(PmChannel *channel, const char *bytes, size_t len,
			  guint seconds);

/* What is read and written from now on goes through TLS. Fails as pm_tls_accept(). */
gboolean pm_channel_start_tls(PmChannel *channel, PmTls *tls, GError **error);

/* From any thread: reading ends, now and ever after. What is written still goes out. */
void pm_channel_stop(PmChannel *channel);
