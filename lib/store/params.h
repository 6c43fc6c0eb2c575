/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Parameters of one statement: arrays in PostgreSQL's binary format, one a
 * column, all as long as the statement has rows, plus single values. They grow
 * row by row; nothing is ever pasted into SQL.
 */
typedef struct PmParams PmParams;

typedef enum {
	PM_TYPE_BOOL,
	PM_TYPE_CHAR, /* "char", one byte */
	PM_TYPE_INT4,
	PM_TYPE_INT8,
	PM_TYPE_TEXT,
	PM_TYPE_BYTEA,
	PM_TYPE_TIMESTAMP, /* without time zone; microseconds since 1970 */
} PmType;

PmParams *pm_params_new(void);
void pm_params_free(PmParams *params);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmParams, pm_params_free)

/* Adds an array parameter and returns its index, from 0. */
guint pm_params_array(PmParams *params, PmType type);

/* Append one element to array i, which must be of a fitting type. */
void pm_params_add_bool(PmParams *params, guint i, gboolean value);
void pm_params_add_char(PmParams *params, guint i, char value);
void pm_params_add_int(PmParams *params, guint i, gint64 value);
/* NULL becomes null. text must be valid UTF-8. */
void pm_params_add_text(PmParams *params, guint i, const char *text);
void pm_params_add_bytes(PmParams *params, guint i, const void *bytes, size_t len);
void pm_params_add_null(PmParams *params, guint i);
/* 0 becomes null: ids are never 0. */
void pm_params_add_id(PmParams *params, guint i, int id);

/* Adds a single value. */
void pm_params_int4(PmParams *params, int value);
void pm_params_int8(PmParams *params, gint64 value);
void pm_params_text(PmParams *params, const char *text);
void pm_params_bytea(PmParams *params, const void *bytes, size_t len);
void pm_params_null(PmParams *params, PmType type);

/* Elements of array i so far. */
guint pm_params_rows(const PmParams *params, guint i);
guint pm_params_count(const PmParams *params);

/* The i-th parameter as libpq wants it; bytes stay owned by params. NULL data: null. */
const char *pm_params_data(PmParams *params, guint i, int *len_out, guint32 *oid_out);
