/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * How `patchmail deliver` gives its mail to a running patchmaild. A process of its own spends
 * most of its time on loading libraries, connecting and first plans; the daemon has all that
 * behind it, and stores mails that come together in one transaction.
 *
 * Both must mean the same database, or a mail would end in another than the one it was meant
 * for. So patchmaild announces XDATABASE, the client names its database with MAIL, and is
 * refused where that is another.
 */

/*
 * What stands for a database: a digest of the connection string. NULL where the string does
 * not say by itself, for everybody alike, which one it is: no dbname in it, a service, or
 * PG* variables in the environment. (transfer full)
 */
char *pm_database_token(const char *conninfo);

/* A connection to the first unix socket among the addresses of patchmaild, to be closed; -1
 * where nobody is there. */
int pm_handover_connect(char *const *addresses);

/* Why no mail can be handed over, for people; NULL where it can. database may be NULL. (transfer
 * none) */
const char *pm_handover_obstacle(char *const *addresses, const char *database);

typedef struct {
	const char *database;  /* pm_database_token(), not NULL */
	const char *recipient; /* or NULL: anybody */
	const char *list_id;   /* or NULL: as the mail says */
	GBytes *bytes;	       /* the mail */
} PmHandover;

typedef enum {
	/* Nobody is there, or it was refused, or the answer did not come: whoever delivers
	 * it again finds out. A mail that was stored nevertheless is known then. */
	PM_HANDOVER_NOT_DONE,
	PM_HANDOVER_STORED,    /* or known, held, ignored, quarantined */
	PM_HANDOVER_TRY_AGAIN, /* 4xx after the mail was sent */
} PmHandoverResult;

/* On a connection that nothing was said on. text_out: what the daemon said of the mail; set
 * unless it is not done. (transfer full) */
PmHandoverResult pm_hand_over(int fd, const PmHandover *handover, char **text_out);
