# SPDX-License-Identifier: GPL-2.0-or-later
"""The reference that is looked for in ../shared/api, which is no part of this tree: mails, what Patchwork
answered about them, and two documents of Patchworks elsewhere; and what of them may differ."""
import email.header
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'db'))
from dbtest import *  # noqa: E402, F401, F403

API = ROOT.parent / 'shared' / 'api'
BASE = 'http://127.0.0.1:8440'


def needs_reference():
    """Ends the program as skipped where it is not there."""
    if not API.exists():
        print(f'1..0 # SKIP the reference is not there: {API}')
        sys.exit(0)


def split_mbox(data):
    return [part for part in re.split(rb'(?m)^From [^\n]*\d\d:\d\d:\d\d[^\n]*\n', data) if part.strip()]


def plain(value):
    """A header value, unfolded and decoded."""
    try:
        value = str(email.header.make_header(email.header.decode_header(value)))
    except (LookupError, UnicodeError):
        pass
    return re.sub(r'\s+', ' ', value).strip()


def comparable(document, at=''):
    """A document as a list of (path, value), in order; what may differ is made equal."""
    if isinstance(document, dict):
        lines = []
        for key, value in document.items():
            if key == 'headers' and value is not None:
                value = {k: [plain(x) for x in (v if isinstance(v, list) else [v])] for k, v in value.items()}
            if key == 'date' and 'category' in document:
                value = '(date of ingestion)'
            lines += comparable(value, f'{at}.{key}')
        return lines or [f'{at} {{}}\n']
    if isinstance(document, list):
        return [line for i, value in enumerate(document) for line in comparable(value, f'{at}[{i}]')] or [f'{at} []\n']
    return [f'{at} {json.dumps(document, ensure_ascii=False)}\n']


def loaded():
    db = server.prepared([])
    db.run("insert into patchwork_project (linkname, name, listid, listemail, web_url, scm_url, webscm_url, "
           'list_archive_url, list_archive_url_format, commit_url_format, send_notifications, use_tags, '
           "show_dependencies, subject_match) values ('test', 'Test project', 'test.example.com', 'test@example.com', "
           "'', '', '', 'https://lore.example.com/test', 'https://lore.example.com/test/{}/', '', false, true, true, '')")
    for path in sorted((API / 'input').iterdir()):
        for mail in split_mbox(path.read_bytes()):
            db.deliver(mail, '--list-id', 'test.example.com')
    return db


def unfolded(mbox):
    """Header and body lines of an mbox, as far as both are to be equal."""
    head, _, body = mbox.decode().partition('\n\n')
    head = [plain(line) for line in re.split(r'\n(?![ \t])', head)]
    # Patchwork takes blank lines above "---" away and makes "---" of "--" also where it adds nothing there.
    return [line + '\n' for line in head + re.sub(r'\n+-{2,3}\n', '\n---\n', body, count=1).rstrip('\n').split('\n')]


# ---- the two documents that this project began with

PATCH_SEED, COVER_SEED = 'seed-patch-qemu.txt', 'seed-cover-dpdk.txt'


def seed(name):
    """The document in a captured page, as far as it is one: the older one has lost its braces."""
    text = (API / name).read_text()
    text = text[text.index('Vary: Accept') + len('Vary: Accept'):]
    text = text.strip()
    if text.startswith('{'):
        return json.JSONDecoder().raw_decode(text)[0]
    return repaired(text)


def repaired(text):
    """A document whose lines of nothing but braces and brackets were lost, by its indentation."""
    lines = [line.rstrip() for line in re.sub(r'get:$', '', text).splitlines() if line.strip()]
    out, open_at = [], []
    indents = [len(line) - len(line.lstrip()) for line in lines]
    base = min(indents[1:])
    for i, line in enumerate(lines):
        indent = indents[i] if i else base
        while open_at and open_at[-1][0] >= indent:
            out.append(open_at.pop()[1])
        body = line.strip()
        if indent - (open_at[-1][0] if open_at else base - 4) > 4:
            out.append('{')
            open_at.append((indent - 4, '},'))
        if body.endswith(('{', '[')):
            open_at.append((indent, '},' if body.endswith('{') else '],'))
        out.append(body if body.endswith(('{', '[', ',')) else body + ',')
    while open_at:
        out.append(open_at.pop()[1])
    return json.loads(re.sub(r',(\s*[}\]])', r'\1', '{' + '\n'.join(out) + '}'))


def rebuilt(document, changes):
    """The mail of a document: its headers, content and diff."""
    lines = [line for key, value in {**document['headers'], **changes}.items()
             for line in [f'{key}: {one}' for one in (value if isinstance(value, list) else [value])]]
    body = document['content'] + '\n' + ('\n' + document['diff'] + '-- \n2.13.5\n' if document.get('diff') else '')
    return ('\n'.join(lines) + '\n\n' + body).encode()


