#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What each statement reads, by how much there is: explain (analyze, buffers) of all of a replay.

    statements.py --patchmail P [--mails N] [--sizes 10000,1000000] [--json FILE]

Replays archives that move much about (shuffled, in reverse, again, odd shapes) into databases of different
sizes (fill.sql), with auto_explain on all statements, foreign key checks included. Pages read do not depend on
the machine or on what else it does: where a statement needs more of them in the larger database than its
indexes are deeper, something grows with the tables. Names statements that read a table whole, or sort more
than a batch has rows. Ends with 1 if there is one.
"""
import argparse
import collections
import json
import pathlib
import re
import shutil
import sys
import tempfile

import archives
import shapes
from server import ROOT, Server

FILL = pathlib.Path(__file__).with_name('fill.sql')
# An index on a million rows is one level deeper than one on ten thousand, and so may each look-up be.
GROWTH_MAX = 2.0
SORT_MAX = 2048
# Tables of a few dozen rows, which stay small.
SMALL = {'patchwork_project', 'patchwork_state', 'patchwork_tag', 'patchwork_delegationrule', 'meta', 'auth_user',
         'pg_class', 'pg_attribute', 'pg_depend', 'pg_namespace'}
# What is read once a replay or once a minute; it is bounded by the configuration.
BOUNDED = {'quarantine'}


def statement_names():
    """Text of each statement of a batch as the server sees it, blanks aside -> its name."""
    names = {}
    for path in sorted((ROOT / 'sql' / 'statements').glob('*.sql')):
        if re.match('(check|count|discard|list|schema|session|show)_|(insert|update|remove)_project', path.stem):
            continue
        text = ''.join(line for line in path.open() if not line.startswith('--'))
        names[' '.join(text.split())] = path.stem
    return names


def plans(log):
    """The plans that auto_explain wrote into the server's log."""
    lines = None
    for line in log:
        if lines is not None and line.startswith('\t'):
            lines.append(line)
            continue
        if lines:
            yield json.loads(''.join(lines))
        lines = [] if line.rstrip().endswith('plan:') else None
    if lines:
        yield json.loads(''.join(lines))


def nodes(plan):
    yield plan
    for child in plan.get('Plans', []):
        yield from nodes(child)


class Statement:
    def __init__(self):
        self.calls = self.pages = self.rows = 0
        self.faults = set()

    def add(self, plan):
        self.calls += 1
        self.pages += plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
        for node in nodes(plan):
            # What the batch brought, rows of its arrays, and what was found for it, which may lie on a page each.
            if node['Node Type'] in ('Function Scan', 'ProjectSet', 'Index Scan', 'Index Only Scan', 'Bitmap Heap Scan'):
                self.rows += node['Actual Rows'] * node['Actual Loops']
            table = node.get('Relation Name')
            if node['Node Type'] == 'Seq Scan' and table not in SMALL | BOUNDED:
                self.faults.add(f'reads all of {table}')
            if node['Node Type'].endswith('Sort') and node['Actual Rows'] > SORT_MAX:
                self.faults.add(f'sorts {node["Actual Rows"]} rows')
            if 'Index Name' in node and node['Node Type'] != 'Bitmap Heap Scan' and 'Index Cond' not in node:
                self.faults.add(f'reads all of {node["Index Name"]}') if node['Actual Rows'] > 1 else None

    def pages_a_row(self):
        return self.pages / max(self.rows, self.calls)


