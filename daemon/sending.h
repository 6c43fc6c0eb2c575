/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/* Sends all of it on a blocking socket, without SIGPIPE. FALSE where the peer is gone, or took
 * nothing for as long as SO_SNDTIMEO allows. */
gboolean pm_send_all(int fd, const char *bytes, size_t len);

/* SO_RCVTIMEO or SO_SNDTIMEO. */
void pm_set_socket_limit(int fd, int option, guint seconds);
