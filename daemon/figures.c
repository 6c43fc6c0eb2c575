/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/figures.h"

#include "daemon/metrics.h"
#include "lib/error.h"

struct PmFigures {
	PmHttpHealth health;
	gpointer user_data;
	const char *addresses; /* interned */
	guint n_passed;
	PmHttp *http; /* NULL: nowhere */
};

static const char *
addresses_of(const PmConfig *config)
{
	return pm_config_string(config, "metrics", "listen");
}

/* Takes listen. */
static void
serve(PmFigures *figures, PmListen *listen)
{
	if (pm_listen_count(listen) > 0)
		figures->http = pm_http_new(listen, pm_metrics_render, figures->health,
					    figures->user_data);
	else
		pm_listen_free(listen);
}

PmFigures *
pm_figures_new(const PmConfig *config, PmHttpHealth health, gpointer user_data,
	       GError **error)
{
	g_autoptr(PmFigures) figures = g_new0(PmFigures, 1);
	g_autoptr(PmListen) listen = pm_listen_new();

	figures->health = health;
	figures->user_data = user_data;
	figures->addresses = addresses_of(config);
	if (!pm_listen_adopt(listen, "metrics", PM_LISTEN_NAMED, &figures->n_passed,
			     error))
		return NULL;
	if (!pm_listen_add_list(listen, figures->addresses, 0660, error))
		return NULL;
	serve(figures, g_steal_pointer(&listen));
	return g_steal_pointer(&figures);
}

static gboolean
move(PmFigures *figures, const char *addresses, GError **error)
{
	g_autoptr(PmListen) listen = pm_listen_new();

	if (!pm_listen_add_list(listen, addresses, 0660, error))
		return FALSE;
	figures->addresses = addresses;
	serve(figures, g_steal_pointer(&listen));
	return TRUE;
}

gboolean
pm_figures_reload(PmFigures *figures, const PmConfig *config, GError **error)
{
	const char *addresses = addresses_of(config);

	if (g_str_equal(addresses, figures->addresses))
		return TRUE;
	if (figures->n_passed > 0) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
			    "[metrics] listen needs a restart, for systemd passed a "
			    "socket");
		return FALSE;
	}
	/* First the old ones go: the new list may name them again. */
	g_clear_pointer(&figures->http, pm_http_free);
	if (move(figures, addresses, error))
		return TRUE;
	(void)move(figures, figures->addresses, NULL); /* it was free just now */
	return FALSE;
}

void
pm_figures_free(PmFigures *figures)
{
	if (figures == NULL)
		return;
	pm_http_free(figures->http);
	g_free(figures);
}
