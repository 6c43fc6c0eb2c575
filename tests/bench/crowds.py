#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What clients cost that are many, slow, silent or loud: memory and CPU of patchmaild, and how long others
wait meanwhile. README.md says how to read it; tests/system/floods looks at the bounds.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import sys

parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
parser.add_argument('--patchmail', default='build/daemon/patchmail')
parser.add_argument('--patchmaild', default='build/daemon/patchmaild')
parser.add_argument('--clients', type=int, default=500)
parser.add_argument('--seconds', type=int, default=20, help='how long slow clients send a byte a second')
parser.add_argument('--bytes', type=int, default=10_000_000, help='of large mails')
parser.add_argument('--json', type=pathlib.Path)
ARGS = parser.parse_args()
os.environ.update(PATCHMAIL=str(pathlib.Path(ARGS.patchmail).resolve()), PATCHMAILD=str(pathlib.Path(ARGS.patchmaild).resolve()))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'system'))
from load import *  # noqa: E402, F403

resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
FIGURES = {}
ENVELOPE = b'LHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<list@example.org>\r\nDATA\r\n'


def cpu_seconds(daemon):
    fields = pathlib.Path(f'/proc/{daemon.process.pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def peak(daemon):
    """KiB, at most so far."""
    status = pathlib.Path(f'/proc/{daemon.process.pid}/status').read_text()
    return int(re.search(r'VmHWM:\s+(\d+)', status)[1])


class Others:
    """Somebody else who sends mail after mail meanwhile, and looks at the time each takes."""

    def __init__(self, daemon):
        self.daemon, self.is_over, self.took = daemon, threading.Event(), []
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        n = 0
        while not self.is_over.is_set():
            begin = time.monotonic()
            with self.daemon.connect() as client:
                client.send(patch(f'other.{id(self)}.{n}@example.org', f'[PATCH] {n}'))
            self.took.append(1000 * (time.monotonic() - begin))
            n += 1
            self.is_over.wait(0.02)

    def end(self):
        self.is_over.set()
        self.thread.join()
        return self.took


def measure(name, text, act, **kwargs):
    """act(daemon) returns what there is to say of it."""
    db = server.prepared()
    with Daemon(db, text, **kwargs) as daemon:
        with contextlib.suppress(OSError):
            daemon.connect().close()
        before, begin = daemon.rss(), time.monotonic()
        others = None if kwargs.get('conninfo') else Others(daemon)
        said = act(daemon, db)
        took = others.end() if others else []
        growth, cpu = (peak(daemon) - before) / 1024, cpu_seconds(daemon)
        log = daemon.log.stat().st_size / 1024
    FIGURES[name] = {'mebibytes': growth, 'cpu': cpu, 'seconds': time.monotonic() - begin, 'log_kib': log,
                     'median_ms': statistics.median(took) if took else None, 'max_ms': max(took, default=None)}
    waits = f'{statistics.median(took):5.1f} / {max(took):6.1f} ms' if took else ' ' * 18
    print(f'{name:24} +{growth:5.1f} MiB  {cpu:5.2f} s of CPU in {FIGURES[name]["seconds"]:5.1f}  others {waits}  '
          f'log {log:6.0f} KiB  {said}', flush=True)
    server.drop(db)


def mail_of(n, text='x\n'):
    return on_the_wire(mail(f'crowd.{n}@example.org', f'[PATCH] crowd {n}', text)) + b'.\r\n'


def slow(daemon, _db):
    """A byte a second on each connection."""
    clients = [daemon.connect(lhlo=False) for _ in range(ARGS.clients)]
    wires = [ENVELOPE + mail_of(n) for n in range(ARGS.clients)]
    tick = threading.Event()
    begin = time.monotonic()
    for second in range(ARGS.seconds):
        for client, wire in zip(clients, wires):
            client.say(wire[second:second + 1])
        tick.wait(max(0, begin + second + 1 - time.monotonic()))
    for client, wire in zip(clients, wires):
        client.say(wire[ARGS.seconds:])
    replies = collections.Counter(' '.join(client.reply()[:3] for _ in range(6)).split()[-1] for client in clients)
    return f'{dict(replies)}'


def half_open(daemon, _db):
    clients = [daemon.connect(lhlo=False) for _ in range(ARGS.clients)]
    for client in clients:
        with contextlib.suppress(ConnectionError):
            client.say(ENVELOPE + b'Subject: half\r\n')
    n = 0
    for client in clients:
        with contextlib.suppress(ConnectionError):
            while client.line():
                pass
        n += 1
    return f'{n} given up'


def flood(command):
    def act(daemon, _db):
        clients = [daemon.connect(lhlo=False) for _ in range(20)]
        for client in clients:
            client.socket.setblocking(False)
        sent = 0
        for _ in range(200):
            for client in clients:
                with contextlib.suppress(BlockingIOError, ConnectionError):
                    sent += client.socket.send(command)
        for client in clients:
            client.close()
        return f'{sent / 1048576:.0f} MiB taken'
    return act


def at_once(count, size):
    """So many mails of so many bytes, all at once."""
    def act(daemon, _db):
        text = 'line of a long text\n' * (size // 20)
        replies = collections.Counter()

        def send(n):
            with daemon.connect() as client:
                replies[client.send(mail(f'crowd.{n}@example.org', f'[PATCH] {n}', text))[0][:3]] += 1
        threads = [threading.Thread(target=send, args=[n]) for n in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return f'{dict(replies)}'
    return act


def queue(daemon, db):
    """Mails wait, since somebody holds the lock that they need; then all are stored."""
    clients = [daemon.connect() for _ in range(ARGS.clients)]
    with contextlib.closing(dbtest.Psql(db.conninfo)) as holder:
        holder.run('begin; select pg_advisory_xact_lock(1886216557, id) from patchwork_project')
        for n, client in enumerate(clients):
            client.envelope()
            client.say(mail_of(n))
        holder.run('rollback')
    replies = collections.Counter(client.reply()[:3] for client in clients)
    return f'{dict(replies)}'


def not_stored(daemon, _db):
    one = mail_of(0)
    with daemon.connect() as client:
        for _ in range(5000):
            client.envelope()
            client.say(one)
            client.reply()
    return '5000 mails, database away'


room = f'[lmtp]\nmax-connections = {ARGS.clients + 50}\n'
measure('slow clients', room, slow)
measure('half-open', room + 'idle-timeout = 5\ndata-timeout = 5\n', half_open)
measure('flood of NOOP', '', flood(b'NOOP\r\n' * 5000))
measure('flood of no commands', '', flood(b'x' * 30000 + b'\r\n'))
measure('flood without line end', '', flood(b'x' * 30000))
measure('30 large mails', '', at_once(30, ARGS.bytes))
measure('queue', room, queue)
measure('mails not stored', '', not_stored, conninfo=f'host={work}')
if ARGS.json:
    ARGS.json.write_text(json.dumps(FIGURES))
