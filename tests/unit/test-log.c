/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/log.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/logline.h"

/* Values first, then where lines go: stderr is a file, the journal a socket of our own. */

static const struct {
	const char *name, *value, *want;
} values[] = {
	{"plain", "4f1a", "4f1a"},
	{"a message-id", "<a@example.org>", "<a@example.org>"},
	{"empty", "", "\"\""},
	{"a blank", "a b", "\"a b\""},
	{"an equals sign", "a=b", "\"a=b\""},
	{"a quote", "a\"b", "\"a\\\"b\""},
	{"a backslash", "a\\b", "\"a\\\\b\""},
	{"a line end", "a\nevent=x", "\"a\\nevent=x\""},
	{"CR and TAB", "\r\t", "\"\\r\\t\""},
	{"escape", "\x1b[31m", "\"\\x1b[31m\""},
	{"DEL", "\x7f", "\"\\x7f\""},
	{"UTF-8", "Jos\xc3\xa9", "Jos\xc3\xa9"},
	{"Latin-1", "Jos\xe9", "\"Jos\\xe9\""},
	{"UTF-8 cut short", "a\xe2\x82", "\"a\\xe2\\x82\""},
	{"a surrogate", "\xed\xa0\x80", "\"\\xed\\xa0\\x80\""},
	{"overlong", "\xc0\xaf", "\"\\xc0\\xaf\""},
	{"a C1 control", "\xc2\x9b", "\"\\u009b\""},
	{"right to left override",
	 "a\xe2\x80\xae"
	 "b",
	 "\"a\\u202eb\""},
	{"a line separator", "\xe2\x80\xa8", "\"\\u2028\""},
	{"a tag character", "\xf3\xa0\x80\x81", "\"\\U000e0001\""},
	{"beyond the BMP", "\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7"},
};

static void
test_values(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autoptr(GString) line = g_string_new("event=x");
		g_autofree char *want = g_strdup_printf("event=x k=%s", values[i].want);

		pm_logline_add(line, "k", values[i].value);
		if (!g_str_equal(line->str, want))
			g_error("%s: want %s, got %s", values[i].name, want, line->str);
	}
}

static void
test_value_length(void)
{
	for (size_t len = PM_LOG_VALUE_MAX; len <= PM_LOG_VALUE_MAX + 1; len++) {
		g_autoptr(GString) line = g_string_new(NULL);
		g_autofree char *value = g_strnfill(len, 'v');
		g_autofree char *kept = g_strnfill(PM_LOG_VALUE_MAX, 'v');
		g_autofree char *want = g_strconcat(
			"k=", kept, len > PM_LOG_VALUE_MAX ? "..." : "", NULL);

		pm_logline_add(line, "k", value);
		g_assert_cmpstr(line->str, ==, want);
	}
	/* No escape is cut in two. */
	g_autofree char *bytes = g_strnfill(100000, '\xff');
	g_autoptr(GString) line = g_string_new(NULL);
	pm_logline_add(line, "k", bytes);
	g_assert_true(g_str_has_suffix(line->str, "\\xff...\""));
	g_assert_cmpuint(line->len, ==, strlen("k=\"...\"") + PM_LOG_VALUE_MAX);
}

static void
test_line_length(void)
{
	g_autoptr(GString) line = g_string_new(NULL);
	g_autofree char *value = g_strnfill(500, 'v');

	for (guint i = 0; i < 100; i++)
		pm_logline_add(line, "key", value);
	pm_logline_add(line, "k", "small");
	g_assert_cmpuint(line->len, <=, PM_LOG_LINE_MAX);
	g_assert_cmpuint(line->len, >, PM_LOG_LINE_MAX - 600);
	g_assert_true(g_str_has_suffix(line->str, "v ..."));
}

static void
test_names(void)
{
	static const char *const names[] = {"error", "warning", "info", "debug"};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_assert_cmpint(pm_log_level_from_string(names[i]), ==, i);
		g_assert_cmpstr(pm_log_level_to_string((PmLogLevel)i), ==, names[i]);
	}
	g_assert_cmpint(pm_log_level_from_string("loud"), ==, PM_LOG_INFO);
	g_assert_cmpint(pm_log_level_from_string(NULL), ==, PM_LOG_INFO);
	g_assert_cmpint(pm_log_target_from_string("journal"), ==, PM_LOG_JOURNAL);
	g_assert_cmpint(pm_log_target_from_string("stderr"), ==, PM_LOG_STDERR);
	g_assert_cmpint(pm_log_target_from_string("auto"), ==, PM_LOG_AUTO);
}

/* stderr is a file from begin to end. */
typedef struct {
	char *path;
	int old;
} Capture;

