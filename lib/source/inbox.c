/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One git log for each epoch, which lists commits and the blobs they brought, and one
 * git cat-file beside it, which is asked for them one by one. Mails come as git gives
 * them; no more than one is held.
 */
#include "lib/source/inbox.h"

#include <string.h>

#include "lib/error.h"
#include "lib/source/git.h"

typedef struct {
	char *git_dir, *key;
	char *tip;  /* NULL: it has no commit */
	char *from; /* read already; NULL: nothing */
	guint64 n_commits;
	GError *failure; /* why it cannot be read */
} Epoch;

struct PmInbox {
	PmSourceFeed feed;
	size_t size_max;
	GPtrArray *epochs;
	guint at;	  /* the epoch that is read */
	PmGit *log, *cat; /* of it; NULL between epochs */
	char *commit;	  /* that is read; NULL before the first */
	char *done;	  /* the one before it; NULL: none */
	guint64 n_mails, n_commits, n_total;
};

static void
free_epoch(gpointer data)
{
	Epoch *epoch = data;

	g_free(epoch->git_dir);
	g_free(epoch->key);
	g_free(epoch->tip);
	g_free(epoch->from);
	g_clear_error(&epoch->failure);
	g_free(epoch);
}

static gboolean
is_object_id(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isxdigit(text[i]))
			return FALSE;
	return len == 40 || len == 64;
}

static void
give_notice(const PmInbox *inbox, const Epoch *epoch, PmNoticeKind kind,
	    const char *commit)
{
	PmSourceNotice notice = {kind, epoch->git_dir, epoch->key, commit};

	if (inbox->feed.notice != NULL)
		inbox->feed.notice(&notice, inbox->feed.user_data);
}

/* A path as a key: text, and short enough for an index. (transfer full) */
static char *
key_of(const char *git_dir, const char *label)
{
	g_autofree char *path = g_utf8_make_valid(git_dir, -1);
	g_autofree char *name =
		label ? g_strdup_printf("%s list-id=%s", path, label) : g_strdup(path);
	g_autofree char *key = g_utf8_make_valid(name, -1);

	if (strlen(key) < 1024)
		return g_steal_pointer(&key);
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);
}

/*
 * The commit a name stands for: NULL with error unset where it stands for none.
 * (transfer full)
 */
static char *
resolve(const char *git_dir, const char *name, GError **error)
{
	g_autofree char *commit = g_strdup_printf("%s^{commit}", name);
	const char *const args[] = {"rev-parse", "--verify", "--quiet", commit, NULL};
	g_autoptr(GError) failure = NULL;
	int status = 0;
	g_autofree char *id = pm_git_run(git_dir, args, &status, &failure);

	if (id != NULL && is_object_id(id, strlen(id)))
		return g_steal_pointer(&id);
	if (failure != NULL && status != 1)
		g_propagate_error(error, g_steal_pointer(&failure));
	return NULL;
}

/* What was fetched last: a mirror's own branch, or in a clone that of its origin. */
static char *
find_tip(const char *git_dir, GError **error)
{
	static const char *const head[] = {"rev-parse", "--verify", "--quiet", "HEAD",
					   NULL};
	g_autoptr(GError) failure = NULL;
	g_autofree char *name = NULL;
	char *tip = resolve(git_dir, "refs/remotes/origin/HEAD", NULL);

	tip = tip ? tip : resolve(git_dir, "HEAD", &failure);
	if (tip != NULL)
		return tip;
	if (failure != NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return NULL;
	}
	/* No commit yet, or a name for one that is not there; unless it came just now. */
	name = pm_git_run(git_dir, head, NULL, NULL);
	tip = name ? resolve(git_dir, name, NULL) : NULL;
	if (tip != NULL || name == NULL)
		return tip;
	g_set_error(
		error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
		"could not read %s: its newest commit %s is missing; try git fsck there",
		git_dir, name);
	return NULL;
}

