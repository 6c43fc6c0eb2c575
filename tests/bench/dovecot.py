# SPDX-License-Identifier: GPL-2.0-or-later
"""A private Dovecot that takes mail over LMTP into one Maildir: a yardstick for patchmaild.

All of it is below one folder. What is not said here is Dovecot's default: a process for each
session (client_limit of lmtp is 1), index and uidlist beside the mails; mail_fsync = optimized,
which is the default too, syncs a mail before it is answered.
"""
import getpass
import grp
import os
import pwd
import select
import shutil
import socket
import subprocess
import time

USER = 'bench@example.org'
CONFIG = '''
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/log
instance_name = patchmail-bench
protocols = lmtp
ssl = no
mail_fsync = optimized
mail_location = maildir:{dir}/mail/%u
mail_home = {dir}/home/%u
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} allow_all_users=yes
}}
service lmtp {{
  unix_listener {dir}/lmtp.sock {{
    mode = 0666
  }}
}}
{internal}
'''


def why_missing():
    """Why it cannot be measured here; None where it can."""
    if not shutil.which('dovecot', path=os.environ['PATH'] + ':/usr/sbin'):
        return 'Dovecot is not installed (packages dovecot-core, dovecot-lmtpd)'
    if not os.path.exists('/usr/lib/dovecot/lmtp'):
        return 'Dovecot has no LMTP here (package dovecot-lmtpd)'
    return None


def owner():
    """Who owns the mails. Dovecot delivers nothing as root."""
    return pwd.getpwnam('nobody' if os.getuid() == 0 else getpass.getuser())


class Dovecot:
    """Dovecot's LMTP on .socket, ready."""

    def __init__(self, directory):
        self.dir = directory
        self.socket = directory / 'lmtp.sock'
        user = owner()
        for name in ['mail', 'home', 'state', 'run']:
            (directory / name).mkdir(parents=True)
        for name in ['mail', 'home']:
            shutil.chown(directory / name, user.pw_uid, user.pw_gid)
        # Without root all its processes run as one user, and none can be locked in.
        internal = '' if os.getuid() == 0 else '\n'.join(
            [f'default_internal_user = {user.pw_name}', f'default_login_user = {user.pw_name}',
             f'default_internal_group = {grp.getgrgid(user.pw_gid).gr_name}',
             *[f'service {name} {{\n  chroot =\n}}' for name in ['anvil', 'stats', 'lmtp']]])
        config = directory / 'dovecot.conf'
        config.write_text(CONFIG.format(dir=directory, uid=user.pw_uid, gid=user.pw_gid, internal=internal))
        program = shutil.which('dovecot', path=os.environ['PATH'] + ':/usr/sbin')
        self.process = subprocess.Popen([program, '-F', '-c', config], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL)
        self.wait_until_ready()

    def wait_until_ready(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket(socket.AF_UNIX) as one:
                try:
                    one.settimeout(30)
                    one.connect(str(self.socket))
                    if one.recv(100).startswith(b'220'):
                        return
                except OSError:
                    select.select([], [], [], 0.05)
        self.process.kill()
        raise RuntimeError('Dovecot does not answer; its log:\n' + self.log())

    def log(self):
        path = self.dir / 'log'
        return path.read_text(errors='replace')[-2000:] if path.exists() else ''

    def delivered(self):
        return len(os.listdir(self.dir / 'mail' / USER / 'new'))

    def stop(self):
        """CPU seconds of all its processes."""
        self.process.terminate()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime
