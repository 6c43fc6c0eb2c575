#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts what meson test left in the given build directories, for tests/run.

Prints the output of each failed test, each skipped test case with its reason, and last the
line "N passed, N failed, N skipped". A test that speaks TAP counts by its cases, any other as
one. A directory without results is a failure.
"""
import json
import pathlib
import re
import sys

OUTPUT_MAX = 8000
CASE = re.compile(r'^(not )?ok\b\s*\d*\s*-?\s*([^#\n]*?)\s*(?:#\s*(SKIP|TODO)\b\s*(.*))?$', re.I | re.M)


def read_log(build):
    path = pathlib.Path(build, 'meson-logs', 'testlog.json')
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(errors='replace').splitlines()]


class Count:
    def __init__(self):
        self.passed = self.failed = 0
        self.skipped = []

    def add_test(self, name, test):
        output = test.get('stdout') or ''
        cases = list(CASE.finditer(output)) if re.search(r'^1\.\.\d+|^TAP version', output, re.M) else []
        skipped = [c for c in cases if (c[3] or '').upper() in ('SKIP', 'TODO')]
        broken = [c for c in cases if c[1] and c not in skipped]
        self.skipped += [(f'{name} {c[2]}'.strip(), c[4] or 'no reason given') for c in skipped]
        self.passed += len(cases) - len(skipped) - len(broken)
        if test['result'] in ('OK', 'EXPECTEDFAIL'):
            self.passed += not cases
        elif test['result'] == 'SKIP':
            if not skipped:
                reason = re.search(r'(?i)skip\w*:?\s+(.*)', output + (test.get('stderr') or ''))
                self.skipped.append((name, reason[1] if reason else 'no reason given'))
        else:
            self.failed += max(1, len(broken))
            self.show(name, test)

    def show(self, name, test):
        print(f'\n== {name}: {test["result"].lower()}, status {test.get("returncode")}')
        print('command: ' + ' '.join(test['command']))
        for stream in ('stdout', 'stderr'):
            text = (test.get(stream) or '').rstrip()
            if text:
                print(f'-- {stream}{" (its end)" if len(text) > OUTPUT_MAX else ""}\n{text[-OUTPUT_MAX:]}')


def main():
    count = Count()
    for build in sys.argv[1:]:
        tests = read_log(build)
        if not tests:
            print(f'\n== {build}: no test was run')
            count.failed += 1
        for test in tests:
            count.add_test(f'{build}: {test["name"]}', test)
    print()
    for name, reason in count.skipped:
        print(f'skipped: {name}: {reason}')
    print(f'{count.passed} passed, {count.failed} failed, {len(count.skipped)} skipped')
    return count.failed > 0 or count.passed == 0


if __name__ == '__main__':
    sys.exit(main())
