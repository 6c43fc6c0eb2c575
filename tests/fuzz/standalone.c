/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz target as an ordinary test, without libFuzzer: every file of its corpus,
 * every beginning of the small ones of its own folder, and a number of mutations of all. The
 * mutations come from seeded generators: the same number is the same input everywhere, and
 * a run that fails is repeated with
 *
 *	fuzz-NAME -v CORPUS COUNT		says which input it is at
 *	fuzz-NAME CORPUS COUNT FROM		begins with number FROM
 *	fuzz-NAME CORPUS COUNT FROM FILE	writes that one input to FILE instead
 *
 * CORPUS is one folder, or several with ':' between.
 *
 * Inputs live in buffers of exactly their size, so that a sanitizer sees every overrun.
 * One that takes longer than TIME_MAX seconds ends the program.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "tests/fuzz/target.h"

#define TIME_MAX 30
#define SIZE_MAX_MUTATED (64 * 1024)
#define PREFIXES_MAX 600

/* Deep recursion over a hostile mail is part of what is tested. */
#define STACK_SIZE (64 * 1024 * 1024)

static const char *const words[] = {
	"From ",
	">From ",
	"\n",
	"\n\n",
	"\r\n",
	"\0",
	"=?utf-8?q?",
	"?=",
	"=?",
	"[PATCH ",
	"] ",
	"1/2",
	"v2",
	"<",
	">",
	"@",
	"\"",
	"(",
	"\\",
	"diff ",
	"--- a/x",
	"+++ ",
	"@@ -",
	"@@ -1,2 +3,4 @@",
	"-- \n",
	"Re: ",
	" remote from ",
	"\xff",
	"\xe2",
	"\xc3\xa9",
	"\t",
	": ",
	"--b",
	"9999999999",
	"%",
	"=3D",
	"boundary=",
	"Content-Type: multipart/mixed; boundary=b\n",
	"Message-ID: <a@example.org>\n",
};

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Golden mails are seeds; what is expected of them is not. */
static void
read_folder(const char *path, GPtrArray *seeds)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name = NULL;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (!g_str_has_suffix(name, ".expect"))
			g_ptr_array_add(names, g_build_filename(path, name, NULL));
	g_ptr_array_sort(names, compare_names);
	for (size_t i = 0; i < names->len; i++) {
		char *data = NULL;
		size_t len = 0;

		if (g_file_get_contents(g_ptr_array_index(names, i), &data, &len, NULL))
			g_ptr_array_add(seeds, g_bytes_new_take(data, len));
	}
}

/* n_own_out: how many are of the first folder. */
static GPtrArray *
read_corpus(const char *folders, guint *n_own_out)
{
	g_autoptr(GPtrArray) seeds =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_auto(GStrv) paths = g_strsplit(folders, ":", -1);

	for (char **path = paths; *path != NULL; path++) {
		read_folder(*path, seeds);
		if (path == paths)
			*n_own_out = seeds->len;
	}
	return g_steal_pointer(&seeds);
}

static void
run_one(const char *data, size_t len)
{
	/* g_malloc() gives NULL for nothing. */
	guint8 *copy = malloc(len);

	if (len > 0)
		memcpy(copy, data, len);
	alarm(TIME_MAX);
	LLVMFuzzerTestOneInput(copy, len);
	alarm(0);
	free(copy);
}

static GBytes *
any_seed(GRand *rand, const GPtrArray *seeds)
{
	return g_ptr_array_index(seeds, g_rand_int_range(rand, 0, seeds->len));
}

