/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The part of a Message-ID that all mails of one sending run share (git
 * send-email old and new form, format-patch and git-series, GitGitGadget, b4,
 * patman, StGit); NULL where the id has no such form. With or without angle
 * brackets; NULL is no id. (transfer full). Equal strings prove one run, whoever
 * the author is. The string is for comparing only; idrun.c lists the forms.
 */
char *pm_idrun(const char *msgid);
