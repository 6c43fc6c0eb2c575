/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lib/store/schema.h"

#include <string.h>

#include "lib/error.h"

/* What makes version n + 1 out of version n; the first makes version 1 out of nothing. */
static const PmSql steps[PM_SCHEMA_VERSION] = {
	PM_SQL_PATCHMAIL_0001_SCHEMA,
	PM_SQL_PATCHMAIL_0002_DECISIONS,
	PM_SQL_PATCHMAIL_0003_TITLES,
};

typedef struct {
	char *tables; /* "all", "some", "none": which of Patchwork's are there */
	char *missing;
	int version; /* of the schema patchmail; 0: none */
} PmState;

static void
clear_state(PmState *state)
{
	g_free(state->tables);
	g_free(state->missing);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PmState, clear_state)

/* The value of a key in rows of schema_meta, or NULL. */
static const char *
meta_value(const PmRows *meta, const char *key)
{
	for (guint i = 0; i < pm_rows_count(meta); i++)
		if (g_str_equal(pm_rows_text(meta, i, 0), key))
			return pm_rows_text(meta, i, 1);
	return NULL;
}

static gboolean
read_version(PmPg *pg, PmState *state, GError **error)
{
	g_autoptr(PmRows) meta = pm_pg_query(pg, PM_SQL_SCHEMA_META, NULL, 0, error);

	if (meta == NULL)
		return FALSE;
	const char *version = meta_value(meta, "schema_version");
	state->version = version ? (int)g_ascii_strtoll(version, NULL, 10) : 0;
	return TRUE;
}

static gboolean
read_state(PmPg *pg, PmState *state, GError **error)
{
	g_autoptr(PmRows) rows = pm_pg_query(pg, PM_SQL_SCHEMA_STATE, NULL, 0, error);

	if (rows == NULL)
		return FALSE;
	state->tables = g_strdup(pm_rows_text(rows, 0, 0));
	state->missing = g_strdup(pm_rows_text(rows, 0, 1));
	return !pm_rows_bool(rows, 0, 2) || read_version(pg, state, error);
}

static char *
first_column(const PmRows *rows)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < pm_rows_count(rows); i++)
		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
				       pm_rows_text(rows, i, 0));
	return g_string_free(text, FALSE);
}

static gboolean
check_columns(PmPg *pg, PmSql sql, const char *format, GError **error)
{
	g_autoptr(PmRows) rows = pm_pg_query(pg, sql, NULL, 0, error);

	if (rows == NULL)
		return FALSE;
	if (pm_rows_count(rows) == 0)
		return TRUE;
	g_autofree char *names = first_column(rows);
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_SCHEMA,
		    "cannot use this Patchwork database: %s %s; patchmail knows "
		    "Patchwork 3.2 "
		    "and 3.3",
		    format, names);
	return FALSE;
}

static gboolean
check_patchwork(PmPg *pg, const PmState *state, GError **error)
{
	if (g_str_equal(state->tables, "some")) {
		g_set_error(
			error, PM_ERROR, PM_ERROR_PERMANENT_SCHEMA,
			"cannot use this database: some of Patchwork's tables are there, "
			"but not %s; run Patchwork's own migrations, or name an empty "
			"database",
			state->missing);
		return FALSE;
	}
	return check_columns(pg, PM_SQL_SCHEMA_MISSING_COLUMNS, "it lacks", error) &&
	       check_columns(pg, PM_SQL_SCHEMA_UNKNOWN_COLUMNS,
			     "it wants values that are not known:", error);
}

static gboolean
set_meta(PmPg *pg, const char *key, const char *value, GError **error)
{
	const char *const params[] = {key, value};
	g_autoptr(PmRows) rows =
		pm_pg_query(pg, PM_SQL_SCHEMA_SET_META, params, 2, error);

	return rows != NULL;
}

static void
say(PmSchemaReport *report, const char *sentence)
{
	g_ptr_array_add(report->done, g_strdup(sentence));
}

static void
begin(PmSchemaReport *report, const char *step)
{
	g_atomic_pointer_set(&report->doing, step);
}

static gboolean
make_patchwork(PmPg *pg, PmSchemaReport *report, GError **error)
{
	if (!pm_pg_script(pg, PM_SQL_PATCHWORK_TABLES, error) ||
	    !pm_pg_script(pg, PM_SQL_PATCHWORK_INDEXES, error) ||
	    !pm_pg_script(pg, PM_SQL_PATCHWORK_REFERENCES, error) ||
	    !pm_pg_script(pg, PM_SQL_PATCHWORK_DEFAULTS, error))
		return FALSE;
	say(report, "made Patchwork's tables with their default states and tags");
	return TRUE;
}

