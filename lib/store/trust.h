/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Whose X-Patchwork-State and X-Patchwork-Delegate count: "true", everybody's; "false", nobody's;
 * else words with blanks between, each an address or "@domain", with "LINKNAME:" in front
 * where it is for one project.
 */

/* Whether value is one of these. */
gboolean pm_trust_is_valid(const char *value);
/* Whether a mail by email into the project counts. trust NULL: everybody's. */
gboolean pm_trust_covers(const char *trust, const char *linkname, const char *email);
