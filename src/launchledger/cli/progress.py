"""The progress bar of long work, on terminals only."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


def progress_bar(console: Console, *, with_time: bool = True) -> Progress:
    """A bar with the task, its progress and the remaining time; `console` writes to standard error.

    `with_time` is false for work whose speed so far tells nothing; the bar is then drawn once a second.
    """
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        *([TimeRemainingColumn()] if with_time else []),
        refresh_per_second=10 if with_time else 1,
        console=console,
        transient=True,
        disable=not sys.stderr.isatty(),
    )
