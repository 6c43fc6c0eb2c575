#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare what mail ingestion left in a Patchwork database with what a case expects.

usage: compare.py CASE.json --dsn DSN [--shuffled] [--no-supersedes] [--no-events]

Prints every difference in words, one per line.  Exit status: 0 no difference, 1 differences, 2 the
comparison could not be made (bad arguments, unreadable file, psql failed).

The database is read with psql, in one read-only transaction, and only as far as the projects of the
case are concerned; whatever else these projects contain counts as a difference.  README.md describes
the fields of a case.
"""
import argparse
import json
import os
import subprocess
import sys

MSGID_MAX = 255        # Patchwork cuts Message-IDs to the width of its columns

# One JSON object per line of output; "kind" says what it is.
QUERY = r"""
begin isolation level repeatable read read only;
select to_regclass('patchmail.series_revision') is not null as has_revision \gset

select json_build_object('kind', 'project', 'project', p.linkname)
  from patchwork_project p
 where p.linkname = any (string_to_array(:'projects', ','));

select json_build_object('kind', 'series', 'project', p.linkname, 'id', s.id, 'version', s.version,
                         'total', s.total, 'name', s.name, 'cover', c.msgid)
  from patchwork_series s
  join patchwork_project p on p.id = s.project_id
  left join patchwork_cover c on c.id = s.cover_letter_id
 where p.linkname = any (string_to_array(:'projects', ','))
 order by s.id;

select json_build_object('kind', 'patch', 'project', p.linkname, 'msgid', t.msgid, 'series', t.series_id,
                         'number', t.number, 'submitter', u.email)
  from patchwork_patch t
  join patchwork_project p on p.id = t.project_id
  join patchwork_person u on u.id = t.submitter_id
 where p.linkname = any (string_to_array(:'projects', ','))
 order by t.id;

select json_build_object('kind', 'cover', 'project', p.linkname, 'msgid', c.msgid, 'series', s.id,
                         'submitter', u.email)
  from patchwork_cover c
  join patchwork_project p on p.id = c.project_id
  join patchwork_person u on u.id = c.submitter_id
  left join patchwork_series s on s.cover_letter_id = c.id
 where p.linkname = any (string_to_array(:'projects', ','))
 order by c.id;

select json_build_object('kind', 'comment', 'project', p.linkname, 'msgid', m.msgid, 'on', t.msgid,
                         'submitter', u.email)
  from patchwork_patchcomment m
  join patchwork_patch t on t.id = m.patch_id
  join patchwork_project p on p.id = t.project_id
  join patchwork_person u on u.id = m.submitter_id
 where p.linkname = any (string_to_array(:'projects', ','))
 order by m.id;

select json_build_object('kind', 'comment', 'project', p.linkname, 'msgid', m.msgid, 'on', c.msgid,
                         'submitter', u.email)
  from patchwork_covercomment m
  join patchwork_cover c on c.id = m.cover_id
  join patchwork_project p on p.id = c.project_id
  join patchwork_person u on u.id = m.submitter_id
 where p.linkname = any (string_to_array(:'projects', ','))
 order by m.id;

select json_build_object('kind', 'events', 'category', e.category, 'count', count(*))
  from patchwork_event e
  join patchwork_project p on p.id = e.project_id
 where p.linkname = any (string_to_array(:'projects', ','))
 group by e.category;

\if :has_revision
select json_build_object('kind', 'revision', 'series', r.series_id, 'supersedes', r.supersedes_id)
  from patchmail.series_revision r
  join patchwork_series s on s.id = r.series_id
  join patchwork_project p on p.id = s.project_id
 where p.linkname = any (string_to_array(:'projects', ','));
