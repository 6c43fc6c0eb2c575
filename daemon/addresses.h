/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * The addresses, separated by blanks or ';', that patchmaild listens on; empty: the socket it
 * makes unless told. (transfer full)
 */
char **pm_addresses_new(const char *listen);
