# SPDX-License-Identifier: GPL-2.0-or-later
"""Archives of a shape that is hard on something: written mail by mail, never held in memory."""
import email.utils

START = 1600000000
LIST = 'demo.lists.example.org'
DIFF = """diff --git a/file{n}.c b/file{n}.c
index 257cc56..5716ca5 100644
--- a/file{n}.c
+++ b/file{n}.c
@@ -1,3 +1,3 @@
 before {n}
-old {n}
+new {n}
 after {n}
"""


def mail(out, msgid, subject, body, seconds, refs=(), sender='Ada Abel <ada@example.org>'):
    lines = ['From mboxrd@z Thu Jan  1 00:00:00 1970', f'From: {sender}', f'To: {LIST.replace(".", "@", 1)}',
             f'Subject: {subject}', f'Message-ID: <{msgid}>', f'Date: {email.utils.formatdate(START + seconds)}',
             f'List-Id: <{LIST}>']
    if refs:
        lines += [f'In-Reply-To: <{refs[-1]}>', 'References: ' + '\n\t'.join(f'<{ref}>' for ref in refs)]
    out.write('\n'.join(lines) + f'\n\n{body}\n')


def thread(path, mails):
    """One thread: a cover, a fifth patches, and replies, each of which answers some mail before it."""
    patches = max(1, mails // 5)
    with open(path, 'w') as out:
        mail(out, 'cover@thread.example.org', f'[PATCH 0/{patches}] all of it', 'Hello.\n', 0)
        for n in range(1, patches + 1):
            mail(out, f'patch.{n}@thread.example.org', f'[PATCH {n}/{patches}] file{n}: change it',
                 'It does.\n---\n' + DIFF.format(n=n), n, ['cover@thread.example.org'])
        for n in range(mails - patches - 1):
            refs = ['cover@thread.example.org', f'patch.{n % patches + 1}@thread.example.org']
            # Each patch is discussed, one reply answering the other.
            refs += [f'reply.{before}@thread.example.org' for before in range(n % patches, n, patches)]
            mail(out, f'reply.{n}@thread.example.org', f'Re: [PATCH {n % patches + 1}/{patches}] file: change it',
                 'Fine.\nReviewed-by: Bob <bob@example.org>\n', patches + n, refs, f'Bob <bob{n % 9}@example.org>')


def person(path, mails, sender='Person 0 <person0@filled.example.org>', hours=3):
    """One person who sends a series of two each few hours, each in a thread of its own."""
    with open(path, 'w') as out:
        for n in range(mails):
            first = f'p{n // 2}.1@person.example.org'
            mail(out, f'p{n // 2}.{n % 2 + 1}@person.example.org', f'[PATCH {n % 2 + 1}/2] file{n}: change it',
                 'It does.\n---\n' + DIFF.format(n=n), n // 2 * hours * 3600 + n % 2, [first] if n % 2 else (), sender)


def again(path, mails, hours, titles=100):
    """One person who sends patches with the same titles again and again, each time so many hours later."""
    with open(path, 'w') as out:
        for n in range(mails):
            mail(out, f'{n}@again.example.org', f'[PATCH] file{n % titles}: change it', 'It does.\n---\n' + DIFF.format(n=n),
                 n // titles * hours * 3600 + n % titles)


def mails_of(path):
    """The mails of an mbox with their From_ lines, as bytes."""
    lines = []
    with open(path, 'rb') as source:
        for line in source:
            if line.startswith(b'From ') and lines:
                yield b''.join(lines)
                lines = []
            lines.append(line)
    yield b''.join(lines)


def duplicates(source, path):
    """The same archive in which every third mail comes twice, the second time 50 mails later: a
    quarter of all mails is known."""
    waiting = []
    with open(path, 'wb') as out:
        for n, one in enumerate(mails_of(source)):
            out.write(one)
            if n % 3 == 0:
                waiting.append((n + 50, one))
            while waiting and waiting[0][0] <= n:
                out.write(waiting.pop(0)[1])
        out.writelines(one for _, one in waiting)
