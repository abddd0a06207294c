"""Printing texts that came from outside: names in files, names of files, arguments.

Promises: no character that could change a terminal is printed raw, on any stream; JSON stays JSON of the same value.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from launchledger.formats.texts import printable

WIDTH = 200  # characters of a table that no terminal shows
_ESCAPE = re.compile(r"[^ -~\n]")


def printable_lines(text: str) -> str:
    """The same lines, each printable."""
    return "\n".join(map(printable, text.split("\n")))


def json_text(value: Any, indent: int | None = None) -> str:
    """A value as JSON that a terminal can show: letters as they are, everything that is not printable escaped."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return _ESCAPE.sub(lambda found: _escaped(found[0]), written)


def _escaped(letter: str) -> str:
    return letter if letter.isprintable() else json.dumps(letter)[1:-1]


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal, or, where the output is none, wide enough that most values are on one line."""
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else WIDTH).print(table)
