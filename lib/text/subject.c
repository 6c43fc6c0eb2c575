/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subjects of patch mail: reply markers, then brackets, then a title.
 *
 *	[PATCH v2 1/3] title		     what git writes
 *	[list] [RFC PATCH net-next,v2  1/1] [sub] title
 *	[PATCH][RFC] title, [[PATCH] title]  several, nested
 *	Re: [list] AW: [PATCH] title	     replies, also behind a list's tag
 *	Subject: [PATCH] title		     pasted by hand
 *	[PATCH 0 of 2 V3] title		     Mercurial
 *	[PATCH v3 1 / 2], [PATCH v6,19/24], [PATCH 1.5/2]
 *	PATCH v2 1/2: title		     without brackets
 *	[PATCH v2 stable v4.4 1/2]	     a whole version beats a dotted one, and
 *					     the first beats later ones
 *	[PATCH 0/2] [PATCH v3 1/2] title     what a second PATCH says is not ours:
 *					     its tokens are part of the name only
 */
#include "lib/text/subject.h"

#include <string.h>

#include "lib/text/charset.h"
#include "lib/text/marker.h"

/* Longer brackets are no prefix; also what keeps us linear. */
#define BRACKET_MAX 1000
#define NAME_MAX_CHARS 255
/* Nothing behind this is read: each token costs memory. */
#define SUBJECT_MAX (64 * 1024)

typedef struct {
	const char *word;
	gboolean is_forward;
	gboolean is_capital; /* only with a capital: subsystems are called wg, tr, vs */
} ReplyWord;

static const ReplyWord reply_words[] = {
	{"re", FALSE, FALSE},	{"fwd", TRUE, FALSE},	{"fw", TRUE, FALSE},
	{"aw", FALSE, TRUE},	{"sv", FALSE, TRUE},	{"vs", FALSE, TRUE},
	{"antw", FALSE, TRUE},	{"wg", TRUE, TRUE},	{"tr", TRUE, TRUE},
	{"odp", FALSE, TRUE},	{"res", FALSE, TRUE},	{"rif", FALSE, TRUE},
	{"ynt", FALSE, TRUE},	{"回复", FALSE, FALSE}, {"答复", FALSE, FALSE},
	{"回覆", FALSE, FALSE}, {"答覆", FALSE, FALSE}, {"转发", TRUE, FALSE},
	{"轉寄", TRUE, FALSE},	{"返信", FALSE, FALSE},
};

static const char *
skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* A colon, ASCII or fullwidth: the first byte after it, else NULL. */
static const char *
skip_colon(const char *p)
{
	if (*p == ':')
		return p + 1;
	return g_str_has_prefix(p, "：") ? p + strlen("：") : NULL;
}

/* "[2]", "(2)", "^2" behind a marker, as old mailers count replies. */
static const char *
skip_count(const char *p)
{
	char close = *p == '[' ? ']' : *p == '(' ? ')' : '\0';
	if (close == '\0' && *p != '^')
		return p;
	const char *q = p + 1;
	while (g_ascii_isdigit(*q))
		q++;
	if (q == p + 1 || (close != '\0' && *q != close))
		return p;
	return close != '\0' ? q + 1 : q;
}

/* "XX: [PATCH] x": two or three letters before a bracket are "Re" in a language
 * that we do not know. What follows, or NULL. */
static const char *
skip_foreign_marker(const char *p)
{
	size_t len = 0;

	while (len < 4 && g_ascii_isalpha(p[len]))
		len++;
	const char *after = len == 2 || len == 3 ? skip_colon(p + len) : NULL;
	return after != NULL && *skip_blanks(after) == '[' ? after : NULL;
}

/* What follows the reply marker at p, or NULL where there is none. */
static const char *
skip_reply_marker(const char *p, gboolean *is_forward)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reply_words); i++) {
		const ReplyWord *reply = &reply_words[i];
		size_t len = strlen(reply->word);
		if (g_ascii_strncasecmp(p, reply->word, len) != 0 ||
		    (reply->is_capital && !g_ascii_isupper(*p)))
			continue;
		const char *after = skip_colon(skip_blanks(skip_count(p + len)));
		/* "Re [PATCH] x"; but "re add a thing" is a title. */
		if (after == NULL && p[len] == ' ' && *skip_blanks(p + len) == '[')
			after = p + len;
		if (after == NULL)
			continue;
		*is_forward = *is_forward || reply->is_forward;
		return after;
	}
	return skip_foreign_marker(p);
}