def measure(server, work, patches, archive):
    name = f'filled{patches}'
    print(f'filling {patches} patches', file=sys.stderr, flush=True)
    server.make(name)
    server.script(FILL, name, patches=patches, people=max(100, patches // 100), heavy=patches // 10, headers=200,
                  content=200, diff=400)
    server.sql('vacuum (analyze)', name)
    for setting, value in {'log_min_duration': 0, 'log_analyze': 'on', 'log_buffers': 'on', 'log_timing': 'off',
                           'log_format': 'json', 'log_nested_statements': 'on'}.items():
        server.sql(f"alter database {name} set auto_explain.{setting} = '{value}'")
    server.sql(f"alter database {name} set session_preload_libraries = 'auto_explain'")
    log = work / 'server' / 'postgres' / 'data' / 'log'
    begin = log.stat().st_size
    for config, path in archive:
        server.run(name, '--config', work / config, '-q', 'replay', '--list-id', shapes.LIST, path)
    found, names = collections.defaultdict(Statement), statement_names()
    with open(log, errors='replace') as lines:
        lines.seek(begin)
        for item in plans(lines):
            text = ' '.join(item['Query Text'].split())
            is_check = text.startswith('SELECT 1 FROM ONLY')
            label = 'check of ' + text.split('"')[3] if is_check else names.get(text)
            if label:
                found[label].add(item['Plan'])
    server.drop(name)
    return found


def write_backwards(mails, path):
    with open(path, 'wb') as out:
        out.writelines(archives.rewritten(b''.join(list(mails)[::-1]).splitlines(keepends=True), 2))


def make_archives(work, mails):
    """(configuration, path)s: what makes a replay send as many kinds of statements as possible."""
    (work / 'many.conf').touch()
    (work / 'few.conf').write_text('[ingest]\nbatch-messages = 3\n')
    (work / 'one.conf').write_text('[ingest]\nbatch-messages = 1\n')
    archives.make(work / 'plain.mbox', mails)
    # Newest first: replies are held, covers come last, all of it moves.
    write_backwards(shapes.mails_of(work / 'plain.mbox'), work / 'other.mbox')
    # All that senders do, in which even series come and go.
    cases = sorted((ROOT / 'tests' / 'situations' / 'cases').glob('*.mbox'))
    write_backwards((mail for case in cases for mail in shapes.mails_of(case)), work / 'cases.mbox')
    shapes.thread(work / 'thread.mbox', mails // 4)
    # By somebody who wrote nothing before: the heavy person's mails are the denser the more there are.
    shapes.person(work / 'person.mbox', mails // 4, 'Eva Eager <eva@example.org>')
    return [('many.conf', work / 'plain.mbox'), ('few.conf', work / 'other.mbox'),
            ('many.conf', work / 'thread.mbox'), ('few.conf', work / 'person.mbox'), ('one.conf', work / 'cases.mbox'),
            ('many.conf', work / 'plain.mbox')]


def print_table(sizes, found):
    """Prints it; returns what it says, by statement, and whether all is well."""
    small, large = found[0], found[-1]
    print(f'{"statement":34} {"pages a row,":>13} {"by size":>10} {"ratio":>7}   calls')
    is_well, result = True, {}
    for name in sorted(set(small) | set(large)):
        before, after = small.get(name), large.get(name)
        faults = set().union(*(one[name].faults for one in found if name in one))
        figures = [round(one.pages_a_row(), 1) if one else None for one in (before, after)]
        ratio = round(figures[1] / max(figures[0], 1), 2) if None not in figures else None
        if ratio is not None and ratio > GROWTH_MAX and figures[1] > 10:
            faults.add('GROWS')
        is_well = is_well and not faults
        result[name] = {'pages': figures, 'ratio': ratio, 'faults': sorted(faults)}
        print(f'{name:34} {figures[0] or 0:13.1f} {figures[1] or 0:10.1f} {ratio or 0:7.2f} '
              f'{(after or before).calls:7} {"; ".join(sorted(faults))}')
    never = sorted(set(statement_names().values()) - set(result))
    print('not sent: ' + ', '.join(never))
    print(f'target: at most {GROWTH_MAX} times as many pages with {sizes[-1]} patches as with {sizes[0]}')
    return result, is_well


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--patchmail', type=pathlib.Path, default='build/daemon/patchmail')
    parser.add_argument('--mails', type=int, default=2000)
    parser.add_argument('--sizes', default='10000,1000000')
    parser.add_argument('--dir', default='/var/tmp')
    parser.add_argument('--json', type=pathlib.Path)
    args = parser.parse_args()
    sizes = [int(size) for size in args.sizes.split(',')]
    work = pathlib.Path(tempfile.mkdtemp(prefix='pm-statements-', dir=args.dir))
    work.chmod(0o755)
    server = None
    try:
        server = Server(work / 'server', args.patchmail.resolve())
        server.make_template(shapes.LIST)
        archive = make_archives(work, args.mails)
        found = [measure(server, work, patches, archive) for patches in sizes]
    finally:
        if server:
            server.stop()
        shutil.rmtree(work, ignore_errors=True)
    result, is_well = print_table(sizes, found)
    if args.json:
        args.json.write_text(json.dumps({'sizes': sizes, 'statements': result}, indent=1) + '\n')
    sys.exit(not is_well)


main()
