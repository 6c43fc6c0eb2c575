/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Whether GMime may be let loose on a multipart mail: it needs 1.3 kB a part and 0.4 a
 * header of a part, compares every line that begins with "--" with every open
 * boundary, and copies charset names of parameters to the stack. FALSE and
 * PM_ERROR_PERMANENT_MAIL for mails made to exhaust that. Linear.
 */
gboolean pm_guard_multipart(const char *mail, size_t len, GError **error);
