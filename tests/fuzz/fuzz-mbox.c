/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mbox splitter: whatever the bytes, and however they are cut, the mails are the
 * same, they follow each other in the file, and none is larger than the limit. */
#include "lib/source/mbox.h"
#include "tests/fuzz/target.h"

#define SIZE_MAX_MAIL 2000

static GPtrArray *
split(PmSourceFormat format, const char *data, size_t len, size_t piece)
{
	g_autoptr(PmMbox) mbox = pm_mbox_new(format, SIZE_MAX_MAIL);
	g_autoptr(GPtrArray) mails =
		g_ptr_array_new_with_free_func((GDestroyNotify)pm_source_mail_free);
	PmSourceMail *mail = NULL;

	for (size_t pos = 0; pos < len;) {
		size_t n = MIN(piece, len - pos);
		g_autofree char *copy = g_memdup2(data + pos, n);

		pos += pm_mbox_push(mbox, copy, n, &mail);
		if (mail != NULL)
			g_ptr_array_add(mails, mail);
	}
	mail = pm_mbox_finish(mbox);
	if (mail != NULL)
		g_ptr_array_add(mails, mail);
	return g_steal_pointer(&mails);
}

static void
assert_same(const PmSourceMail *a, const PmSourceMail *b)
{
	g_assert_true(g_bytes_equal(a->bytes, b->bytes));
	g_assert_cmpuint(a->number, ==, b->number);
	g_assert_cmpuint(a->offset, ==, b->offset);
	g_assert_cmpuint(a->size, ==, b->size);
	g_assert_cmpint(a->is_cut, ==, b->is_cut);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const PmSourceFormat formats[] = {PM_SOURCE_MBOX, PM_SOURCE_MBOXO,
						 PM_SOURCE_MBOXRD};
	PmSourceFormat format = formats[size % G_N_ELEMENTS(formats)];
	g_autoptr(GPtrArray) whole =
		split(format, (const char *)data, size, MAX(size, 1));
	g_autoptr(GPtrArray) parts =
		split(format, (const char *)data, size, 1 + size % 13);
	guint64 end = 0;

	g_assert_cmpuint(whole->len, ==, parts->len);
	for (size_t i = 0; i < whole->len; i++) {
		const PmSourceMail *mail = g_ptr_array_index(whole, i);

		assert_same(mail, g_ptr_array_index(parts, i));
		g_assert_cmpuint(mail->number, ==, i + 1);
		g_assert_cmpuint(mail->offset, >=, end);
		g_assert_cmpuint(g_bytes_get_size(mail->bytes), <=, SIZE_MAX_MAIL);
		end = mail->offset + mail->size;
		g_assert_cmpuint(end, <=, size);
	}
	return 0;
}
