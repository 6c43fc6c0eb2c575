# SPDX-License-Identifier: GPL-2.0-or-later
"""Between libpq and PostgreSQL: passes messages on, one by one, until it is told to cut."""
import socket
import struct
import threading

CLIENT, SERVER = 'client', 'server'
PASS, CUT, LAST, HOLE = 'pass', 'cut', 'last', 'hole'


class Proxy:
    """A server's socket in a directory of its own.

    decide(who, kind, body) says of each message, in its order, what becomes of it: PASS; CUT, both
    connections end and it is not passed on; LAST, it is, and then they end; HOLE, from now on nothing
    of this connection is passed on, and nothing is closed. kind is its letter, '' for the first of a
    client.
    """

    def __init__(self, directory, server_directory):
        directory.mkdir()
        self.directory, self.server = directory, str(server_directory / '.s.PGSQL.5432')
        self.decide = lambda who, kind, body: PASS
        self.is_dark, self.light = False, threading.Event()
        self.lock = threading.Lock()
        self.sockets = set()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(directory / '.s.PGSQL.5432'))
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self.server)
            except OSError:
                client.close()
                continue
            self.sockets |= {client, server}
            dark = threading.Event()
            for who, source, sink in [(CLIENT, client, server), (SERVER, server, client)]:
                threading.Thread(target=self.pump, args=[who, source, sink, dark], daemon=True).start()

    def pump(self, who, source, sink, dark):
        file = source.makefile('rb')
        is_first = who == CLIENT
        try:
            while True:
                kind = b'' if is_first else file.read(1)
                size = file.read(4)
                if len(size) < 4:
                    break
                body = file.read(struct.unpack('>I', size)[0] - 4)
                is_first = False
                with self.lock:
                    verdict = self.decide(who, kind.decode(), body)
                if verdict == HOLE or self.is_dark:
                    dark.set()
                if dark.is_set():
                    continue
                if verdict == CUT:
                    break
                sink.sendall(kind + size + body)
                if verdict == LAST:
                    break
        except (OSError, ValueError):
            pass
        # An end is as little passed on as anything else.
        if dark.is_set() or self.is_dark:
            self.light.wait()
        for one in (source, sink):
            self.end(one)

    def darken(self):
        """As where packets are swallowed: nothing gets through, and nothing is closed."""
        self.light.clear()
        self.is_dark = True

    def lighten(self):
        """What comes from now on gets through; what was swallowed never does."""
        self.is_dark = False
        self.light.set()

    @staticmethod
    def end(one):
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def cut_all(self):
        """As where a cable is pulled: all connections end."""
        for one in list(self.sockets):
            self.end(one)
        self.sockets.clear()

    def close(self):
        self.lighten()
        self.listener.close()
        self.cut_all()


class CutAt:
    """Cuts once: at message n of one side, counted from when a batch begins."""

    def __init__(self, who, n):
        self.who, self.left, self.is_done = who, n, False
        self.has_begun = False

    def __call__(self, who, kind, body):
        self.has_begun = self.has_begun or (who == CLIENT and kind == 'B' and b'\0begin\0' in body[:8])
        if self.is_done or not self.has_begun or who != self.who:
            return PASS
        self.left -= 1
        self.is_done = self.left == 0
        return CUT if self.is_done else PASS


class CutAtCommit:
    """Cuts once, around COMMIT. before: it never reaches the server; sent: at once when it has been sent;
    answered: the server has done it, and its answer is lost."""

    def __init__(self, where):
        self.where, self.is_sent, self.is_done = where, False, False

    def __call__(self, who, kind, body):
        if self.is_done:
            return PASS
        if who == CLIENT and kind == 'B' and b'\0commit\0' in body[:9]:
            self.is_sent = True
            if self.where == 'before':
                return self.cut()
        if who == CLIENT and kind == 'S' and self.is_sent and self.where == 'sent':
            self.is_done = True
            return LAST
        if who == SERVER and kind == 'C' and body.startswith(b'COMMIT') and self.is_sent:
            return self.cut()
        return PASS

    def cut(self):
        self.is_done = True
        return CUT
