/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/lmtp-data.h"
#include "daemon/lmtp.h"

/*
 * What the engine's files share, and nobody else includes: the session, the transaction,
 * and the two doors, one for changes of state and one for replies.
 */
typedef enum {
	PM_LMTP_STATE_COMMAND,	 /* reads command lines */
	PM_LMTP_STATE_DATA,	 /* reads data up to the dot */
	PM_LMTP_STATE_CHUNK,	 /* reads the octets of BDAT */
	PM_LMTP_STATE_JUDGING,	 /* a recipient waits for its answer */
	PM_LMTP_STATE_ANSWERING, /* a message waits for its answers */
	PM_LMTP_STATE_HANDSHAKE, /* STARTTLS was answered */
	PM_LMTP_STATE_CLOSED,
} PmLmtpState;

/* From MAIL to the message's end. That there is one is the state. */
typedef struct {
	PmLmtpMessage *message; /* its envelope; bytes come last */
	PmLmtpData data;
	gboolean has_chunks; /* BDAT has begun, so DATA may not */
} PmLmtpTransaction;

struct PmLmtp {
	PmLmtpOptions options;
	PmLmtpState state;
	PmLmtpEvent event; /* to be told to the caller; PM_LMTP_MORE is none */
	guint owed;	   /* replies that the client must get before anything else */
	GString *output;   /* replies not yet written */
	gboolean is_fresh; /* nothing has been fed since the greeting */
	gboolean is_tls;
	guint bad_commands; /* in a row */

	GString *line;	     /* the command that is being read */
	gboolean skips_line; /* it was too long and has been answered */

	char *client;			/* of LHLO; NULL before */
	PmLmtpTransaction *transaction; /* NULL between MAILs */
	PmLmtpRecipient *candidate;	/* while JUDGING */
	PmLmtpMessage *message;		/* ended, until it is taken */

	guint64 chunk_left;	 /* octets of the chunk still to come */
	gboolean is_last_chunk;	 /* BDAT … LAST */
	gboolean discards_chunk; /* it was refused: its octets go nowhere */
};

/* The door of states. Nothing leaves CLOSED. */
void pm_lmtp_enter(PmLmtp *lmtp, PmLmtpState state);

/* The client is now owed so many replies; it was owed none. */
void pm_lmtp_owe(PmLmtp *lmtp, guint replies);

/* The door of replies: pays one. Counts bad commands, and closes with 421 at too many. */
void pm_lmtp_say(PmLmtp *lmtp, PmLmtpReply reply, const char *text);

/* Carries out one command: a line without its CRLF, without control characters. */
void pm_lmtp_command(PmLmtp *lmtp, const char *line, size_t len);

/* MAIL was accepted; takes over what it points to. */
void pm_lmtp_begin_transaction(PmLmtp *lmtp, PmLmtpMessage *envelope);
void pm_lmtp_drop_transaction(PmLmtp *lmtp);

/* The dot, or the last octet of BDAT LAST. Owes a reply to each recipient. */
void pm_lmtp_end_message(PmLmtp *lmtp);

/* All is forgotten that the client said before TLS. */
void pm_lmtp_forget(PmLmtp *lmtp);
