/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Date headers as Python's email.utils reads them (parsedate_tz and mktime_tz),
 * since Patchwork does: zone names, missing zones, overflowing days and hours.
 * FALSE (unix_out untouched) where no date can be read or the year is outside
 * 1..9999. Seconds since 1970, UTC.
 */
gboolean pm_date_parse(const char *raw, gint64 *unix_out);
