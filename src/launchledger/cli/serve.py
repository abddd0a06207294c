"""`launchledger serve`: the server, ready to use from the first start."""

from __future__ import annotations

import os

import click
from granian import Granian
from granian.constants import Interfaces

from launchledger.catalogue.actions import observe_starter
from launchledger.cli.preparing import migrate


@click.command(
    epilog="""\b
Examples:
  launchledger serve
  launchledger serve --host 0.0.0.0 --port 80 --workers 4
  DATABASE_URL=postgres://me:secret@db/launchledger launchledger serve"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="How many processes answer.")
@click.option("--empty", is_flag=True, help="Leave an empty catalogue empty, instead of loading the starter catalogue into it.")
def serve(host: str, port: int, workers: int, empty: bool) -> None:
    """Serve the catalogue over HTTP.

    Creates or upgrades the tables first, and gives an empty catalogue its starter: some forty spacecraft flights from Vostok to today.
    """
    migrate()
    if not empty:
        rows = observe_starter()
        if rows:
            click.echo(f"The catalogue was empty: loaded the starter catalogue ({rows:,} rows).")
    click.echo(f"Launchledger answers on http://{host}:{port}/2.2.0/  (docs: http://{host}:{port}/docs/, Ctrl-C stops)")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "launchledger.conf.settings")
    Granian(
        "launchledger.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        log_access=False,
    ).serve()
