#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks the rules of HACKING.md that a compiler does not know.

    lint.py [--root DIR] [--build DIR] [--cc CC] CHECK...

Prints each lapse as file:line: what, and ends with 1 if there was one. The checks:

    layers      who includes whom, and which file may include what library
    headers     each header compiles alone (needs --build for the generated ones)
    shape       no goto, functions of at most 100 lines, files of at most 500
    lines       no line past 100 columns, no blanks at line ends
    errors      g_set_error() is followed by return
    silence     lib/ prints and logs nothing
    licence     each source says its licence on top
    sleepless   no test waits by sleeping
    shell       shellcheck has nothing to say about any script
    manuals     nor has mandoc -Tlint about the manual pages
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

# Each layer may include itself and those before it; lib/error.h is for all.
LAYERS = ['text', 'mail', 'series', 'store', 'ingest', 'daemon']
# Where replayed mail comes from stands beside them: on text alone, used from ingest on.
BESIDE = {'source': {'source', 'text'}, 'sql': {'sql'}}
FUNCTION_MAX, FILE_MAX, COLUMNS_MAX = 100, 500, 100
PACKAGES = ['gio-2.0', 'gmime-3.0', 'libpq', 'libpcre2-8', 'zlib', 'json-glib-1.0']

lapses = 0


def lapse(path, line, what):
    global lapses
    lapses += 1
    print(f'{path}:{line}: {what}')


def files(root, *suffixes, under=('lib', 'daemon', 'sql', 'tests', 'contrib')):
    """(path below root, its lines), sorted, of all files with one of these suffixes."""
    for top in under:
        for path in sorted((root / top).rglob('*')):
            if path.is_file() and path.suffix in suffixes:
                yield path.relative_to(root), path.read_text(errors='replace').split('\n')


def without_comments(lines):
    """The lines with comments and what is in quotes blanked out."""
    text = '\n'.join(lines)
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda m: '\n' * m[0].count('\n') or '""', text, flags=re.S).split('\n')


def layer_of(path):
    """The layer a file belongs to; None for those without one, such as lib/error.h."""
    parts = pathlib.PurePath(path).parts
    if parts[0] == 'lib' and len(parts) == 2:
        return 'ingest' if parts[1].startswith('ingest') else None
    return parts[1] if parts[0] == 'lib' else parts[0]


def may_include(layer, other):
    if other is None or layer == other or layer not in LAYERS + list(BESIDE):
        return True
    if layer in BESIDE:
        return other in BESIDE[layer]
    if other in BESIDE:
        return LAYERS.index(layer) >= LAYERS.index('ingest' if other == 'source' else 'store')
    return other in LAYERS and LAYERS.index(other) < LAYERS.index(layer)


def check_layers(args):
    libpq = []
    for path, lines in files(args.root, '.c', '.h', under=('lib', 'daemon')):
        layer = layer_of(path)
        for number, line in enumerate(lines, 1):
            found = re.match(r'\s*#\s*include\s+([<"])([^>"]+)[>"]', line)
            if not found:
                continue
            name = found[2]
            if found[1] == '"' and '/' not in name:
                lapse(path, number, f'"{name}" is not named from the root')
            elif found[1] == '"' and not may_include(layer, layer_of(name)):
                lapse(path, number, f'{layer} must not know {name}')
            elif name.startswith('gmime/') and layer != 'mail':
                lapse(path, number, 'GMime belongs to lib/mail')
            elif name.startswith('gmime/') and path.suffix == '.h' and path.name in ('mail.h',):
                lapse(path, number, 'the header of a layer exposes GMime')
            elif name == 'libpq-fe.h':
                libpq.append((path, number))
            elif name.startswith('gio/') and layer != 'daemon':
                lapse(path, number, 'GIO belongs to daemon')
            elif re.match('sys/(socket|un)|netinet/', name) and layer != 'daemon':
                lapse(path, number, 'sockets belong to daemon')
    for path, number in libpq:
        if len(libpq) > 1 or path.suffix == '.h' or layer_of(path) != 'store':
            lapse(path, number, f'libpq belongs to one .c file of lib/store, not to {len(libpq)} files')


def check_headers(args):
    flags = subprocess.run(['pkg-config', '--cflags', *PACKAGES], check=True, capture_output=True, text=True)
    common = [*args.cc.split(), '-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Werror', '-fsyntax-only', '-x', 'c',
              f'-I{args.root}', *flags.stdout.split()]
    if args.build:
        common += [f'-I{args.build}', f'-I{args.build}/sql']
    for path, _ in files(args.root, '.h', under=('lib', 'daemon', 'sql', 'tests')):
        source = f'#include "{path}"\n#include "{path}"\n'
        done = subprocess.run(common + ['-'], input=source, capture_output=True, text=True)
        if done.returncode != 0:
            why = [line for line in done.stderr.split('\n') if 'error' in line] or ['for no reason given']
            lapse(path, 1, 'does not compile alone: ' + why[0])


