# SPDX-License-Identifier: GPL-2.0-or-later
"""Commits that are awkward to mail, and the forms in which senders mail them.

A case is a function of a Repo that makes a commit on top of the base and returns the mail of it
(bytes with LF line ends), or a list of mails. Its docstring is its name.
"""
import base64
import os
import quopri
import re
import subprocess

CASES = []
TEXT = ''.join(f'line {i} of the text\n' for i in range(40)).encode()
BINARY = bytes(range(256)) * 8
BASE = {
    'text': TEXT,
    'other': TEXT.upper(),
    'binary': BINARY,
    'crlf': TEXT.replace(b'\n', b'\r\n'),
    'latin1': 'größe\nfüße\nweiß\n'.encode('latin-1'),
    'utf8': 'größe\nfüße\nweiß\n'.encode(),
    'dir/deep/file': TEXT.replace(b'line', b'deep'),
    'script': b'#!/bin/sh\necho yes\n',
    'last': b'no end of line',
}


def case(function):
    CASES.append(function)
    return function


class Repo:
    def __init__(self, path):
        self.path = path
        path.mkdir()
        self.git('init', '-q')
        for key, value in [('user.name', 'Kim Committer'), ('user.email', 'kim@example.org'), ('core.autocrlf', 'false'),
                           ('format.thread', 'true'), ('gc.auto', '0'), ('advice.detachedHead', 'false')]:
            self.git('config', key, value)
        self.write(BASE)
        self.git('add', '-A')
        self.git('update-index', '--add', '--cacheinfo', f'160000,{"1" * 40},module')
        self.git('commit', '-q', '-m', 'base')
        self.base = self.git('rev-parse', 'HEAD').decode().strip()

    def git(self, *args, check=True, **kwargs):
        env = {**os.environ, 'GIT_CONFIG_NOSYSTEM': '1', 'HOME': str(self.path), **kwargs.pop('env', {})}
        return subprocess.run(['git', *args], cwd=self.path, check=check, env=env,
                              capture_output=True, **kwargs).stdout

    def write(self, files):
        for name, data in files.items():
            path = self.path / name
            if data is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def reset(self):
        self.git('am', '--abort', check=False)
        self.git('reset', '-q', '--hard', self.base)
        self.git('clean', '-qfdx')

    def commit(self, files=None, message='subject of it\n\nThe body says why.\n', author='Ada Abel <ada@example.org>',
               date='1750000000 +0200', encoding=None, stage=True, args=()):
        self.reset()
        self.write(files if files is not None else {'text': TEXT.replace(b'line 7 ', b'line seven ')})
        if stage:
            self.git('add', '-A', '--', ':!module')
        data = message if isinstance(message, bytes) else message.encode()
        config = ['-c', f'i18n.commitEncoding={encoding}'] if encoding else []
        self.git(*config, 'commit', '-q', '--cleanup=verbatim', '--author', author, '--date', date, '-F', '-', *args,
                 input=data)

    def mail(self, *args):
        """The last commit, as git format-patch writes it."""
        data = self.git('format-patch', '-1', '--stdout', '--no-signature' if '--bare' in args else '--signature=2.39.5',
                        *[arg for arg in args if arg != '--bare'])
        return data.split(b'\n', 1)[1]

    def am(self, mail, *options):
        """(tree, author, date, message) that git am makes of a mail; what it said where it failed."""
        self.reset()
        path = self.path.parent / 'mail'
        path.write_bytes(mail)
        done = subprocess.run(['git', 'am', '-q', *options, str(path)], cwd=self.path, capture_output=True,
                              env={**os.environ, 'GIT_CONFIG_NOSYSTEM': '1', 'HOME': str(self.path)})
        if done.returncode != 0:
            return 'failed', (done.stdout + done.stderr).decode('utf-8', 'replace')
        return tuple(self.git('log', '-1', '--format=%T%x00%an%x00%ae%x00%ad%x00%B', '--date=raw').split(b'\0'))


# ---- forms of mail


def split(mail):
    head, body = mail.split(b'\n\n', 1)
    return head, body


def without(head, *names):
    for name in names:
        head = re.sub(rb'(?im)^' + name.encode() + rb':.*\n?((?:[ \t].*\n?)*)', b'', head)
    return head.rstrip(b'\n')


