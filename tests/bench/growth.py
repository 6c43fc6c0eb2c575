#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does a mail cost more where there is more of everything?

    growth.py --patchmail P [--mails N] [--pairs N] [--sizes 10000,100000,1000000] [--json FILE]

Replays the same archive into databases that hold ever more patches (fill.sql makes them), beside
COPY of the same rows into the same database; then archives of odd shapes (shapes.py), each short and
long. README.md says how to read it. Ends with 0 whether targets are met or not (--strict: 1).
"""
import argparse
import json
import pathlib
import shutil
import signal
import statistics
import sys
import tempfile

import archives
import shapes
from server import Server

BASE_RATE_MIN, COPY_MAX, LONGER_MAX = 0.75, 2.0, 1.5
FILL = pathlib.Path(__file__).with_name('fill.sql')
# Mails by one person, in the short and the long archive; mails of one thread.
SHORT = 10


def say(text):
    print(text, file=sys.stderr, flush=True)


class Growth:
    def __init__(self, args, work):
        self.args, self.work = args, work
        self.server = Server(work / 'server', args.patchmail)
        (work / 'one.conf').write_text('[ingest]\nbatch-messages = 1\n')
        (work / 'many.conf').touch()
        self.archive = work / 'archive.mbox'
        archives.make(self.archive, args.mails)
        # Other mails of the same kind, which make pages warm.
        self.warm = work / 'warm.mbox'
        with open(self.archive, 'rb') as lines, open(self.warm, 'wb') as out:
            out.writelines(archives.rewritten(lines, 1))

    def replay(self, database, archive, config='many.conf'):
        run = self.server.run(database, '--config', self.work / config, '--json', 'replay', archive)
        return run, json.loads(run.output.splitlines()[-1])

    def fill(self, patches):
        """A database with so many patches, one tenth of them by one person."""
        name = f'filled{patches}'
        self.server.make(name)
        sizes = {'patches': patches, 'people': max(100, patches // 100), 'heavy': patches // 10,
                 'headers': self.args.bytes, 'content': self.args.bytes, 'diff': self.args.bytes * 3}
        self.server.script(FILL, name, **sizes)
        self.server.sql('vacuum (analyze)', name)
        return name

    # ---- the same rows by COPY

    def high(self, database):
        """The highest id of each of Patchwork's tables that a replay writes."""
        tables = [row[0] for row in self.server.sql(
            "select table_name from information_schema.columns where table_name like 'patchwork%' "
            "and column_name = 'id' order by 1", database)]
        ids = self.server.sql('select ' + ', '.join(f'(select coalesce(max(id), 0) from {table})' for table in tables),
                              database)[0]
        return dict(zip(tables, map(int, ids)))

    def export(self, database, low, high, name):
        """A psql script that stores the rows between two such."""
        lines = ['set default_toast_compression = lz4;', 'begin;']
        for table, last in high.items():
            if last > low[table]:
                path = self.work / f'{name}.{table}'
                self.server.sql(f"\\copy (select * from {table} where id > {low[table]} and id <= {last}) to '{path}' "
                                'with (format binary)', database)
                lines.append(f"\\copy {table} from '{path}' with (format binary)")
        script = self.work / f'{name}.sql'
        script.write_text('\n'.join(lines + ['commit;', '']))
        return script

    def pair(self, filled):
        """Seconds of a replay and of COPY, each into a copy of the database, pages warm."""
        self.server.make('grown', filled)
        marks = [self.high('grown')]
        for archive in self.warm, self.archive:
            run, summary = self.replay('grown', archive)
            marks.append(self.high('grown'))
        scripts = [self.export('grown', *marks[i:i + 2], f'part{i}') for i in range(2)]
        self.server.drop('grown')
        self.server.make('grown', filled)
        copy = [self.server.script(script, 'grown').seconds for script in scripts][-1]
        self.server.drop('grown')
        return run.seconds, copy, summary['mails']

    def measure_size(self, patches):
        say(f'filling {patches} patches')
        filled = self.fill(patches)
        replays, ratios = [], []
        for _ in range(self.args.pairs):
            seconds, copy, mails = self.pair(filled)
            say(f'{patches}: replay {seconds:.2f} s, COPY {copy:.2f} s')
            replays.append(seconds)
            ratios.append(seconds / copy)
        heavy = self.measure_heavy(filled)
        self.server.drop(filled)
        return {'patches': patches, 'mails_s': round(mails / statistics.median(replays)),
                'copy_ratio': round(statistics.median(ratios), 2), 'heavy_mails_s': heavy}

    def measure_heavy(self, filled):
        """Mails a second by the person who has a tenth of all patches, on the days when they were sent."""
        path = self.work / 'heavy.mbox'
        shapes.person(path, self.args.mails, hours=30)
        self.server.make('grown', filled)
        run, summary = self.replay('grown', path)
        self.server.drop('grown')
        return round(summary['mails'] / run.seconds)

    # ---- shapes

    def measure_shape(self, name, write, mails, config):
        """CPU and wall milliseconds a mail of an archive and of one that is a tenth as long."""
        figures = []
        for length in mails // SHORT, mails:
            path = self.work / 'shape.mbox'
            write(path, length)
            self.server.make('shape')
            run, summary = self.replay('shape', path, config)
            self.server.drop('shape')
            figures.append((run.seconds / summary['mails'] * 1000, run.rss))
        say(f'{name}: {figures[0][0]:.2f} and {figures[1][0]:.2f} ms a mail')
        return {'shape': name, 'mails': mails, 'ratio': round(figures[1][0] / figures[0][0], 2),
                'ms': [round(ms, 3) for ms, _ in figures], 'rss_mib': round(figures[1][1], 1)}

    def shapes(self):
        def repeated(path, mails):
            plain = self.work / 'plain.mbox'
            archives.make(plain, mails * 3 // 4)
            shapes.duplicates(plain, path)

        n = self.args.shape_mails
        yield self.measure_shape('a thread', shapes.thread, n, 'many.conf')
        yield self.measure_shape('a thread, mail by mail', shapes.thread, n, 'one.conf')
        yield self.measure_shape('one person, every three hours', shapes.person, n, 'many.conf')
        yield self.measure_shape('one person, every 30 hours',
                                 lambda path, mails: shapes.person(path, mails, hours=30), n, 'many.conf')
        yield self.measure_shape('the same titles every 400 days',
                                 lambda path, mails: shapes.again(path, mails, hours=400 * 24), n, 'many.conf')
        yield self.measure_shape('a quarter known', repeated, n, 'many.conf')

    def run(self):
        self.server.make_template(shapes.LIST)
        sizes = [self.measure_size(patches) for patches in self.args.sizes]
        for size in sizes:
            size['base_ratio'] = round(size['mails_s'] / sizes[0]['mails_s'], 2)
        return {'mails': self.args.mails, 'sizes': sizes, 'shapes': list(self.shapes())}


def verdict(is_met):
    return 'met' if is_met else 'MISSED'


def print_table(result):
    """Prints it; returns whether all targets are met."""
    met = []
    print(f'{result["mails"]} mails into a database that holds\n'
          f'{"patches":>10} {"of first":>9} {"":6} {"/ COPY":>7} {"":6} {"mails/s":>8} {"of the heavy person":>20}')
    for size in result['sizes']:
        met += [size['base_ratio'] >= BASE_RATE_MIN, size['copy_ratio'] <= COPY_MAX]
        print(f'{size["patches"]:10} {size["base_ratio"]:9.2f} {verdict(met[-2]):6} {size["copy_ratio"]:7.2f} '
              f'{verdict(met[-1]):6} {size["mails_s"]:8} {size["heavy_mails_s"]:20}')
    print(f'targets: >= {BASE_RATE_MIN} of the first, <= {COPY_MAX} times COPY\n\n'
          f'{"time a mail in an archive of":32} {"mails":>6} {"/ of a tenth":>12} {"":6} {"ms":>7} {"RSS MiB":>8}')
    for shape in result['shapes']:
        met.append(shape['ratio'] <= LONGER_MAX)
        print(f'{shape["shape"]:32} {shape["mails"]:6} {shape["ratio"]:12.2f} {verdict(met[-1]):6} '
              f'{shape["ms"][1]:7.2f} {shape["rss_mib"]:8.1f}')
    print(f'target: <= {LONGER_MAX} times')
    return all(met)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--patchmail', type=pathlib.Path, default='build/daemon/patchmail')
    parser.add_argument('--mails', type=int, default=4000)
    parser.add_argument('--pairs', type=int, default=3)
    parser.add_argument('--sizes', default='10000,100000,1000000')
    parser.add_argument('--shape-mails', type=int, default=5000)
    parser.add_argument('--bytes', type=int, default=300, help='of headers and text of what is there, a third of a diff')
    parser.add_argument('--dir', default='/var/tmp')
    parser.add_argument('--json', type=pathlib.Path)
    parser.add_argument('--strict', action='store_true')
    args = parser.parse_args()
    args.sizes = [int(size) for size in args.sizes.split(',')]
    args.patchmail = args.patchmail.resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = pathlib.Path(tempfile.mkdtemp(prefix='pm-growth-', dir=args.dir))
    work.chmod(0o755)
    growth = None
    try:
        growth = Growth(args, work)
        result = growth.run()
    finally:
        if growth:
            growth.server.stop()
        shutil.rmtree(work, ignore_errors=True)
    is_met = print_table(result)
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + '\n')
    sys.exit(1 if args.strict and not is_met else 0)


main()
