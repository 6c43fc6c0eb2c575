/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/check-socket.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

enum { GROUPS_MAX = 256 };

typedef struct {
	uid_t uid;
	gid_t groups[GROUPS_MAX];
	int n_groups;
} Who;

static gboolean
look_up(const char *user, Who *who_out)
{
	const struct passwd *entry = getpwnam(user);

	if (entry == NULL)
		return FALSE;
	who_out->uid = entry->pw_uid;
	who_out->n_groups = GROUPS_MAX;
	if (getgrouplist(user, entry->pw_gid, who_out->groups, &who_out->n_groups) < 0)
		who_out->n_groups = GROUPS_MAX;
	return TRUE;
}

/* bit: of the last three of a mode, 1 to pass through, 2 to write. */
static gboolean
may(const Who *who, const struct stat *status, mode_t bit)
{
	if (who->uid == status->st_uid)
		return (status->st_mode & (bit << 6)) != 0;
	for (int i = 0; i < who->n_groups; i++)
		if (who->groups[i] == status->st_gid)
			return (status->st_mode & (bit << 3)) != 0;
	return (status->st_mode & bit) != 0;
}

/* The first directory above the path that the user may not pass. (transfer full) (nullable) */
static char *
find_closed(const Who *who, const char *path)
{
	char *directory = g_path_get_dirname(path);
	struct stat status;

	while (stat(directory, &status) != 0 || may(who, &status, 1)) {
		char *above = g_path_get_dirname(directory);
		gboolean is_top = strcmp(above, directory) == 0;

		g_free(directory);
		directory = above;
		if (is_top) {
			g_free(directory);
			return NULL;
		}
	}
	return directory;
}

static char *
describe_group(gid_t gid)
{
	const struct group *group = getgrgid(gid);

	return group ? g_strdup(group->gr_name) : g_strdup_printf("%u", (guint)gid);
}

gboolean
pm_check_socket(const char *path, const char *user, char **text_out)
{
	struct stat status;
	Who who;

	if (stat(path, &status) != 0) {
		*text_out = g_strdup_printf("%s: %s; patchmaild makes it", path,
					    g_strerror(errno));
		return TRUE;
	}
	if (!look_up(user, &who)) {
		*text_out =
			g_strdup_printf("%s is there; there is no user %s", path, user);
		return TRUE;
	}
	g_autofree char *closed = find_closed(&who, path);
	if (closed != NULL) {
		*text_out =
			g_strdup_printf("%s may not connect to %s: it may not enter %s; "
					"chmod o+x %s",
					user, path, closed, closed);
		return FALSE;
	}
	if (may(&who, &status, 2)) {
		*text_out = g_strdup_printf("%s may connect to %s", user, path);
		return TRUE;
	}
	g_autofree char *group = describe_group(status.st_gid);
	*text_out =
		g_strdup_printf("%s may not connect to %s, mode %04o of group %s; "
				"usermod --append --groups "
				"%s %s, then start the mail server again",
				user, path, status.st_mode & 07777, group, group, user);
	return FALSE;
}
