/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Whether the user of a mail server may connect to a unix socket, by the modes of the socket and of
 * the directories above it. TRUE also where there is no such user, or no socket yet. *text_out
 * says it, and what to do. (transfer full)
 */
gboolean pm_check_socket(const char *path, const char *user, char **text_out);