/* Whether the epoch still has the commit on the way to its tip. */
static gboolean
is_reached(const Epoch *epoch, const char *commit)
{
	const char *const args[] = {"merge-base", "--is-ancestor", commit, epoch->tip,
				    NULL};
	g_autoptr(GError) failure = NULL;
	g_autofree char *line = NULL;

	if (!is_object_id(commit, strlen(commit)))
		return FALSE;
	line = pm_git_run(epoch->git_dir, args, NULL, &failure);
	return line != NULL;
}

static void
count_commits(Epoch *epoch)
{
	g_autofree char *without = g_strdup_printf("^%s", epoch->from ? epoch->from : "");
	const char *const args[] = {"rev-list",
				    "--count",
				    "--first-parent",
				    epoch->tip,
				    epoch->from ? without : NULL,
				    NULL};
	g_autofree char *count = pm_git_run(epoch->git_dir, args, NULL, &epoch->failure);

	epoch->n_commits = count ? g_ascii_strtoull(count, NULL, 10) : 0;
}

/* Decides where to begin in an epoch. */
static void
plan_epoch(const PmInbox *inbox, Epoch *epoch)
{
	const char *position = NULL;

	epoch->tip = find_tip(epoch->git_dir, &epoch->failure);
	if (epoch->tip == NULL)
		return;
	if (inbox->feed.positions != NULL && !inbox->feed.is_all &&
	    inbox->feed.since == NULL)
		position = g_hash_table_lookup(inbox->feed.positions, epoch->key);
	if (position != NULL && is_reached(epoch, position))
		epoch->from = g_strdup(position);
	else if (position != NULL)
		give_notice(inbox, epoch, PM_NOTICE_REWRITTEN, position);
	if (epoch->from == NULL || strcmp(epoch->from, epoch->tip) != 0)
		count_commits(epoch);
}

/*
 * --since: the newest epoch that knows the commit begins behind it, and older ones
 * are left out. FALSE where none knows it.
 */
static gboolean
apply_since(PmInbox *inbox)
{
	const char *since = inbox->feed.since;

	for (guint i = inbox->epochs->len; i > 0 && since[0] != '-'; i--) {
		Epoch *epoch = g_ptr_array_index(inbox->epochs, i - 1);

		if (epoch->tip == NULL)
			continue;
		epoch->from = resolve(epoch->git_dir, since, NULL);
		if (epoch->from == NULL)
			continue;
		g_clear_error(&epoch->failure);
		count_commits(epoch);
		g_ptr_array_remove_range(inbox->epochs, 0, i - 1);
		return TRUE;
	}
	return FALSE;
}

static void
plan(PmInbox *inbox, const GPtrArray *repositories)
{
	for (guint i = 0; i < repositories->len; i++) {
		Epoch *epoch = g_new0(Epoch, 1);

		epoch->git_dir = g_strdup(g_ptr_array_index(repositories, i));
		epoch->key = key_of(epoch->git_dir, inbox->feed.label);
		g_ptr_array_add(inbox->epochs, epoch);
		plan_epoch(inbox, epoch);
	}
}

PmInbox *
pm_inbox_open(const char *path, const PmSourceFeed *feed, size_t size_max, GError **error)
{
	g_autoptr(GPtrArray) repositories = pm_inbox_repositories(path);
	g_autoptr(PmInbox) inbox = g_new0(PmInbox, 1);

	inbox->feed = *feed;
	inbox->size_max = size_max;
	inbox->epochs = g_ptr_array_new_with_free_func(free_epoch);
	plan(inbox, repositories);
	if (feed->since != NULL && !apply_since(inbox)) {
		g_set_error(error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
			    "could not read %s: it has no commit \"%s\"", path,
			    feed->since);
		return NULL;
	}
	for (guint i = 0; i < inbox->epochs->len; i++)
		inbox->n_total +=
			((Epoch *)g_ptr_array_index(inbox->epochs, i))->n_commits;
	return g_steal_pointer(&inbox);
}

static void
close_epoch(PmInbox *inbox)
{
	g_clear_pointer(&inbox->log, pm_git_free);
	g_clear_pointer(&inbox->cat, pm_git_free);
	g_clear_pointer(&inbox->commit, g_free);
	g_clear_pointer(&inbox->done, g_free);
	inbox->at++;
}

