"""`launchledger restore`: replaces the catalogue with a backup, also while it is served."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from launchledger import clock
from launchledger.cli.preparing import prepare
from launchledger.cli.progress import progress_bar
from launchledger.database.backups import Refused, database_file
from launchledger.database.backups import restore as restore_from
from launchledger.database.servers import restore_command


@click.command(
    epilog="""\b
Examples:
  launchledger restore /backups/launchledger-monday.sqlite3
  launchledger restore --discard /backups/launchledger.sqlite3"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--discard", is_flag=True, help="Do not keep the former catalogue.")
def restore(file: Path, discard: bool) -> None:
    """Replace the catalogue with the backup in FILE.

    Servers may keep running: they answer from the former catalogue, then from the restored one. FILE is checked first, and a
    backup of an older version is upgraded. The former catalogue is kept next to the new one unless --discard is given. For a
    catalogue on PostgreSQL, this prints the PostgreSQL command to run.
    """
    catalogue = database_file()
    if catalogue is None:
        raise click.UsageError(f"PostgreSQL has its own command for this; run: {restore_command(str(file))}")
    bar = progress_bar(Console(stderr=True))
    try:
        with bar:
            task = bar.add_task("restoring", total=None)
            aside = restore_from(
                file,
                catalogue,
                clock.now(),
                keep=not discard,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    prepare()
    former = f" The former catalogue is in {aside}." if aside else ""
    click.echo(f"Restored the catalogue from {file}.{former}")
