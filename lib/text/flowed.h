/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Undoes format=flowed (RFC 3676) as git mailinfo does before it looks for a
 * patch: lines that end in a space continue, one leading space is stuffing. With
 * delsp the space at the end is no text either. (transfer full). Linear.
 */
GString *pm_flowed_join(const char *text, size_t len, gboolean delsp);
