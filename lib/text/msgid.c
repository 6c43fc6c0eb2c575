/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Message-IDs as keys. What is stored must be what Patchwork stores (brackets
 * included), and two ways of writing one id must give one key.
 *
 *	<a@example.org> (added by relay)    "<a@example.org>"
 *	abc@example.org			    "abc@example.org": no brackets, stripped
 *	Your message of "Mon" <a@x>	    "<a@x>"
 *	(was <a@x>) <b@x>		    "<b@x>": comments (RFC 5322, 3.2.2) are
 * skipped, unless there is no id outside of them <long\n tail@x>
 * "<longtail@x>": folds inside brackets go <cut off\n <b@x>		    "<b@x>": an id
 * begins anew after a blank
 */
#include "lib/text/msgid.h"

#include <string.h>

#include "lib/text/charset.h"
#include "lib/text/rfc2047.h"

/* A Message-ID of 255 characters takes at most this many bytes. Longer ones are
 * cut anyhow, so we need not copy all of them. */
#define ID_BYTES_MAX ((size_t)PM_MSGID_MAX * 8)
/* Of all ids of the References the first and so many last ones are looked at. */
#define REFS_WINDOW ((size_t)PM_REFS_MAX * 4)

static gboolean
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

/* The first byte after the comment at p; NULL where it never ends. */
static const char *
skip_comment(const char *p)
{
	size_t depth = 0;

	for (; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
	}
	return NULL;
}

/* One id as a key: valid UTF-8, folds dropped, other blanks single, cut. */
static char *
clean_id(const char *start, size_t len)
{
	g_autoptr(GString) id = g_string_sized_new(64);
	const char *end = start + MIN(len, ID_BYTES_MAX);

	for (const char *p = start; p < end;) {
		if (!is_blank(*p)) {
			g_string_append_c(id, *p++);
			continue;
		}
		gboolean is_fold = FALSE;
		for (; p < end && is_blank(*p); p++)
			is_fold = is_fold || *p == '\n';
		if (!is_fold)
			g_string_append_c(id, ' ');
	}
	g_autofree char *text = pm_charset_to_utf8(id->str, id->len, NULL, NULL, NULL);
	return pm_utf8_cut(g_steal_pointer(&text), PM_MSGID_MAX);
}

typedef struct {
	const char *p;
	gboolean skips_comments;
} Scan;

/* The bounds of the next <...>; FALSE at the end. Linear over all calls. */
static gboolean
next_id(Scan *scan, const char **start_out, size_t *len_out)
{
	const char *p = scan->p;
	const char *start = NULL;

	for (; *p != '\0'; p++) {
		if (start == NULL && *p == '(' && scan->skips_comments) {
			const char *after = skip_comment(p);
			/* One that never ends is none, nor is any after it. */
			if (after == NULL)
				scan->skips_comments = FALSE;
			else
				p = after - 1;
		} else if (*p == '<' && (start == NULL || is_blank(p[-1]))) {
			start = p;
		} else if (*p == '>' && start != NULL && p - start > 1) {
			*start_out = start;
			*len_out = (size_t)(p + 1 - start);
			scan->p = p + 1;
			return TRUE;
		}
	}
	scan->p = p;
	return FALSE;
}

/* raw, or its decoded form where it holds encoded words, in *owned. */
static const char *
decoded_if_encoded(const char *raw, char **owned)
{
	if (strstr(raw, "=?") == NULL)
		return raw;
	*owned = pm_header_decode(raw, strlen(raw));
	return *owned;
}

static char *
first_bracketed(const char *value)
{
	for (int skips = 1; skips >= 0; skips--) {
		Scan scan = {value, skips == 1};
		const char *start;
		size_t len;
		if (next_id(&scan, &start, &len))
			return clean_id(start, len);
	}
	return NULL;
}

char *
pm_msgid_first(const char *raw)
{
	if (raw == NULL)
		return NULL;
	g_autofree char *owned = NULL;
	char *id = first_bracketed(decoded_if_encoded(raw, &owned));
	if (id != NULL)
		return id;

	g_autofree char *text = pm_header_decode(raw, strlen(raw));
	if (*text == '\0')
		return NULL;
	return pm_utf8_cut(g_steal_pointer(&text), PM_MSGID_MAX);
}

char *
pm_msgid_own(const PmHeaders *headers)
{
	return pm_msgid_first(pm_headers_raw(headers, "Message-ID", 0));
}

/* What a mailer writes without brackets is an id only if it can be one. */
static gboolean
is_reference(const char *id)
{
	return *id == '<' || strchr(id, ' ') == NULL;
}

typedef struct {
	GPtrArray *ids;	  /* of char *, nearest first */
	GHashTable *seen; /* of the same strings, and of own */
} Found;

static void
add_once(Found *found, char *id)
{
	if (g_hash_table_contains(found->seen, id)) {
		g_free(id);
		return;
	}
	g_hash_table_add(found->seen, id);
	g_ptr_array_add(found->ids, id);
}

/* All ids of one References value to the end of window, which keeps the very
 * first id and the last ones. */
static void
collect_references(const char *raw, GQueue *window)
{
	g_autofree char *owned = NULL;
	Scan scan = {decoded_if_encoded(raw, &owned), TRUE};
	const char *start;
	size_t len;

	while (next_id(&scan, &start, &len)) {
		g_queue_push_tail(window, clean_id(start, len));
		if (g_queue_get_length(window) > REFS_WINDOW)
			g_free(g_queue_pop_nth(window, 1));
	}
}

/* Nearest ids are kept, and the root, whose place is the last. */
static void
limit_references(GPtrArray *ids)
{
	if (ids->len <= PM_REFS_MAX)
		return;
	char *root = g_ptr_array_steal_index(ids, ids->len - 1);
	g_ptr_array_set_size(ids, PM_REFS_MAX - 1);
	g_ptr_array_add(ids, root);
}

char **
pm_msgid_references(const PmHeaders *headers, const char *own)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GQueue window = G_QUEUE_INIT;
	Found found = {ids, seen};

	if (own != NULL)
		g_hash_table_add(seen, (gpointer)own);
	for (guint i = 0; i < pm_headers_count(headers); i++) {
		const char *name = pm_headers_name_at(headers, i);
		const char *raw = pm_headers_raw_at(headers, i);
		if (g_ascii_strcasecmp(name, "References") == 0) {
			collect_references(raw, &window);
		} else if (g_ascii_strcasecmp(name, "In-Reply-To") == 0 &&
			   ids->len < PM_REFS_MAX) {
			g_autofree char *id = pm_msgid_first(raw);
			if (id != NULL && is_reference(id))
				add_once(&found, g_steal_pointer(&id));
		}
	}
	for (char *id; (id = g_queue_pop_tail(&window)) != NULL;)
		add_once(&found, id);
	limit_references(ids);
	g_ptr_array_add(ids, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&ids), FALSE);
}
