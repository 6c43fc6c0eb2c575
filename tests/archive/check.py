#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds contrib/make-archive to what it promises, so that other tests may believe its truth.

    check.py MAKE-ARCHIVE

The sample is the same each time; its mails are those of the truth; each diff is the one whose
digest the truth gives; and the final versions of all series apply with git am, in order.
Ends with 77 (skipped) where there is no git.
"""
import email
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SEPARATOR = re.compile(rb'^From mboxrd@z Thu Jan  1 00:00:00 1970\n', re.M)


def make(program, directory, name):
    box, truth = directory / f'{name}.mbox', directory / f'{name}.json'
    subprocess.run([sys.executable, program, '--sample', '-o', box, '--truth', truth], check=True)
    return box.read_bytes(), json.loads(truth.read_text())


def expect(what, got, want):
    if got != want:
        sys.exit(f'{what}: got {got!r}, want {want!r}')


def check_diffs(truth, mails):
    for msgid, patch in truth['patches'].items():
        body = email.message_from_bytes(mails[msgid]).get_payload(decode=True)
        diff = body[body.index(b'diff --git '):body.rindex(b'-- \n')]
        expect(f'digest of {msgid}', hashlib.sha256(diff).hexdigest(), patch['diff_sha256'])


def check_applies(truth, mails, directory):
    final = {series['id'].split('.')[0]: series for series in truth['series']}
    wanted = [msgid for series in final.values() for msgid in series['patches']]
    box = directory / 'final.mbox'
    box.write_bytes(b''.join(b'From mboxrd@z Thu Jan  1 00:00:00 1970\n' + mails[m] for m in wanted))
    git = ['git', '-c', 'user.name=A Dev', '-c', 'user.email=dev@example.org', '-c', 'commit.gpgsign=false']
    tree = directory / 'tree'
    subprocess.run(['git', 'init', '-q', tree], check=True)
    subprocess.run([*git, 'am', '-q', '--patch-format=mboxrd', box], cwd=tree, check=True)
    log = subprocess.run(['git', 'log', '--format=%s'], cwd=tree, check=True, capture_output=True, text=True)
    expect('commits', log.stdout.split('\n')[-2::-1], [truth['patches'][m]['subject'] for m in wanted])


def main():
    if not shutil.which('git'):
        print('skipped: git is not there')
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        box, truth = make(sys.argv[1], directory, 'one')
        again, same_truth = make(sys.argv[1], directory, 'two')
        expect('a second run', (again == box, same_truth == truth), (True, True))
        texts = SEPARATOR.split(box)[1:]
        mails = {email.message_from_bytes(text)['Message-ID'].strip('<>'): text for text in texts}
        expect('mails', list(mails), truth['order'])
        check_diffs(truth, mails)
        check_applies(truth, mails, directory)


if __name__ == '__main__':
    main()
