"""`launchledger backup`: the catalogue in one file, while it is served."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from launchledger.cli.progress import progress_bar
from launchledger.database.backups import Refused, back_up, database_file
from launchledger.database.servers import dump_command


@click.command(
    epilog="""\b
Examples:
  launchledger backup /backups/launchledger-monday.sqlite3
  launchledger backup --force /backups/launchledger.sqlite3"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def backup(file: Path, force: bool) -> None:
    """Copy the catalogue to FILE.

    The copy is one consistent snapshot in one file, also while the catalogue is served and written. It is checked, and FILE
    appears only when it is complete on disk. It contains the journal, and of keys only their digests. For a catalogue on
    PostgreSQL, this prints the PostgreSQL command to run.
    """
    catalogue = database_file()
    if catalogue is None:
        raise click.UsageError(f"PostgreSQL has its own command for backups; run: {dump_command(str(file))}")
    bar = progress_bar(Console(stderr=True))
    try:
        with bar:
            task = bar.add_task("copying", total=None)
            size = back_up(
                catalogue, file, replace=force, progress=lambda done, total: bar.update(task, completed=done, total=total)
            )
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"Copied the catalogue to {file} ({size / 1e6:,.1f} MB).")
