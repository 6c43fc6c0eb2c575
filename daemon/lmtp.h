/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "daemon/lmtp-reply.h"

/*
 * The server's side of LMTP (RFC 2033) as a pure engine: bytes go in, events and replies
 * come out. It reads and writes nothing, knows no clock, no database and no mail format,
 * and may be fed any number of bytes at a time: the events and replies are the same.
 *
 *     lmtp = pm_lmtp_new(&options);                 the greeting is in the output
 *     loop: write pm_lmtp_output() and truncate it
 *           read bytes
 *           while bytes are left: pm_lmtp_feed(), act on the event
 *
 * Replies gather in the output in the order of their commands; writing when all bytes
 * read are used up, before waiting for more, answers a pipelined batch at once.
 *
 * It keeps two promises, by assertion: every command gets one reply, and the end
 * of a message (the dot, BDAT LAST) one for each recipient that was accepted, in order,
 * also where the message was too large. BDAT LAST without any gets none (RFC 2033, 4.3).
 *
 * Its memory is bounded: one command line, one transaction's recipients, one message.
 */
typedef struct {
	const char *hostname; /* for greeting and LHLO; borrowed for the engine's life */
	size_t max_message_size; /* announced as SIZE; larger ones get 552 */
	guint max_recipients;	 /* of one message; further ones get 452 */
	guint max_bad_commands;	 /* in a row; the next one gets 421 and the end */
	size_t max_line;     /* octets of a command with its CRLF; longer ones get 500 */
	gboolean offers_tls; /* STARTTLS is announced */
	gboolean requires_tls; /* little but STARTTLS is allowed before it is done */
	/* What XDATABASE must say, borrowed; NULL: it is not announced, and refused. */
	const char *database;
} PmLmtpOptions;

/* Fills in: no hostname ("localhost"), 50 MiB, 1,000 recipients, 10 bad commands, lines of
 * 2,048, no TLS. */
void pm_lmtp_options_init(PmLmtpOptions *options);

typedef enum {
	/* All bytes are used, nothing is to be done: it wants more. */
	PM_LMTP_MORE,
	/* A recipient is to be judged: pm_lmtp_recipient() says which. Nothing may be fed
	 * until pm_lmtp_answer_recipient(). */
	PM_LMTP_RECIPIENT,
	/* A whole message is here: pm_lmtp_take_message(), then pm_lmtp_answer_message() once
	 * for each of its recipients. Nothing may be fed until then. */
	PM_LMTP_MESSAGE,
	/* A message was too large and has been answered, 552 for each recipient. Nothing needs
	 * to be done; pm_lmtp_take_message() gives its envelope (bytes NULL) for the log. */
	PM_LMTP_TOO_LARGE,
	/* The 220 is in the output: write it, shake hands, then pm_lmtp_tls_started(). All
	 * that is fed before that is thrown away (see there). */
	PM_LMTP_STARTTLS,
	/* Write the output and close. All that is fed is thrown away. */
	PM_LMTP_CLOSE,
} PmLmtpEvent;

/* "more", "recipient" … (transfer none) */
const char *pm_lmtp_event_to_string(PmLmtpEvent event);

typedef struct {
	char *address; /* without brackets and source route; may have no domain; UTF-8 */
	char *orcpt; /* ORCPT's address, decoded: before aliases were expanded. Nullable */
} PmLmtpRecipient;

typedef enum {
	PM_LMTP_BODY_UNSAID,
	PM_LMTP_BODY_7BIT,
	PM_LMTP_BODY_8BITMIME,
} PmLmtpBody;

