/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/store/pg.h"

/*
 * Gives a new connection the settings that our statements need; time_zone (nullable: UTC)
 * becomes its TimeZone. Fails as pm_pg_query(), and with PM_ERROR_PERMANENT_CONFIG where the
 * server does not know the zone.
 */
gboolean pm_session_set_up(PmPg *pg, const char *time_zone, GError **error);

/* Whether mail can be stored in a database of this encoding. PM_ERROR_PERMANENT_CONFIG. */
gboolean pm_session_check_encoding(const char *encoding, GError **error);