def project_of(db, document, linkname=None):
    p = document['project']
    columns = {'linkname': linkname or p['link_name'], 'name': p['name'], 'listid': p['list_id'] or 'dev.example.org',
               'listemail': p['list_email'] or 'dev@example.org', 'list_archive_url_format': p['list_archive_url_format'],
               **{key: p[key] for key in ['web_url', 'scm_url', 'webscm_url', 'list_archive_url', 'commit_url_format']}}
    add_project(db, columns['linkname'], columns['listid'])
    for key, value in columns.items():
        db.run(f"update patchwork_project set {key} = '{value}'")
    return columns['listid']


# Of the instance, or of the way there.
OF_INSTANCE = {'id', 'url', 'web_url', 'mbox', 'comments', 'checks'}


def without_instance(document):
    if isinstance(document, dict):
        return {key: without_instance(value) for key, value in document.items() if key not in OF_INSTANCE or value is None}
    return [without_instance(value) for value in document] if isinstance(document, list) else document


def deliver_patch_seed(db, want):
    """The mail of the patch, below those that it says were there."""
    list_id = project_of(db, want)
    series = want['series'][0]
    cover = want['headers']['References']
    for msgid, subject, second, body in [
            (cover, f'[PATCH 0/3] {series["name"]}', 49, f'Cover.\n\nAlexey Kardashevskiy (3):\n  a\n  b\n  {want["name"][6:]}\n'),
            (cover.replace('-1-', '-2-'), '[PATCH 1/3] a', 50, '---\n' + DIFF.format(file='a', word='a')),
            (cover.replace('-1-', '-3-'), '[PATCH 2/3] b', 51, '---\n' + DIFF.format(file='b', word='b'))]:
        refs = '' if msgid == cover else f'In-Reply-To: {cover}\nReferences: {cover}\n'
        db.deliver(f'From: {want["headers"]["From"]}\nDate: Thu, 21 Sep 2017 14:07:{second} +0200\nMessage-Id: {msgid}\n'
                   f'{refs}List-Id: {want["headers"]["List-Id"]}\nSubject: [Qemu-devel] {subject}\n\n{body}', '--list-id', list_id)
    db.deliver(rebuilt(want, {}))


# The captured page of the cover has lost what stood in angle brackets and all addresses; these are made up, and not
# compared. Its name has lost "dpdk-dev", which is the list's prefix; so the project bears that as its link name when
# the mail comes.
LOST = {'Message-Id': '<cover.1528749451@example.org>', 'From': 'Anatoly Burakov <anatoly@example.org>', 'List-Id': ''}


def deliver_cover_seed(db, want):
    """The mail of the cover and nine patches; its Message-ID."""
    list_id = project_of(db, want, 'dpdk-dev')
    lost = {**LOST, 'List-Id': f'DPDK <{list_id}>'}
    db.run("insert into patchwork_person (email, name) values ('anatoly@example.org', 'x')")
    db.deliver(rebuilt(want, lost))
    for i in range(1, 10):
        db.deliver(f'From: {lost["From"]}\nDate: Mon, 11 Jun 2018 21:55:{33 + i} +0100\nMessage-Id: <{i}@example.org>\n'
                   f'In-Reply-To: {lost["Message-Id"]}\nReferences: {lost["Message-Id"]}\nList-Id: {lost["List-Id"]}\n'
                   f'Subject: [dpdk-dev] [PATCH {i}/9] part {i}\n\n---\n' + DIFF.format(file='a', word=i))
    db.run("update patchwork_project set linkname = 'dpdk'")
    return lost['Message-Id']


def comparable_cover(document):
    document = without_instance(json.loads(json.dumps(document)))
    document['headers'] = {k: v for k, v in document['headers'].items() if k not in LOST}
    for key in ['list_id', 'list_email', 'list_archive_url']:
        document['project'].pop(key)
    for key in ['msgid', 'submitter', 'list_archive_url']:
        document.pop(key)
    return comparable(document)


def without_numbers(document):
    """The same with all ids made equal, also those in links."""
    if isinstance(document, dict):
        return {key: 0 if key == 'id' else without_numbers(value) for key, value in document.items()}
    if isinstance(document, list):
        return [without_numbers(value) for value in document]
    if isinstance(document, str) and re.match(r'https?://', document):
        return re.sub(r'(/|series=)\d+(?=/|$)', r'\g<1>0', document)
    return document


def mails_of(mbox):
    """{id: mail} of an mbox that Patchwork's form has."""
    mails = re.split(rb'(?m)^(?=From patchwork )', mbox)[1:]
    return {int(re.search(rb'\nX-Patchwork-Id: (\d+)', mail)[1]): mail for mail in mails}
