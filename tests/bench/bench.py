#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures patchmail against what PostgreSQL itself takes for the same rows.

    bench.py                                    20,000 mails of contrib/make-archive
    bench.py --mails 500 --pairs 1 --skip-long  does it run at all?
    bench.py --archive FILE --list-id ID        an archive of your own
    bench.py --corpus                           ../shared/corpus, where it is there

README.md next to this says what is measured and how. Prints a table; --json FILE writes all
figures; --keep adds a line to history.tsv. Ends with 0 whether targets are met or not (with
--strict: 1 where one is missed), and with 77 where there is no PostgreSQL.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile

import archives
from server import ROOT, Run, Server, start_daemon

HISTORY = pathlib.Path(__file__).with_name('history.tsv')
HISTORY_COLUMNS = ['date', 'commit', 'build', 'archive', 'mails', 'ratio', 'ratio_lz4', 'ratio_all',
                   'mails_s', 'mails_s_long', 'rss_mib', 'rss_long_mib', 'deliver_ms', 'deliver_p95_ms',
                   'deliver_cpu_ms', 'parse_ratio', 'growth_ratio', 'growth_copy_ratio', 'beside_max_ms',
                   'api_detail_s', 'api_detail_p99_ms', 'api_detail_cpu_ms', 'api_list_p99_ms', 'api_rss_mib']
# Floors: name -> (whether patchmail's own tables are in it, settings of its session).
FLOORS = {
    'floor': (False, ''),
    'floor_lz4': (False, 'set default_toast_compression = lz4;'),
    'floor_all': (True, 'set default_toast_compression = lz4;'),
}
# Patchwork's parsearchive does 28 to 38 mails a second on two such CPUs: sixty times that.
RATIO_MAX, MAILS_S_MIN, RSS_MAX, DELIVER_MS_MAX, DELIVER_CPU_MAX = 1.6, 2280, 48, 12, 4
LONG = 10


def say(text):
    print(text, file=sys.stderr, flush=True)


def spread(values, digits=2):
    return {'median': round(statistics.median(values), digits), 'min': round(min(values), digits),
            'max': round(max(values), digits), 'all': [round(value, digits) for value in values]}


