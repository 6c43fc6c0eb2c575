# SPDX-License-Identifier: GPL-2.0-or-later
"""Mail under load while something fails, and the balance afterwards."""
import threading

from systest import *


def stored(db):
    return sorted(db.column("select msgid from patchmail.message where kind <> 'g'"))


def send_until_stored(daemon, mail):
    """As an MTA does: again and again. Returns how often it was told to wait, or cut off."""
    failures = 0
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), daemon.connect(lhlo=False) as client:
            if client.reply().startswith('220') and client.ask('LHLO c').startswith('250'):
                replies = client.send(mail)
                if replies and replies[0].startswith('250'):
                    return failures
        failures += 1
        select.select([], [], [], 0.01)
    raise TimeoutError('not stored')


class Load:
    """Senders that work off a pile of mails, each an MTA of its own."""

    def __init__(self, daemon, mails, senders=8, begins=True):
        self.daemon, self.mails = daemon, mails
        self.pile, self.lock = list(mails), threading.Condition()
        self.allowed = len(mails) if begins else 0  # to be taken from the pile
        self.waits, self.errors = [], []
        self.threads = [threading.Thread(target=self.send, daemon=True) for _ in range(senders)]
        for thread in self.threads:
            thread.start()

    def send(self):
        try:
            while True:
                with self.lock:
                    self.lock.wait_for(lambda: not self.pile or len(self.mails) - len(self.pile) < self.allowed)
                    if not self.pile:
                        return
                    one = self.pile.pop(0)
                self.waits.append(send_until_stored(self.daemon, one))
        except Exception as e:
            self.errors.append(e)

    def is_over(self):
        return not any(thread.is_alive() for thread in self.threads)

    def wait_for(self, mails):
        """Until so many are stored, or all."""
        wait_for(f'{mails} mails', lambda: len(self.waits) >= min(mails, len(self.mails)) or self.is_over())

    def allow(self, mails):
        with self.lock:
            self.allowed = mails
            self.lock.notify_all()

    def finish(self):
        self.allow(len(self.mails))
        for thread in self.threads:
            thread.join()
        if self.errors:
            raise self.errors[0]

    def disturb(self, what, times):
        """Does it so many times, each time with a part of the pile under way."""
        step = len(self.mails) // times
        for n in range(times):
            self.allow(step * (n + 1))
            self.wait_for(step * n + step // 5)
            what()
        self.finish()


def reference(mails):
    """A database with the rows that there are when nothing fails."""
    db = server.prepared()
    db.replay(write_mbox(work / f'reference-{len(server.databases)}.mbox', mails))
    return db


def difference(db, other, kind):
    ours, theirs = collections.Counter(rows_of(db, kind)), collections.Counter(rows_of(other, kind))
    return sum(((ours - theirs) + (theirs - ours)).values())


def check_balance(tap, name, mails, db, other):
    """Each mail is there once, in the right series, and was told of once."""
    there = set(stored(db))
    lost = len(set(stored(other)) - there)
    twice = db.value(f'''select coalesce(sum(n - 1), 0) from (
        select count(*) n from (
            select msgid, project_id::text place from patchwork_patch union all
            select msgid, project_id::text from patchwork_cover union all
            select msgid, 'patch ' || patch_id from patchwork_patchcomment union all
            select msgid, 'cover ' || cover_id from patchwork_covercomment union all
            select msgid, 'held' from patchmail.orphan) q group by msgid, place having count(*) > 1) q''')
    wrong, events = difference(db, other, 'series'), difference(db, other, 'event')
    tap.note(f'{name}: sent {len(mails)}, stored {len(there)}, lost {lost}, twice {twice}, series wrong {wrong}, '
             f'events wrong {events}')
    tap.same(f'{name}: lost, twice, series wrong, events wrong', (lost, twice, wrong, events), (0, 0, 0, 0))
    tap.same_lines(f'{name}: the rows are those of an undisturbed replay', rows_of(db), rows_of(other))
