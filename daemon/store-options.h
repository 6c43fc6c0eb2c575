/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/config.h"
#include "lib/store/store.h"

/*
 * How the store is to be opened, by the configuration; command and daemon do it alike.
 * conninfo (nullable: the configuration's) wins. Strings live as long as the process.
 */
void pm_store_options_init(PmStoreOptions *options, const PmConfig *config,
			   const char *conninfo);
