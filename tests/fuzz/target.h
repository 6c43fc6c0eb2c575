/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * What each fuzz target is, for libFuzzer and for standalone.c. Aborts where the code
 * under test breaks a promise; returns 0 otherwise. data is NULL or has no byte behind
 * size.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
