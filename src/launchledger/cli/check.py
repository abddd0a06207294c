"""`launchledger check`: is everything in order to serve?"""

import sys

import click
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection


@click.command(epilog="\b\nExample:\n  launchledger check")
def check() -> None:
    """Check the settings and the database, and say what is wrong."""
    try:
        call_command("check", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (SystemCheckError, DatabaseError) as error:
        click.echo(f"launchledger: {str(error).strip()}", err=True)
        sys.exit(1)
    click.echo("Everything is in order.")
