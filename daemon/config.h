/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The configuration file (patchmail.conf, section 5 of the manual): a key file whose
 * every group, key and value is checked when it is read. Read once in main and
 * passed down.
 */
typedef struct PmConfig PmConfig;

/* Where it is looked for when none is named; its absence there is no error. */
#define PM_CONFIG_DEFAULT_PATH "/etc/patchmail/patchmail.conf"

/*
 * Reads path; NULL: the default path if it exists, else all defaults.
 * PM_ERROR_PERMANENT_CONFIG names file, group, key and what is allowed. (transfer full)
 */
PmConfig *pm_config_new(const char *path, GError **error);
void pm_config_free(PmConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmConfig, pm_config_free)

/* Value or default of a key that the table knows; anything else is our own mistake. */
const char *pm_config_string(const PmConfig *config, const char *group, const char *key);
gint64 pm_config_number(const PmConfig *config, const char *group, const char *key);
gboolean pm_config_boolean(const PmConfig *config, const char *group, const char *key);

/* The file that was read, or NULL. */
const char *pm_config_path(const PmConfig *config);
