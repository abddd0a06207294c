"""`launchledger statistics`: recomputes or refreshes the derived numbers, or compares them with observed ones."""

from __future__ import annotations

from typing import Any

import click
from rich.console import Console
from rich.table import Table

from launchledger import clock
from launchledger.catalogue.actions import recompute, refresh
from launchledger.catalogue.actions.columns import as_json
from launchledger.catalogue.statistics.comparing import Comparison, compare
from launchledger.cli.preparing import prepare
from launchledger.cli.printing import json_text
from launchledger.formats.texts import printable


@click.command(
    epilog="""\b
Examples:
  launchledger statistics
  launchledger statistics --compare
  launchledger statistics --compare --json > differences.json
  launchledger statistics --refresh  # from cron, with another server"""
)
@click.option("--compare", "comparing", is_flag=True, help="Print observed numbers that differ from computed ones.")
@click.option(
    "--refresh", "refreshing", is_flag=True, help="Update only numbers that depend on the time, since the last refresh."
)
@click.option("--limit", default=5, show_default=True, type=click.IntRange(0), help="Differing objects to print for each number.")
@click.option("--json", "as_text", is_flag=True, help="With --compare: print every difference, as JSON.")
def statistics(comparing: bool, refreshing: bool, limit: int, as_text: bool) -> None:
    """Recompute the derived numbers: ranks, counts, times in space.

    Observed numbers are stored as received; all others are computed, and updated with every change. Without options, all computed
    numbers are recomputed, and wrong ones are corrected. With --compare nothing is changed: observed numbers are compared with
    computed ones. In a catalogue that holds less than upstream's, they differ.
    """
    if comparing and refreshing:
        raise click.UsageError("--compare and --refresh exclude each other.")
    if as_text and not comparing:
        raise click.UsageError("--json requires --compare.")
    prepare()
    if not comparing:
        changed = refresh() if refreshing else recompute()
        click.echo(f"{changed:,} {'object' if changed == 1 else 'objects'} changed." if changed else "Every number is right.")
        return
    comparisons = list(compare(clock.now()))
    if as_text:
        click.echo(json_text([_as_json(comparison) for comparison in comparisons], indent=1))
    else:
        _print(comparisons, limit)


def _print(comparisons: list[Comparison], limit: int) -> None:
    console = Console(highlight=False)
    table = Table("number", box=None, pad_edge=False)
    for column in ("compared", "equal", "differing", "running"):
        table.add_column(column, justify="right")
    for each in comparisons:
        if each.compared or each.running:
            counts = (each.compared, each.equal, len(each.differing), each.running)
            table.add_row(f"{each.model}.{each.number}", *(f"{count:,}" for count in counts))
    if not table.row_count:
        console.print("No derived number was ever observed.")
        return
    console.print(table)
    if limit and any(each.differing for each in comparisons):
        console.print("\nobject: observed, computed")
        for each in comparisons:
            _print_differing(console, each, limit)


def _print_differing(console: Console, comparison: Comparison, limit: int) -> None:
    number = f"{comparison.model}.{comparison.number}"
    for each in comparison.differing[:limit]:
        subject = f"{number} of {each.key} {each.name}".rstrip()
        line = f"  {subject}: {_as_text(each.observed)}, {_as_text(each.ours)}"
        console.print(printable(line), markup=False, soft_wrap=True)
    if len(comparison.differing) > limit:
        console.print(f"  {number}: {len(comparison.differing) - limit:,} more", markup=False)


def _as_text(value: Any) -> str:
    return "null" if value is None else str(as_json(value))


def _as_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "object": comparison.model,
        "number": comparison.number,
        "compared": comparison.compared,
        "equal": comparison.equal,
        "running": comparison.running,
        "differing": [
            {"id": each.key, "name": each.name, "observed": as_json(each.observed), "ours": as_json(each.ours)}
            for each in comparison.differing
        ],
    }