/* The "]" that closes the bracket at p, nested ones passed; NULL: none near. */
static const char *
closing_bracket(const char *p)
{
	const char *first = NULL;
	size_t depth = 0;

	for (size_t i = 0; i < BRACKET_MAX && p[i] != '\0'; i++) {
		if (p[i] == '[') {
			depth++;
		} else if (p[i] == ']') {
			first = first != NULL ? first : p + i;
			if (--depth == 0)
				return p + i;
		}
	}
	/* "[PATCH [v2] x": nothing balances, so the nearest one closes. */
	return first;
}

static gboolean
is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t' || c == '[' || c == ']';
}

static gboolean
is_digits(const char *text)
{
	return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/*
 * Joins "1","of","2" and "1","/","2" and "1/","2" and "1","/2" from at on;
 * ("PATCH1","/","8" too). Returns how many tokens became the one in *joined.
 */
static guint
join_number(GPtrArray *words, guint at, char **joined)
{
	const char *a = g_ptr_array_index(words, at);
	const char *b = at + 1 < words->len ? g_ptr_array_index(words, at + 1) : "";
	const char *c = at + 2 < words->len ? g_ptr_array_index(words, at + 2) : "";
	size_t len = strlen(a);

	if (len == 0)
		return 0;
	gboolean ends_in_digit = g_ascii_isdigit(a[len - 1]);
	if (is_digits(a) && g_ascii_strcasecmp(b, "of") == 0 && is_digits(c)) {
		*joined = g_strjoin(" ", a, b, c, NULL);
		return 3;
	}
	if (ends_in_digit && strcmp(b, "/") == 0 && is_digits(c)) {
		*joined = g_strconcat(a, "/", c, NULL);
		return 3;
	}
	if ((ends_in_digit && *b == '/' && is_digits(b + 1)) ||
	    (len > 1 && a[len - 1] == '/' && g_ascii_isdigit(a[len - 2]) &&
	     is_digits(b))) {
		*joined = g_strconcat(a, b, NULL);
		return 2;
	}
	return 0;
}

/* The tokens of text[0, len). (transfer full) */
static GPtrArray *
split_tokens(const char *text, size_t len)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *tokens = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < len;) {
		size_t start = i;
		while (i < len && !is_separator(text[i]))
			i++;
		if (i > start)
			g_ptr_array_add(words, g_strndup(text + start, i - start));
		else
			i++;
	}
	for (guint i = 0; i < words->len;) {
		char *joined = NULL;
		guint n = join_number(words, i, &joined);
		if (n == 0)
			joined = g_strdup(g_ptr_array_index(words, i));
		g_ptr_array_add(tokens, joined);
		i += MAX(n, 1);
	}
	return tokens;
}

/* What is gathered on the way through the brackets. */
typedef struct {
	PmSubject *subject;
	GPtrArray *tokens;
	GPtrArray *prefixes;
	gboolean has_patch; /* the word PATCH was met */
	gboolean is_over;   /* a second PATCH was met: only tokens from here on */
} Reader;

/* The first whole version wins, else the first dotted one. */
static void
take_version(PmSubject *subject, PmMarker *marker)
{
	gboolean is_whole = marker->version_text == NULL;

	if (!marker->has_version)
		return;
	if (subject->has_version && !(is_whole && subject->version_text != NULL))
		return;
	subject->has_version = TRUE;
	subject->version = marker->version;
	g_free(subject->version_text);
	subject->version_text = g_steal_pointer(&marker->version_text);
}