static Capture
begin_capture(void)
{
	Capture capture = {.old = dup(STDERR_FILENO)};
	int fd = g_file_open_tmp("patchmail-XXXXXX", &capture.path, NULL);

	g_assert_cmpint(dup2(fd, STDERR_FILENO), ==, STDERR_FILENO);
	close(fd);
	return capture;
}

/* (transfer full) what was written. */
static char *
end_capture(Capture *capture)
{
	char *text = NULL;

	g_assert_cmpint(dup2(capture->old, STDERR_FILENO), ==, STDERR_FILENO);
	close(capture->old);
	g_assert_true(g_file_get_contents(capture->path, &text, NULL, NULL));
	g_assert_cmpint(g_unlink(capture->path), ==, 0);
	g_free(capture->path);
	return text;
}

/* Sets JOURNAL_STREAM to what stderr is now. */
static void
pretend_journal(void)
{
	struct stat status;

	g_assert_cmpint(fstat(STDERR_FILENO, &status), ==, 0);
	g_autofree char *stream =
		g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
				(guint64)status.st_dev, (guint64)status.st_ino);
	g_setenv("JOURNAL_STREAM", stream, TRUE);
}

static void
test_stderr(void)
{
	Capture capture = begin_capture();

	pm_log_init(&(PmLogOptions){.level = PM_LOG_INFO, .target = PM_LOG_STDERR});
	pm_log(PM_LOG_INFO, "mail", "session", "4f1a", "absent", NULL, "subject", "a b",
	       NULL);
	pm_log(PM_LOG_DEBUG, "hidden", NULL);
	g_assert_false(pm_log_is_enabled(PM_LOG_DEBUG));
	g_assert_true(pm_log_is_enabled(PM_LOG_ERROR));
	/* GTest's own handler would not let it through. */
	g_log_set_default_handler(g_log_default_handler, NULL);
	g_message("from\nGLib");
	pm_log_close();
	g_autofree char *text = end_capture(&capture);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_assert_cmpuint(g_strv_length(lines), ==, 3);
	g_assert_true(g_regex_match_simple(
		"^time=[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z level=info "
		"event=mail session=4f1a subject=\"a b\"$",
		lines[0], 0, 0));
	g_assert_true(g_str_has_suffix(
		lines[1],
		"level=info event=glib domain=patchmail message=\"from\\nGLib\""));
}

static void
test_stderr_of_journal(void)
{
	Capture capture = begin_capture();

	pretend_journal();
	pm_log_init(&(PmLogOptions){.level = PM_LOG_DEBUG, .target = PM_LOG_STDERR});
	pm_log(PM_LOG_ERROR, "a", NULL);
	pm_log(PM_LOG_WARNING, "b", NULL);
	pm_log(PM_LOG_INFO, "c", NULL);
	pm_log(PM_LOG_DEBUG, "d", NULL);
	pm_log_close();
	g_unsetenv("JOURNAL_STREAM");
	g_autofree char *text = end_capture(&capture);
	g_assert_cmpstr(text, ==, "<3>event=a\n<4>event=b\n<6>event=c\n<7>event=d\n");
}

typedef struct {
	char *folder, *path;
	int fd;
} Journal;

static Journal
begin_journal(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	Journal journal = {.folder = g_dir_make_tmp("patchmail-XXXXXX", NULL)};

	journal.path = g_build_filename(journal.folder, "socket", NULL);
	journal.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	g_strlcpy(address.sun_path, journal.path, sizeof address.sun_path);
	g_assert_cmpint(bind(journal.fd, (struct sockaddr *)&address, sizeof address), ==,
			0);
	return journal;
}

static void
assert_entry(const Journal *journal, const char *want)
{
	char text[16384];
	ssize_t n = recv(journal->fd, text, sizeof text, 0);
	g_autofree char *got = g_strndup(text, n < 0 ? 0 : (gsize)n);

	g_assert_cmpstr(got, ==, want);
}

static void
end_journal(Journal *journal)
{
	close(journal->fd);
	g_assert_cmpint(g_unlink(journal->path), ==, 0);
	g_assert_cmpint(g_rmdir(journal->folder), ==, 0);
	g_free(journal->path);
	g_free(journal->folder);
}

static void
test_journal(void)
{
	Journal journal = begin_journal();
	Capture capture = begin_capture();

	pm_log_init(&(PmLogOptions){
		.level = PM_LOG_INFO, .target = PM_LOG_JOURNAL, .journal = journal.path});
	pm_log(PM_LOG_WARNING, "late", "reason", "a\nMESSAGE=b", NULL);
	assert_entry(&journal, "PRIORITY=4\nSYSLOG_IDENTIFIER=patchmaild\n"
			       "MESSAGE=event=late reason=\"a\\nMESSAGE=b\"\n");
	/* A journal that went away: stderr. */
	close(journal.fd);
	pm_log(PM_LOG_WARNING, "lost", NULL);
	journal.fd = dup(capture.old);
	pm_log_close();
	g_autofree char *text = end_capture(&capture);
	g_assert_nonnull(strstr(text, "event=lost"));
	g_assert_null(strstr(text, "event=late"));
	end_journal(&journal);
}

