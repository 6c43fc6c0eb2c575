# SPDX-License-Identifier: GPL-2.0-or-later
"""A machine on which commands of the papers are tried, as they stand there.

What they name by fixed paths is below one folder instead: MAPPED is replaced in what is run, and put back
in what it says. Programs are those that `meson install` put there. A few of the system's own, which would
change this machine, are told to work below that folder.
"""
import http.server
import threading

from mta import *
from systest import *

import blocks

BUILD = pathlib.Path(dbtest.PATCHMAIL).resolve().parents[1]
SHIM = '#!/bin/bash\n# What the papers call, told where.\nset -eu\n'
SHIMS = {
    # Enables for real, and wants each unit to be there; nothing can be started without an init.
    'systemctl': '''
verb=$1; shift
for unit in "$@"; do
    case $unit in
    --now|postfix*|postgresql*) ;;
    *) test -e "$ROOT/usr/local/lib/systemd/system/$(sed 's/@.*\\./@./' <<<"$unit")" || { echo "no unit $unit" >&2; exit 1; } ;;
    esac
done
[ "$verb" != enable ] || PATH=/usr/bin:/bin systemctl --root="$ROOT" enable "${@/--now/--quiet}"
''',
    'systemd-sysusers': 'mkdir -p "$ROOT/etc"; /usr/bin/systemd-sysusers --root="$ROOT"\n'
                        'grep -q "^patchmail:" "$ROOT/etc/passwd"\n'
                        'echo "postfix:x:10001:10001::/:/bin/false" >>"$ROOT/etc/passwd"\n',
    'systemd-tmpfiles': '/usr/bin/systemd-tmpfiles --root="$ROOT" "$@" "$ROOT/usr/local/lib/tmpfiles.d/patchmail.conf"\n'
                        'test -d "$ROOT/run/patchmail" && test -d "$ROOT/var/lib/patchmail"\n',
    'usermod': '/usr/sbin/usermod --prefix "$ROOT" "$@"\ngrep -q "^patchmail:.*postfix" "$ROOT/etc/group"\n',
    'apt-get': 'echo "a test installs nothing: $*" >&2; exit 100\n',
    'postmap': '/usr/sbin/postmap -c "$POSTFIX" "$@"\n',
    'sendmail': '/usr/sbin/sendmail -C "$POSTFIX" "$@"\n',
    'postqueue': '/usr/sbin/postqueue -c "$POSTFIX" "$@"\n',
    'build-series': 'echo "$1" >>built\n',
    'less': 'cat\n',
    # As us: there need not be such a user here. PostgreSQL may have the role already.
    'su': """
while [ "$1" != -c ]; do shift; done
case $2 in
"createuser patchmail") psql -q -c "select 1 from pg_roles where rolname = 'patchmail'" ;;
*) bash -c "$2" ;;
esac
""",
}


