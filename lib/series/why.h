/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lib/series/correlate.h"

/*
 * What keeps fact i out of group g of a grouping, a phrase for each thing that would have
 * to differ, joined by "; ". Where nothing speaks against it: what there is that could
 * link them. facts and grouping as of pm_correlate(). (transfer full)
 */
char *pm_why_not(const PmFact *facts, const PmGrouping *grouping, guint i, guint g);
