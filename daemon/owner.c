/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "lib/error.h"

/* For chown(): it stays as it is. */
#define NOBODY G_MAXUINT

static gboolean
find_user(const char *name, guint *id_out)
{
	const struct passwd *user = getpwnam(name);

	if (user != NULL)
		*id_out = user->pw_uid;
	return user != NULL;
}

static gboolean
find_group(const char *name, guint *id_out)
{
	const struct group *group = getgrnam(name);

	if (group != NULL)
		*id_out = group->gr_gid;
	return group != NULL;
}

gboolean
pm_owner_find_user(const char *name, guint *uid_out)
{
	guint64 number;

	if (find_user(name, uid_out))
		return TRUE;
	if (!g_ascii_string_to_unsigned(name, 10, 0, NOBODY - 1, &number, NULL))
		return FALSE;
	*uid_out = (guint)number;
	return TRUE;
}

static gboolean
read_id(const char *name, gboolean (*find)(const char *, guint *), guint *id_out)
{
	guint64 number;

	if (name == NULL || *name == '\0' || find(name, id_out))
		return TRUE;
	if (!g_ascii_string_to_unsigned(name, 10, 0, NOBODY - 1, &number, NULL))
		return FALSE;
	*id_out = (guint)number;
	return TRUE;
}

gboolean
pm_owner_set(const char *path, const char *owner, GError **error)
{
	g_auto(GStrv) names = g_strsplit(owner ? owner : "", ":", 2);
	const char *group_name = names[0] != NULL ? names[1] : NULL;
	guint user = NOBODY, group = NOBODY;
	const char *why = NULL;

	if (!read_id(names[0], find_user, &user))
		why = "there is no such user";
	else if (!read_id(group_name, find_group, &group))
		why = "there is no such group";
	else if (chown(path, user, group) != 0)
		why = g_strerror(errno);
	if (why == NULL)
		return TRUE;
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_CONFIG,
		    "cannot give %s to \"%s\": %s", path, owner, why);
	return FALSE;
}
