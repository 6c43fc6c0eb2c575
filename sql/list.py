#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Print the SQL files to embed, sorted, relative to the folder given."""
import pathlib
import sys

top = pathlib.Path(sys.argv[1])
for folder in ("patchwork", "patchmail", "statements", "api"):
    for path in sorted((top / folder).glob("*.sql")):
        print(path.relative_to(top).as_posix())
