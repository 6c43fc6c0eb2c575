# SPDX-License-Identifier: GPL-2.0-or-later
"""Small worlds of odd mail: lists, projects that share one by tags, senders with their habits and mistakes, and
people who answer where they like. The rows they end in must not depend on the order of arrival. Many worlds fit into
one database: all names in a world have its number in them.

Left out is what lib/README says the order decides: one Message-ID with two contents, series of which only a part leads
to a tag, replies that went to one of several lists that their parent went to; and references in a circle."""
import random

from dbtest import *

HOUR, DAY = 3600, 86400
RUNS = [lambda w, run, n: f'20260105{run % 24:02}0000.{run}77-{n}-ada{w}@example.org',
        lambda w, run, n: f'{n:x}abc{run:03x}.17{run:08}.git.ada{w}@example.org',
        lambda w, run, n: f'20260105-slug{run}-v1-{n}-{run:012x}@ada{w}.example.org']


# Worlds that once ended in other rows, and of which kind they are; others are of any.
KNOWN = {35: 'plain', 16: 'lists', 42: 'tags', 1253: 'all'}
KINDS = ['plain', 'plain', 'lists', 'lists', 'tags', 'tags', 'all']


class World:
    """mails: each (text, index of its list), in the order of writing, which no reference goes against."""

    def __init__(self, seed, simple=False):
        self.seed, self.rng = seed, random.Random(f'world {seed}')
        self.w = f'w{seed}w'
        self.mails, self.ids, self.subjects, self.sent_to, self.runs = [], [], {}, {}, 0
        rng = self.rng
        self.topology = 'plain' if simple else os.environ.get('PM_KIND') or KNOWN.get(seed) or rng.choice(KINDS)
        self.has_tags = self.topology in ('tags', 'all')
        self.has_lists = self.topology in ('lists', 'all')
        self.ghosts = [f'ghost{i}.{self.w}@example.org' for i in range(3)]
        self.is_strict = self.has_tags or self.has_lists
        # Where submissions go to several lists, so do their replies: see "More than one project" there.
        self.is_crossing = self.has_lists and rng.random() < .4
        self.span = rng.choice([1, 60, 600, 2 * HOUR, DAY, 6 * DAY])
        self.mess = rng.choice([.02, .1, .3])
        for _ in range(rng.randint(1, 3)):
            self.send_topic()
        for _ in range(rng.choice([0, 1, 3, 6])):
            self.send_talk()

    def chance(self, p):
        return self.rng.random() < p

    def lists(self):
        return [f'{name}.{self.w}.lists.example.org' for name in 'ab'[:1 + self.has_lists]]

    def projects(self):
        """(linkname, list id, subject_match, whether it supersedes)"""
        lists = self.lists()
        supersedes = self.seed % 3 == 0
        found = [(f'a{self.w}', lists[0], '', supersedes)]
        if self.has_tags:
            found += [(f'{tag}{self.w}', lists[0], rf'\[.*\b{tag}\b', supersedes) for tag in ('pump', 'valve')]
        if self.has_lists:
            found.append((f'b{self.w}', lists[1], '', supersedes))
        return found

    def person(self, name):
        return f'{name.title()} Abel <{name}{self.w}@example.org>'

    def when(self, at):
        at = int(at)
        return f'{5 + at // DAY} Jan 2026 {at % DAY // HOUR:02}:{at % HOUR // 60:02}:{at % 60:02} +0000'

    def add(self, msgid, subject, body, at, to=(0,), **args):
        text = mail(msgid, subject, body, list_id=None, **args)
        text = re.sub('Date: .*', f'Date: {self.when(at)}', text, count=1)
        if msgid not in self.ids:
            self.ids.append(msgid)
        self.subjects[msgid], self.sent_to[msgid] = subject, to
        for one in to:
            self.mails.append(text.replace('\n\n', f'\nList-Id: <{self.lists()[one]}>\n\n', 1))

    def where(self):
        """Which lists a mail goes to."""
        if not self.has_lists:
            return (0,)
        return self.rng.choice([(0,), (0,), (1,), (0, 1), (0, 1)] if self.is_crossing else [(0,), (0,), (1,)])

    def answered_to(self, lists):
        """Which lists a reply goes to."""
        if self.is_crossing or not self.has_lists or self.chance(.5):
            return lists
        return self.rng.choice([(0,), (1,), (0, 1), (1, 0)])

    # ---- series

    def send_topic(self):
        rng = self.rng
        topic = {'author': rng.choice(['ada', 'ada', 'bob']), 'name': rng.choice(['add', 'fix', 'drop']),
                 'total': rng.choice([1, 2, 2, 3, 4]), 'prefix': rng.choice(['', '', '', 'net ', 'RFC ']),
                 'to': self.where(), 'at': rng.uniform(0, self.span), 'change': rng.choice([None, None, 'change']),
                 'tag': rng.choice(['', '', 'pump ', 'valve ']) if self.has_tags else '', 'heads': []}
        for version in range(1, rng.choice([2, 2, 3, 4])):
            topic['version'] = version
            self.send_version(topic)
            topic['at'] += rng.choice([0, 60, HOUR / 2, 2 * HOUR, DAY])
            topic['total'] = max(topic['total'] + rng.choice([0, 0, 0, 1, -1]), 1)

    def send_version(self, topic):
        rng = self.rng
        self.runs += 1
        sent = {'cover': topic['total'] > 1 and self.chance(.65) or self.chance(.1),
                'threading': rng.choice(['head', 'head', 'deep', 'none', 'other', 'ghost']),
                'form': rng.choice([None, *RUNS]), 'tagged': rng.choice(['all', 'all', 'cover', 'some', 'none']),
                'says': topic['version'] > 1 and rng.choice(['all', 'all', 'all', 'cover', 'none']),
                'list': self.chance(.5), 'ids': {}, 'below': None, 'pace': rng.choice([0, 0, 1, 61, 1000])}
        if self.has_tags:
            sent['says'] = 'all'
            if not sent['cover'] or sent['tagged'] == 'none':
                sent['tagged'] = rng.choice(['all', 'none'])
            elif sent['tagged'] != 'all':
                sent['threading'] = 'head'
        if topic['heads'] and self.chance(.5) and not (self.has_tags and sent['threading'] == 'none'):
            sent['below'] = rng.choice(topic['heads'])
        if sent['threading'] == 'other':
            sent['other'] = rng.choice(self.ids or self.ghosts)
        if sent['threading'] == 'ghost':
            sent['other'] = rng.choice(self.ghosts)
        numbers = range(0 if sent['cover'] else 1, topic['total'] + 1)
        for n in numbers:
            self.send_one(topic, sent, n)
            if n and self.chance(self.mess / 3):
                self.send_one(topic, sent, n, again=True)

    def refs_of(self, sent, n):
        first = min(sent['ids']) if sent['ids'] else None
        above = [sent['below']] if sent['below'] else []
        if sent['threading'] in ('other', 'ghost'):
            return [sent['other']]
        if first is None or sent['threading'] == 'none':
            return above if first is None else []
        if sent['threading'] == 'deep':
            return above + [sent['ids'][k] for k in sorted(sent['ids'])]
        return above + [sent['ids'][first]]

    def subject(self, topic, sent, n, title):
        rng, total = self.rng, topic['total']
        tag = topic['tag'] if {'all': True, 'cover': n == 0, 'some': n == 0 or self.chance(.5), 'none': False}[
            sent['tagged']] else ''
        version = f'v{topic["version"]} ' if sent['says'] == 'all' or sent['says'] == 'cover' and n == 0 else ''
        number = f' {n}/{total}'
        if n and self.chance(self.mess):
            number = rng.choice(['', f' {n}.5/{total}', f' {max(n - 1, 1)}/{total}', f' {n + 1}/{total}',
                                 f' {n}/{total + 1}', f' {n + 1}/{total + 1}'])
        elif total == 1 and n == 1 and not sent['cover']:
            number = ''
        if version and self.chance(self.mess / 3):
            version = rng.choice(['', 'v5 ', 'v2.1 '])
        prefix = topic['prefix'] if not self.chance(self.mess / 3) else rng.choice(['', 'net ', 'RFC '])
        word = rng.choice(['PULL', 'GIT PULL']) if n == 0 and self.chance(.04) else 'PATCH'
        return f'[{tag}{prefix}{word} {version.strip()}{number}]'.replace(' ]', ']') + f' {title}'

    def send_one(self, topic, sent, n, again=False):
        rng = self.rng
        title = f'{topic["name"]} the part {n}' + (' once more' if again else '')
        if n == 0:
            title = f'{topic["name"]} all of it'
        msgid = f'm{len(self.ids)}.{self.w}@example.org'
        if sent['form'] and not again:
            msgid = sent['form'](self.w, self.runs, n)
        refs = self.refs_of(sent, n)
        if refs and not self.has_tags and self.chance(self.mess / 2):
            refs = rng.choice([[], refs[:1], refs[-1:], [rng.choice(self.ids or self.ghosts)], [*refs, rng.choice(self.ghosts)],
                               [rng.choice(self.ghosts), *refs]])
        refs = list(dict.fromkeys(ref for ref in refs if ref != msgid))
        body = 'It does.\n' + rng.choice(['', '', 'Reviewed-by: X <x@example.org>\n'])
        if topic['change'] and self.chance(.8):
            body += f'change-id: 20260101-{topic["name"]}-{self.w}\n'
        if self.chance(.08) and self.ids:
            body += f'\nDepends-on: <{rng.choice(self.ids)}>\n'
        author = topic['author'] if not self.chance(self.mess / 2) else 'carol'
        if n == 0 and sent['list']:
            body += f'\n{self.person(author).split(" <")[0]} ({topic["total"]}):\n'
            body += ''.join(f'  {topic["name"]} the part {k}\n' for k in range(1, topic['total'] + 1))
        if n:
            body += '---\n' + DIFF.format(file='a.c', word=msgid)
        to = topic['to'] if not self.chance(self.mess / 2) else self.where()
        at = topic['at'] + sent['pace'] * n + (rng.choice([900, 5000, 90000]) if self.chance(self.mess) else 0)
        sent['ids'].setdefault(n, msgid)
        if n <= 1:
            topic['heads'].append(msgid)
        subject = self.subject(topic, sent, n, title)
        if self.chance(self.mess / 2) and not (n == 0 and self.has_tags):
            if msgid not in self.ids:
                self.ids.append(msgid)  # lost on its way: a ghost for those that answer it
            return
        self.add(msgid, subject, body, at, to, sender=self.person(author), refs=refs)
        if self.chance(.25):
            self.answer(msgid, to)

    # ---- talk

    def answer(self, to_id, lists):
        rng = self.rng
        above = [to_id] if self.is_strict or self.chance(.7) else [rng.choice(self.ids + self.ghosts), to_id]
        for _ in range(rng.randint(1, 3)):
            msgid = f'r{len(self.ids)}.{self.w}@example.org'
            self.talk(msgid, list(dict.fromkeys(above)), self.answered_to(lists), lists)
            above = (above if self.chance(.5) else []) + [msgid]

    def talk(self, msgid, refs, to, home=(0,)):
        rng = self.rng
        args = {'refs': refs, 'sender': self.person(rng.choice(['ada', 'dora', 'carol']))}
        tag = rng.choice(['', '', '', 'Acked-by: Y <y@example.org>\n', 'Tested-by: Y <y@example.org>\n'])
        kind = rng.choice('rrrrrreidp')
        known = [self.subjects[ref] for ref in refs if ref in self.subjects]
        title = f'Re: {known[-1]}' if known and self.chance(.8) else 'Re: something'
        at = rng.uniform(0, self.span)
        if kind == 'r':
            self.add(msgid, title, f'Fine.\n{tag}', at, to, **args)
        elif kind == 'e':
            self.add(msgid, title, '', at, to, **args)
        elif kind == 'i':
            self.add(msgid, title, 'x\n', at, to, X_Patchwork_Hint='ignore', **args)
        elif kind == 'd':
            self.add(msgid, 'a talk about it', 'talk\n', at, to, **args)
        else:
            to = home  # a patch for another list would be another's parent: as above
            self.add(msgid, rng.choice(['[PATCH] add the part 1', '[PATCH v2 1/2] fix the part 1', 'add the part 1',
                                        '[net PATCH 2/2] drop the part 2', '[PATCH 2/3] add the part 2']),
                     tag + '---\n' + DIFF.format(file='b.c', word=msgid), at, to, **args)

    def send_talk(self):
        rng = self.rng
        pool = self.ids + self.ghosts
        refs = rng.sample(pool, min(len(pool), rng.choice([0, 1, 1, 2, 2, 3]) if not self.is_strict else 1))
        to = self.sent_to.get(refs[0], (0,)) if refs and self.is_crossing else self.where()
        self.talk(f't{len(self.ids)}.{self.w}@example.org', refs, to, to)


