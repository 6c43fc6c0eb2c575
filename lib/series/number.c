/* SPDX-License-Identifier: GPL-2.0-or-later */

/*
 * The numbers that the patches of a finished series get. Usually those of their
 * subjects; the database wants them distinct, and 1 or more.
 *
 *	1 2 3 5 of 4	keep theirs		1 2 3 5 of 4
 *	1 1.5 2 of 2	make room		1 2 3   of 3
 *	1 1 of 2	by date and id		1 2     of 2
 */
#include "lib/series/fragments.h"

int
pm_number_patches(const PmFragments *all, const PmFragment *fragment, int *numbers)
{
	int room = 0, last = 0;
	for (guint i = 0; i < fragment->n_patches; i++) {
		gint64 place = all->members[fragment->patches[i]].place;
		room += pm_place_is_fraction(place);
		int number = pm_place_number(place) + room;
		if (fragment->has_equals)
			number = last + 1;
		numbers[i] = MAX(number, last + 1);
		last = numbers[i];
	}
	return fragment->total + room;
}
