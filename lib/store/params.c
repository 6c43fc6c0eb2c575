/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/params.h"

#include <string.h>

/*
 * The binary form of an array is: dimensions, whether it has nulls, the element
 * type's oid, then length and lower bound of the dimension, then each element
 * as a length (-1: null) and its bytes; all numbers big-endian. An empty array
 * has no dimension. See array_recv() in PostgreSQL.
 */

typedef struct {
	PmType type;
	gboolean is_array;
	gboolean is_null;
	gboolean has_nulls;
	guint n_rows;
	guint32 header[5]; /* of an array; alone where it is empty */
	GByteArray *
		bytes; /* NULL until there are some: most columns of a batch stay empty */
} PmParam;

struct PmParams {
	GArray *params; /* of PmParam */
};

enum {
	/* Few rows of numbers and ids fit in without growing. */
	BYTES_EXPECTED = 256,
	PARAMS_EXPECTED = 12,
};

/* Microseconds from 1970 to 2000, where PostgreSQL's time begins. */
static const gint64 epoch_shift = G_GINT64_CONSTANT(946684800000000);

static const struct {
	guint32 oid, array_oid;
} oids[] = {
	[PM_TYPE_BOOL] = {16, 1000},	    [PM_TYPE_CHAR] = {18, 1002},
	[PM_TYPE_INT4] = {23, 1007},	    [PM_TYPE_INT8] = {20, 1016},
	[PM_TYPE_TEXT] = {25, 1009},	    [PM_TYPE_BYTEA] = {17, 1001},
	[PM_TYPE_TIMESTAMP] = {1114, 1115},
};

static void
clear_param(gpointer data)
{
	PmParam *param = data;

	g_clear_pointer(&param->bytes, g_byte_array_unref);
}

PmParams *
pm_params_new(void)
{
	PmParams *params = g_new0(PmParams, 1);

	params->params = g_array_sized_new(FALSE, TRUE, sizeof(PmParam), PARAMS_EXPECTED);
	g_array_set_clear_func(params->params, clear_param);
	return params;
}

void
pm_params_free(PmParams *params)
{
	if (params == NULL)
		return;
	g_array_unref(params->params);
	g_free(params);
}

static PmParam *
param_at(const PmParams *params, guint i)
{
	g_assert(i < params->params->len);
	return &g_array_index(params->params, PmParam, i);
}

static GByteArray *
bytes_of(PmParam *param)
{
	if (param->bytes != NULL)
		return param->bytes;
	param->bytes = g_byte_array_sized_new(BYTES_EXPECTED);
	if (param->is_array)
		g_byte_array_set_size(param->bytes, sizeof(param->header));
	return param->bytes;
}

static void
append_int32(GByteArray *bytes, gint32 value)
{
	guint32 wire = GUINT32_TO_BE((guint32)value);

	g_byte_array_append(bytes, (const guint8 *)&wire, sizeof(wire));
}

static void
append_int64(GByteArray *bytes, gint64 value)
{
	guint64 wire = GUINT64_TO_BE((guint64)value);

	g_byte_array_append(bytes, (const guint8 *)&wire, sizeof(wire));
}

static guint
add_param(PmParams *params, PmType type, gboolean is_array)
{
	PmParam param = {.type = type, .is_array = is_array};

	g_array_append_val(params->params, param);
	return params->params->len - 1;
}

guint
pm_params_array(PmParams *params, PmType type)
{
	return add_param(params, type, TRUE);
}

void
pm_params_add_bool(PmParams *params, guint i, gboolean value)
{
	PmParam *param = param_at(params, i);
	guint8 byte = value ? 1 : 0;

	append_int32(bytes_of(param), 1);
	g_byte_array_append(bytes_of(param), &byte, 1);
	param->n_rows++;
}

void
pm_params_add_char(PmParams *params, guint i, char value)
{
	PmParam *param = param_at(params, i);

	append_int32(bytes_of(param), 1);
	g_byte_array_append(bytes_of(param), (const guint8 *)&value, 1);
	param->n_rows++;
}

