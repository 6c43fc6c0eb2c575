#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the papers with the sources they describe.

    check.py [--root DIR] CHECK...

Prints each lapse as file: what, and ends with 1 if there was one. The checks:

    keys        each key of daemon/config.c is in patchmail.conf.5 with default and limits,
                in the same group, and nothing else is
    options     each command and long option of daemon/*.c is in patchmail.1, under its command;
                those of patchmaild.c are in patchmaild.8
    commands    each patchmail or patchmaild command line in a paper names a command and options
                that exist
    events      each event that the daemon logs and each of its metrics is in patchmaild.8, and
                what to do about a warning or an error in README.md
    replies     each reply of the daemon, with its text, is in patchmaild.8
    links       each relative link in *.md leads to a file
    statuses    the exit statuses of lib/error.c and daemon/*.c are in patchmail.1; of these
                patchmaild.8 has those of the daemon
"""
import argparse
import math
import pathlib
import re
import shlex
import sys

PAPERS = ['*.md', 'daemon/*.[158]', 'sql/*.md', 'lib/*.md', 'tests/*/*.md', 'contrib/*.md']
SYSEXITS = {'EX_OK': 0, 'EX_USAGE': 64, 'EX_DATAERR': 65, 'EX_NOUSER': 67, 'EX_SOFTWARE': 70,
            'EX_TEMPFAIL': 75, 'EX_CONFIG': 78}

lapses = 0


def lapse(path, what):
    global lapses
    lapses += 1
    print(f'{path}: {what}')


def read(root, path):
    return (root / path).read_text(encoding='utf-8')


def papers(root):
    for pattern in PAPERS:
        for path in sorted(root.glob(pattern)):
            yield path.relative_to(root), path.read_text(encoding='utf-8')


def plain(mdoc):
    """Text of a manual page: a line of macros loses their names and fonts."""
    lines = [line for line in mdoc.split('\n') if not line.startswith('.\\"')]
    lines = [re.sub(r'^\.', '', re.sub(r'(?<![A-Za-z])(Fl|Cm|Ar|Sy|Em|It|Op) ', '', line))
             for line in lines]
    return ' '.join(lines).replace('\\-', '-')


# Keys.

def number_of(text):
    """What a C expression of the table of keys comes to."""
    text = re.sub(r'G_GINT64_CONSTANT\((\d+)\)', r'\1', text)
    return math.prod(int(factor, 8 if factor.startswith('0') else 10)
                     for factor in text.split(' * '))


def shown(number, kind):
    """The ways in which the manual may write a limit."""
    ways = {str(number)}
    if kind == 'VALUE_MODE':
        ways = {f'{number:04o}'}
    if kind == 'VALUE_SIZE':
        for power, unit in enumerate('KMG', 1):
            if number % 1024 ** power == 0:
                ways.add(f'{number // 1024 ** power}{unit}')
    return ways


def keys_of(source):
    """(group, key, type, default, min, max, choices) of the table in config.c."""
    table = source[source.index('keys[] = {'):]
    table = table[:table.index('\n};')]
    entry = r'\{"([^"]*)",\s*"([^"]*)",\s*(VALUE_\w+),\s*"([^"]*)",\s*([^,"{}]+),\s*([^,"{}]+),\s*'
    for found in re.finditer(entry + r'(?:NULL|"([^"]*)")\}', table):
        group, key, kind, default, low, high, choices = found.groups()
        yield group, key, kind, default, number_of(low.strip()), number_of(high.strip()), choices


def manual_keys(mdoc):
    """{(group, key): its paragraph} of patchmail.conf.5."""
    found = {}
    for section in re.split(r'^\.Ss ', mdoc, flags=re.M)[1:]:
        group = section.split('\n')[0].strip('[]')
        for item in re.split(r'^\.It Sy ', section.split('\n.El')[0], flags=re.M)[1:]:
            key, _, text = item.partition('\n')
            found[group, key] = plain(text)
    return found


def check_key(path, key, text):
    group, name, kind, default, low, high, choices = key
    said = re.search(r'Default: ([^\s,]+)', text)
    if said is None or said[1].rstrip('.') != (default or 'empty'):
        lapse(path, f'[{group}] {name}: says default {said and said[1]}, it is "{default}"')
    for word in (choices or '').split():
        if not re.search(rf'\b{word}\b', text):
            lapse(path, f'[{group}] {name}: does not say that {word} is allowed')
    words = set(re.findall(r'\w+', text))
    for limit in [n for n in (low, high) if high > 0 and not (kind == 'VALUE_MODE' and n == 0)]:
        if not words & shown(limit, kind):
            lapse(path, f'[{group}] {name}: does not say its limit {limit}')


def check_keys(root):
    path = 'daemon/patchmail.conf.5'
    manual = manual_keys(read(root, path))
    keys = list(keys_of(read(root, 'daemon/config.c')))
    rows = len(re.findall(r'^\t\{"', read(root, 'daemon/config.c').split('keys[] = {')[1]
                          .split('\n};')[0], re.M))
    if rows != len(keys):
        lapse('daemon/config.c', f'{rows} keys, of which {len(keys)} could be read')
    for key in keys:
        if key[:2] in manual:
            check_key(path, key, manual[key[:2]])
        else:
            lapse(path, f'has no [{key[0]}] {key[1]}')
    for group, name in manual.keys() - {key[:2] for key in keys}:
        lapse(path, f'has [{group}] {name}, which does not exist')


# Commands and options.

def commands_of(root):
    """{command: its long and short options}, of the tables in daemon/*.c; '' has the global ones."""
    main = read(root, 'daemon/patchmail.c')
    names = re.findall(r'\{"([a-z]+)", pm_command_\w+,', main)
    found = {'': options_of(main) | {'--help', '-h'}}
    for name in names:
        found[name] = options_of(read(root, f'daemon/cmd-{name}.c')) | found['']
    return found


def options_of(source):
    options = set()
    for name, short in re.findall(r"\{\"([a-z-]+)\",\s*(0|'.'),\s*0,\s*G_OPTION_ARG_", source):
        options.add('--' + name)
        if short != '0':
            options.add('-' + short[1])
    return options


def sections_of(manual):
    """{command: text of its section}; '' has the global options."""
    found = {}
    for section in re.split(r'^\.Ss ', manual, flags=re.M)[1:]:
        name = section.split('\n')[0]
        found['' if name == 'Global options' else name] = section.split('\n.Sh ')[0]
    return found


def documented(section):
    """Options that a section lists as items."""
    items = re.findall(r'^\.It Fl (.*)', section, re.M)
    return {'-' + word.replace('\\', '') for item in items
            for word in re.findall(r'(?:^|, (?:Fl )?)((?:\\-)?[A-Za-z][a-z-]*)', item)}


def daemon_options(root):
    return options_of(read(root, 'daemon/patchmaild.c')) | {'--help', '-h'}


def check_daemon_options(root):
    path = 'daemon/patchmaild.8'
    wanted, said = daemon_options(root), documented(sections_of(read(root, path))['Options'])
    for option in sorted(wanted - said):
        lapse(path, f'has no {option}')
    for option in sorted(said - wanted):
        lapse(path, f'has {option}, which does not exist')


def check_options(root):
    check_daemon_options(root)
    path = 'daemon/patchmail.1'
    sections = sections_of(read(root, path))
    commands = commands_of(root)
    for command, options in commands.items():
        if command not in sections:
            lapse(path, f'has no section on {command}')
            continue
        wanted = options if command == '' else options - commands['']
        said = documented(sections[command])
        for option in sorted(wanted - said):
            lapse(path, f'{command or "global options"}: has no {option}')
        for option in sorted(said - wanted):
            lapse(path, f'{command or "global options"}: has {option}, which does not exist')
    for command in sorted(sections.keys() - commands.keys()):
        lapse(path, f'has a section on {command}, which is no command')


def code_of(path, text):
    """What a paper shows as code: indented lines and `spans`, or literal blocks of a manual."""
    if path.suffix == '.md':
        text = re.sub(r'\\\n\s*', ' ', text)
        lines = re.findall(r'^(?: {4}|\t)(.*)', text, re.M)
        return lines + re.findall(r'`([^`\n]+)`', text)
    blocks = '\n'.join(re.findall(r'^\.Bd .*?\n(.*?)^\.Ed', text, re.M | re.S))
    return re.sub(r'\\e\n\s*', ' ', blocks).replace('\\-', '-').split('\n')


def command_lines(path, text):
    """The words of each command in code, from "patchmail" or "patchmaild" on."""
    for line in code_of(path, text):
        if re.search(r'\bunix\b.* (pipe|lmtp)$', line):
            continue  # the name of a service in Postfix's master.cf
        for part in re.split(r'[|;&]', line):
            words = [re.sub('^argv=', '', word) for word in split(part)]
            while words and (words[0] == '$' or '=' in words[0]):
                words.pop(0)
            if words and re.fullmatch(r'([\w./]*/)?patchmaild?', words[0]):
                yield [words[0].split('/')[-1], *words[1:]]