def percentile(values, percent):
    """The smallest value that so many percent are not above."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


class Bench:
    def __init__(self, args, directory):
        self.args, self.directory = args, directory
        self.archive, self.list_id, self.label = self.find_archive()
        # Both may be others once the last figure is there.
        self.result = {'archive': self.label, 'bytes': self.archive.stat().st_size, 'commit': read_commit(),
                       'build': read_build(args.patchmail)}
        self.server = Server(directory, args.patchmail)

    def find_archive(self):
        """The archive's path, its list, and what to call it."""
        if self.args.archive:
            return self.args.archive.resolve(), self.args.list_id, self.args.archive.name
        path = self.directory / 'archive.mbox'
        if self.args.corpus:
            archives.unpack(archives.CORPUS, path)
            return path, archives.CORPUS_LIST, archives.CORPUS.name.removesuffix('.mbox.xz')
        archives.make(path, self.args.mails)
        return path, archives.MADE_LIST, f'make-archive-{self.args.mails}'

    def replay(self, database, archive=None):
        return self.server.run(database, '--json', 'replay', '--list-id', self.list_id, archive or self.archive)

    # ---- the floor

    def export(self, database):
        """Writes the rows that a replay made, a file for each table; returns (table, file)s."""
        query = """select n.nspname || '.' || c.relname from pg_class c join pg_namespace n
                   on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname in ('public', 'patchmail')
                   and (n.nspname = 'patchmail' or c.relname like 'patchwork%')
                   order by n.nspname desc, c.relname"""
        copies = []
        for (table,) in self.server.sql(query, database):
            before, after = (int(self.server.sql(f'select count(*) from {table}', name)[0][0])
                             for name in ('template', database))
            if before == after:
                continue
            if before:
                raise RuntimeError(f'{table} had rows before the replay')
            path = self.directory / table
            self.server.sql(f"\\copy {table} to '{path}' with (format binary)", database)
            copies.append((table, path))
        if not copies:
            raise RuntimeError('the replay stored nothing')
        return copies

    def write_floor(self, name, copies):
        """The psql script of one floor: one transaction, one COPY a table."""
        is_all, settings = FLOORS[name]
        path = self.directory / f'{name}.sql'
        lines = [settings, 'begin;']
        lines += [f"\\copy {table} from '{file}' with (format binary)" for table, file in copies
                  if is_all or table.startswith('public.')]
        path.write_text('\n'.join(lines + ['commit;', '']))
        return path

    def timed(self, measure):
        """One measurement on a database of its own."""
        self.server.make('timed')
        try:
            return measure('timed')
        finally:
            self.server.drop('timed')

    def measure_replay(self):
        """Pairs of a replay and its floors, by turns. Leaves the database "kept" behind."""
        self.server.make('kept')
        mails = json.loads(self.replay('kept').output.splitlines()[-1])['mails']
        copies = self.export('kept')
        scripts = {name: self.write_floor(name, copies) for name in FLOORS}
        seconds = {name: [] for name in ['replay', *FLOORS]}
        rss = []
        for pair in range(self.args.pairs):
            run = self.timed(self.replay)
            seconds['replay'].append(run.seconds)
            rss.append(run.rss)
            for name, script in scripts.items():
                seconds[name].append(self.timed(lambda database: self.server.script(script, database)).seconds)
            say(f'pair {pair + 1}: ' + ', '.join(f'{name} {took[-1]:.2f} s' for name, took in seconds.items()))
        self.result.update(
            mails=mails, rows=sum(int(self.server.sql(f'select count(*) from {table}', 'kept')[0][0])
                                  for table, _ in copies),
            floor_bytes=sum(path.stat().st_size for _, path in copies),
            seconds={name: spread(took) for name, took in seconds.items()},
            ratios={name: spread([a / b for a, b in zip(seconds['replay'], seconds[name])]) for name in FLOORS},
            mails_s=spread([mails / took for took in seconds['replay']], 0), rss_mib=round(max(rss), 1))
        for path in [*scripts.values(), *(path for _, path in copies)]:
            path.unlink()

    # ---- the rest

    def deliver(self, first, *options):
        """One process a mail, of mails with numbers from first on."""
        took, cpu = [], []
        path = self.directory / 'mail'
        for number in range(first, first + self.args.warm_up + self.args.delivers):
            path.write_text(archives.mail(number, self.list_id))
            with open(path, 'rb') as stdin:
                run = self.server.run('kept', *options, 'deliver', stdin=stdin)
            took.append(run.seconds * 1000)
            cpu.append(run.cpu * 1000)
        took, cpu = took[self.args.warm_up:], cpu[self.args.warm_up:]
        return {'median': round(statistics.median(took), 1), 'p95': round(percentile(took, 95), 1),
                'cpu': round(statistics.median(cpu), 1)}

    def measure_deliver(self):
        """On the database that holds the archive: beside a daemon, then alone."""
        config = self.directory / 'deliver.conf'
        config.write_text(f'[lmtp]\nlisten = unix:{self.directory}/lmtp.sock\n')
        daemon = start_daemon(self.args.patchmaild, self.directory, self.server.name('kept'))
        try:
            self.result['deliver_ms'] = self.deliver(0, '--config', config)
        finally:
            daemon.kill()
            daemon.wait()
        self.result['deliver_alone_ms'] = self.deliver(self.args.warm_up + self.args.delivers, '--config', config)
        connect = [Run([self.server.psql, '-Xqc', '', self.server.name('kept')]).seconds * 1000
                   for _ in range(self.args.delivers)]
        self.result['psql_connects_ms'] = round(statistics.median(connect), 1)

    def measure_parsing(self):
        run = self.server.run('template', '-q', 'replay', '--dry-run', '--list-id', self.list_id, self.archive)
        self.result['parse_us'] = round(run.cpu * 1e6 / self.result['mails'], 1)

    def measure_long(self):
        path = self.directory / 'long.mbox'
        say(f'writing {LONG} copies of the archive')
        archives.repeat(self.archive, path, LONG)
        say('replaying them')
        run = self.timed(lambda database: self.replay(database, path))
        path.unlink()
        mails = json.loads(run.output.splitlines()[-1])['mails']
        self.result['long'] = {'mails': mails, 'mails_s': round(mails / run.seconds), 'rss_mib': round(run.rss, 1)}

    def run(self):
        self.server.make_template(self.list_id)
        say(f'replaying {self.label}, not counted')
        self.measure_replay()
        self.measure_deliver()
        self.server.drop('kept')
        self.measure_parsing()
        if not self.args.skip_long:
            self.measure_long()
        self.result['server'] = self.server.sql('show server_version')[0][0].split()[0]


# ---- what is told


