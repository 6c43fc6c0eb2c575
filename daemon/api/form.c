/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/api/form.h"

#include <json-glib/json-glib.h>
#include <string.h>

typedef struct {
	char *name, *value;
} Pair;

struct PmForm {
	GPtrArray *pairs;
};

static void
free_pair(gpointer data)
{
	Pair *pair = data;

	g_free(pair->name);
	g_free(pair->value);
	g_free(pair);
}

PmForm *
pm_form_new(void)
{
	PmForm *form = g_new0(PmForm, 1);

	form->pairs = g_ptr_array_new_with_free_func(free_pair);
	return form;
}

void
pm_form_free(PmForm *form)
{
	if (form == NULL)
		return;
	g_ptr_array_unref(form->pairs);
	g_free(form);
}

static const Pair *
pair_at(const PmForm *form, guint i)
{
	return g_ptr_array_index(form->pairs, i);
}

char *
pm_form_decode(const char *text, gsize len, gboolean is_form)
{
	g_autoptr(GString) out = g_string_sized_new(len);

	for (gsize i = 0; i < len; i++) {
		char c = text[i];

		if (c == '%' && i + 2 < len && g_ascii_isxdigit(text[i + 1]) &&
		    g_ascii_isxdigit(text[i + 2])) {
			c = (char)(g_ascii_xdigit_value(text[i + 1]) * 16 +
				   g_ascii_xdigit_value(text[i + 2]));
			i += 2;
		} else if (c == '+' && is_form) {
			c = ' ';
		}
		/* PostgreSQL has no NUL in texts; this one is no valid UTF-8. */
		g_string_append_c(out, c == '\0' ? '\xff' : c);
	}
	return g_utf8_make_valid(out->str, (gssize)out->len);
}

gboolean
pm_form_read(PmForm *form, const char *text, gsize len)
{
	const char *end = text + len;

	while (text < end) {
		const char *stop = memchr(text, '&', (size_t)(end - text));
		const char *pair_end = stop ? stop : end;
		const char *equals = memchr(text, '=', (size_t)(pair_end - text));
		const char *name_end = equals ? equals : pair_end;
		const char *value = equals ? equals + 1 : pair_end;

		if (pair_end > text) {
			if (form->pairs->len >= PM_FORM_PAIRS_MAX)
				return FALSE;
			Pair *pair = g_new0(Pair, 1);
			pair->name = pm_form_decode(text, (gsize)(name_end - text), TRUE);
			pair->value =
				pm_form_decode(value, (gsize)(pair_end - value), TRUE);
			g_ptr_array_add(form->pairs, pair);
		}
		text = pair_end + 1;
	}
	return TRUE;
}

const char *
pm_form_value(const PmForm *form, const char *name)
{
	for (guint i = form->pairs->len; i > 0; i--)
		if (g_str_equal(pair_at(form, i - 1)->name, name))
			return pair_at(form, i - 1)->value;
	return NULL;
}

const char *
pm_form_name(const PmForm *form, guint n)
{
	return n < form->pairs->len ? pair_at(form, n)->name : NULL;
}

/* The values of each name, in the order of their names: (name, array of values). */
static GTree *
group(const PmForm *form)
{
	GTree *names = g_tree_new_full((GCompareDataFunc)(void (*)(void))strcmp, NULL,
				       NULL, (GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < form->pairs->len; i++) {
		const Pair *pair = pair_at(form, i);
		GPtrArray *values = g_tree_lookup(names, pair->name);

		if (values == NULL) {
			values = g_ptr_array_new();
			g_tree_insert(names, pair->name, values);
		}
		g_ptr_array_add(values, pair->value);
	}
	return names;
}

static gboolean
add_member(gpointer key, gpointer value, gpointer data)
{
	JsonBuilder *builder = data;
	GPtrArray *values = value;

	json_builder_set_member_name(builder, key);
	if (values->len > 1)
		json_builder_begin_array(builder);
	for (guint i = 0; i < values->len; i++)
		json_builder_add_string_value(builder, g_ptr_array_index(values, i));
	if (values->len > 1)
		json_builder_end_array(builder);
	return FALSE;
}

char *
pm_form_to_json(const PmForm *form)
{
	if (form->pairs->len == 0)
		return g_strdup("{}");
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(GTree) names = group(form);

	json_builder_begin_object(builder);
	g_tree_foreach(names, add_member, builder);
	json_builder_end_object(builder);
	g_autoptr(JsonNode) root = json_builder_get_root(builder);
	return json_to_string(root, FALSE);
}

static void
append_quoted(GString *out, const char *text)
{
	for (const guchar *c = (const guchar *)text; *c != '\0'; c++)
		if (g_ascii_isalnum(*c) || strchr("_.-~", *c))
			g_string_append_c(out, (char)*c);
		else if (*c == ' ')
			g_string_append_c(out, '+');
		else
			g_string_append_printf(out, "%%%02X", *c);
}

typedef struct {
	GString *out;
	const char *name, *value;
} Query;

static void
append_pair(Query *query, const char *name, const char *value)
{
	g_string_append_c(query->out, query->out->len > 0 ? '&' : '?');
	append_quoted(query->out, name);
	g_string_append_c(query->out, '=');
	append_quoted(query->out, value);
}

static void
append_replaced(Query *query)
{
	if (query->value != NULL)
		append_pair(query, query->name, query->value);
	query->value = NULL;
}

static gboolean
append_values(gpointer key, gpointer value, gpointer data)
{
	Query *query = data;
	GPtrArray *values = value;
	int order = strcmp(key, query->name);

	if (order >= 0)
		append_replaced(query);
	for (guint i = 0; order != 0 && i < values->len; i++)
		append_pair(query, key, g_ptr_array_index(values, i));
	return FALSE;
}

char *
pm_form_to_query(const PmForm *form, const char *name, const char *value)
{
	g_autoptr(GTree) names = group(form);
	Query query = {.out = g_string_new(NULL), .name = name, .value = value};

	g_tree_foreach(names, append_values, &query);
	append_replaced(&query);
	return g_string_free(query.out, FALSE);
}
