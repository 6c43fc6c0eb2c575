# SPDX-License-Identifier: GPL-2.0-or-later
"""What the papers show as commands or as files, and the table that says how each is tried.

    blocks_of(root, helps)      every Block of every paper, in order
    rows_of(path)               every Row of papers.tsv
    pairs_of(blocks, rows)      [(block, row)], and what has no counterpart
"""
import collections
import re

PAPERS = ['README.md', 'lib/README.md', 'sql/README.md', 'contrib/postfix/README.md', 'contrib/webhook/README.md',
          'daemon/patchmail.1', 'daemon/patchmail.conf.5', 'daemon/patchmaild.8', 'daemon/patchmail-api.8']
# A span of text in these papers is a command if it begins like this and has a word more.
SPAN = re.compile(r'^(\./)?(contrib/|tests/|patchmail|createdb|createuser|git|sudo|systemctl|usermod|postmap|postqueue|sendmail|'
                  r'systemd-|meson|ninja|swaks|curl|psql|drop|apt|gzip)\S* \S')

# These only name a command, in a sentence; check.py looks whether it exists.
NAME = re.compile(r'^patchmail(d|-api)?( [a-z][a-z-]*){1,2}$|^git [a-z-]+$|^(meson|systemctl) [a-z]+$')

Block = collections.namedtuple('Block', 'paper text')
Row = collections.namedtuple('Row', 'paper begins how before after why')


def begin_of(text):
    """What a row names a block by: its first line, blanks once."""
    return ' '.join(text.split('\n')[0].split())


def markdown_blocks(paper, text):
    """Indented code, and spans in between, as they come."""
    found, code, prose = [], [], []

    def end_code():
        while code and not code[-1].strip():
            code.pop()
        if code:
            indent = min(len(line) - len(line.lstrip()) for line in code if line.strip())
            found.append(Block(paper, '\n'.join(line[indent:] for line in code) + '\n'))
        code.clear()

    def end_prose():
        for span in re.findall(r'`([^`]+)`', '\n'.join(prose)):
            span = ' '.join(span.split())
            if SPAN.match(span):
                found.append(Block(paper, span))
        prose.clear()

    for line in text.split('\n'):
        if re.match(r'( {4}|\t)\s*\S', line):
            end_prose()
            code.append(line.expandtabs(4))
        elif not line.strip() and code:
            code.append(line)
        else:
            end_code()
            prose.append(line)
    end_code()
    end_prose()
    return found


def manual_blocks(paper, text):
    """Literal blocks of a manual page."""
    blocks = re.findall(r'^\.Bd [^\n]*\n(.*?)^\.Ed', text, re.M | re.S)
    return [Block(paper, block.replace('\\-', '-').replace('\\e', '\\').replace('\\(aq', "'").replace('\\(ti', '~'))
            for block in blocks]


def help_blocks(command, text):
    """The examples below a help."""
    found = re.search(r'^Example[^\n]*\n((?:(?:  [^\n]*)?\n)+)', text + '\n', re.M)
    return [Block(command, re.sub('(?m)^  ', '', found[1]).strip() + '\n')] if found else []


def blocks_of(root, helps):
    found = []
    for paper in PAPERS:
        text = (root / paper).read_text(encoding='utf-8')
        found += (markdown_blocks if paper.endswith('.md') else manual_blocks)(paper, text)
    for command, text in helps.items():
        found += help_blocks(command, text)
    return found


def rows_of(path):
    rows = []
    for line in path.read_text(encoding='utf-8').split('\n'):
        if line and not line.startswith('#'):
            fields = line.split('\t')
            rows.append(Row(*(fields + [''] * 6)[:6]))
    return rows


def lines_of(block):
    """Its lines as exceptions name them: without comments, blanks once."""
    return [' '.join(re.sub(r'\s#.*', '', line).split()) for line in block.text.split('\n')]


def pairs_of(blocks, rows):
    """([(block, row)] in the order of the table, lapses). What occurs again word by word is tried once; blocks
    that only begin alike have a row each."""
    of = {}
    lapses = []
    for block in blocks:
        texts = of.setdefault((block.paper, begin_of(block.text)), [])
        if block not in texts:
            texts.append(block)
    pairs = []
    for row in rows:
        found = of.get((row.paper, row.begins), [])
        if row.how == 'except':
            if not any(row.begins in lines_of(block) for block in blocks if block.paper == row.paper):
                lapses.append(f'papers.tsv: {row.paper} has no line "{row.begins}"')
        elif not found:
            lapses.append(f'papers.tsv: {row.paper} has no "{row.begins}"')
        else:
            pairs.append((found.pop(0), row))
    lapses += [f'{paper}: no row of papers.tsv says how "{begins}" is tried' for (paper, begins), left in of.items()
               for block in left if block.text.endswith('\n') or not NAME.match(block.text)]
    return pairs, lapses


def commands_of(text):
    """[(command, [line of output], whether output is shown)] of a block; commands go on behind a backslash."""
    lines = text.rstrip('\n').split('\n')
    if not any(line.startswith('$ ') for line in lines):
        background = [line for line in lines if line.endswith(' &')]
        rest = '\n'.join(line for line in lines if line not in background)
        return [(line, None) for line in background] + [(rest, None)]
    found = []
    for line in lines:
        if line.startswith('$ '):
            found.append([line[2:], []])
        elif found and found[-1][0].endswith('\\') and not found[-1][1]:
            found[-1][0] += '\n' + line
        else:
            found[-1][1].append(line)
    return [tuple(one) for one in found]


MASKS = [
    (r'\d+\.\d\d \(\d+ mails/s\)', 'SECONDS'),  # of a replay
    # Ids, which depend on how mails met in a batch.
    (r'^ *\d+( +\d{4}-\d\d-\d\d )', r'N\1'),
    (r'\b(patch|series|thread|cluster|id|replaces)(:? +#?)\d+\b', r'\1\2N'),
    (r' +', ' '),
]


def masked(line):
    for pattern, text in MASKS:
        line = re.sub(pattern, text, line)
    return line.strip()


def is_as_shown(want, got):
    """Whether the lines are those that a paper shows, where "..." stands for any number of them."""
    want, got = [masked(line) for line in want], [masked(line) for line in got]
    while want and not want[-1]:
        want.pop()
    while got and not got[-1]:
        got.pop()
    pattern = ''.join(r'(?:.*\n)*' if line == '...' else re.escape(line) + r'\n' for line in want)
    return re.fullmatch(pattern, ''.join(line + '\n' for line in got)) is not None