def typed(head, kind='text/plain; charset=UTF-8', encoding='8bit', *more):
    head = without(head, 'Content-Type', 'Content-Transfer-Encoding', 'MIME-Version')
    lines = [f'MIME-Version: 1.0\nContent-Type: {kind}', f'Content-Transfer-Encoding: {encoding}', *more]
    return head + b'\n' + '\n'.join(lines).encode()


def in_base64(mail, crlf=False, kind='text/plain; charset=UTF-8'):
    head, body = split(mail)
    body = body.replace(b'\n', b'\r\n') if crlf else body
    return typed(head, kind, 'base64') + b'\n\n' + base64.encodebytes(body)


def in_quoted_printable(mail, kind='text/plain; charset=UTF-8', crlf=False):
    head, body = split(mail)
    body = body.replace(b'\n', b'\r\n') if crlf else body
    # quopri takes CR LF for a line end; it must stay content.
    body = quopri.encodestring(body.replace(b'\r', b'\1')).replace(b'=01', b'=0D')
    return typed(head, kind, 'quoted-printable') + b'\n\n' + body


def in_parts(mail, *parts, kind='mixed'):
    """The mail's body and parts (type, body) below one multipart."""
    head, body = split(mail)
    out = b''
    for part_kind, part in [('text/plain; charset=UTF-8', body), *parts]:
        extra = '\nContent-Disposition: attachment; filename=' + part_kind.split('name=')[1] if 'name=' in part_kind else ''
        out += f'--edge\nContent-Type: {part_kind}\nContent-Transfer-Encoding: 8bit{extra}\n\n'.encode() + part + b'\n'
    return typed(head, f'multipart/{kind}; boundary="edge"') + b'\n\n' + out + b'--edge--\n'


def with_headers(mail, text):
    return text.encode() + b'\n' + mail


# ---- what is in the commit


@case
def plain(r):
    r.commit()
    return r.mail()


@case
def binary_then_text(r):
    r.commit({'binary': BINARY[::-1], 'other': TEXT, 'script': b'#!/bin/sh\necho no\n'})
    return r.mail('--binary')


@case
def new_binary_between_texts(r):
    r.commit({'a.txt': b'a\n', 'b.bin': BINARY + b'\0\1', 'c.txt': b'c\n'})
    return r.mail('--binary')


@case
def binary_deleted(r):
    r.commit({'binary': None, 'other': TEXT})
    return r.mail('--binary')


@case
def latin1_file(r):
    r.commit({'latin1': 'größer\nfüße\nweiß\n'.encode('latin-1')})
    return r.mail()


@case
def latin1_file_in_latin1_mail(r):
    r.commit({'latin1': 'größer\nfüße\nweiß\n'.encode('latin-1')}, message='größer\n\nDie Füße.\n')
    head, body = split(r.mail())
    return typed(head, 'text/plain; charset=ISO-8859-1') + b'\n\n' + body.replace('Füße'.encode(), 'Füße'.encode('latin-1'))


@case
def latin1_and_utf8_files(r):
    r.commit({'latin1': 'größer\nfüße\nweiß\n'.encode('latin-1'), 'utf8': 'größer\nfüße\nweiß\n'.encode()})
    return r.mail()


@case
def latin1_commit_encoding(r):
    r.commit(message='größer\n\nDie Füße.\n'.encode('latin-1'), author='Jörg Groß <joerg@example.org>', encoding='ISO-8859-1')
    return r.mail()


@case
def four_byte_utf8(r):
    r.commit({'utf8': 'größe 🎉\nfüße\nweiß\n'.encode()}, message='party 🎉\n\nAll 🎈 of it.\n', author='Zoë 🎉 <zoe@example.org>')
    return r.mail()


@case
def crlf_file(r):
    r.commit({'crlf': BASE['crlf'].replace(b'line 7 ', b'line seven ')})
    return r.mail(), '--keep-cr'


@case
def crlf_file_in_base64(r):
    r.commit({'crlf': BASE['crlf'].replace(b'line 7 ', b'line seven ')})
    return in_base64(r.mail())


