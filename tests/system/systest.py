# SPDX-License-Identifier: GPL-2.0-or-later
"""What the system tests share: patchmaild as a child, and waiting for what it does.

On top of tests/db/dbtest.py, which starts a private PostgreSQL and counts. PATCHMAILD names the
daemon that is tested. Nothing waits for a time: wait_for() looks again and again until what is
waited for has come, or a deadline has passed, which is a failure.
"""
import contextlib
import http.client
import os
import pathlib
import select
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'db'))
import dbtest  # noqa: E402
from dbtest import *  # noqa: E402, F401, F403

PATCHMAILD = os.environ.get('PATCHMAILD', str(dbtest.ROOT / 'build' / 'daemon' / 'patchmaild'))
# What patchmaild is run under; HACKING.md has it for valgrind.
WRAPPER = os.environ.get('PM_WRAPPER', '').split()
WRAPPER_FAILED = 99
# For what comes at once on a quiet machine: a failure is never that it was slow.
PATIENCE = 600 if WRAPPER else 180
# What takes longer waited for something that it should not have waited for.
AT_ONCE = 60
RECIPIENT = 'list@example.org'
dbtest.TIME_LIMIT = 9000 if WRAPPER else 900
# What must reach the programs under test also where what starts them clears the environment.
SANITIZERS = {name: os.environ[name] for name in ['ASAN_OPTIONS', 'LSAN_OPTIONS', 'UBSAN_OPTIONS']
              if name in os.environ}


def wait_for(what, condition, seconds=PATIENCE):
    """As in dbtest.py, with more patience."""
    return dbtest.wait_for(what, condition, seconds)


def needs(*programs):
    """Ends the test program as skipped where one of these is not installed."""
    for program in programs:
        if not shutil.which(program, path=os.environ['PATH'] + ':/usr/sbin:/sbin'):
            skip_all(f'{program} is not installed')


def skip_all(why):
    print(f'1..0 # SKIP {why}', flush=True)
    sys.exit(0)


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


# ---- PostgreSQL, taken away


def crash_server():
    """Stops PostgreSQL as a power cut would: nobody is told, nothing is finished."""
    server.admin.close()
    for db in server.databases:
        db.close()
    done = bash('. "$1"; bin=$(pm_pg_bindir) && home=$(pm_pg_home "$2") && '
                'pm_pg_as "$bin/pg_ctl" -D "$home/data" -m immediate -w -s stop',
                dbtest.ROOT / 'contrib/lib/private-postgres.sh', server.dir)
    if done.returncode != 0:
        raise RuntimeError(f'could not stop PostgreSQL: {done.stderr}')


@contextlib.contextmanager
def database_away():
    crash_server()
    try:
        yield
    finally:
        server.start()


# ---- patchmaild