void
pm_inbox_free(PmInbox *inbox)
{
	if (inbox == NULL)
		return;
	close_epoch(inbox);
	g_ptr_array_unref(inbox->epochs);
	g_free(inbox);
}

void
pm_inbox_progress(const PmInbox *inbox, guint64 *done_out, guint64 *total_out)
{
	*done_out = inbox->n_commits;
	*total_out = inbox->n_total;
}

static gboolean
start_epoch(PmInbox *inbox, const Epoch *epoch, GError **error)
{
	static const char *const cat[] = {"cat-file", "--batch", NULL};
	g_autofree char *without = g_strdup_printf("^%s", epoch->from ? epoch->from : "");
	/* What a merge brought is what it changes in its first parent. */
	const char *const args[] = {"log",
				    "--first-parent",
				    "-m",
				    "--reverse",
				    "--raw",
				    "-r",
				    "--root",
				    "--no-abbrev",
				    "--no-renames",
				    "--no-notes",
				    "--no-color",
				    "--no-decorate",
				    "--no-ext-diff",
				    "--no-textconv",
				    "--format=%H",
				    epoch->tip,
				    epoch->from ? without : "--",
				    epoch->from ? "--" : NULL,
				    NULL};

	inbox->done = g_strdup(epoch->from);
	inbox->n_mails = 0;
	inbox->log = pm_git_start(epoch->git_dir, args, error);
	inbox->cat = inbox->log ? pm_git_start(epoch->git_dir, cat, error) : NULL;
	return inbox->cat != NULL;
}

/* What a line of git log --raw says: ":MODE MODE ID ID STATUS\tPATH". */
typedef struct {
	char id[65];
	char status;
	gboolean is_file;
	const char *path;
} Change;

static gboolean
parse_change(const char *line, Change *change_out)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 5);
	const char *tab = strchr(line, '\t');

	if (g_strv_length(words) != 5 || tab == NULL ||
	    !is_object_id(words[3], strlen(words[3])))
		return FALSE;
	*change_out = (Change){
		.status = words[4][0],
		.is_file = g_str_has_prefix(words[1], "100"),
		.path = tab + 1,
	};
	g_strlcpy(change_out->id, words[3], sizeof(change_out->id));
	return TRUE;
}

/* "01/23456789…" of 2 and 38: how version 1 names a mail, after its Message-ID. */
static gboolean
is_v1_path(const char *path)
{
	if (strlen(path) != 41 || path[2] != '/')
		return FALSE;
	for (size_t i = 0; i < 41; i++)
		if (i != 2 && !g_ascii_isxdigit(path[i]))
			return FALSE;
	return TRUE;
}

static gboolean
brings_mail(const Change *change)
{
	return change->is_file && change->status != 'D' &&
	       (strcmp(change->path, "m") == 0 || is_v1_path(change->path));
}

static gboolean
takes_mail_back(const Change *change)
{
	if (strcmp(change->path, "d") == 0)
		return change->is_file && change->status != 'D';
	return change->status == 'D' && is_v1_path(change->path);
}

/* The size of the blob that was asked for; FALSE where the answer is another one. */
static gboolean
read_size(PmInbox *inbox, const char *id, guint64 *size_out)
{
	const char *answer = pm_git_line(inbox->cat);
	g_auto(GStrv) words = answer ? g_strsplit(answer, " ", 3) : NULL;

	return words != NULL && g_strv_length(words) == 3 && strcmp(words[0], id) == 0 &&
	       strcmp(words[1], "blob") == 0 &&
	       g_ascii_string_to_unsigned(words[2], 10, 0, G_MAXINT64, size_out, NULL);
}

/* NULL where the blob is not to be had; an empty one is no mail, and has size 0. */
static PmSourceMail *
read_blob(PmInbox *inbox, const char *id)
{
	g_auto(PmSpool) spool = {0};
	g_autoptr(PmSourceMail) mail = g_new0(PmSourceMail, 1);
	guint64 size = 0;

	pm_spool_init(&spool, inbox->size_max);
	/* Behind each blob comes a line end. */
	if (!pm_git_ask(inbox->cat, id) || !read_size(inbox, id, &size) ||
	    !pm_git_read(inbox->cat, size, &spool) || pm_git_line(inbox->cat) == NULL)
		return NULL;
	mail->bytes = pm_spool_take(&spool, &mail->size, &mail->is_cut);
	return g_steal_pointer(&mail);
}

