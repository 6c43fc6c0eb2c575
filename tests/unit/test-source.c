/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The iterator over files, maildirs, directories and gzip, in directories of its own:
 * which mails come, in which order, and what is said of what cannot be read.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "lib/error.h"
#include "lib/source/source.h"

#define SEP "From dev@example.org Mon Jun  1 10:00:00 2026\n"
#define MBOX SEP "N: 1\n\nx\n\n" SEP "N: 2\n\ny\n\n" SEP "N: 3\n\nz\n"

typedef struct {
	char *dir;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->dir = g_dir_make_tmp("patchmail-source-XXXXXX", NULL);
	g_assert_nonnull(fixture->dir);
}

static void
remove_tree(const char *path)
{
	g_autoptr(GDir) dir = NULL;
	const char *name = NULL;

	if (g_file_test(path, G_FILE_TEST_IS_SYMLINK) ||
	    !g_file_test(path, G_FILE_TEST_IS_DIR)) {
		g_assert_cmpint(g_unlink(path), ==, 0);
		return;
	}
	dir = g_dir_open(path, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);
		remove_tree(below);
	}
	g_assert_cmpint(g_rmdir(path), ==, 0);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	(void)data;
	remove_tree(fixture->dir);
	g_free(fixture->dir);
}

/* Writes a file below the directory, and the directories on the way. */
static void
put(Fixture *fixture, const char *name, const char *data, gssize len)
{
	g_autofree char *path = g_build_filename(fixture->dir, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0755), ==, 0);
	g_assert_true(g_file_set_contents(path, data, len, NULL));
}

static GByteArray *
gzipped(const char *data, size_t len)
{
	GByteArray *out = g_byte_array_new();
	z_stream zlib = {0};

	g_assert_cmpint(
		deflateInit2(&zlib, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==,
		Z_OK);
	g_byte_array_set_size(out, deflateBound(&zlib, len) + 64);
	zlib.next_in = (Bytef *)data;
	zlib.avail_in = len;
	zlib.next_out = out->data;
	zlib.avail_out = out->len;
	g_assert_cmpint(deflate(&zlib, Z_FINISH), ==, Z_STREAM_END);
	g_byte_array_set_size(out, zlib.total_out);
	deflateEnd(&zlib);
	return out;
}

/* What comes from the paths, a line each: "name#number: text" or "! message". */
static char *
read_paths(Fixture *fixture, const char *const *paths, PmSourceFormat format)
{
	g_autoptr(PmSource) source = pm_source_new(paths, format, 1000000);
	g_autoptr(GString) found = g_string_new(NULL);
	size_t skip = strlen(fixture->dir) + 1;

	for (;;) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PmSourceMail) mail = pm_source_next(source, &error);

		if (mail == NULL && error == NULL)
			break;
		if (error != NULL) {
			g_assert_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT);
			g_string_append_printf(found, "! %s\n", error->message);
			continue;
		}
		size_t len = 0;
		const char *data = g_bytes_get_data(mail->bytes, &len);
		g_autofree char *text = g_strndup(data, MIN(len, 40));
		g_strdelimit(text, "\r\n", '|');
		g_string_append_printf(found, "%s#%u: %s\n",
				       strcmp(mail->path, "-") == 0 ? "-"
								    : mail->path + skip,
				       (unsigned)mail->number, text);
	}
	g_autoptr(GError) end = NULL;
	g_assert_null(pm_source_next(source, &end));
	g_assert_no_error(end);
	/* Messages name whole paths. */
	g_autofree char *prefix = g_strconcat(fixture->dir, "/", NULL);
	g_string_replace(found, prefix, "", 0);
	return g_string_free(g_steal_pointer(&found), FALSE);
}

static void
assert_found(Fixture *fixture, const char *name, PmSourceFormat format, const char *want)
{
	g_autofree char *path = g_build_filename(fixture->dir, name, NULL);
	const char *const paths[] = {path, NULL};
	g_autofree char *got = read_paths(fixture, paths, format);

	g_test_message("%s: got\n%swant\n%s", name, got, want);
	g_assert_cmpstr(got, ==, want);
}

