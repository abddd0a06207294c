"""The command `launchledger`: one file a command. Commands parse, call a layer below, and print."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="launchledger")
def launchledger() -> None:
    """Your own spaceflight catalogue, on the wire of Launch Library 2, version 2.2.0.

    Settings come from the environment; DATABASE_URL says where the catalogue is kept.
    """


def main() -> NoReturn:
    """Set up Django and run the command. Exit status: 0 done, 1 some input refused or a failure, 2 wrong use."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "launchledger.conf.settings")
    from launchledger.conf.config import ConfigurationError, load_config

    try:
        config = load_config()
    except ConfigurationError as error:
        click.echo(f"launchledger: wrong settings\n{error}", err=True)
        sys.exit(2)
    import django

    from launchledger.conf.logging import configure_logging

    configure_logging(config)
    django.setup()
    from launchledger.cli import check, load, serve

    for command in (serve.serve, load.load, check.check):
        launchledger.add_command(command)
    launchledger()
    sys.exit(0)
