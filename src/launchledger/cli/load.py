"""`launchledger load`: loads saved replies into the catalogue."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from launchledger.cli.parameters import optional, read_time
from launchledger.cli.preparing import prepare
from launchledger.cli.progress import progress_bar
from launchledger.database.checkpoints import checkpoint
from launchledger.formats.texts import printable
from launchledger.ingest.dating import DatesInNames, FileTimes
from launchledger.ingest.finding import Found, LeftOut, files_in
from launchledger.ingest.loading import Instructions, Loader
from launchledger.ingest.objects import resource_named
from launchledger.ingest.reports import REFUSED, Complaint, Report

MOST_PRINTED = 10_000  # refusals; those beyond are counted by file


def _resource(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    resource = resource_named(value or "")
    if value and not resource:
        raise click.BadParameter(f"{value} is not a resource of version 2.2.0, such as config/launchstatus.")
    return resource


@click.command(
    epilog="""\b
Examples:
  launchledger load replies/
  launchledger load launch.json page-1.json page-2.json
  curl -s https://ll.thespacedevs.com/2.2.0/launch/ | launchledger load -
  launchledger load --as config/launchstatus statuses.json
  launchledger load --dates-in-names %Y-%m-%d archive/"""
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--as", "resource", callback=_resource, metavar="RESOURCE", help="Resource of objects without a url, such as location."
)
@click.option("--observed-at", callback=read_time, metavar="TIME", help="Time of the replies, such as 2026-07-15T00:00:00Z.")
@click.option(
    "--dates-in-names",
    callback=optional(DatesInNames, "."),
    metavar="PATTERN",
    help="Date of the replies in names of files or folders, UTC: %Y-%m-%d, also with %H %M %S; or %s.",
)
def load(paths: tuple[str, ...], resource: str, observed_at: datetime | None, dates_in_names: DatesInNames | None) -> None:
    """Load saved replies into the catalogue.

    PATH is a file, a folder, or - for standard input. A file may hold one object, a page, an array, one object a line, or the
    text of a browsable page, of versions 2.0.0 to 2.2.0 and from any host; it may be compressed (.gz, .zst). Bad objects are
    refused with place and reason, and the rest is loaded. The newest observation wins: the time of a reply is --observed-at,
    or the newest of its date in names and its last_updated, or the time of its file, if that is credible. Of two with the
    same time, the file that was saved later wins. Loading the same again changes nothing.
    """
    prepare()
    files = list(files_in(paths))
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    sizes = [_size(file) for file in files]
    bar = progress_bar(errors)
    task = bar.add_task("loading", total=sum(sizes) or None)
    done = 0

    unprinted: Counter[str] = Counter()
    printed = 0

    def complain(complaint: Complaint) -> None:
        nonlocal printed
        printed += 1
        if printed <= MOST_PRINTED:
            errors.print(str(complaint), markup=False)
        else:
            unprinted[printable(complaint.file)] += 1

    def note(line: str) -> None:
        errors.print(line, markup=False)

    def progress(place: int) -> None:
        bar.update(task, completed=done + place)

    file_times = FileTimes(file for file in files if isinstance(file, Path))
    loader = Loader(Instructions(resource, observed_at, dates_in_names, file_times), complain, progress, note)
    try:
        with bar:
            for file, size in zip(files, sizes, strict=True):
                bar.update(task, description=_name(file))
                loader.load(file, sys.stdin.buffer)
                done += size
                progress(0)
        for name, count in unprinted.items():
            errors.print(f"{name}: {count:,} more were refused", markup=False)
    finally:  # also after Ctrl-C or a failure of the database: what is loaded stays loaded
        _print_report(loader.report)
        checkpoint()
    sys.exit(1 if loader.report.refusals else 0)


def _size(file: Found) -> int:
    """The bytes of a file; 0 where they are not known before it is opened."""
    try:
        return file.stat().st_size if isinstance(file, Path) else 0
    except OSError:
        return 0


def _name(file: Found) -> str:
    """The name of a file in the progress bar."""
    return printable(Path(file.path if isinstance(file, LeftOut) else file).name)


def _print_report(report: Report) -> None:
    console = Console(highlight=False)
    columns = ("new", "changed", "same", REFUSED)
    table = Table("resource", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right")
    for resource in sorted(report.outcomes):
        counts = report.outcomes[resource]
        table.add_row(resource, *(f"{counts[column]:,}" for column in columns))
    console.print(table)
    if report.not_understood:
        console.print("\nNot understood, and stored as received:")
        for (model, key), example in sorted(report.not_understood.items()):
            count = report.not_understood_counts[model, key]
            line = f"  {model}.{key} ({count:,} times, first in {example})"
            console.print(printable(line), markup=False, soft_wrap=True)