def read_commit():
    git = ['git', '-C', ROOT]
    done = subprocess.run([*git, 'describe', '--always', '--dirty=+', '--abbrev=7', '--exclude=*'],
                          capture_output=True, text=True, check=False)
    return done.stdout.strip() or 'unknown'


def read_build(patchmail):
    """The build type and what sanitizers there are, from Meson's own notes."""
    path = patchmail.resolve().parents[1] / 'meson-info' / 'intro-buildoptions.json'
    if not path.exists():
        return 'unknown'
    options = {option['name']: option['value'] for option in json.loads(path.read_text())}
    sanitizers = options.get('b_sanitize', 'none')
    return options['buildtype'] + ('' if sanitizers in ('none', []) else f'+{sanitizers}')


def rows(result):
    """(what, figure, target or '', whether it is met) of each line of the table."""
    def within(figure, limit):
        return figure <= limit

    def ratio(name):
        return '{median:.2f} ({min:.2f}–{max:.2f})'.format(**result['ratios'][name])

    def seconds(name):
        return '{median:.2f} ({min:.2f}–{max:.2f})'.format(**result['seconds'][name])

    yield ('replay / COPY', ratio('floor'), f'<= {RATIO_MAX}',
           within(result['ratios']['floor']['median'], RATIO_MAX))
    yield 'replay / COPY with lz4', ratio('floor_lz4'), '', True
    yield 'replay / COPY of all tables with lz4', ratio('floor_all'), '', True
    yield ('replay, mails/s', '{median:.0f} ({min:.0f}–{max:.0f})'.format(**result['mails_s']), f'>= {MAILS_S_MIN}',
           result['mails_s']['median'] >= MAILS_S_MIN)
    yield 'replay, s', seconds('replay'), '', True
    yield 'COPY, s', seconds('floor'), '', True
    yield 'COPY with lz4, s', seconds('floor_lz4'), '', True
    yield 'COPY of all tables with lz4, s', seconds('floor_all'), '', True
    yield 'replay, peak RSS, MiB', result['rss_mib'], f'<= {RSS_MAX}', within(result['rss_mib'], RSS_MAX)
    if 'long' in result:
        long = result['long']
        yield f'{LONG} times as long, peak RSS, MiB', long['rss_mib'], f'<= {RSS_MAX}', within(long['rss_mib'], RSS_MAX)
        share = long['mails_s'] / result['mails_s']['median']
        yield f'{LONG} times as long, mails/s', f'{long["mails_s"]} ({share:.0%} of above)', '', True
    deliver, alone = result['deliver_ms'], result['deliver_alone_ms']
    yield ('deliver of one mail, ms', f'{deliver["median"]} (p95 {deliver["p95"]})', f'<= {DELIVER_MS_MAX}',
           within(deliver['median'], DELIVER_MS_MAX))
    yield ('of that CPU of its own, ms', deliver['cpu'], f'<= {DELIVER_CPU_MAX}',
           within(deliver['cpu'], DELIVER_CPU_MAX))
    yield 'without a daemon, ms', f'{alone["median"]} (p95 {alone["p95"]})', '', True
    yield 'of that CPU of its own, ms', alone['cpu'], '', True
    yield 'psql that only connects, ms', result['psql_connects_ms'], '', True
    yield 'reading and classifying, CPU us a mail', result['parse_us'], '', True


def print_table(result):
    """Prints the table; returns whether all targets are met."""
    print(f'{result["archive"]}: {result["mails"]} mails, {result["bytes"] / 1e6:.1f} MB; {result["rows"]} rows, '
          f'{result["floor_bytes"] / 1e6:.1f} MB as binary COPY\n{result["commit"]}, {result["build"]}, '
          f'PostgreSQL {result["server"]}, {result["cpus"]} CPUs\n')
    is_met = True
    for what, figure, target, is_good in rows(result):
        verdict = '' if not target else 'met' if is_good else 'MISSED'
        print(f'{what:40} {figure!s:>22}  {target:>8} {verdict}'.rstrip())
        is_met = is_met and is_good
    return is_met


def other_figures(directory):
    """Columns that other benchmarks measured, from the files that they left; '-' where they did not run."""
    def read(name, *keys):
        path = directory / f'{name}.json' if directory else None
        if not path or not path.exists():
            return '-'
        value = json.loads(path.read_text())
        for key in keys:
            value = value[key]
        return value

    return [read('parse', 'ratio'), read('growth', 'sizes', -1, 'base_ratio'), read('growth', 'sizes', -1, 'copy_ratio'),
            read('beside', 'beside', 'max'), read('api', 'detail', 'rate'), read('api', 'detail', 'p99'),
            read('api', 'detail', 'cpu_ms'), read('api', 'list of 30', 'p99'), read('api', 'rss_mib')]


