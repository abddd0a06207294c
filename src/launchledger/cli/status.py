"""`launchledger status`: how the mirror is, what is stored of each list, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from launchledger import clock
from launchledger.cli.printing import json_text
from launchledger.database.following import is_there
from launchledger.database.readiness import has_tables
from launchledger.formats.spans import span
from launchledger.formats.texts import printable
from launchledger.formats.times import format_date_time
from launchledger.sync.status import BudgetStatus, ListStatus, Status, as_json
from launchledger.sync.status import status as status_of

NOTHING = "Nothing has been synced yet. launchledger sync fills the catalogue."
MOST_FAILURES = 5
UNKNOWN = "-"
_PERIODS = {1: "second", 60: "minute", 3600: "hour", 86_400: "day"}


@click.command(
    epilog="""\b
Examples:
  launchledger status
  launchledger status --json"""
)
@click.option("--json", "as_text", is_flag=True, help="Print everything as JSON, as /ledger/status/ gives it.")
def status(as_text: bool) -> None:
    """Show how the mirror is, and what comes next.

    For each list: the rows stored here, the upstream's count, how long ago it was last walked through to its end, how much of a
    running walk is done, the age of its oldest observation, the objects that were refused, and those that are deleted. Then the
    calls that are left now, and the next calls with their reasons. Asks the upstream nothing and changes nothing.
    """
    now = clock.now()
    found = None
    if is_there():
        if not has_tables():
            raise click.ClickException("The database lacks this version's tables; launchledger serve, load and sync create them.")
        found = status_of(now)
    if as_text:
        click.echo(json_text(as_json(found), indent=1))
    elif found is None:
        click.echo(NOTHING)
    else:
        _print(found, now)


def _print(found: Status, now: datetime) -> None:
    console = Console(highlight=False)
    for line in _lines(found, now):
        console.print(printable(line), markup=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("list", no_wrap=True)
    for column in ("stored", "upstream", "complete", "walk", "oldest", "refused", "deleted"):
        table.add_column(column, justify="right")
    for each in found.lists:
        table.add_row(each.path, *_cells(each, now))
    console.print()
    console.print(table)
    console.print("\nNext calls" if found.next_calls else "\nNo call is due within a day.")
    for call in found.next_calls:
        console.print(printable(f"  {_time(max(call.at, now))}  {call.reason}"), markup=False, soft_wrap=True)


def _lines(found: Status, now: datetime) -> Iterator[str]:
    fresh, budget, walks = found.freshness, found.budget, found.freshness.first_walks
    yield f"Upstream    {fresh.upstream}, since {_time(fresh.began_at)}"
    yield f"Last reply  {_ago(fresh.answered_at, now)}"
    yield f"Syncing     {f'{fresh.holder.name}, since {_time(fresh.holder.since)}' if fresh.holder else 'nobody'}"
    lists = f"Complete    {fresh.complete} of {fresh.lists} lists"
    if not walks.are_complete:
        lists += f"; the first sync still needs about {walks.calls_left:,} calls"
        if walks.seconds_left is not None:
            lists += f", {span(walks.seconds_left)} at {_rate(budget)}"
    yield lists
    if budget.limit is None:
        yield "Budget      no limit"
    else:
        yield f"Budget      {budget.left} calls left of {_rate(budget)}" + (
            "" if budget.left else f"; the next at {_time(budget.free_at)}"
        )
    if found.journal:
        yield f"Journal     entry {found.journal.serial:,} of {found.journal.newest:,} of the upstream's"
    if found.pause:
        yield f"Pause       until {_time(found.pause.until)}: {found.pause.reason}"
    for failure in found.failures[:MOST_FAILURES]:
        yield f"Failed      {failure.call}, {failure.times} times: {failure.reason}"
    if len(found.failures) > MOST_FAILURES:
        yield f"Failed      {len(found.failures) - MOST_FAILURES:,} more"


def _cells(one: ListStatus, now: datetime) -> tuple[str, ...]:
    return (
        f"{one.stored:,}",
        UNKNOWN if one.count is None else f"{one.count:,}",
        _age(one.completed_at, now),
        UNKNOWN if one.share is None else f"{one.share:.0%}",
        _age(one.oldest, now),
        f"{one.refused:,}",
        f"{one.deleted:,}",
    )


def _rate(budget: BudgetStatus) -> str:
    """A limit as the settings have it."""
    seconds = budget.seconds or 0
    return f"{budget.limit}/{_PERIODS.get(int(seconds)) or span(seconds)}"


def _age(at: datetime | None, now: datetime) -> str:
    return UNKNOWN if at is None else span((now - at).total_seconds(), units=1)


def _ago(at: datetime | None, now: datetime) -> str:
    return "never" if at is None else f"{_time(at)}, {_age(at, now)} ago"


def _time(at: datetime) -> str:
    return format_date_time(at.replace(microsecond=0))