typedef struct {
	/* Exactly the octets sent, after dots were unstuffed: with CRLF, and with bare CR, LF
	 * and NUL where the client sent them. May be empty. NULL where too large. */
	GBytes *bytes;
	guint64 size; /* of the message, also where too large */
	char *sender; /* "" is the null sender */
	GPtrArray *
		recipients; /* of PmLmtpRecipient, accepted ones in order, with repeats */
	char *client;	    /* what it called itself in LHLO */
	char *envid;	    /* nullable */
	char *list_id;	    /* XLISTID: instead of what the mail itself says; nullable */
	PmLmtpBody body;
	gboolean is_smtputf8;
} PmLmtpMessage;

void pm_lmtp_message_free(PmLmtpMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmLmtpMessage, pm_lmtp_message_free)

typedef struct PmLmtp PmLmtp;

/* Options are copied, the hostname is borrowed. Limits must not be 0. (transfer full) */
PmLmtp *pm_lmtp_new(const PmLmtpOptions *options);
void pm_lmtp_free(PmLmtp *lmtp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmLmtp, pm_lmtp_free)

/*
 * Feeds up to len bytes, stops behind the byte that causes an event, and says in
 * *used_out how many it used. The rest is to be fed after the event is dealt with.
 * PM_LMTP_MORE, PM_LMTP_STARTTLS and PM_LMTP_CLOSE use all. A client that is gone needs
 * no call: free the engine; what was not ended by the dot was never a message.
 */
PmLmtpEvent pm_lmtp_feed(PmLmtp *lmtp, const char *bytes, size_t len, size_t *used_out);

/* Replies not yet written; the caller truncates it. (transfer none) */
GString *pm_lmtp_output(PmLmtp *lmtp);

/* The recipient to be judged. Gone once it is answered. (transfer none) */
const PmLmtpRecipient *pm_lmtp_recipient(const PmLmtp *lmtp);

/* The sender of the transaction, and what the client said in LHLO; NULL outside of one.
 * (transfer none) */
const char *pm_lmtp_sender(const PmLmtp *lmtp);
const char *pm_lmtp_client(const PmLmtp *lmtp);

/* Answers it; a 2xx accepts it. text NULL is the reply's own. */
void pm_lmtp_answer_recipient(PmLmtp *lmtp, PmLmtpReply reply, const char *text);

/* The message of PM_LMTP_MESSAGE or PM_LMTP_TOO_LARGE; NULL if taken. It need not be
 * taken before it is answered, but is gone with the next byte fed. (transfer full) */
PmLmtpMessage *pm_lmtp_take_message(PmLmtp *lmtp);

/* How many answers the message still wants: its recipients at first. 0 where none does. */
guint pm_lmtp_answers_wanted(const PmLmtp *lmtp);

/* The outcome for its next recipient, in their order. text NULL is the reply's own. */
void pm_lmtp_answer_message(PmLmtp *lmtp, PmLmtpReply reply, const char *text);

/*
 * The handshake is done (after PM_LMTP_STARTTLS), or the connection began with TLS: the
 * client must say LHLO anew, nothing that it said before counts. What it sent behind
 * STARTTLS was not protected and has been thrown away as far as it was fed; the caller
 * must throw away what it has read and not fed (RFC 3207, 4.2 and 6; CVE-2011-0411).
 */
void pm_lmtp_tls_started(PmLmtp *lmtp);

/*
 * Ends the session for the server's sake with one of the 421 replies, at any time. A
 * recipient under judgement is answered by it; a message that waits for answers gets
 * PM_LMTP_REPLY_TRY_AGAIN for each outstanding one first; data that has not come to its
 * end is dropped. Straight after pm_lmtp_new() it stands in place of the greeting. During
 * the handshake nothing is said. From now on pm_lmtp_feed() says PM_LMTP_CLOSE. No
 * effect once closed.
 */
void pm_lmtp_shut_down(PmLmtp *lmtp, PmLmtpReply reply);

/* Whether the client is in the middle of a message or waits for its outcome: a graceful
 * end lets it finish. */
gboolean pm_lmtp_is_in_message(const PmLmtp *lmtp);
gboolean pm_lmtp_is_closed(const PmLmtp *lmtp);
