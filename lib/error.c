/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/error.h"

#include <sysexits.h>

typedef struct {
	char sqlstate[6];
} PmErrorPrivate;

/* GLib never passes NULL here, but the compiler cannot see that. */
static void
pm_error_private_init(PmErrorPrivate *private)
{
	if (private != NULL)
	private->sqlstate[0] = '\0';
}

static void
pm_error_private_copy(const PmErrorPrivate *from, PmErrorPrivate *to)
{
	if (from != NULL && to != NULL)
		*to = *from;
}

static void
pm_error_private_clear(PmErrorPrivate *private)
{
	(void)private;
}

G_DEFINE_EXTENDED_ERROR(PmError, pm_error)

/* Before there are threads: of two whose first errors come at once, each would register it. */
__attribute__((constructor)) static void
register_domain(void)
{
	(void)pm_error_quark();
}

const char *
pm_error_sqlstate(const GError *error)
{
	if (error == NULL || error->domain != PM_ERROR)
		return "";
	return pm_error_get_private(error)->sqlstate;
}

void
pm_error_set(GError **error, PmError code, const char *sqlstate, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	GError *failure = g_error_new_valist(PM_ERROR, (int)code, format, args);
	va_end(args);
	PmErrorPrivate *private = pm_error_get_private(failure);
	g_strlcpy(private->sqlstate, sqlstate ? sqlstate : "", sizeof private->sqlstate);
	g_propagate_error(error, failure);
}

gboolean
pm_error_is_out_of_room(const GError *error)
{
	const char *sqlstate = pm_error_sqlstate(error);

	return g_str_equal(sqlstate, "53100") || g_str_equal(sqlstate, "53200");
}

gboolean
pm_error_is_temporary(const GError *error)
{
	if (error == NULL || error->domain != PM_ERROR)
		return FALSE;
	return error->code == PM_ERROR_TEMPORARY_DATABASE ||
	       error->code == PM_ERROR_TEMPORARY_UNCERTAIN;
}

int
pm_error_exit_status(const GError *error)
{
	if (error == NULL)
		return EX_OK;
	if (error->domain != PM_ERROR)
		return EX_DATAERR;
	switch ((PmError)error->code) {
	case PM_ERROR_TEMPORARY_DATABASE:
	case PM_ERROR_TEMPORARY_UNCERTAIN:
		return EX_TEMPFAIL;
	case PM_ERROR_PERMANENT_MAIL:
	case PM_ERROR_PERMANENT_INPUT:
		return EX_DATAERR;
	case PM_ERROR_PERMANENT_SCHEMA:
	case PM_ERROR_PERMANENT_CONFIG:
		return EX_CONFIG;
	case PM_ERROR_PERMANENT_USAGE:
		return EX_USAGE;
	case PM_ERROR_PERMANENT_BUG:
		return EX_SOFTWARE;
	}
	return EX_SOFTWARE;
}
