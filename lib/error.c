/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/error.h"

#include <sysexits.h>

G_DEFINE_QUARK(pm - error - quark, pm_error)

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