class Daemon:
    """One patchmaild on a unix socket and, if asked, on a free port of 127.0.0.1."""

    count = 0

    def __init__(self, db, text='', tcp=False, args=(), conninfo=None, env=(), start=True):
        Daemon.count += 1
        self.dir = work / f'daemon-{Daemon.count}'
        self.dir.mkdir()
        self.config = self.dir / 'patchmail.conf'
        self.config.write_text(text)
        self.socket = self.dir / 'lmtp.sock'
        self.log = self.dir / 'log'
        self.port = free_port() if tcp else None
        self.conninfo = conninfo or db.conninfo
        self.args = args
        self.env = dict(env)
        self.process = self.notify = None
        if start:
            self.start()

    def command(self, listens=True):
        listen = ['--listen', f'unix:{self.socket}']
        listen += ['--listen', f'tcp:127.0.0.1:{self.port}'] if self.port else []
        return [*WRAPPER, PATCHMAILD, '--config', str(self.config), '-d', self.conninfo,
                *((self.args or listen) if listens else [])]

    def start(self, ready=True, command=None, **kwargs):
        """Starts it, and waits until it says that it is ready."""
        self.notify = Notify(self.dir / f'notify-{time.monotonic_ns()}')
        with open(self.log, 'ab') as log:
            self.process = subprocess.Popen(
                command or self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **self.env, 'NOTIFY_SOCKET': str(self.notify.path)}, **kwargs)
        running.append(self)
        if ready:
            self.notify.expect('READY=1', self)
        return self

    def kill(self):
        self.process.kill()
        self.process.wait()

    def terminate(self):
        """SIGTERM; returns the exit status."""
        self.process.terminate()
        return self.wait()

    def wait(self, seconds=PATIENCE):
        return self.process.wait(seconds)

    def reload(self, text=None):
        """SIGHUP, and waits until it is ready again."""
        if text is not None:
            self.config.write_text(text)
        self.notify.drain()
        self.process.send_signal(signal.SIGHUP)
        self.notify.expect('RELOADING=1', self)
        self.notify.expect('READY=1', self)

    def stop(self):
        if WRAPPER:
            self.end_wrapped()
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.notify:
            self.notify.close()
        if self in running:
            running.remove(self)

    def end_wrapped(self):
        """Ends it so that the wrapper has its say, and fails where it is not content."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        if self.process and self.process.returncode == WRAPPER_FAILED:
            self.process.returncode = 0  # said once
            raise RuntimeError(f'{WRAPPER[0]} found errors:\n{self.said()}')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def said(self):
        return self.log.read_text(errors='replace')

    def rss(self):
        """Resident KiB."""
        status = pathlib.Path(f'/proc/{self.process.pid}/status').read_text()
        return int(re.search(r'VmRSS:\s+(\d+)', status)[1])

    def has_own_allocator(self):
        """Whether a sanitizer or valgrind makes its memory say nothing."""
        maps = pathlib.Path(f'/proc/{self.process.pid}/maps').read_text()
        return any(name in maps for name in ('libasan', 'libtsan', 'vgpreload'))

    def connect(self, lhlo=True, tcp=False):
        return Client(('127.0.0.1', self.port) if tcp else str(self.socket), lhlo)


class Notify:
    """The socket that systemd would have."""

    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.path.chmod(0o666)

    def drain(self):
        self.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                self.socket.recv(4096)

    def expect(self, line, daemon):
        """Waits for a datagram that has this line; returns all its lines."""
        deadline = time.monotonic() + PATIENCE
        self.socket.settimeout(0.1)
        while time.monotonic() < deadline:
            with contextlib.suppress(TimeoutError):
                lines = self.socket.recv(4096).decode().split('\n')
                if line in lines or any(one.startswith(line) for one in lines):
                    return lines
                continue
            if daemon.process.poll() is not None:
                break
        raise TimeoutError(f'{line} was not said; the log:\n{daemon.said()[-2000:]}')

    def close(self):
        self.socket.close()
        self.path.unlink(missing_ok=True)


def stop_all():
    for daemon in list(running):
        daemon.stop()


running = []
atexit.register(stop_all)


# ---- a client that does what it is told


class Client:
    """LMTP by hand: say() sends bytes, reply() reads one reply, as "250 2.0.0 text"."""

    def __init__(self, address, lhlo=True, timeout=PATIENCE):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(address)
        self.buffer = b''
        if lhlo:
            self.greeting = self.reply()
            self.capabilities = self.ask('LHLO client.example')

    def say(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode() + b'\r\n')

    def line(self):
        """One line; "" at the end."""
        while b'\n' not in self.buffer:
            got = self.socket.recv(65536)
            if not got:
                left, self.buffer = self.buffer, b''
                return left.decode()
            self.buffer += got
        line, self.buffer = self.buffer.split(b'\n', 1)
        return line.decode().rstrip('\r')

    def reply(self):
        """One reply, its lines joined by "/"; "" when the server has closed."""
        lines = [self.line()]
        while lines[-1][3:4] == '-':
            lines.append(self.line())
        return '/'.join(lines)

    def ask(self, command):
        self.say(command)
        return self.reply()

    def envelope(self, *recipients, sender='ada@example.org'):
        """Up to and with DATA; returns the replies."""
        commands = [f'MAIL FROM:<{sender}>']
        commands += [f'RCPT TO:<{r}>' for r in recipients or [RECIPIENT]] + ['DATA']
        self.say('\r\n'.join(commands))
        return [self.reply() for _ in commands]

    def send(self, mail, *recipients, **kwargs):
        """A whole mail; returns the replies after the data, or the one that refused it."""
        replies = self.envelope(*recipients, **kwargs)
        if not replies[-1].startswith('354'):
            return replies
        self.say(on_the_wire(mail) + b'.\r\n')
        return [self.reply() for r in replies[1:-1] if r.startswith('250')]

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def on_the_wire(mail):
    """With CRLF and stuffed dots."""
    raw = mail.encode() if isinstance(mail, str) else mail
    raw = re.sub(rb'\r?\n', b'\r\n', raw)
    raw = re.sub(rb'(?m)^\.', b'..', raw)
    return raw if raw.endswith(b'\r\n') else raw + b'\r\n'


def get(port, path):
    """(status, body) over HTTP."""
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=PATIENCE)
    connection.request('GET', path)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, body


# ---- rows


def rows_of(db, *kinds):
    """The rows without ids and without headers, which servers on the way add to."""
    return sorted(re.sub(r'"headers": "[0-9a-f]*", ', '', line) for line in dump(db, *kinds))


def message_ids(mails):
    return sorted(re.search(rb'(?mi)^Message-ID:\s*(<[^>]+>)', one)[1].decode() for one in mails)


server = dbtest.server