static void
test_formats(Fixture *fixture, gconstpointer data)
{
	static const struct {
		const char *name;
		PmSourceFormat format;
		const char *text;
		const char *want;
	} cases[] = {
		{"mbox", PM_SOURCE_AUTO, MBOX,
		 "mbox#1: N: 1||x|\nmbox#2: N: 2||y|\nmbox#3: N: 3||z|\n"},
		{"blank-first", PM_SOURCE_AUTO, "\n\n" SEP "N: 1\n",
		 "blank-first#1: N: 1|\n"},
		{"eml", PM_SOURCE_AUTO, "N: 1\n\nx\n", "eml#1: N: 1||x|\n"},
		{"eml-with-from", PM_SOURCE_AUTO, "N: 1\n\n" SEP "x\n",
		 "eml-with-from#1: N: 1||From dev@example.org Mon Jun  1 10\n"},
		{"told-eml", PM_SOURCE_EML, SEP "N: 1\n",
		 "told-eml#1: From dev@example.org Mon Jun  1 10:00:00\n"},
		{"told-mbox", PM_SOURCE_MBOX, "N: 1\n\n" SEP "N: 2\n",
		 "told-mbox#1: N: 1|\ntold-mbox#2: N: 2|\n"},
		{"told-mboxrd", PM_SOURCE_MBOXRD, SEP "\n>>From x\n",
		 "told-mboxrd#1: |>From x|\n"},
		{"told-mboxo", PM_SOURCE_MBOXO, SEP "\n>>From x\n",
		 "told-mboxo#1: |>>From x|\n"},
		{"empty", PM_SOURCE_AUTO, "", ""},
		{"empty-eml", PM_SOURCE_EML, "", ""},
	};

	(void)data;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		put(fixture, cases[i].name, cases[i].text, -1);
		assert_found(fixture, cases[i].name, cases[i].format, cases[i].want);
	}
}

static void
test_format_names(void)
{
	static const struct {
		const char *name;
		int want;
	} cases[] = {
		{"auto", PM_SOURCE_AUTO},
		{"mbox", PM_SOURCE_MBOX},
		{"mboxo", PM_SOURCE_MBOXO},
		{"mboxrd", PM_SOURCE_MBOXRD},
		{"maildir", PM_SOURCE_MAILDIR},
		{"eml", PM_SOURCE_EML},
		{"Mbox", -1},
		{"", -1},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		PmSourceFormat format = PM_SOURCE_AUTO;
		gboolean is_known = pm_source_format_parse(cases[i].name, &format);

		g_assert_cmpint(is_known, ==, cases[i].want >= 0);
		g_assert_cmpint(format, ==, MAX(cases[i].want, 0));
	}
}

static void
test_maildir(Fixture *fixture, gconstpointer data)
{
	(void)data;
	put(fixture, "box/cur/1700000001.a:2,S", "N: 1\n", -1);
	put(fixture, "box/new/1700000002.b", "N: 2\n", -1);
	put(fixture, "box/cur/1700000003.c:2,", SEP "N: 3\n", -1);
	put(fixture, "box/tmp/1700000004.d", "N: unfinished\n", -1);
	put(fixture, "box/cur/.hidden", "N: hidden\n", -1);
	put(fixture, "box/dovecot.index", "junk", -1);
	put(fixture, "box/.Sub/cur/1600000000.e", "N: 5\n", -1);
	put(fixture, "box/.Sub/new/1600000001.f", "N: 6\n", -1);
	assert_found(
		fixture, "box", PM_SOURCE_AUTO,
		"box/cur/1700000001.a:2,S#1: N: 1|\n"
		"box/new/1700000002.b#1: N: 2|\n"
		"box/cur/1700000003.c:2,#1: From dev@example.org Mon Jun  1 10:00:00\n"
		"box/.Sub/cur/1600000000.e#1: N: 5|\n"
		"box/.Sub/new/1600000001.f#1: N: 6|\n");
}