@case
def crlf_file_in_quoted_printable(r):
    r.commit({'crlf': BASE['crlf'].replace(b'line 7 ', b'line seven ')})
    return in_quoted_printable(r.mail())


@case
def lone_returns(r):
    r.commit({'text': TEXT.replace(b'line 7 ', b'line\rseven ')})
    return r.mail()


@case
def nul_in_text_diff(r):
    r.commit({'text': TEXT.replace(b'line 7 ', b'line \0 ')})
    return r.mail('--text')


@case
def form_feeds_and_tabs(r):
    r.commit({'text': TEXT.replace(b'line 7 ', b'\f\nline\t\v7 \x1b[0m  ')})
    return r.mail()


@case
def no_newline_at_end(r):
    r.commit({'last': b'still no end of line'})
    return r.mail('--bare')


@case
def white_space_at_ends(r):
    r.commit({'text': TEXT.replace(b'line 39 of the text\n', b'line 39 of the text   \n\n\n\n')})
    return r.mail('--bare')


@case
def mode_change(r):
    r.commit({}, stage=False, args=['--allow-empty'])
    r.git('update-index', '--chmod=+x', 'script')
    r.git('commit', '-q', '--amend', '--no-edit')
    r.git('checkout', '-q', '-f', 'HEAD')
    return r.mail()


@case
def rename_and_copy(r):
    r.commit({'text': None, 'moved/text': TEXT, 'copy': TEXT.upper() + b'one more\n', 'other': TEXT.upper() + b'x\n'})
    return r.mail('-M', '-C', '--find-copies-harder')


@case
def rename_without_change(r):
    r.commit({'text': None, 'elsewhere': TEXT})
    return r.mail('-M')


@case
def new_and_deleted_empty_files(r):
    r.commit({'empty': b'', 'last': None})
    return r.mail()


@case
def odd_file_names(r):
    r.commit({'with space': b'1\n', 'tab\tin it': b'2\n', 'größe': b'3\n', 'quo"te': b'4\n', '-- x': b'5\n'})
    return r.mail()


@case
def submodule(r):
    r.commit({}, stage=False, args=['--allow-empty'])
    r.git('update-index', '--cacheinfo', f'160000,{"2" * 40},module')
    r.git('commit', '-q', '--amend', '--no-edit')
    return r.mail()


@case
def symlink(r):
    r.reset()
    (r.path / 'link').symlink_to('text')
    r.git('add', 'link')
    r.git('commit', '-q', '-m', 'a link', '--author', 'Ada Abel <ada@example.org>')
    return r.mail()


@case
def long_lines(r):
    r.commit({'text': TEXT.replace(b'line 7 ', b'line ' + b'very ' * 600)})
    return r.mail()


@case
def lines_of_diff_in_the_file(r):
    r.commit({'patch': b'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n-- \n2.1\n', 'other': TEXT})
    return r.mail()


@case
def removed_lines_of_dashes(r):
    r.commit({'text': TEXT.replace(b'line 7 of the text\n', b'')})
    r.reset()
    r.write({'dashes': b'- \n-- \n-- x\n---\n____\n'})
    r.git('add', 'dashes')
    r.git('commit', '-q', '-m', 'dashes', '--author', 'Ada Abel <ada@example.org>')
    return r.mail()


# ---- what is in the message


def message_case(name, message, *args, **kwargs):
    def make(r):
        r.commit(message=message, **kwargs)
        return r.mail(*args)
    make.__name__ = name
    case(make)


