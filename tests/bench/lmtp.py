#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How many mails a second patchmaild stores, at 1, 4, 16 and 64 sessions, and how long a sender waits.

    lmtp.py --patchmail P --patchmaild P --load P [--mails N] [--sizes 2-20] [--json FILE]

Beside it stand, in the same run and on the same disk, Dovecot's LMTP into a Maildir with the same
mails and senders, and pgbench: one row of 4 KiB a transaction, from as many clients.
README.md says more.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import archives
import dovecot
from server import Server, start_daemon

SESSIONS = [1, 4, 16, 64]
PGBENCH_SECONDS = 4


class Daemon:
    """patchmaild, ready."""

    def __init__(self, args, work, conninfo):
        self.socket = work / 'lmtp.sock'
        self.process = start_daemon(args.patchmaild, work, conninfo)

    def stop(self):
        """CPU seconds and peak RSS in MiB."""
        self.process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def send_all(args, work, sessions, path, *recipient):
    """What lmtp-load says, and mails a second."""
    done = subprocess.run([args.load, str(sessions), path, work / 'mails.mbox', *recipient], check=True,
                          capture_output=True, text=True)
    result = json.loads(done.stdout)
    return {**result, 'rate': result['mails'] / result['seconds']}


def measure(args, server, work, sessions):
    server.make('load')
    daemon = Daemon(args, work, server.name('load'))
    result = send_all(args, work, sessions, daemon.socket)
    cpu, rss = daemon.stop()
    stored = int(server.sql("select count(*) from patchmail.message where kind <> 'g'", 'load')[0][0])
    if result['refused'] or stored != result['mails']:
        raise RuntimeError(f'{stored} are stored: {result}')
    server.drop('load')
    return {**result, 'sessions': sessions, 'cpu_ms': cpu * 1000 / result['mails'], 'rss': rss}


def measure_dovecot(args, work, sessions):
    home = work / 'dovecot'
    other = dovecot.Dovecot(home)
    try:
        result = send_all(args, work, sessions, other.socket, dovecot.USER)
        delivered = other.delivered()
    finally:
        cpu = other.stop()
    if result['refused'] or delivered != result['mails']:
        raise RuntimeError(f'Dovecot delivered {delivered}: {result}; its log:\n{other.log()}')
    shutil.rmtree(home)
    return {**result, 'cpu_ms': cpu * 1000 / result['mails']}


def pgbench(server, work, clients):
    """Commits a second and the 99th percentile of their times in milliseconds."""
    server.sql("set client_min_messages = error; drop table if exists floor; create table floor (t text); "
               "alter table floor alter t set storage external")
    script = work / 'floor.sql'
    script.write_text(f"insert into floor values (repeat('{os.urandom(16).hex()}', 128));\n")
    done = subprocess.run([server.psql.parent / 'pgbench', '-n', '-M', 'prepared', '-f', script, '-c', str(clients),
                           '-j', '1', '-T', str(PGBENCH_SECONDS), '-l', '--log-prefix', work / 'commits',
                           server.name('patchmail')], check=True, capture_output=True, text=True)
    times = []
    for log in work.glob('commits.*'):
        # client, number, microseconds ...
        times += [int(line.split()[2]) for line in log.read_text().splitlines()]
        log.unlink()
    times.sort()
    return {'rate': float(re.search(r'tps = ([0-9.]+)', done.stdout)[1]), 'p50': times[len(times) // 2] / 1000,
            'p99': times[len(times) * 99 // 100] / 1000}


def table(title, columns, results):
    print(f'\n{title}\n' + '  '.join(f'{name:>{max(len(name), 8)}}' for name, _, _ in columns))
    for one in results:
        cells = []
        for name, form, value in columns:
            cells.append(f'{format(value(one), form) if value(one) is not None else "-":>{max(len(name), 8)}}')
        print('  '.join(cells))


def of(*names):
    """A value deep in a result; None where it was not measured."""
    def look(one):
        for name in names:
            one = one.get(name) if one else None
        return one
    return look


def ratio(above, below):
    return lambda one: above(one) / below(one) if below(one) else None


def report(results):
    table('ratios', [
        ('sessions', 'd', of('sessions')),
        ('patchmail/Dovecot', '.2f', ratio(of('rate'), of('dovecot', 'rate'))),
        ('patchmail/pgbench', '.2f', ratio(of('rate'), of('pgbench', 'rate'))),
        ('p99 patchmail/pgbench', '.2f', ratio(of('p99'), of('pgbench', 'p99'))),
    ], results)
    for title, key in [('patchmail', ()), ('Dovecot', ('dovecot',)), ('pgbench', ('pgbench',))]:
        columns = [('sessions', 'd', of('sessions')), ('a second', '.0f', of(*key, 'rate')),
                   ('p50 ms', '.2f', of(*key, 'p50')), ('p99 ms', '.2f', of(*key, 'p99'))]
        if title != 'pgbench':
            columns.append(('CPU ms/mail', '.2f', of(*key, 'cpu_ms')))
        if title == 'patchmail':
            columns.append(('peak RSS MiB', '.1f', of('rss')))
        table(title, columns, results)


def make_mails(args, work):
    """Writes the mails; returns the list they are of."""
    path, made = work / 'mails.mbox', work / 'made.mbox'
    if args.archive:
        shutil.copyfile(args.archive, made)
    else:
        archives.make(made, args.mails)
    if args.sizes:
        archives.grow(made, path, *args.sizes)
        made.unlink()
    else:
        made.rename(path)
    sizes = sorted(archives.sizes(path))
    print(f'{len(sizes)} mails of {sizes[0]} to {sizes[-1]} bytes, median {sizes[len(sizes) // 2]}, '
          f'mean {sum(sizes) // len(sizes)}', flush=True)
    return args.list_id or archives.MADE_LIST


def size_range(text):
    least, most = text.split('-')
    return int(least) * 1024, int(most) * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ['patchmail', 'patchmaild', 'load']:
        parser.add_argument('--' + name, type=pathlib.Path, required=True)
    parser.add_argument('--mails', type=int, default=4000, help='how many to make')
    parser.add_argument('--archive', type=pathlib.Path, help='send those of this mbox instead')
    parser.add_argument('--list-id', help='the list whose archive it is')
    parser.add_argument('--sizes', type=size_range, metavar='LEAST-MOST', help='make mails larger: KiB')
    parser.add_argument('--sessions', type=int, nargs='+', default=SESSIONS)
    parser.add_argument('--dir', default='/var/tmp', help='where databases and mailboxes go: a disk')
    parser.add_argument('--json', type=pathlib.Path, metavar='FILE', help='write the figures there')
    args = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix='pm-load-', dir=args.dir))
    work.chmod(0o755)
    server = None
    missing = dovecot.why_missing()
    if missing:
        print(f'without Dovecot: {missing}')
    try:
        (work / 'empty.conf').touch()
        list_id = make_mails(args, work)
        server = Server(work / 'server', args.patchmail)
        server.make_template(list_id)
        results = []
        for n in args.sessions:
            print(f'{n} sessions', file=sys.stderr, flush=True)
            one = measure(args, server, work, n)
            one['dovecot'] = None if missing else measure_dovecot(args, work, n)
            one['pgbench'] = pgbench(server, work, n)
            results.append(one)
        report(results)
        if args.json:
            args.json.write_text(json.dumps(results, indent=1) + '\n')
    finally:
        if server:
            server.stop()
        shutil.rmtree(work, ignore_errors=True)


main()
