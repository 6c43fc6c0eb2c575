/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole mails: any bytes give a mail or an error, never both and never neither. */
#include "lib/mail/mail.h"
#include "tests/fuzz/target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static gsize is_ready = 0;
	g_autoptr(GError) error = NULL;

	if (g_once_init_enter(&is_ready)) {
		pm_mail_init();
		g_once_init_leave(&is_ready, 1);
	}
	g_autoptr(PmMail) mail = pm_mail_new((const char *)data, size, &error);
	g_assert_true((mail == NULL) == (error != NULL));
	if (mail == NULL)
		return 0;
	g_assert_nonnull(mail->headers);
	g_assert_nonnull(mail->subject);
	g_assert_nonnull(mail->content);
	g_assert_true(mail->diff == NULL || mail->hash != NULL);
	g_assert_cmpuint(mail->size, ==, size);
	return 0;
}
