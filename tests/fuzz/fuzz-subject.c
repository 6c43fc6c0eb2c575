/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Subjects: any text gives a subject whose numbers make sense and a name that is UTF-8.
 */
#include "lib/text/subject.h"
#include "tests/fuzz/target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Subjects are decoded before they are parsed. */
	g_autofree char *text = g_utf8_make_valid((const char *)data, size);
	g_autoptr(PmSubject) subject = pm_subject_parse(text);
	g_autofree char *name = pm_subject_name(subject, "kiln");

	g_assert_nonnull(subject);
	g_assert_nonnull(subject->title);
	g_assert_cmpint(subject->number, >=, 0);
	g_assert_cmpint(subject->total, >=, 0);
	g_assert_cmpint(subject->version, >=, 0);
	g_assert_true(g_utf8_validate(subject->title, -1, NULL));
	g_assert_true(g_utf8_validate(name, -1, NULL));
	return 0;
}
