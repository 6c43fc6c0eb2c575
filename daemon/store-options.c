/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/store-options.h"

static PmKeepRaw
keep_raw(const PmConfig *config)
{
	const char *keep = pm_config_string(config, "ingest", "keep-raw");

	if (g_str_equal(keep, "all"))
		return PM_KEEP_RAW_ALL;
	return g_str_equal(keep, "no") ? PM_KEEP_RAW_NO : PM_KEEP_RAW_NEEDED;
}

void
pm_store_options_init(PmStoreOptions *options, const PmConfig *config,
		      const char *conninfo)
{
	*options = (PmStoreOptions){
		.conninfo = conninfo ? conninfo
				     : pm_config_string(config, "database", "conninfo"),
		.time_zone = pm_config_string(config, "ingest", "time-zone"),
		.keep_raw = keep_raw(config),
		.store_ignored = pm_config_boolean(config, "ingest", "store-ignored"),
		.hold_seconds = pm_config_number(config, "ingest", "hold-replies"),
		.patience = (int)pm_config_number(config, "database", "timeout"),
		.quarantine_bytes = pm_config_number(config, "quarantine", "max-bytes"),
		.quarantine_seconds = pm_config_number(config, "quarantine", "max-age"),
		.trust_control =
			pm_config_string(config, "ingest", "trust-control-headers"),
	};
}
