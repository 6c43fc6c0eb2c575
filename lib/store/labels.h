/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Labels of threads and clusters that turn out to be one: a union-find over 64-bit
 * ids. Ids that the database knows are positive, those of this batch negative until
 * they are given real ones.
 */
typedef struct PmLabels PmLabels;

PmLabels *pm_labels_new(void);
void pm_labels_free(PmLabels *labels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmLabels, pm_labels_free)

/* A label that nobody has. */
gint64 pm_labels_fresh(PmLabels *labels);

/* What stands for id now: the smallest positive one of its set, else a negative one. */
gint64 pm_labels_find(PmLabels *labels, gint64 id);

/* Makes a and b one; returns what stands for both. */
gint64 pm_labels_join(PmLabels *labels, gint64 a, gint64 b);

/* Gives the set of a negative label its real id. */
void pm_labels_settle(PmLabels *labels, gint64 label, gint64 id);
