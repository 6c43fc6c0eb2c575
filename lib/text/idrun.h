/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The part of a Message-ID that all mails of one sending run share (git
 * send-email old and new form, b4, "<sha>.<time>.git.addr", GitGitGadget's
 * pull.N.vM, Mercurial); NULL where the id has no such form. (transfer full).
 * Equal strings prove one run, whoever the author is.
 */
char *pm_idrun(const char *msgid);