select json_build_object('kind', 'revisions are recorded');
\endif
commit;
"""


class Trouble(Exception):
    """The comparison cannot be made."""


# ------------------------------------------------------------------------------------ the database

class Database:
    """The grouping as it is stored."""

    def __init__(self, rows):
        self.projects = [r['project'] for r in rows if r['kind'] == 'project']
        self.series = {r['id']: dict(r, patches={}) for r in rows if r['kind'] == 'series'}
        self.comments = [r for r in rows if r['kind'] == 'comment']
        self.events = {r['category']: r['count'] for r in rows if r['kind'] == 'events'}
        self.revisions = None
        if any(r['kind'] == 'revisions are recorded' for r in rows):
            self.revisions = {}
            for r in rows:
                if r['kind'] == 'revision':
                    self.revisions.setdefault(r['series'], set()).add(r['supersedes'])
        self.places = {}         # (project, msgid) -> [(role, row)]; role is 'patch', 'cover' or 'comment'
        for r in rows:
            if r['kind'] in ('patch', 'cover', 'comment'):
                self.places.setdefault((r['project'], r['msgid']), []).append((r['kind'], r))
            if r['kind'] == 'patch' and r['series'] in self.series:
                self.series[r['series']]['patches'][r['msgid']] = r['number']

    def at(self, project, msgid):
        return self.places.get((project, msgid), [])

    def members(self, number):
        """Message-IDs of the cover and the patches of a series."""
        series = self.series[number]
        return set(series['patches']) | ({series['cover']} if series['cover'] else set())

    def complete(self, number):
        series = self.series[number]
        return set(range(1, series['total'] + 1)) <= set(series['patches'].values())

    def describe(self, number):
        """A stored series in words."""
        if number not in self.series:
            return 'stored series %d of another project' % number
        series = self.series[number]
        patches = sorted(series['patches'], key=lambda m: series['patches'][m] or 0)
        words = ['v%d' % series['version'], 'cover ' + series['cover'] if series['cover'] else 'no cover',
                 'patches %s of %d' % (self.numbers(number) or 'none', series['total'])]
        if patches and not series['cover']:
            words.append('first ' + patches[0])
        return 'stored series %d (%s)' % (number, ', '.join(words))

    def numbers(self, number):
        """The numbers of the patches of a series in words."""
        return ' '.join(str(n) for n in sorted(self.series[number]['patches'].values(), key=lambda n: n or 0))

    def locate(self, project, msgid):
        """Where a mail ended up, in words."""
        words = []
        for role, row in self.at(project, msgid):
            if role == 'comment':
                words.append('stored as a comment on ' + row['on'])
            elif row['series'] is None:
                words.append('stored as a %s without a series' % role)
            elif role == 'cover':
                words.append('the cover of ' + self.describe(row['series']))
            else:
                words.append('patch %s of %s' % (row['number'], self.describe(row['series'])))
        if not words:
            words = ['stored in project %s only' % p for p, m in self.places if m == msgid and p != project]
        return ' and '.join(words) or 'not stored'


def read_database(dsn, projects):
    command = ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-v', 'projects=' + ','.join(projects),
               '-d', dsn, '-f', '-']
    try:
        done = subprocess.run(command, input=QUERY.encode(), capture_output=True,
                              env=dict(os.environ, PGCLIENTENCODING='UTF8'))
    except OSError as e:
        raise Trouble('psql: %s' % e)
    if done.returncode:
        raise Trouble('psql: ' + done.stderr.decode('utf-8', 'replace').strip())
    return Database([json.loads(line) for line in done.stdout.decode('utf-8').splitlines() if line.strip()])


# ---------------------------------------------------------------------------------------- the case

def read_case(path):
    """The expectation, with Message-IDs cut as Patchwork cuts them."""
    try:
        with open(path, encoding='utf-8') as f:
            case = json.load(f)
    except (OSError, ValueError) as e:
        raise Trouble('%s: %s' % (path, e))
    cut = lambda msgid: msgid and msgid[:MSGID_MAX]                               # noqa: E731
    for s in case['series']:
        s['cover'] = cut(s['cover'])
        if 'patches' in s:
            s['patches'] = {int(n): cut(m) for n, m in s['patches'].items()}
            s['ids'] = [s['patches'][n] for n in sorted(s['patches'])]
        else:
            s['ids'] = [cut(m) for m in s['patches_in_order']]
        s['first'] = s['cover'] or s['ids'][0]
        s['label'] = 'series v%d of %s' % (s['version'], s['first'])
        if len(case['projects']) > 1:
            s['label'] = 'project %s: %s' % (s['project'], s['label'])
        if 'supersedes' in s:
            s['supersedes'] = cut(s['supersedes'])
    for c in case['comments']:
        c['on'], c['msgid'] = cut(c['on']), cut(c['msgid'])
    case['ignored'] = [cut(m) for m in case['ignored']]
    case['submitters'] = {cut(m): a for m, a in case.get('submitters', {}).items()}
    return case


# ---------------------------------------------------------------------------------- the comparison

def match_series(case, db):
    """Pair every expected series with the stored one that shares most mails with it.

    Returns a dictionary from the index in case['series'] to the id in the database.
    """
    shared = []
    for i, want in enumerate(case['series']):
        ids = set(want['ids']) | ({want['cover']} if want['cover'] else set())
        for number, have in db.series.items():
            if have['project'] == want['project']:
                common = len(ids & db.members(number))
                if common:
                    # prefer the same version and total where the number of mails does not decide
                    same = (have['version'] == want['version']) + (have['total'] == want.get('total'))
                    shared.append((-common, -same, i, number))
    pairs = {}
    for _, _, i, number in sorted(shared):
        if i not in pairs and number not in pairs.values():
            pairs[i] = number
    return pairs


def compare_series(want, number, db):
    """Differences of one expected series from the stored series `number` (None: there is none)."""
    label, project = want['label'], want['project']
    if number is None:
        yield '%s: there is no such series' % label
        for m in ([want['cover']] if want['cover'] else []) + want['ids']:
            yield '%s: %s is %s' % (label, m, db.locate(project, m))
        return
    have = db.series[number]
    if have['version'] != want['version']:
        yield '%s: version is %d, expected %d' % (label, have['version'], want['version'])
    if 'total' in want and have['total'] != want['total']:
        yield '%s: total is %d, expected %d' % (label, have['total'], want['total'])
    if 'name' in want and have['name'] != want['name']:
        yield '%s: name is %s, expected %s' % (label, json.dumps(have['name'], ensure_ascii=False),
                                              json.dumps(want['name'], ensure_ascii=False))

    if have['cover'] != want['cover']:
        if want['cover']:
            yield '%s: cover %s is %s' % (label, want['cover'], db.locate(project, want['cover']))
        if have['cover']:
            yield '%s: has the cover %s, expected %s' % (label, have['cover'], 'another' if want['cover'] else 'none')

    for i, m in enumerate(want['ids']):
        if m not in have['patches']:
            name = 'patch %d' % sorted(want['patches'])[i] if 'patches' in want else 'patch'
            yield '%s: %s %s is %s' % (label, name, m, db.locate(project, m))
        elif 'patches' in want and have['patches'][m] != sorted(want['patches'])[i]:
            yield '%s: %s has number %s, expected %d' % (label, m, have['patches'][m], sorted(want['patches'])[i])
    if 'patches_in_order' in want:
        order = [have['patches'][m] for m in want['ids'] if m in have['patches']]
        if None in order or order != sorted(set(order)):
            yield '%s: the numbers in the expected order of the patches are %s' % (label, ' '.join(map(str, order)))
    for m in have['patches']:
        if m not in want['ids']:
            yield '%s: has a patch that does not belong to it: number %s, %s' % (label, have['patches'][m], m)

    if 'complete' in want and db.complete(number) != want['complete']:
        yield '%s: is %scomplete (numbers %s of %d), expected %scomplete' % (
            label, '' if db.complete(number) else 'not ', db.numbers(number) or 'none', have['total'],
            '' if want['complete'] else 'not ')


def compare_supersedes(case, pairs, db):
    """Differences in the links between versions."""
    by_first = {(s['project'], s['first']): i for i, s in enumerate(case['series'])}

    def stored(project, first):
        """The id of the stored series that an expected `first` stands for."""
        return pairs.get(by_first.get((project, first)))

    wanted = [(i, s) for i, s in enumerate(case['series']) if 'supersedes' in s]
    if db.revisions is None:
        if any(s['supersedes'] for _, s in wanted):
            yield 'supersedes: not recorded'
        return
    for i, want in wanted:
        number = pairs.get(i)
        if number is None:
            continue                                   # has been reported
        recorded = db.revisions.get(number, set())
        allowed, older = set(), want['supersedes']
        if older:
            target = stored(want['project'], older)
            if target is None or target not in recorded:
                yield '%s: is not recorded as the successor of %s' % (want['label'], older)
        while older and older not in allowed:          # links to still older versions do no harm
            allowed.add(older)
            older = case['series'][by_first[want['project'], older]].get('supersedes')
        for other in sorted(recorded - {stored(want['project'], f) for f in allowed}):
            yield '%s: is recorded as the successor of %s' % (
                want['label'], db.describe(other) if other in db.series else 'series %d' % other)


def compare(case, db, shuffled=False, supersedes=True, events=True):
    """All differences between a case and the database, in words."""
    out = []
    for p in case['projects']:
        if p['linkname'] not in db.projects:
            out.append('project %s is not in the database' % p['linkname'])

    # what role every mail must have
    roles = {}
    for s in case['series']:
        for m in s['ids']:
            roles[s['project'], m] = 'patch'
        if s['cover']:
            roles[s['project'], s['cover']] = 'cover'
    for c in case['comments']:
        roles[c['project'], c['msgid']] = 'comment'

    pairs = match_series(case, db)
    for i, want in enumerate(case['series']):
        out += compare_series(want, pairs.get(i), db)
    for number in db.series:
        if number not in pairs.values():
            out.append('unexpected: ' + db.describe(number))

    for c in case['comments']:
        where = [row['on'] for role, row in db.at(c['project'], c['msgid']) if role == 'comment']
        label = 'comment %s' % c['msgid'] if len(case['projects']) == 1 else 'project %s: comment %s' % (c['project'], c['msgid'])
        if not where:
            out.append('%s on %s: is %s' % (label, c['on'], db.locate(c['project'], c['msgid'])))
        elif where != [c['on']]:
            out.append('%s: is on %s, expected on %s' % (label, ' and '.join(where), c['on']))

    for (project, msgid), found in db.places.items():
        role = roles.get((project, msgid))
        if role is None:
            expected = 'nothing stored' if msgid in case['ignored'] else 'nothing of it in project %s' % project
            out.append('%s: is %s, expected %s' % (msgid, db.locate(project, msgid), expected))
        elif len(found) > 1 and role != 'comment':
            out.append('%s: is %s, expected only a %s' % (msgid, db.locate(project, msgid), role))

    for msgid, address in case['submitters'].items():
        for (project, m), found in db.places.items():
            for _, row in found:
                if m == msgid and row['submitter'] != address:
                    out.append('%s: submitter is %s, expected %s' % (msgid, row['submitter'], address))

    if supersedes:
        out += compare_supersedes(case, pairs, db)
    if events and 'events' in case and (not shuffled or case['events_order_independent']):
        for category, count in case['events'].items():
            if db.events.get(category, 0) != count:
                out.append('events: %s %d times, expected %d' % (category, db.events.get(category, 0), count))
    return out


def main():
    parser = argparse.ArgumentParser(description='Compare a Patchwork database with an expected grouping.')
    parser.add_argument('case', metavar='CASE.json')
    parser.add_argument('--dsn', required=True, help='connection string for psql')
    parser.add_argument('--shuffled', action='store_true',
                        help='the mails did not arrive in the order of the mbox: compare events only where the '
                             'case says that their number does not depend on the order')
    parser.add_argument('--no-supersedes', action='store_true', help='do not compare the links between versions')
    parser.add_argument('--no-events', action='store_true', help='do not compare the number of events')
    args = parser.parse_args()
    try:
        case = read_case(args.case)
        db = read_database(args.dsn, [p['linkname'] for p in case['projects']])
        differences = compare(case, db, args.shuffled, not args.no_supersedes, not args.no_events)
    except Trouble as e:
        print('compare.py: %s' % e, file=sys.stderr)
        return 2
    for line in differences:
        print(line)
    return 1 if differences else 0


if __name__ == '__main__':
    sys.exit(main())