void
pm_params_add_int(PmParams *params, guint i, gint64 value)
{
	PmParam *param = param_at(params, i);

	if (param->type == PM_TYPE_INT4) {
		append_int32(bytes_of(param), 4);
		append_int32(bytes_of(param),
			     (gint32)CLAMP(value, G_MININT32, G_MAXINT32));
	} else {
		append_int32(bytes_of(param), 8);
		append_int64(bytes_of(param), param->type == PM_TYPE_TIMESTAMP
						      ? value - epoch_shift
						      : value);
	}
	param->n_rows++;
}

void
pm_params_add_bytes(PmParams *params, guint i, const void *bytes, size_t len)
{
	PmParam *param = param_at(params, i);

	append_int32(bytes_of(param), (gint32)len);
	g_byte_array_append(bytes_of(param), bytes, (guint)len);
	param->n_rows++;
}

void
pm_params_add_text(PmParams *params, guint i, const char *text)
{
	if (text == NULL)
		pm_params_add_null(params, i);
	else
		pm_params_add_bytes(params, i, text, strlen(text));
}

void
pm_params_add_null(PmParams *params, guint i)
{
	PmParam *param = param_at(params, i);

	append_int32(bytes_of(param), -1);
	param->has_nulls = TRUE;
	param->n_rows++;
}

void
pm_params_add_id(PmParams *params, guint i, int id)
{
	if (id == 0)
		pm_params_add_null(params, i);
	else
		pm_params_add_int(params, i, id);
}

void
pm_params_int4(PmParams *params, int value)
{
	guint i = add_param(params, PM_TYPE_INT4, FALSE);

	append_int32(bytes_of(param_at(params, i)), value);
}

void
pm_params_int8(PmParams *params, gint64 value)
{
	guint i = add_param(params, PM_TYPE_INT8, FALSE);

	append_int64(bytes_of(param_at(params, i)), value);
}

void
pm_params_text(PmParams *params, const char *text)
{
	guint i = add_param(params, PM_TYPE_TEXT, FALSE);
	PmParam *param = param_at(params, i);

	if (text == NULL)
		param->is_null = TRUE;
	else
		g_byte_array_append(bytes_of(param), (const guint8 *)text,
				    (guint)strlen(text));
}

void
pm_params_bytea(PmParams *params, const void *bytes, size_t len)
{
	guint i = add_param(params, PM_TYPE_BYTEA, FALSE);

	if (len > 0)
		g_byte_array_append(bytes_of(param_at(params, i)), bytes, (guint)len);
}

void
pm_params_null(PmParams *params, PmType type)
{
	param_at(params, add_param(params, type, FALSE))->is_null = TRUE;
}

guint
pm_params_rows(const PmParams *params, guint i)
{
	return param_at(params, i)->n_rows;
}

guint
pm_params_count(const PmParams *params)
{
	return params->params->len;
}

static void
set_header(PmParam *param)
{
	param->header[0] = GUINT32_TO_BE(param->n_rows > 0 ? 1 : 0);
	param->header[1] = GUINT32_TO_BE(param->has_nulls ? 1 : 0);
	param->header[2] = GUINT32_TO_BE(oids[param->type].oid);
	param->header[3] = GUINT32_TO_BE(param->n_rows);
	param->header[4] = GUINT32_TO_BE(1);
}

static const char *
array_data(PmParam *param, int *len_out)
{
	set_header(param);
	if (param->n_rows == 0) {
		*len_out = 3 * (int)sizeof(guint32);
		return (const char *)param->header;
	}
	memcpy(param->bytes->data, param->header, sizeof(param->header));
	*len_out = (int)param->bytes->len;
	return (const char *)param->bytes->data;
}

const char *
pm_params_data(PmParams *params, guint i, int *len_out, guint32 *oid_out)
{
	PmParam *param = param_at(params, i);

	*oid_out = param->is_array ? oids[param->type].array_oid : oids[param->type].oid;
	*len_out = 0;
	if (param->is_null)
		return NULL;
	if (param->is_array)
		return array_data(param, len_out);
	if (param->bytes == NULL)
		return "";
	*len_out = (int)param->bytes->len;
	return (const char *)param->bytes->data;
}