/* One change of the text at a random place. */
static void
mutate(GRand *rand, GString *text, const GPtrArray *seeds)
{
	size_t at = g_rand_int_range(rand, 0, text->len + 1);
	size_t wanted = g_rand_int_range(rand, 0, 64);
	size_t len = MIN(text->len - at, wanted);
	const char *word = words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))];

	switch (g_rand_int_range(rand, 0, 7)) {
	case 0:
		g_string_insert_len(text, at, word, MAX(strlen(word), 1));
		break;
	case 1:
		g_string_erase(text, at, len);
		break;
	case 2: {
		g_autofree char *copy = g_strndup(text->str + at, len);
		for (int n = g_rand_int_range(rand, 1, 30); n > 0; n--)
			g_string_insert_len(text, at, copy, strlen(copy));
		break;
	}
	case 3:
		for (size_t i = at; i < at + MIN(len, 4); i++)
			text->str[i] = g_rand_int_range(rand, 0, 256);
		break;
	case 4:
		g_string_truncate(text, at);
		break;
	case 5: {
		size_t other_len = 0;
		const char *other = g_bytes_get_data(any_seed(rand, seeds), &other_len);
		size_t from = g_rand_int_range(rand, 0, other_len + 1);

		g_string_insert_len(text, at, other + from, other_len - from);
		break;
	}
	default:
		if (len > 0)
			text->str[at] ^= 1 << g_rand_int_range(rand, 0, 8);
		break;
	}
}

static GString *
make_input(guint32 number, const GPtrArray *seeds)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(number);
	size_t len = 0;
	const char *data = g_bytes_get_data(any_seed(rand, seeds), &len);
	GString *text = g_string_new_len(data, len);

	for (int n = g_rand_int_range(rand, 1, 8); n > 0; n--)
		mutate(rand, text, seeds);
	if (text->len > SIZE_MAX_MUTATED)
		g_string_truncate(text, SIZE_MAX_MUTATED);
	return text;
}

/* Those of other folders are whole only. */
static void
run_corpus(const GPtrArray *seeds, guint n_own)
{
	run_one("", 0);
	for (size_t i = 0; i < seeds->len; i++) {
		size_t len = 0;
		const char *data = g_bytes_get_data(g_ptr_array_index(seeds, i), &len);

		run_one(data, len);
		for (size_t n = 0; i < n_own && n < MIN(len, PREFIXES_MAX); n++)
			run_one(data, n);
	}
}

typedef struct {
	gboolean is_verbose;
	const char *corpus;
	guint32 from, count;
	const char *file;
} Job;

static gpointer
run(gpointer data)
{
	const Job *job = data;
	guint n_own = 0;
	g_autoptr(GPtrArray) seeds = read_corpus(job->corpus, &n_own);

	if (seeds->len == 0) {
		g_printerr("no corpus in %s\n", job->corpus);
		return GINT_TO_POINTER(1);
	}
	if (job->file != NULL) {
		g_autoptr(GString) text = make_input(job->from, seeds);
		return GINT_TO_POINTER(
			!g_file_set_contents(job->file, text->str, text->len, NULL));
	}
	if (job->from == 0)
		run_corpus(seeds, n_own);
	for (guint32 number = job->from; number < job->from + job->count; number++) {
		g_autoptr(GString) text = make_input(number, seeds);

		if (job->is_verbose)
			g_printerr("input %u\n", number);
		run_one(text->str, text->len);
	}
	g_print("%u seeds, %u mutations\n", seeds->len, job->count);
	return GINT_TO_POINTER(0);
}

int
main(int argc, char **argv)
{
	Job job = {.is_verbose = argc > 1 && strcmp(argv[1], "-v") == 0};
	char **args = argv + 1 + job.is_verbose;
	pthread_attr_t attributes;
	pthread_t thread;
	void *status = NULL;

	argc -= 1 + job.is_verbose;
	if (argc < 2) {
		g_printerr("usage: %s [-v] CORPUS COUNT [FROM [FILE]]\n", argv[0]);
		return 64;
	}
	job.corpus = args[0];
	job.count = strtoul(args[1], NULL, 10);
	job.from = argc > 2 ? strtoul(args[2], NULL, 10) : 0;
	job.file = argc > 3 ? args[3] : NULL;

	/* A failed check inside GLib is our mistake. */
	g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	if (pthread_create(&thread, &attributes, run, &job) != 0)
		return 71;
	pthread_attr_destroy(&attributes);
	pthread_join(thread, &status);
	return GPOINTER_TO_INT(status);
}
