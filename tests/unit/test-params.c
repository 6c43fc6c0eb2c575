/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/params.h"

#include <string.h>

/* Parameters against the bytes that PostgreSQL documents for its binary format. */

static char *
hex(const char *bytes, int len)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < len; i++)
		g_string_append_printf(text, "%02x", (guint8)bytes[i]);
	return g_string_free(text, FALSE);
}

static void
check(PmParams *params, guint i, guint32 want_oid, const char *want)
{
	guint32 oid = 0;
	int len = 0;
	const char *data = pm_params_data(params, i, &len, &oid);
	g_autofree char *got = data ? hex(data, len) : g_strdup("null");

	g_assert_cmpuint(oid, ==, want_oid);
	g_assert_cmpstr(got, ==, want);
}

/* Dimension 1, no nulls, the element's type; rows and lower bound follow. */
#define HEADER(oid, rows)                                                                \
	"00000001"                                                                       \
	"00000000" oid rows "00000001"
#define HEADER_NULLS(oid, rows)                                                          \
	"00000001"                                                                       \
	"00000001" oid rows "00000001"

static void
test_arrays(void)
{
	g_autoptr(PmParams) params = pm_params_new();
	guint ints = pm_params_array(params, PM_TYPE_INT4);
	guint longs = pm_params_array(params, PM_TYPE_INT8);
	guint texts = pm_params_array(params, PM_TYPE_TEXT);
	guint bools = pm_params_array(params, PM_TYPE_BOOL);
	guint chars = pm_params_array(params, PM_TYPE_CHAR);
	guint bytes = pm_params_array(params, PM_TYPE_BYTEA);
	guint times = pm_params_array(params, PM_TYPE_TIMESTAMP);

	pm_params_add_int(params, ints, 1);
	pm_params_add_int(params, ints, -2);
	pm_params_add_int(params, longs, G_GINT64_CONSTANT(0x0102030405060708));
	pm_params_add_text(params, texts, "ab");
	pm_params_add_text(params, texts, "");
	pm_params_add_text(params, texts, NULL);
	pm_params_add_bool(params, bools, TRUE);
	pm_params_add_char(params, chars, 'p');
	pm_params_add_bytes(params, bytes, "\0\xff", 2);
	/* 2000-01-01, where PostgreSQL's time begins. */
	pm_params_add_int(params, times, G_GINT64_CONSTANT(946684800000000));
	check(params, ints, 1007,
	      HEADER("00000017", "00000002") "0000000400000001"
					     "00000004fffffffe");
	check(params, longs, 1016,
	      HEADER("00000014", "00000001") "000000080102030405060708");
	check(params, texts, 1009,
	      HEADER_NULLS("00000019", "00000003") "000000026162"
						   "00000000"
						   "ffffffff");
	check(params, bools, 1000, HEADER("00000010", "00000001") "0000000101");
	check(params, chars, 1002, HEADER("00000012", "00000001") "0000000170");
	check(params, bytes, 1001, HEADER("00000011", "00000001") "0000000200ff");
	check(params, times, 1115,
	      HEADER("0000045a", "00000001") "000000080000000000000000");
	g_assert_cmpuint(pm_params_count(params), ==, 7);
	g_assert_cmpuint(pm_params_rows(params, texts), ==, 3);
}

static void
test_empty_array(void)
{
	g_autoptr(PmParams) params = pm_params_new();

	pm_params_array(params, PM_TYPE_TEXT);
	check(params, 0, 1009,
	      "00000000"
	      "00000000"
	      "00000019");
	g_assert_cmpuint(pm_params_rows(params, 0), ==, 0);
}

/* What was asked for once may grow and be asked for again. */
static void
test_grows_after_data(void)
{
	g_autoptr(PmParams) params = pm_params_new();

	pm_params_array(params, PM_TYPE_INT4);
	check(params, 0, 1007,
	      "00000000"
	      "00000000"
	      "00000017");
	pm_params_add_int(params, 0, 7);
	check(params, 0, 1007, HEADER("00000017", "00000001") "0000000400000007");
}

static void
test_limits(void)
{
	g_autoptr(PmParams) params = pm_params_new();

	pm_params_array(params, PM_TYPE_INT4);
	pm_params_add_int(params, 0, G_MAXINT64);
	pm_params_add_int(params, 0, G_MININT64);
	pm_params_add_id(params, 0, 0);
	pm_params_add_id(params, 0, 5);
	check(params, 0, 1007,
	      HEADER_NULLS("00000017", "00000004") "000000047fffffff"
						   "0000000480000000"
						   "ffffffff"
						   "0000000400000005");
}

static void
test_single_values(void)
{
	g_autoptr(PmParams) params = pm_params_new();

	pm_params_int4(params, 258);
	pm_params_int8(params, -1);
	pm_params_text(params, "x");
	pm_params_text(params, "");
	pm_params_text(params, NULL);
	pm_params_bytea(params, "\0", 1);
	pm_params_bytea(params, NULL, 0);
	pm_params_null(params, PM_TYPE_INT4);
	check(params, 0, 23, "00000102");
	check(params, 1, 20, "ffffffffffffffff");
	check(params, 2, 25, "78");
	check(params, 3, 25, "");
	check(params, 4, 25, "null");
	check(params, 5, 17, "00");
	check(params, 6, 17, "");
	check(params, 7, 23, "null");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/params/arrays", test_arrays);
	g_test_add_func("/params/empty-array", test_empty_array);
	g_test_add_func("/params/grows-after-data", test_grows_after_data);
	g_test_add_func("/params/limits", test_limits);
	g_test_add_func("/params/single-values", test_single_values);
	return g_test_run();
}
