# SPDX-License-Identifier: GPL-2.0-or-later
"""Archives to measure with: made, unpacked, or made longer; none is ever held in memory.

(The memory of this process matters: a child's peak RSS is at least what its parent had when
it was started.)
"""
import datetime
import email.utils
import lzma
import random
import re
import shutil
import subprocess
import sys

from server import ROOT

CORPUS = ROOT.parent / 'shared' / 'corpus' / 'git-20k-shuffled.mbox.xz'
CORPUS_LIST = 'git.vger.kernel.org'
MADE_LIST = 'demo.lists.example.org'
MSGID = re.compile(rb'<([^<>@\s]+)@([^<>\s]+)>')
WORDS = 'count read the of an entry block walk open index learn to if lock free hold segment'.split()
# Further apart than any two mails of one sending run.
DAYS_BETWEEN_COPIES = 400


def make(path, mails):
    subprocess.run([sys.executable, ROOT / 'contrib' / 'make-archive', '--mails', str(mails), '--shuffle', '25',
                    '-o', path], check=True)


def unpack(source, path):
    with lzma.open(source) as packed, open(path, 'wb') as plain:
        shutil.copyfileobj(packed, plain, 1 << 20)


def earlier(line, days):
    """A Date: line with a date some days earlier; as it is where it cannot be read."""
    try:
        date = email.utils.parsedate_to_datetime(line[5:].decode('ascii').strip())
        return b'Date: ' + email.utils.format_datetime(date - datetime.timedelta(days=days)).encode() + b'\n'
    except (ValueError, TypeError, OverflowError):
        return line


def rewritten(lines, copy):
    """The lines of an archive as the nth copy has them: other ids, other dates."""
    ids = rb'<\1.copy%d@\2>' % copy
    is_header, field, was_blank = False, b'', True
    for line in lines:
        if was_blank and line.startswith(b'From '):
            is_header = True
        elif line in (b'\n', b'\r\n'):
            is_header = False
        elif is_header:
            if line[:1] not in b' \t':
                field = line.partition(b':')[0].lower()
            if field in (b'message-id', b'in-reply-to', b'references'):
                line = MSGID.sub(ids, line)
            elif field == b'date':
                line = earlier(line, copy * DAYS_BETWEEN_COPIES)
        was_blank = line in (b'\n', b'\r\n')
        yield line


def repeat(source, path, times):
    """Writes an archive that is times as long, of as many different mails."""
    with open(path, 'wb') as out:
        for copy in range(times):
            with open(source, 'rb') as lines:
                if copy == 0:
                    shutil.copyfileobj(lines, out, 1 << 20)
                else:
                    out.writelines(rewritten(lines, copy))


def split(path):
    """The mails of an archive, each with its From_ line."""
    one = []
    with open(path, 'rb') as lines:
        for line in lines:
            if line.startswith(b'From ') and one:
                yield b''.join(one)
                one = []
            one.append(line)
    yield b''.join(one)


def sizes(path):
    """Bytes of each mail of an archive."""
    return [len(one) - one.index(b'\n') - 1 for one in split(path)]


def filler(size, is_diff, draw):
    """Lines that fit where text is: of a further file in a diff, or of what somebody says."""
    lines, left = [], size - 200  # room for the head and for the last line
    while left > 0:
        words = ' '.join(draw.choice(WORDS) for _ in range(draw.randint(3, 11)))
        lines.append((f'+\t{words};\n' if is_diff else f'{words}\n').encode())
        left -= len(lines[-1])
    if not lines:
        return b''
    if is_diff:
        lines.insert(0, f"""diff --git a/filler.c b/filler.c
new file mode 100644
index 0000000000..ce01362503
--- /dev/null
+++ b/filler.c
@@ -0,0 +1,{len(lines)} @@
""".encode())
    return b''.join(lines)


def grow(source, path, least, most):
    """Makes mails larger: each gets a size between the two, all magnitudes alike, and those that
    are smaller get more diff, or more text. Of one in base64 the diff or text is not seen here, and
    it gets a header instead."""
    draw = random.Random(1)
    with open(path, 'wb') as out:
        for one in split(source):
            head, separator, body = one.partition(b'\n\n')
            wanted = least * (most / least) ** draw.random()
            more = int(wanted) - (len(one) - one.index(b'\n') - 1)
            if more > 0 and re.search(rb'(?mi)^Content-Transfer-Encoding: *base64', head):
                head += b'\nX-Filler: ' + filler(more * 19 // 20, False, draw).strip().replace(b'\n', b'\n\t')
            elif more > 0:
                text, signature, rest = body.rpartition(b'\n-- \n')
                lines = filler(more, b'\ndiff --git ' in body, draw)
                body = text + b'\n' + lines + signature[1:] + rest if signature else body.rstrip(b'\n') + b'\n' + lines + b'\n'
            out.write(head + separator + body)


def mail(number, list_id):
    """A mail to deliver: by turns a patch of one file and a reply to it."""
    patch = number - number % 2
    head = f"""From: A Visitor <visitor{patch % 10}@example.org>
To: {list_id.replace('.', '@', 1)}
Date: {email.utils.formatdate(1767600000 + 60 * number)}
Message-ID: <deliver.{number}@example.org>
List-Id: <{list_id}>
"""
    if number % 2:
        return head + f"""Subject: Re: [PATCH] file{patch}: say hello
In-Reply-To: <deliver.{patch}@example.org>

> +hello
Reviewed-by: A Visitor <visitor@example.org>
"""
    return head + f"""Subject: [PATCH] file{patch}: say hello

It says nothing.
---
 file{patch}.txt | 1 +
 1 file changed, 1 insertion(+)

diff --git a/file{patch}.txt b/file{patch}.txt
new file mode 100644
index 0000000000..ce01362503
--- /dev/null
+++ b/file{patch}.txt
@@ -0,0 +1 @@
+hello
"""
