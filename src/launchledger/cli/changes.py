"""`launchledger changes`: what changed in the catalogue, after a serial or as it happens."""

from __future__ import annotations

import time
from collections.abc import Iterable

import click
from rich.table import Table

from launchledger.cli.printing import json_text, print_table
from launchledger.database.following import is_there
from launchledger.database.readiness import has_tables
from launchledger.documents.renderer import Address
from launchledger.formats.texts import printable
from launchledger.formats.times import format_date_time
from launchledger.history.changes import Change, Filters, changes_after
from launchledger.history.names import columns_named, resources
from launchledger.journal.compacting import complete_since
from launchledger.journal.models import Entry
from launchledger.journal.reading import latest_serial
from launchledger.ledger.replies import as_json, entry_of
from launchledger.wire.served import DEFAULT

EVERY = 1.0  # seconds between two looks for new entries
LAST = 20  # entries shown without --since
PAGE = 500  # entries read at once
LONGEST = 60  # characters of a value in a table
_ADDRESS = Address(DEFAULT.root, "/")


def read_column(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """The callback of an option --column."""
    if value and not columns_named(value):
        raise click.BadParameter(f"{printable(value[:LONGEST])} is not a column of any object, such as net.")
    return value


def require_tables() -> None:
    """Raise ClickException where there is no catalogue to read."""
    if not is_there() or not has_tables():
        raise click.ClickException("There is no catalogue yet; launchledger serve, load and sync create it.")


def note_compaction(after: int) -> None:
    """Say on standard error if entries after this serial may be missing."""
    complete = complete_since().serial
    if after < complete:
        click.echo(f"The journal is compacted: of entries up to serial {complete:,} only what is watched is left.", err=True)


@click.command(
    epilog="""\b
Examples:
  launchledger changes
  launchledger changes --since 41000 --resource launch --column net
  launchledger changes --follow
  launchledger changes --since 0 --json > journal.jsonl"""
)
@click.option(
    "--since", type=click.IntRange(0), metavar="SERIAL", help=f"Only entries after this serial; the last {LAST} if not given."
)
@click.option("--resource", type=click.Choice(sorted(resources())), metavar="PATH", help="Only objects of this resource.")
@click.option("--column", default="", callback=read_column, help="Only entries that change this column, such as net.")
@click.option("--source", default="", help="Only changes that this source said.")
@click.option("--action", type=click.Choice(Entry.Action.values), help="Only entries of this action.")
@click.option("--follow", is_flag=True, help="Go on with what is still to come, until Ctrl-C.")
@click.option("--json", "as_lines", is_flag=True, help="Print each entry as a line of JSON, as /ledger/changes/ gives it.")
def changes(
    since: int | None, resource: str | None, column: str, source: str, action: str | None, follow: bool, as_lines: bool
) -> None:
    """Show what changed in the catalogue, in the order in which it was committed.

    For each entry: its serial, when it was written, the object, what happened to it, from what to what, and who said so.
    """
    require_tables()
    filters = Filters(resource=resource or "", column=column, source=source, action=action or "")
    after, shown = max(0, latest_serial() - LAST) if since is None else since, False
    note_compaction(after)
    while True:
        page = changes_after(after, filters, PAGE)
        if page.entries:
            print_entries(page.entries, as_lines=as_lines, with_header=not shown)
            shown = True
        after = page.after
        if after >= page.newest:
            if not follow:
                break
            time.sleep(EVERY)
    if not shown and not as_lines:
        click.echo("Nothing changed.")


def print_entries(entries: Iterable[Change], *, as_lines: bool, with_header: bool = True, with_object: bool = True) -> None:
    """Print entries as a table with a row for each changed column, or each as a line of JSON.

    `with_object` says whether the table names the object of each entry; where all are of one, other columns need the room.
    """
    if as_lines:
        for entry in entries:
            click.echo(json_text(as_json(entry_of(entry, _ADDRESS))))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), show_header=with_header)
    for name in ("serial", "at", *(["object"] if with_object else []), "change", "from", "to", "source"):
        table.add_column(name, justify="right" if name == "serial" else "left", overflow="fold")
    for entry in entries:
        head = [str(entry.serial), format_date_time(entry.at.replace(microsecond=0)), *([_object(entry)] if with_object else [])]
        for number, (what, before, now) in enumerate(_changes(entry)):
            table.add_row(*(head if number == 0 else [""] * len(head)), what, before, now, printable(entry.source))
    print_table(table)


def _object(entry: Change) -> str:
    return printable(f"{entry.resource or entry.kind}/{entry.id}")


def _changes(entry: Change) -> list[tuple[str, str, str]]:
    """What a table says of an entry: a creation in one line, with the number of its columns."""
    if entry.action == Entry.Action.CREATED:
        return [("created", "", f"{len(entry.changes):,} columns")]
    rows = [(printable(column), _value(before), _value(now)) for column, (before, now) in entry.changes.items()]
    return [(entry.action, "", ""), *rows] if entry.action != Entry.Action.CHANGED else rows


def _value(value: object) -> str:
    text = json_text(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