static void
take_marker(Reader *reader, PmMarker *marker)
{
	PmSubject *subject = reader->subject;

	take_version(subject, marker);
	if (marker->has_number && !subject->has_number) {
		subject->has_number = TRUE;
		subject->number = marker->number;
		subject->fraction = marker->fraction;
		subject->total = marker->total;
	}
	subject->is_rfc = subject->is_rfc || marker->is_rfc;
	subject->is_pull = subject->is_pull || marker->is_pull;
	subject->is_patch = subject->is_patch || marker->is_patch || marker->is_rfc ||
			    marker->has_number;
	if (*marker->rest != '\0')
		g_ptr_array_add(reader->prefixes, g_steal_pointer(&marker->rest));
}

static gboolean
has_patch_word(GPtrArray *tokens)
{
	for (guint i = 0; i < tokens->len; i++) {
		g_auto(PmMarker) marker;
		pm_marker_init(&marker, g_ptr_array_index(tokens, i));
		if (marker.is_patch)
			return TRUE;
	}
	return FALSE;
}

/* "GIT", "PULL" is a pull request, and neither word a prefix. */
static void
drop_git_before_pull(Reader *reader)
{
	GPtrArray *prefixes = reader->prefixes;

	if (!reader->subject->is_pull)
		return;
	for (guint i = prefixes->len; i-- > 0;)
		if (strcmp(g_ptr_array_index(prefixes, i), "git") == 0)
			g_ptr_array_remove_index(prefixes, i);
}

/* Takes the tokens of one bracket, text[0, len). */
static void
read_bracket(Reader *reader, const char *text, size_t len)
{
	g_autoptr(GPtrArray) tokens = split_tokens(text, len);
	gboolean has_patch = has_patch_word(tokens);

	reader->is_over = reader->is_over || (reader->has_patch && has_patch);
	reader->has_patch = reader->has_patch || has_patch;
	for (guint i = 0; i < tokens->len; i++) {
		const char *token = g_ptr_array_index(tokens, i);
		g_ptr_array_add(reader->tokens, g_strdup(token));
		if (reader->is_over)
			continue;
		g_auto(PmMarker) marker;
		pm_marker_init(&marker, token);
		take_marker(reader, &marker);
	}
}

/* "PATCH v2 1/2: title", "(PATCH 1/2) title", "[PATCH 1/2 title": what follows
 * the words that are markers; NULL where they hold no number and no version. */
static const char *
read_unbracketed(Reader *reader, const char *p)
{
	PmSubject *subject = reader->subject;

	if (*p == '[' || *p == '(' || *p == '{')
		p++;
	if (!g_str_has_prefix(p, "PATCH"))
		return NULL;
	gboolean is_ended = FALSE;
	while (*p != '\0' && !is_ended) {
		size_t len = strcspn(p, " \t,:])}");
		g_autofree char *token = g_strndup(p, MIN(len, BRACKET_MAX));
		g_auto(PmMarker) marker;
		pm_marker_init(&marker, token);
		gboolean is_word = *marker.rest == '\0' || marker.is_rfc ||
				   strcmp(marker.rest, "resend") == 0;
		if (!is_word || len == 0)
			break;
		take_marker(reader, &marker);
		g_ptr_array_add(reader->tokens, g_steal_pointer(&token));
		p += len;
		is_ended = *p != '\0' && strchr(":])}", *p) != NULL;
		p += strspn(p, is_ended ? ":])}" : " \t,");
	}
	if (subject->has_number || subject->has_version)
		return p;
	subject->is_patch = FALSE;
	subject->is_rfc = FALSE;
	g_ptr_array_set_size(reader->tokens, 0);
	g_ptr_array_set_size(reader->prefixes, 0);
	return NULL;
}

/* "(v2)" in a title, where no bracket had a version. */
static void
read_title_version(PmSubject *subject)
{
	for (const char *p = subject->title; (p = strchr(p, '(')) != NULL; p++) {
		if (g_ascii_tolower(p[1]) != 'v' || !g_ascii_isdigit(p[2]))
			continue;
		size_t digits = strspn(p + 2, "0123456789");
		if (p[2 + digits] != ')')
			continue;
		g_autofree char *token = g_strndup(p, digits + 3);
		g_auto(PmMarker) marker;
		pm_marker_init(&marker, token);
		take_version(subject, &marker);
		return;
	}
}

