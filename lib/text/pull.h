/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/* The "url ref" of git's request-pull text in a comment; NULL where there is
 * none. (transfer full) */
char *pm_pull_url(const char *comment, size_t len);
