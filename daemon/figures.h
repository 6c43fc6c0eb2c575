/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/config.h"
#include "daemon/http.h"

/*
 * Where /metrics and /health are served: on what [metrics] listen says and on the sockets
 * named "metrics" that systemd passed. Serves nowhere where there are neither.
 */
typedef struct PmFigures PmFigures;

/* health is as in http.h. PM_ERROR_PERMANENT_CONFIG: it cannot listen there.
 * (transfer full) */
PmFigures *pm_figures_new(const PmConfig *config, PmHttpHealth health, gpointer user_data,
			  GError **error);

/*
 * Listens where the new configuration says, if that is elsewhere. On failure it goes on
 * where it was. Sockets that were passed cannot be asked for again: with them another address
 * is PM_ERROR_PERMANENT_CONFIG, too.
 */
gboolean pm_figures_reload(PmFigures *figures, const PmConfig *config, GError **error);

void pm_figures_free(PmFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmFigures, pm_figures_free)