/*
 * Which of the "[[[" at p begins the bracket: the first one in "[[PATCH v3] 3/4]
 * title", the last one in "[[PATCH] title]", where all ends with the outer one.
 */
static const char *
innermost_start(const char *p)
{
	const char *last = p + strspn(p, "[") - 1;
	const char *close = last != p ? closing_bracket(p) : NULL;

	return close != NULL && *skip_blanks(close + 1) != '\0' ? p : last;
}

/* Reads reply markers and brackets; returns where the title starts. *open_out:
 * how many brackets of "[[PATCH] title]" are still open there. */
static const char *
read_leading(Reader *reader, const char *p, size_t *open_out)
{
	PmSubject *subject = reader->subject;
	size_t open = 0;

	while (TRUE) {
		p = skip_blanks(p);
		if (*p == '[') {
			const char *inner = innermost_start(p);
			const char *close = closing_bracket(inner);
			if (close == NULL)
				break;
			open += (size_t)(inner - p);
			read_bracket(reader, inner + 1, (size_t)(close - inner - 1));
			for (p = close + 1; open > 0 && *p == ']'; p++)
				open--;
			continue;
		}
		/* A list's tag may stand before "Re:", a PATCH may not. */
		const char *after = subject->is_patch || subject->is_pull
					    ? NULL
					    : skip_reply_marker(p, &subject->is_forward);
		if (after == NULL)
			break;
		subject->is_reply = TRUE;
		p = after;
	}
	*open_out = open;
	return p;
}

/* (transfer full) */
static char *
copy_bounded(const char *text)
{
	size_t len = strnlen(text, SUBJECT_MAX);

	while (len == SUBJECT_MAX && len > 0 && ((guchar)text[len] & 0xc0) == 0x80)
		len--;
	return g_strndup(text, len);
}

PmSubject *
pm_subject_parse(const char *whole)
{
	g_autofree char *copy = copy_bounded(whole);
	const char *text = copy;
	PmSubject *subject = g_new0(PmSubject, 1);
	g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) prefixes = g_ptr_array_new_with_free_func(g_free);
	Reader reader = {.subject = subject, .tokens = tokens, .prefixes = prefixes};
	size_t open;

	subject->version = 1;
	subject->number = 1;
	subject->total = 1;
	if (g_str_has_prefix(text, "Subject: ["))
		text += strlen("Subject: ");
	const char *p = read_leading(&reader, text, &open);
	const char *after = tokens->len == 0 ? read_unbracketed(&reader, p) : NULL;
	subject->title = g_strstrip(g_strdup(after != NULL ? after : p));
	for (size_t len = strlen(subject->title);
	     open > 0 && len > 0 && subject->title[len - 1] == ']'; open--)
		subject->title[--len] = '\0';
	if (!subject->has_version)
		read_title_version(subject);
	drop_git_before_pull(&reader);

	g_ptr_array_add(tokens, NULL);
	g_ptr_array_add(prefixes, NULL);
	subject->tokens = (char **)g_ptr_array_free(g_steal_pointer(&tokens), FALSE);
	subject->prefixes = (char **)g_ptr_array_free(g_steal_pointer(&prefixes), FALSE);
	return subject;
}

void
pm_subject_free(PmSubject *subject)
{
	if (subject == NULL)
		return;
	g_strfreev(subject->tokens);
	g_strfreev(subject->prefixes);
	g_free(subject->title);
	g_free(subject->version_text);
	g_free(subject);
}

char *
pm_subject_name(const PmSubject *subject, const char *linkname)
{
	g_autoptr(GString) name = g_string_new(NULL);

	for (size_t i = 0; subject->tokens[i] != NULL; i++) {
		const char *token = subject->tokens[i];
		if (g_ascii_strcasecmp(token, "patch") == 0 ||
		    (linkname != NULL && g_ascii_strcasecmp(token, linkname) == 0))
			continue;
		g_string_append_c(name, name->len == 0 ? '[' : ',');
		g_string_append(name, token);
	}
	if (name->len > 0)
		g_string_append(name, "] ");
	g_string_append(name, subject->title);
	return pm_utf8_cut(g_string_free(g_steal_pointer(&name), FALSE), NAME_MAX_CHARS);
}