def bring_up_to_date(path):
    """Lines of a history from before a column was added end in '-'."""
    lines = [line.split('\t') for line in path.read_text().splitlines()] if path.exists() else [[]]
    lines = [HISTORY_COLUMNS] + [line + ['-'] * (len(HISTORY_COLUMNS) - len(line)) for line in lines[1:]]
    path.write_text('\n'.join('\t'.join(line) for line in lines) + '\n')


def keep(result, others):
    ratios, deliver, long = result['ratios'], result['deliver_ms'], result.get('long', {})
    line = [result['date'], result['commit'], result['build'], result['archive'], result['mails'],
            ratios['floor']['median'], ratios['floor_lz4']['median'], ratios['floor_all']['median'],
            int(result['mails_s']['median']), long.get('mails_s', '-'), result['rss_mib'], long.get('rss_mib', '-'),
            deliver['median'], deliver['p95'], deliver['cpu'], *other_figures(others)]
    bring_up_to_date(HISTORY)
    with HISTORY.open('a') as out:
        out.write('\t'.join(str(value) for value in line) + '\n')


def has_postgres():
    return subprocess.run(['bash', '-c', '. contrib/lib/private-postgres.sh; pm_pg_bindir'], cwd=ROOT,
                          stdout=subprocess.DEVNULL, check=False).returncode == 0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--patchmail', type=pathlib.Path, default=ROOT / 'build' / 'daemon' / 'patchmail')
    parser.add_argument('--patchmaild', type=pathlib.Path, default=ROOT / 'build' / 'daemon' / 'patchmaild')
    parser.add_argument('--mails', type=int, default=20000, help='how many to make')
    parser.add_argument('--archive', type=pathlib.Path, help='measure with this one instead')
    parser.add_argument('--list-id', help='the list whose archive it is')
    parser.add_argument('--corpus', action='store_true', help='measure with ../shared/corpus instead')
    parser.add_argument('--pairs', type=int, default=5, help='replays, each followed by its floors')
    parser.add_argument('--delivers', type=int, default=50, help='mails to deliver')
    parser.add_argument('--warm-up', type=int, default=4, help='mails delivered before that, not counted')
    parser.add_argument('--skip-long', action='store_true', help='no archive of ten times the length')
    parser.add_argument('--dir', type=pathlib.Path, default='/var/tmp',
                        help='where the database lives for the while; a disk, not tmpfs')
    parser.add_argument('--json', type=pathlib.Path, metavar='FILE', help='write the figures there')
    parser.add_argument('--keep', action='store_true', help='add a line to history.tsv')
    parser.add_argument('--others', type=pathlib.Path, metavar='DIR',
                        help='with --keep: where parse.json, growth.json, beside.json and api.json are, if anywhere')
    parser.add_argument('--strict', action='store_true', help='fail where a target is missed')
    args = parser.parse_args()
    if min(args.mails, args.pairs, args.delivers) < 1 or args.warm_up < 0:
        parser.error('--mails, --pairs and --delivers must be at least 1')
    if bool(args.archive) != bool(args.list_id):
        parser.error('--archive and --list-id go together')
    return args


def measure(args):
    directory = pathlib.Path(tempfile.mkdtemp(prefix='pm-bench-', dir=args.dir))
    directory.chmod(0o755)  # root's server runs as another user
    bench = None
    try:
        bench = Bench(args, directory)
        bench.run()
    finally:
        if bench:
            bench.server.stop()
        shutil.rmtree(directory, ignore_errors=True)
    bench.result.update(date=datetime.date.today().isoformat(), cpus=os.cpu_count(), machine=platform.machine())
    return bench.result


def main():
    args = parse_arguments()
    if not has_postgres():
        print('skipped: PostgreSQL is not there')
        return 77
    if args.corpus and not archives.CORPUS.exists():
        print(f'skipped: {archives.CORPUS} is not there')
        return 77
    for variable in [name for name in os.environ if name.startswith('PG')]:
        del os.environ[variable]
    # Who ends this program must not leave a server behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    result = measure(args)
    is_met = print_table(result)
    if args.json:
        args.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + '\n')
    if args.keep:
        keep(result, args.others)
    return 1 if args.strict and not is_met else 0


if __name__ == '__main__':
    sys.exit(main())
