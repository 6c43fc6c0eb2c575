/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * How malloc() behaves in a program that lives long or reads much: no more than so many arenas,
 * for idle threads must not each keep one; and large blocks go back to the system when they
 * are freed. Left alone it takes the first large mail as a sign that there will be more, and keeps
 * what the next ones needed for good. Called before there are threads.
 */
void pm_memory_tune(int arenas);