def split(line):
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return line.split()


def check_line(path, words, commands):
    rest = [word for word in words if not word.startswith('…')]
    while rest and rest[0].startswith('-'):
        option = rest.pop(0)
        if option.split('=')[0] not in commands['']:
            lapse(path, f'"patchmail {" ".join(words)}": there is no global option {option}')
        if option in ('-d', '--database', '--config') and rest:
            rest.pop(0)
    if not rest:
        return
    if rest[0] not in commands:
        lapse(path, f'"patchmail {" ".join(words)}": there is no command {rest[0]}')
        return
    for option in rest[1:]:
        name = option.split('=')[0]
        if re.match(r'--?[a-z]', option) and name not in commands[rest[0]]:
            lapse(path, f'"patchmail {" ".join(words)}": {rest[0]} has no {name}')


def check_daemon_line(path, words, options):
    for word in words:
        if re.match(r'--?[a-z]', word) and word.split('=')[0] not in options:
            lapse(path, f'"patchmaild {" ".join(words)}": there is no option {word}')


def check_commands(root):
    commands, options = commands_of(root), daemon_options(root)
    seen = 0
    for path, text in papers(root):
        for program, *words in command_lines(path, text):
            seen += 1
            if program == 'patchmaild':
                check_daemon_line(path, words, options)
            else:
                check_line(path, words, commands)
    if seen < 20:
        lapse('README.md', f'only {seen} command lines were found in all papers')