message_case('message_with_dashes', 'dashes\n\nA list:\n--\n-- x\n --- \nend.\n')
message_case('message_with_signature_line', 'sig\n\nabove\n-- \nbelow the signature\n')
message_case('message_with_underscores', 'lines\n\nabove\n____\nbelow\n_____________________\nlast\n')
message_case('message_with_one_underscore', 'one\n\nabove\n_\nbelow\n')
message_case('message_with_three_dashes', 'three\n\nabove\n---\nbelow\n')
message_case('message_that_begins_indented', 'indented\n\n    code = here;\n\nand text\n')
message_case('message_with_blank_lines', 'blank\n\n\n\nabove\n\n\n\nbelow\n\n')
message_case('message_with_hash_lines', 'hash\n\n# not a comment\n#include <x>\n')
message_case('message_without_body', 'only a subject\n')
message_case('message_with_scissors', 'scissors\n\nabove\n\n-- >8 --\n\nbelow\n')
message_case('message_with_quotes', 'quotes\n\n> quoted\n>From here\n> > twice\n')
message_case('message_with_from_line', 'from\n\nFrom here on it is better.\nFrom now at 10:20:30 2024 it is split.\n')
message_case('message_with_from_headers_inside', 'headers\n\nCc: <x@example.org>\nFoo: bar\nSubject: not this\n')
message_case('message_with_nbsp', 'nbsp\n\n\u00a0first\u00a0\nlast\u00a0\n')
message_case('message_with_tabs', 'tabs\n\n\tindented\n\t\tmore\t\n')
message_case('message_with_trailers', 'trailers\n\nText.\n\nFixes: 0123456789ab ("x")\nSigned-off-by: Ada Abel <ada@example.org>\n')
message_case('long_subject', 'a subject ' + 'that goes on and on ' * 20 + '\n\nBody.\n')
message_case('long_subject_not_ascii', 'ein Öl ' + 'für größere Füße ' * 12 + '\n\nBody.\n')
message_case('subject_with_brackets', '[net] fix [this] thing\n\nBody.\n', '--subject-prefix=PATCH net')
message_case('author_with_comma', 'comma\n\nBody.\n', author='Abel, Ada (X) <ada@example.org>')
message_case('author_not_ascii', 'name\n\nBody.\n', author='Ådå Åbel <ada@example.org>')
message_case('odd_time_zone', 'zone\n\nBody.\n', date='1750000000 -0930')
message_case('in_body_from', 'in-body\n\nBody.\n', '--from=Lee Lister <lee@example.org>')
message_case('in_body_from_not_ascii', 'in-body\n\nBody.\n', '--from=Lee Lister <lee@example.org>', author='Zoë Ö <zoe@example.org>')
message_case('note_below_dashes', 'note\n\nBody.\n', '--notes')


@case
def in_body_date_and_subject(r):
    r.commit()
    head, body = split(r.mail())
    return head + b'\n\nFrom: Bo <bo@example.org>\nDate: Tue, 1 Apr 2025 12:00:00 +0300\nSubject: another one\n\n' + body


@case
def in_body_from_folded(r):
    r.commit()
    head, body = split(r.mail())
    return head + b'\n\nFrom: =?UTF-8?q?Z=C3=B6?=\n =?UTF-8?q?_B?= <bo@example.org>\n\n' + body


# ---- how it is mailed


def form_case(name, form, files=None, message='größer\n\nDie Füße sind 🎉.\n', *args, am=(), **kwargs):
    def make(r):
        r.commit(files if files is not None else {'utf8': 'größer\nfüße\nweiß\n'.encode()}, message, **kwargs)
        return form(r.mail(*args)), *am
    make.__name__ = name
    case(make)


form_case('base64', in_base64)
form_case('base64_with_crlf', lambda m: in_base64(m, crlf=True), am=['--quoted-cr=strip'])
form_case('quoted_printable', in_quoted_printable)
form_case('quoted_printable_with_crlf', lambda m: in_quoted_printable(m, crlf=True), am=['--quoted-cr=strip'])
form_case('list_footer', lambda m: m + b'_______________________________________________\ndemo mailing list\nhttps://x.example.org\n')
form_case('list_footer_without_rule', lambda m: m + b'You got this since you are on the list.\nhttps://x.example.org\n')
form_case('list_footer_and_no_dashes', lambda m: re.sub(rb'(?ms)^---\n.*?^diff', b'\ndiff', m, count=1) + b'A footer of the list.\n')
form_case('no_dashes', lambda m: re.sub(rb'(?ms)^---\n.*?^diff', b'\ndiff', m, count=1))
form_case('footer_as_a_part', lambda m: in_parts(m, ('text/plain; charset=us-ascii', b'-----\ndemo mailing list\n')))
form_case('html_part_too', lambda m: in_parts(m, ('text/html', b'<pre>x</pre>'), kind='alternative'))
form_case('several_attachments', lambda m: in_parts(m, ('text/plain; name="notes.txt"', b'notes\n'), ('image/png; name="x.png"', b'no png')))
form_case('signed_as_a_part', lambda m: in_parts(m, ('application/pgp-signature', b'-----BEGIN PGP SIGNATURE-----\nx\n'), kind='signed'))
form_case('no_charset', lambda m: without(split(m)[0], 'Content-Type', 'Content-Transfer-Encoding', 'MIME-Version') + b'\n\n' + split(m)[1])
form_case('koi8', lambda m: typed(split(m)[0], 'text/plain; charset=KOI8-R') + b'\n\n' + split(m)[1].decode().translate(
    str.maketrans('öüß🎉', 'жщф!')).encode('koi8-r', 'replace'), {'text': TEXT.replace(b'line 7 ', b'line seven ')})