static void
test_directory(Fixture *fixture, gconstpointer data)
{
	(void)data;
	put(fixture, "tree/b.eml", "N: b\n", -1);
	put(fixture, "tree/a/2.mbox", SEP "N: 1\n\n" SEP "N: 2\n", -1);
	put(fixture, "tree/a/1.eml", "N: a1\n", -1);
	put(fixture, "tree/a/.git/config", "junk", -1);
	put(fixture, "tree/c/new/1", "N: c\n", -1);
	put(fixture, "tree/.swp", "junk", -1);
	assert_found(fixture, "tree", PM_SOURCE_AUTO,
		     "tree/a/1.eml#1: N: a1|\n"
		     "tree/a/2.mbox#1: N: 1|\n"
		     "tree/a/2.mbox#2: N: 2|\n"
		     "tree/b.eml#1: N: b|\n"
		     "tree/c/new/1#1: N: c|\n");
}

static void
test_oddities(Fixture *fixture, gconstpointer data)
{
	g_autofree char *fifo = g_build_filename(fixture->dir, "d", "fifo", NULL);
	g_autofree char *loop = g_build_filename(fixture->dir, "d", "loop", NULL);
	g_autofree char *self = g_build_filename(fixture->dir, "d", "self", NULL);
	g_autofree char *dev = g_build_filename(fixture->dir, "d", "dev", NULL);

	(void)data;
	put(fixture, "d/a", "N: a\n", -1);
	put(fixture, "d/z", "N: z\n", -1);
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_cmpint(symlink("..", loop), ==, 0);
	g_assert_cmpint(symlink("self", self), ==, 0);
	g_assert_cmpint(symlink("/dev/zero", dev), ==, 0);
	assert_found(fixture, "d", PM_SOURCE_AUTO,
		     "d/a#1: N: a|\n"
		     "! could not read d/dev: not a regular file; give a pipe as "
		     "standard input\n"
		     "! could not read d/fifo: not a regular file; give a pipe as "
		     "standard input\n"
		     "! could not read d/loop/d: this directory was read already, under "
		     "another name\n"
		     "! could not read d/self: Too many levels of symbolic links\n"
		     "d/z#1: N: z|\n");
	assert_found(fixture, "absent", PM_SOURCE_AUTO,
		     "! could not read absent: No such file or directory\n");
}

static void
test_unreadable(Fixture *fixture, gconstpointer data)
{
	g_autofree char *file = g_build_filename(fixture->dir, "d", "b", NULL);
	g_autofree char *dir = g_build_filename(fixture->dir, "d", "c", NULL);

	(void)data;
	if (geteuid() == 0) {
		g_test_skip("root may read everything");
		return;
	}
	put(fixture, "d/a", "N: a\n", -1);
	put(fixture, "d/b", "N: b\n", -1);
	put(fixture, "d/c/x", "N: x\n", -1);
	put(fixture, "d/d", "N: d\n", -1);
	g_assert_cmpint(g_chmod(file, 0), ==, 0);
	g_assert_cmpint(g_chmod(dir, 0), ==, 0);
	assert_found(fixture, "d", PM_SOURCE_AUTO,
		     "d/a#1: N: a|\n"
		     "! could not open d/b: Permission denied\n"
		     "! could not read d/c: Permission denied\n"
		     "d/d#1: N: d|\n");
	g_assert_cmpint(g_chmod(dir, 0700), ==, 0);
}

static void
test_gzip(Fixture *fixture, gconstpointer data)
{
	static const char second[] = "\n" SEP "N: 4\n";
	g_autoptr(GByteArray) one = gzipped(MBOX, strlen(MBOX));
	g_autoptr(GByteArray) more = gzipped(second, strlen(second));
	const char *three = "a#1: N: 1||x|\na#2: N: 2||y|\na#3: N: 3||z|\n";

	(void)data;
	put(fixture, "a", (char *)one->data, one->len);
	assert_found(fixture, "a", PM_SOURCE_AUTO, three);

	g_byte_array_append(one, more->data, more->len);
	put(fixture, "a", (char *)one->data, one->len);
	g_autofree char *four = g_strconcat(three, "a#4: N: 4|\n", NULL);
	assert_found(fixture, "a", PM_SOURCE_AUTO, four);

	g_byte_array_append(one, (const guint8 *)"\0\0\0\0", 4);
	put(fixture, "a", (char *)one->data, one->len);
	assert_found(fixture, "a", PM_SOURCE_AUTO, four);

	g_autoptr(GByteArray) eml = gzipped("N: 1\n", 5);
	put(fixture, "b/cur/1", (char *)eml->data, eml->len);
	assert_found(fixture, "b", PM_SOURCE_AUTO, "b/cur/1#1: N: 1|\n");
}