# The rest.

def check_events(root):
    path = 'daemon/patchmaild.8'
    items = re.findall(r'^\.It Sy (.*)', read(root, path), re.M)
    said = {word for item in items for word in re.findall(r'[a-z][a-z_-]+', item)}
    used = set()
    for source in sorted((root / 'daemon').glob('*.c')):
        used |= set(re.findall(r'\bpm_log\([^";{]*"([a-z-]+)"', source.read_text(encoding='utf-8')))
    bad = {name for source in (root / 'daemon').glob('*.c') for name in re.findall(
        r'\bpm_log\([^";{]*PM_LOG_(?:WARNING|ERROR)[^";{]*"([a-z-]+)"', source.read_text(encoding='utf-8'))}
    table = read(root, 'README.md').split('| event= |')[1].split('\n\n')[0]
    for name in sorted(bad ^ set(re.findall('`([a-z-]+)`', '\n'.join(
            row.split('|')[1] for row in table.split('\n')[2:] if row)))):
        lapse('README.md', f'the table of events lacks {name}, or nothing logs it')
    metrics = re.findall(r'\{"([a-z_]+)",\s*"[A-Z1]', read(root, 'daemon/metrics.c'))
    if len(used) < 10 or len(metrics) < 20:
        lapse('daemon', f'only {len(used)} events and {len(metrics)} metrics could be read')
    for name in sorted(used | {'patchmail_' + metric for metric in metrics}):
        if name not in said:
            lapse(path, f'does not explain {name}')


def check_links(root):
    for path, text in papers(root):
        for target in re.findall(r'\]\(([^)#\s]+)[^)]*\)', text):
            if '://' in target or target.startswith('mailto:'):
                continue
            if not (root / path.parent / target).exists():
                lapse(path, f'links to {target}, which does not exist')


def replies_of(root):
    """(code, enhanced code, text) of each reply that is a refusal, for now or for good."""
    table = read(root, 'daemon/lmtp-reply.c')
    table = table[table.index('rows[PM_LMTP_N_REPLIES]'):table.index('\n};')]
    for code, enhanced, text in re.findall(r'\{"[a-z0-9-]+",\s*([45]\d+),\s*"([\d.]*)",\s*"([^"]*)"\}', table):
        yield code, enhanced, text
    # What stands there instead, where the daemon knows more.
    delivery = read(root, 'daemon/delivery.c')
    for text in re.findall(r'"([a-z][a-z ,]+[a-z])"', delivery):
        if re.search(r'try again|storage|has this address', text):
            yield '550' if 'address' in text else '45', '', text


def check_replies(root):
    path = 'daemon/patchmaild.8'
    section = read(root, path).split('.Sh REPLIES')[1].split('.Sh LOG')[0]
    said = ' '.join(plain(section).replace('"', '').split())
    found = list(replies_of(root))
    if len(found) < 25:
        lapse('daemon/lmtp-reply.c', f'only {len(found)} replies could be read')
    for code, enhanced, text in found:
        if f'{code} {enhanced}'.strip() not in said:
            lapse(path, f'does not explain reply {code} {enhanced}')
        elif text not in said:
            lapse(path, f'does not say when "{code} {enhanced} {text}" is given')


def statuses_in(root, path):
    section = read(root, path).split('.Sh EXIT STATUS')[1].split('.Sh ')[0]
    return {int(number) for number in re.findall(r'^\.It (\d+)', section, re.M)}


def check_statuses(root):
    path = 'daemon/patchmail.1'
    said = statuses_in(root, path)
    used = set()
    for source in [root / 'lib/error.c', *sorted((root / 'daemon').glob('*.c'))]:
        names = re.findall(r'\bEX_[A-Z]+\b', source.read_text(encoding='utf-8'))
        used |= {SYSEXITS[name] for name in names}
    for number in sorted(used ^ said):
        lapse(path, f'status {number} is ' + ('missing' if number in used else 'never given'))
    for number in sorted(statuses_in(root, 'daemon/patchmaild.8') - used):
        lapse('daemon/patchmaild.8', f'status {number} is never given')


def main():
    checks = {name[6:]: function for name, function in globals().items()
              if name in ('check_keys', 'check_options', 'check_commands', 'check_events',
                          'check_links', 'check_replies', 'check_statuses')}
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--root', type=pathlib.Path, default=pathlib.Path(__file__).parents[2])
    parser.add_argument('checks', nargs='*', choices=[*checks, []], help='all if none is given')
    args = parser.parse_args()
    for name in args.checks or checks:
        checks[name](args.root)
    return lapses > 0


if __name__ == '__main__':
    sys.exit(main())
