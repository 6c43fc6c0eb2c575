# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes repositories as public-inbox does, with git fast-import: version 1 (a file a mail) and
version 2 (an epoch a repository, a mail a commit), deletions, purges and edits.

    epoch = Epoch(path); epoch.add(mail), epoch.delete(mail); epoch.write()
"""
import hashlib
import os
import re
import subprocess

ENV = {'PATH': os.environ['PATH'], 'LC_ALL': 'C', 'GIT_CONFIG_NOSYSTEM': '1', 'GIT_CONFIG_GLOBAL': '/dev/null',
       'HOME': '/nonexistent', 'GIT_ALLOW_PROTOCOL': 'file'}


def git(*args, input=None):
    done = subprocess.run(['git', *map(str, args)], input=input, capture_output=True, env=ENV)
    if done.returncode != 0:
        raise RuntimeError(f'git {args}: {done.stderr.decode()}')
    return done.stdout.decode().strip()


def data(raw):
    return b'data %d\n' % len(raw) + raw + b'\n'


class Epoch:
    """A repository of version 2. What was added is written anew at each write(), as a rewriting
    of history does; commits that did not change keep their ids."""

    def __init__(self, path):
        self.path = path
        self.commits = []  # lists of fast-import's file commands
        git('init', '-q', '--bare', path)
        git('--git-dir', path, 'symbolic-ref', 'HEAD', 'refs/heads/master')

    def add(self, raw):
        self.commits.append([b'D d\n', b'M 100644 inline m\n' + data(raw)])

    def delete(self, raw):
        self.commits.append([b'D m\n', b'M 100644 inline d\n' + data(raw)])

    def edit(self, at, raw):
        self.commits[at] = [b'D d\n', b'M 100644 inline m\n' + data(raw)]

    def purge(self, at):
        """The commit stays, and holds what the one before it held."""
        self.commits[at] = []

    def write(self):
        stream = b'reset refs/heads/master\n'
        for number, changes in enumerate(self.commits):
            stream += (b'commit refs/heads/master\ncommitter A <a@example.org> %d +0000\n' % (1767600000 + number)
                       + data(b'mail %d' % number) + b''.join(changes))
        git('--git-dir', self.path, 'fast-import', '--quiet', '--force', input=stream)

    def tip(self):
        return git('--git-dir', self.path, 'rev-parse', 'HEAD')


class V1(Epoch):
    """A repository of version 1: the name of a file is made of the Message-ID."""

    @staticmethod
    def name(raw):
        msgid = re.search(rb'(?mi)^Message-ID: *<(.*)>', raw)[1]
        digest = hashlib.sha1(msgid).hexdigest().encode()
        return digest[:2] + b'/' + digest[2:]

    def add(self, raw):
        self.commits.append([b'M 100644 inline %s\n' % self.name(raw) + data(raw)])

    def delete(self, raw):
        self.commits.append([b'D %s\n' % self.name(raw)])
