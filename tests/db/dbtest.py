# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests that need a database share.

Each program has one PostgreSQL of its own, on a unix socket, which goes away with it; each
test has a database, copied from a prepared one. A test is a function that takes a Tap; it says
what it wants and what it got. Where PostgreSQL is missing, that is a failure.

    from dbtest import *
    def test_something(tap): ...
    main(globals())

PATCHMAIL names the program that is tested; --only TEXT runs the tests whose name has it in it.
"""
import argparse
import atexit
import collections
import difflib
import email.message
import json
import os
import pathlib
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATCHMAIL = os.environ.get('PATCHMAIL', str(ROOT / 'build' / 'daemon' / 'patchmail'))
TIME_LIMIT = int(os.environ.get("PM_TIME_LIMIT", 500))
LIST = 'demo.lists.example.org'
for variable in [name for name in os.environ if name.startswith('PG')]:
    del os.environ[variable]
os.environ['LC_ALL'] = 'C.UTF-8'

work = pathlib.Path(tempfile.mkdtemp(prefix='pm-db-', dir='/tmp'))
work.chmod(0o755)  # root's server runs as another user
atexit.register(shutil.rmtree, work, ignore_errors=True)
(work / 'patchmail.conf').touch()


# ---- what is said about a test


class Tap:
    def __init__(self):
        self.count = self.failed = 0
        self.test = ''

    def note(self, text):
        for line in str(text).split('\n'):
            print('# ' + line, flush=True)

    def ok(self, condition, name, why=''):
        self.count += 1
        self.failed += not condition
        print(f'{"" if condition else "not "}ok {self.count} {self.test}: {name}'.replace('#', ''), flush=True)
        if not condition and why:
            self.note(why)
        return condition

    def same(self, name, got, want):
        return self.ok(got == want, name, '' if got == want else f'want {want!r}\ngot  {got!r}')

    def same_lines(self, name, got, want):
        """For long things: says only where they differ."""
        diff = [] if got == want else [line for line in difflib.unified_diff(want, got, 'want', 'got', n=0)]
        return self.ok(got == want, name, '\n'.join(line.rstrip('\n')[:400] for line in diff[:24]))

    def matches(self, name, got, pattern):
        return self.ok(re.search(pattern, got) is not None, name, f'want {pattern}\ngot  {got!r}')

    def run(self, name, function):
        self.test = name
        try:
            function(self)
        except Exception:
            self.ok(False, 'ends', traceback.format_exc())


def give_up(*_):
    print(f'Bail out! not done after {TIME_LIMIT} s', flush=True)
    sys.exit(1)


def main(names):
    parser = argparse.ArgumentParser()
    parser.add_argument('--only', default='')
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(TIME_LIMIT)
    tap = Tap()
    for name, function in list(names.items()):
        if name.startswith('test_') and args.only in name:
            tap.run(name[5:].replace('_', ' '), function)
    print(f'1..{tap.count}')
    sys.exit(tap.failed > 0)


# ---- PostgreSQL


def bash(script, *args):
    return subprocess.run(['bash', '-c', script, 'bash', *map(str, args)], capture_output=True, text=True)


class Psql:
    """A psql that stays: one round trip a query, and it hears notifications."""

    END = '-- end of the answer --'

    def __init__(self, conninfo):
        self.notifications = []
        self.process = subprocess.Popen(
            ['psql', '-X', '-q', '-A', '-t', '-d', conninfo], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, sql):
        """Runs statements; returns the lines that came back."""
        self.process.stdin.write(f'{sql}\n;\n\\echo {shlex.quote(self.END)}\n')
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            line = line.rstrip('\n')
            if line == self.END:
                return lines
            heard = re.match(r'Asynchronous notification "\w+" with payload "(.*)" received from', line)
            if heard:
                self.notifications.append(json.loads(heard[1]))
            else:
                lines.append(line)
        raise ConnectionError('psql ended: ' + '\n'.join(lines))

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class Database:
    def __init__(self, conninfo):
        self.conninfo = conninfo
        self.psql = None

    def run(self, sql):
        """Runs statements and returns their lines; an error is an exception."""
        self.psql = self.psql or Psql(self.conninfo)
        lines = self.psql.run(sql)
        errors = [line for line in lines if re.match('(psql:.*)?(ERROR|FATAL):', line)]
        if errors:
            raise RuntimeError(f'{errors[0]} in {sql}')
        return lines

    def refuses(self, sql):
        """The error of a statement, or "" where it was done."""
        try:
            self.run(sql)
        except RuntimeError as e:
            return str(e)
        return ''

    def rows(self, sql):
        """The rows of a query, each a dict."""
        return [json.loads(line) for line in self.run(f'select row_to_json(q) from ({sql}) q')]

    def column(self, sql):
        return [next(iter(row.values())) for row in self.rows(sql)]

    def value(self, sql):
        return self.column(sql)[0]

    def counts(self, *tables):
        return {table: self.value(f'select count(*) from {table}') for table in tables}

    def close(self):
        if self.psql:
            self.psql.close()
            self.psql = None

    def patchmail(self, *args, **kwargs):
        return patchmail('-d', self.conninfo, *args, **kwargs)

    def replay(self, *args, **kwargs):
        """Replays, and returns the summary; anything but status 0 is an exception."""
        done = self.patchmail('--json', 'replay', *map(str, args), **kwargs)
        if done.status != 0:
            raise RuntimeError(f'replay ended with {done.status}: {done.err}')
        return json.loads(done.out)

    def deliver(self, mail, *args, **kwargs):
        """Delivers one mail, and returns what --json says of it."""
        done = self.patchmail('--json', 'deliver', *args, input=mail, **kwargs)
        if done.status != 0:
            raise RuntimeError(f'deliver ended with {done.status}: {done.err}')
        return json.loads(done.out)


class Server:
    def __init__(self):
        self.dir = work / 'server'
        self.databases = []
        self.start()
        atexit.register(self.call, 'pm_pg_stop', self.dir, '--remove')

    def call(self, function, *args):
        done = bash('. "$1"; shift; "$@"', ROOT / 'contrib/lib/private-postgres.sh', function, *args)
        if done.returncode != 0:
            print(f'Bail out! {function}: {done.stderr}', flush=True)
            sys.exit(1)
        return done.stdout.strip()

    def start(self):
        self.conninfo = self.call('pm_pg_start', self.dir, '--throw-away')
        self.admin = Database(self.conninfo.replace('dbname=patchmail', 'dbname=postgres'))

    def stop(self):
        self.admin.close()
        self.call('pm_pg_stop', self.dir)

    def conninfo_of(self, name):
        return self.conninfo.replace('dbname=patchmail', f'dbname={name}')

    def empty(self):
        """A database with nothing in it."""
        return self.create('template0')

    def create(self, template):
        name = f'test_{len(self.databases)}'
        self.admin.run(f'create database {name} template {template}')
        self.databases.append(Database(self.conninfo_of(name)))
        return self.databases[-1]

    def prepared(self, projects=((LIST, 'demo'),)):
        """A database after init, with projects (list id, linkname)."""
        if not hasattr(self, 'template'):
            self.admin.run('create database prepared template template0')
            self.template = Database(self.conninfo_of('prepared'))
            done = self.template.patchmail('init')
            if done.status != 0:
                raise RuntimeError(f'init ended with {done.status}: {done.err}')
        db = self.create('prepared')
        for list_id, linkname in projects:
            add_project(db, linkname, list_id)
        return db

    def drop(self, *databases):
        for db in databases:
            db.close()
            self.admin.run(f'drop database {re.search("dbname=(.*)", db.conninfo)[1]} with (force)')


def add_project(db, linkname, list_id, subject_match='', list_email=None):
    db.run('insert into patchwork_project (linkname, name, listid, listemail, web_url, scm_url, webscm_url, '
           'list_archive_url, list_archive_url_format, commit_url_format, send_notifications, use_tags, '
           'show_dependencies, '
           f"subject_match) values ('{linkname}', '{linkname}', '{list_id}', "
           f"'{list_email or linkname + '@lists.example.org'}', '', '', '', '', '', '', false, true, true, "
           f"'{subject_match}')")


# ---- patchmail

Done = collections.namedtuple('Done', 'status out err')


def config(text):
    """Writes a configuration file; returns the option that names it."""
    path = work / f'config-{len(list(work.glob("config-*")))}'
    path.write_text(text)
    return ['--config', str(path)]


def command(*args):
    args = [str(arg) for arg in args]
    return [PATCHMAIL, *([] if '--config' in args else ['--config', str(work / 'patchmail.conf')]), *args]


def patchmail(*args, input=None, text=True):
    data = input.encode() if isinstance(input, str) else input
    done = subprocess.run(command(*args), input=data if data is not None else b'', capture_output=True)
    out = done.stdout.decode('utf-8', 'replace') if text else done.stdout
    return Done(done.returncode, out, done.stderr.decode('utf-8', 'replace'))


def start(*args, **kwargs):
    """patchmail in the background."""
    kwargs = {'stdin': subprocess.PIPE, 'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE, **kwargs}
    return subprocess.Popen(command(*args), **kwargs)


def wait_for(what, condition, seconds=60):
    """Until condition() is true; returns what it returned."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f'waited {seconds} s in vain for: {what}')
        select.select([], [], [], 0.02)