/* What came before the damage is there, half a mail is not, and the next file follows. */
static void
test_gzip_damaged(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GByteArray) good = gzipped(MBOX, strlen(MBOX));
	g_autofree char *bad_sum = g_memdup2(good->data, good->len);
	const char *two = "d/a#1: N: 1||x|\nd/a#2: N: 2||y|\n";
	g_autofree char *want = NULL;

	(void)data;
	put(fixture, "d/b", "N: b\n", -1);
	put(fixture, "d/a", (char *)good->data, good->len - 4);
	want = g_strdup_printf(
		"%s! in mail 3: could not unpack d/a at byte %u: the file ends too "
		"early\nd/b#1: N: b|\n",
		two, good->len - 4);
	assert_found(fixture, "d", PM_SOURCE_AUTO, want);

	bad_sum[good->len - 8] ^= 1;
	put(fixture, "d/a", bad_sum, good->len);
	g_free(want);
	want = g_strdup_printf(
		"%s! in mail 3: could not unpack d/a at byte %u: incorrect data "
		"check\nd/b#1: N: b|\n",
		two, good->len - 4);
	assert_found(fixture, "d", PM_SOURCE_AUTO, want);

	g_byte_array_append(good, (const guint8 *)"junk", 4);
	put(fixture, "d/a", (char *)good->data, good->len);
	g_free(want);
	want = g_strdup_printf(
		"%s! in mail 3: could not unpack d/a at byte %u: something that is "
		"not gzip follows\nd/b#1: N: b|\n",
		two, good->len - 4);
	assert_found(fixture, "d", PM_SOURCE_AUTO, want);

	put(fixture, "d/a", "\x1f\x8bjunk", -1);
	assert_found(fixture, "d", PM_SOURCE_AUTO,
		     "! could not unpack d/a at byte 4: unknown compression method\n"
		     "d/b#1: N: b|\n");

	put(fixture, "d/a", "\x1f\x8b", -1);
	assert_found(fixture, "d", PM_SOURCE_AUTO,
		     "! could not unpack d/a at byte 2: the file ends too early\n"
		     "d/b#1: N: b|\n");
}

/* Standard input comes in pieces of the writer's choice, and may be packed. */
static void
test_stdin(Fixture *fixture, gconstpointer data)
{
	const char *const paths[] = {"-", NULL};
	const char *want = "-#1: N: 1||x|\n-#2: N: 2||y|\n-#3: N: 3||z|\n";
	int saved = dup(STDIN_FILENO);

	(void)data;
	for (int is_packed = 0; is_packed <= 1; is_packed++) {
		g_autoptr(GByteArray) packed = gzipped(MBOX, strlen(MBOX));
		const char *bytes = is_packed ? (const char *)packed->data : MBOX;
		size_t len = is_packed ? packed->len : strlen(MBOX);
		int ends[2] = {-1, -1};

		/* Less than a pipe holds, so that nobody has to read meanwhile. */
		g_assert_cmpint(pipe(ends), ==, 0);
		g_assert_cmpint(write(ends[1], bytes, len), ==, (gssize)len);
		close(ends[1]);
		g_assert_cmpint(dup2(ends[0], STDIN_FILENO), >=, 0);
		close(ends[0]);
		g_autofree char *got = read_paths(fixture, paths, PM_SOURCE_AUTO);
		g_assert_cmpstr(got, ==, want);
	}
	g_assert_cmpint(dup2(saved, STDIN_FILENO), >=, 0);
	close(saved);
}

