# SPDX-License-Identifier: GPL-2.0-or-later
"""Mails that are made to hurt whoever reads them: of one shape each, as large as one asks for.

SHAPES has them by name; each is a function of a size in bytes and gives a whole mail of about that
size. What is in them is repeated, so that time by byte is what a parser does with it.
"""
LIST = 'demo.lists.example.org'
SHAPES = {}


def shape(function):
    SHAPES[function.__name__.replace('_', ' ')] = function
    return function


def head(*lines, subject='[PATCH] hostile', msgid='hostile@example.org', sender='Mallory <mallory@example.org>'):
    fixed = [f'From: {sender}', f'Subject: {subject}', f'Message-ID: <{msgid}>',
             'Date: Mon, 5 Jan 2026 10:00:00 +0000', f'List-Id: <{LIST}>']
    return '\n'.join([*fixed, *lines]).encode() + b'\n'


def plain(body, *lines, **kwargs):
    return head(*lines, **kwargs) + b'\n' + body


def filled(unit, size):
    """unit again and again; where it is a function, unit(0), unit(1), ..."""
    if not callable(unit):
        return unit * max(1, size // len(unit))
    parts, total, n = [], 0, 0
    while total < size:
        parts.append(unit(n))
        total += len(parts[-1])
        n += 1
    return b''.join(parts)


def numbered(text, size):
    """text % n for n = 0, 1, ..."""
    return filled(lambda n: text % n, size)


# ---- headers


@shape
def many_headers(size):
    return plain(b'Hello.\n') .replace(b'\n\n', b'\n' + numbered(b'X-%d: a header of no use\n', size) + b'\n', 1)


@shape
def one_header_many_times(size):
    return head() + filled(b'Received: by x\n', size) + b'\nHello.\n'


@shape
def many_list_ids(size):
    return head() + numbered(b'List-Id: <l%d.example.org>\n', size) + b'\nHello.\n'


@shape
def one_long_header(size):
    return head() + b'X-Long: ' + b'x' * size + b'\n\nHello.\n'


@shape
def header_of_folded_lines(size):
    return head() + b'X-Folded: x\n' + filled(b' x\n', size) + b'\nHello.\n'


@shape
def header_without_end(size):
    return head() + b'X-None: ' + filled(b'x\r', size)


@shape
def many_references(size):
    return head() + b'References:' + numbered(b'\n <r%d@example.org>', size) + b'\n\nHello.\n'


@shape
def one_reference_many_times(size):
    return head() + b'References:' + filled(b' <r@example.org>', size) + b'\n\nHello.\n'


@shape
def references_of_open_brackets(size):
    return head() + b'References: ' + b'<' * size + b'\n\nHello.\n'


@shape
def references_of_comments(size):
    return head() + b'References: ' + b'(' * size + b'\nIn-Reply-To: ' + b'\\(' * 1000 + b'\n\nHello.\n'


@shape
def in_reply_to_many_times(size):
    return head() + numbered(b'In-Reply-To: <r%d@example.org>\n', size) + b'\nHello.\n'


@shape
def long_message_id(size):
    return plain(b'Hello.\n', msgid='m' * size + '@example.org')


@shape
def message_id_of_comments(size):
    return head().replace(b'Message-ID: ', b'Message-ID: ' + b'(' * size) + b'\nHello.\n'


@shape
def subject_of_encoded_words(size):
    return plain(b'Hello.\n', subject='=?utf-8?q?=5BPATCH=5D?= ' + '=?utf-8?q?=61?= ' * (size // 16))


@shape
def subject_of_open_encoded_words(size):
    return plain(b'Hello.\n', subject='=?utf-8?q?' * (size // 10))


@shape
def subject_of_question_marks(size):
    return plain(b'Hello.\n', subject='=?' + '?' * size)


@shape
def subject_of_charsets(size):
    return plain(b'Hello.\n', subject=' '.join(f'=?x-{n}?b?YQ==?=' for n in range(size // 20)))


@shape
def subject_of_charsets_that_change(size):
    return plain(b'Hello.\n', subject='=?iso-2022-jp?b?GyRC?= =?gb18030?b?gTCBMA==?= ' * (size // 45))


@shape
def subject_of_brackets(size):
    return plain(b'Hello.\n', subject='[' * size)


@shape
def subject_of_tags(size):
    return plain(b'Hello.\n', subject='[PATCH] ' + '[x] ' * (size // 4))


@shape
def subject_of_replies(size):
    return plain(b'Hello.\n', subject='Re: ' * (size // 4))


@shape
def subject_of_prefixes(size):
    return plain(b'Hello.\n', subject='[' + 'PATCH,' * (size // 6) + '1/2] x')


@shape
def subject_of_blanks(size):
    return plain(b'Hello.\n', subject='x' + ' ' * size + 'x')


@shape
def subject_of_digits(size):
    return plain(b'Hello.\n', subject='[PATCH v' + '9' * (size // 2) + ' 1/' + '9' * (size // 2) + '] x')


@shape
def address_of_comments(size):
    return plain(b'Hello.\n', sender='(' * size + ' mallory@example.org')


@shape
def address_of_closed_comments(size):
    return plain(b'Hello.\n', sender='(' * (size // 2) + ')' * (size // 2) + ' mallory@example.org')


@shape
def address_of_quotes(size):
    return plain(b'Hello.\n', sender='"\\' * (size // 2))


@shape
def address_of_brackets(size):
    return plain(b'Hello.\n', sender='<' * size)


@shape
def many_addresses(size):
    return plain(b'Hello.\n', sender=', '.join(f'm{n}@example.org' for n in range(size // 18)))


@shape
def address_of_a_group(size):
    return plain(b'Hello.\n', sender='a: ' * (size // 3) + ';')


@shape
def name_of_encoded_words(size):
    return plain(b'Hello.\n', sender='=?utf-8?b?TQ==?= ' * (size // 17) + '<mallory@example.org>')


@shape
def date_of_comments(size):
    return head().replace(b'Date: ', b'Date: ' + b'(' * size) + b'\nHello.\n'


@shape
def depends_on(size):
    return plain(numbered(b'Depends-on: <d%d@example.org>\n', size))


@shape
def change_ids(size):
    return plain(numbered(b'change-id: 20260105-x-%d\n', size))


@shape
def shortlog(size):
    return plain(numbered(b'Mallory (1):\n  title %d\n\n', size), subject='[PATCH 0/2] cover')


@shape
def shortlog_that_never_ends(size):
    return plain(filled(b'Mallory (999):\n', size), subject='[PATCH 0/2] cover')


@shape
def tags(size):
    return plain(filled(b'Acked-by: x <x@example.org>\n', size), subject='Re: [PATCH] x')


@shape
def tag_of_blanks(size):
    return plain(b'Acked-by:' + b' ' * size + b'\n', subject='Re: [PATCH] x')


# ---- parts


def multipart(size, unit, *, boundary=b'b', end=b''):
    return head('MIME-Version: 1.0', f'Content-Type: multipart/mixed; boundary="{boundary.decode()}"') + b'\n' + \
        filled(unit, size) + end


@shape
def many_parts(size):
    return multipart(size, b'--b\n\nx\n', end=b'--b--\n')


@shape
def empty_parts(size):
    return multipart(size, b'--b\n')


@shape
def parts_within_the_limit(size):
    return multipart(900 * (size // 900), b'--b\n\n' + b'x' * 70 + b'\n' + b'y\n' * (size // 1800), end=b'--b--\n')


@shape
def nested_parts(size):
    return head('MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="x"') + b'\n--x\n' + filled(
        lambda n: b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n), size)


@shape
def nested_parts_of_one_boundary(size):
    return multipart(size, b'--b\nContent-Type: multipart/mixed; boundary="b"\n\n')


@shape
def nested_mails(size):
    return head('MIME-Version: 1.0', 'Content-Type: message/rfc822') + b'\n' + \
        filled(b'MIME-Version: 1.0\nContent-Type: message/rfc822\n\n', size)


@shape
def nested_mails_of_parts(size):
    return multipart(size, b'--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary="b"\n\n')


@shape
def nested_to_the_limit(size):
    depth = 60
    opened = b''.join(b'--n%d\nContent-Type: multipart/mixed; boundary="n%d"\n\n' % (n, n + 1) for n in range(depth))
    return head('MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="n0"') + b'\n' + opened + \
        filled(b'--nobodys boundary\n', size)


@shape
def mails_in_base64_in_mails(size):
    import base64
    inner = plain(b'x\n' * (size // 8))
    for _ in range(4):
        inner = head('MIME-Version: 1.0', 'Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64') + b'\n' + \
            base64.encodebytes(inner)
    return inner


@shape
def boundary_of_dashes(size):
    return multipart(size, b'--' + b'-' * 70 + b'\n', boundary=b'-' * 70)


@shape
def long_boundary(size):
    return multipart(size // 2, b'--' + b'b' * 60 + b'\n', boundary=b'b' * min(size // 2, 60000))


@shape
def boundaries_of_one_beginning(size):
    return multipart(size, b'--b' + b'x' * 1000 + b'\n')


@shape
def content_type_of_parameters(size):
    return plain(b'Hello.\n', 'MIME-Version: 1.0', 'Content-Type: text/plain' + ''.join(
        f'; p{n}=x' for n in range(size // 10)))


@shape
def content_type_of_continuations(size):
    return plain(b'Hello.\n', 'MIME-Version: 1.0', 'Content-Type: text/plain' + ''.join(
        f';\n name*{n}*=x' for n in range(size // 14)))


@shape
def disposition_of_continuations(size):
    return plain(b'Hello.\n', 'MIME-Version: 1.0', 'Content-Disposition: attachment' + ''.join(
        f';\n filename*{n}=x' for n in range(size // 17)))


@shape
def continuations_in_parts(size):
    name = b''.join(b';\n filename*%d=x' % n for n in range(200))
    return multipart(size, b'--b\nContent-Disposition: attachment' + name + b'\n\nx\n')


@shape
def headers_of_a_part(size):
    return multipart(0, b'--b\n' + numbered(b'X-%d: x\n', size) + b'\nHello.\n', end=b'--b--\n')


@shape
def long_header_of_a_part(size):
    return multipart(0, b'--b\nX-Long: ' + b'x' * size + b'\n\nHello.\n', end=b'--b--\n')


@shape
def folded_header_of_a_part(size):
    return multipart(0, b'--b\nX-Folded: x\n' + filled(b' x\n', size) + b'\nHello.\n', end=b'--b--\n')


@shape
def headers_of_many_parts(size):
    return multipart(size, b'--b\n' + b'X: x\n' * 500 + b'\nx\n')


@shape
def content_types(size):
    return head('MIME-Version: 1.0') + filled(b'Content-Type: multipart/mixed; boundary="b"\n', size) + b'\n--b\n'


# ---- transfer


@shape
def base64_garbage(size):
    return plain(filled(b'!!=!A=B==\n', size), 'MIME-Version: 1.0', 'Content-Transfer-Encoding: base64')


@shape
def base64_of_line_ends(size):
    return plain(filled(b'Cg==\n', size), 'MIME-Version: 1.0', 'Content-Transfer-Encoding: base64')


@shape
def soft_line_breaks(size):
    return plain(filled(b'=\n', size), 'MIME-Version: 1.0', 'Content-Transfer-Encoding: quoted-printable')


@shape
def quoted_printable_garbage(size):
    return plain(filled(b'=xx= \t =\n', size), 'MIME-Version: 1.0', 'Content-Transfer-Encoding: quoted-printable')


@shape
def uuencode_garbage(size):
    return plain(b'begin 644 x\n' + filled(b'M```\n', size), 'MIME-Version: 1.0', 'Content-Transfer-Encoding: uuencode')


@shape
def utf7(size):
    return plain(filled(b'+AD0-+-+', size), 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-7')


@shape
def charset_that_changes(size):
    return plain(filled(b'\x1b$B!!\x1b(B', size), 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=iso-2022-jp')


@shape
def bytes_of_no_charset(size):
    return plain(filled(b'\xff\xfe\x80\xc3\n', size), 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8')


@shape
def characters_that_grow(size):
    return plain(filled(b'\xe4\xf6\xfc\n', size), 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=koi8-r')


@shape
def flowed(size):
    return plain(filled(b'> \n', size), 'MIME-Version: 1.0', 'Content-Type: text/plain; format=flowed; delsp=yes')


@shape
def nuls(size):
    return plain(b'\0' * size)


# ---- bodies


@shape
def one_long_line(size):
    return plain(b'x' * size)


@shape
def empty_lines(size):
    return plain(b'\n' * size)


@shape
def carriage_returns(size):
    return plain(b'\r' * size)


@shape
def blanks(size):
    return plain(b' ' * size + b'x\n')


@shape
def from_lines(size):
    return plain(filled(b'>From x\n', size))


@shape
def mails_of_from_lines(size):
    return filled(b'From x Thu Jan  1 00:00:00 1970\n', size) + plain(b'Hello.\n')


@shape
def diff_headers(size):
    return plain(numbered(b'diff --git a/f%d b/f%d\n'.replace(b'b/f%d', b'b/f'), size))


@shape
def file_names(size):
    return plain(numbered(b'--- a/%d\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n', size))


@shape
def files_of_one_directory(size):
    return plain(numbered(b'--- a/%d\n+++ b/%d\n@@ -1 +1 @@\n-a\n+b\n'.replace(b'+++ b/%d', b'+++ /dev/null'), size))


@shape
def long_file_name(size):
    return plain(b'--- a/' + b'a' * size + b'\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n')


@shape
def minus_lines(size):
    return plain(filled(b'--- a\n', size))


@shape
def index_lines(size):
    return plain(filled(b'Index: a\n', size))


@shape
def hunks(size):
    return plain(b'--- a/x\n+++ b/x\n' + filled(b'@@ -1 +1 @@\n', size))


@shape
def hunk_that_never_ends(size):
    return plain(b'--- a/x\n+++ b/x\n@@ -1,999999999 +1,999999999 @@\n' + filled(b' \n', size))


@shape
def hunks_of_combined_diffs(size):
    return plain(filled(b'diff --cc x\n@@@@ -1 -1 -1 +1 @@@@\n', size))


@shape
def binary_patches(size):
    return plain(filled(b'diff --git a/x b/x\nGIT binary patch\nliteral 9\n\n', size))


@shape
def separators(size):
    return plain(filled(b'---\n', size))


@shape
def quotes(size):
    return plain(b'>' * size, subject='Re: [PATCH] x')


@shape
def pull_requests(size):
    return plain(filled(b'are available in the git repository at:\n\n', size), subject='[GIT PULL] x')


@shape
def pull_urls(size):
    return plain(b'The following changes since commit x:\nare available in the git repository at:\n\n  ' +
                 b'git://' * (size // 6) + b'\n', subject='[GIT PULL] x')


@shape
def patch_as_large_as_can_be(size):
    return plain(b'--- a/x\n+++ b/x\n@@ -1 +1,%d @@\n-x\n' % (size // 61) + filled(b'+' + b'y' * 59 + b'\n', size))


@shape
def reply_as_large_as_can_be(size):
    return plain(filled(b'> ' + b'y' * 57 + b'\n', size), subject='Re: [PATCH] x')