# ---- mails

DIFF = '''diff --git a/{file} b/{file}
index 257cc56..5716ca5 100644
--- a/{file}
+++ b/{file}
@@ -1 +1 @@
-old
+new {word}
'''


def mail(msgid, subject, body='', sender='Ada Abel <ada@example.org>', refs=(), minute=0, list_id=LIST, **headers):
    """One mail. refs: what it answers, the nearest one last; X_Y becomes the header X-Y."""
    lines = [f'From: {sender}', f'Subject: {subject}', f'Message-ID: <{msgid}>',
             f'Date: Mon, 5 Jan 2026 10:{minute:02}:00 +0000']
    if list_id:
        lines.append(f'List-Id: <{list_id}>')
    if refs:
        lines += [f'In-Reply-To: <{refs[-1]}>', 'References: ' + ' '.join(f'<{r}>' for r in refs)]
    lines += [f'{name.replace("_", "-")}: {value}' for name, value in headers.items()]
    return '\n'.join(lines) + '\n\n' + body


def patch(msgid, subject, text='Does it.\n', file='a.c', **kwargs):
    files = [file] if isinstance(file, str) else file
    return mail(msgid, subject, text + '---\n' + ''.join(DIFF.format(file=f, word=msgid) for f in files), **kwargs)


def write_mbox(path, mails):
    with open(path, 'wb') as out:
        for one in mails:
            raw = one.encode() if isinstance(one, str) else one
            out.write(b'From mboxrd@z Thu Jan  1 00:00:00 1970\n' + re.sub(rb'(?m)^(>*From )', rb'>\1', raw))
            out.write(b'\n' if raw.endswith(b'\n') else b'\n\n')
    return path