def check_shape(args):
    for path, lines in files(args.root, '.c', '.h'):
        if path.suffix == '.c' and len(lines) - 1 > FILE_MAX:
            lapse(path, FILE_MAX + 1, f'{len(lines) - 1} lines; {FILE_MAX} are enough for one idea')
        begin = None
        for number, line in enumerate(without_comments(lines), 1):
            if re.search(r'\bgoto\b', line):
                lapse(path, number, 'goto')
            if line == '{':
                begin = number
            elif line == '}' and begin is not None:
                if number - begin + 1 > FUNCTION_MAX:
                    lapse(path, begin, f'a function of {number - begin + 1} lines')
                begin = None


def check_lines(args):
    for path, lines in files(args.root, '.c', '.h'):
        for number, line in enumerate(lines, 1):
            if len(line.expandtabs(8)) > COLUMNS_MAX:
                lapse(path, number, f'{len(line.expandtabs(8))} columns')
            if line != line.rstrip():
                lapse(path, number, 'blanks at the end of the line')


def check_errors(args):
    for path, lines in files(args.root, '.c', under=('lib', 'daemon')):
        code = '\n'.join(without_comments(lines))
        for call in re.finditer(r'\bg_set_error(_literal)?\s*\([^;]*;\s*', code):
            if not re.match(r'return\b|}\s*\n\S|}\s*$', code[call.end():]):
                lapse(path, code[:call.start()].count('\n') + 1, 'an error is set, but not returned at once')


def check_silence(args):
    loud = r'\b(printf|fprintf|puts|fputs|perror|g_print|g_printerr|g_warning|g_message|g_critical|g_log|syslog)\s*\('
    for path, lines in files(args.root, '.c', under=('lib',)):
        for number, line in enumerate(without_comments(lines), 1):
            if re.search(loud, line):
                lapse(path, number, 'lib is silent: ' + line.strip())


def check_licence(args):
    for path, lines in files(args.root, '.c', '.h', '.py', '.sh', '.sql', '.build', '.txt', ''):
        is_script = path.suffix or lines[0].startswith('#!')
        if path.suffix == '.txt' and path.name not in ('meson_options.txt', 'packages.txt'):
            continue
        if path.parts[:2] == ('sql', 'statements'):
            continue  # sent to the server as they are
        if is_script and not any('SPDX-License-Identifier: ' in line for line in lines[:3]):
            lapse(path, 1, 'has no SPDX line')


def check_sleepless(args):
    waits = r'\b(sleep|usleep|nanosleep|g_usleep|pg_sleep)\s*\(|^\s*sleep\s+[0-9.]'
    for path, lines in files(args.root, '.c', '.h', '.py', '.sh', '', under=('tests',)):
        if path.name == 'lint.py':
            continue
        for number, line in enumerate(lines, 1):
            if re.search(waits, line) and 'lint: sleeps' not in line:
                lapse(path, number, 'a test that sleeps: ' + line.strip())


def require(program):
    """Ends as skipped (77, for Meson) where the program is not there."""
    if not shutil.which(program):
        print(f'{program} is not installed')
        sys.exit(77)


def scripts(root):
    """Those of a shell, by their first line or as said to shellcheck."""
    for path, lines in files(root, '', '.sh'):
        if re.match(r'#!.*\b(ba)?sh\b', lines[0]) or any('shellcheck shell=' in line for line in lines[:3]):
            yield path


def check_shell(args):
    require('shellcheck')
    found = list(scripts(args.root))
    if len(found) < 7:
        lapse('contrib', 1, f'only {len(found)} scripts were found')
    done = subprocess.run(['shellcheck', '-x', '-f', 'gcc', *found], cwd=args.root, capture_output=True, text=True)
    for line in (done.stdout + done.stderr).split('\n'):
        if line:
            lapse(*(line.split(':', 2) + ['', ''])[:2], line)


def check_manuals(args):
    """Not minded: long lines, as the sources have them; pages that are not installed; "[tls]" as a heading."""
    require('mandoc')
    minor = r'longer than 80 bytes|referenced manual not found|outdated mandoc.db|trailing delimiter: Ss \['
    pages = sorted(path.relative_to(args.root) for path in (args.root / 'daemon').glob('*.[158]'))
    done = subprocess.run(['mandoc', '-Tlint', *pages], cwd=args.root, capture_output=True, text=True)
    for line in (done.stdout + done.stderr).split('\n'):
        if line and not re.search(minor, line):
            lapse(*(line.removeprefix('mandoc: ').split(':', 2) + ['', ''])[:2], line)


def main():
    checks = {name[6:]: function for name, function in globals().items() if name.startswith('check_')}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--root', type=pathlib.Path, default=pathlib.Path(__file__).parents[2])
    parser.add_argument('--build', type=pathlib.Path)
    parser.add_argument('--cc', default='cc')
    parser.add_argument('checks', nargs='*', choices=[*checks, []], help='all if none is given')
    args = parser.parse_args()
    for name in args.checks or checks:
        checks[name](args)
    return lapses > 0


if __name__ == '__main__':
    sys.exit(main())
