# SPDX-License-Identifier: GPL-2.0-or-later
"""A private Postfix that hands mail to patchmaild.

Configuration, queue and log are below a temporary folder; it listens on no address, mail comes
from its sendmail command. Transport, tables and delivery agent are those of contrib/postfix, or those that
it is given.

    needs_postfix()                                     ends the test as skipped where it cannot run
    with Postfix(f'unix:{daemon.socket}') as postfix:   with the lines of contrib/postfix
    Postfix(main_cf=..., master_cf=..., tables={...})   with others
"""
import concurrent.futures

from load import *

PARALLEL = 20


def why_no_postfix():
    """Why none can be run here, or nothing."""
    for program in ('postconf', 'postdrop', 'postmap', 'sendmail'):
        if not shutil.which(program, path=os.environ['PATH'] + ':/usr/sbin:/sbin'):
            return f'{program} is not installed'
    return 'only root can start the master process of Postfix' if os.getuid() != 0 else ''


def needs_postfix():
    if why_no_postfix():
        skip_all(why_no_postfix())


MAIN_CF = '''
compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = /usr/sbin
daemon_directory = {programs}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.org
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = loopback-only
inet_protocols = ipv4
maillog_file = {dir}/log
maillog_file_prefixes = {dir}
# Whatever has no line here would be a bounce: it ends in the log.
default_transport = discard:
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
'''

MASTER_CF = '''
pickup    unix  n  -  n  1  1  pickup
cleanup   unix  n  -  n  -  0  cleanup
qmgr      unix  n  -  n  1  1  qmgr
rewrite   unix  -  -  n  -  -  trivial-rewrite
bounce    unix  -  -  n  -  0  bounce
defer     unix  -  -  n  -  0  bounce
trace     unix  -  -  n  -  0  bounce
error     unix  -  -  n  -  -  error
retry     unix  -  -  n  -  -  error
discard   unix  -  -  n  -  -  discard
showq     unix  n  -  n  -  -  showq
scache    unix  -  -  n  -  1  scache
postlog   unix-dgram n - n - 1 postlogd
'''

FOLDERS = {
    'postfix': ['active', 'bounce', 'corrupt', 'defer', 'deferred', 'flush', 'hold', 'incoming', 'private',
                'saved', 'trace'],
    'postdrop': ['maildrop', 'public'],
    'root': ['pid'],
}


def shipped(name):
    """A file as users get it."""
    return (dbtest.ROOT / 'contrib/postfix' / name).read_text()


def shipped_lines(directory, nexthop):
    """(main.cf, master.cf, tables) of contrib/postfix, for the test's recipients."""
    tables = {
        'transport': shipped('transport').replace('unix:/run/patchmail/lmtp.sock', nexthop)
        + f'{RECIPIENT} patchmail:{nexthop}\n',
        'lists': shipped('lists') + 'demo@lists.example.org list\n',
    }
    return shipped('main.cf').replace('/etc/postfix', str(directory)), shipped('master.cf'), tables


class Postfix:
    def __init__(self, nexthop='', main_cf='', master_cf='', tables=None):
        self.dir = work / 'postfix'
        shutil.rmtree(self.dir, ignore_errors=True)
        (self.dir / 'queue').mkdir(parents=True)
        (self.dir / 'data').mkdir()
        shutil.chown(self.dir / 'data', 'postfix')
        for owner, names in FOLDERS.items():
            for name in names:
                self.make_folder(owner, self.dir / 'queue' / name)
        if nexthop:
            main_cf, master_cf, tables = shipped_lines(self.dir, nexthop)
        programs = subprocess.run(['postconf', '-d', '-h', 'daemon_directory'], check=True,
                                  capture_output=True, text=True).stdout.strip()
        (self.dir / 'main.cf').write_text(MAIN_CF.format(dir=self.dir, programs=programs) + main_cf)
        (self.dir / 'master.cf').write_text(MASTER_CF + master_cf)
        for name, text in (tables or {}).items():
            (self.dir / name).write_text(text)
            subprocess.run(['postmap', '-c', self.dir, self.dir / name], check=True)
        self.process = subprocess.Popen([f'{programs}/master', '-d', '-c', self.dir], stdin=subprocess.DEVNULL)
        atexit.register(self.stop)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def make_folder(self, owner, path):
        path.mkdir()
        if owner == 'postdrop':
            shutil.chown(path, 'postfix', 'postdrop')
            path.chmod(0o1730 if path.name == 'maildrop' else 0o2710)
        else:
            shutil.chown(path, owner)
            path.chmod(0o700 if owner == 'postfix' else 0o755)

    def send(self, mail, *recipients):
        done = subprocess.run(['sendmail', '-C', self.dir, '-i', '-f', 'ada@example.org',
                               *(recipients or [RECIPIENT])], input=mail, capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f'sendmail ended with {done.returncode}: {done.stderr}')

    def queue(self):
        """How many mails Postfix has, wherever they are."""
        names = ['maildrop', 'incoming', 'active', 'deferred']
        return sum(len(files) for name in names for _, _, files in os.walk(self.dir / 'queue' / name))

    @contextlib.contextmanager
    def given(self, mails):
        """All of these are handed in, at once, while the caller does something."""
        with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
            given = [pool.submit(self.send, one) for one in mails]
            yield
            for one in given:
                one.result()

    def wait_until_empty(self, seconds=240):
        wait_for('the queue is empty', lambda: self.queue() == 0, seconds)

    def log(self):
        path = self.dir / 'log'
        return path.read_text(errors='replace') if path.exists() else ''

    def statuses(self):
        """How often each status was logged."""
        return collections.Counter(re.findall(r'status=(\w+)', self.log()))

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
