#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What mails that are made to hurt cost to read (tests/db/hostilemails.py), and whether that is linear.

For each shape: CPU time and peak memory of "patchmail explain FILE" for a mail of --bytes, and the ratio
to one of a quarter, of which the start of the process is taken off. No database is needed.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'db'))
import hostilemails  # noqa: E402

RATIO_MAX, SECONDS_MAX, MEBIBYTES_MAX = 6, 2, 256
# Shorter times say nothing of growth.
SECONDS_MIN = 0.05


def cost_of(args, path, runs):
    """(seconds, MiB), the least of some runs."""
    best = None
    for _ in range(runs):
        process = subprocess.Popen([args.patchmail, '--config', path.with_name('empty.conf'), 'explain', '--list-id', hostilemails.LIST, path],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 65):
            sys.exit(f'explain ended with {process.returncode}: {path}')
        best = min(best or (1e9, 0), (usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    return best


def write(path, shape, size):
    """In a child: what we have in memory at exec would count as its peak."""
    pid = os.fork()
    if pid == 0:
        path.write_bytes(shape(size))
        os._exit(0)
    os.waitpid(pid, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--patchmail', default='build/daemon/patchmail')
    parser.add_argument('--bytes', type=int, default=25000000)
    parser.add_argument('--runs', type=int, default=2)
    parser.add_argument('--shape', default='', help='only those with this in their name')
    parser.add_argument('--json', type=pathlib.Path)
    parser.add_argument('--strict', action='store_true', help='end with 1 where a target is missed')
    args = parser.parse_args()
    missed, figures = [], {}
    with tempfile.TemporaryDirectory(dir='/var/tmp') as directory:
        path = pathlib.Path(directory) / 'hostile.eml'
        path.with_name('empty.conf').touch()
        path.write_bytes(hostilemails.plain(b'Hello.\n'))
        start = cost_of(args, path, 5)[0]
        for name, shape in hostilemails.SHAPES.items():
            if args.shape not in name:
                continue
            write(path, shape, args.bytes // 4)
            small = max(0, cost_of(args, path, args.runs)[0] - start)
            write(path, shape, args.bytes)
            seconds, mebibytes = cost_of(args, path, args.runs)
            ratio = max(0, seconds - start) / max(small, SECONDS_MIN / 4)
            is_missed = seconds > SECONDS_MAX or mebibytes > MEBIBYTES_MAX or \
                seconds > SECONDS_MIN and ratio > RATIO_MAX
            missed += [name] * is_missed
            figures[name] = {'seconds': seconds, 'mebibytes': mebibytes, 'ratio': ratio}
            print(f'{name:36} {seconds:6.2f} s {mebibytes:6.0f} MiB  ratio {ratio:5.2f}{"  MISSED" if is_missed else ""}',
                  flush=True)
    print(f'{len(figures)} shapes of {args.bytes} bytes: at most {max(f["seconds"] for f in figures.values()):.2f} s, '
          f'{max(f["mebibytes"] for f in figures.values()):.0f} MiB; {len(missed)} missed')
    if args.json:
        args.json.write_text(json.dumps(figures))
    sys.exit(bool(args.strict and missed))


main()