form_case('no_prefix', lambda m: m, None, 'bare names\n\nBody.\n', '--no-prefix', am=['-p0'])
form_case('mnemonic_prefixes', lambda m: m, None, 'i and w\n\nBody.\n', '--src-prefix=i/', '--dst-prefix=w/')
form_case('attached', lambda m: m, None, 'größer\n\nDie Füße.\n', '--attach')
form_case('inlined', lambda m: m, None, 'größer\n\nDie Füße.\n', '--inline')
form_case('full_index_and_minimal', lambda m: m, None, 'größer\n\nDie Füße.\n', '--full-index', '--minimal', '--no-stat')
form_case('word_of_a_pull_request', lambda m: m.replace(b'2.39.5', b'git 2.39.5 (Debian)'))
form_case('received_headers', lambda m: with_headers(m, 'Received: from a by b;\n\tMon, 5 Jan 2026 10:00:00 +0000\nReturn-Path: <x@example.org>\nX-Empty:\nX-Folded:\n x'))


@case
def raw_8bit_headers(r):
    r.commit(message='größer\n\nBody.\n', author='Jörg <joerg@example.org>')
    head, body = split(r.mail())
    head = re.sub(rb'(?m)^From: .*', 'From: Jörg <joerg@example.org>'.encode(), head)
    return re.sub(rb'(?m)^Subject: .*(\n[ \t].*)*', 'Subject: [PATCH] größer'.encode(), head) + b'\n\n' + body


@case
def raw_latin1_headers(r):
    r.commit(message='größer\n\nBody.\n', author='Jörg <joerg@example.org>')
    head, body = split(r.mail())
    head = re.sub(rb'(?m)^From: .*', 'From: Jörg <joerg@example.org>'.encode('latin-1'), head)
    return re.sub(rb'(?m)^Subject: .*(\n[ \t].*)*', 'Subject: [PATCH] größer'.encode('latin-1'), head) + b'\n\n' + body


def flowed(mail, delsp=False):
    head, body = split(mail)
    body = re.sub(rb'(?m)^( |From |>)', rb' \1', body)
    kind = 'text/plain; charset=UTF-8; format=flowed' + ('; delsp=yes' if delsp else '')
    return typed(head, kind) + b'\n\n' + body


form_case('flowed', flowed)
form_case('flowed_with_delsp', lambda m: flowed(m, True))
form_case('flowed_and_wrapped', lambda m: re.sub(rb'(?m)^ (Die Fuesse) ', rb'\1 \n', flowed(m)), None, 'wide\n\nDie Fuesse sind zu gross.\n')
form_case('mercurial', lambda m: split(m)[0] + b'\n\n# HG changeset patch\n# User Ada <ada@example.org>\n# Node ID ' + b'1' * 40 + b'\n'
          + split(m)[1], None, 'of mercurial\n\nBody.\n')


@case
def subversion(r):
    r.commit()
    head, body = split(r.mail())
    diff = re.sub(rb'diff --git a/(\S+).*\nindex.*\n--- .*\n\+\+\+ .*\n', lambda m: b'Index: ' + m[1] + b'\n' + b'=' * 67
                  + b'\n--- ' + m[1] + b'\t(revision 1)\n+++ ' + m[1] + b'\t(working copy)\n', body)
    return head + b'\n\n' + diff, '-p0'


@case
def plain_diff(r):
    r.commit()
    head, body = split(r.mail())
    return head + b'\n\n' + re.sub(rb'diff --git .*\nindex.*\n', b'', body)
