/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/config.h"

/*
 * Whether mail is taken at none of these addresses ("unix:PATH", "tcp:HOST:PORT") from just
 * anybody: where other machines can connect, [lmtp] allow must say which may, or [tls] require
 * must be set with a certificate. PM_ERROR_PERMANENT_CONFIG, which says what to do; also where an
 * address is none.
 */
gboolean pm_exposure_check(const PmConfig *config, char *const *addresses,
			   GError **error);
