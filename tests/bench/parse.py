#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What reading a mail takes, beside GMime alone: CPU time, so that what else runs matters little.

    parse.py --load build/tests/bench/parse-load [--mails N | --corpus | --archive FILE --list-id ID] [--json FILE]

README.md says what is compared. Ends with 0 whether the target is met or not (--strict: 1).
"""
import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import archives

RATIO_MAX = 2.0


def measure(load, mode, archive, list_id):
    done = subprocess.run([load, mode, archive, list_id], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--load', type=pathlib.Path, default='build/tests/bench/parse-load')
    parser.add_argument('--mails', type=int, default=20000)
    parser.add_argument('--corpus', action='store_true')
    parser.add_argument('--archive', type=pathlib.Path)
    parser.add_argument('--list-id', default=archives.MADE_LIST)
    parser.add_argument('--pairs', type=int, default=5)
    parser.add_argument('--dir', default='/var/tmp')
    parser.add_argument('--json', type=pathlib.Path)
    parser.add_argument('--strict', action='store_true')
    args = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix='pm-parse-', dir=args.dir))
    try:
        archive, list_id = args.archive, args.list_id
        if archive is None:
            archive = work / 'archive.mbox'
            if args.corpus:
                archives.unpack(archives.CORPUS, archive)
                list_id = archives.CORPUS_LIST
            else:
                archives.make(archive, args.mails)
        runs = [{mode: measure(args.load.resolve(), mode, archive, list_id) for mode in ('bare', 'read', 'all')}
                for _ in range(args.pairs)]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    ratio = statistics.median(run['all']['us'] / run['bare']['us'] for run in runs)
    us = {mode: round(statistics.median(run[mode]['us'] for run in runs), 1) for mode in runs[0]}
    is_met = ratio <= RATIO_MAX
    print(f'read, classify, correlate / bare GMime    {ratio:6.2f}   <= {RATIO_MAX} {"met" if is_met else "MISSED"}\n'
          f'CPU us a mail: GMime alone                {us["bare"]:6.1f}\n'
          f'               read and classify          {us["read"]:6.1f}\n'
          f'               and correlate              {us["all"]:6.1f}\n'
          f'{runs[0]["all"]["mails"]} mails, {runs[0]["all"]["series"]} series')
    if args.json:
        args.json.write_text(json.dumps({'ratio': round(ratio, 2), 'us': us, 'mails': runs[0]['all']['mails']},
                                        indent=1) + '\n')
    sys.exit(1 if args.strict and not is_met else 0)


main()
