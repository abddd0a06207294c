"""`launchledger check`: is everything in order to serve?"""

from __future__ import annotations

import click
from django.core.checks import run_checks

from launchledger.conf.checks import in_one_line
from launchledger.database.checks import check_opened
from launchledger.database.following import is_there
from launchledger.database.readiness import has_tables

_CREATED_BY = "launchledger serve and load create"


@click.command(epilog="\b\nExample:\n  launchledger check")
def check() -> None:
    """Check the settings and the database, and report problems.

    Looks at the encoding and the version of the database, and on SQLite at every page of the file, which takes some seconds for a
    large one. Nothing is created or changed.
    """
    if problems := [each for each in run_checks() if not each.is_silenced()]:
        raise click.ClickException("\n".join(map(in_one_line, problems)))
    if not is_there():
        raise click.ClickException(f"There is no database yet; {_CREATED_BY} it.")
    if problems := check_opened(whole=True):
        raise click.ClickException("\n".join(map(in_one_line, problems)))
    if not has_tables():
        raise click.ClickException(f"The database lacks this version's tables; {_CREATED_BY} them.")
    click.echo("Everything is in order.")