static gboolean
set_version(PmPg *pg, GError **error)
{
	return set_meta(pg, "schema_version", G_STRINGIFY(PM_SCHEMA_VERSION), error);
}

static gboolean
run_steps(PmPg *pg, int version, PmSchemaReport *report, GError **error)
{
	begin(report, "making the schema patchmail");
	for (; version < PM_SCHEMA_VERSION; version++)
		if (!pm_pg_script(pg, steps[version], error))
			return FALSE;
	return set_version(pg, error);
}

static gboolean
make_patchmail(PmPg *pg, gboolean is_alone, PmSchemaReport *report, GError **error)
{
	if (!run_steps(pg, 0, report, error) ||
	    !set_meta(pg, "tables", is_alone ? "own" : "patchwork", error))
		return FALSE;
	begin(report, "making an index on the addresses of people");
	if (!pm_pg_script(pg, PM_SQL_PATCHMAIL_PERSON_INDEX, error))
		return FALSE;
	say(report, "made the schema patchmail, version " G_STRINGIFY(PM_SCHEMA_VERSION));
	say(report, "made an index on the addresses of people, ignoring case");
	return TRUE;
}

/* The schema as it must be, from none or from an older version. */
static gboolean
bring_up_to_date(PmPg *pg, const PmState *state, gboolean is_alone,
		 PmSchemaReport *report, GError **error)
{
	if (state->version == 0)
		return make_patchmail(pg, is_alone, report, error);
	if (state->version == PM_SCHEMA_VERSION) {
		say(report, "the schema patchmail is up to date "
			    "(version " G_STRINGIFY(PM_SCHEMA_VERSION) ")");
		return TRUE;
	}
	if (!run_steps(pg, state->version, report, error))
		return FALSE;
	g_ptr_array_add(report->done,
			g_strdup_printf("brought the schema patchmail from version "
					"%d to version %d",
					state->version, PM_SCHEMA_VERSION));
	return TRUE;
}

/* Says of which program the functions are: the digest of their texts. (transfer full) */
static char *
functions_digest(void)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (int i = PM_SQL_API_FIRST; i < PM_SQL_COUNT; i++)
		g_checksum_update(sum, (const guchar *)pm_sql_text(i), -1);
	return g_strdup(g_checksum_get_string(sum));
}

/* Whether the functions in the database are those of this program. */
static gboolean
has_functions(PmPg *pg, const char *digest, gboolean *has_out, GError **error)
{
	g_autoptr(PmRows) meta = pm_pg_query(pg, PM_SQL_SCHEMA_META, NULL, 0, error);

	if (meta == NULL)
		return FALSE;
	*has_out = g_strcmp0(meta_value(meta, "functions"), digest) == 0;
	return TRUE;
}

static gboolean
make_functions(PmPg *pg, PmSchemaReport *report, GError **error)
{
	g_autofree char *digest = functions_digest();
	gboolean has = FALSE;

	if (!has_functions(pg, digest, &has, error))
		return FALSE;
	if (has)
		return TRUE;
	begin(report, "making indexes and functions for the REST API");
	if (!pm_pg_script(pg, PM_SQL_SCHEMA_FUNCTIONS_DROP, error))
		return FALSE;
	for (int i = PM_SQL_API_FIRST; i < PM_SQL_COUNT; i++)
		if (!pm_pg_script(pg, i, error))
			return FALSE;
	if (!pm_pg_script(pg, PM_SQL_SCHEMA_FUNCTIONS_PATH, error) ||
	    !pm_pg_script(pg, PM_SQL_PATCHMAIL_LIST_INDEXES, error) ||
	    !set_meta(pg, "functions", digest, error))
		return FALSE;
	say(report, "made the functions for the REST API");
	return TRUE;
}

gboolean
pm_schema_check_functions(PmPg *pg, GError **error)
{
	g_autofree char *digest = functions_digest();
	gboolean has = FALSE;

	if (!has_functions(pg, digest, &has, error))
		return FALSE;
	if (has)
		return TRUE;
	g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_SCHEMA,
		    "cannot use the functions of the schema patchmail: another version "
		    "of patchmail made them; run \"patchmail init\"");
	return FALSE;
}

static gboolean
grant(PmPg *pg, const char *role, PmSchemaReport *report, GError **error)
{
	const char *const params[] = {role};
	g_autoptr(PmRows) rows = pm_pg_query(pg, PM_SQL_SCHEMA_GRANTEE, params, 1, error);

	if (rows == NULL || !pm_pg_script(pg, PM_SQL_SCHEMA_GRANT, error))
		return FALSE;
	g_ptr_array_add(report->done,
			g_strdup_printf("gave role %s what taking in mail needs", role));
	return TRUE;
}