/* A line of 200 MB that packs into 200 kB: counted, cut, and never held. */
static void
test_huge(Fixture *fixture, gconstpointer data)
{
	size_t block = 4 * 1000 * 1000;
	g_autofree char *letters = g_malloc(block);
	g_autoptr(GByteArray) file = gzipped(SEP, strlen(SEP));
	struct rusage before = {0}, after = {0};

	(void)data;
	memset(letters, '>', block);
	g_autoptr(GByteArray) packed = gzipped(letters, block);
	for (int i = 0; i < 50; i++)
		g_byte_array_append(file, packed->data, packed->len);
	put(fixture, "huge", (char *)file->data, file->len);
	g_autofree char *path = g_build_filename(fixture->dir, "huge", NULL);
	const char *const paths[] = {path, NULL};
	g_autoptr(PmSource) source = pm_source_new(paths, PM_SOURCE_AUTO, 1000000);

	getrusage(RUSAGE_SELF, &before);
	g_autoptr(PmSourceMail) mail = pm_source_next(source, NULL);
	getrusage(RUSAGE_SELF, &after);
	g_assert_nonnull(mail);
	g_assert_true(mail->is_cut);
	g_assert_cmpuint(mail->size, ==, 50 * block);
	g_assert_cmpuint(g_bytes_get_size(mail->bytes), ==, 65536);
	/* Kilobytes; sanitizers keep freed memory for a while. */
	g_assert_cmpint(after.ru_maxrss - before.ru_maxrss, <, 16384);
}

static void
test_progress(Fixture *fixture, gconstpointer data)
{
	g_autofree char *a = g_build_filename(fixture->dir, "a", NULL);
	g_autofree char *b = g_build_filename(fixture->dir, "d", NULL);
	const char *const files[] = {a, a, NULL};
	const char *const with_dir[] = {a, b, NULL};
	guint64 done = 1, total = 0;

	(void)data;
	put(fixture, "a", MBOX, -1);
	put(fixture, "d/b", "N: b\n", -1);
	g_autoptr(PmSource) source = pm_source_new(files, PM_SOURCE_AUTO, 1000);
	pm_source_progress(source, &done, &total);
	g_assert_cmpuint(done, ==, 0);
	g_assert_cmpuint(total, ==, 2 * strlen(MBOX));
	for (int i = 0; i < 6; i++)
		pm_source_mail_free(pm_source_next(source, NULL));
	g_assert_null(pm_source_next(source, NULL));
	pm_source_progress(source, &done, &total);
	g_assert_cmpuint(done, ==, total);

	g_autoptr(PmSource) other = pm_source_new(with_dir, PM_SOURCE_AUTO, 1000);
	pm_source_progress(other, &done, &total);
	g_assert_cmpuint(total, ==, 0);
	for (int i = 0; i < 4; i++)
		pm_source_mail_free(pm_source_next(other, NULL));
	pm_source_progress(other, &done, &total);
	g_assert_cmpuint(total, ==, strlen(MBOX) + 5);
}

/* With paths as arguments: reads them as patchmail would and prints figures. */
static int
measure(const char *const *paths)
{
	g_autoptr(PmSource) source =
		pm_source_new(paths, PM_SOURCE_AUTO, 100 * 1000 * 1000);
	g_autoptr(GTimer) timer = g_timer_new();
	guint64 n = 0, bytes = 0;

	for (;;) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PmSourceMail) mail = pm_source_next(source, &error);

		if (error != NULL)
			g_printerr("%s\n", error->message);
		else if (mail == NULL)
			break;
		n += mail != NULL;
		bytes += mail != NULL ? mail->size : 0;
	}
	double seconds = g_timer_elapsed(timer, NULL);
	g_print("%" G_GUINT64_FORMAT " mails, %" G_GUINT64_FORMAT
		" bytes, %.3f s, %.0f MB/s\n",
		n, bytes, seconds, bytes / seconds / 1e6);
	return 0;
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	if (argc > 1)
		return measure((const char *const *)argv + 1);
#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)
	g_test_add_func("/source/format-names", test_format_names);
	ADD("/source/formats", test_formats);
	ADD("/source/maildir", test_maildir);
	ADD("/source/directory", test_directory);
	ADD("/source/oddities", test_oddities);
	ADD("/source/unreadable", test_unreadable);
	ADD("/source/gzip", test_gzip);
	ADD("/source/gzip-damaged", test_gzip_damaged);
	ADD("/source/stdin", test_stdin);
	ADD("/source/huge", test_huge);
	ADD("/source/progress", test_progress);
	return g_test_run();
}
