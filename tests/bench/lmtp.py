#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How many mails a second patchmaild stores, at 1, 4, 16 and 64 sessions, and how long a sender waits.

    lmtp.py --patchmail P --patchmaild P --load P [--mails N] [--json FILE]

Each number of sessions has a database of its own in a private PostgreSQL with default settings,
and a daemon of its own. The mails are those of contrib/make-archive. Beside it stands pgbench in
the same run: one row of 4 KiB a transaction, from as many clients.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile

import archives
from server import Server

SESSIONS = [1, 4, 16, 64]
PGBENCH_SECONDS = 4


class Daemon:
    """patchmaild, ready."""

    def __init__(self, args, work, conninfo):
        self.socket = work / 'lmtp.sock'
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(work / 'manager'))
            self.process = subprocess.Popen(
                [args.patchmaild, '--config', work / 'empty.conf', '-d', conninfo, '--listen', f'unix:{self.socket}'],
                env={**os.environ, 'NOTIFY_SOCKET': str(work / 'manager')}, stderr=subprocess.DEVNULL)
            manager.settimeout(30)
            while b'READY=1' not in manager.recv(4096):
                pass
        (work / 'manager').unlink()

    def stop(self):
        """CPU seconds and peak RSS in MiB."""
        self.process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(args, server, work, sessions):
    server.make('load')
    daemon = Daemon(args, work, server.name('load'))
    done = subprocess.run([args.load, str(sessions), daemon.socket, work / 'mails.mbox'], check=True,
                          capture_output=True, text=True)
    result = json.loads(done.stdout)
    cpu, rss = daemon.stop()
    stored = int(server.sql("select count(*) from patchmail.message where kind <> 'g'", 'load')[0][0])
    if result['refused'] or stored != result['mails']:
        raise RuntimeError(f'{stored} are stored: {result}')
    server.drop('load')
    return {**result, 'sessions': sessions, 'rate': result['mails'] / result['seconds'],
            'cpu_ms': cpu * 1000 / result['mails'], 'rss': rss}


def pgbench(server, work, clients):
    """Commits a second."""
    server.sql("set client_min_messages = error; drop table if exists floor; create table floor (t text); "
               "alter table floor alter t set storage external")
    script = work / 'floor.sql'
    script.write_text(f"insert into floor values (repeat('{os.urandom(16).hex()}', 128));\n")
    done = subprocess.run([server.psql.parent / 'pgbench', '-n', '-M', 'prepared', '-f', script, '-c', str(clients),
                           '-j', '1', '-T', str(PGBENCH_SECONDS), server.name('patchmail')],
                          check=True, capture_output=True, text=True)
    return float(re.search(r'tps = ([0-9.]+)', done.stdout)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ['patchmail', 'patchmaild', 'load']:
        parser.add_argument('--' + name, type=pathlib.Path, required=True)
    parser.add_argument('--mails', type=int, default=4000)
    parser.add_argument('--dir', default='/var/tmp')
    parser.add_argument('--json', type=pathlib.Path)
    args = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix='pm-load-', dir=args.dir))
    work.chmod(0o755)
    server = None
    try:
        (work / 'empty.conf').touch()
        archives.make(work / 'mails.mbox', args.mails)
        server = Server(work / 'server', args.patchmail)
        server.make_template(archives.MADE_LIST)
        print('sessions  mails/s  p50 ms  p99 ms  CPU ms/mail  RSS MiB  pgbench commits/s')
        results = []
        for n in SESSIONS:
            one = measure(args, server, work, n)
            one['pgbench'] = pgbench(server, work, n)
            results.append(one)
            print(f'{n:8}  {one["rate"]:7.0f}  {one["p50"]:6.2f}  {one["p99"]:6.2f}  {one["cpu_ms"]:11.2f}  '
                  f'{one["rss"]:7.1f}  {one["pgbench"]:17.0f}', flush=True)
        if args.json:
            args.json.write_text(json.dumps(results, indent=1) + '\n')
    finally:
        if server:
            server.stop()
        shutil.rmtree(work, ignore_errors=True)


main()
