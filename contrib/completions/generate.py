#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the completions of a shell from the tables of options in daemon/*.c.

    generate.py bash|zsh|fish DAEMON_DIR OUTPUT

So that they know each command and option that there is, and no other.
"""
import collections
import pathlib
import re
import sys

# What may stand behind a command.
WORDS = {
    'project': 'list add set remove',
    'show': 'patch cover series event thread raw',
    'set': 'patch',
    'quarantine': 'list show retry discard',
}
# Commands that take files; all others but those above take none.
FILES = {'deliver', 'replay', 'follow', 'explain'}
# What an option takes, where that is a list; otherwise files or nothing, by its type.
VALUES = {
    'format': 'auto mbox mboxo mboxrd maildir eml public-inbox',
    'use-tags': 'true false',
}

Option = collections.namedtuple('Option', 'name short kind help')


def options_of(source):
    entry = (r"\{\"([a-z-]+)\",\s*(0|'.'),\s*0,\s*G_OPTION_ARG_(\w+),\s*(?:&?[\w.>\[\]-]+|\(gpointer\)\w+),"
             r"\s*((?:\"[^\"]*\"\s*)+)")
    for name, short, kind, text in re.findall(entry, source):
        yield Option(name, short.strip("'") if short != '0' else '', kind, ''.join(re.findall(r'"([^"]*)"', text)))


def read(top):
    """(global options, {command: (summary, its options)}, options of patchmaild, categories)"""
    main = (top / 'patchmail.c').read_text()
    commands = {}
    for name, text in re.findall(r'\{"([a-z]+)",\s*pm_command_\w+,\s*((?:"[^"]*"\s*)+)\}', main):
        source = (top / f'cmd-{name}.c').read_text()
        commands[name] = (''.join(re.findall(r'"([^"]*)"', text)), list(options_of(source)))
    everywhere = [*options_of(main), Option('help', 'h', 'NONE', 'Show help')]
    daemon = [*options_of((top / 'patchmaild.c').read_text()), Option('help', 'h', 'NONE', 'Show help')]
    event = (top / 'event.c').read_text()
    VALUES['category'] = ' '.join(re.findall('"([a-z-]+)"', event.split('categories[] = {')[1].split('}')[0]))
    return everywhere, commands, daemon


def words_of(options):
    return ' '.join(word for o in options for word in ['--' + o.name, *(['-' + o.short] if o.short else [])])


# bash

BASH = '''\
# SPDX-License-Identifier: GPL-2.0-or-later
# Made by contrib/completions/generate.py.

_patchmail_value() {
	case $1 in
%(values)s
	%(files)s) compopt -o default 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")) ;;
	%(taking)s) ;;
	*) return 1 ;;
	esac
}

_patchmail() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command= word i
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		%(taking_global)s) ((i++)) ;;
		-*) ;;
		*) command=$word; break ;;
		esac
	done
	_patchmail_value "$prev" && return
	case $command in
	'')
		if [[ $cur == -* ]]; then
			COMPREPLY=($(compgen -W '%(global)s' -- "$cur"))
		else
			COMPREPLY=($(compgen -W '%(commands)s' -- "$cur"))
		fi
		;;
%(cases)s
	esac
}
complete -F _patchmail patchmail

_patchmaild() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	_patchmail_value "$prev" && return
	COMPREPLY=($(compgen -W '%(daemon)s' -- "$cur"))
}
complete -F _patchmaild patchmaild
'''


def bash(everywhere, commands, daemon):
    cases = []
    every = [*everywhere, *daemon, *(o for _, options in commands.values() for o in options)]
    for name, (_, options) in commands.items():
        own = words_of([*options, *(o for o in everywhere if o.name != 'version')])
        rest = f"COMPREPLY=($(compgen -W '{WORDS[name]}' -- \"$cur\"))" if name in WORDS else (
            'compopt -o default 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))' if name in FILES else ':')
        cases.append(f"\t{name})\n\t\tif [[ $cur == -* ]]; then\n\t\t\tCOMPREPLY=($(compgen -W '{own}' -- \"$cur\"))\n"
                     f'\t\telse\n\t\t\t{rest}\n\t\tfi\n\t\t;;')
    names = sorted({o.name for o in every})
    taking = {o.name: o for o in every if o.kind != 'NONE'}
    pattern = lambda some: '|'.join(f'--{o.name}' + (f'|-{o.short}' if o.short else '') for o in some) or '--'
    return BASH % {
        'values': '\n'.join(f"\t--{name}) COMPREPLY=($(compgen -W '{VALUES[name]}' -- \"$cur\")) ;;"
                            for name in names if name in VALUES),
        'files': pattern([o for o in taking.values() if o.kind == 'FILENAME']),
        'taking': pattern([o for o in taking.values() if o.kind != 'FILENAME' and o.name not in VALUES]),
        'taking_global': pattern([o for o in everywhere if o.kind != 'NONE']),
        'global': words_of(everywhere), 'commands': ' '.join(commands), 'cases': '\n'.join(cases),
        'daemon': words_of(daemon)}


# zsh

ZSH = '''\
#compdef patchmail patchmaild
# SPDX-License-Identifier: GPL-2.0-or-later
# Made by contrib/completions/generate.py.

_patchmail() {
	local curcontext=$curcontext state line
	local -a common commands
	typeset -A opt_args
	common=(
%(global)s
	)
	commands=(
%(commands)s
	)
	_arguments -C $common '1: :->command' '*:: :->arguments' && return
	case $state in
	command) _describe command commands ;;
	arguments)
		case $words[1] in
%(cases)s
		esac
		;;
	esac
}

_patchmaild() {
	_arguments \\
%(daemon)s
}

case $service in
patchmaild) _patchmaild "$@" ;;
*) _patchmail "$@" ;;
esac
'''


def zsh_spec(option):
    text = re.sub(r"([\[\]:\\])", r'\\\1', option.help).replace("'", '')
    value = '' if option.kind == 'NONE' else f':{option.name}:' + (
        f'({VALUES[option.name]})' if option.name in VALUES else '_files' if option.kind == 'FILENAME' else ' ')
    repeat = "'*'" if option.kind.endswith('ARRAY') else ''
    if not option.short:
        return f"{repeat}'--{option.name}[{text}]{value}'"
    return f"'(-{option.short} --{option.name})'{{-{option.short},--{option.name}}}'[{text}]{value}'"


def zsh(everywhere, commands, daemon):
    cases = []
    for name, (_, options) in commands.items():
        rest = f"'1:what:({WORDS[name]})' '*: :'" if name in WORDS else "'*:file:_files'" if name in FILES else ''
        specs = ' \\\n\t\t\t\t'.join([*(zsh_spec(o) for o in options), *([rest] if rest else [])])
        cases.append(f'\t\t{name}) _arguments $common{" " + chr(92) + chr(10) + chr(9) * 4 if specs else ""}{specs} ;;')
    return ZSH % {
        'global': '\n'.join('\t\t' + zsh_spec(o) for o in everywhere),
        'commands': '\n'.join(f"\t\t'{name}:{text}'" for name, (text, _) in commands.items()),
        'cases': '\n'.join(cases), 'daemon': ' \\\n'.join('\t\t' + zsh_spec(o) for o in daemon)}


# fish

def fish_line(program, option, condition=''):
    text = option.help.replace("'", '')
    words = ['complete', '-c', program]
    words += ['-n', f"'{condition}'"] if condition else []
    words += ['-l', option.name, *(['-s', option.short] if option.short else [])]
    if option.kind == 'FILENAME':
        words += ['-r', '-F']
    elif option.kind != 'NONE':
        words += ['-x', *(['-a', f"'{VALUES[option.name]}'"] if option.name in VALUES else [])]
    return ' '.join([*words, '-d', f"'{text}'"])


def fish(everywhere, commands, daemon):
    lines = ['# SPDX-License-Identifier: GPL-2.0-or-later', '# Made by contrib/completions/generate.py.', '']
    lines += ['complete -c patchmail -f', 'complete -c patchmaild -f']
    lines += [fish_line('patchmail', o) for o in everywhere]
    for name, (text, options) in commands.items():
        seen = f'__fish_seen_subcommand_from {name}'
        lines.append(f"complete -c patchmail -n __fish_use_subcommand -a {name} -d '{text}'")
        lines += [fish_line('patchmail', o, seen) for o in options]
        if name in WORDS:
            lines.append(f"complete -c patchmail -n '{seen}; and not __fish_seen_subcommand_from {WORDS[name]}' "
                         f"-a '{WORDS[name]}'")
        elif name in FILES:
            lines.append(f"complete -c patchmail -n '{seen}' -F")
    lines += [fish_line('patchmaild', o) for o in daemon]
    return '\n'.join(lines) + '\n'


def main():
    shell, top, output = sys.argv[1:]
    text = {'bash': bash, 'zsh': zsh, 'fish': fish}[shell](*read(pathlib.Path(top)))
    pathlib.Path(output).write_text(text)


main()
