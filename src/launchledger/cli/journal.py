"""`launchledger journal`: compacts the journal."""

from __future__ import annotations

from datetime import datetime

import click
from django.conf import settings
from rich.console import Console
from rich.table import Table

from launchledger import clock
from launchledger.catalogue.actions.history import watched_in_journal
from launchledger.cli.changes import require_tables
from launchledger.cli.parameters import read_time
from launchledger.cli.preparing import prepare
from launchledger.cli.printing import print_table
from launchledger.cli.progress import progress_bar
from launchledger.database.backups import database_file
from launchledger.database.shrinking import shrink
from launchledger.formats.times import format_date_time
from launchledger.hooks.keeping import last_in_line
from launchledger.journal import compacting
from launchledger.journal.compacting import YOUNGEST, AnotherJournal, Counts, Fate, Span


def _before(context: click.Context, parameter: click.Parameter, value: str) -> datetime:
    at = read_time(context, parameter, value)
    if at is None or at > clock.now() - YOUNGEST:
        raise click.BadParameter("Give a time that is at least a day ago: caches and followers still read the last entries.")
    return at


@click.group(epilog="\b\nExample:\n  launchledger journal compact --before 2026-01-01T00:00:00Z --dry-run")
def journal() -> None:
    """Keep the journal of changes small."""


@journal.command(
    epilog="""\b
Examples:
  launchledger journal compact --before 2026-01-01T00:00:00Z --dry-run
  launchledger journal compact --before 2026-01-01T00:00:00Z
  launchledger journal compact --before 2026-01-01T00:00:00Z --vacuum"""
)
@click.option("--before", required=True, callback=_before, metavar="TIME", help="Compact what was written before this time.")
@click.option("--dry-run", is_flag=True, help="Say what would go and what would stay, and write nothing.")
@click.option("--vacuum", is_flag=True, help="On SQLite, then give the free space of the file back to the disk.")
def compact(before: datetime, dry_run: bool, vacuum: bool) -> None:
    """Drop old entries of the journal, but for what is watched.

    Of entries written before TIME there stay the changes of net, net precision, status and window of launches, date of events,
    mission end, docking and departure, and status of people, and that an object was created, deleted or revived. Slips are the
    same as before. Entries that a webhook has not got yet stay, and so do the last day and the newest entry. What goes cannot be
    brought back: make a backup before.

    The server may run meanwhile. A compaction that is stopped can be started again. With --vacuum other writers wait until the
    file is rewritten, which needs as much free space on the disk again. See docs/history.md.
    """
    if dry_run and vacuum:
        raise click.UsageError("--dry-run writes nothing, and --vacuum does.")
    file = database_file()
    if vacuum and file is None:
        raise click.UsageError("--vacuum is for a file of SQLite; PostgreSQL reuses free space by itself.")
    if settings.READ_ONLY and not dry_run:
        raise click.ClickException("Compacting writes, which read-only mode does not allow.")
    if dry_run:
        require_tables()
    else:
        prepare()
    last = last_in_line()
    span = compacting.span_before(before, None if last is None else last.delivered)
    if span.entries:
        counts = _counted(span, dry_run)
        _print(counts)
        click.echo(_sum(counts, span, dry_run))
    else:
        click.echo("There is nothing to compact.")
    if last is not None and last.delivered == span.until:
        click.echo(f"Webhook {last.pk} has got the entries up to serial {last.delivered:,}; later ones stay for it.", err=True)
    if vacuum and file is not None:
        size, smaller = shrink(file)
        click.echo(f"The file has {smaller / 1e6:,.1f} MB instead of {size / 1e6:,.1f} MB.")


def _counted(span: Span, dry_run: bool) -> Counts:
    """Compact, or only count, with a progress bar on a terminal."""
    counts, bar = Counts(), progress_bar(Console(stderr=True))
    watched = watched_in_journal()
    with bar:
        task = bar.add_task("counting" if dry_run else "compacting", total=span.entries)
        try:
            for some in compacting.survey(span, watched) if dry_run else compacting.compact(span, watched):
                counts.add(some)
                bar.advance(task, some.entries.total())
        except AnotherJournal:
            raise click.ClickException("A backup was restored meanwhile; its journal is as it was.") from None
    return counts


def _print(counts: Counts) -> None:
    table = Table("kind", box=None, pad_edge=False)
    for fate in Fate:
        table.add_column(fate.value, justify="right")
    for kind in sorted({kind for kind, _ in counts.entries}):
        table.add_row(kind, *(f"{counts.entries[kind, fate]:,}" for fate in Fate))
    print_table(table)


def _sum(counts: Counts, span: Span, dry_run: bool) -> str:
    dropped, shortened, _ = (sum(n for (_, of), n in counts.entries.items() if of is fate) for fate in Fate)
    at = f", the last of {format_date_time(span.at.replace(microsecond=0))}" if span.at else ""
    return (
        f"{'Would drop' if dry_run else 'Dropped'} {dropped:,} and {'shorten' if dry_run else 'shortened'} {shortened:,} of"
        f" {counts.entries.total():,} entries up to serial {span.until:,}{at}: about {(counts.before - counts.after) / 1e6:,.1f}"
        f" of {counts.before / 1e6:,.1f} MB.{' Nothing is written.' if dry_run else ''}"
    )