def read_mbox(path):
    """The mails of an mboxrd, as they are."""
    parts = re.split(rb'(?m)^From [^\n]*\d\d:\d\d:\d\d \d{4}\n', pathlib.Path(path).read_bytes())
    return [re.sub(rb'(?m)^>(>*From )', rb'\1', part[:-1]) for part in parts[1:]]


def archive(mails, seed):
    """(mails, truth) of contrib/make-archive."""
    stem = work / f'archive-{mails}-{seed}'
    options = ['--sample'] if mails == 'sample' else ['--mails', str(mails), '--seed', str(seed)]
    if not stem.with_suffix('.mbox').exists():
        subprocess.run([sys.executable, ROOT / 'contrib/make-archive', *options, '-o', stem.with_suffix('.mbox'),
                        '--truth', stem.with_suffix('.json')], check=True)
    return read_mbox(stem.with_suffix('.mbox')), json.loads(stem.with_suffix('.json').read_text())


# ---- the rows without their ids

DUMP = {
    'series': '''
        select j.linkname project, s.version, s.total, s.name, s.date, p.email submitter, c.msgid cover,
            (select json_object_agg(m.number, m.msgid order by m.number) from patchwork_patch m
                where m.series_id = s.id) patches,
            (select json_agg(coalesce(oc.msgid, op.msgid)) from patchmail.series_revision r
                join patchwork_series o on o.id = r.supersedes_id
                left join patchwork_cover oc on oc.id = o.cover_letter_id
                left join lateral (select msgid from patchwork_patch where series_id = o.id
                    order by number limit 1) op on true
                where r.series_id = s.id) supersedes
        from patchwork_series s
        join patchwork_project j on j.id = s.project_id
        left join patchwork_person p on p.id = s.submitter_id
        left join patchwork_cover c on c.id = s.cover_letter_id''',
    'patch': '''
        select j.linkname project, t.msgid, t.name, t.date, md5(t.headers) headers, md5(t.content) as content,
            md5(t.diff) diff, t.hash, t.number, t.pull_url, t.archived, t.commit_ref, s.name state,
            u.username delegate, p.email submitter,
            (select json_object_agg(g.name, x.count order by g.name) from patchwork_patchtag x
                join patchwork_tag g on g.id = x.tag_id where x.patch_id = t.id) tags
        from patchwork_patch t
        join patchwork_project j on j.id = t.project_id
        join patchwork_person p on p.id = t.submitter_id
        left join patchwork_state s on s.id = t.state_id
        left join auth_user u on u.id = t.delegate_id''',
    'cover': '''
        select j.linkname project, t.msgid, t.name, t.date, md5(t.headers) headers, md5(t.content) as content,
            p.email submitter
        from patchwork_cover t
        join patchwork_project j on j.id = t.project_id
        join patchwork_person p on p.id = t.submitter_id''',
    'comment': '''
        select t.msgid as on, m.msgid, m.date, md5(m.headers) headers, md5(m.content) as content, m.addressed,
            p.email submitter
        from patchwork_patchcomment m
        join patchwork_patch t on t.id = m.patch_id
        join patchwork_person p on p.id = m.submitter_id
        union all
        select t.msgid, m.msgid, m.date, md5(m.headers), md5(m.content), m.addressed, p.email
        from patchwork_covercomment m
        join patchwork_cover t on t.id = m.cover_id
        join patchwork_person p on p.id = m.submitter_id''',
    'event': '''
        select e.category, p.msgid patch, c.msgid cover, coalesce(pm.msgid, cm.msgid) comment,
            coalesce(sc.msgid, sp.msgid) series
        from patchwork_event e
        left join patchwork_patch p on p.id = e.patch_id
        left join patchwork_cover c on c.id = e.cover_id
        left join patchwork_patchcomment pm on pm.id = e.patch_comment_id
        left join patchwork_covercomment cm on cm.id = e.cover_comment_id
        left join patchwork_series s on s.id = e.series_id
        left join patchwork_cover sc on sc.id = s.cover_letter_id
        left join lateral (select msgid from patchwork_patch where series_id = s.id
            order by number limit 1) sp on true''',
    'message': 'select msgid, kind, anchor, slot, tags from patchmail.message',
    'orphan': 'select msgid, email, name, date, md5(headers) headers, md5(content) as content from patchmail.orphan',
    'person': 'select email, name from patchwork_person',
    'quarantine': "select msgid, reason, encode(digest, 'hex') digest from patchmail.quarantine",
}


def dump(db, *kinds):
    """What the database holds, as sorted lines in which no id occurs."""
    lines = []
    for kind in kinds or DUMP:
        lines += [f'{kind} {json.dumps(row, sort_keys=True, ensure_ascii=False)}\n' for row in db.rows(DUMP[kind])]
    return sorted(lines)


server = Server()
