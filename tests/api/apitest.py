# SPDX-License-Identifier: GPL-2.0-or-later
"""patchmail-api as a child, and requests to it. PATCHMAIL_API names the program that is tested."""
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'db'))
import dbtest  # noqa: E402
from dbtest import *  # noqa: E402, F401, F403

PATCHMAIL_API = os.environ.get('PATCHMAIL_API', str(dbtest.ROOT / 'build' / 'daemon' / 'patchmail-api'))
PATIENCE = 60
_ports = iter(range(100))


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    def __getitem__(self, name):
        return self.headers.get(name.lower())


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__('localhost', timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.path)


class Api:
    """A patchmail-api on a database; BASE is what links begin with where base is not said."""

    def __init__(self, db, *options, text='', base=None, tcp=False):
        number = next(_ports)
        self.socket = str(work / f'api-{number}.sock')
        self.log = work / f'api-{number}.log'
        listen = 'tcp:127.0.0.1:0' if tcp else f'unix:{self.socket}'
        options_of_file = config(text)
        self.config = pathlib.Path(options_of_file[1])
        command = [PATCHMAIL_API, *options_of_file, '-d', db.conninfo, '--listen', listen, *options]
        if base:
            command += ['--base-url', base]
        with open(self.log, 'wb') as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log)
        atexit.register(self.process.kill)
        started = wait_for('patchmail-api', lambda: self.process.poll() is not None or
                           re.search(r'event=started .*listen="?([^"\n]*)', self.log.read_text()))
        if started is True:
            raise RuntimeError('patchmail-api ended: ' + self.log.read_text())
        self.port = int(started[1].rsplit(':', 1)[1]) if tcp else None
        self.url = f'http://127.0.0.1:{self.port}'
        self.connection = None

    def connect(self):
        if self.port:
            return http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE)
        return UnixConnection(self.socket)

    def ask(self, method, path, body=None, headers=None):
        """On one connection that stays."""
        self.connection = self.connection or self.connect()
        try:
            self.connection.request(method, path, body, headers or {})
            return Answer(self.connection.getresponse())
        except (http.client.HTTPException, OSError):
            self.connection = None
            raise

    def get(self, path, **headers):
        return self.ask('GET', path, headers={k.replace('_', '-'): v for k, v in headers.items()})

    def raw(self, data, is_whole=True):
        """Sends bytes; all that comes back until the other side closes. Not is_whole: goes away at once."""
        connection = self.connect()
        connection.connect()
        connection.sock.sendall(data)
        out = b''
        if not is_whole:
            connection.close()
            return out
        try:
            while chunk := connection.sock.recv(65536):
                out += chunk
        except ConnectionResetError:
            pass
        connection.close()
        return out

    def memory(self):
        """Resident, in KiB."""
        return int(re.search(r'VmRSS:\s+(\d+)', pathlib.Path(f'/proc/{self.process.pid}/status').read_text())[1])

    def stop(self):
        """Its status; -1 where it had to be killed."""
        if self.connection:
            self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(PATIENCE)
            if status:
                print('# ' + '\n# '.join(self.log.read_text().splitlines()[-60:]), flush=True)
            return status
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return -1
