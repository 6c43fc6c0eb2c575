/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Parameters of a request, as a URL's query and a form's body hold them
 * (application/x-www-form-urlencoded), in their order, a name as often as it came.
 * All is valid UTF-8 without NULs: what is not is replaced.
 */
typedef struct PmForm PmForm;

/* More pairs than this are refused. */
#define PM_FORM_PAIRS_MAX 1000

PmForm *pm_form_new(void);
void pm_form_free(PmForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PmForm, pm_form_free)

/* Adds the pairs of text[0..len). FALSE where there are too many. */
gboolean pm_form_read(PmForm *form, const char *text, gsize len);

/* The last value of a name, or NULL. */
const char *pm_form_value(const PmForm *form, const char *name);

/* The n-th name, NULL behind the last. */
const char *pm_form_name(const PmForm *form, guint n);

/* An object: a text for each name, a list of texts where it came more than once.
 * (transfer full) */
char *pm_form_to_json(const PmForm *form);

/*
 * The query of a link: all pairs by name, but of this one only value (NULL: none at all).
 * As Django REST framework makes them. "" or "?...". (transfer full)
 */
char *pm_form_to_query(const PmForm *form, const char *name, const char *value);

/* Percent-decodes, and makes it valid UTF-8 without NULs. is_form: '+' is a blank.
 * (transfer full) */
char *pm_form_decode(const char *text, gsize len, gboolean is_form);