class World:
    def __init__(self):
        self.dir = work / 'world'
        self.here = self.dir / 'here'
        self.root = self.dir / 'root'
        self.bin = self.dir / 'bin'
        for path in (self.here, self.root, self.bin, self.dir / 'tmp', self.dir / 'run', self.dir / 'home',
                     self.dir / 'etc/patchmail', self.dir / 'etc/postfix', self.dir / 'var/lib/patchmail'):
            path.mkdir(parents=True)
        shutil.copytree(ROOT / 'contrib', self.here / 'contrib')
        (self.here / 'build').symlink_to(BUILD)
        self.http, self.metrics, self.tls = free_port(), free_port(), free_port()
        self.mapped = [
            ('/etc/patchmail', str(self.dir / 'etc/patchmail')), ('/etc/postfix', str(self.dir / 'etc/postfix')),
            ('/run/patchmail', str(self.dir / 'run')), ('/var/lib/patchmail', str(self.dir / 'var/lib/patchmail')),
            ('/srv/mirror', str(self.dir / 'srv')), ('unix:/tmp/lmtp', f'unix:{self.dir}/tmp/lmtp'), ('--socket /tmp/lmtp', f'--socket {self.dir}/tmp/lmtp'),
            ('/usr/local/bin', str(self.bin)), ('/usr/local/sbin', str(self.bin)), ('/usr/bin/patchmail', str(self.bin / 'patchmail')),
            ('127.0.0.1:8000', f'127.0.0.1:{self.http}'), ('127.0.0.1:9092', f'127.0.0.1:{self.metrics}'),
            ('tcp:*:2424', f'tcp:127.0.0.1:{self.tls}'),
        ]
        self.background = []
        self.db = None
        self.gitconfig = self.dir / 'gitconfig'
        self.gitconfig.write_text('[user]\nname = Ada Dev\nemail = ada@example.org\n[init]\ndefaultBranch = master\n'
                                  '[protocol "file"]\nallow = always\n')
        pg = dict(field.split('=', 1) for field in server.conninfo.split())
        self.env = {
            **{name: value for name, value in os.environ.items() if name not in ('PATCHMAIL_PAGER', 'PAGER')},
            'PATH': f'{self.bin}:{os.environ["PATH"]}:/usr/sbin:/sbin', 'HOME': str(self.dir / 'home'), 'ROOT': str(self.root),
            'POSTFIX': str(self.dir / 'etc/postfix'), 'DESTDIR': str(self.root), 'PGHOST': pg['host'], 'PGUSER': pg['user'],
            'PGDATABASE': 'patchwork', 'GIT_CONFIG_GLOBAL': str(self.gitconfig), 'GIT_CONFIG_NOSYSTEM': '1',
            'NO_PROXY': '*', 'LC_ALL': 'C.UTF-8'}
        self.install()
        atexit.register(self.end)

    def install(self):
        """The programs as `meson install` leaves them, each told of the configuration of this world."""
        subprocess.run(['meson', 'install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', self.root], check=True,
                       capture_output=True)
        for name, text in SHIMS.items():
            self.script(self.bin / name, SHIM + text)
        psql = server.call('pm_pg_bindir')
        for name in ('createdb', 'createuser', 'psql', 'pg_dump'):
            self.script(self.bin / name, f'{SHIM}exec {psql}/{name} "$@"\n')
        conf = self.dir / 'etc/patchmail/patchmail.conf'
        conf.touch()
        environment = ''.join(f'export {name}={shlex.quote(self.env[name])}\n' for name in ('PGHOST', 'PGUSER')) + ''.join(
            f'export {name}={shlex.quote(value)}\n' for name, value in SANITIZERS.items())
        for name in ('patchmail', 'patchmaild', 'patchmail-api'):
            program = next(self.root.rglob(f'*bin/{name}'), None)
            if program:
                self.script(self.bin / name, f'{SHIM}{environment}export PGDATABASE=${{PGDATABASE:-patchwork}}\n'
                                             f'exec {program} --config {conf} "$@"\n')

    def script(self, path, text):
        path.write_text(text)
        path.chmod(0o755)

    def into(self, text):
        """What the papers say, with the places of this world."""
        places = dict(self.mapped)
        return re.sub('|'.join(re.escape(word) for word in places), lambda found: places[found[0]], text)

    def out_of(self, text):
        for word, place in self.mapped:
            text = text.replace(place, word)
        return text

    def run(self, script, cwd=None):
        """(status, standard output and error) of a script of the papers; what it starts with & goes on."""
        script = self.into(script)
        if script.rstrip().endswith('&'):
            return self.start(script.rstrip()[:-1])
        done = subprocess.run(['bash', '-e', '-o', 'pipefail', '-c', script], cwd=cwd or self.here, env=self.env,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, self.out_of(done.stdout.decode('utf-8', 'replace'))

    def start(self, script):
        """In the background, until end(); where it listens, that is waited for."""
        log = open(self.dir / f'log-{len(self.background)}', 'w+b')
        process = subprocess.Popen(['bash', '-c', 'exec ' + script.strip()], cwd=self.here, env=self.env,
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.background.append(process)
        for address in re.findall(r'--listen (\S+)', script):
            wait_for(f'{address} answers', lambda: process.poll() is not None or answers(address))
        return (0 if process.poll() is None else 1), ''

    def end(self):
        for process in self.background:
            if process.poll() is None:
                process.terminate()
        for process in self.background:
            process.wait()
        self.background.clear()

    def write(self, path, text):
        path = self.here / self.into(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, 'a') as out:
            out.write(self.into(text))
        return path

    # ---- databases: commands speak of "patchwork"

    def admin(self, sql):
        server.admin.run(sql)

    def fresh(self, *projects):
        """Another database "patchwork", with these projects; back() brings the former one."""
        self.leave()
        self.admin('drop database if exists aside with (force)')
        self.admin('alter database patchwork rename to aside')
        db = server.prepared([(list_id, linkname) for linkname, list_id in projects])
        name = re.search(r'dbname=(\S+)', db.conninfo)[1]
        db.close()
        self.admin(f'alter database {name} rename to patchwork')
        return self.database()

    def back(self):
        self.leave()
        self.admin('drop database patchwork with (force)')
        self.admin('alter database aside rename to patchwork')

    def database(self):
        self.db = self.db or Database(server.conninfo_of('patchwork'))
        return self.db

    def forget(self):
        """Before the server goes."""
        if self.db:
            self.db.close()
        self.db = None

    def leave(self):
        """Before the name means another database."""
        self.forget()
        self.admin("select pg_terminate_backend(pid) from pg_stat_activity where datname in ('patchwork', 'aside')")


def answers(address):
    """Whether somebody listens at unix:PATH or tcp:HOST:PORT."""
    kind, _, rest = address.partition(':')
    family = socket.AF_UNIX if kind == 'unix' else socket.AF_INET
    where = rest if kind == 'unix' else (rest.rpartition(':')[0], int(rest.rpartition(':')[2]))
    with socket.socket(family) as one:
        one.settimeout(5)
        return one.connect_ex(where) == 0


class Receiver:
    """A server on loopback that keeps what is posted to it."""

    def __init__(self):
        bodies = self.bodies = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                bodies.append(self.rfile.read(int(self.headers['Content-Length'])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.server.server_port}/patchmail'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
