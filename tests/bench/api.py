#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How many documents a second patchmail-api answers from a large database, and how long a client waits.

    api.py --patchmail P --patchmail-api P --load P [--patches N] [--seconds S] [--data DIR] [--json FILE]

Beside it stands pgbench, which fetches the same rows from the same server and makes nothing of them. README.md
says how to read it. Filling takes a while: --data DIR keeps the database there, and the next run finds it.
Ends with 0 whether targets are met or not (--strict: 1).
"""
import argparse
import json
import os
import pathlib
import random
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import shapes
from server import Server

FILL = pathlib.Path(__file__).with_name('fill.sql')
CLIENTS, CONNECTIONS_MAX = 16, 256
DETAIL_P99_MS, DETAIL_RATE, LIST_P99_MS, RSS_MIB, CPUS = 10, 2000, 30, 48, 2
# What clients ask for: all, page by page; the newest; those of a person, of a series, of a project.
LISTS = ['?page={few}', '?order=-date&page={few}', '?submitter={person}', '?series={series}', '?project=bench&order=-id&page={few}',
         '?order=-date&archived=false&per_page=30']
TICK = os.sysconf('SC_CLK_TCK')


def ticks(pid):
    """CPU of all its threads, in seconds; 0 where it has ended."""
    try:
        fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / TICK


def children(parent):
    for path in pathlib.Path('/proc').glob('[0-9]*/stat'):
        try:
            fields = path.read_text().rsplit(')', 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            yield int(path.parent.name)


class Bench:
    def __init__(self, args, work):
        self.args, self.work = args, work
        self.home = args.data or work / 'server'
        self.home.mkdir(parents=True, exist_ok=True)
        self.server = Server(self.home, args.patchmail)
        self.database = f'api{args.patches}'
        data = self.server.sql('show data_directory')[0][0]
        self.postmaster = int(pathlib.Path(data, 'postmaster.pid').read_text().split()[0])

    def stop(self):
        if self.args.data:
            self.server.shell('pm_pg_stop', self.home)
        else:
            self.server.stop()

    def prepare(self):
        """The database: made, or found and given the functions of this program."""
        known = [row[0] for row in self.server.sql('select datname from pg_database')]
        if self.database not in known:
            print(f'filling {self.args.patches} patches', file=sys.stderr, flush=True)
            for name in {'template', 'filling'} & set(known):
                self.server.drop(name)
            self.server.make_template(shapes.LIST)
            self.server.make('filling')
            sizes = {'patches': self.args.patches, 'people': max(100, self.args.patches // 100),
                     'heavy': self.args.patches // 10, 'headers': 1500, 'content': 600, 'diff': 2400}
            run = self.server.script(FILL, 'filling', **sizes)
            self.server.sql('vacuum (analyze)', 'filling')
            self.server.sql(f'alter database filling rename to {self.database}')
            print(f'filled in {run.seconds:.0f} s', file=sys.stderr, flush=True)
        self.server.run(self.database, '-q', 'init')
        self.server.sql('checkpoint')

    def start(self):
        self.socket = self.work / 'api.sock'
        (self.work / 'empty.conf').touch()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(self.work / 'manager'))
            api = subprocess.Popen(
                [self.args.patchmail_api, '--config', self.work / 'empty.conf', '-d', self.server.name(self.database),
                 '--listen', f'unix:{self.socket}', '--base-url', 'https://patches.example.org'],
                env={**os.environ, 'NOTIFY_SOCKET': str(self.work / 'manager')}, stderr=subprocess.DEVNULL)
            manager.settimeout(60)
            while b'READY=1' not in manager.recv(4096):
                pass
        return api

    def paths(self, form, n=20000):
        """A file of paths, made of random ids of patches."""
        path = self.work / 'paths'
        numbers = random.Random(4711)
        path.write_text('\n'.join(form(numbers.randint(1, self.args.patches)) for _ in range(n)) + '\n')
        return path

    def load(self, api, clients, form, seconds):
        """What api-load says, with CPU milliseconds a request of both sides of the database connection."""
        path = self.paths(form)
        before = ticks(api.pid), {pid: ticks(pid) for pid in children(self.postmaster)}
        done = subprocess.run([self.args.load, str(clients), str(seconds), self.socket, path], check=True,
                              capture_output=True, text=True)
        after = ticks(api.pid), {pid: ticks(pid) for pid in children(self.postmaster)}
        result = json.loads(done.stdout)
        if result['failed']:
            raise RuntimeError(f'not all requests were answered: {result}')
        n = result['requests']
        return {'clients': clients, 'rate': n / result['seconds'], 'bytes': result['bytes'] // n,
                'p50': result['p50'], 'p99': result['p99'], 'max': result['max'],
                'api_cpu_ms': (after[0] - before[0]) * 1000 / n,
                'database_cpu_ms': sum(time - before[1].get(pid, 0) for pid, time in after[1].items()) * 1000 / n}

    def pgbench(self, seconds):
        """Transactions a second, CPU of the server a transaction, of the rows alone."""
        script = self.work / 'rows.sql'
        script.write_text(f'\\set id random(1, {self.args.patches})\n'
                          'select p.id, p.msgid, p.date, p.name, p.headers, p.content, p.diff, r.name, u.email, s.name\n'
                          'from patchwork_patch p join patchwork_project r on r.id = p.project_id\n'
                          'join patchwork_person u on u.id = p.submitter_id join patchwork_series s on s.id = p.series_id\n'
                          'where p.id = :id;\n')
        before, backends = dead_ticks(self.postmaster), set(children(self.postmaster))
        done = subprocess.run([self.server.psql.parent / 'pgbench', '-n', '-M', 'prepared', '-f', script,
                               '-c', str(CLIENTS), '-j', '1', '-T', str(max(1, round(seconds))), self.server.name(self.database)],
                              check=True, capture_output=True, text=True)
        while set(children(self.postmaster)) - backends:  # not waited for yet
            select.select([], [], [], 0.02)
        n = int(re.search(r'actually processed: (\d+)', done.stdout)[1])
        return {'rate': float(re.search(r'tps = ([0-9.]+)', done.stdout)[1]),
                'database_cpu_ms': (dead_ticks(self.postmaster) - before) * 1000 / n}

    def measure(self):
        detail = lambda number: f'/api/patches/{number}/'  # noqa: E731
        listed = lambda number: '/api/patches/' + LISTS[number % len(LISTS)].format(  # noqa: E731
            few=1 + number % 50, person=1 + number % 1000, series=1 + number // 6)
        newest = lambda number: '/api/patches/?order=-date&state=new&state=under-review&archived=false'  # noqa: E731
        events = lambda number: f'/api/events/?page={1 + number % 50}'  # noqa: E731
        series = lambda number: f'/api/series/?order=-id&page={1 + number % 50}'  # noqa: E731
        seconds = self.args.seconds
        api = self.start()
        try:
            for form in detail, listed, newest, events, series:  # plans and pages become warm
                self.load(api, CLIENTS, form, max(1, seconds / 5))
            result = {'patches': self.args.patches,
                      'detail': self.load(api, CLIENTS, detail, seconds), 'detail, 1 client': self.load(api, 1, detail, seconds / 2),
                      'list of 30': self.load(api, CLIENTS, listed, seconds), 'list of new ones': self.load(api, CLIENTS, newest, seconds / 2),
                      'events': self.load(api, CLIENTS, events, seconds / 2), 'series': self.load(api, CLIENTS, series, seconds / 2),
                      f'detail, {CONNECTIONS_MAX}': self.load(api, CONNECTIONS_MAX, detail, seconds / 2),
                      'pgbench': self.pgbench(seconds)}
            status = pathlib.Path(f'/proc/{api.pid}/status').read_text()
            result['rss_mib'] = int(re.search(r'VmHWM:\s+(\d+)', status)[1]) / 1024
        finally:
            api.send_signal(signal.SIGTERM)
            api.wait()
        return result


def dead_ticks(pid):
    """CPU of the children it has waited for, in seconds."""
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / TICK


def report(result):
    """Prints it; returns whether all targets are met."""
    detail, listed, floor = result['detail'], result['list of 30'], result['pgbench']
    cpu = detail['api_cpu_ms'] + detail['database_cpu_ms']
    print(f'{result["patches"]} patches, documents of {detail["bytes"]} bytes, {CLIENTS} clients\n\n'
          f'detail, requests/s / pgbench of the rows alone  {detail["rate"] / floor["rate"]:8.2f}\n'
          f'detail, CPU of the server / pgbench             {detail["database_cpu_ms"] / floor["database_cpu_ms"]:8.2f}\n')
    rows = [('detail, requests/s', detail['rate'], f'>= {DETAIL_RATE}', detail['rate'] >= DETAIL_RATE),
            ('detail, p99 ms', detail['p99'], f'<= {DETAIL_P99_MS}', detail['p99'] <= DETAIL_P99_MS),
            (f'detail, CPU ms a request, all of {CPUS} CPUs', cpu, f'<= {1000 * CPUS / DETAIL_RATE:.2f}', cpu <= 1000 * CPUS / DETAIL_RATE),
            ('list of 30, p99 ms', listed['p99'], f'<= {LIST_P99_MS}', listed['p99'] <= LIST_P99_MS),
            (f'peak RSS with {CONNECTIONS_MAX} connections, MiB', result['rss_mib'], f'<= {RSS_MIB}', result['rss_mib'] <= RSS_MIB)]
    for name, value, target, is_met in rows:
        print(f'{name:44} {value:11.2f}  {target:>8} {"met" if is_met else "MISSED"}')
    print(f'\n{"":20} {"clients":>8} {"a second":>9} {"p50 ms":>7} {"p99 ms":>7} {"max ms":>7} {"CPU ms: api":>12} {"server":>7} {"bytes":>7}')
    for name, one in result.items():
        if isinstance(one, dict) and 'p99' in one:
            print(f'{name:20} {one["clients"]:8} {one["rate"]:9.0f} {one["p50"]:7.2f} {one["p99"]:7.2f} {one["max"]:7.1f} '
                  f'{one["api_cpu_ms"]:12.3f} {one["database_cpu_ms"]:7.3f} {one["bytes"]:7}')
    print(f'{"pgbench":20} {CLIENTS:8} {floor["rate"]:9.0f} {"":7} {"":7} {"":7} {"":12} {floor["database_cpu_ms"]:7.3f}')
    return all(is_met for _, _, _, is_met in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in 'patchmail', 'patchmail-api', 'load':
        parser.add_argument('--' + name, type=lambda path: pathlib.Path(path).resolve(), required=True)
    parser.add_argument('--patches', type=int, default=1000000)
    parser.add_argument('--seconds', type=float, default=10, help='of each measurement')
    parser.add_argument('--data', type=pathlib.Path, help='keep the database there, and use what is there')
    parser.add_argument('--dir', default='/var/tmp', help='where it goes otherwise: a disk with 15 GB')
    parser.add_argument('--json', type=pathlib.Path)
    parser.add_argument('--strict', action='store_true')
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = pathlib.Path(tempfile.mkdtemp(prefix='pm-api-', dir=args.dir))
    work.chmod(0o755)
    bench = None
    try:
        bench = Bench(args, work)
        bench.prepare()
        result = bench.measure()
    finally:
        if bench:
            bench.stop()
        shutil.rmtree(work, ignore_errors=True)
    is_met = report(result)
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + '\n')
    sys.exit(1 if args.strict and not is_met else 0)


main()