static PmSourceMail *
read_mail(PmInbox *inbox, const Epoch *epoch, const Change *change, GError **error)
{
	static const char *const cat[] = {"cat-file", "--batch", NULL};
	g_autoptr(PmSourceMail) mail = read_blob(inbox, change->id);

	if (mail == NULL) {
		/* A git that broke is not asked again. */
		g_clear_pointer(&inbox->cat, pm_git_free);
		inbox->cat = pm_git_start(epoch->git_dir, cat, error);
		if (inbox->cat == NULL)
			return NULL;
		g_set_error(
			error, PM_ERROR, PM_ERROR_PERMANENT_INPUT,
			"could not read %s: the mail of commit %s (blob %s) is missing",
			epoch->git_dir, inbox->commit, change->id);
		return NULL;
	}
	if (mail->size == 0)
		return NULL;
	mail->path = g_strdup_printf("%s@%.12s", epoch->git_dir, inbox->commit);
	mail->number = ++inbox->n_mails;
	mail->key = g_strdup(epoch->key);
	mail->position = g_strdup(inbox->done);
	return g_steal_pointer(&mail);
}

static void
begin_commit(PmInbox *inbox, const char *commit)
{
	/* Only now it is known that the one before brought no more mails. */
	if (inbox->commit != NULL) {
		g_free(inbox->done);
		inbox->done = g_steal_pointer(&inbox->commit);
	}
	inbox->commit = g_strdup(commit);
	inbox->n_commits++;
}

static PmSourceMail *
read_line(PmInbox *inbox, const Epoch *epoch, const char *line, GError **error)
{
	Change change;

	if (is_object_id(line, strlen(line))) {
		begin_commit(inbox, line);
		return NULL;
	}
	if (line[0] != ':' || inbox->commit == NULL || !parse_change(line, &change))
		return NULL;
	if (takes_mail_back(&change))
		give_notice(inbox, epoch, PM_NOTICE_DELETED, inbox->commit);
	return brings_mail(&change) ? read_mail(inbox, epoch, &change, error) : NULL;
}

/* The next mail of the epoch that is read, or of none where it ends. */
static PmSourceMail *
read_epoch(PmInbox *inbox, const Epoch *epoch, GError **error)
{
	g_autoptr(GError) failure = NULL;
	PmSourceMail *mail = NULL;
	const char *line = NULL;

	while (mail == NULL && failure == NULL && inbox->cat != NULL) {
		line = pm_git_line(inbox->log);
		if (line == NULL)
			break;
		mail = read_line(inbox, epoch, line, &failure);
	}
	if (mail != NULL)
		return mail;
	if (failure == NULL && pm_git_finish(inbox->log, &failure))
		give_notice(inbox, epoch, PM_NOTICE_END, epoch->tip);
	if (line == NULL || inbox->cat == NULL)
		close_epoch(inbox);
	if (failure != NULL)
		g_propagate_error(error, g_steal_pointer(&failure));
	return NULL;
}

PmSourceMail *
pm_inbox_next(PmInbox *inbox, gboolean *is_end_out, GError **error)
{
	g_autoptr(GError) failure = NULL;
	PmSourceMail *mail = NULL;

	*is_end_out = FALSE;
	while (mail == NULL && failure == NULL && inbox->at < inbox->epochs->len) {
		Epoch *epoch = g_ptr_array_index(inbox->epochs, inbox->at);

		if (epoch->failure != NULL)
			failure = g_steal_pointer(&epoch->failure);
		if (failure != NULL || epoch->n_commits == 0) {
			close_epoch(inbox);
			continue;
		}
		if (inbox->log == NULL && !start_epoch(inbox, epoch, &failure))
			close_epoch(inbox);
		else
			mail = read_epoch(inbox, epoch, &failure);
	}
	if (failure != NULL)
		g_propagate_error(error, g_steal_pointer(&failure));
	else if (mail == NULL)
		*is_end_out = TRUE;
	return mail;
}
