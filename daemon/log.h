/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The daemon's log: one line an event, made of key=value pairs.
 *
 *	pm_log(PM_LOG_INFO, "mail", "session", "4f1a", "subject", "[PATCH] a b", NULL);
 *	event=mail session=4f1a subject="[PATCH] a b"
 *
 * Values are foreign text: blanks, '=', quotes and the empty value are put in quotes;
 * control and direction characters, line ends and bytes that are no UTF-8 are escaped, so
 * that no mail can write a line of its own. Safe to call from any thread.
 */

typedef enum {
	PM_LOG_ERROR,	/* somebody must act; nothing works until then */
	PM_LOG_WARNING, /* survived, and worth a look */
	PM_LOG_INFO,	/* each mail, start and stop */
	PM_LOG_DEBUG,
} PmLogLevel;

typedef enum {
	/* The journal if stderr leads there, else stderr. */
	PM_LOG_AUTO,
	PM_LOG_JOURNAL,
	/* With "<N>" in front when systemd reads it. */
	PM_LOG_STDERR,
} PmLogTarget;

/* The longest value, escaped, and the longest line; what is cut ends in "...". */
#define PM_LOG_VALUE_MAX 512
#define PM_LOG_LINE_MAX 8192

/*
 * Lines with the same event within a window (seconds): at warning or error; of pm_log_some(); of
 * others, so many that only a flood has more. The rest is counted, and told as suppressed=N by the
 * next line that is let through or, where there is none, by one of its own.
 */
#define PM_LOG_BURST 20
#define PM_LOG_BURST_SOME 200
#define PM_LOG_BURST_INFO 20000
#define PM_LOG_WINDOW 10

typedef struct {
	PmLogLevel level; /* and all above it */
	PmLogTarget target;
	const char *journal; /* path of its socket; NULL: systemd's */
} PmLogOptions;

/*
 * Before this, and for options NULL: info and above, to stderr. Also takes over GLib's
 * own messages (event=glib). Call it early, and again to change level or target (a
 * reload). A journal that cannot be reached is replaced by stderr.
 */
void pm_log_init(const PmLogOptions *options);

/* Tells what was suppressed in windows that are over. To be called now and then. */
void pm_log_tick(void);

/* Tells what is still suppressed, and closes the journal's socket. */
void pm_log_close(void);

/* Whether a line of this level would be written; to spare work for it. */
gboolean pm_log_is_enabled(PmLogLevel level);

/*
 * Pairs of strings, key and value, ended by NULL as a key. A pair whose value is NULL is left
 * out. event and keys are literals of ours: [a-z_-]+.
 */
void pm_log(PmLogLevel level, const char *event, ...) G_GNUC_NULL_TERMINATED;

/* The same for what anybody can cause as often as he likes: counted as kind (a literal) and not as
 * event, and limited to PM_LOG_BURST_SOME whatever the level. kind NULL: as pm_log(). */
void pm_log_some(PmLogLevel level, const char *event, const char *kind,
		 ...) G_GNUC_NULL_TERMINATED;

/* "error", "warning", "info", "debug"; "auto", "journal", "stderr". Anything else
 * (which configuration does not let pass) is info, auto. */
PmLogLevel pm_log_level_from_string(const char *name);
PmLogTarget pm_log_target_from_string(const char *name);
const char *pm_log_level_to_string(PmLogLevel level);
