"""`launchledger check`: is everything in order to serve?"""

from __future__ import annotations

import click
from django.core.checks import run_checks

from launchledger.conf.checks import in_one_line
from launchledger.ops.readiness import has_tables


@click.command(epilog="\b\nExample:\n  launchledger check")
def check() -> None:
    """Check the settings and the database, and say what is wrong."""
    if problems := run_checks():
        raise click.ClickException("\n".join(map(in_one_line, problems)))
    if not has_tables():
        raise click.ClickException("The database lacks this version's tables; launchledger serve and load make them.")
    click.echo("Everything is in order.")
