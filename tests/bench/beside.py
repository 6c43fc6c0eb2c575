#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How long a sender waits for patchmaild while a replay stores into the same project.

    beside.py --patchmail P --patchmaild P [--mails N] [--json FILE]

One LMTP session sends mail after mail for as long as the replay of N others takes, and as many once more when it
is over. Times are from the dot to the reply. Ends with 0 whether the target is met or not (--strict: 1).
"""
import argparse
import itertools
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import archives
import shapes
from server import Server, start_daemon

MAX_MS = 200
# As many mails at least, so that there is a 99th percentile.
LEAST = 100


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def figures(seconds):
    return {'mails': len(seconds), **{f'p{p}': round(percentile(seconds, p) * 1000, 1) for p in (50, 99)},
            'max': round(max(seconds) * 1000, 1)}


class Session:
    """One LMTP session."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile('rb')
        self.expect(b'220')
        self.socket.sendall(b'LHLO bench.example.org\r\n')
        self.expect(b'250')

    def expect(self, code):
        while True:
            line = self.lines.readline()
            if not line.startswith(code):
                raise RuntimeError(f'want {code}, got {line}')
            if line[3:4] == b' ':
                return

    def send(self, mail):
        """Seconds until it was taken."""
        body = b'\r\n'.join(b'.' + line if line.startswith(b'.') else line for line in mail.splitlines()[1:])
        self.socket.sendall(b'MAIL FROM:<ada@example.org>\r\nRCPT TO:<demo@lists.example.org>\r\nDATA\r\n')
        for code in b'250', b'250', b'354':
            self.expect(code)
        self.socket.sendall(body + b'\r\n.\r\n')
        start = time.perf_counter()
        self.expect(b'250')
        return time.perf_counter() - start


def measure(args, server, work):
    archives.make(work / 'replayed.mbox', args.mails)
    with open(work / 'replayed.mbox', 'rb') as lines, open(work / 'sent.mbox', 'wb') as out:
        out.writelines(archives.rewritten(lines, 1))
    server.make_template(shapes.LIST)
    server.make('shared')
    daemon = start_daemon(args.patchmaild, work, server.name('shared'))
    replay = None
    try:
        session = Session(work / 'lmtp.sock')
        mails = shapes.mails_of(work / 'sent.mbox')
        session.send(next(mails))
        replay = subprocess.Popen(
            [args.patchmail, '--config', work / 'empty.conf', '-d', server.name('shared'), '-q', 'replay',
             work / 'replayed.mbox'], stdout=subprocess.DEVNULL)
        beside = []
        while replay.poll() is None:
            beside.append(session.send(next(mails)))
        if replay.returncode != 0:
            raise RuntimeError(f'the replay ended with {replay.returncode}')
        alone = [session.send(mail) for mail in itertools.islice(mails, max(LEAST, len(beside)))]
    finally:
        for process in filter(None, (replay, daemon)):
            process.send_signal(signal.SIGTERM)
            process.wait()
    return {'beside': figures(beside), 'alone': figures(alone)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in 'patchmail', 'patchmaild':
        parser.add_argument('--' + name, type=lambda path: pathlib.Path(path).resolve(), required=True)
    parser.add_argument('--mails', type=int, default=10000)
    parser.add_argument('--dir', default='/var/tmp')
    parser.add_argument('--json', type=pathlib.Path)
    parser.add_argument('--strict', action='store_true')
    args = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix='pm-beside-', dir=args.dir))
    work.chmod(0o755)
    server = None
    try:
        (work / 'empty.conf').touch()
        server = Server(work / 'server', args.patchmail)
        result = measure(args, server, work)
    finally:
        if server:
            server.stop()
        shutil.rmtree(work, ignore_errors=True)
    beside, alone = result['beside'], result['alone']
    is_met = beside['max'] <= MAX_MS
    print(f'a mail beside a replay / alone, median    {beside["p50"] / alone["p50"]:6.1f}\n'
          f'                                    p99    {beside["p99"] / alone["p99"]:6.1f}\n\n'
          f'{"ms":16} {"mails":>6} {"p50":>7} {"p99":>7} {"max":>7}')
    for name, row in result.items():
        print(f'{name:16} {row["mails"]:6} {row["p50"]:7.1f} {row["p99"]:7.1f} {row["max"]:7.1f}')
    print(f'target: at most {MAX_MS} ms beside a replay: {"met" if is_met else "MISSED"}')
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + '\n')
    sys.exit(1 if args.strict and not is_met else 0)


main()