static void
test_auto(void)
{
	Journal journal = begin_journal();
	Capture capture = begin_capture();
	const PmLogOptions options = {
		.level = PM_LOG_INFO, .target = PM_LOG_AUTO, .journal = journal.path};

	pm_log_init(&options);
	pm_log(PM_LOG_INFO, "to-stderr", NULL);
	g_setenv("JOURNAL_STREAM", "1:2", TRUE); /* of another file */
	pm_log_init(&options);
	pm_log(PM_LOG_INFO, "to-stderr", NULL);
	pretend_journal();
	pm_log_init(&options);
	pm_log(PM_LOG_INFO, "to-journal", NULL);
	assert_entry(&journal, "PRIORITY=6\nSYSLOG_IDENTIFIER=patchmaild\n"
			       "MESSAGE=event=to-journal\n");
	pm_log_close();
	g_unsetenv("JOURNAL_STREAM");
	g_autofree char *text = end_capture(&capture);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_assert_cmpuint(g_strv_length(lines), ==, 3);
	end_journal(&journal);
}

static guint
count_of(const char *text, const char *what)
{
	guint n = 0;

	for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
		n++;
	return n;
}

/* Warnings are limited by event, information to what only a flood exceeds, and what anybody can
 * cause in between, apart from the event whose name it has. */
static void
test_limit(void)
{
	Capture capture = begin_capture();

	pm_log_init(NULL);
	for (guint i = 0; i < PM_LOG_BURST_INFO + 3; i++)
		pm_log(PM_LOG_INFO, "flood", NULL);
	for (guint i = 0; i < PM_LOG_BURST_SOME + 5; i++)
		pm_log_some(PM_LOG_INFO, "mail", "not-stored", "code", "451", NULL);
	pm_log_some(PM_LOG_INFO, "mail", NULL, "code", "250", NULL);
	pm_log_tick(); /* no window is over */
	for (guint i = 0; i < PM_LOG_BURST + 7; i++) {
		pm_log(PM_LOG_WARNING, "often", NULL);
		pm_log(PM_LOG_INFO, "mail", NULL);
	}
	pm_log(PM_LOG_WARNING, "seldom", NULL);
	pm_log_close();
	g_autofree char *text = end_capture(&capture);
	g_assert_cmpuint(count_of(text, "event=often\n"), ==, PM_LOG_BURST);
	g_assert_cmpuint(count_of(text, "level=warning event=often suppressed=7\n"), ==,
			 1);
	g_assert_cmpuint(count_of(text, "event=mail\n"), ==, PM_LOG_BURST + 7);
	g_assert_cmpuint(count_of(text, "event=seldom\n"), ==, 1);
	g_assert_cmpuint(count_of(text, "event=flood\n"), ==, PM_LOG_BURST_INFO);
	g_assert_cmpuint(count_of(text, "level=info event=flood suppressed=3\n"), ==, 1);
	g_assert_cmpuint(count_of(text, "event=mail code=451\n"), ==, PM_LOG_BURST_SOME);
	g_assert_cmpuint(count_of(text, "event=mail kind=not-stored suppressed=5\n"), ==,
			 1);
	g_assert_cmpuint(count_of(text, "event=mail code=250\n"), ==, 1);
}

static gpointer
log_much(gpointer data)
{
	for (guint i = 0; i < 500; i++)
		pm_log(PM_LOG_INFO, "mail", "thread", data, "subject", "a b", NULL);
	return NULL;
}

/* No line is mixed into another. */
static void
test_threads(void)
{
	GThread *threads[4];
	Capture capture = begin_capture();

	pm_log_init(NULL);
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("log", log_much, (gpointer) "t");
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		(void)g_thread_join(threads[i]);
	pm_log_close();
	g_autofree char *text = end_capture(&capture);
	g_assert_cmpuint(count_of(text, " event=mail thread=t subject=\"a b\"\n"), ==,
			 2000);
	g_assert_cmpuint(count_of(text, "\n"), ==, 2000);
}

int
main(int argc, char **argv)
{
	g_unsetenv("JOURNAL_STREAM");
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log/values", test_values);
	g_test_add_func("/log/value-length", test_value_length);
	g_test_add_func("/log/line-length", test_line_length);
	g_test_add_func("/log/names", test_names);
	g_test_add_func("/log/stderr", test_stderr);
	g_test_add_func("/log/stderr-of-journal", test_stderr_of_journal);
	g_test_add_func("/log/journal", test_journal);
	g_test_add_func("/log/auto", test_auto);
	g_test_add_func("/log/limit", test_limit);
	g_test_add_func("/log/threads", test_threads);
	return g_test_run();
}
