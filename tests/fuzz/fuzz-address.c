/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses: any text gives one within the length of the column, in UTF-8, or none; and
 * so does any header block. */
#include <string.h>

#include "lib/text/address.h"
#include "tests/fuzz/target.h"

/* What the column has room for. */
#define EMAIL_MAX 255

static void
check(const PmAddress *address)
{
	if (address == NULL)
		return;
	g_assert_nonnull(address->email);
	g_assert_cmpint(g_utf8_strlen(address->email, -1), <=, EMAIL_MAX);
	g_assert_true(g_utf8_validate(address->email, -1, NULL));
	g_assert_true(address->name == NULL || g_utf8_validate(address->name, -1, NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_utf8_make_valid((const char *)data, size);
	g_autoptr(PmAddress) address = pm_address_parse(text);
	size_t body = 0;
	g_autoptr(PmHeaders) headers = pm_headers_new((const char *)data, size, &body);
	const char *how = NULL;
	g_autoptr(PmAddress) author =
		pm_address_author(headers, "demo@lists.example.org", &how);

	check(address);
	check(author);
	return 0;
}