# ---- how it arrives


class House:
    """A database that is emptied instead of dropped."""

    TABLES = ('patchwork_event, patchwork_patchcomment, patchwork_covercomment, patchwork_patchtag, patchwork_patch, '
              'patchwork_seriesreference, patchwork_series_dependencies, patchwork_series, patchwork_cover, '
              'patchwork_person, patchwork_project, patchmail.message, patchmail.orphan, patchmail.raw, '
              'patchmail.series_revision, patchmail.superseded, patchmail.dependency, patchmail.quarantine, '
              'patchmail.project_policy')

    def __init__(self):
        self.db = server.prepared(())

    def clear(self, worlds):
        self.db.run(f'truncate {self.TABLES} cascade')
        for world in worlds:
            for linkname, list_id, match, supersedes in world.projects():
                add_project(self.db, linkname, list_id, match)
                if supersedes:
                    self.db.run(f"insert into patchmail.project_policy (project_id, supersede) select id, true "
                                f"from patchwork_project where linkname = '{linkname}'")


SIZES = {}


def rows(house, worlds):
    """Without the changes of states, which are history (a patch that is replaced for a while has two), without what is
    not shown, and of two copies of a mail it does not matter which is kept. Replies to other projects may also be
    held where nothing waits for them, and where an ignored mail leads is found out when somebody asks."""
    strict = {world.w for world in worlds if world.is_strict}
    lines = [line for line in dump(house.db) if 'patch-state-changed' not in line]
    return sorted(re.sub('"headers": "[^"]*", ', '', line) if line.startswith(('comment', 'orphan')) else line
                  for line in lines if not re.match('message .*"kind": "[gd]"', line)
                  and not (re.match('orphan|message .*"kind": "[hi]"', line) and re.search('w[0-9]+w', line)[0] in strict))


def batches(n):
    if n not in SIZES:
        SIZES[n] = config(f'[ingest]\nbatch-messages = {n}\n')
    return SIZES[n]


def arrive(house, worlds, parts):
    """parts: (mails, batch size) each, one process after the other. The rows."""
    house.clear(worlds)
    for i, (mails, size) in enumerate(parts):
        house.db.replay(write_mbox(work / f'part-{i}.mbox', mails), *batches(size))
    return rows(house, worlds)


def arrive_together(house, worlds, mails, size):
    house.clear(worlds)
    paths = [write_mbox(work / f'slice-{i}.mbox', mails[i::3]) for i in range(3)]
    running = [start('-d', house.db.conninfo, 'replay', path, *batches(size)) for path in paths]
    ends = [process.communicate() + (process.returncode,) for process in running]
    bad = [(status, err.decode()) for _, err, status in ends if status or err]
    return [f'ended with {one}\n' for one in bad] + rows(house, worlds)
