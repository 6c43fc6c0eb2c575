# SPDX-License-Identifier: GPL-2.0-or-later
"""A private PostgreSQL with its default settings, durable ones, and programs run on it.

Databases are copied from one that patchmail init made, and each copy is followed by a
checkpoint, so that a measurement finds the server at rest.
"""
import os
import pathlib
import re
import shlex
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Run:
    """What one process took: wall and CPU seconds, peak RSS in MiB, and what it printed."""

    def __init__(self, command, stdin=None):
        command = [str(word) for word in command]
        started = time.perf_counter()
        # close_fds would make subprocess fork where it could spawn.
        child = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, close_fds=False)
        self.output = child.stdout.read().decode(errors='replace')
        _, status, usage = os.wait4(child.pid, 0)
        self.seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        child.stdout.close()
        self.cpu = usage.ru_utime + usage.ru_stime
        self.rss = usage.ru_maxrss / 1024
        if child.returncode != 0:
            raise subprocess.CalledProcessError(child.returncode, command)


def start_daemon(patchmaild, directory, conninfo):
    """A patchmaild that listens on directory/lmtp.sock, with defaults otherwise, once it is ready."""
    (directory / 'empty.conf').touch()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(directory / 'manager'))
        daemon = subprocess.Popen(
            [patchmaild, '--config', directory / 'empty.conf', '-d', conninfo, '--listen', f'unix:{directory}/lmtp.sock'],
            env={**os.environ, 'NOTIFY_SOCKET': str(directory / 'manager')}, stderr=subprocess.DEVNULL)
        manager.settimeout(60)
        while b'READY=1' not in manager.recv(4096):
            pass
    (directory / 'manager').unlink()
    return daemon


class Server:
    def __init__(self, directory, patchmail):
        self.directory, self.patchmail = directory, patchmail
        self.conninfo = self.shell('pm_pg_start', directory)
        self.psql = pathlib.Path(self.shell('pm_pg_bindir'), 'psql')

    def stop(self):
        self.shell('pm_pg_stop', self.directory, '--remove')

    def shell(self, *words):
        """Runs a function of contrib/lib/private-postgres.sh."""
        script = '. contrib/lib/private-postgres.sh; ' + shlex.join(str(word) for word in words)
        # The server must not hold on to the pipe that is read here.
        done = subprocess.run(['bash', '-c', script], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.strip()

    def name(self, database):
        """The libpq string of a database."""
        return re.sub(r'dbname=\S+', 'dbname=' + database, self.conninfo)

    def sql(self, query, database='patchmail'):
        """The rows that a query gives, as lists of text."""
        done = subprocess.run([self.psql, '-XAtq', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-c', query,
                               self.name(database)], stdout=subprocess.PIPE, text=True, check=True)
        return [line.split('\t') for line in done.stdout.splitlines()]

    def script(self, path, database, **variables):
        words = [f'--set={name}={value}' for name, value in variables.items()]
        return Run([self.psql, '-Xq', '-v', 'ON_ERROR_STOP=1', *words, '-f', path, self.name(database)])

    def run(self, database, *words, stdin=None):
        """Runs patchmail with options and a command."""
        return Run([self.patchmail, '-d', self.name(database), *words], stdin=stdin)

    def make_template(self, list_id):
        self.sql('create database template')
        self.run('template', '-q', 'init')
        self.run('template', '-q', 'project', 'add', 'bench', '--name', 'Bench', '--list-id', list_id,
                 '--list-email', list_id.replace('.', '@', 1))

    def make(self, database, template='template'):
        self.sql(f'create database {database} template {template}')
        self.sql('checkpoint')

    def drop(self, database):
        self.sql(f'drop database {database}')