gboolean
pm_schema_grant_api(PmPg *pg, const char *role, GError **error)
{
	const char *const params[] = {role};

	if (!pm_pg_script(pg, PM_SQL_BEGIN, error))
		return FALSE;
	g_autoptr(PmRows) rows = pm_pg_query(pg, PM_SQL_SCHEMA_GRANTEE, params, 1, error);
	if (rows != NULL && pm_pg_script(pg, PM_SQL_SCHEMA_GRANT_API, error))
		return pm_pg_script(pg, PM_SQL_COMMIT, error);
	(void)pm_pg_script(pg, PM_SQL_ROLLBACK, NULL);
	return FALSE;
}

static gboolean
refuse_newer(const PmState *state, GError **error)
{
	if (state->version <= PM_SCHEMA_VERSION)
		return TRUE;
	g_set_error(
		error, PM_ERROR, PM_ERROR_PERMANENT_SCHEMA,
		"cannot use the schema patchmail: it has version %d, this program knows "
		"version %d; install a newer patchmail",
		state->version, PM_SCHEMA_VERSION);
	return FALSE;
}

static gboolean
refuse_older(const PmState *state, GError **error)
{
	if (state->version == PM_SCHEMA_VERSION)
		return TRUE;
	g_set_error(
		error, PM_ERROR, PM_ERROR_PERMANENT_SCHEMA,
		"cannot use the schema patchmail: it has version %d, this program knows "
		"version %d; run \"patchmail init\", which upgrades it",
		state->version, PM_SCHEMA_VERSION);
	return FALSE;
}

/* Tables that Patchwork's web server would have made; where it made its own, it has them. */
static gboolean
make_tokens(PmPg *pg, GError **error)
{
	g_autoptr(PmRows) meta = pm_pg_query(pg, PM_SQL_SCHEMA_META, NULL, 0, error);

	if (meta == NULL)
		return FALSE;
	return g_strcmp0(meta_value(meta, "tables"), "own") != 0 ||
	       pm_pg_script(pg, PM_SQL_PATCHWORK_TOKENS, error);
}

static gboolean
make_all(PmPg *pg, const char *role, PmSchemaReport *report, GError **error)
{
	g_auto(PmState) state = {0};

	if (!read_state(pg, &state, error) || !refuse_newer(&state, error))
		return FALSE;
	gboolean is_alone = g_str_equal(state.tables, "none");
	if (is_alone && !make_patchwork(pg, report, error))
		return FALSE;
	if (!is_alone && !check_patchwork(pg, &state, error))
		return FALSE;
	if (!bring_up_to_date(pg, &state, is_alone, report, error) ||
	    !make_tokens(pg, error) || !make_functions(pg, report, error))
		return FALSE;
	return role == NULL || grant(pg, role, report, error);
}

gboolean
pm_schema_init(PmPg *pg, const char *role, gboolean dry_run, PmSchemaReport *report,
	       GError **error)
{
	if (!pm_pg_script(pg, PM_SQL_BEGIN, error))
		return FALSE;
	gboolean is_made = make_all(pg, role, report, error);
	if (!is_made || dry_run) {
		(void)pm_pg_script(pg, PM_SQL_ROLLBACK, NULL);
		return is_made;
	}
	return pm_pg_script(pg, PM_SQL_COMMIT, error);
}

gboolean
pm_schema_check(PmPg *pg, gboolean *is_shared_out, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(PmRows) meta = pm_pg_query(pg, PM_SQL_SCHEMA_META, NULL, 0, &failure);
	const char *version = meta ? meta_value(meta, "schema_version") : NULL;

	if (meta == NULL && pm_error_is_temporary(failure)) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	if (version == NULL) {
		gboolean is_denied = failure && strstr(failure->message, "denied");
		const char *why =
			is_denied ? failure->message : "it has not been prepared";

		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_SCHEMA,
			    "cannot store mail in this database: %s; run \"patchmail "
			    "init\" first",
			    why);
		return FALSE;
	}
	PmState state = {.version = (int)g_ascii_strtoll(version, NULL, 10)};
	if (!refuse_newer(&state, error) || !refuse_older(&state, error))
		return FALSE;
	if (is_shared_out != NULL)
		*is_shared_out = g_strcmp0(meta_value(meta, "tables"), "patchwork") == 0;
	return TRUE;
}
